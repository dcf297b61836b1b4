"""The formulas of a walk say the same as the interview itself, for random answers to the bundled playbooks."""

from random import Random

import pytest
from walk_samples import MOMENT, make_walker

from careerkit.core.playbook.walk.formulas import TRUE, UNDECIDED, evaluate_formula
from careerkit.core.playbook.walk.report import RunReplayer, build_run
from long_run import choose_count
from playbook_cases import list_bundled_ids, load_bundled
from random_interviews import load_with_few_draws, replay_answers


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_each_condition_holds_in_the_interview_just_when_its_formula_is_true(playbook_id):
    walker = make_walker(load_bundled(playbook_id))
    scope, everything = walker.full_scope, [each.full_mask for each in walker.table.variables]
    conditions = [each for each in walker.conditions if not each.checkin and not each.is_about_form]
    replayer = RunReplayer(load_bundled(playbook_id), MOMENT, lambda outcome: 0)
    random = Random(playbook_id)
    compared, runs = 0, choose_count(5, long=200)
    for _ in range(runs):
        masks = walker.pick_answers(scope, everything, blank_share=random.choice((0.0, 0.3, 0.9)))
        run = build_run(walker.table, masks, lane="full", checkin="", asked=scope.asked)
        replay = replayer.replay(run, MOMENT)
        memo: dict[int, int] = {}
        for each in conditions:
            value = evaluate_formula(each.formula, masks, memo)
            assert value != UNDECIDED, each.condition
            assert replay.facts.holds(each.condition) is (value == TRUE), (each.place, each.condition, run.answers)
            compared += 1
        interview, asked = replay_answers(load_with_few_draws(playbook_id), run.answers)
        assert interview.answers == run.answers
        assert {ask.question.id for ask in asked} == replay.asked
        answered = {walker.table.variables[number].name for number in scope.asked if masks[number] > 1}
        assert set(run.answers) == answered & {question.id for question in load_bundled(playbook_id).questions}
        assert set(run.answers) <= replay.asked
    assert compared >= runs * len(load_bundled(playbook_id).findings) > 0
