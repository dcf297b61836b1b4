"""A journal on disk: a folder of plain files that git or Syncthing can sync between machines."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime

from careerkit.coaching.signals import defer_signals
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import replace as change
from careerkit.core.journal.entry_list import NO_FILTER, EntryFilter, EntryList
from careerkit.core.journal.fast_reader import FORMAT
from careerkit.core.text import hash_sha256
from careerkit.storage import layout, platform
from careerkit.storage.atomic_write import clean_up_journal, create_file, make_folders, replace_file
from careerkit.storage.catalog import (
    LAST_ENTRY,
    Catalog,
    FolderCatalog,
    IndexFailedError,
    find_newest,
    list_agenda_items,
    list_entries,
    read_events,
    resolve_entry_id,
    unknown_entry,
)
from careerkit.storage.encryption import (
    AgeCodec,
    FileCodec,
    IdentityFile,
    Unlock,
    import_pyrage,
    is_encrypted,
    raise_locked,
)
from careerkit.storage.marker import (
    MachineState,
    Marker,
    WriteGuard,
    ensure_journal,
    inspect_journal,
    lock_entry,
    lock_journal_shared,
    require_writable,
)
from careerkit.storage.platform import read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.core.journal.agenda import AgendaItem
    from careerkit.core.journal.entry import Entry, LoadedEntry
    from careerkit.core.journal.entry_list import Event, EventList
    from careerkit.core.journal.query import SearchQuery
    from careerkit.storage.index.database import JournalIndex


class DiskJournal:
    """The journal in `folder`. What this machine remembers about it and its locks are in the folder `state`.

    No file stays open between calls, and a process may use several journals. Backup, import and repair are in
    JournalMaintenance.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        state: str | os.PathLike[str],
        *,
        unlock: Unlock = raise_locked,
        index: JournalIndex | None = None,
    ) -> None:
        self._folder = os.path.abspath(folder)
        self.machine_state = MachineState(os.path.abspath(state))
        self.codec = AgeCodec(unlock, self.load_identity_file)
        self._index = index
        self._write_guard = WriteGuard()
        self.read_failures: list[Problem] = []
        """What could not be read while `resolve_id` looked for an entry, so that it may have found another one."""

    @property
    def folder(self) -> str:
        return self._folder

    @property
    def machine(self) -> str:
        return self.machine_state.machine_id()

    @property
    def is_encrypted(self) -> bool:
        """Are new files encrypted? Then reading takes the key, but writing doesn't. Raises Refused."""
        return inspect_journal(self._folder, self.machine_state).recipient != ""

    def load_identity_file(self) -> IdentityFile:
        """The file that holds the journal's key. Raises Refused."""
        marker = inspect_journal(self._folder, self.machine_state)
        return IdentityFile(self._folder, marker.journal_id, marker.recipient)

    def ids(self) -> Sequence[str]:
        """The ids of all entries, also removed ones, oldest first. Raises Refused if a folder can't be listed."""
        problems: list[Problem] = []
        ids = sorted(entry_id for _, entry_id in layout.list_files(self._folder, layout.ENTRY_FILES, problems))
        if failures_found := list(filter(platform.is_read_failure, problems)):
            raise Refused(failures_found)
        return tuple(ids)

    def new_id(self, moment: datetime) -> str:
        while True:
            entry_id = layout.generate_entry_id(moment)
            if not os.path.lexists(layout.entry_path(self._folder, entry_id)):
                return entry_id

    @defer_signals()
    def create(self, entry: Entry, playbook: bytes) -> None:
        path, subject = self._get_path(entry.id), f"The entry {entry.handle}"
        text = _encode_entry(entry)
        with self.open_for_writing(entry.id) as codec:
            data = codec.encrypt(text)
            clean_up_journal(self._folder)
            with platform.report_unsaved(entry.id):
                store_playbook_copy(self._folder, playbook, entry.playbook.sha256, codec)
            make_folders(os.path.dirname(path), subject=subject)
            with self._write_guard.record_write(entry, data):
                if not create_file(path, data, subject=subject):
                    raise Refused(platform.entry_exists(entry.id))

    @defer_signals()
    def save(self, entry: Entry, *, playbook: bytes | None = None) -> None:
        self._require_saveable(entry)
        with self.open_for_writing(entry.id, is_new=False) as codec:
            data = codec.encrypt(_encode_entry(entry))
            if playbook is not None:
                with platform.report_unsaved(entry.id):
                    store_playbook_copy(self._folder, playbook, entry.playbook.sha256, codec)
            with self._write_guard.record_write(entry, data):
                replace_file(self._get_path(entry.id), data, subject=f"The last change of the entry {entry.handle}")

    def read(self, entry_id: str) -> LoadedEntry:
        loaded, data = self._read_with_bytes(entry_id)
        if is_encrypted(data) or not self.is_encrypted:
            return loaded
        problem = platform.files_not_encrypted(1, self._get_path(entry_id))
        return type(loaded)(loaded.entry, (*loaded.problems, problem))

    def read_text(self, entry_id: str) -> bytes:
        """The decrypted content of the entry's file, valid or not. Raises Refused."""
        return self.codec.decrypt(self._read_bytes(entry_id), self._get_path(entry_id))

    def read_playbook(self, sha256: str) -> bytes:
        return load_playbook_copy(self._folder, sha256, self.codec)

    def new_event_id(self, moment: datetime) -> str:
        return layout.generate_event_id(moment)

    @defer_signals()
    def append_event(self, event: Event) -> None:
        from careerkit.storage.entry_files import encode_event  # not needed by a list

        if not layout.is_event_id(event.id):
            raise ValueError(event.id)
        path = layout.event_path(self._folder, event.id)
        subject = f"Your change to the entry {event.entry.partition('-')[2]}"
        text = encode_event(event)
        with self.open_for_writing(event.entry) as codec:
            make_folders(os.path.dirname(path), subject=subject)
            if not create_file(path, codec.encrypt(text), subject=subject):
                raise Refused(platform.event_exists(event.id))

    @defer_signals()
    def erase(self, entry_id: str) -> tuple[Problem, ...]:
        from careerkit.storage.erasure import erase_entry  # not needed by anything else

        self._get_path(entry_id)
        try:
            with self.open_for_writing(is_new=False):
                return erase_entry(self._folder, entry_id, self.codec)
        finally:
            if self._index:
                self._index.purge_all()
            self._write_guard.forget(entry_id)

    def events(self, entry_id: str | None = None) -> EventList:
        return read_events(self._folder, self.codec, entry_id=entry_id)

    def listing(
        self, *, limit: int | None = None, entry_filter: EntryFilter = NO_FILTER, search: SearchQuery | None = None
    ) -> EntryList:
        marker = inspect_journal(self._folder, self.machine_state)
        try:
            with self._open_catalog(marker) as catalog:
                found = self._list_entries(catalog, limit, entry_filter, search)
        except IndexFailedError:
            found = self._list_entries(self._open_folder_catalog(), limit, entry_filter, search)
        return change(found, problems=self._add_problems(marker, found.problems))

    def rebuild_index(self) -> bool:
        """Rebuild the index from every file. Returns whether that worked. Raises Refused."""
        stores_text = not inspect_journal(self._folder, self.machine_state).recipient
        return self._index is not None and self._index.rebuild(self._folder, self.codec, stores_text=stores_text)

    def count_stale_index_files(self) -> int:
        """Count the files whose content differs from the index; 0 if there is no index. Raises Refused."""
        marker = inspect_journal(self._folder, self.machine_state)
        if not self._index or not marker.journal_id:
            return 0
        return self._index.count_stale_files(self._folder, self.codec, stores_text=not marker.recipient)

    def agenda(
        self, *, until: date | None = None, limit: int | None = None
    ) -> tuple[list[AgendaItem], tuple[Problem, ...]]:
        marker = inspect_journal(self._folder, self.machine_state)
        try:
            with self._open_catalog(marker) as catalog:
                items, problems = list_agenda_items(catalog, self._folder, self.codec, until=until, limit=limit)
        except IndexFailedError:
            catalog = self._open_folder_catalog()
            items, problems = list_agenda_items(catalog, self._folder, self.codec, until=until, limit=limit)
        return items, self._add_problems(marker, problems)

    def resolve_id(self, prefix: str) -> str:
        try:
            with self._open_catalog(inspect_journal(self._folder, self.machine_state)) as catalog:
                return self._resolve_prefix(catalog, prefix)
        except IndexFailedError:
            return self._resolve_prefix(self._open_folder_catalog(), prefix)

    @contextlib.contextmanager
    def lock_entry(self, entry_id: str) -> Iterator[None]:
        self._get_path(entry_id)
        with platform.report_unsaved(entry_id):
            marker = ensure_journal(self._folder, self.machine_state)
        if marker.recipient:
            import_pyrage()  # don't ask questions whose answers can't be saved
        entry_lock = self.machine_state.entry_lock_path(marker.journal_id, entry_id)
        journal_lock = self.machine_state.journal_lock_path(marker.journal_id)
        with (
            lock_entry(entry_lock, conflict=platform.entry_locked(entry_id)),
            lock_journal_shared(journal_lock, conflict=platform.conversion_running(self._folder)),
        ):
            yield

    @contextlib.contextmanager
    def open_for_writing(self, entry_id: str = "", *, is_new: bool = True) -> Iterator[AgeCodec]:
        """Hold the journal's shared lock while the block runs, and give the codec to write with.

        With `is_new`, a folder that isn't a journal yet becomes one. Raises Refused if the journal can't be written or is
        being converted; the message names the entry if `entry_id` is given.
        """
        with contextlib.ExitStack() as stack:
            with platform.report_unsaved(entry_id) if entry_id else contextlib.nullcontext():
                get_marker = ensure_journal if is_new else require_writable
                journal_id = get_marker(self._folder, self.machine_state).journal_id
                lock_path = self.machine_state.journal_lock_path(journal_id)
                conflict = platform.conversion_running(self._folder)
                stack.enter_context(lock_journal_shared(lock_path, conflict=conflict))
                # Read again: under the lock the recipient can't change any more.
                self.codec.recipient = require_writable(self._folder, self.machine_state).recipient
            yield self.codec

    def _read_with_bytes(self, entry_id: str) -> tuple[LoadedEntry, bytes]:
        from careerkit.storage.entry_files import decode_entry  # not needed by a list

        data = self._read_bytes(entry_id)
        path = self._get_path(entry_id)
        loaded = decode_entry(self.codec.decrypt(data, path), path)
        if loaded.entry.id != entry_id:
            raise Refused(platform.entry_id_mismatch(loaded.entry.id, path))
        self._write_guard.remember(loaded.entry, data)
        return loaded, data

    def _read_bytes(self, entry_id: str) -> bytes:
        path = self._get_path(entry_id)
        try:
            data = read_file(path)
        except Refused:
            inspect_journal(self._folder, self.machine_state)  # if the whole journal can't be reached, say that
            raise
        if data is None:
            inspect_journal(self._folder, self.machine_state)
            raise Refused(unknown_entry(entry_id))
        return data

    def _get_path(self, entry_id: str) -> str:
        if not layout.is_entry_id(entry_id):
            raise Refused(unknown_entry(entry_id))
        return layout.entry_path(self._folder, entry_id)

    def _open_catalog(self, marker: Marker) -> AbstractContextManager[Catalog]:
        """Open the index's catalog, or the folder's if there is no index. Reading it may raise IndexFailedError."""
        if self._index is None or not marker.journal_id:
            return contextlib.nullcontext(self._open_folder_catalog())
        return self._index.query(self._folder, self.codec, stores_text=not marker.recipient)

    def _open_folder_catalog(self) -> Catalog:
        return FolderCatalog(self._folder, self.codec)

    def _list_entries(
        self, catalog: Catalog, limit: int | None, entry_filter: EntryFilter, search: SearchQuery | None
    ) -> EntryList:
        return list_entries(catalog, self._folder, self.codec, limit=limit, entry_filter=entry_filter, search=search)

    def _add_problems(self, marker: Marker, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """The problems of a list or an agenda, with those of the journal as a whole."""
        found = tuple(dict.fromkeys((*marker.problems, *problems, *layout.find_unread_paths(self._folder))))
        if marker.recipient and self.codec.plaintext_paths:
            found += (platform.files_not_encrypted(len(self.codec.plaintext_paths), self._folder),)
        return found

    def _resolve_prefix(self, catalog: Catalog, prefix: str) -> str:
        try:
            entry_id = resolve_entry_id(
                prefix,
                catalog.ids_with_prefix,
                lambda: catalog.ids_newest_first(NO_FILTER),
                lambda ids: find_newest(ids, self._folder, self.codec),
            )
        except Refused as refused:
            raise Refused(dict.fromkeys((*catalog.read_failures(), *refused.problems))) from refused
        self.read_failures = [
            each for each in catalog.read_failures() if self._may_hide_entries(each, prefix, entry_id)
        ]
        return entry_id

    def _may_hide_entries(self, failure: Problem, prefix: str, entry_id: str) -> bool:
        """May `prefix` mean another entry than the one found, because of what could not be read?"""
        wanted = prefix.strip().lower()
        if wanted in (entry_id.lower(), entry_id[15:]):
            return False
        is_folder = not str(failure.where).endswith(layout.FILE_SUFFIX)
        is_event = str(failure.where).startswith(os.path.join(self._folder, layout.EVENTS))
        return is_folder or (is_event and wanted == LAST_ENTRY)

    def _require_saveable(self, entry: Entry) -> None:
        """Raise Refused unless the file still holds this machine's unfinished entry, as this process knows it."""
        path = self._get_path(entry.id)
        with platform.report_unsaved(entry.id):
            machine, data = self.machine, read_file(path)
        if data is None:
            raise Refused(platform.entry_missing(entry.id, path))
        if entry.id not in self._write_guard:
            with platform.report_unsaved(entry.id):
                loaded, _ = self._read_with_bytes(entry.id)
            if loaded.problems and loaded.entry.format <= FORMAT:
                raise Refused(platform.entry_changed(entry.id))
        self._write_guard.require_unchanged(entry, machine=machine, data=data, path=path)


def store_playbook_copy(journal: str, playbook: bytes, sha256: str, codec: AgeCodec) -> None:
    """Store a copy of the playbook, unless there is one. Raises Refused if `sha256` isn't its hash, or on failure."""
    if hash_sha256(playbook) != sha256:
        raise Refused(platform.playbook_mismatch(sha256))
    path, subject = layout.playbook_path(journal, sha256), "The playbook's copy"
    stored = read_file(path)
    if stored is not None and codec.is_up_to_date(stored, playbook):
        return
    make_folders(os.path.dirname(path), subject=subject)
    replace_file(path, codec.encrypt(playbook), subject=subject)  # a damaged copy too


def load_playbook_copy(journal: str, sha256: str, codec: FileCodec) -> bytes:
    """The stored copy of a playbook. Raises Refused if it is missing or doesn't match the hash."""
    path = layout.playbook_path(journal, sha256)
    data = read_file(path) if layout.is_sha256(sha256) else None
    if data is None:
        raise Refused(platform.playbook_missing(sha256))
    source = codec.decrypt(data, path)
    if hash_sha256(source) != sha256:
        raise Refused(platform.playbook_changed(path))
    return source


def _encode_entry(entry: Entry) -> bytes:
    from careerkit.storage.entry_files import encode_entry  # not needed by a list

    return encode_entry(entry)
