"""The Rich renderer: the conversation along a gutter, and the outcome as text, charts and tables."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from careerkit.core.text import fit_into_sentence, fit_width
from careerkit.terminal import view_models
from careerkit.terminal.banner import MIN_WIDE_PAGE_WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from careerkit.core.journal.people import PeopleMap
    from careerkit.core.values import Level
    from careerkit.terminal.sanitize import Symbols


COMMAND_HINTS = ":back", ":why", ":skip", ":review", ":help", "Ctrl-C stop and save"
SHORT_COMMAND_HINT = ":help lists the commands"
MAX_PROGRESS_DOTS = 12
MIN_TABLE_WIDTH = 60
MAX_BAR_WIDTH, MIN_BAR_WIDTH = 20, 8
MAX_LABEL_WIDTH = 24
LEVEL_STYLES: dict[Level, str] = {"stop": "bold red", "care": "bold yellow", "good": "bold green", "info": "bold cyan"}


class RichRenderer:
    """Renders view models for a page of `columns`; what isn't part of the conversation goes to RichOutcomeRenderer."""

    def __init__(self, columns: int, *, color: bool, symbols: Symbols) -> None:
        self.page = RichPage(columns, color=color, ellipsis=symbols.ellipsis)
        self._symbols = symbols
        self._margin = "  " if columns >= MIN_WIDE_PAGE_WIDTH else ""
        self._outcome = RichOutcomeRenderer(self.page, symbols, margin=self._margin)
        self._last_line = ""

    def render(self, view_model: view_models.ViewModel) -> str:
        if isinstance(view_model, view_models.Prompt) and view_model.is_continuation:
            return self._start_gutter_line("  ").plain
        if isinstance(view_model, view_models.Prompt):
            return (
                self._write(self._render_prompt_hints(view_model))
                + self._start_line(self._symbols.gutter_end, f"{self._symbols.prompt} ").plain
            )
        return self._write(self._render_lines(view_model))

    def _write(self, lines: list[Text]) -> str:
        """The lines as text, without a first line that would repeat the empty line above it."""
        if lines and self._is_empty(lines[0]) and lines[0].plain == self._last_line:
            lines = lines[1:]
        if lines:
            self._last_line = lines[-1].plain
        return self.page.render_lines(lines)

    def _is_empty(self, line: Text) -> bool:
        return line.plain.strip() in ("", self._symbols.gutter)

    def _render_lines(self, view_model: view_models.ViewModel) -> list[Text]:
        match view_model:
            case view_models.StageHeader(title, intro):
                return (
                    [
                        self._render_empty_gutter(),
                        *self._wrap_in_gutter(title, "bold"),
                        *self._wrap_in_gutter(intro, "italic"),
                        self._render_empty_gutter(),
                    ]
                    if intro
                    else []
                )
            case view_models.Note(heading, text):
                return [
                    self._render_empty_gutter(),
                    *self._wrap_in_gutter(heading, "bold"),
                    *self._wrap_in_gutter(text),
                    self._render_empty_gutter(),
                ]
            case view_models.QuestionHeader():
                return self._render_question(view_model)
            case view_models.PartHeader(text, hint, starts_group):
                return [
                    *([self._render_empty_gutter()] if starts_group else []),
                    *self._wrap_in_gutter(text, "bold" if starts_group else ""),
                    *self._wrap_in_gutter(hint, "dim"),
                ]
            case view_models.OptionList(options):
                return [line for option in options for line in self._render_option(option, options)]
            case view_models.SavedAnswer(ask, shown):
                return [self._render_saved_answer(self._symbols.done, "green", ask, shown)]
            case view_models.Skipped(ask):
                return [self._render_saved_answer(self._symbols.skipped, "dim", ask, view_model.label)]
            case view_models.ErrorMessage(message, hint):
                return self.page.wrap(
                    f"{message} {hint}".strip(),
                    "",
                    first_prefix=self._start_gutter_line(("! ", "bold red")),
                    rest_prefix=self._start_gutter_line("  "),
                )
            case view_models.InfoMessage(text):
                return self._wrap_in_gutter(text, "italic")
            case view_models.Rationale():
                return self._render_rationale(view_model)
            case view_models.CommandHelp(rows):
                return [self._render_empty_gutter(), *(line for row in rows for line in self._render_command(*row))]
        return self._outcome.render_lines(view_model)

    # ------------------------------------------------------------ a question

    def _render_question(self, header: view_models.QuestionHeader) -> list[Text]:
        if header.is_repeat:
            return []
        return [
            self._render_empty_gutter(),
            self._render_position(header),
            *self._wrap_in_gutter(header.ask, "bold"),
            *self._wrap_in_gutter(header.hint, "dim"),
            *self._wrap_in_gutter(header.error, "yellow"),
            self._render_empty_gutter(),
        ]

    def _render_position(self, header: view_models.QuestionHeader) -> Text:
        """`◆ First hour                2 of 5 ●●○○○`."""
        place = f"{header.number} of {header.total}" if header.number else ""
        if header.number and header.total <= MAX_PROGRESS_DOTS and self.page.columns >= MIN_WIDE_PAGE_WIDTH:
            place += (
                f" {self._symbols.filled_dot * header.number}{self._symbols.empty_dot * (header.total - header.number)}"
            )
        lead = self._start_line(self._symbols.current, "", "bold cyan")
        stage = self.page.shorten(header.stage, self.page.columns - lead.cell_len - cell_len(place) - 3)
        gap = self.page.columns - lead.cell_len - cell_len(stage) - cell_len(place) - 1
        return Text.assemble(lead, (stage, "cyan"), " " * gap, (place, "dim"))

    def _render_option(self, option: view_models.Option, siblings: tuple[view_models.Option, ...]) -> list[Text]:
        width = max(len(_format_option_number(each)) for each in siblings)
        mark = f"{self._symbols.prompt} " if option.is_selected else "  "
        number = f"{_format_option_number(option):>{width}}"
        first = self._start_gutter_line(mark, (number, "bold cyan"), "  ")
        rest = self._start_gutter_line(" " * (first.cell_len - self._start_gutter_line().cell_len))
        label = self.page.wrap(option.label, "", first_prefix=first, rest_prefix=rest)
        return label + (self.page.wrap(option.hint, "dim", first_prefix=rest, rest_prefix=rest) if option.hint else [])

    def _render_prompt_hints(self, prompt: view_models.Prompt) -> list[Text]:
        enter = f"Enter {self.page.shorten(prompt.on_enter, self.page.columns - 16)}" if prompt.on_enter else ""
        dot = f" {self._symbols.dot} "
        lines = self._wrap_in_gutter(dot.join(part for part in (prompt.expected, enter) if part), "dim")
        if not prompt.lists_commands:
            return lines
        commands = dot.join(COMMAND_HINTS) if self.page.columns >= MIN_WIDE_PAGE_WIDTH else SHORT_COMMAND_HINT
        return [self._render_empty_gutter(), *lines, *self._wrap_in_gutter(commands, "dim")]

    def _render_saved_answer(self, symbol: str, style: str, question: str, answer: str) -> Text:
        """The question and its answer side by side on one line."""
        lead = self._start_line(symbol, "", style)
        room = self.page.columns - lead.cell_len - 4
        answer = self.page.shorten(answer, max(room // 2, room - cell_len(question)))
        question = self.page.shorten(question, room - cell_len(answer))
        gap = max(3, room // 2 + 3 - cell_len(question)) if cell_len(answer) <= room // 2 else 3
        return Text.assemble(lead, (question, "dim"), " " * gap, answer)

    # ------------------------------------------------------------ on request

    def _render_rationale(self, rationale: view_models.Rationale) -> list[Text]:
        if not rationale.text and not rationale.sources:
            return self._wrap_in_gutter("No reason is given for this question.", "italic")
        return [
            *self._wrap_in_gutter(rationale.text, "italic"),
            *(line for each in rationale.sources for line in self._wrap_in_gutter(each, "dim")),
        ]

    def _render_command(self, name: str, meaning: str) -> list[Text]:
        return self.page.wrap(
            meaning,
            "",
            first_prefix=self._start_gutter_line((f"{name:<10}", "bold")),
            rest_prefix=self._start_gutter_line(" " * 10),
        )

    # ------------------------------------------------------------ the gutter

    def _start_line(self, symbol: str, after: str = "", style: str = "dim") -> Text:
        return Text.assemble(self._margin, (symbol, style), " ", after)

    def _start_gutter_line(self, *after: str | tuple[str, str]) -> Text:
        return Text.assemble(self._start_line(self._symbols.gutter), *after)

    def _render_empty_gutter(self) -> Text:
        return self._start_line(self._symbols.gutter)

    def _wrap_in_gutter(self, text: str, style: str = "") -> list[Text]:
        return (
            self.page.wrap(text, style, first_prefix=self._start_gutter_line(), rest_prefix=self._start_gutter_line())
            if text
            else []
        )


def _format_option_number(option: view_models.Option) -> str:
    return "" if option.number is None else str(option.number)


class RichOutcomeRenderer:
    """Renders the view models of an outcome as lines for `page`, each after `margin`."""

    def __init__(self, page: RichPage, symbols: Symbols, *, margin: str) -> None:
        self._page = page
        self._symbols = symbols
        self._margin = margin

    def render_lines(self, view_model: view_models.ViewModel) -> list[Text]:
        match view_model:
            case view_models.Heading(text):
                return [Text(), *self._wrap(text, "bold"), self._draw_rule(), Text()]
            case view_models.Headline(level, text):
                return [Text(), *self._render_headline(level, text)]
            case view_models.Gap():
                return [Text()]
            case view_models.PartList(parts, is_short):
                return self._render_parts(parts, is_short=is_short)
            case view_models.FindingTitle(level, title):
                symbol: str = getattr(self._symbols, level)
                first = Text.assemble(
                    self._margin, (f"{symbol} {view_models.LEVEL_LABELS[level]}: ", LEVEL_STYLES[level])
                )
                return [
                    Text(),
                    *self._page.wrap(title, "bold", first_prefix=first, rest_prefix=Text(f"{self._margin}  ")),
                ]
            case view_models.Paragraphs(text):
                return self._render_paragraphs(text)
            case view_models.BulletList(heading, items):
                return [
                    *self._wrap(heading, "dim", indent=2),
                    *(line for item in items for line in self._render_bullet(item)),
                ]
            case view_models.ReasonList(pairs):
                return self._render_reasons(pairs)
            case view_models.AnswerList(pairs):
                return [
                    line
                    for ask, shown in pairs
                    for line in [*self._wrap(ask, "dim", indent=2), *self._wrap(shown, indent=4)]
                ]
            case view_models.SecondaryText(text):
                return self._wrap(text, "cyan", indent=2)
            case view_models.Figure():
                return self._render_figure(view_model)
            case view_models.BarChart(rows, heading):
                return [*(self._wrap(heading, "dim", indent=2) if heading else []), *self._render_bar_chart(rows)]
            case view_models.PeopleDiagram(people_map):
                return self._render_people(people_map)
            case view_models.PlanList(steps):
                return self._render_plan(steps)
            case view_models.DraftText():
                return self._render_draft(view_model)
        raise TypeError(type(view_model).__name__)

    # ------------------------------------------------------------ findings

    def _render_headline(self, level: Level, text: str) -> list[Text]:
        symbol: str = getattr(self._symbols, level)
        label = f"{symbol} {view_models.HEADLINE_LABELS[level]}" if view_models.HEADLINE_LABELS[level] else ""
        first = Text.assemble(self._margin, (label, LEVEL_STYLES[level]))
        return self._page.wrap(text, "bold", first_prefix=first, rest_prefix=Text(self._margin))

    def _render_parts(self, parts: tuple[tuple[str, str], ...], *, is_short: bool) -> list[Text]:
        if is_short:
            return self._wrap(f" {self._symbols.dot} ".join(map(" ".join, parts)), "cyan", indent=2)
        first = f"{self._margin}  "
        return [
            line
            for key, what in parts
            for line in self._page.wrap(what, first_prefix=Text.assemble(first, (f"{key}  ", "bold cyan")))
        ]

    def _render_paragraphs(self, text: str) -> list[Text]:
        lines: list[Text] = []
        for line in text.split("\n"):
            lines += self._render_bullet(line[2:]) if line.startswith("- ") else self._wrap(line, indent=2)
        return lines

    def _render_bullet(self, text: str) -> list[Text]:
        return self._page.wrap(text, first_prefix=Text(f"{self._margin}  {self._symbols.dot} "))

    def _render_reasons(self, pairs: tuple[tuple[str, str], ...]) -> list[Text]:
        lines = self._wrap("Because you said", "dim", indent=2)
        room = self._page.columns - len(self._margin) - 6
        for ask, shown in pairs:
            answer = f" {self._page.shorten(shown, room)}"
            lines += self._page.wrap(
                f"{ask}{answer}", "dim", first_prefix=Text(f"{self._margin}  {self._symbols.dot} ")
            )
        return lines

    # ------------------------------------------------------------ figures

    def _render_figure(self, figure: view_models.Figure) -> list[Text]:
        number = f"{figure.number}  " if figure.number else ""
        first = Text.assemble(self._margin, "  ", (number, "bold cyan"), f"{figure.label}: ", (figure.shown, "bold"))
        source = f" ({figure.threshold_source})" if figure.threshold_source else ""
        band = f", {figure.band}{source}" if figure.band else ""
        lines = self._page.wrap(f"{first.plain[len(self._margin) + 2 :]}{band}", first_prefix=Text(f"{self._margin}  "))
        return lines + (self._wrap(figure.arithmetic, "dim", indent=4) if figure.arithmetic else [])

    def _render_bar_chart(self, rows: tuple[tuple[str, str, int], ...]) -> list[Text]:
        """One line for each row, or its label above the bar where that doesn't fit."""
        names = [self._page.shorten(label, MAX_LABEL_WIDTH) for label, _, _ in rows]
        width = max(cell_len(name) for name in names)
        room = self._page.columns - len(self._margin) - width - max(cell_len(value) for _, value, _ in rows) - 6
        if room < MIN_BAR_WIDTH:
            return [line for label, value, percent in rows for line in self._render_stacked_bar(label, value, percent)]
        return [
            Text.assemble(
                self._margin,
                "  ",
                name,
                " " * (width - cell_len(name) + 2),
                self._draw_bar(percent, min(MAX_BAR_WIDTH, room)),
                f" {value}",
            )
            for name, (_, value, percent) in zip(names, rows, strict=True)
        ]

    def _render_stacked_bar(self, label: str, value: str, percent: int) -> list[Text]:
        bar = Text.assemble(self._margin, "  ", self._draw_bar(percent, MAX_BAR_WIDTH))
        return [*self._wrap(label, indent=2), bar, *self._wrap(value, indent=2)]

    def _draw_bar(self, percent: int, length: int) -> Text:
        full = round(percent * length / 100)
        return Text.assemble(
            (self._symbols.filled_bar * full, "cyan"), (self._symbols.empty_bar * (length - full), "dim")
        )

    def _render_people(self, people_map: PeopleMap) -> list[Text]:
        """The map, if there is room for it, and the people with their initials."""
        from careerkit.core.journal.people import render_map  # not needed before the first question

        drawing = render_map(people_map, width=cell_len)
        fits = max(map(cell_len, drawing)) <= self._page.columns - len(self._margin) - 2
        lines = [Text(f"{self._margin}  {line}") for line in drawing] if fits else []
        for person in people_map.people:
            first = Text.assemble(self._margin, "  ", (f"{person.initials:<2} ", "bold cyan"))
            lines += self._page.wrap(f"{person.name}: {person.words}", first_prefix=first)
        return lines

    # ------------------------------------------------------------ plan and drafts

    def _render_plan(self, steps: tuple[view_models.PlanStep, ...]) -> list[Text]:
        if self._page.columns < MIN_TABLE_WIDTH:
            return [
                line
                for step in steps
                for line in [*self._wrap(_format_numbered(step), "bold cyan"), *self._render_action(step, "  ")]
            ]
        width = max(Text(_format_numbered(step)).cell_len for step in steps)
        lines: list[Text] = []
        for step in steps:
            action = self._render_action(step, " " * (width + 4))
            due = Text.assemble(self._margin, "  ", (_format_numbered(step), "bold cyan"))
            action[0] = Text.assemble(due, action[0][due.cell_len :])
            lines += action
        return lines

    def _render_action(self, step: view_models.PlanStep, indent: str) -> list[Text]:
        state = f" ({step.state})" if step.state else ""
        first = Text(f"{self._margin}{indent}")
        details = [("Cue: ", step.cue), ("Done when: ", step.evidence)]
        lines = self._page.wrap(f"{step.action}{state}", "dim" if step.state else "", first_prefix=first)
        for name, detail in details:
            lines += self._page.wrap(f"{name}{detail}", "dim", first_prefix=first) if detail else []
        for note in step.notes:
            lines += self._page.wrap(note, first_prefix=first)
        return lines

    def _render_draft(self, draft: view_models.DraftText) -> list[Text]:
        """The lines of the text itself aren't indented, so that they can be copied."""
        to = f" (to {fit_into_sentence(draft.recipient, before='to ')})" if draft.recipient else ""
        text = self._page.wrap(draft.text, first_prefix=Text())
        return [Text(), *self._wrap(f"Draft: {draft.title}{to}", "bold"), Text(), *text, Text()]

    # ------------------------------------------------------------ lines

    def _wrap(self, text: str, style: str = "", *, indent: int = 0) -> list[Text]:
        return self._page.wrap(text, style, first_prefix=Text(f"{self._margin}{' ' * indent}"))

    def _draw_rule(self) -> Text:
        return Text(f"{self._margin}{self._symbols.rule * (self._page.columns - 2 * len(self._margin) - 1)}", "dim")


def _format_numbered(step: view_models.PlanStep) -> str:
    return f"{step.number}. {step.due}" if step.number else step.due


class RichPage:
    """Wraps text to `columns`, and turns it into strings; without `color` there are no styles in them."""

    def __init__(self, columns: int, *, color: bool, ellipsis: str) -> None:
        self.columns = columns
        self._ellipsis = ellipsis
        self._console = Console(
            file=io.StringIO(),
            width=columns,
            color_system="standard" if color else None,
            force_terminal=True,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def render_lines(self, lines: Iterable[Text]) -> str:
        """The lines as the terminal takes them, each with its line end."""
        with self._console.capture() as capture:
            for line in lines:
                line.rstrip()
                self._console.print(line, no_wrap=True, overflow="ignore", crop=False)
        return capture.get()

    def wrap(
        self,
        text: str,
        style: str = "",
        *,
        first_prefix: Text,
        rest_prefix: Text | None = None,
    ) -> list[Text]:
        """`text` wrapped, and its own line ends kept.

        The first line begins with `first_prefix`, the others with `rest_prefix` (by default spaces of the same width).
        """
        rest_prefix = Text(" " * first_prefix.cell_len) if rest_prefix is None else rest_prefix
        width = max(8, self.columns - max(first_prefix.cell_len, rest_prefix.cell_len) - 1)
        lines = [
            part
            for line in text.split("\n")
            for part in (Text(line, style).wrap(self._console, width, overflow="fold") or [Text("")])
        ]
        return [Text.assemble(first_prefix if number == 0 else rest_prefix, line) for number, line in enumerate(lines)]

    def shorten(self, text: str, width: int) -> str:
        """`text` on one line of at most `width` cells, ending with an ellipsis if it is cut."""
        return fit_width(" ".join(text.split()), width, count_cells=cell_len, ellipsis=self._ellipsis)
