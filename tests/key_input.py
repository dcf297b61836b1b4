"""The keys a person presses to give a set of answers, and the bytes a terminal sends for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from careerkit.coaching.session import has_only_messages_left
from careerkit.core.interview import Interview
from careerkit.core.interview_steps import Ask, Finish, ShowCard, ShowNote
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.questions.choice import ChoiceSpec, ChoicesSpec, ListSpec, YesNoSpec
from careerkit.core.questions.grid import GridSpec
from careerkit.core.questions.number import ScaleSpec
from careerkit.core.questions.question import Choice, Question
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.questions.text import TextSpec
from careerkit.core.questions.weights import RankSpec, WeightsSpec
from careerkit.terminal.keys.key_codes import Key
from careerkit.terminal.keys.question_state import Interrupt, QuestionEnd, QuestionState
from careerkit.terminal.keys.runner import PromptRunner
from careerkit.terminal.questions.number import MAX_LISTED_STEPS
from scenario import NOW

KEY_SEQUENCES = {
    Key.ENTER: "\r",
    Key.SUBMIT: "\x1b\r",
    Key.BACK: "\x1b[Z",
    Key.FORWARD: "\t",
    Key.WHY: "\x1bOP",
    Key.HELP: "\x1bOQ",
    Key.REVIEW: "\x12",
    Key.SKIP: "\x0f",
    Key.EDITOR: "\x18\x05",
    Key.STOP: "\x03",
    Key.ESCAPE: "\x1b",
    Key.UP: "\x1b[A",
    Key.DOWN: "\x1b[B",
    Key.LEFT: "\x1b[D",
    Key.RIGHT: "\x1b[C",
    Key.HOME: "\x1b[H",
    Key.END: "\x1b[F",
    Key.MOVE_UP: "\x1b[1;3A",
    Key.MOVE_DOWN: "\x1b[1;3B",
    Key.DELETE: "\x1b[3~",
    Key.BACKSPACE: "\x7f",
    Key.DELETE_LEFT: "\x15",
    Key.DELETE_WORD: "\x17",
}


def encode_presses(presses: Iterable[str | Key]) -> str:
    """The presses as a terminal sends them."""
    return "".join(KEY_SEQUENCES[each] if isinstance(each, Key) else each for each in presses)


def press_answer(
    question: Question,
    value: Any,
    choices: Sequence[Choice] = (),
    columns: Sequence[Choice] = (),
    *,
    default: Any = None,
    step: Ask | None = None,
) -> list[str | Key]:
    """What gives `value` as the answer to `question`, asked afresh."""
    ids = [choice.id for choice in choices]
    match question.spec:
        case TextSpec(long=True):
            lines = value.split("\n")
            return [*[part for line in lines for part in (line, Key.ENTER)][:-1], Key.SUBMIT]
        case ChoiceSpec():
            return [Key.HOME, *[Key.DOWN] * ids.index(value), Key.ENTER] if value in ids else _press_own_option(value)
        case ChoicesSpec():
            typed = [part for each in value if each not in ids for part in _press_own_option(each)]
            return [*_press_choices(ids, set(value) & {*ids} ^ set(default or ())), *typed, Key.ENTER]
        case YesNoSpec():
            return ["y" if value else "n", Key.ENTER]
        case ScaleSpec(min=low, max=high) if high - low < MAX_LISTED_STEPS:
            return [Key.HOME, *[Key.DOWN] * (int(value) - low), Key.ENTER]
        case ListSpec(max=most):
            return [*_press_list(value), *([Key.ENTER] if len(value) < most else [])]
        case RankSpec():
            return [*_press_ranking(ids, value), Key.SUBMIT]
        case WeightsSpec():
            return [part for each in ids for part in (Key.DELETE_LEFT, str(value.get(each, 0)), Key.DOWN)] + [
                Key.SUBMIT
            ]
        case GridSpec():
            cells = [_format_cell(value[row][column.id]) for row in ids for column in columns]
            return [part for cell in cells for part in (Key.DELETE_LEFT, cell, Key.ENTER)]
        case RecordsSpec() as form:
            return [*_press_records(question, form, value, ids, step)]
    return [str(value), Key.ENTER]


def press_interview(interview: Interview, answers: Mapping[str, Any]) -> Iterator[tuple[str, list[str | Key]]]:
    """(question id, the presses that answer it), in order; notes, the card and the review before the end come with them."""
    while True:
        step = interview.step()
        match step:
            case Finish():
                yield "end", [Key.ENTER]
                yield "result", ["q", "q"]  # to the end of its pages, and out of it
                return
            case Ask(question=question):
                raw = answers.get(question.id, step.default)
                if raw is None:
                    yield question.id, [Key.SKIP]
                    interview = interview.skip()
                else:
                    offered = step.default if step.kept is None else None
                    presses = press_answer(question, raw, step.choices, step.columns, default=offered, step=step)
                    yield question.id, presses
                    interview = interview.answer(question.id, raw)
            case _:
                interview = interview.mark_shown(step.key)
                if isinstance(step, ShowNote):
                    yield "note", [Key.ENTER]
                if isinstance(step, ShowCard):
                    outcome = evaluate_outcome(interview.facts(), given=NOW, quick=True)
                    has_card = outcome.findings or outcome.drafts or outcome.actions
                    if has_card and interview.lane == "full" and not has_only_messages_left(interview):
                        yield "card", ["y"]


class ScriptedPresses:
    """Presses what it is given, without a terminal. After the last it presses Ctrl-C. `seen` are the states before each."""

    def __init__(self, presses: Iterable[str | Key]) -> None:
        self.presses = list(presses)
        self.seen: list[QuestionState] = []

    def press_all(self, runner: PromptRunner) -> QuestionEnd:
        """Press keys until one of them ends the question; how it ended."""
        while True:
            self.seen.append(runner.state)
            end = runner.press(self.presses.pop(0) if self.presses else Key.STOP)
            if end is not None:
                return end


__all__ = ["Interrupt", "ScriptedPresses", "encode_presses", "press_answer", "press_interview"]


def _press_choices(ids: Sequence[str], wanted: Collection[str]) -> Iterator[str | Key]:
    at = 0
    yield Key.HOME
    for place, each in enumerate(ids):
        if each in wanted:
            yield from [Key.DOWN] * (place - at)
            yield " "
            at = place


def _press_own_option(words: str) -> list[str | Key]:
    """The last row of the list takes an option of the person's own."""
    return [Key.END, Key.ENTER, words, Key.ENTER]


