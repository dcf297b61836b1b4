"""A mistake of careerkit's own, told without anything that a person wrote: an exception's message may hold an answer."""

from __future__ import annotations

import sys

from careerkit.cli.errors import tell
from careerkit.core.problem import Problem


def tell_own_fault(error: Exception, *, as_json: bool) -> int:
    """Say on standard error where in the code it happened, and what kind of mistake it is; gives the exit code."""
    import traceback

    told = traceback.TracebackException.from_exception(error, capture_locals=False)
    last = told.stack[-1]
    if not as_json:
        sys.stderr.write("Traceback (most recent call last):\n" + "".join(told.stack.format()))
    kind = type(error).__name__
    message = f"This is a mistake in careerkit, not yours ({kind}). What was said to be saved is saved."
    hint = "Please report these lines. Nothing that you wrote is in them."
    tell([Problem("own-fault", message, hint, f"{last.filename}:{last.lineno}")], as_json=as_json)
    return 1
