"""One archive of a whole journal, verified when it is written and before anything is taken from it.

A gzipped tar that any tar opens. Its last member, SHA256SUMS, has a line for every other one, as `sha256sum` writes them.
"""

from __future__ import annotations

import contextlib
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from careerkit.core.frozen import frozen
from careerkit.core.playbook.digest import sha256_of
from careerkit.core.problem import Problem, Refused
from careerkit.storage.durable import create_by, replace_by, sync
from careerkit.storage.own_files import is_own, own_files
from careerkit.storage.plain_file import read_file
from careerkit.storage.tidying import sweep

SUMS = "SHA256SUMS"
WHAT = "The backup"
LARGEST = 1 << 28
"""Bytes of one file. No file of a journal comes near; an archive that was made to fill the memory does."""

Advance = Callable[[], None]


@frozen
class BackedUp:
    """So many files, and so many bytes of the archive."""

    files: int
    size: int


def back_up(journal: str, archive: str, *, force: bool, advance: Advance) -> BackedUp:
    """Write the archive, verify it, and give it its name. Refused where there is a file of that name, unless `force`."""
    if not os.path.isdir(journal):
        raise Refused(Problem("no-journal", "There is no journal here yet.", "There is nothing to back up.", journal))
    sweep(os.path.dirname(archive))
    done = 0

    def fill(descriptor: int) -> None:
        nonlocal done
        with os.fdopen(os.dup(descriptor), "w+b") as file:
            sums = _pack(journal, file, advance)
            file.flush()
            sync(descriptor)
            file.seek(0)
            if _sums(file) != sums:
                raise OSError("what was read back differs")
        done = len(sums)

    if force:
        replace_by(archive, fill, what=WHAT)
    elif not create_by(archive, fill, what=WHAT):
        raise Refused(Problem("file-exists", "This file exists.", "Choose another name, or add --force.", archive))
    return BackedUp(done, os.stat(archive).st_size)


def verify(archive: str) -> int:
    """How many files the archive holds. Refused where it isn't a backup, or isn't whole."""
    with _opened(archive) as file:
        return len(_sums(file))


def members(archive: str) -> Iterator[tuple[str, bytes]]:
    """Every file of a verified archive: its path below the journal's folder, and its bytes. Refused as `verify` is."""
    with _opened(archive) as file:
        yield from _members(file)


@contextlib.contextmanager
def _opened(archive: str) -> Iterator[BinaryIO]:
    try:
        file = open(archive, "rb")  # noqa: SIM115 - closed below, where a fault no longer matters
        try:
            yield file
        finally:
            with contextlib.suppress(OSError):  # what was read is read
                file.close()
    except FileNotFoundError as error:
        raise Refused(Problem("no-backup", "There is no such file.", "Look where the backup is.", archive)) from error
    except (tarfile.TarError, zlib.error, EOFError, ValueError, OSError) as error:
        what = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = f"This is no whole backup of a journal: {what}."
        raise Refused(Problem("backup-damaged", message, "Try again, or try another copy.", archive)) from error


def _pack(journal: str, file: BinaryIO, advance: Advance) -> dict[str, str]:
    sums: dict[str, str] = {}
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for path in own_files(journal):
            data = read_file(os.path.join(journal, path))
            if data is None:
                continue  # gone since its folder was listed
            _add(tar, path, data)
            sums[path] = sha256_of(data)
            advance()
        _add(tar, SUMS, "".join(f"{digest}  {path}\n" for path, digest in sums.items()).encode())
    return sums


def _add(tar: tarfile.TarFile, path: str, data: bytes) -> None:
    info = tarfile.TarInfo(path)
    info.size, info.mode = len(data), 0o600
    tar.addfile(info, io.BytesIO(data))


def _sums(file: BinaryIO) -> dict[str, str]:
    """The digest of every member. ValueError where they aren't those that the last member names."""
    found: dict[str, str] = {}
    named: dict[str, str] | None = None
    for path, data in _members(file, with_sums=True):
        if path == SUMS:
            named = {path: digest for digest, path in (line.split("  ", 1) for line in data.decode().splitlines())}
        elif path in found:
            raise ValueError(f"{path} is in it twice")
        else:
            found[path] = sha256_of(data)
    if named is None:
        raise ValueError("its list of sums is missing")
    if different := sorted(path for path in named.keys() | found.keys() if named.get(path) != found.get(path)):
        raise ValueError(f"{different[0]} is not as it was")
    return found


def _members(file: BinaryIO, *, with_sums: bool = False) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=file, mode="r:gz") as tar:
        for info in tar:
            content = tar.extractfile(info) if info.isreg() and info.size <= LARGEST else None
            if content is None or not (is_own(info.name) or info.name == SUMS):
                raise ValueError(f"{info.name!r} is no file of a journal")
            if with_sums or info.name != SUMS:
                yield info.name, content.read()
