"""The Screen that is operated with keys: each question is drawn below the conversation, and shrinks to one line once answered.

Everything is written below the conversation, so it stays in the scrollback and can be copied.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, cast

from careerkit.coaching.ports import (
    NO_SUGGESTIONS,
    Back,
    EndOfInput,
    Forward,
    NoteReply,
    OpenReview,
    Reason,
    Reply,
    Review,
    ReviewReply,
    Skip,
    Submit,
    discard_draft,
)
from careerkit.core.errors import Problem
from careerkit.core.frozen import frozen, replace
from careerkit.core.questions.choice import YesNoSpec
from careerkit.core.questions.question import Question
from careerkit.terminal import view_models
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.keys.question_state import (
    STOP_HINT,
    UNSAVED_STOP_HINT,
    Header,
    QuestionState,
    Viewport,
    render_scrollback,
)
from careerkit.terminal.keys.runner import PromptRunner
from careerkit.terminal.keys.widget import CONTINUE_KEYS, Acknowledge, AtomicWidget, Block, Canvas
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.questions.registry import create_widget, prepare
from careerkit.terminal.sanitize import choose_symbols, sanitize_record
from careerkit.terminal.session_view import EMPTY_LIST_LABEL, QuestionCounts, create_result_view, get_question_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from typing import TextIO

    from careerkit.coaching.ports import Home, HomeReply, SaveDraft, Screen
    from careerkit.core.interview_steps import Ask, EnterStage, ShowNote
    from careerkit.core.journal.entry import Entry
    from careerkit.core.outcome.model import Finding
    from careerkit.core.playbook.model import Playbook
    from careerkit.terminal.editor import Editor
    from careerkit.terminal.keys.widget import Widget
    from careerkit.terminal.result_view import PartKey, ResultPart, ResultView
    from careerkit.terminal.tty import SizeProvider
    from careerkit.terminal.view_models import Renderer, ViewModel

WHY = "Each key below opens a part of the result. What you open stays above, where you can copy it."
REST = "rest"
DONE_KEYS = (Key.ENTER, Key.SUBMIT, Key.ESCAPE, "q")
NEXT_PAGE_KEYS = (*CONTINUE_KEYS, Key.DOWN, Key.END, "j", "f")
"""Home and End are also what PgUp and PgDn send."""


class KeyScreen:
    """The conversation goes to `out`, the card and the result to `results`.

    A question that is left half answered comes back with its draft, even after Ctrl-C or a closed terminal.
    """

    def __init__(
        self,
        *,
        runner: PromptRunner,
        out: TextIO,
        results: TextIO,
        look: view_models.Renderer,
        viewport: Callable[[], Viewport],
        color: bool,
        today: Callable[[], date],
        saves: bool = True,
    ) -> None:
        self._runner = runner
        self._out = out
        self._results = results
        self._look = look
        self._viewport = viewport
        self._color = color
        self._today = today
        self._saves = saves
        self._stop_hint = STOP_HINT if saves else UNSAVED_STOP_HINT
        self._playbook: Playbook | None = None
        self._current: Ask | None = None
        self._reply: Reply | None = None
        self._problems: tuple[Problem, ...] = ()
        self._counts = QuestionCounts()
        self._shown_answers: dict[str, view_models.SavedAnswer] = {}
        self._card: ResultReader | None = None
        """The card on screen, while its parts can be opened by the next question."""

    def home(self, home: Home) -> HomeReply:
        from careerkit.terminal.keys.home import (
            ASK,
            ASK_CLOSEST,
            GO_BACK,
            WHY,
            HomeList,
            OpenTopic,
            list_home_parts,
            list_topic_parts,
        )

        first = HomeList(list_home_parts(home))
        while True:
            chosen = self._ask_widget(Header("", ASK, why=WHY), first, stop_hint="Ctrl-C quit")
            if isinstance(chosen, OpenTopic):
                first = first.move_to(chosen)
                closest = HomeList(list_topic_parts(home, chosen.topic), can_go_back=True)
                chosen = self._ask_widget(Header("", ASK_CLOSEST, why=WHY), closest, stop_hint="Ctrl-C quit")
            if chosen is not GO_BACK:
                return cast("HomeReply", chosen)

    # ------------------------------------------------------------ between questions

    def open(self, playbook: Playbook, *, note: str | None) -> None:
        self._runner.tty.disable_echo()
        self._playbook = playbook
        self._runner.drafts.clear()
        self._counts.clear()
        self._shown_answers.clear()
        if note is not None:
            self._show(view_models.Banner(playbook.title, playbook.minutes, note))

    def show_recent(self, said: Sequence[Reason]) -> None:
        self._show(*(view_models.SavedAnswer(each.ask, each.shown) for each in said))

    def show_stage(self, stage: EnterStage) -> None:
        self._close_question()
        self._show(view_models.StageHeader(stage.title, stage.intro))

    def show_note(self, note: ShowNote) -> NoteReply:
        self._close_question()
        self._show(view_models.Note(note.heading, note.text))
        return self._wait_until_read()

    def show_finding(self, finding: Finding) -> NoteReply:
        from careerkit.terminal.outcome_view import build_finding_view

        self._close_question()
        rows = self._show(*build_finding_view(finding))
        return self._wait_until_read() if rows > self._viewport().lines / 2 else None

    def show_info(self, text: str) -> None:
        self._show(view_models.InfoMessage(text))

    def show_errors(self, problems: Sequence[Problem]) -> None:
        if self._current is None:
            self._show(*(view_models.ErrorMessage(each.message, each.hint) for each in problems))
        else:
            self._problems = tuple(problems)

    # ------------------------------------------------------------ asking

    def ask(
        self,
        ask: Ask,
        *,
        why: str,
        sources: Sequence[str],
        suggestions: Mapping[str, tuple[str, ...]] = NO_SUGGESTIONS,
        keep: SaveDraft = discard_draft,
    ) -> Reply:
        if self._current is not None and self._current.question.id != ask.question.id:
            self._close_question()
        if self._current is None:
            self._show(*self._counts.report_added(ask))
        self._current = ask
        prepared = prepare(ask, today=self._today(), suggestions=suggestions)
        widget = self._widget(prepared)
        aside = ask.progress.number == 0
        problems, self._problems = self._problems, ()
        state = QuestionState(
            self._header(ask, why, tuple(sources)),
            widget,
            problems,
            aside=aside,
            stop_hint=UNSAVED_STOP_HINT if aside else self._stop_hint,
        )
        if ask.drops_typed and not problems:
            self._runner.discard_typed()
        end = self._runner.ask(state, draft_id=ask.question.id, save=keep)
        assert isinstance(end, (Submit, Skip, Back, Forward, OpenReview)), "the runner handles the others"
        self._reply = end
        return end

    def answered(self, ask: Ask, shown: str) -> None:
        line = view_models.SavedAnswer(ask.ask, shown or EMPTY_LIST_LABEL)
        if self._shown_answers.get(ask.question.id) != line:  # an unchanged answer is on the screen already
            self._show(line)
        self._shown_answers[ask.question.id] = line
        self._runner.drafts.pop(ask.question.id, None)
        self._current = None

    def review(self, review: Review) -> ReviewReply:
        from careerkit.terminal.keys.review import create_review_widget

        problems, self._problems = self._problems, ()
        if review.at_end:
            self._close_question()
            header = Header("Before you finish", "", "That was the last question. Nothing is final yet.")
        else:
            title = "Your answers" if review.is_finished else "Review"
            header = Header(title, "", "Press Enter to open an answer. Opening it changes nothing.")
        return cast("ReviewReply", self._ask_widget(header, create_review_widget(review, saves=self._saves), problems))

    def confirm(self, question: str, *, default: bool, is_saved: bool = True) -> bool:
        self._close_question()
        card, self._card = self._card, None
        if card:
            return card.ask(question, default=default)
        prepared = PreparedQuestion(Question("confirm", "yesno", YesNoSpec(), question), default=default)
        problems, self._problems = self._problems, ()
        stop_hint = self._stop_hint if is_saved else UNSAVED_STOP_HINT
        return bool(self._ask_widget(Header("", question), create_widget(prepared), problems, stop_hint=stop_hint))

    # ------------------------------------------------------------ results

    def show_card(
        self, entry: Entry, because: dict[str, tuple[Reason, ...]], *, waits: bool, following: str = ""
    ) -> None:
        view = create_result_view(entry, because, self._playbook, is_card=True)
        reader = self._create_reader(view, is_last=not following)
        reader.show()
        if waits:
            reader.wait(following=following)
        else:
            self._card = reader
        if following:
            self._runner.discard_typed()
        else:
            self._runner.tty.restore()

    def show_outcome(self, entry: Entry, because: dict[str, tuple[Reason, ...]]) -> None:
        reader = self._create_reader(create_result_view(entry, because, self._playbook))
        with suppress(EndOfInput, KeyboardInterrupt):  # the result is saved, so there is nothing to stop
            reader.show()
            reader.wait()
        self._runner.tty.restore()

    def _create_reader(self, view: ResultView, *, is_last: bool = True) -> ResultReader:
        """The reader of a result. `is_last`: this may be the last output, so the terminal is given back."""
        self._close_question()
        if is_last:
            self._runner.tty.restore()  # the next question turns the echo off again
        return ResultReader(
            self._runner, view, render=self._render_result, write=self._write_result, viewport=self._viewport
        )

    def _render_result(self, pieces: Iterable[view_models.ViewModel]) -> str:
        return "".join(self._look.render(self._sanitize(piece)) for piece in pieces)

    def _write_result(self, text: str) -> None:
        self._results.write(text)
        self._results.flush()

    # ------------------------------------------------------------ one question

    def _widget(self, prepared: PreparedQuestion) -> Widget:
        """The widget, with what was entered before the question was left: as it was, if the question hasn't changed."""
        left = self._runner.drafts.get(prepared.question.id)
        before: PreparedQuestion | None = getattr(left, "prepared", None)
        if left is not None and before is not None and replace(before, draft=prepared.draft) == prepared:
            return left
        return create_widget(prepared, before=left)

    def _header(self, ask: Ask, why: str, sources: tuple[str, ...]) -> Header:
        number, total = ask.progress.number, ask.progress.of
        return Header(ask.stage, ask.ask, ask.hint, get_question_error(ask), number, total, why, sources)

    def _ask_widget(
        self, header: Header, widget: Widget, problems: tuple[Problem, ...] = (), *, stop_hint: str = ""
    ) -> object:
        end = self._runner.ask(
            QuestionState(header, widget, problems, aside=True, stop_hint=stop_hint or self._stop_hint)
        )
        return end.value if isinstance(end, Submit) else None

    def _wait_until_read(self) -> NoteReply:
        end = self._runner.ask(QuestionState(Header("", ""), Acknowledge(), stop_hint=self._stop_hint))
        return end if isinstance(end, (Back, OpenReview)) else None

    def _close_question(self) -> None:
        """Forget the question on screen. A skipped one leaves a line, an unanswered one nothing."""
        if self._current is not None and isinstance(self._reply, Skip) and not self._problems:
            self._show(view_models.Skipped(self._current.ask, is_permanent=not self._current.question.required))
        self._current = None

    # ------------------------------------------------------------ writing

    def _show(self, *pieces: view_models.ViewModel) -> int:
        """Write the pieces; returns the number of rows."""
        rows = 0
        for piece in pieces:
            text = render_scrollback(piece, self._viewport(), color=self._color)
            text = self._look.render(self._sanitize(piece)) if text is None else text
            self._write(text)
            rows += text.count("\n")
        return rows

    def _sanitize(self, piece: view_models.ViewModel) -> view_models.ViewModel:
        return sanitize_record(piece, encoding=self._viewport().encoding)

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def open_key_screen(
    streams: tuple[TextIO, TextIO, TextIO],
    renderer: Renderer,
    size: SizeProvider,
    *,
    color: bool,
    columns: int | None,
    encoding: str,
    today: Callable[[], date],
    editor: Editor,
    use_ascii: bool,
    saves: bool,
) -> Screen:
    """The key screen for standard input, output and error; see choose_screen. `encoding` is that of both outputs."""
    stdin, stdout, stderr = streams
    symbols = choose_symbols(encoding, use_ascii=use_ascii)

    def viewport() -> Viewport:
        terminal_columns, lines = size()
        return Viewport(terminal_columns if columns is None else columns, lines, symbols, encoding)

    runner = PromptRunner(stdin, stderr, viewport=viewport, color=color, editor=editor)
    return KeyScreen(
        runner=runner,
        out=stderr,
        results=stdout,
        look=renderer,
        viewport=viewport,
        color=color,
        today=today,
        saves=saves,
    )


