"""The thin part on prompt_toolkit: it reads keys, draws pictures, and knows nothing of questions."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from select import select
from typing import TYPE_CHECKING, Any, TextIO

from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input.vt100 import Vt100Input
from prompt_toolkit.key_binding import KeyBindings, KeyPress, KeyPressEvent
from prompt_toolkit.key_binding.key_processor import KeyProcessor
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output

from careerkit.coaching.screen import EndOfInput
from careerkit.terminal.keys.asking import Asking, Ending
from careerkit.terminal.keys.background import Background
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.signals import Held

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from careerkit.terminal.keys.frame import Sheet
    from careerkit.terminal.keys.keyboard import Keyboard

SENT: dict[Key, tuple[tuple[str, ...], ...]] = {
    Key.ENTER: (("enter",), ("c-j",)),
    Key.SUBMIT: (("escape", "enter"), ("escape", "c-j"), ("c-d",)),
    Key.BACK: (("s-tab",),),
    Key.FORWARD: (("tab",),),
    Key.WHY: (("f1",),),
    Key.HELP: (("f2",),),
    Key.REVIEW: (("c-r",),),
    Key.PUT_OFF: (("c-o",),),
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
    Key.RUB: (("c-h",),),
    Key.WORD_LEFT: (("escape", "b"), ("c-left",)),
    Key.WORD_RIGHT: (("escape", "f"), ("c-right",)),
    Key.RUB_WORD: (("c-w",),),
    Key.RUB_LEFT: (("c-u",),),
    Key.RUB_RIGHT: (("c-k",),),
}
"""What terminals send for each key, as prompt_toolkit names it. Ctrl-X Ctrl-E and Ctrl-Z are seen to apart."""

PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
TAIL = len(PASTE_ENDS) - 1
BURST = 1000
"""So many characters at once are a paste, whatever the terminal says."""
CHUNK, MOST, MOMENT = 65_536, 4_000_000, 0.005
"""Of a burst, so much is read at once and in all, as long as no more than this many seconds pass between."""
WAIT = 0.05
"""Seconds after which an Esc is known to stand alone."""


Changed = Callable[[Asking, Press], Asking]


def unchanged(asking: Asking, _: Press) -> Asking:
    return asking


class Prompter:
    """Runs one question after the other at this terminal; keys typed ahead go from each to the next."""

    def __init__(
        self, stdin: TextIO, out: TextIO, *, keyboard: Keyboard, sheet: Callable[[], Sheet], color: bool
    ) -> None:
        self._sheet = sheet
        self._color = color
        self._asking: Asking | None = None
        self._changed: Changed = unchanged
        self._is_prefixed = False
        self._app: Application[Ending] = Application(
            layout=Layout(Window(FormattedTextControl(self._fragments, focusable=True), dont_extend_height=True)),
            include_default_pygments_style=False,
            erase_when_done=True,
            input=_Input(stdin),
            output=Vt100_Output(out, self._size, term=os.environ.get("TERM"), enable_bell=False, enable_cpr=False),
            color_depth=ColorDepth.DEPTH_4_BIT if color else ColorDepth.DEPTH_1_BIT,
        )
        # In place of prompt_toolkit's own bindings, a thousand: none of them is used, and the first key waits for them.
        self._app.key_processor = KeyProcessor(self._bindings())
        self._app.ttimeoutlen = self._app.timeoutlen = WAIT
        self._background = Background(self._app, keyboard)

    def run(self, asking: Asking, changed: Changed = unchanged) -> tuple[Asking, Ending]:
        """Ask until something ends it; `changed` gets the question after each press, and gives it as it goes on. Raises EndOfInput when the terminal is gone, and what a signal's handler raises."""
        self._asking, self._is_prefixed, self._changed = asking, False, changed
        with Held(self._give_up) as held:
            try:
                ending = self._app.run(
                    pre_run=lambda: self._begin(held),
                    handle_sigint=False,
                    set_exception_handler=False,
                )
            except (EOFError, OSError):
                raise EndOfInput from None
        return self._asking, ending

    @property
    def asking(self) -> Asking | None:
        """The question as it stands, also after `run` was broken off."""
        return self._asking

    def _begin(self, held: Held) -> None:
        assert self._app.loop is not None, "it runs"
        self._app.loop.set_exception_handler(lambda _, told: self._fail(told))
        if held.caught:
            self._give_up()
        else:
            self._background.listen()

    def _fail(self, told: Mapping[str, Any]) -> None:
        """End the question with what was raised within the loop, which else would show it, answers and all, and go on."""
        error = told.get("exception")
        if error is not None and self._app.is_running and not self._app.is_done:
            self._app.exit(exception=error)

    def _give_up(self) -> None:
        """End the question from outside, wherever the loop is."""
        if self._app.loop is not None:
            self._app.loop.call_soon_threadsafe(self._exit)

    def _exit(self) -> None:
        if self._app.is_running and not self._app.is_done:
            self._app.exit(exception=EOFError)

    # ------------------------------------------------------------ out

    def _size(self) -> Size:
        sheet = self._sheet()
        return Size(rows=sheet.lines or 24, columns=sheet.columns)

    def _fragments(self) -> StyleAndTextTuples:
        assert self._asking is not None, "drawn only while it runs"
        body = self._asking.picture(self._sheet())
        fragments: StyleAndTextTuples = []
        for number, row in enumerate(body.rows):
            at = body.cursor[1] if number == body.cursor[0] else -1
            fragments += self._row(row, at)
            fragments.append(("", "\n"))
        return fragments[:-1]

    def _row(self, row: tuple[tuple[str, str], ...], cursor: int) -> list[tuple[str, str]]:
        from careerkit.terminal.width import cells

        spans: list[tuple[str, str]] = []
        used = 0
        for style, text in row:
            wide = cells(text)
            if used <= cursor < used + wide:
                cut = next(place for place in range(len(text) + 1) if used + cells(text[:place]) >= cursor)
                spans += [
                    (self._style(style), text[:cut]),
                    ("[SetCursorPosition]", ""),
                    (self._style(style), text[cut:]),
                ]
                cursor = -1
            else:
                spans.append((self._style(style), text))
            used += wide
        return [*spans, ("[SetCursorPosition]", "")] if cursor >= used else spans

    def _style(self, style: str) -> str:
        if not self._color:
            return ""
        return " ".join(f"ansi{word}" if word in _COLORS else word for word in style.split())

    # ------------------------------------------------------------ in

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()
        for key, ways in SENT.items():
            for way in ways:
                bindings.add(*way)(self._handler(key))
        bindings.add(Keys.Any)(self._typed)
        bindings.add(Keys.BracketedPaste)(self._typed)
        bindings.add("c-x")(self._prefix)
        bindings.add("c-z")(self._suspend)
        return bindings

    def _handler(self, key: Key) -> Callable[[KeyPressEvent], None]:
        def handle(event: KeyPressEvent) -> None:
            prefixed = self._is_prefixed
            self._press(Key.EDITOR if prefixed and event.key_sequence[0].key == "c-e" else key)

        return handle

    def _typed(self, event: KeyPressEvent) -> None:
        pressed = event.key_sequence[-1]
        if pressed.key == Keys.BracketedPaste or not isinstance(pressed.key, Keys):
            self._press(pressed.data)

    def _prefix(self, _: KeyPressEvent) -> None:
        self._is_prefixed = True

    def _suspend(self, _: KeyPressEvent) -> None:
        self._background.stand_still()

    def _press(self, press: Press) -> None:
        self._is_prefixed = False
        assert self._asking is not None, "keys come only while it runs"
        after = self._asking.press(press)
        if isinstance(after, Asking):
            self._asking = self._changed(after, press)
        else:
            self._app.exit(result=after)


