"""A machine on which a plan lives: entries with actions, a check-in and a prediction, and everything that changes them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from fakes import FakeScreen
from synced_machine import Machine

from careerkit.coaching.checkin import CheckinSession
from careerkit.coaching.corrections import CorrectionSession, apply_plan_update, propose_plan_update
from careerkit.coaching.plan_changes import PlanChanges
from careerkit.coaching.ports import Skip, Stop
from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.core.interview_steps import Ask
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.plan import Plan
from careerkit.core.journal.snapshot import create_entry, record_interview
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.playbook.loader import load_playbook

SOURCE = b"""format = 1
title = "Ask for help"
summary = "From being stuck to a question"
[[stage]]
id = "now"
title = "Stuck"
question = [
  { id = "stuck", type = "text", ask = "What are you stuck on?" },
  { id = "strain", type = "scale", ask = "How much does it weigh on you?" },
  { id = "chance", type = "number", ask = "How likely is an answer?", min = 0, max = 100, predicts = "answered_it" },
]
[[finding]]
id = "ask"
title = "Ask today"
text = "You have tried long enough."
[[action]]
id = "send"
do = "Ask Linh"
due = "+1wd"
evidence = "They have answered"
[[action]]
id = "write"
do = "Write down what you tried"
due = "+0d"
[[action]]
id = "walk"
when = "strain >= 4"
do = "Take a walk"
due = "+2d"
[[checkin]]
id = "week"
after = "+1w"
title = "A week later"
[[checkin.question]]
id = "answered_it"
type = "yesno"
ask = "Did they answer?"
[[checkin.question]]
id = "strain_now"
again = "strain"
[[checkin.action]]
id = "thank"
when = "answered_it"
do = "Thank Linh"
due = "+1d"
"""
PLAYBOOK = load_playbook(SOURCE, file="stuck.toml", id="me/stuck")


class PlannedMachine(Machine):
    """A machine with a clock that can be put forward and back."""

    def __init__(self, folder: Path, state: Path, *, clock_error: timedelta = timedelta()) -> None:
        super().__init__(folder, state, clock_error=clock_error)
        self.clock_error = clock_error

    @property
    def today(self) -> date:
        return self._time.date()

    def wait(self, span: timedelta) -> None:
        self._time += span

    def write_plan(self, *, strain: int = 2, chance: int = 70) -> str:
        """The id of a new finished entry with its plan."""
        journal, now = self.journal, self.now()
        interview = Interview(PLAYBOOK, today=now.date(), started=now)
        entry = create_entry(journal.new_id(now), interview, machine=journal.machine, started=now, zone="")
        journal.create(entry, SOURCE)
        for name, raw in (("stuck", "The export drops rows."), ("strain", strain), ("chance", chance)):
            interview = interview.answer(name, raw)
        outcome = evaluate_outcome(interview.facts(), given=now)
        journal.save(replace(record_interview(entry, interview), finished=self.now(), outcome=outcome))
        return entry.id

    def entry(self, entry_id: str) -> Entry:
        return self.journal.read(entry_id).entry

    def changes(self, entry_id: str) -> PlanChanges:
        return PlanChanges(self.change(entry_id), self.entry(entry_id).outcome, today=self.today)

    def plan(self, entry_id: str) -> Plan:
        return self.changes(entry_id).plan

    def check_in(self, entry_id: str, replies: dict[str, Any]) -> bool:
        """Answer the check-in early, on its day or late, with these replies by question.

        Where there is none, a question that may be left out is, and another one ends it.
        """
        [checkin] = self.plan(entry_id).checkins

        def reply(ask: Ask) -> object:
            return replies.get(ask.question.id, Stop() if ask.question.required else Skip())

        session = CheckinSession(self.entry(entry_id), PLAYBOOK, self.change(entry_id), checkin, now=self.now())
        return session.run(FakeScreen(*[reply] * 40))

    def edit(self, entry_id: str, strain: int) -> None:
        """Correct the answer, and let the plan follow it."""
        entry, changes = self.entry(entry_id), self.change(entry_id)
        CorrectionSession(entry, PLAYBOOK, changes).apply_all({"strain": strain})
        update = propose_plan_update(entry, PLAYBOOK, changes, today=self.today)
        if update:
            apply_plan_update(changes, update)


def parse_time(text: object) -> datetime:
    return text if isinstance(text, datetime) else datetime.fromisoformat(str(text))
