"""Ask line by line: show view models, read lines, run commands, and ask again until a line is valid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from careerkit.coaching.ports import Back, EndOfInput, Forward, OpenReview, Reply, Skip, Stop
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.text import abbreviate, is_blank, to_ascii_width
from careerkit.terminal.line_editor import TerminalReader
from careerkit.terminal.parse_line import HELP_ROWS, UNSAVED_HELP_ROWS, LineCommand, filter_choices, parse_command
from careerkit.terminal.sanitize import sanitize_record
from careerkit.terminal.view_models import (
    CommandHelp,
    ErrorMessage,
    InfoMessage,
    Option,
    OptionList,
    Prompt,
    Rationale,
    ViewModel,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from careerkit.core.questions.question import Question
    from careerkit.core.values import Value
    from careerkit.terminal.editor import Editor
    from careerkit.terminal.keys.widget import Widget
    from careerkit.terminal.questions.prepared_question import PreparedQuestion
    from careerkit.terminal.tty import ErasableOutput, LineReader
    from careerkit.terminal.view_models import Renderer

Answer = TypeVar("Answer")

MAX_LINE_LENGTH = 1_000_000
"""Characters. Far more than any answer has, and still processed without a delay."""

_REPLIES: dict[LineCommand, Reply] = {
    LineCommand.BACK: Back(),
    LineCommand.FORWARD: Forward(),
    LineCommand.SKIP: Skip(),
    LineCommand.REVIEW: OpenReview(),
    LineCommand.SAVE: Stop(),
}

Manner = Literal["question", "part", "again"]
"""A question, a part of one, or a question whose answer was just refused, so that it needn't be explained again."""
EditAction = Literal["keep", "add", "change", "remove"]

AnswerParts = list[Any] | dict[str, Any]
"""An unfinished answer in line mode: lines, points, cells or forms, depending on the type. It is changed in place."""


class LeaveQuestion(Exception):  # noqa: N818 - nothing went wrong
    """The person leaves the question with `reply` instead of an answer."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        super().__init__()


class EditorText(Exception):  # noqa: N818 - nothing went wrong
    """The editor was closed with this text as the answer."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__()


class AskAgain(Exception):  # noqa: N818 - nothing went wrong
    """The line was handled; ask the same again."""


