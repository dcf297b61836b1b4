"""Corrections of a finished entry, which never replace the first answers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from fakes import FakeClock, FakeScreen

from careerkit.coaching.corrections import CorrectionSession
from careerkit.coaching.entry_changes import EntryChanges
from careerkit.coaching.ports import Back, ChooseBand, GoTo, OpenReview, Stop
from careerkit.coaching.resume import run_batch
from careerkit.coaching.trends import load_entry_details
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.entry_list import Event
from careerkit.storage.memory_journal import MemoryJournal
from sample_journal import ROUGH_WEEK, WEEK_PLAYBOOK
from scenario import NOW, parse_playbook

PLAYBOOK = parse_playbook(WEEK_PLAYBOOK)


class Case:
    """A finished entry in a journal, and corrections of it."""

    def __init__(self) -> None:
        self.journal = MemoryJournal()
        self.entry = run_batch(
            PLAYBOOK, WEEK_PLAYBOOK.encode(), ROUGH_WEEK, lane="full", journal=self.journal, clock=FakeClock()
        )

    @property
    def correcting(self) -> CorrectionSession:
        return CorrectionSession(self.entry, PLAYBOOK, EntryChanges(self.journal, FakeClock(), self.entry.id))

    @property
    def seen(self):
        return load_entry_details(self.journal, self.entry.id, lambda _: PLAYBOOK, today=NOW.date())

    @property
    def events(self) -> list[tuple[str, object]]:
        return sorted((event.about, event.value) for event in self.journal.events().events)

    def by_another(self, question: str, value: object, shown: str) -> None:
        made = self.journal.new_event_id(NOW)
        self.journal.append_event(
            Event(made, "correction", self.entry.id, NOW, "other", question, type="scale", value=value, shown=shown)
        )


@pytest.fixture
def case() -> Case:
    return Case()


def test_a_chosen_question_is_answered_again_and_the_first_answer_is_kept(case):
    screen = FakeScreen(2, reviews=(GoTo("load"),))

    case.correcting.run(screen)

    (event,) = case.journal.events().events
    assert (event.about, event.value, event.shown, event.asked) == ("load", Decimal(2), "2 of 5", "How heavy was it?")
    assert case.seen.entry == case.entry
    assert "say The original answer is kept: 5 of 5" in screen.shown
    assert screen.last_review.is_finished


def test_the_review_shows_what_was_corrected_before(case):
    case.correcting.run(FakeScreen(2, reviews=(GoTo("load"),)))
    screen = FakeScreen()

    case.correcting.run(screen)

    assert load_in(screen) == "2 of 5"


def test_the_corrected_result_is_described_and_the_original_kept(case):
    case.correcting.apply_all({"load": 2, "kind": "calm"})

    assert [finding.id for finding in case.seen.entry.outcome.findings] == ["rest"]
    assert [finding.id for finding in case.seen.corrected_outcome.findings] == ["steady"]
    assert case.seen.result_changes == (
        "New in the result: Steady as it is.",
        "No longer in the result: Rest first; Take Friday off.",
        "Strain: 9.2, fine (before: 15.2, high).",
    )


def test_without_corrections_there_is_no_notice(case):
    assert (case.seen.corrected_outcome, case.seen.result_changes) == (None, None)


def test_the_same_answer_is_no_correction(case):
    case.correcting.apply_all({"load": 5, "who": "Linh"})

    assert case.events == []


def test_an_invalid_correction_is_asked_for_again(case):
    screen = FakeScreen(9, 2, reviews=(GoTo("load"),))

    case.correcting.run(screen)

    assert "complaint too-large" in screen.shown
    assert case.events == [("load", Decimal(2))]


class RefusingOnce(MemoryJournal):
    """A journal that refuses the first event. With the code "not-certain" it is written nevertheless."""

    code = "not-saved"

    def append_event(self, event):
        code, self.code = self.code, ""
        if code != "not-saved":
            super().append_event(event)
        if code:
            raise Refused(Problem(code, "The disk has a fault.", "Look at it."))


@pytest.mark.parametrize("code", ["not-saved", "not-certain"])
def test_a_correction_that_the_disk_did_not_take_is_taken_when_it_is_handed_in_again(code):
    case = Case()
    case.journal, before = RefusingOnce(), case.journal
    case.journal.create(case.entry, before.read_playbook(case.entry.playbook.sha256))
    case.journal.code = code
    correcting = case.correcting
    screen = FakeScreen(2, 2, reviews=(GoTo("load"),))

    correcting.run(screen)

    assert f"complaint {code}" in screen.shown
    assert [each.value for each in correcting.events] == [2]
    assert [each.value for each in case.seen.history.corrections["load"]] == [2], "one of them is in force"


@pytest.mark.parametrize("reply", [Back(), OpenReview(), Stop()])
def test_a_question_can_be_left_as_it_is(case, reply):
    case.correcting.run(FakeScreen(reply, reviews=(GoTo("load"),)))

    assert case.events == []


def test_a_band_is_chosen_and_taken_back(case):
    case.correcting.run(FakeScreen(reviews=(ChooseBand("strain", "fine"),)))
    assert [finding.id for finding in case.seen.corrected_outcome.findings] == ["steady"]

    case.correcting.run(FakeScreen(reviews=(ChooseBand("strain", None),)))
    assert case.seen.corrected_outcome is None
    assert len(case.seen.history.corrections["strain"]) == 1


def test_a_band_that_was_chosen_at_first_is_taken_back():
    case, chosen = Case(), ROUGH_WEEK | {"strain": "fine"}
    case.entry = run_batch(
        PLAYBOOK, WEEK_PLAYBOOK.encode(), chosen, lane="full", journal=case.journal, clock=FakeClock()
    )

    case.correcting.run(FakeScreen(reviews=(ChooseBand("strain", None),)))

    assert case.events == [("strain", None)]
    assert [finding.id for finding in case.seen.corrected_outcome.findings] == ["rest"]


def test_both_sides_of_a_conflict_are_shown_until_a_correction_settles_it(case):
    case.correcting.apply_all({"load": 2})
    case.by_another("load", Decimal(3), "3 of 5")
    assert {event.shown for event in case.seen.history.corrections["load"]} == {"2 of 5", "3 of 5"}
    newest = case.seen.history.corrections["load"][0]

    case.correcting.apply_all({"load": int(newest.value)})

    assert case.seen.history.disputed == ()
    assert [event.value for event in case.seen.history.corrections["load"]] == [newest.value]


def test_the_review_shows_both_sides_and_submitting_one_again_settles_the_conflict(case):
    case.correcting.apply_all({"load": 2})
    case.by_another("load", Decimal(3), "3 of 5")
    newest = case.seen.history.corrections["load"][0]
    first, then = FakeScreen(), FakeScreen(newest.value, reviews=(GoTo("load"),))

    case.correcting.run(first)
    case.correcting.run(then)

    assert load_in(first) in {
        f"{one}, or {two} (two machines disagree)" for one, two in (("2 of 5", "3 of 5"), ("3 of 5", "2 of 5"))
    }
    assert load_in(then) == newest.shown
    assert case.seen.history.disputed == ()


def load_in(screen: FakeScreen) -> str:
    return next(line.shown for line in screen.last_review.lines if line.question_id == "load")


def test_every_problem_in_a_table_of_answers_is_reported_and_nothing_is_saved(case):
    with pytest.raises(Refused) as refused:
        case.correcting.apply_all({"load": 9, "lod": 1, "kind": "odd", "hours": 40, "strain": "worst"})

    assert {(each.code, each.where) for each in refused.value.problems} == {
        ("too-large", "load"),
        ("unknown-question", "lod"),
        ("unknown-choice", "kind"),
        ("unknown-band", "strain"),
    }
    assert case.events == []


def test_a_question_that_was_not_asked_can_be_answered_once_it_shows():
    case = Case()
    calm = {key: value for key, value in ROUGH_WEEK.items() if key != "who"} | {"kind": "calm"}
    case.entry = run_batch(PLAYBOOK, WEEK_PLAYBOOK.encode(), calm, lane="full", journal=case.journal, clock=FakeClock())

    screen = FakeScreen("rough", "Ana", reviews=(GoTo("kind"), GoTo("who")))
    case.correcting.run(screen)

    assert case.events == [("kind", "rough"), ("who", "Ana")]
    assert any("New: 1 question." in line for line in screen.shown)


def test_an_open_entry_is_resumed_and_not_corrected(case):
    case.entry = replace(case.entry, finished=None)

    with pytest.raises(Refused) as refused:
        _ = case.correcting

    assert refused.value.problems[0].code == "entry-open"
    assert f"careerkit resume {case.entry.handle}" in refused.value.problems[0].hint


def test_a_correction_of_another_type_is_shown_but_ignored_in_computed_values(case):
    made = case.journal.new_event_id(NOW)
    case.journal.append_event(
        Event(made, "correction", case.entry.id, NOW, "other", "load", type="text", value="heavy")
    )

    assert case.seen.result_changes == ("The result is unchanged.",)
