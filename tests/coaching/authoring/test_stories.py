"""Stories: answers in any order, and what must be asked, hidden, found, said and planned."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest

from careerkit.coaching.authoring.coverage import measure_coverage
from careerkit.coaching.authoring.skeleton import build_skeleton, build_skeleton_stories
from careerkit.coaching.authoring.stories import read_stories
from careerkit.coaching.authoring.story_run import StoryRun, run_story
from careerkit.core.errors import Refused
from careerkit.core.playbook.diagnostics import scan
from careerkit.core.playbook.loader import check_playbook, load_playbook

PLAYBOOK = load_playbook(build_skeleton("stuck").encode(), file="stuck.toml", id="stuck")
ANSWERS = 'who = "Linh"\nsince = "days"\ntried = ["Ran it again"]\nstuck = "It drops rows."\n'
HOURS = 'answers = { stuck = "It drops rows.", since = "hours", who = "Linh" }\n'


def run(expect: str, *, answers: str = f"[story.answers]\n{ANSWERS}", more: str = "") -> StoryRun:
    tables = tomllib.loads(f"[[story]]\n{answers}[story.expect]\n{expect}\n{more}", parse_float=Decimal)
    (story,) = read_stories(tables, file="stuck.stories.toml", lines=(1,))
    return run_story(PLAYBOOK, story)


def list_differences(result: StoryRun) -> list[tuple[str, str, str]]:
    return [(each.key, each.expected, each.actual) for part in result.parts for each in part.mismatches]


def list_messages(result: StoryRun) -> list[str]:
    return [each.message for part in result.parts for each in part.problems]


def test_the_skeleton_passes_the_check_and_its_stories_pass_and_reach_everything():
    assert check_playbook(build_skeleton("stuck").encode(), file="stuck.toml") == []
    stories = read_stories(tomllib.loads(build_skeleton_stories("stuck")), file="f")
    runs = [run_story(PLAYBOOK, story) for story in stories]

    assert [(list_messages(each), list_differences(each)) for each in runs] == [([], [])] * len(runs)
    assert {each.name: each.missing for each in measure_coverage(PLAYBOOK, [p for r in runs for p in r.parts])} == {
        "questions": (), "choices": (), "findings": (), "draft lines": (), "actions": ()
    }  # fmt: skip


@pytest.mark.parametrize(
    "expect",
    [
        'asked = ["stuck", "since", "who", "tried"]',
        "hidden = []",
        'found = ["long"]',
        'found.long = ["Long enough alone", "tried for days"]',
        'said = ["message"]',
        'said.message = ["I\'m stuck: It drops rows.", "- Ran it again"]',
        'said.message = """\nI\'m stuck: It drops rows.\nSo far I\'ve tried:\n- Ran it again\nCould you take a look today?"""',
        'planned = ["send"]',
        "planned.send = 2026-12-02",
        "checkins.after = 2026-12-04",
        'headline = ""',
        'values = { since = "days", tried = ["Ran it again"] }',
    ],
)
def test_a_story_passes_if_what_it_expects_comes_out(expect):
    assert run(expect).is_passed


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ('asked = ["stuck"]', ("asked", "stuck", "stuck, since, who, tried")),
        ('hidden = ["tried"]', ("hidden", "tried", "asked: tried")),
        ("found = []", ("found", "nothing", "long")),
        ('found = ["long", "other"]', ("found", "long, other", "long")),
        ('said.message = ["Hello"]', ("said.message", "… Hello …", "")),
        ('said.message = "Hello"', ("said.message", "Hello", "")),
        ("said = []", ("said", "nothing", "message")),
        ("planned.send = 2026-12-03", ("planned.send", "2026-12-03", "2026-12-02")),
        ('planned.send = ""', ("planned.send", "no date", "2026-12-02")),
        ("planned = {}", ("planned", "nothing", "send")),
        ("checkins.after = 2026-12-05", ("checkins.after", "2026-12-05", "2026-12-04")),
        ('headline = "Hello"', ("headline", "Hello", "nothing")),
        ('values.since = "hours"', ("values.since", "hours", "days")),
    ],
)
def test_a_difference_shows_what_was_expected_and_what_came_out(expect, difference):
    [(key, expected, actual)] = list_differences(run(expect))

    assert (key, expected) == difference[:2]
    assert actual == difference[2] or (not difference[2] and "I'm stuck: It drops rows." in actual)


def test_dates_count_from_the_day_on_which_the_story_starts():
    friday = run("planned.send = 2026-12-07\n", answers=f"starts = 2026-12-04T16:30:00\n[story.answers]\n{ANSWERS}")

    assert friday.is_passed


def test_a_check_in_continues_the_story():
    again = '[[story.checkin]]\nid = "after"\ndone = ["send"]\nanswers = { helped = false }\n'

    assert run("", more=f'{again}expect = {{ asked = ["helped"], found = ["next"] }}').is_passed
    assert list_differences(run("", more=f"{again}expect = {{ found = [] }}")) == [("found", "nothing", "next")]


