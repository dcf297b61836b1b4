"""The written cases, read as the person gets them: kept as Markdown beside their answers.

`make snapshots` writes them anew; read the difference before you commit it.
"""

import os
from datetime import datetime, timedelta

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

from careerkit.coaching.redaction import redact
from careerkit.core.due_dates import parse_due
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.questions.text import TextSpec
from careerkit.export.markdown import render_entry
from playbook_cases import build_case_entry, list_bundled_ids, list_cases, load_bundled
from scenario import NOW

TABLES = ("table", "thead", "tbody", "tr", "th", "td")
MOST_ACTIONS = 5
MOST_QUESTIONS = 30


def text_of(case) -> str:
    playbook = load_bundled(case.playbook_id)
    sources = {source.id: source.cite for source in playbook.sources}
    return render_entry(build_case_entry(case), sources=sources, playbook=playbook, with_people=True)


@pytest.mark.parametrize("case", list_cases(), ids=str)
def test_a_case_reads_as_it_was_kept(case):
    text = text_of(case)
    if os.environ.get("CAREERKIT_REGENERATE"):
        case.snapshot.write_text(text, encoding="utf-8")
    assert case.snapshot.exists(), "run `make snapshots`, and read what it wrote"
    assert text == case.snapshot.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", list_cases(), ids=str)
def test_a_case_ends_with_a_finding_and_one_to_five_actions(case):
    entry = build_case_entry(case)
    open_actions = [action for action in entry.outcome.actions if action.state == "open"]
    assert entry.outcome.findings
    assert 1 <= len(open_actions) <= MOST_ACTIONS
    assert all(action.due for action in open_actions)
    assert entry.asked <= MOST_QUESTIONS


@pytest.mark.parametrize("case", list_cases(), ids=str)
def test_no_text_of_a_case_shows_a_gap(case):
    outcome = build_case_entry(case).outcome
    texts = [text for told in (*outcome.findings, *outcome.drafts) for text in (told.title, told.text)]
    texts += [text for action in outcome.actions for text in (action.do, action.cue, action.evidence)]
    assert not [text for text in texts if "…" in text]


@pytest.mark.parametrize("case", list_cases(), ids=str)
def test_the_markdown_of_a_case_has_a_task_for_each_action_and_no_html(case):
    html = MarkdownIt("commonmark", {"html": True}).enable("table").use(tasklists_plugin).render(text_of(case))
    assert html.count('class="task-list-item-checkbox"') == len(build_case_entry(case).outcome.actions)
    tags = {part.split(">")[0].split()[0].strip("/") for part in html.split("<")[1:]}
    assert tags <= {
        "h1",
        "h2",
        "h3",
        "p",
        "em",
        "strong",
        "ul",
        "li",
        "input",
        "blockquote",
        "br",
        "s",
        *TABLES,
        "pre",
        "code",
    }


@pytest.mark.parametrize("case", list_cases(), ids=str)
def test_a_shared_case_holds_no_private_answer(case):
    playbook = load_bundled(case.playbook_id)
    answers = dict(case.answers)
    marked = 0
    for question in playbook.questions:
        if question.id in answers and question.private and isinstance(question.spec, TextSpec):
            answers[question.id], marked = "Qxmarker", marked + 1
        if question.id in answers and isinstance(question.spec, RecordsSpec):
            hidden = {field.id for field in question.spec.fields if question.private or field.private}
            for record in answers[question.id]:
                for field in hidden & {key for key, value in record.items() if isinstance(value, str)}:
                    if isinstance({each.id: each for each in question.spec.fields}[field].spec, TextSpec):
                        record[field], marked = "Qxmarker", marked + 1
    entry = build_case_entry(case, answers)
    assert not marked or "Qxmarker" in render_entry(entry, sources={}) + "".join(each.shown for each in entry.answers)
    assert "Qxmarker" not in render_entry(redact(entry, playbook).entry, sources={}, playbook=playbook)


