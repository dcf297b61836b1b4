"""The library of bundled and personal playbooks: finding their files, loading them, and caching the validated ones."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Collection, Iterator, Sequence

from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.frozen import Literal, frozen
from careerkit.core.records import from_json, to_json
from careerkit.core.text import hash_sha256, is_playbook_name
from careerkit.storage.platform import explain_os_error, is_dangling, make_private_folder, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from careerkit.core.playbook.model import Playbook

Origin = Literal["bundled", "personal"]
PathLike = str | os.PathLike[str]
MAX_FILE_BYTES = 16 * 1024 * 1024
"""Larger files aren't read. The core has its own, lower limits."""
NAMING_HINT = "Name it <group>/<name>.toml, with lowercase letters, digits and dashes."
STORIES_SUFFIX = ".stories"
"""NAME.stories.toml, or a folder NAME.stories, has the tests of the playbook NAME.toml."""
CACHE_VERSION = 4
"""Increment this when the cached tables change but careerkit's version does not."""


@frozen
class PlaybookSummary:
    """A playbook as lists show it. `situations` are topics, texts and more words, `shadows`: it replaces a bundled one with the same id."""

    id: str
    title: str
    summary: str
    minutes: int | None
    situations: tuple[tuple[str, str, str], ...]
    origin: Origin
    shadows: bool
    path: str


@frozen
class LoadedPlaybook:
    """A playbook, the bytes of its file, and its normalized tables with its `id`."""

    playbook: Playbook
    source: bytes
    normalized: dict[str, Any]


@frozen
class PlaybookRoot:
    """A folder of playbooks. `is_required`: report a problem if it doesn't exist, because someone named it."""

    path: str
    origin: Origin
    is_required: bool = False


@frozen
class PlaybookFile:
    id: str
    path: str
    origin: Origin


