"""Recognise what careerkit doesn't read in a journal's folder: copies, placeholders, misnamed files, and files of others.

Everything in the folder is accounted for. What a file is, is decided by its name alone, because a placeholder has no content
and another program's file is none of careerkit's business. The codes:

- `conflict-copy`: a sync tool or a file manager left it beside an original.
- `not-downloaded`: a sync tool put it in place of a file that is on a server.
- `stray-file`: it looks like a file of the journal, but its name or its folder is wrong.
- `foreign-file`: something else. It is named, but nothing is wrong with it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence

from careerkit.core.errors import Problem
from careerkit.core.text import format_count
from careerkit.storage.platform import UNREADABLE, explain_os_error

CONFLICT_MARKS = (".sync-conflict-", "conflicted copy", "conflict copy", "case conflict", "_conf(")
PLACEHOLDER_SUFFIXES = (".icloud", ".cloud", ".cloudf", ".nextcloud", ".owncloud")
"""What sync tools append to a file's name while its content is only on the server."""

TRANSFER_MARKS = (".syncthing.", "~syncthing~")
TRANSFER_SUFFIXES = (".partial", ".part", ".!sync", ".bts", ".download", ".crdownload")
"""What sync tools and browsers add to the name of a file that they are downloading."""

SYSTEM_FILES = ("desktop.ini", "thumbs.db", "icon\r", "sha256sums")
"""Files, in lower case, that file managers create everywhere, and the list of checksums of an extracted backup."""

FILE_ID = re.compile(r"\d{8}T\d{4}Z-[0-9a-z]{4,32}|\d{8}T\d{9}Z-[0-9a-f]{16}|[0-9a-f]{64}", re.IGNORECASE)
"""The id of an entry or event, or the hash of a playbook, whatever its capitals are."""

OWN_NAMES = re.compile(r"\.?(careerkit|identity)\b.*\.(toml|age)", re.IGNORECASE)
"""Names like those of the marker and the identity file."""

COPY_SUFFIX = re.compile(r"[ _~(-].*|\.\w+", re.DOTALL)
"""What follows the name of the original in that of a copy: ` 2`, ` (1)`, `-LAPTOP`, ` - Copy`."""

MAX_FILES_COUNTED = 10_000


def describe_unread_path(path: str) -> Iterator[Problem]:
    """Describe a file or a whole folder that careerkit doesn't read; nothing for what other programs hide there."""
    name = os.path.basename(path)
    if os.path.isdir(path):
        if not name.startswith("."):
            yield from _describe_folder(path)
    elif problem := _describe_file(path, name):
        yield problem


def describe_each_file(path: str) -> Iterator[Problem]:
    """Describe a file, or every file in a folder, that careerkit doesn't read."""
    if not os.path.isdir(path):
        yield from describe_unread_path(path)
        return
    problems: list[Problem] = []
    for file in _list_folder(path, problems):
        name = os.path.basename(file)
        if problem := _describe_file(file, name):
            yield problem
    yield from problems


def find_file_id(path: str) -> str:
    """The id of an entry or event, or the hash of a playbook, in a file's name, as careerkit writes it; "" if there is none."""
    found = FILE_ID.search(os.path.basename(path))
    head, dash, random = found[0].partition("-") if found else ("", "", "")
    return f"{head.upper()}{dash}{random.lower()}" if dash else head.lower()


def find_right_path(path: str) -> str:
    """The path that a file would have if its name were written as careerkit writes it; "" if only the user can tell."""
    stem, suffix = os.path.splitext(os.path.basename(path).removeprefix("."))
    if suffix.lower() != ".toml" or not FILE_ID.fullmatch(stem):
        return ""
    right = os.path.join(os.path.dirname(path), f"{find_file_id(path)}.toml")
    return right if right != path else ""