AT_HOME = {
    "crisis/notice": {"copies", "page_tonight", "tell_witness"},
    "crisis/start": {
        "note_threat",
        "read_contract",
        "repair_it",
        "rest_plan",
        "take_notes",
        "tell_owner",  # who can be reached today, as the person says
        "tell_witness",
    },
    "lead/performance": {"keep_facts", "tell_witness"},
    "path/choose": {"come_back", "count_hours", "told_home"},
    "path/offer": {"ask_home", "my_floor", "one_thing", "own_things", "tell_witness"},
    "path/rotate": {"come_back", "read_contract", "week_at_home"},
    "team/conduct": {"let_be", "note_it", "note_own", "note_three", "tell_witness", "trivial_step"},
    "work/attitude": {"rest", "tell_now", "tell_witness", "use_reset"},
    "work/ask": {"figures", "find_yes", "note_hours", "note_it", "note_no", "tell_witness"},
    "work/other": {"look_again", "my_step", "next_step", "tell_someone"},
    "work/start": {
        "al_log",
        "bd_list",
        "before_old",
        "harm_note",
        "pay_list",
        "prom_paper",
        "rg_log",
        "rv_page",
        "solo_run",
        "tell_witness",
    },
}
"""What a person does alone, at once or with somebody at home, so that a Sunday will do."""


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_what_needs_an_office_or_a_colleague_is_due_on_a_working_day(playbook_id):
    playbook = load_bundled(playbook_id)
    rules = [rule for part in (playbook, *playbook.checkins) for rule in part.actions]
    dues = [(rule.id, parse_due(option.at)) for rule in rules if not rule.office for option in rule.due.options]
    on_any_day = {name for name, due in dues if due and not due.question and due.unit not in ("min", "h", "wd")}
    assert on_any_day == AT_HOME.get(playbook_id, set())


def case_named(name):
    return next(case for case in list_cases() if str(case) == name)


def outcome_of(name):
    return build_case_entry(case_named(name)).outcome


def ids(told):
    return [each.id for each in told]


def test_an_overlooked_offer_in_a_busy_season_is_a_matter_of_process():
    outcome = outcome_of("crisis-start-li")
    said = {finding.id: finding for finding in outcome.findings}
    assert "overload" in said
    assert any(word in said["overload"].text.lower() for word in ("check", "process", "work"))


def test_the_same_case_keeps_fear_and_evidence_apart_and_advises_no_change_of_career():
    outcome = outcome_of("crisis-start-li")
    assert any("fear" in finding.id for finding in outcome.findings)
    assert not [finding for finding in outcome.findings if finding.next == "path/choose"]


def test_the_same_case_begins_with_the_thirty_seconds_in_which_responsibility_comes_before_repair():
    first = outcome_of("crisis-start-li").drafts[0]
    assert first.id == "opening"
    said = first.text.lower()
    assert "forgive" not in said
    assert said.index("take responsibility") < said.index("go through every open offer") < said.index("from now on")


def test_the_same_case_has_something_to_do_within_a_day():
    dues = [action.due for action in outcome_of("crisis-start-li").actions if action.due]
    moments = [
        due if isinstance(due, datetime) else datetime(due.year, due.month, due.day, tzinfo=NOW.tzinfo) for due in dues
    ]
    assert min(moments) <= NOW + timedelta(hours=24)


def test_with_the_law_in_it_advice_comes_first_and_no_admission_is_drafted():
    outcome = outcome_of("crisis-start-li-legal")
    assert outcome.findings[0].level == "stop"
    assert not {"opening", "apology", "truth", "repair_offer", "team", "second_chance"} & set(ids(outcome.drafts))
    for draft in outcome.drafts:
        assert not [
            word
            for word in ("i am sorry", "my fault", "responsible", "was mine", "apolog")
            if word in draft.text.lower()
        ], draft.id


def test_a_new_and_innocent_go_between_does_not_get_the_blame():
    outcome = outcome_of("client-handover-new-innocent")
    computed = {each.id: each.value for each in outcome.computed}
    assert computed["personal"] < 50
    assert "h1" not in ids(outcome.findings)
    assert (
        computed["personal"]
        < {each.id: each.value for each in outcome_of("client-handover-mixed").computed}["personal"]
    )


@pytest.mark.parametrize(("name", "finding"), [("late-deliveries", "h2"), ("old-failure", "h3"), ("mixed", "h4")])
def test_each_cause_comes_out_with_its_evidence(name, finding):
    outcome = outcome_of(f"client-handover-{name}")
    assert finding in ids(outcome.findings)
    tallied = [each for each in outcome.findings if each.supports]
    assert tallied


def test_of_several_causes_the_order_is_safety_past_quality_personal():
    text = next(each for each in outcome_of("client-handover-mixed").findings if each.id == "h4").text.lower()
    places = [text.index(word) for word in ("safety", "past", "quality", "personal")]
    assert places == sorted(places)


