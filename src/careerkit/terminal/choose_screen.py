"""Choose the front end and the renderer that suit the streams: keys and Rich at a full terminal, plain lines everywhere else."""

from __future__ import annotations

import os
from datetime import date
from io import TextIOWrapper

from careerkit.terminal.banner import format_banner, is_full_terminal, limit_page_width
from careerkit.terminal.plain_renderer import PlainRenderer
from careerkit.terminal.sanitize import choose_symbols
from careerkit.terminal.view_models import Banner, ViewModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

    from careerkit.coaching.screen import Screen
    from careerkit.terminal.erasable_output import SizeProvider
    from careerkit.terminal.external_programs import Editor, EditorPolicy
    from careerkit.terminal.rich_renderer import RichRenderer
    from careerkit.terminal.sanitize import Symbols
    from careerkit.terminal.view_models import Renderer


def choose_screen(
    *,
    plain: bool,
    color: bool,
    stdin: TextIO,
    stdout: TextIO,
    stderr: TextIO,
    columns: int | None = None,
    encoding: str | None = None,
    today: Callable[[], date] = date.today,
    environment: Mapping[str, str] = os.environ,
    get_editor_policy: Callable[[], EditorPolicy] | None = None,
    use_ascii: bool = False,
    saves: bool = True,
) -> Screen:
    """The screen for these streams: the conversation goes to `stderr`, the card and the result to `stdout`.

    It takes keys if choose_renderer finds a full terminal, otherwise lines. `columns` is the page width (None: follow
    the terminal), `encoding` that of both outputs (None: ask the streams), which may be the same stream. Relative dates
    such as `+2w` count from `today`. `get_editor_policy` is called each time the person opens the editor.
    `use_ascii`: the person prefers ASCII symbols. Without `saves`, nothing says that answers are saved.
    """
    from careerkit.terminal.external_programs import Editor, allow_anywhere  # what is only shown needs no editor

    editor = Editor(environment, get_editor_policy or allow_anywhere)
    streams = (stdin, stdout, stderr)
    renderer, size = choose_renderer(
        plain=plain,
        color=color,
        streams=streams,
        columns=columns,
        encoding=encoding,
        environment=environment,
        use_ascii=use_ascii,
    )
    if isinstance(stdin, TextIOWrapper):
        stdin.reconfigure(errors="surrogateescape")  # so that only a line that isn't UTF-8 is refused, not all input
    if size is not None:
        return _build_key_screen(
            streams,
            renderer,
            size,
            color=color and not environment.get("NO_COLOR"),
            columns=columns,
            encoding=encoding,
            today=today,
            editor=editor,
            use_ascii=use_ascii,
            saves=saves,
        )
    from careerkit.terminal.erasable_output import ErasableOutput
    from careerkit.terminal.lines.dialog import Dialog
    from careerkit.terminal.lines.line_editor import open_reader
    from careerkit.terminal.lines.line_screen import LineScreen

    dialog = Dialog(
        open_reader(stdin) if isinstance(stdin, TextIOWrapper) and stdin.isatty() else stdin,
        ErasableOutput(stderr, size=size),
        renderer if saves else PlainRenderer(saves=False),
        encoding=encoding or find_common_encoding(stdout, stderr),
        editor=editor,
        interactive=stdin.isatty(),
        saves=saves,
    )
    return LineScreen(dialog, results=stdout, today=today)


def choose_renderer(
    *,
    plain: bool,
    color: bool,
    streams: tuple[TextIO, ...],
    columns: int | None = None,
    encoding: str | None = None,
    environment: Mapping[str, str] = os.environ,
    use_ascii: bool = False,
) -> tuple[Renderer, SizeProvider | None]:
    """The renderer for these streams, and the size of the last one; None for the plain renderer, which never redraws."""
    if not is_full_terminal(streams, plain=plain, environment=environment):
        return PlainRenderer(), None
    size = make_size_provider(streams[-1])
    renderer = LazyRichRenderer(
        get_columns=(lambda: size()[0]) if columns is None else (lambda: columns),
        color=color and not environment.get("NO_COLOR"),
        symbols=choose_symbols(encoding or find_common_encoding(*streams[-2:]), use_ascii=use_ascii),
    )
    return renderer, size


def find_common_encoding(*streams: TextIO) -> str:
    """The encoding of the streams, or ASCII if they differ."""
    encodings = {stream.encoding or "ascii" for stream in streams}
    return encodings.pop() if len(encodings) == 1 else "ascii"


def make_size_provider(stream: TextIO) -> SizeProvider:
    """A function that returns the columns and lines of the terminal behind `stream`: 80 and 0 if they are unknown."""

    def size() -> tuple[int, int]:
        try:
            columns, lines = os.get_terminal_size(stream.fileno())
        except (OSError, ValueError):
            return 80, 0
        return (columns or 80), lines

    return size


def _build_key_screen(
    streams: tuple[TextIO, TextIO, TextIO],
    renderer: Renderer,
    size: SizeProvider,
    *,
    color: bool,
    columns: int | None,
    encoding: str | None,
    today: Callable[[], date],
    editor: Editor,
    use_ascii: bool,
    saves: bool,
) -> Screen:
    from careerkit.terminal.keys.key_screen import KeyScreen
    from careerkit.terminal.keys.render import Viewport
    from careerkit.terminal.keys.runner import PromptRunner

    stdin, stdout, stderr = streams
    output_encoding = encoding or find_common_encoding(stdout, stderr)
    symbols = choose_symbols(output_encoding, use_ascii=use_ascii)

    def viewport() -> Viewport:
        terminal_columns, lines = size()
        return Viewport(terminal_columns if columns is None else columns, lines, symbols, output_encoding)

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


class LazyRichRenderer:
    """A RichRenderer that imports Rich when it first needs it, and follows the terminal's width.

    `get_columns` is called for every view model, so that a resized window takes effect at once. A banner needs no Rich.
    """

    def __init__(self, *, get_columns: Callable[[], int], color: bool, symbols: Symbols) -> None:
        self._get_columns = get_columns
        self._color = color
        self._symbols = symbols
        self._renderer: RichRenderer | None = None

    def render(self, view_model: ViewModel) -> str:
        columns = limit_page_width(self._get_columns())
        if isinstance(view_model, Banner):
            dot = self._symbols.dot
            return format_banner(
                view_model.title, view_model.minutes, view_model.note, columns=columns, color=self._color, dot=dot
            )
        if self._renderer is None or self._renderer.page.columns != columns:
            from careerkit.terminal.rich_renderer import RichRenderer  # importing Rich takes a tenth of a second

            self._renderer = RichRenderer(columns, color=self._color, symbols=self._symbols)
        return self._renderer.render(view_model)
