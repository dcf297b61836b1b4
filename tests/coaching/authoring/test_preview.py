"""A preview from any question on: what comes before it is answered with made-up answers that could be real ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random

import pytest

from careerkit.coaching.authoring.preview import fill_until
from careerkit.core.errors import Refused
from careerkit.core.facts import Facts
from careerkit.core.interview import Interview
from careerkit.core.interview_steps import Ask, ShowNote
from careerkit.core.questions.question import find_spec_class, list_question_types, validate_answer
from every_type_playbook import EVERY_TYPE
from long_run import take_share
from playbook_cases import load_bundled
from scenario import parse_playbook

TODAY = date(2026, 12, 1)
HARD = 'when = "{}"\n'


def start(playbook) -> Interview:
    return Interview(playbook, today=TODAY, started=datetime(2026, 12, 1, 9, tzinfo=UTC), zone="UTC")


def reach(playbook, question_id: str) -> bool:
    step = fill_until(start(playbook), question_id).step()
    return (isinstance(step, Ask) and step.question.id == question_id) or (
        isinstance(step, ShowNote) and step.key == f"note:{question_id}"
    )


def conditional(condition: str) -> str:
    return (
        '[[stage]]\nid = "s"\ntitle = "S"\nquestion = [\n'
        '{ id = "kind", type = "choice", ask = "K", choices = [ { id = "a", label = "A" }, { id = "b", label = "B" } ] },\n'
        '{ id = "load", type = "scale", ask = "L", max = 9 },\n'
        '{ id = "tags", type = "choices", ask = "T", choices = [ { id = "x", label = "X" }, { id = "y", label = "Y" } ] },\n'
        '{ id = "maybe", type = "text", ask = "M", required = false },\n'
        f'{{ id = "last", type = "yesno", ask = "?", when = "{condition}" }} ]\n'
    )


@pytest.mark.parametrize(
    "condition",
    [
        "kind == 'a' and load == 9 and 'y' in tags and 'x' not in tags",
        "kind != 'a' and not (load > 1) and count(tags) == 2",
        "(kind == 'b' and load >= 8) or (load == 1 and tags in ['y'])",
        "not answered(maybe) and load in [3, 4]",
    ],
)
def test_a_question_behind_conditions_is_reached(condition):
    assert reach(parse_playbook(conditional(condition.replace("load in [3, 4]", "load == 3"))), "last")


def test_it_is_always_the_same_answers():
    playbook = parse_playbook(conditional("load >= 5"))

    assert fill_until(start(playbook), "last").answers == fill_until(start(playbook), "last").answers


@pytest.mark.parametrize("playbook_id", ["crisis/start", "client/handover", "lead/skills", "work/attitude"])
def test_every_question_of_a_bundled_playbook_is_reached(playbook_id):
    playbook = load_bundled(playbook_id)

    assert [each.id for each in take_share(playbook.questions, one_in=4) if not reach(playbook, each.id)] == []


def test_what_no_answers_lead_to_is_refused():
    with pytest.raises(Refused) as refused:
        fill_until(start(parse_playbook(conditional("word_count(maybe) > 40"))), "last")

    assert refused.value.problems[0].code == "not-reached"


@pytest.mark.parametrize("question_type", [each for each in list_question_types() if find_spec_class(each).has_answer])
def test_made_up_answers_of_every_type_are_valid(question_type):
    playbook = parse_playbook(EVERY_TYPE)
    question = next(each for each in playbook.questions if each.type == question_type)
    interview = fill_until(start(playbook), question.id)
    facts = Facts(playbook, interview.answers, today=TODAY)
    valid = 0
    for seed in range(40):
        raw = question.spec.invent(facts.choices_for, TODAY, Random(seed))
        try:
            validate_answer(question, raw, choices_of=facts.choices_for, today=TODAY)
            valid += 1
        except Refused:
            pass

    assert valid >= 36
