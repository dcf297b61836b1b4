"""The first screen line by line: everything numbered through, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.core.playbook.model import Choice
from careerkit.core.problem import Problem, Refused
from careerkit.core.quoted import quoted
from careerkit.terminal.home_rows import ASK, WHY, HomePart, HomeRow, home_parts
from careerkit.terminal.picks import narrowed, pick_one
from careerkit.terminal.pieces import Option, Options, PartHead, Prompt, Remark, Why
from careerkit.terminal.talk import Again

if TYPE_CHECKING:
    from careerkit.coaching.home import Home, HomeReply
    from careerkit.terminal.talk import Talk

PROMPT = Prompt("A number, or / and a word to narrow the list", "leaves")


def talk_home(talk: Talk, home: Home) -> HomeReply:
    """What the person wants, or None where they leave."""
    talk.why = Why(WHY)
    parts = home_parts(home)
    talk.show(PartHead(f"careerkit. {ASK}", opens=True))
    _show(talk, parts, [row for part in parts for row in part.rows])
    return talk.fitting(PROMPT, _Take(talk, parts))


def _show(talk: Talk, parts: tuple[HomePart, ...], wanted: list[HomeRow]) -> None:
    """The rows that are wanted, each with the number that it has among all."""
    number = 0
    for part in parts:
        options: list[Option] = []
        for row in part.rows:
            number += 1
            if row in wanted:
                options.append(Option(number, row.label, f"{row.aside[:1].upper()}{row.aside[1:]}. {row.about}"))
        if options:
            talk.show(PartHead(part.heading, opens=True), Options(tuple(options)))
            talk.show(*([Remark(part.more)] if part.more else []))


class _Take:
    """What a typed line means here."""

    def __init__(self, talk: Talk, parts: tuple[HomePart, ...]) -> None:
        self._talk = talk
        self._parts = parts
        self._rows = [row for part in parts for row in part.rows]
        self._choices = [
            Choice(row.command.removeprefix("careerkit "), row.label, f"{row.aside} {row.about}") for row in self._rows
        ]

    def __call__(self, line: str) -> HomeReply:
        if not line.strip():
            return None
        if line.startswith("/"):
            self._narrow(line[1:])
        wanted = pick_one(line, self._choices)
        return next(row.reply for row, choice in zip(self._rows, self._choices, strict=True) if choice.id == wanted)

    def _narrow(self, word: str) -> None:
        places = narrowed(word, self._choices)
        if not places:
            raise Refused(Problem("nothing-found", f"Nothing has {quoted(word)} in it.", "/ alone shows all."))
        _show(self._talk, self._parts, [self._rows[place] for place in places])
        raise Again
