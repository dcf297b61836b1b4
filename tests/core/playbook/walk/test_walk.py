"""What a walk says about small playbooks: what is reached by which answers, what isn't and why, and how runs end."""

import pytest
from walk_samples import MOMENT, find_reach, make_walker, walk_text

from careerkit.core.interview import Interview
from careerkit.core.interview_steps import Ask, Finish
from scenario import NOW, parse_playbook

ASKED = """
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "reason"
type = "choice"
ask = "Why?"
choices = [{ id = "a", label = "A" }, { id = "b", label = "B" }]
[[stage.question]]
id = "strain"
type = "scale"
ask = "How much?"
required = false
"""


def finding(when, text='"T."', place="x"):
    return f"""
[[finding]]
id = "{place}"
when = "{when}"
title = "F"
text = {text}
"""


def reach(text, place="finding.x"):
    return find_reach(walk_text(text), place)


def test_a_question_with_more_sets_of_choices_than_can_be_tried_is_walked_with_some_of_them():
    choices = ", ".join(f'{{ id = "c{number}", label = "C{number}" }}' for number in range(13))
    many = f"""
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "many"
type = "choices"
ask = "Which?"
choices = [{choices}]
"""

    assert reach(many + finding("'c12' in many")).verdict == "reached"


@pytest.mark.parametrize(
    "when",
    [
        "reason == 'a'",
        "strain >= 4",
        "not answered(strain)",
        "reason == 'b' and strain == 1",
        "strain > 2 and strain < 4",
    ],
)
def test_an_example_run_makes_the_condition_true_in_the_interview(when):
    playbook = parse_playbook(ASKED + finding(when))
    report = make_walker(playbook).walk()
    found = find_reach(report, "finding.x")

    assert found.verdict == "reached"
    assert Interview(playbook, today=NOW.date(), answers=report.runs[found.run - 1].answers).facts().holds(when)


@pytest.mark.parametrize(
    "when",
    [
        "strain >= 6",
        "answered(strain) and not answered(strain)",
        "reason == 'a' and reason == 'b'",
        "strain > 3 and strain < 3",
        "1 == 2",
        "strain * 2 == 5",
        "not answered(reason)",
    ],
)
def test_a_condition_that_no_answers_make_true_is_proved_and_quoted(when):
    found = reach(ASKED + finding(when))

    assert found.verdict == "unreachable"
    assert f"`{when}`" in found.reason


def test_the_conditions_that_contradict_each_other_are_named_without_the_others():
    text = (
        ASKED.replace('title = "S"', 'title = "S"\nquick = true')
        + """
[[stage]]
id = "later"
title = "L"
when = "reason == 'a'"
[[stage.question]]
id = "more"
type = "text"
ask = "More?"
when = "reason == 'b'"
[[stage.question]]
id = "other"
type = "text"
ask = "Other?"
"""
    )
    found = reach(text, "question.more")

    assert found.verdict == "unreachable"
    assert "the stage `later` needs `reason == 'a'`" in found.reason
    assert "the question `more` needs `reason == 'b'`" in found.reason
    assert "strain" not in found.reason
    assert reach(text, "question.other").verdict == "reached"


def test_a_contradiction_through_a_hidden_question_names_when_it_is_asked():
    text = (
        ASKED
        + """
[[stage.question]]
id = "detail"
type = "yesno"
ask = "D?"
when = "reason == 'a'"
"""
        + finding("detail and reason == 'b'")
    )
    found = reach(text)

    assert found.verdict == "unreachable"
    assert "the question `detail` is asked only when `reason == 'a'`" in found.reason


def test_an_alternative_after_one_that_always_holds_before_it_is_unreachable():
    text = (
        ASKED
        + """
[[action]]
id = "act"
do = [{ when = "reason == 'a'", text = "A" }, { when = "reason == 'b'", text = "B" }, "C"]
"""
    )
    report = walk_text(text)

    assert [find_reach(report, f"action.act.do.{number}").verdict for number in (1, 2, 3)] == [
        "reached",
        "reached",
        "unreachable",
    ]
    assert "no earlier alternative is used" in find_reach(report, "action.act.do.3").reason


