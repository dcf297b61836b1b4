"""A passage as a command runs it: begun or resumed, conducted, and told how it ended."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from careerkit.cli import screens, wiring
from careerkit.cli.output import json_text, write
from careerkit.cli.run import INTERRUPTED, STOPPED, Interrupted
from careerkit.coaching.reasons import reasons
from careerkit.coaching.screen import EndOfInput
from careerkit.coaching.starting import NOTHING_CARRIED, answer_all, start
from careerkit.core.days import date_text
from careerkit.core.journal.only import Only
from careerkit.core.problem import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careerkit.cli.asked import Request
    from careerkit.cli.coming_along import Came
    from careerkit.coaching.going_on import TakenUp
    from careerkit.coaching.passage import End, Passage
    from careerkit.coaching.ports import Journal
    from careerkit.coaching.screen import Screen
    from careerkit.core.interview import Lane
    from careerkit.core.journal.entry import Entry
    from careerkit.core.journal.listed import Listed
    from careerkit.core.playbook.model import Playbook

ENDINGS: dict[End, str] = {
    "finished": "Saved as {handle}.",
    "quick": "Saved as {handle}. Go on with the rest when you can: {resume}",
    "later": "Saved as {handle}. Go on when you can: {resume}",
    "stopped": "Stopped. All answers are saved. Go on with: {resume}",
}


def begin(
    request: Request,
    playbook: Playbook,
    source: bytes,
    *,
    lane: Lane,
    anew: bool,
    note: str | None,
    came: Came | None = None,
) -> int:
    """Go through `playbook`, from its first question or where an open entry of it stopped; gives the exit code.

    With what `came` along from an earlier entry it begins anew.
    """
    _check_lane(playbook, lane)
    screen = screens.screen(request)
    screen.open(playbook, note=note)
    journal = wiring.journal(request)
    try:
        stopped = None if anew or came else _stopped(request, screen, playbook.id)
        if stopped is not None and screen.confirm(_offer(stopped), default=True):
            return _go_on(request, screen, stopped.id, is_open=True)
    except EndOfInput:
        return STOPPED
    if came:
        screen.say(came.told)
    passage = start(
        playbook,
        source,
        lane=lane,
        screen=screen,
        journal=journal,
        clock=wiring.clock(),
        carried=came.answers if came else NOTHING_CARRIED,
        names=wiring.names(request, screen),
    )
    return _conduct(request, passage)


def answer(
    request: Request,
    playbook: Playbook,
    source: bytes,
    given: Mapping[str, object],
    *,
    lane: Lane,
    came: Came | None = None,
) -> int:
    """Go through `playbook` with all answers given; asks nothing. What is given counts before what `came` along."""
    _check_lane(playbook, lane)
    given = {**(came.answers if came else {}), **given}
    screen = screens.screen(request)
    journal, clock = wiring.journal(request), wiring.clock()
    if request.json:
        entry = answer_all(playbook, source, given, lane=lane, journal=journal, clock=clock)
    else:
        entry = answer_all(playbook, source, given, lane=lane, journal=journal, clock=clock, read=screen.read)
        screen.conclude(entry, reasons(entry))
    _tell_end(request, entry, "finished" if entry.finished else "quick", playbook)
    return 0


def go_on(request: Request, entry_id: str) -> int:
    """Go on with an open entry; gives the exit code."""
    return _go_on(request, screens.screen(request), entry_id, is_open=False)


def _go_on(request: Request, screen: Screen, entry_id: str, *, is_open: bool) -> int:
    """`is_open`: the screen shows the playbook's opening already."""
    journal = wiring.journal(request)
    with journal.hold(entry_id):  # before it is read, so that what is read is what will be written over
        taken = _taken_up(request, screen, journal, entry_id)
        screen.open(taken.passage.interview.playbook, note=None if is_open else taken.where)
        for remark in ([taken.where] if is_open else []) + ([taken.told] if taken.told else []):
            screen.say(remark)
        screen.recall(taken.last)
        end = _end_of(request, taken.passage)
    return _after(request, taken.passage, end)


def _conduct(request: Request, passage: Passage, *, done: frozenset[str] = frozenset()) -> int:
    """Go through `passage`, and on to where its outcome leads, if the person wants that. `done`: what led here."""
    with passage.journal.hold(passage.entry.id):
        end = _end_of(request, passage)
    return _after(request, passage, end, done=done)


def _end_of(request: Request, passage: Passage) -> End | int:
    """How the passage ended; the exit code where it was broken off, which has been told then."""
    gc.freeze()  # what a start made stays until the end; looking through it would only make a key wait
    gc.enable()
    try:
        return _conducted(passage)
    except EndOfInput:
        return "stopped"
    except (KeyboardInterrupt, Interrupted) as interrupted:
        _tell_stop(request, passage)
        return INTERRUPTED if isinstance(interrupted, KeyboardInterrupt) else interrupted.exit_code


