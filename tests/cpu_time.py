"""How long something takes, in time of the processor: how busy the machine is with other things must not fail a test."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import process_time


def measure_seconds(work: Callable[[], object]) -> float:
    """Of five times the shortest, in which nobody clears away what other tests have left."""
    gc.disable()
    try:
        return min(_measure_once(work) for _ in range(5))
    finally:
        gc.enable()


def _measure_once(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began
