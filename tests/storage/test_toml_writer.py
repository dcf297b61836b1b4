"""What is written as TOML reads back exactly, in a layout that doesn't depend on the length of what it holds."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerkit.core.journal.fast_reader import parse_string, read_head
from careerkit.storage.entry_files import dumps
from careerkit.storage.layout import TRAILER

BOUNDARIES = [
    "\r\n",
    "\r",
    '"""',
    "\\",
    "\n[[row]]\n",
    f"\n{TRAILER}",
    "\t",
    "\x85",
    "\u202e",
    "\ufeff",
    "\x08\x0c\x7f",
]
texts = st.one_of(st.text(), st.lists(st.sampled_from([*BOUNDARIES, "a = 1", " "])).map("".join))
numbers = st.one_of(
    st.integers(-(10**17), 10**17),
    st.decimals(allow_nan=False, allow_infinity=False).filter(lambda number: not str(number).lstrip("-").isdecimal()),
)
times = st.datetimes(timezones=st.just(timezone(timedelta(hours=1, minutes=30)))).map(
    lambda moment: moment.replace(fold=0)
)
hours = st.times().map(lambda hour: hour.replace(fold=0))
scalars = st.one_of(texts, numbers, st.booleans(), st.dates(), hours, times)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)
documents = st.dictionaries(texts, values, max_size=6)


def parse(text: str) -> dict[str, object]:
    return tomllib.loads(text, parse_float=Decimal)


def as_text(value: object) -> str:
    """With the type and the exact form of every number, which `==` doesn't compare."""
    return repr(value)


def in_order(value):
    """The value with its keys sorted: sections come after other keys."""
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value)}
    return [in_order(each) for each in value] if isinstance(value, list) else value


@given(documents)
def test_every_document_reads_back_exactly(document):
    assert as_text(in_order(parse(dumps(document)))) == as_text(in_order(document))


@given(documents)
def test_what_was_read_is_written_with_the_same_bytes(document):
    written = dumps(document)

    assert dumps(parse(written)) == written


@given(documents)
def test_nothing_that_acts_on_a_terminal_or_reorders_a_line_is_written(document):
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]", dumps(document)
    )


@given(st.dictionaries(texts, st.dictionaries(texts, texts)))
def test_no_text_can_imitate_the_checksum_line(document):
    assert not any(line.startswith(TRAILER) for line in dumps(document).split("\n"))


@given(texts, texts)
def test_a_text_at_the_top_level_is_one_line(first, second):
    written = dumps({"a": first, "b": second})

    lines = read_head(written.encode())
    assert (parse_string(lines["a"]), parse_string(lines["b"]), written.count("\n")) == (first, second, 2)


@pytest.mark.parametrize("length", [1, 200])
def test_rows_and_tables_get_headings_however_short_they_are(length):
    text = "x" * length
    written = dumps({"row": [{"id": text, "value": {"pay": 1}, "parts": [{"a": text}]}, {}], "table": {}, "none": []})

    assert [line for line in written.splitlines() if line.startswith("[")] == [
        "[[row]]",
        "[row.value]",
        "[[row.parts]]",
        "[[row]]",
        "[table]",
    ]
    assert written.startswith("none = []\n")


@pytest.mark.parametrize("length", [1, 200])
def test_a_list_is_one_line_however_long_it_is(length):
    text = "x" * length + ",\n]["

    assert dumps({"a": [text, [1, [2]], {"b": [3]}], "c": [Decimal("1.50")]}) == (
        f'a = ["{text}", [1, [2]], {{ b = [3] }}]\nc = [1.50]\n'.replace("\n][", "\\n][")
    )


def test_a_text_of_several_lines_below_the_top_level_is_written_as_such():
    assert dumps({"row": [{"text": 'One "two"\n  three\\\n', "id": "x"}]}) == (
        '\n[[row]]\ntext = """\nOne \\"two\\"\n  three\\\\\n"""\nid = "x"\n'
    )


def test_line_ends_of_other_systems_are_kept():
    assert dumps({"row": {"text": "a\r\nb\rc\n"}}) == '\n[row]\ntext = "a\\r\\nb\\rc\\n"\n'


@pytest.mark.parametrize("number", ["5", "5.0", "-7", "0.10", "1E+2", "-0", "123456789012345678901234567890", "-7E-9"])
def test_a_decimal_keeps_its_places_and_every_digit(number):
    written = dumps({"n": Decimal(number)})

    assert str(Decimal(parse(written)["n"])) == number


@pytest.mark.parametrize("number", [0, 10**17, 2**63, -(2**64), 10**30])
def test_a_whole_number_of_any_length_keeps_every_digit(number):
    assert Decimal(parse(dumps({"n": number}))["n"]) == number


def test_dates_and_times_are_written_as_rfc_3339_has_them():
    moment = datetime(2026, 11, 22, 9, 5, tzinfo=timezone(timedelta(hours=-3, minutes=-30)))

    assert dumps({"a": moment, "b": date(2026, 11, 22), "c": time(9, 5)}) == (
        "a = 2026-11-22T09:05:00-03:30\nb = 2026-11-22\nc = 09:05:00\n"
    )


def test_a_value_that_toml_does_not_have_is_an_error_of_ours():
    with pytest.raises(TypeError):
        dumps({"x": object()})
