"""One fault of the disk in the midst of an interview: what was not taken is told, and what comes later is saved all the same.

By default a spread of the calls; with CAREERKIT_LONG=1 every call, with two faults each.
"""

from __future__ import annotations

import shutil
from collections import Counter

from test_signals import CALLS, LONG, copy, traced  # noqa: F401 - a fixture

from careerkit.storage.journal import DiskJournal
from careerkit_process import Home
from sample_journal import WEEK_PLAYBOOK

FAULTS = ("error=EIO", "error=ENOSPC")
WRITING = ("fsync", "rename", "link", "pread64")


def test_one_fault_of_the_disk_in_passing_costs_no_answer(traced, tmp_path):  # noqa: F811 - the fixture
    base = Home(tmp_path / "base")
    base.folder.mkdir()
    base.add_playbook("my/week", WEEK_PLAYBOOK)
    assert base.run("playbook", "list").code == base.run("my", "week", "--help").code == 0, "the cache is there"
    for warm in ("warm", "clean"):
        code, _, calls = traced(copy(base, tmp_path / warm))
        assert code == 0

    ends: Counter[str] = Counter()
    for number, (call, nth, fault, is_last) in enumerate(chosen(calls)):
        home = copy(base, tmp_path / f"run{number}")
        code, said, seen = traced(home, f"{call}:{fault}:when={nth}")
        where = (call, nth, fault, said)
        assert any("INJECTED" in line for line in seen), where
        assert "not-saved" in said or "not saved" in said or "didn't confirm" in said, where
        listing = DiskJournal(home.journal, home.folder / ".local/state/careerkit").listing()
        assert listing.problems == (), where
        assert [each.answered for each in listing.entries] == [4], where
        if not is_last:
            assert (code, listing.entries[0].state) == (0, "finished"), where
        ends[f"{code} {listing.entries[0].state}"] += 1
        shutil.rmtree(home.folder)
    print(f"\n{sum(ends.values())} runs: {dict(ends)}")
    assert ends["0 finished"], "some answers were refused, and taken with the next"


def chosen(calls: list[str]) -> list[tuple[str, int, str, bool]]:
    """The calls of writing, from the folder of the first entry on, each as the number that it has among those of its name.

    With each a fault, and whether it belongs to the last save, after which nothing comes that could make up for it.
    """
    begun = next(number for number, line in enumerate(calls) if "/journal/entries" in line and line.startswith("mkdir"))
    last = max(number for number, line in enumerate(calls) if "/.careerkit-" in line and line.startswith("openat"))
    counts, found = dict.fromkeys(CALLS, 0), list[tuple[str, int, bool]]()
    for number, line in enumerate(calls):
        name = line.partition("(")[0]
        if name in counts:
            counts[name] += 1
            if number >= begun and name in WRITING:
                found.append((name, counts[name], number > last))
    spread = found if LONG else found[:: max(1, len(found) // 7)]
    faults = FAULTS if LONG else FAULTS[:1]
    return [(call, nth, fault, is_last) for call, nth, is_last in spread for fault in faults]
