"""Read lines from a terminal with our own line editing, so that a line has any length and a paste stays in one piece.

In its own line mode a terminal cuts a line at 4,095 bytes (macOS: 1,024), takes the keys of a sequence for text, and
ends a line within a paste. So the terminal delivers single keys, and they are edited and echoed here: Backspace deletes
a grapheme, Ctrl-W a word, Ctrl-U the line; Ctrl-Y inserts what was deleted, and Ctrl-_ undoes a change. The echo only
appends and takes back, so that a screen reader reads each key once.
"""

from __future__ import annotations

import atexit
import codecs
import os
import signal
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable
from functools import lru_cache
from select import select
from types import FrameType
from typing import TYPE_CHECKING

from careerkit.core.graphemes import find_grapheme_start
from careerkit.terminal.keys.input_parser import TEXT_OF_KEYS, InputParser, strip_control_sequences
from careerkit.terminal.keys.key_codes import CONTROL_KEYS, Key, Paste
from careerkit.terminal.sanitize import ZERO_WIDTH_JOINERS, count_cells, sanitize
from careerkit.terminal.tty import TtyMode

if TYPE_CHECKING:
    from typing import TextIO

    from careerkit.terminal.keys.key_codes import Press

READ_SIZE = 65_536
ESCAPE_TIMEOUT_S = 0.5
"""Esc does nothing here, so there is time to wait for the rest of a sequence that the network has split."""
MAX_UNDO = 100
DEFAULT_COLUMNS = 80
LINE_KEYS = {**CONTROL_KEYS, "\x04": Key.END_OF_INPUT}
ENDS_OF_LINE = (Key.ENTER, Key.SUBMIT)
PASTE_ON, PASTE_OFF = "\x1b[?2004h", "\x1b[?2004l"


@lru_cache(maxsize=1)
def open_reader(stdin: TextIO) -> TerminalReader:
    """The reader of that terminal: always the same one, because it holds what was typed ahead."""
    return TerminalReader(stdin)


