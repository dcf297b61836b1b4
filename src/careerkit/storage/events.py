"""How the events of a journal are read: quickly where their value is yes or no, and else with the parser."""

from __future__ import annotations

from careerkit.core.journal.event import Event, Events
from careerkit.core.journal.head import head_lines, plain_event
from careerkit.core.problem import Problem, Refused
from careerkit.storage import refusals
from careerkit.storage.envelope import Envelope
from careerkit.storage.month_folders import EVENT_FILES, files
from careerkit.storage.plain_file import read_file
from careerkit.storage.trailer import Digest, Seal, digest_for, open_sealed

TYPICAL_SIZE = 400


def read_events(journal: str, envelope: Envelope, *, entry_id: str | None = None) -> Events:
    """The events of all entries, or of one, oldest first by their ids, and what is wrong with the files."""
    problems: list[Problem] = []
    there = sorted(files(journal, EVENT_FILES, problems), key=lambda file: file[1])
    digest = digest_for(len(there) * TYPICAL_SIZE)
    events: list[Event] = []
    for path, event_id in there:
        try:
            data = read_file(path)
            if data is not None:
                found, said = _look(envelope.open(data, path), path, event_id, digest)
                problems += said
                events += [found] if entry_id in (None, found.entry) else []
        except Refused as refused:
            problems += refused.problems
    return Events(tuple(events), tuple(problems))


def _look(text: bytes, path: str, event_id: str, digest: Digest) -> tuple[Event, tuple[Problem, ...]]:
    opened = open_sealed(text, digest)
    found = _scan(opened.text) if opened.seal is Seal.INTACT else None
    said: tuple[Problem, ...] = ()
    if found is None:
        from careerkit.storage.event_file import read_event  # it imports what values are made of

        found, said = read_event(text, path)
    if found.id == event_id:
        return found, said
    raise Refused(refusals.misnamed_event(found.id, path))


def _scan(text: bytes) -> Event | None:
    """The event as its lines say; None where only the parser can tell."""
    try:
        lines = head_lines(text)
        return plain_event(lines) if lines["format"] == "1" and lines.keys() <= PLAIN and b"\n[" not in text else None
    except (ValueError, KeyError):
        return None


PLAIN = frozenset(("format", "id", "kind", "entry", "at", "machine", "about", "replaces", "type", "shown", "value"))
"""The keys of an event that can be read line by line. One with others goes through the parser, which keeps them."""
