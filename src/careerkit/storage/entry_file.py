"""One entry's file: what it says in full, and what must be said with it."""

from __future__ import annotations

from careerkit.core.journal.document import from_document, to_document
from careerkit.core.journal.entry import Entry, Reading
from careerkit.core.journal.toml_text import render
from careerkit.storage.document_file import read_document
from careerkit.storage.trailer import seal

PREFACE = "# A careerkit entry, for any text editor to read. The last line tells careerkit of changes.\n"


def written(entry: Entry) -> bytes:
    """The bytes of the entry's file."""
    return seal((PREFACE + render(to_document(entry))).encode())


def read_entry(data: bytes, path: str) -> Reading:
    """The entry that the file holds. Refused where it is damaged; changes by another hand are a warning."""
    entry, said = read_document(data, path, noun="entry", read=from_document)
    return Reading(entry, said)
