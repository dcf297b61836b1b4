"""How a journal's entries are listed: their heads only, without a TOML parser for what is as careerkit wrote it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from careerkit.core.journal.head import head_lines, listed
from careerkit.core.journal.listed import Listed, Listing
from careerkit.core.problem import Problem, Refused
from careerkit.storage.disk_trouble import trouble
from careerkit.storage.layout import END, ENTRIES, is_conflict_copy, is_entry_id, is_month, month_of
from careerkit.storage.plain_file import read_file
from careerkit.storage.trailer import Digest, Seal, digest_for, open_sealed

TYPICAL_SIZE = 15_000


def list_entries(journal: str, *, newest: int | None = None) -> Listing:
    """All entries, or so many of the newest by their names, newest first, and what is wrong with the files beside them."""
    entries: list[Listed] = []
    problems: list[Problem] = []
    everything = sorted(_files(journal, problems), key=lambda file: file[1])
    files = everything if newest is None else everything[-newest:]
    digest = digest_for(len(files) * TYPICAL_SIZE)
    for path, entry_id in files:
        try:
            entry, said = _look(path, entry_id, digest)
        except Refused as refused:
            problems += refused.problems
        else:
            entries += [entry] if entry else []
            problems += said
    entries.sort(key=lambda entry: (entry.started, entry.id), reverse=True)
    return Listing(tuple(entries), tuple(problems), older=len(everything) - len(files))


def entry_ids(journal: str) -> list[str]:
    """The ids of all entries by their files' names, oldest first."""
    return sorted(entry_id for _, entry_id in _files(journal, []))


def months(journal: str) -> list[str]:
    """The folders of entries, oldest first; none where there are none yet."""
    return [os.path.join(journal, ENTRIES, name) for name in _names(os.path.join(journal, ENTRIES)) if is_month(name)]


def _files(journal: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    for month in months(journal):
        try:
            names = _names(month)
        except Refused as refused:
            problems += refused.problems
            continue
        for name in names:
            path = os.path.join(month, name)
            if problem := _stray(path, name, os.path.basename(month)):
                problems.append(problem)
            elif name.endswith(END) and not name.startswith("."):
                yield path, name.removesuffix(END)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Refused(trouble("unreadable", "The folder can't be listed", error, folder)) from error


def _stray(path: str, name: str, month: str) -> Problem | None:
    """What is wrong with a file's name. Hidden files and those of other kinds are nobody's business here."""
    if is_conflict_copy(name):
        message = "A sync tool left this copy beside an entry; it is not read as one."
        return Problem("conflict-copy", message, "Compare the two and remove the one you don't want.", path, "warning")
    if name.startswith(".") or not name.endswith(END):
        return None
    entry_id = name.removesuffix(END)
    if is_entry_id(entry_id) and month_of(entry_id) == month:
        return None
    message = "This file is not named as an entry of this folder is; it is not read as one."
    return Problem("stray-file", message, "Move it to where it belongs, or out of the journal.", path, "warning")


def _look(path: str, entry_id: str, digest: Digest) -> tuple[Listed | None, list[Problem]]:
    data = read_file(path)
    if data is None:
        return None, []  # removed since its folder was listed
    opened = open_sealed(data, digest)
    found = _scan(opened.text) if opened.seal is Seal.INTACT else None
    said: list[Problem] = []
    if found is None:
        from careerkit.core.journal.summary import summary  # these two import all
        from careerkit.storage.entry_file import read_entry  # that an entry can hold

        reading = read_entry(data, path)
        found, said = summary(reading.entry), list(reading.problems)
    if found.id == entry_id:
        return found, said
    message = f"This file holds the entry {found.id}, under another name; it is not listed."
    return None, [Problem("stray-file", message, "Rename it, or move it out of the journal.", path, "warning")]


def _scan(text: bytes) -> Listed | None:
    """The entry as its head says; None where the head is none of this format's, and the parser must say what it is."""
    try:
        lines = head_lines(text)
        return listed(lines) if lines["format"] == "1" else None
    except (ValueError, KeyError):
        return None
