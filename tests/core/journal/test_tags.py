"""How tags are normalised."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerkit.core.errors import Refused
from careerkit.core.journal.entry_list import EntryFilter, EntrySummary, fold_tag, parse_tag, parse_tags

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("boss", "boss"),
        ("#Boss", "boss"),
        ("  Difficult   client ", "difficult-client"),
        ("ÄRGER", "ärger"),
        ("Cafe\u0301", "café"),
        ("2026", "2026"),
        ("q3/plan", "q3/plan"),
        ("نیم\u200cفاصله", "نیم\u200cفاصله"),
        ("👩🏽\u200d💼", "👩🏽\u200d💼"),
    ],
)
def test_capitals_spaces_and_unicode_forms_make_no_different_tag(written, tag):
    assert parse_tag(written) == tag
    assert parse_tag(tag) == tag


@pytest.mark.parametrize(
    "spellings",
    [
        ("boss", "Boss", "ＢＯＳＳ", "𝐛𝐨𝐬𝐬", "bo\ufe0fss", "#boss", "＃boss"),
        ("Straße", "STRASSE", "strasse"),
        ("café", "cafe\u0301", "cafe"),
        ("cœur", "coeur"),
        ("🔥", "🔥\ufe0f"),
        ("ＫＧ", "㎏", "kg"),
    ],
)
def test_a_tag_is_one_in_all_its_spellings_and_shown_as_it_was_written_first(spellings):
    assert parse_tags(spellings) == (parse_tag(spellings[0]),)
    assert len({fold_tag(parse_tag(each)) for each in spellings}) == 1


def test_tags_that_look_alike_but_differ_stay_apart():
    different = ["c", "c++", "c-x", "cx", "🔥", "❤", "1", "-1".strip("-") + "0"]

    assert len(parse_tags(different)) == len(different)


def test_a_summary_is_found_by_each_spelling_of_its_tag():
    summary = EntrySummary("20261122T0905Z-k3f9x2", "a/b", "T", NOW, None, 0, 0, 0, 0, tags=("straße",))

    assert EntryFilter(tag=parse_tag("STRASSE")).matches(summary)
    assert not EntryFilter(tag=parse_tag("stras")).matches(summary)


@pytest.mark.parametrize(
    "written",
    [
        "\u3164",
        "\u115f\u1160",
        "\ufe0f",
        "\u2800",
        "#\u3164",
        "",
        "  ",
        "#",
        "a,b",
        "-x",
        "a" * 41,
        "a\x1b[31m",
        "a\u202eb",
        "a\ud800",
        "a\u200cb",
    ],
)
def test_an_invalid_tag_is_refused(written):
    with pytest.raises(Refused) as refused:
        parse_tag(written)
    assert refused.value.problems[0].code == "bad-tag"


def test_a_tag_that_is_much_too_long_is_abbreviated_in_the_message():
    with pytest.raises(Refused) as refused:
        parse_tag("word" * 1000)
    assert len(str(refused.value.problems[0])) < 200


def test_every_invalid_tag_is_reported_and_duplicates_count_once():
    assert parse_tags(["Boss", "boss", "new"]) == ("boss", "new")
    with pytest.raises(Refused) as refused:
        parse_tags(["a,b", "good", "#"])
    assert len(refused.value.problems) == 2


@given(st.text(max_size=45))
def test_a_normalised_tag_stays_the_same(written):
    try:
        tag = parse_tag(written)
    except Refused:
        return
    assert parse_tag(tag) == tag
