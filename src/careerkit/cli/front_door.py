"""The entry point: it answers `--version` by itself and hands everything else to the commands."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import suppress


def main() -> int:
    """Run careerkit with the process's arguments and give its exit code."""
    if sys.argv[1:] == ["--version"]:
        from careerkit.version import __version__

        print(f"careerkit {__version__}")  # noqa: T201 - a result, on standard output
        return 0
    gc.disable()  # a start makes no garbage worth looking for; a conversation turns it on again
    try:
        from careerkit.cli.run import run

        return run(sys.argv[1:])
    except Exception as error:  # noqa: BLE001 - whatever it is, no answer may stand in what is shown of it
        from careerkit.cli.own_fault import tell_own_fault

        return tell_own_fault(error, as_json="--json" in sys.argv)


def main_and_leave() -> None:
    """As `main`, and the process ends here, with that exit code.

    Python would take its modules down one by one, which takes a tenth of a command's time; the system does it at once.
    What is registered for the end is done, and what is written is flushed, as always.
    """
    code = main()
    atexit._run_exitfuncs()  # noqa: SLF001 - as multiprocessing ends its children; there is no public way
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # a reader who is gone
            stream.flush()
    os._exit(code)
