"""The composition root: builds the journal, the library, the clock and everything else from concrete classes."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache

from careerkit.cli.command_table import COMMANDS, CommandSpec, playbook_command
from careerkit.cli.output import report_later, show_progress
from careerkit.core.errors import Problem, Refused
from careerkit.storage.platform import SystemClock, find_folders, is_read_failure
from careerkit.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from careerkit.cli.options import GlobalOptions
    from careerkit.cli.unlock import KeyProvider
    from careerkit.core.journal.entry import Entry
    from careerkit.core.playbook.model import Playbook
    from careerkit.storage.encryption import AgeKey, IdentityFile
    from careerkit.storage.index.database import JournalIndex
    from careerkit.storage.journal import DiskJournal
    from careerkit.storage.playbook_library import PlaybookLibrary
    from careerkit.storage.settings import Settings
    from careerkit.storage.transfer import JournalConversion, JournalMaintenance


PROGRESS_THRESHOLD = 1000
"""Indexing fewer entries takes less time than reading a progress bar."""

COMPLETION_VARIABLE = "_CAREERKIT_COMPLETE"
"""Set by the shell when it asks for completions, which Typer handles."""
PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib takes a tenth of the time of `journal list`
CHECKOUT = os.path.dirname(os.path.dirname(PACKAGE))  # noqa: PTH120
CHECKOUT_PLAYBOOKS = os.path.join(CHECKOUT, "playbooks")  # noqa: PTH118
CHECKOUT_CACHE = os.path.join(CHECKOUT, "build", "clean", "playbooks")  # noqa: PTH118
"""Which bundled playbooks had no problem when the checkout was installed; hatch_build.py writes it."""


@lru_cache(maxsize=1)
def open_library() -> PlaybookLibrary:
    """The bundled and the personal playbooks."""
    from careerkit.storage.playbook_library import PlaybookLibrary  # few commands need playbooks

    def find_in_package(name: str) -> str | None:
        """A folder inside the installed package; a checkout doesn't have it."""
        folder = os.path.join(PACKAGE, name)  # noqa: PTH118 - as for PACKAGE
        return folder if os.path.isdir(folder) else None  # noqa: PTH112

    folders = find_folders()
    personal = [folders.playbooks]
    named = os.environ.get("CAREERKIT_PLAYBOOKS")
    if named:
        personal.append(os.path.expanduser(named))  # noqa: PTH111 - as for PACKAGE
    shipped = find_in_package("checked")
    return PlaybookLibrary(
        find_in_package("playbooks") or CHECKOUT_PLAYBOOKS,
        tuple(personal),
        folders.cache,
        __version__,
        reserved=frozenset(COMMANDS),
        shipped=shipped or CHECKOUT_CACHE,
        is_checkout=shipped is None,
    )


def find_playbook_command(group: str, name: str) -> CommandSpec | None:
    """The command `careerkit GROUP NAME`, or None if there is no such playbook."""
    playbook_id = f"{group}/{name}"
    found = next((each for each in open_library().listing() if each.id == playbook_id), None)
    return playbook_command(playbook_id, found.summary, found.minutes) if found else None


def open_journal(options: GlobalOptions, *, indexed: bool = True) -> DiskJournal:
    """The journal that the options, the environment or the platform names. Asks for the passphrase when it is needed."""
    from careerkit.storage.journal import DiskJournal  # not before a session shows its first line

    folders = find_folders(journal=options.journal or None)

    def unlock(identity_file: IdentityFile) -> AgeKey:
        return get_key_provider(options)(identity_file)

    index = _open_index(options, folders.cache) if indexed else None
    return DiskJournal(folders.journal, folders.state, unlock=unlock, index=index)


def open_maintenance(options: GlobalOptions) -> JournalMaintenance:
    """Backup, import, checks and everything else that concerns the journal as a whole."""
    from careerkit.storage.transfer import JournalMaintenance  # few commands need it

    return JournalMaintenance(open_journal(options))


