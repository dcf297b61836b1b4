"""Saving is quick enough to stand between two questions, and a list needs no TOML parser."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sample_entries import (
    FIRST_ID,
    PLAYBOOK,
    STARTED,
    enlarge_entry,
    finish_entry,
    locate_entry,
    make_entry,
    open_disk_journal,
)

from long_run import choose_count

HEAVY = ("pydantic", "tomllib", "tomli_w", "json", "platformdirs", "pathlib", "decimal", "tempfile", "zoneinfo")


MEASURE = """
import sys, time
from careerkit.core.frozen import replace
from pathlib import Path
from sample_entries import PLAYBOOK, enlarge_entry, make_entry, open_disk_journal
journal = open_disk_journal(Path(sys.argv[1]))
made = enlarge_entry(make_entry(machine=journal.machine))
journal.create(made, PLAYBOOK)
for count in range(40):
    start = time.process_time()
    journal.save(replace(made, asked=count))
    print((time.process_time() - start) * 1000)
"""


def milliseconds(program: str, base: Path) -> list[float]:
    """What the program measured, in a process of its own: coverage slows this one.

    Time of the processor: how long a disk takes that others write to as well, the benchmarks measure on a quiet machine.
    """
    environ = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", program, str(base)]
    said = subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout
    return [float(line) for line in said.split()]


def test_a_save_of_fifteen_kilobytes_takes_less_than_twenty_milliseconds(tmp_path):
    taken = milliseconds(MEASURE, tmp_path)

    median = statistics.median(taken)
    print(f"save of 15 KB: median {median:.1f} ms, slowest {max(taken):.1f} ms")
    assert 14_000 < locate_entry(tmp_path).stat().st_size < 17_000
    assert median < 20


@pytest.fixture
def hundred(tmp_path):
    journal = open_disk_journal(tmp_path)
    for number in range(100):
        entry_id = f"2026{1 + number % 12:02d}22T0905Z-k{number:05d}"
        made = enlarge_entry(make_entry(entry_id, machine=journal.machine), 5_000)
        journal.create(finish_entry(made) if number % 3 else made, PLAYBOOK)
    return journal


LISTED = """
import sys, time
from pathlib import Path
from sample_entries import open_disk_journal
journal = open_disk_journal(Path(sys.argv[1]))
for _ in range(15):
    start = time.process_time()
    assert len(journal.listing().entries) == 100
    print((time.process_time() - start) * 1000)
"""


def test_a_hundred_entries_are_listed_in_a_few_milliseconds(hundred, tmp_path):
    taken = milliseconds(LISTED, tmp_path)

    print(f"list of 100: best {min(taken):.1f} ms, median {statistics.median(taken):.1f} ms")
    assert min(taken) < 20, "5 on a quiet machine"


def test_a_list_imports_nothing_that_it_does_not_need(hundred, tmp_path):
    program = f"""
import sys
before = set(sys.modules)
from careerkit.storage.journal import DiskJournal
journal = DiskJournal({str(tmp_path / "data" / "journal")!r}, {str(tmp_path / "state")!r})
assert len(journal.listing().entries) == 100
print(*(set(sys.modules) - before))
"""
    environ = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], env=environ, capture_output=True, text=True, check=True
    )
    imported = set(done.stdout.split())

    assert not imported & set(HEAVY)
    ours = {name for name in imported if name.startswith("careerkit.core")}
    assert "careerkit.core.journal.fast_reader" in ours
    assert not {"careerkit.core.outcome.model", "careerkit.core.playbook.model"} & ours


def test_an_entry_of_megabytes_is_saved_and_read(tmp_path):
    journal = open_disk_journal(tmp_path)
    text = ("Zu viel für einen Tag. " * 250 + '\\ "\n') * choose_count(175, long=1_750)
    start = time.perf_counter()
    journal.create(make_entry(machine=journal.machine, text=text, started=STARTED), PLAYBOOK)
    print(f"create of {len(text) / 1e6:.0f} MB: {time.perf_counter() - start:.2f} s")

    assert journal.read(FIRST_ID).entry.answers[0].value == text
    assert len(journal.listing().entries) == 1
