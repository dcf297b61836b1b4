"""What the checks of a playbook's meaning look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from careerkit.core.frozen import frozen
from careerkit.core.playbook import document as doc
from careerkit.core.playbook import document_questions as asked_doc
from careerkit.core.playbook.building import playbook_of
from careerkit.core.playbook.fault import Fault, did_you_mean, shown
from careerkit.core.playbook.kinds import Kinds
from careerkit.core.playbook.model import NoteForm, Playbook, Question
from careerkit.core.playbook.order import Order, all_questions, defined_by
from careerkit.core.playbook.plain import PlainTable, plain_of
from careerkit.core.playbook.scanner import Path
from careerkit.core.playbook.shape import Shape
from careerkit.core.playbook.sites import View


@frozen
class Subject:
    """The document as written, as plain tables and as the runtime model, and what is known about its names."""

    document: doc.PlaybookDocument
    plain: PlainTable
    playbook: Playbook
    order: Order
    kinds: Kinds
    broken: frozenset[Path]

    def is_broken(self, *path: str | int) -> bool:
        """Whether what stands at `path` is a placeholder, of which nothing must be said."""
        return any(path[:end] in self.broken for end in range(1, len(path) + 1))

    def is_unsure(self, name: str) -> bool:
        """Whether there is such a name, but of a kind that can't be known because of an earlier problem."""
        return self.kinds.has(name) and self.kinds.kind_of(name) is None and not self.is_note(name)

    def is_note(self, name: str) -> bool:
        question = self.kinds.question(name)
        return question is not None and isinstance(question.form, NoteForm)

    def later(self, name: str, view: View) -> str:
        """Why `name` can't be known yet in `view`; empty where it can."""
        if self.order.latest(name) <= view.until:
            return ""
        question = self.order.latest_question(name)
        when = "only asked in a check-in" if self._is_only_in_checkin(question, view) else "not answered yet here"
        return (
            f"{shown(name)} is {when}."
            if question == name
            else f"{shown(name)} rests on {shown(question)}, which is {when}."
        )

    def unknown(self, name: str, path: Path, **spot: Any) -> Fault:
        """The fault of naming what there is not."""
        hint = did_you_mean(name, self.kinds.names())
        return Fault(path, "unknown-id", f"There is no question or compute {shown(name)} here.", hint, **spot)

    def _is_only_in_checkin(self, question: str, view: View) -> bool:
        return view.actions is None and self.order.position(question) > self.order.last_of_stages


LATER_HINT = "Ask that question earlier, or move this below it."


def subject_of(shape: Shape) -> Subject:
    plain = plain_of(shape.document)
    playbook = playbook_of(plain, id="", sha256="")
    order = Order(playbook)
    kinds = Kinds(playbook, order=order, unknown=frozenset(_unknown(shape, playbook)))
    return Subject(shape.document, plain, playbook, order, kinds, shape.broken)


def question_paths(
    document: doc.PlaybookDocument,
) -> Iterator[tuple[Path, asked_doc.OwnQuestion | asked_doc.AgainQuestion]]:
    """Each question with its path, in the order of asking; not the fields of records."""
    for number, stage in enumerate(document.stage):
        for inner, question in enumerate(stage.question):
            yield ("stage", number, "question", inner), question
    for number, checkin in enumerate(document.checkin):
        for inner, question in enumerate(checkin.question):
            yield ("checkin", number, "question", inner), question


Rule = doc.FindingDocument | doc.DraftDocument | doc.ActionDocument


def rule_paths(document: doc.PlaybookDocument) -> Iterator[tuple[Path, Rule]]:
    """Each finding, draft and action with its path, those of the check-ins last."""
    parts: list[tuple[Path, doc.PlaybookDocument | doc.CheckinDocument]] = [((), document)]
    parts += [(("checkin", number), checkin) for number, checkin in enumerate(document.checkin)]
    for parent, part in parts:
        rules: tuple[tuple[str, Sequence[Rule]], ...] = (
            ("finding", part.finding),
            ("draft", part.draft),
            ("action", part.action),
        )
        for key, several in rules:
            for number, rule in enumerate(several):
                yield (*parent, key, number), rule


def questions_with_paths(
    subject: Subject,
) -> Iterator[tuple[Path, asked_doc.OwnQuestion | asked_doc.AgainQuestion, Question]]:
    """As `question_paths`, with each question's model."""
    pairs = zip(question_paths(subject.document), all_questions(subject.playbook), strict=True)
    return ((path, written, question) for (path, written), question in pairs)


_TELLING = frozenset({"type", "choices", "items", "rows", "columns", "fields", "spread", "again"})
"""The keys of a question on which its kind depends."""


def _unknown(shape: Shape, playbook: Playbook) -> Iterator[str]:
    """The names whose kinds can't be relied on, for what makes them was wrong."""
    by_path = {path: question.id for path, question in question_paths(shape.document)}
    for path in shape.broken:
        if path[:4] in by_path and (
            len(path) == 4 or (path[4] in _TELLING and path[-1] not in {"label", "hint", "ask"})
        ):
            yield by_path[path[:4]]
        match path:
            case ("compute", int(number), "value" | "tally" | "bands", *_):
                yield playbook.computes[number].id
            case ("decision", int(number), "weights" | "scores"):
                yield from defined_by(playbook.decisions[number])
