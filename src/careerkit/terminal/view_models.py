"""View models: everything that can be shown, as frozen values, the protocol of the renderers, and the plan as it is shown."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import MappingProxyType

from careerkit.core.due_dates import MONTHS, WEEKDAYS, due_sort_key
from careerkit.core.frozen import Protocol, frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from careerkit.core.journal.people import PeopleMap
    from careerkit.core.journal.plan import CheckinRecord, Plan, PlannedAction
    from careerkit.core.outcome.model import Action, Checkin, DueTime
    from careerkit.core.values import Level

NO_DATE_LABEL = "no date"
WEEK = timedelta(days=7)

# ---------------------------------------------------------------- the conversation


@frozen
class Banner:
    title: str
    minutes: int | None
    note: str


@frozen
class StageHeader:
    title: str
    intro: str


@frozen
class Note:
    heading: str
    text: str


@frozen
class QuestionHeader:
    """`number` is 0 outside an interview. `is_repeat`: the answer was just refused, so the question needn't be shown in full."""

    stage: str
    number: int
    total: int
    ask: str
    hint: str = ""
    error: str = ""
    is_repeat: bool = False


@frozen
class PartHeader:
    """A part of a question: a form, a row of a table, one field. `starts_group`: a group of parts begins here."""

    text: str
    hint: str = ""
    starts_group: bool = False


@frozen
class Option:
    """`number` is what a person types to choose it; None where it can't be chosen."""

    number: int | None
    label: str
    hint: str = ""
    is_selected: bool = False


@frozen
class OptionList:
    options: tuple[Option, ...]


@frozen
class Prompt:
    """What may be typed, and what Enter alone does ("" where it does nothing).

    `is_continuation`: the prompt for another line of the same text.
    """

    expected: str = ""
    on_enter: str = ""
    lists_commands: bool = False
    is_continuation: bool = False


@frozen
class SavedAnswer:
    """A question and its saved answer. `repeats_input`: a plain renderer repeats the answer, because it says more than what was typed."""

    ask: str
    shown: str
    repeats_input: bool = True


@frozen
class Skipped:
    """A question without an answer. `is_permanent`: it is optional and isn't asked again."""

    ask: str
    is_permanent: bool = False

    @property
    def label(self) -> str:
        return "left blank" if self.is_permanent else "skipped"


@frozen
class ErrorMessage:
    """What is wrong, and how to fix it."""

    message: str
    hint: str = ""


@frozen
class InfoMessage:
    text: str


@frozen
class Rationale:
    text: str = ""
    sources: tuple[str, ...] = ()


@frozen
class CommandHelp:
    """The commands, each with what it does."""

    rows: tuple[tuple[str, str], ...]


# ---------------------------------------------------------------- the outcome


@frozen
class Heading:
    text: str


@frozen
class Headline:
    """What opens a result: one or two lines on what this is and how serious."""

    level: Level
    text: str


@frozen
class Gap:
    """An empty line between two pieces of a result."""


@frozen
class FindingTitle:
    level: Level
    title: str


@frozen
class Paragraphs:
    """Prose. Empty lines separate paragraphs, and lines that begin with `- ` are list items."""

    text: str


@frozen
class BulletList:
    heading: str
    items: tuple[str, ...]


@frozen
class ReasonList:
    """The questions that a finding is based on, each with its answer."""

    pairs: tuple[tuple[str, str], ...]


@frozen
class AnswerList:
    """Questions with their answers in full."""

    pairs: tuple[tuple[str, str], ...]


@frozen
class SecondaryText:
    """A line in the background, such as the command for the next playbook."""

    text: str


@frozen
class Figure:
    """A computed value and its band. `threshold_source` says who set the band's threshold; `number` is as in Option, 0 for none."""

    label: str
    shown: str
    arithmetic: str = ""
    band: str = ""
    threshold_source: str = ""
    number: int = 0


@frozen
class BarChart:
    """Rows of (label, value as text, percent filled), below a heading if there is one."""

    rows: tuple[tuple[str, str, int], ...]
    heading: str = ""


@frozen
class PeopleDiagram:
    """A map of people. A plain renderer lists `people_map.people` instead of drawing it."""

    people_map: PeopleMap


@frozen
class PlanStep:
    """One row of a plan, or of what happened. `state` is "" while it is open. `number` is what commands call it, 0 for none.

    `notes` are lines below it: why it was moved, what shows that it is done, both sides where two machines disagree.
    """

    due: str
    action: str
    cue: str = ""
    evidence: str = ""
    state: str = ""
    number: int = 0
    notes: tuple[str, ...] = ()


@frozen
class PlanList:
    steps: tuple[PlanStep, ...]


@frozen
class DraftText:
    """Text to copy, so its lines are never indented."""

    title: str
    recipient: str
    text: str


@frozen
class PartList:
    """The parts of a result that can be opened: the key of each, and what it holds. `is_short`: all of them on one line."""

    rows: tuple[tuple[str, str], ...]
    is_short: bool = False


ViewModel = (
    Banner | StageHeader | Note | QuestionHeader | PartHeader | OptionList | Prompt | SavedAnswer | Skipped | ErrorMessage | InfoMessage | Rationale
    | CommandHelp | Heading | Headline | Gap | PartList | FindingTitle | Paragraphs | BulletList | ReasonList | AnswerList | SecondaryText | Figure | BarChart | PeopleDiagram | PlanList | DraftText
)  # fmt: skip

LEVEL_LABELS: dict[Level, str] = {"stop": "Stop", "care": "Take care", "good": "Good", "info": "Note"}
"""The word for a finding's level. Renderers always show it, even with a symbol."""
HEADLINE_LABELS: dict[Level, str] = {"stop": "Stop: ", "care": "Take care: ", "good": "", "info": ""}
"""What a headline of each level begins with."""