def test_an_old_failure_without_a_mandate_drafts_no_apology():
    drafts = ids(outcome_of("client-handover-no-mandate").drafts)
    assert "apology" not in drafts
    assert "ask_mandate" in drafts


def test_what_nobody_looked_up_about_a_client_is_not_known_instead_of_none():
    outcome = outcome_of("client-handover-unsure")
    assert not {"personal", "quality", "past"} & {each.id for each in outcome.computed}
    assert "listen" in ids(outcome.findings)


def test_a_mistake_of_ones_own_gets_its_words_and_the_manager_hears_it_before_the_client():
    outcome = outcome_of("client-handover-wrong-file")
    assert outcome.drafts[0].id == "own_apology"
    steps = ids(outcome.actions)
    assert steps.index("tell_manager") < steps.index("tell_client")


def test_of_several_clients_the_angry_and_those_free_to_leave_come_first_after_a_word_with_the_boss():
    outcome = outcome_of("client-handover-bad-mouthed")
    dues = {action.id: action.due for action in outcome.actions}
    assert dues["ask_boss"] < dues["first_calls"] < dues["other_calls"]
    calls = next(action.do for action in outcome.actions if action.id == "first_calls")
    assert calls.endswith("the brewery, the clinic, the two schools")


def test_a_promise_that_will_not_be_kept_is_said_before_its_hour():
    outcome = outcome_of("client-handover-due-tomorrow")
    due = next(action.due for action in outcome.actions if action.id == "call_client_now")
    assert due <= NOW + timedelta(hours=4)


def play(playbook_id, name, **changes):
    """The outcome of a case with some answers changed, or taken away where the change is None."""
    case = case_named(f"{playbook_id}-{name}")
    answers = {key: value for key, value in {**case.answers, **changes}.items() if value is not None}
    return build_case_entry(case, answers).outcome


def steps_of(outcome):
    return {action.id: action for action in outcome.actions if action.state != "dropped"}


@pytest.mark.parametrize(
    ("playbook_id", "name", "step"),
    [
        ("client-handover", "wrong-file", "on_the_day"),
        ("client-handover", "portal-promised", "on_its_day"),
        ("client-handover", "wants-old-rep", "in_talk"),
        ("work-attitude", "told-to-lie", "order_day"),
        ("work-attitude", "night-rounds", "order_day"),
        ("work-attitude", "whipping-boy", "page_day"),
        ("work-attitude", "paged-at-night", "load_day"),
        ("team-bridge", "whipping-boy", "at_meeting"),
    ],
)
def test_the_day_that_the_person_named_has_a_step_of_its_own(playbook_id, name, step):
    outcome = outcome_of(f"{playbook_id}-{name}")
    plan = steps_of(outcome)
    answers = case_named(f"{playbook_id}-{name}").answers
    assert step in plan
    if "day_what" in answers:
        assert answers["day_what"].removeprefix("the ") in plan[step].do


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("client-handover-portal-promised", "bad_news"),
        ("team-bridge-dates-promised", "repair"),
        ("team-bridge-whipping-boy", "meeting_words"),
        ("work-attitude-fees", "four_steps"),
    ],
)
def test_the_first_draft_is_for_the_conversation_that_is_hard(name, first):
    if name == "work-attitude-fees":
        outcome = play("work-attitude", "spoiled-day", take_back="told you to wait your turn")
        assert outcome.drafts[0].text.startswith("Before anything else: I shouldn't have told you to wait your turn.")
    else:
        outcome = outcome_of(name)
    assert outcome.drafts[0].id == first


def test_where_the_one_to_call_is_out_of_reach_the_plan_names_the_other_one():
    for outcome in (outcome_of("client-handover-insults"), play("team-bridge", "someone-hurt", adviser_instead="Jo")):
        assert not [action.do for action in outcome.actions if "stands in" in action.do]
    assert "Herr Sommer" in steps_of(outcome_of("client-handover-insults"))["report_abuse"].do
    assert "Jo" in steps_of(play("team-bridge", "someone-hurt", adviser_instead="Jo"))["gate_tell"].do


def test_someone_with_nobody_above_has_no_manager_in_the_plan():
    outcome = play("client-handover", "portal-promised", on_my_own=True, answers_to=None, manager_knows=None)
    told = " ".join(action.do for action in outcome.actions) + outcome.headline
    assert "manager" not in told
    assert "manager_line" not in ids(outcome.drafts)