class PlaybookLibrary:
    """The playbooks in the folders `personal` and `bundled`. If several have the same id, the first one wins.

    `reserved` are careerkit's commands, which no personal group may have as its name. `shipped` is the read-only cache with
    the bundled playbooks that was made when careerkit was installed. In a checkout, the check may change without a new version.
    """

    def __init__(
        self,
        bundled: PathLike,
        personal: Sequence[PathLike],
        cache: PathLike | None,
        version: str,
        *,
        reserved: frozenset[str] = frozenset(),
        shipped: PathLike | None = None,
        is_checkout: bool = True,
    ) -> None:
        self._roots = (
            *(PlaybookRoot(os.fspath(path), "personal", is_required=i > 0) for i, path in enumerate(personal)),
            PlaybookRoot(os.fspath(bundled), "bundled", is_required=True),
        )
        self._cache = PlaybookCache(cache, version, shipped=shipped, is_checkout=is_checkout)
        self._reserved = reserved
        self._scan_result: tuple[tuple[PlaybookSummary, ...], tuple[Problem, ...]] | None = None
        self._files_and_problems: tuple[PlaybookFile | Problem, ...] | None = None

    def groups(self) -> tuple[str, ...]:
        """The sorted names of all groups that contain playbooks. Opens no file."""
        return tuple(sorted({each.id.partition("/")[0] for each in self._list_files()}))

    def ids(self) -> tuple[str, ...]:
        """The sorted ids of all playbook files, including broken ones. Opens no file."""
        return tuple(sorted({each.id for each in self._list_files()}))

    def listing(self) -> tuple[PlaybookSummary, ...]:
        """The playbooks that can be run, sorted by id."""
        return self._scan()[0]

    def problems(self) -> tuple[Problem, ...]:
        """One problem for each file or folder that can't be used."""
        return self._scan()[1]

    def load(self, playbook_id: str) -> Playbook:
        """The playbook with that id. Raises Refused if there is none, or with all problems if it is broken."""
        return self._load_by_id(playbook_id).playbook

    def open(self, reference: str) -> LoadedPlaybook:
        """The playbook with an id, or in a file if `reference` ends in `.toml`. Raises Refused like `load`."""
        return self._load_file(reference) if reference.endswith(".toml") else self._load_by_id(reference)

    def find_path(self, playbook_id: str) -> str:
        """The path of the playbook with that id. Raises Refused if there is none."""
        return self._find_file(playbook_id).path

    def find_files(self, reference: str) -> list[str]:
        """The files that are meant by a path, a folder (with all playbooks in it) or an id. Raises Refused if there is none."""
        if os.path.isdir(reference):
            found = list(find_loose_playbooks(reference))
            if not found:
                message = "There are no playbooks in this folder."
                raise Refused(Problem("no-playbooks", message, "A playbook's name ends in .toml.", reference))
            return found
        if reference.endswith(".toml") or os.path.lexists(reference):
            return [reference]
        for each in self._list_files():
            if each.id == reference:
                return [each.path]
        near = find_closest(reference, self.ids())
        hint = f"Did you mean {near}?" if near else "See `careerkit playbook list`. A file's name must end in .toml."
        raise Refused(Problem("no-such-file", "There is no such file, folder or playbook.", hint, reference))

    def check(self, path: PathLike) -> list[Problem]:
        """All problems of a playbook file, including warnings, sorted by place.

        A file without problems is remembered, and not checked again until it, what it links to, or the check changes.
        """
        file = os.fspath(path)
        try:
            source = _read_existing_file(file)
        except Refused as refused:
            return list(refused.problems)
        sha256 = hash_sha256(source)
        clean = self._cache.load_clean(sha256)
        if clean is not None and all(self._hash_of(each) == known for each, known in clean.items()):
            return []
        from careerkit.core.playbook.loader import check_playbook, read_question_ids  # imports all checks

        linked: dict[str, str] = {}

        def find_linked(playbook_id: str) -> Callable[[], Collection[str] | None] | None:
            linked[playbook_id] = self._hash_of(playbook_id)
            return (lambda: self._list_questions(playbook_id, read_question_ids)) if linked[playbook_id] else None

        problems = check_playbook(source, file=file, find_playbook=find_linked)
        if not problems:
            self._cache.store_clean(sha256, linked)
        return problems

    def _list_questions(self, playbook_id: str, read: Callable[..., Collection[str] | None]) -> Collection[str] | None:
        """The ids of a playbook's questions, without checking it; None if it can't be read."""
        path = self._find_file(playbook_id).path
        try:
            source = _read_existing_file(path)
        except Refused:
            return None
        cached = self._cache.load_normalized(hash_sha256(source))
        if cached is not None:
            return {question["id"] for stage in cached["stages"] for question in stage["questions"]}
        return read(source, file=path)

    def _hash_of(self, playbook_id: str) -> str:
        """The hash of a playbook's file; empty if there is none, or it can't be read."""
        for each in self._list_files():
            if each.id == playbook_id:
                with contextlib.suppress(Refused):
                    return hash_sha256(_read_existing_file(each.path))
        return ""

    def read(self, source: bytes, *, file: str, id: str) -> Playbook:  # noqa: A002 - the word of the format
        """The playbook in `source`. Raises Refused with all problems if it is broken."""
        return self._load(source, file, id).playbook

    def _load_by_id(self, playbook_id: str) -> LoadedPlaybook:
        path = self._find_file(playbook_id).path
        return self._load(_read_existing_file(path), path, playbook_id)

    def _find_file(self, playbook_id: str) -> PlaybookFile:
        for each in self._list_files():
            if each.id == playbook_id:
                return each
        near = find_closest(playbook_id, self.ids())
        hint = f"Did you mean {near}?" if near else "See `careerkit playbook list`. A file's name must end in .toml."
        raise Refused(Problem("unknown-playbook", f"There is no playbook {playbook_id!a}.", hint, playbook_id))

    def _load_file(self, path: str) -> LoadedPlaybook:
        return self._load(_read_existing_file(path), path, os.path.basename(path).removesuffix(".toml"))

    def _load(self, source: bytes, file: str, playbook_id: str) -> LoadedPlaybook:
        from careerkit.core.playbook.model import read_playbook  # not needed by a list

        sha256 = hash_sha256(source)
        cached = self._cache.load_normalized(sha256)
        if cached is not None:
            try:
                playbook = read_playbook(cached, id=playbook_id, sha256=sha256)
                return LoadedPlaybook(playbook, source, {"id": playbook_id, **cached})
            except (KeyError, TypeError, ValueError, ArithmeticError):
                pass  # cached by a development version
        normalized = self._check_and_cache(source, file, sha256)
        playbook = read_playbook(normalized, id=playbook_id, sha256=sha256)
        return LoadedPlaybook(playbook, source, {"id": playbook_id, **normalized})

    def _load_normalized(self, source: bytes, file: str) -> dict[str, Any]:
        sha256 = hash_sha256(source)
        return self._cache.load_normalized(sha256) or self._check_and_cache(source, file, sha256)

    def _check_and_cache(self, source: bytes, file: str, sha256: str) -> dict[str, Any]:
        from careerkit.core.playbook.loader import load_plain  # imports all checks

        normalized = load_plain(source, file=file)
        self._cache.store_normalized(sha256, normalized)
        return normalized

    def _list_files(self) -> Iterator[PlaybookFile]:
        """All playbook files; of those with the same id, the first one wins."""
        if self._files_and_problems is None:
            self._files_and_problems = tuple(
                each
                for root in self._roots
                for each in find_playbook_files(
                    root, reserved=self._reserved if root.origin == "personal" else frozenset()
                )
            )
        return (each for each in self._files_and_problems if isinstance(each, PlaybookFile))

    def _scan(self) -> tuple[tuple[PlaybookSummary, ...], tuple[Problem, ...]]:
        if self._scan_result is None:
            files = list(self._list_files())
            bundled = {each.id for each in files if each.origin == "bundled"}
            winning = {each.id: each for each in reversed(files)}
            known = self._cache.load_listing()
            facts = {each.path: self._load_facts(each, known.get(each.path)) for each in winning.values()}
            if facts != known:
                self._cache.store_listing(facts)
            summaries = tuple(
                _make_summary(file, facts[file.path], bundled)
                for _, file in sorted(winning.items())
                if "title" in facts[file.path]
            )
            broken = [_make_problem(path, fact) for path, fact in facts.items() if "title" not in fact]
            misplaced = [each for each in self._files_and_problems or () if isinstance(each, Problem)]
            self._scan_result = (summaries, (*misplaced, *sorted(broken, key=str)))
        return self._scan_result

    def _load_facts(self, file: PlaybookFile, known: Any) -> dict[str, Any]:
        """What lists show of a file (_LISTED_KEYS), or its first problem. `known` is the cached value."""
        stamp = _get_stamp(file.path)
        if isinstance(known, dict) and stamp and known.get("stamp") == stamp:
            return known
        try:
            source = _read_existing_file(file.path)
            head = _read_head(source) if file.origin == "bundled" else None
            tables = head or self._load_normalized(source, file.path)
        except Refused as refused:
            first = next(each for each in refused.problems if each.severity == "error")
            count = sum(each.severity == "error" for each in refused.problems)
            return {"stamp": stamp, "problem": [first.code, first.message, str(first.where), count]}
        return {"stamp": stamp, **{key: tables[key] for key in _LISTED_KEYS}}


