"""A journal with a past: entries of several ages, made with one small playbook that has numbers in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fakes import FakeClock

from careerkit.coaching.starting import answer_all
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Entry
from careerkit.storage.journal_folder import DiskJournal
from careerkit.storage.memory import MemoryJournal
from scenario import playbook_of

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
"""The moment at which careerkit runs in tests: a Sunday."""

WEEK = """
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

CALM = {"what": "Not much.", "load": 2, "hours": 38, "kind": "calm"}
ROUGH = {"what": "The export broke.\nTwice.", "load": 5, "hours": 52, "kind": "rough", "who": "Linh"}


def disk(home) -> DiskJournal:
    """The journal of that home folder."""
    return DiskJournal(home.journal, home.folder / ".local/state/careerkit")


def given(home, handle: str, answers: dict, *, ago: timedelta = timedelta(), playbook_id: str = "my/week") -> Entry:
    """A finished entry of that handle in the journal of `home`, so long ago."""
    journal, moment, source = disk(home), NOW - ago, WEEK.encode()
    playbook = replace(playbook_of(WEEK), id=playbook_id)
    made = answer_all(playbook, source, answers, lane="full", journal=MemoryJournal(), clock=FakeClock(moment))
    entry = replace(made, id=f"{moment:%Y%m%dT%H%MZ}-{handle}", machine=journal.machine)
    journal.create(entry, source)
    return entry


def seeded(home) -> None:
    """Five entries of two playbooks: aaaaaa of today, bbbbbb, cccccc, dddddd, and eeeeee of June."""
    home.add_playbook("my/week", WEEK)
    given(home, "aaaaaa", ROUGH)
    given(home, "bbbbbb", CALM, ago=timedelta(days=1))
    given(home, "cccccc", CALM | {"load": 4}, ago=timedelta(days=3))
    given(home, "dddddd", ROUGH | {"hours": 45}, ago=timedelta(days=24))
    given(home, "eeeeee", CALM, ago=timedelta(days=160), playbook_id="me/other")
