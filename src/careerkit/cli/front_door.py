"""The entry point: it answers `--version` by itself and hands everything else to the commands."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run careerkit with the process's arguments and give its exit code."""
    if sys.argv[1:] == ["--version"]:
        from careerkit.version import __version__

        print(f"careerkit {__version__}")  # noqa: T201 - a result, on standard output
        return 0
    gc.disable()  # a start makes no garbage worth looking for; a conversation turns it on again
    from careerkit.cli.run import run

    return run(sys.argv[1:])
