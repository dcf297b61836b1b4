"""Facts: what follows from a set of answers (values, visible questions, choices, privacy), computed on demand and cached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import cast

from careerkit.core.due_dates import localize, set_hour
from careerkit.core.errors import Refused
from careerkit.core.expressions.ast import find_free_names
from careerkit.core.expressions.evaluate import evaluate
from careerkit.core.expressions.parser import parse
from careerkit.core.frozen import frozen, replace
from careerkit.core.outcome.model import Decision
from careerkit.core.playbook.model import (
    DECISION_PARTS,
    HOURS_LEFT,
    Compute,
    DecisionRule,
    Playbook,
    Stage,
    TallyLine,
    Wording,
    list_questions,
)
from careerkit.core.questions.choice import ChoiceSpec
from careerkit.core.questions.question import ITEM, Choice, Options, Question, ShowsField, Spec
from careerkit.core.text import find_inserted_names
from careerkit.core.values import FieldValue, Matrix, Record, Value

_NO_IDS: frozenset[str] = frozenset()


class Facts:
    """What follows from `answers`, computed when it is first needed.

    `answers` maps question ids to saved answers, including hidden ones, and compute ids to the bands that the person
    chose. `today` is the date on which the interview started. `done` holds the ids of finished actions.
    `started` is when it started, with its offset, and `zone` the IANA name of the time zone; without them, hours count
    from the beginning of the day, in UTC.
    """

    def __init__(
        self,
        playbook: Playbook,
        answers: Mapping[str, Value],
        *,
        today: date,
        done: frozenset[str] = frozenset(),
        started: datetime | None = None,
        zone: str = "",
    ) -> None:
        self.playbook = playbook
        self.today = today
        self.index: PlaybookIndex = get_index(playbook)
        self._answers = answers
        self._done = done
        self._started = started
        self.zone = zone
        self._values: dict[str, Value | None] = {}
        self._visible: dict[str, bool] = {}
        self._decisions: dict[str, Decision] = {}
        self._dependencies: dict[str, frozenset[str]] = {}
        self.privacy_cache: dict[str, bool] = {}
        """The cache of `is_private`, by id."""

    def matches(
        self,
        playbook: Playbook,
        answers: Mapping[str, Value],
        *,
        today: date,
        started: datetime | None,
        zone: str,
        done: frozenset[str],
    ) -> bool:
        """Are these the facts for exactly these answers (the same immutable mapping) and finished actions?"""
        is_same = self.playbook is playbook and self._answers is answers and self._done == done
        return is_same and (self.today, self._started, self.zone) == (today, started, zone)

    # ------------------------------------------------------------ the context of `evaluate`

    def value(self, name: str) -> Value | None:
        """The value of `name`; None if it is hidden, unanswered, not computable or unknown."""
        if name not in self._values:
            self._values[name] = self._compute_value(name)
        return self._values[name]

    def band(self, name: str) -> str | None:
        """The band of a compute: the person's choice, or else as in `computed_band`.

        Raises KeyError for an unknown compute.
        """
        compute = self.index.computes[name]
        number = self.value(name)
        if not isinstance(number, Decimal):
            return self.computed_band(name)
        chosen = self._answers.get(name)
        if chosen is not None and any(band.id == chosen for band in compute.bands):
            return cast("str", chosen)
        return self.computed_band(name)

    def is_done(self, action: str) -> bool:
        return action in self._done

    def unknown_ids(self, name: str) -> frozenset[str]:
        """The choices of a question or field, or the bands of a compute, that mean "I don't know"."""
        return self.index.unknown_ids.get(name, _NO_IDS)

    def is_known(self, name: str) -> bool:
        """Is there an answer or value, other than "I don't know"?"""
        return evaluate(parse(f"known({name})"), self) is True

    # ------------------------------------------------------------ conditions, visibility and choices

    def find_line(self, wording: Wording) -> str:
        """The template of the first line whose condition holds; "" if none does."""
        return next((line.text for line in wording.lines if self.holds(line.when)), "")

    def holds(self, condition: str) -> bool:
        """Is the condition true? An empty one is; null isn't."""
        return not condition or evaluate(parse(condition), self) is True

    def is_visible(self, question: Question) -> bool:
        """Is the question part of the current branch? It is hidden while there are no choices for it."""
        if question.id not in self._visible:
            stage = self.index.stage_of.get(question.id)
            asked = (stage is None or self.holds(stage.when)) and self.holds(question.when)
            needed = (question, *(field for field in question.spec.fields if field.required and not field.when))
            self._visible[question.id] = asked and all(
                self.choices_for(options) for each in needed for options in list_changing_options(each)
            )
        return self._visible[question.id]

    def is_answered(self, question: Question) -> bool:
        """Does the question have an answer that is complete now and passes its check?"""
        kept = self._answers.get(question.id)
        if kept is None or not question.spec.is_complete(kept, self.choices_for):
            return False
        return self._has_needed_fields(question, kept) and self.check_holds(question)

    def _has_needed_fields(self, question: Question, kept: Value) -> bool:
        try:
            question.spec.check_fields(kept, self.field_filter(question))
        except Refused:
            return False
        return True

    def field_filter(self, question: Question) -> ShowsField:
        """The function that says which fields of a records question are asked in a form."""
        return lambda field, record: not field.when or self.for_form(question, record).holds(field.when)

    def check_holds(self, question: Question) -> bool:
        """Does the answer pass the question's check? It also passes if any value in the check is null."""
        if not question.check:
            return True
        if any(self.value(name) is None for name in self.get_names(question.check)):
            return True
        return evaluate(parse(question.check), self) is not False

    def stored_answer(self, name: str) -> Value | None:
        """The saved answer, even if it is hidden, including data about items that don't exist at the moment."""
        return self._answers.get(name)

    def choices_for(self, options: Options) -> tuple[Choice, ...]:
        """The current choices, without those whose condition doesn't hold. The items of a list are their own ids."""
        choices = self._find_choices(options, self.value)
        if any(choice.when for choice in choices):
            return tuple(choice for choice in choices if self.holds(choice.when))
        return choices

    def stored_choices_for(self, options: Options) -> tuple[Choice, ...]:
        """The choices if all saved answers counted, including hidden ones: to validate a hidden answer."""
        return self._find_choices(options, self.stored_answer)

    def _find_choices(self, options: Options, get_value: Callable[[str], Value | None]) -> tuple[Choice, ...]:
        if not options.source:
            return options.choices
        source = self.index.questions[options.source]
        value = get_value(source.id)
        if value is None:
            return ()
        picked = cast("tuple[str, ...]", value)
        if not source.spec.options:
            return tuple(Choice(each, each) for each in picked)
        labels = {choice.id: choice for choice in self._find_choices(source.spec.options, get_value)}
        return tuple(
            labels.get(each) or Choice(each, each) for each in picked if each in labels or source.spec.is_own_text(each)
        )

    # ------------------------------------------------------------ figures, decisions and dependencies

    def computed_band(self, name: str) -> str | None:
        """The band that the number falls into, whatever the person chose.

        If the number is null, the `unknown` band, or None if the compute has none.
        """
        number, bands = self.value(name), self.index.computes[name].bands
        if not isinstance(number, Decimal):
            return next((band.id for band in bands if band.unknown), None)
        fitting = [band.id for band in bands if not band.unknown and (band.from_ is None or number >= band.from_)]
        return fitting[-1] if fitting else None

    def for_form(self, question: Question, record: Mapping[str, FieldValue]) -> Facts:
        """These facts with the fields of one form of a records question as further names."""
        own = (Question(ITEM, "choice", ChoiceSpec(items=question.spec.all_options[0].source), "Which?"),)
        fields = (*(own if ITEM in question.spec.field_names else ()), *question.spec.fields)
        inner: Facts = type(self)(
            self.playbook, self._answers, today=self.today, done=self._done, started=self._started, zone=self.zone
        )
        inner.index = replace(
            self.index,
            questions={
                **self.index.questions,
                **{each.id: replace(each, private=each.private or question.private) for each in fields},
            },
        )
        inner._values = {**self._values, **{each.id: record.get(each.id) for each in fields}}
        inner._visible = dict(self._visible)
        return inner

    def decision(self, rule: DecisionRule) -> Decision:
        """The analysis of a decision; empty until weights and scores are answered."""
        if rule.id not in self._decisions:
            self._decisions[rule.id] = self._analyse_decision(rule)
        return self._decisions[rule.id]

    def tally_lines(self, compute: Compute) -> tuple[TallyLine, ...]:
        """The lines of a tally that apply; empty if the tally is null."""
        if self.value(compute.id) is None:
            return ()
        return tuple(line for line in compute.tally if self.holds(line.when))

    def depends_on(self, *names: str) -> frozenset[str]:
        """The ids of the questions that `names` depend on, directly or through computes and decisions.

        Raises KeyError for an unknown name.
        """
        return frozenset().union(*(self._get_root_questions(name) for name in names))

    def condition_depends_on(self, condition: str) -> frozenset[str]:
        """The ids of the questions that a condition depends on."""
        return self.depends_on(*self.get_names(condition)) if condition else frozenset()

    def get_names(self, expression: str) -> frozenset[str]:
        """The ids used directly in an expression, without fields of records."""
        if not expression:
            return frozenset()
        names = self.index.names
        if expression not in names:
            names[expression] = find_free_names(parse(expression), self.get_field_names)
        return names[expression]

    def get_field_names(self, name: str) -> frozenset[str]:
        """The fields of a records question, which are names inside its aggregates; empty for anything else."""
        question = self.index.questions.get(name)
        return frozenset(question.spec.field_names) if question else frozenset()

    # ------------------------------------------------------------ computing values

    def _compute_value(self, name: str) -> Value | None:
        question = self.index.questions.get(name)
        if question is not None:
            return self._question_value(question)
        compute = self.index.computes.get(name)
        if compute is not None:
            return self._compute(compute)
        if name not in self.index.decisions:
            return self._hours_left() if name == HOURS_LEFT else None
        rule, part = self.index.decisions[name]
        return cast("Value | None", getattr(self.decision(rule), part))

    def _compute(self, compute: Compute) -> Value | None:
        """For a compute with a `text`, its template: the caller inserts the answers."""
        if not all(self.is_known(name) for name in compute.needs):
            return None
        if compute.tally:
            return self._compute_tally(compute)
        if compute.text.lines:
            return self.find_line(compute.text) or None
        return evaluate(parse(compute.value), self)

    def _hours_left(self) -> Decimal | None:
        """The real hours from the start of the interview to the deadline; without its hour, to the end of that day."""
        day, hour = self.value(self.playbook.deadline), self.value(self.playbook.deadline_hour)
        if not isinstance(day, date):
            return None
        now = localize(self._started or datetime.combine(self.today, time(), UTC), self.zone)
        try:
            end = set_hour(day, hour if isinstance(hour, Decimal) else 24, now.tzinfo)
        except OverflowError:
            return None
        return round(Decimal((end.astimezone(UTC) - now.astimezone(UTC)) // timedelta(seconds=1)) / 3600, 2)

    def _question_value(self, question: Question) -> Value | None:
        kept = self._answers.get(question.id)
        spec = question.spec
        if kept is None or not spec.has_answer or not self.is_visible(question):
            return None
        if spec.needs_all_items and not spec.is_complete(kept, self.choices_for):
            return None
        pruned = spec.prune(kept, self.choices_for)
        if pruned is None or not any(field.when for field in spec.fields):
            return pruned
        shows_field = self.field_filter(question)
        return tuple(drop_hidden_fields(spec, form, shows_field) for form in cast("tuple[Record, ...]", pruned))

    def _compute_tally(self, compute: Compute) -> Value | None:
        named = {name for line in compute.tally for name in self.get_names(line.when)}
        roots = self.depends_on(*named)
        if not any(self.value(root) is not None for root in roots):
            return None
        points = sum((line.points for line in compute.tally if self.holds(line.when)), compute.start)
        return min(max(points, compute.min), compute.max)

    def _analyse_decision(self, rule: DecisionRule) -> Decision:
        weights, scores = self.value(rule.weights), self.value(rule.scores)
        if weights is None or scores is None:
            return Decision(rule.id)
        from careerkit.core.outcome.decision_analysis import analyse  # only playbooks with a decision need it

        spec = self.index.questions[rule.scores].spec
        rows, columns = spec.all_options
        low, high = spec.number_range
        ruled_out = frozenset(cast("tuple[str, ...]", self.value(rule.ruled_out) or ()))
        options = tuple(choice.id for choice in self.choices_for(rows))
        found = analyse(
            id=rule.id,
            options=tuple(option for option in options if option not in ruled_out),
            criteria=tuple(choice.id for choice in self.choices_for(columns)),
            weights=cast("Mapping[str, Decimal] | tuple[str, ...]", weights),
            scores=cast("Matrix", scores),
            draws=rule.draws,
            low=low,
            high=high,
        )
        return replace(found, ruled_out=tuple(option for option in options if option in ruled_out))

    def _get_root_questions(self, name: str) -> frozenset[str]:
        if name not in self._dependencies:
            self._dependencies[name] = self._find_root_questions(name)
        return self._dependencies[name]

    def _find_root_questions(self, name: str) -> frozenset[str]:
        if name in self.index.questions:
            return frozenset({name})
        compute = self.index.computes.get(name)
        if compute is None and name == HOURS_LEFT:
            return frozenset(filter(None, (self.playbook.deadline, self.playbook.deadline_hour)))
        if compute is None:
            rule, _ = self.index.decisions[name]
            return self.depends_on(*rule.questions)
        names = {each for expression in list_expressions(compute) for each in self.get_names(expression)}
        return self.depends_on(*names, *compute.needs, *list_inserted_names(compute))


@frozen
class PlaybookIndex:
    """The parts of a playbook by id.

    `stage_of` doesn't contain the questions of check-ins. `decisions` maps an id such as `track_first` to its rule and
    part. `order` gives the position of each question. `names` caches the names that expressions use. `unknown_ids` has the
    choices and bands that mean "I don't know", by the id of their question, field or compute.
    """

    questions: dict[str, Question]
    stage_of: dict[str, Stage]
    computes: dict[str, Compute]
    decisions: dict[str, tuple[DecisionRule, str]]
    order: dict[str, int]
    names: dict[str, frozenset[str]]
    unknown_ids: dict[str, frozenset[str]]


_cache: dict[int, tuple[Playbook, PlaybookIndex]] = {}


def get_index(playbook: Playbook) -> PlaybookIndex:
    """The index of `playbook`, cached for the last few playbooks."""
    found = _cache.get(id(playbook))
    if found is None or found[0] is not playbook:
        if len(_cache) > 8:
            _cache.clear()
        found = _cache[id(playbook)] = (playbook, _build_index(playbook))
    return found[1]


def list_expressions(compute: Compute) -> list[str]:
    """The expressions that the value of a compute is found by."""
    conditions = [*(line.when for line in compute.tally), *(line.when for line in compute.text.lines)]
    return conditions or [compute.value]


def list_inserted_names(compute: Compute) -> frozenset[str]:
    """The ids that the texts of a compute insert."""
    return frozenset().union(*(find_inserted_names(line.text) for line in compute.text.lines))


def list_private_fields(question: Question) -> frozenset[str]:
    """The ids of the private fields of a records question."""
    return frozenset(field.id for field in question.spec.fields if field.private)


def list_item_options(question: Question) -> tuple[Options, ...]:
    """The options of a question that come from another question's answer."""
    return tuple(options for options in question.spec.all_options if options.source)


def drop_hidden_fields(spec: Spec, form: Record, shows_field: ShowsField) -> Record:
    """The form without the answers to fields that it doesn't show any more."""
    shown = dict(form)
    for field in spec.fields:
        if field.id in shown and not shows_field(field, shown):
            del shown[field.id]
    return MappingProxyType(shown)


def list_changing_options(question: Question) -> tuple[Options, ...]:
    """The options of a question that depend on answers: from another question, or with conditions."""
    return tuple(
        options
        for options in question.spec.all_options
        if options.source or any(choice.when for choice in options.choices)
    )


def is_private(facts: Facts, name: str) -> bool:
    """Is `name` a private question, or does it depend on one? Raises KeyError for an unknown name."""
    if name not in facts.privacy_cache:
        facts.privacy_cache[name] = _has_private_source(facts, name)
    return facts.privacy_cache[name]


def is_private_field(facts: Facts, field: Question) -> bool:
    """Is a question or field private, or are its choices from a private answer?"""
    return field.private or any(is_private(facts, options.source) for options in list_item_options(field))


def is_private_expression(facts: Facts, expression: str) -> bool:
    """Does an expression use a private answer or a private field?"""
    if not expression:
        return False
    named = facts.get_names(expression)
    if any(is_private(facts, name) for name in named):
        return True
    words = find_free_names(parse(expression), lambda _: frozenset())
    questions = [facts.index.questions[name] for name in named if name in facts.index.questions]
    return any(
        field.id in words and is_private_field(facts, field) for question in questions for field in question.spec.fields
    )


def _build_index(playbook: Playbook) -> PlaybookIndex:
    questions = list(list_questions(playbook))
    return PlaybookIndex(
        questions={question.id: question for question in questions},
        stage_of={question.id: stage for stage in playbook.stages for question in stage.questions},
        computes={compute.id: compute for compute in playbook.computes},
        decisions={f"{rule.id}_{part}": (rule, part) for rule in playbook.decisions for part in DECISION_PARTS},
        order={question.id: number for number, question in enumerate(questions)},
        names={},
        unknown_ids=dict(_list_unknown_ids(playbook, questions)),
    )


def _list_unknown_ids(playbook: Playbook, questions: list[Question]) -> Iterator[tuple[str, frozenset[str]]]:
    """Fields come first, because another question may not have the id of a field."""
    by_id = {question.id: question for question in questions}
    for compute in playbook.computes:
        yield compute.id, frozenset(band.id for band in compute.bands if band.unknown)
    for question in (*(field for each in questions for field in each.spec.fields), *questions):
        options, seen = question.spec.options, {question.id}
        while options and options.source and options.source in by_id and options.source not in seen:
            seen.add(options.source)
            options = by_id[options.source].spec.options
        if options and (unknown := frozenset(choice.id for choice in options.choices if choice.unknown)):
            yield question.id, unknown


def _has_private_source(facts: Facts, name: str) -> bool:
    question = facts.index.questions.get(name)
    if question is not None:
        return is_private_field(facts, question)
    compute = facts.index.computes.get(name)
    if compute is not None:
        named = (*compute.needs, *list_inserted_names(compute))
        return any(is_private_expression(facts, each) for each in list_expressions(compute)) or any(
            is_private(facts, name) for name in named
        )
    if name == HOURS_LEFT:
        return any(is_private(facts, each) for each in facts.depends_on(name))
    rule, _ = facts.index.decisions[name]
    return any(is_private(facts, name) for name in rule.questions)