class TerminalReader:
    """Reads lines from the terminal behind `stdin`.

    The terminal delivers single keys from `acquire`, at the latest when the first line is read, until `release`. That also
    runs when the process ends, when it is stopped with Ctrl-Z, and when reading ends with an exception.
    """

    def __init__(self, stdin: TextIO) -> None:
        self._fd = stdin.fileno()
        self._tty = TtyMode(stdin)
        self._encoding = stdin.encoding or "utf-8"
        self._brackets_pastes = False
        self._output = _open_for_echo(self._fd)
        self._decoder = codecs.getincrementaldecoder(self._encoding)("surrogateescape")
        self._parser = InputParser(control_keys=LINE_KEYS, needs_brackets=True)
        self._presses: deque[Press] = deque()
        """Read ahead, for the next lines."""
        self._after_return = False
        """Was a carriage return the last character read? A terminal may send the end of a line as two characters."""
        self._is_active = False
        self._line = _EchoedLine(self._write, self._count_columns)
        self._unfinished = ""
        """What was typed when reading ended with an exception; the next line begins with it."""

    def read_line(self, prompt: str = "", *, keeps_line_ends: bool = False) -> str:
        """The next line with its line end; "" at the end of input. `prompt` is what is in front of it on its row already.

        A paste never ends the line. Its own line ends become spaces, or stay if `keeps_line_ends`. Raises
        KeyboardInterrupt for Ctrl-C, which drops the line. After another exception, the next line begins with what was typed.
        """
        self._line.begin(prompt)
        try:
            self.acquire()
            if self._unfinished:
                self._line.insert(self._unfinished)
                self._unfinished = ""
            while True:
                while self._presses:
                    press = self._presses.popleft()
                    if press in ENDS_OF_LINE:
                        self._write("\n")
                        return f"{self._line.text}\n"
                    if press is Key.END_OF_INPUT and not self._line.text:
                        self.release()
                        return ""
                    self._take(press, keeps_line_ends=keeps_line_ends)
                if not self._read():
                    self.release()
                    return ""
        except KeyboardInterrupt:
            self.release()
            raise
        except BaseException:
            self._unfinished = self._line.text
            self.release()
            raise

    def discard_typed(self) -> None:
        """Drop what was typed ahead."""
        self._unfinished = ""
        self._presses.clear()
        self._parser.end()
        self._tty.discard_input()

    def release(self) -> None:
        """Give the terminal back as it was. The next line takes it again. Idempotent."""
        if not self._is_active:
            return
        self._is_active = False
        atexit.unregister(self.release)
        for number in (signal.SIGTSTP, signal.SIGCONT):
            _set_handler(number, signal.SIG_DFL, only_if=(self._suspend, self._continue))
        if self._brackets_pastes:
            self._write(PASTE_OFF)
        self._tty.restore()

    def acquire(self, *, brackets_pastes: bool = True) -> None:
        """Let the terminal deliver single keys from now on, without showing them. Idempotent.

        Without `brackets_pastes`, a paste ends at its first line end: enough where a single line is asked for.
        """
        if self._is_active:
            return
        self._is_active = True
        atexit.register(self.release)
        self._tty.disable_echo()
        self._brackets_pastes = brackets_pastes and os.environ.get("TERM", "dumb") != "dumb"
        if self._brackets_pastes:
            self._write(PASTE_ON)
        _set_handler(signal.SIGTSTP, self._suspend, only_if=(signal.SIG_DFL,))
        _set_handler(signal.SIGCONT, self._continue, only_if=(signal.SIG_DFL,))

    def _suspend(self, _: int, __: FrameType | None) -> None:
        """Stop, with the terminal as it was, until the shell continues the job."""
        brackets_pastes = self._brackets_pastes
        self.release()
        signal.raise_signal(signal.SIGTSTP)
        self.acquire(brackets_pastes=brackets_pastes)
        self._line.repeat()

    def _continue(self, _: int, __: FrameType | None) -> None:
        """Take the terminal again after a SIGSTOP, which can't be handled."""
        self._tty.disable_echo()

    def _take(self, press: Press, *, keeps_line_ends: bool) -> None:
        match press:
            case Paste():
                text = strip_control_sequences(press).strip("\n")
                self._line.insert(text if keeps_line_ends else " ".join(text.split("\n")))
            case str():
                self._line.insert(press)
            case Key.FORWARD:
                self._line.insert(TEXT_OF_KEYS[press])
            case Key.STOP:  # sent as a sequence; the terminal itself turns the character into a signal
                signal.raise_signal(signal.SIGINT)
            case Key.SUSPEND:
                signal.raise_signal(signal.SIGTSTP)
            case _:
                self._line.edit(press)

    def _read(self) -> bool:
        """Read what there is, and wait for it if necessary. Returns False at the end of input."""
        if self._parser.is_undecided and not select([self._fd], [], [], ESCAPE_TIMEOUT_S)[0]:
            self._presses += self._parser.flush()
            if self._presses:
                return True
        return self._read_ahead()

    def _read_ahead(self) -> bool:
        try:
            data = os.read(self._fd, READ_SIZE)
        except OSError:  # the terminal is gone
            return False
        text = self._decoder.decode(data, final=not data)
        if text:
            after_return, self._after_return = self._after_return, text[-1] == "\r"
            text = text[after_return and text[0] == "\n" :].replace("\r\n", "\r")
        self._presses += _join_typed(self._parser.feed(text))
        return bool(data)

    def _write(self, text: str) -> None:
        """Write to the terminal. While it takes nothing, go on reading: it may wait for us before it does."""
        data = text.encode(self._encoding, "backslashreplace")
        can_read = True
        while data:
            try:
                data = data[os.write(self._output, data) :]
            except BlockingIOError:
                readable, _, _ = select([self._fd] if can_read else [], [self._output], [])
                can_read = can_read and (not readable or self._read_ahead())
            except OSError:  # the terminal is gone; the next read says so
                return

    def _count_columns(self) -> int:
        try:
            return os.get_terminal_size(self._fd).columns or DEFAULT_COLUMNS
        except OSError:
            return DEFAULT_COLUMNS


