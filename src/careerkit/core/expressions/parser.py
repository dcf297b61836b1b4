"""Parse the source of an expression into a syntax tree, by this grammar:

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
ID         = a-z { a-z | 0-9 | "_" }         except RESERVED_WORDS
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Literal

from careerkit.core.errors import Place, Problem, Refused, find_closest
from careerkit.core.expressions import ast
from careerkit.core.expressions.ast import ARGUMENT_COUNTS, RESERVED_WORDS
from careerkit.core.frozen import frozen
from careerkit.core.text import describe_lookalike, quote_fragment

MAX_CHARACTERS = 512
MAX_NODES = 64
MAX_DEPTH = 16

# Binding powers for precedence climbing: an operand takes the operators that bind at least as tightly as its power.
_ANY, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN = range(8)
_BINDING_POWERS = {"if": _ANY, "or": _OR, "and": _AND, "in": _COMPARE, "not": _COMPARE}
_BINDING_POWERS |= dict.fromkeys(ast.COMPARISON_OPERATORS, _COMPARE)
_BINDING_POWERS |= {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT}

TokenKind = Literal["number", "text", "word", "operator", "end"]

MAX_DIGITS = 28

_WHITESPACE = " \t\r\n"
_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_WORD_CHARS = _LETTERS | _DIGITS | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_SYMBOLS = ("==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",")
_SYMBOL_HINTS = {
    "**": "There is no power operator: multiply instead.",
    "//": "Divide with / and use round().",
    "<>": "Write != for 'is not'.",
    "=>": "Write >= for 'at least'.",
    "=<": "Write <= for 'at most'.",
    "=!": "Write != for 'is not'.",
    "->": "Write a if condition else b.",
    "&&": "Write 'and'.",
    "&": "Write 'and'.",
    "|": "Write 'or'.",
    "%": "There is no remainder. For a percentage, multiply by 100.",
    "^": "There is no power operator: multiply instead.",
    "?": "Write a if condition else b.",
    ":": "Write a if condition else b.",
    ";": "There is one expression only. Join conditions with 'and'.",
    "{": "Ids have no braces in an expression; only texts insert {id}.",
    "}": "Ids have no braces in an expression; only texts insert {id}.",
    "$": "Write the id alone.",
    "@": "Write the id alone.",
    "`": "Write the id alone, or a value in '...'.",
    "||": "Write 'or'.",
    ":=": "Names can't be assigned here: make it a compute.",
    "=": "Write == to compare.",
    "!": "Write 'not'.",
    ".": "A dot is only allowed in numbers, such as 0.5.",
    "\u2018": "Use straight quotes: '...'.",
    "\u2019": "Use straight quotes: '...'.",
    "\u201c": "Use straight quotes: '...'.",
    "\u201d": "Use straight quotes: '...'.",
    "\u00d7": "Write * to multiply.",
    "\u00f7": "Write / to divide.",
    "\u2212": "Write a plain minus: -.",
    "\u2264": "Write <=.",
    "\u2265": "Write >=.",
    "\u2260": "Write !=.",
}
_WORD_HINTS = {"True": "Write true.", "False": "Write false.", "None": "Write not answered(...)."}


def parse(source: str) -> ast.Node:
    """The syntax tree of an expression. Whether its ids exist is left to the type check.

    Raises Refused with the first syntax error, at Place("", 1, column), or if the expression is too long, too big or
    nested too deeply. Parentheses, lists, calls, `not`, `-` and the parts of an `if` add depth; binary operators don't.
    """
    if len(source) > MAX_CHARACTERS:
        message = f"This expression has {len(source)} characters; {MAX_CHARACTERS} are allowed."
        hint = "Split it: make a part of it a compute."
        raise Refused(make_problem(MAX_CHARACTERS + 1, "expression-too-long", message, hint))
    return _parse_cached(source)


@frozen
class Token:
    """`text` is the source text of the token; for a quoted text, without the quotes."""

    kind: TokenKind
    text: str
    column: int


def tokenize(source: str) -> list[Token]:
    """All tokens and, last, one of kind `end`. Raises Refused at the first invalid character, number, word or text."""
    found: list[Token] = []
    at = 0
    while at < len(source):
        char = source[at]
        if char in _WHITESPACE:
            at += 1
            continue
        if char in _DIGITS:
            token, at = _read_number(source, at)
        elif char in _WORD_CHARS:
            token, at = _read_word(source, at)
        elif char in "'\"":
            token, at = _read_text(source, at)
        else:
            token, at = _read_operator(source, at)
        found.append(token)
    return [*found, Token("end", "", len(source) + 1)]


def make_problem(column: int, code: str, message: str, hint: str = "") -> Problem:
    """A problem at a column of an expression. Its place has line 1 and no file, for the caller to complete."""
    return Problem(code, message, hint, Place("", 1, column))


@lru_cache(maxsize=4096)
def _parse_cached(source: str) -> ast.Node:
    """Cached, because an interview evaluates the same conditions after every answer."""
    return _Parser(tokenize(source)).parse()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._position = 0
        self._nodes = 0
        self._depth = 0

    def parse(self) -> ast.Node:
        if len(self._tokens) == 1:
            raise self._make_error("This expression is empty.", "Write a condition or a value, or leave the key out.")
        node = self._parse_expression(_ANY)
        token = self._peek()
        if token.kind != "end":
            hint = _HINTS_AFTER.get(token.text, "An operator is missing, or there is one part too many.")
            if token.text == "is":
                is_negated = self._tokens[self._position + 1].text == "not"
                hint = "Write !=, as in kind != 'mistake'." if is_negated else "Write ==, as in kind == 'mistake'."
            raise self._make_error(f"The expression should end before {_describe_token(token)}.", hint)
        return node

    def _parse_expression(self, power: int) -> ast.Node:
        """Parse an operand and all operators after it that bind at least as tightly as `power`."""
        left = self._parse_operand(power)
        tightest = _SIGN
        while (token := self._peek()).kind in {"operator", "word"} and power <= _BINDING_POWERS.get(
            token.text, -1
        ) <= tightest:
            if _BINDING_POWERS[token.text] == _COMPARE:
                tightest = _AND  # no second comparison and, after a list, no arithmetic
            left = self._parse_conditional(left) if token.text == "if" else self._parse_binary(left)
        if tightest == _AND and _BINDING_POWERS.get(self._peek().text) == _COMPARE and self._peek().kind != "text":
            raise self._make_error("Comparisons can't be chained.", "Write a < b and b < c.")
        return left

    def _parse_conditional(self, then: ast.Node) -> ast.Node:
        token = self._take()
        condition = self._parse_nested(_OR)
        self._expect("else", "An 'if' needs its 'else': a if condition else b.")
        return self._count_node(ast.Conditional(then, condition, self._parse_nested(_ANY), token.column))

    def _parse_binary(self, left: ast.Node) -> ast.Node:
        token = self._take()
        operator = token.text
        if operator == "not":
            self._expect("in", "Between two values, only 'not in' is allowed.")
            operator = "not in"
        if operator in {"in", "not in"} and self._is_at("["):
            right = self._parse_list()
        else:
            right = self._parse_expression(_BINDING_POWERS[token.text] + 1)
        return self._count_node(ast.Binary(operator, left, right, token.column))

    def _parse_operand(self, power: int) -> ast.Node:
        token = self._peek()
        match token.kind, token.text:
            case "number", text:
                return self._take_leaf(ast.Literal(Decimal(text), token.column))
            case "text", text:
                return self._take_leaf(ast.Literal(text, token.column))
            case "word", "true" | "false":
                return self._take_leaf(ast.Literal(token.text == "true", token.column))
            case "word", "today":
                return self._take_leaf(ast.Call("today", (), token.column))
            case ("word", "not") | ("operator", "-"):
                return self._parse_unary(power)
            case "operator", "(":
                return self._parse_parenthesis()
            case "word", word if word not in _BINDING_POWERS and word != "else":
                return self._parse_word(token)
        if self._is_at("["):
            raise self._make_error("A list is only allowed after 'in'.", "Write x in ['a', 'b'].")
        if token.text == "if" and self._position == 0:
            raise self._make_error(
                "A condition doesn't begin with 'if'.", "Leave out if, or write a if condition else b."
            )
        raise self._make_error(
            f"A value is missing before {_describe_token(token)}.",
            _HINTS_BEFORE.get(token.text, "Write an id, a number or a quoted text."),
        )

    def _parse_unary(self, power: int) -> ast.Node:
        token = self._peek()
        own = _SIGN if token.text == "-" else _NOT
        if own < power:
            raise self._make_error("'not' isn't allowed here.", "Put it in parentheses: a == (not b).")
        self._take()
        return self._count_node(ast.Unary(token.text, self._parse_nested(own), token.column))

    def _parse_parenthesis(self) -> ast.Node:
        before = self._tokens[self._position - 1] if self._position else None
        self._take()
        node = self._parse_nested(_ANY)
        if self._is_at(",") and before and before.kind == "word" and before.text == "in":
            column = self._tokens[self._position].column
            hint = "Write [...] instead of (...), as in x in ['a', 'b']."
            raise Refused(make_problem(column, "expression-syntax", "A list has square brackets.", hint))
        self._expect(")", "A parenthesis is not closed.")
        return node

    def _parse_list(self) -> ast.Node:
        token = self._take()
        items = self._parse_items()
        self._expect("]", "The list is not closed.")
        return self._count_node(ast.ListLiteral(items, token.column))

    def _parse_word(self, token: Token) -> ast.Node:
        following = self._tokens[self._position + 1]
        is_called = following.kind == "operator" and following.text == "("
        if not is_called and (token.text not in ast.ARGUMENT_COUNTS or token.text in ast.UNRESERVED):
            return self._take_leaf(ast.Name(token.text, token.column))
        if not is_called:
            raise self._make_error(f"{quote_fragment(token.text)} is a function.", f"Write {ast.USAGE[token.text]}.")
        if token.text not in ast.ARGUMENT_COUNTS:
            near = find_closest(token.text, ast.ARGUMENT_COUNTS)
            hint = f"Did you mean {near}?" if near else f"Functions: {', '.join(ast.ARGUMENT_COUNTS)}."
            hint = _OTHER_FUNCTIONS.get(token.text, hint)
            message = f"There is no function {quote_fragment(token.text)}."
            raise Refused(make_problem(token.column, "unknown-function", message, hint))
        self._take()
        self._take()
        arguments = self._parse_items()
        self._expect(")", "The arguments are not closed.")
        return self._count_node(ast.Call(token.text, arguments, token.column))

    def _parse_items(self) -> tuple[ast.Node, ...]:
        items = [self._parse_nested(_ANY)]
        while self._is_at(","):
            self._take()
            items.append(self._parse_nested(_ANY))
        return tuple(items)

    def _parse_nested(self, power: int) -> ast.Node:
        if self._depth == MAX_DEPTH:
            message = f"This is nested more than {MAX_DEPTH} levels deep."
            raise Refused(
                make_problem(self._peek().column, "expression-too-deep", message, "Make the inner part a compute.")
            )
        self._depth += 1
        node = self._parse_expression(power)
        self._depth -= 1
        return node

    def _take_leaf(self, node: ast.Node) -> ast.Node:
        self._take()
        return self._count_node(node)

    def _count_node(self, node: ast.Node) -> ast.Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            message = f"This expression has more than {MAX_NODES} parts."
            raise Refused(
                make_problem(node.column, "expression-too-big", message, "Split it: make a part of it a compute.")
            )
        return node

    def _peek(self) -> Token:
        return self._tokens[self._position]

    def _is_at(self, text: str) -> bool:
        """Is this operator or keyword next, rather than a quoted text with the same characters?"""
        return self._peek().text == text and self._peek().kind in {"operator", "word"}

    def _take(self) -> Token:
        token = self._peek()
        self._position += 1
        return token

    def _expect(self, text: str, hint: str) -> None:
        if not self._is_at(text):
            raise self._make_error(f"'{text}' is missing before {_describe_token(self._peek())}.", hint)
        self._take()

    def _make_error(self, message: str, hint: str) -> Refused:
        return Refused(make_problem(self._peek().column, "expression-syntax", message, hint))


_HINTS_AFTER = {
    "(": "Only functions take parentheses.",
    "[": "Nothing can be indexed; see at() for weights, ranks and tables.",
    ",": "Join conditions with and, or with or. A list is written in [...] after 'in'.",
    ")": "There is one parenthesis too many.",
    "else": "Write a if condition else b.",
}
_HINTS_BEFORE = {
    "*": "There are no star arguments.",
    "+": "Leave out the plus sign before a number.",
    "if": "Write a if condition else b.",
    "in": "Write 'id' in question.",
}

_OTHER_FUNCTIONS = {
    **dict.fromkeys(("contains", "includes", "has", "selected", "chosen", "is_in"), "Write 'id' in question."),
    **dict.fromkeys(("len", "length", "size", "number_of"), "Write count(question)."),
    **dict.fromkeys(("exists", "is_set", "isset", "defined", "given", "not_null"), "Write answered(question)."),
    **dict.fromkeys(("empty", "is_empty", "missing", "is_null", "isnull", "blank"), "Write not answered(question)."),
    **dict.fromkeys(("avg", "average"), "Write mean(...)."),
    **dict.fromkeys(("equals", "eq", "is"), "Write a == b."),
    **dict.fromkeys(("iif", "ifelse", "switch", "choose"), "Write a if condition else b."),
    **dict.fromkeys(("words", "len_words"), "Write word_count(question)."),
    **dict.fromkeys(("now", "date", "day"), "Write today, or a date such as '2026-12-01'."),
    **dict.fromkeys(("datediff", "days", "date_diff", "diff"), "Write days_between(first, last)."),
    **dict.fromkeys(("abs",), "Write max(a - b, b - a)."),
    **dict.fromkeys(("floor", "ceil", "int"), "Write round(number)."),
}


def _describe_token(token: Token) -> str:
    return "its end" if token.kind == "end" else quote_fragment(token.text)


def _read_number(source: str, start: int) -> tuple[Token, int]:
    end = _find_end(source, start, _DIGITS)
    if source[end : end + 1] == "." and source[end + 1 : end + 2] in _DIGITS:
        end = _find_end(source, end + 1, _DIGITS)
    text = source[start:end]
    if source[end : end + 1] in _WORD_CHARS or source[end : end + 1] == ".":
        hint = "Write digits and at most one decimal point, such as 12 or 0.5."
        raise _make_error(
            start, "bad-number", f"{quote_fragment(source[start : end + 1])} is not a valid number.", hint
        )
    if len(text.replace(".", "")) > MAX_DIGITS:
        hint = f"A number has at most {MAX_DIGITS} digits."
        raise _make_error(start, "bad-number", "This number is too long.", hint)
    return Token("number", text, start + 1), end


def _read_word(source: str, start: int) -> tuple[Token, int]:
    end = _find_end(source, start, _WORD_CHARS)
    text = source[start:end]
    if text[0] not in _LETTERS or text != text.lower():
        raise _make_error(start, "bad-word", *_explain_word(text, is_called=source[end:].lstrip().startswith("(")))
    return Token("word", text, start + 1), end


def _explain_word(text: str, *, is_called: bool) -> tuple[str, str]:
    """The message and hint for a word with capitals."""
    small = text.lower()
    if text in _WORD_HINTS:
        return f"{quote_fragment(text)} has no meaning in an expression.", _WORD_HINTS[text]
    if small == "if":
        return f"{quote_fragment(text)} is no function.", "Write a if condition else b."
    if small in RESERVED_WORDS or (small in ARGUMENT_COUNTS and is_called):
        return f"{quote_fragment(text)} is written in small letters.", f"Write {small}."
    if text[0] in _WORD_CHARS - _LETTERS and text == small:
        return f"{quote_fragment(text)} can't be an id.", "Ids begin with a small letter."
    message = f"{quote_fragment(text)} can't be an id, because it has capitals."
    return message, f"Write {small}, or '{text}' in quotes if it is a value."


def _read_text(source: str, start: int) -> tuple[Token, int]:
    end = source.find(source[start], start + 1)
    if end < 0:
        raise _make_error(
            start, "bad-text", "This quoted text has no closing quote.", f"Close it with {source[start]}."
        )
    text = source[start + 1 : end]
    for offset, char in enumerate(text):
        if char == "\\" or not char.isprintable():
            message = f"A quoted text can't hold {_describe_char(char)}."
            raise _make_error(start + 1 + offset, "bad-text", message, "Write the id as it is, without escapes.")
    return Token("text", text, start + 1), end + 1


def _read_operator(source: str, start: int) -> tuple[Token, int]:
    pair = source[start : start + 2]
    if pair not in _SYMBOL_HINTS:
        for sign in _SYMBOLS:
            if source.startswith(sign, start):
                return Token("operator", sign, start + 1), start + len(sign)
    wrong = pair if pair in _SYMBOL_HINTS else source[start]
    hint = _SYMBOL_HINTS.get(wrong) or describe_lookalike(wrong) or _OTHER_HINT
    raise _make_error(start, "bad-character", f"{_describe_char(wrong)} has no meaning in an expression.", hint)


_OTHER_HINT = "An expression has ids, numbers, quoted texts, and or not, comparisons, + - * / and functions."


def _find_end(source: str, start: int, allowed: frozenset[str]) -> int:
    end = start
    while end < len(source) and source[end] in allowed:
        end += 1
    return end


def _describe_char(text: str) -> str:
    """The code point for a character outside ASCII, because it often looks just like the right one."""
    return f"'{text}'" if text.isascii() and text.isprintable() else f"U+{ord(text):04X}"


def _make_error(offset: int, code: str, message: str, hint: str) -> Refused:
    return Refused(make_problem(offset + 1, code, message, hint))
