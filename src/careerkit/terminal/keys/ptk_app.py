"""The adapter to prompt_toolkit: read keys, draw blocks of text, and handle job control. It knows nothing about questions."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from select import select
from typing import TYPE_CHECKING, Any, TextIO, cast

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input.typeahead import clear_typeahead
from prompt_toolkit.input.vt100 import Vt100Input
from prompt_toolkit.key_binding import KeyPress
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output

from careerkit.coaching.ports import EndOfInput
from careerkit.coaching.signals import defer_signals
from careerkit.terminal.keys.input_parser import PASTE_THRESHOLD, InputParser
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.keys.question_state import QuestionEnd
from careerkit.terminal.sanitize import count_cells

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from careerkit.terminal.keys.question_state import Viewport
    from careerkit.terminal.keys.widget import Block, Row
    from careerkit.terminal.tty import TtyMode

    App = Application[QuestionEnd]

READ_SIZE, MAX_PASTE, PASTE_GAP_S = 65_536, 4_000_000, 0.005
"""A long paste is read in pieces of this size, up to this total, while no gap between them is longer than this."""
ESCAPE_TIMEOUT_S = 0.1
"""After this time, an Esc isn't the beginning of a longer sequence, and Ctrl-C at the end of a paste was pressed."""
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
    on_cursor_report: Callable[[int, int], None],
) -> App:
    """An application that passes each key to `press`, shows what `render` gives, and exits when `press` ends the question.

    `on_cursor_report` is called with the row and column of each cursor position report, which count from 1.
    """

    def size() -> Size:
        return Size(rows=viewport().lines or 24, columns=viewport().columns)

    def fragments() -> StyleAndTextTuples:
        return _to_fragments(render(), color=color)

    app: App = Application(
        layout=Layout(Window(FormattedTextControl(fragments, focusable=True), dont_extend_height=True)),
        include_default_pygments_style=False,
        erase_when_done=True,
        input=_ParsedInput(stdin, on_cursor_report),
        output=Vt100_Output(out, size, term=os.environ.get("TERM"), enable_bell=False, enable_cpr=False),
        color_depth=ColorDepth.DEPTH_4_BIT if color else ColorDepth.DEPTH_1_BIT,
    )
    # This replaces prompt_toolkit's own bindings: a thousand, none of them used here, which would delay the first key.
    app.key_processor = cast("Any", _PressProcessor(app, press, tty))
    app.ttimeoutlen = ESCAPE_TIMEOUT_S
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
            _take_unfinished_paste(app)
            raise EndOfInput from None


def discard_typed(app: App) -> None:
    """Drop the keys that were typed ahead."""
    clear_typeahead(app.input)
    if isinstance(app.input, _ParsedInput):
        app.input.parser.end()


def _take_unfinished_paste(app: App) -> None:
    """Hand over what the connection was cut in the middle of, so that it is in the draft."""
    if isinstance(app.input, _ParsedInput):
        app.key_processor.feed_multiple(cast("list[KeyPress]", app.input.parser.end()))
        cast("_PressProcessor", app.key_processor).take_text()


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
    """The row with prompt_toolkit's marker for the cursor before the cell `cursor`.

    At the end of a row, the marker needs a character to stand before: otherwise the cursor would be in the corner of the
    screen, and so would the window of an input method, and what a screen reader or a magnifier follows.
    """
    marker = ("[SetCursorPosition]", "")
    used = 0
    for place, (style, text) in enumerate(row):
        wide = count_cells(text)
        if used <= cursor < used + wide:
            cut = next(place for place in range(len(text) + 1) if used + count_cells(text[:place]) >= cursor)
            return (*row[:place], (style, text[:cut]), marker, (style, text[cut:]), *row[place + 1 :])
        used += wide
    return (*row, ("", " " * (cursor - used)), marker, ("", " "))


def _translate_style(style: str) -> str:
    return " ".join(f"ansi{word}" if word in COLORS else word for word in style.split())


# ---------------------------------------------------------------- input


class _PressProcessor:
    """Takes the place of prompt_toolkit's KeyProcessor, which reads sequences of keys: here they are presses already.

    `input_queue` has the presses that the question hasn't taken yet. What is left when it ends goes to the next one.
    """

    def __init__(self, app: App, press: Callable[[Press], QuestionEnd | None], tty: TtyMode) -> None:
        self._app = app
        self._press = press
        self._tty = tty
        self.input_queue: deque[Press] = deque()

    key_buffer = ()
    """An unfinished sequence of keys, which prompt_toolkit would show."""

    def feed_multiple(self, presses: Iterable[Press]) -> None:
        self.input_queue.extend(presses)

    def process_keys(self) -> None:
        while self.input_queue and not self._app.is_done:
            press = self.input_queue.popleft()
            if press is Key.SUSPEND:
                _suspend(self._app, self._tty)
                continue
            end = self._press(press)
            if end is not None:
                self._app.exit(result=end)
        self._app.invalidate()

    def take_text(self) -> None:
        """Hand over the texts in the queue. The other presses have come too late."""
        for press in self.empty_queue():
            if isinstance(press, str):
                self._press(press)

    def empty_queue(self) -> list[Press]:
        presses = list(self.input_queue)
        self.input_queue.clear()
        return presses

    def reset(self) -> None:
        """Nothing to do: every press is complete."""


class _ParsedInput(Vt100Input):
    """Reads presses with our own parser, and a paste of any size in as few pieces as possible."""

    def __init__(self, stdin: TextIO, on_cursor_report: Callable[[int, int], None]) -> None:
        super().__init__(stdin)
        self.parser = InputParser(on_cursor_report)

    def read_keys(self) -> list[KeyPress]:
        data = self.stdin_reader.read(READ_SIZE)
        while len(data) >= PASTE_THRESHOLD and not self.closed and select([self.fileno()], [], [], PASTE_GAP_S)[0]:
            more = self.stdin_reader.read(READ_SIZE)
            data += more
            if not more or len(data) > MAX_PASTE:
                break
        return cast("list[KeyPress]", self.parser.feed(data))

    def flush_keys(self) -> list[KeyPress]:
        return cast("list[KeyPress]", self.parser.flush())
