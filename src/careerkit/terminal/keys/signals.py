"""Signals while a question is asked: an event loop swallows what a handler raises within it, so they wait until it ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

AWAITED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Handler = Callable[[int, FrameType | None], object]


class Held:
    """Within it a signal only calls `tell`; at its end the handler that was there before gets the signal."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._handlers: dict[int, Handler] = {}
        self.caught: int | None = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in AWAITED:
                before = signal.getsignal(number)
                if callable(before):
                    self._handlers[number] = before
                    signal.signal(number, self._catch)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, before in self._handlers.items():
            signal.signal(number, before)
        if self.caught is not None:
            self._handlers[self.caught](self.caught, None)

    def _catch(self, number: int, _: FrameType | None) -> None:
        self.caught = number
        self._tell()
