"""Type checking: what is accepted, with which type, and how problems are reported."""

from __future__ import annotations

import pytest

from careerkit.core.errors import Refused
from careerkit.core.expressions.ast import Binary, ListLiteral, Literal, Name
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.type_check import check_condition, check_expression, check_value
from careerkit.core.expressions.types import (
    ChoicesType,
    ChoiceType,
    DateType,
    ListType,
    NumberType,
    ValueType,
    YesNoType,
)

NUMBER, YES_NO, DATE = NumberType(), YesNoType(), DateType()
KIND_IDS = ("mistake", "boss", "age", "other")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("1", NUMBER),
        ("true", YES_NO),
        ("today", DATE),
        ("harm", NUMBER),
        ("own_slip", YES_NO),
        ("deadline", DATE),
        ("kind", ChoiceType(KIND_IDS)),
        ("gate", ChoicesType(("outage", "abuse", "legal", "none"))),
        ("criteria", ListType()),
        ("2 * harm + spread + lasting + repeat", NUMBER),
        ("-harm / 3", NUMBER),
        ("not own_slip", YES_NO),
        ("own_slip and formal or harm > 2", YES_NO),
        ("harm == spread", YES_NO),
        ("own_slip == formal", YES_NO),
        ("own_slip != true", YES_NO),
        ("kind == 'mistake'", YES_NO),
        ("'mistake' != kind", YES_NO),
        ("kind == ('boss' if own_slip else 'age')", YES_NO),
        ("kind == (('boss' if formal else 'other') if own_slip else 'age')", YES_NO),
        ("chosen == skill", YES_NO),
        ("skill == 'anything that a person may have written'", YES_NO),
        ("deadline < today", YES_NO),
        ("deadline == '2026-12-01'", YES_NO),
        ("'2026-12-01' <= deadline", YES_NO),
        ("deadline in ['2026-12-01', today, takeover]", YES_NO),
        ("kind in ['mistake', 'boss']", YES_NO),
        ("kind not in ['mistake']", YES_NO),
        ("kind in [kind]", YES_NO),
        ("harm in [1, 2 + 1, spread]", YES_NO),
        ("own_slip in [true, formal]", YES_NO),
        ("'legal' in gate", YES_NO),
        ("'legal' not in gate", YES_NO),
        ("chosen in picked", YES_NO),
        ("'patience' in importance", YES_NO),
        ("chosen in criteria", YES_NO),
        ("harm if own_slip else 0", NUMBER),
        ("deadline if formal else '2026-12-01'", DATE),
        ("kind if formal else 'mistake'", ChoiceType(KIND_IDS)),
        ("chosen if formal else tone", ChoiceType(("deep", "management", "stay", "formal", "plain"))),
        ("chosen if formal else skill", ChoiceType(None)),
        ("own_slip if formal else harm > 1", YES_NO),
        ("answered(client)", YES_NO),
        ("word_count(client)", NUMBER),
        ("count(people, word_count(person) == 1)", NUMBER),
        ("answered(people) and answered(severity)", YES_NO),
        ("count(criteria) + count(gate) + count(scores) + count(people)", NUMBER),
        ("count(people, knows)", NUMBER),
        ("count(people, answered(person) and side == 'ours')", NUMBER),
        ("count(people, power > harm)", NUMBER),
        ("count(people, 'boss' in roles)", NUMBER),
        ("count(people, 'legal' in gate and kind == 'boss')", NUMBER),
        ("count(proof, item == 'trust_skill' and answered(example))", NUMBER),
        ("count(people, max(power, trust) > 3)", NUMBER),
        ("count(people, days_between(since, today) > 30)", NUMBER),
        ("count(people, band(severity) == 'note')", NUMBER),
        ("count(people, done(repair_it))", NUMBER),
        ("any(people, power >= 4 and trust <= 1)", YES_NO),
        ("all(people, knows)", YES_NO),
        ("sum(scores) + mean(undo) + min(scores) + max(scores)", NUMBER),
        ("sum(people, power if knows else 0)", NUMBER),
        ("mean(people, power, knows)", NUMBER),
        ("max(people, power) - min(people, power, knows)", NUMBER),
        ("sum(proof, at(swing, item) * often)", NUMBER),
        ("max(past, quality, personal)", NUMBER),
        ("min(1, 2)", NUMBER),
        ("max(count(gate), count(criteria))", NUMBER),
        ("round(harm / 3)", NUMBER),
        ("round(harm / 3, 2)", NUMBER),
        ("days_between(takeover, today)", NUMBER),
        ("days_between('2026-01-01', deadline)", NUMBER),
        ("days_between('2026-01-01' if formal else '2026-02-01', deadline)", NUMBER),
        ("band(severity)", ChoiceType(("note", "meeting", "advice"))),
        ("band(severity) in ['note', 'advice']", YES_NO),
        ("highest(past, quality, personal)", ChoiceType(("past", "quality", "personal"))),
        ("second(past, quality) == 'past'", YES_NO),
        ("at(points, 'patience')", NUMBER),
        ("at(swing, 'whatever the person listed')", NUMBER),
        ("at(importance, 'empathy')", NUMBER),
        ("at(undo, chosen, 'weeks')", NUMBER),
        ("at(scores, 'stay', skill)", NUMBER),
        ("at(points, 'patience' if formal else 'empathy')", NUMBER),
        ("done(tell_owner)", YES_NO),
    ],
)
def test_a_well_typed_expression_has_a_type(source: str, kind: ValueType, scope) -> None:
    assert check_expression(parse(source), scope) == kind


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [
        # ids
        ("harn > 2", "unknown-id", 1),
        ("1 + nothing_like_it", "unknown-id", 5),
        ("power > 2", "unknown-id", 1),
        ("count(peeple)", "unknown-id", 7),
        ("count(people, powr > 1)", "unknown-id", 15),
        ("any(people, item == 'x')", "unknown-id", 13),
        ("band(sever)", "unknown-id", 6),
        ("answered(klient)", "unknown-id", 10),
        ("max(peeple, power)", "unknown-id", 5),
        ("at(point, 'patience')", "unknown-id", 4),
        ("highest(past, presence)", "unknown-id", 15),
        # choices
        ("kind == 'mistakes'", "unknown-choice", 9),
        ("kind == ''", "unknown-choice", 9),
        ("'mystery' == kind", "unknown-choice", 1),
        ("kind in ['boss', 'bos']", "unknown-choice", 18),
        ("'legl' in gate", "unknown-choice", 1),
        ("'strength' in importance", "unknown-choice", 1),
        ("kind if formal else 'x'", "unknown-choice", 21),
        ("kind == ('boss' if own_slip else 'aged')", "unknown-choice", 34),
        ("kind == tone", "unknown-choice", 6),
        ("chosen in gate", "unknown-choice", 8),
        ("band(severity) == 'high'", "unknown-choice", 19),
        ("highest(past, quality) == 'personal'", "unknown-choice", 27),
        ("count(people, side == 'mine')", "unknown-choice", 23),
        ("at(points, 'strength')", "unknown-choice", 12),
        ("at(importance, 'strength')", "unknown-choice", 16),
        ("at(undo, 'weeks', 'money')", "unknown-choice", 10),
        ("at(undo, 'deep', 'years')", "unknown-choice", 18),
        ("at(undo, kind, 'weeks')", "unknown-choice", 10),
        # texts
        ("client", "wrong-kind", 1),
        ("client == 'Ann'", "wrong-kind", 1),
        ("'a' in client", "wrong-kind", 8),
        ("client + 1", "wrong-kind", 1),
        ("count(client)", "wrong-kind", 7),
        ("any(people, person == 'Ann')", "wrong-kind", 13),
        ("'mistake'", "wrong-kind", 1),
        ("'a' == 'a'", "wrong-kind", 5),
        ("'a' in ['a']", "wrong-kind", 9),
        ("'a' if formal else 'b'", "wrong-kind", 5),
        ("'a' + 1", "wrong-kind", 1),
        ("'a' * 3", "wrong-kind", 1),
        ("harm == '3'", "wrong-kind", 9),
        ("own_slip == 'true'", "wrong-kind", 13),
        ("gate == 'legal'", "wrong-kind", 9),
        # operands
        ("own_slip + 1", "wrong-kind", 1),
        ("1 + true", "wrong-kind", 5),
        ("-own_slip", "wrong-kind", 2),
        ("not harm", "wrong-kind", 5),
        ("harm and own_slip", "wrong-kind", 1),
        ("own_slip or kind", "wrong-kind", 13),
        ("deadline + deadline", "wrong-kind", 10),
        ("deadline - today", "wrong-kind", 10),
        ("harm == own_slip", "wrong-kind", 6),
        ("harm == deadline", "wrong-kind", 6),
        ("kind == 3", "wrong-kind", 6),
        ("own_slip < formal", "wrong-kind", 10),
        ("kind < 'mistake'", "wrong-kind", 6),
        ("band(severity) >= 'meeting'", "wrong-kind", 16),
        ("gate == gate", "wrong-kind", 6),
        ("people == people", "wrong-kind", 8),
        ("swing != points", "wrong-kind", 7),
        ("harm in gate", "wrong-kind", 1),
        ("gate in gate", "wrong-kind", 1),
        ("'a' in harm", "wrong-kind", 8),
        ("'a' in swing", "wrong-kind", 8),
        ("harm in [1, 'a']", "wrong-kind", 13),
        ("gate in [gate]", "wrong-kind", 10),
        ("harm if 1 else 2", "wrong-kind", 9),
        ("harm if formal else deadline", "wrong-kind", 6),
        ("gate if formal else gate", "wrong-kind", 6),
        ("skill if formal else 'x'", "wrong-kind", 7),
        # dates
        ("deadline == '2026-02-30'", "bad-date", 13),
        ("deadline < 'tomorrow'", "bad-date", 12),
        ("deadline < '20261201'", "bad-date", 12),
        ("deadline < '2026-W01-1'", "bad-date", 12),
        ("deadline < '2026-1-1'", "bad-date", 12),
        ("deadline in [today, '2026-13-01']", "bad-date", 21),
        ("deadline if formal else '2025-02-29'", "bad-date", 25),
        ("days_between(today, 'soon')", "bad-date", 21),
        # functions
        ("answered(1)", "wrong-kind", 10),
        ("word_count(harm)", "wrong-kind", 12),
        ("word_count('client')", "wrong-kind", 12),
        ("word_count(klient)", "unknown-id", 12),
        ("answered(harm + 1)", "wrong-kind", 15),
        ("answered(harm, spread)", "wrong-arguments", 1),
        ("count(harm)", "wrong-kind", 7),
        ("count(1)", "wrong-kind", 7),
        ("count(importance)", "wrong-kind", 7),
        ("count(points)", "wrong-kind", 7),
        ("count(gate, true)", "wrong-kind", 7),
        ("count(people, power)", "wrong-kind", 15),
        ("count(people, knows, knows)", "wrong-arguments", 1),
        ("any(people)", "wrong-arguments", 1),
        ("all(gate)", "wrong-arguments", 1),
        ("any(people, power)", "wrong-kind", 13),
        ("any(gate, true)", "wrong-kind", 5),
        ("sum(people)", "wrong-arguments", 1),
        ("sum(gate)", "wrong-kind", 5),
        ("sum(criteria)", "wrong-kind", 5),
        ("mean(importance)", "wrong-kind", 6),
        ("sum(harm)", "wrong-kind", 5),
        ("sum(people, knows)", "wrong-kind", 13),
        ("sum(people, since)", "wrong-kind", 13),
        ("mean(people, power, trust)", "wrong-kind", 21),
        ("min(people, power, knows, knows)", "wrong-arguments", 1),
        ("min(harm)", "wrong-kind", 5),
        ("max(1)", "wrong-kind", 5),
        ("max(gate)", "wrong-kind", 5),
        ("max(harm, own_slip)", "wrong-kind", 11),
        ("max(1, 'a')", "wrong-kind", 8),
        ("max(gate, 1)", "wrong-kind", 5),
        ("max(deadline, 1)", "wrong-kind", 5),
        ("round(own_slip)", "wrong-kind", 7),
        ("round(harm, spread)", "wrong-kind", 13),
        ("round(harm, 1.5)", "wrong-kind", 13),
        ("round(harm, -1)", "wrong-kind", 13),
        ("round(harm, 10)", "wrong-kind", 13),
        ("round(harm, 9999999999999999999999999999)", "wrong-kind", 13),
        ("round(harm, true)", "wrong-kind", 13),
        ("round(harm, 1, 2)", "wrong-arguments", 1),
        ("days_between(today)", "wrong-arguments", 1),
        ("days_between(harm, today)", "wrong-kind", 14),
        ("band(harm)", "no-bands", 6),
        ("band(1)", "wrong-kind", 6),
        ("count(people, band(power) == 'low')", "no-bands", 20),
        ("highest(past)", "wrong-arguments", 1),
        ("highest(past, past)", "wrong-arguments", 1),
        ("highest(past, 1)", "wrong-kind", 15),
        ("highest(past, kind)", "wrong-kind", 15),
        ("second(past, quality + 1)", "wrong-kind", 22),
        ("at(points)", "wrong-arguments", 1),
        ("at(points, 'patience', 'trust_skill')", "wrong-arguments", 1),
        ("at(undo, 'deep')", "wrong-arguments", 1),
        ("at(harm, 'a')", "wrong-kind", 4),
        ("at(people, 'a')", "wrong-kind", 4),
        ("at(client, 'a')", "wrong-kind", 4),
        ("at(1, 'a')", "wrong-kind", 4),
        ("at(points, 1)", "wrong-kind", 12),
        ("at(points, gate)", "wrong-kind", 12),
        ("at(points, client)", "wrong-kind", 12),
        ("done(tell_ownr)", "unknown-action", 6),
        ("done('tell_owner')", "unknown-action", 6),
        ("done(harm)", "unknown-action", 6),
        # what can't be inside
        ("count(people, count(gate) > 1)", "nested-aggregate", 15),
        ("sum(people, sum(people, power))", "nested-aggregate", 13),
        ("any(people, max(people, power) > 1)", "nested-aggregate", 13),
        ("any(people, min(scores) > 1)", "nested-aggregate", 13),
        ("any(people, 1 + mean(people, power) > 1)", "nested-aggregate", 17),
        ("each(people, person)", "misplaced-each", 1),
        ("count(each(people, person))", "wrong-kind", 7),
        ("answered(harm) and 'x' in each(people, person)", "misplaced-each", 27),
    ],
)
def test_a_type_error_is_refused_with_its_column(source: str, code: str, column: int, problems_of, column_of) -> None:
    (problem,) = problems_of(source, check_expression)

    assert (problem.code, column_of(problem)) == (code, column)
    assert problem.message.endswith(".")
    assert problem.hint.endswith((".", "?"))


