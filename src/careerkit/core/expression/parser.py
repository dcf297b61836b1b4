"""How the source of an expression is read.

expression = either [ "if" either "else" expression ]
either     = both { "or" both }
both       = negation { "and" negation }
negation   = "not" negation | comparison
comparison = sum [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) sum | [ "not" ] "in" ( list | sum ) ]
sum        = product { ( "+" | "-" ) product }
product    = signed { ( "*" | "/" ) signed }
signed     = "-" signed | operand
operand    = NUMBER | TEXT | "true" | "false" | "today" | ID | call | "(" expression ")"
call       = FUNCTION "(" expression { "," expression } ")"
list       = "[" expression { "," expression } "]"

NUMBER     = digits [ "." digits ]           at most 28 digits
TEXT       = "'" ... "'" | '"' ... '"'       no escapes
ID         = a-z { a-z | 0-9 | "_" }         none of RESERVED
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from careerkit.core.expression.nodes import COMPARISONS, Binary, Call, Conditional, Listing, Literal, Name, Node, Unary
from careerkit.core.expression.tokens import Token, problem_at, shown, tokens
from careerkit.core.expression.vocabulary import ARGUMENTS, USAGE
from careerkit.core.problem import Refused, nearest

MOST_CHARACTERS = 512
MOST_NODES = 64
MOST_DEPTH = 16

# How tightly each operator binds; an operand is read with the power that it must at least have.
_ANY, _EITHER, _BOTH, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN = range(8)
_POWERS = {"if": _ANY, "or": _EITHER, "and": _BOTH, "in": _COMPARE, "not": _COMPARE}
_POWERS |= dict.fromkeys(COMPARISONS, _COMPARE)
_POWERS |= {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT}


def parse(source: str) -> Node:
    """The tree of an expression that keeps to the grammar and the limits; what its ids mean is for `check`.

    Raises Refused with one problem, whose place is Place("", 1, column): the first that hinders reading on.
    A binary operator adds no depth: parentheses, lists, calls, `not`, `-` and the parts of an `if` do.
    """
    if len(source) > MOST_CHARACTERS:
        message = f"This expression has {len(source)} characters; {MOST_CHARACTERS} are allowed."
        hint = "Split it: make a part of it a compute."
        raise Refused(problem_at(MOST_CHARACTERS + 1, "expression-too-long", message, hint))
    return _parsed(source)


@lru_cache(maxsize=4096)
def _parsed(source: str) -> Node:
    """Remembered, because an interview comes back to the same conditions after each answer."""
    return _Parser(tokens(source)).whole()


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._next = 0
        self._nodes = 0
        self._depth = 0

    def whole(self) -> Node:
        if len(self._tokens) == 1:
            raise self._refused("This expression is empty.", "Write what should hold, or leave the key out.")
        node = self._expression(_ANY)
        token = self._peek()
        if token.sort != "end":
            hint = _AFTER.get(token.text, "An operator is missing, or one part too many.")
            raise self._refused(f"The expression should end before {_read(token)}.", hint)
        return node

    def _expression(self, power: int) -> Node:
        """An operand, and all operators after it that bind at least as tightly as `power`."""
        left = self._operand(power)
        tightest = _SIGN
        while (token := self._peek()).sort in {"sign", "word"} and power <= _POWERS.get(token.text, -1) <= tightest:
            if _POWERS[token.text] == _COMPARE:
                tightest = _BOTH  # neither another comparison nor, after a list, arithmetic
            left = self._conditional(left) if token.text == "if" else self._binary(left)
        if tightest == _BOTH and _POWERS.get(self._peek().text) == _COMPARE and self._peek().sort != "text":
            raise self._refused("Comparisons can't be chained.", "Write a < b and b < c.")
        return left

    def _conditional(self, holds: Node) -> Node:
        token = self._take()
        condition = self._nested(_EITHER)
        self._expect("else", "An 'if' needs its 'else': a if condition else b.")
        return self._made(Conditional(holds, condition, self._nested(_ANY), token.column))

    def _binary(self, left: Node) -> Node:
        token = self._take()
        operator = token.text
        if operator == "not":
            self._expect("in", "Between two values only 'not in' can stand.")
            operator = "not in"
        if operator in {"in", "not in"} and self._is_at("["):
            right = self._list()
        else:
            right = self._expression(_POWERS[token.text] + 1)
        return self._made(Binary(operator, left, right, token.column))

    def _operand(self, power: int) -> Node:
        token = self._peek()
        match token.sort, token.text:
            case "number", text:
                return self._leaf(Literal(Decimal(text), token.column))
            case "text", text:
                return self._leaf(Literal(text, token.column))
            case "word", "true" | "false":
                return self._leaf(Literal(token.text == "true", token.column))
            case "word", "today":
                return self._leaf(Call("today", (), token.column))
            case ("word", "not") | ("sign", "-"):
                return self._unary(power)
            case "sign", "(":
                return self._parenthesis()
            case "word", word if word not in _POWERS and word != "else":
                return self._word(token)
        if self._is_at("["):
            raise self._refused("A list stands only after 'in'.", "Write x in ['a', 'b'].")
        raise self._refused(
            f"A value is missing before {_read(token)}.",
            _BEFORE.get(token.text, "Write an id, a number or a quoted text."),
        )

    def _unary(self, power: int) -> Node:
        token = self._peek()
        own = _SIGN if token.text == "-" else _NOT
        if own < power:
            raise self._refused("'not' can't stand here.", "Put it in parentheses: a == (not b).")
        self._take()
        return self._made(Unary(token.text, self._nested(own), token.column))

    def _parenthesis(self) -> Node:
        self._take()
        node = self._nested(_ANY)
        self._expect(")", "A parenthesis is not closed.")
        return node

    def _list(self) -> Node:
        token = self._take()
        items = self._several()
        self._expect("]", "The list is not closed.")
        return self._made(Listing(items, token.column))

    def _word(self, token: Token) -> Node:
        following = self._tokens[self._next + 1]
        is_called = following.sort == "sign" and following.text == "("
        if not is_called and token.text not in ARGUMENTS:
            return self._leaf(Name(token.text, token.column))
        if not is_called:
            raise self._refused(f"{shown(token.text)} is a function.", f"Write {USAGE[token.text]}.")
        if token.text not in ARGUMENTS:
            near = nearest(token.text, ARGUMENTS)
            hint = f"Did you mean {near}?" if near else f"There are {', '.join(ARGUMENTS)}."
            message = f"There is no function {shown(token.text)}."
            raise Refused(problem_at(token.column, "unknown-function", message, hint))
        self._take()
        self._take()
        arguments = self._several()
        self._expect(")", "The arguments are not closed.")
        return self._made(Call(token.text, arguments, token.column))

    def _several(self) -> tuple[Node, ...]:
        items = [self._nested(_ANY)]
        while self._is_at(","):
            self._take()
            items.append(self._nested(_ANY))
        return tuple(items)

    def _nested(self, power: int) -> Node:
        if self._depth == MOST_DEPTH:
            message = f"This is nested more than {MOST_DEPTH} deep."
            raise Refused(
                problem_at(self._peek().column, "expression-too-deep", message, "Make the inner part a compute.")
            )
        self._depth += 1
        node = self._expression(power)
        self._depth -= 1
        return node

    def _leaf(self, node: Node) -> Node:
        self._take()
        return self._made(node)

    def _made(self, node: Node) -> Node:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            message = f"This expression has more than {MOST_NODES} parts."
            raise Refused(
                problem_at(node.column, "expression-too-big", message, "Split it: make a part of it a compute.")
            )
        return node

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _is_at(self, text: str) -> bool:
        """Whether a sign or keyword is next, rather than a quoted text that reads like it."""
        return self._peek().text == text and self._peek().sort in {"sign", "word"}

    def _take(self) -> Token:
        token = self._peek()
        self._next += 1
        return token

    def _expect(self, text: str, hint: str) -> None:
        if not self._is_at(text):
            raise self._refused(f"'{text}' is missing before {_read(self._peek())}.", hint)
        self._take()

    def _refused(self, message: str, hint: str) -> Refused:
        return Refused(problem_at(self._peek().column, "expression-syntax", message, hint))


_AFTER = {
    "(": "Only functions take parentheses.",
    "[": "Nothing can be indexed; see at() for weights, ranks and grids.",
    ",": "A list stands in [...] after 'in'.",
    ")": "There is one parenthesis too many.",
    "else": "Write a if condition else b.",
}
_BEFORE = {
    "*": "There are no star arguments.",
    "+": "Leave out a plus before a number.",
    "if": "Write a if condition else b.",
    "in": "Write 'id' in question.",
}


def _read(token: Token) -> str:
    return "its end" if token.sort == "end" else shown(token.text)
