"""Check every file of a journal and how they relate, and find leftovers, stale locks and open permissions."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from datetime import datetime

from careerkit.core.errors import Problem, Refused
from careerkit.core.hashing import hash_sha256
from careerkit.core.journal.due_items import check_entry_times, check_event_time
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.events import Event, build_history
from careerkit.storage import failures, layout
from careerkit.storage.atomic_write import is_accessible_to_others, is_leftover
from careerkit.storage.backup import Advance
from careerkit.storage.doctor.issues import DoctorReport, Issue
from careerkit.storage.encryption.codec import FileCodec
from careerkit.storage.entry_files import decode_entry, decode_event
from careerkit.storage.file_reader import read_file
from careerkit.storage.machine_state import MachineState
from careerkit.storage.marker import inspect_journal

DAMAGE_CODE_SUFFIXES = ("cut-short", "unreadable", "missing-key", "wrong-type", "duplicate")
"""The code suffixes of problems that make a file unusable. Once it is moved, a backup can restore the right one."""
UNDECRYPTABLE_CODES = ("encrypted-damaged",)
MISPLACED_CODES = ("conflict-copy", "stray-file")


def check_journal(
    journal: str, machine_state: MachineState, codec: FileCodec, *, now: datetime, advance: Advance
) -> DoctorReport:
    """Check everything. `advance` is called for each entry and event. Raises Refused if the journal can't be reached."""
    return _JournalCheck(journal, machine_state, codec, now, advance).run()


class _JournalCheck:
    def __init__(
        self, journal: str, machine_state: MachineState, codec: FileCodec, now: datetime, advance: Advance
    ) -> None:
        self._journal, self._machine_state, self._codec = journal, machine_state, codec
        self._now, self._advance = now, advance
        self._issues: list[Issue] = []
        self._entry_paths: dict[str, str] = {}
        self._start_times: dict[str, datetime] = {}
        self._playbook_users: dict[str, str] = {}
        self._events: dict[str, list[Event]] = {}

    def run(self) -> DoctorReport:
        for problem in inspect_journal(self._journal, self._machine_state).problems:
            self._add_problem(problem)
        entries = sum(self._check_entry(path, entry_id) for path, entry_id in self._list_files(layout.ENTRY_FILES))
        events = sum(self._check_event(path, event_id) for path, event_id in self._list_files(layout.EVENT_FILES))
        self._check_histories()
        playbooks = self._check_playbooks()
        self._issues += [
            *find_leftovers(self._journal),
            *find_stale_locks(self._machine_state),
            *find_open_permissions(self._journal),
        ]
        return DoctorReport(tuple(self._issues), entries, events, playbooks)

    def _list_files(self, file_kind: layout.FileKind) -> list[tuple[str, str]]:
        problems: list[Problem] = []
        files = list(layout.list_files(self._journal, file_kind, problems))
        for problem in (*problems, *layout.find_misplaced_files(self._journal, file_kind)):
            self._add_problem(problem)
        return files

    def _check_entry(self, path: str, entry_id: str) -> int:
        self._advance()
        self._entry_paths[entry_id] = path  # even if it is damaged, its events aren't orphaned
        try:
            loaded = decode_entry(self._codec.decrypt(read_file(path) or b"", path), path)
        except Refused as refused:
            self._add_problems(refused.problems, path)
            return 1
        entry, wrong_times = loaded.entry, [each.at(path) for each in check_entry_times(loaded.entry, now=self._now)]
        self._add_problems((*loaded.problems, *wrong_times), path)
        if entry.id == entry_id:
            self._remember_entry(entry)
        else:
            self._add_problem(failures.entry_id_mismatch(entry.id, path), path)
        return 1

    def _remember_entry(self, entry: Entry) -> None:
        self._start_times[entry.id] = entry.started
        self._playbook_users.setdefault(entry.playbook.sha256, entry.id)

    def _check_event(self, path: str, event_id: str) -> int:
        self._advance()
        try:
            event, warnings = decode_event(self._codec.decrypt(read_file(path) or b"", path), path)
        except Refused as refused:
            self._add_problems(refused.problems, path)
            return 1
        wrong_times = check_event_time(event, now=self._now, entry_started=self._start_times.get(event.entry))
        self._add_problems((*warnings, *(each.at(path) for each in wrong_times)), path)
        if event.id == event_id:
            self._events.setdefault(event.entry, []).append(event)
        else:
            self._add_problem(failures.event_id_mismatch(event.id, path), path)
        return 1

    def _check_histories(self) -> None:
        for entry_id, events in self._events.items():
            history, path = build_history(events), self._entry_paths.get(entry_id, "")
            if history.is_erased and path:
                self._issues.append(Issue(failures.entry_resurrected(entry_id, path), path, "move"))
            elif history.disputed:
                self._add_problem(failures.entry_disputed(entry_id))
            if not path:
                self._add_orphans(events, is_erased=history.is_erased)

    def _add_orphans(self, events: list[Event], *, is_erased: bool) -> None:
        for event in events:
            if event.kind != "tombstone":
                path = layout.event_path(self._journal, event.id)
                problem = failures.orphaned_event(event.entry, path, is_erased=is_erased)
                self._issues.append(Issue(problem, path, "move" if is_erased else ""))

    def _check_playbooks(self) -> int:
        count = 0
        for name in layout.list_names(os.path.join(self._journal, layout.PLAYBOOKS)):
            sha256 = name.removesuffix(layout.FILE_SUFFIX)
            if name.endswith(layout.FILE_SUFFIX) and layout.is_sha256(sha256):
                count += 1
                self._check_playbook(sha256)
        for sha256, entry_id in self._playbook_users.items():
            if not os.path.lexists(layout.playbook_path(self._journal, sha256)):
                self._add_problem(failures.playbook_missing(sha256).at(entry_id))
        return count

    def _check_playbook(self, sha256: str) -> None:
        path = layout.playbook_path(self._journal, sha256)
        try:
            if hash_sha256(self._codec.decrypt(read_file(path) or b"", path)) != sha256:
                self._issues.append(Issue(failures.playbook_changed(path), path, "move"))
        except Refused as refused:
            self._add_problems(refused.problems, path)

    def _add_problems(self, problems: tuple[Problem, ...], path: str) -> None:
        for problem in problems:
            self._add_problem(problem, path)

    def _add_problem(self, problem: Problem, path: str = "") -> None:
        is_movable = (
            problem.code in (*MISPLACED_CODES, *UNDECRYPTABLE_CODES)
            or problem.code.partition("-")[2] in DAMAGE_CODE_SUFFIXES
        )
        self._issues.append(Issue(problem, path or str(problem.where), "move" if is_movable else ""))


