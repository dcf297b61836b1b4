"""The question on screen: how it is drawn, its state, the effect of each key on it, and how it can end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from careerkit.coaching.ports import Back, Forward, OpenReview, Skip, Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.text import to_ascii_width
from careerkit.terminal.banner import MIN_WIDE_PAGE_WIDTH, limit_page_width
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.keys.line_input import EditBuffer, LineInput, create_buffer
from careerkit.terminal.keys.widget import HELP_ROWS, Block, Canvas, Row, format_ansi
from careerkit.terminal.parse_line import LineCommand, parse_command
from careerkit.terminal.sanitize import Symbols, count_cells
from careerkit.terminal.view_models import ErrorMessage, InfoMessage, Note, SavedAnswer, Skipped, StageHeader, ViewModel

if TYPE_CHECKING:
    from careerkit.terminal.keys.widget import Widget

Panel = Literal["", "why", "keys"]
MAX_DOTS = 12
MIN_LINES = 4
"""Lines of the question that always show, before the key hints do."""


@frozen
class Interrupt:
    """The person pressed Ctrl-C."""


@frozen
class OpenEditor:
    """The person asked for their editor."""


QuestionEnd = Submit | Skip | Back | Forward | OpenReview | Interrupt | OpenEditor

COMMAND_KEYS = {
    LineCommand.BACK: Key.BACK,
    LineCommand.FORWARD: Key.FORWARD,
    LineCommand.WHY: Key.WHY,
    LineCommand.EDIT: Key.EDITOR,
    LineCommand.SKIP: Key.SKIP,
    LineCommand.REVIEW: Key.REVIEW,
    LineCommand.SAVE: Key.STOP,
    LineCommand.HELP: Key.HELP,
}
PAGE_KEYS: dict[Press, int] = {Key.HOME: -1, Key.END: 1}
"""Home and PgUp, End and PgDn. While a panel is open, they turn its pages and don't reach the widget."""
STOP_HINT = "Ctrl-C stop and save"
UNSAVED_STOP_HINT = "Ctrl-C stop"
MAX_KEY_PASTE = 60
"""Characters. A longer paste isn't passed to a widget that takes no text; a shorter one may be a number."""
MAX_UNDO = 100
"""Changes that can be undone."""
MOVING_KEYS = frozenset((
    Key.UP, Key.DOWN, Key.LEFT, Key.RIGHT, Key.HOME, Key.END, Key.WORD_LEFT, Key.WORD_RIGHT, Key.BACK, Key.FORWARD,
))  # fmt: skip


