"""Asks at this terminal until there is a reply: the first picture, the keys, the editor, and what is begun on the disk."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from careerkit.coaching.screen import Given, keep_nothing
from careerkit.core.frozen import replace
from careerkit.core.problem import Problem, Refused
from careerkit.terminal.keys.asking import Asking, Edit, Ending, Interrupt
from careerkit.terminal.keys.keyboard import Keyboard, make_sane
from careerkit.terminal.keys.paper import ansi
from careerkit.terminal.keys.quick_import import quick_import

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from careerkit.coaching.screen import Keep
    from careerkit.terminal.editor import Editor
    from careerkit.terminal.keys.frame import Sheet
    from careerkit.terminal.keys.key import Press
    from careerkit.terminal.keys.prompter import Prompter
    from careerkit.terminal.keys.widget import Widget


class Questioner:
    """Runs one question after the other. `begun` are the widgets of those that were left half done, by question."""

    def __init__(self, stdin: TextIO, out: TextIO, *, sheet: Callable[[], Sheet], color: bool, editor: Editor) -> None:
        self.keyboard = Keyboard(stdin)
        self.begun: dict[str, Widget] = {}
        self.prompter: Prompter | None = None
        self._stdin = stdin
        self._out = out
        self._sheet = sheet
        self._color = color
        self._editor = editor

    def ask(self, asking: Asking, *, keep_as: str = "", keep: Keep = keep_nothing) -> Ending:
        """Ask until it is answered or left. Raises KeyboardInterrupt for Ctrl-C.

        What there is of an answer is given to `keep` with each key that ends a part, and when the question is left.
        """
        ending: Ending | None = None
        try:
            while ending is None:
                asking, ended = self._run(asking, keep_as, keep)
                match ended:
                    case Interrupt():
                        self.keyboard.restore()
                        raise KeyboardInterrupt
                    case Edit():
                        asking = self._edited(asking)
                    case _:
                        ending = ended
        finally:
            begun = self.begun.get(keep_as)
            if begun is not None and not isinstance(ending, Given):
                with suppress(Refused):  # it is tried once more when the passage ends
                    keep(begun.so_far())
        return ending

    def _run(self, asking: Asking, keep_as: str, keep: Keep) -> tuple[Asking, Ending]:
        prompter: Prompter | None = None
        self.keyboard.hush()
        try:
            prompter = self._prompter_after_first_picture(asking)
            return prompter.run(asking, _saving(keep))
        except BaseException:
            make_sane(self._out)
            self.keyboard.restore()
            raise
        finally:
            begun = prompter.asking if prompter is not None else None
            if keep_as and begun is not None:
                self.begun[keep_as] = begun.widget

    def _prompter_after_first_picture(self, asking: Asking) -> Prompter:
        """What takes long to import is imported behind the first picture, so that there is something to read."""
        if self.prompter is None:
            rows = asking.picture(self._sheet()).rows
            self._write(ansi(rows, color=self._color).rstrip("\n"))
            with quick_import():
                from careerkit.terminal.keys.prompter import Prompter

            self.prompter = Prompter(
                self._stdin, self._out, keyboard=self.keyboard, sheet=self._sheet, color=self._color
            )
            self._write((f"\x1b[{len(rows) - 1}A" if len(rows) > 1 else "") + "\r\x1b[J")
        return self.prompter

    def _edited(self, asking: Asking) -> Asking:
        before = asking.widget.text() or ""
        self.keyboard.restore()
        try:
            text = self._editor.edit(before)
        except Refused as refused:
            return asking.refused(tuple(_for_keys(each) for each in refused.problems))
        finally:
            self.keyboard.hush()
        if not text.strip():
            return asking.refused((Problem("empty", "The editor left nothing; your text stays.", ""),))
        return replace(asking, widget=asking.widget.with_text(text), troubles=())

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def _saving(keep: Keep) -> Callable[[Asking, Press], Asking]:
    """Saves with each key that is not just a character, and with what is pasted: those end a part of an answer."""

    def changed(asking: Asking, press: Press) -> Asking:
        if isinstance(press, str) and len(press) == 1:
            return asking
        try:
            keep(asking.widget.so_far())
        except Refused as refused:
            return asking.refused(refused.problems)
        return asking

    return changed


def _for_keys(problem: Problem) -> Problem:
    return replace(problem, hint=problem.hint.replace("Type :edit", "Press Ctrl-X Ctrl-E"))