@contextmanager
def open_conversion(options: GlobalOptions) -> Iterator[JournalConversion]:
    """Hold the journal exclusively, to encrypt or decrypt it. Its index is deleted before and after.

    Raises Refused if another process is using the journal.
    """
    from careerkit.storage.transfer import begin_conversion  # few commands need it

    folders = find_folders(journal=options.journal or None)
    index = _open_index(options, folders.cache)
    with begin_conversion(folders.journal, folders.state) as journal:
        index.purge_all()  # before it too, in case the process is killed
        try:
            yield journal
        finally:
            index.purge_all()


def erase_journal(options: GlobalOptions) -> None:
    """Delete the journal for good, with its index before and after. Raises Refused if it is in use, or a file can't be deleted."""
    from careerkit.storage import erasure  # no other command needs it

    journal = open_journal(options, indexed=False)
    cache = find_folders(journal=options.journal or None).cache
    index = _open_index(options, cache)
    index.purge_all()
    try:
        erasure.erase_journal(journal.folder, journal.machine_state)
    finally:
        index.purge_all()
    index.purge_all(and_state_of=journal.folder)


@lru_cache(maxsize=1)
def get_key_provider(options: GlobalOptions) -> KeyProvider:
    """The provider of keys for encrypted journals. It asks for each only once per run."""
    from careerkit.cli.unlock import KeyProvider  # needed only for encrypted journals

    return KeyProvider(options, uses_keyring=load_settings().passphrase_in_keyring)


def is_readable_without_prompt(options: GlobalOptions) -> bool:
    """Can the journal be read without asking the person for a passphrase?"""
    journal = open_journal(options)
    return not journal.is_encrypted or get_key_provider(options).is_noninteractive(journal.load_identity_file())


def ask_to_unlock(options: GlobalOptions) -> bool:
    """Can the journal be read? If that takes a passphrase, asks the person, who may skip it."""
    if is_readable_without_prompt(options):
        return True
    return get_key_provider(options).ask_optional(open_journal(options).load_identity_file())


def warn_plaintext(options: GlobalOptions) -> None:
    """Point out that a copy taken out of an encrypted journal is not encrypted."""
    if open_journal(options).is_encrypted and not options.json:
        sys.stderr.write("The journal is encrypted; this copy is not.\n")


def _report_read_failures(problems: Sequence[Problem]) -> None:
    """Report what the system could not read. What is wrong with the content is reported by the commands for it."""
    report_later(filter(is_read_failure, problems))


def load_settings(report: Callable[[Sequence[Problem]], object] = _report_read_failures) -> Settings:
    """The person's settings. If they can't be read, calls `report` with the problems and returns the defaults."""
    from careerkit.storage.settings import Settings, read_settings  # lists and notes need no settings

    try:
        return read_settings(find_folders().settings)
    except Refused as refused:
        report(refused.problems)
        return Settings()


def prefers_ascii() -> bool:
    """Has the person set `ascii`? Most people have no settings, so nothing is imported to find out."""
    return os.path.exists(find_folders().settings) and load_settings().ascii  # noqa: PTH110 - as for PACKAGE


def build_clock() -> SystemClock:
    """The system's clock."""
    return SystemClock()


def load_playbook(journal: DiskJournal, entry: Entry) -> tuple[Playbook, bytes]:
    """The playbook that `entry` was made with and its source, from the journal's copy.

    Raises Refused if the copy is missing or can't be used.
    """
    source = journal.read_playbook(entry.playbook.sha256)
    return open_library().read(source, file=entry.playbook.id, id=entry.playbook.id), source


def find_playbook(options: GlobalOptions, entry: Entry) -> Playbook | None:
    """The playbook that `entry` was made with, or None if its copy can't be read."""
    try:
        return load_playbook(open_journal(options), entry)[0]
    except Refused as refused:
        _report_read_failures(refused.problems)
        return None


def _open_index(options: GlobalOptions, cache: str) -> JournalIndex:
    from careerkit.storage.index.database import JournalIndex  # not before a session shows its first line

    def start_progress(count: int) -> AbstractContextManager[Callable[[], None]]:
        if count < PROGRESS_THRESHOLD:
            return nullcontext(lambda: None)
        return show_progress(options, "Indexing the journal", count)

    return JournalIndex(cache, version=__version__, start_progress=start_progress)