def test_an_alternative_for_a_question_that_was_put_off_is_reached_on_the_quick_card():
    text = (
        ASKED.replace('title = "S"', 'title = "S"\nquick = true')
        + """
[[action]]
id = "act"
quick = true
do = [{ when = "answered(reason)", text = "A" }, "C"]
"""
    )
    report = walk_text(text)
    found = find_reach(report, "action.act.do.2")

    assert found.verdict == "reached"
    assert report.runs[found.run - 1].lane == "quick"
    assert "reason" not in report.runs[found.run - 1].answers


def test_a_check_that_refuses_every_answer_leaves_its_question_unanswered():
    """Its check alone could be met, but not when it's asked."""
    text = ASKED.replace('ask = "How much?"', 'ask = "How much?"\nwhen = "reason == \'b\'"\ncheck = "reason == \'a\'"')

    assert reach(text, "question.strain").verdict == "reached"
    assert reach(text, "question.strain.answer").verdict == "unreachable"


def test_choices_lines_dates_bands_and_tally_lines_are_walked_too():
    text = (
        ASKED
        + """
[[stage.question]]
id = "how"
type = "choice"
ask = "How?"
choices = [{ id = "x", label = "X", when = "strain > 6" }, { id = "y", label = "Y" }, { id = "z", label = "Z", when = "reason == 'a'" }]
[[compute]]
id = "push"
tally = [{ id = "much", when = "strain >= 4", points = 30 }, { id = "never", when = "strain == 0", points = 70 }]
bands = [{ id = "low", label = "low" }, { id = "mid", label = "mid", from = 30 }, { id = "top", label = "top", from = 90 }]
[[draft]]
id = "d"
title = "D"
text = ["One.", { when = "strain > 5", text = "Two." }]
[[action]]
id = "act"
do = "A"
due = [{ when = "strain == 3", at = "+1d" }, "+2d", "+3d"]
"""
    )
    report = walk_text(text)
    verdicts = {each.place: each.verdict for each in report.reaches}

    assert [place for place, verdict in verdicts.items() if verdict == "unreachable"] == [
        "question.how.choices.x",
        "compute.push.tally.never",
        "compute.push.bands.top",
        "draft.d.text.2",
        "action.act.due.3",
    ]
    assert "undecided" not in verdicts.values()


def test_forms_are_walked_by_the_actions_made_for_them():
    text = (
        ASKED
        + """
[[stage.question]]
id = "people"
type = "records"
ask = "Who?"
fields = [{ id = "person", type = "text", ask = "Who?" }, { id = "power", type = "scale", ask = "Say?" },
          { id = "why", type = "text", ask = "Why?", when = "power > 5" }]
[[action]]
id = "tell"
each = "people"
each_when = "power >= 4"
do = [{ when = "power == 5", text = "First {person}" }, { when = "power == 1", text = "Never {person}" }, "Tell {person}"]
"""
        + finding("any(people, power == 2) and count(people) == 3")
    )
    report = walk_text(text)
    verdicts = {each.place: each.verdict for each in report.reaches}

    assert verdicts["action.tell"] == verdicts["action.tell.do.3"] == verdicts["finding.x"] == "reached"
    assert verdicts["action.tell.do.2"] != "reached"
    assert verdicts["question.people.fields.why"] != "reached"


CHECKIN = """
[[action]]
id = "act"
do = "A"
when = "reason == 'a'"
due = "+1d"
[[checkin]]
id = "look"
after = "+1w"
title = "L"
when = "strain >= 4"
[[checkin.question]]
id = "went"
type = "yesno"
ask = "Well?"
[[checkin.finding]]
id = "kept"
when = "done(act) and went"
title = "K"
text = "K."
[[checkin.finding]]
id = "odd"
when = "done(act) and reason == 'b'"
title = "O"
text = "O."
[[checkin.finding]]
id = "calm"
when = "strain < 4"
title = "C"
text = "C."
"""


def test_check_ins_are_walked_with_the_answers_that_lead_to_them_and_the_actions_that_are_done():
    report = walk_text(ASKED + CHECKIN)
    kept = find_reach(report, "checkin.look.finding.kept")
    run = report.runs[kept.run - 1]

    assert (run.checkin, run.checkin_answers, run.done) == ("look", {"went": True}, ("act",))
    assert run.answers["reason"] == "a"
    assert run.answers["strain"] >= 4
    assert find_reach(report, "checkin.look.finding.odd").verdict == "unreachable"
    calm = find_reach(report, "checkin.look.finding.calm")
    assert calm.verdict == "unreachable"
    assert "the check-in `look` needs `strain >= 4`" in calm.reason


