"""What every journal promises of events, shown on the one in memory and on the one on disk, without an index and with one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sample_entries import DONE, FIRST, PLAYBOOK, codes, entry
from vault import a_journal

from careerkit.coaching.ports import Journal
from careerkit.core.journal.event import Event
from careerkit.core.journal.only import Only
from careerkit.core.journal.searching import search_for
from careerkit.core.problem import Refused

SECOND = "20261123T0905Z-zzzzzz"


@pytest.fixture(params=["memory", "disk", "index", "encrypted", "encrypted with an index"])
def journal(request, tmp_path) -> Journal:
    made = a_journal(request.param, tmp_path)
    for entry_id in (FIRST, SECOND):
        later = timedelta(days=entry_id == SECOND)
        first = entry(entry_id, machine=made.machine)
        made.create(entry(entry_id, machine=made.machine, started=first.started + later), PLAYBOOK)
    return made


def recorded(journal: Journal, kind: str, about: str, value: object, *, at: str = FIRST, replaces=(), **more) -> Event:
    made = Event(
        journal.new_event_id(DONE), kind, at, DONE, journal.machine, about, value=value, replaces=replaces, **more
    )
    journal.record(made)
    return made


def listed(journal: Journal, **wanted: object) -> list[str]:
    return [each.id for each in journal.listing(only=Only(**wanted)).entries]


def test_what_is_recorded_is_read_back_as_it_was(journal):
    note = recorded(journal, "note", "k3", "It went\nwell \x1b[31m", type="text")
    tag = recorded(journal, "tag", "boss", True, at=SECOND)

    assert sorted(journal.events().events, key=lambda event: event.kind) == [note, tag]
    assert journal.events(FIRST).events == (note,)
    assert journal.events().problems == ()


def test_an_event_s_id_is_given_only_once(journal):
    tag = recorded(journal, "tag", "boss", True)

    with pytest.raises(Refused) as refused:
        journal.record(tag)

    assert codes(refused.value) == ["event-exists"]


def test_a_list_shows_tags_and_can_be_narrowed_to_one(journal):
    tag = recorded(journal, "tag", "boss", True)

    assert [each.tags for each in journal.listing().entries] == [(), ("boss",)]
    assert listed(journal, tag="boss") == [FIRST]

    recorded(journal, "tag", "boss", False, replaces=(tag.id,))

    assert listed(journal, tag="boss") == []


def test_what_was_removed_is_out_of_the_list_until_it_is_restored(journal):
    removal = recorded(journal, "removal", "", True, at=SECOND)

    assert listed(journal) == [FIRST]
    assert listed(journal, removed=True) == [SECOND]
    assert journal.find("last") == FIRST
    assert journal.find("zzz") == SECOND
    assert journal.read(SECOND).entry.id == SECOND

    recorded(journal, "removal", "", False, at=SECOND, replaces=(removal.id,))

    assert listed(journal) == [SECOND, FIRST]
    assert journal.find("last") == SECOND


def test_what_is_gone_for_good_is_in_no_list(journal):
    recorded(journal, "tombstone", "", True, at=SECOND)

    assert listed(journal) == [FIRST]
    assert listed(journal, removed=True) == []


def test_so_many_of_the_newest_counts_those_that_fit(journal):
    recorded(journal, "removal", "", True, at=SECOND)

    assert [each.id for each in journal.listing(newest=1).entries] == [FIRST]
    assert journal.listing(newest=1).older == 0


def test_a_list_can_be_narrowed_by_playbook_state_and_days(journal):
    assert listed(journal, playbook="crisis") == [SECOND, FIRST]
    assert listed(journal, playbook="crisis/start") == [SECOND, FIRST]
    assert listed(journal, playbook="path") == []
    assert listed(journal, state="finished") == []
    assert listed(journal, since=DONE.date() + timedelta(days=1)) == [SECOND]
    assert listed(journal, until=DONE.date()) == [FIRST]


def test_what_is_erased_is_not_there_any_more_but_for_its_tombstone(journal):
    recorded(journal, "note", "k3", "secret", type="text")
    mine = recorded(journal, "tag", "boss", True, at=SECOND)
    tombstone = recorded(journal, "tombstone", "", True)

    assert journal.erase(FIRST) == ()

    assert listed(journal) == [SECOND]
    assert sorted(event.id for event in journal.events().events) == sorted([mine.id, tombstone.id])
    with pytest.raises(Refused) as refused:
        journal.read(FIRST)
    assert codes(refused.value) == ["unknown-entry"]


def test_erasing_what_is_not_there_is_no_trouble(journal):
    assert journal.erase("20261122T0905Z-nnnnnn") == ()


def searched(journal: Journal, written: str, **wanted: object) -> list[str]:
    listing = journal.listing(search=search_for(written), only=Only(**wanted))
    assert len(listing.places) == len(listing.entries)
    return [each.id for each in listing.entries]


def test_a_search_finds_answers_titles_notes_and_corrections(journal):
    recorded(journal, "note", "k3", "Ana answered", type="text")
    recorded(journal, "correction", "what", "a tender", at=SECOND, type="text", shown="a tender")

    assert searched(journal, "overlooked") == searched(journal, '"career" crisis') == [SECOND, FIRST]
    assert searched(journal, "ana") == [FIRST]
    assert searched(journal, "tend*") == [SECOND]
    assert searched(journal, "ana tender") == []


def test_a_search_shows_the_text_and_the_place(journal):
    recorded(journal, "note", "k3", "Ana answered", type="text")

    [place] = journal.listing(search=search_for("answered")).places

    assert (place.text, place.marks) == ("Ana answered", ((4, 12),))


def test_a_search_can_be_narrowed_as_a_list_can(journal):
    recorded(journal, "removal", "", True, at=SECOND)
    recorded(journal, "tag", "boss", True)

    assert searched(journal, "offer") == [FIRST]
    assert searched(journal, "offer", removed=True) == [SECOND]
    assert searched(journal, "offer", tag="boss") == [FIRST]
    assert searched(journal, "offer", tag="other") == []
    assert [each.id for each in journal.listing(search=search_for("crisis"), newest=1).entries] == [FIRST]
