"""Short texts: counts, abbreviations and quoted fragments."""

import sys

import pytest

from careerkit.core.text import (
    abbreviate,
    choose_verb,
    compile_control_char_pattern,
    fit_width,
    format_count,
    may_have_control_chars,
    quote_fragment,
    strip_repeated_opening,
)


@pytest.mark.parametrize(
    ("number", "plural", "text"),
    [(0, "", "0 answers"), (1, "", "1 answer"), (2, "", "2 answers"), (1_200, "replies", "1,200 replies")],
)
def test_a_count_has_the_right_form_of_its_noun(number, plural, text):
    assert format_count(number, "answer", plural) == text


def test_a_verb_agrees_with_the_number():
    assert [choose_verb(number, "is", "are") for number in (0, 1, 2)] == ["are", "is", "are"]


def test_an_abbreviated_text_is_one_line_with_an_ellipsis_where_it_is_cut():
    assert abbreviate("  two\nlines ") == "two lines"
    assert abbreviate("x" * 40) == "x" * 40
    assert abbreviate("x" * 41) == "x" * 40 + "…"
    assert abbreviate("one two", 4) == "one…"


def test_an_abbreviated_text_can_end_with_a_whole_word():
    assert abbreviate("one two three", 9, ellipsis=" …", whole_words=True) == "one two …"
    assert abbreviate("one two, three", 9, ellipsis=" …", whole_words=True) == "one two, …"
    assert abbreviate("unbroken", 4, whole_words=True) == "unbr…"


def test_a_long_text_is_abbreviated_without_being_read_as_a_whole():
    assert abbreviate("x " * 10_000_000, 3) == "x x…"


@pytest.mark.parametrize(("width", "text"), [(9, "one two"), (7, "one two"), (6, "one t…"), (5, "one…"), (1, "…")])
def test_a_text_is_fitted_into_the_cells_of_a_terminal(width, text):
    assert fit_width("one two", width, count_cells=len, ellipsis="…") == text


def test_wide_characters_count_as_their_cells():
    assert (
        fit_width(
            "\uff21\uff22\uff23\uff24",
            5,
            count_cells=lambda text: sum(1 if each == "…" else 2 for each in text),
            ellipsis="…",
        )
        == "\uff21\uff22…"
    )


def test_a_quoted_fragment_is_short_and_can_be_printed():
    assert quote_fragment("id") == "'id'"
    assert quote_fragment("id", "`") == "`id`"
    assert quote_fragment("a\x1b[2J\u202e") == "'a\\u001b[2J\\u202e'"
    assert quote_fragment("x" * 41) == f"'{'x' * 40}…'"


def test_a_text_with_any_control_character_is_never_taken_for_one_without():
    pattern = compile_control_char_pattern()
    assert not [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if pattern.match(chr(code)) and not may_have_control_chars(chr(code))
    ]
    assert not may_have_control_chars("It’s “fine” …\n日本")


@pytest.mark.parametrize(
    ("typed", "prompt", "kept"),
    [
        ("In fact, I was late", 'Finish the sentence: "In fact, I ..."', "was late"),
        ("I was late", 'Finish the sentence: "In fact, I ..."', "was late"),
        ("When I get restless, I open the review", "Finish: 'When ..., I ...'", "I get restless, I open the review"),
        ("I get restless, I open the review", "Finish: 'When ..., I ...'", "I get restless, I open the review"),
        ("I was late", "What happened?", "I was late"),
    ],
)
def test_the_opening_of_a_sentence_to_finish_is_dropped_if_it_was_typed_again(typed, prompt, kept):
    assert strip_repeated_opening(typed, prompt) == kept
