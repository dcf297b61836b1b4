"""Something else where a file or folder of careerkit's should be, through every kind of command.

Nothing hangs, nothing is a traceback, nothing is said to be saved that is not, and what stands in the way stays as it is.
By default half of the things at each place, with CAREERKIT_LONG=1 all.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from pathlib import Path

import pytest

from careerkit_process import Home
from sample_journal import WEEK_PLAYBOOK, add_entry

ANSWERS = 'what = "New."\nload = 3\nhours = 40\nkind = "calm"\n'

LONG = os.environ.get("CAREERKIT_LONG") == "1"
PLACES = {
    "the journal": ".local/share/careerkit/journal",
    "the folder above it": ".local/share/careerkit",
    "its marker": ".local/share/careerkit/journal/careerkit.toml",
    "its entries": ".local/share/careerkit/journal/entries",
    "a month": ".local/share/careerkit/journal/entries/2026-11",
    "an entry": ".local/share/careerkit/journal/entries/2026-11/20261122T0905Z-aaaaaa.toml",
    "its events": ".local/share/careerkit/journal/events",
    "a month of events": ".local/share/careerkit/journal/events/2026-11",
    "an event": ".local/share/careerkit/journal/events/2026-11/*.toml",
    "the copies of playbooks": ".local/share/careerkit/journal/playbooks",
    "a copy of a playbook": ".local/share/careerkit/journal/playbooks/*.toml",
    "the state": ".local/state/careerkit",
    "this machine's name": ".local/state/careerkit/machine.toml",
    "the memory of journals": ".local/state/careerkit/journals",
    "the memory of this journal": ".local/state/careerkit/journals/*",
    "the locks": ".local/state/careerkit/locks",
    "the cache": ".cache/careerkit",
    "the index": ".cache/careerkit/index",
    "the index's file": ".cache/careerkit/index/*.sqlite",
    "the settings": ".config/careerkit/settings.toml",
    "the folder of settings": ".config/careerkit",
    "own playbooks": ".config/careerkit/playbooks",
    "an own playbook": ".config/careerkit/playbooks/my/week.toml",
}
KINDS = ("a FIFO", "a folder or file", "a link to nothing", "a link to itself")
LOOKS = (["journal", "list"], ["journal", "show", "aaaaaa"], ["journal", "search", "broke"], ["plan", "show", "aaaaaa"])
LOOKS += (["doctor"], ["playbook", "list"], ["config", "show"], ["journal", "backup", "b.tar.gz", "--force"])
WRITES = (
    ["journal", "tag", "aaaaaa", "boss"],
    ["my", "week", "--answers", "a.toml"],
    ["config", "set", "offer_names", "true"],
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Two entries, an event, an index, settings, a lock."""
    home = Home(tmp_path_factory.mktemp("filled") / "home")
    home.folder.mkdir()
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    add_entry(home, "aaaaaa", {"what": "It broke.", "load": 5, "hours": 52, "kind": "rough", "who": "Linh"})
    add_entry(home, "bbbbbb", {"what": "Not much.", "load": 2, "hours": 38, "kind": "calm"})
    home.write("a.toml", ANSWERS)
    for command in (
        ["journal", "tag", "aaaaaa", "pay"],
        ["config", "set", "offer_names", "false"],
        ["journal", "list"],
    ):
        assert home.run(*command).code == 0
    (home.folder / ".local/state/careerkit/locks").mkdir(exist_ok=True)
    return home


ALL = [(place, kind) for place in PLACES for kind in KINDS]
IN_TURN = [pair for number, pair in enumerate(ALL) if (number + number // len(KINDS)) % 2]


@pytest.mark.parametrize(("place", "kind"), ALL if LONG else IN_TURN)
def test_what_is_in_the_way_is_told_or_done_without_and_nothing_is_lost(filled, tmp_path, place, kind):
    home = Home(shutil.copytree(filled.folder, tmp_path / "home", symlinks=True))
    [path] = home.folder.glob(PLACES[place])
    aside, before = tmp_path / "aside", len(home.entries)
    path.rename(aside)
    put(kind, path, in_place_of=aside)
    there = path.lstat()

    for command in LOOKS:
        ended(home, *command)
    saved = [command for command in WRITES if ended(home, *command).code == 0]

    assert (path.lstat().st_ino, path.lstat().st_mode) == (there.st_ino, there.st_mode), "it stays as it is"
    put_back(path, aside)
    assert len(home.entries) == before + (WRITES[1] in saved), "what was said to be saved is"
    listed = {each["id"]: each for each in ended(home, "journal", "list", "--json").json["entries"]}
    tags = listed["20261122T0905Z-aaaaaa"]["tags"]
    assert tags == (["boss", "pay"] if WRITES[0] in saved else ["pay"])
    assert ended(home, "config", "show", "--json").json["settings"]["offer_names"] == (WRITES[2] in saved)
    assert len(listed) == len(home.entries)


def put(kind: str, path: Path, *, in_place_of: Path) -> None:
    match kind:
        case "a FIFO":
            os.mkfifo(path)
        case "a folder or file":
            path.touch() if in_place_of.is_dir() else path.mkdir()
        case "a link to nothing":
            path.symlink_to("nothing")
        case "a link to itself":
            path.symlink_to(path.name)


def put_back(path: Path, aside: Path) -> None:
    path.rmdir() if path.is_dir() else path.unlink()
    aside.rename(path)


def ended(home: Home, *command: str):
    """How the command ended; a failure where it hangs."""
    with contextlib.ExitStack() as stack:
        stack.callback(signal.signal, signal.SIGALRM, signal.signal(signal.SIGALRM, signal.default_int_handler))
        stack.callback(signal.alarm, 0)
        signal.alarm(60)
        done = home.run(*command)
    assert done.code in (0, 1) or "Not every playbook can be used" in done.err, (command, done.err)
    assert done.code == 0 or done.err or command[0] == "doctor", command
    return done


@pytest.mark.parametrize("place", [each for each in PLACES if each not in ("the index's file", "the locks")])
def test_a_link_to_the_real_one_is_followed_and_stays_a_link(filled, tmp_path, place):
    home = Home(shutil.copytree(filled.folder, tmp_path / "home", symlinks=True))
    [path] = home.folder.glob(PLACES[place])
    elsewhere, before = tmp_path / "elsewhere", len(home.entries)
    path.rename(elsewhere)
    path.symlink_to(elsewhere)

    codes = [ended(home, *command).code for command in (*WRITES, ["journal", "show", "aaaaaa"])]

    assert codes == [0] * len(codes)
    assert path.is_symlink()
    assert path.resolve() == elsewhere
    assert len(home.entries) == before + 1
    assert "#boss #pay" in ended(home, "journal", "list").out
    assert ended(home, "config", "show", "--json").json["settings"]["offer_names"] is True
