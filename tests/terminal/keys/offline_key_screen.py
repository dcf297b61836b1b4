"""A key screen without a terminal, driven by ScriptedPresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any

from careerkit.terminal.editor import Editor
from careerkit.terminal.keys.key_screen import KeyScreen
from careerkit.terminal.keys.question_state import Viewport
from careerkit.terminal.keys.runner import PromptRunner
from careerkit.terminal.plain_renderer import PlainRenderer
from careerkit.terminal.sanitize import choose_symbols
from scenario import NOW


class ScriptedRunner(PromptRunner):
    """Reads keys from ScriptedPresses in place of a terminal."""

    def __init__(self, presses: Any, *, out: StringIO, viewport: Callable[[], Viewport], editor: Editor) -> None:
        super().__init__(NonTerminalInput(), out, viewport=viewport, color=False, editor=editor)
        self._presses = presses

    def read_keys(self) -> Any:
        return self._presses.press_all(self)


class NonTerminalInput(StringIO):
    """A standard input that isn't a terminal: its modes can't be read, and nothing is read from it."""

    def fileno(self) -> int:
        return -1


def make_key_screen(
    presses: Any,
    *,
    out: StringIO | None = None,
    results: StringIO | None = None,
    columns: int = 80,
    lines: int = 24,
    encoding: str = "utf-8",
    environment: Mapping[str, str] | None = None,
) -> KeyScreen:
    def viewport() -> Viewport:
        return Viewport(columns, lines, choose_symbols(encoding), encoding)

    out = out or StringIO()
    return KeyScreen(
        runner=ScriptedRunner(presses, out=out, viewport=viewport, editor=Editor(environment or {})),
        out=out,
        results=results or StringIO(),
        look=PlainRenderer(),
        viewport=viewport,
        color=False,
        today=NOW.date,
    )
