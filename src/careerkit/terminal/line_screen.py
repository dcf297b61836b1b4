"""The Screen that is answered line by line, with any renderer, and its home screen."""

from __future__ import annotations

from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, TypeVar

from careerkit.coaching.ports import (
    NO_SUGGESTIONS,
    Back,
    EndOfInput,
    NoteReply,
    OpenReview,
    Reason,
    Reply,
    Review,
    ReviewReply,
    Skip,
    Stop,
    Submit,
    discard_draft,
)
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import replace
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.question import Choice
from careerkit.core.text import abbreviate
from careerkit.terminal import view_models
from careerkit.terminal.dialog import AnswerParts, AskAgain, Dialog, LeaveQuestion
from careerkit.terminal.keys.home import (
    ASK,
    ASK_CLOSEST,
    WHY,
    HomePart,
    HomeRow,
    OpenTopic,
    list_home_parts,
    list_topic_parts,
)
from careerkit.terminal.keys.review import ask_last_review, ask_review
from careerkit.terminal.line_editor import open_reader
from careerkit.terminal.outcome_view import build_finding_view
from careerkit.terminal.parse_line import filter_choices, parse_choice
from careerkit.terminal.questions.choice import parse_yes_no
from careerkit.terminal.questions.registry import load_ui, prepare
from careerkit.terminal.session_view import EMPTY_LIST_LABEL, QuestionCounts, create_result_view, get_question_error
from careerkit.terminal.tty import ErasableOutput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from typing import TextIO

    from careerkit.coaching.ports import Home, HomeReply, SaveDraft, Screen
    from careerkit.core.interview_steps import Ask, EnterStage, ShowNote
    from careerkit.core.journal.entry import Entry
    from careerkit.core.outcome.model import Finding
    from careerkit.terminal.dialog import Manner
    from careerkit.terminal.editor import Editor
    from careerkit.terminal.questions.prepared_question import PreparedQuestion
    from careerkit.terminal.result_view import PartKey, ResultView
    from careerkit.terminal.tty import TextWriter
    from careerkit.terminal.view_models import Renderer

Result = TypeVar("Result")

RESULT_PROMPT = view_models.Prompt("A letter or a word from the list for more", "finishes")
DONE_WORDS = ("", "q", "quit", "done")
HOME_PROMPT = view_models.Prompt("A number, or /word to filter the list", "quits")
TOPIC_PROMPT = view_models.Prompt("A number, or /word to filter the list", "goes back")


