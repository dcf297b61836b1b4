"""Parsing: precedence, literals, limits, and the places of problems."""

from __future__ import annotations

from decimal import Decimal

import pytest

from careerkit.core.errors import Refused
from careerkit.core.expressions.ast import (
    RESERVED_WORDS,
    Binary,
    Call,
    Conditional,
    ListLiteral,
    Literal,
    Name,
    Node,
    Unary,
)
from careerkit.core.expressions.parser import parse
from cpu_time import measure_seconds

A, B, C, D = Name("a"), Name("b"), Name("c"), Name("d")
ONE, TWO = Literal(Decimal(1)), Literal(Decimal(2))


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("a", A),
        ("(a)", A),
        ("1", ONE),
        ("0.50", Literal(Decimal("0.50"))),
        ("true", Literal(value=True)),
        ("false", Literal(value=False)),
        ("'it is'", Literal("it is")),
        ('"it\'s"', Literal("it's")),
        ("''", Literal("")),
        ("'and'", Literal("and")),
        ("today", Call("today", ())),
        ("-a", Unary("-", A)),
        ("--a", Unary("-", Unary("-", A))),
        ("not a", Unary("not", A)),
        ("not not a", Unary("not", Unary("not", A))),
        ("a + b - c", Binary("-", Binary("+", A, B), C)),
        ("a - b * c", Binary("-", A, Binary("*", B, C))),
        ("a / b / c", Binary("/", Binary("/", A, B), C)),
        ("(a + b) * c", Binary("*", Binary("+", A, B), C)),
        ("-a * b", Binary("*", Unary("-", A), B)),
        ("a * -b", Binary("*", A, Unary("-", B))),
        ("a - -1", Binary("-", A, Unary("-", ONE))),
        ("a + b < c", Binary("<", Binary("+", A, B), C)),
        ("a == b and c != d", Binary("and", Binary("==", A, B), Binary("!=", C, D))),
        ("a or b and c", Binary("or", A, Binary("and", B, C))),
        ("a and b or c", Binary("or", Binary("and", A, B), C)),
        ("a or b or c", Binary("or", Binary("or", A, B), C)),
        ("not a == b", Unary("not", Binary("==", A, B))),
        ("not a and b", Binary("and", Unary("not", A), B)),
        ("a and not b", Binary("and", A, Unary("not", B))),
        ("a == (not b)", Binary("==", A, Unary("not", B))),
        ("(a < b) == (c < d)", Binary("==", Binary("<", A, B), Binary("<", C, D))),
        ("a < b and b < c", Binary("and", Binary("<", A, B), Binary("<", B, C))),
        ("a in b", Binary("in", A, B)),
        ("a not in b", Binary("not in", A, B)),
        ("not a in b", Unary("not", Binary("in", A, B))),
        ("a in [1]", Binary("in", A, ListLiteral((ONE,)))),
        ("a not in [1, -2]", Binary("not in", A, ListLiteral((ONE, Unary("-", TWO))))),
        ("a if b else c", Conditional(A, B, C)),
        ("a if b else c if d else 1", Conditional(A, B, Conditional(C, D, ONE))),
        ("(a if b else c) + 1", Binary("+", Conditional(A, B, C), ONE)),
        ("a + 1 if b or c else 2", Conditional(Binary("+", A, ONE), Binary("or", B, C), TWO)),
        ("count(a)", Call("count", (A,))),
        ("max(a, b + 1)", Call("max", (A, Binary("+", B, ONE)))),
        ("round(a if b else c, 2)", Call("round", (Conditional(A, B, C), TWO))),
        (" \t\n a\r\n+\n1 ", Binary("+", A, ONE)),
        ("a+1", Binary("+", A, ONE)),
        ("a<=1", Binary("<=", A, ONE)),
        ("1if a else 2", None),
    ],
)
def test_a_source_is_read_as_the_grammar_says(source: str, tree: Node | None) -> None:
    if tree is None:
        with pytest.raises(Refused):
            parse(source)
    else:
        assert parse(source) == tree


def test_every_node_knows_its_column() -> None:
    tree = parse("a + (b if not c else d) * -1")

    assert isinstance(tree, Binary)
    assert tree.column == 3
    assert isinstance(tree.right, Binary)
    assert (tree.right.column, tree.right.right.column) == (25, 27)
    assert isinstance(tree.right.left, Conditional)
    assert (tree.right.left.column, tree.right.left.condition.column) == (8, 11)


