"""Time durable saves of an open entry, each with a plain append to compare. Run with the installed careerkit's own Python.

`time_saves.py BYTES COUNT`, in a home whose journal has an entry. Prints JSON: milliseconds per save, milliseconds per
append, and the size of the entry's file in bytes.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Answer, Entry
from careerkit.storage.journal import DiskJournal
from careerkit.storage.platform import find_folders

if TYPE_CHECKING:
    from collections.abc import Callable

SENTENCE = 'What I did next, and why it took me so long to say so: "nobody asked".\n'
LINE = (SENTENCE * 3).encode()


def main() -> None:
    size, count = int(sys.argv[1]), int(sys.argv[2])
    folders = find_folders()
    journal = DiskJournal(folders.journal, folders.state)
    entry = _open_entry(journal, size)
    saves: list[float] = []
    appends: list[float] = []
    for number in range(count):
        changed = replace(entry, answers=(*entry.answers, _answer(len(entry.answers) + number, SENTENCE)))
        saves.append(_timed(partial(journal.save, changed)))
        appends.append(_timed(partial(_append, Path(folders.data, "yardstick"))))
    file = _file_of(journal, entry)
    print(json.dumps({"save": saves, "append": appends, "bytes": file.stat().st_size}))
    file.unlink()  # leaves the journal as it was, for the next run


def _open_entry(journal: DiskJournal, size: int) -> Entry:
    """Save a new open entry like the newest one, with enough answers for a file of about `size` bytes."""
    finished = journal.read(journal.resolve_id("last")).entry
    entry = replace(
        finished, id=journal.new_id(datetime.now(UTC)), finished=None, quick_given=None, outcome=None, answers=()
    )
    journal.create(entry, journal.read_playbook(entry.playbook.sha256))
    while _file_of(journal, entry).stat().st_size < size - 500:
        entry = replace(entry, answers=(*entry.answers, _answer(len(entry.answers), SENTENCE * 5)))
        journal.save(entry)
    return entry


def _answer(number: int, text: str) -> Answer:
    return Answer(f"question_{number}", "text", f"Question number {number}: what then?", text, text)


def _file_of(journal: DiskJournal, entry: Entry) -> Path:
    return next(Path(journal.folder, "entries").rglob(f"{entry.id}.toml"))


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter_ns()
    act()
    return (time.perf_counter_ns() - began) / 1e6


def _append(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, LINE)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    main()
