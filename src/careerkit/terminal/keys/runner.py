"""Run one question after another on the terminal. prompt_toolkit is imported while the first question is on screen already."""

from __future__ import annotations

import gc
import sys
import time
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import TYPE_CHECKING, Any

from careerkit.coaching.ports import Submit, discard_draft
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import replace
from careerkit.core.text import is_blank
from careerkit.terminal.keys.key_codes import Key
from careerkit.terminal.keys.question_state import Interrupt, OpenEditor, QuestionEnd, QuestionState
from careerkit.terminal.keys.widget import format_ansi
from careerkit.terminal.sanitize import count_cells
from careerkit.terminal.tty import TtyMode, reset_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from prompt_toolkit.application import Application

    from careerkit.coaching.ports import SaveDraft
    from careerkit.terminal.editor import Editor
    from careerkit.terminal.keys.key_codes import Press
    from careerkit.terminal.keys.question_state import Viewport
    from careerkit.terminal.keys.widget import Block, Widget


WIDTH_PROBE = "\r{}\x1b[6n\r\x1b[K"
"""Draws a symbol at the beginning of the line, asks the terminal where the cursor is now, and erases it again."""
COLUMN_AFTER_NARROW_SYMBOL = 2
MAX_REPORT_DELAY_S = 1.0
"""A terminal that hasn't answered the probe by then never will."""
WIDE_SYMBOLS = Problem(
    "wide-symbols",
    "This terminal draws symbols such as ❯ two cells wide, which shifts what is next to them.",
    "To see plain ones from the next start on, type in the shell: careerkit config set ascii true",
)