def test_where_they_could_ask_for_money_advice_comes_before_the_call_and_no_fault_is_admitted():
    outcome = play("client-handover", "wrong-file", claim="yes", they_know="reach")
    steps = ids(outcome.actions)
    assert "insurer" in steps_of(outcome)["tell_manager"].do
    assert steps.index("tell_manager") < steps.index("tell_client")
    words = outcome.drafts[0].text
    assert outcome.drafts[0].id == "own_apology"
    assert not [said for said in ("on me", "my mistake", "it was mine", "apologise") if said in words]


def test_a_rule_needs_a_cause_behind_two_cases_and_what_nobody_could_help_is_said():
    case = case_named("team-bridge-whipping-boy")
    causes = ("outside", "late_ask", "handoff")
    failures = [
        {**failure, "cause": cause, "whose": "neither" if cause == "outside" else failure["whose"]}
        for failure, cause in zip(case.answers["failures"], causes, strict=True)
    ]
    outcome = play("team-bridge", "whipping-boy", failures=failures, hit="the bakery", mover=None)
    assert {"outside", "scattered"} <= set(ids(outcome.findings))
    assert "share" not in ids(outcome.findings)
    assert "agreement" not in ids(outcome.drafts)
    words = outcome.drafts[0].text
    assert words.startswith("Before anything else: who sees to the bakery")
    assert f"No one in this room could have stopped this: {failures[0]['promise']}" in words


def test_what_one_must_not_sign_is_refused_in_writing_before_the_hour():
    outcome = outcome_of("work-attitude-night-rounds")
    steps = steps_of(outcome)
    assert steps["write_order"].due <= NOW + timedelta(minutes=1)
    assert steps["tell_witness"].due < steps["order_day"].due.date()
    assert "I can't put my name to it" in outcome.drafts[0].text


def test_where_nothing_weighs_heavily_one_question_is_enough():
    outcome = outcome_of("client-handover-slow-replies")
    assert ids(outcome.drafts) == ["easy_words"]
    assert len(steps_of(outcome)) == 2
    assert "easy" in ids(outcome.findings)


def test_tone_towards_a_client_is_only_called_friendly_if_a_contact_was_listed():
    outcome = play("client-handover", "new-innocent", talks=[], past_event="no", own_too=None, defended=None)
    said = " ".join(finding.text for finding in outcome.findings)
    assert "isn't hostile" not in said


@pytest.mark.parametrize("name", ["pump", "abuse", "insults", "lawyer"])
def test_where_there_is_danger_abuse_or_a_claim_nothing_is_asked_about_the_relation(name):
    case = case_named(f"client-handover-{name}")
    assert build_case_entry(case).asked <= 7
    assert not {"matter", "targets", "may"} & set(case.answers)


def test_a_liking_for_mentoring_without_evidence_leads_to_a_trial():
    outcome = outcome_of("path-choose-mentor")
    assert outcome.decisions[0].first == "trial"
    assert "trial_first" in ids(outcome.findings)
    assert any("trial" in action.do.lower() for action in outcome.actions)


def test_one_who_is_drained_by_meetings_is_led_to_the_technical_ladder():
    outcome = outcome_of("path-choose-drained")
    assert outcome.decisions[0].first == "deep"
    assert "technical_ladder" in ids(outcome.findings)
    assert outcome.decisions[0].totals


EXPECTED_TOTALS = {"mentor": ("trial", "6.8"), "drained": ("deep", "7.4"), "one-ladder": ("rotating", "6.9")}


@pytest.mark.parametrize("name", EXPECTED_TOTALS)
def test_the_totals_of_a_decision_are_those_reckoned_by_hand(name):
    option, total = EXPECTED_TOTALS[name]
    assert str(outcome_of(f"path-choose-{name}").decisions[0].totals[option].normalize()) == total


