"""The interaction of a command with the person: choose the front end, select the entry they name, read what they type."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext

from careerkit.cli.container import build_clock, load_settings, open_journal, prefers_ascii
from careerkit.cli.output import accept_read_failures, print_info, report_later, write_json
from careerkit.core.errors import Place, Problem, Refused
from careerkit.core.journal.entry_list import NO_FILTER, EntryFilter, get_handle
from careerkit.storage.platform import find_folders, is_read_failure
from careerkit.terminal import banner
from careerkit.terminal.sanitize import sanitize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TextIO, TypedDict

    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.entry_changes import EntryChanges
    from careerkit.coaching.ports import Screen
    from careerkit.core.journal.entry_list import EntrySummary, Event
    from careerkit.storage.journal import DiskJournal
    from careerkit.terminal.editor import EditorPolicy
    from careerkit.terminal.view_models import Renderer

    class ViewOutput(TypedDict):
        """Standard output, as the views of entries take it."""

        renderer: Renderer
        to: TextIO
        encoding: str


START_HINT = "Start one, for example: careerkit crisis start"
SCAN_LIMIT = 20
"""If the newest entry doesn't fit, this many are searched; if none of them fits, all are."""

MAX_BYTES = 1 << 24
"""More than the longest answers that a playbook allows."""


def is_interactive(options: GlobalOptions) -> bool:
    """Is someone at the keyboard, who can be asked what a script wouldn't expect?"""
    return sys.stdin.isatty() and not options.json


def is_at_terminal(options: GlobalOptions) -> bool:
    """Is someone at a terminal that shows everything that is written?"""
    return is_interactive(options) and sys.stdout.isatty() and sys.stderr.isatty()


def is_full_terminal(options: GlobalOptions) -> bool:
    """Can the rich look be shown?"""
    streams = (sys.stdin, sys.stderr if options.json else sys.stdout, sys.stderr)
    is_full = banner.is_full_terminal(streams, plain=options.plain, environment=os.environ)
    return is_full and not is_plain(options)


def is_plain(options: GlobalOptions) -> bool:
    """Is plain text wanted: with --plain, with ACCESSIBLE set to anything but 0 or false, or by the setting `plain`?"""
    if options.plain or os.environ.get("ACCESSIBLE", "").lower() not in ("", "0", "false"):
        return True
    # Most people have no settings, and the code that reads them takes a while to import.
    return os.path.exists(find_folders().settings) and load_settings().plain  # noqa: PTH110 - see PACKAGE in cli/container.py


def print_banner(options: GlobalOptions, title: str, minutes: int | None, note: str) -> bool:
    """Write the opening at once if the terminal can show the rich look. Was it written?"""
    if is_full_terminal(options):
        banner.write_banner(title, minutes, note, to=sys.stderr, color=options.color, use_ascii=prefers_ascii())
        return True
    return False


def private_screen(options: GlobalOptions) -> AbstractContextManager[None]:
    """With --private, a separate screen that is cleared at the end; without it, or without a terminal, nothing."""
    return alternate_screen(options) if options.private else nullcontext()


def alternate_screen(options: GlobalOptions) -> AbstractContextManager[None]:
    """A separate screen for what must not stay in the scrollback, if the terminal has one."""
    if not is_full_terminal(options):
        return nullcontext()
    from careerkit.terminal.tty import enter_alternate_screen  # not before a session shows its first line

    return enter_alternate_screen(sys.stderr)


def wait_for_enter(options: GlobalOptions) -> None:
    """Let the person read the private screen before it is cleared."""
    if options.private and is_full_terminal(options):
        from careerkit.terminal.tty import wait_before_clearing  # likewise

        wait_before_clearing(to=sys.stderr, stdin=sys.stdin)


def open_screen(options: GlobalOptions, *, saves: bool = True) -> Screen:
    """The front end that fits the options and the terminal. With --json only the document goes to standard output.

    Without `saves`, for a preview, nothing says that answers are saved.
    """
    from careerkit.terminal.plain_renderer import choose_screen  # likewise

    return choose_screen(
        plain=is_plain(options),
        color=options.color,
        stdin=sys.stdin,
        stdout=sys.stderr if options.json else sys.stdout,
        stderr=sys.stderr,
        columns=None,
        encoding=sys.stderr.encoding or "ascii",
        today=lambda: build_clock().now().date(),
        environment=os.environ,
        get_editor_policy=lambda: _choose_editor_policy(options),
        use_ascii=prefers_ascii(),
        saves=saves,
    )


def view_output(options: GlobalOptions) -> ViewOutput:
    """Standard output, as the views of entries take it."""
    from careerkit.terminal.plain_renderer import choose_renderer  # likewise

    encoding = sys.stdout.encoding or "ascii"
    renderer, _ = choose_renderer(
        plain=is_plain(options),
        color=options.color,
        streams=(sys.stdout,),
        columns=None,
        encoding=encoding,
        environment=os.environ,
        use_ascii=prefers_ascii(),
    )
    return {"renderer": renderer, "to": sys.stdout, "encoding": encoding}


def show_view(options: GlobalOptions, text: str, *, encoding: str, paged: bool = True) -> None:
    """Write a rendered view to standard output or, at a terminal, into a pager if it is longer than the screen."""
    if not (paged and is_full_terminal(options)):
        sys.stdout.write(text)
        return
    from careerkit.terminal.plain_renderer import make_size_provider  # likewise

    height = make_size_provider(sys.stdout)()[1]
    if not 0 < height <= text.count("\n"):
        sys.stdout.write(text)
        return
    from careerkit.terminal.external_programs import show_in_pager  # what fits needs no pager

    if not show_in_pager(text, environment=os.environ, height=height, encoding=encoding):
        sys.stdout.write(text)


