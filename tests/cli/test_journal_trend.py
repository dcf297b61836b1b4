"""The output of `careerkit journal trend`."""

from __future__ import annotations

import pytest

from sample_journal import seed_journal


@pytest.fixture
def past(home):
    seed_journal(home)
    return home


def test_a_trend_reads_well_aloud(past):
    past.run("journal", "edit", "ccc", "--answers", past.write("c.toml", "load = 1\n"))

    assert past.run("journal", "trend", "my/week", "load").out.splitlines() == [
        "",
        "How heavy was it?",
        "A look at the week, 4 entries, Thursday 29 October 2026 to Sunday 22 November 2026",
        "Thu 29 Oct: 5 of 5.",
        "Thu 19 Nov: 1 of 5, corrected.",
        "Sat 21 Nov: 2 of 5.",
        "Sun 22 Nov: 5 of 5.",
        "From 5 to 5. Lowest 1 (Thu 19 Nov), highest 5 (Sun 22 Nov).",
    ]


def test_a_trend_as_json_has_the_documented_keys(past):
    found = past.run("journal", "trend", "my/week", "strain", "--json").json

    assert {key: found[key] for key in found if key != "points"} == {
        "playbook": "my/week",
        "title": "A look at the week",
        "number": "strain",
        "label": "Strain",
        "unit": "",
        "min": None,
        "max": None,
    }
    assert [(each["value"], each["band"], each["corrected"]) for each in found["points"]] == [
        (14.5, "high", False),
        (11.8, "fine", False),
        (7.8, "fine", False),
        (15.2, "high", False),
    ]
    assert set(found["points"][0]) == {"entry", "at", "value", "band", "corrected", "checkin", "first", "happened"}


def test_a_trend_can_be_filtered(past):
    assert "2 older not shown: add --limit 4\n" in past.run("journal", "trend", "my/week", "load", "--limit", "2").out
    since = past.run("journal", "trend", "my/week", "load", "--since", "yesterday", "--json").json
    assert [each["value"] for each in since["points"]] == [2, 5]


def test_a_damaged_entry_is_reported_and_the_trend_has_the_others(past):
    path = next(each for each in past.entries if "bbbbbb" in each.name)
    path.write_bytes(path.read_bytes()[:-90])

    ended = past.run("journal", "trend", "my/week", "load", "--json")

    assert (ended.code, [each["value"] for each in ended.json["points"]]) == (0, [5, 4, 5])
    assert ended.problems[0]["code"] == "entry-cut-short"


def test_a_name_that_is_not_a_number_is_refused(past):
    ended = past.run("journal", "trend", "my/week", "kind", "--json")
    assert (ended.code, ended.problems[0]["code"]) == (1, "no-such-number")
    assert past.run("journal", "trend", "my/none", "load", "--json").problems[0]["code"] == "no-entry"


def test_without_a_number_the_available_numbers_are_listed(past):
    ended = past.run("journal", "trend")

    assert ended.out.splitlines() == [
        "me/other  strain  1 entry    last 7.8, fine   Strain",
        "me/other  load    1 entry    last 2           How heavy was it?",
        "me/other  hours   1 entry    last 38          How many hours did you work?",
        "my/week   strain  4 entries  last 15.2, high  Strain",
        "my/week   load    4 entries  last 5           How heavy was it?",
        "my/week   hours   4 entries  last 52          How many hours did you work?",
    ]
    assert ended.err == "Show one of them: careerkit journal trend my/week strain\n"


def test_the_numbers_of_one_playbook_are_listed_as_json_too(past):
    past.run("journal", "edit", "aaa", "--answers", past.write("c.toml", "hours = 40\n"))

    listed = past.run("journal", "trend", "my/week", "--since", "yesterday", "--json").json["numbers"]

    assert [(each["number"], each["entries"], each["last"], each["band"]) for each in listed] == [
        ("strain", 2, 14, "high"),
        ("load", 2, 5, ""),
        ("hours", 2, 40, ""),
    ]
    assert {key: listed[0][key] for key in ("playbook", "title", "label")} == {
        "playbook": "my/week",
        "title": "A look at the week",
        "label": "Strain",
    }


def test_a_playbook_without_entries_is_reported_with_a_hint_at_others(past):
    (problem,) = past.run("journal", "trend", "my/none", "--json").problems
    assert (problem["code"], problem["hint"]) == (
        "no-entry",
        "`careerkit journal trend` lists the numbers to choose from.",
    )
    (problem,) = past.run("journal", "trend", "--tag", "none", "--json").problems
    assert (problem["code"], problem["message"]) == ("no-entry", "No entry matches.")


def test_a_shared_day_is_named_once(past):
    shown = past.run("journal", "trend", "my/week", "load", "--limit", "1").out
    assert "A look at the week, 1 entry, Sunday 22 November 2026\n" in shown
    two = past.run("journal", "trend", "my/week", "load", "--limit", "2").out
    assert "2 entries, Saturday 21 November 2026 to Sunday 22 November 2026" in two


@pytest.mark.parametrize(("typed", "offered"), [("", ["hours", "load", "strain"]), ("lo", ["load"])])
def test_the_shell_completes_the_numbers_of_the_playbook_before(past, typed, offered):
    words = f"careerkit journal trend my/week {typed}"
    env = {"_CAREERKIT_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "4"}

    assert sorted(past.run_process(env=env).out.split()) == offered