_COLORS = ("red", "green", "yellow", "cyan")


class _Input(Vt100Input):
    """Takes a paste of any size in one piece, in a time that grows with its size and not with its square."""

    def __init__(self, stdin: TextIO) -> None:
        super().__init__(stdin)
        self._pasted: list[str] | None = None
        self._tail = ""
        """The last of what was pasted, in which the end may have begun."""

    def read_keys(self) -> list[KeyPress]:
        data = self.stdin_reader.read(CHUNK)
        while len(data) >= BURST and not self.closed and select([self.fileno()], [], [], MOMENT)[0]:
            more = self.stdin_reader.read(CHUNK)
            data += more
            if not more or len(data) > MOST:
                break
        self._feed(data)
        found, self._buffer = self._buffer, []
        return found

    def _feed(self, data: str) -> None:
        if self._pasted is None:
            before, begins, data = data.partition(PASTE_BEGINS)
            if not begins and len(before) >= BURST and "\x1b" not in before:
                self._paste(before)
                return
            self.vt100_parser.feed(before)
            if not begins:
                return
            self._pasted = []
        text, ends, after = (self._tail + data).partition(PASTE_ENDS)
        if not ends:
            self._pasted.append(text[:-TAIL])
            self._tail = text[-TAIL:]
            return
        text, self._pasted, self._tail = "".join((*self._pasted, text)), None, ""
        self._paste(text)
        self._feed(after)

    def _paste(self, text: str) -> None:
        self._buffer.append(KeyPress(Keys.BracketedPaste, text))