@frozen
class QuestionState:
    """One question on the screen, as a value.

    `aside`: it isn't part of the interview, so it offers no way to other questions. `page` is the page of the open
    `panel`. `stop_hint` is the key hint for Ctrl-C. `command` is a typed command (`:back`) that isn't complete yet; where
    no text is typed, a colon starts one. `undo` has the widgets before the last changes, the latest last; `typed` is the
    last character, if it belongs to a word that is undone as a whole.
    """

    header: Header
    widget: Widget
    problems: tuple[Problem, ...] = ()
    panel: Panel = ""
    page: int = 0
    aside: bool = False
    stop_hint: str = STOP_HINT
    command: EditBuffer | None = None
    undo: tuple[Widget, ...] = ()
    typed: str = ""

    def press(self, press: Press) -> QuestionState | QuestionEnd:
        """The state after `press`, or how the question ends. Problems are shown, not raised."""
        if press is Key.STOP:
            return Interrupt()
        if self.command is not None:
            return self._press_in_command(self.command, press)
        if press is Key.UNDO:
            return self._undo_change()
        if isinstance(press, str) and not self.widget.takes_text:
            press = to_ascii_width(press)
        panel = self._panel_after(press)
        if panel is not None:
            return replace(self, panel=panel, page=0, problems=())
        if self.panel and press in PAGE_KEYS:
            return replace(self, page=self.page + PAGE_KEYS[press])
        return self._press_in_widget(press)

    def render(self, viewport: Viewport) -> Block:
        widget, canvas = self.widget, viewport.canvas
        if self.problems and isinstance(widget, LineInput):
            body = widget.view_beside(self.problems, canvas)
        else:
            body = widget.view(canvas)
        return render_question(
            viewport,
            self.header,
            body,
            self._key_hints(wide=viewport.width >= MIN_WIDE_PAGE_WIDTH),
            problems=self.problems,
            panel=self.panel,
            page=self.page,
            command=self.command,
            saves=self.stop_hint != UNSAVED_STOP_HINT,
        )

    def with_problems(self, problems: tuple[Problem, ...]) -> QuestionState:
        return replace(self, problems=problems, panel="")

    def _panel_after(self, press: Press) -> Panel | None:
        """The panel that `press` opens, "" if it closes one; None where it does neither."""
        if press is Key.HELP:
            return "" if self.panel == "keys" else "keys"
        if press is Key.WHY or (press == "?" and not self.widget.takes_text):
            return "" if self.panel == "why" else "why"
        return "" if press is Key.ESCAPE and (self.panel or self.problems) else None

    def _press_in_widget(self, press: Press) -> QuestionState | QuestionEnd:
        if isinstance(press, str) and not self.widget.takes_text:
            if len(press) > MAX_KEY_PASTE:
                message = f"That has {len(press):,} characters, but this takes only keys and numbers. It was ignored."
                return self.with_problems((Problem("too-long", message, "F2 lists the keys."),))
            if press.startswith(":"):
                return replace(self, command=create_buffer(press), problems=(), panel="")
        if press in (Key.ENTER, Key.SUBMIT) and self.widget.input_line().startswith((":", "：")):
            return self._submit_command(press)
        return self._update_widget(self.widget, press)

    def _update_widget(self, widget: Widget, press: Press) -> QuestionState | QuestionEnd:
        try:
            after = widget.press(press)
        except Refused as refused:
            return self.with_problems(refused.problems)
        match after:
            case None:
                return self._navigate(press)
            case Submit() | Skip():
                return after
        changed = self._remember(press) if _is_change(press, widget, after) else replace(self, typed="")
        return replace(changed, widget=after, problems=(), panel="")

    def _remember(self, press: Press) -> QuestionState:
        """With the widget as it is, so that the change that `press` makes can be undone. A typed word counts as one."""
        if not isinstance(press, str) or len(press) > 1 or not self.widget.takes_text:
            return replace(self, undo=(*self.undo, self.widget)[-MAX_UNDO:], typed="")
        continues = self.typed and (press.isspace() or not self.typed.isspace())
        undo = self.undo if continues else (*self.undo, self.widget)[-MAX_UNDO:]
        return replace(self, undo=undo, typed=press)

    def _undo_change(self) -> QuestionState:
        if not self.undo:
            return replace(self, typed="")
        return replace(self, widget=self.undo[-1], undo=self.undo[:-1], typed="", problems=(), panel="")

    def _submit_command(self, press: Press) -> QuestionState | QuestionEnd:
        """Run a command that was typed as an answer. Any other text is an answer; `::x` stands for the text `:x`."""
        typed = self.widget.input_line()
        try:
            command = parse_command(typed)
        except Refused as refused:
            return self.with_problems(refused.problems)
        if command == typed:  # a text, with the cursor wherever it is
            return self._update_widget(self.widget, press)
        if isinstance(command, LineCommand):
            return replace(self, widget=self.widget.with_input_line("")).press(COMMAND_KEYS[command])
        return self._update_widget(self.widget.with_input_line(command), press)

    def _press_in_command(self, command: EditBuffer, press: Press) -> QuestionState | QuestionEnd:
        closed = replace(self, command=None, problems=())
        try:
            if press in (Key.ENTER, Key.SUBMIT):
                parsed = parse_command(command.text)
                return closed.press(COMMAND_KEYS[parsed]) if isinstance(parsed, LineCommand) else closed
            buffer = None if press is Key.ESCAPE else command.press(press)
        except Refused as refused:
            return self.with_problems(refused.problems)
        return replace(self, command=buffer, problems=()) if buffer is not None and buffer.text else closed

    def _navigate(self, press: Press) -> QuestionState | QuestionEnd:
        if press is Key.EDITOR and self.widget.editor_text() is not None:
            return OpenEditor()
        if not self.aside:
            match press:
                case Key.BACK:
                    return Back()
                case Key.FORWARD:
                    return Forward()
                case Key.REVIEW:
                    return OpenReview()
                case Key.SKIP:
                    return Skip()
        return self

    def _key_hints(self, *, wide: bool) -> tuple[str, ...]:
        hints = self.widget.key_hints
        if not self.aside:
            back = () if any(each.startswith("Shift-Tab") for each in hints) else ("Shift-Tab back",)
            why = ("F1 why" if self.widget.takes_text else "? why",) if self.header.ask else ()
            hints = (*hints, *back, *why, *(("Ctrl-R review",) if wide else ()))
        return (*hints, "F2 keys", self.stop_hint)


