"""Resume an interrupted interview: choose the version of its playbook and show where the person stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from careerkit.coaching.ports import Clock, Journal, Library
from careerkit.coaching.review import build_review
from careerkit.coaching.screen import Reason, Screen
from careerkit.coaching.session import Session
from careerkit.coaching.suggestions import NameLookup, suggest_no_names
from careerkit.core.due_dates import format_date
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview.interview import Interview
from careerkit.core.journal.entry import Answer, Entry
from careerkit.core.journal.entry_list import EntryFilter, EntrySummary
from careerkit.core.journal.snapshot import find_unfit_answers, restore_interview
from careerkit.core.playbook.model import Playbook
from careerkit.core.text import abbreviate, choose_verb, format_count

if TYPE_CHECKING:  # needed only if the playbook has changed
    from careerkit.core.journal.migration import MigratedEntry

MAX_RECALLED = 3
"""Recent answers shown: enough to get back into the subject, few enough to read."""
MAX_RECALLED_LENGTH = 160
USES_COPY = "This continues with the copy in your journal."


@frozen
class ResumeNotices:
    """What to show before an interview continues.

    `position` says where the person stopped, `version` what has changed in the playbook or the file ("" for nothing), and `recent`
    has the last answers.
    """

    position: str
    version: str
    recent: tuple[Reason, ...]


@contextmanager
def resume_entry(
    entry_id: str,
    *,
    screen: Screen,
    journal: Journal,
    library: Library,
    clock: Clock,
    names: NameLookup = suggest_no_names,
    is_open: bool = False,
) -> Iterator[Session]:
    """Lock an unfinished entry, show where the person stopped, and provide its session.

    `is_open`: the screen already shows the opening of the playbook. Raises Refused if another process holds the entry,
    if it is finished, or if neither it nor any version of its playbook can be read.
    """
    with journal.lock_entry(entry_id):  # before reading, so that what is read is what will be overwritten
        reading = journal.read(entry_id)
        if reading.problems:
            screen.show_errors(reading.problems)
        session, notices = prepare_resume(
            reading.entry, screen=screen, journal=journal, library=library, clock=clock, names=names
        )
        screen.open(session.interview.playbook, note=None if is_open else notices.position)
        for text in (notices.position if is_open else "", notices.version):
            if text:
                screen.show_info(text)
        screen.show_recent(notices.recent)
        yield session


def prepare_resume(
    entry: Entry,
    *,
    screen: Screen,
    journal: Journal,
    library: Library,
    clock: Clock,
    names: NameLookup = suggest_no_names,
) -> tuple[Session, ResumeNotices]:
    """The session that continues `entry` with the installed version of its playbook, and what to show first.

    If the installed version is missing or broken, the copy in the journal is used. Raises Refused if that can't be read
    either. Nothing is saved before the first answer. The caller holds the entry's lock.
    """
    version = _choose_version(entry, journal, library)
    session = resume_session(
        version.entry,
        version.playbook,
        version.source,
        screen=screen,
        journal=journal,
        clock=clock,
        names=names,
        playbook_changed=version.entry is not entry,
    )
    interview = session.interview
    unfit = find_unfit_answers(version.entry, version.playbook)
    notice = " ".join(filter(None, [version.notice, _format_unfit(unfit)]))
    return session, ResumeNotices(_format_position(entry, interview), notice, _list_recent(interview))


def resume_session(
    entry: Entry,
    playbook: Playbook,
    source: bytes,
    *,
    screen: Screen,
    journal: Journal,
    clock: Clock,
    names: NameLookup = suggest_no_names,
    playbook_changed: bool = False,
) -> Session:
    """A session that continues where `entry` stopped, in the full lane. Raises Refused if the entry is finished.

    `playbook_changed`: the entry was saved with another version, so `source` is stored with the next save. An entry of
    another machine stays as it is: its answers are copied to a new entry that refers to it.
    """
    if entry.finished:
        raise Refused(
            Problem("finished", "This interview is finished.", "See it with `careerkit journal show`.", entry.handle)
        )
    interview = replace(restore_interview(entry, playbook), lane="full")
    is_ours = entry.machine == journal.machine
    if not is_ours:
        new_id = journal.new_id(clock.now())
        entry = replace(entry, id=new_id, machine=journal.machine, continues=entry.id, lane=interview.lane)
    return Session(
        interview,
        entry,
        screen,
        journal,
        clock,
        source=source,
        is_saved=is_ours,
        playbook_changed=is_ours and playbook_changed,
        names=names,
    )


def find_unfinished(journal: Journal, playbook_id: str) -> EntrySummary | None:
    """The newest unfinished entry of the playbook."""
    entries = journal.listing(entry_filter=EntryFilter(playbook=playbook_id, state="open")).entries
    return next((each for each in entries if each.state == "open" and each.playbook == playbook_id), None)


def offer_resume(screen: Screen, unfinished: EntrySummary) -> bool:
    """Ask whether to continue that entry. Raises EndOfInput when no one can answer."""
    day = format_date(unfinished.started.date())
    answers = format_count(unfinished.answered, "answer")
    return screen.confirm(f"You started this on {day} and stopped after {answers}. Continue there?", default=True)


def describe_changes(moved: MigratedEntry, *, opening: str = "The playbook has changed since.") -> str:
    """What a new version of its playbook means for an unfinished entry, in sentences."""
    words = [opening]
    again, gone = len(moved.changed), len(moved.dropped)
    if again:
        verb = choose_verb(again, "is", "are")
        words.append(f"{format_count(again, 'question')} {verb} asked again, with what you said before.")
    if gone:
        verbs = ("no longer has a question; it stays", "no longer have a question; they stay")[gone > 1]
        words.append(f"{format_count(gone, 'answer')} {verbs} in the entry.")
    return " ".join(words if len(words) > 1 else [*words, "All your answers still fit."])


@frozen
class _Version:
    """The version of the playbook to continue with, the entry as migrated to it, and what to say about it."""

    entry: Entry
    playbook: Playbook
    source: bytes
    notice: str = ""


def _choose_version(entry: Entry, journal: Journal, library: Library) -> _Version:
    playbook_id = entry.playbook.id
    if playbook_id not in library.ids():
        was_installed = "/" in playbook_id  # otherwise it was run from a file, which can't be found again
        notice = f"'{entry.playbook.title}' is no longer installed. {USES_COPY}" if was_installed else ""
        return _load_copy(entry, journal, library, notice)
    try:
        installed = library.open(playbook_id)
    except Refused as refused:
        notice = f"'{entry.playbook.title}' has changed since, and its new version can't be used. {USES_COPY}"
        if refused.problems[0].code == "unreadable":  # so nobody knows whether it has changed
            notice = (
                f"The file of '{entry.playbook.title}' can't be used now. {refused.problems[0].message} {USES_COPY}"
            )
        return _load_copy(entry, journal, library, notice)
    if installed.playbook.sha256 == entry.playbook.sha256:
        return _Version(entry, installed.playbook, installed.source)
    try:
        before, failure = _load_copy(entry, journal, library, "").playbook, ""
    except Refused as refused:
        before, failure = None, refused.problems[0].message
    from careerkit.core.journal.migration import migrate  # see above

    moved = migrate(entry, before, installed.playbook)
    notice = describe_changes(moved)
    if failure and moved.changed:
        notice += f" That is because the journal's copy of the earlier version could not be used: {failure}"
    return _Version(moved.entry, installed.playbook, installed.source, notice)


def _load_copy(entry: Entry, journal: Journal, library: Library, notice: str) -> _Version:
    source = journal.read_playbook(entry.playbook.sha256)
    return _Version(entry, library.read(source, file=entry.playbook.id, id=entry.playbook.id), source, notice)


def _format_unfit(unfit: Sequence[Answer]) -> str:
    if not unfit:
        return ""
    names = ", ".join(abbreviate(each.question) for each in unfit)
    verbs = ("fits no question; it stays", "fit no question; they stay")[len(unfit) > 1]
    return f"{format_count(len(unfit), 'answer')} {verbs} in the entry: {names}."


def _format_position(entry: Entry, interview: Interview) -> str:
    ask = interview.current_ask()
    stage = f" in '{ask.stage}'" if ask else ""
    count = len([each for each in interview.questions() if interview.facts().stored_answer(each.id) is not None])
    return f"You started on {format_date(entry.started)}. Continuing{stage}, after {format_count(count, 'answer')}."


def _list_recent(interview: Interview) -> tuple[Reason, ...]:
    """The last answers before the current question."""
    ask = interview.current_ask()
    lines = build_review(interview).lines
    end = next((place for place, each in enumerate(lines) if ask and each.question_id == ask.question.id), len(lines))
    given = [Reason(each.ask, abbreviate(each.shown, MAX_RECALLED_LENGTH)) for each in lines[:end] if each.shown]
    return tuple(given[-MAX_RECALLED:])
