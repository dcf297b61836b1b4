"""Every read of every command that reads, each call of the system in it, and seven faults: the result is right, or the fault is
reported; and afterwards, without the fault, the result is right again, because nothing wrong was remembered.

By default a spread of the calls with the faults in turn. With CAREERKIT_LONG=1 each call has all faults.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from careerkit.storage.platform import ERRNO_REASONS
from careerkit_process import REPOSITORY, Home
from sample_journal import seed_journal

IS_LONG_RUN = os.environ.get("CAREERKIT_LONG") == "1"
CALLS = ("openat", "read", "pread64", "getdents64", "newfstatat", "fstat", "stat", "lstat", "lseek", "flock", "access")
FAULTS = ("EIO", "EACCES", "EMFILE", "ENFILE", "ENOMEM", "ESTALE", "EINTR")
REASONS = tuple(reason for reason, _ in ERRNO_REASONS.values())
COMMANDS = {
    "list": ["journal", "list"],
    "list without the index": ["journal", "list", "--no-index"],
    "list of the removed": ["journal", "list", "--removed"],
    "search": ["journal", "search", "export"],
    "search without the index": ["journal", "search", "export", "--no-index"],
    "show": ["journal", "show", "aaaaaa", "--no-pager"],
    "show the last": ["journal", "show", "last", "--no-pager"],
    "show the newest": ["journal", "show", "--no-pager"],
    "plan show": ["plan", "show", "aaaaaa"],
    "resume": ["resume", "--plain"],
    "doctor": ["doctor"],
    "backup": ["journal", "backup", "BACKUP", "--force"],
    "export": ["journal", "export"],
    "home": ["home"],
}
INDEXED = ("list", "list of the removed", "search", "show the last", "show the newest", "resume", "home")
CASES = [(name, kind) for name in COMMANDS for kind in (("new", "present") if name in INDEXED else ("none",))]
OPENED = [re.compile(rf'/{kind}/[^/"]+{rest}"') for kind in ("entries", "events") for rest in (r"/[^/\"]+\.toml", "")]
"""Files and folders of the journal, in the arguments of a call: what is remembered about them would be wrong for good."""
SHARE = 8
"""Without CAREERKIT_LONG=1, calls per command, which is a few hundred in all."""


class Readers:
    """Runs commands in forked processes, under strace if a call is to fail."""

    def __init__(self, home: Home, program: str) -> None:
        self.home, self._program = home, program
        self._log = home.folder.parent / "strace.log"
        environment = {**home.env, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._server = subprocess.Popen(
            [sys.executable, str(REPOSITORY / "tests/faults/reader_process.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self._send([self._make_call(arguments) for arguments in COMMANDS.values()])
        assert self._server.stdout.readline() == "ready\n"

    def close(self) -> None:
        self._server.stdin.close()
        self._server.wait(timeout=60)
        self._server.stdout.close()

    def run(self, name: str, inject: str = "", *, trace: bool = False) -> tuple[int, str, str, list[str]]:
        """The exit code, what was written to standard output and error, and the traced calls."""
        self._send(self._make_call(COMMANDS[name]))
        pid = int(self._server.stdout.readline())
        tracer = self._attach(pid, inject) if inject or trace else None
        os.kill(pid, signal.SIGUSR1)
        code = int(self._server.stdout.readline())
        calls = []
        if tracer:
            tracer.wait(timeout=60)
            calls = self._log.read_text(errors="replace").splitlines()
        out, err = (self._place(each).read_text() for each in ("out", "err"))
        return code, self._without_chance(out), err, calls

    def _place(self, name: str) -> Path:
        return self.home.folder.parent / name

    def _without_chance(self, out: str) -> str:
        return re.sub(r"\d+ bytes", "", out)

    def _make_call(self, arguments: list[str]) -> dict:
        backup = str(self._place("b.tar.gz"))
        return {
            "arguments": [backup if each == "BACKUP" else each for each in arguments],
            "env": self.home.env,
            "folder": str(self.home.folder),
            "out": str(self._place("out")),
            "err": str(self._place("err")),
        }

    def _send(self, call: object) -> None:
        self._server.stdin.write(json.dumps(call) + "\n")
        self._server.stdin.flush()

    def _attach(self, pid: int, inject: str) -> subprocess.Popen:
        options = ("-e", f"inject={inject}") if inject else ()
        command = [
            self._program,
            "-qq",
            "-y",
            "-s",
            "0",
            "-o",
            str(self._log),
            "-e",
            f"trace={','.join(CALLS)}",
            *options,
        ]
        tracer = subprocess.Popen([*command, "-p", str(pid)])
        deadline = time.monotonic() + 30
        while "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text():
            assert time.monotonic() < deadline, "strace does not come"
            time.sleep(0.002)
        return tracer


@pytest.fixture(scope="module")
def readers(tmp_path_factory):
    program = shutil.which("strace")
    if program is None or subprocess.run([program, "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode:
        if os.environ.get("CAREERKIT_ALL_TOOLS") == "1":
            pytest.fail("strace is needed")
        pytest.skip("strace may not trace here")
    home = Home(tmp_path_factory.mktemp("sweep") / "home")
    home.folder.mkdir()
    seed_journal(home)
    home.run("my", "week", "--plain", stdin="It began badly.\n.\n")
    for command in (
        ["journal", "tag", "aaaaaa", "pay"],
        ["journal", "remove", "bbbbbb"],
        ["config", "set", "offer_names", "false"],
    ):
        assert home.run(*command).code == 0
    assert home.run("journal", "list", "--removed").out.count("\n") == 1
    time.sleep(2.1)  # the index believes no time stamp that is as new as that
    made = Readers(home, program)
    yield made
    made.close()


@pytest.mark.parametrize(("name", "kind"), CASES, ids=[f"{name}, index {kind}" for name, kind in CASES])
def test_whatever_read_fails_the_result_is_right_or_the_fault_is_reported_and_nothing_is_remembered(
    readers, name, kind
):
    put_index(readers, kind)
    right = readers.run(name)
    put_index(readers, kind)
    clean = readers.run(name, trace=True)
    assert clean[:2] == right[:2], clean
    calls = list(locate_own_calls(clean[3], str(readers.home.folder)))
    assert len(calls) >= 5, clean[3]

    ends: Counter[str] = Counter()
    for call, nth, fault in choose(calls):
        for _ in range(3):  # under load, the index may take another way once in thousands of runs
            put_index(readers, kind)
            failed = readers.run(name, f"{call}:error={fault}:when={nth}")
            if is_injected := any("INJECTED" in line for line in failed[3]):
                break
        what = (name, kind, call, nth, fault, failed[:3])
        assert is_injected, what
        assert "Traceback" not in failed[2], what
        assert "bug in careerkit" not in failed[2], what
        if failed[:2] == right[:2] and failed[2] == right[2]:
            ends["right"] += 1
        else:
            assert is_reported(name, failed, right), what
            ends["reported"] += 1
        again = readers.run(name)
        assert again[:3] == right[:3], (what, again[:3], "it is remembered")
    print(f"\n{name}, index {kind}: {dict(ends)}")
    assert ends["reported"] or not IS_LONG_RUN, "no fault was of any effect"


def is_reported(name: str, failed: tuple[int, str, str, list[str]], right: tuple[int, str, str, list[str]]) -> bool:
    code, out, err, _ = failed
    said = any(reason in out + err for reason in REASONS)
    exits = code == 1 or name in ("home", "resume")
    return said and (exits or (code, out) == right[:2])


def put_index(readers: Readers, kind: str) -> None:
    shutil.rmtree(readers.home.folder / ".cache/careerkit/index", ignore_errors=True)
    if kind == "present":
        assert readers.run("list")[0] == 0


def locate_own_calls(lines: list[str], folder: str) -> Iterator[tuple[str, int, str]]:
    """Each call about a file below the home folder, as the number that it has among all calls of its name, and its line."""
    counts: Counter[str] = Counter()
    for line in lines:
        call = line.partition("(")[0]
        counts[call] += 1
        if folder in line:
            yield call, counts[call], line


def choose(calls: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """Without CAREERKIT_LONG=1, some calls that open a file or folder of the journal, and some of all of them."""
    if IS_LONG_RUN:
        return [(call, nth, fault) for call, nth, _ in calls for fault in FAULTS]
    opening = [[each for each in calls if each[0] == "openat" and pattern.search(each[2])] for pattern in OPENED]
    chosen = [each[len(each) // 2] for each in opening if each]
    step = max(1, len(calls) // (SHARE - len(chosen)))
    chosen += [each for each in calls[step // 2 :: step] if each not in chosen]
    return [(call, nth, FAULTS[number % len(FAULTS)]) for number, (call, nth, _) in enumerate(chosen)]
