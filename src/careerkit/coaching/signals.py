"""Defer signals while something must not be interrupted: a save, or an event loop that swallows a handler's exceptions."""

from __future__ import annotations

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
