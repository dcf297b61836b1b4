"""The issues that a check finds in a journal, and their fixes, which never delete or rewrite a file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

from careerkit.core.errors import Problem
from careerkit.core.frozen import frozen, replace
from careerkit.storage.atomic_write import is_accessible_to_others, make_folders, move_file
from careerkit.storage.layout import QUARANTINE

FixKind = Literal["", "move", "close", "reindex"]


@frozen
class Issue:
    """A problem, and how it can be fixed.

    `fix` is "move" to move the file at `path` to the quarantine, "close" to remove other users' permissions on it,
    "reindex" to rebuild the index, or "" if the user has to fix it.
    """

    problem: Problem
    path: str = ""
    fix: FixKind = ""


@frozen
class DoctorReport:
    """The issues found, and the number of entries, events and playbooks that were checked."""

    issues: tuple[Issue, ...]
    entries: int
    events: int
    playbooks: int

    def with_problems(self, problems: Iterable[Problem]) -> DoctorReport:
        """Add problems that the user has to fix."""
        return replace(self, issues=(*self.issues, *(Issue(each, str(each.where)) for each in problems)))


@frozen
class AppliedFix:
    """A problem that was fixed, and where its file is now; "" if it wasn't about a file."""

    problem: Problem
    new_path: str


def fix_issues(issues: Iterable[Issue], *, journal: str, state_folder: str, now: datetime) -> list[AppliedFix]:
    """Apply the fixes "move" and "close". Raises Refused if a file can't be moved; the fixes before that are applied."""
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    applied: list[AppliedFix] = []
    for issue in issues:
        path = issue.path
        if not os.path.lexists(path):
            continue  # already moved for another issue
        match issue.fix:
            case "move":
                base = journal if path.startswith(journal + os.sep) else state_folder
                applied.append(AppliedFix(issue.problem, _move_to_quarantine(path, base, stamp)))
            case "close":
                with contextlib.suppress(OSError):  # FAT, for example, has no permissions
                    os.chmod(path, os.stat(path).st_mode & 0o700)
                if not is_accessible_to_others(path):
                    applied.append(AppliedFix(issue.problem, path))
    return applied


def _move_to_quarantine(path: str, base: str, stamp: str) -> str:
    relative = os.path.relpath(path, base)
    target, number = os.path.join(base, QUARANTINE, stamp, relative), 1
    while os.path.lexists(target):
        number += 1
        target = os.path.join(base, QUARANTINE, f"{stamp}-{number}", relative)
    make_folders(os.path.dirname(target), subject="The quarantine")
    move_file(path, target, subject="This file")
    return target
