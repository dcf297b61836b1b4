"""Delete an entry for good, with its events and what killed writes left of it, and name everything that can't be deleted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.storage import layout
from careerkit.storage.atomic_write import delete_file, is_leftover
from careerkit.storage.encryption.codec import FileCodec
from careerkit.storage.entry_files import decode_event
from careerkit.storage.failures import is_read_failure
from careerkit.storage.file_reader import read_file

TOMBSTONE_LINE = re.compile(rb'^kind[ \t]*=[ \t]*"tombstone"', re.MULTILINE)
ENTRY_LINE = re.compile(rb'^entry[ \t]*=[ \t]*"([^"\n]+)"', re.MULTILINE)
"""In an event's text, the entry that it belongs to. It comes before the words, so it is there even if the end is missing."""


def erase_entry(journal: str, entry_id: str, codec: FileCodec) -> tuple[Problem, ...]:
    """Delete the entry's file, its events except for tombstones, and temporary files with its text.

    Returns a problem for each copy that still exists, and for each file that may contain its words but can't be read. Raises
    Refused if a file that belongs to the entry can't be deleted, or if a folder can't be searched for it, and JournalLocked
    without the key.
    """
    delete_file(layout.entry_path(journal, entry_id), subject=f"The entry {entry_id.partition('-')[2]}")
    names: list[Problem] = []
    left: list[Problem] = []
    erased = [entry_id]
    for path, event_id in layout.list_files(journal, layout.EVENT_FILES, names):
        owner = _find_owner(path, codec)
        if owner.problem:
            left.append(owner.problem)
        elif owner.entry_id == entry_id and not owner.is_tombstone:
            delete_file(path, subject=f"An event of the entry {entry_id}")
            erased.append(event_id)
    left += filter(is_read_failure, names)
    left += _delete_temp_files(journal, entry_id, codec)
    copies = layout.find_files_with_ids(erased, journal, left)
    left += map(_describe_copy, copies)
    if any(map(is_read_failure, left)):
        raise Refused(left)
    return tuple(left)


@frozen
class _Owner:
    """The entry that an event belongs to; with a problem if that is unknown."""

    entry_id: str = ""
    is_tombstone: bool = False
    problem: Problem | None = None


def _find_owner(path: str, codec: FileCodec) -> _Owner:
    try:
        data = read_file(path)
        if data is None:
            return _Owner()  # deleted since its folder was listed
        text = codec.decrypt(data, path)
    except Refused as refused:
        return _Owner(problem=_describe_unreadable(path, refused.problems[0].message))
    try:
        event, _ = decode_event(text, path)
    except Refused as refused:
        found = ENTRY_LINE.search(text)
        if found is None:
            return _Owner(problem=_describe_unreadable(path, refused.problems[0].message))
        return _Owner(found[1].decode(errors="replace"), TOMBSTONE_LINE.search(text) is not None)
    return _Owner(event.entry, event.kind == "tombstone")


def _delete_temp_files(journal: str, entry_id: str, codec: FileCodec) -> Iterator[Problem]:
    """Delete the temporary files with the entry's text, which writes that were killed have left, also in the quarantine."""
    for folder in layout.list_journal_folders(journal):
        for name in filter(layout.is_temp_name, layout.list_names(folder)):
            path = os.path.join(folder, name)
            try:
                data = read_file(path)
                is_of_entry = data is not None and entry_id.encode() in codec.decrypt(data, path)
            except Refused as refused:
                if not is_leftover(path):
                    yield _describe_unreadable(path, refused.problems[0].message)
                    continue
                is_of_entry = True  # nobody needs it, whatever it contains
            if is_of_entry:
                delete_file(path, subject="A temporary file with the entry's text")


def _describe_copy(path: str) -> Problem:
    return Problem("copy-left", "A copy of it is still here.", "Check it, and delete it yourself.", path, "warning")


def _describe_unreadable(path: str, reason: str) -> Problem:
    message = f"This file may contain words of the entry: careerkit can't read it. {reason}"
    return Problem("copy-left", message, "Check it, and delete it yourself.", path, "warning")
