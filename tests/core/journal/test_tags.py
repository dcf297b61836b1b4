"""How tags are normalised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerkit.core.errors import Refused
from careerkit.core.journal.entry_list import parse_tag, parse_tags


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
    "written", ["", "  ", "#", "a,b", "-x", "a" * 41, "a\x1b[31m", "a\u202eb", "a\ud800", "a\u200cb"]
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
