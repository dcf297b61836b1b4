"""What people write as a tag, and which tag that is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerkit.core.journal.tag import tag_of, tags_of
from careerkit.core.problem import Refused


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
def test_capitals_blanks_and_ways_of_writing_make_no_other_tag(written, tag):
    assert tag_of(written) == tag
    assert tag_of(tag) == tag


@pytest.mark.parametrize(
    "written", ["", "  ", "#", "a,b", "-x", "a" * 41, "a\x1b[31m", "a\u202eb", "a\ud800", "a\u200cb"]
)
def test_what_is_no_tag_is_refused(written):
    with pytest.raises(Refused) as refused:
        tag_of(written)
    assert refused.value.problems[0].code == "bad-tag"


def test_a_tag_that_is_much_too_long_is_not_told_at_length():
    with pytest.raises(Refused) as refused:
        tag_of("word" * 1000)
    assert len(str(refused.value.problems[0])) < 200


def test_every_tag_that_is_none_is_named_and_one_given_twice_counts_once():
    assert tags_of(["Boss", "boss", "new"]) == ("boss", "new")
    with pytest.raises(Refused) as refused:
        tags_of(["a,b", "good", "#"])
    assert len(refused.value.problems) == 2


@given(st.text(max_size=45))
def test_a_tag_is_its_own_tag(written):
    try:
        tag = tag_of(written)
    except Refused:
        return
    assert tag_of(tag) == tag
