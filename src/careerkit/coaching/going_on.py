"""How an interview that was stopped is taken up: with which version of its playbook, and what is said first."""

from __future__ import annotations

from careerkit.coaching.names import Names, no_names
from careerkit.coaching.passage import Passage
from careerkit.coaching.ports import Clock, Journal, Library
from careerkit.coaching.review import review_of
from careerkit.coaching.screen import Because, Screen
from careerkit.coaching.starting import resume
from careerkit.core.days import date_text
from careerkit.core.frozen import frozen
from careerkit.core.interview import Interview
from careerkit.core.journal.changed_playbook import Moved, move
from careerkit.core.journal.entry import Entry
from careerkit.core.playbook.model import Playbook
from careerkit.core.problem import Refused
from careerkit.core.wording import short_line

MOST_RECALLED = 3
"""Of the last answers: enough to be back in it, few enough to be read."""
LONGEST_RECALLED = 160
WITH_THE_COPY = "You go on with the copy in your journal."


@frozen
class TakenUp:
    """`where` says where the interview stands, `told` what a changed playbook means ("" where there is nothing to say)."""

    passage: Passage
    where: str
    told: str
    last: tuple[Because, ...]


def take_up(
    entry: Entry, *, screen: Screen, journal: Journal, library: Library, clock: Clock, names: Names = no_names
) -> TakenUp:
    """A passage that goes on where `entry` stopped, with the playbook as it is installed now.

    Where that is gone or broken it goes on with the copy that the journal keeps. Refused where that can't be read
    either. Nothing is saved before the first answer. The entry is to be held.
    """
    version = _version(entry, journal, library)
    passage = resume(
        version.entry,
        version.playbook,
        version.source,
        screen=screen,
        journal=journal,
        clock=clock,
        names=names,
        is_moved=version.entry is not entry,
    )
    return TakenUp(passage, _where(entry, passage.interview), version.told, _last(passage.interview))


@frozen
class _Version:
    """The version of the playbook to go on with, and the entry as it stands with it."""

    entry: Entry
    playbook: Playbook
    source: bytes
    told: str = ""


def _version(entry: Entry, journal: Journal, library: Library) -> _Version:
    playbook_id = entry.playbook.id
    if playbook_id not in library.ids():
        was_installed = "/" in playbook_id  # else it came from a file of its own, of which nothing is known now
        told = f"'{entry.playbook.title}' is not installed any more. {WITH_THE_COPY}" if was_installed else ""
        return _kept(entry, journal, library, told)
    try:
        installed = library.open(playbook_id)
    except Refused:
        told = f"'{entry.playbook.title}' has changed since, and can't be used as it is now. {WITH_THE_COPY}"
        return _kept(entry, journal, library, told)
    if installed.playbook.sha256 == entry.playbook.sha256:
        return _Version(entry, installed.playbook, installed.source)
    try:
        before = _kept(entry, journal, library, "").playbook
    except Refused:
        before = None
    moved = move(entry, before, installed.playbook)
    return _Version(moved.entry, installed.playbook, installed.source, _told(moved))


def _kept(entry: Entry, journal: Journal, library: Library, told: str) -> _Version:
    source = journal.playbook(entry.playbook.sha256)
    return _Version(entry, library.read(source, file=entry.playbook.id, id=entry.playbook.id), source, told)


def _told(moved: Moved) -> str:
    words = ["The playbook has changed since."]
    again, gone = len(moved.again), len(moved.gone)
    if again:
        words.append(f"{again} questions are asked again" if again > 1 else "1 question is asked again")
        words[-1] += ", with what you said before."
    if gone:
        words.append(
            f"{gone} answers have no question any more; they stay in the entry."
            if gone > 1
            else "1 answer has no question any more; it stays in the entry."
        )
    return " ".join(words if len(words) > 1 else [*words, "All your answers fit it still."])


def _where(entry: Entry, interview: Interview) -> str:
    ask = interview.present_ask()
    stage = f" in '{ask.stage}'" if ask else ""
    count = len([each for each in interview.questions() if interview.facts().kept(each.id) is not None])
    answers = "1 answer" if count == 1 else f"{count} answers"
    return f"You began on {date_text(entry.started)}. Going on{stage}, after {answers}."


def _last(interview: Interview) -> tuple[Because, ...]:
    """The answers that stand before the present question, the last of them."""
    ask = interview.present_ask()
    lines = review_of(interview).lines
    here = next((place for place, each in enumerate(lines) if ask and each.question_id == ask.question.id), len(lines))
    given = [Because(each.ask, short_line(each.shown, LONGEST_RECALLED)) for each in lines[:here] if each.shown]
    return tuple(given[-MOST_RECALLED:])
