"""SIGTERM, SIGHUP and SIGINT at the system calls of the real command: what was said to be saved is, and nothing is torn.

By default a spread of the calls, each with one signal in turn; with CAREERKIT_LONG=1 every call with all three.
(SIGKILL, and at a terminal: tests/storage/test_fault_sweep.py, tests/terminal/keys/test_interruptions.py.)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from careerkit.storage.journal import DiskJournal
from careerkit_process import Home
from sample_journal import WEEK_PLAYBOOK

LONG = os.environ.get("CAREERKIT_LONG") == "1"
CALLS = ("openat", "write", "fsync", "pread64", "fchmod", "close", "rename", "link", "unlink", "mkdir", "flock")
SIGNALS = {"TERM": 143, "HUP": 129, "INT": 130}
TYPED = "It broke.\n.\n5\n52\n1\n\n"
CAREERKIT = (sys.executable, "-c", "from careerkit.cli.startup import main; raise SystemExit(main())")


class Traced:
    """An interview, typed into a pipe, under strace."""

    def __init__(self, strace: str, log: Path) -> None:
        self._strace, self._log = strace, log

    def __call__(self, home: Home, inject: str = "") -> tuple[int, str, list[str]]:
        """The exit code, what was said, and the calls."""
        options = ("-e", f"inject={inject}") if inject else ()
        tracer = [self._strace, "-qq", "-o", str(self._log), "-e", f"trace={','.join(CALLS)}", *options]
        known = {
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
        }
        done = subprocess.run(
            [*tracer, *CAREERKIT, "my", "week", "--plain"],
            env={**home.env, **known},
            cwd=home.folder,
            input=TYPED,
            capture_output=True,
            text=True,
            timeout=180,
        )
        return done.returncode, done.stdout + done.stderr, self._log.read_text().splitlines()


@pytest.fixture
def traced(need_tool, do_without, tmp_path) -> Traced:
    program = need_tool("strace")
    if subprocess.run([program, "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode:
        do_without("strace may not trace here")
    return Traced(program, tmp_path / "strace.log")


def test_a_signal_at_any_call_ends_it_with_all_that_was_said_to_be_saved(traced, tmp_path):
    base = Home(tmp_path / "base")
    base.folder.mkdir()
    base.add_playbook("my/week", WEEK_PLAYBOOK)
    assert base.run("playbook", "list").code == base.run("my", "week", "--help").code == 0, "the cache is there"
    for warm in ("warm", "clean"):
        code, said, calls = traced(copy(base, tmp_path / warm))
        assert (code, said.count("Saved")) == (0, 5), "four answers, and the entry"
    begun = next(number for number, line in enumerate(calls) if "/journal/careerkit.toml" in line)

    ends: Counter[tuple[int, int]] = Counter()
    for number, (call, nth, name) in enumerate(chosen(calls, begun)):
        home = copy(base, tmp_path / f"run{number}")
        code, said, seen = traced(home, f"{call}:signal={name}:when={nth}")
        assert any(f"SIG{name}" in line for line in seen), (call, nth)
        assert code in (0, SIGNALS[name]), (call, nth, name, said)
        assert "Traceback" not in said
        listing = DiskJournal(home.journal, home.folder / ".local/state/careerkit").listing()
        assert listing.problems == (), (call, nth, name)
        answered = sum(each.answered for each in listing.entries)
        assert answered >= min(4, said.count("Saved")), (call, nth, name, said)
        assert not list(home.journal.rglob(".careerkit-*")), (call, nth, name)
        ends[code, answered] += 1
        shutil.rmtree(home.folder)
    print(f"\n{sum(ends.values())} runs: {dict(ends)}")
    assert len({answered for _, answered in ends}) > 2, "some ended before the first answer, some later"


def copy(base: Home, place: Path) -> Home:
    return Home(shutil.copytree(base.folder, place))


def chosen(calls: list[str], begun: int) -> list[tuple[str, int, str]]:
    """Calls from the first look at the journal on, each as the number that it has among those of its name, with a signal."""
    counts, found = dict.fromkeys(CALLS, 0), []
    for number, line in enumerate(calls):
        name = line.partition("(")[0]
        if name in counts:
            counts[name] += 1
            if number >= begun:
                found.append((name, counts[name]))
    if LONG:
        return [(*each, signal) for each in found for signal in SIGNALS]
    spread = found[:: max(1, len(found) // 11)]
    return [(*each, list(SIGNALS)[number % 3]) for number, each in enumerate(spread)]
