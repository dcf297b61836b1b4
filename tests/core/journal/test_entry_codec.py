"""Entries are converted to documents and back without loss, and problems are reported with their paths."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from journal_strategies import entries, make_small_entry, outcomes, texts

from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.codec import SIMPLE_ANSWERS, entry_from_document, entry_to_document
from careerkit.core.journal.entry import Answer, Entry
from careerkit.core.journal.fast_reader import FORMAT
from careerkit.core.outcome.model import Action, Decision, Finding, Outcome
from careerkit.core.questions.question import find_spec_class
from careerkit.storage.entry_files import dumps
from long_run import choose_count

GIVEN = datetime.fromisoformat("2026-11-22T10:25:00+01:00")
IN_AN_EDITOR = """\
format = 1
id = "20261122T0905Z-k3f9x2"
title = "Own a career crisis"
playbook = "crisis/start"
playbook_version = "1"
playbook_sha256 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
started = 2026-11-22T10:05:00+01:00
finished = 2026-11-22T10:25:00+01:00
given = 2026-11-22T10:25:00+01:00
zone = "Europe/Berlin"
state = "finished"
lane = "full"
answered = 3
asked = 3
actions_open = 1
actions_done = 1
machine = "m1"

[[answer]]
question = "what"
type = "text"
asked = "What happened?"
value = \"\"\"
I overlooked
an offer\"\"\"

[[answer]]
question = "harm"
type = "scale"
asked = "How bad is it?"
private = true
shown = "4 of 5"
value = 4

[[answer]]
question = "swing"
type = "weights"
asked = "Points?"
shown = "pay 40, the work 60"

[answer.value]
pay = 40
"the work" = 60

[[action]]
id = "tell"
state = "open"
do = "Tell Ana"
due = 2026-11-23