def test_nodes_can_not_be_changed() -> None:
    with pytest.raises(AttributeError):
        parse("a").id = "b"  # type: ignore[misc, union-attr]


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [
        ("", "expression-syntax", 1),
        ("   ", "expression-syntax", 4),
        ("a b", "expression-syntax", 3),
        ("a 1", "expression-syntax", 3),
        ("a 'b'", "expression-syntax", 3),
        ("'a' 'b'", "expression-syntax", 5),
        ("a +", "expression-syntax", 4),
        ("+ a", "expression-syntax", 1),
        ("a + + b", "expression-syntax", 5),
        ("a or", "expression-syntax", 5),
        ("or a", "expression-syntax", 1),
        ("(a", "expression-syntax", 3),
        ("a)", "expression-syntax", 2),
        ("()", "expression-syntax", 2),
        ("a < b < c", "expression-syntax", 7),
        ("a == b != c", "expression-syntax", 8),
        ("a in b in c", "expression-syntax", 8),
        ("a in b == c", "expression-syntax", 8),
        ("a not in b not in c", "expression-syntax", 12),
        ("a not b", "expression-syntax", 7),
        ("a == not b", "expression-syntax", 6),
        ("a + not b", "expression-syntax", 5),
        ("- not a", "expression-syntax", 3),
        ("a if b", "expression-syntax", 7),
        ("a if b 'else' c", "expression-syntax", 8),
        ("a if else c", "expression-syntax", 6),
        ("if a else b", "expression-syntax", 1),
        ("a else b", "expression-syntax", 3),
        ("a if b if c else d else 1", "expression-syntax", 8),
        ("[1]", "expression-syntax", 1),
        ("a == [1]", "expression-syntax", 6),
        ("a in []", "expression-syntax", 7),
        ("a in [1", "expression-syntax", 8),
        ("a in [1,]", "expression-syntax", 9),
        ("a in [[1]]", "expression-syntax", 7),
        ("a in [1] + [2]", "expression-syntax", 10),
        ("a[1]", "expression-syntax", 2),
        ("a, b", "expression-syntax", 2),
        ("count()", "expression-syntax", 7),
        ("count(a", "expression-syntax", 8),
        ("count(a,)", "expression-syntax", 9),
        ("count(a)(b)", "expression-syntax", 9),
        ("(a)(b)", "expression-syntax", 4),
        ("today()", "expression-syntax", 6),
        ("count", "expression-syntax", 1),
        ("a + count", "expression-syntax", 5),
        ("counts(a)", "unknown-function", 1),
        ("1 + foo(a)", "unknown-function", 5),
        ("1.", "bad-number", 1),
        ("a + 1.2.3", "bad-number", 5),
        ("12ab", "bad-number", 1),
        ("1e5", "bad-number", 1),
        ("1_000", "bad-number", 1),
        ("0x10", "bad-number", 1),
        ("1" * 29, "bad-number", 1),
        (".5", "bad-character", 1),
        ("a.b", "bad-character", 2),
        ("a ** b", "bad-character", 3),
        ("a = 1", "bad-character", 3),
        ("a % b", "bad-character", 3),
        ("a\u00a0== 1", "bad-character", 2),
        ("a == \u2018b\u2019", "bad-character", 6),
        ("_a", "bad-word", 1),
        ("a == True", "bad-word", 6),
        ("Harm > 1", "bad-word", 1),
        ("a == 'b", "bad-text", 6),
        ("a == '\\n'", "bad-text", 7),
        ("a == 'x\ny'", "bad-text", 8),
    ],
)
def test_a_syntax_error_is_refused_with_its_column(source: str, code: str, column: int, problems_of, column_of) -> None:
    (problem,) = problems_of(source)

    assert (problem.code, column_of(problem)) == (code, column)
    assert problem.message.endswith(".")
    assert problem.hint.endswith((".", "?"))


def test_a_misspelt_function_is_answered_with_the_closest_one(problems_of) -> None:
    assert problems_of("counts(a)")[0].hint == "Did you mean count?"


def test_512_characters_are_read_and_513_are_not(problems_of, column_of) -> None:
    assert problems_of("a" + " " * 511) == ()

    (problem,) = problems_of("a" + " " * 512)

    assert (problem.code, column_of(problem)) == ("expression-too-long", 513)


def test_64_nodes_are_read_and_65_are_not(problems_of) -> None:
    assert problems_of("-" + " + ".join(["a"] * 32)) == ()
    assert [problem.code for problem in problems_of(" + ".join(["a"] * 33))] == ["expression-too-big"]


@pytest.mark.parametrize(
    "nest",
    [
        lambda depth: "(" * depth + "a" + ")" * depth,
        lambda depth: "-" * depth + "a",
        lambda depth: "not " * depth + "a",
        lambda depth: "round(" * depth + "a" + ")" * depth,
        lambda depth: "-(" * (depth // 2) + "(" * (depth % 2) + "a" + ")" * (depth // 2 + depth % 2),
        lambda depth: "a if b else " * depth + "c",
    ],
)
def test_16_deep_is_read_and_17_is_not(nest, problems_of) -> None:
    assert problems_of(nest(16)) == ()
    assert [problem.code for problem in problems_of(nest(17))] == ["expression-too-deep"]


def test_a_long_flat_sum_is_not_deep(problems_of) -> None:
    assert problems_of(" + ".join(["a"] * 30)) == ()


@pytest.mark.parametrize("piece", ["(", "-", "not ", "a if ", "count(", "a in [", "1+", "'", "a ", "9", "\0", "é"])
def test_ten_megabytes_of_anything_are_refused_at_once(piece: str, problems_of) -> None:
    source = piece * (10_000_000 // len(piece))

    assert measure_seconds(lambda: problems_of(source)) < 0.05
    assert len(problems_of(source)) == 1


@pytest.mark.parametrize("piece", ["(", "-", "not ", "a if ", "count(", "a in [", "1+", "'", "a ", "9", "\0", "é"])
def test_the_longest_source_is_refused_quickly(piece: str, problems_of) -> None:
    source = (piece * 512)[:512]

    assert measure_seconds(lambda: problems_of(source)) < 0.05
    assert len(problems_of(source)) == 1


def test_a_message_contains_no_control_characters(problems_of) -> None:
    for source in ("a \x1b[31m", "'\x1b]52;c;\x07'", "a == '\u202e'", "\u200b", "a\x00", "1\x1b", "'\x9b'"):
        problems = problems_of(source)
        assert problems, source
        assert all(str(problem).isprintable() for problem in problems)


def test_keywords_and_functions_are_reserved() -> None:
    assert {"and", "not", "in", "if", "else", "true", "today", "count", "each", "done", "at", "max"} <= RESERVED_WORDS
    assert "harm" not in RESERVED_WORDS


@pytest.mark.parametrize("word", sorted(RESERVED_WORDS))
def test_no_reserved_word_is_ever_read_as_an_id(word: str) -> None:
    try:
        assert not isinstance(parse(word), Name)
    except Refused:
        pass
