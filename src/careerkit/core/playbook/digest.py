"""A playbook's fingerprint."""

from __future__ import annotations

from functools import cache


def sha256_of(data: bytes) -> str:
    """The SHA-256 of `data`, as 64 hex digits."""
    return _sha256()(data).hexdigest()  # type: ignore[no-any-return, operator]  # the lean modules have no stubs


@cache
def _sha256() -> object:
    # As random.py of the standard library does: hashlib loads OpenSSL, which costs more than all the rest of a start.
    for name in ("_sha2", "_sha256", "hashlib"):
        try:
            return __import__(name).sha256
        except (ImportError, AttributeError):  # pragma: no cover - which of them there is depends on the Python
            continue
    raise ImportError("sha256")  # pragma: no cover
