"""What most widgets share: no text for an editor, nothing to save of a half-given answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from careerkit.core.value import Value


class Whole:
    """An answer that is there or not; nothing of it is text."""

    __slots__ = ()

    def so_far(self) -> Value | None:
        return None

    def written(self) -> str:
        return ""

    def with_written(self, text: str) -> Self:  # noqa: ARG002 - no line is written
        return self

    def text(self) -> str | None:
        return None

    def with_text(self, text: str) -> Self:  # noqa: ARG002 - there is none to write
        return self