@frozen
class PartMenu(AtomicWidget):
    """Waits for the key of a part, or for the end of reading.

    With a `question`, Enter and y mean yes, and n and q mean no: it is submitted as a bool. `default` is what Enter means.
    `following` says what is asked afterwards, "" if nothing is.
    """

    parts: tuple[ResultPart, ...]
    question: str = ""
    default: bool = True
    following: str = ""

    @property
    def takes_text(self) -> bool:
        return False

    @property
    def key_hints(self) -> tuple[str, ...]:
        end = "Enter continue" if self.following else "Enter done"
        ends = (("Enter yes", "n no") if self.default else ("Enter no", "y yes")) if self.question else (end,)
        return (*(f"{each.key} {each.name}" for each in self.parts), *ends)

    def press(self, press: Press) -> PartMenu | Submit | None:
        if press in [each.key for each in self.parts]:
            return Submit(press)
        if self.question and press in ("y", "n"):
            return Submit(press == "y")
        if press in DONE_KEYS:
            return Submit(self.default if self.question and press in (Key.ENTER, Key.SUBMIT) else False)
        return None

    def view(self, canvas: Canvas) -> Block:  # noqa: ARG002 - the parts are listed above
        return Block(())


@frozen
class PageBreak(AtomicWidget):
    """Waits between two pages of a text. Submits None for the next page, and REST for all of it without further stops."""

    page: int
    of: int

    @property
    def takes_text(self) -> bool:
        return False

    @property
    def key_hints(self) -> tuple[str, ...]:
        return (f"Enter next page ({self.page} of {self.of})", "e to the end")

    def press(self, press: Press) -> PageBreak | Submit | None:
        if press in NEXT_PAGE_KEYS:
            return Submit(None)
        return Submit(REST) if press in ("e", "q", Key.ESCAPE) else None

    def view(self, canvas: Canvas) -> Block:  # noqa: ARG002 - nothing to show
        return Block(())


