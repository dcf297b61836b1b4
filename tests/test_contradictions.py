"""Where two answers contradict each other, a note says so: kindly, once, with both answers and the way to change them.

Each note has its line here: a written case, and what is changed in its answers so that two of them don't fit.
"""

from copy import deepcopy

import pytest

from careerkit.core.interview import Interview
from careerkit.core.interview_steps import Ask, Finish, ShowNote
from careerkit.core.questions.text import NoteSpec
from playbook_cases import list_bundled_ids, list_cases, load_bundled
from scenario import NOW
from test_voice import UNKIND

RATED = {
    **dict.fromkeys(("communication", "patience", "problem_solving", "diplomacy"), 3),
    **dict.fromkeys(("motivation", "trust", "empathy", "mindset"), 3),
    "matters": ["patience", "trust"],
    "importance": ["trust", "patience"],
    "skill": "trust",
    "marks": [],
}


def among(question, **changes):
    """The records of the case with the first one changed."""
    return lambda answers: {question: [{**answers[question][0], **changes}, *answers[question][1:]]}


CONTRADICTIONS = {
    ("crisis/start", "apart_harm"): (
        ("li", {"damage": "none", "people_hurt": "yes"}, ("cost nothing", "hurt or ill")),
    ),
    ("crisis/start", "apart_told"): (("li", {"known_by": "me"}, ("your manager knows already", "only you know")),),
    ("crisis/start", "apart_age"): (("age", {"age_about": "fear"}, ("you're afraid", "Words that others heard")),),
    ("crisis/notice", "apart_aim"): (
        ("resign-by-tomorrow", {"aim": "stay"}, ("like to stay", "the way your boss treats you")),
    ),
    ("crisis/notice", "apart_prior"): (
        (
            "false-facts",
            {"reason": "none", "prior": "writing"},
            ("give no reason", "in writing that something was wrong"),
        ),
    ),
    ("client/handover", "apart_onset"): (
        ("mixed", {"onset": "after", "takeover": "2026-12-20"}, ("after you had started", "a day still to come")),
    ),
    ("client/handover", "apart_named"): (
        ("mixed", lambda a: {"targets": ["product"]} | among("talks", named=True)(a), ("don't name you", "by name")),
    ),
    ("path/choose", "apart_stay"): (
        ("lead-no-raise", {"after_no": "job"}, ("goes, or changes a lot", "your present job")),
    ),
    ("path/choose", "apart_hope"): (
        ("mentor", {"hope": "stay"}, ("'my present job'", "'a trial of leading'")),
        ("one-ladder", {}, ("technical work, broader", "technical work, deeper")),
    ),
    ("path/offer", "apart_terms"): (
        ("two-wards", {"changes": "shown"}, ("main reason would change", "know for certain")),
    ),
    ("path/offer", "apart_hope"): (
        ("two-wards", {"broken": ["other"]}, ("'The other one, if it comes'", "mustn't break")),
    ),
    ("path/rotate", "apart_stay"): (
        ("asked-to-move", {"after_no": "job"}, ("goes, or changes a lot", "stay in your present team")),
    ),
    ("path/rotate", "apart_business"): (
        ("reader", {"goal": "business", "business": "not_needed"}, ("customers and money", "isn't needed")),
    ),
    ("path/rotate", "apart_scores"): (
        ("refused", {}, ("(7 or more) for the sponsor", "haven't asked")),
        ("refused", {"return_path": "none"}, ("(7 or more) for the way back", "there is none")),
    ),
    ("team/bridge", "apart_shared"): (
        ("whipping-boy", {"shared": "yes"}, ("both win or lose by", "praise for them, blame for us")),
    ),
    ("team/bridge", "apart_heat"): (("provider", {"heat": "calm", "blame": "daily"}, ("a calm talk", "almost daily")),),
    ("team/conduct", "apart_times"): (
        ("knee-plan", {"spoke": "yes"}, ("happened once", "you've told them", "goes on")),
    ),
    ("team/conduct", "apart_saw"): (("travel-list", {"saw": "heard"}, ("others talk about it", "papers show it")),),
    ("work/attitude", "apart_load"): (
        ("worn-and-squeezed", {"load": 2, "control": 4}, ("too much work", "load is 2 of 5", "4 of 5")),
    ),
    ("work/attitude", "apart_pull"): (
        ("little-pull", {"liking": 4, "fit": 5}, ("means little to you", "like 4 of 5", "5 of 5")),
    ),
    ("work/start", "apart_expect"): (
        (
            "from-the-cabin-to-the-help-desk",
            {"kind": "first", "first_what": "unclear", "expect": "written", "guide": "named"},
            ("don't know what they expect", "in writing"),
        ),
    ),
    ("work/start", "apart_guide"): (
        (
            "from-the-cabin-to-the-help-desk",
            {
                "kind": "off",
                "off_what": "untrained",
                "expect": "none",
                "guide": "named",
                "not_shown": "the till",
                "weeks": 3,
            },
            ("no one shows you anything", "someone named"),
        ),
    ),
    ("work/ask", "apart_rules"): (
        ("sisters-wedding", {"objection": "rules"}, ("yes on their own", "the rules don't allow it")),
    ),
    ("work/ask", "apart_mine"): (
        ("weekend-shift", {"mine": "yes", "why_no": "not_mine"}, ("part of your job", "isn't your work")),
    ),
    ("lead/performance", "apart_told"): (
        ("triage", {"told": "writing", "hinders": ["goal"]}, ("given it to them in writing", "never said it exactly")),
    ),
    ("lead/performance", "apart_power"): (
        ("late-cook", {"if_not": "warn"}, ("someone above won't act", "a step that they'd have to carry")),
    ),
    ("lead/performance", "apart_mine"): (
        ("late-cook", {"hinders": [], "obstacle": "mine"}, ("partly your fault", "nothing that stands in their way")),
    ),
    ("lead/skills", "apart_view"): (
        ("release-blame", {"dept_what": "unknown"}, ("don't know what they have", "can't be reproduced")),
    ),
    ("lead/skills", "apart_trust"): (
        ("keeps-everything", {"deeper": True, **RATED, "trust": 5}, ("doesn't happen", "5 of 5")),
    ),
}
EACH = [(*of, *contradiction) for of, several in CONTRADICTIONS.items() for contradiction in several]


ASK_LITTLE = {"work/other"}
"""Playbooks that ask too little to be answered in a contradictory way."""


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
    least = 0 if playbook_id in ASK_LITTLE else 2
    assert least <= len(notes_of(load_bundled(playbook_id))) <= 5


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


TWO_ANSWERS_APART = {
    "path-choose-one-ladder": ["note:apart_hope"],
    "path-rotate-refused": ["note:apart_scores"],
}


@pytest.mark.parametrize("case", list_cases(), ids=str)
def test_of_the_written_cases_only_those_with_two_answers_apart_are_told_so(case):
    _, read = passage(case.playbook_id, case.answers)
    assert [each.key for each in read] == TWO_ANSWERS_APART.get(str(case), [])
