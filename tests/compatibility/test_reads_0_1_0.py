"""Files written by careerkit 0.1.0 are read with the results that 0.1.0 printed.

`0.1.0/` holds two home folders as 0.1.0 left them, and `expected.json` with what its commands printed for them. None of
these files is ever regenerated: they represent journals that people have.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from careerkit_process import COMMAND, Home

SAMPLE = Path(__file__).parent / "0.1.0"
PASSPHRASE = "violet ladder under soup"
EXPECTED = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))


def copy_home(name: str, folder: Path) -> Home:
    """A copy of one of the sample's homes, with the modes that git doesn't keep."""
    shutil.copytree(SAMPLE / name, folder, dirs_exist_ok=True)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return Home(folder)


def run_with_passphrase(home: Home, command: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process, with the passphrase on a descriptor."""
    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n".encode())
    os.close(writing)
    words = [*COMMAND, *command.split(), "--passphrase-fd", str(reading)]
    try:
        return subprocess.run(words, capture_output=True, env=home.env, cwd=home.folder, pass_fds=(reading,))
    finally:
        os.close(reading)


def normalize(out: str, home: Home) -> object:
    """The JSON that was printed, with a home folder of no particular place and problems without their wording."""
    printed = json.loads(out.replace(str(home.folder), "/home/sample"))
    for problem in printed.get("problems", ()):
        del problem["message"], problem["hint"]
    return sort_actions(drop_added(printed))


def sort_actions(printed: object) -> object:
    """With all actions by id: plans are by time now, as those of corrected answers are when they are made today."""
    match printed:
        case dict():
            for key, each in printed.items():
                sort_actions(each)
                if key == "actions":
                    each.sort(key=lambda action: action["id"])
        case list():
            for each in printed:
                sort_actions(each)
    return printed


ADDED = {
    "headline": "",
    "headline_level": "info",
    "small": False,
    "owner": "",
    "ruled_out": [],
    "ascii": False,
    "plain": False,
    "alarm_time": "08:00",
    "checkin": None,
    "first": None,
    "happened": None,
    "moved": False,
}
"""Keys that later versions print, with the values that they have for what 0.1.0 wrote."""
ADDED_TO_ACTIONS = ("number", "done_at", "proof", "reason", "moved_from", "own", "disputed")
OPEN_CHECKIN = ("waiting", "due", "missed")
"""What later versions say of a check-in that 0.1.0 called open."""


NEAR_YEAR = re.compile(r"(?<=[a-z]) 2026(?!\d)")
"""Texts that are made again since an answer was corrected leave out the year of a near day by now."""


def drop_added(printed: object) -> object:
    match printed:
        case dict():
            printed.pop("story", None)
            if "do" in printed:
                printed = {key: each for key, each in printed.items() if key not in ADDED_TO_ACTIONS}
            if printed.get("state") in OPEN_CHECKIN:
                printed["state"] = "open"
            return {key: drop_added(each) for key, each in printed.items() if key not in ADDED or each != ADDED[key]}
        case list():
            return [drop_added(each) for each in printed]
        case str():
            return NEAR_YEAR.sub("", printed)
    return printed


@pytest.mark.parametrize("command", EXPECTED["plain"])
def test_a_journal_of_0_1_0_is_read_with_the_same_results(tmp_path, command):
    home = copy_home("plain", tmp_path / "home")

    ended = home.run_process(*command.split())

    expected = EXPECTED["plain"][command]
    assert (ended.code, normalize(ended.out, home)) == (expected["code"], sort_actions(drop_added(expected["out"]))), (
        ended.err
    )


def test_the_journal_reads_the_same_without_its_index_and_cache(tmp_path):
    home = copy_home("plain", tmp_path / "home")

    for command, expected in EXPECTED["plain"].items():
        shutil.rmtree(home.folder / ".cache", ignore_errors=True)
        assert normalize(home.run(*command.split()).out, home) == sort_actions(drop_added(expected["out"])), command


@pytest.mark.parametrize("command", EXPECTED["encrypted"])
def test_an_encrypted_journal_of_0_1_0_is_read_with_the_same_results(tmp_path, command):
    pytest.importorskip("pyrage")
    home = copy_home("encrypted", tmp_path / "home")

    ended = run_with_passphrase(home, command)

    expected = EXPECTED["encrypted"][command]
    assert (ended.returncode, normalize(ended.stdout.decode(), home)) == (
        expected["code"],
        sort_actions(drop_added(expected["out"])),
    )


def test_an_open_interview_of_0_1_0_is_resumed_with_its_settings_and_machine(tmp_path):
    home = copy_home("plain", tmp_path / "home")
    machine = (home.folder / ".local/state/careerkit/machine.toml").read_bytes()

    entry = home.run("resume", "06m04s", "--plain", stdin="fact two\n\n")

    assert "fact two" in home.run("journal", "show", "06m04s").out, entry.err
    assert "offer_names = true" in home.run("config", "show").out
    assert (home.folder / ".local/state/careerkit/machine.toml").read_bytes() == machine
