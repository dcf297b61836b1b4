"""To the shell and back while a question is asked: Ctrl-Z, or a signal from somewhere else."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from prompt_toolkit.application import run_in_terminal

if TYPE_CHECKING:
    from prompt_toolkit.application import Application

    from careerkit.terminal.keys.asking import Ending
    from careerkit.terminal.keys.keyboard import Keyboard


class Background:
    """Stands still with the terminal as the shell had it, and shows the question again when it goes on."""

    def __init__(self, app: Application[Ending], keyboard: Keyboard) -> None:
        self._app = app
        self._keyboard = keyboard

    def listen(self) -> None:
        """Be told of these signals until the present question ends."""
        assert self._app.loop is not None, "listens only while a question is asked"
        self._app.loop.add_signal_handler(signal.SIGTSTP, self.stand_still)
        self._app.loop.add_signal_handler(signal.SIGCONT, self._show_again)

    def stand_still(self) -> None:
        """Take the question off the screen and stop, with all that runs in this job, until it is continued."""
        run_in_terminal(self._stop)

    def _stop(self) -> None:
        assert self._app.loop is not None, "stops only while a question is asked"
        for number in (signal.SIGTSTP, signal.SIGCONT):
            self._app.loop.remove_signal_handler(number)
        self._keyboard.restore()
        os.kill(0, signal.SIGTSTP)
        self._keyboard.hush()
        self.listen()

    def _show_again(self) -> None:
        """After a SIGSTOP, which nobody is told of: what stands on the screen now is not known, so it stays."""
        self._app.input.raw_mode().__enter__()
        self._app.renderer.reset()
        self._app.invalidate()
