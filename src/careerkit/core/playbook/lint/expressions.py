"""Lint: expressions and inserts exist, fit and come later than what they need; questions ask one thing; drafts keep secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from careerkit.core.errors import Path, Place, Problem, Refused
from careerkit.core.expressions.ast import Call, Name, Node, get_children
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.type_check import check_condition, check_value
from careerkit.core.expressions.types import ChoicesType, ChoiceType, MatrixType, RecordsType
from careerkit.core.facts import Facts, is_private
from careerkit.core.playbook.diagnostics import Diagnostic, quote, suggest
from careerkit.core.playbook.lint.context import LATER_HINT, LintContext, Table, WrittenQuestion
from careerkit.core.playbook.lint.occurrences import ExpressionOccurrence, PickOccurrence, TextOccurrence, WrittenLine
from careerkit.core.playbook.normal_form import expand_pick
from careerkit.core.playbook.types import NestedScope
from careerkit.core.text import STRAY_HINT, Insert, Stray, describe_lookalike, find_pieces, is_blank

MAX_COMPUTE_DEPTH = 32
"""The maximum length of a chain of computes that depend on each other."""

WORDINGS = ("title", "to", "do", "cue", "evidence", "owner")
"""The keys of findings, drafts and actions whose text is one line."""

MAX_ASK_WORDS = 25
"""The most words of a question that a tired person takes in at once; our own rule of thumb."""
_QUESTION_WORDS = "what|how|when|who|whom|whose|why|where|which"
_PREPOSITIONS = r"(?:by|for|with|to|from|at|in|on|since|of|about)\s+"
_AUXILIARIES = "do|does|did|is|are|was|were|have|has|had|can|could|will|would|should|may|might"


def check_expression(context: LintContext, occurrence: ExpressionOccurrence) -> Iterator[Diagnostic]:
    """Report all problems of one expression."""
    try:
        node = parse(occurrence.source)
    except Refused as refused:
        yield from (_convert(problem, occurrence) for problem in refused.problems)
        return
    names_used = context.order.names_in(node, occurrence.visible.fields)
    if any(context.is_unsure(name) for name in names_used):
        yield from _check_unknown_names(context, node, names_used, occurrence)
    elif not any(context.is_note(name) for name in names_used):
        yield from _check_types(context, node, occurrence)
    for name in _find_first_of_each(node):
        if name.id in names_used:
            yield from _check_name(context, name, occurrence)
    for name in _find_compared(node):
        if context.types.question(name.id) is not None:
            message = f"highest() and second() compare computes, but {quote(name.id)} is a question."
            hint = f'Add a compute with value = "{name.id}", and name it here.'
            yield _locate(occurrence, name.column, "not-a-compute", message, hint)


def check_circles(context: LintContext) -> Iterator[Diagnostic]:
    """Report computes that depend on themselves, and chains of computes that are too long."""
    computes = list(enumerate(context.playbook.computes))
    paths = {compute.id: ("compute", number) for number, compute in reversed(computes)}
    for circle in context.order.circles:
        chain = " -> ".join(circle if len(circle) <= 8 else (*circle[:6], "…", circle[-1]))
        hint = "Remove one of these references."
        yield Diagnostic(
            _find_value_path(context, paths[circle[0]]), "circle", f"This depends on itself: {chain}.", hint
        )
    for name, path in paths.items():
        if context.order.depth(name) == MAX_COMPUTE_DEPTH + 1:
            message = f"This is the end of a chain of more than {MAX_COMPUTE_DEPTH} computes."
            yield Diagnostic(_find_value_path(context, path), "nested-too-deep", message, "Merge some of them.")


def check_inserts(context: LintContext, occurrence: TextOccurrence) -> Iterator[Diagnostic]:
    """Report all problems with the inserts of one text."""
    for offset, piece in find_pieces(occurrence.text):
        match piece:
            case Stray(text=text):
                message = f"{quote(text)} is not an insert."
                hint = _suggest_insert(context, occurrence, text) or STRAY_HINT
                yield Diagnostic(occurrence.path, "stray-brace", message, hint, "inside", offset)
            case Insert(id=name):
                yield from _check_insert(context, occurrence, name, offset + 1)


def _suggest_insert(context: LintContext, occurrence: TextOccurrence, text: str) -> str:
    """What the insert may be meant to be: `{Name}` or `{ name }` is `{name}`."""
    name = text.strip("{} ").lower()
    if text.endswith("}") and (context.types.has(name) or name in occurrence.visible.fields):
        return f"Did you mean {{{name}}}?"
    return describe_lookalike(text)


def check_pick(context: LintContext, occurrence: PickOccurrence) -> Iterator[Diagnostic]:
    """Report if a line can't be chosen by that answer, or names something that can't be chosen."""
    path, name = occurrence.path, occurrence.name
    if len(occurrence.keys) == 1:
        hint = 'Write a line for each choice: { pick = "tone", plain = "...", else = "..." }.'
        yield Diagnostic(path[:-1], "empty-text", "There are no lines to choose from.", hint)
    kind, bands = context.types.type_of(name), context.types.band_ids(name)
    if not context.types.has(name):
        yield context.unknown_name(name, path)
        return
    if later := context.explain_later(name, occurrence.visible):
        yield Diagnostic(path, "forward-reference", later, LATER_HINT)
    if not bands and not isinstance(kind, ChoiceType | ChoicesType):
        if not context.is_unsure(name):
            message = f"{quote(name)} is neither a choice nor a compute with bands."
            yield Diagnostic(path, "wrong-kind", message, "Write { when = ..., text = ... } for other conditions.")
        return
    for line in expand_pick(dict.fromkeys(occurrence.keys, "") | {"pick": name}, (name,) if bands else ()):
        try:
            parse(line["when"] or "true")
        except Refused as refused:
            message = f"These are too many lines to choose from: {refused.problems[0].message}"
            yield Diagnostic(path, refused.problems[0].code, message, "Write several texts, each with a `when`.")
            return
    ids = bands or (kind.ids if isinstance(kind, ChoiceType | ChoicesType) else None)
    for key in occurrence.keys:
        if key not in ("pick", "else") and ids is not None and key not in ids:
            message = f"{quote(key)} is not one of the choices."
            yield Diagnostic((*path[:-1], key), "unknown-choice", message, suggest(key, ids), target="key")


def check_texts(context: LintContext) -> Iterator[Diagnostic]:
    """Report texts that are empty or should be one line, and inserts in texts where they have no effect."""
    playbook = context.playbook
    for key in ("title", "summary", "author", "licence"):
        text: str = getattr(playbook, key)
        if "\n" in text.strip():
            yield Diagnostic((key,), "several-lines", f"`{key}` should be a single line.", "Remove the line break.")
    for number, situation in enumerate(playbook.situations):
        if "\n" in situation.text.strip():
            message = "A situation should be a single line."
            yield Diagnostic(("situation", number, "text"), "several-lines", message, "Remove the line break.")
    for path, needed in _list_needed(context):
        if isinstance(needed, list):
            if not needed:
                yield Diagnostic(path, "empty-text", f"`{path[-1]}` has no lines.", "Write some text here.")
        elif is_blank(needed):
            yield Diagnostic(path, "empty-text", f"`{path[-1]}` is empty.", "Write some text here.")
    for path, lines in _list_wordings(context):
        yield from _check_reach(path, lines)
    for path, text in _list_fixed(context):
        for offset, piece in find_pieces(text):
            if isinstance(piece, Insert) and context.types.has(piece.id):
                message = f"Inserts don't work here, so {{{piece.id}}} is shown as written."
                hint = "Use it in a question, finding, draft or action instead."
                yield Diagnostic(path, "not-inserted", message, hint, "inside", offset, severity="warning")


def check_asks(context: LintContext) -> Iterator[Diagnostic]:
    """Report questions that ask two things, and questions that are too long."""
    for written in context.questions:
        for each in (written, *written.fields):
            ask = str(each.table.get("ask", ""))
            if not each.question.spec.has_answer or not ask:
                continue
            path = (*each.path, "ask")
            kind = each.question.spec.expression_type(context.types)
            second = None if isinstance(kind, RecordsType | MatrixType) else _find_second_question(ask)
            if second is not None:
                message = "This asks two things, and there is one answer."
                hint = "Ask the more important one, or make two questions."
                yield Diagnostic(path, "double-question", message, hint, "inside", second, "warning")
            words = len(ask.split())
            if words > MAX_ASK_WORDS:
                message = f"This question has {words} words; {MAX_ASK_WORDS} are as many as one takes in at once."
                hint = "Move the background to `hint` or `why`."
                yield Diagnostic(path, "long-question", message, hint, severity="warning")


class PrivacyCheck:
    """Finds private answers in texts of drafts that are always shown."""

    def __init__(self, context: LintContext) -> None:
        self._context = context
        self._facts = Facts(context.playbook, {}, today=date.min)  # privacy doesn't depend on the day

    def check_line(self, line: WrittenLine) -> Iterator[Diagnostic]:
        """Report a private answer in a line of a draft that has no condition."""
        if "draft" not in line.path or "text" not in line.path or line.given or "{" not in line.text:
            return
        for offset, piece in find_pieces(line.text):
            if isinstance(piece, Insert) and self._context.types.has(piece.id) and is_private(self._facts, piece.id):
                message = f"{quote(piece.id)} is private, so this draft has a gap when it is shared."
                hint = f"Give this line a condition such as answered({piece.id}), or write it without the answer."
                yield Diagnostic(line.path, "private-draft", message, hint, "inside", offset + 1, "warning")


def _find_value_path(context: LintContext, path: tuple[str, int]) -> Path:
    return (*path, "value" if context.playbook.computes[path[1]].value else "tally")


def _check_types(context: LintContext, node: Node, occurrence: ExpressionOccurrence) -> Iterator[Diagnostic]:
    scope = NestedScope(context.types, occurrence.visible.fields, occurrence.visible.actions)
    try:
        if occurrence.is_value:
            check_value(node, scope)
        else:
            check_condition(node, scope)
    except Refused as refused:
        yield from (_convert(problem, occurrence) for problem in refused.problems)


def _check_name(context: LintContext, name: Name, occurrence: ExpressionOccurrence) -> Iterator[Diagnostic]:
    if context.is_note(name.id):
        message = f"{quote(name.id)} is a note, which has no answer."
        yield _locate(occurrence, name.column, "no-answer", message, "Refer to another question.")
        return
    later = context.explain_later(name.id, occurrence.visible)
    if later:
        yield _locate(occurrence, name.column, "forward-reference", later, LATER_HINT)


def _check_unknown_names(
    context: LintContext, node: Node, names_used: frozenset[str], occurrence: ExpressionOccurrence
) -> Iterator[Diagnostic]:
    """Report unknown names in an expression whose types can't be checked because of another problem."""
    fields = {
        name.id
        for call in _find_unsure_calls(context, node)
        for each in call.arguments[1:]
        for name in _find_names(each)
    }
    for name in _find_first_of_each(node):
        if name.id in names_used and name.id not in fields and not context.types.has(name.id):
            found = context.unknown_name(name.id, occurrence.path)
            yield _locate(occurrence, name.column, found.code, found.message, found.hint)


