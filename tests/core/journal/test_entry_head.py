"""The head of an entry's file is read without a TOML parser and says what the parser would say."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from journal_strategies import entries, plain_entry, texts

from careerkit.core.journal.document import action_count, answered_count, to_document
from careerkit.core.journal.entry import PlaybookRef
from careerkit.core.journal.head import head_lines, listed, unquoted
from careerkit.core.journal.listed import Listed
from careerkit.core.journal.toml_text import render


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries)
def test_the_scanned_head_says_what_the_entry_says(entry):
    seen = listed(head_lines(render(to_document(entry)).encode()))

    assert seen == Listed(
        id=entry.id,
        playbook=entry.playbook.id,
        title=entry.playbook.title,
        started=entry.started,
        finished=entry.finished,
        answered=answered_count(entry),
        asked=entry.asked,
        actions_open=action_count(entry, "open"),
        actions_done=action_count(entry, "done"),
    )
    assert (seen.state, seen.handle) == (entry.state, entry.handle)


@given(texts)
def test_a_text_on_one_line_is_unquoted_as_tomllib_would(text):
    line = render({"title": text}).removesuffix("\n")

    assert unquoted(line.removeprefix("title = ")) == tomllib.loads(line)["title"] == text


def test_a_title_cannot_pass_for_another_key():
    entry = plain_entry(playbook=PlaybookRef("a/b", 'x"\nasked = 99\n\n[[answer]]', "1", "a" * 64))

    assert listed(head_lines(render(to_document(entry)).encode())).asked == 3


def test_a_head_without_tables_is_read_to_its_end():
    assert head_lines(b"# a comment = no key\nformat = 1\nnonsense\n") == {"format": "1"}


@pytest.mark.parametrize("lines", [{}, {"id": '"x"'}, {"id": "x"}, {"id": '"'}, {"id": '"a\\qb"'}])
def test_a_head_that_careerkit_does_not_write_is_refused(lines):
    with pytest.raises((ValueError, KeyError)):
        listed(lines)


def test_the_title_of_a_number_is_no_text():
    with pytest.raises(ValueError, match="quotes"):
        unquoted(str(Decimal(5)))
