"""A clock that is wrong, goes back, or stands in another zone: the real command under `faketime`.

Whatever the clock says, nothing is lost, what is read does not depend on it, and only the order of display may mislead.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
import tomllib
from datetime import datetime, timedelta

import pytest

from careerkit_process import CommandResult, Home, find_faketime_library
from sample_journal import ROUGH_WEEK, WEEK_PLAYBOOK

CAREERKIT = (sys.executable, "-c", "from careerkit.cli.startup import main; raise SystemExit(main())")
NOW = "2026-11-22 09:05:00"


class Clocked:
    """careerkit in a home, at any moment (UTC) and in any zone."""

    def __init__(self, faketime: str, home: Home) -> None:
        self._library, self.home = find_faketime_library(faketime), home
        home.add_playbook("my/week", WEEK_PLAYBOOK)

    def __call__(
        self, moment: str, *arguments: str, zone: str = "Europe/Berlin", stdin: str = "", code: int = 0
    ) -> CommandResult:
        command = [*CAREERKIT, *arguments]
        env = {**self.home.env, "TZ": zone, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        offset = datetime.fromisoformat(f"{moment}+00:00").timestamp() - time.time()
        env |= {"LD_PRELOAD": self._library, "FAKETIME": f"{math.ceil(offset):+d}"}
        done = subprocess.run(
            command, env=env, input=stdin, capture_output=True, text=True, timeout=120, cwd=self.home.folder
        )
        assert done.returncode == code, done.stderr
        return CommandResult(done.returncode, done.stdout, done.stderr)

    def week(self, moment: str, answers: dict, *, zone: str = "Europe/Berlin") -> dict[str, object]:
        """A finished entry of that moment: its file, read by nothing of ours."""
        before = set(self.home.entries)
        lines = (
            f"{key} = {value!r}" if isinstance(value, int) else f'{key} = """{value}"""'
            for key, value in answers.items()
        )
        self(moment, "my", "week", "--answers", str(self.home.write("a.toml", "\n".join(lines))), zone=zone)
        [path] = set(self.home.entries) - before
        return tomllib.loads(path.read_text())

    def listed(self, moment: str, *options: str, zone: str = "Europe/Berlin") -> list[str]:
        return [each["id"] for each in self(moment, "journal", "list", "--json", *options, zone=zone).json["entries"]]


@pytest.fixture
def clocked(need_tool, home):
    return Clocked(need_tool("faketime"), home)


WRONG = ["1970-01-01 00:00:10", "2038-01-19 03:14:09", "2106-02-07 06:28:17"]
"""Begun anew, and behind the last second that 32 bits can count, with a sign and without."""


def test_what_is_written_in_1970_and_behind_2038_is_there_with_the_rest_and_doctor_says_that_a_clock_was_wrong(clocked):
    entries = {moment: clocked.week(moment, ROUGH_WEEK) for moment in [*WRONG, NOW]}
    for moment, entry in entries.items():
        assert abs(entry["started"] - datetime.fromisoformat(f"{moment}+00:00")) < timedelta(minutes=5), "it was wrong"

    newest_first = [entries[moment]["id"] for moment in (WRONG[2], WRONG[1], NOW, WRONG[0])]
    for moment in (*WRONG, NOW):
        assert clocked.listed(moment) == clocked.listed(moment, "--no-index") == newest_first
        assert "Take Friday off" in clocked(moment, "plan", "show", entries[moment]["id"]).out
    told = clocked(NOW, "doctor", "--json", code=1).json["problems"]
    assert {each["code"] for each in told} == {"odd-time"}
    assert [each["where"].rpartition("/")[2].removesuffix(".toml") for each in told] == sorted(
        each for each in newest_first if each != entries[NOW]["id"]
    )


def test_a_clock_that_goes_back_in_the_midst_of_an_interview_and_behind_it_loses_nothing(clocked):
    clocked("2026-11-22 09:05:00", "my", "week", stdin="It broke.\n.\n5\n", code=4)
    clocked("2026-11-20 08:00:00", "resume", stdin="52\n2\nLinh\n\n")
    [path] = clocked.home.entries
    written = path.read_bytes()
    entry = tomllib.loads(written.decode())
    assert entry["finished"] < entry["started"], "the clock went back"
    assert [each["question"] for each in entry["answer"]] == ["what", "load", "hours", "kind", "who"]

    clocked("2026-11-24 09:00:00", "journal", "tag", "last", "boss", "pay")
    clocked("2026-11-19 09:00:00", "journal", "untag", "last", "boss")
    clocked("2026-11-18 09:00:00", "journal", "note", "last", stdin="Better now.")

    shown = clocked(NOW, "journal", "list", "--json").json["entries"][0]
    assert shown["tags"] == ["pay"], "what replaces what does not hang on clocks"
    assert "Better now." in clocked("2026-11-01 09:00:00", "journal", "show").out
    assert path.read_bytes() == written
    assert {each["code"] for each in clocked(NOW, "doctor", "--json", code=1).json["problems"]} == {"odd-time"}


FOLD = ["2026-10-25 00:30:00", "2026-10-25 01:30:00"]
"""Half past two by Berlin's clock, twice."""


