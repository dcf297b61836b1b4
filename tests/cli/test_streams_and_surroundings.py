"""Streams that are closed or full, a working folder that is gone, paths that aren't UTF-8, odd zones, and early signals."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from careerkit_process import Home
from sample_journal import seed_journal

LONG = os.environ.get("CAREERKIT_LONG") == "1"
PROGRAM = Path(sys.executable).parent / "careerkit"
PRINTING = [
    "--version",
    "--help",
    "journal --help",
    "journal list",
    "journal list --json",
    "journal show aaa",
    "journal search export",
    "journal where",
    "plan show aaa",
    "playbook list",
    "playbook show my/week",
    "config path",
    "doctor",
    "journal export",
]


@pytest.fixture
def past(home):
    seed_journal(home)
    return home


def run(home: Home, words: str, redirect: str = "", *, cwd: Path | None = None, **env: str):
    """The exit code, standard output and standard error of careerkit, called by a shell."""
    line = f"{shlex.quote(str(PROGRAM))} {words} {redirect}"
    return subprocess.run(
        ["sh", "-c", line], env={**home.env, **env}, cwd=cwd or home.folder, capture_output=True, timeout=60, input=b""
    )


@pytest.mark.parametrize("words", PRINTING)
@pytest.mark.parametrize(("redirect", "reason"), [(">&-", "it is closed"), (">/dev/full", "No space left on device")])
def test_a_result_that_cannot_be_written_is_one_line_and_exit_code_1(past, words, redirect, reason):
    done = run(past, words, redirect, PYTHONUNBUFFERED="1" if "list" in words else "")

    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert done.stderr.count(b"Standard output can't be written: " + reason.encode()) == 1


@pytest.mark.parametrize("redirect", ["2>/dev/full", "2>&- <&-"])
@pytest.mark.parametrize("words", [*PRINTING, "journal tag aaa one", "journal remove bbb", "no such command"])
def test_without_standard_error_commands_do_what_they_do(past, words, redirect):
    past.run("journal", "list")
    with_it, without = run(past, words), run(past, words, redirect)

    assert with_it.returncode == without.returncode
    assert without.stdout == with_it.stdout


@pytest.mark.parametrize("redirect", ["<&-", "</"])
@pytest.mark.parametrize(
    "words", ["my week", "my week --plain", "journal note aaa", "journal search", "journal remove aaa --forever"]
)
def test_without_standard_input_there_is_nothing_to_read(past, words, redirect):
    done = run(past, words, redirect)

    assert done.returncode in (1, 4)
    assert b"Traceback" not in done.stderr
    assert done.stderr


def test_a_closed_stream_never_becomes_a_file_of_the_journal(past):
    done = run(past, "journal tag aaa one", ">&- 2>&- <&-")

    assert done.returncode == 0
    assert b"one" in run(past, "journal list --json --tag one").stdout
    assert run(past, "doctor").returncode == 0


@pytest.mark.parametrize("words", ["--version", "--help", "journal list", "journal export"])
def test_a_reader_that_has_seen_enough_is_no_error(past, words):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run([PROGRAM, *words.split()], env=past.env, stdout=pipe, stderr=subprocess.PIPE, timeout=60)

    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "words",
    [
        "run x.toml",
        "--journal rel journal list",
        "playbook check x.toml",
        "doctor --journal rel",
        "run my/week --answers x.toml",
    ],
)
def test_in_a_deleted_folder_what_needs_it_says_so(past, words):
    done = in_deleted(past, words)

    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def in_deleted(home: Home, words: str):
    (home.folder / "gone").mkdir()
    line = f"cd gone; rmdir ../gone; {shlex.quote(str(PROGRAM))} {words}"
    return subprocess.run(["sh", "-c", line], env=home.env, cwd=home.folder, capture_output=True, timeout=60, input=b"")


def test_in_a_deleted_folder_everything_else_works(past):
    assert in_deleted(past, "journal list --json").returncode == 0


def test_a_path_that_is_not_utf_8_is_printed_byte_by_byte(tmp_path):
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(folder)
    home = Home(Path(os.fsdecode(folder)))
    for words, end in (
        ("journal where", b".local/share/careerkit/journal"),
        ("config path", b".config/careerkit/settings.toml"),
    ):
        done = subprocess.run([PROGRAM, *words.split()], env=home.env, capture_output=True, timeout=60)
        assert done.stdout == folder + b"/" + end + b"\n"


@pytest.mark.parametrize("zone", ["XXX30", "XXX-24", "XXX24:00:00", "A-99"])
def test_a_zone_of_a_day_or_more_loses_no_note(past, zone):
    past.write("note.txt", "Said in an odd zone.")
    done = run(past, "journal note aaa --file note.txt", TZ=zone)

    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert b"odd zone" in run(past, "journal show aaa", TZ=zone).stdout


@pytest.mark.parametrize("words", ["playbook list", "my week --help", "journal list", "run my/week", "--help"])
def test_playbooks_of_a_user_that_is_not_there_are_named(past, words):
    done = run(past, words, CAREERKIT_PLAYBOOKS="~nosuchuser/x")

    assert b"Traceback" not in done.stderr
    assert (b"~nosuchuser/x" in done.stderr) == (words == "playbook list"), "named where all playbooks are"


@pytest.mark.parametrize("mask", ["0177", "0777", "0000"])
def test_whatever_the_umask_our_folders_are_ours(home, mask):
    done = subprocess.run(
        ["sh", "-c", f"umask {mask}; exec {shlex.quote(str(PROGRAM))} config set offer_names true"],
        env=home.env,
        capture_output=True,
        timeout=60,
    )

    assert (done.returncode, (home.folder / ".config").stat().st_mode & 0o777) == (0, 0o700)


@pytest.fixture
def locked(past):
    """An encrypted journal, whose passphrase is in the file `words`."""
    pytest.importorskip("pyrage")
    past.write("words", "four or five good words\n")
    assert run(past, "journal encrypt --passphrase-fd 3 --recovery-key key", "3<words").returncode == 0
    return past


READABLE = {"<words": 0, "3<words": 3, "3<key": 3, "<<end\nfour or five good words\nanother line\nend": 0}
UNUSABLE = [
    ("0", "<&-", "Descriptor 0 gave no passphrase."),
    ("0", "</dev/null", "Descriptor 0 gave no passphrase."),
    ("0", "<<end\n\nfour or five good words\nend", "Descriptor 0 gave no passphrase."),
    ("3", "3<.", "Can't read from descriptor 3: Is a directory."),
    ("0", "<<end\nsome other words\nend", "That passphrase is wrong."),
    ("0", "<latin", "The passphrase is not UTF-8."),
    ("77", "", "Can't read from descriptor 77: Bad file descriptor."),
    ("99999999999", "", "Can't read from descriptor 99999999999: There is no such descriptor."),
    ("-1", "", "passphrase-fd"),
]


def test_a_passphrase_descriptor_is_read_or_refused_in_words(locked):
    for redirect, descriptor in READABLE.items():
        done = run(locked, f"journal show aaa --passphrase-fd {descriptor}", redirect)
        assert (done.returncode, b"A look at the week" in done.stdout) == (0, True), done.stderr
    (locked.folder / "latin").write_bytes("für immer und ewig\n".encode("latin-1"))
    for word, redirect, reason in UNUSABLE:
        done = run(locked, f"journal show aaa --passphrase-fd {word}", redirect)
        assert (done.returncode in (1, 2), done.stdout) == (True, b""), (word, redirect)
        assert reason in " ".join(done.stderr.decode().split())
        assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        "my week --answers -",
        "journal edit aaa --answers -",
        "journal import -",
        "journal note aaa --file -",
        "plan add --file -",
    ],
)
def test_standard_input_cannot_be_both_the_passphrase_and_a_file(locked, words):
    before = {each: each.read_bytes() for each in locked.folder.rglob("*.toml*")}

    for arguments in (f"{words} --passphrase-fd 0", f"--passphrase-fd 0 {words}"):
        done = run(locked, arguments, "<words")
        assert (done.returncode, done.stdout) == (2, b"")
        assert "Standard input can't be both the passphrase and the file." in " ".join(done.stderr.decode().split())
    assert {each: each.read_bytes() for each in locked.folder.rglob("*.toml*")} == before


def test_a_note_is_read_from_standard_input_for_a_dash(past):
    (past.folder / "note").write_text("It went well.\n")

    assert run(past, "journal note aaa --file -", "<note").returncode == 0
    assert b"It went well." in run(past, "journal show aaa").stdout


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("words", ["journal list", "--help", "my week --plain", "journal search export"])
def test_a_signal_at_the_start_ends_it_quietly(past, words, number, code):
    wrong = []
    for delay in range(30, 400, 5 if LONG else 74):
        # Until our first line runs, a signal meets Python itself, so the time counts from there.
        child = subprocess.Popen(
            [sys.executable, "-c", STARTED, *words.split()],
            env=past.env,
            cwd=past.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert child.stdout.readline() == b"started\n"
        time.sleep((delay - 30) / 1000)
        child.send_signal(number)
        out, err = child.communicate(timeout=60)
        if child.returncode not in (0, code, -number) or b"Traceback" in err or b"ignored" in err or b"bug" in err:
            wrong.append((delay, child.returncode, err[-300:], out[-50:]))

    assert wrong == []


STARTED = """
import sys
from careerkit.cli import startup
from careerkit.coaching.signals import end_quietly_on_signals
run = startup._run
def announce(arguments):
    end_quietly_on_signals()
    sys.stdout.write("started\\n")
    sys.stdout.flush()
    return run(arguments)
startup._run = announce
raise SystemExit(startup.main())
"""
