"""The plain renderer: one line after another, without color or redrawing, for screen readers, pipes and logs."""

from __future__ import annotations

from careerkit.core.formatting import collapse_spaces
from careerkit.core.text import abbreviate
from careerkit.terminal import view_models

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SENTENCE_ENDINGS = (".", "!", "?", ":", ";", "…")
MAX_ANSWER_LENGTH = 200
"""Characters of an answer that is only mentioned; the rest is cut."""


SAVE_HINT, STOP_HINT = ":save to stop", "Ctrl-C to stop"
MAX_INITIAL_LENGTH = 3
"""Of a name that is shortened to its first letters, with the full stop."""


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
