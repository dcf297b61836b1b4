"""How a passage begins: anew, from an answers file, or where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from careerkit.coaching.answers_file import fill
from careerkit.coaching.names import Names, no_names
from careerkit.coaching.passage import Passage
from careerkit.coaching.ports import Clock, Journal
from careerkit.coaching.screen import Screen
from careerkit.core.frozen import replace
from careerkit.core.interview import Interview, Lane, Read
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.record import begin, restore
from careerkit.core.outcome.evaluate import evaluate_outcome, settle
from careerkit.core.playbook.model import Playbook
from careerkit.core.problem import Problem, Refused
from careerkit.core.value import Value

NOTHING_CARRIED: Mapping[str, Value] = MappingProxyType({})


def start(
    playbook: Playbook,
    source: bytes,
    *,
    lane: Lane,
    screen: Screen,
    journal: Journal,
    clock: Clock,
    carried: Mapping[str, Value] = NOTHING_CARRIED,
    names: Names = no_names,
) -> Passage:
    """A new passage. Its entry is saved with the first answer, `source` (the playbook's bytes) beside it.

    `carried` are answers that it begins with, accepted already.
    """
    now = clock.now()
    interview = Interview(playbook, today=now.date(), lane=lane, answers=carried)
    entry = begin(journal.new_id(now), interview, machine=journal.machine, started=now, zone=clock.zone())
    return Passage(interview, entry, screen, journal, clock, source=source, names=names)


def resume(
    entry: Entry,
    playbook: Playbook,
    source: bytes,
    *,
    screen: Screen,
    journal: Journal,
    clock: Clock,
    names: Names = no_names,
    is_moved: bool = False,
) -> Passage:
    """A passage that goes on where `entry` stopped.

    `is_moved`: it was saved with another version of the playbook, so that this one is to be kept with the next save.
    An entry of another machine is left as it is: its answers are carried over into a new one that names it.
    A quick passage goes on in full.
    """
    if entry.finished:
        raise Refused(
            Problem("finished", "This interview is finished.", "See it with `careerkit journal show`.", entry.handle)
        )
    interview = replace(restore(entry, playbook), lane="full")
    if entry.machine == journal.machine:
        return Passage(
            interview, entry, screen, journal, clock, source=source, is_saved=True, is_moved=is_moved, names=names
        )
    carried = replace(
        entry, id=journal.new_id(clock.now()), machine=journal.machine, continues=entry.id, lane=interview.lane
    )
    return Passage(interview, carried, screen, journal, clock, source=source, names=names)


def answer_all(
    playbook: Playbook,
    source: bytes,
    answers: Mapping[str, object],
    *,
    lane: Lane,
    journal: Journal,
    clock: Clock,
    read: Callable[[Read], object] = lambda _: None,
) -> Entry:
    """The finished entry of a passage whose answers are all given. Refused, with nothing saved, when any is wrong.

    `read` gets the notes that came up on the way, once the entry is saved.
    """
    now = clock.now()
    filled = fill(Interview(playbook, today=now.date(), lane=lane), answers)
    entry = begin(journal.new_id(now), filled.interview, machine=journal.machine, started=now, zone=clock.zone())
    early = evaluate_outcome(filled.at_card.facts(), given=now, quick=True) if filled.at_card else None
    if early and lane == "quick":
        entry = replace(entry, quick_given=now, outcome=early)
    else:
        final = evaluate_outcome(filled.interview.facts(), given=now)
        entry = replace(entry, quick_given=now if early else None, finished=now, outcome=settle(early, final))
    journal.create(entry, source)
    for note in filled.notes:
        read(note)
    return entry