def _find_unsure_calls(context: LintContext, node: Node) -> Iterator[Call]:
    if (
        isinstance(node, Call)
        and node.arguments
        and isinstance(node.arguments[0], Name)
        and context.is_unsure(node.arguments[0].id)
    ):
        yield node
    for child in get_children(node):
        yield from _find_unsure_calls(context, child)


def _find_names(node: Node) -> Iterator[Name]:
    if isinstance(node, Name):
        yield node
    for child in get_children(node):
        yield from _find_names(child)


def _find_compared(node: Node) -> Iterator[Name]:
    """The arguments of highest() and second(). They give the id of a compute, which is shown by its label."""
    if isinstance(node, Call) and node.function in {"highest", "second"}:
        yield from (each for each in node.arguments if isinstance(each, Name))
    for child in get_children(node):
        yield from _find_compared(child)


def _find_first_of_each(node: Node) -> tuple[Name, ...]:
    return tuple({name.id: name for name in reversed(list(_find_names(node)))}.values())


def _convert(problem: Problem, occurrence: ExpressionOccurrence) -> Diagnostic:
    column = problem.where.column if isinstance(problem.where, Place) else 1
    return _locate(occurrence, column, problem.code, problem.message, problem.hint)


def _locate(occurrence: ExpressionOccurrence, column: int, code: str, message: str, hint: str) -> Diagnostic:
    if occurrence.in_table:
        return Diagnostic(occurrence.path, code, message, hint, target="key" if column == 1 else "value")
    return Diagnostic(occurrence.path, code, message, hint, target="inside", offset=column - 1)


