"""Counting the words of a text answer, in any script."""

import pytest

from careerkit.core.expressions.evaluate import count_words, evaluate
from careerkit.core.expressions.parser import parse


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mail", 1),
        ("  mail.  ", 1),
        ("I overlooked the offer", 4),
        ("two\nlines", 2),
        ("—", 1),
        ("我忽略了还盘", 6),
        ("還盤 overlooked", 3),
        ("ลืมส่งอีเมล", 8),
        ("", 0),
    ],
)
def test_words_are_separated_by_spaces_or_single_letters_in_scripts_without_spaces(text, words):
    assert count_words(text) == words


def test_the_words_of_an_answer_are_counted_and_of_none_there_is_no_count(answers):
    given, nothing = answers({"client": "the plant manager"}), answers()
    assert evaluate(parse("word_count(client)"), given) == 3
    assert evaluate(parse("word_count(client)"), nothing) is None
    assert evaluate(parse("word_count(client) == 1"), nothing) is False


def test_in_records_the_words_of_each_form_are_counted(answers):
    people = ({"person": "Ann"}, {"person": "the plant manager"}, {"person": None})
    assert evaluate(parse("count(people, word_count(person) == 1)"), answers({"people": people})) == 1
