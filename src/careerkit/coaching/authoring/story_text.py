"""Write expectations into a file of stories, leaving comments, order and everything else as they are.

The text is split into statements: a header, or a key with its value, which may span lines. Where a value ends is found by
parsing, so that quotes and brackets need no rules here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from careerkit.core.errors import Place, Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.toml_reader import parse_toml

MAX_LINE_LENGTH = 110
EXPECT = "expect"

TomlPath = tuple[str, ...]


@frozen
class Statement:
    """Lines `first` to `end` of the text, counted from 0; `end` is not included.

    `path` is the full path of the key or, if `is_header`, of the table. `story` and `checkin` count [[story]] and, in it,
    [[story.checkin]]; -1 before the first.
    """

    first: int
    end: int
    path: TomlPath
    is_header: bool
    story: int
    checkin: int


def find_story_lines(text: str) -> tuple[int, ...]:
    """The line numbers of the [[story]] headers, from 1."""
    return tuple(each.first + 1 for each in split_statements(text) if each.is_header and each.path == ("story",))


def write_expectation(
    text: str, *, story: int, checkin: int = -1, changes: Mapping[str, Any], file: str = "", line: int = 0
) -> str:
    """The text with these values of `expect`, by key, in a story or in one of its check-ins.

    A value is a list, a text, a date or a table of such. What `expect` has under the same key is replaced. Raises Refused
    if it is written in a way that can't be changed here, such as `expect = { ... }` on one line.
    """
    for key, value in changes.items():
        text = _write_key(text, (story, checkin), key, value, Place(file, line))
    return text


def split_statements(text: str) -> tuple[Statement, ...]:
    """The headers and keys of a valid TOML text, in order."""
    return tuple(_split(text.split("\n")))


def _split(lines: Sequence[str]) -> Iterator[Statement]:
    at, story, checkin = 0, -1, -1
    header: TomlPath = ()
    while at < len(lines):
        line = lines[at].strip()
        if not line or line.startswith("#"):
            at += 1
            continue
        if line.startswith("["):
            header, is_list = _read_header(line)
            if header == ("story",) and is_list:
                story, checkin = story + 1, -1
            elif header == ("story", "checkin") and is_list:
                checkin += 1
            yield Statement(at, at + 1, header, is_header=True, story=story, checkin=checkin)
            at += 1
            continue
        end = _find_end(lines, at)
        yield Statement(at, end, (*header, *_read_key(line)), is_header=False, story=story, checkin=checkin)
        at = end


def _find_end(lines: Sequence[str], at: int) -> int:
    """The line after the value that begins in line `at`."""
    for end in range(at + 1, len(lines) + 1):
        try:
            parse_toml("\n".join(lines[at:end]))
        except ValueError:
            continue
        return end
    return len(lines)


def _read_header(line: str) -> tuple[TomlPath, bool]:
    found = re.match(r"(\[\[?)([^\]]*)\]", line)
    path = found.group(2) if found else ""
    return tuple(part.strip().strip("\"'") for part in path.split(".")), bool(found and found.group(1) == "[[")


def _read_key(line: str) -> TomlPath:
    return tuple(part.strip().strip("\"'") for part in line.partition("=")[0].split("."))


def _write_key(text: str, part: tuple[int, int], key: str, value: Any, where: Place) -> str:
    lines = text.split("\n")
    base: TomlPath = ("story", "checkin") if part[1] >= 0 else ("story",)
    own = [each for each in split_statements(text) if (each.story, each.checkin) == part]
    inner = [each for each in own if not each.is_header]
    if any(each.path in ((*base, EXPECT), (*base, "checkin")) for each in inner):
        message = f"`{EXPECT} = {{ ... }}` on one line can't be rewritten."
        raise Refused(Problem("not-rewritten", message, f"Write it as [{'.'.join((*base, EXPECT))}].", where))
    target = (*base, EXPECT, key)
    old = [each for each in own if each.path[: len(target)] == target]
    at, header = _find_place(own, base, old)
    entries = list(_list_entries(target, value))
    new = [f"{'.'.join(path[len(header) :])} = {format_value(each)}" for path, each in entries]
    if header == base:  # there is no table for it yet
        new = ["", f"[{'.'.join((*base, EXPECT))}]", *(line.removeprefix(f"{EXPECT}.") for line in new)]
    removed = {number for each in old for number in range(each.first, each.end)}
    kept = [(number, line) for number, line in enumerate(lines) if number not in removed]
    before = [line for number, line in kept if number < at]
    return "\n".join([*before, *new, *(line for number, line in kept if number >= at)])


def _find_place(own: Sequence[Statement], base: TomlPath, old: Sequence[Statement]) -> tuple[int, TomlPath]:
    """The line to insert a value of `expect` at, and the table that it is in there: `base` if it needs a header."""
    table = (*base, EXPECT)
    headers = [each for each in own if each.is_header]
    if old and not old[0].is_header:
        before = [each for each in headers if each.first < old[0].first]
        return old[0].first, before[-1].path
    for position, each in enumerate(own):
        if each.is_header and each.path == table:
            following = own[position + 1 :]
            inside = [each.end]
            for statement in following:
                if statement.is_header:
                    break
                inside.append(statement.end)
            return inside[-1], table
    last = [each for each in own if each.path[: len(table)] != table]
    return last[-1].end, base


def _list_entries(path: TomlPath, value: Any) -> Iterator[tuple[TomlPath, Any]]:
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield (*path, name), each
    else:
        yield path, value


def format_value(value: Any) -> str:
    """A value as TOML: texts with line breaks in triple quotes, long lists over several lines."""
    match value:
        case bool():
            return str(value).lower()
        case date():
            return value.isoformat()
        case str() if "\n" in value:
            return '"""\n' + _escape(value, keep_breaks=True).replace('"""', '""\\"') + '"""'
        case str():
            return '"' + _escape(value).replace('"', '\\"') + '"'
        case Mapping():
            return "{}" if not value else "{ " + ", ".join(f"{k} = {format_value(v)}" for k, v in value.items()) + " }"
        case list() | tuple():
            entries = [format_value(each) for each in value]
            short = f"[{', '.join(entries)}]"
            if len(short) <= MAX_LINE_LENGTH:
                return short
            return "[\n" + "".join(f"  {row}\n" for row in _fill_rows(entries)) + "]"
    return str(value)


def _fill_rows(entries: Sequence[str]) -> list[str]:
    """The entries, each with a comma, in as few rows as fit."""
    rows = [""]
    for each in entries:
        if rows[-1] and len(rows[-1]) + len(each) + 2 > MAX_LINE_LENGTH:
            rows.append("")
        rows[-1] += f"{' ' * bool(rows[-1])}{each},"
    return rows


def _escape(text: str, *, keep_breaks: bool = False) -> str:
    kept = "\n" if keep_breaks else ""
    return "".join(_escape_char(each) if each not in kept else each for each in text)


def _escape_char(char: str) -> str:
    if char == "\\":
        return "\\\\"
    return char if char.isprintable() else f"\\U{ord(char):08x}"
