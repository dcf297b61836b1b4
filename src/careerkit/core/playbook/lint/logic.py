"""Lint: report conditions that contradict themselves or each other, and those that always hold."""

from __future__ import annotations

from collections.abc import Iterator

from careerkit.core.errors import Path
from careerkit.core.expressions.ast import Binary, Call, Conditional, Literal, Name, Node, Unary, get_children
from careerkit.core.expressions.domains import Domain, find_range
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.reasoner import Reasoner
from careerkit.core.expressions.satisfiability import NULL, Atom, Formula, NumberVariable, negate
from careerkit.core.expressions.types import YesNoType
from careerkit.core.frozen import replace
from careerkit.core.playbook.diagnostics import Diagnostic, quote
from careerkit.core.playbook.lint.context import LintContext
from careerkit.core.playbook.lint.meanings import create_reasoner
from careerkit.core.playbook.lint.occurrences import WrittenCondition
from careerkit.core.questions.question import Question
from careerkit.core.values import format_number

_CONNECTIVES = ("and", "or")
NEVER_HINT = "Change one of the conditions, or remove this."


def check_condition_logic(reasoner: Reasoner, condition: WrittenCondition) -> Iterator[Diagnostic]:
    """Report a condition that is always true or never, alone or where it stands."""
    if condition.node is None:
        message = f"This {condition.what} is never used: the one before it always is."
        yield _warn(condition.path, "unused-line", message, "Move it up, or give the one before it a condition.")
        return
    inner = (reasoner.for_record(condition.records) or reasoner) if condition.records else reasoner
    holds = inner.holds(condition.node)
    around = [inner.holds(each.node) for each in condition.given]
    before = [negate(inner.holds(each)) for each in condition.earlier]
    if not inner.is_possible(holds, *around, *before):
        yield from _explain_impossible(condition, inner, holds)
    elif condition.is_generated:
        return
    elif inner.is_possible(negate(holds), *around):
        yield from _check_parts(condition, inner, condition.node)
        yield from _check_unasked(condition, inner, condition.node, around)
    elif not inner.is_possible(negate(holds)):
        yield _report(condition, inner, _find_constant(inner, condition.node, wanted=True), is_always=True)
    else:
        owner = condition.given[-1].owner if len(condition.given) == 1 else "what encloses it"
        message = f"This condition is always true here: the `when` of {owner} already says so."
        yield locate(condition, None, "always-true", message, "Remove it, or correct it.")


def check_computed(context: LintContext, reasoner: Reasoner) -> Iterator[Diagnostic]:
    """Report a compute that is yes although a question wasn't asked."""
    for number, compute in enumerate(context.playbook.computes):
        if compute.value and isinstance(context.types.type_of(compute.id), YesNoType):
            condition = WrittenCondition(("compute", number, "value"), compute.value, "compute")
            yield from _check_unasked(condition, reasoner, parse(compute.value), [])


def check_answer_checks(context: LintContext, reasoner: Reasoner) -> Iterator[Diagnostic]:
    """Report a `check` that refuses every answer, so that a required question can't be passed, or accepts every one."""
    for written in context.questions:
        source = written.table.get("check", "")
        if not source:
            continue
        path, node = (*written.path, "check"), parse(source)
        unchecked = _forget_check(reasoner, written.question)
        holds = unchecked.holds(node)
        answered = [unchecked.is_present(name) for name in sorted(context.order.names_in(node))]
        if not unchecked.is_possible(*answered):
            continue  # it is never asked, which is reported where that is written
        if not unchecked.is_possible(holds, *answered):
            message = "This check refuses every answer."
            hint = "Write the condition that a valid answer fulfils, not what is wrong with it."
            yield Diagnostic(path, "impossible-check", message, hint, "inside")
        elif not unchecked.is_possible(negate(holds), *answered):
            yield _warn(path, "always-true", "This check accepts every answer.", "Remove it, or correct it.")


def check_passable(context: LintContext) -> Iterator[Diagnostic]:
    """The errors among these rules: an interview can't get past a check that refuses every answer."""
    if any("check" in written.table for written in context.questions):
        found = check_answer_checks(context, create_reasoner(context))
        yield from (each for each in found if each.severity == "error")


