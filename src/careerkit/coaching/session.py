"""A session: one interview from the first question to the result, and the follow-up playbooks after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from types import MappingProxyType
from typing import Literal, cast

from careerkit.coaching.ports import (
    Back,
    ChooseBand,
    Clock,
    EndOfInput,
    Forward,
    GoTo,
    Journal,
    Library,
    NoteReply,
    OpenReview,
    ReviewReply,
    Screen,
    Skip,
    Stop,
    Submit,
)
from careerkit.coaching.review import (
    ANSWERS_UNCHANGED,
    FollowUp,
    NameLookup,
    build_review,
    collect_reasons,
    describe_question_changes,
    describe_result_changes,
    format_carry_notice,
    offer_follow_up,
    suggest_names,
    suggest_no_names,
)
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.core.interview_steps import Ask, EnterStage, Finish, ShowCard, ShowFinding, ShowNote, Step
from careerkit.core.journal.entry import Entry, Lane
from careerkit.core.journal.entry_list import build_history
from careerkit.core.journal.snapshot import create_entry, record_interview
from careerkit.core.outcome.evaluate import evaluate_outcome, merge_early
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook
from careerkit.core.rendering import TextRenderer
from careerkit.core.values import Value, format_citations

NO_ANSWERS: Mapping[str, Value] = MappingProxyType({})
CONTINUE_QUESTION = "Continue with the rest now?"
RETRY_QUESTION = "Your last answer is not saved. Try to save it again? (No stops here, without it.)"
SAVED_AFTER_ALL = "Your answers are saved now."

SessionResult = Literal["finished", "quick", "later", "stopped"]
"""finished: every question was asked. quick: the quick lane is done. later: the person postponed the rest after the
card. stopped: the person stopped, or the input ended."""

SessionReporter = Callable[["Session", SessionResult], None]
"""Reports to the person how a session ended."""


class Session:
    """One interview with its screen and its journal entry.

    `run` shows each step, takes the reply and saves it before it shows the next step. Answers are validated once,
    by the screen; it submits only valid ones. `Interview.set_answer` then checks them against the other answers.

    `source` holds the playbook's bytes. They are stored with the first save, and, if `playbook_changed`, with the next
    one, because the entry was last saved with another version of the playbook. `names` are suggested wherever a form
    asks for a person.
    """

    def __init__(
        self,
        interview: Interview,
        entry: Entry,
        screen: Screen,
        journal: Journal,
        clock: Clock,
        *,
        source: bytes,
        is_saved: bool = False,
        playbook_changed: bool = False,
        names: NameLookup = suggest_no_names,
    ) -> None:
        self.interview = interview
        self.entry = entry
        self.screen = screen
        self.journal = journal
        self.clock = clock
        self.source = source
        self.is_saved = is_saved
        self.playbook_changed = playbook_changed
        self.names = names
        self._had_quick_card = bool(entry.quick_given)
        """Was the quick card shown before this session?"""
        self._is_confirmed = False
        """Has the person seen the review before the end and continued?"""
        self._reviewed: tuple[Interview, Outcome] | None = None
        """The interview and its outcome at the last review before the end."""
        self._is_dirty = False
        """Did the last save fail?"""

    def run(self) -> SessionResult:
        """Run until the interview ends or the person stops; by then every answer is saved.

        Raises EndOfInput when no one can answer any more, and Refused when the result can't be saved. If it is
        interrupted, answers whose save failed earlier are saved first.
        """
        try:
            while True:
                self._retry_save()
                result = self._take_step(self.interview.step())
                if result:
                    return result
        except Refused:
            raise
        except BaseException:
            self.flush()
            raise

    def _retry_save(self) -> None:
        """After a save failed, ask nothing more until it succeeds.

        Tries once more at once, and then whenever the person wants to. Raises Refused if they don't.
        """
        while self._is_dirty:
            try:
                self._save()
            except Refused as refused:
                self.screen.show_errors(refused.problems)
                if not self.screen.confirm(RETRY_QUESTION, default=True, is_saved=False):
                    raise
            else:
                self.screen.show_info(SAVED_AFTER_ALL)

    def flush(self) -> None:
        """Save answers whose earlier save failed. Raises Refused if that fails again."""
        if self._is_dirty:
            self._save()

    def _take_step(self, step: Step) -> SessionResult | None:
        """Show one step and act on the reply. Returns a result if the session ends with it."""
        match step:
            case ShowCard() | Finish() if not self._is_confirmed and self._is_end(step):
                return self._review_before_end()
            case EnterStage():
                self.screen.show_stage(step)
                self.interview = self.interview.mark_shown(step.key)
                return None
            case ShowNote():
                return self._acknowledge(step.key, self.screen.show_note(step))
            case ShowFinding():
                return self._acknowledge(step.key, self.screen.show_finding(step.finding))
            case ShowCard():
                return self._give_card(step)
            case Ask():
                return self._ask(step)
            case Finish():
                return self._finish()

    # ------------------------------------------------------------ asking

    def _acknowledge(self, key: str, reply: NoteReply) -> SessionResult | None:
        """Mark the step as shown when the person continues; if they leave it, it is shown again on the way back."""
        try:
            if reply is not None:
                return self._leave(reply)
            self.interview = self.interview.mark_shown(key)
        except Refused as refused:
            self.screen.show_errors(refused.problems)
        return None

    def _ask(self, ask: Ask) -> SessionResult | None:
        question = ask.question
        sources = format_citations(
            question.source, {source.id: source.cite for source in self.interview.playbook.sources}
        )
        why = TextRenderer(self.interview.facts()).render(question.why)
        suggested = suggest_names(question, self.names, exclude=self.entry.id)
        reply = self.screen.ask(
            ask, why=why, sources=sources, suggestions=suggested, keep=partial(self._save_draft, question.id)
        )
        try:
            match reply:
                case Submit(value=value):
                    self._take_answer(ask, cast("Value", value))
                case Skip():
                    self._update(self.interview.skip())
                case _:
                    return self._leave(reply)
        except Refused as refused:
            self.screen.show_errors(refused.problems)
        return None

    def _leave(self, reply: Back | Forward | OpenReview | Stop) -> SessionResult | None:
        match reply:
            case Back():
                self.interview = self.interview.back()
            case Forward():
                self.interview = self.interview.forward()
            case OpenReview():
                self._review()
            case Stop():
                self._save()
                return "stopped"
        return None

    def _take_answer(self, ask: Ask, value: Value) -> None:
        self._update(self.interview.set_answer(ask.question.id, value))
        facts = self.interview.facts()
        kept = facts.stored_answer(ask.question.id)
        self.screen.answered(ask, "" if kept is None else TextRenderer(facts).render_answer(ask.question.id, kept))

    def _save_draft(self, question_id: str, parts: Value | None) -> None:
        if self.interview.drafts.get(question_id) != parts:
            self.interview = self.interview.save_draft(question_id, parts)
            self._save()

    def _update(self, changed: Interview) -> None:
        """Save the changed interview and say what the change hid, reopened or added."""
        before, is_revision = self.interview.facts(), bool(self.interview.cursor)
        self.interview = changed
        self._save()
        message = describe_question_changes(before, changed.facts(), is_revision=is_revision)
        if message:
            self.screen.show_info(message)

    # ------------------------------------------------------------ reviewing

    def _review(self) -> None:
        while True:
            reply = self.screen.review(build_review(self.interview))
            self._follow(reply)
            if not isinstance(reply, ChooseBand):
                return

    def _review_before_end(self) -> SessionResult | None:
        """Show all answers, and what changed in the result since the last review. The result is given when the person continues."""
        before, outcome = self._reviewed, evaluate_outcome(self.interview.facts(), given=self.entry.started)
        news: tuple[str, ...] = () if before is None else (ANSWERS_UNCHANGED,)
        if before and before[0].answers != self.interview.answers:
            news = describe_result_changes(before[1], outcome, self.interview.playbook)
        self._reviewed = self.interview, outcome
        try:
            reply = self.screen.review(build_review(self.interview, at_end=True, news=news))
            self._follow(reply)
        except Refused as refused:
            self.screen.show_errors(refused.problems)
            return None
        self._is_confirmed = reply is None
        return "stopped" if isinstance(reply, Stop) else None

    def _follow(self, reply: ReviewReply) -> None:
        match reply:
            case GoTo(question_id=question_id):
                self.interview = self.interview.go_to(question_id)
            case ChooseBand(compute_id=compute_id, band=band):
                self._update(self.interview.choose_band(compute_id, band))
            case Back():
                self.interview = self.interview.back()
            case Stop():
                self._save()

    def _is_end(self, step: ShowCard | Finish) -> bool:
        """Does only the result follow? The quick lane's card is not the end: the rest comes after it."""
        if isinstance(step, ShowCard):
            return self.interview.lane == "full" and has_only_messages_left(self.interview.mark_shown(step.key))
        return True

    # ------------------------------------------------------------ giving the result

    def _give_card(self, step: ShowCard) -> SessionResult | None:
        given = self.entry.quick_given or self.clock.now()
        outcome = evaluate_outcome(self.interview.facts(), given=given, quick=True)
        self.entry = replace(self.entry, quick_given=given, outcome=outcome)
        self.interview = self.interview.mark_shown(step.key)
        self._save()
        has_card = bool(outcome.findings or outcome.drafts or outcome.actions)
        if has_card and not self._is_confirmed:  # otherwise the full result follows at once and includes it
            self.screen.show_card(self.entry, collect_reasons(self.entry), waits=self.interview.lane == "quick")
        if self.interview.lane == "quick":
            return "quick"
        if not has_card or has_only_messages_left(self.interview):
            return None
        return None if self.screen.confirm(CONTINUE_QUESTION, default=True) else "later"

    def _finish(self) -> SessionResult:
        now = self.clock.now()
        final = evaluate_outcome(self.interview.facts(), given=now)
        early = self.entry.outcome if self.entry.quick_given else None
        self.entry = replace(self.entry, finished=now, outcome=merge_early(early, final))
        self._save()
        self.screen.show_outcome(self._apply_plan_changes(), collect_reasons(self.entry))
        return "finished"

    def _apply_plan_changes(self) -> Entry:
        """The entry with its plan as it stands: actions of the quick card may have been done before it was resumed."""
        if not self._had_quick_card or self.entry.outcome is None:
            return self.entry
        from careerkit.core.journal.plan import build_plan, update_outcome  # most interviews don't need them

        history = build_history(self.journal.events(self.entry.id).events)
        plan = build_plan(self.entry.outcome, history, today=self.clock.now().date())
        return replace(self.entry, outcome=update_outcome(self.entry.outcome, plan))

    def _save(self) -> None:
        self.entry = record_interview(self.entry, self.interview)
        was_saved, self.is_saved, self._is_dirty = self.is_saved, True, False
        had_changed, self.playbook_changed = self.playbook_changed, False
        try:  # the flags are set first, because Ctrl-C during the write is raised when it is complete
            if was_saved:
                self.journal.save(self.entry, playbook=self.source if had_changed else None)
            else:
                self.journal.create(self.entry, self.source)
        except Refused as refused:
            self.is_saved, self.playbook_changed = was_saved or refused.is_uncertain, had_changed
            self._is_dirty = True
            raise


