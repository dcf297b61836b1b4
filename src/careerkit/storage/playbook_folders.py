"""Which playbook files there are: `<group>/<name>.toml` in each of some folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Literal

from careerkit.core.frozen import frozen
from careerkit.core.playbook.names import is_playbook_name
from careerkit.core.problem import Problem
from careerkit.storage.disk_trouble import trouble
from careerkit.storage.plain_file import leads_nowhere

Origin = Literal["bundled", "personal"]
_NAMING = "Call it <group>/<name>.toml, with small letters, digits and dashes."


@frozen
class Root:
    """A folder of playbooks. `needed`: somebody named it, so that it is a problem when it isn't there."""

    path: str
    origin: Origin
    needed: bool = False


@frozen
class PlaybookFile:
    id: str
    path: str
    origin: Origin


Found = PlaybookFile | Problem


def playbook_files(root: Root, *, reserved: frozenset[str] = frozenset()) -> Iterator[Found]:
    """The folder's playbook files by id, and what in it can't be one. Groups in `reserved` are commands already."""
    names = _names(root.path, needed=root.needed)
    if isinstance(names, Problem):
        yield names
        return
    for group in names:
        path = os.path.join(root.path, group)
        if os.path.isdir(path) or leads_nowhere(path):
            yield from _group(root, group, path, reserved)
        elif group.endswith(".toml"):
            yield Problem("bad-place", "A playbook lies in the folder of its group.", _NAMING, path)


def _group(root: Root, group: str, path: str, reserved: frozenset[str]) -> Iterator[Found]:
    if not is_playbook_name(group):
        yield Problem("bad-name", "This can't be the name of a group of playbooks.", _NAMING, path)
        return
    if group in reserved:
        hint = "Give the folder another name."
        yield Problem(
            "bad-name", f"{group} is one of careerkit's own commands, so no group can have that name.", hint, path
        )
        return
    names = _names(path, needed=True)
    if isinstance(names, Problem):
        yield names
        return
    for name in names:
        stem = name.removesuffix(".toml")
        place = os.path.join(path, name)
        if stem != name and is_playbook_name(stem):
            yield PlaybookFile(f"{group}/{stem}", place, root.origin)
        elif stem != name:
            yield Problem("bad-name", "This can't be the name of a playbook.", _NAMING, place)
        elif os.path.isdir(place):
            yield Problem("bad-place", "No playbooks are looked for in a folder within a group.", _NAMING, place)


def _names(path: str, *, needed: bool) -> list[str] | Problem:
    """What is in a folder, in order; hidden files are left out."""
    try:
        return sorted(name for name in os.listdir(path) if not name.startswith("."))
    except FileNotFoundError as error:
        missed = needed or leads_nowhere(path)
        return trouble("unreadable", "This folder of playbooks can't be read", error, path) if missed else []
    except OSError as error:
        return trouble("unreadable", "This folder of playbooks can't be read", error, path)
