"""Choices with conditions, options that the person types, and fields that depend on the form."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from careerkit.core.errors import Refused
from careerkit.core.journal.codec import entry_from_document, entry_to_document
from careerkit.core.playbook.loader import check_playbook
from scenario import HEADER, UNFINISHED, Scenario

TEXT = """
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "kind"
type = "choice"
ask = "What kind?"
own = true
own_hint = "A word or two."
choices = [ { id = "slip", label = "A slip" }, { id = "feud", label = "A feud" } ]
[[stage.question]]
id = "way"
type = "choice"
ask = "Which way?"
choices = [ { id = "say", label = "Say it" }, { id = "wait", label = "Wait", when = "kind == 'feud'" } ]
[[stage.question]]
id = "marks"
type = "choices"
ask = "What matters?"
own = true
own_max = 2
choices = [ { id = "pay", label = "Pay" }, { id = "calm", label = "Calm" } ]
[[stage.question]]
id = "weights"
type = "weights"
ask = "How much?"
items = "marks"
[[stage.question]]
id = "people"
type = "records"
ask = "Who?"
min = 0
line = "{person}: {since}"
fields = [
  { id = "person", type = "text", ask = "Who?" },
  { id = "knows", type = "yesno", ask = "Do they know?" },
  { id = "since", type = "number", ask = "For how many days?", when = "knows" },
  { id = "plan", type = "text", ask = "When will you say it?", when = "not knows and kind == 'slip'" },
]
[[compute]]
id = "days"
value = "sum(people, since)"
[[finding]]
id = "f"
title = "{kind} and {marks}"
text = "{weights}"
"""


@pytest.fixture(params=[False, True], ids=["straight", "restored"])
def scenario(request):
    return Scenario(TEXT, restored=request.param)


def refused(scenario: Scenario, **answers: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        scenario.set(**answers)
    return [each.code for each in caught.value.problems]


def test_a_typed_option_is_an_answer(scenario):
    assert scenario.set(kind="A  misunderstanding\n").look("kind") == "A misunderstanding"
    assert scenario.set(kind="a feud").look("kind") == "feud"
    assert refused(scenario, kind="x" * 81) == ["too-long"]
    assert refused(scenario, kind=" ") == ["empty"]


def test_typed_options_are_items_of_later_questions(scenario):
    scenario.set(kind="slip", marks=["Short ways", "calm"])
    assert scenario.look("marks") == ("calm", "Short ways")
    facts = scenario.interview.facts()
    assert [each.label for each in facts.choices_for(facts.index.questions["weights"].spec.options)] == [
        "Calm",
        "Short ways",
    ]
    scenario.set(weights={"calm": 40, "Short ways": 60})
    finding = scenario.outcome().findings[0]
    assert finding.title == "A slip and Calm, Short ways"
    assert finding.text == "- Calm 40\n- Short ways 60"


def test_there_are_at_most_so_many_typed_options(scenario):
    assert refused(scenario, marks=["a", "b", "c"]) == ["too-many"]
    assert refused(scenario, marks=["a", "a"]) == ["twice"]


def test_an_option_is_offered_only_while_its_condition_holds(scenario):
    scenario.set(kind="slip")
    assert [each.id for each in scenario.ask().choices] == ["say"]
    assert refused(scenario, way="wait") == ["unknown-choice"]
    scenario.set(kind="feud").set(way="wait")
    assert scenario.look("way") == "wait"
    scenario.set(kind="slip")
    assert scenario.look("way") is None
    assert scenario.next() == "way"


def test_a_field_is_asked_only_while_its_condition_holds(scenario):
    scenario.set(kind="slip")
    form = {"person": "A.", "knows": True}
    assert refused(scenario, people=[form]) == ["missing"]
    scenario.set(people=[{**form, "since": 3, "plan": "today"}])
    assert [dict(each) for each in scenario.look("people")] == [{**form, "since": Decimal(3)}]
    assert scenario.look("days") == 3
    scenario.set(people=[{"person": "B.", "knows": False, "plan": "today"}])
    scenario.set(kind="feud")
    assert [dict(each) for each in scenario.look("people")] == [{"person": "B.", "knows": False}]
    scenario.set(kind="slip")
    assert [dict(each)["plan"] for each in scenario.look("people")] == ["today"]


def test_a_form_is_asked_again_once_it_needs_another_field(scenario):
    scenario.set(kind="feud", way="say", marks=["pay"], weights={"pay": 100})
    scenario.set(people=[{"person": "B.", "knows": False}])
    assert scenario.next() in ("end", "stage S")
    scenario.set(kind="slip")
    assert scenario.ask().question.id == "people"


def problems(text: str) -> list[str]:
    found = check_playbook((HEADER + text).encode(), file="x.toml")
    assert all(each.hint for each in found), found
    return [each.code for each in found if each.code not in UNFINISHED]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("own = true\nown_max = 2", "own_max = 2", "unused-key"),
        ("own_max = 2", "own_max = 20", "bad-limit"),
        ("when = \"kind == 'feud'\"", "when = \"kind == 'feude'\"", "unknown-choice"),
        ("when = \"kind == 'feud'\"", 'when = "answered(marks)"', "forward-reference"),
        ('when = "knows"', 'when = "plan"', "unknown-id"),
        ('type = "weights"', 'type = "choices"\nown = true', "conflicting-keys"),
    ],
)
def test_mistakes_are_reported(old, new, code):
    assert problems(TEXT) == []
    assert code in problems(TEXT.replace(old, new, 1))


PLAN = """
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "options"
type = "choices"
ask = "Which?"
min = 2
choices = [ { id = "stay", label = "Stay" }, { id = "go", label = "Go" }, { id = "wait", label = "Wait" } ]
[[stage.question]]
id = "criteria"
type = "list"
ask = "What matters?"
[[stage.question]]
id = "swing"
type = "weights"
ask = "How much?"
items = "criteria"
[[stage.question]]
id = "scores"
type = "grid"
ask = "How good?"
rows = "options"
columns = "criteria"
min = 0
max = 10
[[stage.question]]
id = "broken"
type = "choices"
ask = "Which break a limit?"
min = 0
items = "options"
[[stage.question]]
id = "people"
type = "records"
ask = "Who?"
private = true
fields = [ { id = "person", type = "text", ask = "Who?" }, { id = "day", type = "date", ask = "When?", required = false }, { id = "knows", type = "yesno", ask = "?" } ]
[[decision]]
id = "fit"
weights = "swing"
scores = "scores"
ruled_out = "broken"
draws = 100
[[headline]]
when = "count(fit_ruled_out) > 0"
level = "care"
text = "{fit_ruled_out} is out; {fit_first} comes first."
[[headline]]
text = "{fit_first} comes first."
[[finding]]
id = "f"
title = "F"
text = "{fit_first}, {fit_second}"
[[action]]
id = "tell"
each = "people"
each_when = "not knows"
do = [{ when = "answered(day)", text = "Tell {person} on {day}" }, "Tell {person}"]
owner = "{person}"
due = ["day", "+1wd"]
[[checkin]]
id = "look"
after = "+1w"
every = "1w"
until = "+30d"
title = "Look"
"""


def plan() -> Scenario:
    return Scenario(PLAN).set(
        options=["stay", "go", "wait"],
        criteria=["pay"],
        swing={"pay": 100},
        scores={"stay": {"pay": 2}, "go": {"pay": 9}, "wait": {"pay": 5}},
        broken=["go"],
        people=[
            {"person": "A.", "knows": False, "day": date(2026, 12, 1)},
            {"person": "B.", "knows": True},
            {"person": "C.", "knows": False},
        ],
    )


def test_an_option_that_breaks_a_limit_is_ruled_out():
    outcome = plan().outcome()
    decision = outcome.decisions[0]
    assert (decision.first, decision.second, decision.ruled_out) == ("wait", "stay", ("go",))
    assert "go" not in decision.totals
    assert (outcome.headline, outcome.headline_level) == ("Go is out; Wait comes first.", "care")
    again = plan().set(broken=[]).outcome()
    assert (again.decisions[0].first, again.headline) == ("go", "Go comes first.")


def test_there_is_one_action_for_each_form_that_fits():
    actions = plan().outcome().actions
    assert [(each.id, each.do, each.owner, f"{each.due}") for each in actions] == [
        ("tell_2", "Tell C.", "C.", "2026-11-23"),
        ("tell_1", "Tell A. on Tuesday 1 December", "A.", "2026-12-01"),
    ]
    assert all(each.private for each in actions)
    assert plan().outcome(shared=True).actions == ()


def test_a_check_in_is_repeated():
    assert [(each.id, f"{each.due}") for each in plan().outcome().checkins] == [
        ("look_1", "2026-11-29"), ("look_2", "2026-12-06"), ("look_3", "2026-12-13"), ("look_4", "2026-12-20"),
    ]  # fmt: skip


def test_the_new_parts_of_an_outcome_are_stored():
    from careerkit.core.frozen import replace
    from careerkit.core.journal.snapshot import create_entry, record_interview
    from scenario import NOW

    scenario = plan()
    entry = create_entry("20261122T0905Z-abcdef", scenario.interview, machine="m", started=NOW, zone="UTC")
    entry = replace(record_interview(entry, scenario.interview), outcome=replace(scenario.outcome(), small=True))
    document = entry_to_document(entry)
    assert (document["headline"], document["headline_level"], document["small"]) == (
        entry.outcome.headline,
        "care",
        True,
    )
    assert entry_from_document(document) == entry
    for key in ("headline", "headline_level", "small"):
        del document[key]
    assert entry_from_document(document).outcome.headline == ""


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('each = "people"', 'each = "swing"', "unfit-source"),
        ('each = "people"', 'each = "nobody"', "unknown-id"),
        ('each = "people"\n', "", "unused-key"),
        ('due = ["day"', 'due = ["knows"', "bad-due"),
        ('each_when = "not knows"', 'each_when = "person"', "wrong-kind"),
        ('ruled_out = "broken"', 'ruled_out = "criteria"', "unfit-source"),
        ('ruled_out = "broken"', 'ruled_out = "nobody"', "unknown-id"),
        ('every = "1w"', 'every = "often"', "bad-due"),
        ('every = "1w"\n', "", "unused-key"),
        ('until = "+30d"\n', "", "unused-key"),
        ('title = "T"', 'title = "T"\nreach = "options"', "unfit-source"),
    ],
)
def test_mistakes_in_a_plan_are_reported(old, new, code):
    assert problems(PLAN) == []
    found = check_playbook((HEADER + PLAN).replace(old, new, 1).encode(), file="x.toml")
    assert code in [each.code for each in found]


def test_a_reach_that_no_action_depends_on_is_reported():
    top = 'reach = "can"\n'
    question = '[[stage]]\nid = "s"\ntitle = "S"\n[[stage.question]]\nid = "can"\ntype = "choice"\nask = "?"\nchoices = [{ id = "yes", label = "Y" }]\n'
    action = '[[action]]\nid = "a"\ndo = "Tell {{{name}}}"\n'
    words = '[[compute]]\nid = "how"\ntext = [{ when = "can == \'yes\'", text = "now" }, "later"]\n'
    assert problems(top + question + '[[action]]\nid = "a"\ndo = "x"\n') == ["unused-reach"]
    assert problems(top + question + words + action.format(name="how")) == []
    assert (
        problems(
            top + question + '[[action]]\nid = "a"\ndo = "x"\ndue = [{ when = "can == \'yes\'", at = "now" }, "+1d"]\n'
        )
        == []
    )
