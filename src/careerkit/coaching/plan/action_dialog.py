"""Ask what became of an action, and record it: done, moved to another day, dropped, or left as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from careerkit.coaching.plan.changes import PlanChanges, check_due_day, describe_action
from careerkit.coaching.standalone_questions import ask_standalone
from careerkit.core.date_parsing import list_examples
from careerkit.core.due_dates import format_date
from careerkit.core.errors import Problem, Refused
from careerkit.core.questions.choice import ChoiceSpec
from careerkit.core.questions.date import DateSpec
from careerkit.core.questions.question import Choice, Question
from careerkit.core.questions.text import TextSpec
from careerkit.core.text import abbreviate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.coaching.screen import Screen
    from careerkit.core.journal.events import Event
    from careerkit.core.journal.plan import PlannedAction

MAX_LENGTH = 500
PROGRAM = "careerkit"
COMMAND_TYPED = Problem(
    "command-typed",
    "That looks like a command, not an answer.",
    "Answer first, or press Ctrl-C; then type the command.",
)
REASON_ASK = "Why do you drop it?"
DONE, MOVE, DROP = Choice("done", "Done"), Choice("move", "Not yet: give it a new date"), Choice("drop", "Drop it")
LEAVE = Choice("leave", "Leave it as it is")
COMMAND_IGNORED = Problem(
    "command-typed", "That looks like a command, so it's left blank.", "Type it again at the shell's prompt."
)


def ask_about_action(
    screen: Screen, plan: PlanChanges, action: PlannedAction, *, title: str, last: Choice = LEAVE
) -> tuple[str, Event | None]:
    """Ask what became of the action and record it; returns the id of the choice, and the event if there is one.

    `last` is the choice that changes nothing. Raises LeftQuestionError if the person stops.
    """
    chosen = ask_choice(screen, "action", action.do, (DONE, MOVE, DROP, last), title=title)
    event = None
    if chosen == DONE.id:
        event = plan.mark_done(action, proof=ask_comment(screen, ask_for_proof(action), title=title))
    elif chosen == DROP.id:
        event = plan.drop(action, reason=ask_comment(screen, REASON_ASK, title=title))
    elif chosen == MOVE.id:
        day = ask_day(screen, f"When? ({describe_action(action)})", today=plan.today, title=title)
        event = plan.move(action, day) if day else None
    return chosen, event


def ask_choice(
    screen: Screen, question_id: str, ask: str, choices: Sequence[Choice], *, title: str, drops_typed: bool = False
) -> str:
    """The id of the choice that the person makes."""
    labels = {each.id: each.label for each in choices}
    chosen: list[str] = []

    def accept(value: str) -> str:
        chosen.append(value)
        return labels[value]

    question = Question(question_id, "choice", ChoiceSpec(choices=tuple(choices)), ask)
    ask_standalone(screen, question, title=title, accept=accept, drops_typed=drops_typed)
    return chosen[0]


def ask_comment(
    screen: Screen,
    ask: str,
    *,
    title: str,
    hint: str = "Leave it empty if there is nothing to say.",
    is_required: bool = False,
    drops_typed: bool = False,
) -> str:
    """A short text; "" if the person leaves it out. `drops_typed`: keys pressed before it is shown don't count.

    A command of careerkit that was typed here by mistake is no comment.
    """
    given = [""]

    def accept(value: str) -> str:
        if is_command(value):
            if is_required:
                raise Refused(COMMAND_TYPED)
            screen.show_errors((COMMAND_IGNORED,))
            return "left blank, as it's a command"
        given.append(value.strip())
        return abbreviate(value)

    question = Question("comment", "text", TextSpec(max=MAX_LENGTH), ask, hint, required=is_required)
    ask_standalone(screen, question, title=title, accept=accept, drops_typed=drops_typed)
    return given[-1]


def is_command(text: str) -> bool:
    """Is it a command line that runs careerkit, such as `clear; careerkit agenda`?"""
    return any(part.split()[:1] == [PROGRAM] for part in re.split(r"[;&|\n]", text))


def ask_day(
    screen: Screen, ask: str, *, today: date, title: str, is_optional: bool = False, drops_typed: bool = False
) -> date | None:
    """A day from today on, which is echoed with its weekday; None if it is optional and left out.

    `drops_typed`: keys pressed before it is shown don't count.
    """
    found: list[date] = []

    def accept(value: date) -> str:
        check_due_day(value, today=today)
        found.append(value)
        return format_date(value)

    question = Question("when", "date", DateSpec(min="+0d"), ask, _write_date_hint(today), required=not is_optional)
    ask_standalone(screen, question, title=title, accept=accept, drops_typed=drops_typed)
    return found[0] if found else None


def ask_for_proof(action: PlannedAction) -> str:
    """The question for what shows that the action is done, with the evidence that was planned."""
    expected = action.evidence.rstrip(".")
    return f"What shows that it is done? You planned: {expected}." if expected else "What shows that it is done?"


def _write_date_hint(today: date) -> str:
    *_, month_day, _ = list_examples(today)
    return f"For example friday, in 3 days, {month_day}."
