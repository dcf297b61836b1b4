"""Killed at any system call, encrypting leaves no word outside the journal, and none inside once it has been run again.

And an interview in an encrypted journal leaves none anywhere. `CAREERKIT_LONG=1 pytest tests/storage/test_interrupted_conversion.py` kills at
every call; by default it is a spread of them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from encrypted_journals import make_unlock
from sample_entries import FINISHED, FIRST_ID, PLAYBOOK, finish_entry, make_entry, open_disk_journal
from test_atomic_write import locate_calls
from test_encrypted_journal import SECOND, WORD, holding

from careerkit.core.journal.entry_list import Event
from careerkit.storage.encryption import generate_key, is_encrypted
from careerkit.storage.transfer import begin_conversion

LONG = bool(os.environ.get("CAREERKIT_LONG"))
HERE = Path(__file__).parent
KILLED_AT = "openat,write,fsync,pread64,fchmod,close,rename,link,linkat,unlink,mkdir,flock"
PLAIN = """
format = 1
title = "Say it"
summary = "One text, and a yes or no"
[[stage]]
id = "a"
title = "A"
[[stage.question]]
id = "what"
type = "text"
ask = "What is it?"
[[stage.question]]
id = "sure"
type = "yesno"
ask = "Are you sure?"
[[finding]]
id = "said"
title = "Said"
text = "{what}"
"""


@pytest.fixture
def traced(need_tool, do_without, tmp_path):
    """Run a command under strace, killed at a call or not; give how it ended and the lines of its calls."""
    program = need_tool("strace")
    if subprocess.run([program, "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode:
        do_without("strace may not trace here")

    def run(*command: str, kill: str = "", stdin: str = "", **environ: str) -> tuple[int, list[str]]:
        log = tmp_path / "strace.log"
        inject = ("-e", f"inject={kill}") if kill else ()
        trace = ("-e", f"trace={KILLED_AT},newfstatat,stat")
        known = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        known |= {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", **environ}
        done = subprocess.run(
            [program, "-qq", "-o", str(log), *trace, *inject, sys.executable, *command],
            env=known,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, log.read_text().splitlines()

    return run


def spread(places: list[tuple[str, int]], number: int) -> list[tuple[str, int]]:
    """All places, or so many of them evenly over the whole way."""
    print(f"{len(places)} calls")
    return places if LONG else places[:: max(1, len(places) // number)]


def test_encrypting_killed_at_any_call_loses_nothing_and_goes_on_where_it_was(traced, tmp_path):
    base = tmp_path / "base"
    journal = open_disk_journal(base)
    journal.create(make_entry(machine=journal.machine, text=WORD), PLAYBOOK)
    journal.create(finish_entry(make_entry(SECOND, machine=journal.machine, text=WORD)), PLAYBOOK)
    journal.append_event(
        Event("20261122T100000000Z-0123456789abcdef", "tag", FIRST_ID, FINISHED, "m", about=WORD, value=True)
    )
    key = generate_key()
    command = (str(HERE / "encrypter_process.py"),)
    for warm in ("warm", "clean"):
        here = Path(shutil.copytree(base, tmp_path / warm))
        code, calls = traced(*command, str(here), key.recipient, HOME=str(tmp_path))
        assert code == 0
    mark = next(number for number, line in enumerate(calls) if "careerkit-mark" in line)

    ends = set()
    for number, (call, nth) in enumerate(spread(locate_calls(calls[:mark], calls[mark + 1 :]), 10)):
        here = Path(shutil.copytree(base, tmp_path / f"run{number}"))
        code, calls = traced(*command, str(here), key.recipient, kill=f"{call}:signal=KILL:when={nth}", HOME=str(here))
        assert any("killed by SIGKILL" in line for line in calls), (call, nth)
        left = holding(here)
        assert all(path.is_relative_to(here / "data/journal") for path in left)
        with begin_conversion(str(here / "data/journal"), str(here / "state")) as it:
            assert it.has_identity or not it.marker.recipient, "nothing is encrypted before its key is safe"
            ends.add((bool(it.marker.recipient), it.count_encrypted()))
        listing = open_disk_journal(here, unlock=make_unlock(key)).listing()
        assert [listed.id for listed in listing.entries] == [SECOND, FIRST_ID], (call, nth)
        assert {problem.code for problem in listing.problems} <= {"not-encrypted"}
        assert traced(*command, str(here), key.recipient, HOME=str(here))[0] == 0
        assert holding(here) == [], (call, nth)
        assert list((here / "data").rglob(".careerkit-*")) == []
        read = open_disk_journal(here, unlock=make_unlock(key)).read(FIRST_ID)
        assert (read.entry.answers[0].value, read.problems) == (WORD, ())
        shutil.rmtree(here)
    print(sorted(ends))
    assert (False, 0) in ends, "some were killed before the first step"
    assert {closed for _, closed in ends} > {0, 1, 2}, "and some on the way"


def test_an_interview_in_an_encrypted_journal_killed_at_any_call_leaves_no_word_anywhere(traced, tmp_path):
    ready = tmp_path / "ready"
    key = encrypt_home(ready)
    playbook = tmp_path / "say.toml"
    playbook.write_text(PLAIN)
    words = ("-c", "import sys; from careerkit.cli.startup import main; sys.exit(main())", "run", str(playbook))

    def interview(home: Path, kill: str = "") -> tuple[int, list[str]]:
        (home / "tmp").mkdir(exist_ok=True)
        typed = f"{WORD}\n:back\n{WORD} again\ny\n\n"
        return traced(*words, "--plain", kill=kill, stdin=typed, HOME=str(home), TMPDIR=str(home / "tmp"))

    for warm in ("warm", "clean"):
        home = Path(shutil.copytree(ready, tmp_path / warm))
        code, calls = interview(home)
        assert code == 0
        assert holding(home) == []
        [path] = home.rglob("entries/*/*.toml")
        assert is_encrypted(path.read_bytes())
        assert f"{WORD} again".encode() in key.decrypt(path.read_bytes())
    begun = next(number for number, line in enumerate(calls) if "/journal/careerkit.toml" in line)

    ends = set()
    for number, (call, nth) in enumerate(spread(positions_in(calls[:begun], calls[begun:]), 10)):
        home = Path(shutil.copytree(ready, tmp_path / f"run{number}"))
        code, seen = interview(home, f"{call}:signal=KILL:when={nth}")
        assert any("killed by SIGKILL" in line for line in seen), (call, nth)
        assert holding(home) == [], (call, nth)
        there = [path for path in home.rglob("entries/*/*.toml")]
        ends.add(max((text_of(path, key) for path in there), default=""))
        shutil.rmtree(home)
    print(sorted(ends))
    assert {"", f"{WORD} again"} <= ends, "some were killed before the first save, and some after the last"


def encrypt_home(home: Path):
    """A home whose journal is encrypted, and empty."""
    data, state = home / ".local/share/careerkit/journal", home / ".local/state/careerkit"
    key = generate_key()
    with begin_conversion(str(data), str(state)) as journal:
        journal.set_recipient(key.recipient, identity=b"an identity file")
    return key


def text_of(path: Path, key) -> str:
    lines = key.decrypt(path.read_bytes()).decode().splitlines()
    return next(line for line in lines if line.startswith('value = "')).partition('"')[2].rstrip('"')


def positions_in(before: list[str], after: list[str]) -> list[tuple[str, int]]:
    """Each call of `after`, as the number that it has among all calls of its name."""
    counts = dict.fromkeys(KILLED_AT.split(","), 0)
    found = []
    for number, line in enumerate([*before, *after]):
        name = line.partition("(")[0]
        if name in counts:
            counts[name] += 1
            if number >= len(before):
                found.append((name, counts[name]))
    return found
