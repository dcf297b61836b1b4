"""Stories: tests of a playbook, written as answers and what must come of them.

A file of stories has one [[story]] per person. `answers` are those of an answers file. `expect` says what must come out;
what isn't in it is not compared. A [[story.checkin]] continues the story with a check-in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

from careerkit.core.errors import Path, Place, Problem, Refused, find_closest
from careerkit.core.frozen import frozen
from careerkit.core.text import quote_fragment
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
