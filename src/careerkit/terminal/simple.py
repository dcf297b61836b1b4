"""One question of a simple type: a line, a choice, or a text of several lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from careerkit.core.playbook.model import ChoiceForm, ChoicesForm, RankForm, ScaleForm, TextForm
from careerkit.core.problem import Problem, Refused
from careerkit.core.quoted import quoted
from careerkit.core.wording import one_line
from careerkit.terminal.expected import expected
from careerkit.terminal.picks import narrowed
from careerkit.terminal.pieces import Body, Option, Options, Prompt, Remark
from careerkit.terminal.talk import Again, Edited, Talk
from careerkit.terminal.typed import read_typed, suggested

if TYPE_CHECKING:
    from careerkit.terminal.posed import Posed

Manner = Literal["whole", "part", "again"]
"""A question; a part of one; a question that has just been refused, so that what there is need not be said again."""

SO_FAR = "What you have so far. Go on; a line with only .. takes the last one back, one with only . ends:"


def ask_simple(talk: Talk, posed: Posed, lines: list[str], *, manner: Manner, checked: bool) -> object:
    """The raw answer; None where it is left out.

    `lines` is what has been typed of a text, and grows with it, so that leaving or a refusal loses nothing. `checked`: what does
    not fit is refused here.
    """
    match posed.question.form:
        case TextForm(long=True):
            return _LongText(talk, posed, lines, checked=checked).ask(manner)
    if manner != "again":
        talk.show(*options_of(posed))
    prompt = _prompt(posed, manner)
    if isinstance(posed.question.form, TextForm):
        return _ask_text(talk, posed, lines, prompt, checked=checked)
    return talk.fitting(prompt, _Take(talk, posed, checked=checked))


def options_of(posed: Posed) -> tuple[Options, ...]:
    """What there is to choose from, numbered; what was chosen before is marked."""
    match posed.question.form:
        case ChoiceForm() | ChoicesForm():
            chosen = posed.kept if isinstance(posed.kept, tuple) else (posed.kept,)
            return _options(posed, range(len(posed.choices)), frozenset(cast("tuple[str, ...]", chosen)))
        case RankForm():
            return _options(posed, range(len(posed.choices)), frozenset())
        case TextForm() if posed.suggested:
            return (Options(tuple(Option(number, name) for number, name in enumerate(posed.suggested, start=1))),)
        case ScaleForm(anchors=anchors) if anchors:
            return (Options(tuple(Option(number, label) for number, label in sorted(anchors.items()))),)
    return ()


def _prompt(posed: Posed, manner: Manner) -> Prompt:
    expects = "" if manner == "again" else expected(posed.question, len(posed.choices))
    if expects and posed.suggested:
        expects = "A name, or the number of one from before"
    return Prompt(expects, posed.enter_words(), whole=manner == "whole")


def _ask_text(talk: Talk, posed: Posed, lines: list[str], prompt: Prompt, *, checked: bool) -> object:
    while True:
        try:
            given = talk.fitting(prompt, _Take(talk, posed, checked=checked), edit=lambda: _begun(posed, lines))
        except Edited as edited:
            lines[:] = [one_line(edited.text)]
            try:
                return posed.check(lines[0]) if checked else lines[0]
            except Refused as refused:
                talk.complain(refused.problems)
        else:
            lines[:] = [given] if isinstance(given, str) else []
            return given


def _options(posed: Posed, places: list[int] | range, chosen: frozenset[str]) -> tuple[Options, ...]:
    picked = [(place + 1, posed.choices[place]) for place in places]
    return (Options(tuple(Option(number, each.label, each.hint, each.id in chosen) for number, each in picked)),)


def _begun(posed: Posed, lines: list[str]) -> str:
    """What an editor begins with."""
    return "\n".join(lines) or str(posed.kept or posed.offered or "")


class _Take:
    """What a typed line means to one question."""

    def __init__(self, talk: Talk, posed: Posed, *, checked: bool) -> None:
        self._talk = talk
        self._posed = posed
        self._checked = checked

    def __call__(self, line: str) -> object:
        if not line.strip():
            return self._posed.on_enter()
        if line.startswith("/") and self._posed.choices:
            self._narrow(line[1:])
        if isinstance(self._posed.question.form, TextForm):
            line = suggested(line, self._posed.suggested)
        raw = read_typed(self._posed.question, line, choices=self._posed.choices, today=self._posed.today)
        return self._posed.check(raw) if self._checked else raw

    def _narrow(self, word: str) -> None:
        places = narrowed(word, self._posed.choices)
        if not places:
            raise Refused(Problem("nothing-found", f"No choice has {quoted(word)} in it.", "A / alone lists them all."))
        for options in _options(self._posed, places, frozenset()):
            self._talk.show(options)
        raise Again


class _LongText:
    """Several lines, up to one that is only a full stop."""

    def __init__(self, talk: Talk, posed: Posed, lines: list[str], *, checked: bool) -> None:
        self._talk = talk
        self._posed = posed
        self._lines = lines
        self._checked = checked

    def ask(self, manner: Manner) -> object:
        if self._lines:
            self._talk.show(Remark(SO_FAR), Body("\n".join(self._lines)))
        prompt = _prompt(self._posed, manner)
        while True:
            try:
                return self._collected(prompt)
            except Refused as refused:
                self._talk.complain(refused.problems)
                prompt = Prompt(enter=prompt.enter)

    def _collected(self, prompt: Prompt) -> object:
        while True:
            try:
                line = self._talk.line(prompt, edit=self._so_far)
            except Edited as edited:
                return self._accepted(edited.text)
            prompt = Prompt(goes_on=True)
            if not self._lines and line.strip() in ("", "."):
                return self._posed.on_enter()
            if line == ".":
                return self._accepted("\n".join(self._lines))
            self._put(line)

    def _put(self, line: str) -> None:
        if line != "..":
            self._lines.append(line)
        elif self._lines:
            self._talk.show(Remark(f"Taken back: {self._lines.pop()}"))

    def _accepted(self, text: str) -> object:
        self._lines[:] = text.split("\n")
        return self._posed.check(text) if self._checked else text

    def _so_far(self) -> str:
        return _begun(self._posed, self._lines)
