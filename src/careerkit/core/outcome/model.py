"""The outcome of an interview: figures, decisions, findings, drafts and a plan. All texts are plain, without markup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from careerkit.core.frozen import frozen
from careerkit.core.playbook.model import NOTHING, Level
from careerkit.core.values import Value

DueTime = date | datetime
"""A date, or a time with its offset if the due date was given in hours."""

ActionState = Literal["open", "done", "dropped"]
CheckinState = Literal["open", "answered"]


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
    id: str
    do: str
    cue: str = ""
    due: date | datetime | None = None
    evidence: str = ""
    state: ActionState = "open"
    source: tuple[str, ...] = ()
    private: bool = False


@frozen
class Checkin:
    id: str
    title: str
    due: date | datetime | None
    state: CheckinState = "open"


@frozen
class Outcome:
    """All parts, in the order of the playbook. `given` is when it was first given; relative dates count from then."""

    given: datetime
    computed: tuple[ComputedValue, ...] = ()
    decisions: tuple[Decision, ...] = ()
    findings: tuple[Finding, ...] = ()
    drafts: tuple[Draft, ...] = ()
    actions: tuple[Action, ...] = ()
    checkins: tuple[Checkin, ...] = ()