class Dialog:
    """A conversation. `why` is what `:why` shows; `interactive`: a person is at the keyboard; `saves`: answers are saved.

    `before_line` is called before each prompt. If it raises Refused, the problems are shown.
    """

    def __init__(
        self,
        reader: LineReader | TerminalReader,
        surface: ErasableOutput,
        renderer: Renderer,
        *,
        encoding: str,
        editor: Editor,
        interactive: bool,
        saves: bool = True,
    ) -> None:
        self.saves = saves
        self.surface = surface
        self.interactive = interactive
        self.why = Rationale()
        self.before_line: Callable[[], None] | None = None
        self._reader = reader
        self._renderer = renderer
        self._encoding = encoding
        self._editor = editor

    def show(self, *pieces: ViewModel) -> None:
        for piece in pieces:
            self.surface.write(self.render((piece,)))

    def render(self, pieces: Iterable[ViewModel]) -> str:
        """The view models as text, without writing it."""
        return "".join(self._renderer.render(sanitize_record(piece, encoding=self._encoding)) for piece in pieces)

    def show_errors(self, problems: Sequence[Problem]) -> None:
        self.show(*(ErrorMessage(each.message, each.hint) for each in problems))

    def read_line(self, prompt: Prompt, *, edit: Callable[[], str] | None = None, keeps_line_ends: bool = False) -> str:
        """The next line that isn't a command. `keeps_line_ends`: a paste may give several lines at once.

        Raises LeaveQuestion for a command that leaves the question, and EndOfInput at the end of input. `edit` returns the
        text that an editor opens with; only with it, `:edit` raises EditorText.
        """
        while True:
            self.acquire_terminal()
            self._call_before_line()
            self.show(prompt)
            try:
                typed = parse_command(self._read(keeps_line_ends=keeps_line_ends))
                if edit is not None and typed == "":
                    self._take_from_editor()
                if isinstance(typed, str):
                    return typed
                self._run_command(typed, edit)
                prompt = replace(prompt, lists_commands=False)
            except Refused as refused:
                self.show_errors(refused.problems)
                prompt = replace(prompt, expected="", lists_commands=False)

    def ask_until_valid(
        self, prompt: Prompt, take: Callable[[str], Answer], *, edit: Callable[[], str] | None = None
    ) -> Answer:
        """What `take` returns for a line. While it raises Refused, show why and read another.

        Raises what read_line raises.
        """
        while True:
            try:
                return take(self.read_line(prompt, edit=edit))
            except Refused as refused:
                self.show_errors(refused.problems)
                prompt = replace(prompt, expected="", lists_commands=False)
            except AskAgain:
                prompt = replace(prompt, lists_commands=False)

    def reject_edited(self, text: str) -> None:
        """Offer `text` when the editor is opened again, because it can't be an answer as it is."""
        self._editor.reject(text)

    def close_editor(self) -> None:
        """Forget an editor that ended at once: its question is answered or left."""
        self._editor.close()

    def _take_from_editor(self) -> None:
        """Raises EditorText if something was saved in an editor that had ended at once."""
        text = self._editor.take_saved()
        if text is not None and text.strip():
            raise EditorText(text)

    def _call_before_line(self) -> None:
        if self.before_line is not None:
            try:
                self.before_line()
            except Refused as refused:
                self.show_errors(refused.problems)

    def acquire_terminal(self) -> None:
        """Take over the line editing, so that what is typed before the first question is complete too."""
        if isinstance(self._reader, TerminalReader):
            self._reader.acquire()

    def discard_typed(self) -> None:
        """Drop what was typed ahead at the terminal. Lines from a file or a pipe are kept."""
        if isinstance(self._reader, TerminalReader):
            self._reader.discard_typed()

    def release_terminal(self) -> None:
        """Give the terminal back as it was before the first line was read, until the next one is."""
        if isinstance(self._reader, TerminalReader):
            self._reader.release()

    def _read(self, *, keeps_line_ends: bool) -> str:
        try:
            if isinstance(self._reader, TerminalReader):
                line = self._reader.read_line(self.surface.pending_line, keeps_line_ends=keeps_line_ends)
            else:
                line = self._read_stream(self._reader)
        except KeyboardInterrupt:
            self.surface.write("\n" if self.interactive else "")
            raise
        if not line:
            self.surface.write("\n" if self.surface.pending_line else "")
            raise EndOfInput
        self.surface.record_input(line if self.interactive else "\n")
        if any("\ud800" <= char <= "\udfff" for char in line):
            message = "That line contains bytes that are not UTF-8. It was ignored."
            raise Refused(Problem("not-utf-8", message, "Type it again."))
        if len(line) > MAX_LINE_LENGTH:
            message = f"That line has {len(line):,} characters, too many for an answer. It was ignored."
            raise Refused(Problem("too-long", message, "Type or paste only the part that matters."))
        return line.rstrip("\r\n") if line.endswith(("\r\n", "\n")) else line

    @staticmethod
    def _read_stream(reader: LineReader) -> str:
        try:
            return reader.readline()
        except OSError:  # standard input is a folder, for example
            return ""

    def _run_command(self, command: LineCommand, edit: Callable[[], str] | None) -> None:
        match command:
            case LineCommand.WHY:
                self.show(self.why)
            case LineCommand.HELP:
                self.show(CommandHelp(HELP_ROWS if self.saves else UNSAVED_HELP_ROWS))
            case LineCommand.EDIT:
                self._open_editor(edit)
            case _:
                raise LeaveQuestion(_REPLIES[command])

    def _open_editor(self, edit: Callable[[], str] | None) -> None:
        if edit is None:
            raise Refused(Problem("no-text", "The editor is only for text answers.", "Type the answer here."))
        if not self.interactive:
            raise Refused(Problem("no-editor", "An editor needs a terminal.", "Type the answer here."))
        self.surface.commit()
        before = edit()
        self.release_terminal()
        text = self._editor.edit(before)
        if text != before and not is_blank(text):
            raise EditorText(text)
        self.show(
            InfoMessage(
                "Nothing was changed in the editor." if not is_blank(text) else "The editor saved an empty file."
            )
        )