def _check_reach(path: Path, lines: list[Any]) -> Iterator[Diagnostic]:
    """Report lines of which the first that holds is used, but that come after one that always holds."""
    always = next((number for number, line in enumerate(lines) if isinstance(line, str)), len(lines))
    if always + 1 < len(lines):
        message = "This line is never used: the one before it always is."
        hint = "Move it up, or give the line before it a condition."
        yield Diagnostic((*path, always + 1), "unused-line", message, hint, severity="warning")


def _check_insert(context: LintContext, occurrence: TextOccurrence, name: str, offset: int) -> Iterator[Diagnostic]:
    def report(code: str, message: str, hint: str) -> Diagnostic:
        return Diagnostic(occurrence.path, code, message, hint, "inside", offset)

    visible = occurrence.visible
    question = context.types.question(name)
    if name in visible.fields:
        return
    if visible.only_fields:
        message = f"There is no field {quote(name)} in these records."
        yield report("unknown-id", message, suggest(name, visible.fields))
    elif not context.types.has(name):
        yield context.unknown_name(name, occurrence.path, target="inside", offset=offset)
    elif context.is_note(name):
        yield report(
            "no-answer", f"{quote(name)} is a note, which has no answer.", "Insert another question or compute."
        )
    elif question is not None and question.spec.not_inserted and not context.is_unsure(name):
        code, description, hint = question.spec.not_inserted
        yield report(code, f"{quote(name)} is {description}.", hint)
    elif later := context.explain_later(name, visible):
        yield report("forward-reference", later, LATER_HINT)


