"""Read a result with keys: page by page if it is longer than the window, then one key for each part of it.

Everything is written below the conversation, so it stays in the scrollback and can be copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from careerkit.coaching.screen import Submit
from careerkit.core.frozen import frozen
from careerkit.terminal.input.key_codes import Key, Press
from careerkit.terminal.keys.canvas import Block, Canvas
from careerkit.terminal.keys.question_state import QuestionState
from careerkit.terminal.keys.render import Header, Viewport
from careerkit.terminal.keys.widget import CONTINUE_KEYS, AtomicWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from careerkit.terminal.keys.runner import PromptRunner
    from careerkit.terminal.result_view import PartKey, ResultPart, ResultView
    from careerkit.terminal.view_models import ViewModel

WHY = "Each key below opens a part of the result. What you open stays above, where you can copy it."
STOP_HINT = "Ctrl-C stop"
REST = "rest"
DONE_KEYS = (Key.ENTER, Key.SUBMIT, Key.ESCAPE, "q")
NEXT_PAGE_KEYS = (*CONTINUE_KEYS, Key.DOWN, Key.END, "j", "f")
"""Home and End are also what PgUp and PgDn send."""


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
        below = QuestionState(Header("", ""), PartMenu(self._view.parts), aside=True, stop_hint=STOP_HINT)
        return max(1, viewport.lines - len(below.render(viewport).rows))

    def _ask(self, header: Header, widget: PartMenu | PageBreak) -> object:
        end = self._runner.ask(QuestionState(header, widget, aside=True, stop_hint=STOP_HINT))
        assert isinstance(end, Submit), "the runner handles the others"
        return end.value