def create_prompt(prepared: PreparedQuestion, expected: str, manner: Manner) -> Prompt:
    """The prompt; `expected` says what a person may type."""
    if manner == "again":
        expected = ""
    return Prompt(expected, prepared.describe_enter(), lists_commands=manner == "question")


def ask_line(
    dialog: Dialog, prepared: PreparedQuestion, parse: Callable[[str], object], prompt: Prompt, *, validate: bool
) -> object:
    """The raw answer, or None where it is left blank. Asks again while `parse` raises Refused.

    `validate`: also asks again while the answer doesn't fit the question.
    """
    return dialog.ask_until_valid(prompt, lambda line: read_answer(dialog, prepared, parse, line, validate=validate))


def read_answer(
    dialog: Dialog, prepared: PreparedQuestion, parse: Callable[[str], object], line: str, *, validate: bool
) -> object:
    """The raw answer that `line` gives, or None where it is left blank.

    Raises Refused where `line` isn't an answer, and AskAgain after `/word`, which lists the choices that match.
    """
    if is_blank(line):
        return prepared.enter_value()
    if line.startswith(("/", "／")) and prepared.choices:
        _show_matches(dialog, prepared, line[1:])
        raise AskAgain
    raw = parse(line)
    return prepared.validate(raw) if validate else raw


def list_numbered_choices(
    prepared: PreparedQuestion, places: Sequence[int], chosen: frozenset[str] = frozenset()
) -> tuple[OptionList, ...]:
    """The choices at `places`, each with its number among all choices; those in `chosen` are marked."""
    numbered = [(place + 1, prepared.choices[place]) for place in places]
    return (OptionList(tuple(Option(number, each.label, each.hint, each.id in chosen) for number, each in numbered)),)


def ask_parts(
    count: int, *, answered: set[int], ask: Callable[[int], int], is_asked: Callable[[int], bool] = lambda _: True
) -> None:
    """Ask each of `count` parts that isn't `answered` yet, in order. `:back` asks the previous one again.

    `is_asked` says which parts can be gone back to. `ask` asks one part and returns how many it answered: itself and those that follow. Raises LeaveQuestion for a
    command that leaves the question, such as `:back` at the first part.
    """
    while len(answered) < count:
        place = next(each for each in range(count) if each not in answered)
        answered.update(_ask_from(place, ask, is_asked))


@frozen
class EditMenu:
    """The parts of an answer, numbered, to change one, or add or remove one.

    `list_lines` returns the parts as text. `check_kept` raises Refused where they can't be kept as they are. Without `add`
    and `remove`, each part can only be changed.
    """

    list_lines: Callable[[], list[str]]
    change: Callable[[int], None]
    check_kept: Callable[[], None]
    add: Callable[[], None] | None = None
    remove: Callable[[int], None] | None = None

    def run(self, dialog: Dialog, *, lists_commands: bool) -> None:
        """Ask for changes until Enter keeps the parts. Raises LeaveQuestion for a command that leaves the question."""
        while True:
            numbered = enumerate(self.list_lines(), start=1)
            dialog.show(OptionList(tuple(Option(number, line) for number, line in numbered)))
            prompt = Prompt(self._describe_input(), "keeps them" if self.list_lines() else "", lists_commands)
            action, place = dialog.ask_until_valid(prompt, self._parse_action)
            lists_commands = False
            if action == "keep":
                return
            try:
                self._run_action(action, place)
            except LeaveQuestion as left:  # `:back` in a part returns to the menu; in the menu it leaves the question
                if not isinstance(left.reply, Back):
                    raise
            except Refused as refused:
                dialog.show_errors(refused.problems)

    def _describe_input(self) -> str:
        number = "2" if len(self.list_lines()) > 1 else "1"
        if self.add:
            return f"{number} to change one, + to add one, -{number} to remove one"
        return "A number to change that one"

    def _parse_action(self, line: str) -> tuple[EditAction, int]:
        word = to_ascii_width(line).replace(" ", "")
        if not word:
            self.check_kept()
            return "keep", 0
        if word == "+" and self.add:
            return "add", 0
        match = re.fullmatch(r"(-?)(\d{1,3})", word)
        if match and 1 <= int(match[2]) <= len(self.list_lines()) and (self.remove or not match[1]):
            return "remove" if match[1] else "change", int(match[2]) - 1
        hint = f"{self._describe_input()}, Enter to keep them."
        raise Refused(Problem("unknown-deed", f"{abbreviate(line)} can't be used here.", hint))

    def _run_action(self, action: EditAction, place: int) -> None:
        match action:
            case "add" if self.add:
                self.add()
            case "remove" if self.remove:
                self.remove(place)
            case _:
                self.change(place)


