"""The truth values that the reasoner finds for a condition are those that answers can give it."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from careerkit.core.expressions.ast import find_free_names
from careerkit.core.expressions.domains import Domain, Meaning
from careerkit.core.expressions.evaluate import evaluate
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.reasoner import find_truth_values
from long_run import choose_count

TODAY = date(2026, 12, 1)
BOTH = frozenset({True, False})
NEVER, ALWAYS = frozenset({False}), frozenset({True})


def number(low: int, high: int) -> Meaning:
    return Meaning(Domain("number", Decimal(low), Decimal(high), whole=True))


def defined(kind: str, value: str, **keys) -> Meaning:
    return Meaning(Domain(kind, **keys), definition=parse(value))


MEANINGS = {
    "harm": number(0, 3),
    "effort": number(1, 3),
    "kind": Meaning(Domain("choice", ids=("a", "b", "c"), unknown=frozenset({"c"}))),
    "other": Meaning(Domain("choice", ids=("a", "b"))),
    "gate": Meaning(Domain("choices", Decimal(1), Decimal(2), ids=("a", "b", "c"))),
    "asked": Meaning(Domain("yesno")),
    "day": Meaning(Domain("day", Decimal(0), Decimal(3))),
    "start": Meaning(Domain("day", Decimal(-1), Decimal(2))),
    "is_bad": defined("yesno", "harm > 2 and kind != 'a'"),
    "total": defined("number", "harm + effort"),
    "days_left": defined("number", "days_between(today, day)"),
    "either": defined("number", "3 if asked else harm"),
    "way": defined("choice", "'p' if asked else 'q'", ids=("p", "q")),
    "twice": Meaning(Domain("number"), definition=parse("effort * 2"), needs=("kind",)),
}
ANSWERS = {
    "harm": [Decimal(each) for each in range(4)],
    "effort": [Decimal(each) for each in range(1, 4)],
    "kind": ["a", "b", "c"],
    "other": ["a", "b"],
    "gate": [each for size in (1, 2) for each in itertools.combinations("abc", size)],
    "asked": [True, False],
    "day": [TODAY + timedelta(each) for each in range(4)],
    "start": [TODAY + timedelta(each) for each in range(-1, 3)],
}


class Given:
    """The answers of one person, for `evaluate`."""

    today = TODAY

    def __init__(self, answers):
        self.answers = answers

    def value(self, name):
        meaning = MEANINGS[name]
        if meaning.definition is None:
            return self.answers[name]
        if any(not evaluate(parse(f"known({each})"), self) for each in meaning.needs):
            return None
        return evaluate(meaning.definition, self)

    def unknown_ids(self, name):
        return MEANINGS[name].domain.unknown

    def band(self, _name):
        return None

    def is_done(self, _action):
        return False


def find_roots(node) -> set[str]:
    roots: set[str] = set()
    for name in find_free_names(node, lambda _: ()):
        meaning = MEANINGS[name]
        roots |= {name} if meaning.definition is None else find_roots(meaning.definition) | set(meaning.needs)
    return roots


def try_all_answers(condition: str) -> frozenset[bool]:
    """The truth values of a condition over all answers of all persons."""
    node = parse(condition)
    roots = sorted(find_roots(node))
    found = set()
    for answers in itertools.product(*([None, *ANSWERS[root]] for root in roots)):
        found.add(evaluate(node, Given(dict(zip(roots, answers, strict=True)))) is True)
        if len(found) == 2:
            break
    return frozenset(found)


class Grammar:
    """Random conditions over the names above."""

    def __init__(self, random: Random):
        self.random = random

    def pick(self, *options: str) -> str:
        return self.random.choice(options)

    def number(self, depth: int) -> str:
        draw = self.random.random()
        if depth == 0 or draw < 0.5:
            names = (
                "harm",
                "effort",
                "total",
                "days_left",
                "either",
                "twice",
                "count(gate)",
                "days_between(day, start)",
            )
            return self.pick(*names, *(str(self.random.randint(-1, 5)) for _ in range(2)))
        left, right = self.number(depth - 1), self.number(depth - 1)
        if draw < 0.9:
            return f"({left} {self.pick('+', '-', '*', '/')} {right})"
        return self.pick(
            f"min({left}, {right})",
            f"max({left}, {right})",
            f"round({left})",
            f"({left} if {self.condition(depth - 1)} else {right})",
            f"(-{left})",
        )

    def atom(self) -> str:
        choice, other = self.pick("a", "b", "c"), self.pick("a", "b", "c")
        is_in, order = self.pick("in", "not in"), self.pick("<", "<=", "==", "!=", ">", ">=")
        return self.pick(
            f"kind {self.pick('==', '!=')} '{choice}'",
            f"kind {self.pick('==', '!=')} other",
            f"kind {is_in} ['{choice}', '{other}']",
            f"gate {is_in} ['{choice}', '{other}']",
            f"'{choice}' {is_in} gate",
            f"kind {is_in} gate",
            "asked",
            "is_bad",
            f"answered({self.pick('harm', 'kind', 'gate', 'twice', 'days_left', 'total', 'day')})",
            f"known({self.pick('kind', 'harm', 'gate')})",
            f"day {order} today + {self.random.randint(0, 3)}",
            f"day {order} start",
            f"day - 1 {order} start",
            f"way == '{self.pick('p', 'q')}'",
            f"asked == {self.pick('true', 'false')}",
            f"{self.number(1)} {order} {self.number(1)}",
        )

    def condition(self, depth: int) -> str:
        draw = self.random.random()
        if depth == 0 or draw < 0.45:
            return self.atom()
        left, right = self.condition(depth - 1), self.condition(depth - 1)
        if draw < 0.6:
            return f"not ({left})"
        if draw < 0.97:
            return f"({left} {self.pick('and', 'or')} {right})"
        return f"({left} if {self.condition(depth - 1)} else {right})"


def make_conditions(seed: int, count: int) -> list[str]:
    random = Random(seed)
    made = (Grammar(random).condition(random.randint(0, 3)) for _ in range(count))
    short = (each for each in made if len(each) < 200)
    return [each for each in short if len(find_roots(parse(each))) <= 4]


@pytest.mark.parametrize("seed", range(choose_count(2, long=40)))
def test_no_truth_value_that_answers_give_is_missed_and_almost_none_is_invented(seed):
    conditions = make_conditions(seed, 400)
    assert len(conditions) > 300

    found = {each: find_truth_values(parse(each), MEANINGS) for each in conditions}
    true = {each: try_all_answers(each) for each in conditions}

    assert [each for each in conditions if not found[each] >= true[each]] == []
    assert sum(found[each] != true[each] for each in conditions) <= 6


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("1 == 1", ALWAYS),
        ("asked and not asked", NEVER),
        ("asked or not asked", ALWAYS),
        ("not asked", BOTH),
        ("harm >= 6", NEVER),
        ("harm <= 3", BOTH),  # null is not
        ("harm == 1.5", NEVER),
        ("kind == 'a' and kind == 'b'", NEVER),
        ("kind == 'a' and not (kind != 'b')", NEVER),
        ("count(gate) > 2", NEVER),
        ("'a' in gate and 'b' in gate and 'c' in gate", NEVER),
        ("known(kind) and kind == 'c'", NEVER),
        ("day < today", NEVER),
        ("day < '2026-01-01' and day > '2027-01-01'", NEVER),
        ("not answered(day) and day > '2027-01-01'", NEVER),
        ("days_left > 3", NEVER),
        ("days_left <= 1 and day > today + 2", NEVER),
        ("harm > effort and harm < effort", NEVER),
        ("total > 6", NEVER),
        ("total == 6 and harm < 3", NEVER),
        ("twice > 1 and not answered(kind)", NEVER),
        ("twice == 3", NEVER),
        ("either == 3 and not asked and harm < 3", NEVER),
    ],
)
def test_what_can_be_told_from_the_domains_is_told(condition, expected):
    assert find_truth_values(parse(condition), MEANINGS) == expected


def test_a_condition_is_judged_together_with_those_that_enclose_it():
    assert find_truth_values(parse("kind == 'b'"), MEANINGS, given=[parse("kind == 'a'")]) == NEVER
    assert find_truth_values(parse("harm > 1"), MEANINGS, given=[parse("harm == 2")]) == ALWAYS


def test_an_answer_implies_the_condition_under_which_it_is_asked():
    meanings = MEANINGS | {
        "reason": Meaning(Domain("choice", ids=("x", "y")), asked_if=(parse("kind == 'a'"),)),
        "detail": Meaning(Domain("yesno"), asked_if=(parse("reason == 'x'"),)),
    }

    assert find_truth_values(parse("detail and kind == 'b'"), meanings) == NEVER
    assert find_truth_values(parse("detail and kind == 'a'"), meanings) == BOTH


def test_a_choice_implies_the_condition_under_which_it_is_offered():
    only_if = {"y": parse("asked")}
    meanings = MEANINGS | {
        "reason": Meaning(Domain("choice", ids=("x", "y")), only_if=only_if),
        "ways": Meaning(Domain("choices", Decimal(0), ids=("x", "y")), only_if=only_if),
    }

    assert find_truth_values(parse("reason == 'y' and not asked"), meanings) == NEVER
    assert find_truth_values(parse("'y' in ways and not asked"), meanings) == NEVER
    assert find_truth_values(parse("'x' in ways and not asked"), meanings) == BOTH
