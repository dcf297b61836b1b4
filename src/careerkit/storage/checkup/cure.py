"""What is put right of a journal: files move into the quarantine, doors are closed. Nothing is deleted or rewritten."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from datetime import UTC, datetime

from careerkit.core.frozen import frozen
from careerkit.core.problem import Problem
from careerkit.storage.checkup.complaint import Complaint
from careerkit.storage.durable import make_folders, move
from careerkit.storage.layout import QUARANTINE
from careerkit.storage.tidying import is_open


@frozen
class Cured:
    """What was wrong, and where its file is now: where it was when only its mode was closed, "" where it is no file."""

    problem: Problem
    to: str


def cure(complaints: Iterable[Complaint], *, journal: str, state: str, now: datetime) -> list[Cured]:
    """Put right what may be. Refused, with what was done so far done, where a file can't be moved."""
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    done: list[Cured] = []
    for complaint in complaints:
        path = complaint.path
        if not os.path.lexists(path):
            continue  # moved already, for another reason
        match complaint.cure:
            case "move":
                base = journal if path.startswith(journal + os.sep) else state
                done.append(Cured(complaint.problem, _move(path, base, stamp)))
            case "close":
                with contextlib.suppress(OSError):  # a memory stick knows no modes; the complaint stays
                    os.chmod(path, os.stat(path).st_mode & 0o700)
                if not is_open(path):
                    done.append(Cured(complaint.problem, path))
    return done


def _move(path: str, base: str, stamp: str) -> str:
    below = os.path.relpath(path, base)
    target, number = os.path.join(base, QUARANTINE, stamp, below), 1
    while os.path.lexists(target):
        number += 1
        target = os.path.join(base, QUARANTINE, f"{stamp}-{number}", below)
    make_folders(os.path.dirname(target), what="The quarantine")
    move(path, target, what="This")
    return target
