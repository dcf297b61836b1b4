"""Where things lie in a journal's folder, and what its names mean.

Paths are plain text here and in all of storage: importing pathlib takes longer than listing a hundred entries.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

MARKER = "careerkit.toml"
IDENTITY = "identity.age"
"""An encrypted journal's key, behind a passphrase."""
ENTRIES, EVENTS, PLAYBOOKS, QUARANTINE = "entries", "events", "playbooks", "quarantine"
END = ".toml"
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""No i, l, o, u: nothing to misread, and no handle begins like "last"."""
HEXADECIMAL = "0123456789abcdef"
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


def new_event_id(moment: datetime) -> str:
    """The UTC millisecond and sixteen random hexadecimal digits."""
    time = moment.astimezone(UTC)
    day = f"{time.year:04d}{time.month:02d}{time.day:02d}"
    clock = f"{time.hour:02d}{time.minute:02d}{time.second:02d}{time.microsecond // 1000:03d}"
    return f"{day}T{clock}Z-{os.urandom(8).hex()}"


def is_event_id(name: str) -> bool:
    """Whether it has the form of an event's id. No path can hide in one."""
    digits, random = name[:8] + name[9:18], name[20:]
    fits = name.isascii() and name[8:9] == "T" and name[18:20] == "Z-" and digits.isdecimal() and len(digits) == 17
    return fits and len(random) == 16 and all(sign in HEXADECIMAL for sign in random)


def is_journal_id(name: str) -> bool:
    """Whether it has the form of a journal's id. No path can hide in one, which comes with a journal from anywhere."""
    return name.isascii() and name.isalnum() and len(name) <= 64


def is_month(name: str) -> bool:
    return len(name) == 7 and name[4] == "-" and (name[:4] + name[5:]).isdecimal() and name.isascii()


def month_of(identity: str) -> str:
    """The month folder of an entry's or event's id."""
    return f"{identity[:4]}-{identity[4:6]}"


def entry_path(journal: str, entry_id: str) -> str:
    return os.path.join(journal, ENTRIES, month_of(entry_id), entry_id + END)


def event_path(journal: str, event_id: str) -> str:
    return os.path.join(journal, EVENTS, month_of(event_id), event_id + END)


def playbook_path(journal: str, sha256: str) -> str:
    return os.path.join(journal, PLAYBOOKS, sha256 + END)


def is_sha256(name: str) -> bool:
    return len(name) == 64 and all(sign in HEXADECIMAL for sign in name)


def is_conflict_copy(name: str) -> bool:
    """Whether a sync tool has put the file beside another one that it could not merge."""
    small = name.lower()
    return any(mark in small for mark in CONFLICT_MARKS)
