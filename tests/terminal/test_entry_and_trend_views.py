"""An entry with a past, and a trend, as they look. CAREERKIT_WRITE_TRANSCRIPTS=1 pytest on this file renews them."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from fakes import FakeClock
from line_conversation import HERE, RecordedOutput, make_renderer

from careerkit.coaching.corrections import CorrectionSession
from careerkit.coaching.entry_changes import EntryChanges
from careerkit.coaching.resume import run_batch
from careerkit.coaching.trends import load_entry_details, load_trend
from careerkit.core.frozen import replace
from careerkit.core.journal.entry_list import EntryFilter, Event
from careerkit.storage.memory_journal import MemoryJournal
from careerkit.terminal.entry_view import render_entry, write_trend
from sample_journal import CALM_WEEK, ROUGH_WEEK, WEEK_PLAYBOOK
from scenario import NOW, parse_playbook

PLAYBOOK = parse_playbook(WEEK_PLAYBOOK)
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
    for days, answers in ((20, ROUGH_WEEK | {"load": 3}), (10, CALM_WEEK), (0, ROUGH_WEEK)):
        clock = FakeClock(NOW - timedelta(days=days))
        entry = run_batch(PLAYBOOK, WEEK_PLAYBOOK.encode(), answers, lane="full", journal=journal, clock=clock)
    clock = FakeClock(NOW + timedelta(days=2))
    changes = EntryChanges(journal, clock, entry.id)
    changes.tag(["boss", "difficult-client"])
    changes.note("Linh says it was the reader.\nThe writer was fine \x1b[31m…")
    CorrectionSession(entry, PLAYBOOK, changes).apply_all({"load": 2, "kind": "calm", "hours": 40})
    other = Event(journal.new_event_id(NOW), "correction", entry.id, NOW, "5d0c9e1b7a3f4426", "hours", type="number")
    journal.append_event(replace(other, value=Decimal(44), shown="44 hours"))
    journal.append_event(
        replace(other, id=journal.new_event_id(NOW), kind="tag", about="boss", type="yesno", value=False)
    )
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
    seen = load_entry_details(journal, entry_id, lambda _: PLAYBOOK, today=NOW.date())

    shown = render_entry(seen, now=NOW, renderer=make_renderer(look, encoding=encoding), encoding=encoding)

    as_written_down(f"journal-show.{name}", shown)


@pytest.mark.parametrize("name", LOOKS)
def test_a_trend_looks_as_it_is_written_down(name):
    look, encoding = LOOKS[name]
    journal, _ = a_past()
    found, _ = load_trend(journal, "load", only=EntryFilter(playbook=PLAYBOOK.id), playbook_of=lambda _: PLAYBOOK)
    paper = RecordedOutput()

    write_trend(
        found, omitted=3, today=NOW.date(), renderer=make_renderer(look, encoding=encoding), to=paper, encoding=encoding
    )

    as_written_down(f"journal-trend.{name}", paper.text)
