"""Find the playbooks in what a person wants to install: a file, a folder, or a git repository."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.hashing import hash_sha256
from careerkit.core.text import is_playbook_name
from careerkit.core.toml_reader import parse_toml
from careerkit.storage.file_reader import read_file
from careerkit.storage.installs.git_source import MAX_FILE_BYTES, fetch_snapshot, is_git_url
from careerkit.storage.playbook_library import STORIES_SUFFIX, find_loose_playbooks

DEFAULT_GROUP = "installed"
"""The group of a playbook whose place doesn't suggest another one."""


@frozen
class SourcePlaybook:
    """A playbook as its source has it.

    `id` is the one that it would get, "" if its name isn't allowed. `origin` is the absolute path or the address that was
    named, and `path` the file in it. `commit` is the one that it was read from, "" without git.
    """

    id: str
    data: bytes
    origin: str
    path: str
    commit: str = ""

    @property
    def sha256(self) -> str:
        return hash_sha256(self.data)


def read_source(reference: str) -> tuple[SourcePlaybook, ...]:
    """The playbooks in a file, a folder or a repository, sorted by path. Raises Refused if there are none."""
    if is_git_url(reference):
        return _read_repository(reference)
    origin = os.path.abspath(reference)
    if os.path.isdir(origin):
        return _read_folder(origin)
    data = read_file(origin)
    if data is None:
        hint = "Name a file, a folder, or the address of a git repository that begins with https://."
        raise Refused(Problem("no-such-file", "There is no such file or folder.", hint, reference))
    name = os.path.basename(origin).removesuffix(".toml")
    return (SourcePlaybook(_make_id(DEFAULT_GROUP, name), _check_size(data, reference), origin, ""),)


def _read_folder(folder: str) -> tuple[SourcePlaybook, ...]:
    paths = {os.path.relpath(each, folder): each for each in find_loose_playbooks(folder)}
    files = {path: _check_size(read_file(each) or b"", each) for path, each in paths.items()}
    return _require_any(_list_playbooks(files, folder, os.path.basename(folder)), folder)


def _read_repository(url: str) -> tuple[SourcePlaybook, ...]:
    snapshot = fetch_snapshot(url)
    name = url.rstrip("/").rpartition("/")[2].rpartition(":")[2].removesuffix(".git")
    return _require_any(_list_playbooks(snapshot.files, url, name, snapshot.commit), url)


def _list_playbooks(files: Mapping[str, bytes], origin: str, name: str, commit: str = "") -> Iterator[SourcePlaybook]:
    """The files that are meant as playbooks: TOML with a `format`. The folder of each gives its group."""
    for path, data in sorted(files.items()):
        *folders, file = path.split("/")
        stem = file.removesuffix(".toml")
        if any(each.startswith(".") or each.endswith(STORIES_SUFFIX) for each in (*folders, stem)):
            continue
        if _has_format(data):
            group = folders[-1] if folders else name.lower()
            yield SourcePlaybook(_make_id(group, stem), data, origin, path, commit)


def _make_id(group: str, name: str) -> str:
    """GROUP/NAME; with the default group if that one isn't allowed, and "" if the name isn't."""
    if not is_playbook_name(name):
        return ""
    return f"{group if is_playbook_name(group) else DEFAULT_GROUP}/{name}"


def _has_format(data: bytes) -> bool:
    """Is it a playbook, rather than another TOML file? A broken one counts if it looks like one."""
    try:
        return "format" in parse_toml(data.decode("utf-8-sig"))
    except ValueError:
        return any(line.lstrip().startswith(b"format") for line in data.splitlines())


def _require_any(found: Iterable[SourcePlaybook], where: str) -> tuple[SourcePlaybook, ...]:
    playbooks = tuple(found)
    if not playbooks:
        hint = "A playbook is a file that ends in .toml and has format = 1."
        raise Refused(Problem("no-playbook", "There are no playbooks in it.", hint, where))
    return playbooks


def _check_size(data: bytes, where: str) -> bytes:
    if len(data) > MAX_FILE_BYTES:
        raise Refused(Problem("too-large", "The file is larger than 1 MiB.", "Is this the right file?", where))
    return data