def test_every_problem_is_reported_in_the_order_of_the_source(problems_of, column_of) -> None:
    source = "harn > 2 and kind == 'bos' or count(harm) > own_slip or max(2, nix) < at(points, 'q') + round(true, 3, 4)"

    problems = problems_of(source, check_expression)

    assert [(problem.code, column_of(problem)) for problem in problems] == [
        ("unknown-id", 1),
        ("unknown-choice", 22),
        ("wrong-kind", 37),
        ("wrong-kind", 43),
        ("unknown-id", 64),
        ("unknown-choice", 82),
        ("wrong-arguments", 89),
    ]


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("harn > 2", "Did you mean harm?"),
        ("kind == 'mistke'", "Did you mean 'mistake'?"),
        ("any(people, powr > 2)", "Did you mean power?"),
        ("at(points, 'patiense')", "Did you mean 'patience'?"),
        ("done(tell_owned)", "Did you mean tell_owner?"),
        ("band(severity) == 'zzz'", "Choices: note, meeting, advice."),
        ("done(zzz)", "Actions: tell_owner, repair_it."),
    ],
)
def test_a_misspelling_is_answered_with_the_closest_word(source: str, hint: str, problems_of) -> None:
    assert problems_of(source, check_expression)[0].hint == hint


def test_many_choices_are_not_all_listed(problems_of) -> None:
    from careerkit.core.expressions.call_types import TypeMatcher

    hints: list[str] = []
    matching = TypeMatcher(lambda _node, _code, _message, hint: hints.append(hint))
    matching.resolve_literal(parse("'zz'"), ChoiceType(tuple(f"q{number}" for number in range(20))))

    assert hints == ["Choices: q0, q1, q2, q3, q4, q5, q6, q7, …."]


