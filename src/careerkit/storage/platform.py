"""The platform: the user's folders, the clock, reading files, and the problems that the operating system reports."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.journal.entry_list import get_handle
from careerkit.core.text import format_count

APP_NAME = "careerkit"
XDG_FOLDERS = (
    ("XDG_DATA_HOME", ".local/share"),
    ("XDG_CONFIG_HOME", ".config"),
    ("XDG_CACHE_HOME", ".cache"),
    ("XDG_STATE_HOME", ".local/state"),
)
ZONEINFO_FOLDER = "/zoneinfo/"
ZONEINFO_VARIANTS = ("posix/", "right/")

UNREADABLE = "unreadable"
"""The code of a file or folder that exists, but which the system can't read. It may be readable the next time."""

MAX_FILE_BYTES = 1 << 28
"""No file of a journal is this large, but one that is would fill the memory."""


@frozen
class UserFolders:
    """Absolute paths, which need not exist yet."""

    journal: str
    data: str
    config: str
    cache: str
    state: str

    @property
    def settings(self) -> str:
        """The path of the settings file."""
        return os.path.join(self.config, "settings.toml")

    @property
    def playbooks(self) -> str:
        """The folder of the user's own playbooks."""
        return os.path.join(self.config, "playbooks")


def find_folders(
    environ: Mapping[str, str] | None = None, *, journal: str | None = None, platform: str = sys.platform
) -> UserFolders:
    """The folders by the platform's rules. `journal` or else CAREERKIT_JOURNAL overrides the journal's folder.

    Raises Refused if that takes a home folder and none is known.
    """
    known = os.environ if environ is None else environ
    data, config, cache, state = _find_platform_folders() if platform == "darwin" else _find_xdg_folders(known)
    chosen = journal or known.get("CAREERKIT_JOURNAL") or os.path.join(data, "journal")
    return UserFolders(os.path.abspath(_expand_user(chosen, known)), data, config, cache, state)


def make_private_folder(path: str) -> None:
    """Create a folder and its missing parents, for the owner only. Raises OSError.

    It doesn't sync them. Folders in a journal are created with `atomic_write.make_folders`.
    """
    if not path or os.path.isdir(path):
        return
    make_private_folder(os.path.dirname(path))
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, 0o700)


