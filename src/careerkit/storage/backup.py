"""The backup archive of a journal, which is verified when it is written and before anything is restored from it.

It is a gzipped tar file. Its last member, SHA256SUMS, has the checksums of all others, in the format of `sha256sum`.

The tarfile module believes what headers say: an extension header of gigabytes, thousands of nested ones, a size of 2^62. It
also stops at the first empty block, so it doesn't notice that the end of an archive is missing. Only what backups consist
of is read here: regular files, with the extension headers that long names need.
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256  # OpenSSL is faster than hash_sha256 for large archives
from typing import BinaryIO

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.text import hash_sha256, quote_fragment
from careerkit.storage.atomic_write import create_copy, remove_killed_copies, replace_copy, sync_descriptor
from careerkit.storage.layout import find_all_unread, is_journal_file, list_journal_files, soften_quarantined
from careerkit.storage.platform import is_folder, is_missing, read_file

CHECKSUM_MEMBER = "SHA256SUMS"
MAX_SUM_BYTES = 1 << 10
"""The most bytes of one line in the list of checksums."""

SUBJECT = "The backup"
Advance = Callable[[], None]
"""Called after each file, to advance a progress bar."""

BLOCK_SIZE, CHUNK_SIZE = 512, 1 << 16
MAX_MEMBER_BYTES = 1 << 28
"""The limit for one file. No file of a journal is this large, but a malicious archive could fill the memory."""

MAX_EXTENSION_BYTES, MAX_EXTENSIONS = 1 << 16, 3
"""The limits for an extension header, and how many may precede a file."""

BASE_BYTES, MAX_RATIO = 1 << 25, 32
"""An archive may unpack to this many bytes, plus this many for each of its own: text shrinks to a fifth at best."""

REGULAR, PAX, PAX_GLOBAL, GNU_NAME = (b"0", b"\0"), b"x", b"g", b"L"
Chunks = Iterator[bytes]


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


def limit_unpacked_size(size: int) -> int:
    """The most bytes that an archive of `size` bytes may unpack to."""
    return BASE_BYTES + MAX_RATIO * size


def read_archive(file: BinaryIO, *, is_expected: Callable[[str], bool]) -> Iterator[tuple[str, Chunks]]:
    """Yield the name of each file in the archive, and its content in pieces, which need not be used.

    Raises ValueError, zlib.error or OSError if the archive is damaged, incomplete, exceeds a limit, or has something else
    than files with expected names in it.
    """
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it isn't a file")
    stream = _Stream(file, limit_unpacked_size(status.st_size))
    while True:
        name, size = _read_header(stream)
        if not name:
            stream.skip_padding()
            return
        if not is_expected(name):
            raise ValueError(f"{quote_fragment(name)} isn't a file of a journal")
        content = _read_content(stream, size)
        yield name, content
        for _ in content:  # what the caller didn't read
            pass


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


class _Stream:
    """The unpacked bytes of a gzip file, of which there may be at most `limit`."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file, self._left = file, limit
        self._unpacker = zlib.decompressobj(wbits=31)
        self._packed = file.read(CHUNK_SIZE)
        if self._packed[:2] != b"\x1f\x8b":
            raise ValueError("it isn't a gzip file" if self._packed else "it is empty")

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes, at most CHUNK_SIZE."""
        parts, missing = [], size
        while missing:
            part = self._read_some(missing)
            if not part:
                raise ValueError("its end is missing")
            parts.append(part)
            missing -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def skip_padding(self) -> None:
        """Read to the end, where only zeros may be. That proves that nothing is missing: gzip's own checksum is at the end."""
        while part := self._read_some(CHUNK_SIZE):
            if part.count(0) != len(part):
                raise ValueError("something follows its last file")
        rest = self._unpacker.unused_data + self._packed + self._file.read(CHUNK_SIZE)
        if rest.count(0) != len(rest):
            raise ValueError("something follows its end")

    def _read_some(self, size: int) -> bytes:
        """At most `size` bytes; none at the end of the gzip file."""
        while not self._unpacker.eof:
            part = self._unpacker.decompress(self._packed, size)
            self._packed = self._unpacker.unconsumed_tail
            if part:
                self._left -= len(part)
                if self._left < 0:
                    raise ValueError("it unpacks to far more than a journal can have")
                return part
            if not self._packed and not self._unpacker.eof:
                self._packed = self._file.read(CHUNK_SIZE)
                if not self._packed:
                    raise ValueError("its end is missing")
        return b""


