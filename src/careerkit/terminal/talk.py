"""The give and take of lines: what is shown passes the gate, commands are understood, what does not fit is asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from careerkit.coaching.screen import AskForReview, Back, EndOfInput, Forward, Reply, Skip, Stop
from careerkit.core.frozen import replace
from careerkit.core.problem import Problem, Refused
from careerkit.terminal.commands import ROWS, Command, parse_command
from careerkit.terminal.pieces import Help, Piece, Prompt, Remark, Trouble, Why
from careerkit.terminal.safe import gated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from careerkit.terminal.editor import Editor
    from careerkit.terminal.look import Look
    from careerkit.terminal.surface import Reader, Surface

Taken = TypeVar("Taken")

MOST = 1_000_000
"""Characters of a line: far above any answer, and little enough to be looked at in no time."""

_REPLIES: dict[Command, Reply] = {
    Command.BACK: Back(),
    Command.FORWARD: Forward(),
    Command.SKIP: Skip(),
    Command.REVIEW: AskForReview(),
    Command.SAVE: Stop(),
}


class Left(Exception):  # noqa: N818 - nothing went wrong
    """The person leaves what is asked with `reply` in place of an answer."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        super().__init__()


class Edited(Exception):  # noqa: N818 - nothing went wrong
    """The answer came back from the editor, whole."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__()


class Again(Exception):  # noqa: N818 - nothing went wrong
    """What was typed has been dealt with; the same is asked again."""


def nothing() -> None:
    """For when nothing is to be done before a line is read."""


class Talk:
    """One conversation. `why` is what `:why` shows at present; `interactive`: a person sits at the keyboard.

    `before_line` is called before each prompt, with all that was typed before in its place; what it refuses is told.
    """

    def __init__(
        self, reader: Reader, surface: Surface, look: Look, *, encoding: str, editor: Editor, interactive: bool
    ) -> None:
        self.surface = surface
        self.interactive = interactive
        self.why = Why()
        self.before_line: Callable[[], None] = nothing
        self._reader = reader
        self._look = look
        self._encoding = encoding
        self._editor = editor

    def show(self, *pieces: Piece) -> None:
        for piece in pieces:
            self.surface.write(self._look.paint(gated(piece, encoding=self._encoding)))

    def painted(self, pieces: Iterable[Piece]) -> str:
        """The pieces as they would be written."""
        return "".join(self._look.paint(gated(piece, encoding=self._encoding)) for piece in pieces)

    def complain(self, problems: Sequence[Problem]) -> None:
        self.show(*(Trouble(each.message, each.hint) for each in problems))

    def line(self, prompt: Prompt, *, edit: Callable[[], str] | None = None) -> str:
        """The next line that is text. Raises Left for a command that leaves, EndOfInput where there is no line.

        `edit` gives what an editor begins with; with it `:edit` raises Edited.
        """
        while True:
            self._prepare()
            self.show(prompt)
            try:
                typed = parse_command(self._read())
                if isinstance(typed, str):
                    return typed
                self._obey(typed, edit)
                prompt = replace(prompt, whole=False)
            except Refused as refused:
                self.complain(refused.problems)
                prompt = replace(prompt, expects="", whole=False)

    def fitting(self, prompt: Prompt, take: Callable[[str], Taken], *, edit: Callable[[], str] | None = None) -> Taken:
        """What `take` makes of a line; while it refuses, what fits is said and asked again."""
        while True:
            try:
                return take(self.line(prompt, edit=edit))
            except Refused as refused:
                self.complain(refused.problems)
                prompt = replace(prompt, expects="", whole=False)
            except Again:
                prompt = replace(prompt, whole=False)

    def _prepare(self) -> None:
        try:
            self.before_line()
        except Refused as refused:
            self.complain(refused.problems)

    def _read(self) -> str:
        try:
            line = self._reader.readline()
        except KeyboardInterrupt:
            self.surface.write("\n" if self.interactive else "")
            raise
        if not line:
            self.surface.write("\n" if self.surface.begun else "")
            raise EndOfInput
        self.surface.typed(line if self.interactive else "\n")
        if any("\ud800" <= char <= "\udfff" for char in line):
            message = "That line holds bytes that are not UTF-8. It was not taken."
            raise Refused(Problem("not-utf-8", message, "Type it again."))
        if len(line) > MOST:
            message = f"That line has {len(line):,} characters; no answer is so long. It was not taken."
            raise Refused(Problem("too-long", message, "Type or paste the part that matters."))
        return line.rstrip("\r\n") if line.endswith(("\r\n", "\n")) else line

    def _obey(self, command: Command, edit: Callable[[], str] | None) -> None:
        match command:
            case Command.WHY:
                self.show(self.why)
            case Command.HELP:
                self.show(Help(ROWS))
            case Command.EDIT:
                self._edit(edit)
            case _:
                raise Left(_REPLIES[command])

    def _edit(self, edit: Callable[[], str] | None) -> None:
        if edit is None:
            raise Refused(Problem("no-text", "Only a text is written in an editor.", "Type the answer here."))
        if not self.interactive:
            raise Refused(Problem("no-editor", "An editor needs a terminal.", "Type the answer here."))
        self.surface.seal()
        before = edit()
        text = self._editor.edit(before)
        if text != before and text.strip():
            raise Edited(text)
        self.show(Remark("Nothing was changed in the editor." if text.strip() else "The editor left nothing."))
