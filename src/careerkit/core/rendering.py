"""Render templates, answers and computed values as text; missing and private values are shown as …"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from careerkit.core.due_dates import format_date_in_sentence, format_date_in_speech
from careerkit.core.expressions.ast import Binary, Call, Conditional, Name, Node, Unary
from careerkit.core.expressions.evaluate import EvaluationContext, evaluate, round_half_up
from careerkit.core.facts import Facts, is_private, is_private_expression, is_private_field
from careerkit.core.playbook.model import Wording
from careerkit.core.questions.question import Line, Options, Question
from careerkit.core.text import (
    PUNCTUATION,
    Insert,
    TemplatePart,
    add_closing_comma,
    add_full_stop,
    fit_into_sentence,
    has_closing_punctuation,
    join_labels,
    join_texts,
    parse_template,
    strip_full_stop,
    strip_repeated_opening,
)
from careerkit.core.values import (
    MISSING,
    FieldValue,
    Value,
    collapse_spaces,
    format_number,
    format_percent,
    format_points,
    format_simple,
)

NOT_KNOWN = "not known yet"
"""Stands for a compute that needs an answer which isn't known."""
ROUNDED_PARTS = {"share": format_percent, "flip": format_points}
"""Parts of a decision that are shown without decimals, which would suggest false precision."""

NULL_TEXT = "…"

_BINDING_POWERS = {"+": 1, "-": 1, "*": 2, "/": 2}
_PRINTED_OPERATORS = {"*": "×", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}
_UNARY_POWER = 3
_MAX_PLAIN_NUMBER = Decimal(10) ** 15
_DECIMAL_PLACES = 2