def check_bands(context: LintContext, reasoner: Reasoner) -> Iterator[Diagnostic]:
    """Report bands that no value of their compute falls into."""
    for number, compute in enumerate(context.playbook.computes):
        bands = [(place, band) for place, band in enumerate(compute.bands) if not band.unknown]
        value = Name(compute.id)
        for position, (place, band) in enumerate(bands):
            following = bands[position + 1][1].from_ if position + 1 < len(bands) else None
            parts: list[Formula] = [reasoner.is_present(compute.id)]
            if band.from_ is not None:
                parts.append(reasoner.holds(Binary(">=", value, Literal(band.from_))))
            if following is not None:
                parts.append(reasoner.holds(Binary("<", value, Literal(following))))
            if not reasoner.is_possible(*parts):
                key: Path = ("from",) if band.from_ is not None else ()
                message = f"No value falls into the band {quote(band.id)}.{_describe_value(reasoner, compute.id)}"
                hint = "Move the limits of the bands, or change what adds up to the value."
                yield Diagnostic(
                    ("compute", number, "bands", place, *key), "unreachable-band", message, hint, severity="warning"
                )


def check_tallies(context: LintContext, reasoner: Reasoner) -> Iterator[Diagnostic]:
    """Report a limit of a tally that no sum of its lines reaches beyond: all points are added in vain."""
    for number, compute in enumerate(context.playbook.computes):
        meaning = reasoner.meanings.get(compute.id)
        if not compute.tally or meaning is None:
            continue
        low, high = meaning.domain.low, meaning.domain.high
        if low is not None and low == high:
            message = f"This tally is always {format_number(low)}: its lines never move it between `min` and `max`."
            hint = "Change the points, `start`, `min` or `max`."
            yield _warn(("compute", number, "tally"), "constant-tally", message, hint, target="key")


def locate(condition: WrittenCondition, node: Node | None, code: str, message: str, hint: str) -> Diagnostic:
    """A warning at the start of a part of a condition; without a part, at the condition itself."""
    if condition.in_table or node is None:
        return _warn(condition.path, code, message, hint)
    return Diagnostic(condition.path, code, message, hint, "inside", find_start(node) - 1, "warning")


def find_start(node: Node) -> int:
    """The column, from 1, at which a part of an expression begins."""
    return min([node.column, *map(find_start, get_children(node))])


def describe_domain(reasoner: Reasoner, node: Node) -> str:
    """A sentence about the values that the name in a comparison can have; empty if there is none to say."""
    names = sorted({name for name in _list_names(node) if reasoner.look_up(name)[1] is not None})
    if len(names) != 1:
        return ""
    return _describe_value(reasoner, names[0], is_counted=isinstance(_find_call(node, "count"), Call))


def _explain_impossible(condition: WrittenCondition, inner: Reasoner, holds: Formula) -> Iterator[Diagnostic]:
    """Report a condition that can't hold: alone, with those that enclose it, or because of the lines before it."""
    assert condition.node is not None
    given = [(each, inner.holds(each.node)) for each in condition.given]
    around = [formula for _, formula in given]
    if not inner.is_possible(*around):
        return  # reported where it is written
    if not inner.is_possible(holds):
        yield _report(condition, inner, _find_constant(inner, condition.node, wanted=False), is_always=False)
    elif not inner.is_possible(holds, *around):
        culprit = next((each for each, formula in given if not inner.is_possible(holds, formula)), None)
        where = f"the `when` of {culprit.owner}, {quote(culprit.source)}" if culprit else "the conditions around it"
        message = f"This {condition.what} can never show: its condition contradicts {where}."
        yield locate(condition, None, "never-shown", message, NEVER_HINT)
    else:
        message = f"This {condition.what} is never used: whenever its condition holds, one before it is used."
        yield locate(condition, None, "unused-line", message, "Move it up, or narrow the conditions before it.")


def _report(condition: WrittenCondition, reasoner: Reasoner, part: Node, *, is_always: bool) -> Diagnostic:
    is_whole = part is condition.node
    what = "This condition" if is_whole else f"This part of the condition, {_show(condition, part)},"
    reason = describe_domain(reasoner, part) or (not is_always and _explain_hidden(reasoner, part)) or ""
    if is_always:
        hint = "Remove the condition, or correct it."
        return locate(condition, part, "always-true", f"{what} is always true.{reason}", hint)
    message = f"{what} is never true, so this {condition.what} never shows.{reason}"
    if condition.what in ("`urgent`", "`small`"):
        message = f"{what} is never true, so {condition.what} has no effect.{reason}"
    return locate(condition, part, "never-true", message, "Correct it, or remove what depends on it.")


