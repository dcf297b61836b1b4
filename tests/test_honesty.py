"""Playbooks say only what they know, ask only what they use, and plan only what can be done in time.

`tests/honesty/GROUP-NAME.toml` lists every sentence that a playbook can say, with the condition that makes it true: an
expression over the answers, `always` for what is true of anybody, or `asserts nothing` for advice and questions. `make
honesty` adds new sentences with an empty condition, which fails here. The conditions are checked in random interviews.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

import pytest

from careerkit.core.due_dates import parse_due
from careerkit.core.errors import Refused
from careerkit.core.expressions.ast import find_free_names
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.type_check import check_condition
from careerkit.core.facts import Facts
from careerkit.core.frozen import replace
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.outcome.model import Outcome
from careerkit.core.outcome.schedule import choose_earlier
from careerkit.core.playbook.model import HOURS_LEFT, Playbook, list_questions
from careerkit.core.playbook.types import NestedScope, PlaybookTypes
from careerkit.core.questions.question import Line, Question
from careerkit.core.questions.text import NoteSpec
from careerkit.core.text import find_inserted_names
from honesty import FREE, list_sentences, list_texts, read_list, split_sentences, update_list, write_list
from playbook_cases import build_case_entry, list_bundled_ids, list_cases, load_bundled
from random_interviews import TODAY, invent_all_answers, load_with_few_draws
from scenario import NOW, parse_playbook

RUNS = 2000 if os.environ.get("CAREERKIT_LONG") == "1" else 40
STARTS = [time(hour, minute) for hour, minute in ((0, 10), (6, 30), (9, 5), (12, 0), (17, 40), (20, 59), (22, 30))]
MOST_SHOWN = 10
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
FIRST_ACTION_WITHIN = timedelta(hours=1)


def report(troubles: Counter[str]) -> str:
    return "\n".join(f"{count}: {trouble}" for trouble, count in troubles.most_common(MOST_SHOWN))


# ------------------------------------------------------------ the sentences


def check_sentences(playbook: Playbook, conditions: dict[str, str]) -> Iterator[str]:
    """What is wrong with the list of a playbook."""
    sentences = dict.fromkeys(list_sentences(playbook))
    scope = NestedScope(PlaybookTypes(playbook), actions=tuple(action.id for action in playbook.actions))
    for sentence in sentences:
        if sentence not in conditions:
            yield f"not in the list, run `make honesty`: {sentence}"
    for sentence, condition in conditions.items():
        if sentence not in sentences:
            yield f"the playbook doesn't say this any more, run `make honesty`: {sentence}"
        elif not condition:
            yield f"without a condition: {sentence}"
        elif condition not in FREE:
            try:
                check_condition(parse(condition), scope)
            except Refused as refused:
                yield f"{refused.problems[0].message} ({condition}): {sentence}"


def find_untrue(facts: Facts, outcome: Outcome, conditions: dict[str, str]) -> Iterator[str]:
    """The sentences in the outcome whose condition doesn't hold for these answers."""
    for lines in find_said(facts, outcome):
        for sentence in split_sentences(lines):
            condition = conditions.get(sentence, "")
            if condition and condition not in FREE and not facts.holds(condition):
                yield f"said although not ({condition}): {sentence}"


def find_said(facts: Facts, outcome: Outcome) -> Iterator[tuple[Line, ...]]:
    """The lines that the outcome is made of, before answers are inserted. Words from computes are included."""
    playbook = facts.playbook
    told = {
        "finding": {each.id for each in outcome.findings},
        "draft": {each.id for each in outcome.drafts},
        "action": {each.id for each in outcome.actions},
    }
    said: list[tuple[Line, ...]] = []
    for finding in playbook.findings:
        said += [first_line(facts, finding.title.lines), holding(facts, finding.text)] * (finding.id in told["finding"])
    for draft in playbook.drafts:
        said += [first_line(facts, draft.title.lines), holding(facts, draft.text)] * (draft.id in told["draft"])
    for action in playbook.actions:
        wordings = (action.do, action.cue, action.evidence)
        said += [first_line(facts, each.lines) for each in wordings] * (action.id in told["action"])
    headline = next((each for each in playbook.headlines if facts.holds(each.when)), None)
    if headline is not None:
        said.append(first_line(facts, headline.text.lines))
    yield from said
    words = {each.id: each for each in playbook.computes if each.text.lines}
    waiting = [line.text for lines in said for line in lines]
    seen: set[str] = set()
    while waiting:
        for name in find_inserted_names(waiting.pop()) & words.keys() - seen:
            seen.add(name)
            line = first_line(facts, words[name].text.lines)
            waiting += [each.text for each in line]
            yield line


