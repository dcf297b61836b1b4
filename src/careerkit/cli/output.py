"""Print the output of commands: results, problems, notices and progress."""

from __future__ import annotations

import errno
import os
import sys

from careerkit.core.errors import Problem, Refused
from careerkit.core.text import escape_json_control_chars
from careerkit.storage.platform import explain_os_error, is_read_failure
from careerkit.terminal.sanitize import sanitize, sanitize_line, wrap_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Any, TextIO, TypedDict

    from careerkit.cli.options import GlobalOptions

    class ListOutput(TypedDict):
        """Standard output, as the views of lists take it. `columns` is its width."""

        to: TextIO
        columns: int
        encoding: str


DEFAULT_COLUMNS = 80
MAX_COLUMNS = 80
"""Wider lines of notices and problems are hard to read."""
UNLIMITED_COLUMNS = 10_000
"""The width of lists that go to a file or a pipe."""


# ------------------------------------------------------------ results, on standard output


def write(text: str) -> None:
    """Write a result to standard output."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def write_json(document: Any) -> None:
    """Write a JSON document to standard output."""
    write(_dump_json(document))


def write_path(path: str) -> None:
    """Write a path to standard output: unchanged for other programs, sanitised on a terminal."""
    if sys.stdout.isatty():
        write(sanitize_line(path))
    else:  # the bytes of the path, which need not be UTF-8
        sys.stdout.flush()
        sys.stdout.buffer.write(os.fsencode(path) + b"\n")


def list_output() -> ListOutput:
    """Standard output, as the views of lists take it."""
    columns = find_columns(sys.stdout) if sys.stdout.isatty() else UNLIMITED_COLUMNS
    return {"to": sys.stdout, "columns": columns, "encoding": sys.stdout.encoding or "ascii"}


# ------------------------------------------------------------ results, in a file


def check_target(file: str, *, force: bool) -> Path:
    """Check that a file can be written there, before the work for it begins. Returns its path.

    Raises Refused if it is a folder, if its folder doesn't exist, or if it exists and `force` is not given.
    """
    from pathlib import Path  # few commands write to a file

    path = Path(file)
    try:
        if path.is_dir():
            raise Refused(Problem("is-a-folder", "This is a folder.", "Name a file in it.", str(path)))
        if not path.absolute().parent.is_dir():
            raise Refused(Problem("no-folder", "This folder doesn't exist.", "Create it first.", str(path.parent)))
        if path.exists() and not force:
            raise Refused(_file_exists(str(path)))
    except OSError as error:  # the name is too long, for example
        raise Refused(explain_os_error("not-saved", "The file was not written", error, str(path))) from error
    return path


def write_file(file: str, text: str, *, force: bool, quiet: bool = False, subject: str = "The export") -> None:
    """Write a result to `file`, readable by its owner only. Says so, unless `quiet`. `subject` names it in messages.

    Raises Refused if the file exists and `force` is not given, or if it can't be written.
    """
    from careerkit.storage import atomic_write  # likewise

    path = check_target(file, force=force)
    target = str(path.absolute())
    atomic_write.remove_killed_copies(str(path.absolute().parent))
    if force:
        atomic_write.replace_copy(target, atomic_write.make_writer(text.encode()), subject=subject)
    elif not atomic_write.create_copy(target, atomic_write.make_writer(text.encode()), subject=subject):
        raise Refused(_file_exists(str(path)))
    if not quiet:
        sys.stderr.write(f"Written to {sanitize_line(str(path))}\n")


# ------------------------------------------------------------ problems, notices and progress, on standard error


class _Reports:
    """The problems of this run: those to be reported with the next ones, and whether anything could not be read."""

    def __init__(self) -> None:
        self.waiting: list[Problem] = []
        self.read_failures: set[Problem] = set()
        self.is_accepted = False


_reports = _Reports()


def reset_reports() -> None:
    """Forget the problems of an earlier run in this process."""
    _reports.__init__()  # type: ignore[misc]


def report_later(problems: Iterable[Problem]) -> None:
    """Report `problems` with the next ones, or at the end: with --json all of them are one document."""
    _reports.waiting += problems


def report_waiting(*, as_json: bool) -> None:
    """Write the problems that were to be reported later to standard error, if there are any."""
    if _reports.waiting:
        print_problems((), as_json=as_json)


def accept_read_failures(*, as_json: bool) -> None:
    """Report what could not be read, but exit with 0, because the change that was asked for is saved."""
    report_waiting(as_json=as_json)
    _reports.is_accepted = True


def has_read_failures() -> bool:
    """Was it reported that something could not be read? Then the exit code is not 0."""
    return bool(_reports.read_failures) and not _reports.is_accepted


def print_problems(problems: Iterable[Problem], *, as_json: bool, with_codes: bool = False) -> None:
    """Write `problems` to standard error. Without --json, their codes are shown only `with_codes`.

    What could not be read is named only once in a run.
    """
    every = [each for each in (*_reports.waiting, *problems) if each not in _reports.read_failures]
    problems = list(dict.fromkeys(every))
    _reports.waiting = []
    _reports.read_failures.update(filter(is_read_failure, problems))
    if as_json and problems:
        from careerkit.export.json import serialise_problems  # imports the models of entries and playbooks

        sys.stderr.write(_dump_json({"problems": serialise_problems(problems)}) + "\n")
        return
    for problem in problems:
        where = f"{problem.where}: " if str(problem.where) else ""
        severity = "warning: " if problem.severity == "warning" else ""
        code = f"{problem.code}: " if with_codes else ""
        text = f"{sanitize_line(where)}{severity}{code}{sanitize(problem.message)}"
        sys.stderr.write(wrap_for(text, stream=sys.stderr))
        if problem.hint:
            sys.stderr.write(wrap_for(f"  {sanitize(problem.hint)}", stream=sys.stderr))


def print_info(text: str) -> None:
    """Write a sentence or two to standard error, wrapped to the terminal's width. Control characters become visible."""
    columns = min(find_columns(sys.stderr), MAX_COLUMNS) if sys.stderr.isatty() else MAX_COLUMNS
    sys.stderr.write(_wrap(sanitize(text, encoding=sys.stderr.encoding or "ascii"), columns))


