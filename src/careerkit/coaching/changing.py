"""What a person changes about an entry later: notes, tags, removal. Each is an event; the entry's file stays as it is.

A change that is there already is not recorded again. One that is made where two machines contradict each other
replaces both sides, and ends the dispute.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from careerkit.core.journal.event import Event, EventKind
from careerkit.core.journal.history import History, history, in_force
from careerkit.core.journal.listed import handle_of
from careerkit.core.problem import Problem, Refused
from careerkit.core.quoted import quoted

if TYPE_CHECKING:  # a tag is given without all that an entry can hold
    from careerkit.coaching.ports import Clock, Journal
    from careerkit.core.value import Value


class Changes:
    """The changes of one entry. What happened to it before is read when it is needed, which a note does without.

    Refused then where the entry is gone for good.
    """

    def __init__(self, journal: Journal, clock: Clock, entry_id: str) -> None:
        self.entry_id = entry_id
        self._journal = journal
        self._clock = clock
        self._read: list[Event] | None = None

    @property
    def history(self) -> History:
        """What has happened to the entry so far, these changes included."""
        return history(self._events)

    def check(self) -> None:
        """Refused where the entry is gone for good."""
        _ = self._events

    def note(self, text: str) -> Event:
        """Add a note; `text` is kept as it is."""
        about = self._journal.new_event_id(self._clock.now())[-16:]
        return self._record("note", about, text, type_="text", replaces=())

    def remove_note(self, which: str) -> tuple[Event, str]:
        """Take a note away; gives its text too. `which`: its number among the notes that are there, the id of its event, or "last"."""
        note = _named(self.history.notes, which, self.entry_id)
        return self._replace("note", note.about, None, type_="text"), str(note.value)

    def restore_note(self) -> tuple[Event, str]:
        """Bring back the note that was taken away last; gives its text too."""
        removed = [found[0] for (_, kind, _), found in in_force(self._events).items() if kind == "note"]
        removed = sorted((each for each in removed if each.value is None), key=lambda each: (each.at, each.id))
        if not removed:
            raise Refused(Problem("no-note", "No note of this entry was removed.", "", handle_of(self.entry_id)))
        about = removed[-1].about
        text = next(each.value for each in reversed(self._events) if each.about == about and each.value is not None)
        return self._replace("note", about, text, type_="text"), str(text)

    def tag(self, tags: Sequence[str]) -> tuple[Event, ...]:
        """Give the entry those tags; the events are of those that it did not have."""
        return self._settle("tag", tags, value=True)

    def untag(self, tags: Sequence[str]) -> tuple[Event, ...]:
        """Take those tags away; the events are of those that it had."""
        return self._settle("tag", [each for each in tags if self._in_force("tag", each)], value=False)

    def remove(self) -> tuple[Event, ...]:
        """Take the entry out of all lists, until it is restored."""
        return self._settle("removal", [""], value=True)

    def restore(self) -> tuple[Event, ...]:
        """Bring the entry back into the lists."""
        return self._settle("removal", [""] if self._in_force("removal", "") else [], value=False)

    def correct(self, question_id: str, value: Value | None, *, type_: str, shown: str, asked: str) -> Event:
        """Set another answer beside the one that was given; None takes it away. `shown` is how it reads."""
        shown = "" if shown == value else shown
        return self._replace("correction", question_id, value, type_=type_, shown=shown, asked=asked)

    def _settle(self, kind: EventKind, abouts: Sequence[str], *, value: bool) -> tuple[Event, ...]:
        """An event about each that says anything but `value`."""
        return tuple(self._replace(kind, about, value) for about in abouts if not self._says(kind, about, value=value))

    def _says(self, kind: EventKind, about: str, *, value: bool) -> bool:
        found = self._in_force(kind, about)
        return bool(found) and all(event.value is value for event in found)

    def _in_force(self, kind: EventKind, about: str) -> tuple[Event, ...]:
        return in_force(self._events).get((self.entry_id, kind, about), ())

    def _replace(
        self,
        kind: EventKind,
        about: str,
        value: Value | None,
        *,
        type_: str = "yesno",
        shown: str = "",
        asked: str = "",
    ) -> Event:
        replaces = tuple(each.id for each in self._in_force(kind, about))
        return self._record(kind, about, value, type_=type_, shown=shown, asked=asked, replaces=replaces)

    def _record(
        self,
        kind: EventKind,
        about: str,
        value: Value | None,
        *,
        type_: str,
        replaces: tuple[str, ...],
        shown: str = "",
        asked: str = "",
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
            replaces=replaces,
        )
        try:
            self._journal.record(event)
        except Refused as refused:
            if refused.is_uncertain:  # it is there, and what comes next replaces it
                self._know(event)
            raise
        self._know(event)
        return event

    def _know(self, event: Event) -> None:
        if self._read is not None:
            self._read.append(event)

    @property
    def _events(self) -> list[Event]:
        if self._read is None:
            self._read = list(self._journal.events(self.entry_id).events)
            if history(self._read).gone:
                raise Refused(gone(self.entry_id))
        return self._read


def _named(notes: Sequence[Event], which: str, entry_id: str) -> Event:
    handle = handle_of(entry_id)
    if not notes:
        raise Refused(Problem("no-note", "This entry has no note.", "", handle))
    numbered = {str(number): note for number, note in enumerate(notes, start=1)}
    found = {**{note.id.lower(): note for note in notes}, **numbered, "last": notes[-1]}.get(which.strip().lower())
    if found is None:
        message = f"There is no note {quoted(which)}: this entry has {len(notes)}."
        raise Refused(Problem("no-note", message, f"Their numbers stand in: careerkit journal show {handle}", handle))
    return found


def remove_forever(journal: Journal, clock: Clock, entry_id: str) -> tuple[str, ...]:
    """Delete the entry and all that happened to it, for good; gives the paths of copies that are still there.

    What comes first is a tombstone: whatever stops the rest, the entry is in no list any more, here and wherever the
    tombstone is carried, and doing it again deletes what is left. Refused while the entry is being written.
    """
    with journal.hold(entry_id):
        if not history(journal.events(entry_id).events).gone:
            now = clock.now()
            machine = journal.machine
            journal.record(Event(journal.new_event_id(now), "tombstone", entry_id, now, machine, value=True))
        return journal.erase(entry_id)


def gone(entry_id: str) -> Problem:
    message = "This entry was removed for good."
    hint = f"What is left of it goes with: careerkit journal remove --forever {entry_id}"
    return Problem("entry-gone-for-good", message, hint, entry_id)
