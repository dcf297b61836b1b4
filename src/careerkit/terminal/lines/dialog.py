"""A dialog line by line: show view models, read lines, run commands, and ask again until a line is valid."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from careerkit.coaching.screen import Back, EndOfInput, Forward, OpenReview, Reply, Skip, Stop
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import replace
from careerkit.terminal.lines.commands import HELP_ROWS, LineCommand, parse_command
from careerkit.terminal.sanitize import sanitize_record
from careerkit.terminal.view_models import CommandHelp, ErrorMessage, InfoMessage, Prompt, Rationale, ViewModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from careerkit.terminal.erasable_output import ErasableOutput, LineReader
    from careerkit.terminal.external_programs import Editor
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
    """A conversation. `why` is what `:why` shows; `interactive`: a person is at the keyboard.

    `before_line` is called before each prompt. If it raises Refused, the problems are shown.
    """

    def __init__(
        self,
        reader: LineReader,
        surface: ErasableOutput,
        renderer: Renderer,
        *,
        encoding: str,
        editor: Editor,
        interactive: bool,
    ) -> None:
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

    def read_line(self, prompt: Prompt, *, edit: Callable[[], str] | None = None) -> str:
        """The next line that isn't a command.

        Raises LeaveQuestion for a command that leaves the question, and EndOfInput at the end of input. `edit` returns the
        text that an editor opens with; only with it, `:edit` raises EditorText.
        """
        while True:
            self._call_before_line()
            self.show(prompt)
            try:
                typed = parse_command(self._read())
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

    def _call_before_line(self) -> None:
        if self.before_line is not None:
            try:
                self.before_line()
            except Refused as refused:
                self.show_errors(refused.problems)

    def _read(self) -> str:
        try:
            line = self._reader.readline()
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

    def _run_command(self, command: LineCommand, edit: Callable[[], str] | None) -> None:
        match command:
            case LineCommand.WHY:
                self.show(self.why)
            case LineCommand.HELP:
                self.show(CommandHelp(HELP_ROWS))
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
        text = self._editor.edit(before)
        if text != before and text.strip():
            raise EditorText(text)
        self.show(
            InfoMessage("Nothing was changed in the editor." if text.strip() else "The editor saved an empty file.")
        )
