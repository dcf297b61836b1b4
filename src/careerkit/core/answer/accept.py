"""From what a person gave to a checked value: one function for each type of question.

What comes in is what TOML holds (text, numbers, true and false, dates, lists, tables); what goes out is a `Value`.
A value that does not fit is Refused with every problem that it has, each placed at the question's id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from careerkit.core.answer.figures import as_cell, as_number, within
from careerkit.core.due import parse_due, shift
from careerkit.core.playbook.model import (
    Choice,
    ChoiceForm,
    ChoicesForm,
    DateForm,
    GridForm,
    ListForm,
    NoteForm,
    NumberForm,
    Options,
    Question,
    RankForm,
    RecordsForm,
    ScaleForm,
    TextForm,
    WeightsForm,
    YesNoForm,
)
from careerkit.core.problem import Problem, Refused, nearest
from careerkit.core.value import Cell, Field, Record, Value

ChoicesOf = Callable[[Options], tuple[Choice, ...]]
"""What can be chosen from at this point of the interview."""

FULL = Decimal(100)


def accept(question: Question, raw: object, *, choices_of: ChoicesOf, today: date) -> Value:
    """The value that `raw` is as an answer to `question`; Refused where it does not fit."""
    try:
        return _accept(question, raw, choices_of, today)
    except Refused as refused:
        raise Refused(problem.at(problem.where or question.id) for problem in refused.problems) from None


def _accept(question: Question, raw: object, choices_of: ChoicesOf, today: date) -> Value:
    match question.form:
        case TextForm(max=longest):
            return _text(raw, longest)
        case YesNoForm():
            return _yesno(raw)
        case ScaleForm(min=low, max=high):
            return _scale(raw, low, high)
        case NumberForm(min=lowest, max=highest, unit=unit):
            return within(as_number(raw), lowest, highest, unit)
        case DateForm() as form:
            return _date(raw, form, today)
        case ChoiceForm(options=options):
            return _known(raw, choices_of(options))
        case ChoicesForm(options=options, min=fewest, max=most):
            return _choices(raw, choices_of(options), fewest, most)
        case ListForm(min=fewest, max=most):
            return _list(raw, fewest, most)
        case RankForm(options=options):
            return _rank(raw, choices_of(options))
        case WeightsForm(options=options):
            return _weights(raw, choices_of(options))
        case GridForm() as form:
            return _grid(raw, form, choices_of)
        case RecordsForm() as form:
            return _records(raw, form, choices_of, today)
        case NoteForm():
            raise _refusal("not-a-question", "This is a note: it has no answer.", "Take it out of the answers.")


def _refusal(code: str, message: str, hint: str = "") -> Refused:
    return Refused(Problem(code, message, hint))


def _text(raw: object, longest: int) -> str:
    if not isinstance(raw, str):
        raise _refusal("not-text", f"A text is needed, not {_name(raw)}.", "Put it in quotes.")
    text = raw.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    if not text.strip():
        raise _refusal("empty", "There is nothing in this answer.", "Write a word or two, or leave the question out.")
    if len(text) > longest:
        over = len(text) - longest
        raise _refusal("too-long", f"The answer has {over:,} characters too many.", f"At most {longest:,} fit.")
    return text


def _yesno(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise _refusal("not-yes-or-no", f"Yes or no is needed, not {_name(raw)}.", "Write true or false.")
    return raw


def _scale(raw: object, low: int, high: int) -> Decimal:
    number = as_number(raw)
    if number != number.to_integral_value():
        raise _refusal("not-whole", f"{raw} is not a whole number.", f"Choose from {low} to {high}.")
    return within(number, Decimal(low), Decimal(high), "")


def _date(raw: object, form: DateForm, today: date) -> date:
    day = _as_date(raw)
    lowest, highest = _bound(form.min, today), _bound(form.max, today)
    if lowest and day < lowest:
        raise _refusal("too-early", f"{day} is too early.", f"{lowest} is the first day that fits.")
    if highest and day > highest:
        raise _refusal("too-late", f"{day} is too late.", f"{highest} is the last day that fits.")
    return day


def _as_date(raw: object) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if isinstance(raw, str):
        try:
            return date.fromisoformat(raw.strip())
        except ValueError:
            pass
    raise _refusal("not-a-date", f"A date is needed, not {_name(raw)}.", "Write it as 2026-12-01.")


def _bound(written: str, today: date) -> date | None:
    due = parse_due(written)
    if due:
        return shift(today, due)
    return date.fromisoformat(written) if written else None


def _choices(raw: object, choices: tuple[Choice, ...], fewest: int, most: int | None) -> tuple[str, ...]:
    picked = _several(raw, choices)
    _count(len(picked), fewest, most if most is not None else len(choices), "choice")
    return tuple(choice.id for choice in choices if choice.id in picked)


def _list(raw: object, fewest: int, most: int) -> tuple[str, ...]:
    texts = [_text(item, TextForm().max).strip() for item in _sequence(raw)]
    if len(set(texts)) < len(texts):
        raise _refusal("twice", "The same line stands there twice.", "Say it once.")
    _count(len(texts), fewest, most, "line")
    return tuple(texts)


def _rank(raw: object, choices: tuple[Choice, ...]) -> tuple[str, ...]:
    ranked = _several(raw, choices)
    missing = [choice.id for choice in choices if choice.id not in ranked]
    if missing:
        raise _refusal("not-ranked", f"Not placed yet: {', '.join(missing)}.", "Every one needs its place, best first.")
    return ranked


def _weights(raw: object, choices: tuple[Choice, ...]) -> Mapping[str, Decimal]:
    given = _table(raw)
    ids = {_known(key, choices): within(as_number(points), Decimal(0), FULL, "") for key, points in given.items()}
    points = {choice.id: ids.get(choice.id, Decimal(0)) for choice in choices}
    total = sum(points.values(), Decimal(0))
    if total != FULL:
        gap = f"{FULL - total:f} to give" if total < FULL else f"{total - FULL:f} too many"
        raise _refusal("not-100", f"The points add up to {total:f}, not 100.", f"There are {gap}.")
    return MappingProxyType(points)


def _grid(raw: object, form: GridForm, choices_of: ChoicesOf) -> Mapping[str, Mapping[str, Cell]]:
    rows, columns = choices_of(form.rows), choices_of(form.columns)
    given = {_known(row, rows): _table(cells) for row, cells in _table(raw).items()}
    grid: dict[str, Mapping[str, Cell]] = {}
    problems: list[Problem] = []
    for row in rows:
        cells: dict[str, Cell] = {}
        known = {_known(column, columns): cell for column, cell in given.get(row.id, {}).items()}
        for column in columns:
            try:
                cells[column.id] = as_cell(known.get(column.id), form)
            except Refused as refused:
                spot = f"{row.label}, {column.label}: "
                problems += [Problem(each.code, spot + each.message, each.hint) for each in refused.problems]
        grid[row.id] = MappingProxyType(cells)
    if problems:
        raise Refused(problems)
    return MappingProxyType(grid)


def _records(raw: object, form: RecordsForm, choices_of: ChoicesOf, today: date) -> tuple[Record, ...]:
    given = [_table(each) for each in _sequence(raw)]
    if form.items:
        items = choices_of(Options(source=form.items))
        by_item = {_known(record.get("item"), items): record for record in given}
        missing = [item.label for item in items if item.id not in by_item]
        if missing:
            raise _refusal("items-missing", f"Still open: {', '.join(missing)}.", "Each one needs its form.")
        given = [by_item[item.id] for item in items]
    else:
        _count(len(given), form.min, form.max, "form")
    return tuple(_record(number, record, form, choices_of, today) for number, record in enumerate(given, start=1))


def _record(number: int, given: Mapping[str, object], form: RecordsForm, choices_of: ChoicesOf, today: date) -> Record:
    record: dict[str, Field] = {"item": str(given["item"])} if form.items else {}
    known = {field.id for field in form.fields} | set(record)
    problems = [_unknown(key, known, f"Form {number}") for key in given if key not in known]
    for field in form.fields:
        try:
            value = _field(field, given.get(field.id), choices_of, today)
            record |= {} if value is None else {field.id: value}
        except Refused as refused:
            spot = f"Form {number}, {field.ask} "
            problems += [Problem(each.code, spot + each.message, each.hint) for each in refused.problems]
    if problems:
        raise Refused(problems)
    return MappingProxyType(record)


def _field(field: Question, raw: object, choices_of: ChoicesOf, today: date) -> Field:
    if raw is None and not field.required:
        return None
    if raw is None:
        raise _refusal("missing", "This is not filled in.", "It is needed.")
    value = _accept(field, raw, choices_of, today)
    assert isinstance(value, (str, bool, Decimal, date, tuple)), "a field has a simple type"
    return value  # type: ignore[return-value]  # the checks of a playbook allow no records within records


def _several(raw: object, choices: tuple[Choice, ...]) -> tuple[str, ...]:
    ids = tuple(_known(each, choices) for each in _sequence(raw))
    if len(set(ids)) < len(ids):
        raise _refusal("twice", "The same one stands there twice.", "Name each once.")
    return ids


def _known(raw: object, choices: tuple[Choice, ...]) -> str:
    ids = [choice.id for choice in choices]
    if isinstance(raw, str) and raw in ids:
        return raw
    near = nearest(raw, ids) if isinstance(raw, str) else None
    hint = f"Did you mean {near}?" if near else f"Choose from: {', '.join(ids)}."
    raise _refusal("unknown-choice", f"There is no choice {raw!r}.", hint)


def _unknown(key: str, known: set[str], spot: str) -> Problem:
    near = nearest(key, known)
    hint = f"Did you mean {near}?" if near else f"It has: {', '.join(sorted(known))}."
    return Problem("unknown-field", f"{spot} has no field {key!r}.", hint)


def _count(number: int, fewest: int, most: int, noun: str) -> None:
    if number < fewest:
        message = f"At least {_plural(fewest, noun)} {_are(fewest)} needed: there {_are(number)} {number}."
        raise _refusal("too-few", message, "Add what is missing.")
    if number > most:
        message = f"At most {_plural(most, noun)} {'fits' if most == 1 else 'fit'}: there {_are(number)} {number}."
        raise _refusal("too-many", message, "Keep what matters most.")


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _sequence(raw: object) -> list[object]:
    if not isinstance(raw, (list, tuple)):
        raise _refusal("not-a-list", f"A list is needed, not {_name(raw)}.", 'Write it as ["one", "two"].')
    return list(raw)


def _table(raw: object) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        raise _refusal("not-a-table", f"A table is needed, not {_name(raw)}.", "Write it as { name = value }.")
    return raw


def _name(raw: object) -> str:
    match raw:
        case bool():
            return "true or false"
        case str():
            return "a text"
        case int() | float() | Decimal():
            return "a number"
        case date():
            return "a date"
        case list() | tuple():
            return "a list"
        case Mapping():
            return "a table"
    return "nothing" if raw is None else "this"
