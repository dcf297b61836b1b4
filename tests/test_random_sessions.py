"""Conversations steered at random: answers changed, put off and come back to, reviews with jumps and other bands, stops.

The whole of coaching is in them, each reply saved as it comes. The end must be that of a straight passage with the
same final answers. `CAREERKIT_LONG=1 pytest tests/test_random_sessions.py -n auto` takes 1,000 of each bundled playbook.
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import count
from random import Random

import pytest
from fakes import submit

from careerkit.coaching.ports import Back, ChooseBand, Forward, GoTo, OpenReview, Skip, Stop
from careerkit.coaching.resume import resume_session, run_batch
from careerkit.coaching.session import Session, start_session
from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Entry, LoadedEntry
from careerkit.core.journal.entry_list import EventList
from careerkit.core.journal.snapshot import restore_interview
from careerkit.core.outcome.schedule import choose_earlier
from careerkit.storage.entry_files import decode_entry, encode_entry
from playbook_cases import FixedClock, list_bundled_ids, read_source
from random_interviews import RandomPerson, is_answerable, load_with_few_draws

LONG = bool(os.environ.get("CAREERKIT_LONG"))
PASSAGES = 1000 if LONG else 6
PARTS = 4
"""So many tests share the passages of a playbook, so that they can run side by side."""
TURNS = 40
"""After so many replies the person goes on to the end."""
MOVES = {"answer": 60, "back": 12, "forward": 12, "skip": 10, "review": 8, "stop": 2}
KNOWN = {"first-question", "not-answered", "needed", "check-failed"}
"""How a person is refused on such a way. An answer of a written case may not fit here at all."""


class Kept:
    """A journal that keeps entries as they are, and gives them back as a disk would."""

    machine = "here"

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def new_id(self, _) -> str:
        return "20261122T0905Z-abcdef"

    def events(self, _) -> EventList:
        return EventList(())

    def create(self, entry, playbook) -> None:
        assert entry.id not in self._entries
        assert playbook
        self._entries[entry.id] = entry

    def save(self, entry, *, playbook=None) -> None:
        assert not self._entries[entry.id].finished
        self._entries[entry.id] = entry

    def read(self, entry_id) -> LoadedEntry:
        return decode_entry(encode_entry(self._entries[entry_id]), entry_id)


class Steering:
    """A screen at which somebody replies at random, and that looks at what it is given."""

    def __init__(self, person: RandomPerson) -> None:
        self.passage: Session | None = None
        self.done: Counter[str] = Counter()
        self.concluded: Entry | None = None
        self._person = person
        self._turns = count()
        self._wanders = True
        self._is_made_up = True

    def ask(self, ask, *, why, sources, suggestions=None, keep=None):
        progress = ask.progress
        assert 0 <= progress.answered <= progress.total, (ask.question.id, progress)
        assert 1 <= progress.number <= progress.of, (ask.question.id, progress)
        while True:
            try:
                return self._reply_to(ask)
            except Refused as refused:
                self.show_errors(refused.problems)

    def _reply_to(self, ask):
        move = self._move(ask)
        self.done[move] += 1
        self._is_made_up = True
        match move:
            case "back":
                return Back()
            case "forward":
                return Forward()
            case "skip":
                return Skip()
            case "review":
                return OpenReview()
            case "stop":
                return Stop()
        self._is_made_up = bool(self.done["refused"])
        make = self._person.invent_answer if self._is_made_up else self._person.answer
        return submit(ask, make(ask.question, self.passage.interview.facts()))

    def _move(self, ask) -> str:
        turn = next(self._turns)
        assert turn < TURNS * 20, f"no end in sight at {ask.question.id}"
        self._wanders = turn < TURNS
        random, is_looking_back = self._person.random, bool(self.passage.interview.cursor)
        if not is_answerable(ask):
            return "forward" if is_looking_back else "skip"
        if self._wanders:
            return random.choices(list(MOVES), list(MOVES.values()))[0]
        if ask.kept is not None and not ask.reopened_because and is_looking_back:
            return "forward"
        return "skip" if not ask.question.required and random.random() < 0.5 else "answer"

    def review(self, review):
        asked = [question.id for question in self.passage.interview.questions()]
        assert [line.question_id for line in review.lines] == asked
        random = self._person.random
        banded = [figure for figure in review.figures if figure.bands]
        if self._wanders and banded and random.random() < 0.2:
            figure = random.choice(banded)
            self.done["band"] += 1
            return ChooseBand(figure.compute_id, random.choice([*(band.id for band in figure.bands), None]))
        if self._wanders and random.random() < 0.7:
            self.done["jump"] += 1
            return GoTo(random.choice(review.lines).question_id)
        if self._wanders and review.at_end and random.random() < 0.5:
            return Back()
        self._wanders = self._wanders and not review.at_end
        return None

    def show_errors(self, problems):
        assert not self._is_made_up or {problem.code for problem in problems} <= KNOWN, problems
        self.done["refused"] += 1

    def answered(self, ask, shown):
        self.done["refused"] = 0
        kept = self.passage.journal.read(self.passage.entry.id).entry if self.done["answered"] % 20 == 0 else None
        assert kept is None or ask.question.id in [answer.question for answer in kept.answers]
        self.done["answered"] += 1

    def show_outcome(self, entry, because):
        self.concluded = entry

    def confirm(self, question, *, default, is_saved=True):
        return default

    def open(self, playbook, *, note): ...

    def show_stage(self, stage): ...

    def show_note(self, note): ...

    def show_finding(self, finding): ...

    def show_info(self, text): ...

    def show_card(self, entry, because, *, waits, following=""): ...


def steered(playbook, source, random) -> Steering:
    """A conversation from the first question to its end, stopped and resumed as often as it comes up."""
    screen, journal, clock = Steering(RandomPerson(playbook, random)), Kept(), FixedClock()
    screen.passage = start_session(playbook, source, lane="full", screen=screen, journal=journal, clock=clock)
    while (end := screen.passage.run()) == "stopped":
        entry = journal.read(screen.passage.entry.id).entry
        screen.passage = resume_session(entry, playbook, source, screen=screen, journal=journal, clock=clock)
    assert end == "finished"
    return screen


def counting(interview) -> dict:
    """The answers that count: those of the present branch, without the data of items that are lost, and chosen bands."""
    facts = interview.facts()
    answers = {question.id: facts.value(question.id) for question in interview.questions()}
    bands = {compute.id: facts.stored_answer(compute.id) for compute in interview.playbook.computes}
    return {name: value for name, value in {**answers, **bands}.items() if value is not None}


def straight(playbook, source, given) -> Entry:
    """The entry that these answers lead to when they are given in order."""
    return run_batch(playbook, source, given, lane="full", journal=Kept(), clock=FixedClock())


def in_force(outcome, straight=None):
    """The outcome without the actions that were dropped on the way: a straight passage never gave them.

    With the outcome of a straight passage, actions have their dates from that one where they were given an earlier date
    on the way, which they keep; and they stand in the order of those dates.
    """
    actions = [action for action in outcome.actions if action.state != "dropped"]
    if straight is not None:
        final = {action.id: (place, action.due) for place, action in enumerate(straight.actions)}
        assert [action.id for action in actions if action.id not in final] == []
        assert all(choose_earlier(action.due, final[action.id][1]) == action.due for action in actions)
        actions = [replace(action, due=final[action.id][1]) for action in actions]
        actions.sort(key=lambda action: final[action.id][0])
    return replace(outcome, actions=tuple(actions))


@pytest.mark.parametrize("part", range(PARTS if LONG else 1))
@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_a_conversation_steered_at_random_ends_as_a_straight_one_with_the_same_answers(playbook_id, part):
    playbook, source = load_with_few_draws(playbook_id), read_source(playbook_id)
    done = Counter()
    for number in range(PASSAGES // (PARTS if LONG else 1)):
        screen = steered(playbook, source, Random(f"steered {playbook_id} {part} {number}"))
        entry, given = screen.concluded, counting(screen.passage.interview)
        expected = straight(playbook, source, given)
        assert counting(restore_interview(expected, playbook)) == given, number
        assert in_force(entry.outcome, expected.outcome) == in_force(expected.outcome), number
        assert entry.asked == expected.asked, number
        done += screen.done
    assert set(MOVES) | {"jump"} <= set(done)