LEADS_ON = {
    "client/handover": {"work/attitude"},
    "crisis/notice": {"path/offer"},
    "crisis/start": {"crisis/notice", "path/choose", "path/offer", "team/bridge", "team/conduct", "work/attitude"},
    "lead/performance": {"team/bridge"},
    "lead/skills": {"crisis/notice", "lead/performance", "team/bridge", "work/attitude"},
    "path/choose": {"crisis/notice", "path/offer", "path/rotate", "team/conduct"},
    "path/offer": {"crisis/notice", "path/choose"},
    "path/rotate": {"crisis/notice", "path/choose"},
    "team/bridge": {"crisis/start", "team/conduct"},
    "team/conduct": {"crisis/notice"},
    "work/attitude": {"client/handover", "crisis/notice", "crisis/start", "path/rotate", "team/conduct", "work/ask"},
    "work/ask": {"crisis/notice", "work/attitude"},
    "work/other": {"crisis/notice"},
    "work/start": {"crisis/notice", "crisis/start", "lead/skills", "path/choose", "path/offer", "work/attitude"},
}


LEADING_ON = {"crisis-start-to-notice", "crisis-start-talk-set"}
"""Its plan is the next playbook's."""
DATED = [
    case
    for case in list_cases()
    if case.playbook_id in ("crisis/start", "crisis/notice")
    and "answer_by" in case.answers
    and str(case) not in LEADING_ON
]
DAY_ITSELF = {"event_step", "that_hour", "resign_hour", "sign_it", "plan_goals"}


@pytest.mark.parametrize("case", DATED, ids=str)
def test_the_day_that_a_person_names_has_a_step_of_its_own(case):
    outcome = build_case_entry(case).outcome
    named = case.answers["answer_by"]
    on_the_day = {each.id for each in outcome.actions if each.due.isoformat()[:10] == named.isoformat()}
    assert outcome.small or on_the_day & DAY_ITSELF


def test_what_may_cost_someone_their_good_name_is_no_small_matter():
    entry = build_case_entry(case_named("crisis-start-till-loan"))
    assert not entry.outcome.small
    assert ids(entry.outcome.findings)[0] == "honesty"
    assert "quietly" in entry.outcome.findings[0].text


def test_where_harm_is_growing_the_first_call_goes_to_whoever_the_person_named():
    outcome = outcome_of("crisis-start-bank-fraud")
    assert "our bank's fraud desk" in outcome.actions[0].do
    assert outcome.drafts[0].to == "our bank's fraud desk"
    assert {"find_out", "tell_witness"} <= set(ids(outcome.actions))


def test_a_plan_of_ones_own_to_stop_a_danger_has_a_call_next_to_it_in_case_it_fails():
    case = case_named("crisis-start-wrong-dose-live")
    outcome = build_case_entry(case, case.answers | {"stop": "pull the table from the intranet"}).outcome
    call = next(each for each in outcome.actions if each.id == "warn_users")
    assert call.do.startswith("Call ")
    assert "unless that was my plan" in call.do
    assert call.due - NOW <= timedelta(minutes=15)


def test_a_breach_is_reported_at_once_whoever_is_responsible_for_it():
    case = case_named("crisis-start-misdirected-mail")
    answers = {each: value for each, value in case.answers.items() if each != "stop"} | {"gate": ["breach"]}
    for adviser in ("dpo", "unknown", "the head of the school"):
        outcome = build_case_entry(case, answers | {"adviser": adviser}).outcome
        assert outcome.actions[0].id == "adviser_now"
        assert outcome.actions[0].due - NOW <= timedelta(minutes=15)


def test_a_yes_that_was_given_is_held_first_and_taken_back_only_once_the_other_offer_is_signed():
    outcome = outcome_of("path-choose-said-yes")
    assert outcome.actions[0].id == "hold_word"
    assert outcome.drafts[0].id == "hold_line"
    assert "once the other one is signed" in {draft.id: draft for draft in outcome.drafts}["take_back"].title
    case = case_named("path-choose-said-yes")
    nothing_said = build_case_entry(case, {**case.answers, "said_yes": "no"}).outcome
    assert not {"hold_line", "take_back"} & set(ids(nothing_said.drafts))


def test_nobody_inside_hears_of_an_offer_from_outside():
    outcome = outcome_of("path-choose-said-yes")
    for draft in outcome.drafts:
        if draft.id in ("same_questions", "hold_line"):
            assert "both sides" not in draft.text
            assert "compare" not in draft.text


def test_an_illness_doesn_t_stop_a_person_who_wants_to_decide_now():
    case = case_named("path-choose-lead-no-raise")
    put_down = build_case_entry(case, {**case.answers, "gate": ["ill"], "park": "look"}).outcome
    decided = build_case_entry(case, {**case.answers, "gate": ["ill"], "park": "weigh"}).outcome
    assert "say_no" in ids(decided.drafts)
    assert "say_no" not in ids(put_down.drafts)


