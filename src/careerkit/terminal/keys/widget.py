"""What every widget offers: a value that a key press turns into the next value, and the picture of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from careerkit.coaching.screen import Given, Skip
    from careerkit.core.value import Value
    from careerkit.terminal.keys.key import Press
    from careerkit.terminal.keys.paper import Body, Paper


class Widget(Protocol):
    """One question, or one field, as it stands while it is answered. Widgets are values and never change.

    Where they are asked in good order: `press` raises Refused for what does not fit, and the widget stays as it was.
    """

    @property
    def takes_text(self) -> bool:
        """Are letters text at present? Otherwise they are keys."""

    @property
    def foot(self) -> tuple[str, ...]:
        """The keys that matter here, in a few words each."""

    def press(self, press: Press) -> Widget | Given | Skip | None:
        """The widget after `press`, or the reply that it gives; None where the press means nothing to it."""

    def body(self, paper: Paper) -> Body: ...

    def so_far(self) -> Value | None:
        """What there is of an answer that is not handed in yet, in its shape with parts missing, to be saved.

        None where there is nothing, or nothing but the kept answer.
        """

    def written(self) -> str:
        """The line that is being written and would be handed in by Enter; "" where none is."""

    def with_written(self, text: str) -> Widget:
        """The widget with `text` in the place of that line."""

    def text(self) -> str | None:
        """The text that an editor would begin with; None where no text is written."""

    def with_text(self, text: str) -> Widget:
        """The widget after the editor."""
