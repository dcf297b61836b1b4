"""The value classes of each question: answers that stand for all others, as far as conditions can tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, pairwise, product
from math import prod
from random import Random
from types import MappingProxyType

from careerkit.core.due_dates import add_offset, parse_relative_date
from careerkit.core.expressions import ast
from careerkit.core.frozen import Literal as OneOf
from careerkit.core.frozen import frozen
from careerkit.core.playbook.model import Playbook, list_questions
from careerkit.core.questions.choice import ChoiceSpec, ChoicesSpec, ListSpec, YesNoSpec
from careerkit.core.questions.grid import GridSpec
from careerkit.core.questions.number import DateSpec, NumberSpec, ScaleSpec
from careerkit.core.questions.question import ITEM, ChoicesOf, Options, Question
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.questions.text import TextSpec
from careerkit.core.questions.weights import TOTAL_POINTS, RankSpec, WeightsSpec
from careerkit.core.values import FieldValue, Record, Value

MAX_SUBSETS = 512
"""The most subsets of choices that are all tried."""
MAX_FORMS = 40
MAX_RECORDS = 300
"""The most different forms, and lists of forms, that a records question is tried with."""
MAX_ENTRIES_TRIED = 5
RECIPES = 8
"""In how many ways a question over the items of another one is filled in."""
DAYS_TRIED = (0, 1, 2, 3, 5, 7, 14, 30, 60)
DAYS_CALCULATED = range(200)
"""The days that are tried, before and after today; the second, if conditions calculate with the number of days."""
MAX_DAYS = 3650
MAX_WORDS_TRIED = 100
DEFAULT_NUMBERS = (Decimal(0), Decimal(40))
"""The range of numbers that is tried where a question has no limits."""


@frozen
class Recipe:
    """Stands for an answer over items that only another answer gives; `number` selects one way of filling it in."""

    number: int


Precision = OneOf["exact", "alone", "compared", "counted", "answered"]
"""For which conditions the classes stand for every answer: all; those on this question alone; those that compare it with
constants; those that ask for the number of its entries; those that ask whether there is an answer."""


@frozen
class ValueClasses:
    """`classes[0]` is None: no answer. For the conditions of `precision`, no answer differs from all of the classes.

    `needed` gives, for each class, the choices or items that must be on offer for it.
    """

    classes: tuple[Value | Recipe | None, ...]
    precision: Precision
    needed: tuple[frozenset[str], ...]
    depends_on: tuple[str, ...] = ()
    """The questions whose answers a recipe needs."""


@frozen
class Constants:
    """The numbers that conditions compare the answer to a question with, and whether anything else is done with it."""

    numbers: frozenset[Decimal]
    is_only_compared: bool


NO_CONSTANTS = Constants(frozenset(), is_only_compared=True)


class DomainBuilder:
    """Builds the domains of the questions of a playbook, in order. `today` is the day on which the interview starts."""

    def __init__(self, playbook: Playbook, constants: Mapping[str, Constants], today: date) -> None:
        self._questions = {question.id: question for question in list_questions(playbook)}
        self._constants = constants
        self._today = today

    def build(self, question: Question) -> ValueClasses:
        """The domain of a question; one with no answer (a note) has no classes but None."""
        constants = self._constants.get(question.id, NO_CONSTANTS)
        match question.spec:
            case ChoiceSpec(options=options):
                ids = self.list_ids(question)
                precision: Precision = "exact" if self._has_fixed_ids(options) else "alone"
                return _build(ids, precision, needed=[frozenset({each}) for each in ids])
            case ChoicesSpec(options=options, min=fewest, max=most):
                subsets, complete = _list_subsets(self._list_groups(question), fewest, most)
                precision = "answered" if not complete else "exact" if self._has_fixed_ids(options) else "alone"
                return _build(subsets, precision, needed=[frozenset(each) for each in subsets])
            case RankSpec() | WeightsSpec() | GridSpec():
                sources = tuple(each.source for each in question.spec.all_options if each.source)
                return _build(map(Recipe, range(RECIPES)), "answered", depends_on=sources)
            case RecordsSpec(items=str(items)) if items:
                return _build(map(Recipe, range(RECIPES)), "answered", depends_on=(items,))
            case RecordsSpec():
                return _build(self._list_records(question), "counted")
        values, precision = self._list_simple(question, constants)
        return _build(values, precision)

    def list_ids(self, question: Question) -> tuple[str, ...]:
        """All ids that an answer can consist of, including options that the person types."""
        spec = question.spec
        if isinstance(spec, ListSpec):
            return tuple(_name_entry(question, number) for number in range(_count_entries(spec)))
        options = spec.options or Options()
        fixed = tuple(each.id for each in options.choices)
        if options.source in self._questions:
            fixed += self.list_ids(self._questions[options.source])
        own = spec.own_max if isinstance(spec, ChoicesSpec) else 1
        typed = own if isinstance(spec, ChoiceSpec | ChoicesSpec) and spec.own else 0
        return (*fixed, *(_name_entry(question, number) for number in range(typed)))

    def _list_groups(self, question: Question) -> list[list[tuple[str, ...]]]:
        """What can be taken of each choice: it or nothing. Of the options that a person types, the first ones."""
        ids = self.list_ids(question)
        typed = [each for each in ids if question.spec.is_own_text(each)]
        fixed = [[(), (each,)] for each in ids if each not in typed]
        return [*fixed, [tuple(typed[:count]) for count in range(len(typed) + 1)]] if typed else fixed

    def _has_fixed_ids(self, options: Options | None) -> bool:
        """Are the ids known, rather than typed by the person? A typed option stands for all others."""
        if options is None or not options.source:
            return True
        source = self._questions[options.source].spec
        return not isinstance(source, ListSpec | RankSpec) and self._has_fixed_ids(source.options)

    def _list_simple(self, question: Question, constants: Constants) -> tuple[list[Value], Precision]:
        numbers = constants.numbers
        compared: Precision = "exact" if constants.is_only_compared else "compared"
        match question.spec:
            case YesNoSpec():
                return [True, False], "exact"
            case ScaleSpec(min=low, max=high):
                return [Decimal(number) for number in range(low, high + 1)], "exact"
            case NumberSpec(min=low, max=high):
                return _list_numbers(low, high, numbers), compared
            case DateSpec(min=low, max=high):
                return _list_days(low, high, constants, self._today), compared
            case TextSpec(max=most):
                counts = {1, 3, *(int(each) + step for each in numbers for step in (0, 1) if each < MAX_WORDS_TRIED)}
                texts = [write_words(count) for count in sorted(counts) if count > 0]
                return [text for text in texts if len(text) <= most] or [texts[0][:most]], "exact"
            case ListSpec(min=fewest):
                entries, highest = self.list_ids(question), max(numbers, default=Decimal(0))
                lists: list[Value] = [entries[:count] for count in range(fewest, len(entries) + 1)]
                return lists, "exact" if highest < len(entries) else "answered"
        return [], "exact"

    def _list_records(self, question: Question) -> list[Value]:
        """Lists of forms: none, one, and several alike or different."""
        spec = question.spec
        assert isinstance(spec, RecordsSpec)
        random = Random(question.id)  # noqa: S311 - examples, not secrets
        forms = self._list_forms(spec, random)
        most = min(spec.max, MAX_ENTRIES_TRIED)
        lists: list[tuple[Record, ...]] = [()] if spec.min == 0 else []
        if spec.min <= 1:
            lists += [(form,) for form in forms]
        counts = range(max(2, spec.min), max(most, spec.min) + 1)
        lists += [(form,) * count for count in counts for form in forms[:: max(1, len(forms) // 40)]]
        wanted = MAX_RECORDS - len(lists)
        if counts:
            lists += [tuple(random.choices(forms, k=random.choice(counts))) for _ in range(max(20, wanted))]
        return [*dict.fromkeys(map(_freeze_forms, lists))]

    def _list_forms(self, spec: RecordsSpec, random: Random) -> list[Record]:
        columns = [self.list_field_values(field) for field in spec.fields]
        if prod(map(len, columns)) <= MAX_FORMS:
            rows = list(product(*columns))
        else:  # each value of each field at least once, with others at random
            rows = [tuple(map(random.choice, columns)) for _ in range(MAX_FORMS)]
            for number, column in enumerate(columns):
                rows += [(*row[:number], value, *row[number + 1 :]) for value, row in zip(column, rows, strict=False)]
        return [_fill_form(spec, row) for row in rows]

    def list_field_values(self, field: Question) -> list[FieldValue]:
        """The values that a field of a form is tried with; None where it may be left out."""
        constants = self._constants.get(field.id, NO_CONSTANTS)
        values: Sequence[Value]
        match field.spec:
            case ChoiceSpec():
                values = [*self.list_ids(field)]
            case ChoicesSpec(min=fewest, max=most):
                values = [*_list_subsets(self._list_groups(field), fewest, most)[0]][:12]
            case _:
                values, _ = self._list_simple(field, constants)
        optional: list[FieldValue] = [] if field.required else [None]
        return [*values, *optional]


def follow_recipe(recipe: Recipe, question: Question, choices_of: ChoicesOf, builder: DomainBuilder) -> Value | None:
    """The answer that a recipe stands for with the current items; None if there are none."""
    random = Random(f"{question.id} {recipe.number}")  # noqa: S311 - examples, not secrets
    spec = question.spec
    rows, *others = ([choice.id for choice in choices_of(options)] for options in spec.all_options)
    if not rows or not all(others):
        return None
    match spec:
        case RankSpec():
            return tuple(random.sample(rows, len(rows)))
        case WeightsSpec():
            return MappingProxyType(dict(zip(rows, _split_points(len(rows), random), strict=True)))
        case GridSpec():
            return _fill_grid(spec, rows, others[0], random, recipe.number)
        case RecordsSpec():
            return _freeze_forms(tuple(_fill_item(spec, item, random, builder, recipe.number) for item in rows))
    return None


def collect_constants(
    expressions: Iterable[ast.Node], find_variables: Mapping[str, frozenset[str]], fields: Mapping[str, frozenset[str]]
) -> dict[str, Constants]:
    """By question or field, what `expressions` compare it with.

    `find_variables` has the questions that each name depends on, `fields` the fields of each records question.
    """
    numbers: dict[str, set[Decimal]] = {}
    calculated: set[str] = set()
    for node in expressions:
        names = {each.id for each in walk_nodes(node) if isinstance(each, ast.Name)}
        roots = {root for name in names for root in find_variables.get(name, {name})}
        roots |= {field for root in tuple(roots) for field in fields.get(root, ()) if field in names}
        literals = {
            each.value for each in walk_nodes(node) if isinstance(each, ast.Literal) and isinstance(each.value, Decimal)
        }
        for root in roots:
            numbers.setdefault(root, set()).update(literals)
        if any(is_calculation(each) for each in walk_nodes(node)):
            calculated |= roots
    return {
        name: Constants(frozenset(found), is_only_compared=name not in calculated) for name, found in numbers.items()
    }


def write_words(count: int) -> str:
    """A text of that many words."""
    return " ".join(("one", "two", "three", "four", "five")[number % 5] for number in range(count))


def walk_nodes(node: ast.Node) -> Iterator[ast.Node]:
    yield node
    for child in ast.get_children(node):
        yield from walk_nodes(child)


def is_calculation(node: ast.Node) -> bool:
    """Is it arithmetic, or a comparison of two answers? Then constants alone don't say where the classes end."""
    match node:
        case ast.Binary(operator="+" | "-" | "*" | "/"):
            return True
        case ast.Binary(operator=sign) if sign in ast.COMPARISON_OPERATORS:
            return not _is_fixed(node.left) and not _is_fixed(node.right)
        case ast.Call(function=function):
            return function in {"round", "sum", "mean", "min", "max", "highest", "second"}
    return False


