"""Findings, drafts, actions and figures: conditions, texts and dependencies."""

from datetime import date, timedelta
from decimal import Decimal

from scenario import NOW, Scenario

STAGE = """
[[stage]]
id = "s"
title = "S"
"""

CRISIS = (
    STAGE
    + """
[[stage.question]]
id = "what"
type = "text"
ask = "What happened?"
[[stage.question]]
id = "owner"
type = "text"
ask = "Who?"
private = true
[[stage.question]]
id = "known"
type = "list"
min = 0
ask = "Known?"
[[stage.question]]
id = "harm"
type = "scale"
ask = "Harm?"
min = 0
max = 4
[[stage.question]]
id = "deadline"
type = "date"
ask = "When?"
required = false
[[stage.question]]
id = "tone"
type = "choice"
ask = "Tone?"
choices = [ { id = "plain", label = "Plainly" }, { id = "formal", label = "Formally" } ]
[[compute]]
id = "severity"
label = "Severity"
value = "2 * harm + 1"
bands = [ { id = "note", label = "a note" }, { id = "talk", from = 5, label = "a talk" } ]
[[compute]]
id = "load"
label = "Load"
start = 10
tally = [
  { id = "bad", when = "harm >= 3", points = 30, text = "Harm is {harm}" },
  { id = "mild", when = "harm < 3", points = -20, text = "Little harm" },
  { id = "formal", when = "tone == 'formal'", points = 90, text = "Formal" },
]
[[compute]]
id = "way"
value = "band(severity)"
[[finding]]
id = "weight"
title = "Severity {severity}: {way}"
when = "answered(severity)"
text = [ "Harm is {harm}.", { when = "way == 'talk'", text = "Have a talk." }, { when = "way == 'note'", text = "A note will do." } ]
[[finding]]
id = "tallied"
title = "Load {load}"
tally = "load"
text = []
[[finding]]
id = "secret"
title = "Owner"
when = "answered(owner)"
text = "It is {owner}."
[[finding]]
id = "silent"
title = "Nothing to say"
text = [ { when = "harm > 4", text = "Never" } ]
[[finding]]
id = "profile"
title = "Profile"
profile = [ "harm", "load" ]
text = "See the bars."
[[draft]]
id = "opening"
title = "Opening"
to = "{owner}"
text = [
  { when = "tone == 'plain'", text = "Do you have ten minutes?" },
  { when = { tone = "formal" }, text = "May I have ten minutes?" },
  "{what}. That was mine.",
  "Known:",
  "{known}",
]
[[action]]
id = "tell"
do = "Tell {owner}"
cue = "Tomorrow"
due = "+1wd"
evidence = "They know"
[[action]]
id = "later"
do = "Repair"
due = "deadline - 2d"
when = "harm >= 1"
[[checkin]]
id = "week"
after = "+1w"
title = "One week on"
[[checkin]]
id = "never"
after = "+2w"
title = "Never"
when = "harm > 4"
"""
)

ANSWERS = {
    "what": "I sent the wrong file.",
    "owner": "Ms K",
    "known": ["one file", "two people"],
    "harm": 3,
    "deadline": "2026-12-20",
    "tone": "plain",
}


def crisis(**changes) -> Scenario:
    it = Scenario(CRISIS)
    for name, value in {**ANSWERS, **changes}.items():
        if value is not None:
            it.set(**{name: value})
    return it


def test_a_finding_contains_its_values_and_the_questions_it_depends_on():
    finding = crisis().finding("weight")
    assert finding.title == "Severity 7: a talk"
    assert finding.text == "Harm is 3.\nHave a talk."
    assert finding.because == ("harm",)


def test_the_person_may_choose_another_band_and_the_number_stays():
    it = crisis()
    it.interview = it.interview.choose_band("severity", "note")
    severity = next(each for each in it.outcome().computed if each.id == "severity")
    assert (severity.value, severity.band, severity.band_label, severity.overridden) == (7, "note", "a note", True)
    assert it.finding("weight").text == "Harm is 3.\nA note will do."
    it.interview = it.interview.choose_band("severity", None)
    assert it.band("severity") == "talk"


