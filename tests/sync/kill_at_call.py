"""Run some work in a child process and kill it, for real, at a chosen system call."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable

SYSTEM_CALLS = ("open", "write", "fsync", "pread", "fchmod", "close", "rename", "replace", "link", "unlink", "mkdir")


def kill_at_call(call: int, work: Callable[[], object]) -> bool:
    """Do `work` in a child that SIGKILL ends before that call of the system, counted from 0. Was it killed?

    Where it makes fewer calls it comes to its end, and must not fail.
    """
    child = os.fork()
    if not child:
        try:
            _kill_before(call)
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the work failed"
    return os.WIFSIGNALED(status)


def _kill_before(call: int) -> None:
    left = call

    def counted(real: Callable) -> Callable:
        def wrapper(*arguments, **named):
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return real(*arguments, **named)

        return wrapper

    for name in SYSTEM_CALLS:
        setattr(os, name, counted(getattr(os, name)))