def _is_fixed(node: ast.Node) -> bool:
    return isinstance(node, ast.Literal) or node == ast.Call("today", ())


def _build(
    values: Iterable[Value | Recipe],
    precision: Precision,
    *,
    needed: Iterable[frozenset[str]] | None = None,
    depends_on: tuple[str, ...] = (),
) -> ValueClasses:
    classes = (None, *values)
    nothing: frozenset[str] = frozenset()
    ids = (nothing, *needed) if needed is not None else (nothing,) * len(classes)
    return ValueClasses(classes, precision, ids, depends_on)


def _list_subsets(
    groups: list[list[tuple[str, ...]]], fewest: int, most: int | None
) -> tuple[list[tuple[str, ...]], bool]:
    """The answers that take one part of each group, and whether these are all: else only some, at random."""

    def fits(subset: tuple[str, ...]) -> bool:
        return fewest <= len(subset) and (most is None or len(subset) <= most)

    every = [subset for parts in islice(product(*groups), MAX_SUBSETS * 4) if fits(subset := sum(parts, ()))]
    if prod(map(len, groups)) <= MAX_SUBSETS * 4 and len(every) <= MAX_SUBSETS:
        return every, True
    random = Random(str(groups))  # noqa: S311 - examples, not secrets
    kept: dict[tuple[str, ...], None] = {}
    singles = [part for group in groups for part in group if fits(part)]
    for number in range(MAX_SUBSETS * 2):
        share = (0.1, 0.25, 0.5, 0.9)[number % 4]
        subset = sum((random.choice(group[1:]) if random.random() < share else () for group in groups), ())
        if fits(subset):
            kept[subset] = None
    return [*dict.fromkeys((*singles, *kept))][:MAX_SUBSETS], False


