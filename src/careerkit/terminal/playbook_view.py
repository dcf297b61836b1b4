"""A playbook in plain text, for `playbook show`: its stages, questions and choices, and the results it can give."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from careerkit.core.playbook.model import CheckinRule, Playbook
from careerkit.core.questions.choice import ChoiceSpec
from careerkit.core.questions.choices import ChoicesSpec
from careerkit.core.questions.question import Question
from careerkit.core.questions.rank import RankSpec
from careerkit.core.questions.weights import WeightsSpec
from careerkit.terminal.sanitize import sanitize

if TYPE_CHECKING:
    from careerkit.terminal.erasable_output import TextWriter


def write_playbook(playbook: Playbook, *, to: TextWriter, columns: int, encoding: str) -> None:
    """Write the title, the stages with questions and choices, then findings, drafts, check-ins and actions with their ids."""
    for line in _format_lines(playbook):
        indent = len(line) - len(line.lstrip())
        parts = wrap(line.lstrip(), max(20, columns - indent), break_long_words=False) or [""]
        for number, part in enumerate(parts):
            to.write(sanitize(" " * (indent + 2 * bool(number)) + part, encoding=encoding) + "\n")


def _format_lines(playbook: Playbook) -> Iterator[str]:
    length = f", about {playbook.minutes} minutes" if playbook.minutes else ""
    yield f"{playbook.title} ({playbook.id}{length})"
    yield playbook.summary
    for stage in playbook.stages:
        yield ""
        marks = [f"when {stage.when}"] * bool(stage.when) + ["quick lane"] * stage.quick
        yield f"{stage.title}" + (f" [{', '.join(marks)}]" if marks else "")
        for question in stage.questions:
            yield from _format_question(question)
    for heading, rules in (
        ("Findings", playbook.findings),
        ("Drafts", playbook.drafts),
        ("Check-ins", playbook.checkins),
    ):
        if rules:
            yield ""
            yield heading
            yield from (
                f"  {rule.id}: {rule.title if isinstance(rule, CheckinRule) else rule.title.usual}" for rule in rules
            )
    if playbook.actions:
        yield ""
        yield "Actions"
        yield from (f"  {rule.id}: {rule.do.usual}" for rule in playbook.actions)


def _format_question(question: Question) -> Iterator[str]:
    marks = [question.type, "optional" * (not question.required), "private" * question.private]
    marks.append(f"when {question.when}" * bool(question.when))
    yield f"  {question.id}: {question.ask} [{', '.join(mark for mark in marks if mark)}]"
    match question.spec:
        case ChoiceSpec(options=o) | ChoicesSpec(options=o) | RankSpec(options=o) | WeightsSpec(options=o):
            yield from (f"      {choice.id}: {choice.label}" for choice in o.choices)
