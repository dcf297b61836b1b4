"""What the shell offers at Tab."""

from __future__ import annotations

import shutil
import sys

import pexpect
import pytest

from careerkit_process import REPOSITORY, STILL
from sample_journal import seeded

ALWAYS_A_BAR = """
from careerkit.cli import wiring
wiring.UNSEEN = 0
"""


@pytest.fixture
def past(home):
    seeded(home)
    home.run("my", "week", "--plain", stdin="Begun.\n.\n:save\n")
    home.run("journal", "remove", "ccc")
    home.run("journal", "tag", "aaa", "boss", "talk")
    home.run("journal", "tag", "bbb", "promotion")
    return home


def offered(home, words: str, *, shell: str = "bash") -> list[str]:
    """What the shell is told when Tab is pressed behind those words."""
    env = {
        "_CAREERKIT_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": words,
        "_TYPER_COMPLETE_ARGS": words,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    ended = home.run_process(env=env | {"COMP_CWORD": str(len(words.split(" ")) - 1)})
    assert ended.err == ""
    return sorted(ended.out.splitlines())


def opened(home) -> str:
    (entry,) = home.run("journal", "list", "--state", "open", "--json").json["entries"]
    return entry["id"].partition("-")[2]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("careerkit journal restore ", ["cccccc"]),
        ("careerkit journal edit ", ["aaaaaa", "bbbbbb", "dddddd", "eeeeee"]),
        ("careerkit plan show b", ["bbbbbb"]),
        ("careerkit journal untag aaa ", ["boss", "talk"]),
        ("careerkit journal tag aaa p", ["promotion"]),
        ("careerkit journal list --tag ", ["boss", "promotion", "talk"]),
        ("careerkit journal untag nobody ", [""]),
    ],
)
def test_what_fits_the_command_is_offered(past, words, expected):
    assert offered(past, words) == expected


def test_what_is_open_is_offered_to_be_gone_on_with(past):
    assert offered(past, "careerkit resume ") == [opened(past)]


def test_beside_an_entry_stands_what_it_is_and_when_it_was_begun(past):
    assert offered(past, "careerkit journal show d", shell="fish") == ["dddddd\tA look at the week, 3 weeks ago"]


def test_no_bar_is_drawn_over_the_line_that_is_being_typed(past):
    shutil.rmtree(past.folder / ".cache")
    words = "careerkit journal show d"
    told = {"_CAREERKIT_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "3"}
    child = pexpect.spawn(
        sys.executable, ["-c", ALWAYS_A_BAR + STILL], env=past.env | told, encoding="utf-8", timeout=20
    )
    child.expect(pexpect.EOF)

    assert child.before == "dddddd\r\n"


def test_the_drafts_of_the_entry_are_offered(home):
    home.run("crisis", "start", "--answers", REPOSITORY / "tests/cases/crisis-start/li.toml")
    drafts = [each["id"] for each in home.run("journal", "show", "--json").json["entry"]["drafts"]]

    assert offered(home, "careerkit plan show last --draft ") == sorted(drafts)
    assert offered(home, f"careerkit plan show --draft {drafts[0]}") == [drafts[0]]


@pytest.mark.parametrize(
    "words", ["journal show ", "journal tag last ", "journal untag last ", "plan show --draft ", "journal restore "]
)
def test_a_journal_that_can_not_be_read_offers_nothing_and_says_nothing(past, words):
    for path in past.journal.rglob("*.toml"):
        path.unlink()

    assert offered(past, f"careerkit {words}") in ([], [""])