class TextRenderer:
    """Renders texts with answers inserted. With `shared`, private values are shown as `…`.

    With `as_speech`, the text is to be said aloud: a day of the coming week is only its weekday, and a sentence that the
    person typed and that is a line of its own ends with a full stop.
    """

    def __init__(self, facts: Facts, *, shared: bool = False, as_speech: bool = False) -> None:
        self.facts = facts
        self._shared = shared
        self._as_speech = as_speech

    def render_lines(self, lines: tuple[Line, ...]) -> str:
        """The lines whose conditions hold, joined by line breaks; empty lines separate paragraphs."""
        written: list[str] = []
        for line in lines:
            if self._may_show(line):
                written += self._render_template(line.text)
        return "\n".join(written).strip("\n")

    def render(self, template: str) -> str:
        """One line with its values inserted. Raises Refused if the template has a stray brace."""
        parts = tuple(self._expand_words(parse_template(template)))
        texts: list[str] = []
        before = ""
        for part in parts:
            text = part if isinstance(part, str) else self._render_insert(part.id, before=before)
            texts.append(text)
            before = text if text.strip() else before.rstrip()[-1:] + (text[-1:] or before[len(before.rstrip()) :][-1:])
        for number, part in enumerate(parts[:-1]):
            if isinstance(part, Insert) and texts[number + 1]:
                texts[number] = self._fit_before(texts[number + 1], name=part.id, text=texts[number])
                if texts[number + 1].startswith(".") and has_closing_punctuation(texts[number]):
                    texts[number + 1] = texts[number + 1][1:]
        return "".join(texts)

    def render_wording(self, wording: Wording) -> str:
        """The first line whose condition holds, with its values inserted; empty if none does."""
        for line in wording.lines:
            if self._may_show(line):
                return self.render(line.text)
        return ""

    def render_value(self, name: str) -> str:
        """The value of `name` as it reads in a sentence; `…` if it is null or hidden."""
        if self.hides(name):
            return MISSING
        value = self.facts.value(name)
        return self._describe_null(name) if value is None else self._format_value(name, value)

    def render_answer(self, name: str, value: Value) -> str:
        """How `value` reads as the answer to `name` when shown next to the question, even if the question is hidden."""
        question = self.facts.index.questions.get(name)
        return question.spec.format_alone(value, self) if question else self._format_value(name, value)

    def option_labels(self, options: Options) -> Mapping[str, str]:
        """The labels of the choices, by id."""
        if options.source:
            return self.get_labels(options.source)
        return {choice.id: choice.label for choice in options.choices}

    def hides(self, name: str) -> bool:
        """Must the value of `name` be left out, because it is private and the text will be shared?"""
        return self._shared and is_private(self.facts, name)

    def hides_field(self, field: Question) -> bool:
        """Must this field of a record be left out?"""
        return self._shared and is_private_field(self.facts, field)

    def _expand_words(self, parts: Iterable[TemplatePart]) -> Iterator[TemplatePart]:
        """The parts, with the words of computes in place of their inserts, so that answers in them fit the sentence."""
        for part in parts:
            compute = self.facts.index.computes.get(part.id) if isinstance(part, Insert) else None
            words = self.facts.value(compute.id) if compute is not None and compute.text.lines else None
            if compute is None or not isinstance(words, str) or self.hides(compute.id):
                yield part
            else:
                yield from self._expand_words(parse_template(words))

    def _may_show(self, line: Line) -> bool:
        if self._shared and is_private_expression(self.facts, line.when):
            return False
        return self.facts.holds(line.when)

    def _describe_null(self, name: str) -> str:
        """What stands for a value that is null."""
        compute = self.facts.index.computes.get(name)
        if compute is None or not (compute.needs or any(band.unknown for band in compute.bands)):
            return MISSING
        return next((band.label for band in compute.bands if band.unknown), NOT_KNOWN)

    def _render_insert(self, name: str, *, before: str) -> str:
        value = None if self.hides(name) else self.facts.value(name)
        if isinstance(value, date) and not isinstance(value, datetime):
            format_day = format_date_in_speech if self._as_speech else format_date_in_sentence
            return format_day(value, today=self.facts.today)
        text = collapse_spaces(self.render_value(name))
        question = self.facts.index.questions.get(name)
        if question is not None and question.spec.is_own_words and isinstance(value, str):
            text = strip_repeated_opening(text, question.ask, question.hint)
        return fit_into_sentence(text, before=before) if self._is_user_text(name) else text

    def _fit_before(self, after: str, *, name: str, text: str) -> str:
        """The inserted `text`, adapted to the text that follows."""
        if after[0] in PUNCTUATION:
            return strip_full_stop(text)
        if not self._is_one_text(name):
            return text
        if after.startswith('" ') and after[2:3].isupper():
            return add_full_stop(text)
        return add_closing_comma(text, after=after)

    def _is_one_text(self, name: str) -> bool:
        """Is the value of `name` one text in the person's own words?"""
        question = self.facts.index.questions.get(name)
        return question is not None and question.spec.is_own_words and isinstance(self.facts.value(name), str)

    def _is_user_text(self, name: str) -> bool:
        """Is the value of `name` in the person's own words, rather than labels from the playbook?"""
        question = self.facts.index.questions.get(name)
        if question is not None:
            value = self.facts.value(name)
            return question.spec.is_own_words or (value is not None and question.spec.is_own_text(value))
        return isinstance(self.facts.value(name), tuple)

    def _format_value(self, name: str, value: Value) -> str:
        question = self.facts.index.questions.get(name)
        if question is not None:
            return question.spec.format(value, self)
        compute = self.facts.index.computes.get(name)
        if compute is not None and compute.text.lines:
            return self.render(cast("str", value))
        labels = self.get_labels(name)
        if isinstance(value, tuple):
            items = self.format_items(name, value)
            return join_labels(items) if labels else join_texts(items)
        part = self.facts.index.decisions.get(name, (None, ""))[1]
        if isinstance(value, Decimal) and part in ROUNDED_PARTS:
            return ROUNDED_PARTS[part](value)
        if isinstance(value, Decimal) and compute is not None:
            return f"{format_number(value)} {compute.unit}".strip()
        return labels.get(value, value) if isinstance(value, str) else format_simple(cast("FieldValue", value))

    def format_items(self, name: str, value: Value) -> list[str]:
        """The parts of a value as separate texts: labels, list items, or one line per form."""
        question = self.facts.index.questions.get(name)
        if question is not None:
            return question.spec.format_items(value, self)
        labels = self.get_labels(name)
        if isinstance(value, tuple):
            return [labels.get(cast("str", each), cast("str", each)) for each in value]
        return [self._format_value(name, value)]

    def _render_template(self, template: str) -> list[str]:
        parts = parse_template(template.strip()) if template.strip() else ()
        if len(parts) == 1 and isinstance(parts[0], Insert):
            name = parts[0].id
            value = self.facts.value(name)
            if self.hides(name):
                return [MISSING]
            if isinstance(value, (tuple, Mapping)):
                return [f"- {collapse_spaces(each)}" for each in self.format_items(name, value)]
            if self._as_speech and self._is_typed_sentence(parts):
                return [add_full_stop(self.render(template))]
        return [self.render(template)]

    def _is_typed_sentence(self, parts: tuple[TemplatePart, ...]) -> bool:
        """Is this a single answer in the person's own words, directly or by way of a compute with a `text`?"""
        whole = tuple(self._expand_words(parts))
        only = whole[0] if len(whole) == 1 else None
        return isinstance(only, Insert) and isinstance(self.facts.value(only.id), str) and self._is_user_text(only.id)

    def get_labels(self, name: str) -> Mapping[str, str]:
        """The labels of the ids that the value of `name` can contain, by id."""
        question = self.facts.index.questions.get(name)
        if question is not None:
            return self.option_labels(question.spec.options) if question.spec.options else {}
        compute = self.facts.index.computes.get(name)
        if compute is None:
            if name not in self.facts.index.decisions:
                return {}  # the hours that are left
            rule, _ = self.facts.index.decisions[name]
            rows, columns = self.facts.index.questions[rule.scores].spec.all_options
            return {**self.option_labels(rows), **self.option_labels(columns)}
        labels: dict[str, str] = {band.id: band.label for band in compute.bands}
        for used in self.facts.get_names(compute.value):
            inner = self.facts.index.computes.get(used)
            labels |= {used: inner.label or used} if inner else {}
            labels |= self.get_labels(used)
        return labels