@frozen
class Header:
    """What is shown above a widget. `number` is 0 outside an interview. `complaint` says why the question is asked again.

    `is_bare`: there is nothing above it, not even empty rows.
    """

    stage: str
    ask: str
    hint: str = ""
    complaint: str = ""
    number: int = 0
    of: int = 0
    why: str = ""
    sources: tuple[str, ...] = ()
    is_bare: bool = False


@frozen
class Viewport:
    """The terminal window: its size (0 lines: unknown), and the characters it can show."""

    columns: int
    lines: int
    symbols: Symbols
    encoding: str = "utf-8"

    @property
    def width(self) -> int:
        return limit_page_width(self.columns)

    @property
    def margin(self) -> str:
        return "  " if self.width >= MIN_WIDE_PAGE_WIDTH else ""

    @property
    def canvas(self) -> Canvas:
        return Canvas(self.width - len(self.margin) - 3, self.symbols, self.encoding, self.lines)

    def lead(self, symbol: str, style: str = "dim") -> Row:
        return (("", self.margin), (style, symbol), ("", " "))

    def add_gutter(self, rows: list[Row] | tuple[Row, ...]) -> list[Row]:
        return [(*self.lead(self.symbols.gutter), *row) for row in rows]


def render_question(
    viewport: Viewport,
    header: Header,
    body: Block,
    key_hints: tuple[str, ...],
    *,
    problems: tuple[Problem, ...] = (),
    panel: Panel = "",
    page: int = 0,
    command: EditBuffer | None = None,
    saves: bool = True,
) -> Block:
    """The whole question. If it is higher than the window, it is cut to the rows around the cursor, or to the open panel.

    `page` is the page of a panel that is higher than the window, and wraps around. Problems, and a command that is being
    typed, always show.
    """
    above = _render_header(viewport, header)
    opened = viewport.add_gutter(_render_panel(viewport.canvas, header, panel, saves=saves))
    problem_rows = _render_problems(viewport.canvas, problems)
    typed = _render_command(viewport.canvas, command)
    messages = viewport.add_gutter([*problem_rows, *typed.rows])
    below = [] if header.is_bare else viewport.add_gutter([()])
    rows = [*above, *viewport.add_gutter(body.rows), *opened, *below]
    left = sum(count_cells(part) for _, part in viewport.lead(viewport.symbols.gutter))
    cursor = len(above) + body.cursor[0], left + body.cursor[1]
    block = replace(body, rows=tuple(rows), cursor=cursor)
    hint_rows = _render_key_hints(viewport, key_hints)
    typing = None if command is None else (len(problem_rows) + typed.cursor[0], left + typed.cursor[1])
    return _fit_window(viewport, block, messages, hint_rows, panel=len(opened), page=page, typing=typing)


def render_scrollback(piece: ViewModel, viewport: Viewport, *, color: bool) -> str | None:
    """A view model that stays in the scrollback, as text; None if only the Rich renderer can draw it.

    These few are drawn here because importing Rich takes too long before a first question.
    """
    rows = _render_scrollback_rows(piece, viewport)
    return None if rows is None else format_ansi(rows, color=color)


def _is_change(press: Press, before: Widget, after: Widget) -> bool:
    """Did `press` change more than the position of the cursor?"""
    if press in MOVING_KEYS or (press in ("h", "j", "k", "l") and not before.takes_text):
        return before.editor_text() != after.editor_text()
    return after != before