def test_a_figure_shows_its_arithmetic():
    computed = {each.id: each for each in crisis().outcome().computed}
    assert computed["severity"].arithmetic == "2 × 3 + 1"
    assert computed["load"].arithmetic == "10 + 30, kept within 0 to 100"


def test_a_tally_lists_arguments_for_and_against():
    finding = crisis().finding("tallied")
    assert (finding.title, finding.text) == ("Load 40", "")
    assert (finding.supports, finding.opposes) == (("Harm is 3 (+30)",), ())
    assert crisis(harm=1).finding("tallied").opposes == ("Little harm (-20)",)
    assert finding.because == ("harm",)


def test_a_tally_stays_within_its_bounds():
    assert crisis(tone="formal").look("load") == 100
    assert crisis(harm=1).look("load") == 0


def test_a_tally_is_null_when_nothing_that_it_names_is_answered():
    assert crisis(harm=None, tone=None).look("load") is None
    assert crisis(harm=None, tone=None).finding("tallied") is None


def test_a_finding_without_any_text_is_not_shown():
    assert crisis().finding("silent") is None


def test_a_profile_has_bars_with_their_bounds():
    bars = crisis().finding("profile").profile
    assert [(bar.label, bar.value, bar.min, bar.max) for bar in bars] == [("Harm?", 3, 0, 4), ("Load", 40, 0, 100)]


def test_a_draft_chooses_its_lines_and_a_values_full_stop_gives_way_to_punctuation():
    draft = crisis().draft("opening")
    assert draft.to == "Ms K"
    assert draft.text.split("\n") == [
        "Do you have ten minutes?",
        "I sent the wrong file. That was mine.",
        "Known:",
        "- one file",
        "- two people",
    ]
    assert crisis(tone="formal").draft("opening").text.startswith("May I")


def test_an_empty_list_leaves_no_line_and_a_missing_answer_is_an_ellipsis():
    draft = crisis(known=[], what=None).draft("opening")
    assert draft.text.split("\n")[1:] == ["…. That was mine.", "Known:"]


def test_line_breaks_in_a_value_become_spaces():
    assert "a b c. That" in crisis(what="a\nb\n\n c").draft("opening").text


def test_actions_are_dated_from_the_moment_the_outcome_was_given():
    it = crisis()
    assert it.action("tell").due == date(2026, 11, 23)
    assert it.action("later").due == date(2026, 12, 18)
    assert crisis(deadline=None).action("later").due is None
    assert [(each.id, each.due) for each in it.outcome().checkins] == [("week", date(2026, 11, 29))]


def test_private_values_are_an_ellipsis_when_shared_and_parts_that_depend_on_them_are_left_out():
    shared = crisis().outcome(shared=True)
    assert "secret" not in [each.id for each in shared.findings]
    assert shared.actions[0].do == "Tell …"
    assert shared.drafts[0].to == "…"
    assert "weight" in [each.id for each in shared.findings]
    assert crisis().draft("opening").private


def test_a_field_that_is_chosen_from_a_private_answer_is_private():
    it = Scenario(
        STAGE
        + """
[[stage.question]]
id = "people"
type = "list"
ask = "Who?"
private = true
[[stage.question]]
id = "talks"
type = "records"
ask = "Which talks?"
line = "{who}: {what}"
fields = [
  { id = "who", type = "choice", ask = "With whom?", items = "people" },
  { id = "what", type = "text", ask = "About what?" },
]
[[compute]]
id = "ann"
value = "count(talks, answered(who))"
[[finding]]
id = "f"
title = "F"
text = [ "{talks}", "{ann} in all" ]
"""
    ).answer(["Ann", "Bo"], [{"who": "Bo", "what": "money"}])

    assert it.outcome().findings[0].text == "- Bo: money\n1 in all"
    assert it.outcome(shared=True).findings[0].text == "- …: money\n… in all"


