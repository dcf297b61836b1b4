"""Delete an entry or a whole journal for good, and name everything that can't be deleted."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.storage import layout
from careerkit.storage.atomic_write import delete_file, is_leftover
from careerkit.storage.encryption import FileCodec
from careerkit.storage.entry_files import decode_event
from careerkit.storage.marker import MachineState, lock_journal_exclusive, parse_journal_id
from careerkit.storage.platform import explain_os_error, is_missing, is_read_failure, journal_in_use, read_file

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
class JournalContents:
    """How many files a journal has, and the names in its folder that are not careerkit's. `others` are in its subfolders."""

    entries: int
    events: int
    playbooks: int
    others: int
    foreign: tuple[str, ...]

    @property
    def files(self) -> int:
        return self.entries + self.events + self.playbooks + self.others


def count_contents(journal: str, machine_state: MachineState) -> JournalContents:
    """What `erase_journal` would delete, counted by the names of the files, so that no key is needed.

    Raises Refused if the folder is not a journal that careerkit made.
    """
    if is_missing(os.path.join(journal, layout.MARKER_FILE)) and machine_state.known_journal(journal) is None:
        raise Refused(Problem("no-journal", "There is no journal in this folder.", "", journal))
    counts = dict.fromkeys(layout.JOURNAL_FOLDERS, 0)
    others = 0
    for path in _walk_journal(journal):
        top, stem = os.path.relpath(path, journal).partition(os.sep)[0], os.path.basename(path).partition(".")[0]
        is_known = {
            layout.ENTRIES: layout.is_entry_id,
            layout.EVENTS: layout.is_event_id,
            layout.PLAYBOOKS: layout.is_sha256,
        }.get(top, bool)
        if top != layout.QUARANTINE and is_known(stem):
            counts[top] += 1
        else:
            others += 1
    foreign = [
        name for name in layout.list_names(journal) if name not in layout.KNOWN_NAMES and not layout.is_temp_name(name)
    ]
    return JournalContents(
        counts[layout.ENTRIES],
        counts[layout.EVENTS],
        counts[layout.PLAYBOOKS],
        others,
        tuple(sorted(foreign)),
    )


def erase_journal(journal: str, machine_state: MachineState) -> None:
    """Delete every file of the journal, then what this machine remembers of it, and its marker last.

    As long as the marker is there, the folder counts as a journal, so an interrupted call can be repeated. Needs no key.
    Files of other programs in the journal's own folder are left alone. Raises Refused if another process is using the
    journal, or if a file can't be deleted.
    """
    marker = os.path.join(journal, layout.MARKER_FILE)
    data = None if is_missing(marker) else read_file(marker)
    known = machine_state.known_journal(journal)
    journal_id = (data and parse_journal_id(data)) or (known and known.journal_id) or "unmarked"
    lock = machine_state.journal_lock_path(journal_id)
    with lock_journal_exclusive(lock, conflict=journal_in_use(journal)):
        problems: list[Problem] = []
        for path in _walk_journal(journal):
            _delete(path, problems)
        for name in filter(layout.is_temp_name, layout.list_names(journal)):
            _delete(os.path.join(journal, name), problems)
        if problems:
            raise Refused(problems)
        _remove_empty_folders(journal)
        for path in (os.path.join(journal, layout.IDENTITY_FILE), machine_state.state_path(journal), marker):
            delete_file(path, subject="A file of the journal")
        with contextlib.suppress(OSError):  # other programs have files there
            os.rmdir(journal)
    with contextlib.suppress(OSError):  # another process may be waiting for it
        os.unlink(lock)


def _walk_journal(journal: str) -> Iterator[str]:
    """Every file in the journal's subfolders, the entries first: without them, nothing that is left can be shown."""
    for name in layout.JOURNAL_FOLDERS:
        for folder, folders, files in os.walk(os.path.join(journal, name)):
            links = [each for each in folders if os.path.islink(os.path.join(folder, each))]
            yield from (os.path.join(folder, each) for each in sorted((*files, *links)))


def _delete(path: str, problems: list[Problem]) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(explain_os_error("not-deleted", "This file was not deleted", error, path))


def _remove_empty_folders(journal: str) -> None:
    for name in layout.JOURNAL_FOLDERS:
        for folder, _, _ in os.walk(os.path.join(journal, name), topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(folder)


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
