"""How values read in sentences: labels for ids, dates as words, `…` for what is not answered or not to be shared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import cast

from careerkit.core.days import date_text, moment_text
from careerkit.core.expression import parse, references
from careerkit.core.facts import Facts
from careerkit.core.facts.privacy import is_private, is_private_field, looks_at_private
from careerkit.core.playbook.model import (
    ChoiceForm,
    ChoicesForm,
    GridForm,
    Line,
    ListForm,
    NumberForm,
    Options,
    Question,
    RankForm,
    RecordsForm,
    ScaleForm,
    TextForm,
    WeightsForm,
)
from careerkit.core.playbook.template import Insert
from careerkit.core.playbook.template import parse as parse_template
from careerkit.core.value import Field, Grid, Record, Value
from careerkit.core.within_sentence import (
    has_ended,
    joined_labels,
    joined_lines,
    with_closing_comma,
    within_sentence,
    without_full_stop,
)

MISSING = "…"
PUNCTUATION = ".,;:!?"


class Wording:
    """Writes texts with the answers put in. `shared`: what is private reads as `…`."""

    def __init__(self, facts: Facts, *, shared: bool = False) -> None:
        self.facts = facts
        self._shared = shared

    def text(self, lines: tuple[Line, ...]) -> str:
        """The lines that hold, each written out, one a line; empty lines part paragraphs."""
        written: list[str] = []
        for line in lines:
            if self.facts.holds(line.when) and not (self._shared and looks_at_private(self.facts, line.when)):
                written += self._lines_of(line.text)
        return "\n".join(written).strip("\n")

    def line(self, template: str) -> str:
        """One line with its values put in."""
        parts = parse_template(template)
        texts: list[str] = []
        for part in parts:
            texts.append(part if isinstance(part, str) else self._inserted(part.id, before="".join(texts)))
        for number, part in enumerate(parts[:-1]):
            if isinstance(part, Insert) and texts[number + 1]:
                texts[number] = self._before(texts[number + 1], name=part.id, text=texts[number])
                if texts[number + 1].startswith(".") and has_ended(texts[number]):
                    texts[number + 1] = texts[number + 1][1:]
        return "".join(texts)

    def value(self, name: str) -> str:
        """What `name` is worth, as it reads in a sentence."""
        if self._shared and is_private(self.facts, name):
            return MISSING
        value = self.facts.value(name)
        return MISSING if value is None else self._worth(name, value)

    def answer(self, name: str, value: Value) -> str:
        """How `value` reads as the answer to `name`, kept and hidden ones included; a step of a scale with what it means."""
        question = self.facts.index.questions.get(name)
        match question.form if question else None:
            case ScaleForm() as form:
                return step_text(cast("Decimal", value), form)
        return self._worth(name, value)

    def _inserted(self, name: str, *, before: str) -> str:
        text = one_line(self.value(name))
        return within_sentence(text, before=before) if self._is_written(name) else text

    def _before(self, after: str, *, name: str, text: str) -> str:
        """The inserted `text` as it reads before `after`."""
        if after[0] in PUNCTUATION:
            return without_full_stop(text)
        question = self.facts.index.questions.get(name)
        is_text = question is not None and isinstance(question.form, TextForm)
        return with_closing_comma(text, after=after) if is_text else text

    def _is_written(self, name: str) -> bool:
        """Is `name` worth words of the person, and no labels of the playbook?"""
        question = self.facts.index.questions.get(name)
        if question is not None:
            return isinstance(question.form, (TextForm, ListForm))
        return isinstance(self.facts.value(name), tuple)

    def _worth(self, name: str, value: Value) -> str:
        question = self.facts.index.questions.get(name)
        match question.form if question else None:
            case NumberForm(unit=unit):
                return f"{number_text(cast('Decimal', value))} {unit}".strip()
            case WeightsForm():
                return ", ".join(self.several(name, value))
            case ListForm():
                return joined_lines(self.several(name, value))
            case RecordsForm():
                return "; ".join(self.several(name, value))
            case GridForm() as form:
                return "; ".join(self._grid_rows(cast("Grid", value), form))
        if isinstance(value, tuple):
            several = self.several(name, value)
            return joined_labels(several) if question or self._is_of_labels(name) else joined_lines(several)
        part = self.facts.index.decisions.get(name, (None, ""))[1]
        if isinstance(value, Decimal) and part in WHOLE:
            return WHOLE[part](value)
        return self.labels(name).get(value, value) if isinstance(value, str) else plain_text(cast("Field", value))

    def _is_of_labels(self, name: str) -> bool:
        return bool(self.labels(name))

    def several(self, name: str, value: Value) -> list[str]:
        """The values of `name` one by one: labels, texts, or forms by their line."""
        labels = self.labels(name)
        match value:
            case tuple():
                question = self.facts.index.questions.get(name)
                if question is not None and isinstance(question.form, RecordsForm):
                    return [self._record(question.form, cast("Record", each)) for each in value]
                return [labels.get(cast("str", each), cast("str", each)) for each in value]
            case Mapping():
                points = cast("Mapping[str, Decimal]", value)
                return [f"{labels.get(each, each)} {number_text(amount)}" for each, amount in points.items()]
        return [self._worth(name, value)]

    def _lines_of(self, template: str) -> list[str]:
        parts = parse_template(template.strip()) if template.strip() else ()
        if len(parts) == 1 and isinstance(parts[0], Insert):
            name = parts[0].id
            value = self.facts.value(name)
            if self._shared and is_private(self.facts, name):
                return [MISSING]
            if isinstance(value, (tuple, Mapping)):
                return [f"- {one_line(each)}" for each in self.several(name, value)]
        return [self.line(template)]

    def _record(self, form: RecordsForm, record: Record) -> str:
        fields = {field.id: field for field in form.fields}
        template = form.line or "{" + form.fields[0].id + "}"
        texts: list[str] = []
        for part in parse_template(template):
            if isinstance(part, str):
                if texts and part[:1] in PUNCTUATION and part:
                    texts[-1] = without_full_stop(texts[-1])
                texts.append(part)
            elif part.id == "item":
                texts.append(self._item(form, str(record["item"])))
            else:
                texts.append(one_line(self._field(fields[part.id], record.get(part.id))))
        return "".join(texts)

    def _item(self, form: RecordsForm, item: str) -> str:
        if self._shared and is_private(self.facts, form.items):
            return MISSING
        return self.labels(form.items).get(item, item)

    def _field(self, field: Question, value: Field) -> str:
        if value is None or (self._shared and is_private_field(self.facts, field)):
            return MISSING
        match field.form:
            case ChoiceForm(options=options) | ChoicesForm(options=options):
                labels = self._option_labels(options)
                picked = value if isinstance(value, tuple) else (cast("str", value),)
                return ", ".join(labels.get(each, each) for each in picked)
            case NumberForm(unit=unit):
                return f"{number_text(cast('Decimal', value))} {unit}".strip()
        return plain_text(value)

    def _grid_rows(self, grid: Grid, form: GridForm) -> list[str]:
        rows, columns = self._option_labels(form.rows), self._option_labels(form.columns)
        return [
            f"{rows.get(row, row)}: "
            + ", ".join(f"{columns.get(key, key)} {cell_text(cell)}" for key, cell in cells.items())
            for row, cells in grid.items()
        ]

    def labels(self, name: str) -> Mapping[str, str]:
        """The labels of the ids that `name` may be worth."""
        question = self.facts.index.questions.get(name)
        if question is not None:
            return self._question_labels(question)
        compute = self.facts.index.computes.get(name)
        if compute is None:
            rule, _ = self.facts.index.decisions[name]
            form = cast("GridForm", self.facts.index.questions[rule.scores].form)
            return {**self._option_labels(form.rows), **self._option_labels(form.columns)}
        labels: dict[str, str] = {band.id: band.label for band in compute.bands}
        for named in references(parse(compute.value), self.facts.field_names) if compute.value else ():
            inner = self.facts.index.computes.get(named)
            labels |= {named: inner.label or named} if inner else {}
            labels |= self.labels(named)
        return labels

    def _question_labels(self, question: Question) -> Mapping[str, str]:
        match question.form:
            case ChoiceForm(options=o) | ChoicesForm(options=o) | RankForm(options=o) | WeightsForm(options=o):
                return self._option_labels(o)
        return {}

    def _option_labels(self, options: Options) -> Mapping[str, str]:
        if options.source:
            return self.labels(options.source)
        return {choice.id: choice.label for choice in options.choices}


def plain_text(value: Field) -> str:
    """A simple value as it reads where no labels are needed."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return number_text(value)
        case datetime():
            return moment_text(value)
        case date():
            return date_text(value)
        case tuple():
            return ", ".join(value)
        case None:
            return MISSING
    return value


