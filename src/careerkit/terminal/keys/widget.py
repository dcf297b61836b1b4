"""The protocol of the widgets that handle keys, and the canvas on which they lay out rows of styled text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, Self

from careerkit.coaching.ports import Submit
from careerkit.core.frozen import frozen
from careerkit.core.graphemes import snap_to_boundary
from careerkit.core.text import fit_width
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.sanitize import Symbols, count_cells, count_char_cells, sanitize

if TYPE_CHECKING:
    from careerkit.coaching.ports import Skip
    from careerkit.core.values import Value

LISTED_KEYS = tuple(Key)[: tuple(Key).index(Key.LEFT)]
"""The keys that the help lists first. Those for moving in a text work as usual, so they aren't listed."""
HELP_ROWS = (
    *((key.name_shown, key.meaning) for key in LISTED_KEYS),
    ("Space", "tick or untick; in a ranking, pick up or put down"),
    ("1 to 9", "select that choice (type two digits from 10 on)"),
    (":", "type a command, such as :why or :back, then Enter"),
    ("/", "filter a list of choices"),
    *((key.name_shown, key.meaning) for key in (Key.MOVE_UP, Key.MOVE_DOWN, Key.DELETE)),
    *(
        (key.name_shown, key.meaning)
        for key in (Key.DELETE_WORD, Key.DELETE_LEFT, Key.DELETE_RIGHT, Key.YANK, Key.UNDO)
    ),
)

MAX_DIGIT_CHOICES = 9
"""Up to this many choices, a single digit selects one."""
CONTINUE_KEYS = (Key.ENTER, Key.SUBMIT, Key.FORWARD, Key.SKIP, " ")

StyledText = tuple[str, str]
"""A style and a text. A style is keys of STYLES separated by spaces, such as "bold cyan"."""
Row = tuple[StyledText, ...]

STYLES = {
    "bold": "1", "dim": "2", "italic": "3", "reverse": "7",
    "red": "31", "green": "32", "yellow": "33", "cyan": "36",
}  # fmt: skip
MIN_WIDTH, MIN_TEXT_WIDTH = 8, 6
DEFAULT_INPUT_ROWS = 100
"""Rows of a text that is being edited, before and after the cursor, where the height of the window is unknown."""
INPUT_STEP = 4096
"""The part of a long text that is laid out begins at a multiple of this, so that its rows don't move with every key."""


class Widget(Protocol):
    """The state of one question, or one field, while it is answered. Widgets are immutable values."""

    @property
    def takes_text(self) -> bool:
        """Are letters text at the moment? Otherwise they are keys."""

    @property
    def key_hints(self) -> tuple[str, ...]:
        """The most important keys, in a few words each."""

    def press(self, press: Press) -> Widget | Submit | Skip | None:
        """The widget after `press`, or the reply that ends the question; None where the key has no meaning here.

        Raises Refused for what doesn't fit.
        """

    def view(self, canvas: Canvas) -> Block: ...

    def draft(self) -> Value | None:
        """The unfinished answer, to be saved: shaped like an answer, but parts may be missing.

        None where nothing was entered, or only the saved answer.
        """

    def input_line(self) -> str:
        """The line being typed that Enter would submit; "" where there is none."""

    def with_input_line(self, text: str) -> Widget:
        """The widget with `text` in place of that line."""

    def editor_text(self) -> str | None:
        """The text that an editor opens with; None where the answer isn't a text."""

    def with_editor_text(self, text: str) -> Widget:
        """The widget after the editor was closed."""


class AtomicWidget:
    """Defaults for a widget whose answer is either complete or missing, and isn't a text."""

    __slots__ = ()

    def draft(self) -> Value | None:
        return None

    def input_line(self) -> str:
        return ""

    def with_input_line(self, text: str) -> Self:  # noqa: ARG002 - no line is typed
        return self

    def editor_text(self) -> str | None:
        return None

    def with_editor_text(self, text: str) -> Self:  # noqa: ARG002 - no text to edit
        return self


@frozen
class Acknowledge(AtomicWidget):
    """Waits for Enter below a text to read."""

    @property
    def takes_text(self) -> bool:
        return False

    @property
    def key_hints(self) -> tuple[str, ...]:
        return ("Enter continue",)

    def press(self, press: Press) -> Acknowledge | Submit | None:
        return Submit(None) if press in CONTINUE_KEYS else None

    def view(self, canvas: Canvas) -> Block:  # noqa: ARG002 - nothing to show
        return Block(())


def move_cursor(press: Press, at: int, count: int, *, letters: bool) -> int | None:
    """The position in a list of `count` rows after `press`, wrapping around; None where the key doesn't move it.

    `letters`: j, k, Home and End move it too.
    """
    if count == 0:
        return 0 if press in (Key.UP, Key.DOWN) else None
    if press is Key.UP or (letters and press == "k"):
        return (max(at, 0) - 1) % count
    if press is Key.DOWN or (letters and press == "j"):
        return (at + 1) % count
    if press is Key.HOME and letters:
        return 0
    if press is Key.END and letters:
        return count - 1
    return None


@frozen
class Block:
    """Rows with a cursor. `cursor` is a row and a cell; scrolling keeps `keep_visible` rows from the cursor's in view.

    `is_cut`: there is more text before or after the rows, further from the cursor than any window is high.
    """

    rows: tuple[Row, ...]
    cursor: tuple[int, int] = (0, 0)
    keep_visible: int = 1
    is_cut: bool = False


