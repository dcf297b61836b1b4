"""An entry with a past, and a trend, as they look. CAREERKIT_WRITE_TRANSCRIPTS=1 pytest on this file renews them."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from conversation import HERE, Paper, look_of
from fakes import FakeClock

from careerkit.coaching.changing import Changes
from careerkit.coaching.correcting import Correcting
from careerkit.coaching.seeing import see
from careerkit.coaching.starting import answer_all
from careerkit.coaching.trending import trend
from careerkit.core.frozen import replace
from careerkit.core.journal.event import Event
from careerkit.core.journal.only import Only
from careerkit.storage.memory import MemoryJournal
from careerkit.terminal.entry_view import painted_entry
from careerkit.terminal.trend_view import write_trend
from sample_journal import CALM, ROUGH, WEEK
from scenario import NOW, playbook_of

PLAYBOOK = playbook_of(WEEK)
LOOKS = {
    "plain": ("plain", "utf-8"),
    "40": ("40", "utf-8"),
    "80": ("80", "utf-8"),
    "80.ascii": ("80", "ascii"),
    "120": ("120", "utf-8"),
}


class Numbered(MemoryJournal):
    """Its ids come in order, so that what is shown is the same each time."""

    def __init__(self) -> None:
        super().__init__("9c1b04de77aa1f02")
        self._count = 0

    def new_id(self, moment: datetime) -> str:
        return f"{moment:%Y%m%dT%H%MZ}-aaaaaa"

    def new_event_id(self, moment: datetime) -> str:
        self._count += 1
        return f"{moment:%Y%m%dT%H%M%S}000Z-{self._count:016x}"


def a_past() -> tuple[Numbered, str]:
    journal = Numbered()
    for days, answers in ((20, ROUGH | {"load": 3}), (10, CALM), (0, ROUGH)):
        clock = FakeClock(NOW - timedelta(days=days))
        entry = answer_all(PLAYBOOK, WEEK.encode(), answers, lane="full", journal=journal, clock=clock)
    clock = FakeClock(NOW + timedelta(days=2))
    changes = Changes(journal, clock, entry.id)
    changes.tag(["boss", "difficult-client"])
    changes.note("Linh says it was the reader.\nThe writer was fine \x1b[31m…")
    Correcting(entry, PLAYBOOK, changes).take({"load": 2, "kind": "calm", "hours": 40})
    other = Event(journal.new_event_id(NOW), "correction", entry.id, NOW, "5d0c9e1b7a3f4426", "hours", type="number")
    journal.record(replace(other, value=Decimal(44), shown="44 hours"))
    journal.record(replace(other, id=journal.new_event_id(NOW), kind="tag", about="boss", type="yesno", value=False))
    return journal, entry.id


def as_written_down(name: str, shown: str) -> None:
    file, shown = HERE / "transcripts" / f"{name}.txt", shown.replace("\x1b", "␛")
    if os.environ.get("CAREERKIT_WRITE_TRANSCRIPTS") == "1":
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOOKS)
def test_an_entry_with_a_past_looks_as_it_is_written_down(name):
    look, encoding = LOOKS[name]
    journal, entry_id = a_past()
    seen = see(journal, entry_id, lambda _: PLAYBOOK)

    shown = painted_entry(
        seen.entry,
        history=seen.history,
        playbook=PLAYBOOK,
        news=seen.news,
        look=look_of(look, encoding=encoding),
        encoding=encoding,
    )

    as_written_down(f"journal-show.{name}", shown)


@pytest.mark.parametrize("name", LOOKS)
def test_a_trend_looks_as_it_is_written_down(name):
    look, encoding = LOOKS[name]
    journal, _ = a_past()
    found, _ = trend(journal, "load", only=Only(playbook=PLAYBOOK.id), playbook_of=lambda _: PLAYBOOK)
    paper = Paper()

    write_trend(found, older=3, today=NOW.date(), look=look_of(look, encoding=encoding), to=paper, encoding=encoding)

    as_written_down(f"journal-trend.{name}", paper.text)