def _list_numbers(low: Decimal | None, high: Decimal | None, cuts: frozenset[Decimal]) -> list[Value]:
    """Both ends, each number that is compared with, its neighbours, and what lies between."""
    first = low if low is not None else min((*cuts, DEFAULT_NUMBERS[0])) - 1
    last = high if high is not None else max((*cuts, DEFAULT_NUMBERS[1])) + 1
    points = sorted({first, last, *(each for each in cuts if first <= each <= last)})
    between = [(before + after) / 2 for before, after in pairwise(points)]
    near = [each + step for each in points for step in (-1, 1)]
    typical = [Decimal(number) for number in (1, 2, 5, 10, 20, 30)]
    found = sorted({each for each in (*points, *between, *near, *typical) if first <= each <= last})
    return [each.normalize() + 0 for each in found]


def _list_days(low: str, high: str, constants: Constants, today: date) -> list[Value]:
    first, last = _resolve_date(low, today), _resolve_date(high, today)
    earliest = first or (last or today) - timedelta(MAX_DAYS)
    latest = last or (first or today) + timedelta(MAX_DAYS)
    near = {int(cut) + step for cut in constants.numbers if cut < MAX_DAYS for step in (-1, 0, 1)}
    near |= {*DAYS_TRIED} if constants.is_only_compared else {*DAYS_CALCULATED}
    days = {today + timedelta(sign * each) for each in near for sign in (-1, 1)} | {earliest, latest}
    return [day for day in sorted(days) if earliest <= day <= latest]


