"""How prompt_toolkit is imported while somebody waits: without what it brings along that nobody here uses."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quick_import() -> Iterator[None]:
    """What is imported within takes less time, and what it made is not looked through for garbage ever after."""
    # asyncio works without ssl, as where Python was built without it; no socket to anywhere is opened here.
    left_out = "ssl" not in sys.modules
    if left_out:
        sys.modules["ssl"] = None  # type: ignore[assignment]
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        if left_out:
            del sys.modules["ssl"]
