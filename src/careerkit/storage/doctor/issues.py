"""The issues that a check finds in a journal, and their fixes, which never delete or rewrite a file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.storage.atomic_write import is_accessible_to_others, make_folders, move_file
from careerkit.storage.failures import is_read_failure
from careerkit.storage.file_reader import read_file
from careerkit.storage.layout import QUARANTINE, is_temp_name
from careerkit.storage.leftovers.unread_files import find_right_path

FixKind = Literal["", "move", "rename", "close", "reindex"]

MAX_PARTS = 8
"""How many names of a file's path are kept in the quarantine, so that it isn't deeper than backups look."""


@frozen
class Issue:
    """A problem, and how it can be fixed.

    `fix` is "move" to move the file at `path` to the quarantine, "rename" to give it its right name, "close" to remove other users' permissions on it,
    "reindex" to rebuild the index, or "" if the user has to fix it.
    """

    problem: Problem
    path: str = ""
    fix: FixKind = ""


@frozen
class DoctorReport:
    """The issues found, and the number of entries, events and playbooks that were checked.

    `foreign` names what other programs keep in the journal's folder. Nothing is wrong with it.
    """

    issues: tuple[Issue, ...]
    entries: int
    events: int
    playbooks: int
    foreign: tuple[Problem, ...] = ()

    def with_problems(self, problems: Iterable[Problem]) -> DoctorReport:
        """Add problems that the user has to fix."""
        return replace(self, issues=(*self.issues, *(Issue(each, str(each.where)) for each in problems)))


@frozen
class AppliedFix:
    """A problem that was fixed, and where its file is now; "" if it wasn't about a file. `is_renamed`: under its right name."""

    problem: Problem
    new_path: str
    is_renamed: bool = False


def fix_issues(issues: Iterable[Issue], *, journal: str, state_folder: str, now: datetime) -> list[AppliedFix]:
    """Apply the fixes "move", "rename" and "close".

    What could not be read before, but can be now, stays where it is: nothing is wrong with it. Raises Refused if a file can't be moved; the fixes before that are applied.
    """
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    applied: list[AppliedFix] = []
    for issue in issues:
        path = issue.path
        if not os.path.lexists(path):
            continue  # already moved for another issue
        match issue.fix:
            case "rename":
                target = find_right_path(path)
                if target and not os.path.lexists(target):
                    move_file(path, target, subject="This file")
                    applied.append(AppliedFix(issue.problem, target, is_renamed=True))
            case "move" if not is_read_failure(issue.problem) or _is_still_unreadable(path):
                base = journal if path.startswith(journal + os.sep) else state_folder
                applied.append(AppliedFix(issue.problem, _move_to_quarantine(path, base, stamp)))
            case "close":
                with contextlib.suppress(OSError):  # FAT, for example, has no permissions
                    os.chmod(path, os.stat(path).st_mode & 0o700)
                if not is_accessible_to_others(path):
                    applied.append(AppliedFix(issue.problem, path))
    return applied


def _is_still_unreadable(path: str) -> bool:
    """Is this a file that can't be read? Not a link: what it leads to may only be out of reach."""
    if os.path.islink(path) or os.path.isdir(path):
        return False
    try:
        read_file(path)
    except Refused:
        return True
    return False


def _move_to_quarantine(path: str, base: str, stamp: str) -> str:
    """Move a file, and return its new path. Hidden names become visible ones: only those are backed up and encrypted."""
    parts = os.path.relpath(path, base).split(os.sep)[-MAX_PARTS:]
    relative = os.path.join(*(each if is_temp_name(each) else each.lstrip(".") or "_" for each in parts))
    target, number = os.path.join(base, QUARANTINE, stamp, relative), 1
    while os.path.lexists(target):
        number += 1
        target = os.path.join(base, QUARANTINE, f"{stamp}-{number}", relative)
    make_folders(os.path.dirname(target), subject="The quarantine")
    move_file(path, target, subject="This file")
    return target
