"""What each name of a playbook can be, for the reasoner: its values, and the conditions under which it has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from careerkit.core.due_dates import RelativeDate, parse_relative_date
from careerkit.core.expressions import types
from careerkit.core.expressions.ast import Binary, Call, Literal, Name, Node
from careerkit.core.expressions.domains import Domain, Meaning
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.reasoner import Reasoner
from careerkit.core.expressions.satisfiability import Formula, negate
from careerkit.core.frozen import replace
from careerkit.core.playbook.lint.context import LintContext
from careerkit.core.playbook.model import HOURS_LEFT, Compute, DecisionRule
from careerkit.core.questions.choice import MAX_ENTRIES
from careerkit.core.questions.question import ITEM, Choice, Options, Question
from careerkit.core.questions.weights import TOTAL_POINTS

MAX_TALLY_SEARCHES = 40
"""The most searches for the highest or lowest sum of a tally; after that, the plain sum of its lines counts."""
_NONE = Decimal(0)


def create_reasoner(context: LintContext, *, in_checkin: bool = False) -> Reasoner:
    """A reasoner over all names of a playbook that has no errors.

    With `in_checkin`, today is the day of a check-in: what was days ahead in the interview may be over.
    """
    meanings = dict(_list_meanings(context))
    if in_checkin:
        meanings = {name: _let_days_pass(name, meaning) for name, meaning in meanings.items()}
    reasoner = Reasoner(meanings)
    computes = {compute.id: compute for compute in context.playbook.computes}
    for name in context.order.bottom_up:
        if name in computes and computes[name].tally:
            meanings[name] = _describe_tally(context, computes[name], reasoner)
    return reasoner


def _let_days_pass(name: str, meaning: Meaning) -> Meaning:
    counts_from_today = name == HOURS_LEFT or (meaning.domain.kind == "day" and meaning.definition is None)
    return replace(meaning, domain=replace(meaning.domain, low=None)) if counts_from_today else meaning


def parse_all(conditions: Iterable[str]) -> tuple[Node, ...]:
    """The conditions that aren't empty, parsed."""
    return tuple(parse(each) for each in conditions if each)


def count_days(bound: str, *, is_upper: bool) -> Decimal | None:
    """The offset of a bound in days from today, rounded away from the days it allows. None for a date, or no bound."""
    relative = parse_relative_date(bound) if bound else None
    if relative is None or relative.question:
        return None
    return Decimal(estimate_days(relative, is_upper=is_upper))


