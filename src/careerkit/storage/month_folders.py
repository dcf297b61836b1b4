"""The folders of a journal that hold a file for each entry or event, by months."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from careerkit.core.frozen import frozen
from careerkit.core.problem import Problem, Refused
from careerkit.storage.disk_trouble import trouble
from careerkit.storage.layout import (
    END,
    ENTRIES,
    EVENTS,
    is_conflict_copy,
    is_entry_id,
    is_event_id,
    is_month,
    month_of,
)


@frozen
class Shelf:
    """One of the two kinds of file that lie by months: its folder, how its files are named, and what they hold."""

    folder: str
    is_id: Callable[[str], bool]
    noun: str

    def month(self, journal: str, name: str) -> str:
        """The path of a month folder."""
        return os.path.join(journal, self.folder, name)


ENTRY_FILES = Shelf(ENTRIES, is_entry_id, "entry")
EVENT_FILES = Shelf(EVENTS, is_event_id, "event")


def months(journal: str, shelf: Shelf) -> list[str]:
    """The shelf's folders, oldest first; none where there are none yet."""
    above = os.path.join(journal, shelf.folder)
    return [os.path.join(above, name) for name in names_in(above) if is_month(name)]


def files(journal: str, shelf: Shelf, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Every file of the shelf as its path and its id, and what is wrong with names and folders into `problems`."""
    for month in months(journal, shelf):
        yield from files_of(month, shelf, problems)


def files_of(month: str, shelf: Shelf, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """The files of one month folder, as `files` gives them."""
    try:
        names = names_in(month)
    except Refused as refused:
        problems += refused.problems
        return
    for name in names:
        path = os.path.join(month, name)
        if problem := _stray(path, name, os.path.basename(month), shelf):
            problems.append(problem)
        elif name.endswith(END) and not name.startswith("."):
            yield path, name.removesuffix(END)


def elsewhere(journal: str, shelf: Shelf) -> Iterator[Problem]:
    """That a file lies below the shelf's folder, but in none of its months, where nothing is looked for."""
    above = os.path.join(journal, shelf.folder)
    for folder, inner, names in os.walk(above):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        is_shelved = os.path.dirname(folder) == above and is_month(os.path.basename(folder))
        for name in [] if is_shelved else sorted(names):
            if name.endswith(END) and not name.startswith("."):
                message = f"This file lies in no month's folder; it is not read as an {shelf.noun}."
                hint = "Move it to where it belongs, or out of the journal."
                yield Problem("stray-file", message, hint, os.path.join(folder, name), "warning")


def names_in(folder: str) -> list[str]:
    """The names in a folder, in order; none where it isn't there. Refused where it can't be listed."""
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Refused(trouble("unreadable", "The folder can't be listed", error, folder)) from error


def _stray(path: str, name: str, month: str, shelf: Shelf) -> Problem | None:
    """What is wrong with a file's name. Hidden files and those of other kinds are nobody's business here."""
    noun = shelf.noun
    if is_conflict_copy(name):
        message = f"A sync tool left this copy beside an {noun}; it is not read as one."
        return Problem("conflict-copy", message, "Compare the two and remove the one you don't want.", path, "warning")
    if name.startswith(".") or not name.endswith(END):
        return None
    identity = name.removesuffix(END)
    if shelf.is_id(identity) and month_of(identity) == month:
        return None
    message = f"This file is not named as an {noun} of this folder is; it is not read as one."
    return Problem("stray-file", message, "Move it to where it belongs, or out of the journal.", path, "warning")
