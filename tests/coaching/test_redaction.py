"""A copy for others has no name, no private answer and no stable id, whatever form they take."""

from __future__ import annotations

import pytest

from careerkit.coaching.redaction import NameReplacer, redact
from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.entry_list import EMPTY_HISTORY
from careerkit.core.journal.plan import build_plan
from careerkit.core.journal.snapshot import build_playbook_ref, record_interview
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.outcome.model import Action
from careerkit.export.markdown import render_entry
from scenario import NOW, parse_playbook

PLAYBOOK = parse_playbook(
    """
action = [
  { id = "tell", do = "Tell {boss}, and let {witness} ask", due = "+1d", evidence = "{boss} has answered", owner = "{boss}" },
  { id = "rest", do = "Rest", due = "+2d" },
]
checkin = [{ id = "week", title = "A week on", after = "+1w" }]
finding = [
  { id = "who", title = "Who is involved", text = "{boss}, {what}" },
  { id = "secret", title = "Secret", text = "Because of {fear}." },
]
draft = [{ id = "first", title = "First words", to = "{boss}", text = "Dear {boss},\\n{what}\\n{witness} knows." }]

[[stage]]
id = "all"
title = "All"
[[stage.question]]
id = "boss"
type = "choice"
ask = "Who must hear it first?"
own = true
own_hint = "A role or initials"
private = true
choices = [{ id = "manager", label = "My manager" }, { id = "client", label = "The client" }]
[[stage.question]]
id = "witness"
type = "text"
ask = "Who will ask you about it?"
hint = "Initials will do."
private = true
max = 60
[[stage.question]]
id = "people"
type = "records"
ask = "Who else is involved?"
fields = [
  { id = "person", type = "text", ask = "Name", private = true, max = 60 },
  { id = "role", type = "text", ask = "Role" },
]
[[stage.question]]
id = "what"
type = "text"
ask = "What happened?"
[[stage.question]]
id = "fear"
type = "text"
ask = "What do you fear?"
private = true
"""
)
ANSWERS = {
    "boss": "Anna Becker",
    "witness": "Ms Ilse Hofer-Brandt",
    "people": [{"person": "Will Ōta", "role": "becker's deputy"}],
    "what": "anna told Beckers team; Hofer heard it from Ōta's office in Linz, and I will ask ANNA BECKER again.",
    "fear": "that Anna laughs",
}
NAMES = ("anna", "becker", "ilse", "hofer", "brandt", "ōta")


@pytest.fixture
def entry() -> Entry:
    interview = Interview(PLAYBOOK, today=NOW.date(), started=NOW)
    for question, raw in ANSWERS.items():
        interview = interview.answer(question, raw)
    empty = Entry("20261122T0905Z-k3f9x2", "machine", build_playbook_ref(PLAYBOOK), NOW)
    outcome = evaluate_outcome(interview.facts(), given=NOW)
    own = Action("own_1", "Ask Becker's deputy", due=NOW.date())
    outcome = replace(outcome, actions=(*outcome.actions, own))
    return replace(record_interview(empty, interview), finished=NOW, outcome=outcome)


def write(redaction) -> str:
    return render_entry(redaction.entry, sources={}, playbook=PLAYBOOK, with_id=False)


def test_no_form_of_a_name_is_left(entry):
    text = write(redact(entry, PLAYBOOK)).casefold()

    assert [each for each in NAMES if each in text] == []
    assert "person a" in text


def test_a_name_has_one_placeholder_everywhere_and_the_legend_says_which(entry):
    redaction = redact(entry, PLAYBOOK)

    assert redaction.legend == (
        ("Person A", "Anna Becker"),
        ("Person B", "Ms Ilse Hofer-Brandt"),
        ("Person C", "Will Ōta"),
    )
    [draft] = redaction.entry.outcome.drafts
    assert draft.to == "Person A"
    assert draft.text == (
        "Dear Person A, Person A told Person A's team; Person B heard it from Person C's office in Linz, "
        "and I will ask Person A again. Person B knows."
    )


