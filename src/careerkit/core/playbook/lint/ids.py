"""Lint: ids are valid and unique, and every cited source is declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from careerkit.core.errors import Path
from careerkit.core.expressions.ast import RESERVED_WORDS
from careerkit.core.frozen import frozen
from careerkit.core.playbook.diagnostics import Diagnostic, quote, suggest
from careerkit.core.playbook.lint.context import LintContext, WrittenQuestion
from careerkit.core.playbook.model import list_defined_names
from careerkit.core.questions.question import ITEM
from careerkit.core.text import MAX_ID_LENGTH, describe_lookalike, is_id, is_source_id

MAX_QUESTIONS = 500


@frozen
class Named:
    """An id with the path of its table and, as a word for messages, what kind of thing it names."""

    id: str
    path: Path
    kind: str


def check_ids(context: LintContext) -> Iterator[Diagnostic]:
    """Report ids that are invalid, reserved or duplicate, and sources that are not declared."""
    playbook = context.playbook
    questions = [Named(each.question.id, each.path, "question") for each in context.questions]
    if len(questions) > MAX_QUESTIONS:
        message = f"This playbook has {len(questions)} questions; the limit is {MAX_QUESTIONS}."
        hint = "Split it into two playbooks, and link them with `next`."
        yield Diagnostic(questions[MAX_QUESTIONS].path, "too-many-questions", message, hint)
    answers = [*questions, *_name_all(playbook.computes, (), "compute")]
    decisions = list(_name_all(playbook.decisions, (), "decision"))
    defined = [
        Named(name, each.path, "decision result")
        for each, rule in zip(decisions, playbook.decisions, strict=True)
        for name in list_defined_names(rule)
    ]
    for each in answers:
        yield from _check_id(each, is_reserved=each.id in RESERVED_WORDS)
    for each in decisions:
        yield from _check_id(each, is_reserved=False)
    taken = {each.id: each.kind for each in reversed((*answers, *defined))}
    yield from _check_unique((*answers, *defined))
    yield from _check_unique(decisions)
    for written in context.questions:
        yield from _check_question(written, taken)
    yield from _check_other_namespaces(context)
    yield from _check_sources(context)


def _check_question(written: WrittenQuestion, taken: dict[str, str]) -> Iterator[Diagnostic]:
    if written.repeats:
        return
    for key, choices in written.question.spec.choice_lists():
        yield from _check_namespace(_name_all(choices, written.path, "choice", key=key))
    fields = [Named(each.question.id, each.path, "field") for each in written.fields]
    implied = [Named(ITEM, (*written.path, "items"), "field")] if fields and "items" in written.table else []
    for each in fields:
        yield from _check_id(each, is_reserved=False)
        if each.id in RESERVED_WORDS:
            message = f"{quote(each.id)} is a reserved word in expressions, so no expression can use this field."
            hint = "Give it another id if an expression needs it."
            yield Diagnostic((*each.path, "id"), "reserved-id", message, hint, severity="warning")
    yield from _check_unique([*implied, *fields])
    for each in (*implied, *fields):
        if each.id in taken:
            message = _describe_duplicate(each.id, taken[each.id])
            path = each.path if each in implied else (*each.path, "id")
            yield Diagnostic(
                path,
                "duplicate-id",
                message,
                "Rename one of them. Only fields of different records questions may share an id.",
            )
    for field in written.fields:
        yield from _check_question(field, taken)


def _check_other_namespaces(context: LintContext) -> Iterator[Diagnostic]:
    playbook = context.playbook
    sources = list(_name_all(playbook.sources, (), "source"))
    for each in sources:
        if not is_source_id(each.id) or len(each.id) > MAX_ID_LENGTH:
            message = f"{quote(each.id)} is not a valid source id."
            hint = "Use letters, digits, - and _, starting with a letter."
            yield Diagnostic((*each.path, "id"), "bad-id", message, hint)
    yield from _check_unique(sources)
    yield from _check_namespace(_name_all(playbook.stages, (), "stage"))
    for number, compute in enumerate(playbook.computes):
        yield from _check_namespace(_name_all(compute.bands, ("compute", number), "band", key="bands"))
        yield from _check_namespace(_name_all(compute.tally, ("compute", number), "line", key="tally"))
    rules = [Named(rule.id, path, str(path[-2])) for path, _, rule in context.rules()]
    for kind in ("finding", "draft", "action"):
        yield from _check_namespace(each for each in rules if each.kind == kind)
    yield from _check_namespace(_name_all(playbook.checkins, (), "check-in", key="checkin"))


def _name_all(records: Iterable[Any], parent: Path, kind: str, *, key: str = "") -> Iterator[Named]:
    for number, record in enumerate(records):
        yield Named(record.id, (*parent, key or kind, number), kind)


def _check_namespace(named: Iterable[Named]) -> Iterator[Diagnostic]:
    """Check ids that only have to be unique among themselves."""
    found = list(named)
    for each in found:
        yield from _check_id(each, is_reserved=False)
    yield from _check_unique(found)


def _check_id(named: Named, *, is_reserved: bool) -> Iterator[Diagnostic]:
    path = (*named.path, "id")
    if not is_id(named.id):
        hint = describe_lookalike(named.id) or "Use lowercase letters, digits and _, starting with a letter."
        yield Diagnostic(path, "bad-id", f"{quote(named.id)} is not a valid id.", hint)
    elif len(named.id) > MAX_ID_LENGTH:
        message = f"This id has {len(named.id)} characters; the limit is {MAX_ID_LENGTH}."
        yield Diagnostic(path, "bad-id", message, "Shorten it.")
    elif is_reserved:
        yield Diagnostic(
            path, "reserved-id", f"{quote(named.id)} is a reserved word in expressions.", "Choose another id."
        )


def _check_unique(named: Iterable[Named]) -> Iterator[Diagnostic]:
    first: dict[str, str] = {}
    for each in named:
        if each.id not in first:
            first[each.id] = each.kind
        elif first[each.id] != "decision result" or each.kind != "decision result":
            message = _describe_duplicate(each.id, first[each.id])
            yield Diagnostic((*each.path, "id"), "duplicate-id", message, "Rename one of them.")


def _describe_duplicate(name: str, kind: str) -> str:
    article = "an" if kind[0] in "aeiou" else "a"
    return f"{quote(name)} is already the id of {article} {kind}."


def _check_sources(context: LintContext) -> Iterator[Diagnostic]:
    declared = {source.id for source in context.playbook.sources}
    for path, table in _list_citing(context):
        for number, source in enumerate(table.get("source", ())):
            if source not in declared and source.partition(".")[0] not in declared:
                hint = suggest(source.partition(".")[0], declared, otherwise="Add a [[source]] with this id.")
                message = f"There is no source {quote(source)}."
                yield Diagnostic((*path, "source", number), "unknown-source", message, hint)


def _list_citing(context: LintContext) -> Iterator[tuple[Path, Any]]:
    """Every table that may cite sources, with its path."""
    for written in context.questions:
        for each in (written, *written.fields):
            yield each.path, each.table
    for number, compute in enumerate(context.tables.get("compute", ())):
        yield ("compute", number), compute
    for path, table, _ in context.rules():
        yield path, table
