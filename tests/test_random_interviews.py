"""Random passages through each bundled playbook: all that it can say comes up, and no end is empty, long or broken.

Two ways. Straight: the answers are made up in order and only the outcome is looked at; thousands of those are cheap
enough to bring up the rare branches. Wandering: a real Interview is led back and forth, with answers put off and
changed, and must end as if the same answers had been given in order. `CAREERKIT_LONG=1` takes 2,000 of each.
"""

import os
import re
from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from careerkit.core import facts
from careerkit.core.facts import Facts
from careerkit.core.outcome import evaluate
from careerkit.core.outcome.evaluate import evaluate_outcome, merge_early
from careerkit.core.questions.text import NoteSpec
from careerkit.core.values import MISSING
from playbook_cases import list_bundled_ids
from random_interviews import INVENTED_TEXT, TODAY, invent_all_answers, load_with_few_draws, replay_answers, wander
from scenario import NOW

LONG = bool(os.environ.get("CAREERKIT_LONG"))
STRAIGHT = 2000 if LONG else 100
MAX_STRAIGHT = 2000
"""How many are tried until all that a playbook can say has come up."""
WANDERING = 2000 if LONG else 4
MOST_ACTIONS = 5
MOST_QUESTIONS = 30
MOST_QUICK = 6  # the gate and five


@pytest.fixture(autouse=True)
def _privacy_is_worked_out_once(monkeypatch):
    """What is private hangs on the playbook alone, and working it out anew takes four fifths of an outcome's time."""
    known = {}

    def once(function):
        def remembered(facts, name):
            key = (function, facts.playbook.id, name)
            if key not in known:
                known[key] = function(facts, name)
            return known[key]

        return remembered

    for name in ("is_private", "is_private_expression"):
        quick = once(getattr(facts, name))
        for module in (facts, evaluate):
            monkeypatch.setattr(module, name, quick)


def asked_of(facts, *, quick=False):
    stages = [stage for stage in facts.playbook.stages if stage.quick or not quick]
    questions = [question for stage in stages for question in stage.questions]
    return [each.id for each in questions if not isinstance(each.spec, NoteSpec) and facts.is_visible(each)]


def outcomes_of(playbook, answers, random):
    """What is given when the quick lane ends, when it ends with some questions put off, and at the end, with its facts.

    The first two are None where there is no quick lane. What was put off comes back only after the card, so the card
    must do without; the first question, the gate, is never put off here.
    """
    first, *others = [question.id for stage in playbook.stages if stage.quick for question in stage.questions] or [""]
    early = gappy = None
    if first:
        share = random.choice([0.2, 0.5, 0.9])
        early = card_of(playbook, {name: answers[name] for name in (first, *others) if name in answers})
        left = [name for name in others if name in answers and random.random() >= share]
        gappy = card_of(playbook, {name: answers[name] for name in (first, *left)})
    facts = Facts(playbook, answers, today=TODAY)
    return early, gappy, merge_early(early, evaluate_outcome(facts, given=NOW)), facts


def card_of(playbook, answers):
    return evaluate_outcome(Facts(playbook, answers, today=TODAY), given=NOW, quick=True)


def texts_of(outcome):
    for told in (*outcome.findings, *outcome.drafts):
        yield told.id, f"{told.title}\n{told.text}"
    for draft in outcome.drafts:
        yield draft.id, draft.to
    for finding in outcome.findings:
        yield finding.id, "\n".join((*finding.supports, *finding.opposes))
    for action in outcome.actions:
        yield action.id, f"{action.do}\n{action.cue}\n{action.evidence}"


def troubles_of(early, gappy, final, facts):
    """What is wrong with the end of one passage, in words that count alike for alike passages."""
    still_open = [action.id for action in final.actions if action.state == "open"]
    if not 1 <= len(still_open) <= MOST_ACTIONS:
        yield f"{len(still_open)} open actions: {', '.join(still_open)}"
    if not final.findings:
        yield "no finding"
    if len(asked_of(facts)) > MOST_QUESTIONS:
        yield f"{len(asked_of(facts))} questions"
    if early and len(asked_of(facts, quick=True)) > MOST_QUICK:
        yield f"{len(asked_of(facts, quick=True))} questions in the quick lane"
    if early and not (early.findings or early.drafts):
        yield "the quick lane ends with nothing to read"
    if early and not early.actions:
        yield "the quick lane ends without an action"
    for outcome in filter(None, (early, gappy, final)):
        yield from {f"a gap in {name}" for name, text in texts_of(outcome) if MISSING in text}
        yield from twins_in(outcome.drafts)


