"""Words match regardless of case, marks and keyboard."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careerkit.core.journal.query import fold_text, split_words


def folded(text: str) -> list[str]:
    return [word.folded for word in split_words(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Angebot", "ANGEBOT"),
        ("ёлка", "Елка"),
        ("đã nói với sếp", "da noi voi sep"),
        ("cafe\u0301", "café"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("می\u200cروم", "میروم"),
        ("كتابي", "کتابی"),
        ("١٢", "12"),
        ("۱۲", "１２"),
        ("ﾃﾞｰﾀ", "データ"),
        ("か\u3099", "が"),
        ("σοφός", "ΣΟΦΟΣ"),
        ("שָׁלוֹם", "שלום"),
        ("\u1112\u1161\u11ab", "한"),
        ("so\u00adft", "soft"),
        ("one_two", "one two"),
    ],
)
def test_spellings_that_differ_by_keyboard_or_habit_match(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("мой", "мои"), ("が", "か"), ("はは", "ぱぱ"), ("में", "म")])
def test_letters_that_differ_within_a_language_stay_different(one, other):
    assert folded(one) != folded(other)


def test_scripts_without_spaces_are_split_into_characters_and_others_into_words():
    assert folded("谈判Python很难") == ["谈", "判", "python", "很", "难"]
    assert folded("회사에서") == list("회사에서")
    assert folded("don't stop-now 3.5") == ["don", "t", "stop", "now", "3", "5"]
    assert folded("हिन्दी में") == ["हिन्दी", "में"]


@settings(deadline=None)
@given(st.text())
def test_each_word_has_its_position_in_the_text(text):
    found = list(split_words(text))

    assert all(text[word.start : word.end].strip() for word in found)
    assert [word.start for word in found] == sorted(word.start for word in found)


@settings(deadline=None)
@given(st.text() | st.text(alphabet="aé谈_\0 -É\u0301ก"))
def test_the_text_for_an_index_has_the_same_words_as_the_text(text):
    """SQLite's tokenizer for ASCII parts at all that is neither a letter, a digit nor beyond ASCII."""
    parted = "".join(sign if sign.isalnum() or ord(sign) > 127 else " " for sign in fold_text(text))

    assert parted.split() == folded(text)
