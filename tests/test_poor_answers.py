"""What people give in haste: nothing told apart, one option, no spread, no weight, ties. No gap comes of it, and no false first.

Answers of one word, and questions left out, are in test_drafts.py; the arithmetic is in core/outcome/test_decision.py.
"""

import re

import pytest

from careerkit.core.errors import Refused
from careerkit.core.questions.number import ScaleSpec
from playbook_cases import build_case_entry, list_cases, load_bundled

DECIDING = [
    case for case in list_cases() if case.playbook_id in ("path/choose", "path/rotate") and "scores" in case.answers
]
WEIGHTS = {"path/choose": "swing", "path/rotate": "counts"}
FIRST = re.compile(r"came first|comes first|^First by your figures|clear lead", re.IGNORECASE | re.MULTILINE)
GAP = re.compile(r"…|: *[.,](?!\.)|\(\)|''")


def with_scores(case, cell):
    """The answers of the case, each score replaced by what `cell` makes of its row, its column and its old value."""
    answers = case.answers
    answers["scores"] = {
        row: {column: cell(row, column, old) for column, old in cells.items()}
        for row, cells in answers["scores"].items()
    }
    return answers


def likely(old):
    return old[1] if isinstance(old, list) else old


def told(outcome):
    texts = [text for each in (*outcome.findings, *outcome.drafts) for text in (each.title, each.text)]
    return texts + [text for action in outcome.actions for text in (action.do, action.cue, action.evidence)]


def one_of(playbook_id):
    return next(case for case in DECIDING if case.playbook_id == playbook_id)


@pytest.mark.parametrize("case", DECIDING, ids=str)
def test_where_all_scores_are_equal_it_says_so_and_nothing_is_called_first(case):
    outcome = build_case_entry(case, with_scores(case, lambda *_: 5)).outcome
    level = next(finding for finding in outcome.findings if finding.id == "level_top")
    assert "the same score everywhere" in level.text
    decided = [
        finding for finding in outcome.findings if finding.id in ("figures", "close_call", "clear_lead", "dominated")
    ]
    assert decided == []
    reasons = [draft.text for draft in outcome.drafts if draft.id == "reasons"]
    assert not [text for text in reasons if FIRST.search(text)]
    assert not [text for text in told(outcome) if GAP.search(text)]


@pytest.mark.parametrize("case", DECIDING, ids=str)
def test_scores_without_any_spread_still_lead_to_an_end_without_a_gap(case):
    outcome = build_case_entry(case, with_scores(case, lambda row, column, old: likely(old))).outcome
    assert [decision.totals for decision in outcome.decisions] == [
        each.totals for each in build_case_entry(case).outcome.decisions
    ]
    assert 1 <= len(outcome.actions) <= 5
    assert not [text for text in told(outcome) if GAP.search(text)]


@pytest.mark.parametrize("case", DECIDING, ids=str)
def test_a_criterion_on_which_all_options_are_the_same_is_not_what_it_hangs_on(case):
    (same, *_) = next(iter(case.answers["scores"].values()))
    flat = with_scores(case, lambda row, column, old: 4 if column == same else old)
    outcome = build_case_entry(case, flat).outcome
    assert all(decision.flip_on != same for decision in outcome.decisions)
    assert not [text for text in told(outcome) if GAP.search(text)]


@pytest.mark.parametrize("playbook_id", sorted(WEIGHTS))
def test_all_points_on_one_criterion_and_none_on_the_others_is_an_answer(playbook_id):
    case = one_of(playbook_id)
    points = case.answers[WEIGHTS[playbook_id]]
    answers = case.answers | {WEIGHTS[playbook_id]: dict.fromkeys(points, 0) | {next(iter(points)): 100}}
    outcome = build_case_entry(case, answers).outcome
    by_one = {row: likely(cells[next(iter(points))]) for row, cells in case.answers["scores"].items()}
    by_one = {row: points for row, points in by_one.items() if row not in case.answers.get("breaks", ())}
    assert outcome.decisions[0].totals == by_one
    assert not [text for text in told(outcome) if GAP.search(text)]


@pytest.mark.parametrize("playbook_id", sorted(WEIGHTS))
def test_points_that_are_all_0_are_sent_back_with_what_is_left_to_give(playbook_id):
    case = one_of(playbook_id)
    points = dict.fromkeys(case.answers[WEIGHTS[playbook_id]], 0)
    with pytest.raises(Refused) as refused:
        build_case_entry(case, case.answers | {WEIGHTS[playbook_id]: points})
    assert [(each.code, each.hint) for each in refused.value.problems] == [
        ("not-100", "That is 100 still to share out.")
    ]


@pytest.mark.parametrize(("playbook_id", "question"), [("path/choose", "options"), ("path/rotate", "moves")])
def test_one_option_is_sent_back_as_there_is_nothing_to_compare(playbook_id, question):
    case = one_of(playbook_id)
    with pytest.raises(Refused) as refused:
        build_case_entry(case, case.answers | {question: case.answers[question][:1]})
    assert refused.value.problems[0].code == "too-few"
    assert question in refused.value.problems[0].where


@pytest.mark.parametrize(
    ("places", "code"),
    [
        (["motivation", "motivation", "empathy"], "twice"),
        (["motivation", "empathy"], "not-ranked"),
    ],
)
def test_a_rank_with_two_in_one_place_or_some_without_one_is_sent_back(places, code):
    case = next(case for case in list_cases() if case.playbook_id == "lead/skills" and "importance" in case.answers)
    with pytest.raises(Refused) as refused:
        build_case_entry(case, case.answers | {"importance": places})
    first = refused.value.problems[0]
    assert (first.code, first.where) == (code, "importance")
    assert first.hint


@pytest.mark.parametrize("rating", [1, 3, 5])
def test_skills_all_rated_alike_are_no_fault_and_leave_no_gap(rating):
    case = next(case for case in list_cases() if case.playbook_id == "lead/skills" and "importance" in case.answers)
    playbook = load_bundled("lead/skills")
    skills = {each.id: rating for each in playbook.questions if isinstance(each.spec, ScaleSpec)}
    assert len(skills) == 8
    outcome = build_case_entry(case, case.answers | skills).outcome
    assert 1 <= len(outcome.actions) <= 5
    assert not [text for text in told(outcome) if GAP.search(text)]
