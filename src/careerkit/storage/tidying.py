"""What is put right in passing, before an entry is begun: what killed processes left, and folders that stand open.

Leftovers may hold answers that are private. Only the months that are still written to are looked at, so that a beginning
takes no longer in a large journal; `careerkit doctor` looks at all.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time

from careerkit.core.problem import Refused
from careerkit.storage.durable import is_temp
from careerkit.storage.layout import PLAYBOOKS
from careerkit.storage.month_folders import ENTRY_FILES, EVENT_FILES, months

SWEPT_AFTER = 3600
"""Seconds after which nobody is still writing a temp file."""

STILL_WRITTEN = 3
"""Months, the newest."""

OTHERS = 0o077


def tidy(journal: str) -> None:
    """Remove what is left over, and close what is open to others. That it can't be done is no reason not to write."""
    with contextlib.suppress(Refused, OSError):
        by_month = [month for shelf in (ENTRY_FILES, EVENT_FILES) for month in months(journal, shelf)[-STILL_WRITTEN:]]
        for folder in [journal, os.path.join(journal, PLAYBOOKS), *by_month]:
            if os.path.isdir(folder):
                _sweep(folder)
                _close(folder)


def sweep(folder: str) -> None:
    """Remove what killed writes have left in a folder outside of the journal. That it can't be done is no reason not to write."""
    with contextlib.suppress(OSError):
        _sweep(folder)


def is_left_over(path: str) -> bool:
    """Whether that is a temp file that nobody is still writing."""
    return is_temp(os.path.basename(path)) and time.time() - os.lstat(path).st_mtime > SWEPT_AFTER


def is_open(path: str) -> bool:
    """Whether others than the owner may do anything with it. A link that leads nowhere opens nothing."""
    try:
        return bool(stat.S_IMODE(os.stat(path).st_mode) & OTHERS)
    except OSError:
        return False


def _sweep(folder: str) -> None:
    for name in filter(is_temp, os.listdir(folder)):
        if is_left_over(os.path.join(folder, name)):
            os.unlink(os.path.join(folder, name))


def _close(folder: str) -> None:
    if is_open(folder):
        os.chmod(folder, stat.S_IMODE(os.stat(folder).st_mode) & ~OTHERS)
