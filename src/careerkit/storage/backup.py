"""The backup archive of a journal, which is verified when it is written and before anything is restored from it.

It is a gzipped tar file. Its last member, SHA256SUMS, has the checksums of all others, in the format of `sha256sum`.
"""

from __future__ import annotations

import contextlib
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.hashing import hash_sha256
from careerkit.storage.atomic_write import create_file_with, remove_leftovers, replace_file_with, sync_descriptor
from careerkit.storage.file_reader import read_file
from careerkit.storage.layout import is_journal_file, list_journal_files

CHECKSUM_MEMBER = "SHA256SUMS"
SUBJECT = "The backup"
MAX_MEMBER_BYTES = 1 << 28
"""The limit for one file. No file of a journal is this large, but a malicious archive could fill the memory."""

Advance = Callable[[], None]
"""Called after each file, to advance a progress bar."""


@frozen
class BackupResult:
    """The number of files, and the archive's size in bytes."""

    files: int
    size: int


def create_backup(journal: str, archive: str, *, force: bool, advance: Advance) -> BackupResult:
    """Write and verify the archive. Raises Refused if it fails, or if the archive exists and `force` is not set."""
    if not os.path.isdir(journal):
        raise Refused(Problem("no-journal", "There is no journal here yet.", "There is nothing to back up.", journal))
    remove_leftovers(os.path.dirname(archive))
    count = 0

    def write_content(descriptor: int) -> None:
        nonlocal count
        with os.fdopen(os.dup(descriptor), "w+b") as file:
            sums = _write_archive(journal, file, advance)
            file.flush()
            sync_descriptor(descriptor)
            file.seek(0)
            if _compute_checksums(file) != sums:
                raise OSError("what was read back differs")
        count = len(sums)

    if force:
        replace_file_with(archive, write_content, subject=SUBJECT)
    elif not create_file_with(archive, write_content, subject=SUBJECT):
        raise Refused(Problem("file-exists", "This file exists.", "Choose another name, or add --force.", archive))
    return BackupResult(count, os.stat(archive).st_size)


def verify_backup(archive: str) -> int:
    """Verify an archive and count its files. Raises Refused if it isn't a complete backup."""
    with _open_archive(archive) as file:
        return len(_compute_checksums(file))


def read_members(archive: str) -> Iterator[tuple[str, bytes]]:
    """Yield the relative path and content of every file in a verified archive. Raises Refused if it can't be read."""
    with _open_archive(archive) as file:
        yield from _extract_members(file)


@contextlib.contextmanager
def _open_archive(archive: str) -> Iterator[BinaryIO]:
    try:
        file = open(archive, "rb")  # noqa: SIM115 - closed below, ignoring errors
        try:
            yield file
        finally:
            with contextlib.suppress(OSError):  # the data was read
                file.close()
    except FileNotFoundError as error:
        raise Refused(Problem("no-backup", "There is no such file.", "Check the backup's path.", archive)) from error
    except (tarfile.TarError, zlib.error, EOFError, ValueError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = f"This is not a complete backup of a journal: {reason}."
        raise Refused(Problem("backup-damaged", message, "Try again, or try another copy.", archive)) from error


def _write_archive(journal: str, file: BinaryIO, advance: Advance) -> dict[str, str]:
    sums: dict[str, str] = {}
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for path in list_journal_files(journal):
            data = read_file(os.path.join(journal, path))
            if data is None:
                continue  # deleted since its folder was listed
            _add_member(tar, path, data)
            sums[path] = hash_sha256(data)
            advance()
        _add_member(tar, CHECKSUM_MEMBER, "".join(f"{digest}  {path}\n" for path, digest in sums.items()).encode())
    return sums


def _add_member(tar: tarfile.TarFile, path: str, data: bytes) -> None:
    info = tarfile.TarInfo(path)
    info.size, info.mode = len(data), 0o600
    tar.addfile(info, io.BytesIO(data))


def _compute_checksums(file: BinaryIO) -> dict[str, str]:
    """The checksum of every member. Raises ValueError if they differ from those in the last member."""
    found: dict[str, str] = {}
    expected: dict[str, str] | None = None
    for path, data in _extract_members(file, with_sums=True):
        if path == CHECKSUM_MEMBER:
            expected = {path: digest for digest, path in (line.split("  ", 1) for line in data.decode().splitlines())}
        elif path in found:
            raise ValueError(f"it contains {path} twice")
        else:
            found[path] = hash_sha256(data)
    if expected is None:
        raise ValueError("its list of checksums is missing")
    if different := sorted(path for path in expected.keys() | found.keys() if expected.get(path) != found.get(path)):
        raise ValueError(f"{different[0]} has changed")
    return found


def _extract_members(file: BinaryIO, *, with_sums: bool = False) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=file, mode="r:gz") as tar:
        for info in tar:
            content = tar.extractfile(info) if info.isreg() and info.size <= MAX_MEMBER_BYTES else None
            if content is None or not (is_journal_file(info.name) or info.name == CHECKSUM_MEMBER):
                raise ValueError(f"{info.name!r} isn't a file of a journal")
            if with_sums or info.name != CHECKSUM_MEMBER:
                yield info.name, content.read()
