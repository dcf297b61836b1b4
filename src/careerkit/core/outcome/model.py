"""What follows from the answers: findings, drafts, a plan. Texts are plain: nothing in them is markup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from careerkit.core.frozen import frozen
from careerkit.core.playbook.model import NOTHING, Level
from careerkit.core.value import Value

When = date | datetime
"""A date, or a time with its offset where hours count."""

ActionState = Literal["open", "done", "dropped"]
CheckinState = Literal["open", "answered"]


@frozen
class Computed:
    """A computed value with the arithmetic that led to it.

    `shown` is the value as a person reads it; `band` and `band_label` where it has bands, `overridden` when the
    person chose the band. `supports` and `opposes` are the lines of a tally that hold, by the sign of their points.
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


def is_figure(computed: Computed) -> bool:
    """Is it worth showing with its arithmetic? A labelled number that rests on an answer is."""
    return bool(computed.label and computed.because) and isinstance(computed.value, Decimal)


@frozen
class Decision:
    """Options against criteria. What has not been worked out, or can't be, is None or empty.

    `totals` has every option, on the grid's own scale, None where a cell is missing. `shares` is the percentage of
    draws in which an option comes first, without options that have no total; `share` is that of `first`. `flip` is
    in points of 100: so much more or less weight on `flip_on` puts another option level, and any more puts it first.
    `tell_on` is the criterion that is most worth knowing better before choosing, `tell` what that would gain, as a
    percentage of the grid's scale.
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
        """The options that share the highest total, in their own order; none where one stands alone at the top."""
        totals = {option: total for option, total in self.totals.items() if total is not None}
        top = tuple(option for option, total in totals.items() if total == max(totals.values()))
        return top if len(top) > 1 else ()


@frozen
class Bar:
    """One line of a profile: a scale or a tally with the bounds between which it lies."""

    id: str
    label: str
    value: Decimal
    min: Decimal
    max: Decimal


@frozen
class Finding:
    """`because` holds the ids of the questions it rests on; `supports` and `opposes` what its tally lists."""

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
    due: When | None = None
    evidence: str = ""
    state: ActionState = "open"
    source: tuple[str, ...] = ()
    private: bool = False


@frozen
class Checkin:
    id: str
    title: str
    due: When | None
    state: CheckinState = "open"


@frozen
class Outcome:
    """All of it, each in the playbook's order. `given` is when it was first given: the dates count from there."""

    given: datetime
    computed: tuple[Computed, ...] = ()
    decisions: tuple[Decision, ...] = ()
    findings: tuple[Finding, ...] = ()
    drafts: tuple[Draft, ...] = ()
    actions: tuple[Action, ...] = ()
    checkins: tuple[Checkin, ...] = ()
