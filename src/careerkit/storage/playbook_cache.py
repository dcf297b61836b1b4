"""What was found out about playbooks, kept as JSON outside the journal: losing it costs a moment, never an answer.

A file here begins with the SHA-256 of what follows. What is damaged, or of another make, counts as not there.
"""

from __future__ import annotations

import contextlib
import os
from typing import Any

from careerkit.core.playbook.digest import sha256_of
from careerkit.storage.folders import make_private

_MAKE = 1
"""Changes when the tables that are kept change while careerkit's version does not."""


class PlaybookCache:
    """`folder` may be missing or unwritable, or None for no cache at all: then everything is new each time.

    `shipped` is a folder of the same kind that came with careerkit; it is only read.
    """

    def __init__(self, folder: str | None, version: str, *, shipped: str | None = None) -> None:
        self._folder = os.path.join(folder, "playbooks") if folder else None
        self._shipped = shipped
        self._suffix = f"{version}-{_MAKE}.json"

    def plain(self, sha256: str) -> dict[str, Any] | None:
        """The plain tables of the checked playbook whose bytes have that hash."""
        name = f"{sha256}-{self._suffix}"
        return self._load(self._folder, name) or self._load(self._shipped, name)

    def keep_plain(self, sha256: str, plain: dict[str, Any]) -> None:
        self._store(f"{sha256}-{self._suffix}", plain)

    def listing(self) -> dict[str, Any]:
        """What `keep_listing` was last given."""
        return self._load(self._folder, f"listing-{self._suffix}") or {}

    def keep_listing(self, listing: dict[str, Any]) -> None:
        self._store(f"listing-{self._suffix}", listing)

    def _load(self, folder: str | None, name: str) -> dict[str, Any] | None:
        if folder is None:
            return None
        try:
            descriptor = os.open(os.path.join(folder, name), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as file:
                seal, _, content = file.read().partition(b"\n")
            if seal.decode() != sha256_of(content):
                return None
            from careerkit.core.playbook.json_text import from_json

            found = from_json(content.decode())
        except (OSError, ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def _store(self, name: str, tables: dict[str, Any]) -> None:
        if self._folder is None:
            return
        from careerkit.core.playbook.json_text import to_json

        content = to_json(tables).encode()
        temp = os.path.join(self._folder, f".{os.urandom(8).hex()}.tmp")
        try:
            make_private(self._folder)
            descriptor = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(sha256_of(content).encode() + b"\n" + content)
            os.replace(temp, os.path.join(self._folder, name))
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temp)
