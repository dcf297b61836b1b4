"""One interview from the first question to the plan, each answer durable before the next question shows."""

from __future__ import annotations

from functools import partial
from typing import Literal

from careerkit.coaching.changes import NOTHING_CHANGED, questions_changed, result_changed
from careerkit.coaching.names import Names, no_names, suggestions
from careerkit.coaching.ports import Clock, Journal
from careerkit.coaching.reasons import reasons
from careerkit.coaching.review import review_of
from careerkit.coaching.screen import (
    AskForReview,
    Back,
    ChooseBand,
    Forward,
    Given,
    GoTo,
    NoteReply,
    ReviewReply,
    Screen,
    Skip,
    Stop,
)
from careerkit.core.citation import cited
from careerkit.core.frozen import replace
from careerkit.core.interview import Ask, Card, Finish, Interview, Introduce, Read, Tell
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.record import record
from careerkit.core.outcome.evaluate import evaluate_outcome, settle
from careerkit.core.outcome.model import Outcome
from careerkit.core.problem import Refused
from careerkit.core.value import Value
from careerkit.core.wording import Wording

End = Literal["finished", "quick", "later", "stopped"]
"""finished: to the end. quick: the quick lane's end. later: the person chose to go on another day. stopped: :save."""

GO_ON = "Go on with the rest now?"


