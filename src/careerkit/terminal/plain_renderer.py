"""Choose the front end and the renderer that suit the streams, and the plain renderer, which suits all of them."""

from __future__ import annotations

import os
from datetime import date
from io import TextIOWrapper

from careerkit.core.text import abbreviate
from careerkit.core.values import collapse_spaces
from careerkit.terminal import view_models
from careerkit.terminal.banner import format_banner, is_full_terminal, limit_page_width
from careerkit.terminal.sanitize import choose_symbols
from careerkit.terminal.view_models import Banner, ViewModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TextIO

    from careerkit.coaching.ports import Screen
    from careerkit.terminal.editor import EditorPolicy
    from careerkit.terminal.rich_renderer import RichRenderer
    from careerkit.terminal.sanitize import Symbols
    from careerkit.terminal.tty import SizeProvider
    from careerkit.terminal.view_models import Renderer

SENTENCE_ENDINGS = (".", "!", "?", ":", ";", "…")
MAX_ANSWER_LENGTH = 200
"""Characters of an answer that is only mentioned; the rest is cut."""

SAVE_HINT, STOP_HINT = ":save to stop", "Ctrl-C to stop"
MAX_INITIAL_LENGTH = 3
"""Of a name that is shortened to its first letters, with the full stop."""


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
    from careerkit.terminal.editor import Editor, allow_anywhere  # what is only shown needs no editor

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
        from careerkit.terminal.keys.key_screen import open_key_screen

        return open_key_screen(
            streams,
            renderer,
            size,
            color=color and not environment.get("NO_COLOR"),
            columns=columns,
            encoding=encoding or find_common_encoding(stdout, stderr),
            today=today,
            editor=editor,
            use_ascii=use_ascii,
            saves=saves,
        )
    from careerkit.terminal.line_screen import open_line_screen

    return open_line_screen(
        streams,
        renderer if saves else PlainRenderer(saves=False),
        encoding=encoding or find_common_encoding(stdout, stderr),
        today=today,
        editor=editor,
        saves=saves,
    )


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


class PlainRenderer:
    """`saves`: answers are saved, and the wording says so. In a preview they aren't."""

    def __init__(self, *, saves: bool = True) -> None:
        self._saves = saves

    def render(self, view_model: view_models.ViewModel) -> str:
        """`view_model` as text, always in whole lines: after a prompt, the person types on a line of its own."""
        lines = _render_lines(view_model) if self._saves else _render_unsaved(view_model)
        return "".join(f"{line}\n" for line in lines)


def format_sentence(text: str) -> str:
    """`text` on one line, with a full stop unless it already ends with punctuation."""
    line = collapse_spaces(text)
    return line if not line or line.rstrip("'\")").endswith(SENTENCE_ENDINGS) else f"{line}."


def _render_unsaved(view_model: view_models.ViewModel) -> Iterator[str]:
    match view_model:
        case view_models.Banner():
            yield from (line.replace(SAVE_HINT, STOP_HINT) for line in _render_lines(view_model))
        case view_models.SavedAnswer(_, shown, repeats_input):
            yield f"Answer: {format_sentence(_shorten(shown))}" if repeats_input and shown else "Noted."
        case _:
            yield from _render_lines(view_model)


def _render_lines(view_model: view_models.ViewModel) -> Iterator[str]:
    match view_model:
        case view_models.Banner(title, minutes, note):
            yield format_sentence(title)
            yield (f"About {minutes} minutes. " if minutes else "") + "Stays on this machine."
            yield f"Type :help for the commands, :back to go back, {SAVE_HINT}."
            yield from _render_optional(note)
        case view_models.StageHeader(title, intro):
            yield ""
            yield f"Stage: {format_sentence(title)}"
            yield from _render_optional(intro)
        case view_models.Note(heading, text):
            yield ""
            yield format_sentence(heading)
            yield from _render_paragraphs(text)
        case view_models.QuestionHeader():
            yield from _render_question(view_model)
        case view_models.PartHeader(text, hint, starts_group):
            if starts_group:
                yield ""
            yield format_sentence(text)
            yield from _render_optional(hint)
        case view_models.OptionList(options):
            yield from (_format_option(each) for each in options)
        case view_models.Prompt(expected, on_enter):
            sentences = [format_sentence(expected), f"Enter {format_sentence(on_enter)}" if on_enter else ""]
            yield from _render_optional(" ".join(each for each in sentences if each))
        case view_models.SavedAnswer(_, shown, repeats_input):
            yield f"Saved: {format_sentence(_shorten(shown))}" if repeats_input and shown else "Saved."
        case view_models.Skipped():
            yield format_sentence(view_model.label.capitalize())
        case view_models.ErrorMessage(message, hint):
            yield " ".join(format_sentence(each) for each in (message, hint) if each)
        case view_models.InfoMessage(text):
            yield collapse_spaces(text)
        case view_models.Rationale() | view_models.CommandHelp():
            yield from _render_on_request(view_model)
        case _:
            yield from _render_outcome(view_model)


