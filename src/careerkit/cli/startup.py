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
- Well-formed command lines are parsed with the table of commands (`cli/process.py`), so Typer is imported only for
  help, errors and completions. Importing it takes six times as long as Python's own start. A test compares both ways.
- The table names handlers as text, and only the one that runs is imported. Modules that only some calls need (pathlib,
  Rich, Pydantic, prompt_toolkit, the library of playbooks) are imported in the functions that need them, and what a
  session needs is imported after its first line is on the screen.
- Signals are set through the built-in module `_signal` (`coaching/signals.py`): the module signal wraps the same functions
  in enums, and importing both takes 7 % of `journal list`. The price is a private name, which CPython and PyPy have.
- typing, enum and re are imported by no module that a list, the agenda or `plan show` needs: 14 % of `plan show`.
  `core/frozen.py` has what stands in for typing. `tests/cli/test_imports.py` pins what each fast command imports.
- An answers file is run without opening a screen, unless the playbook has a note to show: about a tenth.
- The classes of the table and records in `core` are not dataclasses (`core/frozen.py` says why).
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from io import BufferedWriter, FileIO, TextIOWrapper

from careerkit.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class OutputFile(FileIO):
    """Standard output or error. `failure` is its last error, so that it can be told from those of other files.

    If `is_lenient`, errors aren't raised: no command fails because a message can't be written when its work is half done.
    """

    failure: OSError | None = None
    is_lenient = False

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError as error:
            self.failure = error
            if self.is_lenient:
                return len(data)
            raise


def main() -> int:
    """Run careerkit with the process's arguments and return its exit code."""
    gc.disable()
    os.umask(0o077)  # whatever it was: it may have denied us our own folders
    _open_closed_streams()
    arguments = sys.argv[1:]
    try:
        return _run(arguments) or _flush_result(arguments)
    finally:
        _flush_rest()
        gc.freeze()


def _run(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        with suppress(OSError):  # reported when the rest is flushed
            print(f"careerkit {__version__}")  # noqa: T201 - a result, on standard output
        return 0
    try:
        from careerkit.coaching.signals import end_quietly_on_signals

        end_quietly_on_signals()
        from careerkit.cli.process import run_careerkit

        code = run_careerkit(arguments)
    except Exception as error:  # noqa: BLE001 - its message may quote an answer, so it must not be shown
        from careerkit.cli.output import report_crash

        return report_crash(error, as_json="--json" in arguments)
    end_quietly_on_signals()
    return code


def _open_closed_streams() -> None:
    """Open a stream for each standard one that the parent process has closed, so that no file of ours gets its number.

    Nothing can be read from such an input, and writing to such an output fails; what goes to standard error is dropped.
    """
    if sys.stdin is None:
        sys.stdin = open(_open_null(0, os.O_RDONLY), encoding="utf-8", closefd=False)  # noqa: SIM115 - for the whole run
    if sys.stdout is None:
        sys.stdout = open(_open_null(1, os.O_RDONLY), "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - likewise
    if sys.stderr is None:
        sys.stderr = open(_open_null(2, os.O_WRONLY), "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - likewise
    sys.stdout, sys.stderr = _wrap(sys.stdout, is_lenient=False), _wrap(sys.stderr, is_lenient=True)


def _open_null(descriptor: int, mode: int) -> int:
    opened = os.open(os.devnull, mode)
    if opened != descriptor:
        os.dup2(opened, descriptor)
        os.close(opened)
    return descriptor


def _wrap(stream: Any, *, is_lenient: bool) -> Any:
    if not isinstance(stream, TextIOWrapper):
        return stream
    file = OutputFile(stream.fileno(), "w", closefd=False)
    file.is_lenient = is_lenient
    is_prompt = is_lenient or stream.line_buffering
    return TextIOWrapper(BufferedWriter(file), stream.encoding, stream.errors, line_buffering=is_prompt)


def _flush_result(arguments: list[str]) -> int:
    """Flush standard output; returns the exit code."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        return 0
    except OSError as error:
        from careerkit.cli.output import report_output_error

        return report_output_error(error, as_json="--json" in arguments)
    return 0


def _flush_rest() -> None:
    """Flush standard output and error. If that fails, drop the rest, or Python would report an error at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # the reader is gone, for example
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
