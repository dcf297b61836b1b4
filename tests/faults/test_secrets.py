"""What was typed stands in the journal and nowhere else: no argument, no environment, no log, no traceback, no file left behind.

But for the index of a journal that is not encrypted, in the cache, which has the words too (docs/journal.md says so).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pexpect
import pytest

from careerkit_process import COMMAND, Home
from sample_journal import WEEK_PLAYBOOK

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="they look into /proc")

ANSWER, NOTED, CORRECTED, SEARCHED, HALF = "zebrafish", "quokkas", "platypus", "axolotls", "narwhals"
WORDS = (ANSWER, NOTED, CORRECTED, SEARCHED, HALF)


@pytest.fixture
def private(home, tmp_path) -> Home:
    """A home whose folders for temporary files are its own, and what a person brings along is elsewhere."""
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    for name, variable in (("tmp", "TMPDIR"), ("run", "XDG_RUNTIME_DIR")):
        (home.folder / name).mkdir(mode=0o700)
        home.env[variable] = str(home.folder / name)
    (tmp_path / "corrected.toml").write_text(f'what = "{CORRECTED}"')
    return home


def holding(home: Home) -> dict[str, set[str]]:
    """By word, the folders of careerkit's in which files hold it, in bytes of any case."""
    found: dict[str, set[str]] = {word: set() for word in WORDS}
    for path in home.folder.rglob("*"):
        data = path.read_bytes().lower() if path.is_file() else b""
        for word in WORDS:
            if word.encode() in data or word in path.name:
                place = str(path.relative_to(home.folder))
                found[word].add(next((known for known in KNOWN if place.startswith(known)), place))
    return found


JOURNAL, INDEX = KNOWN = (".local/share/careerkit/journal/", ".cache/careerkit/index/")


def test_after_every_kind_of_command_what_was_typed_is_in_the_journal_and_its_index_only(private, tmp_path):
    run(private, "my", "week", stdin=f"{ANSWER}\n.\n:back\n{ANSWER} again\n.\n5\n52\n2\nLinh\n\n")
    run(private, "journal", "note", "last", stdin=f"{NOTED} {NOTED}\n")
    run(private, "journal", "edit", "last", "--answers", str(tmp_path / "corrected.toml"))
    run(private, "journal", "search", stdin=f"{ANSWER}\n")
    run(private, "journal", "search", stdin=f"{SEARCHED}\n")
    run(private, "plan", "export", "last")
    run(private, "journal", "show", "last")
    run(private, "doctor")

    found = holding(private)
    assert found[ANSWER] == {JOURNAL, INDEX}, "it was really typed, and the index has the words"
    assert found[NOTED] == found[CORRECTED] == {JOURNAL, INDEX}
    assert found[SEARCHED] == set(), "no file remembers what was searched for"
    assert list((private.folder / "tmp").iterdir()) == list((private.folder / "run").iterdir()) == []
    names = [str(path.relative_to(private.folder)).split("/careerkit")[0] for path in private.folder.rglob("*.log*")]
    assert names == [], "there is no log"


def run(home: Home, *arguments: str, stdin: str = "") -> str:
    done = subprocess.run(
        [*COMMAND, *arguments], input=stdin, env=home.env, cwd=home.folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


PASSPHRASE = "violet ladder under soup"


def test_no_file_and_no_process_has_a_passphrase_that_was_given(private):
    run(private, "my", "week", stdin=f"{ANSWER}\n.\n5\n52\n1\n\n")
    given = subprocess.Popen(
        ["sh", "-c", 'exec "$@" 3<&0', "sh", *COMMAND, *"journal encrypt --recovery-key key --passphrase-fd 3".split()],
        env=private.env,
        cwd=private.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    given.stdin.write(PASSPHRASE[:10].encode())
    given.stdin.flush()
    wait_for(lambda: careerkit_reads(given.pid, 3))
    told = [Path(f"/proc/{given.pid}/{what}").read_bytes() for what in ("cmdline", "environ")]
    given.communicate(f"{PASSPHRASE[10:]}\n".encode(), timeout=120)

    assert given.returncode == 0
    assert [PASSPHRASE[:10].encode() in each for each in told] == [False, False]
    assert [
        path for path in private.folder.rglob("*") if path.is_file() and PASSPHRASE.encode() in path.read_bytes()
    ] == []
    assert holding(private)[ANSWER] == set(), "the index of before is gone too"


def careerkit_reads(process: int, descriptor: int) -> bool:
    """Whether it waits in a read of that descriptor."""
    return Path(f"/proc/{process}/syscall").read_text().split()[1:2] == [hex(descriptor)]


EDITOR = """
import os, pathlib, sys, time
path = pathlib.Path(sys.argv[1])
path.with_name(f".{path.name}.swp").write_text(path.read_text())
path.with_name(f"{path.name}~").write_text(path.read_text())
pathlib.Path(os.environ["HOME"], "editing").touch()
time.sleep(600)
"""


@pytest.fixture
def editing(private, tmp_path):
    """A conversation at a terminal with a first answer given, a second text half written, and an editor open that keeps copies of it."""
    program = tmp_path / "editor.py"
    program.write_text(EDITOR)
    env = {**private.env, "VISUAL": f"{sys.executable} {program}"}
    two_texts = WEEK_PLAYBOOK.replace('type = "scale"\nask', 'type = "text"\nlong = true\nask').replace("load * 2", "2")
    private.add_playbook("my/week", two_texts)
    child = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], "my", "week", "--plain"], env=env, cwd=str(private.folder), timeout=120, echo=False
    )
    child.expect("What happened")
    child.send(f"{ANSWER}\n.\n")
    child.expect("How heavy")
    child.send(f"{HALF}\n:edit\n")
    wait_for(lambda: (private.folder / "editing").exists())
    (private.folder / "editing").unlink()
    yield child
    for process in [*descendants(child.pid), child.pid]:
        with suppress(ProcessLookupError):  # it has just ended by itself
            os.kill(process, signal.SIGKILL)
    child.wait()


