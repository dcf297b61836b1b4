"""A Screen over lines in and lines out: the order of the conversation, whatever it looks like."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from careerkit.coaching.screen import (
    NO_SUGGESTIONS,
    AskForReview,
    Back,
    Because,
    Given,
    NoteReply,
    Reply,
    Review,
    ReviewReply,
    Skip,
    Stop,
    keep_nothing,
)
from careerkit.core.playbook.model import ListForm, Playbook, TextForm
from careerkit.core.problem import Problem, Refused
from careerkit.terminal.giving import card_pieces, end_pieces
from careerkit.terminal.outcome_view import finding_pieces
from careerkit.terminal.pieces import (
    Answered,
    Answers,
    Note,
    Opening,
    PartHead,
    Piece,
    Prompt,
    PutOff,
    QuestionHead,
    Remark,
    StageHead,
    Why,
)
from careerkit.terminal.posed import pose
from careerkit.terminal.review_talk import talk_last_review, talk_review
from careerkit.terminal.standing import NONE, StageLengths, complaint_of
from careerkit.terminal.talk import Left, Talk, nothing
from careerkit.terminal.typed import read_yesno
from careerkit.terminal.whole import Parts, ask_whole, parts_of, so_far

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from careerkit.coaching.home import Home, HomeReply
    from careerkit.coaching.screen import Keep
    from careerkit.core.interview import Ask, Introduce, Read
    from careerkit.core.journal.entry import Entry
    from careerkit.core.outcome.model import Finding, Outcome
    from careerkit.terminal.posed import Posed
    from careerkit.terminal.surface import Writer

Said = TypeVar("Said")


class LineScreen:
    """A front end that is answered by lines. `talk` holds the conversation; the conclusion goes to `results`.

    What was typed of a question that is left, or refused, is there when it is asked again, also after the end of input or
    Ctrl-C in its middle.
    """

    def __init__(self, talk: Talk, *, results: Writer, today: Callable[[], date]) -> None:
        self._talk = talk
        self._results = results
        self._today = today
        self._playbook: Playbook | None = None
        self._parts: dict[str, Parts] = {}
        self._asked: Ask | None = None
        """The question that stands on the screen without an answer."""
        self._refused = False
        self._reply: Reply | None = None
        self._pending: Reply | None = None
        """A command that was typed where nothing was asked."""
        self._lengths = StageLengths()

    def home(self, home: Home) -> HomeReply:
        from careerkit.terminal.home_talk import talk_home  # only here

        return self._aside(lambda: talk_home(self._talk, home), None)

    # ------------------------------------------------------------ in passing

    def open(self, playbook: Playbook, *, note: str | None) -> None:
        self._clear_question()
        self._playbook = playbook
        self._parts, self._pending = {}, None
        self._lengths.clear()
        if note is not None:
            self._talk.show(Opening(playbook.title, playbook.minutes, note))

    def recall(self, said: Sequence[Because]) -> None:
        if said:
            pairs = tuple((each.ask, each.shown) for each in said)
            self._talk.show(Remark("Your last answers:" if len(said) > 1 else "Your last answer:"), Answers(pairs))

    def introduce(self, stage: Introduce) -> None:
        self._clear_question()
        self._talk.show(StageHead(stage.title, stage.intro))

    def read(self, note: Read) -> NoteReply:
        self._clear_question()
        self._talk.show(Note(note.heading, note.text))
        if not self._talk.interactive:
            return None
        self._talk.why = Why()
        try:
            return self._talk.fitting(Prompt("", "goes on"), _nothing)
        except Left as left:
            return left.reply if isinstance(left.reply, (Back, AskForReview, Stop)) else None

    def tell(self, finding: Finding) -> NoteReply:
        self._clear_question()
        self._talk.show(*finding_pieces(finding))
        return None  # line by line nothing is pushed away: the lines stay above

    def say(self, text: str) -> None:
        self._talk.surface.seal()
        self._talk.show(Remark(text))

    def complain(self, problems: Sequence[Problem]) -> None:
        self._refused = True
        self._talk.complain(problems)

    # ------------------------------------------------------------ asking

    def ask(
        self,
        ask: Ask,
        *,
        why: str,
        sources: Sequence[str],
        suggestions: Mapping[str, tuple[str, ...]] = NO_SUGGESTIONS,
        keep: Keep = keep_nothing,
    ) -> Reply:
        if self._pending:
            self._reply, self._pending = self._pending, None
            return self._reply
        self._talk.why = Why(why, tuple(sources))
        again = self._refused and self._asked is not None and self._asked.question.id == ask.question.id
        self._show_head(ask, again=again)
        posed = pose(ask, today=self._today(), suggestions=suggestions)
        self._reply = self._reply_to(posed, keep, again=again)
        return self._reply

    def answered(self, ask: Ask, shown: str) -> None:
        self._talk.surface.erase()
        echo = not isinstance(ask.question.form, (TextForm, ListForm))
        self._talk.show(Answered(ask.ask, shown or NONE, echo))
        self._parts.pop(ask.question.id, None)
        self._asked, self._refused = None, False

    def review(self, review: Review) -> ReviewReply:
        self._clear_question()
        if not review.at_end:
            return self._aside(lambda: talk_review(self._talk, review), None)
        self._talk.why = Why("All that the end says rests on these answers.")
        return talk_last_review(self._talk, review) if self._talk.interactive else None

    def confirm(self, question: str, *, default: bool) -> bool:
        self._clear_question()
        self._talk.show(PartHead(question, opens=True))
        prompt = Prompt("y or n", f"takes {'y' if default else 'n'}")
        return self._aside(
            lambda: self._talk.fitting(prompt, lambda line: read_yesno(line) if line.strip() else default), default
        )

    # ------------------------------------------------------------ giving

    def card(self, outcome: Outcome, because: dict[str, tuple[Because, ...]]) -> None:
        self._give(card_pieces(outcome, because, self._playbook))

    def conclude(self, entry: Entry, because: dict[str, tuple[Because, ...]]) -> None:
        self._give(end_pieces(entry, because, self._playbook))

    def _give(self, pieces: Iterable[Piece]) -> None:
        self._clear_question()
        self._results.write(self._talk.painted(pieces))
        self._results.flush()

    # ------------------------------------------------------------ one question

    def _show_head(self, ask: Ask, *, again: bool) -> None:
        self._refused = False
        if not again:
            self._clear_question()
            self._talk.show(*self._lengths.news(ask))
            self._talk.surface.mark()
        self._asked = ask
        place = ask.progress
        self._talk.show(
            QuestionHead(ask.stage, place.number, place.of, ask.ask, ask.hint, complaint_of(ask), again=again),
        )

    def _reply_to(self, posed: Posed, keep: Keep, *, again: bool) -> Reply:
        parts = self._parts.setdefault(posed.question.id, parts_of(posed))
        self._talk.before_line = lambda: keep(so_far(posed, parts))
        raw: object = None
        try:
            raw = ask_whole(self._talk, posed, parts, again=again)
        except Left as left:
            return left.reply
        finally:
            self._talk.before_line = nothing
            if raw is None:
                with suppress(Refused):  # it is tried once more when the passage ends
                    keep(so_far(posed, parts))
        return Skip() if raw is None else Given(raw)

    def _clear_question(self) -> None:
        """Take a question that was left without an answer off the screen, where that is possible."""
        if self._asked is not None and not self._refused:
            self._talk.surface.erase()
            if isinstance(self._reply, Skip):
                self._talk.show(PutOff(self._asked.ask, for_good=not self._asked.question.required))
        self._asked = None

    def _aside(self, talk: Callable[[], Said], otherwise: Said) -> Said:
        """What `talk` gives; `otherwise` where a command leaves it. `:save` then stops at the next question."""
        self._talk.why = Why()
        try:
            return talk()
        except Left as left:
            self._pending = left.reply if isinstance(left.reply, Stop) else None
            return otherwise


def _nothing(line: str) -> None:
    if line.strip():
        raise Refused(Problem("nothing-asked", "Nothing is asked here, so this was not taken.", "Enter goes on."))