@frozen
class Canvas:
    """Lays text out in rows of at most `width` cells, in characters that `encoding` has.

    `lines` is the height of the window; 0 if it is unknown.
    """

    width: int
    symbols: Symbols
    encoding: str = "utf-8"
    lines: int = 0

    def safe(self, text: str) -> str:
        return sanitize(text, encoding=self.encoding)

    def narrower(self, by: int) -> Canvas:
        return Canvas(max(MIN_WIDTH, self.width - by), self.symbols, self.encoding, self.lines)

    def pointer(self, *, here: bool) -> StyledText:
        """The arrow before the current row of a list, or a blank of the same width before the others."""
        return ("bold cyan", f"{self.symbols.prompt} ") if here else ("", "  ")

    def prose(self, text: str, style: str = "", *, first: Row = (), rest: str = "") -> list[Row]:
        """`text` wrapped. The first row begins with `first`, the others with `rest` (by default spaces as wide as `first`)."""
        lead = sum(count_cells(part) for _, part in first)
        rest = rest or " " * lead
        parts = [
            part
            for line in self.safe(text).split("\n")
            for part in wrap_line(line, max(MIN_TEXT_WIDTH, self.width - lead))
        ]
        return [
            ((*first, (style, part)) if not place else (("", rest), (style, part))) for place, part in enumerate(parts)
        ]

    def shorten(self, text: str, width: int) -> str:
        """`text` on one row of at most `width` cells, ending with an ellipsis where it is cut."""
        line = " ".join(self.safe(text).split())
        return fit_width(line, width, count_cells=count_cells, ellipsis=self.symbols.ellipsis)

    def input(self, text: str, cursor: int, *, first: Row = (), style: str = "bold") -> Block:
        """A text that is being edited: wrapped, with the cursor before its character number `cursor`.

        Of a long text, only the part around the cursor is laid out, so that a key takes no longer than in a short one.
        """
        lead = sum(count_cells(part) for _, part in first)
        width = max(MIN_TEXT_WIDTH, self.width - lead)
        start, end = _find_part_around(text, cursor, rows=self.lines or DEFAULT_INPUT_ROWS, width=width)
        before, shown = self.safe(text[start:cursor]), self.safe(text[start:end])
        is_cut = start > 0 or end < len(text)
        rows: list[Row] = []
        at, position = 0, (0, lead)
        for line in shown.split("\n"):
            start = at
            for part in wrap_line(line, width):
                if start <= len(before) <= start + len(part):
                    position = len(rows), lead + count_cells(part[: len(before) - start])
                rows.append((*first, (style, part)) if not rows else (("", " " * lead), (style, part)))
                start += len(part)
            at += len(line) + 1
        return Block(tuple(rows), position, is_cut=is_cut)

    def two_columns(self, left: str, right: str, width: int) -> tuple[str, str, str]:
        """Two texts for one row of `width` cells, shortened where necessary, with the gap between them in the middle."""
        right = self.shorten(right, max(width // 2, width - count_cells(self.safe(left))))
        left = self.shorten(left, width - count_cells(right))
        gap = max(3, width // 2 + 3 - count_cells(left)) if count_cells(right) <= width // 2 else 3
        return left, " " * gap, right


@lru_cache(maxsize=256)
def wrap_line(line: str, width: int) -> tuple[str, ...]:
    """One line cut into rows of at most `width` cells, after a space where there is one. No character is dropped.

    The last cell stays free for the cursor, and no grapheme is broken.
    """
    if line.isascii():
        return _wrap_ascii(line, width)
    cells = [count_char_cells(char) for char in line]
    rows: list[str] = []
    start = at = used = 0
    space = -1
    while at < len(line):
        if used + cells[at] >= width and at > start:
            end = space + 1 if space >= start else start + snap_to_boundary(line[start : at + 1], at - start)
            end = end if end > start else at
            rows.append(line[start:end])
            start, space = end, -1
            used = sum(cells[start:at])
            continue
        if line[at] == " ":
            space = at
        used += cells[at]
        at += 1
    return (*rows, line[start:])


def _wrap_ascii(line: str, width: int) -> tuple[str, ...]:
    rows: list[str] = []
    start = 0
    while len(line) - start >= width:
        space = line.rfind(" ", start, start + width - 1)
        end = space + 1 if space >= 0 else start + width - 1
        rows.append(line[start:end])
        start = end
    return (*rows, line[start:])


def _find_part_around(text: str, cursor: int, *, rows: int, width: int) -> tuple[int, int]:
    """The part of `text` around `cursor` that can be in view in a window with that many rows of that width."""
    size = rows * width
    if len(text) < size and text.count("\n") < rows:
        return 0, len(text)
    start = max(0, (cursor - size) // INPUT_STEP * INPUT_STEP)
    if start:
        space = text.find(" ", start, start + width)
        start = space + 1 if space >= 0 else snap_to_boundary(text, start)
    end = snap_to_boundary(text, min(len(text), cursor + size))
    line = cursor
    for _ in range(rows):
        line = text.rfind("\n", start, line)
        if line < 0:
            break
    following = cursor - 1
    for _ in range(rows):
        following = text.find("\n", following + 1, end)
        if following < 0:
            break
    return line + 1 if line >= 0 else start, following if following >= 0 else end


def format_ansi(rows: tuple[Row, ...] | list[Row], *, color: bool) -> str:
    """The rows as a terminal takes them, each with its line end."""
    return "".join("".join(_style(*part, color=color) for part in row).rstrip() + "\n" for row in rows)


def _style(style: str, text: str, *, color: bool) -> str:
    if not style or not color or not text:
        return text
    return f"\x1b[{';'.join(STYLES[word] for word in style.split())}m{text}\x1b[0m"
