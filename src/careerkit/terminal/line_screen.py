"""A Screen over lines in and lines out: the order of the conversation, whatever it looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from careerkit.coaching.screen import (
    NO_CHOICES,
    NO_SUGGESTIONS,
    Because,
    EndOfInput,
    Given,
    Reply,
    Review,
    ReviewReply,
    Skip,
    Stop,
)
from careerkit.core.playbook.model import Choice, ListForm, Playbook, TextForm
from careerkit.core.problem import Problem, Refused
from careerkit.terminal.home_talk import talk_home
from careerkit.terminal.outcome_view import finding_pieces, outcome_pieces
from careerkit.terminal.pieces import (
    Answered,
    Answers,
    Heading,
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
from careerkit.terminal.talk import Left, Talk
from careerkit.terminal.typed import read_yesno
from careerkit.terminal.whole import Parts, ask_whole, parts_of, so_far

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from careerkit.coaching.home import Home, HomeReply
    from careerkit.core.interview import Ask, Introduce, Read
    from careerkit.core.journal.entry import Entry
    from careerkit.core.outcome.model import Finding, Outcome
    from careerkit.terminal.surface import Writer

Said = TypeVar("Said")

NONE = "none"
"""How an empty list reads."""


class LineScreen:
    """A front end that is answered by lines. `talk` holds the conversation; the conclusion goes to `results`.

    What was typed of a question that is left, or refused, is there when it is asked again. At the end of input or at
    Ctrl-C in the middle of a question, what can stand by itself is handed in and saved before that end is raised.
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
        self._ending: BaseException | None = None
        self._lengths: dict[str, int] = {}

    def home(self, home: Home) -> HomeReply:
        return self._aside(lambda: talk_home(self._talk, home), None)

    # ------------------------------------------------------------ in passing

    def open(self, playbook: Playbook, *, note: str | None) -> None:
        self._clear_question()
        self._playbook = playbook
        self._parts, self._lengths, self._pending = {}, {}, None
        if note is not None:
            self._talk.show(Opening(playbook.title, playbook.minutes, note))

    def recall(self, said: Sequence[Because]) -> None:
        if said:
            pairs = tuple((each.ask, each.shown) for each in said)
            self._talk.show(Remark("Your last answers:" if len(said) > 1 else "Your last answer:"), Answers(pairs))

    def introduce(self, stage: Introduce) -> None:
        self._clear_question()
        self._talk.show(StageHead(stage.title, stage.intro))

    def read(self, note: Read) -> None:
        self._clear_question()
        self._talk.show(Note(note.heading, note.text))
        if self._talk.interactive:
            self._aside(lambda: self._talk.fitting(Prompt("", "goes on"), _nothing), None)

    def tell(self, finding: Finding, *, because: Sequence[Because] = ()) -> None:
        self._clear_question()
        self._talk.show(*finding_pieces(finding, because))

    def say(self, text: str) -> None:
        self._talk.surface.seal()
        self._talk.show(Remark(text))

    def complain(self, problems: Sequence[Problem]) -> None:
        self._refused = True
        self._talk.complain(problems)
        self._end_if_over()

    # ------------------------------------------------------------ asking

    def ask(
        self,
        ask: Ask,
        *,
        why: str,
        sources: Sequence[str],
        field_choices: Mapping[str, tuple[Choice, ...]] = NO_CHOICES,
        suggestions: Mapping[str, tuple[str, ...]] = NO_SUGGESTIONS,
    ) -> Reply:
        if self._pending:
            self._reply, self._pending = self._pending, None
            return self._reply
        self._talk.why = Why(why, tuple(sources))
        again = self._refused and self._asked is not None and self._asked.question.id == ask.question.id
        self._show_head(ask, again=again)
        self._reply = self._reply_to(ask, field_choices, suggestions, again=again)
        return self._reply

    def answered(self, ask: Ask, shown: str) -> None:
        self._talk.surface.erase()
        echo = not isinstance(ask.question.form, (TextForm, ListForm))
        self._talk.show(Answered(ask.ask, shown or NONE, echo))
        self._parts.pop(ask.question.id, None)
        self._asked, self._refused = None, False
        self._end_if_over()

    def review(self, review: Review) -> ReviewReply:
        self._clear_question()
        if not review.at_end:
            return self._aside(lambda: talk_review(self._talk, review), None)
        self._talk.why = Why()
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
        self._give([Heading("Your card"), *outcome_pieces(outcome, because, playbook=self._playbook)])

    def conclude(self, entry: Entry, because: dict[str, tuple[Because, ...]]) -> None:
        outcome = entry.outcome
        from careerkit.core.journal.people import people_maps  # the way to the first question does without

        people = people_maps(entry, self._playbook)
        pieces = outcome_pieces(outcome, because, playbook=self._playbook, people=people) if outcome else ()
        self._give([Heading(entry.playbook.title), *pieces])

    def _give(self, pieces: Iterable[Piece]) -> None:
        self._clear_question()
        self._results.write(self._talk.painted(pieces))
        self._results.flush()

    # ------------------------------------------------------------ one question

    def _show_head(self, ask: Ask, *, again: bool) -> None:
        self._refused = False
        if not again:
            self._clear_question()
            self._tell_of_more(ask)
            self._talk.surface.mark()
        self._asked = ask
        place = ask.progress
        self._talk.show(
            QuestionHead(ask.stage, place.number, place.of, ask.ask, ask.hint, _complaint(ask), again=again),
        )

    def _tell_of_more(self, ask: Ask) -> None:
        """Progress that runs backwards says why."""
        more = ask.progress.of - self._lengths.get(ask.stage, ask.progress.of)
        self._lengths[ask.stage] = ask.progress.of
        if more > 0:
            self._talk.show(Remark(f"{more} more question{'s' if more > 1 else ''} here, after what you answered."))

    def _reply_to(
        self,
        ask: Ask,
        field_choices: Mapping[str, tuple[Choice, ...]],
        suggestions: Mapping[str, tuple[str, ...]],
        *,
        again: bool,
    ) -> Reply:
        posed = pose(ask, today=self._today(), field_choices=field_choices, suggestions=suggestions)
        parts = self._parts.setdefault(ask.question.id, parts_of(posed))
        try:
            raw = ask_whole(self._talk, posed, parts, again=again)
        except Left as left:
            return left.reply
        except (EndOfInput, KeyboardInterrupt) as ending:
            raw = so_far(posed, parts)
            if raw is None:
                raise
            self._ending = ending
        return Skip() if raw is None else Given(raw)

    def _clear_question(self) -> None:
        """Take a question that was left without an answer off the screen, where that is possible."""
        if self._asked is not None and not self._refused:
            self._talk.surface.erase()
            if isinstance(self._reply, Skip):
                self._talk.show(PutOff(self._asked.ask, for_good=not self._asked.question.required))
        self._asked = None

    def _end_if_over(self) -> None:
        if self._ending is not None:
            raise self._ending

    def _aside(self, talk: Callable[[], Said], otherwise: Said) -> Said:
        """What `talk` gives; `otherwise` where a command leaves it. `:save` then stops at the next question."""
        self._talk.why = Why()
        try:
            return talk()
        except Left as left:
            self._pending = left.reply if isinstance(left.reply, Stop) else None
            return otherwise


def _complaint(ask: Ask) -> str:
    if ask.complaint or ask.may_skip or ask.kept is not None:
        return ask.complaint
    return "You put this off. It is needed to finish."


def _nothing(line: str) -> None:
    if line.strip():
        raise Refused(Problem("nothing-asked", "Nothing is asked here, so this was not taken.", "Enter goes on."))