def test_more_time_is_asked_for_and_looked_at_again_before_the_day_while_something_weighs_on_the_person():
    case = case_named("path-choose-one-house")
    outcome = build_case_entry(case, {**case.answers, "gate": ["worn"], "park": "park"}).outcome
    due = {action.id: action.due for action in outcome.actions}
    assert due["ask_later"] < due["come_back"] < case.answers["answer_by"]


def test_what_only_an_expert_can_save_is_left_alone_and_asked_about_first():
    outcome = outcome_of("crisis-start-erased-pictures")
    assert outcome.actions[0].id == "ask_expert"
    assert not {"repair_it", "find_out"} & set(ids(outcome.actions))
    assert "exactly as it is" in outcome.headline


def test_a_promise_that_may_still_be_kept_is_asked_about_before_the_client_hears_of_it():
    outcome = outcome_of("client-handover-discount")
    assert ids(outcome.actions)[:2] == ["settle_instead", "tell_client"]
    assert outcome.drafts[0].id == "ask_keep"


def test_a_small_slip_that_is_quickly_put_right_is_put_right_before_it_is_spoken_of():
    case = case_named("client-handover-late-call")
    answers = {**case.answers, "they_know": "other", "next_contact": NOW.date(), "by_hour": 18, "fixable": "self"}
    due = {action.id: action.due for action in build_case_entry(case, answers).outcome.actions}
    assert due["put_right"] < due["call_client_now"]


def test_those_who_will_hear_of_it_anyway_hear_it_before_that_and_the_deputy_stands_in():
    case = case_named("crisis-start-careless-mistake")
    answers = {
        **case.answers,
        "reach_owner": "today",
        "instead": "deputy",
        "answer_by": NOW.date(),
        "by_hour": 18,
        "event": "known",
    }
    outcome = build_case_entry(case, answers).outcome
    due = {action.id: action.due for action in outcome.actions}
    assert due["tell_owner"] < due["tell_stand_in"] <= due["event_step"] < NOW.replace(hour=18)


def test_no_one_admits_anything_in_a_meeting_before_an_adviser_has_heard_it():
    case = case_named("crisis-notice-accused")
    answers = {
        **case.answers,
        "gate": ["none"],
        "notice_kind": "suspended",
        "truth": "partly",
        "in_fact": "dozed off for five minutes",
        "proof": [],
    }
    told = {draft.id: draft.text for draft in build_case_entry(case, answers).outcome.drafts}
    assert "dozed off" in told["adviser_ask"]
    assert "dozed off" not in told["room_words"]


def test_nobody_at_work_is_asked_about_another_trade():
    case = case_named("path-choose-drained")
    chosen = "Train as a teacher"
    answers = {
        **case.answers,
        "options": ["stay", chosen],
        "chosen": chosen,
        "hope": chosen,
        "where": "else",
        "week": "people",
        "numbers": False,
    }
    answers = {
        name: value
        for name, value in answers.items()
        if name not in ("criteria", "swing", "scores", "breaks", "may_break")
    }
    outcome = build_case_entry(case, {**answers, "fixed": ["none"]}).outcome
    assert "another trade" in outcome.headline
    assert not {"say_it", "send"} & {*ids(outcome.drafts), *ids(outcome.actions)}


def test_clients_hear_of_a_death_before_any_work():
    case = case_named("client-handover-bad-mouthed")
    answers = {**case.answers, "predecessor": "died", "pred_name": "Kirsten"}
    outcome = build_case_entry(case, answers).outcome
    first = {draft.id: draft.text for draft in outcome.drafts}["first_call_words"]
    assert "Kirsten has died" in first.split("\n")[0]
    assert "moved on" not in "".join(draft.text for draft in outcome.drafts)


def test_what_was_promised_to_the_manager_is_not_said_to_those_it_hit():
    changes = {"offer": "send the right list as soon as you say so", "to_hit": "got last year's prices from us"}
    told = {
        draft.id: draft.text for draft in play("crisis-start", "careless-mistake", words_for=["hit"], **changes).drafts
    }
    assert "as soon as you say so" in told["opening"]
    assert "as soon as you say so" not in told["to_hit"]
    assert "You got last year's prices from us." in told["to_hit"]


