"""The one place where concrete classes are built: journal, library, clock, screen."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING

from careerkit.core.problem import Refused
from careerkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import TextIO, TypedDict

    from careerkit.cli.asked import Request
    from careerkit.cli.unlocking import Unlocking
    from careerkit.coaching.screen import Screen
    from careerkit.coaching.seeing import Seen
    from careerkit.core.journal.entry import Entry
    from careerkit.core.journal.trend import Trend
    from careerkit.core.playbook.model import Playbook
    from careerkit.storage.age import Key
    from careerkit.storage.index.file import Index
    from careerkit.storage.journal_care import JournalCare
    from careerkit.storage.journal_folder import DiskJournal
    from careerkit.storage.keyhole import Keyhole
    from careerkit.storage.library import Library
    from careerkit.storage.settings import Settings
    from careerkit.storage.system_clock import SystemClock
    from careerkit.storage.turnover import Turnover
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


UNSEEN = 1000
"""Entries that are indexed before anybody would read what a bar says."""

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib: see library


@lru_cache(maxsize=1)
def library() -> Library:
    """Bundled and personal playbooks."""
    from pathlib import Path  # its import takes as long as a tenth of a list

    from careerkit.cli.built_in import BUILT_IN
    from careerkit.storage.folders import find_folders
    from careerkit.storage.library import Library

    folders = find_folders()
    personal = [Path(folders.playbooks)]
    named = os.environ.get("CAREERKIT_PLAYBOOKS")
    if named:
        personal.append(Path(named).expanduser())
    return Library(
        _in_package("playbooks") or Path(PACKAGE).parent.parent / "playbooks",
        tuple(personal),
        Path(folders.cache),
        __version__,
        reserved=frozenset(BUILT_IN),
        shipped=_in_package("checked"),
    )


def journal(request: Request, *, indexed: bool = True) -> DiskJournal:
    """The journal that the request, the environment, or the platform names."""
    from careerkit.storage.folders import find_folders
    from careerkit.storage.journal_folder import DiskJournal

    folders = find_folders(journal=request.journal or None)

    def unlock(keyhole: Keyhole) -> Key:
        return unlocking(request)(keyhole)  # imported only where something has to be opened

    index = _index(request, folders.cache) if indexed else None
    return DiskJournal(folders.journal, folders.state, unlock=unlock, index=index)


def care(request: Request) -> JournalCare:
    """The care of that journal as a whole."""
    from careerkit.storage.journal_care import JournalCare

    return JournalCare(journal(request))


@lru_cache(maxsize=1)
def unlocking(request: Request) -> Unlocking:
    """What opens encrypted journals, and asks for each only once a run."""
    from careerkit.cli.unlocking import Unlocking

    return Unlocking(request, uses_keyring=settings().passphrase_in_keyring)


def reads_unasked(request: Request) -> bool:
    """Can the journal be read without asking the person for a passphrase?"""
    found = journal(request)
    return not found.is_encrypted or unlocking(request).asks_nobody(found.keyhole())


def opens(request: Request) -> bool:
    """Can the journal be read, now that the person was asked for a passphrase, which they need not give?"""
    return reads_unasked(request) or unlocking(request).offered(journal(request).keyhole())


def say_it_is_plain(request: Request) -> None:
    """Say of what leaves an encrypted journal that it is not encrypted."""
    if journal(request).is_encrypted and not request.json:
        sys.stderr.write("The journal is encrypted; this copy is not.\n")


@contextmanager
def turnover(request: Request) -> Iterator[Turnover]:
    """Be alone with the journal, to encrypt or decrypt it. Nothing is left of the index that it had."""
    from careerkit.storage.folders import find_folders
    from careerkit.storage.turnover import turnover

    folders = find_folders(journal=request.journal or None)
    index = _index(request, folders.cache)
    with turnover(folders.journal, folders.state) as journal:
        try:
            yield journal
        finally:
            index.purge(folders.journal)


def settings() -> Settings:
    """What the person has set; as nothing were set where that can't be read."""
    from careerkit.storage.folders import find_folders
    from careerkit.storage.settings import Settings, read_settings

    try:
        return read_settings(find_folders().settings)
    except Refused:
        return Settings()


