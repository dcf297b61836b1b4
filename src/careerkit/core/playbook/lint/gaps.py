"""Lint: texts don't insert answers that may be hidden, left out, or only asked after the quick lane.

The reasoner proves for nearly every insert that it is there whenever its text is shown. Where it can't, answers are made up
that show the text without it; only if the rules of the interview agree is the gap reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from types import MappingProxyType

from careerkit.core.expressions import types
from careerkit.core.expressions.evaluate import evaluate
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.reasoner import Reasoner
from careerkit.core.expressions.satisfiability import NULL, Model, NumberVariable, SearchLimitError, Variable, negate
from careerkit.core.facts import Facts
from careerkit.core.frozen import replace
from careerkit.core.playbook.diagnostics import Diagnostic, quote
from careerkit.core.playbook.lint.context import LintContext
from careerkit.core.playbook.lint.occurrences import WrittenLine
from careerkit.core.playbook.model import Playbook, list_questions
from careerkit.core.playbook.types import PlaybookTypes
from careerkit.core.questions.question import ITEM, Options, Question
from careerkit.core.questions.weights import TOTAL_POINTS
from careerkit.core.text import Insert, find_pieces
from careerkit.core.values import FieldValue, Record, Value

MAX_WITNESSES = 8
"""The most texts of a playbook for which answers are made up. One takes as long as ten pages of proofs."""
MAX_STEPS = 25
"""The most branches that a proof tries. One that needs more is rare, and takes long."""
_DAY = date(2026, 1, 5)
"""A Monday, as the day of the interview. What doesn't depend on the day doesn't depend on this one."""
_TEXT = "x"


class GapFinder:
    """Finds the gaps in the texts of one playbook."""

    def __init__(self, context: LintContext, reasoner: Reasoner) -> None:
        self._context = context
        self._reasoner = reasoner
        self._known: dict[tuple[object, ...], bool] = {}
        """Results by name and by the identities of the conditions, which the reasoner keeps."""
        self._left = MAX_WITNESSES
        few_draws = tuple(replace(rule, draws=1) for rule in context.playbook.decisions)
        self._playbook = replace(context.playbook, decisions=few_draws)
        self._last_quick = _find_last_quick(context)

    def check_line(self, line: WrittenLine) -> Iterator[Diagnostic]:
        """Report the inserts of a text that may have nothing to insert while it is shown."""
        if "{" not in line.text or line.path[0] == "compute":
            return  # the text of a compute is only shown where it is inserted
        inner = (self._reasoner.for_record(line.records) or self._reasoner) if line.records else self._reasoner
        for offset, piece in find_pieces(line.text):
            if not isinstance(piece, Insert) or (line.records and piece.id in inner.meanings):
                continue
            if line.quick and self._context.order.latest(piece.id) > self._last_quick >= 0:
                if self._is_shown_early(line, inner, piece.id):
                    message = f"{quote(piece.id)} is asked after the quick lane, so this text has a gap there."
                    hint = f"Ask it in a quick stage, or show this only if answered({piece.id})."
                    yield Diagnostic(line.path, "late-insert", message, hint, "inside", offset + 1, "warning")
            elif self._may_be_missing(piece.id) and self._finds_gap(line, inner, piece.id):
                message = f"{quote(piece.id)} may be missing here: {self._explain(piece.id)}."
                hint = f"Show this only if answered({piece.id}), or write it without the answer."
                yield Diagnostic(line.path, "may-be-missing", message, hint, "inside", offset + 1, "warning")

    def check_quick(self) -> Iterator[Diagnostic]:
        """Report parts of the quick lane that need an answer which is only given later, next to answers from there."""
        order, reasoner = self._context.order, self._reasoner
        for path, _, rule in self._context.parts[0].rules():
            if not rule.quick or not rule.when or self._last_quick < 0:
                continue
            node = parse(rule.when)
            positions = [order.latest(name) for name in order.names_in(node)]
            if not any(0 <= position <= self._last_quick for position in positions):
                continue  # reported by the rule about parts that depend only on later answers
            holds = reasoner.holds(node)
            if reasoner.is_possible(holds) and not reasoner.is_possible(holds, limits=self._limit_to_quick()):
                message = "This needs an answer that is only given after the quick lane, so it is never shown there."
                hint = "Ask the questions it depends on in a quick stage, or remove `quick`."
                yield Diagnostic((*path, "when"), "late-quick", message, hint, severity="warning")

    def _may_be_missing(self, name: str) -> bool:
        """Does a missing value leave a gap? A compute that says so itself doesn't."""
        compute = self._context.types.compute(name)
        if compute is not None:
            return not compute.needs and not any(band.unknown for band in compute.bands)
        question = self._context.types.question(name)
        return question is None or question.spec.has_answer

    def _explain(self, name: str) -> str:
        question = self._context.types.question(name)
        if question is None:
            return "it has no value for some answers with which this text is shown"
        if question.required:
            return "this text is also shown when that question isn't asked"
        return "that question may be left unanswered"

    def _is_shown_early(self, line: WrittenLine, inner: Reasoner, name: str) -> bool:
        """Can the text be shown without `name`, before the questions after the quick lane are answered?"""
        key = (*map(id, line.given), 0, *map(id, line.earlier), "quick", name)
        if key not in self._known:
            formulas = [inner.holds(node) for node in line.given]
            formulas += [negate(inner.holds(node)) for node in line.earlier]
            formulas.append(negate(inner.is_present(name)))
            self._known[key] = inner.is_possible(*formulas, is_finished=True, limits=self._limit_to_quick())
        return self._known[key]

    def _limit_to_quick(self) -> Mapping[Variable, int]:
        order, reasoner = self._context.order, self._reasoner
        late = (each.id for each in self._context.playbook.questions if order.position(each.id) > self._last_quick)
        return {reasoner.variable(name, reasoner.meanings[name]): NULL for name in late if name in reasoner.meanings}

    def _finds_gap(self, line: WrittenLine, inner: Reasoner, name: str) -> bool:
        key = (*map(id, line.given), 0, *map(id, line.earlier), name)
        if key not in self._known:
            self._known[key] = self._search_gap(line, inner, name)
        return self._known[key]

    def _search_gap(self, line: WrittenLine, inner: Reasoner, name: str) -> bool:
        formulas = [inner.holds(node) for node in line.given]
        formulas += [negate(inner.holds(node)) for node in line.earlier]
        try:
            model = inner.find(*formulas, negate(inner.is_present(name)), is_finished=True, steps=MAX_STEPS)
        except SearchLimitError:
            return False
        if model is None or self._left <= 0:
            return False
        self._left -= 1
        return any(self._has_gap(line, name, model, prefers_last=last) for last in (False, True))

    def _has_gap(self, line: WrittenLine, name: str, model: Model, *, prefers_last: bool) -> bool:
        """Is the text shown without `name` to a person who answers as the model says, and everything that is asked?"""
        person = _Person(
            self._playbook, self._context.types, self._reasoner, model, leaves_out=name, prefers_last=prefers_last
        )
        return any(
            all(evaluate(node, facts) is True for node in line.given)
            and not any(evaluate(node, facts) is True for node in line.earlier)
            and facts.value(name) is None
            for facts in self._list_facts(person.answer_all(until=self._find_last(line, name)), line.records)
        )

    def _find_last(self, line: WrittenLine, name: str) -> int:
        """The position of the last question on which it depends whether the text is shown without `name`."""
        order = self._context.order
        used = {name, *[line.records] * bool(line.records)}
        used = used.union(*(order.names_in(node) for node in (*line.given, *line.earlier)))
        return max(map(order.latest, used))

    def _list_facts(self, facts: Facts, records: str) -> list[Facts]:
        """The facts, or those for each form of a records question."""
        question = self._context.types.question(records) if records else None
        if question is None:
            return [facts]
        forms = facts.value(records)
        every = forms if isinstance(forms, tuple) else ()
        return [facts.for_form(question, form) for form in every if isinstance(form, Mapping)]