class QuestionUI:
    """How the questions of one type are asked. This base class suits a type that is answered on one line."""

    echoes_answer = True
    """Line mode repeats the answer after it is saved. False where the person has just typed it in full."""

    # ------------------------------------------------------------ what both modes need

    def read_default(self, default: object, *, today: date) -> object:
        """The playbook's default as a raw answer. Raises Refused where it can't be parsed."""
        del today
        return default

    # ------------------------------------------------------------ keys

    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        """The widget, filled with the draft or the previous answer.

        `before` is the widget of the same question that was left unfinished, possibly with other choices.
        """
        raise NotImplementedError

    # ------------------------------------------------------------ lines

    def describe_input(self, question: Question, choices: int) -> str:
        """What a person may type, in a few words, given the number of choices."""
        raise NotImplementedError

    def describe_prepared(self, prepared: PreparedQuestion) -> str:
        """What a person may type as the answer to this question."""
        return self.describe_input(prepared.question, len(prepared.choices))

    def list_options(self, prepared: PreparedQuestion) -> tuple[OptionList, ...]:
        """What is listed above the prompt."""
        del prepared
        return ()

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        """The raw answer that `line` means. Raises Refused where it can't be parsed; whether it fits is checked later."""
        raise NotImplementedError

    def ask(
        self, dialog: Dialog, prepared: PreparedQuestion, parts: AnswerParts, *, manner: Manner, validate: bool
    ) -> object:
        """The raw answer, or None where it is left blank. Raises LeaveQuestion for a command that leaves the question.

        `parts` is kept up to date, so that leaving the question loses nothing. `validate`: ask again while the answer
        doesn't fit.
        """
        del parts
        if manner != "again":
            dialog.show(*self.list_options(prepared))
        prompt = create_prompt(prepared, self.describe_prepared(prepared), manner)
        return ask_line(dialog, prepared, lambda line: self.parse(prepared, line), prompt, validate=validate)

    def initial_parts(self, prepared: PreparedQuestion) -> AnswerParts:
        """The parts of the draft, or of the previous answer."""
        del prepared
        return []

    def join_parts(self, parts: AnswerParts) -> Value | None:
        """The parts as an answer that may be incomplete; None for a type without parts."""
        del parts
        return None

    def draft(self, prepared: PreparedQuestion, parts: AnswerParts) -> Value | None:
        """The unfinished answer, to be saved; None where nothing was entered, or only the previous answer."""
        value = self.join_parts(parts)
        return value if value and value != prepared.kept else None


def _show_matches(dialog: Dialog, prepared: PreparedQuestion, word: str) -> None:
    places = filter_choices(word, prepared.choices)
    if not places:
        raise Refused(
            Problem("nothing-found", f"No choice contains {abbreviate(word)}.", "Type / to list all choices.")
        )
    dialog.show(*list_numbered_choices(prepared, places))


def _ask_from(place: int, ask: Callable[[int], int], is_asked: Callable[[int], bool]) -> range:
    """Ask the part at `place`, or an earlier one each time the person goes back. Returns the places answered."""
    while True:
        try:
            return range(place, place + ask(place))
        except LeaveQuestion as left:
            if not isinstance(left.reply, Back) or place == 0:
                raise
            earlier = [each for each in range(place) if is_asked(each)]
            if not earlier:
                raise
            place = earlier[-1]
