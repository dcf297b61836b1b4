"""The places of keys and values in TOML text, checked against what tomllib reads there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from playbook_samples import WHOLE

from careerkit.core.errors import Path
from careerkit.core.playbook.diagnostics import ScanError, SourceMap, TooDeepError, scan

TRICKY = """\
# a comment with "quotes" and [brackets]
a = 1 # = 2
"b c".d = 'x' # dotted, quoted
e.f . g = [ 1, # one
  [ 2, 3 ], { h = 4, i.j = "}]" }, ] # end
k = \"\"\"
first \\
   joined \\u00e9 \\"\\"\\" and ""
last\"\"\"
l = '''
raw \\n # no comment
'''
m = \"\"\"quoted\"\"\"\"
n = ''
o = 1979-05-27 07:32:00Z
p = -inf

  [ q . r ]
x = 07:32:00
[[q.s]]
y = { }
[[q.s]]
y = []
[q.s.t]
z = "\\U0001F600é\\t"
[u]
"""


def paths(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if path:
        yield path, value
    match value:
        case dict():
            for key, each in value.items():
                yield from paths(each, (*path, key))
        case list():
            for number, each in enumerate(value):
                yield from paths(each, (*path, number))


def assert_every_path_is_known(text: str) -> None:
    read = tomllib.loads(text)
    positions = scan(text, "f")
    for path, value in paths(read):
        assert path in positions, path
        if isinstance(value, str | int | float | date | datetime | time):
            assert same(tomllib.loads(f"v = {positions.source(path)}")["v"], value), path
            assert text_from(text, positions.value(path)).startswith(positions.source(path))
        if isinstance(path[-1], str) and not isinstance(value, dict):
            key = text_from(text, positions.key(path))
            assert key.startswith((path[-1], '"', "'", "[")), (path, key[:20])


def same(one: Any, other: Any) -> bool:
    return one == other or (one != one and other != other)  # noqa: PLR0124 - not a number equals nothing


def text_from(text: str, place: Any) -> str:
    lines = text.split("\n")
    return "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])


characters = st.characters(codec="utf-8", exclude_categories=("Cs",))
texts = st.text(characters, max_size=12)
scalars = st.one_of(
    texts, st.integers(-99, 99), st.booleans(), st.floats(), st.dates(), st.times(), st.datetimes(timezones=st.none())
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=12
)


@given(st.dictionaries(texts, values, max_size=5), st.booleans())
def test_every_value_of_a_generated_document_is_found(document: dict[str, Any], multiline: bool) -> None:
    text = tomli_w.dumps(document, multiline_strings=multiline)

    assert_every_path_is_known(text.replace("\r\n", "\n"))


@pytest.mark.parametrize("text", [TRICKY, WHOLE])
def test_every_value_of_a_hand_written_document_is_found(text: str) -> None:
    assert_every_path_is_known(text)


@given(st.lists(st.tuples(st.sampled_from([
    ("\\n", "\n"), ("\\t", "\t"), ("\\\\", "\\"), ('\\"', '"'), ("\\u00e9", "é"), ("\\U0001F600", "\U0001f600"),
    ("\\\n   ", ""), ("\\ \t\n\n ", ""), ("\n", "\n"), ('""', '""'), ("x", "x"), ("é", "é"), ("'''", "'''"),
]))))  # fmt: skip
def test_every_character_of_a_multiline_string_is_found(parts: list[tuple[tuple[str, str]]]) -> None:
    written = [part for (part,) in parts]
    text = 'a = """\n' + "".join(raw + "." for raw, _ in written) + '"""\n'
    decoded = tomllib.loads(text)["a"]
    positions = scan(text, "f")

    # each part is followed by a dot; look up the place of every dot
    offsets = [offset for offset, char in enumerate(decoded) if char == "."]
    places = [positions.inside(("a",), offset) for offset in offsets]

    assert all(text_from(text, place).startswith(".") for place in places)
    assert len(set(places)) == len(written)


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ('a = "xyz"', 0, "1:6"),
        ('a = "xyz"', 3, "1:9"),
        ('a = "xyz"', 99, "1:10"),
        ("a = 'xyz'", 1, "1:7"),
        ('a = "\\u00e9y"', 1, "1:12"),
        ('a = """\nxyz"""', 0, "2:1"),
        ('a = """x\\\n  \n  yz"""', 1, "3:3"),
        ("a = '''\nx\nyz'''", 2, "3:1"),
        ("a = 3", 1, "1:5"),
    ],
)
def test_a_place_inside_a_string_accounts_for_escapes(text: str, offset: int, expected: str) -> None:
    assert str(scan(text, "f").inside(("a",), offset)) == f"f:{expected}"


def test_a_missing_path_has_the_place_of_its_table() -> None:
    positions = scan("x = 1\n\n[[a]]\nb = 2\n", "f")

    assert str(positions.value(("a", 0, "c", 3))) == "f:3:1"
    assert str(positions.inside(("a", 0, "c"), 5)) == "f:3:1"
    assert str(positions.key(("z",))) == "f:1:1"


def test_a_table_has_the_place_of_its_header() -> None:
    positions = scan("[a.b]\n[[c]]\n[[c]]\n[[c.d]]\n", "f")

    assert str(positions.key(("a", "b"))) == "f:1:4"
    assert str(positions.value(("c", 1))) == "f:3:1"
    assert str(positions.value(("c", 1, "d", 0))) == "f:4:1"


@pytest.mark.parametrize("text", ["a = ", "= 3", "a 3", 'a = "x', "[a", "a = [ 'b' 2 ]", "a = [ 1,, 2 ]", "é = 1"])
def test_invalid_toml_raises_scan_error(text: str) -> None:
    with pytest.raises(ScanError):
        scan(text, "f")


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 9999, ".".join("a" * 9999) + " = 1", "x = " + "{ a = " * 9999, "[" + ".".join("a" * 9999) + "]"],
)
def test_excessive_nesting_ends_the_scan_early(text: str) -> None:
    with pytest.raises(TooDeepError) as caught:
        scan(text, "f")

    assert caught.value.offset < 400


def test_a_place_on_the_last_line_is_found() -> None:
    assert str(SourceMap("a\nb", {}, "f").at(3)) == "f:2:2"
