"""A journal with a past: entries of several ages, made with one small playbook that has numbers in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from fakes import FakeClock

from careerkit.coaching.resume import run_batch
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Entry
from careerkit.storage.journal import DiskJournal
from careerkit.storage.memory_journal import MemoryJournal
from careerkit_process import Home
from scenario import parse_playbook

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
"""The moment at which careerkit runs in tests: a Sunday."""

WEEK_PLAYBOOK = """
format = 1
title = "A look at the week"
summary = "How heavy it was, and what helps"
version = "1"
[[stage]]
id = "week"
title = "The week"
[[stage.question]]
id = "what"
type = "text"
long = true
ask = "What happened?"
[[stage.question]]
id = "load"
type = "scale"
ask = "How heavy was it?"
[[stage.question]]
id = "hours"
type = "number"
ask = "How many hours did you work?"
unit = "hours"
max = 120
[[stage.question]]
id = "kind"
type = "choice"
ask = "Which kind of week?"
choices = [ { id = "calm", label = "A calm one" }, { id = "rough", label = "A rough one" } ]
[[stage.question]]
id = "who"
type = "text"
ask = "Who knows?"
when = "kind == 'rough'"
private = true
[[compute]]
id = "strain"
label = "Strain"
value = "load * 2 + hours / 10"
bands = [ { id = "fine", label = "fine" }, { id = "high", from = 12, label = "high" } ]
[[finding]]
id = "rest"
title = "Rest first"
when = "band(strain) == 'high'"
text = "Strain is {strain}."
[[finding]]
id = "steady"
title = "Steady as it is"
when = "band(strain) == 'fine'"
text = "Strain is {strain}."
[[action]]
id = "free"
when = "kind == 'rough'"
do = "Take Friday off"
due = "+1w"
"""

CALM_WEEK = {"what": "Not much.", "load": 2, "hours": 38, "kind": "calm"}
ROUGH_WEEK = {"what": "The export broke.\nTwice.", "load": 5, "hours": 52, "kind": "rough", "who": "Linh"}


def open_journal(home: Home) -> DiskJournal:
    """The journal of that home folder."""
    return DiskJournal(home.journal, home.folder / ".local/state/careerkit")


def add_entry(
    home: Home, handle: str, answers: dict[str, Any], *, ago: timedelta = timedelta(), playbook_id: str = "my/week"
) -> Entry:
    """A finished entry of that handle in the journal of `home`, so long ago."""
    journal, moment, source = open_journal(home), NOW - ago, WEEK_PLAYBOOK.encode()
    playbook = replace(parse_playbook(WEEK_PLAYBOOK), id=playbook_id)
    made = run_batch(playbook, source, answers, lane="full", journal=MemoryJournal(), clock=FakeClock(moment))
    entry = replace(made, id=f"{moment:%Y%m%dT%H%MZ}-{handle}", machine=journal.machine)
    journal.create(entry, source)
    return entry


def seed_journal(home: Home) -> None:
    """Five entries of two playbooks: aaaaaa of today, bbbbbb, cccccc, dddddd, and eeeeee of June."""
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    add_entry(home, "aaaaaa", ROUGH_WEEK)
    add_entry(home, "bbbbbb", CALM_WEEK, ago=timedelta(days=1))
    add_entry(home, "cccccc", CALM_WEEK | {"load": 4}, ago=timedelta(days=3))
    add_entry(home, "dddddd", ROUGH_WEEK | {"hours": 45}, ago=timedelta(days=24))
    add_entry(home, "eeeeee", CALM_WEEK, ago=timedelta(days=160), playbook_id="me/other")
