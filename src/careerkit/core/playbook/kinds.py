"""The kind that each question, compute and decision of a playbook has in an expression."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from types import MappingProxyType

from careerkit.core.expression import check_value, parse
from careerkit.core.expression.kinds import (
    ChoiceKind,
    ChoicesKind,
    DateKind,
    GridKind,
    Ids,
    Kind,
    ListKind,
    NumberKind,
    RankKind,
    RecordsKind,
    TextKind,
    WeightsKind,
    YesNoKind,
)
from careerkit.core.frozen import frozen
from careerkit.core.playbook.model import (
    ChoiceForm,
    ChoicesForm,
    Compute,
    DateForm,
    DecisionRule,
    GridForm,
    ListForm,
    NoteForm,
    NumberForm,
    Options,
    Playbook,
    Question,
    RankForm,
    RecordsForm,
    ScaleForm,
    TextForm,
    WeightsForm,
    YesNoForm,
)
from careerkit.core.playbook.order import ITEM, Order, all_questions, defined_by
from careerkit.core.problem import Refused

_NO_FIELDS: Mapping[str, Kind] = MappingProxyType({})


class Kinds:
    """The whole playbook as an expression's scope. `unknown` are names whose kind is not to be relied on."""

    def __init__(self, playbook: Playbook, *, order: Order | None = None, unknown: Collection[str] = ()) -> None:
        self._questions: dict[str, Question] = {}
        for question in all_questions(playbook):
            self._questions.setdefault(question.id, question)
        self._computes = {compute.id: compute for compute in reversed(playbook.computes)}
        self._rules = {name: rule for rule in reversed(playbook.decisions) for name in defined_by(rule)}
        self._unknown = frozenset(unknown)
        self._known: dict[str, Kind | None] = dict.fromkeys(unknown)
        self._order = order
        self._playbook = playbook

    def kind_of(self, name: str) -> Kind | None:
        """None for what there is not, for notes, and for a compute whose value makes no sense or rests on itself."""
        if name not in self._known and (name in self._computes or name in self._rules):
            self._settle()
        if name not in self._known:
            self._known[name] = self._found(name)
        return self._known[name]

    def has(self, name: str) -> bool:
        return name in self._questions or name in self._computes or name in self._rules

    def names(self) -> tuple[str, ...]:
        """What can be named; the first thousand, for each is compared with what somebody misspelled."""
        return tuple(islice((*self._questions, *self._computes, *self._rules), 1000))

    def question(self, name: str) -> Question | None:
        return self._questions.get(name)

    def compute(self, name: str) -> Compute | None:
        return self._computes.get(name)

    def bands_of(self, name: str) -> tuple[str, ...] | None:
        compute = self._computes.get(name)
        return tuple(band.id for band in compute.bands) if compute and compute.bands else None

    def action_ids(self) -> tuple[str, ...] | None:
        return None

    def ids_of(self, options: Options) -> Ids:
        """The ids that can be chosen from; None when only an answer tells."""
        seen: set[str] = set(self._unknown)
        while options.source:
            source = self._questions.get(options.source)
            if source is None or source.id in seen or not isinstance(source.form, ChoicesForm | RankForm):
                return None
            seen.add(source.id)
            options = source.form.options
        return tuple(choice.id for choice in options.choices)

    def question_kind(self, question: Question) -> Kind | None:
        """The kind of a question or of a records' field; None for a note, which has no answer."""
        match question.form:
            case TextForm():
                return TextKind()
            case ChoiceForm(options=options):
                return ChoiceKind(self.ids_of(options))
            case ChoicesForm(options=options):
                return ChoicesKind(self.ids_of(options))
            case YesNoForm():
                return YesNoKind()
            case ScaleForm() | NumberForm():
                return NumberKind()
            case DateForm():
                return DateKind()
            case ListForm():
                return ListKind()
            case RankForm(options=options):
                return RankKind(self.ids_of(options))
            case WeightsForm(options=options):
                return WeightsKind(self.ids_of(options))
            case GridForm(rows=rows, columns=columns, spread=spread):
                return GridKind(self.ids_of(rows), self.ids_of(columns), spread)
            case RecordsForm():
                return RecordsKind(self.fields_of(question.form))
            case NoteForm():
                return None

    def fields_of(self, form: RecordsForm) -> dict[str, Kind]:
        """The kinds of a records' fields, `item` first where there is one."""
        fields: dict[str, Kind] = {ITEM: ChoiceKind(self.ids_of(Options(source=form.items)))} if form.items else {}
        for each in form.fields:
            kind = self.question_kind(each)
            if kind is not None:
                fields.setdefault(each.id, kind)
        return fields

    def _settle(self) -> None:
        # All computes at once and from the bottom up: so no chain of them is longer than Python's stack.
        order = self._order or Order(self._playbook)
        known = dict.fromkeys(order.bottom_up) | self._known  # None while it is being found, so that a circle ends
        unsettled = [name for name in order.bottom_up if name not in self._known]
        self._known = known
        for name in unsettled:
            rests_on_nonsense = any(self.has(each) and self.kind_of(each) is None for each in order.directly(name))
            self._known[name] = None if rests_on_nonsense else self._found(name)

    def _found(self, name: str) -> Kind | None:
        if name in self._questions:
            return self.question_kind(self._questions[name])
        if name in self._computes:
            return self._compute_kind(self._computes[name])
        if name in self._rules:
            return self._decision_kind(name, self._rules[name])
        return None

    def _compute_kind(self, compute: Compute) -> Kind | None:
        if compute.tally:
            return NumberKind()
        try:
            return check_value(parse(compute.value), self)
        except Refused:
            return None

    def _decision_kind(self, name: str, rule: DecisionRule) -> Kind:
        scores = self.kind_of(rule.scores)
        rows, columns = (scores.rows, scores.columns) if isinstance(scores, GridKind) else (None, None)
        match name.removeprefix(f"{rule.id}_"):
            case "share" | "flip":
                return NumberKind()
            case "flip_on":
                return ChoiceKind(columns)
            case "dominated" | "level":
                return ChoicesKind(rows)
            case _:
                return ChoiceKind(rows)


@frozen
class Sight:
    """What an expression sees that stands among a records' fields, or in a check-in: the playbook, and more."""

    around: Kinds
    fields: Mapping[str, Kind] = _NO_FIELDS
    actions: tuple[str, ...] | None = None

    def kind_of(self, name: str) -> Kind | None:
        return self.fields.get(name) or self.around.kind_of(name)

    def names(self) -> Iterable[str]:
        return (*self.fields, *self.around.names())

    def bands_of(self, name: str) -> tuple[str, ...] | None:
        return self.around.bands_of(name)

    def action_ids(self) -> tuple[str, ...] | None:
        return self.actions
