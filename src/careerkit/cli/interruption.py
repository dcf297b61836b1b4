"""Handle Ctrl-C and other signals: quietly while careerkit starts, and in an orderly way once a command runs.

It imports hardly anything, because signals are handled before anything else is imported.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from types import FrameType
else:
    import _signal as signal  # cli/startup.py says why


class Interrupted(BaseException):
    """A signal ends careerkit. All answers have already been saved."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


def end_quietly_on_signals() -> None:
    """Before and after a command runs there is nothing to save, so Ctrl-C and SIGTERM end the process at once.

    Python would show a traceback if it is interrupted in an import. `handle_signals` takes over when a command runs.
    """

    def end(number: int, _: object) -> None:
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)


def handle_signals() -> None:
    """End the command in an orderly way after Ctrl-C, SIGTERM, SIGHUP or SIGQUIT. Called once its modules are imported."""

    def end(number: int, _: FrameType | None) -> None:
        raise Interrupted(number)

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as with nohup
            signal.signal(number, end)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
