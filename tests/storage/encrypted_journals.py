"""Keys, identity files and encrypted journals for tests. The identity is made once, because encrypting a key takes a second by design."""

from __future__ import annotations

from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path

from sample_entries import open_disk_journal

from careerkit.storage.encryption import AgeKey, IdentityFile, encrypt_identity, generate_key
from careerkit.storage.index.database import JournalIndex
from careerkit.storage.journal import DiskJournal
from careerkit.storage.memory_journal import MemoryJournal
from careerkit.storage.transfer import begin_conversion

PASSPHRASE = "violet ladder under soup"


@lru_cache(maxsize=1)
def make_key_and_identity() -> tuple[AgeKey, bytes]:
    key = generate_key()
    return key, encrypt_identity(key, PASSPHRASE)


def encrypt_journal(base: Path, key: AgeKey | None = None, identity: bytes = b"an identity file") -> AgeKey:
    """Encrypt the journal of `sample_entries.disk_journal`; where no identity file is given, it has one of no use."""
    key = key or generate_key()
    with begin_conversion(str(base / "data" / "journal"), str(base / "state")) as journal:
        journal.set_recipient(key.recipient, identity=identity)
        journal.encrypt_all(key.recipient, key=key, advance=lambda: None)
    return key


def make_unlock(key: AgeKey):
    """Somebody who has the key; `asked` tells for which journals it was wanted."""
    asked: list[IdentityFile] = []

    def unlock(keyhole: IdentityFile) -> AgeKey:
        asked.append(keyhole)
        return key

    unlock.asked = asked
    return unlock


def make_journal(kind: str, base: Path) -> DiskJournal | MemoryJournal:
    """One in memory, or on the disk, encrypted or not, with an index or without."""
    if kind == "memory":
        return MemoryJournal()
    index = JournalIndex(str(base / "cache"), version="1", start_progress=lambda _: nullcontext(lambda: None))
    options = {"index": index} if "index" in kind else {}
    return open_disk_journal(
        base, **options, **({"unlock": make_unlock(encrypt_journal(base))} if "encrypted" in kind else {})
    )
