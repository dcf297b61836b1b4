"""The decision analysis: worked examples, an independent implementation in numpy, and properties."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from careerkit.core.outcome.decision_analysis import analyse, calculate_centroid_weights
from careerkit.core.outcome.model import Decision
from careerkit.core.values import Cell, Matrix
from cpu_time import measure_seconds
from long_run import choose_count

FEW = 200
MANY = 200_000
Weights = Mapping[str, Decimal] | tuple[str, ...]


def points(**weights: int) -> dict[str, Decimal]:
    return {criterion: Decimal(weight) for criterion, weight in weights.items()}


def cell(*numbers: int | str) -> Cell:
    if len(numbers) == 1:
        return Decimal(numbers[0])
    low, likely, high = map(Decimal, numbers)
    return low, likely, high


def grid(**rows: str) -> dict[str, dict[str, Cell]]:
    """`a="1, 3 5 8"`: option a with 1 on criterion p and a spread on q; `-` is a missing cell."""
    return {
        option: {
            c: cell(*text.split()) for c, text in zip("pqrstu", row.split(","), strict=False) if text.strip() != "-"
        }
        for option, row in rows.items()
    }


def decide(scores: Matrix, weights: Weights, *, draws: int = FEW, order: str = "", **changed: Any) -> Decision:
    given = {
        "id": "fit",
        "options": tuple(order or scores),
        "criteria": tuple(weights),
        "weights": weights,
        "scores": scores,
        "draws": draws,
        "low": Decimal(0),
        "high": Decimal(10),
    }
    return analyse(**{**given, **changed})


# --- by hand -------------------------------------------------------------------------------------------------------


def test_a_total_is_the_weighted_mean_of_the_likely_scores() -> None:
    decision = decide(grid(a="8, 1 2 9", b="4, 7"), points(p=60, q=40))

    assert decision.totals == {"a": Decimal("5.6"), "b": Decimal("5.2")}
    assert (decision.id, decision.first, decision.second) == ("fit", "a", "b")


def test_weights_need_not_add_up_to_100() -> None:
    scores = grid(a="8, 2", b="4, 7")

    assert decide(scores, points(p=3, q=2)).totals == decide(scores, points(p=60, q=40)).totals


def test_a_total_does_not_depend_on_the_callers_decimal_context() -> None:
    with localcontext() as context:
        context.prec = 2
        decision = decide(grid(a="1.2345"), points(p=100))

    assert decision.totals == {"a": Decimal("1.2345")}


def test_a_rank_gives_rank_order_centroid_weights() -> None:
    assert calculate_centroid_weights(3) == (Fraction(11, 18), Fraction(5, 18), Fraction(2, 18))
    decision = decide(grid(a="9, 0, 0", b="0, 9, 0", c="0, 0, 9"), ("q", "p", "r"))

    assert decision.totals == {"a": Decimal("2.5"), "b": Decimal("5.5"), "c": Decimal(1)}


def test_of_equal_totals_the_first_named_is_first_and_the_flip_is_zero() -> None:
    scores = grid(a="8, 2", b="2, 8")

    assert decide(scores, points(p=50, q=50), order="ba").first == "b"
    decision = decide(scores, points(p=50, q=50), order="ab")
    assert (decision.first, decision.second, decision.flip, decision.flip_on) == ("a", "b", Decimal(0), "p")


def test_the_flip_is_where_two_totals_meet() -> None:
    # a = 8w + 2(1-w), b = 4w + 7(1-w): level at w = 5/9, that is 4 4/9 points below 60.
    decision = decide(grid(a="8, 2", b="4, 7"), points(p=60, q=40))

    assert decision.flip is not None
    assert abs(decision.flip - Decimal(40) / 9) < Decimal("1e-20")
    assert decision.flip_on == "p"


def test_a_criterion_without_weight_can_flip_the_decision() -> None:
    # Weight x on q leaves 1-x to p: a = 6(1-x), b = 5(1-x) + 9x, level at x = 1/10.
    decision = decide(grid(a="6, 0", b="5, 9"), points(p=100, q=0))

    assert (decision.flip, decision.flip_on) == (Decimal(10), "q")


def test_a_tie_at_the_end_of_the_scale_is_not_a_flip() -> None:
    decision = decide(grid(a="6, 5", b="5, 5"), points(p=60, q=40))

    assert (decision.flip, decision.flip_on) == (None, None)


def test_an_option_is_dominated_when_another_is_nowhere_worse_and_somewhere_better() -> None:
    decision = decide(grid(a="8, 5", b="8, 4", c="1, 9", d="8, 5"), points(p=50, q=50))

    assert decision.dominated == ("b",)


@pytest.mark.parametrize(
    ("better", "expected"), [("2 5 8", ("b",)), ("1 5 7", ("a",)), ("2 6 7", ("b",)), ("2 4 9", ()), ("2 5 7", ())]
)
def test_with_spreads_low_likely_and_high_all_count(better: str, expected: tuple[str, ...]) -> None:
    assert decide(grid(a=better, b="2 5 7"), points(p=100)).dominated == expected


def test_an_option_with_a_missing_cell_is_left_out_of_everything() -> None:
    decision = decide(grid(a="9, -", b="4, 4", c="3, 3"), points(p=50, q=50))

    assert decision.totals == {"a": None, "b": Decimal(4), "c": Decimal(3)}
    assert (decision.first, decision.second, decision.dominated) == ("b", "c", ("c",))
    assert set(decision.shares) == {"b", "c"}


def test_a_null_cell_and_a_missing_row_count_as_missing() -> None:
    scores: Any = {"a": {"p": None}, "c": {"p": Decimal(1)}}

    decision = decide(scores, points(p=100), order="abc")

    assert decision.totals == {"a": None, "b": None, "c": Decimal(1)}


def test_levels_in_a_draw_share_it() -> None:
    decision = decide(grid(a="5, 5", b="5, 5", c="4, 4"), points(p=70, q=30))

    assert decision.shares == {"a": Decimal(50), "b": Decimal(50), "c": Decimal(0)}


def test_the_share_of_one_uncertain_score_is_that_of_its_triangle() -> None:
    # P(X > 7) for the triangle 0, 5, 10 is (10-7)^2 / (10*5) = 18 %.
    decision = decide(grid(a="7", b="0 5 10"), points(p=100), draws=MANY)

    assert decision.shares["b"] == pytest.approx(Decimal(18), abs=Decimal("0.3"))


def test_a_single_free_pair_of_weights_is_drawn_uniformly() -> None:
    # a = 10w, b = 3w + 6(1-w), level at w = 6/13: with w >= 1/2 never b, with w free in 6/13 of the draws.
    scores = grid(a="10, 0", b="3, 6")

    assert decide(scores, points(p=51, q=49), draws=20_000).shares["b"] == 0
    assert decide(scores, points(p=50, q=50), draws=20_000).shares["b"] == pytest.approx(
        Decimal(600) / 13, abs=Decimal("1.2")
    )


def test_a_weight_of_0_stays_0() -> None:
    assert decide(grid(a="5, 0", b="4, 10"), points(p=100, q=0)).share == 100


def test_the_value_of_a_criterion_is_the_expected_gain_of_knowing_it() -> None:
    # One criterion, 5 against the triangle 0, 5, 10: E[max(5, X)] - 5 = (1/2) E|X-5| = 5/6, of a scale of 10: 8.33 %.
    decision = decide(grid(a="5", b="0 5 10"), points(p=100), draws=MANY)

    assert decision.tell == pytest.approx(Decimal("8.33"), abs=Decimal("0.1"))
    assert decision.tell_on == "p"


def test_the_value_of_a_criterion_is_a_percentage_of_the_scale() -> None:
    scores, weights = grid(a="5", b="0 5 10"), points(p=100)

    whole = decide(scores, weights, low=None, high=None)
    tenth = decide(scores, weights, high=Decimal(100))

    assert whole.tell == decide(scores, weights).tell
    assert whole.tell is not None
    assert tenth.tell == pytest.approx(whole.tell / 10, abs=Decimal("0.01"))


def test_the_criterion_to_find_out_about_has_weight_and_can_change_the_choice() -> None:
    scores = grid(a="5, 0 5 10, 5, 0 5 10", b="5, 5, 4, 5")

    assert decide(scores, points(p=40, q=30, r=30, s=0)).tell_on == "q"


def test_no_criterion_is_worth_knowing_if_no_score_could_change_the_choice() -> None:
    decision = decide(grid(a="7 8 9", b="1 2 3"), points(p=100))

    assert (decision.share, decision.tell, decision.tell_on) == (Decimal(100), None, None)


# --- at the edges --------------------------------------------------------------------------------------------------


def test_one_option_is_first_for_certain() -> None:
    decision = decide(grid(a="1 2 3, 4"), points(p=50, q=50))

    assert (decision.first, decision.second, decision.share) == ("a", None, Decimal(100))
    assert (decision.flip, decision.flip_on, decision.tell, decision.tell_on) == (None, None, None, None)


def test_equal_scores_are_a_draw_that_nothing_flips() -> None:
    decision = decide(grid(a="5, 5", b="5, 5", c="5, 5"), points(p=50, q=50))

    assert (decision.first, decision.second, decision.flip) == ("a", "b", None)
    assert decision.share == pytest.approx(Decimal(100) / 3)
    assert decision.dominated == ()


def test_those_that_share_the_highest_total_are_level_and_one_alone_is_not() -> None:
    assert decide(grid(a="5, 5", b="5, 5", c="1, 1"), points(p=60, q=40)).level == ("a", "b")
    assert decide(grid(a="5, 5", b="4, 4"), points(p=60, q=40)).level == ()


def test_without_weight_only_dominance_is_left() -> None:
    decision = decide(grid(a="5, 5", b="5, 4"), points(p=0, q=0))

    assert decision == Decision(id="fit", totals={"a": None, "b": None}, dominated=("b",))


@pytest.mark.parametrize("weights", [(), {}])
def test_without_criteria_there_is_nothing(weights: Weights) -> None:
    assert decide({"a": {}, "b": {}}, weights) == Decision(id="fit", totals={"a": None, "b": None})


def test_without_options_there_is_nothing() -> None:
    assert decide({}, points(p=100)) == Decision(id="fit")


def test_all_weight_on_one_criterion_leaves_the_others_to_flip_it() -> None:
    assert decide(grid(a="6", b="5"), points(p=100)).flip is None


def test_without_draws_there_are_no_shares() -> None:
    decision = decide(grid(a="1 2 9", b="1 3 4"), points(p=100), draws=0)

    assert (decision.first, decision.share, decision.shares, decision.tell_on) == ("b", None, {}, None)


def test_weights_and_ranks_of_removed_criteria_are_ignored() -> None:
    scores = grid(a="8, 2", b="4, 7")

    assert decide(scores, points(p=60, q=40, lost=900), criteria=("p", "q")).totals["a"] == Decimal("5.6")
    assert decide(scores, ("p", "lost", "q"), criteria=("p", "q")) == decide(scores, ("p", "q"))


def test_numbers_beyond_a_float_are_handled() -> None:
    decision = decide(grid(a="1e400 2e400 3e400", b="2e400"), points(p=100), low=None, high=None)

    assert 0 < decision.shares["a"] < 100


# --- the same again ------------------------------------------------------------------------------------------------


def test_the_figures_are_the_same_on_every_machine_and_python() -> None:
    scores = grid(a="2 5 9, 3 6 7, 1 1 8", b="1 6 8, 4 4 9, 2 5 6", c="5, 2 7 8, 0 4 10")
    decision = decide(scores, points(p=40, q=30, r=30), draws=1000)

    assert (decision.shares, decision.tell) == (
        {"a": Decimal("30.8"), "b": Decimal("35.8"), "c": Decimal("33.4")},
        Decimal("2.77"),
    )


def test_an_analysis_is_cached() -> None:
    scores = grid(a="2 5 9, 3 6 7", b="1 6 8, 4 4 9.125")
    first = decide(scores, points(p=60, q=40), draws=10_000)
    again = decide(scores, points(p=60, q=40), draws=10_000, id="other")

    assert measure_seconds(lambda: decide(scores, points(p=60, q=40), draws=10_000, id="other")) < 0.02
    assert (again.shares, again.id) == (first.shares, "other")


def test_a_number_may_be_written_in_several_ways() -> None:
    one = decide(grid(a="2 5 9, 3", b="1 6 8, 4"), points(p=60, q=40))
    other = decide(grid(a="2.0 5e0 9, 3.00", b="1 6 8, 4 4 4"), {"p": Decimal("60.0"), "q": Decimal("4e1")})

    assert one == other


def test_a_share_changes_only_when_the_order_of_the_weights_does() -> None:
    scores = grid(a="2 5 9, 3 6 7", b="1 6 8, 4 4 9")

    assert decide(scores, points(p=60, q=40)).shares == decide(scores, points(p=90, q=10)).shares
    assert decide(scores, points(p=60, q=40)).shares != decide(scores, points(p=40, q=60)).shares


# --- against an independent analysis in numpy ----------------------------------------------------------------------


def random_problem(seed: int) -> tuple[dict[str, dict[str, Cell]], dict[str, Decimal]]:
    chance = random.Random(seed)
    criteria = "pqrs"[: chance.randint(2, 4)]

    def random_cell() -> Cell:
        low, likely, high = sorted(Decimal(chance.randint(0, 40)) / 4 for _ in range(3))
        return likely if chance.random() < 0.3 else (low, likely, high)

    scores = {option: {c: random_cell() for c in criteria} for option in "abcde"[: chance.randint(2, 5)]}
    return scores, {c: Decimal(chance.choice([0, 10, 20, 20, 35]) if c != "p" else 30) for c in criteria}


def part(scores: Matrix, weights: Mapping[str, Decimal], place: int) -> Any:
    def number(each: Cell) -> float:
        return float(each[place] if isinstance(each, tuple) else each)

    return np.array([[number(row[c]) for c in weights] for row in scores.values()])


def stated(weights: Mapping[str, Decimal]) -> Any:
    raw = np.array([float(weight) for weight in weights.values()])
    return raw / raw.sum()


def draw_scores(generator: Any, scores: Matrix, weights: Mapping[str, Decimal]) -> Any:
    low, likely, high = (part(scores, weights, place) for place in range(3))
    pad = np.where(high > low, 0, 1e-9)
    return generator.triangular(low - pad, likely, high + pad, size=(MANY, *low.shape))


def draw_weights(generator: Any, weights: Mapping[str, Decimal]) -> Any:
    """By rejection, which knows nothing of sorting: from the whole simplex, those that keep the stated order."""
    raw = np.array([float(weight) for weight in weights.values()])
    kept = np.zeros((0, len(raw)))
    while len(kept) < MANY:
        drawn = np.zeros((1_000_000, len(raw)))
        drawn[:, raw > 0] = generator.dirichlet(np.ones((raw > 0).sum()), size=len(drawn))
        good = np.ones(len(drawn), bool)
        for one in range(len(raw)):
            for other in range(len(raw)):
                if raw[one] > raw[other]:
                    good &= drawn[:, one] >= drawn[:, other]
        kept = np.concatenate([kept, drawn[good]])
    return kept[:MANY]


@pytest.mark.parametrize("seed", range(8))
def test_shares_and_gains_agree_with_numpy(seed: int) -> None:
    scores, weights = random_problem(seed)
    generator = np.random.default_rng(seed)
    drawn = draw_scores(generator, scores, weights)
    totals = np.einsum("noc,nc->no", drawn, draw_weights(generator, weights))
    shares = np.bincount(totals.argmax(axis=1), minlength=len(scores)) / MANY
    means, fixed = sum(part(scores, weights, place) for place in range(3)) / 3, stated(weights)
    gains = [
        (drawn[:, :, c] * fixed[c] + np.delete(means, c, 1) @ np.delete(fixed, c)).max(axis=1).mean()
        - (means @ fixed).max()
        for c in range(len(fixed))
    ]

    decision = decide(scores, weights, draws=10_000)

    for option, share in zip(scores, shares, strict=True):
        assert float(decision.shares[option]) / 100 == pytest.approx(share, abs=0.02)
    assert float(decision.tell or 0) == pytest.approx(10 * max(gains), abs=0.25)
    if decision.tell_on:
        assert gains[list(weights).index(decision.tell_on)] == pytest.approx(max(gains), abs=0.01)


def bisect_flip(scores: Any, weights: Any) -> float | None:
    """Moves each weight to either side until another option is ahead, and halves the way there."""
    first = int((scores @ weights).argmax())
    others = np.delete(scores, first, axis=0)
    found = [
        _bisect(others - scores[first], weights, index, end)
        for index in range(len(weights))
        for end in (0.0, 1.0)
        if weights[index] < 1
    ]
    return min((change for change in found if change is not None), default=None)


def _bisect(leads: Any, weights: Any, index: int, end: float) -> float | None:
    def ahead(weight: float) -> bool:
        moved = weights * (1 - weight) / (1 - weights[index])
        moved[index] = weight
        return bool((leads @ moved).max() > 1e-13)

    near, far = float(weights[index]), end
    if not ahead(far):
        return None
    for _ in range(80):
        middle = (near + far) / 2
        near, far = (near, middle) if ahead(middle) else (middle, far)
    return abs(far - float(weights[index]))


@pytest.mark.parametrize("seed", range(60))
def test_totals_and_flips_agree_with_a_bisection(seed: int) -> None:
    scores, weights = random_problem(seed)
    likely, shares = part(scores, weights, 1), stated(weights)

    decision = decide(scores, weights, draws=0)

    assert [float(total or 0) for total in decision.totals.values()] == pytest.approx(list(likely @ shares), abs=1e-9)
    expected = bisect_flip(likely, shares)
    assert (decision.flip is None) == (expected is None)
    if decision.flip is not None and expected is not None:
        assert float(decision.flip) / 100 == pytest.approx(expected, abs=1e-9)


# --- what always holds ---------------------------------------------------------------------------------------------

SCORES = st.decimals(min_value=0, max_value=10, places=1)
CELLS = SCORES | st.lists(SCORES, min_size=3, max_size=3).map(lambda numbers: tuple(sorted(numbers)))


@st.composite
def decisions(draw: st.DrawFn) -> tuple[Matrix, Mapping[str, Decimal]]:
    criteria = "pqrst"[: draw(st.integers(1, 5))]
    options = "abcd"[: draw(st.integers(1, 4))]
    scores: Any = draw(
        st.fixed_dictionaries({o: st.fixed_dictionaries(dict.fromkeys(criteria, CELLS)) for o in options})
    )
    weights: dict[str, Decimal] = draw(st.fixed_dictionaries(dict.fromkeys(criteria, st.integers(0, 5).map(Decimal))))
    return scores, weights


@given(decisions(), st.randoms(use_true_random=False))
@settings(max_examples=choose_count(15, long=300), deadline=None)
def test_the_order_in_which_things_are_named_changes_no_figure(
    decision: tuple[Matrix, Mapping[str, Decimal]], chance: random.Random
) -> None:
    scores, weights = decision
    options, criteria = list(scores), list(weights)
    chance.shuffle(options)
    chance.shuffle(criteria)

    before = decide(scores, weights, draws=50)
    after = decide(scores, weights, draws=50, options=tuple(options), criteria=tuple(criteria))

    assert (after.totals, after.shares) == (before.totals, before.shares)
    totals = sorted((total for total in before.totals.values() if total is not None), reverse=True)
    if len(totals) < 2 or totals[0] != totals[1]:  # of two that are level, the first named is first, and may be stuck
        assert after.flip == before.flip
    assert set(after.dominated) == set(before.dominated)


@given(decisions())
@settings(max_examples=choose_count(15, long=300), deadline=None)
def test_shares_are_between_0_and_100_and_add_up_to_100(decision: tuple[Matrix, Mapping[str, Decimal]]) -> None:
    scores, weights = decision
    assume(any(weights.values()))

    shares = decide(scores, weights, draws=50).shares

    assert set(shares) == set(scores)
    assert all(0 <= share <= 100 for share in shares.values())
    assert abs(sum(shares.values(), Decimal(0)) - 100) < Decimal("1e-20")


@given(decisions())
@settings(max_examples=choose_count(40, long=1_000), deadline=None)
def test_a_change_past_the_flip_changes_the_first_and_a_smaller_one_does_not(
    decision: tuple[Matrix, Mapping[str, Decimal]],
) -> None:
    scores, weights = decision
    result = decide(scores, weights, draws=0)
    assume(result.flip is not None)
    assert result.flip is not None
    assert result.flip_on is not None

    past, short = result.flip + Decimal("1e-12"), result.flip - Decimal("1e-12")

    firsts = {first_after(scores, weights, result.flip_on, change) for change in (past, -past)}
    assert firsts - {result.first, None}
    if short > 0:
        still = {first_after(scores, weights, c, change) for c in weights for change in (short, -short)}
        assert still <= {result.first, None}


def first_after(scores: Matrix, weights: Mapping[str, Decimal], criterion: str, change: Decimal) -> str | None:
    """The first once `criterion` has `change` points of 100 more, by Fractions; None where that can't be."""
    total = sum(map(Fraction, weights.values()))
    shares = {c: Fraction(weight) / total for c, weight in weights.items()}
    old = shares[criterion]
    new = old + Fraction(change) / 100
    if old == 1 or not 0 <= new <= 1:
        return None
    moved = {c: new if c == criterion else share * (1 - new) / (1 - old) for c, share in shares.items()}
    return max(scores, key=lambda option: sum(moved[c] * Fraction(likely(scores[option][c])) for c in moved))


def likely(each: Cell) -> Decimal:
    return each[1] if isinstance(each, tuple) else each


# --- time ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weights", [(30, 25, 20, 12, 8, 5), (25, 25, 20, 10, 10, 10)])
def test_ten_thousand_draws_are_fast(weights: tuple[int, ...], capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(7)
    scores = {o: {c: cell(*sorted(chance.sample(range(11), 3))) for c in "pqrstu"} for o in "abcde"}
    started = time.process_time()
    decide(scores, dict(zip("pqrstu", map(Decimal, weights), strict=True)), draws=10_000)
    taken = time.process_time() - started

    with capsys.disabled():
        print(f" [5 options, 6 criteria, 10,000 draws: {1000 * taken:.0f} ms] ", end="")
    assert taken < 3
