"""`careerkit playbook check`: files, folders and ids, explanations, and reports for other programs."""

from __future__ import annotations

import json

import pytest

from careerkit_process import Home

CLEAN = """\
format = 1
title = "Ask"
summary = "Ask one question"
[[stage]]
id = "now"
title = "Now"
[[stage.question]]
id = "who"
type = "text"
ask = "Who knows more?"
[[action]]
id = "ask"
do = "Ask {who}"
due = "+1d"
"""
NEVER = CLEAN.replace("due =", 'when = "1 == 2"\ndue =')
BROKEN = CLEAN.replace("{who}", "{whom}")


def test_a_folder_means_all_playbooks_in_it_and_in_its_folders(home: Home):
    for folder in ("some", "some/inner", "some/.hidden"):
        (home.folder / folder).mkdir()
    home.write("some/a.toml", CLEAN)
    home.write("some/inner/b.toml", NEVER)
    home.write("some/.hidden/c.toml", BROKEN)

    ended = home.run("playbook", "check", home.folder / "some")

    assert ended.code == 0
    assert "inner/b.toml:14:9: warning: never-true" in ended.err
    assert "hidden" not in ended.err


def test_a_folder_without_playbooks_is_an_error(home: Home):
    (home.folder / "empty").mkdir()

    ended = home.run("playbook", "check", home.folder / "empty")

    assert (ended.code, "no-playbooks" in ended.err) == (1, True)


def test_an_id_means_its_file(home: Home):
    home.add_playbook("me/ask", NEVER)

    ended = home.run("playbook", "check", "me/ask", "--json")

    [problem] = ended.json["problems"]
    assert (problem["code"], problem["severity"], problem["line"]) == ("never-true", "warning", 14)
    assert problem["file"].endswith("me/ask.toml")


def test_a_misspelled_id_is_answered_with_the_closest_one(home: Home):
    ended = home.run("playbook", "check", "crisis/strat")

    assert ended.code == 1
    assert "Did you mean crisis/start?" in ended.err


def test_a_file_without_problems_is_remembered_until_it_changes(home: Home):
    file = home.write("a.toml", CLEAN)
    assert home.run("playbook", "check", file).out == home.run("playbook", "check", file).out == "No problems.\n"

    home.write("a.toml", BROKEN)

    assert "unknown-id" in home.run("playbook", "check", file).err


def test_a_follow_up_that_is_removed_is_noticed_although_the_file_is_the_same(home: Home):
    linking = CLEAN + '[[finding]]\nid = "f"\ntitle = "More"\ntext = "There is more."\nnext = "me/more"\n'
    file, other = home.write("a.toml", linking), home.add_playbook("me/more", CLEAN)
    assert home.run("playbook", "check", file).out == "No problems.\n"

    other.unlink()

    assert "missing-playbook" in home.run("playbook", "check", file).err


def test_a_rule_is_explained_with_examples(home: Home):
    out = home.run("playbook", "check", "--explain", "never-true").out

    assert out.startswith("never-true (warning): ")
    assert out.index("Not like this:") < out.index("Like this:")
    rule = home.run("playbook", "check", "--explain", "never-true", "--json").json["rule"]
    assert rule.keys() == {"code", "severity", "summary", "explanation", "bad", "good"}


def test_an_unknown_rule_is_answered_with_the_closest_one(home: Home):
    ended = home.run("playbook", "check", "--explain", "nevr-true")

    assert ended.code == 1
    assert "never-true" in ended.err


def test_something_to_check_has_to_be_named(home: Home):
    ended = home.run("playbook", "check")

    assert ended.code == 1
    assert "Name a file, a folder or a playbook" in ended.err


def test_problems_are_annotations_of_github(home: Home):
    file = home.write("a,b.toml", BROKEN)

    ended = home.run("playbook", "check", file, "--format", "github")

    assert ended.code == 1
    [line] = ended.out.splitlines()
    assert line.startswith("::error file=")
    assert "a%2Cb.toml,line=13,col=12,title=unknown-id::There is no question or compute" in line


@pytest.mark.parametrize(("text", "levels"), [(CLEAN, []), (NEVER, ["warning"]), (BROKEN, ["error"])])
def test_problems_are_results_of_a_sarif_log(home: Home, text, levels):
    file = home.write("a.toml", text)

    log = json.loads(home.run("playbook", "check", file, "--format", "sarif").out)

    [run] = log["runs"]
    assert log["version"] == "2.1.0"
    assert [each["level"] for each in run["results"]] == levels
    for each in run["results"]:
        assert run["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"]
        assert each["locations"][0]["physicalLocation"]["region"]["startLine"] in (13, 14)


@pytest.mark.parametrize("form", ["github", "sarif"])
def test_no_report_has_a_control_character_of_a_file_name(home: Home, form):
    file = home.write("a\x1b[31m.toml", BROKEN)

    ended = home.run("playbook", "check", file, "--format", form)

    assert "\x1b" not in ended.out + ended.err
