"""Check every file of a journal and how they relate, and fix what can be fixed without deleting or rewriting a file."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeVar

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.entry_list import Event, build_history
from careerkit.core.text import hash_sha256
from careerkit.storage import layout, platform
from careerkit.storage.atomic_write import (
    OTHERS_MODE_MASK,
    is_accessible_to_others,
    is_leftover,
    make_folders,
    move_file,
)
from careerkit.storage.backup import Advance
from careerkit.storage.encryption import FileCodec
from careerkit.storage.entry_files import decode_entry, decode_event
from careerkit.storage.layout import QUARANTINE, is_temp_name
from careerkit.storage.marker import MachineState, inspect_journal
from careerkit.storage.platform import UNREADABLE, explain_os_error, is_missing, is_read_failure, read_file
from careerkit.storage.unread_files import UNREAD_CODES, describe_each_file, find_file_id, find_right_path

T = TypeVar("T")

DAMAGE_CODE_SUFFIXES = ("cut-short", "unreadable", "missing-key", "wrong-type", "duplicate")
"""The code suffixes of problems that make a file unusable. Once it is moved, a backup can restore the right one."""

MOVABLE_CODES = ("encrypted-damaged", "encrypted-otherwise", "not-a-file", "conflict-copy", "stray-file", UNREADABLE)
"""Other problems that moving the file solves: it is kept, and everything else works without it."""

MAX_CLOCK_SKEW = timedelta(days=1)
"""How much the clocks and time zones of two machines may differ; a rule of thumb."""

MIN_YEAR = 2000
"""A machine that has lost its clock starts in 1970 or 1980."""

FixKind = Literal["", "move", "rename", "close", "reindex"]

MAX_PARTS = 8
"""How many names of a file's path are kept in the quarantine, so that it isn't deeper than backups look."""


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
        self._failures: list[Problem] = []
        self._entry_paths: dict[str, str] = {}
        self._start_times: dict[str, datetime] = {}
        self._playbook_users: dict[str, str] = {}
        self._events: dict[str, list[Event]] = {}

    def run(self) -> DoctorReport:
        for problem in inspect_journal(self._journal, self._machine_state).problems:
            self._add_problem(problem)
        entries = sum(self._check_entry(path, entry_id) for path, entry_id in self._list_files(layout.ENTRY_FILES))
        events = sum(self._check_event(path, event_id) for path, event_id in self._list_files(layout.EVENT_FILES))
        for problem in layout.find_unread_paths(self._journal):
            self._add_unread(problem)
        self._check_histories()
        playbooks = self._collect(self._check_playbooks) or 0
        self._collect(lambda: self._issues.extend(find_leftovers(self._journal, self._failures)))
        self._collect(lambda: self._issues.extend(find_stale_locks(self._machine_state, self._failures)))
        self._collect(lambda: self._issues.extend(find_open_permissions(self._journal, self._failures)))
        for problem in layout.soften_quarantined(self._failures, self._journal):
            if not layout.is_quarantined(str(problem.where), self._journal):
                self._add_problem(problem)
        foreign = tuple(each.problem for each in self._issues if each.problem.code == "foreign-file")
        issues = dict.fromkeys(each for each in self._issues if each.problem.code != "foreign-file")
        return DoctorReport(tuple(issues), entries, events, playbooks, tuple(dict.fromkeys(foreign)))

    def _collect(self, check: Callable[[], T]) -> T | None:
        """The result of a check. If a folder can't be listed for it, that is a problem like others."""
        try:
            return check()
        except Refused as refused:
            self._failures += refused.problems
            return None

    def _list_files(self, file_kind: layout.FileKind) -> list[tuple[str, str]]:
        problems: list[Problem] = []
        files = self._collect(lambda: list(layout.list_files(self._journal, file_kind, problems))) or []
        for problem in problems:
            self._add_unread(problem)
        return files

    def _add_unread(self, problem: Problem) -> None:
        """Add a problem about a file that isn't read. For a folder, add one about each file in it."""
        path = str(problem.where)
        if problem.code not in UNREAD_CODES:
            self._add_problem(problem, fix="")  # a folder that can't be listed
            return
        for each in describe_each_file(path):
            where = str(each.where)
            right = find_right_path(where) if each.code == "stray-file" else ""
            can_rename = right and os.path.dirname(where) == os.path.dirname(path) and not os.path.lexists(right)
            if can_rename or each.code == "not-downloaded":
                self._entry_paths.setdefault(find_file_id(where), where)  # so its events aren't orphaned
            if can_rename:
                self._issues.append(Issue(each, where, "rename"))
            else:
                self._add_problem(each, fix=None if each.code != "not-downloaded" else "")

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
            self._add_problem(platform.entry_id_mismatch(entry.id, path), path)
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
            self._add_problem(platform.event_id_mismatch(event.id, path), path)
        return 1

    def _check_histories(self) -> None:
        for entry_id, events in self._events.items():
            history, path = build_history(events), self._entry_paths.get(entry_id, "")
            if history.is_erased and path:
                self._issues.append(Issue(platform.entry_resurrected(entry_id, path), path, "move"))
            elif history.disputed:
                self._add_problem(platform.entry_disputed(entry_id))
            if not path:
                self._add_orphans(events, is_erased=history.is_erased)

    def _add_orphans(self, events: list[Event], *, is_erased: bool) -> None:
        for event in events:
            if event.kind != "tombstone":
                path = layout.event_path(self._journal, event.id)
                problem = platform.orphaned_event(event.entry, path, is_erased=is_erased)
                self._issues.append(Issue(problem, path, "move" if is_erased else ""))

    def _check_playbooks(self) -> int:
        count = 0
        for name in layout.list_names(os.path.join(self._journal, layout.PLAYBOOKS)):
            if layout.is_playbook_name(name):
                count += 1
                self._check_playbook(name.removesuffix(layout.FILE_SUFFIX))
        for sha256, entry_id in self._playbook_users.items():
            if is_missing(layout.playbook_path(self._journal, sha256)):
                self._add_problem(platform.playbook_missing(sha256).at(entry_id))
        return count

    def _check_playbook(self, sha256: str) -> None:
        path = layout.playbook_path(self._journal, sha256)
        try:
            if hash_sha256(self._codec.decrypt(read_file(path) or b"", path)) != sha256:
                self._issues.append(Issue(platform.playbook_changed(path), path, "move"))
        except Refused as refused:
            self._add_problems(refused.problems, path)

    def _add_problems(self, problems: tuple[Problem, ...], path: str) -> None:
        for problem in problems:
            self._add_problem(problem, path)

    def _add_problem(self, problem: Problem, path: str = "", fix: FixKind | None = None) -> None:
        """Add a problem with its `fix`; with None, the fix depends on its code."""
        if fix is None:
            is_damage = problem.code.partition("-")[2] in DAMAGE_CODE_SUFFIXES
            fix = "move" if is_damage or problem.code in MOVABLE_CODES else ""
        self._issues.append(Issue(problem, path or str(problem.where), fix))


