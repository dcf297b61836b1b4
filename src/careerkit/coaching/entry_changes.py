"""Change an entry after it was written: notes, tags, corrections, removal. Each change is an event beside the entry's file.

A change that is already in effect is not recorded again. Where two machines disagree, a change replaces both sides and
settles the conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from careerkit.coaching.ports import Back, Screen, Skip, Stop, Submit, discard_draft
from careerkit.core.errors import Problem, Refused
from careerkit.core.interview_steps import Ask, QuestionProgress
from careerkit.core.journal.entry_list import (
    Event,
    EventKind,
    History,
    build_history,
    build_subject,
    find_effective_events,
    get_handle,
)
from careerkit.core.questions.question import Question, validate_answer
from careerkit.core.questions.text import TextSpec
from careerkit.core.text import abbreviate, is_blank
from careerkit.core.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from careerkit.coaching.ports import Clock, Journal, SaveDraft

MAX_QUOTED_LENGTH = 60
"""Characters of an earlier answer or a note that a message quotes."""

OUTSIDE_INTERVIEW = QuestionProgress(number=0, of=0, answered=0, total=0)
"""The progress of a question that is not part of an interview."""


class EntryChanges:
    """Appends events to one entry. Its earlier events are read only when needed; adding a note doesn't need them.

    Every method raises Refused if the event can't be saved, and those that read the events also if the entry was
    removed for good. Events that can't be read are passed to `report`: without them, the history may be another.
    """

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        entry_id: str,
        *,
        report: Callable[[Sequence[Problem]], object] = lambda _: None,
    ) -> None:
        self.entry_id = entry_id
        self._journal = journal
        self._clock = clock
        self._report = report
        self._read: list[Event] | None = None

    @property
    def history(self) -> History:
        """The history of the entry, including the changes made here."""
        return build_history(self._events)

    def check(self) -> None:
        """Raises Refused if the entry was removed for good."""
        _ = self._events

    def note(self, text: str) -> Event:
        """Add a note with exactly this text."""
        return self._append("note", self.new_name(), text, type_="text", replaces=())

    def remove_note(self, which: str) -> tuple[Event, str]:
        """Remove a note and return its text too. `which` is its number, the id of its event, or "last"."""
        note = _find_note(self.history.notes, which, self.entry_id)
        return self._replace("note", note.about, None, type_="text"), str(note.value)

    def restore_note(self) -> tuple[Event, str]:
        """Restore the note that was removed last and return its text too."""
        removed = [found[0] for (_, kind, _), found in find_effective_events(self._events).items() if kind == "note"]
        removed = sorted((each for each in removed if each.value is None), key=lambda each: (each.at, each.id))
        if not removed:
            raise Refused(Problem("no-note", "No note of this entry was removed.", "", get_handle(self.entry_id)))
        about = removed[-1].about
        text = next(each.value for each in reversed(self._events) if each.about == about and each.value is not None)
        return self._replace("note", about, text, type_="text"), str(text)

    def tag(self, tags: Sequence[str]) -> tuple[Event, ...]:
        """Add tags; returns an event for each that the entry didn't have."""
        return self._set_flag("tag", tags, value=True)

    def untag(self, tags: Sequence[str]) -> tuple[Event, ...]:
        """Remove tags; returns an event for each that the entry had."""
        return self._set_flag("tag", [each for each in tags if self._effective("tag", each)], value=False)

    def remove(self) -> tuple[Event, ...]:
        """Hide the entry from all lists until it is restored."""
        return self._set_flag("removal", [""], value=True)

    def restore(self) -> tuple[Event, ...]:
        """Show the entry in lists again."""
        return self._set_flag("removal", [""] if self._effective("removal", "") else [], value=False)

    @property
    def events(self) -> tuple[Event, ...]:
        """The events of the entry, oldest first, including the changes made here."""
        return tuple(self._events)

    def change_plan(
        self,
        kind: EventKind,
        about: str,
        value: Value | None,
        *,
        type_: str,
        shown: str = "",
        asked: str = "",
        comment: str = "",
        undoes: str = "",
    ) -> Event:
        """Record a change of the plan. `kind` is one of PLAN_KINDS."""
        return self._replace(kind, about, value, type_=type_, shown=shown, asked=asked, comment=comment, undoes=undoes)

    def new_name(self) -> str:
        """A random name for something that is added."""
        return self._journal.new_event_id(self._clock.now())[-16:]

    def correct(self, question_id: str, value: Value | None, *, type_: str, shown: str, asked: str) -> Event:
        """Correct an answer; None takes the answer away. `shown` is the new answer in words, `asked` the question."""
        shown = "" if shown == value else shown
        return self._replace("correction", question_id, value, type_=type_, shown=shown, asked=asked)

    def _set_flag(self, kind: EventKind, abouts: Sequence[str], *, value: bool) -> tuple[Event, ...]:
        """Record an event for each subject whose flag is not `value` yet."""
        return tuple(
            self._replace(kind, about, value) for about in abouts if not self._has_value(kind, about, value=value)
        )

    def _has_value(self, kind: EventKind, about: str, *, value: bool) -> bool:
        found = self._effective(kind, about)
        return bool(found) and all(event.value is value for event in found)

    def _effective(self, kind: EventKind, about: str) -> tuple[Event, ...]:
        return find_effective_events(self._events).get(build_subject(self.entry_id, kind, about), ())

    def _replace(
        self,
        kind: EventKind,
        about: str,
        value: Value | None,
        *,
        type_: str = "yesno",
        shown: str = "",
        asked: str = "",
        comment: str = "",
        undoes: str = "",
    ) -> Event:
        replaces = tuple(each.id for each in self._effective(kind, about))
        texts = {"shown": shown, "asked": asked, "comment": comment, "undoes": undoes}
        return self._append(kind, about, value, type_=type_, replaces=replaces, **texts)

    def _append(
        self,
        kind: EventKind,
        about: str,
        value: Value | None,
        *,
        type_: str,
        replaces: tuple[str, ...],
        shown: str = "",
        asked: str = "",
        comment: str = "",
        undoes: str = "",
    ) -> Event:
        now = self._clock.now()
        event = Event(
            id=self._journal.new_event_id(now),
            kind=kind,
            entry=self.entry_id,
            at=now,
            machine=self._journal.machine,
            about=about,
            type=type_,
            value=value,
            shown=shown,
            asked=asked,
            comment=comment,
            undoes=undoes,
            replaces=replaces,
        )
        try:
            self._journal.append_event(event)
        except Refused as refused:
            if refused.is_uncertain:  # it may be saved, so the next change must replace it
                self._remember(event)
            raise
        self._remember(event)
        return event

    def _remember(self, event: Event) -> None:
        if self._read is not None:
            self._read.append(event)

    @property
    def _events(self) -> list[Event]:
        if self._read is None:
            found = self._journal.events(self.entry_id)
            self._report([each for each in found.problems if each.severity == "error"])
            self._read = list(found.events)
            if build_history(self._read).is_erased:
                raise Refused(build_erased_problem(self.entry_id))
        return self._read


