"""The head of an entry's file is read without a TOML parser, with the same result."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from journal_strategies import entries, make_small_entry, texts

from careerkit.core.journal.codec import entry_to_document
from careerkit.core.journal.entry import PlaybookRef, count_actions, count_answered
from careerkit.core.journal.entry_list import EntrySummary
from careerkit.core.journal.fast_reader import parse_string, parse_summary, read_head
from careerkit.storage.entry_files import dumps
from long_run import choose_count


@settings(max_examples=choose_count(12, long=400), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries)
def test_the_scanned_head_says_what_the_entry_says(entry):
    seen = parse_summary(read_head(dumps(entry_to_document(entry)).encode()))

    assert seen == EntrySummary(
        id=entry.id,
        playbook=entry.playbook.id,
        title=entry.playbook.title,
        started=entry.started,
        finished=entry.finished,
        answered=count_answered(entry),
        asked=entry.asked,
        actions_open=count_actions(entry, "open"),
        actions_done=count_actions(entry, "done"),
    )
    assert (seen.state, seen.handle) == (entry.state, entry.handle)


@given(texts)
def test_a_text_on_one_line_is_unquoted_as_tomllib_would(text):
    line = dumps({"title": text}).removesuffix("\n")

    assert parse_string(line.removeprefix("title = ")) == tomllib.loads(line)["title"] == text


def test_a_title_cannot_pass_for_another_key():
    entry = make_small_entry(playbook=PlaybookRef("a/b", 'x"\nasked = 99\n\n[[answer]]', "1", "a" * 64))

    assert parse_summary(read_head(dumps(entry_to_document(entry)).encode())).asked == 3


def test_a_head_without_tables_is_read_to_its_end():
    assert read_head(b"# a comment = no key\nformat = 1\nnonsense\n") == {"format": "1"}


@pytest.mark.parametrize("lines", [{}, {"id": '"x"'}, {"id": "x"}, {"id": '"'}, {"id": '"a\\qb"'}])
def test_a_head_that_careerkit_does_not_write_is_refused(lines):
    with pytest.raises((ValueError, KeyError)):
        parse_summary(lines)


def test_the_title_of_a_number_is_no_text():
    with pytest.raises(ValueError, match="quotes"):
        parse_string(str(Decimal(5)))
