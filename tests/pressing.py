"""What a person presses at the key-driven front end, and what a terminal sends for it."""

from __future__ import annotations

from careerkit.coaching.passage import _is_at_end
from careerkit.core.interview import Ask, Card, Finish, Read
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.playbook.model import (
    ChoiceForm,
    ChoicesForm,
    GridForm,
    ListForm,
    RankForm,
    RecordsForm,
    ScaleForm,
    TextForm,
    WeightsForm,
    YesNoForm,
)
from careerkit.terminal.keys.asking import Asking, Interrupt
from careerkit.terminal.keys.key import Key
from careerkit.terminal.keys.scale import LONGEST
from scenario import NOW

SENDS = {
    Key.ENTER: "\r",
    Key.SUBMIT: "\x1b\r",
    Key.BACK: "\x1b[Z",
    Key.FORWARD: "\t",
    Key.WHY: "\x1bOP",
    Key.HELP: "\x1bOQ",
    Key.REVIEW: "\x12",
    Key.PUT_OFF: "\x0f",
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
    Key.RUB: "\x7f",
    Key.RUB_LEFT: "\x15",
    Key.RUB_WORD: "\x17",
}


def sent(presses) -> str:
    """The presses as a terminal sends them."""
    return "".join(SENDS[each] if isinstance(each, Key) else each for each in presses)


def keys_for(question, value, choices=(), columns=(), default=None) -> list:
    """What gives `value` as the answer to `question`, asked afresh."""
    ids = [choice.id for choice in choices]
    match question.form:
        case TextForm(long=True):
            lines = value.split("\n")
            return [*[part for line in lines for part in (line, Key.ENTER)][:-1], Key.SUBMIT]
        case ChoiceForm():
            return [Key.HOME, *[Key.DOWN] * ids.index(value), Key.ENTER]
        case ChoicesForm():
            return [*_ticked(ids, set(value) ^ set(default or ())), Key.ENTER]
        case YesNoForm():
            return ["y" if value else "n", Key.ENTER]
        case ScaleForm(min=low, max=high) if high - low < LONGEST:
            return [Key.HOME, *[Key.DOWN] * (int(value) - low), Key.ENTER]
        case ListForm(max=most):
            return [*_each_and_enter(value), *([Key.ENTER] if len(value) < most else [])]
        case RankForm():
            return [*_ranked(ids, value), Key.SUBMIT]
        case WeightsForm():
            return [part for each in ids for part in (Key.RUB_LEFT, str(value.get(each, 0)), Key.DOWN)] + [Key.SUBMIT]
        case GridForm():
            cells = [_cell(value[row][column.id]) for row in ids for column in columns]
            return [part for cell in cells for part in (Key.RUB_LEFT, cell, Key.ENTER)]
        case RecordsForm() as form:
            return [*_records(question, form, value, ids)]
    return [str(value), Key.ENTER]


def pressed_passage(interview, answers):
    """(question id, the presses that answer it), in order; notes, the card and the review before the end come with them."""
    while True:
        step = interview.step()
        match step:
            case Finish():
                yield "end", [Key.ENTER]
                return
            case Ask(question=question):
                raw = answers.get(question.id, step.default)
                if raw is None:
                    yield question.id, [Key.PUT_OFF]
                    interview = interview.skip()
                else:
                    offered = step.default if step.kept is None else None
                    yield question.id, keys_for(question, raw, step.choices, step.columns, offered)
                    interview = interview.answer(question.id, raw)
            case _:
                interview = interview.mark_said(step.key)
                if isinstance(step, Read):
                    yield "note", [Key.ENTER]
                if isinstance(step, Card):
                    outcome = evaluate_outcome(interview.facts(), given=NOW, quick=True)
                    has_card = outcome.findings or outcome.drafts or outcome.actions
                    if has_card and interview.lane == "full" and not _is_at_end(interview):
                        yield "card", ["y", Key.ENTER]


class Fingers:
    """In place of the prompter: presses what it is given, without a terminal. After the last it holds still: Ctrl-C."""

    def __init__(self, presses) -> None:
        self.presses = list(presses)
        self.asking = None
        self.seen = []

    def run(self, asking, changed=lambda asking, _: asking):
        self.asking = asking
        while True:
            self.seen.append(self.asking)
            press = self.presses.pop(0) if self.presses else Key.STOP
            after = self.asking.press(press)
            if not isinstance(after, Asking):
                return self.asking, after
            self.asking = changed(after, press)


__all__ = ["Fingers", "Interrupt", "keys_for", "pressed_passage", "sent"]


def _ticked(ids, wanted):
    at = 0
    yield Key.HOME
    for place, each in enumerate(ids):
        if each in wanted:
            yield from [Key.DOWN] * (place - at)
            yield " "
            at = place


def _ranked(ids, wanted):
    order = list(ids)
    for place, each in enumerate(wanted):
        there = order.index(each)
        yield from [Key.HOME, *[Key.DOWN] * there, *[Key.MOVE_UP] * (there - place)]
        order.insert(place, order.pop(there))


def _each_and_enter(lines):
    for line in lines:
        yield line
        yield Key.ENTER


def _cell(value) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _records(question, form, records, items):
    if form.items:
        by_item = {record["item"]: record for record in records}
        for item in items:
            yield from _fields(form, by_item[item])
        yield Key.ENTER
        return
    opens = form.min and question.required
    if not records:
        yield Key.SUBMIT
        return
    for number, record in enumerate(records, start=1):
        if (not opens and number > max(1, form.min)) or (number == 1 and not opens) or (opens and number > form.min):
            yield "a"
        yield from _fields(form, record)
    yield Key.ENTER


def _fields(form, record):
    for field in form.fields:
        value = record.get(field.id)
        if value is None:
            yield Key.PUT_OFF
        else:
            options = getattr(field.form, "options", None)
            yield from keys_for(field, value, options.choices if options else ())
