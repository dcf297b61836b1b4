"""A write that no signal breaks off: what a person has handed in is on disk before a Ctrl-C that follows it counts."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

WAITING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def unbroken() -> Iterator[None]:
    """Within it these signals wait; what their handlers raise is raised at its end. SIGKILL waits for nothing.

    The handlers are put off rather than the signals blocked, which would hold for one thread only.
    """
    caught: list[int] = []
    handlers = _put_off(lambda number, _: caught.append(number))
    try:
        yield
    finally:
        for number, before in handlers.items():
            signal.signal(number, before)
        if caught:
            handlers[caught[0]](caught[0], None)


Handler = Callable[[int, FrameType | None], object]


def _put_off(wait: Handler) -> dict[int, Handler]:
    """The handlers in whose place `wait` stands now; none outside the main thread, which alone gets signals."""
    handlers: dict[int, Handler] = {}
    try:
        for number in WAITING:
            before = signal.getsignal(number)
            if callable(before):
                signal.signal(number, wait)
                handlers[number] = before
    except ValueError:
        return {}
    return handlers
