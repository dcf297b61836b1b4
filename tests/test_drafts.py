"""The words to say: for whom they are, and what becomes of them when an answer is a single word or missing."""

import re
from pathlib import Path

import pytest

from careerkit.core.errors import Refused
from careerkit.core.expressions.ast import find_free_names
from careerkit.core.expressions.parser import parse
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.questions.text import TextSpec
from long_run import take_share
from playbook_cases import REPOSITORY, Case, build_case_entry, list_bundled_ids, list_cases, load_bundled

STANDING = {"tone", "owner_is", "counterpart_is", "dip_is", "fault_owner_is", "listener", "who_is"}
"""The questions that ask how the hearer stands to the person, or how the two speak with each other."""
NOT_SPOKEN_TO = {
    ("lead/performance", "end_words"): {"peer", "team"},
    ("lead/performance", "team_words"): {"peer", "team"},
}
"""Hearers for whom a draft never comes up: one doesn't part with a colleague, or with another team."""
A_SENTENCE = 100
"""Characters that a text may have, from which on a sentence is asked for and not a name."""


def table(heading: str) -> dict[tuple[str, str], str]:
    """(playbook, draft) -> the last cell, from the table in docs/voice.md with this last heading."""
    text = Path(REPOSITORY / "docs" / "voice.md").read_text(encoding="utf-8")
    rows = re.search(rf"^\| playbook \| drafts \| {heading} \|\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE)[1]
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows.splitlines()]
    return {(playbook.strip("` "), draft): last for playbook, drafts, last in cells for draft in drafts.split(", ")}


def drafts_of(playbook):
    return [draft for part in (playbook, *playbook.checkins) for draft in part.drafts]


def named_in(condition):
    return find_free_names(parse(condition), lambda _: frozenset()) if condition else frozenset()


EVERY_DRAFT = [(each, draft) for each in list_bundled_ids() for draft in drafts_of(load_bundled(each))]


def test_every_draft_stands_in_one_of_the_tables_of_hearers():
    follow, one = table("wording depends on"), table("always said to")
    assert not set(follow) & set(one)
    assert {(playbook, draft.id) for playbook, draft in EVERY_DRAFT} == set(follow) | set(one)


def test_the_words_of_a_draft_follow_what_the_table_says_and_those_of_one_hearer_follow_nothing():
    follow = table("wording depends on")
    said = {place: set(re.findall(r"`(\w+)`", questions)) for place, questions in follow.items()}
    found = {(each, draft.id): set() for each, draft in EVERY_DRAFT}
    for each, draft in EVERY_DRAFT:
        found[each, draft.id] |= {name for line in draft.text for name in named_in(line.when)} & STANDING
    assert {place: names for place, names in found.items() if names} == said


@pytest.mark.parametrize(("playbook_id", "draft"), EVERY_DRAFT, ids=lambda each: getattr(each, "id", each))
def test_a_draft_that_varies_has_words_for_every_standing(playbook_id, draft):
    choices = {
        each.id: each.spec.options.choices for each in load_bundled(playbook_id).questions if each.id in STANDING
    }
    for question in {name for line in draft.text for name in named_in(line.when)} & set(choices) - {"tone"}:
        conditions = " ".join(line.when for line in draft.text if question in named_in(line.when))
        hearers = {choice.id for choice in choices[question]} - NOT_SPOKEN_TO.get((playbook_id, draft.id), set())
        assert all(f"'{hearer}'" in conditions for hearer in hearers), (draft.id, question)


def sentences_asked_for(playbook):
    return {each.id for each in playbook.questions if isinstance(each.spec, TextSpec) and each.spec.max >= A_SENTENCE}


@pytest.mark.parametrize(("playbook_id", "draft"), EVERY_DRAFT, ids=lambda each: getattr(each, "id", each))
def test_a_line_that_is_nothing_but_an_answer_is_there_only_where_it_has_several_words(playbook_id, draft):
    bare = [(line, re.fullmatch(r"\{(\w+)\}[.?]?", line.text.strip())) for line in draft.text]
    bare = [
        (line, match[1]) for line, match in bare if match and match[1] in sentences_asked_for(load_bundled(playbook_id))
    ]
    own = {"exit_words": "exit_line"}
    assert not [
        line.text for line, name in bare if f"word_count({name}) > 1" not in line.when and own.get(draft.id) != name
    ]


def with_single_words(case):
    """The answers of the case, with a single word for each text that asks for a sentence."""
    playbook, answers = load_bundled(case.playbook_id), case.answers
    for question in playbook.questions:
        if question.id in answers and question.id in sentences_asked_for(playbook):
            answers[question.id] = "mail"
        if question.id in answers and isinstance(question.spec, RecordsSpec):
            long = [f.id for f in question.spec.fields if isinstance(f.spec, TextSpec) and f.spec.max >= A_SENTENCE]
            answers[question.id] = [
                record | {name: "mail" for name in long if name in record} for record in answers[question.id]
            ]
    return answers


@pytest.mark.parametrize("case", take_share(list_cases(), one_in=2), ids=str)
def test_answers_of_one_word_leave_no_line_of_one_word_in_what_is_said(case):
    drafts = build_case_entry(case, with_single_words(case)).outcome.drafts
    alone = [(draft.id, line) for draft in drafts for line in draft.text.split("\n") if line.strip(" .?") == "mail"]
    assert alone == [] or {name for name, _ in alone} <= {"exit_words"}


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_where_an_answer_is_one_word_some_draft_of_the_playbook_says_what_is_missing(playbook_id):
    cases = [case for case in list_cases() if case.playbook_id == playbook_id]
    told = [draft for case in cases for draft in build_case_entry(case, with_single_words(case)).outcome.drafts]
    assert [draft.id for draft in told if "[mail: " in draft.text]
    whole = [draft for case in cases for draft in build_case_entry(case).outcome.drafts]
    assert not [draft.id for draft in whole if re.search(r"\[\w+: (say|one|what|the|a) ", draft.text)]


