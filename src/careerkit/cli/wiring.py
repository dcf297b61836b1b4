"""The one place where concrete classes are built: journal, library, clock; and, in `screens`, the front end."""

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

    from careerkit.cli.asked import Request
    from careerkit.cli.unlocking import Unlocking
    from careerkit.coaching.screen import Screen
    from careerkit.core.journal.entry import Entry
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
        index.purge_all()  # now too, should this be killed
        try:
            yield journal
        finally:
            index.purge_all()


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


def clock() -> SystemClock:
    from careerkit.storage.system_clock import SystemClock

    return SystemClock()


def playbook_of(journal: DiskJournal, entry: Entry) -> tuple[Playbook, bytes]:
    """The playbook that `entry` was made with and its bytes, from the copy that the journal keeps."""
    source = journal.playbook(entry.playbook.sha256)
    return library().read(source, file=entry.playbook.id, id=entry.playbook.id), source


def playbook_if_kept(request: Request, entry: Entry) -> Playbook | None:
    """The playbook that `entry` was made with, or None where its copy can't be read."""
    try:
        return playbook_of(journal(request), entry)[0]
    except Refused:
        return None


def _index(request: Request, cache: str) -> Index:
    from careerkit.storage.index.file import Index

    def show(count: int) -> AbstractContextManager[Callable[[], None]]:
        if count < UNSEEN:
            return nullcontext(lambda: None)
        from careerkit.cli.screens import progress  # which needs what is built here

        return progress(request, "Indexing the journal", count)

    return Index(cache, version=__version__, progress=show)


def _names_before(request: Request, but: str) -> tuple[str, ...]:
    from careerkit.coaching.names import names_before

    if not reads_unasked(request):
        return ()
    return names_before(journal(request), but=but)


def _in_package(name: str) -> Path | None:
    """A folder that a built careerkit has inside; in a checkout there is none."""
    from pathlib import Path  # as in library

    folder = Path(PACKAGE) / name
    return folder if folder.is_dir() else None
