"""Very much, and very odd: an answer of ten megabytes, ten thousand entries, bytes that are no UTF-8, line ends of every kind.

By default two megabytes and two thousand entries. With CAREERKIT_LONG=1 it is all of them, all files of the ten thousand are
looked at too (doctor, backup, export), and ten megabytes are searched.
"""

from __future__ import annotations

import os
import subprocess
import time
from datetime import datetime, timedelta

import pytest

from careerkit.storage.layout import ID_ALPHABET, add_checksum
from careerkit_process import COMMAND, CommandResult, Home
from long_run import IS_LONG_RUN, choose_count
from sample_journal import ROUGH_WEEK, WEEK_PLAYBOOK, add_entry

MEGABYTES = choose_count(2_000_000, long=10_000_000)
ROOMY = """
format = 1
title = "Say it all"
summary = "One text, as long as you like"
[[stage]]
id = "a"
title = "A"
[[stage.question]]
id = "said"
type = "text"
long = true
max = 20000000
ask = "What is it?"
[[finding]]
id = "f"
title = "Found"
text = "{said}"
"""


@pytest.fixture
def roomy(home) -> Home:
    home.add_playbook("my/roomy", ROOMY)
    home.add_playbook("my/narrow", ROOMY.replace("max = 20000000\n", ""))
    return home