def find_leftovers(journal: str) -> Iterator[Issue]:
    """Find abandoned temporary files, which may contain answers. Those in the quarantine are left out."""
    for folder, subfolders, names in os.walk(journal):
        if folder == journal:
            subfolders[:] = [name for name in subfolders if name != layout.QUARANTINE]
        for path in (os.path.join(folder, name) for name in sorted(filter(layout.is_temp_name, names))):
            if is_leftover(path):
                message = "This file was left by a write that was killed."
                hint = "It will be deleted when you next start an entry; --fix moves it now."
                yield Issue(Problem("leftover", message, hint, path, "warning"), path, "move")


def find_stale_locks(machine_state: MachineState) -> Iterator[Issue]:
    """Find lock files that no process holds. They are harmless."""
    for name in layout.list_names(machine_state.locks_folder):
        path = os.path.join(machine_state.locks_folder, name)
        if not _is_locked(path):
            message = "This lock was left by a process that was killed. It is harmless."
            yield Issue(Problem("stale-lock", message, "--fix moves it.", path, "warning"), path, "move")


def find_open_permissions(journal: str) -> Iterator[Issue]:
    """Find files and folders of the journal that other users may access."""
    folders = [journal, *(os.path.join(journal, name) for name in layout.JOURNAL_FOLDERS)]
    folders += [os.path.join(parent, name) for parent in folders[1:] for name in layout.list_names(parent)]
    for path in (
        *filter(os.path.isdir, folders),
        *(os.path.join(journal, name) for name in layout.list_journal_files(journal)),
    ):
        if is_accessible_to_others(path):
            message = "Other users of this machine can open this."
            hint = "--fix changes that, if the disk supports permissions. It may already have been read."
            yield Issue(Problem("open-to-others", message, hint, path, "warning"), path, "close")


def _is_locked(path: str) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
