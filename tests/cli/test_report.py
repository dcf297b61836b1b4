"""`plan export` of the HTML report, through the command."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careerkit_process import Home
from sample_journal import CALM_WEEK, ROUGH_WEEK, WEEK_PLAYBOOK, add_entry, seed_journal


@pytest.fixture
def seeded(home: Home) -> Home:
    seed_journal(home)
    return home


def read_report(home: Home, entry: str, *options: str) -> str:
    ended = home.run("plan", "export", entry, "--output", home.folder / "report.html", "--force", *options)
    assert ended.code == 0, ended.err
    return (home.folder / "report.html").read_text(encoding="utf-8")


def test_the_extension_chooses_the_report_and_says_where_it_is(seeded):
    ended = seeded.run("plan", "export", "aaaaaa", "--output", seeded.folder / "report.htm")

    assert ended.code == 0
    assert "Written to" in ended.err
    assert (seeded.folder / "report.htm").read_text().startswith("<!doctype html><html")
    assert (seeded.folder / "report.htm").stat().st_mode & 0o777 == 0o600


def test_the_numbers_of_an_entry_are_compared_with_those_of_earlier_entries_of_its_playbook(seeded):
    text = read_report(seeded, "aaaaaa")

    assert "Compared with earlier entries" in text
    assert (
        "Over time, on a scale from 1 to 5: 5 on 29 Oct 2026, 4 on 19 Nov 2026, 2 on 21 Nov 2026, 5 on 22 Nov 2026"
        in text
    )
    assert "Over time, in hours: 45 on 29 Oct 2026, 38 on 19 Nov 2026, 38 on 21 Nov 2026, 52 on 22 Nov 2026" in text
    assert "Jun 2026" not in text, "an entry of another playbook"


def test_later_entries_are_not_compared_and_a_first_entry_has_nothing_to_compare(home):
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    add_entry(home, "cccccc", ROUGH_WEEK, ago=timedelta(days=3))
    add_entry(home, "bbbbbb", ROUGH_WEEK | {"load": 3}, ago=timedelta(days=2))
    add_entry(home, "aaaaaa", CALM_WEEK, ago=timedelta(days=1))

    assert "Compared with" not in read_report(home, "cccccc")
    assert "scale from 1 to 5: 5 on 19 Nov 2026, 3 on 20 Nov 2026<" in read_report(home, "bbbbbb")


def test_a_copy_for_others_has_no_numbers_of_other_entries(seeded):
    assert "Compared with" not in read_report(seeded, "aaaaaa", "--for", "others")


def test_an_earlier_entry_that_cannot_be_read_is_reported_and_left_out(seeded):
    (broken,) = [each for each in seeded.entries if "dddddd" in each.name]
    broken.write_text("not TOML")

    ended = seeded.run("plan", "export", "aaaaaa", "--to", "html")

    assert ended.code == 0
    assert "dddddd" in ended.err
    assert "38 on 19 Nov 2026" in ended.out
    assert "45 on 29 Oct 2026" not in ended.out


def test_a_report_shows_a_single_entry(seeded):
    ended = seeded.run("plan", "export", "--all-open", "--to", "html")

    assert ended.code != 0
    assert "shows a single entry" in ended.err


def test_what_became_of_the_plan_is_in_the_report(seeded):
    proof = seeded.write("proof.txt", "Friday is marked in the calendar")
    assert seeded.run("plan", "done", "aaaaaa/1", "--file", proof).code == 0

    text = read_report(seeded, "aaaaaa")

    assert "Done on Sun 22 Nov" in text
    assert "What shows it: Friday is marked in the calendar" in text


def test_htpy_is_loaded_for_a_report_only(seeded):
    import subprocess
    import sys

    program = (
        "import sys\nfrom careerkit.cli.process import run_careerkit\n"
        "run_careerkit(['plan', 'export', 'aaaaaa', *sys.argv[1:]])\nprint('htpy' in sys.modules, file=sys.stderr)"
    )

    def is_loaded(*options: str) -> str:
        command = [sys.executable, "-c", program, *options]
        done = subprocess.run(command, capture_output=True, text=True, env=seeded.env, cwd=seeded.folder, timeout=60)
        return done.stderr.split()[-1]

    assert is_loaded("--to", "html") == "True"
    assert is_loaded("--to", "markdown") == "False"