def _after(request: Request, passage: Passage, end: End | int, *, done: frozenset[str] = frozenset()) -> int:
    if isinstance(end, int):
        return end
    if end == "stopped":
        _tell_stop(request, passage)
        return STOPPED
    _tell_end(request, passage.entry, end, passage.interview.playbook)
    if end == "finished" and screens.is_interactive(request):
        return _go_onward(request, passage, done | {passage.entry.playbook.id})
    screens.linger(request)
    return 0


def _conducted(passage: Passage) -> End:
    try:
        return passage.conduct()
    except (EndOfInput, KeyboardInterrupt, Interrupted):
        passage.make_sure()
        raise


def _go_onward(request: Request, passage: Passage, done: frozenset[str]) -> int:
    from careerkit.coaching.linking import choose_onward, told

    entry, playbook, today = passage.entry, passage.interview.playbook, passage.clock.now().date()
    onward = choose_onward(passage.screen, entry, playbook, wiring.library(), today=today, done=done)
    if onward is None:
        screens.linger(request)
        return 0
    screen = passage.screen
    screen.open(onward.playbook, note="")
    if onward.carried:
        screen.say(told(len(onward.carried), playbook.title))
    journal, clock = wiring.journal(request), wiring.clock()
    following = start(
        onward.playbook,
        onward.source,
        lane="full",
        screen=screen,
        journal=journal,
        clock=clock,
        carried=onward.carried,
        names=passage.names,
    )
    return _conduct(request, following, done=done)


def _tell_stop(request: Request, passage: Passage) -> None:
    if passage.is_saved:
        end: End = "finished" if passage.entry.finished else "stopped"
        _tell_end(request, passage.entry, end, passage.interview.playbook)
    else:
        here = "" if sys.stdin.isatty() else "\nWhere nobody types, --answers FILE takes the answers from a file."
        _remark(f"Nothing was answered, so nothing was saved.{here}")


def _tell_end(request: Request, entry: Entry, end: End, playbook: Playbook) -> None:
    if request.json:
        from careerkit.export.later_as_json import shown_as_json

        write(json_text(shown_as_json(entry, playbook)))
        return
    resume = request.line(f"resume {entry.handle}")
    lines = [ENDINGS[end].format(handle=entry.handle, resume=resume)]
    if end == "finished":
        named = entry.handle
        commands = (f"journal show {named}", f"plan show {named}", f"plan export {named} --output plan.md")
        lines += [f"  {request.line(words)}" for words in commands]
        lines += _next_commands(request, entry)
    _remark("\n".join(lines))


def _next_commands(request: Request, entry: Entry) -> list[str]:
    from careerkit.coaching.linking import links

    there = wiring.library().ids()
    return [
        "  " + request.line(link.playbook_id.replace("/", " ") + (f" --from {entry.handle}" if link.carry else ""))
        for link in links(entry)
        if link.playbook_id in there
    ]


def _remark(text: str) -> None:
    with suppress(OSError):  # the window may be closed; all is saved all the same
        sys.stderr.write(f"\n{text}\n")
        sys.stderr.flush()


def _taken_up(request: Request, screen: Screen, journal: Journal, entry_id: str) -> TakenUp:
    from careerkit.coaching.going_on import take_up  # a first passage does without

    reading = journal.read(entry_id)
    if reading.problems:
        screen.complain(reading.problems)
    return take_up(
        reading.entry,
        screen=screen,
        journal=journal,
        library=wiring.library(),
        clock=wiring.clock(),
        names=wiring.names(request, screen),
    )


def _check_lane(playbook: Playbook, lane: Lane) -> None:
    if lane == "quick" and not any(stage.quick for stage in playbook.stages):
        raise Refused(Problem("no-quick-lane", f"{playbook.id} has no quick lane.", "Leave --quick out.", playbook.id))


def _stopped(request: Request, screen: Screen, playbook_id: str) -> Listed | None:
    """The newest open entry of the playbook, as far as that can be seen without asking for a passphrase."""
    journal = wiring.journal(request)
    if wiring.reads_unasked(request):
        return _open_entry(journal.listing(only=Only(playbook=playbook_id, state="open")).entries, playbook_id)
    if journal.ids():
        screen.say(f"What you began earlier is encrypted. To go on with that: {request.line('resume')}")
    return None


def _open_entry(entries: tuple[Listed, ...], playbook_id: str) -> Listed | None:
    return next((each for each in entries if each.state == "open" and each.playbook == playbook_id), None)


def _offer(stopped: Listed) -> str:
    day = date_text(stopped.started.date())
    return f"You began this on {day} and stopped after {_answers(stopped.answered)}. Go on there?"


def _answers(number: int) -> str:
    return "1 answer" if number == 1 else f"{number} answers"