def _press_ranking(ids: Sequence[str], wanted: Sequence[str]) -> Iterator[str | Key]:
    order = list(ids)
    for place, each in enumerate(wanted):
        there = order.index(each)
        yield from [Key.HOME, *[Key.DOWN] * there, *[Key.MOVE_UP] * (there - place)]
        order.insert(place, order.pop(there))


def _press_list(lines: Iterable[str]) -> Iterator[str | Key]:
    for line in lines:
        yield line
        yield Key.ENTER


def _format_cell(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _press_records(
    question: Question,
    form: RecordsSpec,
    records: Sequence[Mapping[str, Any]],
    items: Sequence[str],
    step: Ask | None,
) -> Iterator[str | Key]:
    if form.items:
        by_item = {record["item"]: record for record in records}
        for item in items:
            yield from _press_fields(form, by_item[item], step)
        yield Key.ENTER
        return
    opens = form.min and question.required
    if not records:
        yield Key.SUBMIT
        return
    for number, record in enumerate(records, start=1):
        if (not opens and number > max(1, form.min)) or (number == 1 and not opens) or (opens and number > form.min):
            yield "a"
        yield from _press_fields(form, record, step)
    yield Key.ENTER


def _press_fields(form: RecordsSpec, record: Mapping[str, Any], step: Ask | None) -> Iterator[str | Key]:
    shows_field, offered = (step.shows_field, step.field_choices) if step else (None, {})
    for field in form.fields:
        if shows_field is not None and field.when and not shows_field(field, record):
            continue
        value = record.get(field.id)
        if value is None:
            yield Key.SKIP
        else:
            options = getattr(field.spec, "options", None)
            yield from press_answer(field, value, offered.get(field.id, options.choices if options else ()))
