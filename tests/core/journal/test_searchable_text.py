"""The searchable text of an entry is the same whether its file is read line by line or parsed."""

from __future__ import annotations

import tomllib
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from journal_strategies import entries, make_small_entry

from careerkit.core.journal.codec import entry_from_document, entry_to_document
from careerkit.core.journal.entry import Answer
from careerkit.core.journal.entry_list import Event, build_history
from careerkit.core.journal.searchable_text import extract_entry_texts, extract_file_texts, extract_history_texts
from careerkit.storage.entry_files import dumps
from long_run import choose_count


@settings(max_examples=choose_count(20, long=400), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries)
def test_a_file_read_line_by_line_has_the_texts_that_the_parser_finds(entry):
    written = dumps(entry_to_document(entry))
    parsed = entry_from_document(tomllib.loads(written, parse_float=Decimal))

    assert [text for text in extract_file_texts(written) if text] == [
        text for text in extract_entry_texts(parsed) if text
    ]


def test_answers_are_searched_as_shown_and_word_for_word_and_ids_are_not():
    answers = (
        Answer("who", "choice", "Who?", "boss_id", "My boss"),
        Answer("what", "text", "What?", 'He said:\n"""no"""', 'He said:\n"""no"""'),
        Answer("faults", "records", "Which?", ({"deed": "late", "ways": ("by mail",)},), "Friday"),
        Answer("few", "list", "Which?", ("one", "two"), "one, two"),
    )

    texts = list(extract_entry_texts(make_small_entry(answers=answers, outcome=None)))[1:]

    assert texts == ["My boss", 'He said:\n"""no"""', "Friday", "late", "by mail", "one, two"]


def test_notes_and_corrections_in_force_are_searched():
    entry = make_small_entry()

    def event(number: int, kind: str, about: str, value: object, **more: object) -> Event:
        return Event(f"e{number}", kind, entry.id, entry.started, "m", about, value=value, **more)

    happened = build_history(
        [
            event(1, "note", "a", "It went well", type="text"),
            event(2, "note", "b", "withdrawn", type="text"),
            event(3, "note", "b", None, replaces=("e2",)),
            event(4, "correction", "who", "other", type="choice", shown="Another"),
            event(5, "tag", "boss", True),
        ]
    )

    assert list(extract_history_texts(happened)) == ["It went well", "Another"]
