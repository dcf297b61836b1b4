"""`careerkit playbook walk` as a person types it."""

import json

import pytest

from careerkit_process import Home

SOUND = """
format = 1
title = "Ask for help"
summary = "S"
[[stage]]
id = "now"
title = "Stuck"
[[stage.question]]
id = "reason"
type = "choice"
ask = "Why?"
choices = [{ id = "a", label = "A" }, { id = "b", label = "B" }]
[[stage.question]]
id = "day"
type = "date"
ask = "When?"
min = "+0d"
[[stage.question]]
id = "people"
type = "records"
ask = "Who?"
fields = [{ id = "person", type = "text", ask = "Who?" }, { id = "power", type = "scale", ask = "Say?" }]
[[finding]]
id = "which"
title = "F"
text = ["One.", { when = "reason == 'b' and any(people, power == 4)", text = "Two." }]
[[action]]
id = "send"
do = "Send it"
due = "+1d"
[[checkin]]
id = "after"
after = "+1w"
title = "After"
[[checkin.question]]
id = "went"
type = "yesno"
ask = "Well?"
[[checkin.finding]]
id = "kept"
when = "went and done(send)"
title = "K"
text = "K."
"""
DEFECTIVE = SOUND.replace(
    "[[action]]",
    '[[finding]]\nid = "never"\nwhen = "reason == \'a\' and reason == \'b\'"\ntitle = "N"\ntext = "Never."\n[[action]]',
)


@pytest.fixture
def authored(home) -> Home:
    home.add_playbook("my/sound", SOUND)
    home.add_playbook("my/defective", DEFECTIVE)
    return home


def test_a_sound_playbook_is_reported_with_its_lengths_and_exits_with_0(authored):
    ended = authored.run("playbook", "walk", "my/sound")

    assert (ended.code, ended.err) == (0, "")
    assert "parts are reached by" in ended.out
    assert "Every run ends with a finding." in ended.out
    assert "Every run ends with an action." in ended.out
    assert "Longest found: 3 questions, about 1 minute," in ended.out
    assert "Only some of the possible answers to these questions were tried: people." in ended.out


def test_what_is_never_reached_is_named_with_the_reason_and_exits_with_1(authored):
    ended = authored.run("playbook", "walk", "my/defective")

    assert ended.code == 1
    assert "Never reached, whatever the answers:" in ended.out
    assert "finding.never \"N\": No answers make its condition true: `reason == 'a' and reason == 'b'`." in ended.out


def test_a_file_can_be_walked_and_nothing_is_saved(authored):
    file = authored.write("draft.toml", SOUND)
    before = sorted(authored.folder.rglob("*.toml"))

    assert authored.run("playbook", "walk", file).code == 0
    assert sorted(authored.folder.rglob("*.toml")) == before
    assert authored.entries == []


def test_the_json_has_every_part_with_a_run_and_its_answers(authored):
    report = authored.run("playbook", "walk", "my/defective", "--json").json
    parts = {each["place"]: each for each in report["parts"]}
    line, never, kept = (
        parts[place] for place in ("finding.which.text.2", "finding.never", "checkin.after.finding.kept")
    )

    run = report["runs"][line["run"] - 1]
    assert run["number"] == line["run"]
    assert run["answers"]["reason"] == "b"
    assert any(form["power"] == 4 for form in run["answers"]["people"])
    assert (never["verdict"], never["run"], report["sound"]) == ("unreachable", None, False)
    later = report["runs"][kept["run"] - 1]
    assert (later["checkin"], later["checkin_answers"], later["done"]) == ("after", {"went": True}, ["send"])
    assert {each["part"]: each["certainty"] for each in report["ends"]} == {"finding": "proved", "action": "proved"}


def test_the_answers_that_reach_a_part_can_be_run(authored):
    answers = authored.run("playbook", "walk", "my/sound", "--reach", "finding.which.text.2")
    assert answers.code == 0
    assert answers.out.startswith("# my/sound: finding.which.text.2\n")

    ended = authored.run("my", "sound", "--answers", authored.write("a.toml", answers.out), "--json")
    assert ended.code == 0, ended.err
    assert "Two." in ended.json["entry"]["findings"][0]["text"]


def test_the_answers_of_a_check_in_are_added_as_comments(authored):
    out = authored.run("playbook", "walk", "my/sound", "--reach", "checkin.after.finding.kept").out

    assert "# Then, in the check-in after: Done by then: send." in out
    assert "# went = true" in out


def test_an_unknown_part_is_refused_with_the_nearest(authored):
    ended = authored.run("playbook", "walk", "my/sound", "--reach", "finding.wich", "--json")

    assert ended.code != 0
    assert [(each["code"], each["hint"]) for each in ended.problems] == [
        ("unknown-place", "Did you mean finding.which?")
    ]


def test_a_part_that_no_run_reaches_is_refused_with_the_reason(authored):
    ended = authored.run("playbook", "walk", "my/defective", "--reach", "finding.never")

    assert ended.code != 0
    assert "No run leads to finding.never." in ended.err
    assert "No answers make its condition true" in ended.err


def test_a_run_that_ends_without_an_action_is_shown(authored):
    file = authored.write("half.toml", SOUND.replace('do = "Send it"', 'do = "Send it"\nwhen = "reason == \'a\'"'))

    assert (
        "A run can end without an action. For its answers: --reach end.action"
        in authored.run("playbook", "walk", file).out
    )
    assert 'reason = "b"' in authored.run("playbook", "walk", file, "--reach", "end.action").out


def test_a_broken_playbook_is_refused_as_by_the_check(authored):
    ended = authored.run(
        "playbook", "walk", authored.write("broken.toml", SOUND.replace("reason == 'b'", "raeson == 'b'"))
    )

    assert ended.code != 0
    assert "raeson" in ended.err
    assert json.loads(authored.run("playbook", "walk", "my/sound", "--json").out)["playbook"] == "my/sound"
