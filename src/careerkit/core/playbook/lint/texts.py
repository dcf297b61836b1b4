"""Lint: texts are not empty, and what they insert exists and can be inserted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from careerkit.core.errors import Path, Refused
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.types import ChoicesType, ChoiceType
from careerkit.core.playbook.diagnostics import Diagnostic, quote, suggest
from careerkit.core.playbook.lint.context import LATER_HINT, LintContext, Table, WrittenQuestion
from careerkit.core.playbook.lint.occurrences import PickOccurrence, TextOccurrence
from careerkit.core.playbook.schema import expand_pick
from careerkit.core.template import STRAY_HINT, Insert, Stray, find_pieces
from careerkit.core.text import describe_lookalike, is_blank

WORDINGS = ("title", "to", "do", "cue", "evidence", "owner")
"""The keys of findings, drafts and actions whose text is one line."""


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