def _render_question(header: view_models.QuestionHeader) -> Iterator[str]:
    place = f"Question {header.number} of {header.total}" if header.number else header.stage
    if header.is_repeat:
        yield f"{place} again: {format_sentence(header.ask)}"
        return
    yield ""
    yield f"{place}, {format_sentence(header.stage)}" if header.number else format_sentence(place)
    yield format_sentence(header.ask)
    yield from _render_optional(header.hint)
    yield from _render_optional(header.error)


def _format_option(option: view_models.Option) -> str:
    number = "" if option.number is None else f"{option.number}. "
    chosen = " Your previous choice." if option.is_selected else ""
    hint = f" {format_sentence(option.hint)}" if option.hint else ""
    return f"{number}{format_sentence(_shorten(option.label))}{hint}{chosen}"


def _render_on_request(view_model: view_models.Rationale | view_models.CommandHelp) -> Iterator[str]:
    match view_model:
        case view_models.Rationale(text, sources):
            yield format_sentence(text) if text or sources else "No reason is given for this question."
            yield from (f"Source: {format_sentence(each)}" for each in sources)
        case view_models.CommandHelp(rows):
            yield from (f"{name} {format_sentence(meaning)}" for name, meaning in rows)


def _render_outcome(view_model: view_models.ViewModel) -> Iterator[str]:
    match view_model:
        case view_models.Heading(text):
            yield ""
            yield format_sentence(text)
        case view_models.Headline(level, text):
            yield ""
            first, *others = text.split("\n")
            yield f"{view_models.HEADLINE_LABELS[level]}{format_sentence(first)}"
            yield from map(format_sentence, others)
        case view_models.Gap():
            yield ""
        case view_models.PartList(parts, is_short):
            yield from [", ".join(map(" ".join, parts))] if is_short else [f"{key}: {what}" for key, what in parts]
        case view_models.FindingTitle(level, title):
            yield ""
            yield f"{view_models.LEVEL_LABELS[level]}: {format_sentence(title)}"
        case view_models.Paragraphs(text):
            yield from _render_paragraphs(text)
        case view_models.BulletList(heading, items):
            yield f"{heading}:"
            yield from (f"- {format_sentence(each)}" for each in items)
        case view_models.ReasonList(pairs):
            yield "Because you said:"
            yield from (f"- {format_sentence(ask)} {format_sentence(_shorten(shown))}" for ask, shown in pairs)
        case view_models.AnswerList(pairs):
            yield from (f"{format_sentence(ask)} {shown.strip()}" for ask, shown in pairs)
        case view_models.SecondaryText(text):
            yield collapse_spaces(text)
        case view_models.Figure():
            yield _format_figure(view_model)
        case view_models.BarChart(rows, heading):
            yield from [f"{heading}:"] if heading else []
            yield from (f"{label}{_format_colon(label)} {format_sentence(value)}" for label, value, _ in rows)
        case view_models.PeopleDiagram(people_map):
            yield from (f"- {format_sentence(f'{each.name}: {each.words}')}" for each in people_map.people)
        case view_models.PlanList(steps):
            for step in steps:
                yield from _render_step(step)
        case view_models.DraftText(title, to, text):
            yield ""
            yield f"Draft: {format_sentence(title)}" + (f" To: {format_sentence(to)}" if to else "")
            yield ""
            yield from text.split("\n")
            yield ""
        case _:
            raise TypeError(type(view_model).__name__)


def _format_figure(figure: view_models.Figure) -> str:
    number = f"{figure.number}. " if figure.number else ""
    source = f" ({figure.threshold_source})" if figure.threshold_source else ""
    band = f", {figure.band}{source}" if figure.band else ""
    arithmetic = f" Calculation: {format_sentence(figure.arithmetic)}" if figure.arithmetic else ""
    value = format_sentence(figure.shown + band)
    return f"{number}{collapse_spaces(figure.label)}{_format_colon(figure.label)} {value}{arithmetic}"


def _render_step(step: view_models.PlanStep) -> Iterator[str]:
    start = f"{step.number}." if step.number else "-"
    state = f" ({step.state})" if step.state else ""
    yield f"{start} {step.due}{state}: {format_sentence(step.action)}"
    if step.cue:
        yield f"Cue: {format_sentence(step.cue)}"
    if step.evidence:
        yield f"Done when: {format_sentence(step.evidence)}"
    yield from map(collapse_spaces, step.notes)


def _format_colon(label: str) -> str:
    """A colon after a label that isn't a sentence. One that ends with an initial, such as "Told to M.", isn't."""
    last = label.rpartition(" ")[2].lstrip("'\"(")
    is_initial = label.endswith(".") and len(last) <= MAX_INITIAL_LENGTH and last[:1].isupper()
    return ":" if is_initial or not label.endswith(SENTENCE_ENDINGS) else ""


def _render_paragraphs(text: str) -> Iterator[str]:
    yield from (line for line in text.split("\n") if line.strip())


def _render_optional(text: str) -> Iterator[str]:
    if text:
        yield format_sentence(text)


def _shorten(text: str) -> str:
    return abbreviate(text, MAX_ANSWER_LENGTH, ellipsis=" ...")
