"""The written cases, read as the person gets them: kept as Markdown beside their answers.

`make snapshots` writes them anew; read the difference before you commit it.
"""

import os
from datetime import datetime, timedelta

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

from careerkit.coaching.entry_details import redact
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
    assert "Qxmarker" not in render_entry(redact(entry, playbook), sources={}, playbook=playbook)


AT_HOME = {
    "crisis/start": {"read_contract", "repair_it", "rest_plan"},
    "path/choose": {"come_back", "count_hours", "told_home"},
    "path/rotate": {"come_back", "week_at_home"},
    "work/attitude": {"rest", "tell_now", "tell_witness", "use_reset"},
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
    due = next(action.due for action in outcome.actions if action.id == "tell_client")
    assert due <= NOW + timedelta(hours=4)


@pytest.mark.parametrize("name", ["pump", "abuse", "insults", "lawyer"])
def test_where_there_is_danger_abuse_or_a_claim_nothing_is_asked_about_the_relation(name):
    case = case_named(f"client-handover-{name}")
    assert build_case_entry(case).asked <= 6
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
    "crisis/start": {"crisis/notice", "path/choose", "team/bridge", "work/attitude"},
    "lead/skills": {"crisis/notice", "team/bridge", "work/attitude"},
    "path/choose": {"crisis/notice", "path/rotate"},
    "path/rotate": {"crisis/notice", "path/choose"},
    "team/bridge": {"crisis/start"},
    "work/attitude": {"crisis/notice", "crisis/start", "path/rotate"},
}


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
