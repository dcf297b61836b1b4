"""The walk of every bundled playbook: everything is reached, and every run ends with a finding and an action.

All walks together take half a minute of the processor's time.
"""

import pytest
from walk_samples import MOMENT, SECONDS, walk_bundled

from careerkit.core.playbook.walk.report import RunReplayer
from careerkit.core.questions.text import NoteSpec
from playbook_cases import list_bundled_ids, load_bundled

MAX_SECONDS = 10
EACH_PLAYBOOK = pytest.mark.parametrize("playbook_id", list_bundled_ids())


@EACH_PLAYBOOK
def test_nothing_is_unreachable(playbook_id):
    unreachable = walk_bundled(playbook_id).list_unreached("unreachable")

    assert not [(each.place, each.reason) for each in unreachable]


@EACH_PLAYBOOK
def test_everything_is_either_reached_or_proved_unreachable(playbook_id):
    assert not [each.place for each in walk_bundled(playbook_id).list_unreached("undecided")]


@EACH_PLAYBOOK
def test_every_question_finding_draft_line_and_action_is_one_of_the_parts(playbook_id):
    playbook, places = load_bundled(playbook_id), {each.place for each in walk_bundled(playbook_id).reaches}

    assert {f"question.{each.id}" for each in playbook.questions} <= places
    assert {
        f"question.{each.id}.answer" for each in playbook.questions if not isinstance(each.spec, NoteSpec)
    } <= places
    assert {f"finding.{each.id}" for each in playbook.findings} <= places
    assert {f"action.{each.id}" for each in playbook.actions} <= places
    assert {f"headline.{number}" for number, _ in enumerate(playbook.headlines, 1)} <= places
    for draft in playbook.drafts:
        lines = {number for number, line in enumerate(draft.text, 1) if line.text.strip()}
        assert {f"draft.{draft.id}.text.{number}" for number in lines} <= places


@EACH_PLAYBOOK
def test_each_draft_line_is_in_the_draft_of_its_example_run(playbook_id):
    playbook, report = load_bundled(playbook_id), walk_bundled(playbook_id)
    replayer = RunReplayer(playbook, MOMENT, lambda outcome: 0)
    reached = {each.place: each.run for each in report.reaches}
    shown: dict[int, dict[str, str]] = {}
    for draft in playbook.drafts:
        for number, line in enumerate(draft.text, 1):
            run = reached.get(f"draft.{draft.id}.text.{number}", 0)
            if run and "{" not in line.text and line.text.strip():
                if run not in shown:
                    replay = replayer.replay(report.runs[run - 1], MOMENT)
                    shown[run] = {each.id: each.text for each in replay.outcome.drafts}
                assert line.text.strip() in shown[run][draft.id]


@EACH_PLAYBOOK
def test_every_run_ends_with_a_finding_and_an_action_and_that_is_proved(playbook_id):
    ends = walk_bundled(playbook_id).ends

    assert {each.what: each.certainty for each in ends} == {"finding": "proved", "action": "proved"}


@EACH_PLAYBOOK
def test_no_condition_always_holds(playbook_id):
    assert not [(each.place, each.condition) for each in walk_bundled(playbook_id).constant_conditions]


@EACH_PLAYBOOK
def test_a_walk_takes_at_most_ten_seconds(playbook_id):
    walk_bundled(playbook_id)

    assert SECONDS[playbook_id] < MAX_SECONDS
