"""What lies about a journal: leftovers of killed writes, locks that nobody holds, doors that stand open."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator

from careerkit.core.problem import Problem
from careerkit.storage.checkup.complaint import Complaint
from careerkit.storage.durable import is_temp
from careerkit.storage.layout import QUARANTINE
from careerkit.storage.memory_of_journals import MachineMemory
from careerkit.storage.month_folders import names_in
from careerkit.storage.own_files import FOLDERS, own_files
from careerkit.storage.tidying import is_left_over, is_open


def leftovers(journal: str) -> Iterator[Complaint]:
    """Temp files that nobody is still writing, but for those that are in the quarantine already. They may hold answers."""
    for folder, inner, names in os.walk(journal):
        if folder == journal:
            inner[:] = [name for name in inner if name != QUARANTINE]
        for path in (os.path.join(folder, name) for name in sorted(filter(is_temp, names))):
            if is_left_over(path):
                message = "A write that was killed has left this file."
                hint = "The next entry sweeps it away, or --fix moves it."
                yield Complaint(Problem("leftover", message, hint, path, "warning"), path, "move")


def locks(memory: MachineMemory) -> Iterator[Complaint]:
    """Lock files that no process holds. They hinder nobody."""
    for name in names_in(memory.locks):
        path = os.path.join(memory.locks, name)
        if not _is_held(path):
            message = "A killed process has left this lock. It hinders nobody."
            yield Complaint(Problem("stale-lock", message, "--fix moves it.", path, "warning"), path, "move")


def open_modes(journal: str) -> Iterator[Complaint]:
    """Files and folders of the journal that others than the owner may read or write."""
    folders = [journal, *(os.path.join(journal, name) for name in FOLDERS)]
    folders += [os.path.join(above, name) for above in folders[1:] for name in names_in(above)]
    for path in (*filter(os.path.isdir, folders), *(os.path.join(journal, name) for name in own_files(journal))):
        if is_open(path):
            message = "Others than you may open this."
            hint = "--fix closes it, if its disk keeps modes. What was read meanwhile, was read."
            yield Complaint(Problem("open-to-others", message, hint, path, "warning"), path, "close")


def _is_held(path: str) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