def _explain_hidden(reasoner: Reasoner, part: Node) -> str:
    """A sentence about the question that isn't asked when the rest of the condition holds; empty if there is none."""
    for name in sorted(set(_list_names(part))):
        meaning = reasoner.meanings.get(name)
        if meaning is None or not meaning.asked_if:
            continue
        always_asked = Reasoner({**reasoner.meanings, name: replace(meaning, asked_if=())})
        if always_asked.is_possible(always_asked.holds(part)):
            return f" Whenever the rest holds, {quote(name)} isn't asked."
    return ""


def _check_parts(condition: WrittenCondition, reasoner: Reasoner, node: Node) -> Iterator[Diagnostic]:
    """Report parts of `and`, `or` and `not` that are always true or never, though the whole isn't."""
    if _is_true_when_answered(reasoner, node):
        message = f"{_show(condition, node)} is true for every answer."
        hint = "Write answered(...) if that is meant. Otherwise correct it."
        yield locate(condition, node, "always-true", message, hint)
        return
    for part in _list_parts(node):
        holds = reasoner.holds(part)
        if isinstance(holds, bool):
            outcome = "always" if holds else "never"
            reason = describe_domain(reasoner, part)
            message = f"This part of the condition, {_show(condition, part)}, is {outcome} true.{reason}"
            code = "always-true" if holds else "never-true"
            yield locate(condition, part, code, message, "Correct it, or remove it.")
        elif isinstance(part, Binary) and _is_true_of_every_answer(holds):
            message = f"{_show(condition, part)} is true for every answer.{describe_domain(reasoner, part)}"
            hint = "Write answered(...) if that is meant. Otherwise correct it."
            yield locate(condition, part, "always-true", message, hint)


def _check_unasked(
    condition: WrittenCondition, reasoner: Reasoner, node: Node, around: list[Formula]
) -> Iterator[Diagnostic]:
    """Report `not got` where it makes the condition hold although `got`, which must be answered, isn't asked."""
    for part in _list_negated(node):
        name = part.operand.id if isinstance(part.operand, Name) else ""
        meaning = reasoner.look_up(name)[1]
        if meaning is None or meaning.domain.kind != "yesno" or not meaning.asked_if or not meaning.is_required:
            continue
        said_no = _replace_part(node, part, Binary("==", part.operand, Literal(value=False)))
        only_unasked = (reasoner.holds(node), negate(reasoner.holds(said_no)), negate(reasoner.is_present(name)))
        if reasoner.is_possible(*only_unasked, *around, is_finished=True):
            message = f"{_show(condition, part)} is also true when {quote(name)} isn't asked."
            hint = f"Write {name} == false for a no, or not answered({name}) or not {name} if both are meant."
            yield locate(condition, part, "unasked-no", message, hint)


def _list_negated(node: Node) -> Iterator[Unary]:
    """The parts `not name`."""
    if isinstance(node, Unary) and node.operator == "not" and isinstance(node.operand, Name):
        yield node
    for child in get_children(node):
        yield from _list_negated(child)


def _replace_part(node: Node, part: Node, new: Node) -> Node:
    """The condition with another part in the place of `part`; it isn't replaced inside of calls and lists."""
    if node is part:
        return new
    match node:
        case Unary(operand=operand):
            return replace(node, operand=_replace_part(operand, part, new))
        case Binary(left=left, right=right):
            return replace(node, left=_replace_part(left, part, new), right=_replace_part(right, part, new))
        case Conditional(then=then, condition=test, else_=else_):
            then, test, else_ = (_replace_part(each, part, new) for each in (then, test, else_))
            return Conditional(then, test, else_, node.column)
    return node


def _is_true_when_answered(reasoner: Reasoner, node: Node) -> bool:
    """Does an `or` about one question hold for each answer, as `a == 'x' or a != 'x'` does?"""
    names = set(_list_names(node))
    if not isinstance(node, Binary) or node.operator != "or" or len(names) != 1 or _find_call(node, "answered"):
        return False
    return not reasoner.is_possible(negate(reasoner.holds(node)), reasoner.is_present(names.pop()))


def _is_true_of_every_answer(holds: Formula) -> bool:
    """Does a comparison only ask whether there is an answer?"""
    if not isinstance(holds, Atom) or not (
        isinstance(holds.variable, NumberVariable) or isinstance(holds.variable.key, str)
    ):
        return False
    return not holds.variable.full & ~holds.mask & ~NULL


