"""How a file is looked at for lists and searches: line by line where careerkit wrote it, and else with the parser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.core.frozen import frozen
from careerkit.core.journal.event import Event
from careerkit.core.journal.head import head_lines, listed, plain_event
from careerkit.core.journal.listed import Listed
from careerkit.core.problem import Problem, Refused
from careerkit.storage import refusals
from careerkit.storage.trailer import Digest, Seal, open_sealed

if TYPE_CHECKING:  # it imports all that an entry can hold
    from careerkit.core.journal.entry import Entry


@frozen
class Seen:
    """An entry as it was looked at: what lists show of it, and what is searched."""

    listed: Listed
    text: bytes = b""
    entry: Entry | None = None

    def passages(self) -> tuple[str, ...]:
        """The texts in which words are searched; none where a file that is sealed isn't what careerkit writes."""
        from careerkit.core.journal.passages import of_entry, of_file  # a list does without

        try:
            return tuple(of_file(self.text.decode()) if self.entry is None else of_entry(self.entry))
        except (ValueError, KeyError):  # another hand has sealed it; who reads it whole is told what is wrong
            return ()


def entry_in(text: bytes, path: str, entry_id: str, digest: Digest) -> tuple[Seen, tuple[Problem, ...]]:
    """The entry in a file's text, and what must be said with it. Refused where it is damaged or another one."""
    opened = open_sealed(text, digest)
    if opened.seal is Seal.INTACT and (found := _scanned(opened.text)):
        seen, said = Seen(found, text=opened.text), NOTHING
    else:
        from careerkit.core.journal.summary import summary  # these two import all
        from careerkit.storage.entry_file import read_entry  # that an entry can hold

        reading = read_entry(text, path)
        seen, said = Seen(summary(reading.entry), entry=reading.entry), reading.problems
    if seen.listed.id == entry_id:
        return seen, said
    raise Refused(refusals.misnamed_entry(seen.listed.id, path))


def event_in(text: bytes, path: str, event_id: str, digest: Digest) -> tuple[Event, tuple[Problem, ...]]:
    """The event in a file's text, and what must be said with it. Refused where it is damaged or another one."""
    opened = open_sealed(text, digest)
    found = _scanned_event(opened.text) if opened.seal is Seal.INTACT else None
    said = NOTHING
    if found is None:
        from careerkit.storage.event_file import read_event  # it imports what values are made of

        found, said = read_event(text, path)
    if found.id == event_id:
        return found, said
    raise Refused(refusals.misnamed_event(found.id, path))


NOTHING: tuple[Problem, ...] = ()


def _scanned(text: bytes) -> Listed | None:
    """The entry as its head says; None where the head is none of this format's, and the parser must say what it is."""
    try:
        lines = head_lines(text)
        return listed(lines) if lines["format"] == "1" else None
    except (ValueError, KeyError):
        return None


def _scanned_event(text: bytes) -> Event | None:
    """The event as its lines say; None where only the parser can tell."""
    try:
        lines = head_lines(text)
        return plain_event(lines) if lines["format"] == "1" and lines.keys() <= PLAIN and b"\n[" not in text else None
    except (ValueError, KeyError):
        return None


PLAIN = frozenset(("format", "id", "kind", "entry", "at", "machine", "about", "replaces", "type", "shown", "value"))
"""The keys of an event that can be read line by line. One with others goes through the parser, which keeps them."""
