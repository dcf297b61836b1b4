"""How an outcome's parts become the tables of an entry's document, and back.

Each table has a function that writes a row and one that reads it, side by side. What is at its default is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar, get_args

from careerkit.core.journal.fields import FLAG, NUMBER, NUMBER_MAP, TEXT, TEXT_MAP, TEXTS, WHEN, Fields, one_of
from careerkit.core.journal.plain_value import ANY_VALUE, compact, to_plain
from careerkit.core.outcome.model import (
    Action,
    ActionState,
    Bar,
    Checkin,
    CheckinState,
    Computed,
    Decision,
    Draft,
    Finding,
    Outcome,
)
from careerkit.core.playbook.model import NOTHING, Level

Row = dict[str, object]
Unknown = dict[str, object]
T = TypeVar("T")

LEVEL = one_of(get_args(Level))
ACTION_STATE = one_of(get_args(ActionState))
CHECKIN_STATE = one_of(get_args(CheckinState))
NONE: tuple[str, ...] = ()
NO_NUMBERS: Mapping[str, Decimal] = MappingProxyType({})


def outcome_tables(outcome: Outcome) -> Iterator[tuple[str, str, Row]]:
    """Every part as its table's name, its id and its row, in the order in which a person reads them."""
    yield from (("computed", it.id, _from_computed(it)) for it in outcome.computed)
    yield from (("decision", it.id, _from_decision(it)) for it in outcome.decisions)
    yield from (("finding", it.id, _from_finding(it)) for it in outcome.findings)
    yield from (("draft", it.id, _from_draft(it)) for it in outcome.drafts)
    yield from (("action", it.id, _from_action(it)) for it in outcome.actions)
    yield from (("checkin", it.id, _from_checkin(it)) for it in outcome.checkins)


def read_outcome(head: Fields, given: datetime, unknown: Unknown) -> Outcome:
    """The outcome that the document's tables hold. Keys that aren't known go into `unknown`, by table and id."""
    return Outcome(
        given=given,
        computed=read_rows(head, "computed", _computed, unknown),
        decisions=read_rows(head, "decision", _decision, unknown),
        findings=read_rows(head, "finding", _finding, unknown),
        drafts=read_rows(head, "draft", _draft, unknown),
        actions=read_rows(head, "action", _action, unknown),
        checkins=read_rows(head, "checkin", _checkin, unknown),
    )


def read_rows(
    head: Fields, name: str, read: Callable[[Fields], T], unknown: Unknown, *, key: str | None = "id"
) -> tuple[T, ...]:
    """The rows of one table. Two of the same id are a problem: whoever reads by id would see only one of them.

    Without a `key` rows are told apart by their place, from 0.
    """
    parts: list[T] = []
    kept: dict[str, object] = {}
    seen: set[str] = set()
    for row in head.rows(name):
        identity = str(len(parts)) if key is None else str(row.raw.get(key))
        parts.append(read(row))
        if key is not None and identity in seen:
            row.blame("duplicate", f"{row.at(key)}: {identity} is there twice.", key)
        seen.add(identity)
        if rest := row.unknown():
            kept[identity] = rest
    if kept:
        unknown[name] = kept
    return tuple(parts)


def _from_computed(it: Computed) -> Row:
    row: Row = {"id": it.id, "label": to_plain(it.label), "shown": to_plain(it.shown)}
    row |= compact(arithmetic=it.arithmetic, band=it.band, band_label=it.band_label, overridden=it.overridden)
    row |= compact(for_=it.supports, against=it.opposes, because=it.because, private=it.private)
    return row if it.value is None else row | {"value": to_plain(it.value)}


def _computed(row: Fields) -> Computed:
    return Computed(
        id=row.required("id", TEXT),
        label=row.required("label", TEXT),
        value=row.optional("value", ANY_VALUE, None),
        shown=row.required("shown", TEXT),
        arithmetic=row.optional("arithmetic", TEXT, ""),
        band=row.optional("band", TEXT, ""),
        band_label=row.optional("band_label", TEXT, ""),
        overridden=row.optional("overridden", FLAG, default=False),
        supports=row.optional("for", TEXTS, NONE),
        opposes=row.optional("against", TEXTS, NONE),
        because=row.optional("because", TEXTS, NONE),
        private=row.optional("private", FLAG, default=False),
    )


