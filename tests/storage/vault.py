"""A key and an identity file for tests, made once: to wrap a key takes a second on purpose."""

from __future__ import annotations

from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path

from sample_entries import disk_journal

from careerkit.storage.age import Key, new_key
from careerkit.storage.index.file import Index
from careerkit.storage.journal_folder import DiskJournal
from careerkit.storage.keyhole import Keyhole, identity_file
from careerkit.storage.memory import MemoryJournal
from careerkit.storage.turnover import turnover

PASSPHRASE = "violet ladder under soup"


@lru_cache(maxsize=1)
def key_and_identity() -> tuple[Key, bytes]:
    key = new_key()
    return key, identity_file(key, PASSPHRASE)


def encrypt(base: Path, key: Key | None = None, identity: bytes = b"an identity file") -> Key:
    """Encrypt the journal of `sample_entries.disk_journal`; where no identity file is given, it has one of no use."""
    key = key or new_key()
    with turnover(str(base / "data" / "journal"), str(base / "state")) as journal:
        journal.address(key.recipient, identity=identity)
        journal.close_all(key.recipient, key=key, advance=lambda: None)
    return key


def opening(key: Key):
    """Somebody who has the key; `asked` tells for which journals it was wanted."""
    asked: list[Keyhole] = []

    def unlock(keyhole: Keyhole) -> Key:
        asked.append(keyhole)
        return key

    unlock.asked = asked
    return unlock


def a_journal(kind: str, base: Path) -> DiskJournal | MemoryJournal:
    """One in memory, or on the disk, encrypted or not, with an index or without."""
    if kind == "memory":
        return MemoryJournal()
    index = Index(str(base / "cache"), version="1", progress=lambda _: nullcontext(lambda: None))
    options = {"index": index} if "index" in kind else {}
    return disk_journal(base, **options, **({"unlock": opening(encrypt(base))} if "encrypted" in kind else {}))