def explain_expression(node: Node, context: EvaluationContext, label: Callable[[str], str]) -> str:
    """The expression on one line, with values in place of names; null is `…`.

    `label(id)` gives the label of a choice, a band or, in highest(), a compute. Arithmetic and comparisons of numbers and
    dates are spelled out, and of an `if` the branch that applies. Other conditions are shown as yes or no, and functions
    over collections by their result.
    """
    return _Explainer(context, label).explain(node, 0)


class _Explainer:
    def __init__(self, context: EvaluationContext, label: Callable[[str], str]) -> None:
        self._context = context
        self._label = label

    def explain(self, node: Node, power: int) -> str:
        """Explain a node, in parentheses if it binds less tightly than `power`."""
        match node:
            case Binary(operator=sign) if sign in _BINDING_POWERS:
                return self._format_arithmetic(node, power)
            case Binary(operator="==" | "!=" | "<" | "<=" | ">" | ">=") if self._is_quantity_comparison(node):
                return self._format_comparison(node)
            case Unary(operator="-", operand=operand):
                return _wrap_in_parentheses(f"-{self.explain(operand, _UNARY_POWER)}", when=power > 0)
            case Conditional():
                holds = evaluate(node.condition, self._context) is True
                return self.explain(node.then if holds else node.else_, power)
            case Call(function="round", arguments=(number, *_)):
                return f"round({self.explain(number, 0)})"
            case Call(function="min" | "max", arguments=several) if len(several) > 1 and self._is_list_of_numbers(
                several
            ):
                return f"{node.function}({', '.join(self.explain(argument, 0) for argument in several)})"
            case Call(function="highest" | "second"):
                return f"{node.function} of {', '.join(self._format_ranked(name) for name in node.arguments)}"
            case _:
                return self._format_value(evaluate(node, self._context), power)

    def _format_arithmetic(self, node: Binary, power: int) -> str:
        own = _BINDING_POWERS[node.operator]
        left = self.explain(node.left, own)
        right = self.explain(node.right, own + (node.operator in {"-", "/"}))
        return _wrap_in_parentheses(
            f"{left} {_PRINTED_OPERATORS.get(node.operator, node.operator)} {right}", when=own < power
        )

    def _format_comparison(self, node: Binary) -> str:
        sign = _PRINTED_OPERATORS.get(node.operator, node.operator)
        return f"{self.explain(node.left, 0)} {sign} {self.explain(node.right, 0)}"

    def _format_ranked(self, node: Node) -> str:
        label = self._label(node.id) if isinstance(node, Name) else ""
        return f"{label} {self.explain(node, 0)}"

    def _is_quantity_comparison(self, node: Binary) -> bool:
        sides = [evaluate(side, self._context) for side in (node.left, node.right)]
        return any(isinstance(side, Decimal | date) for side in sides)

    def _is_list_of_numbers(self, arguments: tuple[Node, ...]) -> bool:
        """Are these numbers, rather than records and an expression for each?"""
        first = evaluate(arguments[0], self._context)
        return isinstance(first, Decimal) or not isinstance(arguments[0], Name)

    def _format_value(self, value: Value | None, power: int) -> str:
        match value:
            case bool():
                return "yes" if value else "no"
            case Decimal():
                return _wrap_in_parentheses(_format_number(value), when=power > 0 and value < 0)
            case str():
                return self._label(value)
            case tuple():
                return ", ".join(part for part in value if isinstance(part, str))
            case date():
                return value.isoformat()
            case _:
                return NULL_TEXT


def _wrap_in_parentheses(text: str, *, when: bool) -> str:
    return f"({text})" if when else text


def _format_number(number: Decimal) -> str:
    """With at most two decimals, and in scientific notation if it is too long to read."""
    if abs(number) >= _MAX_PLAIN_NUMBER:
        return f"{number:.2E}"
    text = f"{round_half_up(number, _DECIMAL_PLACES) or 0:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
