"""Prose is split into lines, and lines into parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerkit.core.errors import Refused
from careerkit.core.text import Insert, find_pieces, join_lines, parse_template, split_prose


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("one", ["one"]),
        ("one\ntwo", ["one two"]),
        ("one\n\ntwo", ["one", "", "two"]),
        ("\n\none\n\n\n two \n\n", ["one", "", "two"]),
        ("one\n- two\n- three", ["one", "- two", "- three"]),
        ("- one\n  and more\n- two\nthen", ["- one and more", "- two", "then"]),
        ("- one\n\n- two", ["- one", "", "- two"]),
        ("-one\ntwo", ["-one two"]),
    ],
)
def test_a_line_break_is_a_space_an_empty_line_a_paragraph_and_a_dash_a_line(text: str, lines: list[str]) -> None:
    assert split_prose(text) == lines


def test_a_line_of_a_list_is_one_line_however_it_is_written() -> None:
    assert join_lines("\n  a \n  b\n") == "a b"
    assert join_lines(" a ") == " a "


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("", ()),
        ("plain } text", ("plain } text",)),
        ("{owner}", (Insert("owner"),)),
        ("so {owner}, {what}.", ("so ", Insert("owner"), ", ", Insert("what"), ".")),
        ("{{owner}", ("{owner}",)),
        ("{{{owner}}", ("{", Insert("owner"), "}")),
    ],
)
def test_a_line_is_plain_text_and_inserts(line: str, parts: tuple[object, ...]) -> None:
    assert parse_template(line) == parts


@pytest.mark.parametrize(
    ("line", "columns"), [("{", [1]), ("a { b }", [3]), ("{Owner} and {a b}", [1, 13]), ("{}", [1]), ("x {é}", [3])]
)
def test_a_stray_brace_is_refused_with_its_column(line: str, columns: list[int]) -> None:
    with pytest.raises(Refused) as caught:
        parse_template(line)

    assert [problem.where.column for problem in caught.value.problems] == columns  # type: ignore[union-attr]
    assert {problem.code for problem in caught.value.problems} == {"stray-brace"}


@given(st.text())
def test_a_text_with_its_braces_doubled_reads_as_itself(text: str) -> None:
    assert "".join(map(str, parse_template(text.replace("{", "{{")))) == text


@given(st.text(alphabet="ab_ {}\n"))
def test_every_character_belongs_to_one_piece(text: str) -> None:
    offsets = [offset for offset, _ in find_pieces(text)]

    assert offsets == sorted(set(offsets))
    assert not text or offsets[0] == 0
