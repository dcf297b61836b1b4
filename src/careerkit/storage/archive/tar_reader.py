"""Read a gzipped tar archive from anywhere within limits of memory and time.

The tarfile module believes what headers say: an extension header of gigabytes, thousands of nested ones, a size of 2^62. It
also stops at the first empty block, so it doesn't notice that the end of an archive is missing. Only what backups consist
of is read here: regular files, with the extension headers that long names need.
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from careerkit.core.text import quote_fragment

BLOCK_SIZE, CHUNK_SIZE = 512, 1 << 16
MAX_MEMBER_BYTES = 1 << 28
"""The limit for one file. No file of a journal is this large, but a malicious archive could fill the memory."""

MAX_EXTENSION_BYTES, MAX_EXTENSIONS = 1 << 16, 3
"""The limits for an extension header, and how many may precede a file."""

BASE_BYTES, MAX_RATIO = 1 << 25, 32
"""An archive may unpack to this many bytes, plus this many for each of its own: text shrinks to a fifth at best."""

REGULAR, PAX, PAX_GLOBAL, GNU_NAME = (b"0", b"\0"), b"x", b"g", b"L"
Chunks = Iterator[bytes]


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