def find_leftovers(journal: str, failures_found: list[Problem]) -> Iterator[Issue]:
    """Find abandoned temporary files, which may contain answers. Those in the quarantine are left out.

    What can't be read is added to `failures_found`.
    """

    def report(error: OSError) -> None:
        if isinstance(error, FileNotFoundError):
            return  # deleted meanwhile, or there is no journal yet
        path = error.filename or journal
        failures_found.append(explain_os_error(UNREADABLE, "The folder can't be listed", error, path))

    for folder, subfolders, names in os.walk(journal, onerror=report):
        if folder == journal:
            subfolders[:] = [name for name in subfolders if name != layout.QUARANTINE]
        for path in (os.path.join(folder, name) for name in sorted(filter(layout.is_temp_name, names))):
            try:
                is_abandoned = is_leftover(path)
            except FileNotFoundError:
                continue
            except OSError as error:
                report(error)
                continue
            if is_abandoned:
                message = "This file was left by a write that was killed."
                hint = "It will be deleted when you next start an entry; --fix moves it now."
                yield Issue(Problem("leftover", message, hint, path, "warning"), path, "move")


def find_stale_locks(machine_state: MachineState, failures_found: list[Problem]) -> Iterator[Issue]:
    """Find lock files that no process holds. They are harmless. What can't be read is added to `failures_found`."""
    for name in layout.list_names(machine_state.locks_folder):
        path = os.path.join(machine_state.locks_folder, name)
        try:
            is_held = _is_locked(path)
        except OSError as error:
            failures_found.append(explain_os_error(UNREADABLE, "The lock can't be checked", error, path))
            continue
        if not is_held:
            message = "This lock was left by a process that was killed. It is harmless."
            yield Issue(Problem("stale-lock", message, "--fix moves it.", path, "warning"), path, "move")


def find_open_permissions(journal: str, failures_found: list[Problem]) -> Iterator[Issue]:
    """Find files and folders of the journal that other users may access. What can't be read is added to `failures_found`."""
    folders = [journal, *(os.path.join(journal, name) for name in layout.JOURNAL_FOLDERS)]
    folders += [os.path.join(parent, name) for parent in folders[1:] for name in layout.list_names(parent)]
    for path in (
        *filter(os.path.isdir, folders),
        *(os.path.join(journal, name) for name in layout.list_journal_files(journal, failures_found)),
    ):
        try:
            is_open = bool(stat.S_IMODE(os.stat(path).st_mode) & OTHERS_MODE_MASK)
        except FileNotFoundError:  # a broken link, too, which is reported where it is read
            continue
        except OSError as error:
            failures_found.append(explain_os_error(UNREADABLE, "Its permissions can't be read", error, path))
            continue
        if is_open:
            message = "Other users of this machine can open this."
            hint = "--fix changes that, if the disk supports permissions. It may already have been read."
            yield Issue(Problem("open-to-others", message, hint, path, "warning"), path, "close")


