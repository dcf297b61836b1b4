"""Which front end it is: the rich look at a full terminal, the plain one everywhere else."""

from __future__ import annotations

import os
from datetime import date
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from careerkit.terminal.editor import Editor, EditorUse, anywhere
from careerkit.terminal.plain_look import PlainLook
from careerkit.terminal.stand_ins import symbols_for
from careerkit.terminal.surface import Size, Surface

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from careerkit.coaching.screen import Screen
    from careerkit.terminal.look import Look


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
    editor_use: Callable[[], EditorUse] = anywhere,
) -> Screen:
    """The front end for these streams: the conversation goes to `stderr`, card and conclusion to `stdout`.

    Keys at a full terminal. Plain where it is asked for, where a stream is no terminal, or with TERM=dumb. `columns` is the page's width; None
    follows the terminal. `encoding` is that of both outputs (None: what they say). `today` is what `+2w` counts from.
    One stream may be given as both outputs. `editor_use` is asked when the person wants the editor.
    """
    editor = Editor(environment, editor_use)
    streams = (stdin, stdout, stderr)
    look, size = choose_look(
        plain=plain, color=color, streams=streams, columns=columns, encoding=encoding, environment=environment
    )
    if isinstance(stdin, TextIOWrapper):
        stdin.reconfigure(errors="surrogateescape")  # so that a line that is not UTF-8 can be told, and lost alone
    if size is not None:
        return _key_screen(
            streams,
            look,
            size,
            color=color and not environment.get("NO_COLOR"),
            columns=columns,
            encoding=encoding,
            today=today,
            editor=editor,
        )
    from careerkit.terminal.line_screen import LineScreen
    from careerkit.terminal.talk import Talk

    talk = Talk(
        stdin,
        Surface(stderr, size=size),
        look,
        encoding=encoding or encoding_of(stdout, stderr),
        editor=editor,
        interactive=stdin.isatty(),
    )
    return LineScreen(talk, results=stdout, today=today)


def choose_look(
    *,
    plain: bool,
    color: bool,
    streams: tuple[TextIO, ...],
    columns: int | None = None,
    encoding: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> tuple[Look, Size | None]:
    """The look for these streams, of which the last one's width counts, and its size where the look may rewrite."""
    if plain or environment.get("TERM") == "dumb" or not all(stream.isatty() for stream in streams):
        return PlainLook(), None
    from careerkit.terminal.rich_look import RichLook  # only here

    size = size_of(streams[-1])
    look = RichLook(
        columns=(lambda: size()[0]) if columns is None else (lambda: columns),
        color=color and not environment.get("NO_COLOR"),
        symbols=symbols_for(encoding or encoding_of(*streams[-2:])),
    )
    return look, size


def encoding_of(*streams: TextIO) -> str:
    """An encoding whose characters all of the streams can carry."""
    encodings = {stream.encoding or "ascii" for stream in streams}
    return encodings.pop() if len(encodings) == 1 else "ascii"


def size_of(stream: TextIO) -> Size:
    """The columns and lines of the terminal behind `stream`; no lines where that is not known."""

    def size() -> tuple[int, int]:
        try:
            columns, lines = os.get_terminal_size(stream.fileno())
        except (OSError, ValueError):
            return 80, 0
        return (columns or 80), lines

    return size


def _key_screen(
    streams: tuple[TextIO, TextIO, TextIO],
    look: Look,
    size: Size,
    *,
    color: bool,
    columns: int | None,
    encoding: str | None,
    today: Callable[[], date],
    editor: Editor,
) -> Screen:
    from careerkit.terminal.keys.frame import Sheet
    from careerkit.terminal.keys.key_screen import KeyScreen

    stdin, stdout, stderr = streams
    written = encoding or encoding_of(stdout, stderr)
    symbols = symbols_for(written)

    def sheet() -> Sheet:
        wide, lines = size()
        return Sheet(wide if columns is None else columns, lines, symbols, written)

    return KeyScreen(
        stdin=stdin,
        out=stderr,
        results=stdout,
        look=look,
        sheet=sheet,
        color=color,
        editor=editor,
        today=today,
    )
