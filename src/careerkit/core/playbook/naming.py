"""Whether ids are ids, and each names one thing; and whether every source that is cited is declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from careerkit.core.expression import RESERVED
from careerkit.core.frozen import frozen
from careerkit.core.playbook import document as doc
from careerkit.core.playbook import document_questions as asked_doc
from careerkit.core.playbook.fault import Fault, did_you_mean, shown
from careerkit.core.playbook.names import LONGEST, is_id, is_source_id
from careerkit.core.playbook.order import ITEM, defined_by
from careerkit.core.playbook.scanner import Path
from careerkit.core.playbook.subject import Subject, question_paths, rule_paths
from careerkit.core.playbook.texts import choices_of

MOST_QUESTIONS = 500


@frozen
class Named:
    """An id, the path of its table, and what it is the id of."""

    id: str
    path: Path
    sort: str


def naming_faults(subject: Subject) -> Iterator[Fault]:
    document = subject.document
    answers = [Named(question.id, path, "question") for path, question in question_paths(document)]
    if len(answers) > MOST_QUESTIONS:
        message = f"There are {len(answers)} questions; {MOST_QUESTIONS} are allowed."
        yield Fault(
            answers[MOST_QUESTIONS].path, "too-many-questions", message, "Make two playbooks, and lead on with `next`."
        )
    answers += _named(document.compute, (), "compute")
    decisions = list(_named(document.decision, (), "decision"))
    defined = [
        Named(name, each.path, "decision's value")
        for each, rule in zip(decisions, subject.playbook.decisions, strict=True)
        for name in defined_by(rule)
    ]
    for each in answers:
        yield from _id_faults(each, is_reserved=each.id in RESERVED)
    for each in decisions:
        yield from _id_faults(each, is_reserved=False)
    taken = {each.id: each.sort for each in reversed((*answers, *defined))}
    yield from _twice((*answers, *defined))
    yield from _twice(decisions)
    for path, question in question_paths(document):
        yield from _question_faults(path, question, taken)
    yield from _other_faults(document)
    yield from _source_faults(document)


def _question_faults(
    path: Path, question: asked_doc.OwnQuestion | asked_doc.AgainQuestion, taken: dict[str, str]
) -> Iterator[Fault]:
    for key, choices in choices_of(question):
        yield from _own_namespace(
            [Named(each.id, (*path, key, number), "choice") for number, each in enumerate(choices)]
        )
    if not isinstance(question, asked_doc.RecordsQuestion):
        return
    fields = [Named(each.id, (*path, "fields", number), "field") for number, each in enumerate(question.fields_)]
    implied = [Named(ITEM, (*path, "items"), "field")] if question.items is not None else []
    for each in fields:
        yield from _id_faults(each, is_reserved=False)
        if each.id in RESERVED:
            message = f"{shown(each.id)} is a word of the expressions: none can look at this field."
            hint = "Give it another id if one should."
            yield Fault((*each.path, "id"), "reserved-id", message, hint, severity="warning")
    yield from _twice([*implied, *fields])
    for each in (*implied, *fields):
        if each.id in taken:
            message = f"{shown(each.id)} is already the id of a {taken[each.id]}."
            path = each.path if each in implied else (*each.path, "id")
            yield Fault(path, "duplicate-id", message, "Only fields of other records may have the same id.")
    for number, field in enumerate(question.fields_):
        yield from _question_faults((*path[:4], "fields", number), field, taken)


def _other_faults(document: doc.PlaybookDocument) -> Iterator[Fault]:
    sources = list(_named(document.source, (), "source"))
    for each in sources:
        if not is_source_id(each.id) or len(each.id) > LONGEST:
            message = f"{shown(each.id)} can't be a source's id."
            yield Fault((*each.path, "id"), "bad-id", message, "Use letters, digits, - and _, beginning with a letter.")
    yield from _twice(sources)
    yield from _own_namespace(_named(document.stage, (), "stage"))
    for number, compute in enumerate(document.compute):
        yield from _own_namespace(_named(compute.bands, ("compute", number), "band", key="bands"))
        yield from _own_namespace(_named(compute.tally or (), ("compute", number), "line", key="tally"))
    rules = [Named(rule.id, path, str(path[-2])) for path, rule in rule_paths(document)]
    for sort in ("finding", "draft", "action"):
        yield from _own_namespace(each for each in rules if each.sort == sort)
    yield from _own_namespace(_named(document.checkin, (), "check-in", key="checkin"))


def _named(tables: Iterable[object], parent: Path, sort: str, key: str = "") -> Iterator[Named]:
    for number, table in enumerate(tables):
        yield Named(table.id, (*parent, key or sort, number), sort)  # type: ignore[attr-defined]  # each has an id


def _own_namespace(named: Iterable[Named]) -> Iterator[Fault]:
    found = list(named)
    for each in found:
        yield from _id_faults(each, is_reserved=False)
    yield from _twice(found)


def _id_faults(named: Named, *, is_reserved: bool) -> Iterator[Fault]:
    path = (*named.path, "id")
    if not is_id(named.id):
        hint = "An id has small letters, digits and _, and begins with a letter."
        yield Fault(path, "bad-id", f"{shown(named.id)} can't be an id.", hint)
    elif len(named.id) > LONGEST:
        yield Fault(path, "bad-id", f"This id has {len(named.id)} characters; {LONGEST} are allowed.", "Shorten it.")
    elif is_reserved:
        yield Fault(path, "reserved-id", f"{shown(named.id)} is a word of the expressions.", "Choose another id.")


def _twice(named: Iterable[Named]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for each in named:
        if each.id not in first:
            first[each.id] = each.sort
        elif first[each.id] != "decision's value" or each.sort != "decision's value":
            message = f"{shown(each.id)} is already the id of a {first[each.id]}."
            yield Fault((*each.path, "id"), "duplicate-id", message, "Give one of them another id.")


def _source_faults(document: doc.PlaybookDocument) -> Iterator[Fault]:
    declared = {source.id for source in document.source}
    for path, cited in _citing(document):
        for number, source in enumerate(cited):
            if source not in declared and source.partition(".")[0] not in declared:
                hint = did_you_mean(source.partition(".")[0], declared, otherwise="Add a [[source]] with this id.")
                yield Fault((*path, number), "unknown-source", f"There is no source {shown(source)}.", hint)


def _citing(document: doc.PlaybookDocument) -> Iterator[tuple[Path, list[str]]]:
    for path, question in question_paths(document):
        yield (*path, "source"), question.source or []
        if isinstance(question, asked_doc.RecordsQuestion):
            for number, field in enumerate(question.fields_):
                yield (*path, "fields", number, "source"), field.source
    for number, compute in enumerate(document.compute):
        yield ("compute", number, "source"), compute.source
    for path, rule in rule_paths(document):
        yield (*path, "source"), rule.source
