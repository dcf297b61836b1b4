"""The machine's clock and zone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime

ZONES = "/zoneinfo/"
VARIANTS = ("posix/", "right/")


class SystemClock:
    """Times carry the present offset as a fixed one: what is written down must not depend on a zone's later rules."""

    def __init__(self, environ: Mapping[str, str] | None = None, *, localtime: str = "/etc/localtime") -> None:
        self._environ = os.environ if environ is None else environ
        self._localtime = localtime

    def now(self) -> datetime:
        return datetime.now().astimezone()

    def zone(self) -> str:
        named = self._environ.get("TZ")
        if named is not None:
            return _from_variable(named.removeprefix(":"))
        return _from_path(os.path.realpath(self._localtime)) or _from_path(self._link())

    def _link(self) -> str:
        try:
            return os.readlink(self._localtime)
        except OSError:
            return ""


def _from_variable(named: str) -> str:
    if named.startswith("/"):
        return _from_path(os.path.realpath(named)) or _from_path(named)
    return (named if _is_zone(named) else "") if named else "UTC"


def _from_path(path: str) -> str:
    _, found, name = path.partition(ZONES)
    for variant in VARIANTS:
        name = name.removeprefix(variant)
    # A file of the system's own needs no looking up, which takes its time.
    return name if found and (os.path.isfile(path) or _is_zone(name)) else ""


def _is_zone(name: str) -> bool:
    """Whether that is a zone's name, rather than a rule such as CET-1CEST."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # only asked for a new entry

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
