"""How pieces appear: what a look has to offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from careerkit.core.playbook.model import Level
    from careerkit.terminal.pieces import Piece

LEVELS: dict[Level, str] = {"stop": "Stop", "care": "Take care", "good": "Good", "info": "Note"}
"""The word for a finding's level; a sign may stand before it, never in its place."""


class Look(Protocol):
    def paint(self, piece: Piece) -> str:
        """The piece as it is written, in whole lines; only a Prompt may end within one.

        All texts of the piece have passed the gate; what a look adds of its own fits the encoding that it was made for.
        """
