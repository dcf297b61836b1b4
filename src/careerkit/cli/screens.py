"""What the commands show and ask through: the front end that fits, the views, and what a terminal is good for."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from careerkit.cli import wiring

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import TextIO, TypedDict

    from careerkit.cli.asked import Request
    from careerkit.coaching.screen import Screen
    from careerkit.coaching.seeing import Seen
    from careerkit.core.journal.entry import Entry
    from careerkit.core.journal.trend import Trend
    from careerkit.terminal.editor import EditorUse
    from careerkit.terminal.look import Look

    class Sheet(TypedDict):
        """Standard output as the views of entries need it."""

        look: Look
        to: TextIO
        encoding: str

    class Paper(TypedDict):
        """Where a list is written, how wide that is, and what it can carry."""

        to: TextIO
        columns: int
        encoding: str


def screen(request: Request) -> Screen:
    """The front end that fits the request and the terminal. With JSON, nothing but the document goes to stdout."""
    from careerkit.terminal.front import choose_screen

    return choose_screen(
        plain=request.plain,
        color=request.color,
        stdin=sys.stdin,
        stdout=sys.stderr if request.json else sys.stdout,
        stderr=sys.stderr,
        columns=None,
        encoding=sys.stderr.encoding or "ascii",
        today=lambda: wiring.clock().now().date(),
        environment=os.environ,
        editor_use=lambda: _editor_use(request),
    )


def is_full_terminal(request: Request) -> bool:
    """Can the rich look be shown?"""
    from careerkit.terminal.opening import is_full_terminal

    streams = (sys.stdin, sys.stderr if request.json else sys.stdout, sys.stderr)
    return is_full_terminal(streams, plain=request.plain, environment=os.environ)


def is_interactive(request: Request) -> bool:
    """Does a person sit at the keyboard, to whom something may be offered that no script expects?"""
    return sys.stdin.isatty() and not request.json


def is_at_terminal(request: Request) -> bool:
    """Does a person sit at a terminal that shows all that is written?"""
    return is_interactive(request) and sys.stdout.isatty() and sys.stderr.isatty()


def greet(request: Request, title: str, minutes: int | None, note: str) -> bool:
    """Write the opening at once where the terminal can show the rich look. Was it written?"""
    from careerkit.terminal.opening import greet

    if is_full_terminal(request):
        greet(title, minutes, note, to=sys.stderr, color=request.color)
        return True
    return False


def curtain(request: Request) -> AbstractContextManager[None]:
    """With --private, a screen of its own for the conversation; there is none where no terminal is."""
    return own_screen(request) if request.private else nullcontext()


def own_screen(request: Request) -> AbstractContextManager[None]:
    """A screen of its own for what must not stay in the scrollback, where the terminal has one."""
    if not is_full_terminal(request):
        return nullcontext()
    from careerkit.terminal.curtain import curtain

    return curtain(sys.stderr)


def linger(request: Request) -> None:
    """Before the screen of --private is cleared: wait for the person to have read it."""
    if request.private and is_full_terminal(request):
        from careerkit.terminal.curtain import linger

        linger(to=sys.stderr, answers=sys.stdin)


def progress(request: Request, title: str, total: int | None = None) -> AbstractContextManager[Callable[[], None]]:
    """Show at a terminal how far a long piece of work has come; gives what is to be called after each step."""
    from careerkit.terminal.progress import progress

    return progress(title, total, to=sys.stderr, plain=request.plain or request.json, color=request.color)


def show_entry(request: Request, seen: Seen, *, paged: bool) -> None:
    """Write a saved entry to standard output; where it is longer than a terminal, into a pager."""
    from careerkit.terminal.entry_view import painted_entry
    from careerkit.terminal.front import size_of
    from careerkit.terminal.pager import page

    sheet = _sheet(request)
    text = painted_entry(
        seen.entry,
        history=seen.history,
        playbook=seen.playbook,
        news=seen.news,
        look=sheet["look"],
        encoding=sheet["encoding"],
    )
    in_pager = paged and not request.plain and is_full_terminal(request)
    lines = size_of(sys.stdout)()[1] if in_pager else 0
    if not page(text, environment=os.environ, lines=lines, encoding=sheet["encoding"]):
        sys.stdout.write(text)


def show_plan(request: Request, entry: Entry, corrected: datetime | None) -> None:
    """Write the plan of an entry to standard output. `corrected`: when its answers were, after it was given."""
    from careerkit.terminal import entry_view

    entry_view.show_plan(entry, corrected=corrected, today=wiring.clock().now().date(), **_sheet(request))


def show_trend(request: Request, trend: Trend, *, older: int) -> None:
    """Write the chart of one number to standard output."""
    from careerkit.terminal.trend_view import write_trend

    write_trend(trend, older=older, today=wiring.clock().now().date(), **_sheet(request))


def paper() -> Paper:
    """Standard output as the views of lists need it."""
    columns = _columns() if sys.stdout.isatty() else 10_000
    return {"to": sys.stdout, "columns": columns, "encoding": sys.stdout.encoding or "ascii"}


def _editor_use(request: Request) -> EditorUse:
    from careerkit.terminal.editor import EditorUse

    if not wiring.journal(request).is_encrypted:
        return EditorUse.ANYWHERE
    return EditorUse.IN_MEMORY if wiring.settings().editor_when_encrypted else EditorUse.OFF


def _columns() -> int:
    """As shutil tells them, whose import takes longer than opening the index."""
    named = os.environ.get("COLUMNS", "")
    if named.isdecimal() and int(named):
        return int(named)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _sheet(request: Request) -> Sheet:
    from careerkit.terminal.front import choose_look

    encoding = sys.stdout.encoding or "ascii"
    look, _ = choose_look(
        plain=request.plain,
        color=request.color,
        streams=(sys.stdout,),
        columns=None,
        encoding=encoding,
        environment=os.environ,
    )
    return {"look": look, "to": sys.stdout, "encoding": encoding}