def estimate_days(offset: RelativeDate, *, is_upper: bool) -> int:
    """The most or fewest days that an offset can come to, whatever the day it is counted from."""
    amount, is_more = abs(offset.amount), is_upper is (offset.amount >= 0)
    days = {
        "d": amount,
        "w": 7 * amount,
        "m": (31 if is_more else 28) * amount,
        "wd": amount + (2 * (amount // 5 + 1) if is_more and amount else 0),
        "h": -(-amount // 24) if is_more else amount // 24,
        "min": -(-amount // 1440) if is_more else amount // 1440,
    }[offset.unit]
    return days if offset.amount >= 0 else -days


def _list_meanings(context: LintContext) -> Iterator[tuple[str, Meaning]]:
    playbook = context.playbook
    for stage in playbook.stages:
        for question in stage.questions:
            yield question.id, _describe_question(context, question, parse_all([stage.when, question.when]))
    for checkin in playbook.checkins:
        for question in checkin.questions:
            yield question.id, _describe_question(context, question, parse_all([checkin.when, question.when]))
    for compute in playbook.computes:
        yield compute.id, _describe_compute(context, compute)
    for rule in playbook.decisions:
        yield from _describe_decision(context, rule)
    if playbook.deadline:
        asked = parse(f"answered({playbook.deadline})")
        yield HOURS_LEFT, Meaning(_describe_hours(context, playbook.deadline), asked_if=(asked,))


def _describe_hours(context: LintContext, deadline: str) -> Domain:
    """The hours to a deadline, which may be at any hour of its day. On the day of a change of clocks it has 23 or 25."""
    question = context.types.question(deadline)
    days = _describe_answer(context, question) if question else Domain()
    low = None if days.low is None else 24 * (days.low - 1) - 1
    return Domain("number", low, None if days.high is None else 24 * (days.high + 1) + 1)


def _describe_question(context: LintContext, question: Question, conditions: tuple[Node, ...]) -> Meaning:
    sources = [options.source for options in question.spec.all_options if options.source]
    fields = [field for field in question.spec.fields if field.required and not field.when]
    sources += [options.source for field in fields for options in field.spec.all_options if options.source]
    conditions = (*conditions, *map(_describe_items, _list_known(context, sources)))
    choices = question.spec.options.choices if question.spec.options else ()
    if choices and all(choice.when for choice in choices):
        conditions = (*conditions, _join("or", [parse(choice.when) for choice in choices]))
    own = {question.id}
    is_own_check = question.check and context.order.names_in(parse(question.check)) == own
    return Meaning(
        _describe_answer(context, question),
        asked_if=conditions,
        valid_if=(parse(question.check),) if is_own_check else (),
        is_required=question.required and question.spec.has_answer,
        only_if={choice.id: parse(choice.when) for choice in choices if choice.when},
    )


def _list_known(context: LintContext, sources: Iterable[str]) -> Iterator[Question]:
    for name in sources:
        question = context.types.question(name)
        if question is not None:
            yield question


def _describe_items(source: Question) -> Node:
    """The condition that there is something to choose from."""
    if source.spec.gives_items and not source.spec.needs_all_items:
        return Binary(">", Call("count", (Name(source.id),)), Literal(_NONE))
    return Call("answered", (Name(source.id),))


def _describe_answer(context: LintContext, question: Question) -> Domain:
    """The values of an answer, by its type in expressions."""
    spec = question.spec
    low, high = spec.number_range
    match spec.expression_type(context.types):
        case types.ChoiceType():
            return _describe_choice(context, spec.options or Options(), has_own=getattr(spec, "own", False))
        case types.ChoicesType():
            return _describe_choices(context, question)
        case types.YesNoType():
            return Domain("yesno")
        case types.NumberType():
            return Domain("number", low, high, whole=isinstance(getattr(spec, "min", None), int))
        case types.DateType():
            return Domain(
                "day",
                count_days(getattr(spec, "min", ""), is_upper=False),
                count_days(getattr(spec, "max", ""), is_upper=True),
            )
        case types.ListType():
            return Domain("entries", Decimal(getattr(spec, "min", 0)), Decimal(getattr(spec, "max", MAX_ENTRIES)))
        case types.RecordsType():
            return _describe_records(context, question)
        case types.RankType(ids=ids):
            most = Decimal(len(ids)) if ids else None
            return Domain("table", Decimal(1), most, whole=True, ids=ids or (), has_others=ids is None)
        case types.WeightsType():
            return Domain("table", _NONE, TOTAL_POINTS)
        case types.MatrixType():
            return Domain("table", low, high)
    return Domain("text")


def _describe_choices(context: LintContext, question: Question) -> Domain:
    spec = question.spec
    one = _describe_choice(context, spec.options or Options(), has_own=getattr(spec, "own", False))
    least, most = Decimal(getattr(spec, "min", 0)), getattr(spec, "max", None)
    if spec.options and (spec.options.source or any(choice.when for choice in spec.options.choices)):
        least = _NONE  # what was chosen may not be offered any more
    high = None if most is None else Decimal(most)
    return Domain("choices", least, high, ids=one.ids, has_others=one.has_others, unknown=one.unknown)


def _describe_choice(context: LintContext, options: Options, *, has_own: bool) -> Domain:
    ids = context.types.ids_of(options)
    is_open = has_own or ids is None or _may_be_typed(context, options)
    return Domain("choice", ids=ids or (), has_others=is_open, unknown=_find_unknown(context, options))


def _trace(context: LintContext, options: Options) -> Iterator[tuple[Question | None, tuple[Choice, ...]]]:
    seen: set[str] = set()
    yield None, options.choices
    while options.source and options.source not in seen:
        seen.add(options.source)
        source = context.types.question(options.source)
        if source is None or source.spec.options is None:
            return
        options = source.spec.options
        yield source, options.choices


def _may_be_typed(context: LintContext, options: Options) -> bool:
    return any(source is not None and getattr(source.spec, "own", False) for source, _ in _trace(context, options))


def _find_unknown(context: LintContext, options: Options) -> frozenset[str]:
    return frozenset(choice.id for _, choices in _trace(context, options) for choice in choices if choice.unknown)


def _describe_records(context: LintContext, question: Question) -> Domain:
    spec = question.spec
    fields: dict[str, Meaning] = {}
    source = spec.all_options[0].source if spec.all_options else ""
    if source:
        fields[ITEM] = Meaning(_describe_choice(context, Options(source=source), has_own=False), is_required=True)
    for field in spec.fields:
        described = _describe_question(context, field, parse_all([field.when]))
        fields[field.id] = replace(described, only_if={})  # a choice of a form stays, whatever becomes of its condition
    least, most = (1, MAX_ENTRIES) if source else (getattr(spec, "min", 0), getattr(spec, "max", MAX_ENTRIES))
    return Domain("entries", Decimal(least), Decimal(most), fields=fields)


_KINDS: Mapping[type, str] = {
    types.NumberType: "number",
    types.YesNoType: "yesno",
    types.DateType: "day",
    types.ChoiceType: "choice",
    types.ListType: "entries",
}


def _describe_compute(context: LintContext, compute: Compute) -> Meaning:
    bands = tuple(band.id for band in compute.bands)
    unknown_band = next((band.id for band in compute.bands if band.unknown), "")
    kind = context.types.type_of(compute.id)
    domain = Domain(_KINDS.get(type(kind), "text"), unknown=frozenset(filter(None, [unknown_band])))
    if isinstance(kind, types.ChoiceType):
        domain = Domain("choice", ids=kind.ids or (), has_others=kind.ids is None)
    if compute.text.lines:
        conditions = [line.when for line in compute.text.lines if line.text]
        if len(conditions) < len(compute.text.lines):
            return Meaning(domain, needs=compute.needs)  # an empty line is no value
        exists = _join("or", [parse(each) if each else Literal(value=True) for each in conditions])
        return Meaning(domain, exists_if=exists, needs=compute.needs)
    node = parse(compute.value) if compute.value else Literal(value=True)
    if isinstance(node, Call) and node.function == "each":
        records = node.arguments[0]
        return Meaning(Domain("entries", _NONE, Decimal(MAX_ENTRIES)), exists_if=Call("answered", (records,)))
    return Meaning(domain, definition=node, needs=compute.needs, bands=bands, unknown_band=unknown_band)


def _describe_decision(context: LintContext, rule: DecisionRule) -> Iterator[tuple[str, Meaning]]:
    asked = parse_all([f"answered({rule.weights}) and answered({rule.scores})"])
    scores = context.types.type_of(rule.scores)
    rows, columns = (scores.rows, scores.columns) if isinstance(scores, types.MatrixType) else (None, None)
    for part in ("first", "second"):
        yield f"{rule.id}_{part}", Meaning(Domain("choice", ids=rows or (), has_others=True), asked_if=asked)
    yield f"{rule.id}_flip_on", Meaning(Domain("choice", ids=columns or (), has_others=True), asked_if=asked)
    for part in ("share", "flip"):
        yield f"{rule.id}_{part}", Meaning(Domain("number", _NONE, TOTAL_POINTS), asked_if=asked)
    for part in ("dominated", "level", "ruled_out"):  # empty, not null, without the answers
        yield f"{rule.id}_{part}", Meaning(Domain("choices", _NONE, ids=rows or (), has_others=True))


def _describe_tally(context: LintContext, compute: Compute, reasoner: Reasoner) -> Meaning:
    """A number from the lowest to the highest sum of lines that can hold together."""
    lines = [(reasoner.holds(parse(line.when)) if line.when else True, line.points) for line in compute.tally]
    low = -_find_highest([(condition, -points) for condition, points in lines], reasoner)
    high = _find_highest(lines, reasoner)
    low, high = (min(max(compute.start + each, compute.min), compute.max) for each in (low, high))
    names = sorted({name for line in compute.tally if line.when for name in context.order.names_in(parse(line.when))})
    roots = sorted(set().union(*(context.order.depends_on(name) for name in names)))
    asked = (_join("or", [Call("answered", (Name(name),)) for name in roots]),) if roots else ()
    bands = tuple(band.id for band in compute.bands)
    unknown_band = next((band.id for band in compute.bands if band.unknown), "")
    domain = Domain("number", low, high, unknown=frozenset(filter(None, [unknown_band])))
    return Meaning(domain, asked_if=asked, needs=compute.needs, bands=bands, unknown_band=unknown_band)


def _find_highest(lines: list[tuple[Formula, Decimal]], reasoner: Reasoner) -> Decimal:
    """The highest sum of the points of lines that can hold together, while the others don't."""
    plus = sorted(((each, points) for each, points in lines if points > 0), key=lambda pair: -pair[1])
    minus = [(each, points) for each, points in lines if points < 0]
    optimistic = sum((points for _, points in plus), _NONE)
    left = MAX_TALLY_SEARCHES
    best = sum((points for _, points in minus), _NONE)

    def search(position: int, chosen: list[Formula], total: Decimal, rest: Decimal) -> None:
        nonlocal left, best
        if total + rest <= best or left <= 0:
            return
        left -= 1
        if not reasoner.is_possible(*chosen):
            return
        if position == len(ordered):
            best = max(best, total)
            return
        formula, points = ordered[position]
        gain = max(points, _NONE)
        wanted, other = (formula, negate(formula)) if points > 0 else (negate(formula), formula)
        search(position + 1, [*chosen, wanted], total + gain, rest - gain)
        search(position + 1, [*chosen, other], total + min(points, _NONE), rest - gain)

    ordered = [*plus, *minus]
    search(0, [], _NONE, optimistic)
    return best if left > 0 else optimistic


def _join(operator: str, nodes: list[Node]) -> Node:
    found = nodes[0]
    for node in nodes[1:]:
        found = Binary(operator, found, node)
    return found
