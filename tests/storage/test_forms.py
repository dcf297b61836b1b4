"""One thing in two forms is one thing: tags and searched words, with the index and without it."""

from __future__ import annotations

import pytest

from careerkit_process import Home
from sample_journal import WEEK_PLAYBOOK

SAID = "Mon cœur 🔥, 80㎏ on the Straße, ＢＯＳＳ said ﬁne 👍🏽 and c'est l'été → ½"


@pytest.fixture
def said(home) -> Home:
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    answers = f'what = "{SAID}"\nload = 3\nhours = 4\nkind = "calm"\n'
    assert home.run("my", "week", "--answers", home.write("a.toml", answers)).code == 0
    return home


@pytest.mark.parametrize("without_index", [[], ["--no-index"]])
@pytest.mark.parametrize(
    "words", ["🔥", "coeur", "cœur", "COEUR", "kg", "80", "strasse", "boss", "fine", "👍", "ete", "→"]
)
def test_words_are_found_in_every_form(said, words, without_index):
    assert [each["id"] for each in said.run("journal", "search", words, "--json", *without_index).json["entries"]] == [
        path.stem for path in said.entries
    ]


@pytest.mark.parametrize("without_index", [[], ["--no-index"]])
@pytest.mark.parametrize("words", ["❤", "kgs", "cur", "👎"])
def test_other_words_are_not_found(said, words, without_index):
    assert said.run("journal", "search", words, "--json", *without_index).json["entries"] == []


@pytest.mark.parametrize("without_index", [[], ["--no-index"]])
@pytest.mark.parametrize(
    ("first", "other"), [("ＢＯＳＳ", "boss"), ("STRASSE", "Straße"), ("café", "CAFE"), ("🔥", "🔥\ufe0f")]
)
def test_a_tag_is_one_in_both_of_its_forms(said, first, other, without_index):
    said.run("journal", "tag", "last", first)
    again = said.run("journal", "tag", "last", other)

    (listed,) = said.run("journal", "list", "--tag", other, "--json", *without_index).json["entries"]
    assert listed["tags"] == [first.lower()]
    assert again.code == 0
    assert said.run("journal", "untag", "last", other).code == 0
    assert said.run("journal", "list", "--tag", first, "--json", *without_index).json["entries"] == []


def test_tags_that_older_versions_kept_apart_are_one_and_go_together(said):
    from careerkit.core.journal.entry_list import Event, build_history
    from sample_journal import NOW

    def tag(number: int, about: str) -> Event:
        return Event(f"20261122T09050000{number}Z-000000000000000{number}", "tag", "e", NOW, "m", about, value=True)

    history = build_history([tag(1, "straße"), tag(2, "strasse")])

    assert history.tags == ("strasse",)
    assert history.disputed == ()
