"""Where in a playbook expressions and texts with inserted values stand, and what can be known at each of these places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from careerkit.core.expression.kinds import Kind
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook import document as doc
from careerkit.core.playbook import document_questions as asked_doc
from careerkit.core.playbook.kinds import Kinds
from careerkit.core.playbook.model import Playbook, Question, RecordsForm
from careerkit.core.playbook.order import NOWHERE, Order
from careerkit.core.playbook.plain import literal
from careerkit.core.playbook.scanner import Path

EVERYTHING = 1_000_000
"""A position after every question."""


@frozen
class View:
    """What can be looked at from somewhere: names that rest on nothing later than `until`, and a records' `fields`.

    `actions` are those that done() may name, None outside of check-ins. `alone`: only the fields can be looked at.
    """

    until: int
    fields: Mapping[str, Kind] = MappingProxyType({})
    actions: tuple[str, ...] | None = None
    alone: bool = False


@frozen
class ExpressionSite:
    path: Path
    source: str
    view: View
    whole_value: bool = False
    """A compute's `value`, where each() may stand and any kind is right; else a condition."""
    in_table: bool = False
    """An entry of `when = { id = value }`: the expression isn't written so in the file."""


@frozen
class TextSite:
    path: Path
    text: str
    view: View


Site = ExpressionSite | TextSite


def sites_of(document: doc.PlaybookDocument, playbook: Playbook, kinds: Kinds, order: Order) -> Iterator[Site]:
    """Every expression and every text of the document, but for empty ones.

    Texts that insert values: a stage's intro; a question's ask, hint, why, check_text and (a note's) text; a
    records' line; a compute's label and its tally's texts; all of an outcome; a check-in's title. Nothing is inserted
    into the playbook's or a stage's title, the summary, a choice's label, an anchor, a unit or a band's label.
    """
    yield from (site for site in _Walk(document, playbook, kinds, order).all() if not _is_empty(site))


def _is_empty(site: Site) -> bool:
    return not (site.text if isinstance(site, TextSite) else site.source)


@frozen
class _Walk:
    document: doc.PlaybookDocument
    playbook: Playbook
    kinds: Kinds
    order: Order

    def all(self) -> Iterator[Site]:
        position = NOWHERE
        for number, stage in enumerate(self.document.stage):
            path: Path = ("stage", number)
            before = View(position)
            yield from _texts(path, before, intro=stage.intro)
            yield from _condition((*path, "when"), stage.when, before)
            yield from self._questions(path, stage.question, self.playbook.stages[number].questions, before)
            position += len(stage.question)
        for number, compute in enumerate(self.document.compute):
            yield from self._compute(("compute", number), compute)
        yield from _outcomes((), self.document, View(position))
        yield from self._checkins(position)

    def _checkins(self, position: int) -> Iterator[Site]:
        actions = [action.id for action in self.document.action]
        for number, checkin in enumerate(self.document.checkin):
            path: Path = ("checkin", number)
            before = View(position, actions=tuple(actions))
            yield from _texts(path, before, title=checkin.title)
            yield from _condition((*path, "when"), checkin.when, before)
            yield from self._questions(path, checkin.question, self.playbook.checkins[number].questions, before)
            position += len(checkin.question)
            yield from _outcomes(path, checkin, replace(before, until=position))
            actions += [action.id for action in checkin.action]

    def _questions(
        self,
        parent: Path,
        written: Iterable[asked_doc.OwnQuestion | asked_doc.AgainQuestion],
        questions: Iterable[Question],
        before: View,
    ) -> Iterator[Site]:
        for number, (each, question) in enumerate(zip(written, questions, strict=True)):
            here = replace(before, until=before.until + 1)
            path = (*parent, "question", number)
            yield from _question(path, each, before, here)
            if isinstance(each, asked_doc.RecordsQuestion) and isinstance(question.form, RecordsForm):
                yield from self._fields(path, each, question.form, before)
            before = here

    def _fields(
        self, parent: Path, written: asked_doc.RecordsQuestion, form: RecordsForm, before: View
    ) -> Iterator[Site]:
        known = self.kinds.fields_of(form)
        seen = {name: kind for name, kind in known.items() if form.items and name == "item"}
        for number, each in enumerate(written.fields_):
            until_now = replace(before, fields=dict(seen))
            seen |= {each.id: known[each.id]} if each.id in known else {}
            yield from _question((*parent, "fields", number), each, until_now, replace(before, fields=dict(seen)))
        yield from _texts(parent, replace(before, fields=known, alone=True), line=written.line)

    def _compute(self, path: Path, compute: doc.ComputeDocument) -> Iterator[Site]:
        anything = View(EVERYTHING)
        shown = View(max(self.order.last_of_stages, self.order.latest(compute.id)))
        yield from _texts(path, shown, label=compute.label)
        if compute.value is not None and not compute.tally:
            yield ExpressionSite((*path, "value"), compute.value, anything, whole_value=True)
        for number, line in enumerate(compute.tally or ()):
            yield from _condition((*path, "tally", number, "when"), line.when, anything)
            yield from _texts((*path, "tally", number), shown, text=line.text)


def _question(
    path: Path, question: asked_doc.OwnQuestion | asked_doc.AgainQuestion, before: View, here: View
) -> Iterator[Site]:
    yield from _texts(path, before, ask=question.ask, hint=question.hint, why=question.why)
    yield from _condition((*path, "when"), question.when, before)
    if isinstance(question, asked_doc.NoteQuestion):
        yield from _text((*path, "text"), question.text, before)
    else:
        yield from _condition((*path, "check"), question.check, here)
        yield from _texts(path, here, check_text=question.check_text)


def _outcomes(parent: Path, part: doc.PlaybookDocument | doc.CheckinDocument, view: View) -> Iterator[Site]:
    for number, finding in enumerate(part.finding):
        path = (*parent, "finding", number)
        yield from _texts(path, view, title=finding.title)
        yield from _text((*path, "text"), finding.text, view)
        yield from _condition((*path, "when"), finding.when, view)
    for number, draft in enumerate(part.draft):
        path = (*parent, "draft", number)
        yield from _texts(path, view, title=draft.title, to=draft.to)
        yield from _text((*path, "text"), draft.text, view)
        yield from _condition((*path, "when"), draft.when, view)
    for number, action in enumerate(part.action):
        path = (*parent, "action", number)
        yield from _texts(path, view, do=action.do, cue=action.cue, evidence=action.evidence)
        yield from _condition((*path, "when"), action.when, view)


def _texts(path: Path, view: View, **texts: str | None) -> Iterator[Site]:
    for key, text in texts.items():
        yield TextSite((*path, key), text or "", view)


def _text(path: Path, text: str | list[str | asked_doc.LineDocument], view: View) -> Iterator[Site]:
    if isinstance(text, str):
        yield TextSite(path, text, view)
        return
    for number, line in enumerate(text):
        if isinstance(line, str):
            yield TextSite((*path, number), line, view)
        else:
            yield TextSite((*path, number, "text"), line.text, view)
            yield from _condition((*path, number, "when"), line.when, view)


def _condition(path: Path, when: str | Mapping[str, object], view: View) -> Iterator[Site]:
    if isinstance(when, str):
        yield ExpressionSite(path, when, view)
        return
    for name, value in when.items():
        yield ExpressionSite((*path, name), f"{name} == {literal(value)}", view, in_table=True)
