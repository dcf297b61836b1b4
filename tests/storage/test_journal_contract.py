"""What every journal promises, shown on the one in memory and on the one on disk, without an index and with one."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from encrypted_journals import make_journal
from sample_entries import FIRST_ID, PLAYBOOK, SHA256, STARTED, enlarge_entry, finish_entry, list_codes, make_entry

from careerkit.coaching.ports import Journal
from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Entry, PlaybookRef
from careerkit.core.outcome.model import Action
from careerkit.core.text import hash_sha256


@pytest.fixture(params=["memory", "disk", "index", "encrypted", "encrypted with an index"])
def journal(request, tmp_path) -> Journal:
    return make_journal(request.param, tmp_path)


def created(journal: Journal, entry_id: str = FIRST_ID, **changes: object) -> Entry:
    made = make_entry(entry_id, machine=journal.machine, **changes)
    journal.create(made, PLAYBOOK)
    return made


def refusal(call, *arguments: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*arguments)
    assert all(problem.message for problem in refused.value.problems)
    return list_codes(refused.value)


def test_a_new_journal_is_empty(journal):
    assert journal.listing().entries == ()
    assert journal.listing().problems == ()


def test_what_is_created_is_read_back_as_it_was(journal):
    made = created(journal)

    reading = journal.read(made.id)

    assert reading.entry == made
    assert reading.problems == ()


def test_what_is_saved_takes_the_place_of_what_was(journal):
    made = created(journal)
    later = replace(made, answers=made.answers[:1], passed=("harm",), said=("stop",))

    journal.save(later)

    assert journal.read(made.id).entry == later


def test_an_entry_can_be_saved_many_times_and_then_finished(journal):
    made = created(journal)
    for count in range(3):
        journal.save(replace(made, asked=count))
    journal.save(finish_entry(made))

    assert journal.read(made.id).entry == finish_entry(made)


def test_hostile_texts_come_back_as_they_were(journal):
    text = "\x1b]52;c;aGk=\x07\x9b31m\u202e\r\n# careerkit sha256 " + "0" * 64 + '\n"""\\\x00😀'

    made = created(journal, text=text)

    assert journal.read(made.id).entry == made


def test_a_large_entry_comes_back(journal):
    made = enlarge_entry(make_entry(machine=journal.machine), 1_000_000)

    journal.create(made, PLAYBOOK)

    assert journal.read(made.id).entry == made


def test_an_id_is_given_only_once(journal):
    made = created(journal)

    assert refusal(journal.create, replace(made, asked=99), PLAYBOOK) == ["entry-exists"]
    assert journal.read(made.id).entry == made


@pytest.mark.parametrize(
    "bad", ["", "../../etc/passwd", "20261122T0905Z-", "20261122T0905Z-../x", "-x", "~", "a\0b", "last"]
)
def test_nothing_but_an_id_is_an_id(journal, bad):
    made = make_entry(bad, machine=journal.machine)

    assert refusal(journal.create, made, PLAYBOOK) == ["unknown-entry"]
    assert refusal(journal.save, made) == ["unknown-entry"]
    assert refusal(journal.read, bad) == ["unknown-entry"]
    with pytest.raises(Refused), journal.lock_entry(bad):
        pass


def test_a_finished_entry_is_never_written_again(journal):
    made = created(journal)
    journal.save(finish_entry(made))

    assert refusal(journal.save, made) == ["entry-finished"]
    assert journal.read(made.id).entry == finish_entry(made)


def test_another_machine_s_entry_is_never_written(journal):
    theirs = make_entry(machine="another")
    journal.create(theirs, PLAYBOOK)

    assert refusal(journal.save, replace(theirs, asked=1)) == ["entry-elsewhere"]
    assert refusal(journal.save, replace(theirs, machine=journal.machine)) == ["entry-elsewhere"]
    assert journal.read(theirs.id).entry == theirs


def test_an_entry_that_is_not_there_is_neither_read_nor_saved(journal):
    created(journal)
    other = make_entry("20261122T0906Z-zzzzzz", machine=journal.machine)

    assert refusal(journal.read, other.id) == ["unknown-entry"]
    assert refusal(journal.save, other) == ["entry-gone"]


