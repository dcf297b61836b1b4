"""Where playbooks come from: the bundled ones, the person's own, and any file.

A playbook that was checked once is read from the cache after that, without TOML and without Pydantic.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from careerkit.core.frozen import frozen
from careerkit.core.playbook.digest import sha256_of
from careerkit.core.problem import Problem, Refused, nearest
from careerkit.storage.plain_file import read_file
from careerkit.storage.playbook_cache import PlaybookCache
from careerkit.storage.playbook_folders import Origin, PlaybookFile, Root, playbook_files

if TYPE_CHECKING:
    from pathlib import Path

    from careerkit.core.playbook.model import Playbook

_MOST_BYTES = 16 * 1024 * 1024
"""Not even read above this; what a playbook may have is for the core to say."""


@frozen
class Listed:
    """A playbook as lists show it. `shadows`: a bundled one of the same id is hidden by it."""

    id: str
    title: str
    summary: str
    minutes: int | None
    origin: Origin
    shadows: bool
    path: str


@frozen
class Opened:
    """A playbook with the bytes of its file, and as plain tables with its `id`."""

    playbook: Playbook
    source: bytes
    plain: dict[str, Any]


class Library:
    """Playbooks by id. Of one id, the first of `personal` that has it wins, then the rest of them, then `bundled`.

    `reserved` are careerkit's own commands, which no personal group may be called by. `shipped` is where a built
    careerkit keeps its own playbooks as checked already.
    """

    def __init__(
        self,
        bundled: Path,
        personal: tuple[Path, ...],
        cache: Path | None,
        version: str,
        *,
        reserved: frozenset[str] = frozenset(),
        shipped: Path | None = None,
    ) -> None:
        own = [Root(os.fspath(path), "personal", needed=number > 0) for number, path in enumerate(personal)]
        self._roots = (*own, Root(os.fspath(bundled), "bundled", needed=True))
        self._cache = PlaybookCache(
            os.fspath(cache) if cache else None, version, shipped=os.fspath(shipped) if shipped else None
        )
        self._reserved = reserved
        self._listed: tuple[tuple[Listed, ...], tuple[Problem, ...]] | None = None
        self._found: tuple[PlaybookFile | Problem, ...] | None = None

    def groups(self) -> tuple[str, ...]:
        """The groups in which there are playbooks, in order. No file is opened."""
        return tuple(sorted({each.id.partition("/")[0] for each in self._files()}))

    def ids(self) -> tuple[str, ...]:
        """The ids of all playbook files, broken ones too, in order. No file is opened."""
        return tuple(sorted({each.id for each in self._files()}))

    def listing(self) -> tuple[Listed, ...]:
        """The playbooks that can be run, by id."""
        return self._look()[0]

    def problems(self) -> tuple[Problem, ...]:
        """One problem for each file or folder that can't be used, the rest being unharmed."""
        return self._look()[1]

    def find(self, playbook_id: str) -> Playbook:
        """The playbook of that id.

        Raises Refused when there is none, with a near one, and with all problems of a broken one.
        """
        return self._opened_by_id(playbook_id).playbook

    def open(self, reference: str) -> Opened:
        """What `reference` names: a file where it ends in `.toml`, or else an id."""
        return self._opened_file(reference) if reference.endswith(".toml") else self._opened_by_id(reference)

    def check(self, path: str | Path) -> list[Problem]:
        """All problems of a playbook file, warnings too, by place."""
        from careerkit.core.playbook.loading import check_playbook

        file = os.fspath(path)
        try:
            return check_playbook(_read_needed(file), file=file)
        except Refused as refused:
            return list(refused.problems)

    def read(self, source: bytes, *, file: str, id: str) -> Playbook:  # noqa: A002 - the word of the format
        """The playbook in `source`, wherever that comes from, through the cache."""
        return self._opened(source, file, id).playbook

    def _opened_by_id(self, playbook_id: str) -> Opened:
        for each in self._files():
            if each.id == playbook_id:
                return self._opened(_read_needed(each.path), each.path, playbook_id)
        near = nearest(playbook_id, self.ids())
        hint = f"Did you mean {near}?" if near else "See `careerkit playbook list`; a file's name ends in .toml."
        raise Refused(Problem("unknown-playbook", f"There is no playbook {playbook_id!a}.", hint, playbook_id))

    def _opened_file(self, path: str) -> Opened:
        name = os.path.basename(path)
        return self._opened(_read_needed(path), path, name.removesuffix(".toml"))

    def _opened(self, source: bytes, file: str, playbook_id: str) -> Opened:
        from careerkit.core.playbook.building import playbook_of

        sha256 = sha256_of(source)
        kept = self._cache.plain(sha256)
        if kept is not None:
            try:
                return Opened(playbook_of(kept, id=playbook_id, sha256=sha256), source, {"id": playbook_id, **kept})
            except (KeyError, TypeError, ValueError, ArithmeticError):
                pass  # of another make
        plain = self._checked(source, file, sha256)
        return Opened(playbook_of(plain, id=playbook_id, sha256=sha256), source, {"id": playbook_id, **plain})

    def _plain(self, source: bytes, file: str) -> dict[str, Any]:
        sha256 = sha256_of(source)
        return self._cache.plain(sha256) or self._checked(source, file, sha256)

    def _checked(self, source: bytes, file: str, sha256: str) -> dict[str, Any]:
        from careerkit.core.playbook.loading import load_plain

        plain = load_plain(source, file=file)
        self._cache.keep_plain(sha256, plain)
        return plain

    def _files(self) -> Iterator[PlaybookFile]:
        """The files in the order in which they win, so that the first of an id is the one that counts."""
        if self._found is None:
            self._found = tuple(
                each
                for root in self._roots
                for each in playbook_files(root, reserved=self._reserved if root.origin == "personal" else frozenset())
            )
        return (each for each in self._found if isinstance(each, PlaybookFile))

    def _look(self) -> tuple[tuple[Listed, ...], tuple[Problem, ...]]:
        if self._listed is None:
            files = list(self._files())
            bundled = {each.id for each in files if each.origin == "bundled"}
            winning = {each.id: each for each in reversed(files)}
            known = self._cache.listing()
            facts = {each.path: self._facts(each, known.get(each.path)) for each in winning.values()}
            if facts != known:
                self._cache.keep_listing(facts)
            listed = tuple(
                _listed(winning[each], facts[winning[each].path], bundled)
                for each in sorted(winning)
                if "title" in facts[winning[each].path]
            )
            broken = tuple(_problem(path, fact) for path, fact in facts.items() if "title" not in fact)
            misplaced = tuple(each for each in self._found or () if isinstance(each, Problem))
            self._listed = (listed, (*misplaced, *sorted(broken, key=str)))
        return self._listed

    def _facts(self, file: PlaybookFile, known: Any) -> dict[str, Any]:
        """What lists show of a file: title, summary and minutes, or its first problem. `known` is from an earlier look."""
        stamp = _stamp(file.path)
        if isinstance(known, dict) and stamp and known.get("stamp") == stamp:
            return known
        try:
            source = _read_needed(file.path)
            plain = (_head(source) if file.origin == "bundled" else None) or self._plain(source, file.path)
        except Refused as refused:
            first = next(each for each in refused.problems if each.severity == "error")
            count = sum(each.severity == "error" for each in refused.problems)
            return {"stamp": stamp, "problem": [first.code, first.message, str(first.where), count]}
        return {"stamp": stamp, "title": plain["title"], "summary": plain["summary"], "minutes": plain["minutes"]}