def _read_header(stream: _Stream) -> tuple[str, int]:
    """The name and size of the next file; "" at the end of the archive."""
    long_name = ""
    size_of_file: int | None = None
    for _ in range(MAX_EXTENSIONS + 1):
        block = stream.read(BLOCK_SIZE)
        if not any(block):
            if long_name or size_of_file is not None:
                raise ValueError("a file is missing")
            return "", 0
        _verify_header(block)
        name, size, kind = _get_name(block), _parse_size(block[124:136]), block[156:157]
        if kind in REGULAR:
            return long_name or name, size if size_of_file is None else size_of_file
        if kind not in (PAX, PAX_GLOBAL, GNU_NAME):
            raise ValueError(f"{quote_fragment(name)} isn't a file of a journal")
        if size > MAX_EXTENSION_BYTES:
            raise ValueError(f"{quote_fragment(name)} has a header that is far too long")
        data = b"".join(_read_content(stream, size))
        if kind == GNU_NAME:
            long_name = _decode_name(data.rstrip(b"\0"))
        elif kind == PAX:
            records = _parse_pax(data)
            long_name = _decode_name(records[b"path"]) if b"path" in records else long_name
            size_of_file = _parse_decimal_size(records[b"size"]) if b"size" in records else size_of_file
    raise ValueError("a file has too many headers")


def _read_content(stream: _Stream, size: int) -> Chunks:
    """The content, and after its last piece the padding to a full block is skipped."""
    if size > MAX_MEMBER_BYTES:
        raise ValueError(f"a file in it has {size:,} bytes")
    return _iterate_content(stream, size)


def _iterate_content(stream: _Stream, size: int) -> Chunks:
    left = size
    while left:
        part = stream.read(min(left, CHUNK_SIZE))
        left -= len(part)
        yield part
    stream.read(-size % BLOCK_SIZE)


def _verify_header(block: bytes) -> None:
    """Compare a header with its checksum, which counts its own eight bytes as spaces."""
    try:
        expected = int(block[148:156].strip(b" \0") or b"0", 8)
    except ValueError:
        expected = -1
    if sum(block) - sum(block[148:156]) + 8 * ord(" ") != expected:
        raise ValueError("one of its headers is damaged")


def _get_name(block: bytes) -> str:
    name, _, _ = block[:100].partition(b"\0")
    prefix, _, _ = block[345:500].partition(b"\0")
    return _decode_name(prefix + b"/" + name if prefix and block[257:263] == b"ustar\0" else name)


def _decode_name(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _parse_size(field: bytes) -> int:
    """The size in octal digits, or in base 256 if it has the highest bit."""
    if field[0] & 0x80:
        return int.from_bytes(field, "big", signed=False) & ~(0x80 << 88)
    try:
        return int(field.strip(b" \0") or b"0", 8)
    except ValueError:
        raise ValueError("one of its headers is damaged") from None


def _parse_decimal_size(text: bytes) -> int:
    if not text.isdigit() or len(text) > 20:
        raise ValueError("one of its headers is damaged")
    return int(text)


def _parse_pax(data: bytes) -> dict[bytes, bytes]:
    """The records of an extension header: `LENGTH KEY=VALUE` and a line feed, where the length counts all of it."""
    records: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        length, blank, _ = data[at : at + 8].partition(b" ")
        end = at + int(length) if blank and length.isdigit() else 0
        key, sign, value = data[at + len(length) + 1 : end - 1].partition(b"=")
        if not at < end <= len(data) or not sign or data[end - 1 : end] != b"\n":
            raise ValueError("one of its headers is damaged")
        records[key] = value
        at = end
    return records