def test_an_entry_of_a_newer_format_is_never_written(journal):
    made = created(journal)

    assert refusal(journal.save, replace(made, format=2)) == ["newer-format"]
    assert journal.read(made.id).entry == made


def test_the_playbook_is_kept_byte_for_byte(journal):
    created(journal)
    created(journal, "20261122T0906Z-aaaaaa")

    assert journal.read_playbook(SHA256) == PLAYBOOK


def test_a_playbook_that_is_not_kept_is_refused(journal):
    created(journal)

    assert refusal(journal.read_playbook, "0" * 64) == ["playbook-missing"]
    assert refusal(journal.read_playbook, "../marker") == ["playbook-missing"]


def test_bytes_that_are_not_the_entry_s_playbook_are_refused(journal):
    made = make_entry(machine=journal.machine)

    assert refusal(journal.create, made, PLAYBOOK + b" ") == ["not-saved", "playbook-mismatch"]
    assert journal.listing().entries == ()


def test_an_entry_that_goes_on_with_another_playbook_keeps_both(journal):
    made = created(journal)
    other = PLAYBOOK + b"# changed\n"
    moved = replace(made, playbook=replace(made.playbook, sha256=hash_sha256(other)))
    with pytest.raises(Refused):
        journal.save(moved, playbook=PLAYBOOK)
    assert journal.read(made.id).entry == made

    journal.save(moved, playbook=other)

    assert journal.read(made.id).entry == moved
    assert (journal.read_playbook(SHA256), journal.read_playbook(hash_sha256(other))) == (PLAYBOOK, other)


def test_the_listing_says_what_the_entries_say_newest_first(journal):
    old = created(journal, "20261022T0905Z-aaaaaa", started=STARTED - timedelta(days=31))
    new = created(journal, "20261122T0905Z-bbbbbb")
    journal.save(finish_entry(new))

    first, second = journal.listing().entries

    assert (first.id, first.state, first.answered, first.asked) == (new.id, "finished", 2, 7)
    assert (first.actions_open, first.actions_done, first.title) == (1, 1, 'Own a "career" crisis')
    assert (second.id, second.state, second.started, second.playbook) == (old.id, "open", old.started, "crisis/start")
    assert (second.finished, second.tags, second.handle) == (None, (), "aaaaaa")


def test_a_title_of_any_signs_is_listed_as_it_is(journal):
    title = 'q"\\\n\x1b[31m\u202e[[answer]]\nasked = 9\x85漢'
    created(journal, playbook=PlaybookRef("a/b", title, "", SHA256))

    assert journal.listing().entries[0].title == title


def test_the_order_follows_the_moment_and_not_the_offset(journal):
    east = created(journal, "20261122T0905Z-eeeeee", started=STARTED.astimezone(timezone(timedelta(hours=9))))
    west = created(journal, "20261122T0904Z-wwwwww", started=STARTED - timedelta(minutes=1))

    assert [listed.id for listed in journal.listing().entries] == [east.id, west.id]


def test_an_entry_is_found_by_a_beginning_of_its_id_or_of_its_random_part(journal):
    created(journal, "20261022T0905Z-abc123")
    created(journal, "20261122T0905Z-abd456")

    assert journal.resolve_id("20261022") == "20261022T0905Z-abc123"
    assert (
        journal.resolve_id("abd")
        == journal.resolve_id("ABD456")
        == journal.resolve_id(" abd4 ")
        == "20261122T0905Z-abd456"
    )
    assert journal.resolve_id("20261122t0905z-abd456") == "20261122T0905Z-abd456"


def test_a_beginning_that_fits_none_or_several_is_refused(journal):
    created(journal, "20261022T0905Z-abc123")
    created(journal, "20261122T0905Z-abd456")

    assert refusal(journal.resolve_id, "ab") == ["ambiguous-entry"]
    assert refusal(journal.resolve_id, "zz") == refusal(journal.resolve_id, "") == ["unknown-entry"]


