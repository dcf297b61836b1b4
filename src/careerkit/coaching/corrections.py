"""Correct the answers of a finished entry, and update the open actions of its plan. The original answers are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, cast

from careerkit.coaching.entry_changes import MAX_QUOTED_LENGTH, EntryChanges
from careerkit.coaching.plan_changes import describe_action
from careerkit.coaching.ports import ChooseBand, GoTo, Review, Screen, Stop, Submit
from careerkit.coaching.resume import find_unknown_questions
from careerkit.coaching.review import build_review, describe_question_changes
from careerkit.core.due_dates import due_sort_key, format_date, format_datetime
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview import Interview, build_failed_check
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.entry_list import Event
from careerkit.core.journal.plan import Plan, PlannedAction, build_plan, list_replanned
from careerkit.core.journal.snapshot import BAND_TYPE, apply_corrections, build_answer
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.playbook.model import Playbook
from careerkit.core.rendering import TextRenderer
from careerkit.core.text import abbreviate
from careerkit.core.values import Value, format_citations

if TYPE_CHECKING:
    from careerkit.core.outcome.model import Action, DueTime


class CorrectionSession:
    """Corrects the answers of one finished entry, each saved before the next can be made.

    `playbook` must be the version that the entry was made with. Raises Refused for an unfinished entry. `events` are
    the corrections made so far.
    """

    def __init__(self, entry: Entry, playbook: Playbook, changes: EntryChanges) -> None:
        if not entry.finished:
            hint = f"Its answers can still be changed: careerkit resume {entry.handle}"
            raise Refused(Problem("entry-open", "This entry is not finished.", hint, entry.handle))
        self.events: list[Event] = []
        self._entry = entry
        self._changes = changes
        self._interview = apply_corrections(entry, changes.history, playbook)

    def run(self, screen: Screen) -> None:
        """Let the person choose questions from the review and answer them again, until they close it."""
        while True:
            reply = screen.review(self._review())
            match reply:
                case GoTo(question_id=question_id):
                    if self._ask(screen, question_id) == "stopped":
                        return
                case ChooseBand(compute_id=compute_id, band=band):
                    self._save(self._interview.choose_band(compute_id, band), compute_id)
                case _:
                    return

    def apply_all(self, given: Mapping[str, object]) -> None:
        """Correct several answers at once: raw answers by question id, and band ids by compute id.

        Raises Refused with everything that is wrong; then nothing is saved.
        """
        interview, problems = self._apply_valid(given)
        problems = [*find_unknown_questions(interview, given), *problems]
        if problems:
            raise Refused(problems)
        self._save(interview, *given)

    def _review(self) -> Review:
        """The current answers. Where two machines disagree, a line shows both."""
        review = build_review(self._interview, is_finished=True)
        disputed = {name: sides for name, sides in self._changes.history.corrections.items() if _conflict(sides)}
        lines = (
            replace(line, shown=_format_conflict(disputed[line.question_id])) if line.question_id in disputed else line
            for line in review.lines
        )
        return replace(review, lines=tuple(lines))

    # ------------------------------------------------------------ one question

    def _ask(self, screen: Screen, question_id: str) -> Literal["stopped", "asked"]:
        interview = self._interview.go_to(question_id)
        ask = interview.current_ask()
        assert ask is not None, "go_to has just moved there"
        facts, question = interview.facts(), ask.question
        sources = format_citations(question.source, {source.id: source.cite for source in interview.playbook.sources})
        why = TextRenderer(facts).render(question.why)
        while True:
            reply = screen.ask(ask, why=why, sources=sources)
            if not isinstance(reply, Submit):
                return "stopped" if isinstance(reply, Stop) else "asked"
            try:
                after = interview.set_answer(question_id, cast("Value", reply.value))
                message = self._describe(question_id, after)
                self._save(after, question_id)
            except Refused as refused:
                screen.show_errors(refused.problems)
                continue
            screen.answered(ask, TextRenderer(after.facts()).render_answer(question_id, after.answers[question_id]))
            if message:
                screen.show_info(message)
            return "asked"

    def _describe(self, question_id: str, after: Interview) -> str:
        """Quote the original answer and say what the new one does to the questions; "" if the answer is the same."""
        if after.answers[question_id] == self._interview.answers.get(question_id):
            return ""
        first = next((each.shown for each in self._entry.answers if each.question == question_id), "")
        kept = f"The original answer is kept: {abbreviate(first, MAX_QUOTED_LENGTH)}" if first else ""
        return f"{kept} {describe_question_changes(self._interview.facts(), after.facts(), is_revision=True)}".strip()

    def _save(self, after: Interview, *names: str) -> None:
        """Record the answers to `names`, except those in effect already without a conflict."""
        before = self._interview
        for name in names:
            sides = self._changes.history.corrections.get(name, ())
            if _conflict(sides) or after.answers.get(name) != before.answers.get(name):
                self.events.append(self._record(after, name))
        self._interview = replace(after, cursor="")

    def _record(self, after: Interview, name: str) -> Event:
        facts, value = after.facts(), after.answers.get(name)
        if value is None:  # the person takes back their choice of a band
            label = facts.index.computes[name].label or name
            return self._changes.correct(name, None, type_=BAND_TYPE, shown="", asked=label)
        answer = build_answer(facts, TextRenderer(facts), name, value)
        return self._changes.correct(name, value, type_=answer.type, shown=answer.shown, asked=answer.asked)

    # ------------------------------------------------------------ all at once

    def _apply_valid(self, given: Mapping[str, object]) -> tuple[Interview, list[Problem]]:
        """The interview with all valid answers, and the problems of the others."""
        interview, problems = self._interview, list[Problem]()
        for compute in interview.playbook.computes:
            if compute.bands and compute.id in given:
                try:
                    interview = interview.choose_band(compute.id, str(given[compute.id]))
                except Refused as refused:
                    problems += refused.problems
        asked = [
            question for question in interview.playbook.questions if question.id in given and question.spec.has_answer
        ]
        for question in asked:
            try:
                interview = interview.keep_answer(question.id, given[question.id])
            except Refused as refused:
                problems += refused.problems
        facts = interview.facts()
        wrong = {problem.where for problem in problems}
        failed = [each for each in asked if each.id not in wrong and not facts.check_holds(each)]
        return interview, problems + [build_failed_check(each, facts) for each in failed]


@frozen
class PlanUpdate:
    """A changed plan. `lines` says what is new, gone or different, one action each."""

    lines: tuple[str, ...]
    actions: tuple[PlannedAction, ...]


def propose_plan_update(entry: Entry, playbook: Playbook, changes: EntryChanges, *, today: date) -> PlanUpdate | None:
    """How the plan would change with the corrected answers; None if it would stay as it is.

    Dates count from when the first result was given; what would be due before today is due today.
    """
    if entry.outcome is None:
        return None
    history = changes.history
    plan = build_plan(entry.outcome, history, today=today)
    interview = apply_corrections(entry, history, playbook)
    wanted = evaluate_outcome(interview.facts(), given=entry.outcome.given).actions
    dropped_at_first = {each.id for each in entry.outcome.actions if each.state == "dropped"}
    kept = [
        replace(each, due=each.moved_from or each.due)  # the event that moved it still applies
        for each in plan.actions
        if each.state != "open" and not each.is_own and not (each.state == "dropped" and each.id in dropped_at_first)
    ]
    fresh = [each for each in wanted if each.id not in {it.id for it in kept}]
    lines = _describe(plan, fresh, today)
    if not lines:
        return None
    renewed = [_renew(each, today) for each in fresh]
    return PlanUpdate(tuple(lines), tuple(sorted((*kept, *renewed), key=lambda each: due_sort_key(each.due))))


def apply_plan_update(changes: EntryChanges, update: PlanUpdate) -> Event:
    """Save the new plan. Raises Refused if that fails."""
    return changes.change_plan("replan", "", list_replanned(update.actions), type_="records")


def _conflict(sides: Sequence[Event]) -> bool:
    return any(each.value != sides[0].value for each in sides)


def _format_conflict(sides: Sequence[Event]) -> str:
    words = (each.shown or (each.value if isinstance(each.value, str) else "no answer") for each in sides)
    return f"{', or '.join(abbreviate(each, MAX_QUOTED_LENGTH) for each in words)} (two machines disagree)"


def _describe(plan: Plan, fresh: list[Action], today: date) -> list[str]:
    before = {each.id: each for each in plan.open_actions if not each.is_own}
    lines = [
        f"No longer: {describe_action(each)}" for name, each in before.items() if name not in {it.id for it in fresh}
    ]
    for each in fresh:
        now, was = _renew(each, today), before.get(each.id)
        if was is None:
            lines.append(f"New: {describe_action(now)}{_format_due(now.due)}")
        elif was.do != now.do or was.cue != now.cue or was.evidence != now.evidence:
            lines.append(f"Changed: {describe_action(now)} (was: {describe_action(was)})")
        elif not was.moved_from and was.due != now.due and not _is_past(was.due, today):
            lines.append(f"Another date: {describe_action(now)}{_format_due(now.due)}")
    return lines


def _renew(action: Action, today: date) -> PlannedAction:
    due = today if _is_past(action.due, today) else action.due
    return PlannedAction(
        action.id, action.do, cue=action.cue, due=due, evidence=action.evidence, private=action.private
    )


def _is_past(due: DueTime | None, today: date) -> bool:
    return due is not None and (due.date() if isinstance(due, datetime) else due) < today


def _format_due(due: DueTime | None) -> str:
    if due is None:
        return ""
    return f", {format_datetime(due) if isinstance(due, datetime) else format_date(due)}"