class LineScreen:
    """The conversation goes to `dialog`, the card and the result to `results`.

    A question that is left half answered comes back with its draft, even after Ctrl-C or the end of input.
    """

    def __init__(self, dialog: Dialog, *, results: TextWriter, today: Callable[[], date]) -> None:
        self._dialog = dialog
        self._results = results
        self._today = today
        self._playbook: Playbook | None = None
        self._parts: dict[str, AnswerParts] = {}
        self._current: Ask | None = None
        """The question on screen, while it has no answer."""
        self._refused = False
        self._reply: Reply | None = None
        self._pending: Reply | None = None
        """A command typed outside a question, which the next question replies with."""
        self._counts = QuestionCounts()
        self._card: ResultDialog | None = None
        """The card on screen, while its parts can be opened by the next question."""

    def home(self, home: Home) -> HomeReply:
        return self._ask_outside_interview(lambda: ask_home(self._dialog, home), None)

    # ------------------------------------------------------------ between questions

    def open(self, playbook: Playbook, *, note: str | None) -> None:
        self._dialog.acquire_terminal()
        self._clear_question()
        self._playbook = playbook
        self._parts, self._pending = {}, None
        self._counts.clear()
        if note is not None:
            self._dialog.show(view_models.Banner(playbook.title, playbook.minutes, note))

    def show_recent(self, said: Sequence[Reason]) -> None:
        if said:
            pairs = tuple((each.ask, each.shown) for each in said)
            self._dialog.show(
                view_models.InfoMessage("Your last answers:" if len(said) > 1 else "Your last answer:"),
                view_models.AnswerList(pairs),
            )

    def show_stage(self, stage: EnterStage) -> None:
        self._clear_question()
        self._dialog.show(view_models.StageHeader(stage.title, stage.intro))

    def show_note(self, note: ShowNote) -> NoteReply:
        self._clear_question()
        self._dialog.show(view_models.Note(note.heading, note.text))
        if not self._dialog.interactive:
            return None
        self._dialog.why = view_models.Rationale()
        try:
            return self._dialog.ask_until_valid(view_models.Prompt("", "continues"), _check_empty)
        except LeaveQuestion as left:
            return left.reply if isinstance(left.reply, (Back, OpenReview, Stop)) else None

    def show_finding(self, finding: Finding) -> NoteReply:
        self._clear_question()
        self._dialog.show(*build_finding_view(finding))
        return None  # it stays on the screen, so there's no need to wait

    def show_info(self, text: str) -> None:
        self._dialog.surface.commit()
        self._dialog.show(view_models.InfoMessage(text))

    def show_errors(self, problems: Sequence[Problem]) -> None:
        self._refused = True
        self._dialog.show_errors(problems)

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
        if self._pending:
            self._reply, self._pending = self._pending, None
            return self._reply
        self._dialog.why = view_models.Rationale(why, tuple(sources))
        again = self._refused and self._current is not None and self._current.question.id == ask.question.id
        prepared = prepare(ask, today=self._today(), suggestions=suggestions)
        while True:
            self._show_head(ask, again=again)
            try:
                self._reply = self._ask(prepared, keep, again=again)
            except Refused as refused:
                self.show_errors(refused.problems)
                again = True
            else:
                return self._reply

    def answered(self, ask: Ask, shown: str) -> None:
        self._dialog.surface.erase()
        repeats_input = load_ui(ask.question.type).echoes_answer
        self._dialog.show(view_models.SavedAnswer(ask.ask, shown or EMPTY_LIST_LABEL, repeats_input))
        self._parts.pop(ask.question.id, None)
        self._current, self._refused = None, False

    def review(self, review: Review) -> ReviewReply:
        self._clear_question()
        if not review.at_end:
            return self._ask_outside_interview(lambda: ask_review(self._dialog, review), None)
        self._dialog.why = view_models.Rationale("The result is based on these answers.")
        return ask_last_review(self._dialog, review) if self._dialog.interactive else None

    def confirm(self, question: str, *, default: bool, is_saved: bool = True) -> bool:
        del is_saved  # nothing is promised here
        self._clear_question()
        card, self._card = self._card, None
        self._dialog.show(view_models.PartHeader(question, starts_group=True))
        expected = "y or n, or a letter from the list for more" if card and self._dialog.interactive else "y or n"
        prompt = view_models.Prompt(expected, f"means {'y' if default else 'n'}")

        def take_line(line: str) -> bool:
            if card:
                card.open_if_named(line)
            return parse_yes_no(line) if line.strip() else default

        return self._ask_outside_interview(lambda: self._dialog.ask_until_valid(prompt, take_line), default)

    # ------------------------------------------------------------ results

    def _create_result_dialog(
        self, entry: Entry, because: dict[str, tuple[Reason, ...]], *, is_card: bool = False
    ) -> ResultDialog:
        has_keys = self._dialog.interactive
        view = create_result_view(entry, because, self._playbook, is_card=is_card, has_keys=has_keys)
        return ResultDialog(self._dialog, view, self._write_result)

    def show_card(
        self, entry: Entry, because: dict[str, tuple[Reason, ...]], *, waits: bool, following: str = ""
    ) -> None:
        self._clear_question()
        reader = self._create_result_dialog(entry, because, is_card=True)
        reader.show()
        if waits:
            reader.wait(following=following)
        else:
            self._card = reader
        if following:
            self._dialog.discard_typed()

    def show_outcome(self, entry: Entry, because: dict[str, tuple[Reason, ...]]) -> None:
        self._clear_question()
        reader = self._create_result_dialog(entry, because)
        reader.show()
        reader.wait()

    def _write_result(self, pieces: Iterable[view_models.ViewModel]) -> None:
        self._dialog.release_terminal()  # this may be the last output
        self._results.write(self._dialog.render(pieces))
        self._results.flush()

    # ------------------------------------------------------------ one question

    def _show_head(self, ask: Ask, *, again: bool) -> None:
        self._refused = False
        if not again:
            self._clear_question()
            self._dialog.show(*self._counts.report_added(ask))
            self._dialog.surface.mark()
            if ask.drops_typed:
                self._dialog.discard_typed()
        self._current = ask
        number, total = ask.progress.number, ask.progress.of
        self._dialog.show(
            view_models.QuestionHeader(
                ask.stage, number, total, ask.ask, ask.hint, get_question_error(ask), is_repeat=again
            ),
        )

    def _ask(self, prepared: PreparedQuestion, keep: SaveDraft, *, again: bool) -> Reply:
        ui = load_ui(prepared.question.type)
        parts = self._parts.setdefault(prepared.question.id, ui.initial_parts(prepared))
        self._dialog.before_line = lambda: keep(ui.draft(prepared, parts))
        raw: object = None
        try:
            manner: Manner = "again" if again else "question"
            raw = ui.ask(self._dialog, prepared, parts, manner=manner, validate=False)
        except LeaveQuestion as left:
            return left.reply
        finally:
            self._dialog.before_line = None
            self._dialog.close_editor()
            if raw is None:
                with suppress(Refused):  # the session tries to save again when it ends
                    keep(ui.draft(prepared, parts))
        return Skip() if raw is None else Submit(prepared.validate(raw))

    def _clear_question(self) -> None:
        """Forget the question on screen, and erase it where possible. A skipped one leaves a line."""
        if self._current is not None and not self._refused:
            self._dialog.surface.erase()
            if isinstance(self._reply, Skip):
                self._dialog.show(
                    view_models.Skipped(self._current.ask, is_permanent=not self._current.question.required)
                )
        self._current = None

    def _ask_outside_interview(self, ask: Callable[[], Result], otherwise: Result) -> Result:
        """What `ask` returns, or `otherwise` if a command leaves it. After `:save`, the next question replies with Stop."""
        self._dialog.why = view_models.Rationale()
        try:
            return ask()
        except LeaveQuestion as left:
            self._pending = left.reply if isinstance(left.reply, Stop) else None
            return otherwise