def _from_decision(it: Decision) -> Row:
    unscored = tuple(option for option, total in it.totals.items() if total is None)
    known: Row = {
        "first": it.first,
        "second": it.second,
        "share": it.share,
        "flip": it.flip,
        "flip_on": it.flip_on,
        "tell": it.tell,
        "tell_on": it.tell_on,
    }
    row: Row = {"id": it.id} | {key: to_plain(value) for key, value in known.items() if value is not None}
    return row | compact(dominated=it.dominated, not_scored=unscored, totals=it.totals, shares=it.shares)


def _decision(row: Fields) -> Decision:
    totals: Mapping[str, Decimal] = row.optional("totals", NUMBER_MAP, NO_NUMBERS)
    unscored: tuple[str, ...] = row.optional("not_scored", TEXTS, NONE)
    return Decision(
        id=row.required("id", TEXT),
        first=row.optional("first", TEXT, None),
        second=row.optional("second", TEXT, None),
        share=row.optional("share", NUMBER, None),
        flip=row.optional("flip", NUMBER, None),
        flip_on=row.optional("flip_on", TEXT, None),
        dominated=row.optional("dominated", TEXTS, NONE),
        totals=MappingProxyType({**totals, **dict.fromkeys(unscored)}),
        shares=row.optional("shares", NUMBER_MAP, NO_NUMBERS),
        tell=row.optional("tell", NUMBER, None),
        tell_on=row.optional("tell_on", TEXT, None),
    )


def _from_finding(it: Finding) -> Row:
    row: Row = {"id": it.id, "level": it.level, "title": to_plain(it.title)}
    row |= compact(text=it.text, because=it.because, for_=it.supports, against=it.opposes)
    row |= compact(source=it.source, next=it.next, private=it.private, with_=it.carry)
    return row | ({"profile": [_from_bar(bar) for bar in it.profile]} if it.profile else {})


def _finding(row: Fields) -> Finding:
    return Finding(
        id=row.required("id", TEXT),
        title=row.required("title", TEXT),
        text=row.optional("text", TEXT, ""),
        level=row.required("level", LEVEL),
        because=row.optional("because", TEXTS, NONE),
        supports=row.optional("for", TEXTS, NONE),
        opposes=row.optional("against", TEXTS, NONE),
        profile=tuple(_bar(bar) for bar in row.rows("profile")),
        source=row.optional("source", TEXTS, NONE),
        next=row.optional("next", TEXT, ""),
        carry=row.optional("with", TEXT_MAP, NOTHING),
        private=row.optional("private", FLAG, default=False),
    )


def _from_bar(it: Bar) -> Row:
    return {"id": it.id, "label": to_plain(it.label), "value": it.value, "min": it.min, "max": it.max}


def _bar(row: Fields) -> Bar:
    return Bar(
        id=row.required("id", TEXT),
        label=row.required("label", TEXT),
        value=row.required("value", NUMBER),
        min=row.required("min", NUMBER),
        max=row.required("max", NUMBER),
    )


def _from_draft(it: Draft) -> Row:
    row: Row = {"id": it.id, "title": to_plain(it.title)}
    return row | compact(to=it.to, source=it.source, private=it.private) | {"text": to_plain(it.text)}


def _draft(row: Fields) -> Draft:
    return Draft(
        id=row.required("id", TEXT),
        title=row.required("title", TEXT),
        to=row.optional("to", TEXT, ""),
        text=row.required("text", TEXT),
        source=row.optional("source", TEXTS, NONE),
        private=row.optional("private", FLAG, default=False),
    )


def _from_action(it: Action) -> Row:
    row: Row = {"id": it.id, "state": it.state, "do": to_plain(it.do)}
    return row | compact(cue=it.cue, due=it.due, evidence=it.evidence, source=it.source, private=it.private)


def _action(row: Fields) -> Action:
    return Action(
        id=row.required("id", TEXT),
        do=row.required("do", TEXT),
        cue=row.optional("cue", TEXT, ""),
        due=row.optional("due", WHEN, None),
        evidence=row.optional("evidence", TEXT, ""),
        state=row.required("state", ACTION_STATE),
        source=row.optional("source", TEXTS, NONE),
        private=row.optional("private", FLAG, default=False),
    )


def _from_checkin(it: Checkin) -> Row:
    return {"id": it.id, "title": to_plain(it.title), "state": it.state} | compact(due=it.due)


def _checkin(row: Fields) -> Checkin:
    return Checkin(
        id=row.required("id", TEXT),
        title=row.required("title", TEXT),
        due=row.optional("due", WHEN, None),
        state=row.required("state", CHECKIN_STATE),
    )
