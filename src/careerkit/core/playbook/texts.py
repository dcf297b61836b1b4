"""Whether the texts of a playbook say something, and insert what is there to be inserted."""

from __future__ import annotations

from collections.abc import Iterator

from careerkit.core.expression.kinds import GridKind
from careerkit.core.playbook import document as doc
from careerkit.core.playbook import document_questions as asked_doc
from careerkit.core.playbook.fault import Fault, did_you_mean, shown
from careerkit.core.playbook.scanner import Path
from careerkit.core.playbook.sites import TextSite
from careerkit.core.playbook.subject import LATER_HINT, Subject, question_paths
from careerkit.core.playbook.template import STRAY_HINT, Insert, Stray, pieces


def text_faults(subject: Subject, site: TextSite) -> Iterator[Fault]:
    """Everything that is wrong with what one text inserts."""
    for offset, piece in pieces(site.text):
        match piece:
            case Stray(text=text):
                message = f"{shown(text)} inserts nothing."
                yield Fault(site.path, "stray-brace", message, STRAY_HINT, spot="inside", offset=offset)
            case Insert(id=name):
                yield from _insert_faults(subject, site, name, offset + 1)


def wording_faults(subject: Subject) -> Iterator[Fault]:
    """Texts that must say something and don't, and braces where nothing is ever inserted."""
    document = subject.document
    for key, text in (("title", document.title), ("summary", document.summary)):
        if "\n" in text.strip():
            yield Fault((key,), "several-lines", f"`{key}` is shown in lists, on one line.", "Make it one line.")
    for path, text in _needed(document):
        if not text.strip():
            yield Fault(path, "empty-text", f"`{path[-1]}` says nothing.", "Write something, or take this out.")
    for path, text in _never_inserting(document):
        for offset, piece in pieces(text):
            if isinstance(piece, Insert) and subject.kinds.has(piece.id):
                message = f"Nothing is inserted here: {{{piece.id}}} is shown as it stands."
                hint = "Insert it in a title, a question or an outcome."
                yield Fault(path, "not-inserted", message, hint, spot="inside", offset=offset, severity="warning")


def choices_of(
    question: asked_doc.OwnQuestion | asked_doc.AgainQuestion,
) -> Iterator[tuple[str, list[asked_doc.ChoiceDocument]]]:
    """Each list of fixed choices that a question has, with its key."""
    if isinstance(question, asked_doc.Optioned) and question.choices is not None:
        yield "choices", question.choices
    if isinstance(question, asked_doc.GridQuestion):
        for key, axis in (("rows", question.rows), ("columns", question.columns)):
            if isinstance(axis, list):
                yield key, axis


def _insert_faults(subject: Subject, site: TextSite, name: str, offset: int) -> Iterator[Fault]:
    def at(code: str, message: str, hint: str) -> Fault:
        return Fault(site.path, code, message, hint, spot="inside", offset=offset)

    if name in site.view.fields:
        return
    if site.view.alone:
        yield at(
            "unknown-id", f"There is no field {shown(name)} in these records.", did_you_mean(name, site.view.fields)
        )
    elif not subject.kinds.has(name):
        yield subject.unknown(name, site.path, spot="inside", offset=offset)
    elif subject.is_note(name):
        yield at("no-answer", f"{shown(name)} is a note, which has no answer.", "Insert an answer.")
    elif isinstance(subject.kinds.kind_of(name), GridKind):
        yield at(
            "inserted-grid",
            f"{shown(name)} is a grid, which can't be shown in a line.",
            "Insert a compute of it, with at().",
        )
    elif later := subject.later(name, site.view):
        yield at("forward-reference", later, LATER_HINT)


def _needed(document: doc.PlaybookDocument) -> Iterator[tuple[Path, str]]:
    yield ("title",), document.title
    yield ("summary",), document.summary
    for number, source in enumerate(document.source):
        yield ("source", number, "cite"), source.cite
    for number, stage in enumerate(document.stage):
        yield ("stage", number, "title"), stage.title
    for path, question in question_paths(document):
        yield from _needed_in_question(path, question)
    yield from _needed_in_outcomes((), document)
    for number, checkin in enumerate(document.checkin):
        yield ("checkin", number, "title"), checkin.title
        yield from _needed_in_outcomes(("checkin", number), checkin)


def _needed_in_question(
    path: Path, question: asked_doc.OwnQuestion | asked_doc.AgainQuestion
) -> Iterator[tuple[Path, str]]:
    if question.ask is not None:
        yield (*path, "ask"), question.ask
    for key, choices in choices_of(question):
        for number, choice in enumerate(choices):
            yield (*path, key, number, "label"), choice.label
    if isinstance(question, asked_doc.RecordsQuestion):
        for number, field in enumerate(question.fields_):
            yield from _needed_in_question((*path, "fields", number), field)


def _needed_in_outcomes(parent: Path, part: doc.PlaybookDocument | doc.CheckinDocument) -> Iterator[tuple[Path, str]]:
    for number, finding in enumerate(part.finding):
        yield (*parent, "finding", number, "title"), finding.title
    for number, draft in enumerate(part.draft):
        yield (*parent, "draft", number, "title"), draft.title
    for number, action in enumerate(part.action):
        yield (*parent, "action", number, "do"), action.do


def _never_inserting(document: doc.PlaybookDocument) -> Iterator[tuple[Path, str]]:
    yield ("title",), document.title
    yield ("summary",), document.summary
    for number, stage in enumerate(document.stage):
        yield ("stage", number, "title"), stage.title
    for path, question in question_paths(document):
        yield from _never_in_question(path, question)
        if isinstance(question, asked_doc.RecordsQuestion):
            for number, field in enumerate(question.fields_):
                yield from _never_in_question((*path, "fields", number), field)
    for number, compute in enumerate(document.compute):
        for inner, band in enumerate(compute.bands):
            yield ("compute", number, "bands", inner, "label"), band.label


def _never_in_question(
    path: Path, question: asked_doc.OwnQuestion | asked_doc.AgainQuestion
) -> Iterator[tuple[Path, str]]:
    for key, choices in choices_of(question):
        for number, choice in enumerate(choices):
            yield (*path, key, number, "label"), choice.label
            yield (*path, key, number, "hint"), choice.hint
    if isinstance(question, asked_doc.ScaleQuestion):
        for value, text in question.anchors.items():
            yield (*path, "anchors", value), text
