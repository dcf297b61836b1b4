"""The checksum line at the end of a file, which shows whether the file is complete and unchanged."""

from __future__ import annotations

from collections.abc import Callable

from careerkit.core.frozen import Literal, frozen
from careerkit.core.hashing import hash_sha256
from careerkit.storage.layout import is_sha256

TRAILER = "# careerkit sha256 "
"""The start of the last line. The writer escapes it within texts, so that only the real line looks like this."""

CHECKSUM_PREFIX = TRAILER.encode()
CHECKSUM_LINE_LENGTH = len(CHECKSUM_PREFIX) + 64 + 1
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
OPENSSL_THRESHOLD = 1 << 19
"""Bytes from which OpenSSL's hash, which is six times as fast, is worth the 4 ms that importing it takes."""

Digest = Callable[[bytes], str]


Integrity = Literal["intact", "changed", "cut short"]
"""The file is as careerkit wrote it, or was changed since, or its end is missing."""


@frozen
class VerifiedText:
    """`text` is the document without the checksum line if that is valid, otherwise the whole file."""

    integrity: Integrity
    text: bytes


def add_checksum(text: bytes, digest: Digest = hash_sha256) -> bytes:
    """Append the checksum line to `text`, which must end with a line break."""
    return text + CHECKSUM_PREFIX + digest(text).encode() + b"\n"


def verify_checksum(data: bytes, digest: Digest = hash_sha256) -> VerifiedText:
    """Check a file's checksum line. A truncated file is never INTACT."""
    text, line = data[:-CHECKSUM_LINE_LENGTH], data[-CHECKSUM_LINE_LENGTH:]
    if (
        line[: len(CHECKSUM_PREFIX)] == CHECKSUM_PREFIX
        and line[-1:] == b"\n"
        and digest(text).encode() == line[len(CHECKSUM_PREFIX) : -1]
    ):
        return VerifiedText("intact", text)
    return _verify_normalized(data, digest)


def make_adaptive_digest() -> Digest:
    """A SHA-256 that switches to OpenSSL's faster one after OPENSSL_THRESHOLD bytes."""
    total = 0
    fastest: Digest = hash_sha256

    def digest(data: bytes) -> str:
        nonlocal total, fastest
        if total <= OPENSSL_THRESHOLD < total + len(data):
            fastest = load_openssl_digest()
        total += len(data)
        return fastest(data)

    return digest


def load_openssl_digest() -> Digest:
    from hashlib import sha256  # loads OpenSSL

    return lambda data: sha256(data).hexdigest()


def _verify_normalized(data: bytes, digest: Digest) -> VerifiedText:
    """Check the checksum again, ignoring a byte order mark, other line ends, and whitespace after the last line."""
    plain = data.removeprefix(BYTE_ORDER_MARK).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    text, prefix, rest = plain.rpartition(CHECKSUM_PREFIX)
    checksum, line_end, tail = rest.partition(b"\n")
    if not prefix or not is_sha256(checksum.decode("ascii", "replace")) or not (text.endswith(b"\n") or not text):
        return VerifiedText("cut short", plain)
    if digest(text).encode() != checksum or tail.strip(b"\n \t\0"):
        return VerifiedText("changed", plain)
    # Some file systems leave NULs at the end after a crash. The text is proven intact, but the user should know.
    return VerifiedText("intact" if line_end and not tail.strip() else "changed", text)
