"""Stories: tests of a playbook, written as answers and what must come of them. Read them, and write expectations into them.

A file of stories has one [[story]] per person. `answers` are those of an answers file. `expect` says what must come out;
what isn't in it is not compared. A [[story.checkin]] continues the story with a check-in.

The text is split into statements: a header, or a key with its value, which may span lines. Where a value ends is found by
parsing, so that quotes and brackets need no rules here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

from careerkit.core.errors import Path, Place, Problem, Refused, find_closest
from careerkit.core.frozen import frozen
from careerkit.core.text import quote_fragment
from careerkit.core.toml_reader import parse_toml
from careerkit.core.values import NOTHING

DEFAULT_START = datetime(2026, 12, 1, 9, tzinfo=UTC)
"""When a story begins that doesn't say so: a Tuesday morning."""

MAX_STORIES = 500
STORY_KEYS = ("name", "starts", "quick", "answers", "expect", "checkin")
CHECKIN_KEYS = ("id", "done", "answers", "expect")
EXPECT_KEYS = ("asked", "hidden", "found", "said", "planned", "checkins", "headline", "values")
CHECKIN_EXPECT_KEYS = ("asked", "hidden", "found", "said", "planned", "values")

Expectation = Mapping[str, Any]
"""What must come out, by EXPECT_KEYS, as it is written in the file."""

MAX_LINE_LENGTH = 110
EXPECT = "expect"

TomlPath = tuple[str, ...]


@frozen
class StoryCheckin:
    """A check-in of a story. `done` are the ids of the actions that were done by then."""

    id: str
    answers: Mapping[str, Any] = NOTHING
    done: tuple[str, ...] = ()
    expect: Expectation | None = None


@frozen
class Story:
    """`number` counts the stories of the file from 0; `where` is the place of its header. `expect` is None if it is missing."""

    name: str
    where: Place
    number: int
    starts: datetime = DEFAULT_START
    quick: bool = False
    answers: Mapping[str, Any] = NOTHING
    expect: Expectation | None = None
    checkins: tuple[StoryCheckin, ...] = ()


Locate = Callable[..., Place]
"""The place of a key of a story, by the parts of its path."""


def read_stories(
    tables: Mapping[str, Any],
    *,
    file: str,
    lines: Sequence[int] = (),
    find_place: Callable[[Path], Place] | None = None,
) -> tuple[Story, ...]:
    """The stories in the tables of a file; `lines` are those of their headers. Raises Refused with all problems.

    `find_place` gives the place of a key by its path; without it, what is wrong in a story is placed at its header.
    """
    written = tables.get("story")
    if isinstance(written, dict):
        place = find_place(("story",)) if find_place else Place(file)
        raise Refused(Problem("wrong-type", "The header of a story has two brackets.", "Write [[story]].", place))
    if not isinstance(written, list) or not written or not all(isinstance(each, dict) for each in written):
        raise Refused(Problem("no-story", "This file has no stories.", "Begin one with [[story]].", Place(file)))
    problems = list(_check_keys(tables, ("story",), _locate_below(Place(file), find_place, ()), "the file"))
    if len(written) > MAX_STORIES:
        message = f"This file has {len(written)} stories; the limit is {MAX_STORIES}."
        problems.append(Problem("too-many-stories", message, "Put some of them into another file.", Place(file)))
    stories = []
    for number, table in enumerate(written[:MAX_STORIES]):
        where = Place(file, lines[number] if number < len(lines) else 0)
        problems += _check_story(table, _locate_below(where, find_place, ("story", number)))
        if not problems:
            stories.append(_read_story(table, where, number))
    if problems:
        raise Refused(problems)
    return tuple(stories)


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


def _read_story(table: Mapping[str, Any], where: Place, number: int) -> Story:
    return Story(
        name=str(table.get("name") or f"Story {number + 1}"),
        where=where,
        number=number,
        starts=_read_start(table.get("starts")),
        quick=bool(table.get("quick")),
        answers=table.get("answers", {}),
        expect=table.get("expect"),
        checkins=tuple(
            StoryCheckin(each["id"], each.get("answers", {}), tuple(each.get("done", ())), each.get("expect"))
            for each in table.get("checkin", ())
        ),
    )