def first_line(facts: Facts, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return next(((line,) for line in lines if facts.holds(line.when)), ())


def holding(facts: Facts, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(line for line in lines if facts.holds(line.when))


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_every_sentence_has_the_condition_that_makes_it_true(playbook_id):
    troubles = list(check_sentences(load_bundled(playbook_id), read_list(playbook_id)))
    assert not troubles, "\n".join(troubles[:MOST_SHOWN])


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_what_is_said_is_true_of_the_answers(playbook_id):
    playbook, random = load_with_few_draws(playbook_id), Random(f"honesty {playbook_id}")
    conditions, troubles = read_list(playbook_id), Counter()
    for _ in range(RUNS):
        facts = Facts(playbook, invent_all_answers(playbook, random), today=TODAY, started=NOW, zone="UTC")
        troubles.update(find_untrue(facts, evaluate_outcome(facts, given=NOW), conditions))
    assert not troubles, report(troubles)


# ------------------------------------------------------------ what is asked is used


def find_unused(playbook: Playbook) -> list[str]:
    """The questions of the stages that nothing depends on: no condition, text, compute, decision, due date or link."""
    questions = {each.id: each for each in list_questions(playbook)}
    fields = {name: frozenset(each.spec.field_names) for name, each in questions.items()}

    def names(condition: str) -> frozenset[str]:
        return find_free_names(parse(condition), lambda name: fields.get(name, ())) if condition else frozenset()

    used: set[str] = {playbook.deadline, playbook.deadline_hour}
    for condition in list_conditions(playbook):
        used |= names(condition)
    for question in questions.values():
        used |= names(question.check) - {question.id}
        used |= {each.source for each in question.spec.all_options}
        used |= {each.source for field in question.spec.fields for each in field.spec.all_options}
        used |= {question.again}
    for text in list_inserting_texts(playbook):
        used |= find_inserted_names(text)
    for compute in playbook.computes:
        used |= {*compute.needs} | (names(compute.value) if compute.value else set())
    for decision in playbook.decisions:
        used |= {*decision.questions}
    if HOURS_LEFT in used:
        used |= {playbook.deadline, playbook.deadline_hour}
    for part in (playbook, *playbook.checkins):
        for finding in part.findings:
            used |= {*finding.with_.values(), *finding.profile, finding.tally}
        for action in part.actions:
            used |= {action.each} | {due.question for each in action.due.options if (due := parse_due(each.at))}
    for checkin in playbook.checkins:
        used |= {due.question for each in checkin.after.options if (due := parse_due(each.at))}
    asked = [question for question in playbook.questions if not isinstance(question.spec, NoteSpec)]
    return [question.id for question in asked if question.id not in used and not is_people_map(question)]


def is_people_map(question: Question) -> bool:
    """Records with these fields are drawn as a map of the people."""
    return {"person", "power"} <= {*question.spec.field_names}


def list_conditions(playbook: Playbook) -> Iterator[str]:
    yield from (playbook.urgent, playbook.small)
    yield from (stage.when for stage in playbook.stages)
    for question in list_questions(playbook):
        for each in (question, *question.spec.fields):
            yield each.when
            yield from (choice.when for options in each.spec.all_options for choice in options.choices)
        yield from (line.when for line in question.spec.text)
    for compute in playbook.computes:
        yield from (line.when for line in compute.tally)
    yield from (headline.when for headline in playbook.headlines)
    for part in (playbook, *playbook.checkins):
        for rule in (*part.findings, *part.drafts, *part.actions):
            yield rule.when
        yield from (option.when for action in part.actions for option in action.due.options)
    yield from (checkin.when for checkin in playbook.checkins)
    yield from (line.when for lines in list_texts(playbook) for line in lines)
    yield from (
        line.when for part in (playbook, *playbook.checkins) for draft in part.drafts for line in draft.to.lines
    )


def list_inserting_texts(playbook: Playbook) -> Iterator[str]:
    yield from (stage.intro for stage in playbook.stages)
    for question in list_questions(playbook):
        for each in (question, *question.spec.fields):
            yield from (each.ask, each.hint, each.why, each.check_text)
        yield from (line.text for line in question.spec.text)
    yield from (compute.label for compute in playbook.computes)
    yield from (checkin.title for checkin in playbook.checkins)
    yield from (line.text for lines in list_texts(playbook) for line in lines)
    yield from (
        line.text for part in (playbook, *playbook.checkins) for draft in part.drafts for line in draft.to.lines
    )


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_every_question_is_used(playbook_id):
    assert find_unused(load_bundled(playbook_id)) == []


# ------------------------------------------------------------ the plan


def find_bad_dates(facts: Facts, outcome: Outcome) -> Iterator[str]:
    """Actions that are due in quiet hours or after the deadline, and an urgent plan that starts too late."""
    playbook = facts.playbook
    urgent = bool(playbook.urgent) and facts.holds(playbook.urgent)
    late = {rule.id for rule in playbook.actions if rule.after_deadline}
    deadline, hour = facts.value(playbook.deadline), facts.value(playbook.deadline_hour)
    for action in outcome.actions:
        due = action.due
        if isinstance(due, datetime):
            set_by_others = due.date() == deadline and hour is not None and due == find_hour(deadline, hour, due)
            if not urgent and not QUIET_UNTIL <= due.time() <= QUIET_FROM and not set_by_others:
                yield f"{action.id} is due in quiet hours"
            if due < outcome.given:
                yield f"{action.id} is due before the plan was made"
        rule = action.id if action.id in late else action.id.rpartition("_")[0]
        if due is None or rule in late or not isinstance(deadline, date) or deadline < outcome.given.date():
            continue
        if (due.date() if isinstance(due, datetime) else due) > deadline:
            yield f"{action.id} is due after the day of the deadline"
        elif isinstance(due, datetime) and hour is not None:
            end = find_hour(deadline, hour, due)
            if due > end >= outcome.given:
                yield f"{action.id} is due after the hour of the deadline"
    first = outcome.actions[0].due if outcome.actions else None
    if urgent and not (isinstance(first, datetime) and first - outcome.given <= FIRST_ACTION_WITHIN):
        yield "it is urgent, but nothing is due within the hour"
    if outcome.small and (len(outcome.actions) > 2 or max(map(len, (outcome.findings, outcome.drafts))) > 1):
        yield "a small matter has too much to do"


def find_hour(day: date, hour: Decimal, moment: datetime) -> datetime:
    """That hour of the day, in the zone of `moment`."""
    return datetime.combine(day, time(), moment.tzinfo) + timedelta(minutes=int(hour * 60))


def find_early_steps(playbook: Playbook, answers: dict[str, object], given: datetime) -> Iterator[str]:
    """Actions that get other words after the card and would be due later by then, but keep the date of the card."""
    asked = {question.id for stage in playbook.stages if stage.quick for question in stage.questions}
    of_card = {name: value for name, value in answers.items() if name in asked}
    outcomes = [
        evaluate_outcome(Facts(playbook, known, today=TODAY, started=given, zone="UTC"), given=given, quick=is_card)
        for known, is_card in ((of_card, True), (answers, False))
    ]
    early, late = ({action.id: action for action in outcome.actions} for outcome in outcomes)
    for name in early.keys() & late.keys():
        first, then = early[name], late[name]
        if first.due and first.do != then.do and choose_earlier(first.due, then.due) != then.due:
            yield f"{name}: '{first.do}' is due {first.due}, '{then.do}' would be due {then.due}"


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_a_step_of_the_card_is_not_another_step_of_the_plan(playbook_id):
    playbook, random = load_with_few_draws(playbook_id), Random(f"card {playbook_id}")
    troubles = Counter()
    for _ in range(RUNS):
        answers = invent_all_answers(playbook, random)
        troubles.update({each.partition(":")[0] for each in find_early_steps(playbook, answers, NOW)})
    assert not troubles, report(troubles)


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_the_plan_can_be_done_in_time(playbook_id):
    playbook, random = load_with_few_draws(playbook_id), Random(f"plan {playbook_id}")
    troubles = Counter()
    for number in range(RUNS):
        start = datetime.combine(TODAY, STARTS[number % len(STARTS)], UTC)
        facts = Facts(playbook, invent_all_answers(playbook, random), today=TODAY, started=start, zone="Europe/Berlin")
        troubles.update(find_bad_dates(facts, evaluate_outcome(facts, given=start)))
    assert not troubles, report(troubles)


@pytest.mark.parametrize("case", list_cases(), ids=str)
def test_a_case_is_told_the_truth_and_can_act_in_time(case):
    entry = build_case_entry(case)
    answers = {answer.question: answer.value for answer in entry.answers}
    facts = Facts(load_bundled(case.playbook_id), answers, today=TODAY, started=NOW, zone="UTC")
    outcome = evaluate_outcome(facts, given=NOW)
    troubles = Counter(find_untrue(facts, outcome, read_list(case.playbook_id)))
    troubles.update(find_bad_dates(facts, outcome))
    assert not troubles, report(troubles)


# ------------------------------------------------------------ these checks themselves

SAMPLE = """
deadline = "answer_by"
urgent = "growing"
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "answer_by"
type = "date"
ask = "By when?"
[[stage.question]]
id = "growing"
type = "yesno"
ask = "Is it growing?"
[[stage.question]]
id = "knows"
type = "yesno"
ask = "Do they know?"
[[stage.question]]
id = "idle"
type = "yesno"
ask = "Anything else?"
[[compute]]
id = "words"
text = [{ when = "growing", text = "It is growing" }, "It is not growing"]
[[finding]]
id = "f"
title = "They know. Tell nobody else."
text = "{words}."
[[action]]
id = "a"
do = "Tell them"
due = "+2d"
"""
SENTENCES = {
    "It is growing": "growing",
    "It is not growing": "not growing",
    "They know.": "knows",
    "Tell nobody else.": "asserts nothing",
    "Tell them": "asserts nothing",
}


def sample_facts(**answers: object) -> Facts:
    return Facts(parse_playbook(SAMPLE), answers, today=TODAY, started=NOW, zone="UTC")


def test_a_list_with_every_condition_is_complete():
    assert list(check_sentences(parse_playbook(SAMPLE), SENTENCES)) == []


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({"They know.": ""}, "without a condition"),
        ({"They know.": "nobody"}, "There is no question"),
        ({"They know.": "knows =="}, "missing"),
        ({"They know.": "answer_by"}, "must be yes or no"),
        ({"They see.": "knows"}, "doesn't say this any more"),
        ({"They know.": None}, "not in the list"),
    ],
)
def test_a_list_with_a_gap_is_refused(changes, trouble):
    conditions = {sentence: each for sentence, each in {**SENTENCES, **changes}.items() if each is not None}
    assert trouble in "\n".join(check_sentences(parse_playbook(SAMPLE), conditions))