class _Person:
    """Answers every question as the model says or, where it says nothing, with the first or last possible answer."""

    def __init__(
        self,
        playbook: Playbook,
        scope: PlaybookTypes,
        reasoner: Reasoner,
        model: Model,
        *,
        leaves_out: str,
        prefers_last: bool,
    ) -> None:
        self._playbook = playbook
        self._types = scope
        self._reasoner = reasoner
        self._model = model
        self._leaves_out = leaves_out
        self._prefers_last = prefers_last
        self._answers: dict[str, Value] = {}
        actions = (*playbook.actions, *(each for checkin in playbook.checkins for each in checkin.actions))
        self._done = frozenset(() if prefers_last else (each.id for each in actions))

    def answer_all(self, *, until: int) -> Facts:
        """The facts after all questions up to this position."""
        facts = Facts(self._playbook, self._answers, today=_DAY, done=self._done)
        for question in islice(list_questions(self._playbook), until + 1):
            if not question.spec.has_answer or not facts.is_visible(question):
                continue
            if not question.required and (question.id == self._leaves_out or self._has_none(question)):
                continue
            self._answers[question.id] = self._choose(question, facts)
            facts = Facts(self._playbook, self._answers, today=_DAY, done=self._done)
        return facts

    def _mask(self, key: object) -> tuple[Variable | None, int]:
        variable = self._reasoner.variables.get(key)
        return variable, 0 if variable is None else self._model.get(variable, variable.full)

    def _has_none(self, question: Question) -> bool:
        return bool(self._mask(question.id)[1] & NULL)

    def _choose(self, question: Question, facts: Facts) -> Value:
        variable, mask = self._mask(question.id)
        options = question.spec.options
        ids = [each.id for each in facts.choices_for(options)] if options else []
        match question.spec.expression_type(self._types):
            case types.YesNoType():
                return not self._prefers_last if mask & 6 in (0, 6) else bool(mask & 4)
            case types.NumberType():
                return self._pick_number(variable, mask)
            case types.DateType():
                return _DAY + timedelta(days=int(self._pick_number(variable, mask)))
            case types.ListType():
                return tuple(f"{_TEXT}{each}" for each in range(int(self._pick_number(variable, mask))))
            case types.ChoiceType():
                return self._choose_one(question.id, ids, mask)
            case types.ChoicesType():
                return self._choose_several(question, ids)
            case types.RankType():
                return tuple(ids)
            case types.WeightsType():
                return MappingProxyType({each: TOTAL_POINTS if each == ids[0] else Decimal(0) for each in ids})
            case types.MatrixType():
                rows, columns = (facts.choices_for(each) for each in question.spec.all_options)
                cell = question.spec.number_range[0] or Decimal(0)
                return MappingProxyType({row.id: MappingProxyType({each.id: cell for each in columns}) for row in rows})
            case types.RecordsType():
                source = question.spec.all_options[0].source
                items = [each.id for each in facts.choices_for(Options(source=source))] if source else [""]
                return tuple(self._fill_form(question, item, facts) for item in items)
        return _TEXT

    @staticmethod
    def _pick_number(variable: Variable | None, mask: int) -> Decimal:
        number = variable.pick(mask) if isinstance(variable, NumberVariable) else None
        return Decimal(0) if number is None else number

    def _choose_one(self, name: str, ids: list[str], mask: int) -> str:
        meaning = self._reasoner.look_up(name)[1]
        known = meaning.domain.ids if meaning else ()
        fitting = [each for each in ids if each not in known or not mask or mask >> known.index(each) + 1 & 1] or ids
        return (fitting[-1] if self._prefers_last else fitting[0]) if fitting else _TEXT

    def _choose_several(self, question: Question, ids: list[str]) -> tuple[str, ...]:
        variable, mask = self._mask(question.id)
        meaning = self._reasoner.meanings[question.id]
        known = meaning.domain.ids
        least = max(int(meaning.domain.low or 0), 1)
        if variable is not None and variable.universe > 3:
            for subset in range(1, 1 << len(known)):
                chosen = [each for number, each in enumerate(known) if subset >> number & 1]
                if mask >> subset + 1 & 1 and len(chosen) >= least and set(chosen) <= set(ids):
                    return tuple(chosen)
        wanted = [each for each in ids if self._mask(("flag", (question.id, each)))[1] == 2]
        others = [each for each in ids if self._mask(("flag", (question.id, each)))[1] not in (1, 2)]
        return tuple(each for each in ids if each in [*wanted, *others][: max(least, len(wanted))])

    def _fill_form(self, question: Question, item: str, facts: Facts) -> Record:
        form: dict[str, FieldValue] = {ITEM: item} if item else {}
        for field in question.spec.fields:
            if field.required and not field.when:
                options = field.spec.options
                ids = [each.id for each in facts.choices_for(options)] if options else []
                form[field.id] = self._fill_field(field, ids)
        return MappingProxyType(form)

    def _fill_field(self, field: Question, ids: list[str]) -> FieldValue:
        match field.spec.expression_type(self._types):
            case types.YesNoType():
                return True
            case types.NumberType():
                return field.spec.number_range[0] or Decimal(0)
            case types.DateType():
                return _DAY
            case types.ChoiceType() if ids:
                return ids[0]
            case types.ChoicesType():
                return tuple(ids[:1])
        return _TEXT


def _find_last_quick(context: LintContext) -> int:
    last = asked = -1
    for stage in context.playbook.stages:
        asked += len(stage.questions)
        last = asked if stage.quick else last
    return last
