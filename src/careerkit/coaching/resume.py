"""Run an interview that isn't asked from the start: resume an interrupted one, or take all answers from a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from careerkit.coaching.ports import Clock, Journal, Library, Reason, Screen
from careerkit.coaching.review import NameLookup, build_review, suggest_no_names
from careerkit.coaching.session import Session
from careerkit.core.due_dates import format_date
from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview import Interview
from careerkit.core.interview_steps import Ask, EnterStage, ShowCard, ShowFinding, ShowNote
from careerkit.core.journal.entry import Answer, Entry, Lane
from careerkit.core.journal.entry_list import EntryFilter, EntrySummary
from careerkit.core.journal.snapshot import create_entry, find_unfit_answers, migrate, restore_interview
from careerkit.core.outcome.evaluate import evaluate_outcome, merge_early
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.question import Question
from careerkit.core.text import abbreviate, choose_verb, format_count, quote_fragment

if TYPE_CHECKING:
    from careerkit.core.journal.snapshot import MigratedEntry

MAX_RECALLED = 3
"""Recent answers shown: enough to get back into the subject, few enough to read."""

MAX_RECALLED_LENGTH = 160
USES_COPY = "This continues with the copy in your journal."

MAX_PROBLEMS, MAX_SUGGESTIONS = 100, 20
"""The most problems of an answers file that are reported, and for how many a similar name is looked for."""


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
class BatchResult:
    """The interview with all its answers.

    `at_card` is the interview at the end of the quick lane, or None if there is none. `notes` would have been shown.
    `hidden` are the questions that were answered, but are not asked.
    """

    interview: Interview
    at_card: Interview | None
    notes: tuple[ShowNote, ...] = ()
    hidden: tuple[str, ...] = ()


def run_batch(
    playbook: Playbook,
    source: bytes,
    answers: Mapping[str, object],
    *,
    lane: Lane,
    journal: Journal,
    clock: Clock,
    show_note: Callable[[ShowNote], object] = lambda _: None,
    report: Callable[[list[Problem]], object] = lambda _: None,
) -> Entry:
    """Save and return the entry of an interview with these answers, finished unless it is in the quick lane.

    `source` holds the playbook's bytes. `show_note` gets the notes on the way, after the entry was saved, and `report`
    warnings about answers that don't count. Raises Refused with everything that is wrong with the answers; then nothing
    is saved.
    """
    now, zone = clock.now(), clock.zone()
    result = apply_answers(Interview(playbook, today=now.date(), lane=lane, started=now, zone=zone), answers)
    entry = create_entry(journal.new_id(now), result.interview, machine=journal.machine, started=now, zone=zone)
    is_quick = result.at_card is not None and lane == "quick"
    entry = replace(
        entry,
        quick_given=now if result.at_card else None,
        finished=None if is_quick else now,
        outcome=evaluate_batch(result, given=now),
    )
    journal.create(entry, source)
    for note in result.notes:
        show_note(note)
    if result.hidden:
        report([_describe_hidden(name) for name in result.hidden[:MAX_PROBLEMS]])
    return entry


def apply_answers(interview: Interview, answers: Mapping[str, object]) -> BatchResult:
    """Answer every question from `answers`: raw answers by question id, and band ids by compute id.

    Defaults count as answers. An answer to a question that turns out to be hidden is kept. Raises Refused with every
    missing, unknown and invalid answer.
    """
    batch = _Batch(interview, answers)
    batch.choose_bands()
    batch.run_to_end()
    batch.keep_hidden()
    problems = find_unknown_questions(interview, answers) + batch.problems
    if problems:
        raise Refused(problems[:MAX_PROBLEMS])
    return BatchResult(batch.interview, batch.at_card, tuple(batch.notes), batch.list_hidden())


def _describe_hidden(name: str) -> Problem:
    message = f"The answer to {quote_fragment(name)} doesn't count: with the other answers, that question isn't asked."
    hint = "It is kept in case that changes. Remove it if it's a mistake."
    return Problem("hidden-answer", message, hint, name, "warning")


def evaluate_batch(result: BatchResult, *, given: datetime) -> Outcome:
    """The outcome of the interview in its lane."""
    early = evaluate_outcome(result.at_card.facts(), given=given, quick=True) if result.at_card else None
    if early and result.interview.lane == "quick":
        return early
    return merge_early(early, evaluate_outcome(result.interview.facts(), given=given))


def find_unknown_questions(interview: Interview, answers: Mapping[str, object]) -> list[Problem]:
    """A problem for each name in `answers` that is neither a question nor a compute with bands."""
    known = {question.id for question in interview.playbook.questions if question.spec.has_answer}
    known |= {compute.id for compute in interview.playbook.computes if compute.bands}
    problems: list[Problem] = []
    for name in answers:
        if name not in known:
            if len(problems) >= MAX_PROBLEMS:
                break
            near = find_closest(name, known) if len(problems) < MAX_SUGGESTIONS else None
            hint = f"Did you mean {near}?" if near else "`careerkit playbook show` lists the questions and their ids."
            problems.append(Problem("unknown-question", f"There is no question {quote_fragment(name)}.", hint, name))
    return problems


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


class _Batch:
    """Runs through the interview and continues after an invalid answer, so that later problems are found too."""

    def __init__(self, interview: Interview, answers: Mapping[str, object]) -> None:
        self.interview = interview
        self.at_card: Interview | None = None
        self.problems: list[Problem] = []
        self.notes: list[ShowNote] = []
        self._answers = answers
        self._asked: set[str] = set()

    def choose_bands(self) -> None:
        for compute in self.interview.playbook.computes:
            if compute.bands and compute.id in self._answers:
                try:
                    self.interview = self.interview.choose_band(compute.id, str(self._answers[compute.id]))
                except Refused as refused:
                    self.problems += refused.problems

    def run_to_end(self) -> None:
        while True:
            step = self.interview.step()
            match step:
                case EnterStage(key=key) | ShowFinding(key=key):
                    self.interview = self.interview.mark_shown(key)
                case ShowNote(key=key):
                    self.notes.append(step)
                    self.interview = self.interview.mark_shown(key)
                case ShowCard(key=key):
                    self.at_card = self.interview
                    self.interview = self.interview.mark_shown(key)
                case Ask() if step.question.id not in self._asked:
                    self._asked.add(step.question.id)
                    self._answer(step)
                case _:
                    return

    def keep_hidden(self) -> None:
        for question in self.interview.playbook.questions:
            is_left = question.id in self._answers and question.id not in self._asked
            if is_left and question.spec.has_answer:
                self._keep(question)

    def list_hidden(self) -> tuple[str, ...]:
        """The questions with an answer in the file that are not asked with the answers as they are."""
        facts = self.interview.facts()
        questions = self.interview.playbook.questions
        return tuple(each.id for each in questions if each.id in self._answers and not facts.is_visible(each))

    def _keep(self, question: Question) -> None:
        try:
            self.interview = self.interview.keep_answer(question.id, self._answers[question.id])
        except Refused as refused:
            self.problems += refused.problems

    def _answer(self, ask: Ask) -> None:
        question = ask.question
        raw = self._answers.get(question.id, ask.default)
        skipped = replace(self.interview, skipped=self.interview.skipped | {question.id})
        try:
            self.interview = skipped if raw is None else self.interview.answer(question.id, raw)
        except Refused as refused:
            self.problems += refused.problems
            self.interview = skipped
        if raw is None and question.required:
            message = f"There is no answer to: {ask.ask}"
            self.problems.append(Problem("missing", message, f"Add a line {question.id} = ...", question.id))