def test_on_both_sides_of_the_hour_that_comes_twice_each_entry_has_its_moment_and_its_place(clocked):
    first, second = (clocked.week(moment, ROUGH_WEEK) for moment in FOLD)

    assert [each["started"].isoformat()[10:15] for each in (first, second)] == ["T02:3", "T02:3"]
    assert [each["started"].isoformat()[-6:] for each in (first, second)] == ["+02:00", "+01:00"]
    assert [each["action"][0]["due"].isoformat() for each in (first, second)] == ["2026-11-01"] * 2
    for moment in (*FOLD, NOW):
        assert clocked.listed(moment) == clocked.listed(moment, "--no-index") == [second["id"], first["id"]]
    assert clocked(FOLD[1], "journal", "list").out.count("today 02:3") == 2
    assert clocked(NOW, "doctor").out.endswith("No problems.\n")


def test_an_interview_that_spans_the_hour_that_comes_twice_is_not_finished_before_it_began(clocked):
    clocked("2026-10-25 00:50:00", "my", "week", stdin="It broke.\n.\n5\n", code=4)  # 02:50, then 02:10
    clocked("2026-10-25 01:10:00", "resume", stdin="52\n1\n\n")

    [entry] = (tomllib.loads(path.read_text()) for path in clocked.home.entries)
    assert timedelta() < entry["finished"] - entry["started"] < timedelta(hours=1)
    assert entry["finished"].isoformat()[:13] == entry["started"].isoformat()[:13] == "2026-10-25T02"
    assert clocked(NOW, "doctor").out.endswith("No problems.\n")


ZONES = ["Asia/Tokyo", "America/New_York", "CET-1CEST,M3.5.0,M10.5.0/3", "Nowhere/Land"]


def test_a_zone_that_changes_between_writing_and_reading_moves_no_moment_and_no_date(clocked):
    entry = clocked.week("2026-11-21 16:00:00", ROUGH_WEEK, zone="Asia/Tokyo")  # Sunday there, Saturday in New York
    assert entry["zone"] == "Asia/Tokyo"
    assert entry["started"].isoformat().startswith("2026-11-22T01:00")
    assert entry["action"][0]["due"].isoformat() == "2026-11-29", "a week from Sunday"
    [path] = clocked.home.entries
    written = path.read_bytes()

    said = [
        [
            clocked(NOW, *command, "--json", zone=zone).json
            for command in (("journal", "list"), ("journal", "show"), ("plan", "show"))
        ]
        for zone in ZONES
    ]

    assert said == [said[0]] * len(ZONES)
    assert path.read_bytes() == written
    assert "today 01:0" in clocked("2026-11-21 17:00:00", "journal", "list", zone="Asia/Tokyo").out
    away = clocked("2026-11-21 17:00:00", "journal", "list", zone="America/New_York").out
    assert " 2026-11-22 " in away, "the day in the time zone of the entry, which isn't today's elsewhere"


def test_an_interview_that_is_gone_on_with_in_another_zone_keeps_the_moment_at_which_it_began(clocked):
    clocked("2026-11-21 16:00:00", "my", "week", stdin="It broke.\n.\n5\n", code=4, zone="Asia/Tokyo")
    clocked("2026-11-22 20:00:00", "resume", stdin="52\n2\nLinh\n\n", zone="America/New_York")

    [entry] = (tomllib.loads(path.read_text()) for path in clocked.home.entries)
    assert entry["started"].isoformat()[:16] == "2026-11-22T01:00"
    assert entry["started"].isoformat()[-6:] == "+09:00"
    assert entry["finished"].isoformat()[-6:] == "-05:00"
    assert entry["action"][0]["due"].isoformat() == "2026-11-29", "a week from when it was given"
    assert clocked(NOW, "journal", "list", zone="Asia/Tokyo").err == ""
    assert len(clocked.listed("2026-11-23 09:00:00", zone="Asia/Tokyo")) == 1
