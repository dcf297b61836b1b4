"""The adapter to prompt_toolkit: read keys, draw blocks of text, and handle job control. It knows nothing about questions."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from select import select
from typing import TYPE_CHECKING, Any, TextIO

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input.vt100 import Vt100Input
from prompt_toolkit.key_binding import KeyBindings, KeyPress, KeyPressEvent
from prompt_toolkit.key_binding.key_processor import KeyProcessor
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output

from careerkit.coaching.screen import EndOfInput
from careerkit.coaching.signals import defer_signals
from careerkit.terminal.keys.question_state import QuestionEnd
from careerkit.terminal.keys.widget import Key, Press
from careerkit.terminal.sanitize import count_cells

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from careerkit.terminal.keys.canvas import Block, Row
    from careerkit.terminal.keys.render import Viewport
    from careerkit.terminal.tty import TtyMode

    App = Application[QuestionEnd]

KEY_SEQUENCES: dict[Key, tuple[tuple[str, ...], ...]] = {
    Key.ENTER: (("enter",), ("c-j",)),
    Key.SUBMIT: (("escape", "enter"), ("escape", "c-j"), ("c-d",)),
    Key.BACK: (("s-tab",),),
    Key.FORWARD: (("tab",),),
    Key.WHY: (("f1",),),
    Key.HELP: (("f2",),),
    Key.REVIEW: (("c-r",),),
    Key.SKIP: (("c-o",),),
    Key.STOP: (("c-c",), ("<sigint>",)),
    Key.ESCAPE: (("escape",),),
    Key.UP: (("up",), ("c-p",)),
    Key.DOWN: (("down",), ("c-n",)),
    Key.LEFT: (("left",), ("c-b",)),
    Key.RIGHT: (("right",), ("c-f",)),
    Key.HOME: (("home",), ("c-a",), ("pageup",)),
    Key.END: (("end",), ("c-e",), ("pagedown",)),
    Key.MOVE_UP: (("escape", "up"), ("s-up",)),
    Key.MOVE_DOWN: (("escape", "down"), ("s-down",)),
    Key.DELETE: (("delete",),),
    Key.BACKSPACE: (("c-h",),),
    Key.WORD_LEFT: (("escape", "b"), ("c-left",)),
    Key.WORD_RIGHT: (("escape", "f"), ("c-right",)),
    Key.DELETE_WORD: (("c-w",),),
    Key.DELETE_LEFT: (("c-u",),),
    Key.DELETE_RIGHT: (("c-k",),),
}
"""What terminals send for each key, in prompt_toolkit's names. Ctrl-X Ctrl-E and Ctrl-Z have bindings of their own."""

PASTE_START, PASTE_END = "\x1b[200~", "\x1b[201~"
MAX_PARTIAL_END = len(PASTE_END) - 1
PASTE_THRESHOLD = 1000
"""This many characters at once are a paste, even without brackets around it."""
READ_SIZE, MAX_PASTE, PASTE_GAP_S = 65_536, 4_000_000, 0.005
"""A long paste is read in pieces of this size, up to this total, while no gap between them is longer than this."""
ESCAPE_TIMEOUT_S = 0.05
"""After this time, an Esc isn't the beginning of a longer sequence."""
COLORS = ("red", "green", "yellow", "cyan")


def create_app(
    stdin: TextIO,
    out: TextIO,
    *,
    press: Callable[[Press], QuestionEnd | None],
    render: Callable[[], Block],
    viewport: Callable[[], Viewport],
    color: bool,
    tty: TtyMode,
) -> App:
    """An application that passes each key to `press`, shows what `render` gives, and exits when `press` ends the question."""

    def size() -> Size:
        return Size(rows=viewport().lines or 24, columns=viewport().columns)

    def fragments() -> StyleAndTextTuples:
        return _to_fragments(render(), color=color)

    app: App = Application(
        layout=Layout(Window(FormattedTextControl(fragments, focusable=True), dont_extend_height=True)),
        include_default_pygments_style=False,
        erase_when_done=True,
        input=_PasteInput(stdin),
        output=Vt100_Output(out, size, term=os.environ.get("TERM"), enable_bell=False, enable_cpr=False),
        color_depth=ColorDepth.DEPTH_4_BIT if color else ColorDepth.DEPTH_1_BIT,
    )
    # This replaces prompt_toolkit's own bindings: a thousand, none of them used here, which would delay the first key.
    app.key_processor = KeyProcessor(_create_bindings(app, press, tty))
    app.ttimeoutlen = app.timeoutlen = ESCAPE_TIMEOUT_S
    return app


def run_app(app: App, tty: TtyMode) -> QuestionEnd:
    """Run until the question ends. Raises EndOfInput when the terminal is gone, and what the handlers of signals raise.

    Signals are deferred, because the event loop would swallow what their handlers raise.
    """
    with defer_signals(lambda: _stop_app(app)) as caught:

        def start() -> None:
            assert app.loop is not None, "the application is running"
            app.loop.set_exception_handler(lambda _, context: _raise_error(app, context))
            if caught:
                _stop_app(app)
            else:
                _handle_job_control(app, tty)

        try:
            return app.run(pre_run=start, handle_sigint=False, set_exception_handler=False)
        except (EOFError, OSError):
            raise EndOfInput from None


def _raise_error(app: App, context: Mapping[str, Any]) -> None:
    """Raise an error of the event loop from `run_app`. By default the loop would print it, with the answers, and continue."""
    error = context.get("exception")
    if error is not None and app.is_running and not app.is_done:
        app.exit(exception=error)