_LISTED_KEYS = ("title", "summary", "minutes", "situations")


def _read_head(source: bytes) -> dict[str, Any] | None:
    """What lists show of a bundled playbook, which the tests have validated; None if its title or summary is missing."""
    from careerkit.core.toml_reader import parse_toml  # usually the cache has them

    head, _, _ = source.partition(b"\n[")
    try:
        document = parse_toml(head.decode("utf-8-sig"))
        written = {"title": document["title"], "summary": document["summary"]}
        return {**written, "minutes": document.get("minutes"), "situations": document.get("situation", [])}
    except (ValueError, KeyError):
        return None


def _get_stamp(path: str) -> list[int]:
    """What changes when a file does; empty if that is unknown."""
    try:
        status = os.stat(path)
    except OSError:
        return []
    return [status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _make_summary(file: PlaybookFile, facts: dict[str, Any], bundled: set[str]) -> PlaybookSummary:
    shadows = file.origin == "personal" and file.id in bundled
    situations = tuple((each["about"], each["text"], each.get("words", "")) for each in facts["situations"])
    return PlaybookSummary(
        file.id, facts["title"], facts["summary"], facts["minutes"], situations, file.origin, shadows, file.path
    )


def _make_problem(path: str, facts: dict[str, Any]) -> Problem:
    code, message, where, count = facts["problem"]
    more = f" (and {count - 1} more)" if count > 1 else ""
    return Problem(code, f"{message}{more}", f"See `careerkit playbook check {path}`.", where or path)


def _read_existing_file(path: str) -> bytes:
    try:
        status = os.stat(path)
    except OSError:
        status = None  # read_file reports what is wrong
    if status and stat.S_ISREG(status.st_mode) and status.st_size > MAX_FILE_BYTES:
        raise Refused(Problem("too-large", f"The file has {status.st_size} bytes.", "Is this the right file?", path))
    data = read_file(path)
    if data is None:
        raise Refused(Problem("no-such-file", "There is no such file.", "Check the path.", path))
    return data


def find_story_files(path: str) -> tuple[str, ...]:
    """The files with the stories of the playbook in the file `path`: NAME.stories.toml, and those in NAME.stories."""
    base = path.removesuffix(".toml") + STORIES_SUFFIX
    single = [f"{base}.toml"] if os.path.exists(f"{base}.toml") else []
    names = _list_names(base, is_required=True) if os.path.isdir(base) else []
    if isinstance(names, Problem):
        raise Refused(names)
    return (*single, *(os.path.join(base, name) for name in names if name.endswith(".toml")))


def find_loose_playbooks(folder: str) -> tuple[str, ...]:
    """The paths of the TOML files below a folder that aren't stories, sorted. Hidden folders are left out.

    Raises Refused if a folder can't be listed.
    """
    found: list[str] = []

    def refuse(error: OSError) -> None:
        raise Refused(explain_os_error("unreadable", "This folder can't be read", error, error.filename)) from error

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and not each.endswith(STORIES_SUFFIX))
        wanted = [name for name in names if name.endswith(".toml") and not name.startswith(".")]
        found += [os.path.join(parent, name) for name in wanted if not name.endswith(f"{STORIES_SUFFIX}.toml")]
    return tuple(sorted(found))


