"""Where two answers contradict each other, a note says so: kindly, once, with both answers and the way to change them.

Each note has its line here: a written case, and what is changed in its answers so that two of them don't fit.
"""

from copy import deepcopy

import pytest

from careerkit.core.interview.interview import Interview
from careerkit.core.interview.steps import Ask, Finish, ShowNote
from careerkit.core.questions.note import NoteSpec
from playbook_cases import list_bundled_ids, list_cases, load_bundled
from scenario import NOW
from test_voice import UNKIND

PROOF = [{"of_skill": "trust", "often": 0, "last": "2026-11-12", "example": "I checked each step"}]
ENDING = {
    "ending": "saved at night",
    "verdict": "disgraceful",
    "ours_get": "credit",
    "theirs_get": "blame",
    "seen": "all",
}


def among(question, **changes):
    """The records of the case with the first one changed."""
    return lambda answers: {question: [{**answers[question][0], **changes}, *answers[question][1:]]}


CONTRADICTIONS = {
    ("crisis/start", "apart_harm"): (
        ("li", lambda a: {"harm": 0} | among("people", impact=4)(a), ("no harm is done", "hits hard: the general")),
        ("li", {"spread": 0}, ("only you know", "the general manager; the new client")),
    ),
    ("crisis/start", "apart_part"): (("li", {"mine": 0}, ("a mistake of mine", "0 of 100")),),
    ("crisis/start", "apart_trust"): (
        (
            "li",
            lambda a: {"trust_now": 9} | among("signs", sign="she took the tender from me", proof="done")(a),
            ("9 of 10", "took the tender"),
        ),
    ),
    ("crisis/start", "apart_told"): (("li", {"told": "me", "spread": 0}, ("knows already", "only you know")),),
    ("crisis/start", "apart_age"): (("age", {"age_about": "fear"}, ("you fear", "fresh blood")),),
    ("client/handover", "apart_onset"): (
        ("mixed", {"onset": "after", "takeover": "2026-12-20"}, ("after you had started", "a day still to come")),
        (
            "mixed",
            {"onset": "after", "takeover": "2026-10-20", "hostile_for": "years"},
            ("after you had started", "a year or more"),
        ),
    ),
    ("client/handover", "apart_named"): (
        ("mixed", lambda a: {"targets": ["product"]} | among("talks", named=True)(a), ("don't name you", "by name")),
    ),
    ("path/choose", "apart_leading"): (
        ("mentor", {"level": "leading_people", "evidence": ["none"]}, ("report to you", "none yet")),
    ),
    ("path/choose", "apart_coin"): (("mentor", {"coin": "relief", "chosen": "stay"}, ("relief", "Stay where I am")),),
    ("path/rotate", "apart_business"): (
        ("reader", {"goal": "business", "business": "not_needed"}, ("customers and money", "isn't needed")),
    ),
    ("path/rotate", "apart_scores"): (
        ("refused", {}, ("the sponsor 7 of 10", "haven't asked")),
        ("refused", {"return_path": "none"}, ("the way back 8 of 10", "there is none")),
        (
            "many-places",
            {"backing": "promised", "sponsor_name": "S."},
            ("the sponsor 3 of 10", "somebody has said: come"),
        ),
    ),
    ("team/bridge", "apart_credit"): (
        ("provider", lambda a: {"outcomes": [*a["outcomes"], ENDING]}, ("a disgrace", "saved at night")),
    ),
    ("team/bridge", "apart_shared"): (
        ("provider", {"shared": "yes", "judged_theirs": None}, ("both look at it", "you left open")),
    ),
    ("team/bridge", "apart_heat"): (("provider", {"heat": 1, "blame": "daily"}, ("calm, 1 of 10", "Almost daily")),),
    ("work/attitude", "apart_energy"): (
        ("little-pull", {"hard_kind": "empty", "energy": 5}, ("nothing left to give", "5 of 5")),
    ),
    ("work/attitude", "apart_service"): (("spoiled-day", {"service": 5}, ("5 of 5", "served at 3 or less")),),
    ("lead/skills", "apart_proof"): (("keeps-everything", {"trust": 5, "proof": PROOF}, ("trust 5 of 5", "not once")),),
    ("lead/skills", "apart_issues"): (("flood", {"problem_solving": 5}, ("5 of 5", "nobody has this in writing")),),
    ("lead/skills", "apart_vision"): (("flood", {"mindset": 5, "vision": None}, ("5 of 5", "you left out")),),
}
EACH = [(*of, *contradiction) for of, several in CONTRADICTIONS.items() for contradiction in several]


def notes_of(playbook):
    return [each.id for each in playbook.questions if isinstance(each.spec, NoteSpec) and each.id.startswith("apart_")]


def case_of(playbook_id, name):
    return next(each for each in list_cases() if (each.playbook_id, each.name) == (playbook_id, name))


def changed(case, changes):
    answers = deepcopy(case.answers)
    answers |= changes(answers) if callable(changes) else changes
    return {name: value for name, value in answers.items() if value is not None}


def passage(playbook_id, answers):
    """The interview to its end with these answers, and the notes that were read on the way."""
    interview, read = Interview(load_bundled(playbook_id), today=NOW.date()), []
    while not isinstance(step := interview.step(), Finish):
        match step:
            case Ask(question=question) if question.id in answers:
                interview = interview.answer(question.id, answers[question.id])
            case Ask(default=default, question=question) if default is not None and question.required:
                interview = interview.answer(question.id, default)
            case Ask():
                interview = interview.skip()
            case _:
                read += [step] if isinstance(step, ShowNote) else []
                interview = interview.mark_shown(step.key)
    return interview, read


def test_every_note_about_two_answers_has_a_contradiction_here():
    assert {(each, note) for each in list_bundled_ids() for note in notes_of(load_bundled(each))} == set(CONTRADICTIONS)


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_each_playbook_points_out_two_to_five(playbook_id):
    assert 2 <= len(notes_of(load_bundled(playbook_id))) <= 5


@pytest.mark.parametrize(("playbook_id", "note", "case", "changes", "said"), EACH)
def test_two_answers_that_contradict_each_other_are_both_named_with_the_way_to_change_them(
    playbook_id, note, case, changes, said
):
    _, read = passage(playbook_id, changed(case_of(playbook_id, case), changes))
    told = next(each for each in read if each.key == f"note:{note}")
    assert all(words in told.text for words in said), told.text
    assert "review" in told.text
    assert "Both can be so" in told.text
    assert not [words for words in UNKIND if words in told.text.lower()]
    assert "…" not in told.text


@pytest.mark.parametrize(("playbook_id", "note", "case", "changes", "said"), EACH)
def test_a_contradiction_is_pointed_out_once_and_not_at_the_end_again(playbook_id, note, case, changes, said):
    interview, read = passage(playbook_id, changed(case_of(playbook_id, case), changes))
    assert [each.key for each in read].count(f"note:{note}") == 1
    assert isinstance(interview.back().step(), Ask)
    assert isinstance(interview.back().forward().step(), Finish)


TWO_ANSWERS_APART = {"path-rotate-refused": ["note:apart_scores"], "work-attitude-spoiled-day": ["note:apart_service"]}


@pytest.mark.parametrize("case", list_cases(), ids=str)
def test_of_the_written_cases_only_those_with_two_answers_apart_are_told_so(case):
    _, read = passage(case.playbook_id, case.answers)
    assert [each.key for each in read] == TWO_ANSWERS_APART.get(str(case), [])