class Renderer(Protocol):
    def render(self, view_model: ViewModel) -> str:
        """`view_model` as text, in whole lines; only a Prompt may leave its last line open.

        The texts in `view_model` must already be sanitized. What a renderer adds fits the encoding it was created for.
        """


@frozen
class PlanHistory:
    """What has become of a plan: lines about each action that was changed, by its id, and the answered check-ins."""

    changes: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    checkins: tuple[CheckinRecord, ...] = ()


NO_HISTORY = PlanHistory()


def build_plan_history(plan: Plan, checkins: tuple[CheckinRecord, ...], *, today: date) -> PlanHistory:
    """What to show of the changes of a plan."""
    changes = {each.id: tuple(_describe_changes(each, today)) for each in plan.actions}
    return PlanHistory(MappingProxyType({name: lines for name, lines in changes.items() if lines}), checkins)


def build_plan_view(
    actions: Sequence[Action], checkins: Sequence[Checkin], *, today: date, history: PlanHistory = NO_HISTORY
) -> Iterator[ViewModel]:
    """The plan by date with cues and evidence, then the check-ins by date. Dates show the year only if it isn't today's."""
    if actions:
        yield Heading("The plan")
        yield build_plan_list(actions, today=today, history=history)
    if checkins:
        yield Heading("Check-ins")
        yield build_checkin_list(checkins, today=today, history=history)


def build_plan_list(actions: Sequence[Action], *, today: date, history: PlanHistory = NO_HISTORY) -> PlanList:
    """All actions by date, with their cues and evidence, and what became of them."""
    return PlanList(
        tuple(
            PlanStep(
                format_due(each.due, today),
                name_owner(each),
                each.cue,
                each.evidence,
                get_state_label(each),
                number,
                history.changes.get(each.id, ()),
            )
            for each, number in number_actions(actions)
        )
    )


def build_checkin_list(checkins: Sequence[Checkin], *, today: date, history: PlanHistory = NO_HISTORY) -> PlanList:
    """All check-ins by date, with their answers."""
    records = {each.id: each for each in history.checkins}
    dated = sorted(checkins, key=lambda each: due_sort_key(each.due))
    return PlanList(
        tuple(
            PlanStep(
                format_due(each.due, today),
                each.title,
                state="answered" if each.state == "answered" else "",
                notes=records[each.id].lines if each.id in records else (),
            )
            for each in dated
        )
    )


def _describe_changes(action: PlannedAction, today: date) -> Iterator[str]:
    """What became of an action, a line for each change."""
    if action.state == "open" and not action.disputed and action.due and get_due_day(action.due) < today:
        yield f"Overdue since {format_due(action.due, today)}"
    if action.is_moved:
        before = f"from {format_due(action.moved_from, today)}" if action.moved_from else "(it had no date)"
        yield _add_comment(f"Moved {before} to {format_due(action.due, today)}", action.move_reason)
    if action.state == "done" and action.done_at:
        yield _add_comment(f"Done on {format_due(action.done_at.date(), today)}", action.proof)
    if action.state == "dropped" and action.reason:
        yield _add_comment("Dropped", action.reason)
    if action.disputed:
        yield "Two machines disagree. Choose with `plan done`, `plan drop` or `plan move`:"
        yield from (f"- {each}" for each in action.disputed)


def _add_comment(text: str, comment: str) -> str:
    return f"{text}: {' '.join(comment.split())}" if comment else text


def number_actions(actions: Sequence[Action]) -> list[tuple[Action, int]]:
    """The actions by date, each with its number in the plan; 0 for a dropped one. A done one keeps its number."""
    numbered: list[tuple[Action, int]] = []
    number = 0
    for each in sort_by_due(actions):
        number += each.state != "dropped"
        numbered.append((each, number if each.state != "dropped" else 0))
    return numbered


def sort_by_due(actions: Sequence[Action]) -> list[Action]:
    return sorted(actions, key=lambda each: due_sort_key(each.due))


def name_owner(action: Action) -> str:
    """What is to be done, with who does it if it isn't the person."""
    return f"{action.do} ({action.owner})" if action.owner else action.do


def get_state_label(action: Action) -> str:
    """`done` or `dropped`; "" while the action is open."""
    return "" if action.state == "open" else action.state


def get_due_day(due: DueTime) -> date:
    return due.date() if isinstance(due, datetime) else due


def format_due(due: DueTime | None, today: date) -> str:
    """`Mon 23 Nov`, with the time if `due` has one, and with the year if it isn't today's."""
    if due is None:
        return NO_DATE_LABEL
    day = f"{WEEKDAYS[due.weekday()][:3]} {due.day} {MONTHS[due.month - 1][:3]}"
    year = "" if due.year == today.year else f" {due.year}"
    return day + year + (f" {due:%H:%M}" if isinstance(due, datetime) else "")


def format_short_due(due: DueTime | None, *, now: datetime, given: datetime) -> str:
    """`now`, `today`, `today 15:50`, `Tue 16:00` within a week, otherwise as in `format_due`.

    `given` is when the result was given: what was due by then is due `now` for the rest of that day.
    """
    if due is None:
        return NO_DATE_LABEL
    if not isinstance(due, datetime):
        return "today" if due == now.date() else format_due(due, now.date())
    here = now.astimezone(due.tzinfo)
    if due.date() == here.date():
        return "now" if due <= given else f"today {due:%H:%M}"
    if here < due and due.date() - here.date() < WEEK:
        return f"{WEEKDAYS[due.weekday()][:3]} {due:%H:%M}"
    return format_due(due, here.date())
