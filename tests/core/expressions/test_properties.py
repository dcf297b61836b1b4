"""Properties of every source and every well-typed tree, with random answers and nulls."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careerkit.core.errors import Place, Refused
from careerkit.core.expressions.ast import (
    Binary,
    Call,
    Conditional,
    ListLiteral,
    Literal,
    Name,
    Node,
    Unary,
    find_actions,
    find_free_names,
)
from careerkit.core.expressions.evaluate import evaluate
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.type_check import check_value
from careerkit.core.expressions.types import (
    ChoicesType,
    ChoiceType,
    DateType,
    ListType,
    MatrixType,
    NumberType,
    RankType,
    RecordsType,
    TextType,
    ValueType,
    WeightsType,
    YesNoType,
)
from careerkit.core.rendering import explain_expression
from careerkit.core.values import Value
from long_run import choose_count

# Sources ---------------------------------------------------------------------------------------------------------

PIECES = (
    *"+-*/()[],'\"<>=!.%&|;:#@\\{}_ \t\n\0é",
    *("and", "or", "not", "in", "if", "else", "true", "today", "count", "sum", "max", "any", "each", "at", "round"),
    *("harm", "kind", "people", "power", "'mistake'", "1", "2.5", "==", "<=", "!=", "not in", " ", "(", ")", ","),
)


@given(source=st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join)))
def test_no_source_does_anything_but_parse_or_be_refused(source: str, scope) -> None:
    refused = refusal(lambda: check_value(parse(source), scope))

    assert refused is None or refused.problems
    for problem in refused.problems if refused else ():
        assert isinstance(problem.where, Place)
        assert 1 <= problem.where.column <= len(source) + 1
        assert str(problem).isprintable()
        assert problem.hint


def refusal(act: Callable[[], object]) -> Refused | None:
    try:
        act()
    except Refused as refused:
        return refused
    return None


# Trees -----------------------------------------------------------------------------------------------------------

NUMBERS = st.decimals(min_value=0, max_value=10**9, places=3).map(abs)
NUMBER_NAMES = st.sampled_from(["harm", "spread", "severity", "past", "quality"])
FIELD_NUMBERS = st.sampled_from(["power", "trust", "harm"])
CONDITIONS = st.sampled_from(["own_slip", "formal"])
CHOICES = ("mistake", "boss", "age", "other")


def binaries(signs: list[str], sides: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(Binary, st.sampled_from(signs), sides, sides)


def name(*ids: str) -> st.SearchStrategy[Node]:
    return st.sampled_from(ids).map(Name)


def call(function: str, *arguments: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.tuples(*arguments).map(lambda several: Call(function, several))


def dates() -> st.SearchStrategy[Node]:
    texts = st.dates(date(1, 1, 1), date(9999, 12, 31)).map(lambda day: Literal(day.isoformat()))
    return st.one_of(name("deadline", "takeover"), st.just(Call("today", ())), texts)


def comparisons(numbers: st.SearchStrategy[Node], choice: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    signs = ["==", "!=", "<", "<=", ">", ">="]
    quoted = st.sampled_from(CHOICES).map(Literal)
    lists = st.lists(numbers, min_size=1, max_size=3).map(lambda items: ListLiteral(tuple(items)))
    return st.one_of(
        binaries(signs, numbers),
        st.builds(Binary, st.sampled_from(signs), name("deadline"), dates()),
        st.builds(Binary, st.sampled_from(["==", "!="]), choice, quoted),
        st.builds(Binary, st.sampled_from(["in", "not in"]), numbers, lists),
        st.builds(Binary, st.sampled_from(["in", "not in"]), st.just(Literal("legal")), name("gate")),
        call("answered", name("client", "harm", "people", "scores", "own_slip")),
        call("done", name("tell_owner", "repair_it")),
    )


def conditions_over(base: st.SearchStrategy[Node], comparing: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    leaves = st.one_of(base, comparing, st.booleans().map(Literal))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(binaries(["and", "or"], inner), st.builds(Unary, st.just("not"), inner)),
        max_leaves=3,
    )


FIELD_NUMBER: st.SearchStrategy[Node] = st.one_of(FIELD_NUMBERS.map(Name), NUMBERS.map(Literal))
FIELD_CONDITION = conditions_over(
    name("knows", "own_slip"),
    st.one_of(
        binaries(["<", "==", ">="], FIELD_NUMBER),
        st.builds(
            Binary, st.sampled_from(["==", "!="]), name("side"), st.sampled_from(["theirs", "ours"]).map(Literal)
        ),
        call("answered", name("person", "since", "roles")),
    ),
)
CHOICE = st.one_of(name("kind"), st.builds(Conditional, name("kind"), name("own_slip"), name("kind")))
LEAF_NUMBER = st.one_of(
    NUMBER_NAMES.map(Name),
    NUMBERS.map(Literal),
    call("count", name("gate", "criteria", "people", "scores")),
    call("count", name("people"), FIELD_CONDITION),
    st.sampled_from(["sum", "mean", "min", "max"]).flatmap(lambda function: call(function, name("scores", "undo"))),
    st.sampled_from(["sum", "mean", "min", "max"]).flatmap(
        lambda function: call(function, name("people"), FIELD_NUMBER, FIELD_CONDITION)
    ),
    call("days_between", dates(), dates()),
    call("at", name("points", "importance"), st.sampled_from(["patience", "empathy"]).map(Literal)),
    call("at", name("undo"), name("chosen"), st.just(Literal("weeks"))),
)
TREES_OF_NUMBERS = st.recursive(
    LEAF_NUMBER,
    lambda inner: st.one_of(
        binaries(["+", "-", "*", "/"], inner),
        st.builds(Unary, st.just("-"), inner),
        st.tuples(inner, st.integers(0, 9)).map(lambda pair: Call("round", (pair[0], Literal(Decimal(pair[1]))))),
        st.tuples(inner, inner).map(lambda pair: Call("max", pair)),
        st.builds(Conditional, inner, CONDITIONS.map(Name), inner),
    ),
    max_leaves=6,
)
TREES_OF_CONDITIONS = conditions_over(
    st.one_of(CONDITIONS.map(Name), call("any", name("people"), FIELD_CONDITION)),
    comparisons(TREES_OF_NUMBERS, CHOICE),
)
OTHER_TREES = st.one_of(
    dates().filter(lambda node: not isinstance(node, Literal)),
    CHOICE,
    call("band", name("severity", "past")),
    call("highest", st.just(Name("past")), st.just(Name("quality"))),
    call("each", name("people"), name("person", "side"), FIELD_CONDITION),
)
TREES = st.one_of(TREES_OF_NUMBERS, TREES_OF_CONDITIONS, OTHER_TREES)


# Answers ---------------------------------------------------------------------------------------------------------

ANY_NUMBER = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True),
    st.integers(-10, 10).map(Decimal),
    st.decimals(min_value=-(10**6), max_value=10**6, places=2),
)


def values_of(kind: ValueType) -> st.SearchStrategy[object]:
    match kind:
        case NumberType():
            return ANY_NUMBER
        case YesNoType():
            return st.booleans()
        case DateType():
            return st.dates()
        case TextType():
            return st.text(max_size=5)
        case ChoiceType(ids=ids):
            return st.sampled_from(ids or ("x", "y"))
        case ChoicesType(ids=ids) | RankType(ids=ids):
            return st.lists(st.sampled_from(ids or ("x", "y")), unique=True).map(tuple)
        case ListType():
            return st.lists(st.text(max_size=3), unique=True, max_size=4).map(tuple)
        case WeightsType(ids=ids):
            return st.dictionaries(st.sampled_from(ids or ("x", "y")), ANY_NUMBER)
        case MatrixType(rows=rows, columns=columns, spread=spread):
            cell = st.tuples(ANY_NUMBER, ANY_NUMBER, ANY_NUMBER) if spread else ANY_NUMBER
            row = st.dictionaries(st.sampled_from(columns or ("x", "y")), st.one_of(st.none(), cell))
            return st.dictionaries(st.sampled_from(rows or ("x", "y")), row)
        case RecordsType(fields=fields):
            form = st.fixed_dictionaries({}, optional={key: nullable(of) for key, of in fields.items()})
            return st.lists(form, max_size=4).map(tuple)


def nullable(kind: ValueType) -> st.SearchStrategy[object]:
    return st.one_of(st.none(), values_of(kind))


@dataclass(frozen=True)
class Drawn:
    """Answers that are drawn when they are looked at, and stay the same afterwards."""

    kinds: dict[str, ValueType]
    data: st.DataObject
    drawn: dict[str, Value | None] = field(default_factory=dict)
    today: date = date(2026, 11, 22)

    def value(self, name: str) -> Value | None:
        if name not in self.drawn:
            self.drawn[name] = self.data.draw(nullable(self.kinds[name]), label=name) if name in self.kinds else None
        return self.drawn[name]

    def band(self, name: str) -> str | None:
        return None if self.value(name) is None else "low"

    def is_done(self, action: str) -> bool:
        return action == "tell_owner"


PYTHON_KINDS: dict[type, type] = {
    NumberType: Decimal,
    YesNoType: bool,
    DateType: date,
    ChoiceType: str,
    ListType: tuple,
}


@settings(deadline=None, max_examples=choose_count(80, long=2_000))
@given(node=TREES, data=st.data())
def test_every_well_typed_tree_gives_a_value_of_its_kind_or_null(node: Node, data: st.DataObject, kinds, scope) -> None:
    kind = check_value(node, scope)
    context = Drawn(dict(kinds), data)

    value = evaluate(node, context)

    assert value is None or type(value) is PYTHON_KINDS[type(kind)]
    if isinstance(value, Decimal):
        assert value.is_finite()
    assert evaluate(node, context) == value
    assert isinstance(explain_expression(node, context, str), str)


@settings(deadline=None)
@given(node=TREES, data=st.data())
def test_a_value_depends_only_on_its_references(node: Node, data: st.DataObject, kinds) -> None:
    def fields_of(name: str) -> dict[str, ValueType]:
        kind = kinds.get(name)
        return dict(kind.fields) if isinstance(kind, RecordsType) else {}

    context = Drawn(dict(kinds), data)
    evaluate(node, context)

    asked = {name for name in context.drawn if name in kinds}
    assert asked <= find_free_names(node, fields_of) <= kinds.keys()
    assert find_actions(node) <= {"tell_owner", "repair_it"}


@settings(deadline=None)
@given(node=TREES)
def test_a_tree_written_out_with_all_its_parentheses_is_read_back(node: Node) -> None:
    source = written(node)
    refused = refusal(lambda: parse(source))

    if refused is None:
        assert parse(source) == node
    else:
        too_much = {"expression-too-long", "expression-too-deep", "expression-too-big"}
        assert {problem.code for problem in refused.problems} <= too_much


def written(node: Node) -> str:
    match node:
        case Literal(value=bool() as value):
            return "true" if value else "false"
        case Literal(value=str() as value):
            return f"'{value}'"
        case Literal(value=value):
            return f"{value:f}"
        case Name(id=name):
            return name
        case Unary(operator=sign, operand=operand):
            return f"({sign} {written(operand)})"
        case Binary(operator=sign, left=left, right=right):
            return f"({written(left)} {sign} {written(right)})"
        case Conditional(then=holds, condition=condition, else_=otherwise):
            return f"({written(holds)} if {written(condition)} else {written(otherwise)})"
        case ListLiteral(items=items):
            return f"[{', '.join(map(written, items))}]"
        case Call(function="today"):
            return "today"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(map(written, arguments))})"


# Arithmetic ------------------------------------------------------------------------------------------------------

SIGNS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
EXACT = st.recursive(
    st.decimals(min_value=0, max_value=999, places=1).map(abs).map(Literal),
    lambda inner: st.one_of(binaries(["+", "-", "*"], inner), st.builds(Unary, st.just("-"), inner)),
    max_leaves=6,
)


def fraction(node: Node) -> Fraction:
    match node:
        case Binary(operator=sign, left=left, right=right):
            return SIGNS[sign](fraction(left), fraction(right))
        case Unary(operand=operand):
            return -fraction(operand)
        case Literal(value=Decimal() as value):
            return Fraction(value)
    raise AssertionError(node)


@given(node=EXACT)
def test_sums_and_products_are_exact(node: Node, answers) -> None:
    value = evaluate(node, answers())

    assert isinstance(value, Decimal)
    assert Fraction(value) == fraction(node)
    assert not (value == 0 and value.is_signed())


@given(left=st.integers(-(10**9), 10**9).map(Decimal), right=st.integers(-(10**9), 10**9).map(Decimal))
def test_a_quotient_is_right_to_28_digits(left: Decimal, right: Decimal, value_of) -> None:
    value = value_of("harm / spread", harm=left, spread=right)

    if right == 0:
        assert value is None
    else:
        exact = Fraction(left) / Fraction(right)
        assert abs(Fraction(value) - exact) <= abs(exact) / 10**27


@given(number=st.decimals(min_value=-(10**9), max_value=10**9, places=6), places=st.integers(0, 9))
def test_rounding_is_half_away_from_zero(number: Decimal, places: int, value_of) -> None:
    value = value_of(f"round(harm, {places})", harm=number)

    scaled = abs(Fraction(number)) * 10**places
    expected = Fraction(int(scaled + Fraction(1, 2)), 10**places)
    assert Fraction(value) == (expected if number >= 0 else -expected)


@given(powers=st.lists(st.one_of(st.none(), st.integers(-99, 99).map(Decimal)), max_size=50))
def test_aggregates_agree_with_plain_sums(powers: list[Decimal | None], value_of) -> None:
    people = tuple({"power": power} for power in powers)
    known = [power for power in powers if power is not None]

    assert value_of("sum(people, power)", people=people) == sum(known)
    assert value_of("min(people, power)", people=people) == min(known, default=None)
    assert value_of("max(people, power)", people=people) == max(known, default=None)
    assert value_of("count(people, power > 0)", people=people) == sum(power > 0 for power in known)
    assert value_of("any(people, power > 0)", people=people) is any(power > 0 for power in known)
    mean = value_of("mean(people, power)", people=people)
    if known:
        assert abs(Fraction(mean) - Fraction(sum(known)) / len(known)) < Fraction(1, 10**20)
    else:
        assert mean is None


@pytest.mark.parametrize("sign", ["==", "!=", "<", "<=", ">", ">="])
@given(left=st.one_of(st.none(), st.integers(-3, 3)), right=st.one_of(st.none(), st.integers(-3, 3)))
def test_comparisons_agree_with_plain_ones_and_null_is_false(
    sign: str, left: int | None, right: int | None, value_of
) -> None:
    by_sign = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt}
    values = {"harm": None if left is None else Decimal(left), "spread": None if right is None else Decimal(right)}

    expected = left is not None and right is not None and by_sign.get(sign, operator.ge)(left, right)
    assert value_of(f"harm {sign} spread", **values) is expected
