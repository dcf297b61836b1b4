"""Where this person's journal, settings, playbooks, cache and state lie."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping

from careerkit.core.frozen import frozen
from careerkit.core.problem import Problem, Refused

NAME = "careerkit"
XDG = (
    ("XDG_DATA_HOME", ".local/share"),
    ("XDG_CONFIG_HOME", ".config"),
    ("XDG_CACHE_HOME", ".cache"),
    ("XDG_STATE_HOME", ".local/state"),
)


@frozen
class Folders:
    """Absolute paths. None of them need be there yet."""

    journal: str
    data: str
    config: str
    cache: str
    state: str

    @property
    def settings(self) -> str:
        """The settings file."""
        return os.path.join(self.config, "settings.toml")

    @property
    def playbooks(self) -> str:
        """The folder of the person's own playbooks."""
        return os.path.join(self.config, "playbooks")


def find_folders(
    environ: Mapping[str, str] | None = None, *, journal: str | None = None, platform: str = sys.platform
) -> Folders:
    """The folders by the platform's rules. The journal is where `journal` says, or else CAREERKIT_JOURNAL.

    Refused where it takes a home folder, and none is known.
    """
    known = os.environ if environ is None else environ
    data, config, cache, state = _from_platformdirs() if platform == "darwin" else _from_xdg(known)
    chosen = journal or known.get("CAREERKIT_JOURNAL") or os.path.join(data, "journal")
    return Folders(os.path.abspath(_expanded(chosen, known)), data, config, cache, state)


def make_private(path: str) -> None:
    """Make a folder, and those above it that are missing, each for its owner only whatever the umask. Raises OSError."""
    if not path or os.path.isdir(path):
        return
    make_private(os.path.dirname(path))
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, 0o700)


def _from_xdg(environ: Mapping[str, str]) -> tuple[str, ...]:
    """As platformdirs does, without its import, which costs more than all the rest of a list.

    A relative path in one of the variables is none, as the XDG specification says.
    """
    return tuple(os.path.join(_xdg(environ, variable, below), NAME) for variable, below in XDG)


def _xdg(environ: Mapping[str, str], variable: str, below: str) -> str:
    named = environ.get(variable, "")
    return named if os.path.isabs(named) else _expanded(os.path.join("~", below), environ)


def _expanded(path: str, environ: Mapping[str, str]) -> str:
    if path != "~" and not path.startswith("~/"):
        return os.path.expanduser(path)
    home = environ.get("HOME") or os.path.expanduser("~")
    if os.path.isabs(home):
        return os.path.normpath(home + path[1:])
    message = "Your home folder is not known, and the journal would lie in it."
    raise Refused(Problem("no-home", message, "Set HOME to an absolute path.", home))


def _from_platformdirs() -> tuple[str, ...]:
    from platformdirs import PlatformDirs  # its import takes long

    dirs = PlatformDirs(NAME, appauthor=False)
    return dirs.user_data_dir, dirs.user_config_dir, dirs.user_cache_dir, dirs.user_state_dir
