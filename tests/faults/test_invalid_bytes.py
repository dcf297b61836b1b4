"""Bytes of every odd kind in each file that careerkit reads: told in words, never read wrong in silence, and never written over.

By default half of the kinds for each file, with CAREERKIT_LONG=1 all.
"""

from __future__ import annotations

import os
import shutil

import pytest

from careerkit.storage.layout import add_checksum
from careerkit_process import Home
from sample_journal import ROUGH_WEEK, WEEK_PLAYBOOK, add_entry

LONG = os.environ.get("CAREERKIT_LONG") == "1"
FILES = {
    "an entry": ".local/share/careerkit/journal/entries/2026-11/20261122T0905Z-aaaaaa.toml",
    "an event": ".local/share/careerkit/journal/events/2026-11/*.toml",
    "the marker": ".local/share/careerkit/journal/careerkit.toml",
    "a copy of a playbook": ".local/share/careerkit/journal/playbooks/*.toml",
    "this machine's name": ".local/state/careerkit/machine.toml",
    "the memory of the journal": ".local/state/careerkit/journals/*.toml",
    "the settings": ".config/careerkit/settings.toml",
    "an own playbook": ".config/careerkit/playbooks/my/week.toml",
    "the answers": "a.toml",
    "the index": ".cache/careerkit/index/*.sqlite",
    "the cache of playbooks": ".cache/careerkit/playbooks/listing*",
}
BREAKS = {
    "empty": lambda whole: b"",
    "all NUL": lambda whole: b"\0" * len(whole),
    "a NUL in it": lambda whole: whole[:40] + b"\0" + whole[40:],
    "not UTF-8": lambda whole: whole[:60] + b"\xff\xfe\xe9" + whole[60:],
    "UTF-16": lambda whole: whole.decode("latin-1").encode("utf-16"),
    "twice": lambda whole: whole + whole,
    "a key twice": lambda whole: b"format = 1\n" + whole,
    "marks of a merge": lambda whole: b"<<<<<<< ours\n" + whole + b"=======\n" + whole + b">>>>>>> theirs\n",
    "nested too deep": lambda whole: b"a = " + b"[" * 50_000 + b"]" * 50_000 + b"\n",
    "wrong types": lambda whole: b'format = "one"\nid = 1\nmachine = []\njournal = {}\noffer_names = 3\nload = [[]]\n',
    "a newer format": lambda whole: whole.replace(b"format = 1", b"format = 99"),
    "a huge number": lambda whole: b"format = " + b"9" * 5000 + b"\n" + whole,
    "cut": lambda whole: whole[: len(whole) * 2 // 3],
}
CARRIED = {
    "a byte-order mark": lambda whole: b"\xef\xbb\xbf" + whole,
    "CRLF": lambda whole: whole.replace(b"\n", b"\r\n"),
    "a NUL tail": lambda whole: whole + b"\0" * 512,
}
COMMANDS = [
    ("journal", "list"),
    ("journal", "list", "--no-index"),
    ("journal", "show", "aaaaaa"),
    ("plan", "export", "aaaaaa"),
    ("journal", "tag", "aaaaaa", "boss"),
    ("my", "week", "--answers", "a.toml"),
    ("config", "set", "passphrase_in_keyring", "false"),
    ("doctor",),
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Home:
    home = Home(tmp_path_factory.mktemp("filled") / "home")
    home.folder.mkdir()
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    add_entry(home, "aaaaaa", ROUGH_WEEK)
    home.write("a.toml", 'what = "New."\nload = 3\nhours = 40\nkind = "calm"\n')
    for command in (
        ["journal", "tag", "aaaaaa", "pay"],
        ["config", "set", "offer_names", "true"],
        ["journal", "list"],
        ["playbook", "list"],
    ):
        assert home.run(*command).code == 0
    return home


NEVER_WRITTEN = set(FILES) - {
    "the index",
    "the cache of playbooks",
    "the memory of the journal",
    "a copy of a playbook",
}
"""The rest is made anew from what it was made from."""


SEALED = ("an entry", "an event", "the marker", "this machine's name", "the memory of the journal")
NO_BREAKS = {
    "the settings": ("empty", "a newer format"),
    "the answers": ("a newer format",),
    "the index": ("a newer format",),
}
"""What such a file may be."""


def in_turn(kind: str):
    """What breaks a file of that kind: by default every second, the first ones in turn."""
    breaks = [(how, broken) for how, broken in BREAKS.items() if how not in NO_BREAKS.get(kind, ())]
    return breaks if LONG else breaks[list(FILES).index(kind) % 2 :: 2]


@pytest.mark.parametrize("kind", FILES)
def test_what_can_not_be_read_is_told_and_left_and_the_rest_is_there(filled, tmp_path, kind):
    for how, broken in in_turn(kind):
        home = Home(shutil.copytree(filled.folder, tmp_path / "home"))
        [path] = home.folder.glob(FILES[kind])
        data = broken(path.read_bytes())
        for text in (data, add_checksum(data)) if kind in SEALED else (data,):
            path.write_bytes(text)
            ended = [home.run(*command) for command in COMMANDS]

            assert {each.code for each in ended} <= {0, 1} or kind == "an own playbook", how
            assert not any("Traceback" in each.err for each in ended)
            if kind in NEVER_WRITTEN:
                assert path.read_bytes() == text, how
            listed, shown = ended[0], ended[2]
            assert "aaaaaa" in listed.out or listed.err, how
            assert ("Take Friday off" in shown.out and "The export broke" in shown.out) or shown.err, how
        shutil.rmtree(home.folder)


@pytest.mark.parametrize("kind", [each for each in FILES if each not in ("the index", "the cache of playbooks")])
def test_what_only_carries_the_text_differently_is_read_or_named(filled, tmp_path, kind):
    for how, carried in CARRIED.items():
        home = Home(shutil.copytree(filled.folder, tmp_path / "home"))
        [path] = home.folder.glob(FILES[kind])
        path.write_bytes(carried(path.read_bytes()))

        ended = [home.run(*command) for command in COMMANDS]

        assert not any("Traceback" in each.err for each in ended)
        assert "Take Friday off" in ended[2].out or ended[2].err, how
        assert "#pay" in ended[0].out or ended[0].err, how
        shutil.rmtree(home.folder)