def test_a_whole_random_part_wins_over_a_longer_one(journal):
    created(journal, "20261022T0905Z-abc1")
    created(journal, "20261122T0905Z-abc123")

    assert journal.resolve_id("abc1") == "20261022T0905Z-abc1"


def test_too_many_to_name_are_counted(journal):
    for count in range(7):
        created(journal, f"20261022T0905Z-abc{count}00")

    with pytest.raises(Refused, match="ambiguous") as refused:
        journal.resolve_id("abc")
    assert refused.value.problems[0].message.startswith("7 entries")


def test_last_is_the_entry_that_began_last_even_within_a_minute(journal):
    assert refusal(journal.resolve_id, "last") == ["unknown-entry"]
    created(journal, "20261122T0904Z-zzzzzz")
    assert journal.resolve_id("last") == "20261122T0904Z-zzzzzz"
    created(journal, "20261122T0905Z-zzzzzz")
    created(journal, "20261122T0905Z-aaaaaa", started=STARTED + timedelta(seconds=30))

    assert journal.resolve_id("last") == "20261122T0905Z-aaaaaa"


def test_only_one_holds_an_entry_at_a_time(journal):
    made = created(journal)

    with journal.lock_entry(made.id):
        with pytest.raises(Refused) as refused, journal.lock_entry(made.id):
            pass
        with journal.lock_entry("20261122T0905Z-aaaaaa"):
            pass

    assert list_codes(refused.value) == ["entry-held"]
    with journal.lock_entry(made.id):
        pass


def test_a_hold_ends_with_its_block_however_that_ends(journal):
    with pytest.raises(KeyboardInterrupt), journal.lock_entry(FIRST_ID):
        raise KeyboardInterrupt

    with journal.lock_entry(FIRST_ID):
        pass


def test_new_ids_begin_with_the_utc_minute_and_differ(journal):
    ids = {journal.new_id(STARTED) for _ in range(200)}

    assert len(ids) == 200
    assert all(entry_id.startswith("20261122T0905Z-") and len(entry_id) == len(FIRST_ID) for entry_id in ids)


@pytest.mark.parametrize(
    "moment", ["1970-01-01T00:00:00+00:00", "2038-01-19T03:14:08+00:00", "2026-10-25T02:30:00+01:00"]
)
def test_any_moment_gives_an_id_that_can_be_created(journal, moment):
    started = datetime.fromisoformat(moment)

    made = created(journal, journal.new_id(started), started=started)

    assert journal.resolve_id("last") == made.id
    assert journal.read(made.id).entry.started == started


def test_the_machine_keeps_its_name(journal):
    assert journal.machine
    assert journal.machine == journal.machine


def test_unknown_keys_survive_a_save(journal):
    made = created(journal, unknown={"mood": {"before": 3}, "answer": {"harm": {"sure": True}}})

    journal.save(journal.read(made.id).entry)

    assert journal.read(made.id).entry.unknown == made.unknown


def test_only_the_newest_are_looked_at_where_that_is_enough(journal):
    created(journal, "20261022T0905Z-aaaaaa", started=STARTED - timedelta(days=31))
    new = created(journal, "20261122T0905Z-bbbbbb")

    listing = journal.listing(limit=1)

    assert ([each.id for each in listing.entries], listing.not_shown) == ([new.id], 1)
    assert journal.listing().not_shown == 0


def test_the_agenda_has_what_is_due_and_what_is_open(journal):
    done = finish_entry(make_entry(machine=journal.machine))
    actions = (Action("tell", "Tell Ana", due=date(2026, 11, 22)), Action("wait", "Wait"))
    journal.create(replace(done, outcome=replace(done.outcome, actions=actions)), PLAYBOOK)
    created(journal, FIRST_ID[:-1] + "3")

    items, problems = journal.agenda(until=date(2026, 11, 24))

    assert {(each.entry, each.kind, each.id) for each in items} >= {
        (FIRST_ID, "action", "tell"),
        (FIRST_ID[:-1] + "3", "unfinished", ""),
    }
    assert not [each for each in items if each.id == "wait"]
    assert problems == ()
