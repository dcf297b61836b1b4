"""Completion in the shell."""

from __future__ import annotations

import shutil
import sys

import pexpect
import pytest

from careerkit.storage.journal import DiskJournal
from careerkit_process import FIXED_CLOCK_PROGRAM, REPOSITORY
from sample_journal import seed_journal

ALWAYS_A_BAR = """
from careerkit.cli import container
container.PROGRESS_THRESHOLD = 0
"""


@pytest.fixture
def past(home, monkeypatch):
    seed_journal(home)
    monkeypatch.setattr(DiskJournal, "new_id", lambda self, moment: f"{moment:%Y%m%dT%H%MZ}-ffffff")
    home.run("my", "week", "--plain", stdin="Begun.\n.\n:save\n")
    home.run("journal", "remove", "ccc")
    home.run("journal", "tag", "aaa", "boss", "talk")
    home.run("journal", "tag", "bbb", "promotion")
    return home


def offered(home, words: str, *, shell: str = "bash") -> list[str]:
    """The completions when Tab is pressed after those words."""
    env = {
        "_CAREERKIT_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": words,
        "_TYPER_COMPLETE_ARGS": words,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    ended = home.run_process(env=env | {"COMP_CWORD": str(len(words.split(" ")) - 1)})
    assert ended.err == ""
    return sorted(ended.out.splitlines())


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
def test_completions_fit_the_command(past, words, expected):
    assert offered(past, words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("careerkit playbook preview mine.toml --from t", ["tried"]),
        ("careerkit playbook test mi", ["mine.toml"]),
        ("careerkit playbook graph books/", ["books/other.toml"]),
        ("careerkit playbook sheet crisis/n", ["crisis/notice"]),
        ("careerkit playbook remove i", ["installed/mine"]),
    ],
)
def test_playbooks_are_offered_by_file_and_by_id_and_their_questions_by_id(home, words, expected):
    (home.folder / "books").mkdir()
    home.run("playbook", "new", "mine.toml")
    home.run("playbook", "new", "books/other.toml")
    home.run("playbook", "install", "mine.toml")

    assert offered(home, words) == expected


def test_open_entries_are_completed_for_resume(past):
    assert offered(past, "careerkit resume ") == ["ffffff"]


def test_a_completed_entry_is_described_by_title_and_age(past):
    assert offered(past, "careerkit journal show d", shell="fish") == ["dddddd\tA look at the week, 3 weeks ago"]


def test_completion_draws_no_progress_bar(past):
    shutil.rmtree(past.folder / ".cache")
    words = "careerkit journal show d"
    request = {"_CAREERKIT_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "3"}
    child = pexpect.spawn(
        sys.executable, ["-c", ALWAYS_A_BAR + FIXED_CLOCK_PROGRAM], env=past.env | request, encoding="utf-8", timeout=20
    )
    child.expect(pexpect.EOF)

    assert child.before == "dddddd\r\n"


def test_the_drafts_of_the_entry_are_completed(home):
    home.run("crisis", "start", "--answers", REPOSITORY / "tests/cases/crisis-start/li.toml")
    drafts = [each["id"] for each in home.run("journal", "show", "--json").json["entry"]["drafts"]]

    assert offered(home, "careerkit plan show last --draft ") == sorted(drafts)
    assert offered(home, f"careerkit plan show --draft {drafts[0]}") == [drafts[0]]


@pytest.mark.parametrize(
    "words", ["journal show ", "journal tag last ", "journal untag last ", "plan show --draft ", "journal restore "]
)
def test_an_unreadable_journal_completes_nothing_silently(past, words):
    for path in past.journal.rglob("*.toml"):
        path.unlink()

    assert offered(past, f"careerkit {words}") in ([], [""])