def cache_folder() -> str:
    """Where everything lies that can be made anew."""
    from careerkit.storage.folders import find_folders

    return find_folders().cache


def _index(request: Request, cache: str) -> Index:
    from careerkit.storage.index.file import Index

    def show(count: int) -> AbstractContextManager[Callable[[], None]]:
        at_once = count < UNSEEN
        return nullcontext(lambda: None) if at_once else progress(request, "Indexing the journal", count)

    return Index(cache, version=__version__, progress=show)


def names(request: Request, screen: Screen) -> Callable[[str], tuple[str, ...]]:
    """Gives the names of entries other than the one named, where the person has turned that on.

    Settings with something wrong in them are told, and are no reason to keep anybody from beginning.
    """
    from careerkit.storage.folders import find_folders
    from careerkit.storage.settings import Settings, read_settings

    try:
        settings = read_settings(find_folders().settings)
    except Refused as refused:
        screen.complain(refused.problems)
        settings = Settings()
    return lru_cache(lambda but: _names_before(request, but) if settings.offer_names else ())


def _names_before(request: Request, but: str) -> tuple[str, ...]:
    from careerkit.coaching.names import names_before

    if not reads_unasked(request):
        return ()
    return names_before(journal(request), but=but)


def clock() -> SystemClock:
    from careerkit.storage.system_clock import SystemClock

    return SystemClock()


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
        today=lambda: clock().now().date(),
        environment=os.environ,
        editor_use=lambda: _editor_use(request),
    )


def _editor_use(request: Request) -> EditorUse:
    from careerkit.terminal.editor import EditorUse

    if not journal(request).is_encrypted:
        return EditorUse.ANYWHERE
    return EditorUse.IN_MEMORY if settings().editor_when_encrypted else EditorUse.OFF


def progress(request: Request, title: str, total: int | None = None) -> AbstractContextManager[Callable[[], None]]:
    """Show at a terminal how far a long piece of work has come; gives what is to be called after each step."""
    from careerkit.terminal.progress import progress

    return progress(title, total, to=sys.stderr, plain=request.plain or request.json)


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
    if not (in_pager and page(text, environment=os.environ, lines=size_of(sys.stdout)()[1])):
        sys.stdout.write(text)


def show_plan(request: Request, entry: Entry) -> None:
    """Write the plan of an entry to standard output."""
    from careerkit.terminal import entry_view

    entry_view.show_plan(entry, today=clock().now().date(), **_sheet(request))


def show_trend(request: Request, trend: Trend, *, older: int) -> None:
    """Write the chart of one number to standard output."""
    from careerkit.terminal.trend_view import write_trend

    write_trend(trend, older=older, today=clock().now().date(), **_sheet(request))


def _in_package(name: str) -> Path | None:
    """A folder that a built careerkit has inside; in a checkout there is none."""
    from pathlib import Path  # as in library

    folder = Path(PACKAGE) / name
    return folder if folder.is_dir() else None


def playbook_of(journal: DiskJournal, entry: Entry) -> tuple[Playbook, bytes]:
    """The playbook that `entry` was made with and its bytes, from the copy that the journal keeps."""
    source = journal.playbook(entry.playbook.sha256)
    return library().read(source, file=entry.playbook.id, id=entry.playbook.id), source


def paper() -> Paper:
    """Standard output as the views of lists need it."""
    columns = _columns() if sys.stdout.isatty() else 10_000
    return {"to": sys.stdout, "columns": columns, "encoding": sys.stdout.encoding or "ascii"}


def _columns() -> int:
    """As shutil tells them, whose import takes longer than opening the index."""
    named = os.environ.get("COLUMNS", "")
    if named.isdecimal() and int(named):
        return int(named)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def playbook_if_kept(request: Request, entry: Entry) -> Playbook | None:
    """The playbook that `entry` was made with, or None where its copy can't be read."""
    try:
        return playbook_of(journal(request), entry)[0]
    except Refused:
        return None


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
