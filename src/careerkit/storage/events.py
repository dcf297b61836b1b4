"""How the events of a journal are read from its folder."""

from __future__ import annotations

from collections.abc import Iterable

from careerkit.core.journal.event import Event, Events
from careerkit.core.problem import Problem, Refused
from careerkit.storage.envelope import Envelope
from careerkit.storage.looking import event_in
from careerkit.storage.month_folders import EVENT_FILES, files
from careerkit.storage.plain_file import read_file
from careerkit.storage.trailer import digest_by_need


def read_events(journal: str, envelope: Envelope, *, entry_id: str | None = None) -> Events:
    """The events of all entries, or of one, oldest first by their ids, and what is wrong with the files."""
    problems: list[Problem] = []
    there = sorted(files(journal, EVENT_FILES, problems), key=lambda file: file[1])
    found = events_in(there, envelope)
    events = tuple(event for event in found.events if entry_id in (None, event.entry))
    return Events(events, (*problems, *found.problems))


def events_in(there: Iterable[tuple[str, str]], envelope: Envelope) -> Events:
    """The events in files, given as path and id, in their order, and what is wrong with them."""
    digest = digest_by_need()
    problems: list[Problem] = []
    events: list[Event] = []
    for path, event_id in there:
        try:
            data = read_file(path)
            if data is not None:
                event, said = event_in(envelope.open(data, path), path, event_id, digest)
                problems += said
                events.append(event)
        except Refused as refused:
            problems += refused.problems
    return Events(tuple(events), tuple(problems))
