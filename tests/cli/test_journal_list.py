"""`careerkit journal list`: what it shows, and its filters."""

from __future__ import annotations

import pexpect
import pytest

from careerkit_process import COMMAND
from sample_journal import seed_journal


@pytest.fixture
def past(home):
    seed_journal(home)
    return home


def listed(home, *options: str) -> str:
    ended = home.run("journal", "list", *options, "--json")
    assert ended.code == 0, ended.err
    return " ".join(each["id"].partition("-")[2][0] for each in ended.json["entries"])


def refused(home, *options: str) -> list[tuple[str, str]]:
    ended = home.run("journal", "list", *options, "--json")
    assert (ended.code, ended.out) == (1, "")
    return [(each["code"], each["where"]) for each in ended.problems]


def test_the_age_of_an_entry_is_relative_to_today(past):
    assert [line.split("  ")[:2] for line in past.run("journal", "list").out.splitlines()] == [
        ["aaaaaa", "today 09:05"],
        ["bbbbbb", "yesterday 09:05"],
        ["cccccc", "3 days ago"],
        ["dddddd", "3 weeks ago"],
        ["eeeeee", "2026-06-15"],
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", "a b c d e"),
        ("--playbook my/week", "a b c d"),
        ("--playbook my", "a b c d"),
        ("--playbook me", "e"),
        ("--state open", ""),
        ("--state finished", "a b c d e"),
        ("--since yesterday", "a b"),
        ("--since last_week", "a b c"),
        ("--until last_week", "d e"),
        ("--until november --since november", "a b c"),
        ("--since 4_weeks_ago --until 2_days_ago", "c d"),
        ("--since 2026-06-15 --until 2026-06-15", "e"),
        ("--until june", "e"),
        ("--limit 2", "a b"),
        ("--limit 1 --until yesterday", "b"),
    ],
)
def test_a_list_can_be_filtered(past, options, expected):
    assert listed(past, *(each.replace("_", " ") for each in options.split())) == expected


def test_a_list_can_be_filtered_by_a_tag_in_any_case(past):
    past.run("journal", "tag", "bbb", "boss")
    past.run("journal", "tag", "eee", "Difficult client")

    assert listed(past, "--tag", "boss") == "b"
    assert listed(past, "--tag", "#Difficult Client") == "e"
    assert listed(past, "--tag", "nobody") == ""


def test_every_problem_in_the_options_is_reported(past):
    assert refused(past, "--since", "soon", "--until", "1/2/2026") == [
        ("not-a-date", "--since"),
        ("unclear-date", "--until"),
    ]
    assert refused(past, "--since", "today", "--until", "yesterday") == [("no-such-days", "--until")]
    assert refused(past, "--tag", "a,b") == [("bad-tag", "a,b")]
    assert past.run("journal", "list", "--state", "lost").code == 2


def test_a_list_without_entries_says_why(past, tmp_path):
    assert past.run("journal", "list", "--tag", "none").out == "No entry matches.\n"
    assert past.run("journal", "list", "--removed").out == "No removed entry matches.\n"
    assert past.run("journal", "list", "--playbook", "nothing/like").out == "No entry matches.\n"
    assert past.run("journal", "list", "--playbook", "my/wek").out == 'No entry matches. Did you mean "my/week"?\n'
    assert past.run("journal", "list", "--playbook", "crisis").out == "No entry matches.\n"
    assert past.run("journal", "list", "--journal", tmp_path).out == (
        f"The journal is empty. Start with: careerkit crisis start --journal {tmp_path}\n"
    )


def test_an_unknown_tag_is_reported_with_the_known_ones(past):
    past.run("journal", "tag", "aaa", "boss", "talk")
    past.run("journal", "tag", "bbb", "talk")
    assert past.run("journal", "list", "--tag", "bos").out == "No entry matches. Your tags: talk, boss\n"
    assert past.run("journal", "list", "--tag", "boss", "--since", "tomorrow").out == "No entry matches.\n"
    past.run("journal", "tag", "ccc", *(f"t{number}" for number in range(12)))
    assert past.run("journal", "list", "--tag", "bos").out.endswith("t6, t7, …\n")


def test_a_mistyped_journal_folder_is_reported_with_its_path(home, tmp_path):
    slip = tmp_path / "jurnal"
    begin = "Start with: careerkit crisis start"
    assert home.run("journal", "list").out == f"The journal is empty. {begin}\n"
    assert home.run("journal", "list", "--journal", slip).out == (
        f"The journal is empty. The folder {slip} doesn't exist. {begin} --journal {slip}\n"
    )
    assert home.run("journal", "list", env={"CAREERKIT_JOURNAL": str(slip)}).out == (
        f"The journal is empty. The folder {slip} doesn't exist. {begin}\n"
    )
    assert home.run("doctor", "--journal", slip).out == f"There is no journal in {slip} yet.\n"


def test_the_list_says_that_older_entries_are_not_shown(past):
    assert past.run("journal", "list", "--limit", "2").out.endswith(
        "3 older not shown: careerkit journal list --limit 5\n"
    )
    narrowed = past.run("journal", "list", "--limit", "1", "--playbook", "my").out
    assert narrowed.endswith("Older entries may match too: add --limit 2\n")


def test_an_unreadable_journal_is_not_called_empty(home):
    seed_journal(home)
    for path in home.entries:
        path.write_bytes(path.read_bytes()[:-9])

    listed = home.run("journal", "list")

    assert listed.out == "None of the matching entries could be read.\n"
    assert listed.err.count("last line is missing") == 5


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (
            ("list", "--since", "last wek"),
            [
                "--since: last wek is not a date.",
                "  Write it as 2026-12-01, yesterday,",
                "  friday, last week, november or 3",
                "  months ago.",
            ],
        ),
        (("list", "--limit", "1"), ["4 older not shown: careerkit journal", "list --limit 5"]),
        (
            ("search", "nowhere"),
            [
                "Nothing found. Only whole words match;",
                "add a star to match a beginning",
                "(promis*), and put a phrase in quotes.",
            ],
        ),
    ],
)
def test_on_a_narrow_terminal_messages_break_between_words(past, words, rows):
    child = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], "journal", *words], env=past.env | {"COLUMNS": "40"}, encoding="utf-8", timeout=20
    )
    child.expect(pexpect.EOF)

    assert child.before.split("\r\n")[-len(rows) - 1 : -1] == rows


@pytest.mark.parametrize(
    "words", [("show", "{}"), ("tag", "{}", "boss"), ("tag", "aaa", "{}"), ("trend", "{}"), ("trend", "my/week", "{}")]
)
def test_errors_shorten_what_was_typed(past, words):
    ended = past.run("journal", *(word.format("word" * 2000) for word in words))

    assert ended.code == 1
    assert "wordword" in ended.err
    assert len(ended.err) < 400


def test_the_days_that_a_filter_means_are_said_with_their_weekdays(past):
    listed = past.run("journal", "list", "--since", "1.10.", "--until", "1.11.", env={"LC_TIME": "de_DE.UTF-8"})

    assert listed.err == "Since Thursday 1 October 2026 until Sunday 1 November 2026:\n"
    since = past.run("journal", "list", "--since", "last week")
    assert since.err == "Since Monday 9 November 2026:\n"
    assert past.run("journal", "list", "--since", "last week", "--json").err == ""
    assert past.run("journal", "list").err == ""
