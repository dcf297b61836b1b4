"""What every journal promises of events, shown on the one in memory and on the one on disk, without an index and with one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from encrypted_journals import make_journal
from sample_entries import FINISHED, FIRST_ID, PLAYBOOK, list_codes, make_entry

from careerkit.coaching.ports import Journal
from careerkit.core.errors import Refused
from careerkit.core.journal.entry_list import EntryFilter, Event
from careerkit.core.journal.query import parse_query

SECOND = "20261123T0905Z-zzzzzz"


@pytest.fixture(params=["memory", "disk", "index", "encrypted", "encrypted with an index"])
def journal(request, tmp_path) -> Journal:
    made = make_journal(request.param, tmp_path)
    for entry_id in (FIRST_ID, SECOND):
        later = timedelta(days=entry_id == SECOND)
        first = make_entry(entry_id, machine=made.machine)
        made.create(make_entry(entry_id, machine=made.machine, started=first.started + later), PLAYBOOK)
    return made


def recorded(
    journal: Journal, kind: str, about: str, value: object, *, at: str = FIRST_ID, replaces=(), **more
) -> Event:
    made = Event(
        journal.new_event_id(FINISHED),
        kind,
        at,
        FINISHED,
        journal.machine,
        about,
        value=value,
        replaces=replaces,
        **more,
    )
    journal.append_event(made)
    return made


def listed(journal: Journal, **wanted: object) -> list[str]:
    return [each.id for each in journal.listing(entry_filter=EntryFilter(**wanted)).entries]


def test_what_is_recorded_is_read_back_as_it_was(journal):
    note = recorded(journal, "note", "k3", "It went\nwell \x1b[31m", type="text")
    tag = recorded(journal, "tag", "boss", True, at=SECOND)

    assert sorted(journal.events().events, key=lambda event: event.kind) == [note, tag]
    assert journal.events(FIRST_ID).events == (note,)
    assert journal.events().problems == ()


def test_an_event_s_id_is_given_only_once(journal):
    tag = recorded(journal, "tag", "boss", True)

    with pytest.raises(Refused) as refused:
        journal.append_event(tag)

    assert list_codes(refused.value) == ["event-exists"]


def test_a_list_shows_tags_and_can_be_narrowed_to_one(journal):
    tag = recorded(journal, "tag", "boss", True)

    assert [each.tags for each in journal.listing().entries] == [(), ("boss",)]
    assert listed(journal, tag="boss") == [FIRST_ID]

    recorded(journal, "tag", "boss", False, replaces=(tag.id,))

    assert listed(journal, tag="boss") == []


def test_what_was_removed_is_out_of_the_list_until_it_is_restored(journal):
    removal = recorded(journal, "removal", "", True, at=SECOND)

    assert listed(journal) == [FIRST_ID]
    assert listed(journal, removed=True) == [SECOND]
    assert journal.resolve_id("last") == FIRST_ID
    assert journal.resolve_id("zzz") == SECOND
    assert journal.read(SECOND).entry.id == SECOND

    recorded(journal, "removal", "", False, at=SECOND, replaces=(removal.id,))

    assert listed(journal) == [SECOND, FIRST_ID]
    assert journal.resolve_id("last") == SECOND


def test_what_is_gone_for_good_is_in_no_list(journal):
    recorded(journal, "tombstone", "", True, at=SECOND)

    assert listed(journal) == [FIRST_ID]
    assert listed(journal, removed=True) == []


def test_so_many_of_the_newest_counts_those_that_fit(journal):
    recorded(journal, "removal", "", True, at=SECOND)

    assert [each.id for each in journal.listing(limit=1).entries] == [FIRST_ID]
    assert journal.listing(limit=1).not_shown == 0


def test_a_list_can_be_narrowed_by_playbook_state_and_days(journal):
    assert listed(journal, playbook="crisis") == [SECOND, FIRST_ID]
    assert listed(journal, playbook="crisis/start") == [SECOND, FIRST_ID]
    assert listed(journal, playbook="path") == []
    assert listed(journal, state="finished") == []
    assert listed(journal, since=FINISHED.date() + timedelta(days=1)) == [SECOND]
    assert listed(journal, until=FINISHED.date()) == [FIRST_ID]


def test_what_is_erased_is_not_there_any_more_but_for_its_tombstone(journal):
    recorded(journal, "note", "k3", "secret", type="text")
    mine = recorded(journal, "tag", "boss", True, at=SECOND)
    tombstone = recorded(journal, "tombstone", "", True)

    assert journal.erase(FIRST_ID) == ()

    assert listed(journal) == [SECOND]
    assert sorted(event.id for event in journal.events().events) == sorted([mine.id, tombstone.id])
    with pytest.raises(Refused) as refused:
        journal.read(FIRST_ID)
    assert list_codes(refused.value) == ["unknown-entry"]


def test_erasing_what_is_not_there_is_no_trouble(journal):
    assert journal.erase("20261122T0905Z-nnnnnn") == ()


def searched(journal: Journal, written: str, **wanted: object) -> list[str]:
    listing = journal.listing(search=parse_query(written), entry_filter=EntryFilter(**wanted))
    assert len(listing.matches) == len(listing.entries)
    return [each.id for each in listing.entries]


def test_a_search_finds_answers_titles_notes_and_corrections(journal):
    recorded(journal, "note", "k3", "Ana answered", type="text")
    recorded(journal, "correction", "what", "a tender", at=SECOND, type="text", shown="a tender")

    assert searched(journal, "overlooked") == searched(journal, '"career" crisis') == [SECOND, FIRST_ID]
    assert searched(journal, "ana") == [FIRST_ID]
    assert searched(journal, "tend*") == [SECOND]
    assert searched(journal, "ana tender") == []


def test_a_search_shows_the_text_and_the_place(journal):
    recorded(journal, "note", "k3", "Ana answered", type="text")

    [place] = journal.listing(search=parse_query("answered")).matches

    assert (place.text, place.marks) == ("Ana answered", ((4, 12),))


def test_a_search_can_be_narrowed_as_a_list_can(journal):
    recorded(journal, "removal", "", True, at=SECOND)
    recorded(journal, "tag", "boss", True)

    assert searched(journal, "offer") == [FIRST_ID]
    assert searched(journal, "offer", removed=True) == [SECOND]
    assert searched(journal, "offer", tag="boss") == [FIRST_ID]
    assert searched(journal, "offer", tag="other") == []
    assert [each.id for each in journal.listing(search=parse_query("crisis"), limit=1).entries] == [FIRST_ID]
