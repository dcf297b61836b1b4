"""A screen that replies from a script, and a clock that moves only when told to. Type-checked by `make check`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from careerkit.coaching.ports import (
    NO_SUGGESTIONS,
    Back,
    Clock,
    EndOfInput,
    Forward,
    Home,
    HomeReply,
    NoteReply,
    OpenReview,
    Reason,
    Reply,
    Review,
    ReviewReply,
    SaveDraft,
    Screen,
    Skip,
    Stop,
    Submit,
    discard_draft,
)
from careerkit.core.errors import Problem, Refused
from careerkit.core.interview_steps import Ask, EnterStage, ShowNote
from careerkit.core.journal.entry import Entry
from careerkit.core.outcome.model import Finding, Outcome
from careerkit.core.playbook.model import Playbook
from careerkit.core.values import Value
from careerkit.terminal.questions.registry import prepare
from scenario import NOW


class FakeClock:
    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def zone(self) -> str:
        return "UTC"

    def advance(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


@dataclass(frozen=True)
class Draft:
    """In a script: the parts of an answer typed before the next reply."""

    parts: Value | None


def submit(ask: Ask, raw: object) -> Submit:
    """The reply that submits `raw`, validated as every screen does. Raises Refused if it isn't valid."""
    return Submit(prepare(ask, today=NOW.date()).validate(raw))


class FakeScreen:
    """Replies in the order of the script, then the input ends.

    A script has raw answers, replies, drafts, exceptions to raise, and functions of the Ask that return one of those.
    """

    def __init__(
        self,
        *script: object,
        confirms: bool = True,
        reviews: Sequence[ReviewReply] = (),
        notes: Sequence[NoteReply] = (),
        wants: HomeReply = None,
    ) -> None:
        self._script = list(script)
        self._confirms = confirms
        self._reviews = list(reviews)
        self._notes = list(notes)
        self._wants = wants
        self.shown: list[str] = []
        self.asked: list[Ask] = []
        self.suggestions: list[dict[str, tuple[str, ...]]] = []
        self.whys: list[tuple[str, tuple[str, ...]]] = []
        self.concluded: tuple[Entry, dict[str, tuple[Reason, ...]]] | None = None
        self.card_given: tuple[Outcome, dict[str, tuple[Reason, ...]]] | None = None
        self.card_waits: bool | None = None
        self.last_review: Review | None = None
        self.final_reviews: list[Review] = []

    def home(self, home: Home) -> HomeReply:
        self.shown += [f"home {each.title}" for each in home.playbooks]
        return self._wants

    def open(self, playbook: Playbook, *, note: str | None) -> None:
        self.shown.append(f"open {playbook.title} {note}".strip())

    def show_recent(self, said: Sequence[Reason]) -> None:
        self.shown += [f"recalled {each.ask}: {each.shown}" for each in said]

    def show_stage(self, stage: EnterStage) -> None:
        self.shown.append(f"stage {stage.title}")

    def show_note(self, note: ShowNote) -> NoteReply:
        self.shown.append(f"note {note.heading}")
        return self._notes.pop(0) if self._notes else None

    def show_finding(self, finding: Finding) -> NoteReply:
        self.shown.append(f"finding {finding.id}")
        return None

    def ask(
        self,
        ask: Ask,
        *,
        why: str,
        sources: Sequence[str],
        suggestions: Mapping[str, tuple[str, ...]] = NO_SUGGESTIONS,
        keep: SaveDraft = discard_draft,
    ) -> Reply:
        while True:
            self.asked.append(ask)
            self.suggestions.append(dict(suggestions))
            self.whys.append((why, tuple(sources)))
            self.shown.append(f"ask {ask.question.id}")
            try:
                return self._reply_to(ask, keep)
            except Refused as refused:
                self.show_errors(refused.problems)

    def _reply_to(self, ask: Ask, keep: SaveDraft) -> Reply:
        if not self._script:
            raise EndOfInput
        reply = self._script.pop(0)
        if callable(reply) and not isinstance(reply, type):
            reply = reply(ask)
        match reply:
            case Draft(parts=parts):
                keep(parts)
                return self._reply_to(ask, keep)
            case BaseException():
                raise reply
            case Submit() | Back() | Forward() | Skip() | OpenReview() | Stop():
                return reply
        return submit(ask, reply)

    def answered(self, ask: Ask, shown: str) -> None:
        self.shown.append(f"answered {ask.question.id}: {shown}")

    def show_errors(self, problems: Sequence[Problem]) -> None:
        self.shown += [f"complaint {problem.code}" for problem in problems]

    def show_info(self, text: str) -> None:
        self.shown.append(f"say {text}")

    def review(self, review: Review) -> ReviewReply:
        self.last_review = review
        self.final_reviews += [review] if review.at_end else []
        return self._reviews.pop(0) if self._reviews else None

    def show_card(
        self, entry: Entry, because: dict[str, tuple[Reason, ...]], *, waits: bool, following: str = ""
    ) -> None:
        assert entry.outcome is not None
        self.card_given = (entry.outcome, because)
        self.card_waits = waits
        self.shown.append(f"card, then: {following}" if following else "card")

    def confirm(self, question: str, *, default: bool, is_saved: bool = True) -> bool:
        self.shown.append(f"confirm {question}")
        return self._confirms

    def show_outcome(self, entry: Entry, because: dict[str, tuple[Reason, ...]]) -> None:
        self.concluded = (entry, because)
        self.shown.append("conclude")


if TYPE_CHECKING:  # mypy checks here that the fakes implement the ports
    _screen: Callable[[], Screen] = FakeScreen
    _clock: Callable[[], Clock] = FakeClock