def start_session(
    playbook: Playbook,
    source: bytes,
    *,
    lane: Lane,
    screen: Screen,
    journal: Journal,
    clock: Clock,
    carried: Mapping[str, Value] = NO_ANSWERS,
    names: NameLookup = suggest_no_names,
) -> Session:
    """A session at its first question. Its entry is saved with the first answer, together with `source`, the playbook's bytes.

    `carried` are valid answers to start with.
    """
    now = clock.now()
    zone = clock.zone()
    interview = Interview(playbook, today=now.date(), lane=lane, answers=carried, started=now, zone=zone)
    entry = create_entry(journal.new_id(now), interview, machine=journal.machine, started=now, zone=zone)
    return Session(interview, entry, screen, journal, clock, source=source, names=names)


@contextmanager
def lock_entry(session: Session) -> Iterator[Session]:
    """Hold the lock of the session's entry. Raises Refused if another process holds it."""
    with session.journal.lock_entry(session.entry.id):
        yield session


def run_session(
    opened: AbstractContextManager[Session], *, library: Library, report: SessionReporter, offers_follow_ups: bool
) -> SessionResult:
    """Run a session, then each follow-up playbook that the person chooses; returns the result of the last one.

    `opened` provides the session with its entry locked, as `lock_entry` and `resume_entry` do. `report` is called after
    each session. When Ctrl-C or another signal interrupts one, `report` gets "stopped" and the interruption is raised
    again. Raises Refused when the result can't be saved.
    """
    done: set[str] = set()
    while True:
        with opened as session:
            result = _run_one(session, report)
        report(session, result)
        done.add(session.entry.playbook.id)
        if result != "finished" or not offers_follow_ups:
            return result
        follow_up = offer_follow_up(
            session.screen,
            session.entry,
            session.interview.playbook,
            library,
            today=session.clock.now().date(),
            done=frozenset(done),
        )
        if follow_up is None:
            return result
        opened = lock_entry(_start_follow_up(session, follow_up))


