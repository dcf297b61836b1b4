"""Install playbooks from a file, a folder or a git repository: find them there, and remember where each came from.

Nothing in a repository is executed: no hooks, filters, submodules or helpers that it names. Files are read as objects, so
there is no working tree in which attributes or links could matter. The person's own configuration of git is left out too,
because it can rewrite addresses and name programs. This is the only place where careerkit uses the network.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.text import hash_sha256, is_playbook_name
from careerkit.core.toml_reader import parse_toml
from careerkit.storage import atomic_write
from careerkit.storage.platform import read_file
from careerkit.storage.playbook_library import STORIES_SUFFIX, find_loose_playbooks

DEFAULT_GROUP = "installed"
"""The group of a playbook whose place doesn't suggest another one."""

FILE_NAME = ".installed.json"

ALLOWED_PROTOCOLS = ("https", "ssh", "file")
TIMEOUT_S = 120
MAX_FILES = 200
MAX_FILE_BYTES = 1 << 20
NEEDS_GIT = Problem("no-git", "git is not installed.", "Install it, or download the file and install that.")

_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.symlinks": "false",
    "credential.helper": "",
    "fetch.recurseSubmodules": "false",
    "submodule.recurse": "false",
    "transfer.fsckObjects": "true",
    "protocol.allow": "never",
    **{f"protocol.{each}.allow": "always" for each in ALLOWED_PROTOCOLS},
}


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


@frozen
class InstalledPlaybook:
    """`origin` and `path` are where it came from, `commit` the one it is pinned to, and `sha256` the hash of its file."""

    id: str
    origin: str
    path: str
    commit: str
    sha256: str


class InstallRegistry:
    """The installed playbooks in `folder`, which need not exist yet. Every method may raise Refused."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._file = os.path.join(folder, FILE_NAME)

    def list_installed(self) -> dict[str, InstalledPlaybook]:
        """The installed playbooks by id, sorted."""
        data = read_file(self._file)
        if data is None:
            return {}
        try:
            tables = json.loads(data)["playbooks"]
            return {name: InstalledPlaybook(name, **table) for name, table in sorted(tables.items())}
        except (ValueError, KeyError, TypeError, AttributeError):
            message = "The list of installed playbooks can't be read."
            hint = "Move it away. The playbooks stay, but can't be updated or removed by careerkit."
            raise Refused(Problem("bad-registry", message, hint, self._file)) from None

    def find(self, playbook_id: str) -> InstalledPlaybook:
        """An installed playbook. Raises Refused if it wasn't installed."""
        installed = self.list_installed()
        if playbook_id in installed:
            return installed[playbook_id]
        hint = f"Installed are: {', '.join(installed)}." if installed else "None is installed."
        message = "No playbook with this id was installed from elsewhere."
        raise Refused(Problem("not-installed", message, hint, playbook_id))

    def get_path(self, playbook_id: str) -> str:
        """Where the file of a playbook is, or would be."""
        return os.path.join(self._folder, *playbook_id.split("/")) + ".toml"

    def has_file(self, playbook_id: str) -> bool:
        """Is there a file in its place?"""
        return os.path.lexists(self.get_path(playbook_id))

    def is_changed(self, installed: InstalledPlaybook) -> bool:
        """Is the file another one than what was installed? A missing one isn't."""
        data = read_file(self.get_path(installed.id))
        return data is not None and hash_sha256(data) != installed.sha256

    def write(self, source: SourcePlaybook, playbook_id: str) -> None:
        """Write the file of a playbook, replacing any that is there, and note where it came from."""
        path = self.get_path(playbook_id)
        atomic_write.make_folders(os.path.dirname(path), subject="The folder of playbooks")
        atomic_write.replace_file(path, source.data, subject="The playbook")
        entry = InstalledPlaybook(playbook_id, source.origin, source.path, source.commit, source.sha256)
        self._store({**self.list_installed(), playbook_id: entry})

    def remove(self, playbook_id: str) -> None:
        """Delete the file of an installed playbook, and its group if that is empty then."""
        path = self.get_path(playbook_id)
        atomic_write.delete_file(path, subject="The playbook")
        self._store({name: each for name, each in self.list_installed().items() if name != playbook_id})
        if not os.listdir(os.path.dirname(path)):
            os.rmdir(os.path.dirname(path))

    def _store(self, installed: dict[str, InstalledPlaybook]) -> None:
        tables = {
            each.id: {"origin": each.origin, "path": each.path, "commit": each.commit, "sha256": each.sha256}
            for each in installed.values()
        }
        data = json.dumps({"playbooks": tables}, indent=2).encode() + b"\n"
        atomic_write.replace_file(self._file, data, subject="The list of installed playbooks")


