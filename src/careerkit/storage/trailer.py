"""The last line of a file, by which careerkit knows that the file is whole and as it was written.

`# careerkit sha256 <64 hex>` over the bytes above it. What only carries text differently is no change: a byte-order
mark and other line ends are put back before the hash is looked at, and the hash proves that this was all.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from careerkit.core.frozen import frozen
from careerkit.core.journal.head import TRAILER
from careerkit.core.playbook.digest import sha256_of

START = TRAILER.encode()
LENGTH = len(START) + 64 + 1
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MANY = 1 << 18
"""From so many bytes on, OpenSSL's hash, six times as fast, is worth the 4 ms that its import takes."""

Digest = Callable[[bytes], str]


class Seal(Enum):
    INTACT = "as careerkit wrote it"
    CHANGED = "changed since careerkit wrote it"
    CUT_SHORT = "its end is missing"


@frozen
class Opened:
    """`text` is the document without its last line where that fits, and else all there is."""

    seal: Seal
    text: bytes


def seal(text: bytes, digest: Digest = sha256_of) -> bytes:
    """`text`, which ends with a line end, and the line that vouches for it."""
    return text + START + digest(text).encode() + b"\n"


def open_sealed(data: bytes, digest: Digest = sha256_of) -> Opened:
    """What the file holds, and whether that is what was written. No beginning of a file is ever INTACT but all of it."""
    text, line = data[:-LENGTH], data[-LENGTH:]
    if line[: len(START)] == START and line[-1:] == b"\n" and digest(text).encode() == line[len(START) : -1]:
        return Opened(Seal.INTACT, text)
    return _look_closer(data, digest)


def digest_by_need() -> Digest:
    """A hash that turns to the quickest way once much has been hashed."""
    hashed = 0
    quickest: Digest = sha256_of

    def digest(data: bytes) -> str:
        nonlocal hashed, quickest
        if hashed <= MANY < hashed + len(data):
            quickest = quick_digest()
        hashed += len(data)
        return quickest(data)

    return digest


def quick_digest() -> Digest:
    """OpenSSL's, which takes its time to load."""
    from hashlib import sha256

    return lambda data: sha256(data).hexdigest()


def _look_closer(data: bytes, digest: Digest) -> Opened:
    plain = data.removeprefix(BYTE_ORDER_MARK).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    above, start, rest = plain.rpartition(START)
    line, line_end, tail = rest.partition(b"\n")
    if not start or not _is_hash(line) or not (above.endswith(b"\n") or not above):
        return Opened(Seal.CUT_SHORT, plain)
    if digest(above).encode() != line or tail.strip(b"\n \t\0"):
        return Opened(Seal.CHANGED, plain)
    # A tail of NULs is what some file systems leave after a crash: the text is proven, and yet it is said.
    return Opened(Seal.INTACT if line_end and not tail.strip() else Seal.CHANGED, above)


def _is_hash(line: bytes) -> bool:
    return len(line) == 64 and all(sign in b"0123456789abcdef" for sign in line)
