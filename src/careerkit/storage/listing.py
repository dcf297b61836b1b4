"""How a journal's entries are listed: their heads only, without a TOML parser for what is as careerkit wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from careerkit.core.journal.head import head_lines, listed
from careerkit.core.journal.history import NOTHING_HAPPENED, History
from careerkit.core.journal.listed import Listed, Listing, with_history
from careerkit.core.journal.only import EVERYTHING, Only
from careerkit.core.problem import Problem, Refused
from careerkit.storage.envelope import Envelope
from careerkit.storage.month_folders import ENTRY_FILES, files
from careerkit.storage.plain_file import read_file
from careerkit.storage.trailer import Digest, Seal, digest_for, open_sealed

TYPICAL_SIZE = 15_000


def list_entries(
    journal: str,
    envelope: Envelope,
    happened: Mapping[str, History],
    *,
    newest: int | None = None,
    only: Only = EVERYTHING,
) -> Listing:
    """All entries that fit, or so many of the newest by their names, and what is wrong with the files looked at.

    Newest first. `happened` is the history of each entry to which anything happened.
    """
    entries: list[Listed] = []
    problems: list[Problem] = []
    there = [
        (path, entry_id)
        for path, entry_id in sorted(files(journal, ENTRY_FILES, problems), key=lambda file: file[1], reverse=True)
        if _is_wanted(happened.get(entry_id, NOTHING_HAPPENED), only)
    ]
    digest = digest_for((len(there) if newest is None else newest) * TYPICAL_SIZE)
    looked_at = 0
    for path, entry_id in there:
        if newest is not None and len(entries) >= newest:
            break
        looked_at += 1
        entry, said = _look(path, entry_id, envelope, digest)
        problems += said
        if entry and only.admits(entry := with_history(entry, happened.get(entry_id))):
            entries.append(entry)
    entries.sort(key=lambda entry: (entry.started, entry.id), reverse=True)
    return Listing(tuple(entries), tuple(problems), older=len(there) - looked_at)


def entry_ids(journal: str) -> list[str]:
    """The ids of all entries by their files' names, oldest first."""
    return sorted(entry_id for _, entry_id in files(journal, ENTRY_FILES, []))


def _is_wanted(happened: History, only: Only) -> bool:
    return not happened.gone and happened.removed == only.removed


def _look(path: str, entry_id: str, envelope: Envelope, digest: Digest) -> tuple[Listed | None, Iterable[Problem]]:
    try:
        data = read_file(path)
        if data is None:
            return None, ()  # removed since its folder was listed
        return _read(envelope.open(data, path), path, entry_id, digest)
    except Refused as refused:
        return None, refused.problems


def _read(text: bytes, path: str, entry_id: str, digest: Digest) -> tuple[Listed | None, Iterable[Problem]]:
    opened = open_sealed(text, digest)
    found = _scan(opened.text) if opened.seal is Seal.INTACT else None
    said: tuple[Problem, ...] = ()
    if found is None:
        from careerkit.core.journal.summary import summary  # these two import all
        from careerkit.storage.entry_file import read_entry  # that an entry can hold

        reading = read_entry(text, path)
        found, said = summary(reading.entry), reading.problems
    if found.id == entry_id:
        return found, said
    message = f"This file holds the entry {found.id}, under another name; it is not listed."
    return None, (Problem("stray-file", message, "Rename it, or move it out of the journal.", path, "warning"),)


def _scan(text: bytes) -> Listed | None:
    """The entry as its head says; None where the head is none of this format's, and the parser must say what it is."""
    try:
        lines = head_lines(text)
        return listed(lines) if lines["format"] == "1" else None
    except (ValueError, KeyError):
        return None