[[action]]
id = "mend"
state = "done"
do = "Mend it"
"""
slow = settings(max_examples=choose_count(10, long=400), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def parsed(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def written_and_read(entry: Entry) -> Entry:
    return entry_from_document(parsed(dumps(entry_to_document(entry))))


def problems_of(document: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        entry_from_document(document)
    return [(problem.code, str(problem.where)) for problem in refused.value.problems]


def problems_if_any(document: dict[str, Any]) -> list[tuple[str, str]]:
    try:
        entry_from_document(document)
    except Refused as refused:
        return [(problem.code, str(problem.where)) for problem in refused.problems]
    return []


@slow
@given(entries)
def test_every_entry_is_restored_from_its_document(entry):
    assert entry_from_document(entry_to_document(entry)) == entry


@slow
@given(entries)
def test_every_entry_is_restored_from_its_toml(entry):
    assert written_and_read(entry) == entry


@slow
@given(entries)
def test_writing_twice_gives_the_same_text(entry):
    text = dumps(entry_to_document(entry))

    assert dumps(entry_to_document(entry_from_document(parsed(text)))) == text


@given(texts)
def test_no_text_reaches_a_terminal_as_a_control(text):
    written = dumps(entry_to_document(make_small_entry(answers=(Answer("what", "text", text, text, text),))))

    for sign in written:
        assert sign == "\n" or (ord(sign) >= 0x20 and not 0x7F <= ord(sign) < 0xA0)
        assert sign not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u2028\u2029\ufeff"


def test_decimals_keep_their_places_and_long_whole_numbers_every_digit():
    numbers = [Decimal(text) for text in ("5.0", "5", "1E+2", "0.10", "-0", "123456789012345678901234567890", "-7E-9")]
    answers = tuple(Answer(f"n{i}", "number", "?", number, "n") for i, number in enumerate(numbers))

    back = [answer.value for answer in written_and_read(make_small_entry(answers=answers)).answers]

    assert [str(number) for number in back] == [str(number) for number in numbers]


def test_an_answer_of_a_megabyte_and_of_ten_is_restored():
    long = ("words " * 1000 + '\\ and "quotes" and ünïcode\r\n') * choose_count(170, long=1_700)

    assert (
        written_and_read(make_small_entry(answers=(Answer("what", "text", "?", long, long),))).answers[0].value == long
    )


def test_a_lone_surrogate_becomes_the_replacement_sign_and_a_pair_its_character():
    bad = Answer("wh\ud800at", "text", "a\udfff?", "x\ud83d\ude00y\ud83d", "x\ud83d\ude00y\ud83d")

    answer = written_and_read(make_small_entry(answers=(bad,))).answers[0]

    assert (answer.question, answer.asked, answer.value) == ("wh\ufffdat", "a\ufffd?", "x😀y\ufffd")


def test_null_fields_and_cells_are_left_out():
    records: Any = ({"who": "Ana", "by": None}, {"who": None})
    grid: Any = {"lead": {"pay": Decimal(3), "joy": None}, "craft": {"pay": None}}
    answers = (Answer("people", "records", "?", records, "Ana"), Answer("scores", "grid", "?", grid, "…"))

    back = written_and_read(make_small_entry(answers=answers)).answers

    assert back[0].value == ({"who": "Ana"}, {})
    assert back[1].value == {"lead": {"pay": Decimal(3)}, "craft": {}}


def test_an_option_without_a_total_is_kept():
    decision = Decision("fit", totals={"a": None, "b": Decimal(60)}, tell=Decimal(3), tell_on="pay")

    back = written_and_read(make_small_entry(outcome=Outcome(GIVEN, decisions=(decision,))))

    assert back.outcome == Outcome(GIVEN, decisions=(decision,))


def test_a_time_is_restored_as_the_same_moment_on_both_sides_of_a_daylight_saving_fold():
    berlin = ZoneInfo("Europe/Berlin")
    twice = [datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=fold) for fold in (0, 1)]

    back = [written_and_read(make_small_entry(started=moment)).started for moment in twice]

    assert [moment.utcoffset() for moment in back] == [timedelta(hours=2), timedelta(hours=1)]
    assert [moment.timestamp() for moment in back] == [moment.timestamp() for moment in twice]


def test_an_offset_with_seconds_becomes_the_same_moment_with_whole_minutes():
    moment = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(minutes=19, seconds=32)))

    back = written_and_read(make_small_entry(started=moment)).started

    assert back == moment
    assert back.utcoffset() == timedelta(minutes=19)


def test_a_time_without_an_offset_is_never_written():
    with pytest.raises(ValueError, match="offset"):
        entry_to_document(make_small_entry(started=datetime(2026, 11, 22, 10, 5)))


def test_the_file_reads_well_in_a_text_editor():
    actions = (Action("tell", "Tell Ana", due=date(2026, 11, 23)), Action("mend", "Mend it", state="done"))
    weights = Answer(
        "swing", "weights", "Points?", {"pay": Decimal(40), "the work": Decimal(60)}, "pay 40, the work 60"
    )
    entry = make_small_entry(outcome=Outcome(GIVEN, actions=actions), finished=GIVEN)
    text = dumps(entry_to_document(replace(entry, answers=(*entry.answers[:2], weights))))

    assert text == IN_AN_EDITOR


def test_hidden_answers_and_chosen_bands_are_not_counted_as_answered():
    assert entry_to_document(make_small_entry())["answered"] == 2


def test_unknown_keys_are_kept_where_they_were_and_written_back():
    document = entry_to_document(make_small_entry(outcome=Outcome(GIVEN, findings=(Finding("f", "F", "t"),))))
    document["mood"] = {"before": Decimal("3.5"), "notes": ["a", {"b": True}]}
    document["answer"][1]["confidence"] = 4
    document["finding"][0]["shape"] = {"points": [1, 2]}

    entry = entry_from_document(document)

    assert entry.unknown == {
        "mood": {"before": Decimal("3.5"), "notes": ["a", {"b": True}]},
        "answer": {"harm": {"confidence": 4}},
        "finding": {"f": {"shape": {"points": [1, 2]}}},
    }
    assert entry_to_document(entry) == document
    assert written_and_read(entry) == entry


def test_an_unknown_key_never_hides_what_is_known():
    entry = make_small_entry(
        unknown={"id": "other", "answer": {"harm": {"value": 1}}, "finding": "not a table of tables"}
    )

    assert entry_from_document(entry_to_document(entry)) == replace(entry, unknown={})


def test_a_newer_format_that_fits_is_read_and_never_written():
    document = entry_to_document(make_small_entry()) | {"format": FORMAT + 1, "later": "kept"}

    entry = entry_from_document(document)

    assert (entry.format, entry.unknown) == (FORMAT + 1, {"later": "kept"})
    with pytest.raises(Refused) as refused:
        entry_to_document(entry)
    assert [problem.code for problem in refused.value.problems] == ["newer-format"]


def test_a_newer_format_that_does_not_fit_is_reported_as_newer():
    document = entry_to_document(make_small_entry()) | {"format": FORMAT + 1, "machine": 7}

    assert problems_of(document) == [("newer-format", ""), ("entry-wrong-type", "machine")]


def test_a_format_below_the_lowest_is_refused():
    assert problems_of(entry_to_document(make_small_entry()) | {"format": 0}) == [("entry-too-old", "")]


@pytest.mark.parametrize("key", sorted(set(entry_to_document(make_small_entry())) - {"zone", "answer"}))
def test_a_missing_key_is_reported_by_its_name(key):
    document = entry_to_document(make_small_entry())
    del document[key]

    assert problems_of(document) == [("entry-missing-key", key)]


@pytest.mark.parametrize("key", sorted(entry_to_document(make_small_entry(passed=("a",), said=("b",), finished=GIVEN))))
def test_a_wrong_type_is_reported_by_its_key(key):
    document = entry_to_document(make_small_entry())

    assert problems_of(document | {key: -1.5}) == [("entry-wrong-type", key)]


def test_all_problems_of_a_document_are_reported_at_once_each_with_its_path():
    document = entry_to_document(make_small_entry(outcome=Outcome(GIVEN, actions=(Action("a", "Do"),))))
    document["asked"] = True
    document["answer"][0]["hidden"] = "yes"
    del document["answer"][1]["asked"]
    document["answer"][2]["value"] = "soon"
    del document["answer"][3]["shown"]
    document["action"][0]["state"] = "dreamt"
    document["action"][0]["due"] = datetime(2026, 1, 1)

    assert sorted(problems_of(document)) == [
        ("entry-missing-key", "answer[2].asked"),
        ("entry-wrong-type", "action[1].due"),
        ("entry-wrong-type", "action[1].state"),
        ("entry-wrong-type", "answer[1].hidden"),
        ("entry-wrong-type", "answer[3].value"),
        ("entry-wrong-type", "asked"),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "path"),
    [
        ("text", 5, "value"),
        ("choice", ["a"], "value"),
        ("choices", "a", "value"),
        ("list", ["a", 1], "value[1]"),
        ("yesno", "yes", "value"),
        ("scale", True, "value"),
        ("number", Decimal("NaN"), "value"),
        ("number", Decimal("Infinity"), "value"),
        ("number", 1.5, "value"),
        ("date", datetime(2026, 1, 1), "value"),
        ("date", "2026-01-01", "value"),
        ("weights", {"pay": "much"}, "value.pay"),
        ("weights", {"pay": {"low": 1}}, "value"),
        ("grid", {"lead": {"pay": [1, 2]}}, "value.lead.pay"),
        ("grid", {"lead": {"pay": [1, 2, "3"]}}, "value.lead.pay"),
        ("grid", {"lead": 5}, "value"),
        ("records", [{"who": {"deep": 1}}], "value[1].who"),
        ("records", [{"who": "Ana"}, "Ben"], "value[2]"),
        ("records", {"who": 1}, "value"),
        ("of_a_newer_careerkit", 1.5, "value"),
    ],
)
def test_a_value_that_its_question_cannot_have_is_reported_by_its_path(kind, value, path):
    document = entry_to_document(make_small_entry(answers=(Answer("q", kind, "?", "x", "shown"),)))
    document["answer"][0] |= {"value": value, "shown": "shown"}

    assert problems_of(document) == [("entry-wrong-type", f"answer[1].{path}")]


def test_a_value_that_is_no_text_must_say_how_it_is_shown():
    document = entry_to_document(make_small_entry())
    del document["answer"][1]["shown"]

    assert problems_of(document) == [("entry-missing-key", "answer[2].shown")]


def test_two_answers_to_one_question_are_a_problem():
    document = entry_to_document(make_small_entry())
    document["answer"].append(document["answer"][0])

    assert problems_of(document) == [("entry-duplicate", "answer[5].question")]


@pytest.mark.parametrize("rows", ["text", [1], {"a": 1}])
def test_answers_that_are_not_a_list_of_tables_are_a_problem(rows):
    assert problems_of(entry_to_document(make_small_entry()) | {"answer": rows}) == [("entry-wrong-type", "answer")]


def test_an_outcome_without_its_time_is_a_problem():
    document = entry_to_document(make_small_entry(outcome=Outcome(GIVEN, actions=(Action("a", "Do"),))))
    del document["given"]

    assert problems_of(document) == [("entry-missing-key", "given")]


@pytest.mark.parametrize(
    ("table", "row", "path"),
    [
        ("finding", {"id": "f", "title": "F", "level": "info", "with": {"a": 1}}, "finding[1].with"),
        ("finding", {"id": "f", "title": "F", "level": "info", "with": 1}, "finding[1].with"),
        ("finding", {"id": "f", "title": "F", "level": "info", "because": [1]}, "finding[1].because"),
        ("decision", {"id": "d", "totals": {"a": "x"}}, "decision[1].totals"),
        ("decision", {"id": "d", "totals": 5}, "decision[1].totals"),
    ],
)
def test_an_invalid_part_of_the_outcome_is_reported_by_its_path(table, row, path):
    document = entry_to_document(make_small_entry(outcome=Outcome(GIVEN)))

    assert problems_of(document | {table: [row]}) == [("entry-wrong-type", path)]


@slow
@given(outcomes, st.data())
def test_a_document_without_any_one_key_is_read_or_refused_but_never_a_traceback(outcome, data):
    document = entry_to_document(make_small_entry(outcome=outcome))
    tables = [document, *(row for rows in document.values() if isinstance(rows, list) for row in rows)]
    table = data.draw(st.sampled_from([table for table in tables if isinstance(table, dict) and table]))
    table.pop(data.draw(st.sampled_from(sorted(table))))

    assert all(where for _, where in problems_if_any(document))


def test_a_value_that_toml_cannot_hold_is_a_programming_error():
    with pytest.raises(TypeError):
        dumps({"x": object()})


@pytest.mark.parametrize("question_type", SIMPLE_ANSWERS)
def test_an_answer_read_without_its_types_module_is_what_that_type_stores(question_type):
    values = ["a", "", True, False, Decimal(3), date(2026, 11, 22), ("a", "b"), ()]
    spec = find_spec_class("choice" if question_type == "band" else question_type)

    assert spec is not None
    assert [type(each) is SIMPLE_ANSWERS[question_type] for each in values] == [spec.is_stored(each) for each in values]