@pytest.mark.parametrize(
    ("story", "message"),
    [
        ('answers = { stuck = "x" }\n', "since: There is no answer to: Since when?"),
        (HOURS.replace("since", "sinc"), "sinc: There is no question 'sinc'."),
        (HOURS.replace("hours", "weeks"), "since: There is no choice 'weeks'."),
        (
            HOURS.replace(" }", ', tried = ["x"] }'),
            "There is an answer to tried, but with these answers it isn't asked.",
        ),
        (f"quick = true\n{HOURS}", "The playbook has no quick questions."),
        (f'{HOURS}[[story.checkin]]\nid = "later"\n', "The plan of this story has no check-in later."),
        (
            f'{HOURS}[[story.checkin]]\nid = "after"\ndone = ["x"]\nanswers = {{ helped = true }}\n',
            "The plan of this story has no action x.",
        ),
    ],
)
def test_what_is_wrong_with_the_answers_fails_the_story_at_its_line(story, message):
    (found,) = read_stories(tomllib.loads(f"[[story]]\n{story}"), file="f", lines=(7,))
    result = run_story(PLAYBOOK, found)

    assert not result.is_passed
    assert message in list_messages(result)
    assert {str(each.where) for part in result.parts for each in part.problems} == {"f:7"}


def test_an_answer_to_a_hidden_question_passes_if_the_story_says_so():
    assert run('hidden = ["tried"]', answers=HOURS.replace(" }", ', tried = ["x"] }')).is_passed


def test_an_id_that_the_playbook_does_not_have_is_named():
    assert list_messages(run('hidden = ["trid"]')) == ["`expect.hidden`: the playbook has no trid."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "This file has no stories."),
        ("story = 3", "This file has no stories."),
        ("[[story]]\nanswer = {}", "'answer' is not a key of a story."),
        ("[[stories]]\n[[story]]", "'stories' is not a key of the file."),
        ("[[story]]\nanswers = 3", "`answers` should be a table."),
        ('[[story]]\nstarts = "soon"', "`starts` should be a date such as 2026-12-01, or a date with a time."),
        ("[[story]]\nexpect = { asks = [] }", "'asks' is not a key of `expect`."),
        ("[[story]]\nexpect.found = 3", "`expect.found` should be a list of ids, or a table"),
        ("[[story]]\nexpect.planned = { send = 3 }", "`expect.planned` should be a list of ids, or a table"),
        ("[[story]]\ncheckin = 3", "`checkin` should be a list of tables."),
        ("[[story]]\n[[story.checkin]]", "A check-in of a story needs an `id`."),
    ],
)
def test_a_broken_file_of_stories_says_what_is_wrong(text, message):
    with pytest.raises(Refused) as refused:
        read_stories(tomllib.loads(text), file="f")

    assert any(each.message.startswith(message) for each in refused.value.problems)


def test_coverage_names_what_no_story_reaches():
    (story,) = read_stories(tomllib.loads(f"[[story]]\n{HOURS}"), file="f")
    found = {
        each.name: [item.id for item in each.missing]
        for each in measure_coverage(PLAYBOOK, run_story(PLAYBOOK, story).parts)
    }

    assert found == {
        "questions": ["tried", "helped"],
        "choices": ["since = days", "helped = true", "helped = false"],
        "findings": ["long", "after.next"],
        "draft lines": ["message, line 2", "message, line 3"],
        "actions": [],
    }


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ('found = ["lomg"]', "`expect.found`: the playbook has no lomg."),
        ('said = ["messages"]', "`expect.said`: the playbook has no messages."),
        ('planned = ["sent"]', "`expect.planned`: the playbook has no sent."),
        ('checkins = ["later"]', "`expect.checkins`: the playbook has no later."),
    ],
)
def test_an_unknown_result_is_named_and_not_only_compared(expected, message):
    assert message in list_messages(run(expected))


@pytest.mark.parametrize(
    ("text", "hint", "line"),
    [
        ("[story]\nname = 'x'", "Write [[story]].", 1),
        ("[[story]]\nname = 'x'\n[[checkin]]\nid = 'after'", "Write [[story.checkin]], below its [[story]].", 3),
        ("[[story]]\nname = 'x'\n\nanswrs = {}", "Did you mean answers?", 4),
        ("[[story]]\nname = 'x'\n[story.expect]\nasks = []", "Did you mean asked?", 4),
        ("[[story]]\n[[story.checkin]]\nid = 'a'\n[[story.checkin]]\nid = 'b'\ndon = []", "Did you mean done?", 6),
    ],
)
def test_a_mistake_in_a_file_of_stories_is_placed_at_its_key(text, hint, line):
    with pytest.raises(Refused) as refused:
        read_stories(tomllib.loads(text), file="f", find_place=scan(text, "f").key)

    [problem] = refused.value.problems
    assert (problem.hint, problem.where.line) == (hint, line)
