"""The commands that are run most, without Typer, whose import takes five times as long as Python's own start.

Only what is plain: one of these commands, then options as they stand in SHARED and OPTIONS, each with its value behind it.
Whatever else there is, an unknown option, `--option=value`, a call for help, a number that is none, goes the usual way, which
knows what to say. Both ways run the same functions.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from careerkit.cli.asked import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Options = dict[str, Callable[[str], object] | None]
    Given = dict[str, Any]

FLAG = None
SHARED: Options = {"--journal": str, "--plain": FLAG, "--json": FLAG, "--no-color": FLAG, "--private": FLAG}


def _state(word: str) -> str:
    if word in ("open", "finished"):
        return word
    raise ValueError(word)


def _limit(word: str) -> int:
    if word.isascii() and word.isdecimal():
        return int(word)
    raise ValueError(word)


ENTRIES: Options = {
    "--limit": _limit,
    "--playbook": str,
    "--tag": str,
    "--state": _state,
    "--since": str,
    "--until": str,
    "--removed": FLAG,
    "--no-index": FLAG,
}
ANSWERED: Options = {"--answers": str, "--quick": FLAG, "--new": FLAG}


def run_quickly(arguments: Sequence[str]) -> int | None:
    """Run the command and give its exit code; None, and nothing is done, where it has to go the usual way."""
    if "_CAREERKIT_COMPLETE" in os.environ:
        return None
    match arguments:
        case ["journal", "list", *rest]:
            return _run(rest, ENTRIES, _list, takes_words=False)
        case ["journal", "search", *rest]:
            return _run(rest, ENTRIES, _search, takes_words=True)
        case [group, name, *rest] if "--answers" in rest and not group.startswith("-"):
            return _run(rest, ANSWERED, lambda *given: _answer(f"{group}/{name}", *given), takes_words=False)
    return None


def _run(
    rest: list[str], options: Options, run: Callable[[Request, Given, list[str]], int | None], *, takes_words: bool
) -> int | None:
    try:
        given, words = _read(rest, {**SHARED, **options})
    except (IndexError, KeyError, ValueError):
        return None
    if words and not takes_words:
        return None
    request = Request()
    for name in SHARED:
        if name in given:
            setattr(request, _as_name(name), given.pop(name))
    return run(request, {_as_name(option): value for option, value in given.items()}, words)


def _read(rest: list[str], known: Options) -> tuple[Given, list[str]]:
    """The options with their values, and the words beside them. An error where the usual way knows more."""
    given: Given = {}
    words: list[str] = []
    waiting = list(reversed(rest))
    while waiting:
        word = waiting.pop()
        if not word.startswith("-"):
            words.append(word)
        elif (read := known[word]) is FLAG:
            given[word] = True
        elif (value := waiting.pop()).startswith("-"):
            raise ValueError(value)
        else:
            given[word] = read(value)
    return given, words


def _as_name(option: str) -> str:
    return option[2:].replace("-", "_")


def _list(request: Request, given: Given, _: list[str]) -> int:
    from careerkit.cli.entries_shown import only_from, show_entries

    limit, indexed = given.pop("limit", 0), not given.pop("no_index", False)
    show_entries(request, only_from(**given), limit=limit, indexed=indexed)
    return 0


def _search(request: Request, given: Given, words: list[str]) -> int:
    from careerkit.cli.entries_shown import only_from, searched, show_entries

    limit, indexed = given.pop("limit", 0), not given.pop("no_index", False)
    only = only_from(**given)
    show_entries(request, only, limit=limit, indexed=indexed, search=searched(words))
    return 0


def _answer(playbook_id: str, request: Request, given: Given, _: list[str]) -> int | None:
    from pathlib import Path

    from careerkit.cli.built_in import BUILT_IN
    from careerkit.cli.going_through import go_through
    from careerkit.cli.screens import curtain
    from careerkit.cli.wiring import library

    if playbook_id.partition("/")[0] in BUILT_IN or playbook_id not in {each.id for each in library().listing()}:
        return None
    answers = Path(given["answers"])
    with curtain(request):
        quick, anew = given.get("quick", False), given.get("new", False)
        return go_through(request, playbook_id, answers=answers, quick=quick, anew=anew)
