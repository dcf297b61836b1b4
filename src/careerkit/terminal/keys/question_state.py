"""The state of the question on screen, the effect of each key on it, and how it can end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.coaching.screen import Back, Forward, OpenReview, Skip, Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.text import to_ascii_width
from careerkit.terminal.banner import MIN_WIDE_PAGE_WIDTH
from careerkit.terminal.input.key_codes import Key, Press
from careerkit.terminal.keys.line_input import EditBuffer, LineInput, create_buffer
from careerkit.terminal.keys.render import Header, Panel, Viewport, render_question
from careerkit.terminal.lines.commands import LineCommand, parse_command

if TYPE_CHECKING:
    from careerkit.terminal.keys.canvas import Block
    from careerkit.terminal.keys.widget import Widget


@frozen
class Interrupt:
    """The person pressed Ctrl-C."""


@frozen
class OpenEditor:
    """The person asked for their editor."""


QuestionEnd = Submit | Skip | Back | Forward | OpenReview | Interrupt | OpenEditor

COMMAND_KEYS = {
    LineCommand.BACK: Key.BACK,
    LineCommand.FORWARD: Key.FORWARD,
    LineCommand.WHY: Key.WHY,
    LineCommand.EDIT: Key.EDITOR,
    LineCommand.SKIP: Key.SKIP,
    LineCommand.REVIEW: Key.REVIEW,
    LineCommand.SAVE: Key.STOP,
    LineCommand.HELP: Key.HELP,
}
PAGE_KEYS: dict[Press, int] = {Key.HOME: -1, Key.END: 1}
"""Home and PgUp, End and PgDn. While a panel is open, they turn its pages and don't reach the widget."""
STOP_HINT = "Ctrl-C stop and save"
UNSAVED_STOP_HINT = "Ctrl-C stop"
MAX_KEY_PASTE = 60
"""Characters. A longer paste isn't passed to a widget that takes no text; a shorter one may be a number."""
MAX_UNDO = 100
"""Changes that can be undone."""
MOVING_KEYS = frozenset((
    Key.UP, Key.DOWN, Key.LEFT, Key.RIGHT, Key.HOME, Key.END, Key.WORD_LEFT, Key.WORD_RIGHT, Key.BACK, Key.FORWARD,
))  # fmt: skip


