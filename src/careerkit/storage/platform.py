"""What the platform provides: the user's folders, and the clock with its time zone."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen

APP_NAME = "careerkit"
XDG_FOLDERS = (
    ("XDG_DATA_HOME", ".local/share"),
    ("XDG_CONFIG_HOME", ".config"),
    ("XDG_CACHE_HOME", ".cache"),
    ("XDG_STATE_HOME", ".local/state"),
)
ZONEINFO_FOLDER = "/zoneinfo/"
ZONEINFO_VARIANTS = ("posix/", "right/")


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