def find_playbook_files(
    root: PlaybookRoot, *, reserved: frozenset[str] = frozenset()
) -> Iterator[PlaybookFile | Problem]:
    """Yield the folder's playbook files, and a problem for whatever can't be one. `reserved`: names not allowed for groups."""
    names = _list_names(root.path, is_required=root.is_required)
    if isinstance(names, Problem):
        yield names
        return
    for group in names:
        path = os.path.join(root.path, group)
        if os.path.isdir(path) or is_dangling(path):
            yield from _find_group_files(root, group, path, reserved)
        elif group.endswith(".toml"):
            yield Problem("bad-place", "A playbook must be in the folder of its group.", NAMING_HINT, path)


def _find_group_files(
    root: PlaybookRoot, group: str, path: str, reserved: frozenset[str]
) -> Iterator[PlaybookFile | Problem]:
    if not is_playbook_name(group):
        yield Problem("bad-name", "This name isn't allowed for a group of playbooks.", NAMING_HINT, path)
        return
    if group in reserved:
        message = f"{group} is one of careerkit's own commands, so no group can have that name."
        yield Problem("bad-name", message, "Give the folder another name.", path)
        return
    names = _list_names(path, is_required=True)
    if isinstance(names, Problem):
        yield names
        return
    for name in names:
        stem = name.removesuffix(".toml")
        inner = os.path.join(path, name)
        if stem.endswith(STORIES_SUFFIX):
            continue
        if stem != name and is_playbook_name(stem):
            yield PlaybookFile(f"{group}/{stem}", inner, root.origin)
        elif stem != name:
            yield Problem("bad-name", "This name isn't allowed for a playbook.", NAMING_HINT, inner)
        elif os.path.isdir(inner):
            yield Problem("bad-place", "Folders within a group are ignored.", NAMING_HINT, inner)


_CORE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "core")


def _stamp_checks(core: str = _CORE) -> str:
    """What changes when a module of the check does."""
    modules: list[tuple[str, int, int]] = []
    for part in ("", "playbook", "playbook/lint", "expressions", "interview", "questions"):
        with contextlib.suppress(OSError), os.scandir(os.path.join(core, part)) as found:
            stats = ((each.name, each.stat()) for each in found if each.name.endswith(".py"))
            modules += ((f"{part}/{name}", stat.st_size, stat.st_mtime_ns) for name, stat in stats)
    return hash_sha256(repr(sorted(modules)).encode())[:16]


