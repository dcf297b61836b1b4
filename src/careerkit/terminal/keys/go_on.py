"""Nothing is asked: Enter goes on."""

from __future__ import annotations

from careerkit.coaching.screen import Given
from careerkit.core.frozen import frozen
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.paper import Body, Paper
from careerkit.terminal.keys.plain_part import Whole

ONWARD = (Key.ENTER, Key.SUBMIT, Key.FORWARD, Key.PUT_OFF, " ")


@frozen
class GoOn(Whole):
    @property
    def takes_text(self) -> bool:
        return False

    @property
    def foot(self) -> tuple[str, ...]:
        return ("Enter goes on",)

    def press(self, press: Press) -> GoOn | Given | None:
        return Given(None) if press in ONWARD else None

    def body(self, paper: Paper) -> Body:  # noqa: ARG002 - there is nothing to show
        return Body(())
