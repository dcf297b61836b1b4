"""A dialog line by line: show view models, read lines, run commands, and ask again until a line is valid."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from careerkit.coaching.screen import Back, EndOfInput, Forward, OpenReview, Reply, Skip, Stop
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import replace
from careerkit.core.text import is_blank
from careerkit.terminal.lines.commands import HELP_ROWS, UNSAVED_HELP_ROWS, LineCommand, parse_command
from careerkit.terminal.lines.line_editor import TerminalReader
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
