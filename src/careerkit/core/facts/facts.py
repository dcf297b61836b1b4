"""The context in which a playbook's expressions are evaluated, worked out once for one set of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from careerkit.core.answer import is_complete, present
from careerkit.core.expression import evaluate, parse, references
from careerkit.core.facts.index import Index, fields_of, index_of, options_from
from careerkit.core.outcome.model import Decision
from careerkit.core.playbook.model import (
    Choice,
    ChoicesForm,
    Compute,
    DecisionRule,
    GridForm,
    NoteForm,
    Options,
    Playbook,
    Question,
    RankForm,
    RecordsForm,
    TallyLine,
    WeightsForm,
)
from careerkit.core.value import Grid, Value


class Facts:
    """Everything that follows from `answers` at one moment; each thing is worked out when first asked for.

    `answers` are kept answers by question id, hidden ones included, and a person's choice of band by compute id.
    `today` is the date on which the interview began. `done` are the ids of the actions that are done.
    """

    def __init__(
        self, playbook: Playbook, answers: Mapping[str, Value], *, today: date, done: frozenset[str] = frozenset()
    ) -> None:
        self.playbook = playbook
        self.today = today
        self.index: Index = index_of(playbook)
        self._answers = answers
        self._done = done
        self._values: dict[str, Value | None] = {}
        self._shows: dict[str, bool] = {}
        self._decisions: dict[str, Decision] = {}
        self._rests: dict[str, frozenset[str]] = {}
        self._names: dict[str, frozenset[str]] = {}
        self.privacy: dict[str, bool] = {}
        """What `privacy` has found out, by id."""

    def is_of(self, playbook: Playbook, answers: Mapping[str, Value], today: date) -> bool:
        """Does this follow from these very answers (the same mapping, which nobody changes), and from nothing else?"""
        return self.playbook is playbook and self._answers is answers and self.today == today and not self._done

    # ------------------------------------------------------------ what expressions ask (the context of `evaluate`)

    def value(self, name: str) -> Value | None:
        """What `name` is worth: null while it is hidden, unanswered, can't be worked out, or is no name at all."""
        if name not in self._values:
            self._values[name] = self._work_out(name)
        return self._values[name]

    def band(self, name: str) -> str | None:
        """The band of a banded compute: the person's choice where there is one. Null where the number is null."""
        compute = self.index.computes[name]
        number = self.value(name)
        if not isinstance(number, Decimal):
            return None
        chosen = self._answers.get(name)
        if chosen is not None and any(band.id == chosen for band in compute.bands):
            return cast("str", chosen)
        return self.own_band(name)

    def is_done(self, action: str) -> bool:
        return action in self._done

    # ------------------------------------------------------------ what the interview asks

    def holds(self, condition: str) -> bool:
        """Is the condition true? An empty one always is; null is not."""
        return not condition or evaluate(parse(condition), self) is True

    def shows(self, question: Question) -> bool:
        """Is the question part of the present branch? Not while there is nothing to choose from, or nobody to ask about."""
        if question.id not in self._shows:
            stage = self.index.stage_of.get(question.id)
            asked = (stage is None or self.holds(stage.when)) and self.holds(question.when)
            needed = (question, *(field for field in fields_of(question) if field.required))
            self._shows[question.id] = asked and all(
                self.choices_of(options) for each in needed for options in options_from(each)
            )
        return self._shows[question.id]

    def is_answered(self, question: Question) -> bool:
        """Is there an answer to all that the question asks now, and does its check hold?"""
        kept = self._answers.get(question.id)
        return kept is not None and is_complete(question, kept, self.choices_of) and self.check_holds(question)

    def check_holds(self, question: Question) -> bool:
        """Does the question's check hold? It does while anything in it is null."""
        if not question.check:
            return True
        node = parse(question.check)
        if any(self.value(name) is None for name in references(node, self.field_names)):
            return True
        return evaluate(node, self) is not False

    def kept(self, name: str) -> Value | None:
        """The answer as it was given, hidden or not, with the data of items that are lost at present."""
        return self._answers.get(name)

    def choices_of(self, options: Options) -> tuple[Choice, ...]:
        """What can be chosen from now. A list's items are their own ids."""
        return self._choices(options, self.value)

    def kept_choices_of(self, options: Options) -> tuple[Choice, ...]:
        """What could be chosen from if every kept answer counted, hidden or not: for answers that are hidden too."""
        return self._choices(options, self.kept)

    def _choices(self, options: Options, value_of: Callable[[str], Value | None]) -> tuple[Choice, ...]:
        if not options.source:
            return options.choices
        source = self.index.questions[options.source]
        value = value_of(source.id)
        if value is None:
            return ()
        picked = cast("tuple[str, ...]", value)
        match source.form:
            case ChoicesForm(options=inner) | RankForm(options=inner):
                labels = {choice.id: choice for choice in self._choices(inner, value_of)}
                return tuple(labels[each] for each in picked if each in labels)
        return tuple(Choice(each, each) for each in picked)

    # ------------------------------------------------------------ what outcomes ask

    def own_band(self, name: str) -> str | None:
        """The band that the number itself falls into."""
        number = self.value(name)
        if not isinstance(number, Decimal):
            return None
        bands = self.index.computes[name].bands
        fitting = [band.id for band in bands if band.start is None or number >= band.start]
        return fitting[-1] if fitting else None

    def decision(self, rule: DecisionRule) -> Decision:
        """The analysis of a decision; all its parts are None until weights and scores are answered."""
        if rule.id not in self._decisions:
            self._decisions[rule.id] = self._analyse(rule)
        return self._decisions[rule.id]

    def tally_lines(self, compute: Compute) -> tuple[TallyLine, ...]:
        """The lines of a tally that hold; none where the tally itself is null."""
        if self.value(compute.id) is None:
            return ()
        return tuple(line for line in compute.tally if self.holds(line.when))

    def rests_on(self, *names: str) -> frozenset[str]:
        """The ids of the questions that `names` rest on, through computes and decisions."""
        return frozenset().union(*(self._roots(name) for name in names))

    def condition_rests_on(self, condition: str) -> frozenset[str]:
        """The ids of the questions that a condition rests on."""
        return self.rests_on(*self.names_in(condition)) if condition else frozenset()

    def names_in(self, expression: str) -> frozenset[str]:
        """The ids that an expression names itself, fields of records left out."""
        if expression not in self._names:
            named = references(parse(expression), self.field_names) if expression else frozenset()
            self._names[expression] = named
        return self._names[expression]

    def field_names(self, name: str) -> frozenset[str]:
        """The fields of a records question, which are names inside its aggregates; none for all else."""
        question = self.index.questions.get(name)
        match question.form if question else None:
            case RecordsForm(fields=fields, items=items):
                return frozenset(field.id for field in fields) | (frozenset({"item"}) if items else frozenset())
        return frozenset()

    # ------------------------------------------------------------ working it out

    def _work_out(self, name: str) -> Value | None:
        question = self.index.questions.get(name)
        if question is not None:
            return self._of_question(question)
        compute = self.index.computes.get(name)
        if compute is not None:
            return self._tally(compute) if compute.tally else evaluate(parse(compute.value), self)
        if name not in self.index.decisions:
            return None
        rule, part = self.index.decisions[name]
        return cast("Value | None", getattr(self.decision(rule), part))

    def _of_question(self, question: Question) -> Value | None:
        kept = self._answers.get(question.id)
        if kept is None or isinstance(question.form, NoteForm) or not self.shows(question):
            return None
        now = present(question, kept, self.choices_of)
        match question.form:
            case RankForm() | WeightsForm() | GridForm() | RecordsForm():
                return now if is_complete(question, kept, self.choices_of) else None
        return now

    def _tally(self, compute: Compute) -> Value | None:
        named = {name for line in compute.tally for name in self.names_in(line.when)}
        roots = self.rests_on(*named)
        if not any(self.value(root) is not None for root in roots):
            return None
        points = sum((line.points for line in compute.tally if self.holds(line.when)), compute.start)
        return min(max(points, compute.min), compute.max)

    def _analyse(self, rule: DecisionRule) -> Decision:
        weights, scores = self.value(rule.weights), self.value(rule.scores)
        form = self.index.questions[rule.scores].form
        assert isinstance(form, GridForm), "the checks of a playbook see to it"
        if weights is None or scores is None:
            return Decision(rule.id)
        from careerkit.core.outcome.decision import analyse  # only where there is something to decide

        return analyse(
            id=rule.id,
            options=tuple(choice.id for choice in self.choices_of(form.rows)),
            criteria=tuple(choice.id for choice in self.choices_of(form.columns)),
            weights=cast("Mapping[str, Decimal] | tuple[str, ...]", weights),
            scores=cast("Grid", scores),
            draws=rule.draws,
            low=form.min,
            high=form.max,
        )

    def _roots(self, name: str) -> frozenset[str]:
        if name not in self._rests:
            self._rests[name] = self._find_roots(name)
        return self._rests[name]

    def _find_roots(self, name: str) -> frozenset[str]:
        if name in self.index.questions:
            return frozenset({name})
        compute = self.index.computes.get(name)
        if compute is None:
            rule, _ = self.index.decisions[name]
            return self.rests_on(rule.weights, rule.scores)
        expressions = [line.when for line in compute.tally] or [compute.value]
        return self.rests_on(*(each for expression in expressions for each in self.names_in(expression)))
