"""SHA-256 without loading OpenSSL."""

from __future__ import annotations

from functools import cache


def hash_sha256(data: bytes) -> str:
    """The SHA-256 of `data`, as 64 hex digits."""
    return _load_sha256()(data).hexdigest()  # type: ignore[no-any-return, operator]  # these modules have no stubs


@cache
def _load_sha256() -> object:
    # As in the standard library's random.py: hashlib loads OpenSSL, which would take longer than the rest of the start-up.
    for name in ("_sha2", "_sha256", "hashlib"):
        try:
            return __import__(name).sha256
        except (ImportError, AttributeError):  # pragma: no cover - depends on the version of Python
            continue
    raise ImportError("sha256")  # pragma: no cover
