"""The entry point of careerkit, and the tricks that make it start fast.

Each trick with what it saves, in instructions executed (they don't vary with the load of the machine), and what it costs:

- Garbage collection is off until a session begins: 4 % of `journal list`, 13 % of `--help`. Start-up creates hardly any
  cyclic garbage; the price is a little memory. `cli/run_session.py` turns it on again.
- While prompt_toolkit is imported, no garbage is collected, and two modules that it imports but doesn't need here are
  replaced (`terminal/keys/runner.py`): about 15 % of the time to the first key.
- At exit all objects are frozen, so that Python doesn't collect garbage once more: 6 % of `journal list`. Cyclic garbage
  is not finalized then, so no code may rely on a finalizer: files are closed and output is flushed explicitly. (Exiting
  with `os._exit` would save another 2 %, which isn't worth skipping Python's own cleanup.)
- `--version` is answered here, without the commands: two thirds of its time.
- Well-formed command lines are parsed with the table of commands (`cli/fast_path.py`), so Typer is imported only for
  help, errors and completions. Importing it takes six times as long as Python's own start. A test compares both ways.
- The table names handlers as text, and only the one that runs is imported. Modules that only some calls need (pathlib,
  Rich, Pydantic, prompt_toolkit, the library of playbooks) are imported in the functions that need them, and what a
  session needs is imported after its first line is on the screen.
- The classes of the table and records in `core` are not dataclasses (`core/frozen.py` says why).
"""

from __future__ import annotations

import gc
import os
import sys

from careerkit.version import __version__


def main() -> int:
    """Run careerkit with the process's arguments and return its exit code."""
    gc.disable()
    try:
        return _run(sys.argv[1:])
    finally:
        _flush_output()
        gc.freeze()


def _run(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        print(f"careerkit {__version__}")  # noqa: T201 - a result, on standard output
        return 0
    try:
        from careerkit.cli.process import run_careerkit

        return run_careerkit(arguments)
    except Exception as error:  # noqa: BLE001 - its message may quote an answer, so it must not be shown
        from careerkit.cli.output import report_crash

        return report_crash(error, as_json="--json" in arguments)


def _flush_output() -> None:
    """Flush standard output and error. If that fails, drop the rest, or Python would report an error at exit."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:  # closed by the parent process
            continue
        try:
            stream.flush()
        except (OSError, ValueError):  # the reader is gone, for example
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
