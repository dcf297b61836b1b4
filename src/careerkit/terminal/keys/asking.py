"""A question that is being asked: what each key does to it, wherever it is, and with what it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.coaching.screen import AskForReview, Back, Forward, Given, Skip
from careerkit.core.frozen import frozen, replace
from careerkit.core.problem import Problem, Refused
from careerkit.terminal.commands import Command, parse_command
from careerkit.terminal.keys.frame import Head, Panel, Sheet, picture
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.line import Line, line_of
from careerkit.terminal.opening import ROOMY

if TYPE_CHECKING:
    from careerkit.terminal.keys.paper import Body
    from careerkit.terminal.keys.widget import Widget


@frozen
class Interrupt:
    """The person presses Ctrl-C."""


@frozen
class Edit:
    """The person wants their editor."""


KEYS = {
    Command.BACK: Key.BACK,
    Command.FORWARD: Key.FORWARD,
    Command.WHY: Key.WHY,
    Command.EDIT: Key.EDITOR,
    Command.SKIP: Key.PUT_OFF,
    Command.REVIEW: Key.REVIEW,
    Command.SAVE: Key.STOP,
    Command.HELP: Key.HELP,
}

TURNS: dict[Press, int] = {Key.HOME: -1, Key.END: 1}
"""Home and PgUp, End and PgDn: they turn the pages of the help while it is open, and move nothing below it."""

ALL_IS_SAVED = "Ctrl-C stop, all is saved"

FIGURES = 60
"""Characters of a paste, where no text is written, that can be figures still."""

Ending = Given | Skip | Back | Forward | AskForReview | Interrupt | Edit


@frozen
class Asking:
    """One question on the screen. `aside`: it is none of the interview, so nothing leads away from it.

    `page` is that of an open `panel`, `stop` says in the foot what Ctrl-C does. `command` is one of the plain mode while it is typed: where no text is
    written, a colon begins it.
    """

    head: Head
    widget: Widget
    troubles: tuple[Problem, ...] = ()
    panel: Panel = ""
    page: int = 0
    aside: bool = False
    stop: str = ALL_IS_SAVED
    command: Line | None = None

    def press(self, press: Press) -> Asking | Ending:
        """What `press` makes of it: the question as it stands then, or what ends it."""
        if press is Key.STOP:
            return Interrupt()
        if self.command is not None:
            return self._press_command(self.command, press)
        panel = self._panel_for(press)
        if panel is not None:
            return replace(self, panel=panel, page=0, troubles=())
        if self.panel and press in TURNS:
            return replace(self, page=self.page + TURNS[press])
        return self._by_widget(press)

    def picture(self, sheet: Sheet) -> Body:
        body = self.widget.body(sheet.paper)
        return picture(
            sheet,
            self.head,
            body,
            self._foot(roomy=sheet.width >= ROOMY),
            troubles=self.troubles,
            panel=self.panel,
            page=self.page,
            command=None if self.command is None else self.command.text,
        )

    def refused(self, problems: tuple[Problem, ...]) -> Asking:
        return replace(self, troubles=problems, panel="")

    def _panel_for(self, press: Press) -> Panel | None:
        if press is Key.HELP:
            return "" if self.panel == "keys" else "keys"
        if press is Key.WHY or (press == "?" and not self.widget.takes_text):
            return "" if self.panel == "why" else "why"
        return "" if press is Key.ESCAPE and (self.panel or self.troubles) else None

    def _by_widget(self, press: Press) -> Asking | Ending:
        if isinstance(press, str) and not self.widget.takes_text:
            if len(press) > FIGURES:
                message = f"That has {len(press):,} characters; here keys and figures do. It was not taken."
                return self.refused((Problem("too-long", message, "F2 lists the keys."),))
            if press.startswith(":"):
                return replace(self, command=line_of(press), troubles=(), panel="")
        if press in (Key.ENTER, Key.SUBMIT) and self.widget.written().startswith(":"):
            return self._by_written_command(press)
        return self._into(self.widget, press)

    def _into(self, widget: Widget, press: Press) -> Asking | Ending:
        try:
            after = widget.press(press)
        except Refused as refused:
            return self.refused(refused.problems)
        match after:
            case None:
                return self._leave(press)
            case Given() | Skip():
                return after
        return replace(self, widget=after, troubles=(), panel="")

    def _by_written_command(self, press: Press) -> Asking | Ending:
        """The commands of the plain mode do here too what their keys do; any other text is an answer, `::x` the text `:x`."""
        try:
            command = parse_command(self.widget.written())
        except Refused as refused:
            return self.refused(refused.problems)
        if isinstance(command, Command):
            return replace(self, widget=self.widget.with_written("")).press(KEYS[command])
        return self._into(self.widget.with_written(command), press)

    def _press_command(self, command: Line, press: Press) -> Asking | Ending:
        gone = replace(self, command=None, troubles=())
        if press in (Key.ENTER, Key.SUBMIT):
            try:
                parsed = parse_command(command.text)
            except Refused as refused:
                return self.refused(refused.problems)
            return gone.press(KEYS[parsed]) if isinstance(parsed, Command) else gone
        try:
            line = None if press is Key.ESCAPE else command.press(press)
        except Refused as refused:
            return self.refused(refused.problems)
        return replace(self, command=line, troubles=()) if line is not None and line.text else gone

    def _leave(self, press: Press) -> Asking | Ending:
        if press is Key.EDITOR and self.widget.text() is not None:
            return Edit()
        if not self.aside:
            match press:
                case Key.BACK:
                    return Back()
                case Key.FORWARD:
                    return Forward()
                case Key.REVIEW:
                    return AskForReview()
                case Key.PUT_OFF:
                    return Skip()
        return self

    def _foot(self, *, roomy: bool) -> tuple[str, ...]:
        own = self.widget.foot
        back = () if any(each.startswith("Shift-Tab") for each in own) else ("Shift-Tab back",)
        why = ("F1 why" if self.widget.takes_text else "? why",) if self.head.ask else ()
        review = ("Ctrl-R review",) if roomy else ()
        ways = () if self.aside else (*back, *why, *review)
        return (*own, *ways, "F2 keys", self.stop)
