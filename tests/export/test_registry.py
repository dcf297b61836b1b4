"""Every registered export format, over every written case and over hostile texts."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec

import pytest
from plan_samples import HOSTILE_TEXTS, OPTIONS, build_case_document, build_document, generate_document

from careerkit.cli.command_table import EXPORT_FORMATS, ITEM_TYPES, SYNC_FORMATS
from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.plan import PlannedAction, PlannedCheckin
from careerkit.core.text import compile_control_char_pattern
from careerkit.export.formats import (
    EXTENSIONS,
    MODULES,
    Export,
    ExportFormat,
    ExportOptions,
    PlanDocument,
    Tick,
    load_format,
)
from long_run import choose_count
from playbook_cases import list_cases

PRESENT = [name for name, module in MODULES.items() if find_spec(f"careerkit.export.{module.partition(':')[0]}")]
TICKED = [name for name in PRESENT if name in SYNC_FORMATS]

everywhere = pytest.mark.parametrize("name", PRESENT)
wherever_one_ticks = pytest.mark.parametrize("name", TICKED)


def test_the_command_table_and_the_registry_have_the_same_names():
    assert set(EXPORT_FORMATS) == set(MODULES)
    assert set(SYNC_FORMATS) <= set(MODULES)
    assert set(EXTENSIONS.values()) <= set(MODULES)


@everywhere
def test_a_format_has_its_name_its_extensions_and_a_way_back_or_none(name):
    chosen = load_format(name)

    assert chosen.name == name
    assert all(each in chosen.extensions for each, named in EXTENSIONS.items() if named == name)
    assert all(each.startswith(".") and each == each.casefold() for each in chosen.extensions)
    assert (chosen.read is not None) == (chosen.identify is not None) == (name in SYNC_FORMATS)
    assert set(chosen.item_types) <= set(ITEM_TYPES)


@everywhere
def test_every_case_is_written_in_plain_text_and_the_same_each_time(name):
    chosen = load_format(name)
    for case in list_cases():
        document = build_case_document(case)
        for options in list_options(chosen):
            written = chosen.render(document, options)
            check_files(written)
            assert written == chosen.render(document, options), case


@everywhere
def test_every_case_is_read_back_as_it_is_and_stays_so_when_it_is_exported_again(name):
    for case in list_cases():
        check_round_trip(load_format(name), build_case_document(case))


@everywhere
def test_hostile_texts_change_nothing_but_themselves(name):
    chosen = load_format(name)
    for text in HOSTILE_TEXTS:
        document = build_document(
            PlannedAction("a", text, cue=text, due=date(2026, 11, 23), evidence=text, owner=text),
            PlannedAction("b", "after it"),
        )
        for options in list_options(chosen):
            check_files(chosen.render(document, options))
        check_round_trip(chosen, document)


@everywhere
def test_random_plans_are_read_back_as_they_are(name):
    for seed in range(choose_count(40, long=400)):
        document = generate_document(seed)
        check_files(load_format(name).render(document, OPTIONS))
        check_round_trip(load_format(name), document)


@everywhere
@pytest.mark.parametrize("count", [0, 1, 500])
def test_a_plan_may_have_any_number_of_actions(name, count):
    document = build_document(*(PlannedAction(f"a{each}", f"Step {each}") for each in range(count)))
    chosen = load_format(name)

    written = chosen.render(document, options_for(chosen))

    check_files(written)
    if chosen.read:
        assert sum(len(chosen.read(text)) for text in written.files.values()) == count
    check_round_trip(chosen, document)


@everywhere
@pytest.mark.parametrize("day", [date.min, date(1970, 1, 1), date(2038, 1, 20), date.max])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_first_and_the_last_day_of_the_calendar_are_no_error(name, day, zone, monkeypatch):
    set_zone(monkeypatch, zone)
    document = build_document(PlannedAction("a", "Call", due=day), PlannedAction("b", "Write", due=date(2026, 11, 23)))

    check_round_trip(load_format(name), document)


@wherever_one_ticks
def test_an_action_and_a_check_in_with_the_same_id_are_two_items(name):
    document = build_document(
        PlannedAction("week", "Call"), checkins=[PlannedCheckin("week", "A week on", date(2026, 11, 29))]
    )
    chosen = load_format(name)
    assert chosen.identify

    assert len({chosen.identify(each) for each in document.items}) == 2
    check_round_trip(chosen, document)


@wherever_one_ticks
@pytest.mark.parametrize("text", ["", "\n", "no such format", "\x00", "[", '{"a": 1}', "[" * 5000, "x" * 100_000])
def test_what_is_no_such_file_has_no_ticks_or_is_refused(name, text):
    read = load_format(name).read
    assert read

    assert read_or_explain(read, text) == ()


def read_or_explain(read: Callable[[str], tuple[Tick, ...]], text: str) -> tuple[Tick, ...]:
    """What is read, or nothing if it is refused with an explanation."""
    try:
        return read(text)
    except Refused as refused:
        return () if all(each.message and each.code for each in refused.problems) else (Tick("unexplained", "open"),)


def options_for(chosen: ExportFormat) -> ExportOptions:
    """Those that let items be read back."""
    return replace(OPTIONS, item_type="todos") if "todos" in chosen.item_types else OPTIONS


def list_options(chosen: ExportFormat) -> list[ExportOptions]:
    return [
        replace(OPTIONS, item_type=item_type, profile=profile)
        for item_type in ("", *chosen.item_types)
        for profile in ("", *chosen.profiles)
    ]


def check_files(written: Export) -> None:
    """They can be stored, and have no control characters but the end of a line."""
    for text in written.files.values():
        assert text.encode().decode() == text
        unfolded = text.replace("\r\n ", "")  # a long line of a calendar may be folded within an emoji
        assert not compile_control_char_pattern().search(unfolded.replace("\r\n", "\n"))
    assert all(written.report.lost)


def check_round_trip(chosen: ExportFormat, document: PlanDocument) -> None:
    """Each item is read once, in its state, and a second export onto the first changes nothing."""
    if not (chosen.read and chosen.identify):
        return
    written = chosen.render(document, options_for(chosen))
    ticks = [each for text in written.files.values() for each in chosen.read(text)]
    assert len({each.id for each in ticks}) == len(ticks)
    assert {each.id: each.state for each in ticks} == {
        chosen.identify(each): each.state for each in document.items if each.state != "dropped"
    }
    existing = replace(options_for(chosen), existing=written.files.get(""), existing_files=written.files)
    again = chosen.render(document, existing)
    assert {**written.files, **again.files} == written.files  # of several files, those that changed may be written only
    assert (again.report.added, again.report.changed, again.removed) == ((), (), ())


def set_zone(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()


@pytest.fixture(autouse=True)
def _restore_zone():
    yield
    time.tzset()
