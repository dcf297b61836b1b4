"""Hypothesis strategies for entries of every shape, with hostile texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from careerkit.core.journal.entry import Answer, Entry, Lane, PartialAnswer, PlaybookRef
from careerkit.core.outcome.model import (
    Action,
    ActionState,
    Bar,
    Checkin,
    CheckinState,
    ComputedValue,
    Decision,
    Draft,
    Finding,
    Outcome,
    Prediction,
)
from careerkit.core.values import Level

HOSTILE_TEXTS = [
    "\x1b]52;c;aGk=\x07",
    "\x9b31m",
    "\u202eevil\u2066",
    "a\r\nb\rc\n",
    '"""',
    'six """"""',
    "'''",
    "\\",
    "\\u0041",
    "# careerkit sha256 " + "0" * 64,
    "x\n# careerkit sha256 " + "0" * 64 + "\n",
    "[[answer]]\nquestion = 'x'",
    "\n[table]\n",
    "\n\n",
    " lead and trail \n\t",
    "\x00",
    "\ufeff",
    "\u2028\u2029\x85",
    "😀 e\u0301 漢字",
    "[bold]",
    'ends in "',
]


def one_of_literal(values: Any) -> st.SearchStrategy[Any]:
    """One of the values of a literal type of `careerkit.core.frozen`."""
    return st.sampled_from(values)


texts = st.one_of(st.sampled_from(HOSTILE_TEXTS), st.text(), st.lists(st.sampled_from(HOSTILE_TEXTS)).map("".join))
words = st.one_of(st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), texts)
numbers = st.decimals(allow_nan=False, allow_infinity=False)
several = st.lists(texts, max_size=4).map(tuple)
flags = st.booleans()
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.builds(
    lambda naive, zone: naive.replace(tzinfo=zone),
    st.datetimes(datetime.fromisoformat("1970-01-01"), datetime.fromisoformat("2038-12-31")),
    offsets,
)
days = st.dates()
whens = st.one_of(st.none(), days, moments)

cells = st.one_of(numbers, st.tuples(numbers, numbers, numbers))
weights = st.dictionaries(words, numbers, max_size=4)
grids = st.dictionaries(words, st.dictionaries(words, cells, max_size=3), max_size=3)
fields = st.one_of(texts, flags, numbers, days, several)
records = st.lists(st.dictionaries(words, fields, max_size=4), max_size=3).map(tuple)

BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "text": texts,
    "choice": words,
    "band": words,
    "choices": several,
    "list": several,
    "rank": several,
    "yesno": flags,
    "scale": numbers,
    "number": numbers,
    "date": days,
    "weights": weights,
    "grid": grids,
    "records": records,
    "of_a_newer_careerkit": st.one_of(texts, grids, numbers),
}
values = st.one_of(*BY_TYPE.values())


def _answers(*, repeat: bool = False) -> st.SearchStrategy[tuple[Answer, ...]]:
    one = st.sampled_from(sorted(BY_TYPE)).flatmap(
        lambda kind: st.builds(Answer, words, st.just(kind), texts, BY_TYPE[kind], texts, hidden=flags, private=flags)
    )
    return st.lists(one, max_size=4).map(tuple) if repeat else _unique(one, lambda answer: answer.question)


def _unique(
    strategy: st.SearchStrategy[Any], key: Callable[[Any], object] = lambda part: part.id
) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=4, unique_by=key).map(tuple)


def _begun() -> st.SearchStrategy[tuple[PartialAnswer, ...]]:
    return _answers().map(
        lambda answers: tuple(PartialAnswer(each.question, each.type, each.value) for each in answers)
    )


maybe = st.one_of(st.none(), words)
maybe_number = st.one_of(st.none(), numbers)
computed = st.builds(
    ComputedValue, words, texts, st.one_of(st.none(), values), texts, texts, words, texts, flags, several, several, several,
    flags,
)  # fmt: skip
decisions = st.builds(
    Decision, words, maybe, maybe, maybe_number, maybe_number, maybe, several,
    st.dictionaries(words, maybe_number, max_size=4), weights, maybe_number, maybe, several,
)  # fmt: skip
bars = st.builds(Bar, words, texts, numbers, numbers, numbers)
findings = st.builds(
    Finding, words, texts, texts, one_of_literal(Level), several, several, several,
    st.lists(bars, max_size=3, unique_by=lambda bar: bar.id).map(tuple), several, words,
    st.dictionaries(words, words, max_size=2), flags,
)  # fmt: skip
drafts = st.builds(Draft, words, texts, texts, texts, several, flags)
actions = st.builds(Action, words, texts, texts, whens, texts, one_of_literal(ActionState), several, flags, texts)
checkins = st.builds(Checkin, words, texts, whens, one_of_literal(CheckinState))
predictions = st.builds(Prediction, words, texts, numbers, words, words, whens, flags)
outcomes = st.builds(
    Outcome, moments, _unique(computed), _unique(decisions), _unique(findings), _unique(drafts), _unique(actions),
    _unique(checkins), _unique(predictions), texts, one_of_literal(Level), flags,
)  # fmt: skip
unknown = st.dictionaries(
    words.map(lambda word: f"later_{word}"),
    st.recursive(
        st.one_of(texts, numbers, flags, days, moments),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
        max_leaves=6,
    ),
    max_size=3,
)
playbooks = st.builds(PlaybookRef, words, texts, texts, st.from_regex(r"[0-9a-f]{64}", fullmatch=True))
entries = st.builds(
    Entry, words, words, playbooks, moments, texts, one_of_literal(Lane), st.one_of(st.none(), moments),
    st.one_of(st.none(), moments), st.integers(0, 500), _answers(), several, several, _begun(),
    st.one_of(st.none(), outcomes), words, _answers(repeat=True), unknown,
)  # fmt: skip


def make_small_entry(**changes: Any) -> Entry:
    """A small entry with everything that an entry must have."""
    known: dict[str, Any] = {
        "id": "20261122T0905Z-k3f9x2",
        "machine": "m1",
        "playbook": PlaybookRef("crisis/start", "Own a career crisis", "1", "a" * 64),
        "started": datetime.fromisoformat("2026-11-22T10:05:00+01:00"),
        "zone": "Europe/Berlin",
        "asked": 3,
        "answers": (
            Answer("what", "text", "What happened?", "I overlooked\nan offer", "I overlooked\nan offer"),
            Answer("harm", "scale", "How bad is it?", Decimal(4), "4 of 5", private=True),
            Answer("until", "date", "Until when?", date(2026, 12, 1), "1 December 2026", hidden=True),
            Answer("harm_band", "band", "Severity", "note", "a note"),
        ),
    }
    return Entry(**(known | changes))