def shorten_list(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems with those about unread files, if there are several, merged into one that counts and names them."""
    unread = [each for each in problems if each.code in UNREAD_CODES]
    if len(unread) < 2:
        return tuple(problems)
    names = [os.path.basename(str(each.where)) for each in unread]
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    things = "things of others" if all(each.code == "foreign-file" for each in unread) else "things"
    message = f"{len(names)} {things} in the journal's folder are not read: {', '.join(names[:MAX_NAMED])}{more}."
    merged = Problem("not-read", message, "`careerkit doctor` names them all.", "", "warning")
    return (*(each for each in problems if each.code not in UNREAD_CODES), merged)


UNREAD_CODES = ("conflict-copy", "not-downloaded", "stray-file", "foreign-file")
MAX_NAMED = 8
"""Unread files that one line of a list names."""


def _describe_file(path: str, name: str) -> Problem | None:
    lower = name.lower()
    original = lower.removeprefix(".")
    is_hidden = name.startswith(".")
    looks_own = bool(FILE_ID.search(name) or OWN_NAMES.fullmatch(name))
    if lower.endswith(PLACEHOLDER_SUFFIXES) and (looks_own or not is_hidden):
        message = "This is only a placeholder: a sync tool keeps the file itself on its server."
        hint = "Let the sync tool download it, and keep the journal's folder on this machine."
        return Problem("not-downloaded", message, hint, path, "warning")
    if looks_own and (any(mark in lower for mark in TRANSFER_MARKS) or lower.endswith(TRANSFER_SUFFIXES)):
        message = "A sync tool has not finished downloading this file."
        return Problem("not-downloaded", message, "Wait for the sync, then try again.", path, "warning")
    if any(mark in lower for mark in CONFLICT_MARKS) or _is_copy(original):
        message = "A sync tool or a file manager left this copy; it is not read."
        hint = "Compare it with the original and remove the one you don't want."
        return Problem("conflict-copy", message, hint, path, "warning")
    if right := find_right_path(path):
        message = "This file is not read, because its name is not written as careerkit writes it."
        return Problem("stray-file", message, f"Rename it to {os.path.basename(right)}.", path, "warning")
    if lower.endswith(".toml") and not is_hidden:
        return _describe_stray(path)
    if lower in SYSTEM_FILES or (is_hidden and not looks_own and not lower.endswith(".toml")):
        return None
    return Problem("foreign-file", "careerkit doesn't read this file.", "", path, "warning")


def _describe_stray(path: str) -> Problem:
    message = "This file doesn't have the name of a journal's file in this folder, so it is not read."
    return Problem("stray-file", message, "Move it to where it belongs, or out of the journal.", path, "warning")


def _is_copy(name: str) -> bool:
    """Does the name begin like that of a journal's file, and go on as copies do? It is in lower case, without a dot before it."""
    stem, suffix = os.path.splitext(name)
    if suffix not in (".toml", ".age"):
        return False
    for original in ("careerkit", "identity"):
        if stem.startswith(original) and COPY_SUFFIX.fullmatch(stem[len(original) :]):
            return True
    found = FILE_ID.match(stem)
    return bool(found and COPY_SUFFIX.fullmatch(stem[found.end() :]))


def _describe_folder(path: str) -> Iterator[Problem]:
    problems: list[Problem] = []
    names = [os.path.basename(file) for file in _list_folder(path, problems)]
    if names:
        is_copy = any(FILE_ID.search(name) or name.lower().endswith(".toml") for name in names)
        verb = "is" if len(names) == 1 else "are"
        message = (
            f"This folder is not part of the journal, so {format_count(len(names), 'file')} in it {verb} not read."
        )
        hint = "If it is a copy, move what is missing to where it belongs, and the rest out of the journal."
        yield Problem("stray-file" if is_copy else "foreign-file", message, hint if is_copy else "", path, "warning")
    yield from problems


def _list_folder(path: str, problems: list[Problem]) -> Iterable[str]:
    """The paths of all files in a folder, at any depth, without hidden folders and up to MAX_FILES_COUNTED."""

    def report(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # deleted meanwhile
            where = error.filename or path
            problems.append(explain_os_error(UNREADABLE, "The folder can't be listed", error, where))

    found: list[str] = []
    for folder, subfolders, names in os.walk(path, onerror=report):
        subfolders[:] = sorted(each for each in subfolders if not each.startswith("."))
        found += [os.path.join(folder, name) for name in sorted(names)]
        if len(found) >= MAX_FILES_COUNTED:
            break
    return found
