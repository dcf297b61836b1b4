"""Read the files of a git repository through the git program, without checking anything out.

Nothing in a repository is executed: no hooks, filters, submodules or helpers that it names. Files are read as objects, so
there is no working tree in which attributes or links could matter. The person's own configuration of git is left out too,
because it can rewrite addresses and name programs. This is the only place where careerkit uses the network.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen

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