def _stop_app(app: App) -> None:
    """End the question from outside the event loop."""

    def exit_app() -> None:
        if app.is_running and not app.is_done:
            app.exit(exception=EOFError)

    if app.loop is not None:
        app.loop.call_soon_threadsafe(exit_app)


# ---------------------------------------------------------------- job control


def _handle_job_control(app: App, tty: TtyMode) -> None:
    """Until the question ends, SIGTSTP suspends careerkit, and SIGCONT paints the question again."""
    assert app.loop is not None, "the application is running"
    app.loop.add_signal_handler(signal.SIGTSTP, _suspend, app, tty)
    app.loop.add_signal_handler(signal.SIGCONT, _redraw, app)


def _suspend(app: App, tty: TtyMode) -> None:
    """Erase the question, restore the terminal and stop the whole job, until the shell continues it."""

    def stop() -> None:
        assert app.loop is not None, "the application is running"
        for number in (signal.SIGTSTP, signal.SIGCONT):
            app.loop.remove_signal_handler(number)
        tty.restore()
        os.kill(0, signal.SIGTSTP)
        tty.disable_echo()
        _handle_job_control(app, tty)

    run_in_terminal(stop)


def _redraw(app: App) -> None:
    """Paint again after a SIGSTOP, which can't be handled. What is on the screen is unknown, so nothing is erased."""
    app.input.raw_mode().__enter__()
    app.renderer.reset()
    app.invalidate()


# ---------------------------------------------------------------- output


def _to_fragments(block: Block, *, color: bool) -> StyleAndTextTuples:
    fragments: StyleAndTextTuples = []
    for number, row in enumerate(block.rows):
        styled = [(_translate_style(style) if color else "", text) for style, text in row]
        fragments += _add_cursor(styled, block.cursor[1]) if number == block.cursor[0] else styled
        fragments.append(("", "\n"))
    return fragments[:-1]


def _add_cursor(row: list[tuple[str, str]], cursor: int) -> Row:
    """The row with prompt_toolkit's marker for the cursor before the cell `cursor`."""
    marker = ("[SetCursorPosition]", "")
    used = 0
    for place, (style, text) in enumerate(row):
        wide = count_cells(text)
        if used <= cursor < used + wide:
            cut = next(place for place in range(len(text) + 1) if used + count_cells(text[:place]) >= cursor)
            return (*row[:place], (style, text[:cut]), marker, (style, text[cut:]), *row[place + 1 :])
        used += wide
    return (*row, marker)


def _translate_style(style: str) -> str:
    return " ".join(f"ansi{word}" if word in COLORS else word for word in style.split())


# ---------------------------------------------------------------- input


def _create_bindings(app: App, press: Callable[[Press], QuestionEnd | None], tty: TtyMode) -> KeyBindings:
    after_ctrl_x = False

    def handle(pressed: Press) -> None:
        nonlocal after_ctrl_x
        after_ctrl_x = False
        end = press(pressed)
        if end is not None:
            app.exit(result=end)

    def handle_key(key: Key) -> Callable[[KeyPressEvent], None]:
        return lambda event: handle(Key.EDITOR if after_ctrl_x and event.key_sequence[0].key == "c-e" else key)

    def handle_text(event: KeyPressEvent) -> None:
        last = event.key_sequence[-1]
        if last.key == Keys.BracketedPaste or not isinstance(last.key, Keys):
            handle(last.data)

    def handle_ctrl_x(_: KeyPressEvent) -> None:
        nonlocal after_ctrl_x
        after_ctrl_x = True

    bindings = KeyBindings()
    for key, sequences in KEY_SEQUENCES.items():
        for sequence in sequences:
            bindings.add(*sequence)(handle_key(key))
    bindings.add(Keys.Any)(handle_text)
    bindings.add(Keys.BracketedPaste)(handle_text)
    bindings.add("c-x")(handle_ctrl_x)
    bindings.add("c-z")(lambda _: _suspend(app, tty))
    return bindings


class _PasteInput(Vt100Input):
    """Takes a paste of any size in one piece, in time that is linear in its size (prompt_toolkit's is quadratic)."""

    def __init__(self, stdin: TextIO) -> None:
        super().__init__(stdin)
        self._pasted: list[str] | None = None
        self._tail = ""
        """The end of the paste so far, which may be the beginning of PASTE_END."""

    def read_keys(self) -> list[KeyPress]:
        data = self.stdin_reader.read(READ_SIZE)
        while len(data) >= PASTE_THRESHOLD and not self.closed and select([self.fileno()], [], [], PASTE_GAP_S)[0]:
            more = self.stdin_reader.read(READ_SIZE)
            data += more
            if not more or len(data) > MAX_PASTE:
                break
        self._feed(data)
        found, self._buffer = self._buffer, []
        return found

    def _feed(self, data: str) -> None:
        if self._pasted is None:
            before, start, data = data.partition(PASTE_START)
            if not start and len(before) >= PASTE_THRESHOLD and "\x1b" not in before:
                self._add_paste(before)
                return
            self.vt100_parser.feed(before)
            if not start:
                return
            self._pasted = []
        text, end, after = (self._tail + data).partition(PASTE_END)
        if not end:
            self._pasted.append(text[:-MAX_PARTIAL_END])
            self._tail = text[-MAX_PARTIAL_END:]
            return
        text, self._pasted, self._tail = "".join((*self._pasted, text)), None, ""
        self._add_paste(text)
        self._feed(after)

    def _add_paste(self, text: str) -> None:
        self._buffer.append(KeyPress(Keys.BracketedPaste, text))
