"""The gate that all shown text passes."""

import unicodedata

import pytest

from careerkit.core.frozen import get_field_names
from careerkit.terminal.sanitize import ASCII_SYMBOLS, Symbols, choose_symbols, sanitize, sanitize_record
from careerkit.terminal.view_models import Option, OptionList

NASTY = {
    "an escape sequence": ("\x1b[31mred", "\\x1b[31mred"),
    "a clipboard write": ("\x1b]52;c;aGk=\x07", "\\x1b]52;c;aGk=\\x07"),
    "a C1 introducer": ("\x9b2J", "\\x9b2J"),
    "DEL": ("a\x7fb", "a\\x7fb"),
    "NUL": ("a\x00b", "a\\x00b"),
    "a lone carriage return": ("true\rfalse", "true\\x0dfalse"),
    "a backspace": ("a\bb", "a\\x08b"),
    "a bidi override": ("a\u202eb", "a\\u202eb"),
    "a bidi isolate": ("a\u2066b", "a\\u2066b"),
    "a zero-width space": ("a\u200bb", "a\\u200bb"),
    "a joiner that joins nothing": ("pass\u200cword", "pass\\u200cword"),
    "a joiner at the end": ("می\u200c", "می\\u200c"),
    "two joiners in a row": ("می\u200c\u200cخ", "می\\u200c\\u200cخ"),
    "a line separator": ("a\u2028b", "a\\u2028b"),
    "a byte-order mark": ("\ufeffa", "\\ufeffa"),
    "a lone surrogate": ("a\udc80b", "a\\udc80b"),
    "a tag character": ("a\U000e0041b", "a\\U000e0041b"),
    "a soft hyphen": ("a\xadb", "a\\xadb"),
}


@pytest.mark.parametrize(("text", "shown"), NASTY.values(), ids=NASTY.keys())
def test_what_steers_or_hides_is_made_visible(text, shown):
    assert sanitize(text) == shown


def test_line_feeds_stay_and_tabs_become_spaces():
    assert sanitize("a\r\nb\n\tc") == "a\nb\n    c"


@pytest.mark.parametrize(
    "text",
    [
        *("[bold]x[/bold]", "50 % of {this}", "Cố gắng, 日本語, 👍🏽", "it's \\x1b"),
        *("می\u200cخواهم", "क्\u200dष", "👩🏽\u200d💼", "❤️\u200d🔥"),
    ],
)
def test_ordinary_text_is_left_as_it_is(text):
    assert sanitize(text) == text


def test_no_character_that_controls_or_formats_gets_through():
    unsafe = [
        chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    ]

    assert [char for char in unsafe if char != "\n" and char in sanitize(char)] == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "koi8-r", "no-such-encoding"])
def test_what_the_encoding_lacks_gets_a_stand_in(encoding):
    shown = sanitize("Cố gắng … “đ” 日本 → ½ €5", encoding=encoding)

    shown.encode("ascii" if encoding == "no-such-encoding" else encoding)
    assert shown[:1] + shown[2:4] == "C g"


def test_ascii_stand_ins_read_like_the_original():
    assert sanitize("Cố gắng – “đủ” … déjà 日本", encoding="ascii") == 'Co gang - "du" ... deja ??'


def test_a_piece_is_made_safe_throughout():
    piece = OptionList((Option(1, "a\x1b[2J", "b\u202e"),))

    assert sanitize_record(piece, encoding="utf-8") == OptionList((Option(1, "a\\x1b[2J", "b\\u202e"),))


def test_ten_megabytes_pass_quickly():
    assert len(sanitize("word " * 2_000_000)) == 10_000_000


def test_the_symbols_fit_the_encoding():
    assert choose_symbols("utf-8") == Symbols()
    assert choose_symbols("latin-1") == ASCII_SYMBOLS
    assert "".join(getattr(ASCII_SYMBOLS, name) for name in get_field_names(ASCII_SYMBOLS)).isascii()