@frozen
class GitSnapshot:
    """The TOML files of one commit, by their path in the repository."""

    commit: str
    files: Mapping[str, bytes]


def is_git_url(text: str) -> bool:
    """Does it look like the address of a repository: with a protocol, or as user@host:path?"""
    return "://" in text or _is_scp_address(text)


def fetch_snapshot(url: str) -> GitSnapshot:
    """The TOML files of the repository's newest commit. Raises Refused if they can't be fetched."""
    _check_protocol(url)
    with tempfile.TemporaryDirectory(prefix="careerkit-") as folder:
        target = os.path.join(folder, "repository")
        options = [
            "--depth=1",
            "--single-branch",
            "--no-tags",
            "--no-checkout",
            "--no-recurse-submodules",
            "--template=",
        ]
        _run_git(["clone", "--quiet", *options, "--", url, target], url)
        commit = _run_git(["-C", target, "rev-parse", "--verify", "HEAD^{commit}"], url).decode("ascii").strip()
        listing = _run_git(["-C", target, "ls-tree", "-r", "-z", "--long", commit], url)
        names = _list_files(listing, url)
        files = {path: _run_git(["-C", target, "cat-file", "blob", name], url) for path, name in names.items()}
        return GitSnapshot(commit, files)


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


def _check_protocol(url: str) -> None:
    protocol = url.partition("://")[0] if "://" in url else "ssh"
    is_allowed = protocol in ALLOWED_PROTOCOLS and not url.startswith("-") and "::" not in url.partition("/")[0]
    if not is_allowed or any(ord(char) <= 0x20 for char in url):
        hint = "Use an address that begins with https:// or ssh://, or user@host:path."
        raise Refused(Problem("bad-address", "This address can't be used for git.", hint, url))


def _is_scp_address(text: str) -> bool:
    host, colon, path = text.partition(":")
    return bool(colon and path) and "@" in host and "/" not in host


def _list_files(listing: bytes, url: str) -> dict[str, str]:
    """The object names of the regular TOML files, by path. Raises Refused if there are too many, or one is too large."""
    found: dict[str, str] = {}
    for row in listing.split(b"\0"):
        fields, _, raw_path = row.partition(b"\t")
        path = os.fsdecode(raw_path)
        if not path.endswith(".toml") or fields.split()[:1] not in ([b"100644"], [b"100755"]):
            continue  # links and submodules have other modes
        size = fields.split()[3]
        if not size.isdigit() or int(size) > MAX_FILE_BYTES:
            raise Refused(
                Problem("too-large", f"{path} is larger than 1 MiB.", "Is this a repository of playbooks?", url)
            )
        found[path] = fields.split()[2].decode("ascii")
        if len(found) > MAX_FILES:
            hint = "Is this a repository of playbooks?"
            raise Refused(Problem("too-many-files", f"It has more than {MAX_FILES} TOML files.", hint, url))
    return found


def _run_git(arguments: list[str], url: str) -> bytes:
    """The output of a git command. Raises Refused if git is missing, fails or takes too long."""
    settings = [part for key, value in _SETTINGS.items() for part in ("-c", f"{key}={value}")]
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, without a shell; see the module's docstring
            ["git", *settings, *arguments],  # noqa: S607 - the person's own git
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
            env=_build_environment(),
        )
    except FileNotFoundError:
        raise Refused(NEEDS_GIT) from None
    except subprocess.TimeoutExpired:
        message = f"git didn't finish within {TIMEOUT_S} seconds."
        raise Refused(Problem("git-failed", message, "Check the network, and try again.", url)) from None
    if done.returncode:
        raise Refused(Problem("git-failed", f"git failed: {_find_reason(done)}", "Check the address.", url))
    return done.stdout


def _find_reason(done: subprocess.CompletedProcess[bytes]) -> str:
    """The line of git's errors that says what is wrong: the first fatal one, or else the last."""
    lines = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
    return next((each.removeprefix("fatal: ") for each in lines if each.startswith("fatal: ")), lines[-1])


def _build_environment() -> dict[str, str]:
    """The environment without variables that change what git does or runs."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "CAREERKIT"))}
    return {
        **kept,
        "GIT_ALLOW_PROTOCOL": ":".join(ALLOWED_PROTOCOLS),
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
