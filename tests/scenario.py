"""A small language for testing interviews: next, answer, look. Each scenario can be saved and restored as it goes."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import tomli_w

from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.core.interview_steps import Ask, EnterStage, Finish, ShowCard, ShowFinding, ShowNote, Step
from careerkit.core.journal.codec import entry_from_document, entry_to_document
from careerkit.core.journal.entry import Lane
from careerkit.core.journal.snapshot import create_entry, record_interview, restore_interview
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.outcome.model import Action, Draft, Finding, Outcome
from careerkit.core.playbook.loader import load_playbook
from careerkit.core.playbook.model import Playbook
from careerkit.core.values import Value

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)  # a Sunday
UNFINISHED = frozenset(
    {
        "unused-question",
        "unused-choice",
        "unused-compute",
        "duplicate-title",
        "may-be-missing",
        "late-insert",
        "always-true",
    }
)
"""Warnings that a playbook gives because it is only as long as its test needs."""
HEADER = 'format = 1\ntitle = "T"\nsummary = "S"\n'


def parse_playbook(text: str) -> Playbook:
    source = text if text.lstrip().startswith("format") else HEADER + text
    return load_playbook(source.encode(), file="test.toml", id="test/test")


class Scenario:
    """An interview under test. With `restored`, it goes through its file on disk after every answer."""

    def __init__(self, text: str, *, restored: bool = False, lane: Lane = "full", today: date = NOW.date()) -> None:
        self.playbook = parse_playbook(text)
        self.interview = Interview(self.playbook, today=today, lane=lane)
        self._restored = restored
        self._entry = create_entry("20261122T0905Z-abcdef", self.interview, machine="m", started=NOW, zone="UTC")

    def next(self) -> str:
        """What comes up next, in a word or two: the question's id, or what is shown."""
        step = self.interview.step()
        match step:
            case Ask(question=question):
                return question.id
            case EnterStage(title=title):
                self._mark(step)
                return f"stage {title}"
            case ShowNote(heading=heading):
                self._mark(step)
                return f"note {heading}"
            case ShowFinding(finding=finding):
                self._mark(step)
                return f"finding {finding.id}"
            case ShowCard():
                self._mark(step)
                return "card"
            case Finish():
                return "end"
        raise AssertionError(step)

    def questions_until_end(self) -> list[str]:
        """What would come up if every question were put off: for looking at a branch."""
        return [question.id for question in self.interview.questions()]

    def answer(self, *values: object) -> Scenario:
        """Answer the next questions, one after another; what is only shown on the way is passed by."""
        for value in values:
            question = self.ask().question
            self.interview = self.interview.answer(question.id, value)
            self._save_and_restore()
        return self

    def set(self, **answers: object) -> Scenario:
        """Answer by id, wherever the interview stands."""
        for name, value in answers.items():
            self.interview = self.interview.answer(name, value)
            self._save_and_restore()
        return self

    def skip(self) -> Scenario:
        self._pass_messages()
        self.interview = self.interview.skip()
        self._save_and_restore()
        return self

    def back(self) -> Scenario:
        self.interview = self.interview.back()
        return self

    def forward(self) -> Scenario:
        self.interview = self.interview.forward()
        return self

    def look(self, name: str) -> Value | None:
        """What a question or compute is worth now."""
        return self.interview.facts().value(name)

    def band(self, name: str) -> str | None:
        return self.interview.facts().band(name)

    def ask(self) -> Ask:
        step = self._pass_messages()
        assert isinstance(step, Ask)
        return step

    def outcome(self, **settings: Any) -> Outcome:
        return evaluate_outcome(self.interview.facts(), **{"given": NOW, **settings})

    def finding(self, name: str) -> Finding | None:
        return next((each for each in self.outcome().findings if each.id == name), None)

    def draft(self, name: str) -> Draft | None:
        return next((each for each in self.outcome().drafts if each.id == name), None)

    def action(self, name: str) -> Action | None:
        return next((each for each in self.outcome().actions if each.id == name), None)

    def _pass_messages(self) -> Step:
        while not isinstance(step := self.interview.step(), Ask | Finish):
            self._mark(step)
        return step

    def _mark(self, step: EnterStage | ShowNote | ShowFinding | ShowCard) -> None:
        self.interview = self.interview.mark_shown(step.key)

    def _save_and_restore(self) -> None:
        if self._restored:
            self._entry = record_interview(self._entry, self.interview)
            text = tomli_w.dumps(entry_to_document(self._entry))
            entry = entry_from_document(tomllib.loads(text, parse_float=Decimal))
            cursor = self.interview.cursor
            self.interview = replace(restore_interview(entry, self.playbook), cursor=cursor)
