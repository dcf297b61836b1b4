"""Search queries: how they are parsed, what they match, and the snippets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careerkit.core.errors import Refused
from careerkit.core.journal.query import find_match, make_snippet, parse_query


def marked(written: str, *texts: str) -> list[str] | None:
    place = find_match(parse_query(written), texts)
    return place and [place.text[start:end] for start, end in place.marks]


@pytest.mark.parametrize(
    ("written", "text", "found"),
    [
        ("offer", "The counter-offer, an offer; offers", ["offer", "offer"]),
        ("offer*", "Offers were offered", ["Offers", "offered"]),
        ('"new off*"', "the new offers", ["new offers"]),
        ('"new client"', "new clients and a new\nclient", ["new\nclient"]),
        ('"new cli"*', "a new client", ["new client"]),
        ("“new client”", "a new client", ["new client"]),
        ("「谈判」", "我们谈判了", ["谈判"]),
        ("判", "我们谈判了", ["判"]),
        ("ok", "It is OK.", ["OK"]),
        ("в*", "всё и вся", ["всё", "вся"]),
        ("ทำ", "เขาทำงาน", ["ทำ"]),
        ("걱정", "걱정하지 않는다", ["걱정"]),
        ("5 %", "5 of 7", ["5"]),
        ("новый клиент", "Клиент совсем новый", ["Клиент", "новый"]),
    ],
)
def test_a_search_finds_what_it_says(written, text, found):
    assert marked(written, "nothing", text) == found


@pytest.mark.parametrize(
    ("written", "text"),
    [("offer", "offers"), ('"client new"', "new client"), ("a b", "a c"), ("谈判", "判谈"), ("fer*", "offer")],
)
def test_texts_that_do_not_match_are_not_found(written, text):
    assert marked(written, text) is None


def test_all_items_must_occur_each_in_any_text():
    assert marked("new client", "the client", "is new") == ["client"]
    assert marked("new client", "the client", "the new client") == ["new", "client"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "nothing-to-search"),
        (" * ! ", "nothing-to-search"),
        ('""', "nothing-to-search"),
        ('say "no', "open-quotation"),
        ("x " * 101, "search-too-long"),
    ],
)
def test_an_invalid_query_is_refused_with_a_hint(written, code):
    with pytest.raises(Refused) as refused:
        parse_query(written)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert refused.value.problems[0].hint


def test_a_snippet_shows_whole_words_around_the_match_and_marks_its_cuts():
    place = find_match(
        parse_query("client"), ["I had promised it.\nThen the new client wrote again, and I did not answer him."]
    )

    shown = make_snippet(place, 30)

    assert shown.text == "…the new client wrote again,…"
    assert [shown.text[start:end] for start, end in shown.marks] == ["client"]


def test_a_snippet_is_taken_from_where_most_words_match():
    place = find_match(
        parse_query("client late"), ["A client. " + "And more. " * 20 + "The client came late, much too late."]
    )

    shown = make_snippet(place, 40)

    assert [shown.text[start:end] for start, end in shown.marks] == ["client", "late"]


@settings(deadline=None)
@given(st.text(alphabet="ab 谈\n\tx"), st.text(alphabet="ab 谈\n\tx"), st.integers(5, 60))
def test_a_snippet_is_one_line_of_about_its_size_with_the_marks_in_place(before, after, room):
    place = find_match(parse_query("needle"), [f"{before} needle {after}"])

    shown = make_snippet(place, room)

    assert "\n" not in shown.text
    assert "\t" not in shown.text
    assert len(shown.text) <= max(room, 12) + 8
    assert "needle".startswith(shown.text[shown.marks[0][0] : shown.marks[0][1]])
    assert shown.text[shown.marks[0][0] : shown.marks[0][1]]
