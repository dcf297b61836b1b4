"""A Screen that is answered with keys: each question is a picture below what was said, and shrinks to one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from careerkit.coaching.screen import (
    NO_CHOICES,
    NO_SUGGESTIONS,
    AskForReview,
    Back,
    Because,
    Forward,
    Given,
    Reply,
    Review,
    ReviewReply,
    Skip,
)
from careerkit.core.frozen import replace
from careerkit.core.playbook.model import YesNoForm
from careerkit.core.problem import Problem, Refused
from careerkit.terminal.keys.asking import ALL_IS_SAVED, Asking, Edit, Ending, Interrupt
from careerkit.terminal.keys.frame import Head, Sheet
from careerkit.terminal.keys.go_on import GoOn
from careerkit.terminal.keys.keyboard import Keyboard, make_sane
from careerkit.terminal.keys.paper import ansi
from careerkit.terminal.keys.pick import pick_of
from careerkit.terminal.keys.quick_import import quick_import
from careerkit.terminal.keys.scroll import scrolled
from careerkit.terminal.keys.widgets import widget_for
from careerkit.terminal.pieces import Answered, Heading, Note, Opening, Piece, PutOff, Remark, StageHead, Trouble
from careerkit.terminal.posed import Posed, pose
from careerkit.terminal.safe import gated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from typing import TextIO

    from careerkit.coaching.home import Home, HomeReply
    from careerkit.core.interview import Ask, Introduce, Read
    from careerkit.core.journal.entry import Entry
    from careerkit.core.outcome.model import Finding, Outcome
    from careerkit.core.playbook.model import Choice, Playbook
    from careerkit.terminal.editor import Editor
    from careerkit.terminal.keys.prompter import Prompter
    from careerkit.terminal.keys.widget import Widget
    from careerkit.terminal.look import Look

Said = TypeVar("Said")

NONE = "none"
"""How an empty list reads."""


class KeyScreen:
    """A front end at a full terminal. The conversation goes to `out`, card and conclusion to `results`.

    What was begun of a question that is left is there when it is asked again. When the person stops in the middle of a
    question, or the terminal goes away, what can stand by itself is handed in and saved before that end is raised.
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
        self._stdin = stdin
        self._out = out
        self._results = results
        self._look = look
        self._sheet = sheet
        self._color = color
        self._editor = editor
        self._today = today
        self._keyboard = Keyboard(stdin)
        self._prompter: Prompter | None = None
        self._playbook: Playbook | None = None
        self._begun: dict[str, Widget] = {}
        """What was left half done, by question."""
        self._asked: Ask | None = None
        self._reply: Reply | None = None
        self._troubles: tuple[Problem, ...] = ()
        self._ending: BaseException | None = None
        self._lengths: dict[str, int] = {}

    def home(self, home: Home) -> HomeReply:
        from careerkit.terminal.home_rows import ASK, WHY, home_parts
        from careerkit.terminal.keys.home_list import HomeList

        chosen = self._ask_aside(Head("", ASK, why=WHY), HomeList(home_parts(home)), stop="Ctrl-C leave")
        return cast("HomeReply", chosen)

    # ------------------------------------------------------------ in passing

    def open(self, playbook: Playbook, *, note: str | None) -> None:
        self._keyboard.hush()
        self._playbook = playbook
        self._begun.clear()
        self._lengths.clear()
        if note is not None:
            self._show(Opening(playbook.title, playbook.minutes, note))

    def recall(self, said: Sequence[Because]) -> None:
        self._show(*(Answered(each.ask, each.shown) for each in said))

    def introduce(self, stage: Introduce) -> None:
        self._close_question()
        self._show(StageHead(stage.title, stage.intro))

    def read(self, note: Read) -> None:
        self._close_question()
        self._show(Note(note.heading, note.text))
        self._ask_aside(Head("", ""), GoOn())

    def tell(self, finding: Finding, *, because: Sequence[Because] = ()) -> None:
        from careerkit.terminal.outcome_view import finding_pieces

        self._close_question()
        self._show(*finding_pieces(finding, because))

    def say(self, text: str) -> None:
        self._show(Remark(text))

    def complain(self, problems: Sequence[Problem]) -> None:
        if self._asked is None:
            self._show(*(Trouble(each.message, each.hint) for each in problems))
        else:
            self._troubles = tuple(problems)
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
        if self._asked is not None and self._asked.question.id != ask.question.id:
            self._close_question()
        if self._asked is None:
            self._tell_of_more(ask)
        self._asked = ask
        posed = pose(ask, today=self._today(), field_choices=field_choices, suggestions=suggestions)
        widget = self._widget(posed)
        aside = ask.progress.number == 0
        asking = Asking(self._head(ask, why, tuple(sources)), widget, self._troubles, aside=aside)
        self._troubles = ()
        self._reply = self._reply_to(asking, posed)
        return self._reply

    def answered(self, ask: Ask, shown: str) -> None:
        self._show(Answered(ask.ask, shown or NONE))
        self._begun.pop(ask.question.id, None)
        self._asked = None
        self._end_if_over()

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
        from careerkit.terminal.outcome_view import outcome_pieces

        self._give([Heading("Your card"), *outcome_pieces(outcome, because, playbook=self._playbook)])

    def conclude(self, entry: Entry, because: dict[str, tuple[Because, ...]]) -> None:
        from careerkit.core.journal.people import people_maps
        from careerkit.terminal.outcome_view import outcome_pieces

        outcome = entry.outcome
        people = people_maps(entry, self._playbook)
        pieces = outcome_pieces(outcome, because, playbook=self._playbook, people=people) if outcome else ()
        self._give([Heading(entry.playbook.title), *pieces])

    def _give(self, pieces: Iterable[Piece]) -> None:
        self._close_question()
        self._keyboard.restore()  # it may have been the last that is shown; the next question hushes it again
        self._results.write("".join(self._look.paint(self._safe(piece)) for piece in pieces))
        self._results.flush()

    # ------------------------------------------------------------ one question

    def _widget(self, posed: Posed) -> Widget:
        before = self._begun.get(posed.question.id)
        if before is not None and getattr(before, "posed", None) == posed:
            return before
        return widget_for(posed, before=before)

    def _head(self, ask: Ask, why: str, sources: tuple[str, ...]) -> Head:
        place = ask.progress
        return Head(ask.stage, ask.ask, ask.hint, _complaint(ask), place.number, place.of, why, sources)

    def _tell_of_more(self, ask: Ask) -> None:
        """Progress that runs backwards says why."""
        more = ask.progress.of - self._lengths.get(ask.stage, ask.progress.of)
        self._lengths[ask.stage] = ask.progress.of
        if more > 0:
            self._show(Remark(f"{more} more question{'s' if more > 1 else ''} here, after what you answered."))

    def _reply_to(self, asking: Asking, posed: Posed) -> Reply:
        try:
            ending = self._run(asking, keep_as=posed.question.id)
        except BaseException as broken_off:
            raw = self._so_far(posed)
            if raw is None:
                raise
            self._ending = broken_off
            return Given(raw)
        assert isinstance(ending, (Given, Skip, Back, Forward, AskForReview)), "the others are seen to in _run"
        return ending

    def _so_far(self, posed: Posed) -> object:
        """What of a question that is broken off is an answer by itself, and another than the one kept; else None."""
        begun = self._begun.get(posed.question.id)
        raw = begun.so_far() if begun is not None else None
        if raw is None:
            return None
        try:
            value = posed.check(raw)
        except Refused:
            return None
        return None if value == posed.kept else value

    def _ask_aside(
        self, head: Head, widget: Widget, troubles: tuple[Problem, ...] = (), *, stop: str = ALL_IS_SAVED
    ) -> object:
        ending = self._run(Asking(head, widget, troubles, aside=True, stop=stop), keep_as="")
        return ending.raw if isinstance(ending, Given) else None

    def _run(self, asking: Asking, *, keep_as: str) -> Ending:
        """Ask until it is answered or left. Raises KeyboardInterrupt for Ctrl-C."""
        while True:
            asking, ending = self._run_once(asking, keep_as)
            match ending:
                case Interrupt():
                    self._keyboard.restore()
                    raise KeyboardInterrupt
                case Edit():
                    asking = self._edited(asking)
                case _:
                    return ending

    def _run_once(self, asking: Asking, keep_as: str) -> tuple[Asking, Ending]:
        prompter: Prompter | None = None
        self._keyboard.hush()
        try:
            prompter = self._prompter_after_first_picture(asking)
            asking, ending = prompter.run(asking)
        except BaseException:
            make_sane(self._out)
            self._keyboard.restore()
            raise
        finally:
            begun = prompter.asking if prompter is not None else None
            if keep_as and begun is not None:
                self._begun[keep_as] = begun.widget
        return asking, ending

    def _prompter_after_first_picture(self, asking: Asking) -> Prompter:
        """What takes long to import is imported behind the first picture, so that there is something to read."""
        if self._prompter is None:
            rows = asking.picture(self._sheet()).rows
            self._write(ansi(rows, color=self._color).rstrip("\n"))
            with quick_import():
                from careerkit.terminal.keys.prompter import Prompter

            self._prompter = Prompter(
                self._stdin, self._out, keyboard=self._keyboard, sheet=self._sheet, color=self._color
            )
            self._write((f"\x1b[{len(rows) - 1}A" if len(rows) > 1 else "") + "\r\x1b[J")
        return self._prompter

    def _edited(self, asking: Asking) -> Asking:
        before = asking.widget.text() or ""
        self._keyboard.restore()
        try:
            text = self._editor.edit(before)
        except Refused as refused:
            return asking.refused(tuple(_for_keys(each) for each in refused.problems))
        finally:
            self._keyboard.hush()
        if not text.strip():
            return asking.refused((Problem("empty", "The editor left nothing; your text stays.", ""),))
        return replace(asking, widget=asking.widget.with_text(text), troubles=())

    def _close_question(self) -> None:
        """A question that was left without an answer is gone from the screen; one put off leaves its line."""
        if self._asked is not None and isinstance(self._reply, Skip) and not self._troubles:
            self._show(PutOff(self._asked.ask, for_good=not self._asked.question.required))
        self._asked = None

    def _end_if_over(self) -> None:
        if self._ending is not None:
            raise self._ending

    # ------------------------------------------------------------ writing

    def _show(self, *pieces: Piece) -> None:
        for piece in pieces:
            text = scrolled(piece, self._sheet(), color=self._color)
            self._write(self._look.paint(self._safe(piece)) if text is None else text)

    def _safe(self, shown: Said) -> Said:
        return gated(shown, encoding=self._sheet().encoding)

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except OSError:
            if self._ending is None:  # else the terminal has gone, and what ends the passage is known already
                raise


def _complaint(ask: Ask) -> str:
    if ask.complaint or ask.may_skip or ask.kept is not None:
        return ask.complaint
    return "You put this off. It is needed to finish."


def _for_keys(problem: Problem) -> Problem:
    return replace(problem, hint=problem.hint.replace("Type :edit", "Press Ctrl-X Ctrl-E"))
