"""Inject real faults: run the writer process under strace and break one of its system calls."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from sample_entries import FIRST_ID

HERE = Path(__file__).parent
TRACED_CALLS = ("openat", "write", "fsync", "pread64", "fchmod", "close", "rename", "link", "linkat", "unlink", "mkdir")
MARK = "careerkit-mark"


def run_writer(base: Path, act: str, text: str, *, tracer: tuple[str, ...] = (), **environ: str) -> str:
    """What the writer process said."""
    command = [*tracer, sys.executable, str(HERE / "writer_process.py"), str(base), act, FIRST_ID, text]
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONHASHSEED": "0"}
    environ = {"PYTHONDONTWRITEBYTECODE": "1", "HOME": str(base)} | environ
    done = subprocess.run(command, env=known | environ, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def locate_calls(before: list[str], after: list[str]) -> list[tuple[str, int]]:
    """Each call of the act, as the number that it has among all calls of its name."""
    counts = {name: sum(line.startswith(f"{name}(") for line in before) for name in TRACED_CALLS}
    found = []
    for line in after:
        name = line.partition("(")[0]
        if line.startswith("write(1,"):
            break
        if name in counts:
            counts[name] += 1
            found.append((name, counts[name]))
    return found


def copy_journal(base: Path, number: int) -> Path:
    """The same journal and state elsewhere. The state remembers the old place, which does no harm."""
    return Path(shutil.copytree(base, base.with_name(f"run{number}")))


def list_temp_files(base: Path) -> list[Path]:
    return list(base.rglob(".careerkit-*"))


def warm_up(base: Path, act: str) -> None:
    """One run that nobody watches: it leaves Python's compiled files, so that all further ones make the same calls."""
    assert run_writer(copy_journal(base, 9999), act, "new", PYTHONDONTWRITEBYTECODE="") == "saved\n"


class Strace:
    """Calls the writer under strace; gives what it said, and the calls that it made after its mark."""

    def __init__(self, program: str, log: Path) -> None:
        self._program, self._log = program, log
        self.before: list[str] = []

    def __call__(self, base: Path, act: str, text: str, inject: str = "") -> tuple[str, list[str]]:
        options = ("-e", f"inject={inject}") if inject else ()
        calls = ",".join((*TRACED_CALLS, "newfstatat", "stat"))
        tracer = (self._program, "-qq", "-o", str(self._log), "-e", f"trace={calls}", *options)
        said = run_writer(base, act, text, tracer=tracer)
        before, mark, after = self._log.read_text().partition(MARK)
        assert mark, "the writer did not come to its act"
        self.before = before.splitlines()
        return said, after.splitlines()[1:]