def _render_header(viewport: Viewport, header: Header) -> list[Row]:
    if header.is_bare:
        return []
    text = _render_text(viewport.canvas, header)
    if header.stage:
        return [*viewport.add_gutter([()]), *_render_stage(viewport, header), *viewport.add_gutter([*text, ()])]
    if not text:
        return viewport.add_gutter([()])
    first = (*viewport.lead(viewport.symbols.current, "bold cyan"), *text[0])
    return [*viewport.add_gutter([()]), first, *viewport.add_gutter([*text[1:], ()])]


def _render_stage(viewport: Viewport, header: Header) -> list[Row]:
    """`◆ First hour                2 of 5 ●●○○○`."""
    progress = f"{header.number} of {header.of}" if header.number else ""
    if header.number and header.of <= MAX_DOTS and viewport.width >= MIN_WIDE_PAGE_WIDTH:
        symbols = viewport.symbols
        progress += f" {symbols.filled_dot * header.number}{symbols.empty_dot * (header.of - header.number)}"
    lead = viewport.lead(viewport.symbols.current, "bold cyan")
    width = viewport.width - sum(count_cells(part) for _, part in lead)
    stage = viewport.canvas.shorten(header.stage, width - count_cells(progress) - 3)
    return [
        (
            *lead,
            ("cyan", stage),
            ("", " " * (width - count_cells(stage) - count_cells(progress) - 1)),
            ("dim", progress),
        ),
    ]


def _render_text(canvas: Canvas, header: Header) -> list[Row]:
    rows = canvas.prose(header.ask, "bold") if header.ask else []
    rows += canvas.prose(header.hint, "dim") if header.hint else []
    return rows + (canvas.prose(header.complaint, "yellow") if header.complaint else [])


def _render_problems(canvas: Canvas, problems: tuple[Problem, ...]) -> list[Row]:
    rows = [
        row
        for each in problems
        for row in canvas.prose(f"{each.message} {each.hint}".strip(), "", first=(("bold red", "! "),))
    ]
    return [*rows, ()] if rows else []


def _render_command(canvas: Canvas, command: EditBuffer | None) -> Block:
    if command is None:
        return Block(())
    return canvas.input(command.text, command.cursor, first=(canvas.pointer(here=True),))


def _render_panel(canvas: Canvas, header: Header, panel: Panel, *, saves: bool) -> list[Row]:
    if panel == "keys":
        width = max(len(name) for name, _ in HELP_ROWS) + 1 if canvas.width >= MIN_WIDE_PAGE_WIDTH - 4 else 0
        rows = (
            HELP_ROWS
            if saves
            else [(name, "stop" if name == Key.STOP.name_shown else meaning) for name, meaning in HELP_ROWS]
        )
        return [(), *(row for name, meaning in rows for row in _render_key_help(canvas, name, meaning, width))]
    if panel != "why":
        return []
    if not header.why and not header.sources:
        return [(), *canvas.prose("No reason is given for this question.", "italic")]
    why = canvas.prose(header.why, "italic") if header.why else []
    return [(), *why, *(row for each in header.sources for row in canvas.prose(each, "dim"))]


def _render_key_help(canvas: Canvas, name: str, meaning: str, width: int) -> list[Row]:
    return canvas.prose(
        meaning, "dim", first=(("bold", f"{name:<{width}} " if width else f"{name}: "),), rest=" " * (width + 1)
    )


def _render_key_hints(viewport: Viewport, key_hints: tuple[str, ...]) -> list[Row]:
    """The key hints on as few rows as possible. No hint is broken."""
    dot = f" {viewport.symbols.dot} "
    rows = [""]
    for hint in key_hints:
        joined = f"{rows[-1]}{dot}{hint}" if rows[-1] else hint
        if rows[-1] and count_cells(joined) > viewport.canvas.width:
            rows.append(hint)
        else:
            rows[-1] = joined
    return [
        (*viewport.lead(viewport.symbols.gutter_end if not place else " "), ("dim", row))
        for place, row in enumerate(rows)
    ]


