"""Conditions and values of a playbook in words, for people who don't read expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from careerkit.core.expressions.ast import (
    Binary,
    Call,
    Conditional,
    ListLiteral,
    Literal,
    Name,
    Node,
    Unary,
    get_children,
)
from careerkit.core.expressions.parser import parse
from careerkit.core.playbook.model import HOURS_LEFT, Playbook, list_questions
from careerkit.core.questions.question import Question
from careerkit.core.text import abbreviate
from careerkit.core.values import format_number

MAX_ASK_LENGTH = 60
"""Longer questions are shortened inside conditions."""
_COMPARISONS = {"==": "is", "!=": "isn't", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least"}
_POWERS = {"or": 1, "and": 2, "not": 3}
_ARITHMETIC = {"+": 1, "-": 1, "*": 2, "/": 2}


class PlaybookWording:
    """Puts the conditions of one playbook into words: questions by their text, choices by their labels."""

    def __init__(self, playbook: Playbook) -> None:
        self._questions = {each.id: each for each in list_questions(playbook)}
        self._fields = {field.id: field for each in self._questions.values() for field in each.spec.fields}
        self._computes = {each.id: each for each in playbook.computes}
        self._decisions = {each.id: each for each in playbook.decisions}
        self._actions = {each.id: each.do.usual for each in playbook.actions}

    def describe(self, condition: str) -> str:
        """A condition in words; "" for none. What has no words, such as arithmetic, stays an expression."""
        return self._describe(parse(condition), 0) if condition else ""

    def describe_value(self, expression: str) -> str:
        """An expression of any type, with questions by their text where it is a condition."""
        return self._describe(parse(expression), 0) if expression else ""

    def list_names(self, condition: str) -> tuple[str, ...]:
        """The questions that a condition names, directly or through computes, in the order of the playbook."""
        found = set(self._walk_questions(parse(condition), set())) if condition else set()
        return tuple(each for each in self._questions if each in found)

    def get_label(self, name: str) -> str:
        """What a question, field or value is called: its text in quotes, or its label; its id if it has neither."""
        question = self._questions.get(name) or self._fields.get(name)
        if question is not None:
            return f'"{abbreviate(question.ask, MAX_ASK_LENGTH, whole_words=True)}"'
        if name in self._computes:
            return self._computes[name].label or name
        if name == HOURS_LEFT:
            return "the number of hours left"
        return name.replace("_", " ") if name.rpartition("_")[0] in self._decisions else name

    # ------------------------------------------------------------ conditions

    def _describe(self, node: Node, power: int) -> str:
        match node:
            case Binary(operator="and" | "or" as sign):
                own = _POWERS[sign]
                parts = [self._describe(each, own) for each in _flatten(node, sign)]
                joined = f", {sign} ".join(parts) if len(parts) > 2 else f" {sign} ".join(parts)
                return f"({joined})" if power and own != power else joined
            case Unary(operator="not", operand=operand):
                return self._negate(operand)
            case Binary(operator=sign, left=left, right=right) if sign in _COMPARISONS:
                return f"{self._name(left)} {_COMPARISONS[sign]} {self._value(right, left)}"
            case Binary(operator="in" | "not in" as sign, left=left, right=ListLiteral(items=items)):
                return self._describe_in(left, items, is_negated=sign == "not in")
            case Binary(operator="in" | "not in" as sign, left=left, right=right):
                words = "includes" if sign == "in" else "doesn't include"
                return f"{self._name(right)} {words} {self._value(left, right)}"
            case Call(function="answered" | "known" as function, arguments=(argument,)):
                return f"{self._name(argument)} is {function}"
            case Call(function="done", arguments=(Name(id=name), *_)):
                return f'"{self._actions.get(name, name)}" is done'
            case Call(function="any" | "all" as function, arguments=(records, condition)):
                which = "one" if function == "any" else "each"
                return f"for {which} of {self._name(records)}: {self._describe(condition, 0)}"
            case Name(id=name) if self._is_yesno(name):
                return f"{self._name(node)} is yes"
            case Name(id=name) if name in self._computes:
                return f"{self.get_label(name)} holds"
        return self._name(node)

    def _negate(self, node: Node) -> str:
        match node:
            case Call(function="answered" | "known" as function, arguments=(argument,)):
                return f"{self._name(argument)} isn't {function}"
            case Call(function="done", arguments=(Name(id=name), *_)):
                return f'"{self._actions.get(name, name)}" isn\'t done'
            case Name(id=name) if self._is_yesno(name):
                return f"{self._name(node)} isn't yes"
            case Name(id=name) if name in self._computes:
                return f"{self.get_label(name)} doesn't hold"
            case Binary(operator="==", left=left, right=right):
                return f"{self._name(left)} isn't {self._value(right, left)}"
            case Binary(operator="in", left=left, right=ListLiteral(items=items)):
                return self._describe_in(left, items, is_negated=True)
            case Binary(operator="in", left=left, right=right):
                return f"{self._name(right)} doesn't include {self._value(left, right)}"
        return f"not: {self._describe(node, _POWERS['not'])}"

    def _describe_in(self, left: Node, items: Sequence[Node], *, is_negated: bool) -> str:
        listed = ", ".join(self._value(each, left) for each in items)
        which = ("none of" if is_negated else "one of") if len(items) > 1 else "not" if is_negated else ""
        is_several = isinstance(left, Name) and left.id in self._questions and self._questions[left.id].spec.gives_items
        verb = "has" if is_several and len(items) > 1 else "includes" if is_several else "is"
        return " ".join(filter(None, (self._name(left), verb, which, listed)))

    # ------------------------------------------------------------ names and values

    def _name(self, node: Node) -> str:
        match node:
            case Name(id=name):
                return self.get_label(name)
            case Literal():
                return _format_literal(node)
            case Call(function="band", arguments=(Name(id=name),)):
                return self.get_label(name)
            case Call(function="today"):
                return "today"
            case Call(function="count", arguments=(records,)):
                return f"the number in {self._name(records)}"
            case Call(function="count", arguments=(records, condition)):
                return f"the number in {self._name(records)} where {self._describe(condition, 0)}"
            case Call(function="days_between", arguments=(first, last)):
                return f"the days from {self._name(first)} to {self._name(last)}"
            case Call(function=function, arguments=arguments):
                return f"{function}({', '.join(self._name(each) for each in arguments)})"
            case Unary(operator="-", operand=operand):
                return f"-{self._name(operand)}"
            case Binary(operator=sign, left=left, right=right) if sign in _ARITHMETIC:
                return f"{self._operand(left, sign)} {sign} {self._operand(right, sign)}"
            case Conditional(then=then, condition=condition, else_=else_):
                return f"{self._name(then)} if {self._describe(condition, 0)}, else {self._name(else_)}"
            case ListLiteral(items=items):
                return ", ".join(self._name(each) for each in items)
        return self._describe(node, 0)

    def _operand(self, node: Node, sign: str) -> str:
        text = self._name(node)
        is_looser = isinstance(node, Binary) and _ARITHMETIC.get(node.operator, 9) < _ARITHMETIC[sign]
        return f"({text})" if is_looser else text

    def _value(self, node: Node, of: Node) -> str:
        """A value in a comparison: an id by the label that it has in `of`."""
        if isinstance(node, Literal) and isinstance(node.value, str):
            return f'"{self._list_labels(of).get(node.value, node.value)}"'
        if isinstance(node, Literal) and isinstance(node.value, bool):
            return "yes" if node.value else "no"
        return self._name(node)

    def _list_labels(self, node: Node) -> Mapping[str, str]:
        match node:
            case Call(function="band", arguments=(Name(id=name),)) if name in self._computes:
                return {each.id: each.label or each.id for each in self._computes[name].bands}
            case Call(function="highest" | "second", arguments=arguments):
                return {each.id: self.get_label(each.id) for each in arguments if isinstance(each, Name)}
            case Name(id=name):
                decision = self._decisions.get(name.rpartition("_")[0])
                scores = self._questions.get(decision.scores) if decision else None
                question = self._questions.get(name) or self._fields.get(name) or scores
                return self._list_choices(question) if question else {}
        return {}

    def _list_choices(self, question: Question) -> dict[str, str]:
        """The labels of everything that can be chosen, also where it comes from another question."""
        labels: dict[str, str] = {}
        seen: set[str] = set()
        waiting = list(question.spec.all_options)
        while waiting:
            options = waiting.pop()
            labels |= {each.id: each.label for each in options.choices}
            if options.source in self._questions and options.source not in seen:
                seen.add(options.source)
                waiting += self._questions[options.source].spec.all_options
        return labels

    def _is_yesno(self, name: str) -> bool:
        question = self._questions.get(name) or self._fields.get(name)
        return question is not None and question.type == "yesno"

    def _walk_questions(self, node: Node, seen: set[str]) -> Iterator[str]:
        match node:
            case Name(id=name):
                yield from self._list_roots(name, seen)
            case _:
                for child in get_children(node):
                    yield from self._walk_questions(child, seen)

    def _list_roots(self, name: str, seen: set[str]) -> Iterator[str]:
        if name in self._questions:
            yield name
        compute, decision = self._computes.get(name), self._decisions.get(name.rpartition("_")[0])
        if name in seen:
            return
        seen.add(name)
        if decision is not None:
            yield from decision.questions
        if compute is not None:
            yield from (root for each in compute.needs for root in self._list_roots(each, seen))
            conditions = [*(line.when for line in compute.tally), *(line.when for line in compute.text.lines)]
            for each in (*conditions, compute.value):
                if each:
                    yield from self._walk_questions(parse(each), seen)


def _flatten(node: Node, sign: str) -> Iterator[Node]:
    if isinstance(node, Binary) and node.operator == sign:
        yield from _flatten(node.left, sign)
        yield from _flatten(node.right, sign)
    else:
        yield node


def _format_literal(literal: Literal) -> str:
    match literal.value:
        case bool(value):
            return "yes" if value else "no"
        case Decimal() as value:
            return format_number(value)
        case value:
            return f'"{value}"'