def test_a_client_gets_a_sentence_to_their_face_instead_of_the_one_about_them():
    changes = {
        "owner": "client",
        "reach_owner": "now",
        "reaction": None,
        "damage": "none",
        "offer": None,
        "prevent": None,
    }
    outcome = play("crisis-start", "missed-standup", to_them="called you Martin twice; I know it's Markus", **changes)
    assert outcome.small
    assert outcome.drafts[0].text == "I called you Martin twice; I know it's Markus.\nI'm sorry about that."


def test_where_one_is_told_to_keep_a_broken_promise_quiet_the_first_step_is_a_day_and_nothing_untrue_is_said():
    outcome = play("client-handover", "portal-promised", hush=True, manager_knows=True)
    assert outcome.actions[0].id == "hush_ask"
    assert outcome.drafts[0].id == "hush_words"
    assert "I won't tell them that it's coming" in outcome.drafts[0].text


def test_the_way_back_is_asked_of_whoever_offers_and_the_week_of_whoever_knows_it():
    outcome = outcome_of("path-choose-hard-to-undo")
    to = {draft.id: draft.to for draft in outcome.drafts}
    assert to["same_questions"] == "Wouter"
    limit = play("path-choose", "hard-to-undo", fixed=["none"], breaks=None, may_break=None, limit_is=None)
    assert {draft.id: draft.to for draft in limit.drafts}["week_question"] == "Femke"


def test_another_trade_has_its_steps_before_the_day_and_nobody_at_work_hears_of_it():
    case = case_named("path-rotate-another-trade")
    outcome = build_case_entry(case)
    assert all(
        action.due.isoformat()[:10] < case.answers["answer_by"].isoformat() for action in outcome.outcome.actions
    )
    assert outcome.outcome.drafts[0].id == "trade_school"
    assert "manager" not in " ".join(action.do for action in outcome.outcome.actions)


def test_tiredness_doesn_t_hide_the_day_on_which_a_course_has_to_be_paid():
    outcome = play("path-rotate", "another-trade", gate=["worn"])
    assert outcome.headline.startswith("Don't pay by")
    assert {"first_step", "trade_decide"} <= set(steps_of(outcome))


def test_an_own_client_who_owes_hears_of_the_money_and_the_price_in_one_message():
    outcome = outcome_of("client-handover-fifth-round")
    assert outcome.drafts[0].id == "owes_words"
    assert "invoice 114" in outcome.drafts[0].text
    assert "900 euros" in outcome.drafts[0].text
    assert "manager" not in " ".join(action.do for action in outcome.actions)


def test_a_reply_to_a_warning_is_sent_before_the_day_that_was_named():
    named = NOW.date() + timedelta(days=2)
    outcome = play("crisis-notice", "false-facts", answer_by=named, adviser_reach="today")
    assert steps_of(outcome)["send_reply"].due.date() <= named


def test_criticism_that_only_annoys_is_a_small_matter():
    answers = {"crit_size": "annoys", "told_before": "never", "due_by": None, "due_is": None, "due_hour": None}
    outcome = play("lead-skills", "always-late", **answers)
    assert outcome.small
    assert len(steps_of(outcome)) <= 2


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_a_playbook_leads_on_to_those_that_may_help_next(playbook_id):
    playbook = load_bundled(playbook_id)
    leads = {rule.next for part in (playbook, *playbook.checkins) for rule in part.findings if rule.next}
    assert leads == LEADS_ON.get(playbook_id, set())
    assert leads <= set(list_bundled_ids())


def test_a_doubt_in_a_tired_state_leads_to_load_and_rest_with_the_same_witness():
    said = {finding.id: finding for finding in outcome_of("crisis-start-doubt").findings}
    assert said["rest_first"].next == "work/attitude"
    assert dict(said["rest_first"].carry) == {"witness": "witness"}


def test_a_small_no_ends_with_one_sentence_and_one_step():
    outcome = outcome_of("work-ask-collection")
    assert outcome.small
    assert [len(each) for each in (outcome.findings, outcome.drafts, outcome.actions, outcome.checkins)] == [1, 1, 1, 1]
    assert outcome.drafts[0].text.split("\n") == ["Thanks for asking me.", "I can't chip in this time."]


def test_where_a_no_may_have_to_do_with_a_child_advice_comes_before_the_answer_to_it():
    dues = {name: step.due for name, step in steps_of(outcome_of("work-ask-four-days-refused")).items()}
    assert dues["advice"] < dues["ask_why"] < dues["second"]
    assert "advice" not in steps_of(play("work-ask", "four-days-refused", protected=[]))