class ResultReader:
    """Shows a result and its parts with `write`. `render` returns view models as text."""

    def __init__(
        self,
        runner: PromptRunner,
        view: ResultView,
        *,
        render: Callable[[Iterable[ViewModel]], str],
        write: Callable[[str], None],
        viewport: Callable[[], Viewport],
    ) -> None:
        self._runner = runner
        self._view = view
        self._render = render
        self._write = write
        self._viewport = viewport

    def show(self) -> None:
        """Write the first view, page by page. Raises what the runner raises, but only after all of it is written."""
        self._write_pages(self._view.build())

    def wait(self, *, following: str = "") -> None:
        """Open parts until the person has read enough. Without parts there is nothing to wait for.

        `following` says what is asked afterwards, "" if nothing is.
        """
        if self._view.parts:
            self.ask("", default=False, following=following)

    def ask(self, question: str, *, default: bool, following: str = "") -> bool:
        """Open parts until the person answers `question`; "" asks nothing and returns False. Raises what the runner raises."""
        while True:
            header = Header("", question or following, why="" if question else WHY)
            end = self._ask(header, PartMenu(self._view.parts, question, default, following))
            if isinstance(end, bool):
                return end
            self._write_pages(self._view.open(cast("PartKey", end)))

    def _write_pages(self, pieces: Iterable[ViewModel]) -> None:
        rows = self._render(pieces).splitlines(keepends=True)
        if rows and rows[0].strip():  # the renderer doesn't know that the conversation is above
            rows.insert(0, "\n")
        page = 1
        try:
            while 0 < self._count_page_rows() < len(rows):
                height = self._count_page_rows()
                self._write("".join(rows[:height]))
                rows = rows[height:]
                pages = page + -(-len(rows) // height)
                if self._ask(Header("", "", is_bare=True), PageBreak(page, pages)) == REST:
                    break
                page += 1
        finally:
            self._write("".join(rows))

    def _count_page_rows(self) -> int:
        """The rows of the window that a page can have above the key hints; 0 if the height is unknown."""
        viewport = self._viewport()
        if viewport.lines <= 0:
            return 0
        below = QuestionState(Header("", ""), PartMenu(self._view.parts), aside=True, stop_hint=UNSAVED_STOP_HINT)
        return max(1, viewport.lines - len(below.render(viewport).rows))

    def _ask(self, header: Header, widget: PartMenu | PageBreak) -> object:
        end = self._runner.ask(QuestionState(header, widget, aside=True, stop_hint=UNSAVED_STOP_HINT))
        assert isinstance(end, Submit), "the runner handles the others"
        return end.value