def ask_for_note(screen: Screen, save: Callable[[str], object], *, about: str) -> bool:
    """Ask for a note on what `about` names and pass its text to `save`. Returns False if the person leaves without one.

    Like an answer, text typed so far is saved when the end of input or Ctrl-C interrupts, which is then raised again.
    """
    question = Question("note", "text", TextSpec(long=True), f"Your note on {about}")
    typed: list[Value | None] = []

    def accept(text: str) -> str:
        save(validate_note(text))
        return text

    try:
        return ask_standalone(screen, question, title="A note", accept=accept, keep=typed.append)
    except LeftQuestionError:
        return False
    except BaseException:
        if typed and typed[-1] is not None:
            save(validate_note(typed[-1]))
        raise


def validate_note(raw: object) -> str:
    """The text with normalised line ends. Raises Refused if it is blank or too long."""
    if isinstance(raw, str) and is_blank(raw):
        raise Refused(Problem("empty", "This note is empty.", "Write a word or two.", "note"))
    question = Question("note", "text", TextSpec(long=True), "")
    text = validate_answer(question, raw, choices_of=lambda options: options.choices, today=date.min)
    assert isinstance(text, str), "the answer to a text question is text"
    return text


def remove_forever(journal: Journal, clock: Clock, entry_id: str) -> tuple[Problem, ...]:
    """Delete the entry and its events for good; returns a problem for each file that may still contain its words.

    A tombstone is written first. If the deletion is interrupted, the entry no longer appears in any list, here or on
    machines that receive the tombstone, and another call deletes the rest. Raises Refused if another process holds the
    entry.
    """
    with journal.lock_entry(entry_id):
        if not build_history(journal.events(entry_id).events).is_erased:
            now = clock.now()
            machine = journal.machine
            journal.append_event(Event(journal.new_event_id(now), "tombstone", entry_id, now, machine, value=True))
        return journal.erase(entry_id)


def build_erased_problem(entry_id: str) -> Problem:
    """The problem to report for an entry that was removed for good."""
    message = "This entry was removed for good."
    hint = f"Delete what is left of it with: careerkit journal remove --forever {entry_id}"
    return Problem("entry-gone-for-good", message, hint, entry_id)


class LeftQuestionError(Exception):
    """The person left the question without an answer, and wants to stop."""


def ask_standalone(
    screen: Screen,
    question: Question,
    *,
    title: str,
    accept: Callable[[Any], str],
    keep: SaveDraft = discard_draft,
    drops_typed: bool = False,
) -> bool:
    """Ask one question and pass the answer to `accept`, which returns it in words. Returns False if it is skipped.

    `accept` may save the answer, or raise Refused to have the question asked again. Raises LeftQuestionError if the
    person stops or goes back, or skips a required question. `drops_typed`: keys pressed before it is on the screen are dropped.
    """
    choices = question.spec.options.choices if question.spec.options else ()
    ask = Ask(question, title, question.ask, question.hint, OUTSIDE_INTERVIEW, choices=choices, drops_typed=drops_typed)
    while True:
        reply = screen.ask(ask, why="", sources=(), keep=keep)
        try:
            match reply:
                case Submit(value=value):
                    screen.answered(ask, accept(value))
                    return True
                case Skip() if not question.required:
                    return False
                case Back() | Stop() | Skip():
                    raise LeftQuestionError
        except Refused as refused:
            screen.show_errors(refused.problems)


def _find_note(notes: Sequence[Event], which: str, entry_id: str) -> Event:
    handle = get_handle(entry_id)
    if not notes:
        raise Refused(Problem("no-note", "This entry has no note.", "", handle))
    numbered = {str(number): note for number, note in enumerate(notes, start=1)}
    found = {**{note.id.lower(): note for note in notes}, **numbered, "last": notes[-1]}.get(which.strip().lower())
    if found is None:
        message = f"There is no note {abbreviate(which)}: this entry has {len(notes)}."
        raise Refused(Problem("no-note", message, f"See their numbers with: careerkit journal show {handle}", handle))
    return found