class PromptRunner:
    """Shows questions and hands them the keys pressed. Keys typed ahead go from one question to the next.

    `drafts` are the widgets of unanswered questions, by question id. `state` is the question on screen, or the last one.
    """

    def __init__(
        self, stdin: TextIO, out: TextIO, *, viewport: Callable[[], Viewport], color: bool, editor: Editor
    ) -> None:
        self.tty = TtyMode(stdin)
        self.drafts: dict[str, Widget] = {}
        self.state: QuestionState
        self._stdin = stdin
        self._out = out
        self._viewport = viewport
        self._color = color
        self._editor = editor
        self._save: SaveDraft = discard_draft
        self._app: Application[QuestionEnd] | None = None
        self._probed_at: float | None = None
        """When the terminal was asked for the width of a symbol; None once it has answered."""

    def ask(self, state: QuestionState, *, draft_id: str = "", save: SaveDraft = discard_draft) -> QuestionEnd:
        """Ask until the question is answered or left; never gives Interrupt or OpenEditor.

        The draft goes to `save` after each key that completes a part of the answer, and when the question is left. With
        a `draft_id` it also stays in `drafts`. Raises KeyboardInterrupt for Ctrl-C, EndOfInput when the terminal is
        gone, and what the handler of a signal raises.
        """
        self.state, self._save = state, save
        end: QuestionEnd | None = None
        try:
            while end is None:
                match self._run():
                    case Interrupt():
                        self._discard_late_report()
                        self.tty.restore()
                        raise KeyboardInterrupt
                    case OpenEditor():
                        self.state = self._edit(self.state)
                    case reply:
                        end = reply
        finally:
            self._editor.close()
            if draft_id:
                self.drafts[draft_id] = self.state.widget
                if not isinstance(end, Submit):
                    with suppress(Refused):  # the session tries to save again when it ends
                        save(self.state.widget.draft())
        return end

    def press(self, press: Press) -> QuestionEnd | None:
        """Pass a key to the question. Returns how the question ends, or None if it doesn't."""
        if press is Key.ENTER and self._take_from_editor():
            return None
        after = self.state.press(press)
        if not isinstance(after, QuestionState):
            return after
        self.state = after
        if not isinstance(press, str) or len(press) > 1:  # a key or a paste completes a part, a character doesn't
            try:
                self._save(after.widget.draft())
            except Refused as refused:
                self.state = after.with_problems(refused.problems)
        return None

    def _take_from_editor(self) -> bool:
        """Show what was saved in an editor that had ended at once. Was there anything?"""
        try:
            text = self._editor.take_saved()
        except Refused as refused:
            self.state = self.state.with_problems(refused.problems)
            return True
        if text is None or not text.strip():
            return False
        self.state = replace(self.state, widget=self.state.widget.with_editor_text(text), problems=())
        return True

    def discard_typed(self) -> None:
        """Drop the keys that were typed ahead, so that the next question gets only those pressed after it was painted."""
        if self._app is not None:
            from careerkit.terminal.keys.ptk_app import discard_typed  # loaded already

            discard_typed(self._app)
        self.tty.discard_input()

    def read_keys(self) -> QuestionEnd:
        """Read keys and pass them to `press` until one of them ends the question."""
        if self._app is None:
            self._app = self._create_app()
        from careerkit.terminal.keys.ptk_app import run_app

        return run_app(self._app, self.tty)

    def _run(self) -> QuestionEnd:
        self.tty.disable_echo()
        try:
            return self.read_keys()
        except BaseException:
            reset_terminal(self._out)
            self._discard_late_report()
            self.tty.restore()
            raise

    def _create_app(self) -> Application[QuestionEnd]:
        """The prompt_toolkit application. Importing it takes a while, so the first question is drawn beforehand."""
        rows = self._render().rows
        self._probe_width()
        self._write(format_ansi(rows, color=self._color).rstrip("\n"))
        with _skip_unused_imports():
            from careerkit.terminal.keys.ptk_app import create_app

        app = create_app(
            self._stdin,
            self._out,
            press=self.press,
            render=self._render,
            viewport=self._viewport,
            color=self._color,
            tty=self.tty,
            on_cursor_report=self._take_cursor_report,
        )
        self._write((f"\x1b[{len(rows) - 1}A" if len(rows) > 1 else "") + "\r\x1b[J")
        return app

    # ------------------------------------------------------------ the width of symbols

    def _probe_width(self) -> None:
        """Find out whether the terminal draws symbols two cells wide. It answers while prompt_toolkit is imported."""
        symbol = self._viewport().symbols.prompt
        if not symbol.isascii():
            self._probed_at = time.monotonic()  # before it is asked: Ctrl-C may come at once
            self._write(WIDTH_PROBE.format(symbol))

    def _take_cursor_report(self, row: int, column: int) -> None:
        del row
        if self._probed_at is not None and column > COLUMN_AFTER_NARROW_SYMBOL:
            self.state = self.state.with_problems((WIDE_SYMBOLS,))
        self._probed_at = None

    def _discard_late_report(self) -> None:
        """Keep the answer to the probe out of the shell, if the person leaves before it has come."""
        if self._probed_at is not None and time.monotonic() - self._probed_at < MAX_REPORT_DELAY_S:
            self.tty.discard_report()
        self._probed_at = None

    def _render(self) -> Block:
        return self.state.render(self._viewport())

    def _edit(self, state: QuestionState) -> QuestionState:
        before = state.widget.editor_text() or ""
        self.tty.restore()
        try:
            text = self._editor.edit(before)
        except Refused as refused:
            return state.with_problems(tuple(_replace_command_hint(each) for each in refused.problems))
        finally:
            self.tty.disable_echo()
        if is_blank(text):
            return state.with_problems(
                (Problem("empty", "The editor saved an empty file; your text is unchanged.", ""),)
            )
        return replace(state, widget=state.widget.with_editor_text(text), problems=())

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


@contextmanager
def _skip_unused_imports() -> Iterator[None]:
    """Replace ssl and wcwidth, and collect no garbage, while prompt_toolkit is imported. cli/startup.py says what this saves.

    asyncio works without ssl. prompt_toolkit uses only one function of wcwidth, and `count_cells` does the same.
    """
    wcwidth: Any = ModuleType("wcwidth")
    wcwidth.wcwidth = count_cells
    skipped: dict[str, Any] = {"wcwidth": wcwidth, "ssl": None}  # None: as if this Python had none
    before = {name: sys.modules[name] for name in skipped if name in sys.modules}
    sys.modules.update({**skipped, **before})
    was_collecting = gc.isenabled()
    gc.disable()  # an import creates hardly any garbage
    try:
        yield
    finally:
        for name in skipped.keys() - before.keys():
            del sys.modules[name]
        if was_collecting:
            gc.freeze()  # what was imported stays, so no later collection has to look at it
            gc.enable()


def _replace_command_hint(problem: Problem) -> Problem:
    return replace(problem, hint=problem.hint.replace("Type :edit", "Press Ctrl-X Ctrl-E"))
