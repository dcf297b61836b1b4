"""The backup archive of a journal, which is verified when it is written and before anything is restored from it.

It is a gzipped tar file. Its last member, SHA256SUMS, has the checksums of all others, in the format of `sha256sum`.
"""

from __future__ import annotations

import contextlib
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.hashing import hash_sha256
from careerkit.core.text import quote_fragment
from careerkit.storage.archive.tar_reader import limit_unpacked_size, read_archive
from careerkit.storage.atomic_write import create_copy, remove_killed_copies, replace_copy, sync_descriptor
from careerkit.storage.file_reader import is_folder, is_missing, read_file
from careerkit.storage.layout import find_all_unread, is_journal_file, list_journal_files, soften_quarantined

CHECKSUM_MEMBER = "SHA256SUMS"
MAX_SUM_BYTES = 1 << 10
"""The most bytes of one line in the list of checksums."""

SUBJECT = "The backup"
Advance = Callable[[], None]
"""Called after each file, to advance a progress bar."""


@frozen
class BackupResult:
    """The number of files, the archive's size in bytes, and problems: what isn't in it, and what isn't the journal's."""

    files: int
    size: int
    problems: tuple[Problem, ...] = ()


def create_backup(journal: str, archive: str, *, force: bool, advance: Advance) -> BackupResult:
    """Write and verify the archive. Raises Refused if it fails, or if the archive exists and `force` is not set.

    Files that can't be read are left out, and named in the result. An archive that exists is not replaced then.
    """
    if not is_folder(journal):
        raise Refused(Problem("no-journal", "There is no journal here yet.", "There is nothing to back up.", journal))
    remove_killed_copies(os.path.dirname(archive))
    size = 0
    stored: dict[str, str] = {}
    problems: list[Problem] = []

    def write_content(descriptor: int) -> None:
        nonlocal size
        stored.clear()
        problems.clear()
        with os.fdopen(os.dup(descriptor), "w+b") as file:
            sums, unpacked_size = _write_archive(journal, file, problems, advance)
            if unpacked_size > limit_unpacked_size(file.tell()):  # a journal of repetitions; it must stay readable
                file.seek(0)
                file.truncate()
                problems.clear()
                sums, _ = _write_archive(journal, file, problems, lambda: None, compression=0)
            stored.update(sums)
            failed = [each for each in problems if each.severity == "error"]
            if failed and force and not is_missing(archive):
                raise Refused([_describe_kept_backup(archive), *failed])
            file.flush()
            sync_descriptor(descriptor)
            size = file.tell()
            file.seek(0)
            if _read_back(file) != stored:
                raise OSError("what was read back differs")

    if force:
        replace_copy(archive, write_content, subject=SUBJECT)
    elif not create_copy(archive, write_content, subject=SUBJECT):
        raise Refused(Problem("file-exists", "This file exists.", "Choose another name, or add --force.", archive))
    left_out = [_describe_left_out(each, journal, stored) for each in find_all_unread(journal)]
    return BackupResult(len(stored), size, tuple(dict.fromkeys((*problems, *left_out))))


def _describe_kept_backup(archive: str) -> Problem:
    message = "The backup was not written: it would lack files, and replace one that may have them."
    return Problem("not-saved", message, "Give it another name to back up the rest.", archive)


def _describe_left_out(problem: Problem, journal: str, stored: Mapping[str, str]) -> Problem:
    """Add that a file or folder is not in the backup, if it isn't."""
    path = os.path.relpath(str(problem.where), journal)
    is_stored = path in stored or any(each.startswith(path + "/") for each in stored)
    return problem if is_stored else replace(problem, message=f"{problem.message} It is not in the backup.")


def verify_backup(archive: str) -> int:
    """Verify an archive and count its files. Raises Refused if it isn't a complete backup."""
    with _open_archive(archive) as file:
        return len(_compute_checksums(file))


def read_members(archive: str) -> Iterator[tuple[str, bytes]]:
    """Yield the relative path and content of every file in a verified archive. Raises Refused if it can't be read."""
    with _open_archive(archive) as file:
        for path, chunks in read_archive(file, is_expected=_is_expected):
            if path != CHECKSUM_MEMBER:
                yield path, b"".join(chunks)


@contextlib.contextmanager
def _open_archive(archive: str) -> Iterator[BinaryIO]:
    try:
        # Without O_NONBLOCK, opening a FIFO blocks until someone writes to it.
        file = os.fdopen(os.open(archive, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
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


def _write_archive(
    journal: str, file: BinaryIO, problems: list[Problem], advance: Advance, *, compression: int = 9
) -> tuple[dict[str, str], int]:
    """Write all files that can be read; the others are added to `problems`.

    Returns the checksum of each member, and the size of all before compression.
    """
    sums: dict[str, str] = {}
    failed: list[Problem] = []
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=compression) as tar:
        for path in list_journal_files(journal, failed):
            try:
                data = read_file(os.path.join(journal, path))
            except Refused as refused:
                failed += refused.problems
                continue
            if data is None:
                continue  # deleted since its folder was listed
            _add_member(tar, path, data)
            sums[path] = hash_sha256(data)
            advance()
        _add_member(tar, CHECKSUM_MEMBER, "".join(f"{digest}  {path}\n" for path, digest in sums.items()).encode())
    problems += [
        replace(each, message=f"{each.message} It is not in the backup.")
        for each in soften_quarantined(failed, journal)
    ]
    return sums, tar.offset


def _add_member(tar: tarfile.TarFile, path: str, data: bytes) -> None:
    info = tarfile.TarInfo(path)
    info.size, info.mode = len(data), 0o600
    tar.addfile(info, io.BytesIO(data))


def _read_back(file: BinaryIO) -> dict[str, str]:
    try:
        return _compute_checksums(file)
    except (ValueError, zlib.error) as error:
        raise OSError(str(error)) from error


def _compute_checksums(file: BinaryIO) -> dict[str, str]:
    """The checksum of every member. Raises ValueError if they differ from those in the last member."""
    from hashlib import sha256  # loads OpenSSL, which is fast

    found: dict[str, str] = {}
    expected: dict[str, str] | None = None
    for path, chunks in read_archive(file, is_expected=_is_expected):
        if expected is not None:
            raise ValueError("something follows its list of checksums")
        if path == CHECKSUM_MEMBER:
            expected = _parse_checksums(chunks, max_bytes=MAX_SUM_BYTES * (len(found) + 1))
        elif path in found:
            raise ValueError(f"it contains {path} twice")
        else:
            digest = sha256()
            for chunk in chunks:
                digest.update(chunk)
            found[path] = digest.hexdigest()
    if expected is None:
        raise ValueError("its list of checksums is missing")
    if different := [path for path in expected.keys() | found.keys() if expected.get(path) != found.get(path)]:
        raise ValueError(f"{quote_fragment(min(different))} has changed")
    return found


def _parse_checksums(chunks: Iterator[bytes], *, max_bytes: int) -> dict[str, str]:
    data, sums = bytearray(), {}
    for chunk in chunks:
        data += chunk
        if len(data) > max_bytes:
            raise ValueError("its list of checksums is far too long")
    for line in data.decode().splitlines():
        digest, separator, path = line.partition("  ")
        if not separator:
            raise ValueError("its list of checksums is damaged")
        sums[path] = digest
    return sums


def _is_expected(path: str) -> bool:
    return path == CHECKSUM_MEMBER or is_journal_file(path)