def test_a_sentence_that_is_not_true_is_found():
    said = list(find_untrue(sample_facts(growing=True, knows=False), outcome_of(growing=True, knows=False), SENTENCES))
    assert said == ["said although not (knows): They know."]
    wrong = {**SENTENCES, "It is growing": "knows"}
    assert len(list(find_untrue(sample_facts(growing=True), outcome_of(growing=True), wrong))) == 2


def outcome_of(**answers: object) -> Outcome:
    return evaluate_outcome(sample_facts(**answers), given=NOW)


def test_a_question_that_is_not_used_is_found():
    assert find_unused(parse_playbook(SAMPLE)) == ["knows", "idle"]


def test_a_plan_that_comes_too_late_is_found():
    facts, outcome = sample_facts(growing=True), outcome_of(growing=True)
    assert list(find_bad_dates(facts, outcome)) == ["it is urgent, but nothing is due within the hour"]
    late = replace(outcome, actions=(replace(outcome.actions[0], due=TODAY + timedelta(9)),))
    assert list(find_bad_dates(sample_facts(answer_by=TODAY + timedelta(3)), late)) == [
        "a is due after the day of the deadline"
    ]
    at_night = replace(outcome, actions=(replace(outcome.actions[0], due=NOW.replace(hour=23)),))
    assert list(find_bad_dates(sample_facts(), at_night)) == ["a is due in quiet hours"]


def test_a_list_is_updated_without_losing_conditions(tmp_path, monkeypatch):
    monkeypatch.setattr("honesty.LISTS", tmp_path / "honesty")
    playbook = parse_playbook(SAMPLE)
    write_list("test/test", update_list(playbook, {"They know.": "knows", "Gone.": "always"}))
    assert read_list("test/test") == {**dict.fromkeys(list_sentences(playbook), ""), "They know.": "knows"}
    write_list("test/test", update_list(playbook, SENTENCES))
    assert read_list("test/test") == SENTENCES