def _find_xdg_folders(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Like platformdirs, whose import would take longer than everything else in `journal list`.

    Relative paths are ignored, as the XDG specification demands.
    """
    return tuple(os.path.join(_resolve_xdg(environ, variable, below), APP_NAME) for variable, below in XDG_FOLDERS)


def _resolve_xdg(environ: Mapping[str, str], variable: str, default: str) -> str:
    named = environ.get(variable, "")
    return named if os.path.isabs(named) else _expand_user(os.path.join("~", default), environ)


def _expand_user(path: str, environ: Mapping[str, str]) -> str:
    if path != "~" and not path.startswith("~/"):
        return os.path.expanduser(path)
    home = environ.get("HOME") or os.path.expanduser("~")
    if os.path.isabs(home):
        return os.path.normpath(home + path[1:])
    message = "The journal should be in your home folder, but careerkit can't find that."
    raise Refused(Problem("no-home", message, "Set HOME to an absolute path.", home))


def _find_platform_folders() -> tuple[str, ...]:
    from platformdirs import PlatformDirs  # slow to import

    dirs = PlatformDirs(APP_NAME, appauthor=False)
    return dirs.user_data_dir, dirs.user_config_dir, dirs.user_cache_dir, dirs.user_state_dir


class SystemClock:
    """The system's clock. Times have a fixed UTC offset, so that later changes to a zone's rules don't affect them."""

    def __init__(self, environ: Mapping[str, str] | None = None, *, localtime: str = "/etc/localtime") -> None:
        self._environ = os.environ if environ is None else environ
        self._localtime = localtime

    def now(self) -> datetime:
        """The time in the local zone. In UTC if the zone's offset is a day or more, which no file could hold."""
        try:
            return datetime.now().astimezone()
        except ValueError:
            return datetime.now(UTC)

    def zone(self) -> str:
        """The name of the time zone, such as Europe/Berlin; "" if it is unknown."""
        variable = self._environ.get("TZ")
        if variable is not None:
            return _parse_tz_variable(variable.removeprefix(":"))
        return _parse_zone_path(os.path.realpath(self._localtime)) or _parse_zone_path(self._read_link())

    def _read_link(self) -> str:
        try:
            return os.readlink(self._localtime)
        except OSError:
            return ""


def is_read_failure(problem: Problem) -> bool:
    """Did the system fail to read something? Then results may be incomplete, whatever else is shown."""
    return problem.code == UNREADABLE and problem.severity == "error"


@contextlib.contextmanager
def report_unsaved(entry_id: str) -> Iterator[None]:
    """Put "The last change was not saved" before whatever the block refuses."""
    try:
        yield
    except Refused as refused:
        message = f"The last change of the entry {get_handle(entry_id)} was not saved."
        raise Refused([Problem("not-saved", message, "", entry_id), *refused.problems]) from refused


def entry_exists(entry_id: str) -> Problem:
    return Problem("entry-exists", "Nothing was saved: there is already an entry with this id.", "", entry_id)


def event_exists(event_id: str) -> Problem:
    return Problem("event-exists", "Nothing was saved: there is already an event with this id.", "Try again.", event_id)


def entry_missing(entry_id: str, path: str) -> Problem:
    message = f"The last change was not saved: the entry's file is gone from {path}."
    hint = "If it is on another disk, connect it. If you moved it, put it back."
    return Problem("entry-gone", message, hint, entry_id)


def entry_owned_elsewhere(entry_id: str) -> Problem:
    message = "Nothing was saved: this entry was started on another machine, and only that one can change it."
    return Problem("entry-elsewhere", message, "`careerkit resume` continues it here as a new entry.", entry_id)


def entry_finished(entry_id: str) -> Problem:
    message = "Nothing was saved: this entry is finished, and finished entries don't change."
    return Problem("entry-finished", message, "`careerkit journal edit` adds a correction.", entry_id)


def entry_changed(entry_id: str) -> Problem:
    message = "The last change was not saved: another program has changed the entry's file."
    hint = "Quit, check the file, and continue with `careerkit resume`."
    return Problem("entry-changed-meanwhile", message, hint, entry_id)


def entry_locked(entry_id: str) -> Problem:
    message = "This entry is already open in another careerkit window."
    return Problem("entry-held", message, "Continue in that window, or close it first.", entry_id)


def conversion_running(folder: str) -> Problem:
    message = "This journal is being encrypted or decrypted right now."
    return Problem("journal-turning-over", message, "Wait until that has finished, then try again.", folder)


def journal_in_use(folder: str) -> Problem:
    message = "careerkit is already using this journal in another window."
    return Problem("journal-in-use", message, "Quit it (your answers are saved), then try again.", folder)


def files_not_encrypted(count: int, path: str) -> Problem:
    subject = "This file is" if count == 1 else f"{format_count(count, 'file')} are"
    message = f"{subject} not encrypted, although the journal is."
    hint = "`careerkit journal encrypt` encrypts what was added from elsewhere or written earlier."
    return Problem("not-encrypted", message, hint, path, "warning")


def entry_id_mismatch(found: str, path: str) -> Problem:
    message = f"This file has the wrong name: it contains the entry {found}."
    return Problem("stray-file", message, "Rename it, or move it out of the journal.", path)


def unlisted_id_mismatch(found: str, path: str) -> Problem:
    message = f"This file is not listed, because it has the wrong name: it contains the entry {found}."
    return Problem("stray-file", message, "Rename it, or move it out of the journal.", path, "warning")


def event_id_mismatch(found: str, path: str) -> Problem:
    message = f"This file is ignored, because it has the wrong name: it contains the event {found}."
    return Problem("stray-file", message, "Rename it, or move it out of the journal.", path, "warning")


def entry_resurrected(entry_id: str, path: str) -> Problem:
    message = "This entry was removed for good, but its file is back, perhaps from another machine."
    return Problem("came-back", message, "It is not listed. --fix moves it.", path or entry_id, "warning")


def orphaned_event(entry_id: str, path: str, *, is_erased: bool) -> Problem:
    if is_erased:
        message = "This event belongs to an entry that was removed for good."
        return Problem("orphaned-event", message, "--fix moves it.", path, "warning")
    message = f"This event belongs to the entry {get_handle(entry_id)}, which is missing."
    hint = "It may arrive with the next sync. If not, its file was moved or lost."
    return Problem("orphaned-event", message, hint, path, "warning")


def entry_disputed(entry_id: str) -> Problem:
    handle = get_handle(entry_id)
    message = "Two machines have made conflicting changes to this entry."
    return Problem("disputed", message, f"`careerkit journal show {handle}` shows both.", handle, "warning")


def playbook_missing(sha256: str) -> Problem:
    message = "The journal has no copy of this playbook."
    return Problem("playbook-missing", message, "Restore the journal's playbooks folder from a backup.", sha256)


def playbook_changed(path: str) -> Problem:
    message = "The journal's copy of this playbook was changed or is damaged."
    return Problem("playbook-changed", message, "Restore it from a backup.", path)


def playbook_mismatch(sha256: str) -> Problem:
    message = "Nothing was saved: the playbook's file has changed since the interview began."
    return Problem("playbook-mismatch", message, "Start the interview again.", sha256)


ERRNO_REASONS = {
    errno.ENOSPC: ("the disk is full", "Free some space, or choose another folder with --journal."),
    errno.EDQUOT: ("your disk quota is used up", "Free some space, or choose another folder with --journal."),
    errno.EFBIG: ("the file would exceed the size limit", "Raise the limit (ulimit -f), or shorten the answer."),
    errno.EIO: ("the disk reports an error", "Copy the journal to another disk, and check this one."),
    errno.EROFS: ("the disk is read-only", "Make it writable, or choose another folder with --journal."),
    errno.EACCES: ("the permissions of its file or folder don't allow it", "Check who owns it: ls -ld."),
    errno.EPERM: ("the system doesn't permit it", "Check who owns it: ls -ld."),
    errno.EXDEV: (
        "it would have to be moved to another disk",
        "Move it yourself, to where it belongs or out of the journal.",
    ),
    errno.ELOOP: ("its links form a loop", "Fix the link: ls -l shows where it leads."),
    errno.ENOTDIR: ("part of its path is a file, not a folder", "Check the path, and move that file away."),
    errno.EISDIR: ("there is a folder with that name", "Move that folder away."),
    errno.ENOENT: ("its folder doesn't exist", "If it is on another disk, connect it."),
    errno.EMFILE: ("too many files are open", "Raise the limit (ulimit -n), then try again."),
    errno.ENFILE: ("too many files are open on this machine", "Close some programs, then try again."),
    errno.ENOMEM: ("there is not enough memory", "Close some programs, then try again."),
    errno.ESTALE: ("the network disk doesn't know it any more", "Try again. If that fails, reconnect the disk."),
    errno.EINTR: ("the system interrupted it", "Try again."),
    errno.ENAMETOOLONG: ("its name is too long", "Choose a shorter path."),
}


def explain_os_error(code: str, clause: str, error: OSError, path: str) -> Problem:
    """The problem for `error`, where `clause` says what failed: "The entry was not saved"."""
    number = error.errno or 0
    reason, hint = ERRNO_REASONS.get(number, (os.strerror(number) if number else str(error), ""))
    return Problem(code, f"{clause}: {reason}.", hint, path)


def read_file(path: str) -> bytes | None:
    """Read a file, following links. None if it doesn't exist; raises Refused if it can't be read."""
    try:
        # Without O_NONBLOCK, opening a FIFO blocks until someone writes to it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        if is_dangling(path):
            raise Refused(
                explain_os_error(UNREADABLE, "It is a link to something that doesn't exist", error, path)
            ) from error
        return None
    except OSError as error:
        raise Refused(explain_os_error(UNREADABLE, "It can't be read", error, path)) from error
    try:
        return _read_descriptor(descriptor, path)
    except OSError as error:
        raise Refused(explain_os_error(UNREADABLE, "It can't be read", error, path)) from error
    finally:
        with contextlib.suppress(OSError):  # the data was read
            os.close(descriptor)


def is_dangling(path: str) -> bool:
    """Is the path missing because a link in it is broken, for example one to a disk that isn't connected?"""
    path = os.path.abspath(path)
    while not os.path.exists(path) and path != os.path.dirname(path):
        if os.path.islink(path):
            return True
        path = os.path.dirname(path)
    return False


def is_folder(path: str) -> bool:
    """Is this a folder, or a link to one? Raises Refused if that can't be found out: os.path.isdir would say no."""
    return _has_kind(path, stat.S_ISDIR)


def is_file(path: str) -> bool:
    """Is this a regular file, or a link to one? Raises Refused if that can't be found out."""
    return _has_kind(path, stat.S_ISREG)


def is_missing(path: str) -> bool:
    """Is there nothing with this name, not even a broken link? Raises Refused if that can't be found out."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError as error:
        raise Refused(explain_os_error(UNREADABLE, "It can't be read", error, path)) from error
    return False


def _parse_tz_variable(value: str) -> str:
    if value.startswith("/"):
        return _parse_zone_path(os.path.realpath(value)) or _parse_zone_path(value)
    return (value if _is_zone_name(value) else "") if value else "UTC"


def _parse_zone_path(path: str) -> str:
    _, found, name = path.partition(ZONEINFO_FOLDER)
    for variant in ZONEINFO_VARIANTS:
        name = name.removeprefix(variant)
    # A zone that has a file is valid, so the slow import in _is_zone_name can be skipped.
    return name if found and (os.path.isfile(path) or _is_zone_name(name)) else ""


def _is_zone_name(name: str) -> bool:
    """Is this the name of a zone, not a rule such as CET-1CEST?"""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # only needed for a new entry

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _has_kind(path: str, is_kind: Callable[[int], bool]) -> bool:
    try:
        return is_kind(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise Refused(explain_os_error(UNREADABLE, "It can't be read", error, path)) from error


def _read_descriptor(descriptor: int, path: str) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        message = "Something with this name exists, but it isn't a file."
        raise Refused(Problem("not-a-file", message, "Move it away.", path))
    if status.st_size > MAX_FILE_BYTES:
        message = f"This file has {status.st_size:,} bytes, more than any file of careerkit's."
        raise Refused(Problem("too-large", message, "Move it away.", path))
    parts = [os.read(descriptor, status.st_size + 1)]
    while parts[-1]:
        parts.append(os.read(descriptor, 1 << 20))
    return b"".join(parts)