def open_line_screen(
    streams: tuple[TextIO, TextIO, TextIO],
    renderer: Renderer,
    *,
    encoding: str,
    today: Callable[[], date],
    editor: Editor,
    saves: bool,
) -> Screen:
    """The line screen for standard input, output and error; see choose_screen. `encoding` is that of both outputs."""
    stdin, stdout, stderr = streams
    dialog = Dialog(
        open_reader(stdin) if isinstance(stdin, TextIOWrapper) and stdin.isatty() else stdin,
        ErasableOutput(stderr),
        renderer,
        encoding=encoding,
        editor=editor,
        interactive=stdin.isatty(),
        saves=saves,
    )
    return LineScreen(dialog, results=stdout, today=today)


def _check_empty(line: str) -> None:
    if line.strip():
        raise Refused(Problem("nothing-asked", "There is no question here, so this was ignored.", "Enter continues."))


def ask_home(dialog: Dialog, home: Home) -> HomeReply:
    """What the person chose, or None if they quit. Raises LeaveQuestion for a command that leaves the home screen."""
    dialog.why = view_models.Rationale(WHY)
    while True:
        chosen = _ask_row(dialog, f"careerkit. {ASK}", list_home_parts(home), HOME_PROMPT)
        if not isinstance(chosen, OpenTopic):
            return chosen
        chosen = _ask_row(dialog, ASK_CLOSEST, list_topic_parts(home, chosen.topic), TOPIC_PROMPT)
        if chosen is not None and not isinstance(chosen, OpenTopic):
            return chosen


def _ask_row(
    dialog: Dialog, ask: str, parts: tuple[HomePart, ...], prompt: view_models.Prompt
) -> HomeReply | OpenTopic:
    dialog.show(view_models.PartHeader(ask, starts_group=True))
    _show_rows(dialog, parts, [row for part in parts for row in part.rows if not part.only_found])
    return dialog.ask_until_valid(prompt, _HomeParser(dialog, parts))