class _EchoedLine:
    """A line that is edited at its end, and its echo on the terminal."""

    def __init__(self, write: Callable[[str], None], count_columns: Callable[[], int]) -> None:
        self._write, self._count_columns = write, count_columns
        self.text = ""
        self._column = 0
        """The cursor's, in the current row."""
        self._deleted = ""
        self._earlier: deque[str] = deque(maxlen=MAX_UNDO)
        self._is_typing = False
        """Was the last change a typed character? Characters that are typed in a row are undone together."""

    def begin(self, prompt: str) -> None:
        self.text, self._is_typing = "", False
        self._earlier.clear()
        self._column = count_cells(prompt) % self._count_columns()

    def insert(self, text: str) -> None:
        if not (self._is_typing and len(text) == 1):
            self._earlier.append(self.text)
        self._is_typing = len(text) == 1
        self._change(self.text + text)

    def edit(self, key: Key) -> None:
        """Change the text at its end. Other keys mean nothing here."""
        match key:
            case Key.BACKSPACE:
                self._delete(self.text[: find_grapheme_start(self.text, len(self.text))])
            case Key.DELETE_WORD:
                self._delete(_remove_last_word(self.text), keep=True)
            case Key.DELETE_LEFT:
                self._delete("", keep=True)
            case Key.YANK if self._deleted:
                self.insert(self._deleted)
            case Key.UNDO if self._earlier:
                self._is_typing = False
                self._change(self._earlier.pop())

    def repeat(self) -> None:
        """Show the end of the line again, on a row that is empty."""
        self._column = 0
        self._echo(self._find_row())

    def _delete(self, left: str, *, keep: bool = False) -> None:
        """Delete what follows `left`. `keep`: Ctrl-Y brings it back."""
        if left == self.text:
            return
        self._earlier.append(self.text)
        self._is_typing = False
        if keep:
            self._deleted = self.text[len(left) :]
        self._change(left)

    def _change(self, text: str) -> None:
        before, self.text = self.text, text
        if text.startswith(before):
            self._echo(text[len(before) :])
        elif before.startswith(text) and self._take_back(before[len(text) :]):
            return
        else:  # it began in an earlier row, which can't be changed without moving the cursor up
            self._write("\n")
            self.repeat()

    def _take_back(self, deleted: str) -> bool:
        """Overwrite the end of the line with spaces. Returns False if it isn't all in this row, or if its width isn't certain."""
        cells = count_cells(_format(deleted))
        if "\n" in deleted or cells > self._column or not _has_certain_width(deleted):
            return False
        self._write("\b" * cells + " " * cells + "\b" * cells)
        self._column -= cells
        return True

    def _echo(self, text: str) -> None:
        columns, shown = self._count_columns(), _format(text)
        last = shown.rpartition("\n")[2]
        self._column = count_cells(last) if "\n" in shown else self._column + count_cells(last)
        if self._column >= columns:
            self._column %= columns
            shown += "" if self._column else " \r"  # otherwise terminals differ on where the cursor is
        self._write(shown)

    def _find_row(self) -> str:
        """The end of the text that fits in one row."""
        last = self.text.rpartition("\n")[2]
        tail = last[-(self._count_columns() - 1) :]
        while count_cells(_format(tail)) >= self._count_columns():
            tail = tail[1:]
        return tail


def _join_typed(presses: Iterable[Press]) -> list[Press]:
    """The presses, with characters that were typed in a row as one text."""
    joined: list[Press] = []
    typed: list[str] = []
    for press in [*presses, None]:
        if isinstance(press, str) and not isinstance(press, Paste):
            typed.append(press)
            continue
        if typed:
            joined.append("".join(typed))
            typed.clear()
        if press is not None:
            joined.append(press)
    return joined


def _open_for_echo(fd: int) -> int:
    """A descriptor for the echo, which goes to the terminal that is read, wherever other output goes."""
    try:
        return os.open(os.ttyname(fd), os.O_WRONLY | os.O_NOCTTY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:  # it may not be opened again, for example after `su`
        return fd


def _set_handler(number: int, handler: object, *, only_if: tuple[object, ...]) -> None:
    try:
        if signal.getsignal(number) in only_if:
            signal.signal(number, handler)  # type: ignore[arg-type]  # one of the two kinds that signal.signal takes
    except ValueError:  # not in the main thread
        return


def _format(text: str) -> str:
    return sanitize(text.replace("\t", " "))


def _has_certain_width(text: str) -> bool:
    return text.isascii() or not any(
        char in ZERO_WIDTH_JOINERS or unicodedata.category(char)[0] in "MCS" for char in text
    )


def _remove_last_word(text: str) -> str:
    stripped = text.rstrip()
    words = stripped.rsplit(None, 1)
    return stripped[: len(stripped) - len(words[-1])] if words else ""