def test_while_an_editor_is_open_no_process_has_a_word_in_its_arguments_or_environment(private, editing):
    [folder] = (private.folder / "run").iterdir()
    assert {HALF in path.read_text() for path in folder.iterdir()} == {True}, "the editor has copies of it"
    processes = [editing.pid, *descendants(editing.pid)]
    assert len(processes) >= 3, "careerkit, the editor, and who waits to take its file away"

    for process in processes:
        for what in ("cmdline", "environ"):
            told = Path(f"/proc/{process}/{what}").read_bytes()
            assert [word for word in WORDS if word.encode() in told] == []
    limits = Path(f"/proc/{editing.pid}/limits").read_text()
    [core] = [line.split()[4:6] for line in limits.splitlines() if line.startswith("Max core")]
    assert core in (["1", "1"], ["0", "0"]), "0 is all that can be set where the hard limit is 0"


def test_killed_while_an_editor_is_open_careerkit_leaves_neither_its_file_nor_the_editor_s_copies(private, editing):
    assert len(list(private.folder.glob("run/*/*"))) + len(list(private.folder.glob("run/*/.*"))) >= 3

    os.kill(editing.pid, signal.SIGKILL)

    wait_for(lambda: not list((private.folder / "run").iterdir()))
    found = holding(private)
    assert found[ANSWER] == {JOURNAL}, "what was answered is saved"
    assert found[HALF] <= {JOURNAL}, "what was half typed may be in the entry, and is nowhere else"


def descendants(process: int) -> list[int]:
    try:
        children = [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:  # it has just ended
        return []
    return [below for child in children for below in (child, *descendants(child))]


def wait_for(holds) -> None:
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


BROKEN = {
    "in the journal": ("careerkit.storage.atomic_write", "create_file", "raise RuntimeError(repr(arguments))"),
    "in what an answer is": ("careerkit.core.interview", "validate_answer", "raise KeyError(str(arguments))"),
    "in what is given": (
        "careerkit.core.rendering",
        "collapse_spaces",
        "raise ValueError(*arguments) from OSError(str(arguments))",
    ),
    "in the document": ("careerkit.storage.entry_files", "dumps", "return {}[str(arguments)]"),
}


@pytest.mark.parametrize("where", BROKEN)
@pytest.mark.parametrize("shape", [(), ("--json",)], ids=["in words", "as JSON"])
def test_a_mistake_of_careerkit_s_own_is_told_with_its_place_and_without_an_answer(private, tmp_path, where, shape):
    module, name, what = BROKEN[where]
    broken = f"import {module}\n\ndef {name}(*arguments, **named):\n    {what}\n\n{module}.{name} = {name}\n"
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "sitecustomize.py").write_text(broken)
    env = {**private.env, "PYTHONPATH": os.pathsep.join([str(tmp_path / "broken"), *filter(None, sys.path)])}
    answers = f'what = "{ANSWER}"\nload = 5\nhours = 52\nkind = "rough"\nwho = "{NOTED}"'
    (tmp_path / "a.toml").write_text(answers)

    done = subprocess.run(
        [*COMMAND, "my", "week", "--answers", str(tmp_path / "a.toml"), *shape],
        env=env,
        cwd=private.folder,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 1
    assert ("own-fault" if "--json" in shape else "bug in careerkit") in done.stderr
    assert "sitecustomize.py:" in done.stderr, "it says where"
    assert [word for word in WORDS if word in done.stdout + done.stderr] == []
