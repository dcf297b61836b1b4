"""Keys, and the protocol of the widgets that handle them."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol, Self

from careerkit.coaching.screen import Submit
from careerkit.core.frozen import frozen
from careerkit.terminal.keys.canvas import Block, Canvas

if TYPE_CHECKING:
    from careerkit.coaching.screen import Skip
    from careerkit.core.values import Value


class Key(Enum):
    """A key with a meaning, whatever the terminal sends for it. `name_shown` and `meaning` make up its line in the help."""

    ENTER = "Enter", "submit the answer; in a long text, start a new line"
    SUBMIT = "Alt-Enter, Ctrl-D", "submit the answer, wherever the cursor is"
    BACK = "Shift-Tab", "go to the previous question, or the previous field of a form"
    FORWARD = "Tab", "go to the next answered question, or the next field of a form"
    WHY = "F1, ?", "show why this is asked, with sources (? unless you're typing text)"
    HELP = "F2", "show this list"
    REVIEW = "Ctrl-R", "review and change your answers"
    SKIP = "Ctrl-O", "skip the question; it comes back if it's needed"
    EDITOR = "Ctrl-X Ctrl-E", "write a text in your editor"
    STOP = "Ctrl-C", "save and stop; you can resume any time"
    SUSPEND = "Ctrl-Z", "go to the shell; type fg to return"
    ESCAPE = "Esc", "close the help, a filter or a form; nothing is lost"
    UP = "Up", "move up (also k, unless you're typing text)"
    DOWN = "Down", "move down (also j, unless you're typing text)"
    LEFT = "Left", "move left"
    RIGHT = "Right", "move right"
    HOME = "Home", "go to the beginning"
    END = "End", "go to the end"
    MOVE_UP = "Alt-Up, K", "move an item or a form up"
    MOVE_DOWN = "Alt-Down, J", "move an item or a form down"
    DELETE = "Del", "delete the next character, or the form"
    BACKSPACE = "Backspace", "delete the previous character"
    WORD_LEFT = "Alt-B", "move one word left"
    WORD_RIGHT = "Alt-F", "move one word right"
    DELETE_WORD = "Ctrl-W", "delete the previous word"
    DELETE_LEFT = "Ctrl-U", "delete everything before the cursor"
    DELETE_RIGHT = "Ctrl-K", "delete everything after the cursor"

    def __init__(self, name_shown: str, meaning: str) -> None:
        self.name_shown = name_shown
        self.meaning = meaning


Press = Key | str
"""A key, or typed or pasted text."""

LISTED_KEYS = tuple(Key)[: tuple(Key).index(Key.LEFT)]
"""The keys that the help lists. Those for editing text work as usual, so they aren't listed."""
HELP_ROWS = (
    *((key.name_shown, key.meaning) for key in LISTED_KEYS),
    ("Space", "tick or untick; in a ranking, pick up or put down"),
    ("1 to 9", "select that choice (type two digits from 10 on)"),
    (":", "type a command, such as :why or :back, then Enter"),
    ("/", "filter a list of choices"),
    *((key.name_shown, key.meaning) for key in (Key.MOVE_UP, Key.MOVE_DOWN, Key.DELETE)),
)


MAX_DIGIT_CHOICES = 9
"""Up to this many choices, a single digit selects one."""
CONTINUE_KEYS = (Key.ENTER, Key.SUBMIT, Key.FORWARD, Key.SKIP, " ")


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