def _fit_window(
    viewport: Viewport,
    block: Block,
    messages: list[Row],
    hints: list[Row],
    *,
    panel: int,
    page: int,
    typing: tuple[int, int] | None,
) -> Block:
    """What fits into the window: first the messages, then the block, then the key hints.

    `panel` is the height of the open panel, which ends one row above the bottom of the block. It shows from its first
    row, or from the beginning of `page`. `typing` is the position of the cursor where it is in the messages.
    """
    rows = block.rows
    if viewport.lines <= 0 or len(rows) + len(messages) + len(hints) <= viewport.lines:
        cursor = (len(rows) + typing[0], typing[1]) if typing else block.cursor
        return replace(block, rows=(*rows, *messages, *hints), cursor=cursor)
    hints = hints[: max(0, viewport.lines - len(messages) - MIN_LINES)]
    height = max(1, viewport.lines - len(messages) - len(hints))
    start = _find_first_panel_row(len(rows), height, panel, page) if panel else _find_first_row(block, height)
    shown = list(rows[start : start + height])
    turn = ", PgUp or PgDn" if panel > height else ""
    cut = viewport.symbols.ellipsis
    if start:
        count = "more" if block.is_cut else f"{start + 1} rows"
        shown[0] = (*viewport.lead(viewport.symbols.gutter), ("dim", f"{cut} {count} above{turn}"))
    rest = len(rows) - start - height
    if rest > 0 and height > MIN_LINES:
        count = "more" if block.is_cut else f"{rest + 1} rows"
        shown[-1] = (*viewport.lead(viewport.symbols.gutter), ("dim", f"{cut} {count} below{turn}"))
    at, cell = block.cursor
    room = max(1, viewport.lines - len(shown))
    first = max(0, len(messages) - room) if typing else 0
    messages = messages[first : first + room] if typing or len(shown) < viewport.lines else []
    cursor = max(0, min(at - start, len(shown) - 1)), cell
    cursor = (len(shown) + max(0, typing[0] - first), typing[1]) if typing else cursor
    return Block((*shown, *messages, *hints), cursor)


def _find_first_row(block: Block, height: int) -> int:
    """The first row that shows, so that the cursor and what belongs to it are in view."""
    at = block.cursor[0]
    below = min(block.keep_visible, max(1, height - 2))
    return max(0, min(at + below - height + 1, len(block.rows) - height, at - 1))


def _find_first_panel_row(rows: int, height: int, panel: int, page: int) -> int:
    last = max(0, rows - height)
    first = min(last, max(0, rows - panel - 2))
    step = max(1, height - 2)
    pages = 1 + -(-(last - first) // step)
    return min(last, first + page % pages * step)


def _render_scrollback_rows(piece: ViewModel, viewport: Viewport) -> list[Row] | None:
    canvas = viewport.canvas
    match piece:
        case StageHeader(title, intro):
            rows: list[Row] = [(), *canvas.prose(title, "bold"), *canvas.prose(intro, "italic")]
            return viewport.add_gutter(rows) if intro else []
        case Note(heading, text):
            return viewport.add_gutter([(), *canvas.prose(heading, "bold"), *canvas.prose(text)])
        case InfoMessage(text):
            return viewport.add_gutter(canvas.prose(text, "italic"))
        case ErrorMessage(message, hint):
            return viewport.add_gutter(canvas.prose(f"{message} {hint}".strip(), first=(("bold red", "! "),)))
        case SavedAnswer(ask, shown):
            return [_render_answer(viewport, viewport.lead(viewport.symbols.done, "green"), ask, shown)]
        case Skipped(ask):
            return [_render_answer(viewport, viewport.lead(viewport.symbols.skipped), ask, piece.label)]
    return None


def _render_answer(viewport: Viewport, lead: Row, ask: str, shown: str) -> Row:
    """The question and its answer side by side on one row."""
    width = viewport.width - sum(count_cells(part) for _, part in lead) - 4
    ask, gap, shown = viewport.canvas.two_columns(ask, shown, width)
    return (*lead, ("dim", ask), ("", gap), ("", shown))