def test_an_action_about_a_person_stays_and_so_does_one_of_your_own(entry):
    actions = redact(entry, PLAYBOOK).entry.outcome.actions

    assert {each.do for each in actions} == {"Ask Person A's deputy", "Tell Person A, and let Person B ask", "Rest"}


def test_a_private_answer_is_left_out_unless_it_is_asked_for(entry):
    without = redact(entry, PLAYBOOK)
    included = redact(entry, PLAYBOOK, with_questions=["fear"])

    assert "laughs" not in write(without)
    assert [each.question for each in without.left_out] == ["fear"]
    assert "Because of that Person A laughs." in write(included)
    assert included.left_out == ()


def test_the_choice_of_a_role_is_not_a_name(entry):
    interview = Interview(PLAYBOOK, today=NOW.date(), started=NOW)
    for question, raw in {**ANSWERS, "boss": "manager"}.items():
        interview = interview.answer(question, raw)
    outcome = evaluate_outcome(interview.facts(), given=NOW)
    changed = replace(record_interview(entry, interview), outcome=outcome)

    redaction = redact(changed, PLAYBOOK)

    assert any("manager" in each.do for each in redaction.entry.outcome.actions)
    assert "Anna Becker" not in dict(redaction.legend).values()


def test_ids_are_random_each_time_and_the_plan_has_the_same(entry):
    plan = build_plan(entry.outcome, EMPTY_HISTORY, today=NOW.date())
    first, second = (redact(entry, PLAYBOOK, plan=plan) for _ in range(2))

    ids = [{each.id for each in redaction.entry.outcome.actions} for redaction in (first, second)]
    assert not ids[0] & ids[1]
    assert not ids[0] & {"tell", "rest", "own_1"}
    assert {each.id for each in first.plan.actions} == ids[0]
    assert first.entry.id != second.entry.id
    assert "k3f9x2" not in first.entry.id
    assert first.entry.machine == first.entry.zone == ""


def test_what_may_be_another_name_is_listed_to_check_also_in_an_action_of_ones_own(entry):
    olga = Action("own_2", "Olga knows it, and sven@firm.no", cue="When Aronsen is in")
    outcome = replace(entry.outcome, actions=(*entry.outcome.actions, olga))

    assert redact(replace(entry, outcome=outcome), PLAYBOOK).check == ("Linz", "Olga", "sven@firm.no", "Aronsen")
    assert redact(entry, PLAYBOOK, more_names=["linz"]).check == ()


@pytest.mark.parametrize(
    ("names", "text", "expected"),
    [
        (["Will"], "I will ask Will.", "I will ask Person A."),
        (["M."], "Ask M. about it, not Mo.", "Ask Person A about it, not Mo."),
        (["Jo"], "jo-ann and Jo's and major", "jo-ann and Person A's and major"),
        (["Mr Lee", "Ann Lee"], "Mr Lee met Ann Lee, then Ann.", "Person A met Person B, then Person B."),
        (["the late shift"], "Tell the late shift, not the early shift.", "Tell Person A, not the early shift."),
        (["the boss"], "The client told the boss the price.", "The client told Person A the price."),
        (["my wife"], "My car; my wife, his wife", "My car; Person A, his wife"),
        (["José"], "José and JOSÉ", "Person A and Person A"),
        (["Dvořák"], "Dvorak, and dvořák's", "Person A, and Person A's"),
        (["Jose"], "José", "Person A"),
        (["Hannah"], "Hannah_Okafor", "Person A_Okafor"),
    ],
)
def test_only_the_name_is_replaced(names, text, expected):
    placeholders = {name: f"Person {'AB'[number]}" for number, name in enumerate(names)}

    assert NameReplacer(placeholders).replace_in(text) == expected
