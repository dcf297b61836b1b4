"""A Screen that is answered with keys: each question is a picture below what was said, and shrinks to one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from careerkit.coaching.screen import (
    NO_SUGGESTIONS,
    AskForReview,
    Back,
    Because,
    Forward,
    Given,
    NoteReply,
    Reply,
    Review,
    ReviewReply,
    Skip,
    keep_nothing,
)
from careerkit.core.frozen import replace
from careerkit.core.playbook.model import YesNoForm
from careerkit.core.problem import Problem
from careerkit.terminal.giving import card_pieces, end_pieces
from careerkit.terminal.keys.asking import ALL_IS_SAVED, Asking
from careerkit.terminal.keys.frame import Head, Sheet
from careerkit.terminal.keys.go_on import GoOn
from careerkit.terminal.keys.pick import pick_of
from careerkit.terminal.keys.questioner import Questioner
from careerkit.terminal.keys.scroll import scrolled
from careerkit.terminal.keys.widgets import widget_for
from careerkit.terminal.pieces import Answered, Note, Opening, Piece, PutOff, Remark, StageHead, Trouble
from careerkit.terminal.posed import Posed, pose
from careerkit.terminal.safe import gated
from careerkit.terminal.standing import NONE, StageLengths, complaint_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from typing import TextIO

    from careerkit.coaching.home import Home, HomeReply
    from careerkit.coaching.screen import Keep
    from careerkit.core.interview import Ask, Introduce, Read
    from careerkit.core.journal.entry import Entry
    from careerkit.core.outcome.model import Finding, Outcome
    from careerkit.core.playbook.model import Playbook
    from careerkit.terminal.editor import Editor
    from careerkit.terminal.keys.widget import Widget
    from careerkit.terminal.look import Look

Said = TypeVar("Said")


class KeyScreen:
    """A front end at a full terminal. The conversation goes to `out`, card and conclusion to `results`.

    What was begun of a question that is left is there when it is asked again, also after the person stopped in its middle,
    or the terminal went away.
    """

    def __init__(
        self,
        *,
        stdin: TextIO,
        out: TextIO,
        results: TextIO,
        look: Look,
        sheet: Callable[[], Sheet],
        color: bool,
        editor: Editor,
        today: Callable[[], date],
    ) -> None:
        self._out = out
        self._results = results
        self._look = look
        self._sheet = sheet
        self._color = color
        self._today = today
        self._questioner = Questioner(stdin, out, sheet=sheet, color=color, editor=editor)
        self._playbook: Playbook | None = None
        self._asked: Ask | None = None
        self._reply: Reply | None = None
        self._troubles: tuple[Problem, ...] = ()
        self._lengths = StageLengths()
        self._told: dict[str, Answered] = {}

    def home(self, home: Home) -> HomeReply:
        from careerkit.terminal.home_rows import ASK, WHY, home_parts
        from careerkit.terminal.keys.home_list import HomeList

        chosen = self._ask_aside(Head("", ASK, why=WHY), HomeList(home_parts(home)), stop="Ctrl-C leave")
        return cast("HomeReply", chosen)

    # ------------------------------------------------------------ in passing

    def open(self, playbook: Playbook, *, note: str | None) -> None:
        self._questioner.keyboard.hush()
        self._playbook = playbook
        self._questioner.begun.clear()
        self._lengths.clear()
        self._told.clear()
        if note is not None:
            self._show(Opening(playbook.title, playbook.minutes, note))

    def recall(self, said: Sequence[Because]) -> None:
        self._show(*(Answered(each.ask, each.shown) for each in said))

    def introduce(self, stage: Introduce) -> None:
        self._close_question()
        self._show(StageHead(stage.title, stage.intro))

    def read(self, note: Read) -> NoteReply:
        self._close_question()
        self._show(Note(note.heading, note.text))
        return self._until_read()

    def tell(self, finding: Finding) -> NoteReply:
        from careerkit.terminal.outcome_view import finding_pieces

        self._close_question()
        rows = self._show(*finding_pieces(finding))
        return self._until_read() if rows > self._sheet().lines / 2 else None

    def say(self, text: str) -> None:
        self._show(Remark(text))

    def complain(self, problems: Sequence[Problem]) -> None:
        if self._asked is None:
            self._show(*(Trouble(each.message, each.hint) for each in problems))
        else:
            self._troubles = tuple(problems)

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
        if self._asked is not None and self._asked.question.id != ask.question.id:
            self._close_question()
        if self._asked is None:
            self._show(*self._lengths.news(ask))
        self._asked = ask
        posed = pose(ask, today=self._today(), suggestions=suggestions)
        widget = self._widget(posed)
        aside = ask.progress.number == 0
        asking = Asking(self._head(ask, why, tuple(sources)), widget, self._troubles, aside=aside)
        self._troubles = ()
        ending = self._questioner.ask(asking, keep_as=ask.question.id, keep=keep)
        assert isinstance(ending, (Given, Skip, Back, Forward, AskForReview)), (
            "the others are seen to by the questioner"
        )
        self._reply = ending
        return ending

    def answered(self, ask: Ask, shown: str) -> None:
        line = Answered(ask.ask, shown or NONE)
        if self._told.get(ask.question.id) != line:  # looked at again and left as it was, it stands there already
            self._show(line)
        self._told[ask.question.id] = line
        self._questioner.begun.pop(ask.question.id, None)
        self._asked = None

    def review(self, review: Review) -> ReviewReply:
        from careerkit.terminal.keys.reviewing import reviewing

        troubles, self._troubles = self._troubles, ()
        if review.at_end:
            self._close_question()
            head = Head("Before the end", "", "Nothing more is asked, and nothing is final yet.")
        else:
            named = "Your answers" if review.is_finished else "Review"
            head = Head(named, "", "Enter opens an answer; nothing is lost by looking.")
        return cast("ReviewReply", self._ask_aside(head, reviewing(review), troubles))

    def confirm(self, question: str, *, default: bool) -> bool:
        from careerkit.core.playbook.model import Question

        self._close_question()
        posed = Posed(Question("confirm", "yesno", YesNoForm(), question), offered=default)
        return bool(self._ask_aside(Head("", question), pick_of(posed)))

    # ------------------------------------------------------------ giving

    def card(self, outcome: Outcome, because: dict[str, tuple[Because, ...]]) -> None:
        self._give(card_pieces(outcome, because, self._playbook))

    def conclude(self, entry: Entry, because: dict[str, tuple[Because, ...]]) -> None:
        self._give(end_pieces(entry, because, self._playbook))

    def _give(self, pieces: Iterable[Piece]) -> None:
        self._close_question()
        self._questioner.keyboard.restore()  # it may have been the last that is shown; the next question hushes it again
        self._results.write("".join(self._look.paint(self._safe(piece)) for piece in pieces))
        self._results.flush()

    # ------------------------------------------------------------ one question

    def _widget(self, posed: Posed) -> Widget:
        before = self._questioner.begun.get(posed.question.id)
        left: Posed | None = getattr(before, "posed", None)
        if before is not None and left is not None and replace(left, begun=posed.begun) == posed:
            return before
        return widget_for(posed, before=before)

    def _head(self, ask: Ask, why: str, sources: tuple[str, ...]) -> Head:
        place = ask.progress
        return Head(ask.stage, ask.ask, ask.hint, complaint_of(ask), place.number, place.of, why, sources)

    def _ask_aside(
        self, head: Head, widget: Widget, troubles: tuple[Problem, ...] = (), *, stop: str = ALL_IS_SAVED
    ) -> object:
        ending = self._questioner.ask(Asking(head, widget, troubles, aside=True, stop=stop))
        return ending.raw if isinstance(ending, Given) else None

    def _until_read(self) -> NoteReply:
        ending = self._questioner.ask(Asking(Head("", ""), GoOn()))
        return ending if isinstance(ending, (Back, AskForReview)) else None

    def _close_question(self) -> None:
        """A question that was left without an answer is gone from the screen; one put off leaves its line."""
        if self._asked is not None and isinstance(self._reply, Skip) and not self._troubles:
            self._show(PutOff(self._asked.ask, for_good=not self._asked.question.required))
        self._asked = None

    # ------------------------------------------------------------ writing

    def _show(self, *pieces: Piece) -> int:
        """Write them; gives the number of rows."""
        rows = 0
        for piece in pieces:
            text = scrolled(piece, self._sheet(), color=self._color)
            text = self._look.paint(self._safe(piece)) if text is None else text
            self._write(text)
            rows += text.count("\n")
        return rows

    def _safe(self, shown: Said) -> Said:
        return gated(shown, encoding=self._sheet().encoding)

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
