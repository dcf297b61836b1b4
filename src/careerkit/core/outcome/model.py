"""The outcome of an interview: figures, decisions, findings, drafts and a plan. All texts are plain, without markup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from careerkit.core.frozen import Literal, frozen
from careerkit.core.text import format_count
from careerkit.core.values import NOTHING, Level, Value, format_number, format_points

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.core.playbook.model import Playbook

DueTime = date | datetime
"""A date, or a time with its offset if the due date was given in hours."""

ActionState = Literal["open", "done", "dropped"]
CheckinState = Literal["open", "answered"]

MIN_CLEAR_SHARE = Decimal(65)
"""Below this percentage of the draws, a decision is called close. A rule of thumb, and the text says so."""


@frozen
class ComputedValue:
    """A computed value with its arithmetic.

    `shown` is the value as text. `band` and `band_label` are empty without bands; `overridden`: the person chose another
    band. `supports` and `opposes` are the lines of a tally that apply, by the sign of their points. `because` holds the
    ids of the questions that it depends on.
    """

    id: str
    label: str
    value: Value | None
    shown: str
    arithmetic: str = ""
    band: str = ""
    band_label: str = ""
    overridden: bool = False
    supports: tuple[str, ...] = ()
    opposes: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    private: bool = False


def is_figure(computed: ComputedValue) -> bool:
    """Should it be shown with its arithmetic? True for a labelled number that depends on an answer."""
    return bool(computed.label and computed.because) and isinstance(computed.value, Decimal)


@frozen
class Decision:
    """Options rated by criteria. What can't be calculated is None or empty.

    - `totals`: option -> weighted total on the scale of the scores; None if a cell is missing.
    - `shares`: option -> percentage of the draws in which it comes first; only for options with a total. `share` is
      that of `first`.
    - `flip`: the smallest change of the weight of `flip_on`, in points of 100, that puts another option level with
      `first`; any larger change puts it first.
    - `tell_on`: the criterion that is most worth knowing better before choosing; `tell` is what knowing it would gain, as
      a percentage of the scale of the scores.
    - `ruled_out`: the options that break a hard limit. They have no total and are in none of the other results.
    """

    id: str
    first: str | None = None
    second: str | None = None
    share: Decimal | None = None
    flip: Decimal | None = None
    flip_on: str | None = None
    dominated: tuple[str, ...] = ()
    totals: Mapping[str, Decimal | None] = MappingProxyType({})
    shares: Mapping[str, Decimal] = MappingProxyType({})
    tell: Decimal | None = None
    tell_on: str | None = None
    ruled_out: tuple[str, ...] = ()

    @property
    def level(self) -> tuple[str, ...]:
        """The options that share the highest total; empty if only one has it."""
        totals = {option: total for option, total in self.totals.items() if total is not None}
        top = tuple(option for option, total in totals.items() if total == max(totals.values()))
        return top if len(top) > 1 else ()


@frozen
class Bar:
    """One line of a profile: the value of a scale or tally, and its bounds."""

    id: str
    label: str
    value: Decimal
    min: Decimal
    max: Decimal


@frozen
class Finding:
    """`because` holds the ids of the questions it depends on; `supports` and `opposes` are the lines of its tally."""

    id: str
    title: str
    text: str
    level: Level = "info"
    because: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    opposes: tuple[str, ...] = ()
    profile: tuple[Bar, ...] = ()
    source: tuple[str, ...] = ()
    next: str = ""
    carry: Mapping[str, str] = NOTHING
    private: bool = False


@frozen
class Draft:
    id: str
    title: str
    to: str
    text: str
    source: tuple[str, ...] = ()
    private: bool = False


@frozen
class Action:
    """`owner` is who does it, if it isn't the person."""

    id: str
    do: str
    cue: str = ""
    due: date | datetime | None = None
    evidence: str = ""
    state: ActionState = "open"
    source: tuple[str, ...] = ()
    private: bool = False
    owner: str = ""


@frozen
class Checkin:
    id: str
    title: str
    due: date | datetime | None
    state: CheckinState = "open"