def _is_locked(path: str) -> bool:
    """Does a process hold this lock file? Raises OSError if that can't be found out."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return True  # it was, a moment ago
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def check_entry_times(entry: Entry, *, now: datetime) -> list[Problem]:
    """Problems with an entry's times; empty if there are none."""
    found = []
    if entry.started > now + MAX_CLOCK_SKEW:
        found.append(
            _build_time_problem(f"This entry was started on {entry.started:%Y-%m-%d}, which is in the future.")
        )
    if entry.started.year < MIN_YEAR:
        found.append(
            _build_time_problem(f"This entry was started on {entry.started:%Y-%m-%d}, long before careerkit existed.")
        )
    if entry.finished and entry.finished < entry.started:
        found.append(_build_time_problem("This entry was finished before it was started."))
    if f"{entry.started.astimezone(UTC):%Y%m%dT%H%MZ}" != entry.id.partition("-")[0]:
        found.append(_build_time_problem("The start time in this entry's id doesn't match the entry."))
    return found


def check_event_time(event: Event, *, now: datetime, entry_started: datetime | None) -> list[Problem]:
    """Problems with an event's time; empty if there are none. `entry_started` is None if it is unknown."""
    if event.at > now + MAX_CLOCK_SKEW:
        return [_build_time_problem(f"This event is dated {event.at:%Y-%m-%d}, which is in the future.")]
    if entry_started and event.at < entry_started - MAX_CLOCK_SKEW:
        return [_build_time_problem("This event is older than its entry.")]
    return []


@frozen
class Issue:
    """A problem, and how it can be fixed.

    `fix` is "move" to move the file at `path` to the quarantine, "rename" to give it its right name, "close" to remove other users' permissions on it,
    "reindex" to rebuild the index, or "" if the user has to fix it.
    """

    problem: Problem
    path: str = ""
    fix: FixKind = ""


@frozen
class DoctorReport:
    """The issues found, and the number of entries, events and playbooks that were checked.

    `foreign` names what other programs keep in the journal's folder. Nothing is wrong with it.
    """

    issues: tuple[Issue, ...]
    entries: int
    events: int
    playbooks: int
    foreign: tuple[Problem, ...] = ()

    def with_problems(self, problems: Iterable[Problem]) -> DoctorReport:
        """Add problems that the user has to fix."""
        return replace(self, issues=(*self.issues, *(Issue(each, str(each.where)) for each in problems)))


@frozen
class AppliedFix:
    """A problem that was fixed, and where its file is now; "" if it wasn't about a file. `is_renamed`: under its right name."""

    problem: Problem
    new_path: str
    is_renamed: bool = False


def fix_issues(issues: Iterable[Issue], *, journal: str, state_folder: str, now: datetime) -> list[AppliedFix]:
    """Apply the fixes "move", "rename" and "close".

    What could not be read before, but can be now, stays where it is: nothing is wrong with it. Raises Refused if a file can't be moved; the fixes before that are applied.
    """
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    applied: list[AppliedFix] = []
    for issue in issues:
        path = issue.path
        if not os.path.lexists(path):
            continue  # already moved for another issue
        match issue.fix:
            case "rename":
                target = find_right_path(path)
                if target and not os.path.lexists(target):
                    move_file(path, target, subject="This file")
                    applied.append(AppliedFix(issue.problem, target, is_renamed=True))
            case "move" if not is_read_failure(issue.problem) or _is_still_unreadable(path):
                base = journal if path.startswith(journal + os.sep) else state_folder
                applied.append(AppliedFix(issue.problem, _move_to_quarantine(path, base, stamp)))
            case "close":
                with contextlib.suppress(OSError):  # FAT, for example, has no permissions
                    os.chmod(path, os.stat(path).st_mode & 0o700)
                if not is_accessible_to_others(path):
                    applied.append(AppliedFix(issue.problem, path))
    return applied


def _build_time_problem(message: str) -> Problem:
    return Problem(
        "odd-time",
        message,
        "A clock was wrong. Nothing is lost, but entries may be listed in the wrong order.",
        "",
        "warning",
    )


def _is_still_unreadable(path: str) -> bool:
    """Is this a file that can't be read? Not a link: what it leads to may only be out of reach."""
    if os.path.islink(path) or os.path.isdir(path):
        return False
    try:
        read_file(path)
    except Refused:
        return True
    return False


def _move_to_quarantine(path: str, base: str, stamp: str) -> str:
    """Move a file, and return its new path. Hidden names become visible ones: only those are backed up and encrypted."""
    parts = os.path.relpath(path, base).split(os.sep)[-MAX_PARTS:]
    relative = os.path.join(*(each if is_temp_name(each) else each.lstrip(".") or "_" for each in parts))
    target, number = os.path.join(base, QUARANTINE, stamp, relative), 1
    while os.path.lexists(target):
        number += 1
        target = os.path.join(base, QUARANTINE, f"{stamp}-{number}", relative)
    make_folders(os.path.dirname(target), subject="The quarantine")
    move_file(path, target, subject="This file")
    return target