def _resolve_date(written: str, today: date) -> date | None:
    due = parse_relative_date(written) if written else None
    return add_offset(today, due) if due else ast.parse_iso_date(written)


def _count_entries(spec: ListSpec) -> int:
    return max(spec.min, min(spec.max, MAX_ENTRIES_TRIED))


def _name_entry(question: Question, number: int) -> str:
    return f"{question.id.replace('_', ' ')} {number + 1}"


def _fill_form(spec: RecordsSpec, row: tuple[FieldValue, ...]) -> Record:
    return {field.id: value for field, value in zip(spec.fields, row, strict=True) if value is not None}


def _fill_item(spec: RecordsSpec, item: str, random: Random, builder: DomainBuilder, number: int) -> Record:
    """One form for an item; the first recipes choose the same value in all forms."""
    picked: dict[str, FieldValue] = {ITEM: item}
    for field in spec.fields:
        values = builder.list_field_values(field)
        value = values[number % len(values)] if number < RECIPES // 2 else random.choice(values)
        if value is not None:
            picked[field.id] = value
    return picked


class _FrozenForm(dict[str, FieldValue]):
    """A form that can be a member of a set, to leave out lists that are the same."""

    def __hash__(self) -> int:  # type: ignore[override]  # dict has no hash
        return hash(tuple(self.items()))


def _freeze_forms(forms: tuple[Record, ...]) -> tuple[Record, ...]:
    return tuple(_FrozenForm(form) for form in forms)


def _split_points(count: int, random: Random) -> list[Decimal]:
    cuts = sorted(random.randint(0, int(TOTAL_POINTS)) for _ in range(count - 1))
    return [Decimal(after - before) for before, after in zip([0, *cuts], [*cuts, int(TOTAL_POINTS)], strict=True)]


def _fill_grid(spec: GridSpec, rows: list[str], columns: list[str], random: Random, number: int) -> Value:
    """Numbers for all cells: the first time all are the same, the second time all rows, then one row is favoured."""
    low, high = int(spec.min or 0), int(spec.max if spec.max is not None else 10)
    favoured = random.choice(rows)
    same = {column: Decimal(low if number == 0 else random.randint(low, high)) for column in columns}
    grid: dict[str, Mapping[str, Decimal]] = {}
    for row in rows:
        least = (low + high) // 2 if row == favoured else low
        different = {column: Decimal(random.randint(least, high)) for column in columns}
        grid[row] = MappingProxyType(same if number < 2 else different)
    return MappingProxyType(grid)
