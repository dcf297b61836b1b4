"""The history that events add up to, in whatever order they are read."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from careerkit.core.frozen import replace
from careerkit.core.journal.entry_list import (
    EMPTY_HISTORY,
    Event,
    build_histories,
    build_history,
    find_effective_events,
)

AT = datetime.fromisoformat("2026-11-23T09:10:12+01:00")
ENTRY = "20261122T0905Z-k3f9x2"


def event(number: int, kind: str = "tag", about: str = "boss", value: object = True, *replaces: int) -> Event:
    return Event(
        name(number),
        kind,
        ENTRY,
        AT + timedelta(minutes=number),
        "m",
        about,
        value=value,
        replaces=tuple(map(name, replaces)),
    )


def name(number: int) -> str:
    return f"20261123T081012345Z-{number:016x}"


def test_without_events_the_history_is_empty():
    assert build_history([]) == EMPTY_HISTORY


def test_a_tag_holds_until_it_is_removed_and_can_be_added_again():
    given_, taken, again = event(1), event(2, "tag", "boss", False, 1), event(3, "tag", "boss", True, 2)

    assert build_history([given_]).tags == ("boss",)
    assert build_history([given_, taken]).tags == ()
    assert build_history([given_, taken, again]).tags == ("boss",)


def test_conflicting_events_of_two_machines_are_both_shown_in_any_order():
    first = event(1)
    kept, taken = event(2, "tag", "boss", True, 1), event(3, "tag", "boss", False, 1)
    expected = build_history([first, kept, taken])

    assert expected.disputed == ((taken, kept),)
    assert expected.tags == ("boss",)
    assert all(build_history(order) == expected for order in permutations([first, kept, taken]))


def test_equal_events_of_two_machines_are_no_dispute():
    assert build_history([event(1), event(2)]).disputed == ()


def test_an_event_that_saw_both_sides_ends_the_dispute():
    sides = [event(1, "tag", "boss", True), event(2, "tag", "boss", False)]

    assert build_history([*sides, event(3, "tag", "boss", False, 1, 2)]).disputed == ()
    assert build_history([*sides, event(3, "tag", "boss", False, 1, 2)]).tags == ()


def test_a_removal_in_dispute_does_not_count():
    removed, restored = event(2, "removal", "", True, 1), event(3, "removal", "", False, 1)

    assert build_history([removed]).removed
    assert not build_history([removed, restored]).removed
    assert build_history([removed, restored]).disputed == ((restored, removed),)


def test_nothing_restores_an_erased_entry():
    assert build_history([event(1, "tombstone", ""), event(2, "removal", "", False, 1)]).is_erased


def test_notes_are_oldest_first_without_removed_ones():
    one, two = event(1, "note", "a", "first"), event(2, "note", "b", "second")

    assert build_history([two, one]).notes == (one, two)
    assert build_history([two, one, event(3, "note", "a", None, 1)]).notes == (two,)
    assert build_history([two, one]).disputed == ()


def test_the_newest_correction_comes_first():
    old, new = event(1, "correction", "harm", "3"), event(2, "correction", "harm", "4")

    assert build_history([old, new]).corrections == {"harm": (new, old)}


def test_an_event_can_not_replace_one_about_another_thing():
    tag, other = event(1), event(2, "tag", "work", True, 1)

    assert build_history([tag, other]).tags == ("boss", "work")


def test_each_entry_has_its_own_history():
    mine, theirs = event(1), replace(event(2), entry="20261122T0905Z-zzzzzz")

    assert build_histories([mine, theirs]) == {ENTRY: build_history([mine]), theirs.entry: build_history([theirs])}


@st.composite
def some_events(draw: st.DrawFn) -> list[Event]:
    numbers = range(1, draw(st.integers(1, 7)))
    return [
        event(
            number,
            draw(st.sampled_from(["tag", "removal", "note"])),
            draw(st.sampled_from(["", "a"])),
            draw(st.sampled_from([True, False, None])),
            *draw(st.sets(st.integers(0, number - 1), max_size=2)),
        )
        for number in numbers
    ]


@given(some_events(), st.randoms())
def test_the_order_of_reading_makes_no_difference_and_reading_twice_neither(events, chance):
    mixed = [*events, *events]
    chance.shuffle(mixed)

    assert find_effective_events(mixed) == find_effective_events(events)
    assert build_history(mixed) == build_history(events)