def _show_rows(dialog: Dialog, parts: tuple[HomePart, ...], matching: list[HomeRow]) -> None:
    """Show the `matching` rows, each with its number among all rows."""
    number = 0
    for part in parts:
        options: list[view_models.Option] = []
        for row in part.rows:
            number += 1
            if row in matching:
                aside = f"{row.aside[:1].upper()}{row.aside[1:]}. " if row.aside else ""
                options.append(view_models.Option(number, row.label, f"{aside}{row.about}"))
        if options:
            dialog.show(view_models.PartHeader(part.heading, starts_group=True), view_models.OptionList(tuple(options)))
            dialog.show(*([view_models.InfoMessage(part.more)] if part.more else []))


class _HomeParser:
    """Finds the row that a line means, and filters the list for `/word`."""

    def __init__(self, dialog: Dialog, parts: tuple[HomePart, ...]) -> None:
        self._dialog = dialog
        self._parts = parts
        self._rows = [row for part in parts for row in part.rows]
        commands = [row.command.removeprefix("careerkit ") for row in self._rows]
        self._choices = [
            Choice(
                command if command not in ("", *commands[:place]) else f"#{place}",
                row.label,
                f"{row.aside} {row.about} {row.words}",
            )
            for place, (command, row) in enumerate(zip(commands, self._rows, strict=True))
        ]

    def __call__(self, line: str) -> HomeReply | OpenTopic:
        if not line.strip():
            return None
        if line.startswith(("/", "／")):
            self._filter(line[1:])
        chosen = parse_choice(line, self._choices)
        return next(row.reply for row, choice in zip(self._rows, self._choices, strict=True) if choice.id == chosen)

    def _filter(self, word: str) -> None:
        places = filter_choices(word, self._choices)
        if not places:
            raise Refused(
                Problem("nothing-found", f"Nothing contains {abbreviate(word)}.", "Type / to show everything.")
            )
        _show_rows(self._dialog, self._parts, [self._rows[place] for place in places])
        raise AskAgain


class ResultDialog:
    """Shows a result with `write`, and its parts when their letter or word is typed."""

    def __init__(
        self, dialog: Dialog, view: ResultView, write: Callable[[Iterable[view_models.ViewModel]], None]
    ) -> None:
        self._dialog = dialog
        self._view = view
        self._write = write
        self._prompt = RESULT_PROMPT

    def show(self) -> None:
        self._write(self._view.build())

    def wait(self, *, following: str = "") -> None:
        """Open parts until the person has read enough. There is nothing to wait for without a person or without parts.

        `following` says what is asked afterwards, "" if nothing is.
        """
        if not self._dialog.interactive or not self._view.parts:
            return
        if following:
            self._dialog.show(view_models.InfoMessage(following))
        self._prompt = replace(RESULT_PROMPT, on_enter="continues") if following else RESULT_PROMPT
        self._dialog.why = view_models.Rationale(
            "Each line above names a part of the result. Type its letter to read it."
        )
        try:
            self._dialog.ask_until_valid(self._prompt, self._take_line)
        except (LeaveQuestion, EndOfInput, KeyboardInterrupt):
            return  # the result is saved, so there is nothing to stop

    def open_if_named(self, line: str) -> None:
        """Show the part that `line` names and raise AskAgain; do nothing if it names none."""
        key = self._find_part(line)
        if key is not None:
            self._write(self._view.open(key))
            raise AskAgain

    def _take_line(self, line: str) -> None:
        self.open_if_named(line)
        if line.strip().lower() not in DONE_WORDS:
            names = ", ".join(f"{each.key} ({each.name})" for each in self._view.parts)
            message = f"There is no part called {abbreviate(line)}."
            raise Refused(Problem("unknown-part", message, f"Type one of: {names}. Enter {self._prompt.on_enter}."))

    def _find_part(self, line: str) -> PartKey | None:
        word = line.strip().lower()
        return next((each.key for each in self._view.parts if word in (each.key, each.name)), None)
