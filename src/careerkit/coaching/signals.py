"""Handle Ctrl-C and other signals: end at once during start-up, orderly in a command, and never in the middle of a save.

It imports hardly anything, because signals are handled before anything else is imported.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from types import FrameType

    SignalHandler = Callable[[int, FrameType | None], object]
else:
    import _signal as signal  # cli/startup.py says why

DEFERRED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1)
"""SIGUSR1 has a handler only during a preview, which it restarts."""


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


@contextmanager
def defer_signals(on_signal: Callable[[], None] | None = None) -> Iterator[list[int]]:
    """Defer Ctrl-C and the other signals in DEFERRED until the block ends. Then the first one's handler runs, and may raise.

    Yields the list of signals caught so far. Each calls `on_signal` when it arrives. Replaces the handlers instead of
    blocking the signals, which would affect one thread only. Does nothing outside the main thread, which alone receives
    signals.
    """
    caught: list[int] = []

    def catch(number: int, _: FrameType | None) -> None:
        caught.append(number)
        if on_signal is not None:
            on_signal()

    handlers = _replace_handlers(catch)
    try:
        yield caught
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if caught:
            handlers[caught[0]](caught[0], None)


def _replace_handlers(replacement: SignalHandler) -> dict[int, SignalHandler]:
    """Replace the handlers and return the original ones, by signal."""
    handlers: dict[int, SignalHandler] = {}
    try:
        for number in DEFERRED:
            handler = signal.getsignal(number)
            if callable(handler):
                signal.signal(number, replacement)
                handlers[number] = handler
    except ValueError:  # not in the main thread
        return {}
    return handlers
