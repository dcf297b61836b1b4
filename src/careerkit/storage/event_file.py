"""One event's file: what it says, and what must be said with it."""

from __future__ import annotations

from careerkit.core.journal.event import Event
from careerkit.core.journal.event_document import event_from_document, event_to_document
from careerkit.core.journal.toml_text import render
from careerkit.core.problem import Problem
from careerkit.storage.document_file import read_document
from careerkit.storage.trailer import seal

PREFACE = "# What happened to a careerkit entry later. The last line tells careerkit of changes.\n"


def written_event(event: Event) -> bytes:
    """The bytes of the event's file."""
    return seal((PREFACE + render(event_to_document(event))).encode())


def read_event(data: bytes, path: str) -> tuple[Event, tuple[Problem, ...]]:
    """The event that the file holds, and what must be said with it. Refused where it is damaged."""
    return read_document(data, path, noun="event", read=event_from_document)