def megabytes() -> str:
    return "zebra " + "word after word " * (MEGABYTES // 16)


def test_an_answer_of_ten_megabytes_is_refused_in_few_words_where_it_does_not_fit(roomy):
    ended = roomy.run("my", "narrow", "--answers", roomy.write("a.toml", f'said = "{megabytes()}"'), "--json")

    assert (ended.code, ended.out) == (1, "")
    assert len(ended.err) < 1000
    assert "characters too long" in ended.problems[0]["message"]
    assert not roomy.entries


def test_an_answer_of_ten_megabytes_that_fits_is_saved_shown_found_and_carried_whole(roomy):
    said = megabytes()
    assert roomy.run("my", "roomy", "--answers", roomy.write("a.toml", f'said = "{said}"')).code == 0

    assert roomy.run("journal", "show", "last", "--json").json["entry"]["answers"]["said"] == said
    assert roomy.run("doctor").out.endswith("No problems.\n")
    assert roomy.run("journal", "backup", "b.tar.gz").code == 0
    if IS_LONG_RUN:  # ten seconds each
        assert "[zebra]" in roomy.run("journal", "search", "zebra").out
        assert "[zebra]" in roomy.run("journal", "search", "zebra", "--no-index").out


def test_a_note_of_ten_megabytes_from_a_pipe_is_refused_in_few_words_and_what_fits_is_kept_whole(roomy):
    assert roomy.run("my", "roomy", "--answers", roomy.write("a.toml", 'said = "It."')).code == 0

    refused = roomy.run("journal", "note", "last", "--json", stdin=megabytes())
    assert (refused.code, refused.out, len(refused.err) < 1000) == (1, "", True)
    assert "20,000" in refused.problems[0]["hint"]
    assert not list(roomy.journal.glob("events/*/*.toml"))

    fits = megabytes()[:19_999]
    assert roomy.run("journal", "note", "last", stdin=fits).code == 0
    assert fits.strip() in roomy.run("journal", "show", "last", "--json").out


def test_a_text_of_more_than_is_read_is_refused_and_nothing_of_it_saved(roomy):
    assert roomy.run("my", "roomy", "--answers", roomy.write("a.toml", 'said = "It."')).code == 0
    huge = roomy.write("huge.txt", "x" * (1 << 24) + "x")

    for command in (("journal", "note", "last", "--file", huge), ("my", "roomy", "--answers", huge)):
        assert [each["code"] for each in roomy.run(*command, "--json").problems] == ["too-large"]
    assert len(roomy.entries) == 1
    assert not list(roomy.journal.glob("events/*/*.toml"))


LINE_ENDS = {"one\r\ntwo": "one\ntwo", "one\rtwo": "one\ntwo", "one\n\rtwo": "one\n\ntwo"}


@pytest.mark.parametrize(("given", "kept"), LINE_ENDS.items(), ids=map(ascii, LINE_ENDS))
def test_line_ends_of_every_kind_are_line_feeds_in_an_answer(roomy, given, kept):
    text = "".join(sign if sign.isascii() and sign.isprintable() else f"\\u{ord(sign):04x}" for sign in given)
    assert roomy.run("my", "roomy", "--answers", roomy.write("a.toml", f'said = "{text}"')).code == 0

    assert roomy.entry.answers[0].value == kept


NO_TEXT = b"caf\xe9 \xff\xfe"
SURROGATE = b"\xed\xa0\x80"
"""U+D800 as some programs write it, which is no UTF-8."""


@pytest.mark.parametrize("odd", [NO_TEXT, SURROGATE])
def test_bytes_that_are_no_text_are_named_wherever_they_come_from_and_nothing_of_them_is_saved(roomy, odd):
    assert roomy.run("my", "roomy", "--answers", roomy.write("a.toml", 'said = "It."')).code == 0
    before = {path: path.read_bytes() for path in roomy.journal.rglob("*") if path.is_file()}
    answers, note = roomy.write("b.toml", b'said = "' + odd + b'"'), roomy.write("note.txt", odd)
    name = os.fsdecode(odd)

    for arguments, stdin in [
        (["journal", "note", "last"], odd),
        (["journal", "note", "last", "--file", note], b""),
        (["my", "roomy", "--answers", answers], b""),
        (["journal", "search"], odd),
        (["journal", "show", name], b""),
        (["journal", "tag", name, "x"], b""),
        (["journal", "list", "--since", name], b""),
        (["my", "roomy", "--answers", f"{name}.toml"], b""),
        (["run", f"{name}.toml"], b""),
        ([name], b""),
    ]:
        ended = roomy.run(*arguments, stdin=os.fsdecode(stdin))
        assert ended.code in (1, 2), arguments
        assert ended.err
        assert "Traceback" not in ended.err
    for arguments in (
        ["journal", "search", name],
        ["journal", "list", "--tag", name],
        ["journal", "list", "--playbook", name],
    ):
        ended = roomy.run(*arguments)
        assert "Traceback" not in ended.err
        assert roomy.entries[0].stem.partition("-")[2] not in ended.out
    assert {path: path.read_bytes() for path in roomy.journal.rglob("*") if path.is_file()} == before
    assert as_process(roomy, "plan", "export", "last", "--output", name).code == 0, "as a shell gives it"
    assert os.path.exists(roomy.folder / name)


def as_process(home: Home, *arguments: str) -> CommandResult:
    done = subprocess.run([*COMMAND, *arguments], env=home.env, cwd=home.folder, capture_output=True, timeout=120)
    return CommandResult(done.returncode, done.stdout.decode(), done.stderr.decode())


COUNT = choose_count(2_000, long=10_000)


def test_thousands_of_entries_are_listed_found_searched_and_written_to(home):
    multiply(home)

    for index in ((), ("--no-index",)):
        listed = home.run("journal", "list", *index, "--limit", "3").out
        assert listed.splitlines()[0].startswith("aaaaaa  today")
        assert f"{COUNT - 3} older not shown" in listed
        found = home.run("journal", "search", "zebra", "--json", *index).json["entries"]
        assert len(found) == 10
    assert len(home.run("journal", "list", "--json").json["entries"]) == COUNT
    assert (
        home.run("journal", "show", found[-1]["id"][15:].removeprefix("-"), "--json").json["entry"]["id"]
        == found[-1]["id"]
    )
    ambiguous = home.run("journal", "show", "0")
    assert (ambiguous.code, len(ambiguous.err) < 500) == (1, True)
    assert home.run("journal", "tag", found[-1]["id"], "seen").code == 0
    assert [each["id"] for each in home.run("journal", "list", "--tag", "seen", "--json").json["entries"]] == [
        found[-1]["id"]
    ]
    if IS_LONG_RUN:
        begun = time.perf_counter()
        assert home.run("doctor").out == f"Checked {COUNT:,} entries, 1 event and 1 playbook copy. No problems.\n"
        assert home.run("journal", "backup", "b.tar.gz", "--json").json["files"] == COUNT + 3
        assert home.run("journal", "export", "--output", "j.jsonl").code == 0
        print(f"doctor, backup and export of {COUNT}: {time.perf_counter() - begun:.0f} s")


def multiply(home: Home) -> None:
    """One entry of today, and as many older ones as make ten thousand, of which ten have a word of their own."""
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    add_entry(home, "aaaaaa", ROUGH_WEEK)
    [path] = home.entries
    above = path.read_text().rpartition("# careerkit sha256")[0]
    for number in range(1, COUNT):
        moment = datetime(2026, 11, 22) - timedelta(hours=3 * number)
        handle = "".join(ID_ALPHABET[number >> shift & 31] for shift in (0, 5, 10)) + "kkk"
        entry_id = f"{moment:%Y%m%dT%H%MZ}-{handle}"
        text = above.replace(path.stem, entry_id).replace("2026-11-22T09:05:00", moment.isoformat())
        if number % (COUNT // 10) == 5:
            text = text.replace("The export broke", "A zebra broke")
        folder = home.journal / "entries" / f"{moment:%Y-%m}"
        folder.mkdir(mode=0o700, exist_ok=True)
        with open(folder / f"{entry_id}.toml", "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(add_checksum(text.encode()))
