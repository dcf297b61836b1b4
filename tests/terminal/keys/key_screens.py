"""A key screen without a terminal, whose keys are pressed by Fingers."""

from __future__ import annotations

from io import StringIO

from careerkit.terminal.editor import Editor
from careerkit.terminal.keys.frame import Sheet
from careerkit.terminal.keys.key_screen import KeyScreen
from careerkit.terminal.plain_look import PlainLook
from careerkit.terminal.stand_ins import symbols_for
from scenario import NOW


class NoTerminal(StringIO):
    """A standard input that is none: its modes can't be read, and nothing is read from it."""

    def fileno(self) -> int:
        return -1


def screen_on(fingers, *, out=None, results=None, columns=80, lines=24, encoding="utf-8", environment=None):
    screen = KeyScreen(
        stdin=NoTerminal(),
        out=out or StringIO(),
        results=results or StringIO(),
        look=PlainLook(),
        sheet=lambda: Sheet(columns, lines, symbols_for(encoding), encoding),
        color=False,
        editor=Editor(environment or {}),
        today=NOW.date,
    )
    screen._questioner.prompter = fingers
    return screen