def _list_names(path: str, *, is_required: bool) -> list[str] | Problem:
    """The sorted names in a folder without hidden ones, or the problem if it can't be read."""
    try:
        return sorted(name for name in os.listdir(path) if not name.startswith("."))
    except FileNotFoundError as error:
        if not is_required and not is_dangling(path):
            return []
        return explain_os_error("unreadable", "This folder of playbooks can't be read", error, path)
    except OSError as error:
        return explain_os_error("unreadable", "This folder of playbooks can't be read", error, path)


class PlaybookCache:
    """A cache of validated playbooks in `folder`, which may be missing or unwritable, or None for no cache.

    `shipped` is a read-only folder of the same kind, which comes with careerkit.
    """

    def __init__(
        self, folder: PathLike | None, version: str, *, shipped: PathLike | None = None, is_checkout: bool = True
    ) -> None:
        self._folder = os.path.join(folder, "playbooks") if folder else None
        self._shipped = os.fspath(shipped) if shipped else None
        self._is_checkout = is_checkout
        self._suffix = f"{version}-{CACHE_VERSION}.json"

    def load_normalized(self, sha256: str) -> dict[str, Any] | None:
        """The normalized tables of the playbook whose file has that hash, if they are cached."""
        name = f"{sha256}-{self._suffix}"
        return self._load(self._folder, name) or self._load(self._shipped, name)

    def store_normalized(self, sha256: str, normalized: dict[str, Any]) -> None:
        self._store(f"{sha256}-{self._suffix}", normalized)

    def load_clean(self, sha256: str) -> dict[str, str] | None:
        """If the check found nothing in the file with that hash: the playbooks it links to, with their hashes."""
        name = self._name_clean(sha256)
        found = self._load(self._folder, name)
        return found if found is not None else self._load(self._shipped, name)

    def store_clean(self, sha256: str, linked: dict[str, str]) -> None:
        self._store(self._name_clean(sha256), linked)

    def _name_clean(self, sha256: str) -> str:
        stamp = _stamp_checks() if self._is_checkout else ""
        return f"{sha256}-clean{stamp}-{self._suffix}"

    def load_listing(self) -> dict[str, Any]:
        """The listing that was last stored; empty if there is none."""
        return self._load(self._folder, f"listing-{self._suffix}") or {}

    def store_listing(self, listing: dict[str, Any]) -> None:
        self._store(f"listing-{self._suffix}", listing)

    def clear(self) -> None:
        """Delete the cached playbooks of this machine. Raises Refused if one can't be deleted."""
        if self._folder is None:
            return
        try:
            with contextlib.suppress(FileNotFoundError):
                for name in os.listdir(self._folder):
                    with contextlib.suppress(FileNotFoundError):
                        os.unlink(os.path.join(self._folder, name))
                os.rmdir(self._folder)
        except OSError as error:
            message = "The cache of playbooks was not removed"
            raise Refused(explain_os_error("not-deleted", message, error, self._folder)) from error

    def _load(self, folder: str | None, name: str) -> dict[str, Any] | None:
        if folder is None:
            return None
        try:
            # O_NONBLOCK: opening a FIFO must not block.
            descriptor = os.open(os.path.join(folder, name), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as file:
                checksum, _, content = file.read().partition(b"\n")
            if checksum.decode() != hash_sha256(content):
                return None
            tables = from_json(content.decode())
        except (OSError, ValueError, RecursionError):
            return None
        return tables if isinstance(tables, dict) else None

    def _store(self, name: str, tables: dict[str, Any]) -> None:
        """Write the file atomically but without syncing it, because a cache may be lost."""
        if self._folder is None:
            return
        content = to_json(tables).encode()
        temp = os.path.join(self._folder, f".{os.urandom(8).hex()}.tmp")
        try:
            make_private_folder(self._folder)
            descriptor = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(hash_sha256(content).encode() + b"\n" + content)
            os.replace(temp, os.path.join(self._folder, name))
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temp)