def _read_start(written: date | None) -> datetime:
    match written:
        case datetime():
            return written if written.tzinfo else written.replace(tzinfo=UTC)
        case date():
            return datetime.combine(written, time(DEFAULT_START.hour), UTC)
    return DEFAULT_START


# ------------------------------------------------------------ checking the tables


def _locate_below(where: Place, find_place: Callable[[Path], Place] | None, above: Path) -> Locate:
    """A function for the places of keys below the path `above`; all of them are `where` if they can't be found."""

    def locate(*path: str | int) -> Place:
        return find_place((*above, *path)) if find_place else where

    return locate


def _check_story(table: Mapping[str, Any], locate: Locate) -> Iterator[Problem]:
    yield from _check_keys(table, STORY_KEYS, locate, "a story")
    yield from _check_types(
        table, {"name": str, "starts": date, "quick": bool, "answers": dict, "expect": dict}, locate
    )
    yield from _check_expectation(table.get("expect"), EXPECT_KEYS, partial(locate, "expect"))
    checkins = table.get("checkin", [])
    if not isinstance(checkins, list) or not all(isinstance(each, dict) for each in checkins):
        yield Problem(
            "wrong-type", "`checkin` should be a list of tables.", "Write [[story.checkin]].", locate("checkin")
        )
        return
    for number, each in enumerate(checkins):
        inner = partial(locate, "checkin", number)
        yield from _check_keys(each, CHECKIN_KEYS, inner, "a check-in of a story")
        yield from _check_types(each, {"id": str, "done": list, "answers": dict, "expect": dict}, inner)
        yield from _check_expectation(each.get("expect"), CHECKIN_EXPECT_KEYS, partial(inner, "expect"))
        if "id" not in each:
            yield Problem("missing-key", "A check-in of a story needs an `id`.", "Name the check-in it is.", inner())


def _check_expectation(expect: object, known: Sequence[str], locate: Locate) -> Iterator[Problem]:
    if not isinstance(expect, dict):
        return
    yield from _check_keys(expect, known, locate, "`expect`")
    for key, value in expect.items():
        match key:
            case "asked" | "hidden":
                fits, wanted = _is_list_of_texts(value), 'a list of ids, such as ["reason"]'
            case "found" | "said":
                fits = _is_list_of_texts(value) or (
                    isinstance(value, dict)
                    and all(isinstance(each, str) or _is_list_of_texts(each) for each in value.values())
                )
                wanted = "a list of ids, or a table of ids with the text, or a list of what it must contain"
            case "planned" | "checkins":
                fits = _is_list_of_texts(value) or (
                    isinstance(value, dict) and all(isinstance(each, date | str) for each in value.values())
                )
                wanted = "a list of ids, or a table of ids with dates such as 2026-12-04"
            case "headline":
                fits, wanted = isinstance(value, str), "a text in quotes"
            case _:
                fits, wanted = isinstance(value, dict), "a table of ids with values"
        if key in known and not fits:
            yield Problem("wrong-type", f"`expect.{key}` should be {wanted}.", "See docs/playbooks.md.", locate(key))


def _check_keys(table: Mapping[str, Any], known: Sequence[str], locate: Locate, what: str) -> Iterator[Problem]:
    for key in table:
        if key not in known:
            near = find_closest(key, known)
            hint = f"Did you mean {near}?" if near else f"It can have: {', '.join(known)}."
            hint = "Write [[story.checkin]], below its [[story]]." if (key, what) == ("checkin", "the file") else hint
            yield Problem("unknown-key", f"{quote_fragment(key)} is not a key of {what}.", hint, locate(key))


_TYPE_NAMES: Mapping[type, str] = {
    str: "a text in quotes",
    date: "a date such as 2026-12-01, or a date with a time",
    bool: "true or false",
    dict: "a table",
    list: "a list",
}


def _check_types(table: Mapping[str, Any], types: Mapping[str, type], locate: Locate) -> Iterator[Problem]:
    for key, wanted in types.items():
        if key in table and not isinstance(table[key], wanted):
            yield Problem("wrong-type", f"`{key}` should be {_TYPE_NAMES[wanted]}.", "Change the value.", locate(key))


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


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