def _head(source: bytes) -> dict[str, Any] | None:
    """What lists show of a bundled playbook, which needs no check: the tests saw to it. None where it isn't there."""
    import tomllib

    head, _, _ = source.partition(b"\n[")
    try:
        found = tomllib.loads(head.decode("utf-8-sig"))
        return {"title": found["title"], "summary": found["summary"], "minutes": found.get("minutes")}
    except (ValueError, KeyError):
        return None


def _stamp(path: str) -> list[int]:
    """What changes when a file does; empty where it can't be told."""
    try:
        status = os.stat(path)
    except OSError:
        return []
    return [status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _listed(file: PlaybookFile, facts: dict[str, Any], bundled: set[str]) -> Listed:
    shadows = file.origin == "personal" and file.id in bundled
    return Listed(file.id, facts["title"], facts["summary"], facts["minutes"], file.origin, shadows, file.path)


def _problem(path: str, facts: dict[str, Any]) -> Problem:
    code, message, where, count = facts["problem"]
    more = f" (and {count - 1} more)" if count > 1 else ""
    return Problem(code, f"{message}{more}", f"See `careerkit playbook check {path}`.", where or path)


def _read_needed(path: str) -> bytes:
    try:
        status = os.stat(path)
    except OSError:
        status = None  # read_file says what is the matter
    if status and stat.S_ISREG(status.st_mode) and status.st_size > _MOST_BYTES:
        raise Refused(Problem("too-large", f"The file has {status.st_size} bytes.", "Is this the right file?", path))
    data = read_file(path)
    if data is None:
        raise Refused(Problem("no-such-file", "There is no such file.", "Look at the path.", path))
    return data