def test_a_compute_over_a_private_field_is_private_and_one_over_the_rest_is_not():
    it = Scenario(
        STAGE
        + """
[[stage.question]]
id = "people"
type = "records"
ask = "Who?"
line = "{person}: {power}"
fields = [ { id = "person", type = "text", ask = "Who?", private = true }, { id = "power", type = "scale", ask = "Power?" } ]
[[compute]]
id = "strong"
value = "each(people, person, power >= 4)"
[[compute]]
id = "number"
value = "count(people, power >= 4)"
[[finding]]
id = "f"
title = "F"
text = [ "{strong}", "{number} of them", "{people}" ]
"""
    ).answer([{"person": "Ann", "power": 5}, {"person": "Bo", "power": 1}])
    assert it.outcome().findings[0].text == "- Ann\n1 of them\n- Ann: 5\n- Bo: 1"
    assert it.outcome(shared=True).findings[0].text == "…\n1 of them\n- …: 5\n- …: 1"


QUICK = """
[[stage]]
id = "fast"
title = "Fast"
quick = true
[[stage.question]]
id = "stop"
type = "yesno"
ask = "Stop?"
[[stage]]
id = "slow"
title = "Slow"
[[stage.question]]
id = "gone"
type = "yesno"
ask = "Gone?"
[[action]]
id = "now"
quick = true
do = "Stop it"
due = "+1h"
when = "stop and not gone"
[[action]]
id = "both"
quick = true
do = "Tell"
due = "+1d"
[[action]]
id = "end"
do = "Rest"
due = "+1d"
"""


def test_the_quick_outcome_contains_only_quick_parts_and_later_answers_are_null_in_it():
    it = Scenario(QUICK).answer(True)
    assert [each.id for each in it.outcome(quick=True).actions] == ["now", "both"]


def test_at_the_end_an_early_action_keeps_its_date_and_one_that_no_longer_holds_is_dropped():
    from careerkit.core.outcome.evaluate import merge_early

    it = Scenario(QUICK).answer(True)
    early = it.outcome(quick=True)
    final = it.answer(True).outcome(given=NOW + timedelta(days=3))
    settled = merge_early(early, final)
    assert [(each.id, each.state, each.due) for each in settled.actions] == [
        ("both", "open", date(2026, 11, 23)),
        ("end", "open", date(2026, 11, 26)),
        ("now", "dropped", NOW + timedelta(hours=1)),
    ]


def test_a_decision_gives_totals_and_the_first_two_options():
    it = Scenario(
        STAGE
        + """
[[stage.question]]
id = "criteria"
type = "choices"
ask = "Criteria?"
choices = [ { id = "pay", label = "Pay" }, { id = "joy", label = "Joy" } ]
[[stage.question]]
id = "swing"
type = "weights"
ask = "Weights?"
items = "criteria"
[[stage.question]]
id = "scores"
type = "grid"
ask = "Scores?"
rows = [ { id = "go", label = "Go" }, { id = "wait", label = "Wait" } ]
columns = "criteria"
min = 0
max = 10
[[decision]]
id = "fit"
weights = "swing"
scores = "scores"
draws = 200
[[stage]]
id = "t"
title = "T"
[[stage.question]]
id = "chosen"
type = "choice"
ask = "{fit_first} comes first. Yours?"
choices = [ { id = "go", label = "Go" }, { id = "wait", label = "Wait" } ]
[[finding]]
id = "against"
title = "{chosen} against {fit_first} over {fit_second}"
when = "chosen != fit_first"
text = "Why?"
"""
    ).answer(["pay", "joy"], {"pay": 30, "joy": 70}, {"go": {"pay": 2, "joy": 8}, "wait": {"pay": 9, "joy": 1}})
    assert it.ask().ask == "Go comes first. Yours?"
    it.answer("wait")
    decision = it.outcome().decisions[0]
    assert (decision.first, decision.second) == ("go", "wait")
    assert decision.totals == {"go": Decimal("6.2"), "wait": Decimal("3.4")}
    assert it.finding("against").title == "Wait against Go over Wait"
    assert it.finding("against").because == ("swing", "scores", "chosen")