def report_crash(error: Exception, *, as_json: bool) -> int:
    """Report a bug in careerkit on standard error, and return the exit code.

    Shows the traceback and the type of the error, but not its message, which may quote an answer.
    """
    import traceback  # needed for this alone

    trace = traceback.TracebackException.from_exception(error, capture_locals=False)
    last = trace.stack[-1]
    if not as_json:
        sys.stderr.write("Traceback (most recent call last):\n" + "".join(trace.stack.format()))
    message = f"This is a bug in careerkit ({type(error).__name__}). Everything reported as saved is saved."
    hint = "Please report these lines. They contain nothing that you wrote."
    print_problems([Problem("own-fault", message, hint, f"{last.filename}:{last.lineno}")], as_json=as_json)
    return 1


def report_output_error(error: OSError, *, as_json: bool) -> int:
    """Report that standard output can't be written, and return the exit code."""
    reason = "it is closed" if error.errno == errno.EBADF else error.strerror or "unknown error"
    problem = Problem("not-written", f"Standard output can't be written: {reason}.", "Everything saved is saved.")
    print_problems([problem], as_json=as_json)
    return 1


def show_progress(
    options: GlobalOptions, title: str, total: int | None = None
) -> AbstractContextManager[Callable[[], None]]:
    """Show a progress bar on the terminal while the block runs. It gets a function to call after each step."""
    from careerkit.terminal.tty import display_progress  # only long tasks have a progress bar

    return display_progress(title, total, to=sys.stderr, plain=options.plain or options.json, color=options.color)


# ------------------------------------------------------------ formatting


def wrap_for(text: str, *, stream: TextIO) -> str:
    """The text as lines that fit the terminal, with their indent kept; unchanged if `stream` is not a terminal."""
    if not stream.isatty():
        return f"{text}\n"
    return "".join(_wrap(line, min(find_columns(stream), MAX_COLUMNS)) for line in text.split("\n"))


def find_columns(stream: TextIO) -> int:
    """The terminal's width. Replaces shutil.get_terminal_size, which takes longer to import than the index to open."""
    named = os.environ.get("COLUMNS", "")
    if named.isdecimal() and int(named):
        return int(named)
    try:
        return os.get_terminal_size(stream.fileno()).columns or DEFAULT_COLUMNS
    except (OSError, ValueError):
        return DEFAULT_COLUMNS


def _file_exists(path: str) -> Problem:
    return Problem("file-exists", "This file exists.", "Choose another name, or add --force.", path)


def _dump_json(document: Any) -> str:
    """One indented JSON document, in characters that standard output can carry. Control characters are escaped."""
    import json  # needed with --json alone

    encoding = (sys.stdout.encoding or "ascii").lower()
    is_ascii = not encoding.startswith("utf")
    # Playbooks have Decimals; as a float, each is written with the fewest digits that identify it.
    return escape_json_control_chars(json.dumps(document, indent=2, ensure_ascii=is_ascii, default=float))


def _wrap(line: str, columns: int) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return "".join(f"{indent}{row}\n" for row in wrap_text(line, columns - len(indent)))