def _list_needed(context: LintContext) -> Iterator[tuple[Path, str | list[Any]]]:
    """The texts that must not be empty. A repeated question may leave them out."""
    playbook = context.playbook
    yield ("title",), playbook.title
    yield ("summary",), playbook.summary
    for number, situation in enumerate(playbook.situations):
        yield ("situation", number, "text"), situation.text
    for number, source in enumerate(playbook.sources):
        yield ("source", number, "cite"), source.cite
    for number, stage in enumerate(playbook.stages):
        yield ("stage", number, "title"), stage.title
    for written in context.questions:
        for each in (written, *written.fields):
            yield from _list_needed_in_question(each)
    for number, checkin in enumerate(playbook.checkins):
        yield ("checkin", number, "title"), checkin.title
    for path, table, _ in context.rules():
        key = "do" if path[-2] == "action" else "title"
        yield (*path, key), table[key]
    for kind in ("compute", "headline"):
        for number, table in enumerate(context.tables.get(kind, ())):
            if "text" in table:
                yield (kind, number, "text"), table["text"]


def _list_wordings(context: LintContext) -> Iterator[tuple[Path, list[Any]]]:
    """The texts of one line that are written as a list."""
    tables: list[tuple[Path, Table, tuple[str, ...]]] = [(path, table, WORDINGS) for path, table, _ in context.rules()]
    for kind in ("compute", "headline"):
        tables += [((kind, number), each, ("text",)) for number, each in enumerate(context.tables.get(kind, ()))]
    for path, table, keys in tables:
        yield from (((*path, key), table[key]) for key in keys if isinstance(table.get(key), list))


def _list_needed_in_question(written: WrittenQuestion) -> Iterator[tuple[Path, str]]:
    if "ask" in written.table:
        yield (*written.path, "ask"), written.table["ask"]
    if not written.repeats:
        for key, choices in written.question.spec.choice_lists():
            for number, choice in enumerate(choices):
                yield (*written.path, key, number, "label"), choice.label


def _list_fixed(context: LintContext) -> Iterator[tuple[Path, str]]:
    """Texts in which inserts have no effect."""
    playbook = context.playbook
    yield ("title",), playbook.title
    yield ("summary",), playbook.summary
    for number, situation in enumerate(playbook.situations):
        yield ("situation", number, "text"), situation.text
    for number, stage in enumerate(playbook.stages):
        yield ("stage", number, "title"), stage.title
    for written in context.questions:
        for each in (written, *written.fields):
            if not each.repeats:
                yield from (((*each.path, *inside), text) for inside, text in each.question.spec.fixed_texts())
    for number, compute in enumerate(context.tables.get("compute", ())):
        for inner, band in enumerate(compute.get("bands", ())):
            yield ("compute", number, "bands", inner, "label"), band.get("label", "")


@cache
def _compile_second() -> re.Pattern[str]:
    """A second question after the first one's end, or after "and"."""
    persons = "you|they|he|she|it|we|I|there|this|that|your|their"
    clause = rf"(?:(?:{_PREPOSITIONS})?(?:{_QUESTION_WORDS})\b|(?:{_AUXILIARIES})\s+(?:{persons})\b)"
    return re.compile(rf"(?:\?\s+(?=[A-Z{{'\"]).*\?|,?\s+and\s+(?={clause}))", re.IGNORECASE | re.DOTALL)


@cache
def _compile_first() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[,.:;]\s+)(?:{_QUESTION_WORDS}|{_AUXILIARIES})\b", re.IGNORECASE)


def _find_second_question(ask: str) -> int | None:
    """The offset at which a second question begins; None if there is only one."""
    if not ask.rstrip().endswith("?"):
        return None
    for found in _compile_second().finditer(ask):
        if _compile_first().search(ask[: found.start()]):
            begin = found.start() + 1 if found.group().startswith("?") else found.end()
            return begin + len(ask[begin:]) - len(ask[begin:].lstrip())
    return None