def test_the_smaller_wish_is_kept_for_after_the_no():
    said = {draft.id: draft.text for draft in outcome_of("work-ask-raise-joked-away").drafts}
    assert "2,950" not in said["refused_words"] + said["book_words"]
    assert "2,950" in said["reply_words"]


def test_new_work_waits_for_old_money_only_where_they_want_more_work():
    assert "hold_work" in steps_of(outcome_of("work-ask-unpaid-invoice"))
    outcome = play("work-ask", "unpaid-invoice", lever="no")
    assert "hold_work" not in steps_of(outcome)
    assert "next piece" not in " ".join(draft.text for draft in outcome.drafts)


def test_what_is_part_of_the_job_is_weighed_and_not_refused():
    words = play("work-ask", "weekend-shift", mine="yes").drafts[0].text
    assert "I can't" not in words
    assert "something else has to wait" in words


def test_leave_that_no_one_answers_is_never_taken_as_granted():
    outcome = play(
        "work-ask",
        "sisters-wedding",
        way="silent",
        asked_how="mail",
        cover=None,
        decides=None,
        moment=None,
        objection=None,
        floor=None,
    )
    assert "No answer isn't a yes" in steps_of(outcome)["go_on"].do


def test_a_person_who_did_as_told_before_gets_advice_before_anyone_at_work_hears_of_it():
    first_time = outcome_of("work-ask-backdated")
    assert {"tell_up", "advice", "refuse"} <= set(steps_of(first_time))
    again = play("work-ask", "backdated", done_before="yes", next_up=None)
    assert again.findings[0].id == "done_first"
    assert "tell_up" not in steps_of(again)
    assert "up_words" not in ids(again.drafts)
    assert "sign for" not in again.drafts[0].text


def test_where_people_could_get_hurt_it_is_reported_before_the_talk_and_nobody_is_told_to_let_it_fail():
    outcome = outcome_of("lead-performance-triage")
    assert ids(outcome.actions)[0] == "make_safe"
    assert outcome.drafts[0].id == "danger_words"
    said = " ".join(finding.text for finding in outcome.findings)
    assert "Step in whenever someone is in danger" in said
    assert "stop quietly doing their part" not in said


def test_whoever_has_not_been_told_gets_the_talk_before_the_decision():
    outcome = outcome_of("lead-performance-friend-on-probation")
    assert "haven't had a chance" in outcome.headline
    steps = ids(outcome.actions)
    assert steps.index("find_day") < steps.index("talk") < steps.index("decide")


def test_a_decision_stands_in_the_first_line_and_none_is_told_to_someone_who_may_harm_themselves():
    first = outcome_of("lead-performance-probation-failed").drafts[0]
    assert (first.id, "It's decided." in first.text.split("\n")[0]) == ("end_words", True)
    feared = play("lead-performance", "probation-failed", gate=["them"])
    assert "end_words" not in ids(feared.drafts)
    assert ids(feared.actions)[0] == "safe_them"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, False),
        ({"power": "free"}, False),
        ({"told": "often", "took": "agreed", "power": "free"}, True),
        ({"told": "often", "took": "agreed", "if_not": "warn"}, False),
        ({"told": "often", "took": "agreed", "if_not": "warn", "power": "free"}, True),
    ],
)
def test_a_consequence_is_named_only_once_it_has_been_said_clearly_and_by_whoever_can_carry_it_out(changes, named):
    words = {draft.id: draft.text for draft in play("lead-performance", "late-cook", **changes).drafts}
    assert ("If it stays the same" in words["talk_words"]) == named


def test_what_is_overdue_is_asked_for_within_the_hour_and_whoever_waits_hears_of_it_the_same_day():
    outcome = outcome_of("lead-performance-overdue-part")
    plan = steps_of(outcome)
    assert plan["get_part"].due <= NOW + timedelta(hours=1)
    assert plan["tell_waiting"].due.date() == NOW.date()
    assert "money" not in outcome.drafts[0].text


def test_what_happened_once_ends_with_one_sentence_to_say():
    outcome = play("lead-performance", "late-cook", told="first", talk_by=None)
    assert outcome.small
    assert (ids(outcome.actions), ids(outcome.drafts)) == (["say_small"], ["small_words"])
