"""A playbook as its author and its user may read it: stages, questions, and what can follow."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from careerkit.core.playbook.model import ChoiceForm, ChoicesForm, Playbook, Question, RankForm, WeightsForm
from careerkit.terminal.safe import safe

if TYPE_CHECKING:
    from careerkit.terminal.surface import Writer


def write_playbook(playbook: Playbook, *, to: Writer, columns: int, encoding: str) -> None:
    """Title, stages with their questions and choices, then the ids of findings, drafts, actions, check-ins."""
    for line in _lines(playbook):
        indent = len(line) - len(line.lstrip())
        parts = wrap(line.lstrip(), max(20, columns - indent), break_long_words=False) or [""]
        for number, part in enumerate(parts):
            to.write(safe(" " * (indent + 2 * bool(number)) + part, encoding=encoding) + "\n")


def _lines(playbook: Playbook) -> Iterator[str]:
    length = f", about {playbook.minutes} minutes" if playbook.minutes else ""
    yield f"{playbook.title} ({playbook.id}{length})"
    yield playbook.summary
    for stage in playbook.stages:
        yield ""
        marks = [f"when {stage.when}"] * bool(stage.when) + ["quick lane"] * stage.quick
        yield f"{stage.title}" + (f" [{', '.join(marks)}]" if marks else "")
        for question in stage.questions:
            yield from _question(question)
    for heading, rules in (
        ("Findings", playbook.findings),
        ("Drafts", playbook.drafts),
        ("Check-ins", playbook.checkins),
    ):
        if rules:
            yield ""
            yield heading
            yield from (f"  {rule.id}: {rule.title}" for rule in rules)
    if playbook.actions:
        yield ""
        yield "Actions"
        yield from (f"  {rule.id}: {rule.do}" for rule in playbook.actions)


def _question(question: Question) -> Iterator[str]:
    marks = [question.type, "may be left out" * (not question.required), "private" * question.private]
    marks.append(f"when {question.when}" * bool(question.when))
    yield f"  {question.id}: {question.ask} [{', '.join(mark for mark in marks if mark)}]"
    match question.form:
        case ChoiceForm(options=o) | ChoicesForm(options=o) | RankForm(options=o) | WeightsForm(options=o):
            yield from (f"      {choice.id}: {choice.label}" for choice in o.choices)