@frozen
class QuestionState:
    """One question on the screen, as a value.

    `aside`: it isn't part of the interview, so it offers no way to other questions. `page` is the page of the open
    `panel`. `stop_hint` is the key hint for Ctrl-C. `command` is a typed command (`:back`) that isn't complete yet; where
    no text is typed, a colon starts one. `undo` has the widgets before the last changes, the latest last; `typed` is the
    last character, if it belongs to a word that is undone as a whole.
    """

    header: Header
    widget: Widget
    problems: tuple[Problem, ...] = ()
    panel: Panel = ""
    page: int = 0
    aside: bool = False
    stop_hint: str = STOP_HINT
    command: EditBuffer | None = None
    undo: tuple[Widget, ...] = ()
    typed: str = ""

    def press(self, press: Press) -> QuestionState | QuestionEnd:
        """The state after `press`, or how the question ends. Problems are shown, not raised."""
        if press is Key.STOP:
            return Interrupt()
        if self.command is not None:
            return self._press_in_command(self.command, press)
        if press is Key.UNDO:
            return self._undo_change()
        if isinstance(press, str) and not self.widget.takes_text:
            press = to_ascii_width(press)
        panel = self._panel_after(press)
        if panel is not None:
            return replace(self, panel=panel, page=0, problems=())
        if self.panel and press in PAGE_KEYS:
            return replace(self, page=self.page + PAGE_KEYS[press])
        return self._press_in_widget(press)

    def render(self, viewport: Viewport) -> Block:
        widget, canvas = self.widget, viewport.canvas
        if self.problems and isinstance(widget, LineInput):
            body = widget.view_beside(self.problems, canvas)
        else:
            body = widget.view(canvas)
        return render_question(
            viewport,
            self.header,
            body,
            self._key_hints(wide=viewport.width >= MIN_WIDE_PAGE_WIDTH),
            problems=self.problems,
            panel=self.panel,
            page=self.page,
            command=self.command,
            saves=self.stop_hint != UNSAVED_STOP_HINT,
        )

    def with_problems(self, problems: tuple[Problem, ...]) -> QuestionState:
        return replace(self, problems=problems, panel="")

    def _panel_after(self, press: Press) -> Panel | None:
        """The panel that `press` opens, "" if it closes one; None where it does neither."""
        if press is Key.HELP:
            return "" if self.panel == "keys" else "keys"
        if press is Key.WHY or (press == "?" and not self.widget.takes_text):
            return "" if self.panel == "why" else "why"
        return "" if press is Key.ESCAPE and (self.panel or self.problems) else None

    def _press_in_widget(self, press: Press) -> QuestionState | QuestionEnd:
        if isinstance(press, str) and not self.widget.takes_text:
            if len(press) > MAX_KEY_PASTE:
                message = f"That has {len(press):,} characters, but this takes only keys and numbers. It was ignored."
                return self.with_problems((Problem("too-long", message, "F2 lists the keys."),))
            if press.startswith(":"):
                return replace(self, command=create_buffer(press), problems=(), panel="")
        if press in (Key.ENTER, Key.SUBMIT) and self.widget.input_line().startswith((":", "：")):
            return self._submit_command(press)
        return self._update_widget(self.widget, press)

    def _update_widget(self, widget: Widget, press: Press) -> QuestionState | QuestionEnd:
        try:
            after = widget.press(press)
        except Refused as refused:
            return self.with_problems(refused.problems)
        match after:
            case None:
                return self._navigate(press)
            case Submit() | Skip():
                return after
        changed = self._remember(press) if _is_change(press, widget, after) else replace(self, typed="")
        return replace(changed, widget=after, problems=(), panel="")

    def _remember(self, press: Press) -> QuestionState:
        """With the widget as it is, so that the change that `press` makes can be undone. A typed word counts as one."""
        if not isinstance(press, str) or len(press) > 1 or not self.widget.takes_text:
            return replace(self, undo=(*self.undo, self.widget)[-MAX_UNDO:], typed="")
        continues = self.typed and (press.isspace() or not self.typed.isspace())
        undo = self.undo if continues else (*self.undo, self.widget)[-MAX_UNDO:]
        return replace(self, undo=undo, typed=press)

    def _undo_change(self) -> QuestionState:
        if not self.undo:
            return replace(self, typed="")
        return replace(self, widget=self.undo[-1], undo=self.undo[:-1], typed="", problems=(), panel="")

    def _submit_command(self, press: Press) -> QuestionState | QuestionEnd:
        """Run a command that was typed as an answer. Any other text is an answer; `::x` stands for the text `:x`."""
        typed = self.widget.input_line()
        try:
            command = parse_command(typed)
        except Refused as refused:
            return self.with_problems(refused.problems)
        if command == typed:  # a text, with the cursor wherever it is
            return self._update_widget(self.widget, press)
        if isinstance(command, LineCommand):
            return replace(self, widget=self.widget.with_input_line("")).press(COMMAND_KEYS[command])
        return self._update_widget(self.widget.with_input_line(command), press)

    def _press_in_command(self, command: EditBuffer, press: Press) -> QuestionState | QuestionEnd:
        closed = replace(self, command=None, problems=())
        try:
            if press in (Key.ENTER, Key.SUBMIT):
                parsed = parse_command(command.text)
                return closed.press(COMMAND_KEYS[parsed]) if isinstance(parsed, LineCommand) else closed
            buffer = None if press is Key.ESCAPE else command.press(press)
        except Refused as refused:
            return self.with_problems(refused.problems)
        return replace(self, command=buffer, problems=()) if buffer is not None and buffer.text else closed

    def _navigate(self, press: Press) -> QuestionState | QuestionEnd:
        if press is Key.EDITOR and self.widget.editor_text() is not None:
            return OpenEditor()
        if not self.aside:
            match press:
                case Key.BACK:
                    return Back()
                case Key.FORWARD:
                    return Forward()
                case Key.REVIEW:
                    return OpenReview()
                case Key.SKIP:
                    return Skip()
        return self

    def _key_hints(self, *, wide: bool) -> tuple[str, ...]:
        hints = self.widget.key_hints
        if not self.aside:
            back = () if any(each.startswith("Shift-Tab") for each in hints) else ("Shift-Tab back",)
            why = ("F1 why" if self.widget.takes_text else "? why",) if self.header.ask else ()
            hints = (*hints, *back, *why, *(("Ctrl-R review",) if wide else ()))
        return (*hints, "F2 keys", self.stop_hint)


def _is_change(press: Press, before: Widget, after: Widget) -> bool:
    """Did `press` change more than the position of the cursor?"""
    if press in MOVING_KEYS or (press in ("h", "j", "k", "l") and not before.takes_text):
        return before.editor_text() != after.editor_text()
    return after != before