def test_done_is_only_allowed_in_a_checkin(problems_of, scope_outside_checkins) -> None:
    (problem,) = problems_of("done(tell_owner)", check_expression, scope_outside_checkins)

    assert problem.code == "misplaced-done"


def test_a_condition_must_be_yes_or_no(problems_of) -> None:
    assert problems_of("own_slip and harm > 2", check_condition) == ()
    for source in ("harm", "kind", "gate", "deadline", "criteria", "people", "round(harm)", "band(severity)"):
        assert [problem.code for problem in problems_of(source, check_condition)] == ["not-a-condition"]


def test_a_condition_reports_what_is_wrong_inside_it_too(problems_of) -> None:
    assert [problem.code for problem in problems_of("harn", check_condition)] == ["unknown-id"]
    assert [problem.code for problem in problems_of("1 + true", check_condition)] == ["not-a-condition", "wrong-kind"]
    assert [problem.code for problem in problems_of("each(people, person)", check_condition)] == ["misplaced-each"]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("harm + 1", NUMBER),
        ("own_slip", YES_NO),
        ("deadline", DATE),
        ("kind", ChoiceType(KIND_IDS)),
        ("criteria", ListType()),
        ("each(people, person)", ListType()),
        ("(each(people, side))", ListType()),
        ("each(people, person, power >= 3 and not knows)", ListType()),
        ("each(proof, item, answered(example))", ListType()),
    ],
)
def test_a_compute_has_the_type_of_its_value(source: str, kind: ValueType, scope) -> None:
    assert check_value(parse(source), scope) == kind


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [
        ("gate", "wrong-kind", 1),
        ("importance", "wrong-kind", 1),
        ("people", "wrong-kind", 1),
        ("scores", "wrong-kind", 1),
        ("swing", "wrong-kind", 1),
        ("client", "wrong-kind", 1),
        ("'text'", "wrong-kind", 1),
        ("harn", "unknown-id", 1),
        ("each(people)", "wrong-arguments", 1),
        ("each(people, person, knows, knows)", "wrong-arguments", 1),
        ("each(gate, person)", "wrong-kind", 6),
        ("each(peeple, person)", "unknown-id", 6),
        ("each(1, person)", "wrong-kind", 6),
        ("each(people, persn)", "unknown-id", 14),
        ("each(people, harm)", "unknown-id", 14),
        ("each(people, 'person')", "unknown-id", 14),
        ("each(people, power)", "wrong-kind", 14),
        ("each(people, person, power)", "wrong-kind", 22),
        ("each(people, person, count(people) > 1)", "nested-aggregate", 22),
        ("1 + each(people, person)", "misplaced-each", 5),
        ("each(people, person) if formal else each(people, person)", "misplaced-each", 1),
    ],
)
def test_a_value_that_a_compute_can_not_have_is_refused(
    source: str, code: str, column: int, problems_of, column_of
) -> None:
    problem = problems_of(source, check_value)[0]

    assert (problem.code, column_of(problem)) == (code, column)


def test_a_tree_that_can_not_be_parsed_from_source_is_refused_too(scope) -> None:
    for node in (ListLiteral((Literal("a"),)), Binary("==", Name("kind"), ListLiteral((Literal("boss"),)))):
        with pytest.raises(Refused, match="wrong-kind"):
            check_expression(node, scope)