class Passage:
    """The coach's side of one interview: it shows each step, takes the reply, saves, and goes on.

    `source` is the playbook's bytes, kept beside the entry when it is first saved; with `is_moved` at the next save, for
    the entry was saved with another version of the playbook. `names` are offered where a form asks
    for a person.
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
        is_moved: bool = False,
        names: Names = no_names,
    ) -> None:
        self.interview = interview
        self.entry = entry
        self.screen = screen
        self.journal = journal
        self.clock = clock
        self.source = source
        self.is_saved = is_saved
        self.is_moved = is_moved
        self.names = names
        self._is_agreed = False
        """Has the person looked everything over, and gone on to the end?"""
        self._looked_over: tuple[Interview, Outcome] | None = None
        """How it stood when that was shown last."""
        self._is_behind = False
        """Was the last save refused?"""

    def conduct(self) -> End:
        """Go on until the interview ends or the person stops. Everything taken is saved by then."""
        while True:
            step = self.interview.step()
            match step:
                case Card() | Finish() if not self._is_agreed and self._is_last(step):
                    if self._look_over() == "stopped":
                        return "stopped"
                case Introduce():
                    self.screen.introduce(step)
                    self.interview = self.interview.mark_said(step.key)
                case Read():
                    if self._say(step.key, self.screen.read(step)) == "stopped":
                        return "stopped"
                case Tell():
                    if self._say(step.key, self.screen.tell(step.finding)) == "stopped":
                        return "stopped"
                case Card():
                    end = self._give_card(step)
                    if end:
                        return end
                case Ask():
                    if self._ask(step) == "stopped":
                        return "stopped"
                case Finish():
                    return self._finish()

    def make_sure(self) -> None:
        """After `conduct` was broken off: save what a refused save left out, or be Refused again."""
        if self._is_behind:
            self._save()

    # ------------------------------------------------------------ asking

    def _say(self, key: str, reply: NoteReply) -> Literal["stopped", "asked"]:
        """What was shown under `key` is said once the person goes on from it; on the way back it comes again."""
        try:
            if reply is not None:
                return self._leave(reply)
            self.interview = self.interview.mark_said(key)
        except Refused as refused:
            self.screen.complain(refused.problems)
        return "asked"

    def _ask(self, ask: Ask) -> Literal["stopped", "asked"]:
        question = ask.question
        sources = cited(question.source, {source.id: source.cite for source in self.interview.playbook.sources})
        why = Wording(self.interview.facts()).line(question.why)
        offered = suggestions(question, self.names, but=self.entry.id)
        reply = self.screen.ask(
            ask, why=why, sources=sources, suggestions=offered, keep=partial(self._keep, question.id)
        )
        try:
            match reply:
                case Given(raw=raw):
                    self._take(ask, raw)
                case Skip():
                    self._change(self.interview.skip())
                case _:
                    return self._leave(reply)
        except Refused as refused:
            self.screen.complain(refused.problems)
        return "asked"

    def _leave(self, reply: Back | Forward | AskForReview | Stop) -> Literal["stopped", "asked"]:
        match reply:
            case Back():
                self.interview = self.interview.back()
            case Forward():
                self.interview = self.interview.forward()
            case AskForReview():
                self._review()
            case Stop():
                self._save()
                return "stopped"
        return "asked"

    def _take(self, ask: Ask, raw: object) -> None:
        self._change(self.interview.answer(ask.question.id, raw))
        facts = self.interview.facts()
        kept = facts.kept(ask.question.id)
        self.screen.answered(ask, "" if kept is None else Wording(facts).answer(ask.question.id, kept))

    def _keep(self, question_id: str, parts: Value | None) -> None:
        if self.interview.begun.get(question_id) != parts:
            self.interview = self.interview.begin(question_id, parts)
            self._save()

    def _change(self, changed: Interview) -> None:
        before, again = self.interview.facts(), bool(self.interview.cursor)
        self.interview = changed
        self._save()
        remark = questions_changed(before, changed.facts(), again=again)
        if remark:
            self.screen.say(remark)

    # ------------------------------------------------------------ looking everything over

    def _review(self) -> None:
        while True:
            reply = self.screen.review(review_of(self.interview))
            self._follow(reply)
            if not isinstance(reply, ChooseBand):
                return

    def _look_over(self) -> Literal["stopped", "asked"]:
        """Before the end: all answers, and what their changes did to the result. Nothing is final before the person goes on."""
        before, outcome = self._looked_over, evaluate_outcome(self.interview.facts(), given=self.entry.started)
        changed = before is not None and before[0].answers != self.interview.answers
        news: tuple[str, ...] = () if before is None else (NOTHING_CHANGED,)
        if before and changed:
            news = result_changed(before[1], outcome, self.interview.playbook)
        self._looked_over = self.interview, outcome
        try:
            reply = self.screen.review(review_of(self.interview, at_end=True, news=news))
            self._follow(reply)
        except Refused as refused:
            self.screen.complain(refused.problems)
            return "asked"
        self._is_agreed = reply is None
        return "stopped" if isinstance(reply, Stop) else "asked"

    def _follow(self, reply: ReviewReply) -> None:
        match reply:
            case GoTo(question_id=question_id):
                self.interview = self.interview.go_to(question_id)
            case ChooseBand(compute_id=compute_id, band=band):
                self._change(self.interview.choose_band(compute_id, band))
            case Back():
                self.interview = self.interview.back()
            case Stop():
                self._save()

    def _is_last(self, step: Card | Finish) -> bool:
        """Is this the end, with nothing more to ask? After the card of the quick lane the rest is still to come."""
        if isinstance(step, Card):
            return self.interview.lane == "full" and _is_at_end(self.interview.mark_said(step.key))
        return True

    # ------------------------------------------------------------ giving

    def _give_card(self, step: Card) -> End | None:
        given = self.entry.quick_given or self.clock.now()
        facts = self.interview.facts()
        outcome = evaluate_outcome(facts, given=given, quick=True)
        self.entry = replace(self.entry, quick_given=given, outcome=outcome)
        self.interview = self.interview.mark_said(step.key)
        self._save()
        has_card = bool(outcome.findings or outcome.drafts or outcome.actions)
        if has_card and not self._is_agreed:  # else all of it follows at once, as part of the end
            self.screen.card(outcome, reasons(self.entry))
        if self.interview.lane == "quick":
            return "quick"
        goes_on = not has_card or _is_at_end(self.interview) or self.screen.confirm(GO_ON, default=True)
        return None if goes_on else "later"

    def _finish(self) -> End:
        facts = self.interview.facts()
        now = self.clock.now()
        final = evaluate_outcome(facts, given=now)
        early = self.entry.outcome if self.entry.quick_given else None
        outcome = settle(early, final)
        self.entry = replace(self.entry, finished=now, outcome=outcome)
        self._save()
        self.screen.conclude(self.entry, reasons(self.entry))
        return "finished"

    def _save(self) -> None:
        self.entry = record(self.entry, self.interview)
        was_saved, self.is_saved, self._is_behind = self.is_saved, True, False
        was_moved, self.is_moved = self.is_moved, False
        try:  # a Ctrl-C meanwhile is raised when the write is over, so all that has to be said of it is said above
            if was_saved:
                self.journal.save(self.entry, playbook=self.source if was_moved else None)
            else:
                self.journal.create(self.entry, self.source)
        except Refused as refused:
            self.is_saved, self.is_moved, self._is_behind = was_saved or refused.is_uncertain, was_moved, True
            raise


def _is_at_end(interview: Interview) -> bool:
    """Is nothing left but a word in passing?"""
    step = interview.step()
    while isinstance(step, (Introduce, Tell)):
        interview = interview.mark_said(step.key)
        step = interview.step()
    return isinstance(step, Finish)
