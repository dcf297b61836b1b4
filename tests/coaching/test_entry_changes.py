"""Later changes to an entry, and their effect."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fakes import FakeClock, FakeScreen

from careerkit.coaching.entry_changes import EntryChanges, ask_for_note, remove_forever, validate_note
from careerkit.coaching.ports import Back, OpenReview, Skip, Stop
from careerkit.core.errors import Refused
from careerkit.core.journal.entry_list import Event
from careerkit.storage.memory_journal import MemoryJournal
from scenario import NOW

ENTRY = "20261122T0905Z-k3f9x2"


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


def changes(journal: MemoryJournal) -> EntryChanges:
    return EntryChanges(journal, FakeClock(), ENTRY)


def by_another(journal: MemoryJournal, kind: str, about: str, value: object) -> None:
    """Record an event of another machine that doesn't know this one's events."""
    journal.append_event(Event(journal.new_event_id(NOW), kind, ENTRY, NOW, "other", about, value=value))


def test_an_existing_tag_is_not_added_again(journal):
    assert [event.about for event in changes(journal).tag(["boss", "work"])] == ["boss", "work"]
    assert [event.about for event in changes(journal).tag(["boss", "new"])] == ["new"]
    assert changes(journal).history.tags == ("boss", "new", "work")


def test_a_missing_tag_is_not_removed(journal):
    changes(journal).tag(["boss"])

    assert changes(journal).untag(["work"]) == ()
    assert len(changes(journal).untag(["boss"])) == 1
    assert changes(journal).untag(["boss"]) == ()
    assert changes(journal).history.tags == ()


def test_a_change_replaces_only_events_about_the_same_subject(journal):
    one, other = changes(journal).tag(["boss", "work"])

    (taken,) = changes(journal).untag(["boss"])

    assert taken.replaces == (one.id,)
    assert other.replaces == ()


def test_a_change_settles_a_conflict(journal):
    changes(journal).tag(["boss"])
    by_another(journal, "tag", "boss", False)
    assert len(changes(journal).history.disputed) == 1

    changes(journal).tag(["boss"])

    assert changes(journal).history.disputed == ()
    assert changes(journal).history.tags == ("boss",)


def test_an_entry_is_removed_and_restored_and_only_as_often_as_it_makes_sense(journal):
    assert changes(journal).restore() == ()
    assert len(changes(journal).remove()) == 1
    assert changes(journal).remove() == ()
    assert changes(journal).history.removed
    assert len(changes(journal).restore()) == 1
    assert not changes(journal).history.removed


def test_notes_of_the_same_moment_are_both_kept(journal):
    here = changes(journal)
    here.note("one")
    here.note("two")

    assert sorted(note.value for note in changes(journal).history.notes) == ["one", "two"]
    assert changes(journal).history.disputed == ()


def test_a_deleted_entry_can_not_be_changed(journal):
    remove_forever(journal, FakeClock(), ENTRY)

    with pytest.raises(Refused) as refused:
        changes(journal).check()

    assert refused.value.problems[0].code == "entry-gone-for-good"
    assert f"--forever {ENTRY}" in refused.value.problems[0].hint


def test_a_deleted_entry_leaves_only_a_tombstone(journal):
    changes(journal).note("nobody should read this")

    remove_forever(journal, FakeClock(), ENTRY)
    remove_forever(journal, FakeClock(), ENTRY)

    assert [event.kind for event in journal.events().events] == ["tombstone"]


def test_an_interrupted_deletion_has_written_its_tombstone_first(journal):
    changes(journal).note("a note")
    journal.erase = lambda entry_id: (_ for _ in ()).throw(OSError)

    with pytest.raises(OSError):
        remove_forever(journal, FakeClock(), ENTRY)

    assert changes_kinds(journal) == ["note", "tombstone"]


def changes_kinds(journal: MemoryJournal) -> list[str]:
    return sorted(event.kind for event in journal.events().events)


def test_what_another_careerkit_is_writing_is_not_deleted(journal):
    with journal.lock_entry(ENTRY), pytest.raises(Refused):
        remove_forever(journal, FakeClock(), ENTRY)

    assert journal.events().events == ()


def noted(journal: MemoryJournal) -> list[object]:
    return [note.value for note in changes(journal).history.notes]


@pytest.mark.parametrize(("which", "left"), [("1", ["two"]), ("2", ["one"]), ("last", ["one"]), (" LAST ", ["one"])])
def test_a_note_is_removed_by_its_number_and_restored(journal, which, left):
    for minutes, text in enumerate(("one", "two")):
        EntryChanges(journal, FakeClock(NOW + timedelta(minutes=minutes)), ENTRY).note(text)

    _, text = changes(journal).remove_note(which)

    assert noted(journal) == left
    assert [*left, text] in (["one", "two"], ["two", "one"])
    assert changes(journal).restore_note()[1] == text
    assert sorted(noted(journal)) == ["one", "two"]


def test_a_note_is_removed_by_the_id_of_its_event(journal):
    first, _ = changes(journal).note("one"), changes(journal).note("two")

    event, _ = changes(journal).remove_note(first.id)

    assert (noted(journal), event.replaces) == (["two"], (first.id,))


def test_notes_are_restored_last_removed_first(journal):
    for minutes, text in enumerate(("one", "two", "three")):
        EntryChanges(journal, FakeClock(NOW + timedelta(minutes=minutes)), ENTRY).note(text)
    for minutes in (10, 11):
        EntryChanges(journal, FakeClock(NOW + timedelta(minutes=minutes)), ENTRY).remove_note("1")

    assert [changes(journal).restore_note()[1] for _ in range(2)] == ["two", "one"]


@pytest.mark.parametrize("which", ["0", "3", "-1", "first", ""])
def test_an_unknown_note_is_not_removed(journal, which):
    with pytest.raises(Refused):
        changes(journal).remove_note("last")
    changes(journal).note("one")
    changes(journal).note("two")

    with pytest.raises(Refused) as refused:
        changes(journal).remove_note(which)

    assert refused.value.problems[0].code == "no-note"
    assert len(noted(journal)) == 2


def test_only_removed_notes_can_be_restored(journal):
    changes(journal).note("one")

    with pytest.raises(Refused) as refused:
        changes(journal).restore_note()

    assert refused.value.problems[0].code == "no-note"


def test_a_note_that_two_machines_disagree_on_is_shown_until_it_is_removed_again(journal):
    note = changes(journal).note("one")
    changes(journal).remove_note("1")
    other = Event(journal.new_event_id(NOW), "note", ENTRY, NOW, "other", note.about, "text", "one")
    journal.append_event(other)
    assert len(changes(journal).history.disputed) == 1

    changes(journal).remove_note("1")

    assert (noted(journal), changes(journal).history.disputed) == ([], ())


def test_a_note_is_asked_for_until_it_is_not_empty():
    screen, saved = FakeScreen("  ", OpenReview(), "It went well."), []

    assert ask_for_note(screen, saved.append, about="k3f9x2")
    assert saved == ["It went well."]
    assert "complaint empty" in screen.shown


@pytest.mark.parametrize("reply", [Stop(), Back(), Skip()])
def test_a_person_can_leave_without_a_note(reply):
    assert not ask_for_note(FakeScreen(reply), pytest.fail, about="k3f9x2")


def test_a_note_keeps_its_lines():
    assert validate_note("one\r\ntwo\n\nthree") == "one\ntwo\n\nthree"
