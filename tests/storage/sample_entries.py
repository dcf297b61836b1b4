"""Entries and journals to test storage with."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Answer, Entry, PlaybookRef
from careerkit.core.outcome.model import Action, Draft, Finding, Outcome
from careerkit.storage.journal import DiskJournal

PLAYBOOK = b'format = 1\r\ntitle = "Own a career crisis"\n'
SHA256 = hashlib.sha256(PLAYBOOK).hexdigest()
STARTED = datetime.fromisoformat("2026-11-22T10:05:00+01:00")
FINISHED = datetime.fromisoformat("2026-11-22T10:25:00+01:00")
FIRST_ID = "20261122T0905Z-k3f9x2"


def make_entry(
    entry_id: str = FIRST_ID, *, machine: str, text: str = "I overlooked\nan offer", **changes: Any
) -> Entry:
    made = Entry(
        id=entry_id,
        machine=machine,
        playbook=PlaybookRef("crisis/start", 'Own a "career" crisis', "1", SHA256),
        started=STARTED,
        zone="Europe/Berlin",
        asked=7,
        answers=(
            Answer("what", "text", "What happened?", text, text),
            Answer("harm", "scale", "How bad is it?", Decimal(4), "4 of 5", private=True),
        ),
    )
    return replace(made, **changes)


def finish_entry(open_entry: Entry) -> Entry:
    outcome = Outcome(
        FINISHED,
        findings=(Finding("advice", "Take advice", "Severity is high", level="stop", because=("harm",)),),
        drafts=(Draft("opening", "Your first words", "Ana", "I overlooked it.\nThat was mine to prevent."),),
        actions=(Action("tell", "Tell Ana", due=FINISHED.date()), Action("mend", "Mend it", state="done")),
    )
    return replace(open_entry, finished=FINISHED, outcome=outcome)


def enlarge_entry(open_entry: Entry, size: int = 15_000) -> Entry:
    """The entry with answers that make a file of about that size."""
    one = 'What I did next, and why it took me so long to say so: "nobody asked".\n' * 4
    count = size // (len(one) + 110)
    more = (Answer(f"q{n}", "text", f"Question number {n}?", one, one) for n in range(count))
    return replace(open_entry, answers=(*open_entry.answers, *more))


def open_disk_journal(base: Path, **options: Any) -> DiskJournal:
    return DiskJournal(base / "data" / "journal", base / "state", **options)


def locate_entry(base: Path, entry_id: str = FIRST_ID) -> Path:
    return base / "data" / "journal" / "entries" / f"{entry_id[:4]}-{entry_id[4:6]}" / f"{entry_id}.toml"


def list_codes(refused: Refused) -> list[str]:
    return [problem.code for problem in refused.problems]