def check_lane(playbook: Playbook, lane: Lane) -> None:
    """Raises Refused if `playbook` has no such lane."""
    if lane == "quick" and not any(stage.quick for stage in playbook.stages):
        raise Refused(
            Problem("no-quick-lane", f"{playbook.id} has no quick questions.", "Leave out --quick.", playbook.id)
        )


def has_only_messages_left(interview: Interview) -> bool:
    """Are only stage titles and findings left to show?"""
    step = interview.step()
    while isinstance(step, (EnterStage, ShowFinding)):
        interview = interview.mark_shown(step.key)
        step = interview.step()
    return isinstance(step, Finish)


def _run_one(session: Session, report: SessionReporter) -> SessionResult:
    try:
        return session.run()
    except EndOfInput:
        return "stopped"
    except BaseException as error:
        if not isinstance(error, Exception):  # Ctrl-C or another signal
            report(session, "stopped")
        raise


def _start_follow_up(session: Session, follow_up: FollowUp) -> Session:
    screen = session.screen
    screen.open(follow_up.playbook, note="")
    if follow_up.carried:
        screen.show_info(format_carry_notice(len(follow_up.carried), session.interview.playbook.title))
    return start_session(
        follow_up.playbook,
        follow_up.source,
        lane="full",
        screen=screen,
        journal=session.journal,
        clock=session.clock,
        carried=follow_up.carried,
        names=session.names,
    )
