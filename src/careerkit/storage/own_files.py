"""Which of the files in a journal's folder are the journal's own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from careerkit.storage.durable import is_temp
from careerkit.storage.layout import ENTRIES, EVENTS, PLAYBOOKS, QUARANTINE, is_month
from careerkit.storage.month_folders import names_in

FOLDERS = (ENTRIES, EVENTS, PLAYBOOKS, QUARANTINE)
DEPTH = 5


def own_files(journal: str) -> Iterator[str]:
    """The paths of its files below the folder, with `/`, in order. Hidden files and what a killed write left are none.

    Files of other tools beside them are taken along: what lies among the entries is nobody's to leave behind.
    None where there is no folder. Refused where one can't be listed.
    """
    for name in names_in(journal):
        path = os.path.join(journal, name)
        if name in FOLDERS:
            yield from _below(path, name)
        elif is_own(name) and os.path.isfile(path):
            yield name


def own_folders(journal: str) -> Iterator[str]:
    """The paths of the journal's folder and of those below it in which its files lie, links to folders followed."""
    yield journal
    for name in filter(FOLDERS.__contains__, names_in(journal)):
        yield from _folders_below(os.path.join(journal, name), name)


def copies_of(ids: Sequence[str], journal: str) -> tuple[str, ...]:
    """The paths of all files of the journal, in the quarantine too, whose names begin as one of the ids."""
    beginnings = tuple(ids)
    there = (path for path in own_files(journal) if path.rpartition("/")[2].startswith(beginnings))
    return tuple(os.path.join(journal, path) for path in there)


def is_own(path: str) -> bool:
    """Whether a relative path with `/` may be one of a journal's files. None leads out of the folder."""
    parts = path.split("/")
    if any(not part or part.startswith(".") or not part.isprintable() or "\\" in part for part in parts):
        return False
    match parts:
        case [name]:
            return not is_temp(name)
        case [folder, month, _]:
            return folder == QUARANTINE or (folder in (ENTRIES, EVENTS) and is_month(month))
        case [folder, *_]:
            return folder == QUARANTINE or (folder == PLAYBOOKS and len(parts) == 2)
    return False


def _folders_below(folder: str, path: str) -> Iterator[str]:
    if not os.path.isdir(folder):
        return
    yield folder
    for name in names_in(folder):
        below = f"{path}/{name}"
        if not name.startswith(".") and below.count("/") < DEPTH:
            yield from _folders_below(os.path.join(folder, name), below)


def _below(folder: str, path: str) -> Iterator[str]:
    for name in names_in(folder):
        inner, below = os.path.join(folder, name), f"{path}/{name}"
        if os.path.isdir(inner) and below.count("/") < DEPTH:
            yield from _below(inner, below)
        elif is_own(below):
            yield below