def without_what_may_be_left_out(case):
    playbook = load_bundled(case.playbook_id)
    needed = {each.id for each in playbook.questions if each.required}
    needed.add(playbook.deadline)  # without it the playbook asks other questions
    return {name: value for name, value in case.answers.items() if name in needed}


def build_entry_with_what_fits(case, answers):
    """The entry; a choice that is only there because of what was left out is taken back to the first one that is."""
    try:
        return build_case_entry(case, answers)
    except Refused as refused:
        if any(problem.code != "unknown-choice" for problem in refused.problems):
            raise
        questions = {each.id: each for each in load_bundled(case.playbook_id).questions}
        fitting = {
            str(problem.where): next(each.id for each in questions[str(problem.where)].spec.choices if not each.when)
            for problem in refused.problems
        }
        return build_case_entry(case, answers | fitting)


@pytest.mark.parametrize("case", take_share(list_cases(), one_in=2), ids=str)
def test_without_what_may_be_left_out_nothing_said_has_a_gap_or_an_empty_line_of_words(case):
    outcome = build_entry_with_what_fits(case, without_what_may_be_left_out(case)).outcome
    texts = [text for told in (*outcome.findings, *outcome.drafts) for text in (told.title, told.text)]
    texts += [text for action in outcome.actions for text in (action.do, action.cue, action.evidence)]
    assert not [text for text in texts if "…" in text or re.search(r": *[.,](?!\.)|\(\)|''", text)]


FLUE_TEST = {
    "gate": ["others", "legal"],
    "kind": "mistake",
    "what": "I signed for a flue test that I never did",
    "stop": "off",
    "adviser": "oncall",
    "first_call": "the family in the house",
    "obstacle": "fear",
    "witness": "Selma",
}
SNIDE_LINE = {
    "gate": ["none"],
    "kind": "mistake",
    "what": "I replied to all and called Paul slow, and he read it",
    "owner": "colleague",
    "reach_owner": "heard",
    "reaction": ["nothing"],
    "damage": "person",
    "people_hurt": "no",
    "undo": "days",
    "before": "never",
    "known_by": "many",
    "my_part": "mine",
    "factors": ["health"],
    "signs": [],
    "offer": "say to them all that it was wrong",
    "offer_when": "today",
    "words_for": ["team"],
    "obstacle": "shame",
    "witness": "Ana",
}
SIGN_BY_NINE = {
    "gate": ["none"],
    "notice_kind": "warning",
    "answer_by": "2026-11-23",
    "by_hour": 9,
    "wants": "agree",
    "adviser_reach": "soon",
    "reason": "absence",
    "truth": "partly",
    "in_fact": "I was late twice",
    "proof": ["mail"],
    "prior": "passing",
    "behind": ["home"],
    "aim": "stay",
    "cushion": "weeks",
    "witness": "my sister",
}


def play(playbook_id, answers):
    """The drafts and the actions of a result, by their ids, and the ids of its check-ins."""
    outcome = build_case_entry(Case(playbook_id, "made up"), answers).outcome
    return {each.id: each.text for each in outcome.drafts}, outcome.actions, [each.id for each in outcome.checkins]


@pytest.mark.parametrize("more", [{}, {"stop": "ring", "do_now": "go outside", "danger": "The flue wasn't tested"}])
def test_those_in_danger_hear_what_is_unsafe_and_not_who_did_what(more):
    drafts, actions, _ = play("crisis/start", FLUE_TEST | more)
    assert "I signed" not in drafts["urgent_call"]
    assert "having it switched off" not in drafts["urgent_call"]
    assert "go outside" in drafts["urgent_call"]
    first = actions[0].due
    assert any("the family in the house" in each.do and each.due == first for each in actions)


@pytest.mark.parametrize(("reach", "called"), [("now", "my manager, or"), ("away", "my manager's deputy")])
def test_who_cannot_be_reached_is_not_called(reach, called):
    _, actions, _ = play("crisis/start", FLUE_TEST | {"boss_reach": reach})
    assert called in next(each.do for each in actions if each.id == "tell_boss_now")


def test_a_colleague_is_spoken_to_and_the_team_hears_no_insult_again():
    drafts, actions, checkins = play("crisis/start", SNIDE_LINE | {"to_them": "I called you slow"})
    assert "I called you slow." in drafts["opening"]
    assert "Paul" not in drafts["opening"]
    assert "slow" not in drafts["team_note"]
    assert set(drafts) == {"opening", "team_note"}
    assert checkins == ["day", "week"]
    assert not any("called" in each.do for each in actions)


def test_a_reply_is_sent_after_the_advice_and_receipt_is_the_only_thing_to_sign():
    drafts, actions, _ = play("crisis/notice", SIGN_BY_NINE)
    due = {each.id: each.due for each in actions}
    assert str(due["send_reply"]) > "2026-11-23"
    assert "In fact, I was late twice." in drafts["reply"]
    assert "receipt" in next(each.do for each in actions if each.id == "that_hour")
