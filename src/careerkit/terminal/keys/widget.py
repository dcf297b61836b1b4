"""The protocol of the widgets that handle keys, and what the help says about the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from careerkit.coaching.screen import Submit
from careerkit.core.frozen import frozen
from careerkit.terminal.input.key_codes import Key, Press
from careerkit.terminal.keys.canvas import Block, Canvas

if TYPE_CHECKING:
    from careerkit.coaching.screen import Skip
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
