"""Where things lie in a journal's folder, and what its names mean.

Paths are plain text here and in all of storage: importing pathlib takes longer than listing a hundred entries.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

MARKER = "careerkit.toml"
ENTRIES, EVENTS, PLAYBOOKS = "entries", "events", "playbooks"
END = ".toml"
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""No i, l, o, u: nothing to misread, and no handle begins like "last"."""
CONFLICT_MARKS = (".sync-conflict-", "conflicted copy", "conflict copy", "case conflict")


def new_entry_id(moment: datetime) -> str:
    """The UTC minute and six random signs."""
    time = moment.astimezone(UTC)
    minute = f"{time.year:04d}{time.month:02d}{time.day:02d}T{time.hour:02d}{time.minute:02d}Z"
    return f"{minute}-{''.join(ALPHABET[byte % 32] for byte in os.urandom(6))}"


def is_entry_id(name: str) -> bool:
    """Whether it has the form of an entry's id. No path can hide in one."""
    day, minute, random = name[:8], name[9:13], name[15:]
    fits = name.isascii() and name[8:9] == "T" and name[13:15] == "Z-" and (day + minute).isdecimal()
    return fits and 4 <= len(random) <= 32 and random.isalnum() and random == random.lower()


def is_month(name: str) -> bool:
    return len(name) == 7 and name[4] == "-" and (name[:4] + name[5:]).isdecimal() and name.isascii()


def month_of(entry_id: str) -> str:
    return f"{entry_id[:4]}-{entry_id[4:6]}"


def entry_path(journal: str, entry_id: str) -> str:
    return os.path.join(journal, ENTRIES, month_of(entry_id), entry_id + END)


def playbook_path(journal: str, sha256: str) -> str:
    return os.path.join(journal, PLAYBOOKS, sha256 + END)


def is_sha256(name: str) -> bool:
    return len(name) == 64 and all(sign in "0123456789abcdef" for sign in name)


def is_conflict_copy(name: str) -> bool:
    """Whether a sync tool has put the file beside another one that it could not merge."""
    small = name.lower()
    return any(mark in small for mark in CONFLICT_MARKS)