@frozen
class Prediction:
    """A probability that the person gave, to be compared with what happened.

    `id` is the question that asked for it, `what` the question that resolves it, in words, and `resolved_by` its id.
    `forecast` is a percentage. `checkin` is the check-in that asks, `due` its date.
    """

    id: str
    what: str
    forecast: Decimal
    resolved_by: str
    checkin: str
    due: date | datetime | None = None
    private: bool = False


@frozen
class Outcome:
    """Findings by level, the plan by time, the rest in the order of the playbook.

    `given` is when the outcome was first given; relative dates count from then. `headline` says what this is and how
    serious, in one or two lines; "" if the playbook has none. `small`: this is a small matter, with little to show.
    """

    given: datetime
    computed: tuple[ComputedValue, ...] = ()
    decisions: tuple[Decision, ...] = ()
    findings: tuple[Finding, ...] = ()
    drafts: tuple[Draft, ...] = ()
    actions: tuple[Action, ...] = ()
    checkins: tuple[Checkin, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    headline: str = ""
    headline_level: Level = "info"
    small: bool = False


def find_citations(outcome: Outcome) -> tuple[str, ...]:
    """The sources, or claims of sources, that the findings, drafts and actions refer to, without repetitions."""
    lists = [
        *(each.source for each in outcome.findings),
        *(each.source for each in outcome.drafts),
        *(each.source for each in outcome.actions),
    ]
    return tuple(dict.fromkeys(source for each in lists for source in each))


def rank_options(decision: Decision) -> list[tuple[str, Decimal]]:
    """The options that have a total, best first; of equal ones, the first named comes first."""
    totals = [(option, total) for option, total in decision.totals.items() if total is not None]
    return sorted(totals, key=lambda pair: -pair[1])


def describe_decision(decision: Decision, labels: Mapping[str, str]) -> list[str]:
    """A sentence each on ties, how close the call is, what is worth knowing and what would change the winner."""
    order = rank_options(decision)
    if not order:
        return []
    names = {option: labels.get(option, option) for option in decision.totals}
    unscored = [name for option, name in names.items() if decision.totals[option] is None]
    ruled_out = [labels.get(option, option) for option in decision.ruled_out]
    lines = [f"Ruled out, because a limit is broken: {_join_names(ruled_out)}."] if ruled_out else []
    lines += [f"Not scored in full, so left out: {_join_names(unscored)}."] if unscored else []
    if len(order) == 1:
        return [*lines, f"{names[order[0][0]]} is the only option here: there is nothing to compare it with."]
    level = [names[option] for option in decision.level]
    if level:
        lines.append(f"Level at the top: {_join_names(level)}. By these figures none of them comes first.")
    lines += _describe_closeness(decision)
    if decision.tell_on is not None:
        on = labels.get(decision.tell_on, decision.tell_on)
        lines.append(f"Most worth knowing better before you choose: {on}.")
    if decision.flip and decision.flip_on is not None:
        on = labels.get(decision.flip_on, decision.flip_on)
        points = format_count(int(format_points(decision.flip)), "point")
        lines.append(f"{points} of weight more or less on {on} would put another first.")
    elif not level:
        lines.append("No change of a single weight was found that would put another first.")
    if decision.dominated:
        lines.append(
            f"Never better than another: {_join_names([names.get(each, each) for each in decision.dominated])}."
        )
    return lines


def get_decision_labels(decision: Decision, playbook: Playbook | None) -> dict[str, str]:
    """Id -> label of a decision's options and criteria; items of a list are their own labels and not included."""
    if playbook is None:
        return {}
    questions = {question.id: question for question in playbook.questions}
    rule = next((each for each in playbook.decisions if each.id == decision.id), None)
    scores = questions.get(rule.scores) if rule else None
    labels: dict[str, str] = {}
    waiting = list(scores.spec.all_options) if scores else []
    while waiting:
        options = waiting.pop()
        labels |= {choice.id: choice.label for choice in options.choices}
        source = questions.get(options.source)
        if source is not None and source.spec.options:
            waiting.append(source.spec.options)
    return labels


def _describe_closeness(decision: Decision) -> list[str]:
    highest = max(decision.shares.values(), default=None)
    if highest is None or highest >= MIN_CLEAR_SHARE:
        return []
    limit = format_number(MIN_CLEAR_SHARE)
    return [f"A close call: no option comes first in {limit} % of the draws or more (our rule of thumb)."]


def _join_names(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