def test_dates_are_tried_on_both_sides_of_what_conditions_compare_them_with():
    text = (
        ASKED.replace("\n[[stage]]", '\ndeadline = "day"\n[[stage]]', 1)
        + """
[[stage.question]]
id = "day"
type = "date"
ask = "When?"
min = "+0d"
max = "+20d"
"""
        + "".join(
            finding(when, place=place)
            for place, when in {
                "far": "days_between(today, day) == 17",
                "early": "day < today",
                "soon": "hours_left < 3",
                "beyond": "days_between(today, day) > 20",
            }.items()
        )
    )
    report = walk_text(text)

    verdicts = {place: find_reach(report, f"finding.{place}").verdict for place in ("far", "early", "soon", "beyond")}
    assert verdicts == {"far": "reached", "early": "unreachable", "soon": "reached", "beyond": "unreachable"}


def test_only_the_first_finding_of_a_small_matter_is_reached_while_it_is_small():
    text = ASKED.replace("\n[[stage]]", '\nsmall = "answered(reason)"\n[[stage]]', 1)
    text += (
        finding("reason == 'a'", place="first")
        + finding("strain > 3", place="second")
        + finding("reason == 'a' and strain > 1", place="never")
    )
    report = walk_text(text)

    assert find_reach(report, "finding.second").verdict == "reached"
    assert report.runs[find_reach(report, "finding.second").run - 1].answers["reason"] == "b"
    assert find_reach(report, "finding.never").verdict == "undecided"


@pytest.mark.parametrize(
    "when", ["strain == strain or not answered(strain)", "1 == 1", "answered(reason)", "reason in ['a', 'b']"]
)
def test_a_condition_that_always_holds_is_named(when):
    report = walk_text(ASKED + finding(when))

    assert [(each.place, each.condition, each.is_proved) for each in report.constant_conditions] == [
        ("finding.x", when, True)
    ]


def test_a_condition_that_holds_for_some_answers_is_not_named():
    assert walk_text(ASKED + finding("strain > 1")).constant_conditions == ()


def test_a_run_that_ends_without_a_finding_is_found_and_so_is_the_proof_that_there_is_none():
    without = walk_text(ASKED + finding("strain > 1"))
    always = walk_text(ASKED + finding("strain > 1") + finding("not (strain > 1)", place="y"))

    run = without.runs[without.ends[0].run - 1]
    assert run.answers.get("strain", 0) <= 1
    assert not without.ends[0].is_proved
    assert always.ends[0].is_proved
    assert always.ends[0].run == 0


def test_the_longest_and_the_shortest_run_are_measured():
    text = ASKED + "".join(
        f'[[stage.question]]\nid = "q{number}"\ntype = "text"\nask = "Q?"\nwhen = "reason == \'b\'"\n'
        for number in range(12)
    )
    report = walk_text(text)

    assert report.runs[report.longest - 1].questions == 14
    assert report.runs[report.shortest - 1].questions == 2
    assert report.runs[report.longest - 1].minutes > report.runs[report.shortest - 1].minutes > 0
    assert 2 <= report.runs[report.typical - 1].questions <= 14


def test_every_question_of_a_run_is_asked_and_answered_in_the_interview():
    playbook = parse_playbook(ASKED + finding("reason == 'a'") + finding("strain == 2", place="y"))
    for run in make_walker(playbook).walk().runs:
        interview = Interview(playbook, today=MOMENT.today)
        while isinstance(step := interview.step(), Ask) or not isinstance(step, Finish):
            if not isinstance(step, Ask):
                interview = interview.mark_shown(step.key)
            elif step.question.id in run.answers:
                interview = interview.answer(step.question.id, run.answers[step.question.id])
            else:
                interview = interview.skip()
        assert interview.answers == run.answers


def test_the_report_is_the_same_every_time():
    text = ASKED + CHECKIN + finding("strain > 2")

    assert walk_text(text) == walk_text(text)


def test_where_too_much_matters_to_prove_anything_it_says_so():
    scales = "".join(f'[[stage.question]]\nid = "n{number}"\ntype = "number"\nask = "N?"\n' for number in range(6))
    total = " + ".join(f"n{number} * n{number}" for number in range(6))
    report = walk_text(ASKED + scales + finding(f"{total} == 123457 and n1 != n2"))

    found = find_reach(report, "finding.x")
    assert found.verdict == "undecided"
    assert {"n0", "n5"} <= set(report.partly_tried)
