"""Events are converted to documents and back without loss, and problems are reported."""

from __future__ import annotations

import tomllib
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journal_strategies import texts

from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.codec import event_from_document, event_to_document
from careerkit.core.journal.entry_list import Event
from careerkit.core.journal.fast_reader import parse_simple_event, read_head
from careerkit.storage.entry_files import dumps

AT = datetime.fromisoformat("2026-11-23T09:10:12+01:00")
NOTE = Event(
    "20261123T081012345Z-9c1b04de77aa1f02", "note", "20261122T0905Z-k3f9x2", AT, "m", "k3", "text", "It went\nwell"
)


def back(event: Event) -> Event:
    return event_from_document(tomllib.loads(dumps(event_to_document(event)), parse_float=Decimal))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "two\nlines"),
        ("yesno", False),
        ("scale", Decimal(3)),
        ("choices", ("a", "b")),
        ("choices", ()),
        ("weights", {"a": Decimal(40), "b": Decimal(60)}),
        ("grid", {"a": {"x": Decimal(3)}}),
        ("records", ({"who": "Ana", "power": Decimal(2)},)),
        ("text", None),
    ],
)
def test_a_value_of_every_type_is_restored(kind, value):
    event = replace(NOTE, type=kind if value is not None else "yesno", value=value, shown="as shown" if value else "")

    assert back(event) == event


@settings(deadline=None)
@given(texts, texts, st.lists(st.just(NOTE.id), max_size=3))
def test_any_text_is_restored(about, value, replaces):
    event = replace(NOTE, about=about, value=value, replaces=tuple(replaces))

    assert back(event) == event


@given(texts, st.sampled_from([True, False, None]), st.lists(st.just(NOTE.id), max_size=3))
def test_reading_line_by_line_gives_the_same_as_the_parser(about, value, replaces):
    event = replace(NOTE, kind="tag", type="yesno", about=about, value=value, replaces=tuple(replaces))

    assert parse_simple_event(read_head(dumps(event_to_document(event)).encode())) == back(event)


@settings(deadline=None)
@given(texts, texts, st.sampled_from(["text", "choice", "band"]))
def test_an_event_with_a_text_is_read_line_by_line_like_the_parser_reads_it(value, shown, kind):
    event = replace(NOTE, type=kind, value=value, shown=shown)

    assert parse_simple_event(read_head(dumps(event_to_document(event)).encode())) == back(event)


def test_keys_of_other_tools_are_kept():
    assert back(replace(NOTE, unknown={"mood": 3})).unknown == {"mood": 3}


def test_every_missing_or_wrong_key_is_reported():
    with pytest.raises(Refused) as refused:
        event_from_document({"format": 1, "id": 3, "kind": "note", "at": AT})

    assert [(problem.code, problem.where) for problem in refused.value.problems] == [
        ("event-wrong-type", "id"),
        ("event-missing-key", "entry"),
        ("event-missing-key", "machine"),
    ]


def test_a_newer_format_is_never_written():
    with pytest.raises(Refused) as refused:
        event_to_document(replace(NOTE, format=2))

    assert [problem.code for problem in refused.value.problems] == ["newer-format"]