def number_text(number: Decimal) -> str:
    """At most two decimals, none that are zero."""
    text = f"{number.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def step_text(step: Decimal, form: ScaleForm) -> str:
    """A step of a scale with the scale's end and, where the step has an anchor, what it says: `3 of 4 (a client is lost)`."""
    anchor = form.anchors.get(int(step), "")
    return f"{number_text(step)} of {form.max}" + (f" ({anchor})" if anchor else "")


def percent_text(share: Decimal) -> str:
    """Whole per cent, rounded down, so that a limit never reads as reached before it is."""
    return "under 1" if 0 < share < 1 else f"{share.to_integral_value(ROUND_FLOOR):f}"


def points_text(points: Decimal) -> str:
    """Whole points, rounded up: so many are enough."""
    return f"{points.to_integral_value(ROUND_CEILING):f}"


WHOLE = {"share": percent_text, "flip": points_text}
"""Parts of a decision that a second decimal would make falsely precise."""


def cell_text(cell: Decimal | tuple[Decimal, Decimal, Decimal]) -> str:
    return " ".join(number_text(number) for number in (cell if isinstance(cell, tuple) else (cell,)))


def one_line(text: str) -> str:
    """`text` with its breaks and runs of blanks turned into single spaces."""
    return " ".join(text.split())


def short_line(text: str, longest: int = 200) -> str:
    """`text` on one line, with a sign where it is cut."""
    line = one_line(text)
    return line if len(line) <= longest else f"{line[:longest].rstrip()}…"
