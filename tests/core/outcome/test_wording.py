"""Words chosen by answers: first-match texts, text computes, picks, and what isn't known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from careerkit.core.errors import Refused
from careerkit.core.playbook.loader import check_playbook
from scenario import HEADER, UNFINISHED, Scenario, parse_playbook

QUESTIONS = """
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "tone"
type = "choice"
ask = "Tone?"
choices = [ { id = "plain", label = "Plainly" }, { id = "formal", label = "Formally" }, { id = "other", label = "Other" } ]
[[stage.question]]
id = "when"
type = "choice"
ask = "When?"
choices = [ { id = "today", label = "Today" }, { id = "dunno", label = "I don't know", unknown = true } ]
[[stage.question]]
id = "tags"
type = "choices"
min = 0
ask = "Which?"
choices = [ { id = "a", label = "A" }, { id = "b", label = "B" }, { id = "c", label = "I don't know", unknown = true } ]
[[stage.question]]
id = "who"
type = "text"
ask = "Who?"
[[stage.question]]
id = "known"
type = "scale"
ask = "How much is known?"
"""

WORDS = """
[[compute]]
id = "greeting"
text = [ { when = "tone == 'formal'", text = "Dear {who}" }, { when = "tone == 'plain'", text = "Hi {who}" } ]
[[finding]]
id = "f"
title = [ { when = "tone == 'formal'", text = "A formal matter" }, { when = "tone == 'plain'", text = "A plain one" } ]
text = "{greeting}, it is so."
[[draft]]
id = "d"
title = "D"
to = [ { when = "tone == 'formal'", text = "The board" }, "{who}" ]
text = [
  "{greeting}.",
  { pick = "tone", plain = "See you.", formal = "Yours.", else = "Bye." },
]
[[action]]
id = "a"
do = { PLACE }
"""


def scenario(rest: str = "", **answers: object) -> Scenario:
    return Scenario(QUESTIONS + rest).set(**answers)


def problems(rest: str) -> list[str]:
    found = check_playbook((HEADER + QUESTIONS + rest).encode(), file="x.toml")
    assert all(each.hint for each in found if each.code != "toml-syntax"), found
    return [each.code for each in found if each.code not in UNFINISHED]


OUTCOME = WORDS.replace(
    "{ PLACE }", '[ { when = "tone == \'plain\'", text = "Tell {who}" }, { pick = "tone", formal = "Write to {who}" } ]'
)


def test_the_first_line_that_holds_is_used():
    formal = scenario(OUTCOME, tone="formal", who="Ana").outcome()
    assert [each.title for each in formal.findings] == ["A formal matter"]
    assert formal.drafts[0].to == "The board"
    assert formal.actions[0].do == "Write to Ana"
    plain = scenario(OUTCOME, tone="plain", who="Ana").outcome()
    assert plain.drafts[0].to == "Ana"
    assert plain.actions[0].do == "Tell Ana"


def test_without_a_line_that_holds_a_finding_or_action_is_not_shown():
    other = scenario(OUTCOME, tone="other", who="Ana").outcome()
    assert other.findings == ()
    assert other.actions == ()
    assert other.drafts[0].text == "….\nBye."


def test_a_text_compute_is_inserted_with_its_own_inserts():
    formal = scenario(OUTCOME, tone="formal", who="Ana").outcome()
    assert formal.findings[0].text == "Dear Ana, it is so."
    assert formal.drafts[0].text == "Dear Ana.\nYours."
    assert [(each.id, each.value, each.shown) for each in formal.computed] == [("greeting", "Dear Ana", "Dear Ana")]
    assert formal.findings[0].because == ("tone", "who")


def test_an_answer_in_the_words_of_a_compute_fits_the_sentence():
    text = '[[compute]]\nid = "them"\ntext = ["{who}"]\n[[action]]\nid = "a"\ndo = "Tell {them}, today"\n'
    assert scenario(text, who="My manager, M.").outcome().actions[0].do == "Tell my manager, M, today"


def test_a_text_compute_with_a_private_insert_is_hidden_when_shared():
    text = QUESTIONS.replace('ask = "Who?"', 'ask = "Who?"\nprivate = true')
    shared = Scenario(text + OUTCOME).set(tone="formal", who="Ana").outcome(shared=True)
    assert shared.drafts[0].text == "….\nYours."
    assert shared.computed[0].shown == "…"
    assert shared.computed[0].value is None


LONG_IDS = [f"c{number:02}" for number in range(70)]
MANY = (
    '[[stage.question]]\nid = "many"\ntype = "choice"\nask = "?"\nchoices = ['
    + ", ".join(f'{{ id = "{each}", label = "{each}" }}' for each in LONG_IDS)
    + ']\n[[finding]]\nid = "f"\ntitle = "F"\ntext = [{ pick = "many", else = "x", '
    + ", ".join(f'{each} = "y"' for each in LONG_IDS)
    + " }]"
)
SEVERITY = """
[[compute]]
id = "severity"
value = "2 * known"
unit = "points"
bands = [ { id = "low", label = "low" }, { id = "high", from = 6, label = "high" } ]
[[finding]]
id = "f"
title = "{severity}"
text = [ { pick = "severity", low = "Wait.", high = "Act." } ]
"""


def test_a_pick_by_band_and_a_unit():
    high = scenario(SEVERITY, known=3).outcome().findings[0]
    assert (high.title, high.text) == ("6 points", "Act.")
    assert scenario(SEVERITY, known=1).outcome().findings[0].text == "Wait."


def holds(condition: str, **answers: object) -> bool:
    return scenario(**answers).interview.facts().holds(condition)


@pytest.mark.parametrize(
    ("condition", "answers", "expected"),
    [
        ("tone in ['plain', 'formal']", {"tone": "formal"}, True),
        ("tone not in ['plain', 'formal']", {"tone": "other"}, True),
        ("tone not in ['plain', 'formal']", {}, False),
        ("tags in ['a', 'c']", {"tags": ["a", "b"]}, True),
        ("tags in ['c']", {"tags": ["a", "b"]}, False),
        ("tags not in ['c']", {"tags": ["a", "b"]}, True),
        ("tags not in ['c']", {}, False),
        ("not (tags in ['c'])", {}, True),
        ("known(when)", {"when": "today"}, True),
        ("known(when)", {"when": "dunno"}, False),
        ("known(when)", {}, False),
        ("answered(when)", {"when": "dunno"}, True),
        ("known(tags)", {"tags": ["c"]}, False),
        ("known(tags)", {"tags": ["a", "c"]}, True),
        ("known(tags)", {"tags": []}, True),
        ("known >= 2", {"known": 2}, True),  # still an id without a parenthesis
    ],
)
def test_conditions(condition: str, answers: dict[str, object], expected: bool):
    assert holds(condition, **answers) is expected


NEEDS = """
[[compute]]
id = "weight"
needs = ["when", "known"]
value = "known * 2"
bands = [ { id = "low", label = "low" }, { id = "high", from = 6, label = "high" }, { id = "unknown", label = "can't be said yet", unknown = true } ]
[[compute]]
id = "bare"
needs = ["when"]
start = 5
tally = [ { id = "x", when = "known > 3", points = 1 } ]
[[finding]]
id = "f"
title = "{weight}, {bare}"
text = [ { pick = "weight", low = "L", high = "H", unknown = "U" } ]
"""


def test_a_compute_is_null_until_what_it_needs_is_known():
    unknown = scenario(NEEDS, when="dunno", known=5)
    assert unknown.look("weight") is None
    assert unknown.band("weight") == "unknown"
    assert unknown.outcome().findings[0].title == "can't be said yet, not known yet"
    assert unknown.outcome().findings[0].text == "U"
    known = unknown.set(when="today")
    assert known.look("weight") == Decimal(10)
    assert known.band("weight") == "high"
    assert known.outcome().findings[0].title == "10, 6"


def test_needs_are_answers_that_the_compute_depends_on():
    facts = scenario(NEEDS).interview.facts()
    assert facts.depends_on("weight") == {"when", "known"}


@pytest.mark.parametrize(
    ("rest", "code"),
    [
        ('[[compute]]\nid = "c"\ntext = ["a"]\nvalue = "known"', "conflicting-keys"),
        ('[[compute]]\nid = "c"\ntext = []', "missing-key"),
        ('[[compute]]\nid = "c"\ntext = ["{nobody}"]', "unknown-id"),
        ('[[compute]]\nid = "c"\ntext = [{ when = "nobody", text = "x" }]', "unknown-id"),
        ('[[compute]]\nid = "c"\nneeds = ["nobody"]\nvalue = "known"', "unknown-id"),
        ('[[compute]]\nid = "c"\ntext = ["{c}"]', "circle"),
        (
            '[[compute]]\nid = "c"\ntext = ["x"]\n[[finding]]\nid = "f"\ntitle = "F"\nwhen = "c == \'x\'"\ntext = "x"',
            "wrong-kind",
        ),
        ('[[finding]]\nid = "f"\ntitle = ["a", "b"]\ntext = "x"', "unused-line"),
        ('[[finding]]\nid = "f"\ntitle = []\ntext = "x"', "empty-text"),
        ("[[headline]]\ntext = []", "empty-text"),
        ('[[headline]]\ntext = ["a", "b"]', "unused-line"),
        ('[[action]]\nid = "a"\ndo = "x"\ncue = ["a", "b"]', "unused-line"),
        ('[[checkin]]\nid = "c"\ntitle = "C"\nafter = ""', "bad-due"),
        ('[[checkin]]\nid = "c"\ntitle = "C"\nafter = []', "bad-due"),
        (MANY, "expression-too-big"),
        ('[[compute]]\nid = "c"\ntext = [{ pick = "tone" }]', "empty-text"),
        ('[[finding]]\nid = "f"\ntitle = "F"\ntext = [{ pick = "tone", plian = "x" }]', "unknown-choice"),
        ('[[finding]]\nid = "f"\ntitle = "F"\ntext = [{ pick = "nobody", plain = "x" }]', "unknown-id"),
        ('[[finding]]\nid = "f"\ntitle = "F"\ntext = [{ pick = "who", plain = "x" }]', "wrong-kind"),
        ('[[finding]]\nid = "f"\ntitle = "F"\ntext = [{ pick = "tone", plain = 3 }]', "wrong-type"),
        ('[[finding]]\nid = "f"\ntitle = "F"\ntext = [{ pick = "tone", plain = "{nobody}" }]', "unknown-id"),
    ],
)
def test_mistakes_are_reported(rest: str, code: str):
    assert code in problems(rest)


def test_a_correct_playbook_has_no_problems():
    assert problems(OUTCOME) == problems(SEVERITY) == problems(NEEDS) == []


def test_a_question_with_the_id_of_a_new_function_stays_usable():
    with pytest.raises(Refused):
        parse_playbook(QUESTIONS.replace('id = "known"', 'id = "count"'))
    assert parse_playbook(QUESTIONS).questions[-1].id == "known"


DAY = """
[[stage]]
id = "days"
title = "Days"
question = [{ id = "day", type = "date", ask = "When?" }]
[[compute]]
id = "by"
text = [ { when = "answered(day)", text = "by {day}" } ]
[[headline]]
text = "Answer {by}."
[[finding]]
id = "f"
title = "F"
text = "Answer {by}."
[[draft]]
id = "d"
title = "D"
text = "You'll hear from me {by}."
[[action]]
id = "a"
do = "Answer {by}"
"""


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 22), "Sunday 22 November"),
        (date(2026, 11, 23), "Monday"),
        (date(2026, 11, 28), "Saturday"),
        (date(2026, 11, 29), "Sunday 29 November"),
        (date(2026, 11, 20), "Friday 20 November"),
    ],
)
def test_a_headline_and_a_draft_name_a_day_of_the_coming_week_as_people_say_it(day, said):
    outcome = scenario(DAY, day=day).outcome()

    assert outcome.headline == f"Answer by {said}."
    assert outcome.drafts[0].text == f"You'll hear from me by {said}."


def test_findings_and_the_plan_name_a_day_with_its_date():
    outcome = scenario(DAY, day=date(2026, 11, 26)).outcome()

    assert outcome.findings[0].text == "Answer by Thursday 26 November."
    assert outcome.actions[0].do == "Answer by Thursday 26 November"


SAID = """
[[compute]]
id = "whole"
text = [ { when = "answered(who)", text = "{who}" } ]
[[finding]]
id = "f"
title = "F"
text = "{who}"
[[draft]]
id = "d"
title = "D"
text = ["{who}", "{whole}", "It's about {who}"]
"""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("You were late on Monday", "You were late on Monday."),
        ("You were late on Monday.", "You were late on Monday."),
        ("Who was it?", "Who was it?"),
        ("You said 'never again'", "You said 'never again'"),
        ("Late", "Late"),
        ("星期一迟到了", "星期一迟到了"),
    ],
)
def test_a_typed_sentence_that_is_a_line_of_a_draft_ends_with_a_full_stop(typed, said):
    outcome = scenario(SAID, who=typed).outcome()

    assert outcome.drafts[0].text.splitlines()[:2] == [said, said]
    assert outcome.findings[0].text == typed