def _list_parts(node: Node) -> Iterator[Node]:
    match node:
        case Binary(operator=operator, left=left, right=right) if operator in _CONNECTIVES:
            yield from _list_parts(left)
            yield from _list_parts(right)
        case Unary(operator="not", operand=operand):
            yield from _list_parts(operand)
        case Binary() | Call() | Conditional() | Literal():
            yield node


def _find_constant(reasoner: Reasoner, node: Node, *, wanted: bool) -> Node:
    """The smallest part that makes a condition always true (`wanted`), or never."""
    match node:
        case Unary(operator="not", operand=operand):
            found = _find_constant(reasoner, operand, wanted=not wanted)
            return found if found is not operand else node
        case Binary(operator=operator, left=left, right=right) if operator in _CONNECTIVES:
            decides = operator == ("or" if wanted else "and")
            constant = [each for each in (left, right) if _is_constant(reasoner, each, wanted=wanted)]
            if (decides and constant) or (not decides and len(constant) == 2 and not _is_simple(node)):
                return _find_constant(reasoner, constant[0], wanted=wanted)
    return node


def _is_simple(node: Node) -> bool:
    return isinstance(node, Binary) and node.operator not in _CONNECTIVES


def _is_constant(reasoner: Reasoner, node: Node, *, wanted: bool) -> bool:
    holds = reasoner.holds(node)
    return not reasoner.is_possible(negate(holds) if wanted else holds)


def _forget_check(reasoner: Reasoner, question: Question) -> Reasoner:
    """A reasoner that knows nothing about valid answers to this question."""
    meaning = reasoner.meanings[question.id]
    return Reasoner({**reasoner.meanings, question.id: replace(meaning, valid_if=())})


def _show(condition: WrittenCondition, part: Node) -> str:
    if condition.in_table:
        return quote(condition.source)
    start, end = find_start(part) - 1, max(_find_end(part), find_start(part))
    source = condition.source
    depth = lowest = 0
    for letter in source[start:end]:
        depth += (letter == "(") - (letter == ")")
        lowest = min(lowest, depth)
    for _ in range(-lowest):
        start = max(0, source.rfind("(", 0, start))
    for _ in range(depth - lowest):
        end = source.find(")", end) + 1 or len(source)
    return quote(source[start:end].strip())


def _find_end(node: Node) -> int:
    """The column of the last character of a part, as far as it is known from its leaves."""
    match node:
        case Name(id=name):
            own = node.column + len(name) - 1
        case Literal(value=str(text)):
            own = node.column + len(text) + 1
        case Literal(value=bool(value)):
            own = node.column + len("true" if value else "false") - 1
        case Literal(value=value):
            own = node.column + len(str(value)) - 1
        case _:
            own = node.column
    end = max([own, *map(_find_end, get_children(node))])
    return end + 1 if isinstance(node, Call) and node.arguments else end


def _list_names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.id
    for child in get_children(node):
        yield from _list_names(child)


def _find_call(node: Node, function: str) -> Call | None:
    if isinstance(node, Call) and node.function == function:
        return node
    return next(filter(None, (_find_call(child, function) for child in get_children(node))), None)


def _describe_value(reasoner: Reasoner, name: str, *, is_counted: bool = False) -> str:
    meaning = reasoner.look_up(name)[1]
    domain = meaning.domain if meaning else Domain()
    if is_counted and domain.kind in ("choices", "entries"):
        most = domain.high if domain.kind == "entries" or domain.high is not None else len(domain.ids)
        return f" {quote(name)} has {domain.low or 0} to {most} entries." if not domain.has_others else ""
    if meaning is None or domain.kind != "number":
        return ""
    low, high = domain.low, domain.high
    if meaning.definition is not None:
        low, high = find_range(reasoner.value(meaning.definition))
    if low is None and high is None:
        return ""
    if low is None or high is None:
        limit = f"at least {format_number(low)}" if low is not None else f"at most {format_number(high or low)}"  # type: ignore[arg-type]
        return f" {quote(name)} is {limit}."
    return f" {quote(name)} goes from {format_number(low)} to {format_number(high)}."


def _warn(path: Path, code: str, message: str, hint: str, target: str = "value") -> Diagnostic:
    return Diagnostic(path, code, message, hint, target, severity="warning")  # type: ignore[arg-type]