def twins_in(drafts):
    """Drafts that are the same once names, numbers and blanks to fill in are taken out."""
    bare = {}
    for draft in drafts:
        text = re.sub(rf"{INVENTED_TEXT}\d+x|\d+|\W+", " ", re.sub(r"\[[^\]]*\]", " ", draft.text)).strip().lower()
        if text in bare:
            yield f"the drafts {bare[text]} and {draft.id} differ only by a name"
        bare[text] = draft.id


def all_that_can_be_told(playbook):
    kinds = {"finding": playbook.findings, "draft": playbook.drafts, "action": playbook.actions}
    return {(kind, rule.id) for kind, rules in (kinds | {"note": notes_of(playbook)}).items() for rule in rules}


def notes_of(playbook):
    return [question for question in playbook.questions if isinstance(question.spec, NoteSpec)]


def told_in(outcome):
    kinds = {"finding": outcome.findings, "draft": outcome.drafts, "action": outcome.actions}
    return {(kind, each.id) for kind, told in kinds.items() for each in told}


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_all_that_a_playbook_can_say_comes_up_and_no_passage_ends_badly(playbook_id):
    playbook, random = load_with_few_draws(playbook_id), Random(f"straight {playbook_id}")
    never, troubles, examples = all_that_can_be_told(playbook), Counter(), {}
    for number in range(MAX_STRAIGHT):
        if number >= STRAIGHT and not never:
            break
        answers = invent_all_answers(playbook, random)
        early, gappy, final, facts = outcomes_of(playbook, answers, random)
        never -= {told for outcome in (early, gappy, final) if outcome for told in told_in(outcome)}
        never -= {("note", note.id) for note in notes_of(playbook) if facts.is_visible(note)}
        for trouble in troubles_of(early, gappy, final, facts):
            troubles[trouble] += 1
            examples.setdefault(trouble, answers)
    lines = [f"{count} of {number + 1}: {trouble}" for trouble, count in troubles.most_common()]
    lines += [f"never came up: {kind} {name}" for kind, name in sorted(never)]
    lines += [f"for instance, {trouble}: {answers}" for trouble, answers in list(examples.items())[:2]]
    assert not troubles, "\n".join(lines)
    assert not never, "\n".join(lines)


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_wandering_back_and_forth_ends_as_answering_in_order_does(playbook_id):
    playbook, random = load_with_few_draws(playbook_id), Random(f"wandering {playbook_id}")
    for _ in range(WANDERING):
        ended = wander(playbook, random)
        facts = ended.facts()
        values = {question.id: facts.value(question.id) for question in ended.questions()}
        answers = {name: value for name, value in values.items() if value is not None}
        again, asked = replay_answers(playbook, answers)
        assert [step.question.id for step in asked] == [question.id for question in ended.questions()]
        assert_progress_runs_forward(asked)
        assert {name: again.facts().value(name) for name in values} == values
        assert evaluate_outcome(again.facts(), given=NOW) == evaluate_outcome(facts, given=NOW)


def assert_progress_runs_forward(asked):
    for before, after in pairwise(asked):
        was, now = before.progress, after.progress
        if before.stage == after.stage and was.of == now.of:
            assert now.number > was.number, (before.question.id, after.question.id)
        if was.total == now.total:
            assert now.answered >= was.answered, (before.question.id, after.question.id)


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_an_interview_asks_what_the_straight_passages_take_for_asked(playbook_id):
    playbook, random = load_with_few_draws(playbook_id), Random(f"both {playbook_id}")
    for _ in range(5):
        answers = invent_all_answers(playbook, random)
        interview, asked = replay_answers(playbook, answers)
        facts = Facts(playbook, answers, today=TODAY)
        assert [step.question.id for step in asked] == asked_of(facts)
        assert evaluate_outcome(interview.facts(), given=NOW) == evaluate_outcome(facts, given=NOW)
