"""Call a function in a process of its own that may use a limited amount of memory and processor time."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from time import process_time
from typing import Any

from long_run import IS_LONG_RUN

MAX_SECONDS, MAX_BYTES = 2.0 if IS_LONG_RUN else 3.0, 200_000_000  # a slow machine gets a second more in short runs
"""What a megabyte may take, from a file or a terminal, of the processor and of memory."""

GRACE = 20
"""Times the limit, after which the process is killed."""


def call_within_limits(call: Callable[..., Any], *arguments: object) -> Any:
    """What `call` returns. Fails if it raises, needs more than MAX_BYTES of memory or more than MAX_SECONDS of the processor."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_run, args=(there, call, arguments))
    process.start()
    there.close()
    try:
        outcome, seconds = here.recv() if here.poll(MAX_SECONDS * GRACE * 2) else ("it never ended", 0.0)
    except EOFError:
        outcome, seconds = "it was killed, probably for taking too long", 0.0
    finally:
        process.kill()
        process.join()
    assert not isinstance(outcome, str), outcome
    assert seconds <= MAX_SECONDS, f"{seconds:.2f} s"
    return outcome[0]


def limit_memory(extra: int) -> None:
    """Let this process allocate `extra` bytes more than it has now; beyond that, MemoryError is raised."""
    with open("/proc/self/statm", encoding="ascii") as file:
        pages = int(file.read().split()[0])
    limit = pages * resource.getpagesize() + extra
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _run(results: Connection, call: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    sys.settrace(None)  # measuring coverage takes several times as long as what is measured here
    spent = int(process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (spent + int(MAX_SECONDS * GRACE), spent + int(MAX_SECONDS * GRACE) + 1))
    limit_memory(MAX_BYTES)
    began = process_time()
    try:
        outcome: tuple[Any] | str = (call(*arguments),)
    except BaseException:
        outcome = traceback.format_exc(limit=-5)
    results.send((outcome, process_time() - began))