def select_entry(
    journal: DiskJournal,
    named: str,
    *,
    only: EntryFilter = NO_FILTER,
    fits: Callable[[EntrySummary], bool] | None = None,
    noun: str = "entry",
) -> str:
    """The id of the entry that `named` means or, if it is "", of the newest that matches `only` and fits.

    Raises Refused if there is none. `noun` is what the error calls such an entry.
    """
    if named:
        entry_id = journal.resolve_id(named)
        report_later(journal.read_failures)
        return entry_id
    for newest in (1, SCAN_LIMIT, None) if fits else (1,):
        listing = journal.listing(limit=newest, entry_filter=only)
        report_later(filter(is_read_failure, listing.problems))
        for each in listing.entries:
            if fits is None or fits(each):
                return each.id
    is_unfiltered = only == NO_FILTER or only.state == "open" or fits
    hint = START_HINT if is_unfiltered else "`careerkit journal list` shows your entries."
    raise Refused(Problem("no-entry", f"There is no {noun}.", hint))


def open_changes(
    options: GlobalOptions, named: str, *, only: EntryFilter = NO_FILTER, noun: str = "entry", indexed: bool = True
) -> EntryChanges:
    """The changes of that entry, to add to them. Raises Refused if there is no such entry.

    Without the index, an entry named by its id is found by its file's name alone.
    """
    from careerkit.coaching.entry_changes import EntryChanges  # commands that only read an entry don't need it

    journal = open_journal(options, indexed=indexed)
    entry_id = select_entry(journal, named, only=only, noun=noun)
    return EntryChanges(journal, build_clock(), entry_id, report=report_later)


def describe_entry(options: GlobalOptions, entry_id: str) -> str:
    """What to call the entry in a sentence: its handle, with its title if it can be read."""
    try:
        entry = open_journal(options).read(entry_id).entry
    except Refused:
        return get_handle(entry_id)
    return f"{entry.handle} ({entry.playbook.title})"


def report_change(options: GlobalOptions, entry_id: str, events: Iterable[Event], *sentences: str) -> None:
    """Report a change: the sentences on standard error or, with --json, the recorded events on standard output."""
    ids = [event.id for event in events]
    if ids:
        accept_read_failures(as_json=options.json)
    if options.json:
        write_json({"entry": entry_id, "events": ids})
        return
    for sentence in sentences:
        shown = sanitize(sentence, encoding=sys.stderr.encoding or "ascii")
        if sys.stderr.isatty():
            print_info(shown)
        else:
            sys.stderr.write(f"{shown}\n")


def read_text(file: str | None) -> str:
    """The text of the file, or of standard input if it is None or `-`, without the final line end.

    Raises Refused if it can't be read, is too large or is not UTF-8.
    """
    where = file or ""
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1) if file in (None, "-") else _read_bytes(where)
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise Refused(Problem("unreadable", f"Can't read the file: {reason}.", "Check its name.", where)) from None
    if len(data) > MAX_BYTES:
        raise Refused(Problem("too-large", "The text is larger than 16 MiB.", "Shorten it.", where))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").removesuffix("\n")
    except UnicodeDecodeError as error:
        message = f"Byte {error.start + 1} is not UTF-8."
        raise Refused(Problem("not-utf8", message, "Save the text as UTF-8.", where)) from None


def read_answers(path: str) -> dict[str, Any]:
    """The answers in a TOML file, or on standard input for `-`, by question id.

    Raises Refused, with the place in the file, if it can't be read.
    """
    from careerkit.core.toml_reader import TomlLimitError, parse_toml  # few calls read answers from a file

    def refuse(code: str, message: str, hint: str) -> Refused:
        return Refused(Problem(code, message, hint, Place(path)))

    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1) if path == "-" else _read_bytes(path)
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise refuse("unreadable", f"Can't read the answers file: {reason}.", "Check its name.") from None
    if len(data) > MAX_BYTES:
        raise refuse("too-large", "The answers file is larger than 16 MiB.", "Keep only the answers.")
    try:
        return parse_toml(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise refuse("not-utf8", f"Byte {error.start} is not UTF-8.", "Save the file as UTF-8.") from None
    except TomlLimitError as error:
        code, hint = {
            "depth": ("too-deep", "Answers need no more than a list of tables."),
            "items": ("too-large", "Keep only the answers."),
            "number": ("bad-number", "Write numbers with fewer digits."),
        }[error.excess]
        raise refuse(code, f"The answers file can't be read: {error}.", hint) from None
    except ValueError as error:
        hint = "Write one `question = answer` per line."
        raise refuse("bad-toml", f"This is not TOML: {error}.", hint) from None


def ask_line(prompt: str) -> str:
    """The line typed at the prompt, with its line end; "" at end of input. Later output starts on a new line."""
    line = ""
    try:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        line = _read_line(prompt)
    finally:
        if not line.endswith("\n"):  # after Ctrl-D or Ctrl-C
            sys.stderr.write("\n")
    return line


def _choose_editor_policy(options: GlobalOptions) -> EditorPolicy:
    from careerkit.terminal.editor import EditorPolicy  # most sessions open no editor

    if not open_journal(options).is_encrypted:
        return EditorPolicy.ANYWHERE
    return EditorPolicy.IN_MEMORY if load_settings().editor_when_encrypted else EditorPolicy.OFF


def _read_line(prompt: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline()
    from careerkit.terminal.line_editor import open_reader  # few commands ask for a line

    reader = open_reader(sys.stdin)
    reader.acquire(brackets_pastes=False)
    try:
        return reader.read_line(prompt)
    finally:
        reader.release()


def _read_bytes(file: str) -> bytes:
    with open(file, "rb") as opened:  # noqa: PTH123 - see PACKAGE in cli/container.py
        return opened.read(MAX_BYTES + 1)
