"""The output and exit code of each command."""

import os
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from subprocess import PIPE

import pytest

from careerkit_process import COMMAND, Home

SMALL = """
format = 1
title = "A small one"
summary = "Two questions"
version = "1"
minutes = 2
[[source]]
id = "S1"
cite = "A text."
[[stage]]
id = "s"
title = "Start"
quick = true
[[stage.question]]
id = "what"
type = "text"
ask = "What is it?"
[[stage]]
id = "t"
title = "Then"
[[stage.question]]
id = "kind"
type = "choice"
ask = "Which kind?"
choices = [ { id = "big", label = "A big one" }, { id = "small", label = "A small one" } ]
[[finding]]
id = "big"
title = "Big"
when = "kind == 'big'"
source = ["S1.2"]
text = "Take care of {what}."
[[draft]]
id = "words"
title = "Words"
to = "them"
quick = true
text = "About {what}."
[[action]]
id = "act"
quick = true
do = "Act on {what}"
cue = "Tonight"
due = "+1wd"
evidence = "It is done"
[[checkin]]
id = "week"
after = "+1w"
title = "A week on"
"""

ANSWERS = 'what = "the fire"\nkind = "big"\n'


@pytest.fixture
def small(home):
    home.add_playbook("my/small", SMALL)
    return home


@pytest.fixture
def finished(small):
    ended = small.run("my", "small", "--answers", small.write("a.toml", ANSWERS), "--json")
    assert ended.code == 0, ended.err
    return small, ended.json["entry"]


def test_the_version_is_printed(home):
    assert home.run("--version").out.startswith("careerkit ")
    assert home.run("--version", "--plain").out.startswith("careerkit ")


def test_help_lists_playbooks_and_commands_with_an_example(home):
    out = home.run("--help").out
    assert "crisis start" in out
    assert "Example: careerkit crisis start" in out
    assert home.run().out == out


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "resume",
        "journal",
        "journal list",
        "journal show",
        "journal edit",
        "journal trend",
        "journal note",
        "journal tag",
        "journal untag",
        "journal remove",
        "journal restore",
        "journal where",
        "plan",
        "plan show",
        "plan export",
        "playbook",
        "playbook list",
        "playbook show",
        "playbook check",
        "playbook walk",
        "config",
        "config show",
        "config set",
        "config path",
        "crisis start",
    ],
)
def test_the_help_of_every_command_shows_an_example(home, command):
    ended = home.run(*command.split(), "--help")
    assert ended.code == 0
    assert "Example: " in ended.out


@pytest.mark.parametrize("group", ["journal", "plan", "playbook", "config"])
def test_a_group_describes_each_of_its_commands_in_a_whole_sentence(home, group):
    shown = home.run(group, "--help").out.partition("Commands:\n")[2].splitlines()

    assert len(shown) > 1
    assert [line for line in shown if line.endswith("...") or not line.endswith(".")] == []


def test_help_on_a_narrow_terminal_breaks_no_line_in_a_word(home):
    out = home.run("plan", "--help", env={"COLUMNS": "40"}).out

    assert max(map(len, out.splitlines())) <= 40
    assert "Example: careerkit plan show" in out


def test_a_playbook_dropped_into_the_personal_folder_is_a_command_at_once(small):
    assert "my small" in small.run("--help").out
    assert "Two questions" in small.run("my", "small", "--help").out
    listed = {each["id"]: each for each in small.run("playbook", "list", "--json").json["playbooks"]}
    assert listed["my/small"]["origin"] == "personal"


def test_playbooks_are_also_read_from_the_folder_in_the_environment(home):
    folder = home.folder / "more"
    (folder / "their").mkdir(parents=True)
    (folder / "their" / "own.toml").write_text(SMALL)
    ended = home.run("their", "own", "--help", env={"CAREERKIT_PLAYBOOKS": str(folder)})
    assert ended.code == 0


def test_a_personal_playbook_that_replaces_a_bundled_one_is_announced(home):
    home.add_playbook("crisis/start", SMALL)
    listed = {each["id"]: each for each in home.run("playbook", "list", "--json").json["playbooks"]}
    assert (listed["crisis/start"]["shadows"], listed["crisis/start"]["title"]) == (True, "A small one")
    assert "instead of the bundled" in home.run("crisis", "start", "--plain").err


def test_a_broken_personal_playbook_is_reported_in_one_line_and_blocks_nothing_else(small):
    path = small.add_playbook("my/broken", "format = ")
    ended = small.run("playbook", "list")
    assert ended.code == 0
    assert "my small" in ended.out
    assert str(path) in ended.err
    assert small.run("my", "small", "--answers", small.write("a.toml", ANSWERS)).code == 0


def test_answers_from_a_file_give_findings_plan_and_drafts_on_standard_output(small):
    ended = small.run("my", "small", "--answers", small.write("a.toml", ANSWERS))
    assert ended.code == 0
    for words in ("Take care of the fire.", "Act on the fire", "About the fire."):
        assert words in ended.out
    assert "careerkit plan show" in ended.err


def test_the_json_of_an_entry_has_the_documented_keys(finished):
    home, entry = finished
    assert set(entry) >= {
        *("id", "playbook", "title", "started", "finished", "state", "answered", "asked", "actions_open"),
        *("actions_done", "tags", "answers", "computed", "decisions", "findings", "drafts", "actions", "checkins"),
        *("disputed", "removed", "notes", "corrections", "corrected", "disputes", "story"),
    }
    assert entry["answers"] == {"what": "the fire", "kind": "big"}
    assert entry["findings"][0]["because"] == ["kind"]
    assert {"for", "against", "level", "text", "title"} <= set(entry["findings"][0])
    shown = home.run("journal", "show", "last", "--json").json["entry"]
    assert [each["kind"] for each in shown["story"]] == ["begun", "card", "finished"]
    assert {**shown, "story": []} == entry


def test_the_list_shows_what_is_open_and_what_is_done(finished):
    home, entry = finished
    listed = home.run("journal", "list", "--json").json["entries"]
    assert [(each["id"], each["state"], each["actions_open"]) for each in listed] == [(entry["id"], "finished", 1)]
    assert entry["id"].split("-")[1] in home.run("journal", "list").out


def test_an_entry_is_found_by_the_beginning_of_its_random_part(finished):
    home, entry = finished
    handle = entry["id"].split("-")[1]
    assert home.run("plan", "show", handle[:4], "--json").json["entry"] == entry["id"]
    assert home.run("plan", "show", entry["id"], "--json").json["actions"][0]["id"] == "act"


def test_an_unknown_entry_is_reported_with_exit_code_1(finished):
    home, _ = finished
    ended = home.run("journal", "show", "zzzzzz", "--json")
    assert ended.code == 1
    assert ended.problems[0]["code"]
    assert ended.problems[0]["hint"]


def test_a_draft_is_printed_for_copying(finished):
    home, _ = finished
    assert home.run("plan", "show", "--draft", "words").out == "About the fire.\n"
    ended = home.run("plan", "show", "--draft", "word")
    assert (ended.code, 'Did you mean "words"?' in ended.err) == (1, True)


def test_the_plan_shows_what_matters_most_and_names_the_command_for_the_rest(finished):
    home, entry = finished
    handle = entry["id"].partition("-")[2]
    out = home.run("plan", "show").out
    for words in ("Take care of the fire", "Act on the fire", "About the fire.", f"careerkit plan show {handle} --all"):
        assert out.count(words) == 1, words
    for words in ("A week on", "It is done", "Because you said"):
        assert words not in out


def test_the_whole_result_has_evidence_reasons_check_ins_and_the_disclaimer_once(finished):
    home, entry = finished
    out = home.run("plan", "show", "--all").out
    for words in ("Act on the fire", "A week on", "Done when: It is done", "Because you said", "the judgment is yours"):
        assert out.count(words) == 1, words
    assert home.run("plan", "show", "--all", "--draft", "words").code == 2


def test_an_entry_ends_with_the_first_view_of_its_result(finished):
    home, entry = finished
    out = home.run("journal", "show").out
    whole, short = out.split("The result in short.")
    assert "Done when: It is done" in whole
    assert "Act on the fire" in short
    assert short.endswith("Rules of thumb are our own; the judgment is yours.\n")
    assert out.count("the judgment is yours") == 1


def test_the_export_goes_to_standard_output_or_a_new_file_for_the_owner_only(finished):
    home, _ = finished
    text = home.run("plan", "export").out
    assert "- [ ] Act on the fire" in text
    target = home.folder / "plan.md"
    assert home.run("plan", "export", "--output", target).code == 0
    assert target.read_text() == text
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_an_export_never_overwrites_without_force(finished):
    home, _ = finished
    target = home.write("plan.md", "mine")
    ended = home.run("plan", "export", "--output", target, "--json")
    assert (ended.code, ended.problems[0]["code"]) == (1, "file-exists")
    assert target.read_text() == "mine"
    assert home.run("plan", "export", "--output", target, "--force").code == 0
    assert "Act on" in target.read_text()


@pytest.mark.parametrize("target", [".", "no/such/folder/plan.md"])
def test_an_export_to_a_folder_is_refused(finished, target):
    home, _ = finished
    ended = home.run("plan", "export", "--output", target)
    assert ended.code == 1
    assert "Traceback" not in ended.err


def test_shared_options_work_before_and_after_the_command(finished):
    home, entry = finished
    assert home.run("--json", "journal", "list").json == home.run("journal", "list", "--json").json
    assert home.run("journal", "--json", "list").json["entries"]


def test_the_journal_can_be_elsewhere(small):
    elsewhere = small.folder / "elsewhere"
    answers = small.write("a.toml", ANSWERS)
    assert small.run("--journal", elsewhere, "my", "small", "--answers", answers).code == 0
    assert small.run("journal", "where", env={"CAREERKIT_JOURNAL": str(elsewhere)}).out.strip() == str(elsewhere)
    assert len(small.run("journal", "list", "--json", "--journal", elsewhere).json["entries"]) == 1
    assert small.run("journal", "list", "--json").json["entries"] == []


def test_an_entry_that_was_left_after_the_quick_lane_counts_all_answers_of_the_file(small):
    answers = small.write("a.toml", 'what = "x"\nkind = "big"\n')
    assert small.run("my", "small", "--quick", "--answers", answers).code == 0

    [entry] = small.run("journal", "list", "--json").json["entries"]

    assert (entry["answered"], entry["asked"]) == (2, 2)


def test_an_answer_to_a_question_that_is_not_asked_is_kept_and_noticed(home):
    text = SMALL.replace('ask = "Which kind?"', 'ask = "Which kind?"\nwhen = "answered(what) and false"')
    file, answers = home.write("small.toml", text), home.write("a.toml", 'what = "x"\nkind = "big"\n')

    ended = home.run("run", file, "--answers", answers)

    assert ended.code == 0
    assert "The answer to 'kind' doesn't count" in ended.err
    assert "hidden-answer" in home.run("run", file, "--answers", answers, "--json").err


def test_quick_gives_the_card_leaves_the_entry_open_and_exits_with_0(small):
    ended = small.run("my", "small", "--quick", "--answers", small.write("a.toml", 'what = "x"\n'), "--json")
    assert ended.code == 0
    entry = ended.json["entry"]
    assert (entry["state"], [each["id"] for each in entry["actions"]]) == ("open", ["act"])
    assert small.run("plan", "show").code == 0
    assert small.run("journal", "show", "--json").json["entry"]["answers"] == {"what": "x", "kind": None}
    resumed = small.run("resume", "--plain", stdin="1\n")
    assert resumed.code == 0, resumed.err
    assert small.run("journal", "list", "--json").json["entries"][0]["state"] == "finished"


def test_the_end_of_input_exits_with_4_and_resume_continues(small):
    ended = small.run("my", "small", "--plain", stdin="the fire\n")
    assert ended.code == 4
    assert "careerkit resume" in ended.err
    assert small.run("resume", "--plain", stdin="y\n1\n").code == 0


def test_an_ignored_hangup_ends_nothing(small):
    ignoring = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *COMMAND, "my", "small", "--plain"]
    running = subprocess.Popen(ignoring, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True, env=small.env)
    assert running.stdin is not None
    running.stdin.write("the fire\n")
    running.stdin.flush()
    deadline = time.monotonic() + 120
    while not small.entries:
        assert time.monotonic() < deadline, "the first answer was never saved"
        time.sleep(0.01)
    running.send_signal(signal.SIGHUP)

    output = running.communicate("y\n1\n")

    assert running.returncode == 0, output


def test_without_a_keyboard_the_option_answers_is_suggested(small):
    ended = small.run("my", "small", "--plain", stdin="")
    assert ended.code == 4
    assert "--answers FILE" in ended.err


def test_in_an_empty_journal_a_command_for_an_entry_says_how_to_start_one(small):
    for command in ("show", "note", "remove"):
        assert "Start one, for example" in small.run("journal", command, stdin="a note").err


def test_saving_and_stopping_by_command_exits_with_4(small):
    assert small.run("my", "small", "--plain", stdin="the fire\ny\n:save\n").code == 4


def test_an_unfinished_entry_is_offered_unless_new_is_given(small):
    small.run("my", "small", "--plain", stdin="the fire\n")
    assert small.run("my", "small", "--plain", stdin="y\ny\n2\n").code == 0
    assert len(small.entries) == 1
    small.run("my", "small", "--plain", stdin="one\n")
    small.run("my", "small", "--plain", "--new", stdin="two\n")
    assert len(small.entries) == 3


def test_a_playbook_runs_from_a_file(home):
    path = home.write("other.toml", SMALL)
    assert home.run("run", path, "--answers", home.write("a.toml", ANSWERS)).code == 0
    assert home.run("run", "nowhere.toml").code == 1
    assert home.run("run", "crisis/strat").code == 1
    assert "crisis/start" in home.run("run", "crisis/strat").err


def test_an_unknown_command_exits_with_2_and_names_a_near_one(home):
    for words, near in ((["jurnal"], "journal"), (["crisis", "strat"], "start"), (["plan", "shw"], "show")):
        ended = home.run(*words)
        assert ended.code == 2
        assert f'Did you mean "{near}"?' in ended.err
    assert home.run("journal", "list", "--no-such-option").code == 2


def test_errors_are_json_on_standard_error_when_asked(home):
    ended = home.run("run", "no/playbook", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert set(ended.problems[0]) == {"code", "where", "message", "hint"}


def test_every_problem_in_an_answers_file_is_reported(small):
    answers = small.write("a.toml", 'wat = "x"\nkind = "huge"\n')
    ended = small.run("my", "small", "--answers", answers, "--json")
    assert ended.code == 1
    assert {(each["code"], each["where"]) for each in ended.problems} == {
        ("unknown-question", "wat"),
        ("missing", "what"),
        ("unknown-choice", "kind"),
    }
    assert small.entries == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"what = ", "bad-toml"),
        (b'what = "\xff"', "not-utf8"),
        (b"x = " + b"[" * 5000, "too-deep"),
        (b"x = 1\nx = 2", "bad-toml"),
        (b"\x00", "bad-toml"),
    ],
)
def test_an_unreadable_answers_file_is_reported_with_its_name(small, content, code):
    path = small.write("bad.toml", content)
    ended = small.run("my", "small", "--answers", path, "--json")
    assert (ended.code, ended.problems[0]["code"]) == (1, code)
    assert str(path) in ended.problems[0]["where"]
    assert "Traceback" not in ended.err


def test_a_missing_answers_file_and_a_folder_in_its_place_are_reported(small):
    assert small.run("my", "small", "--answers", "none.toml").code == 1
    assert small.run("my", "small", "--answers", small.folder).code == 1


def test_a_playbook_file_is_checked_and_shown(small):
    good, bad = small.write("good.toml", SMALL), small.write("bad.toml", SMALL.replace("kind ==", "knd =="))
    assert small.run("playbook", "check", good).code == 0
    ended = small.run("playbook", "check", good, bad, "--json")
    assert ended.code == 1
    problem = ended.json["problems"][0]
    assert problem["file"].endswith("bad.toml")
    assert problem["line"] == SMALL.split("\n").index("when = \"kind == 'big'\"") + 1
    assert "kind" in problem["hint"] + problem["message"]
    assert ":35:" in small.run("playbook", "check", bad).err or small.run("playbook", "check", bad).err
    shown = small.run("playbook", "show", "my/small", "--json").json
    assert {"id", "title", "stages", "computes", "findings", "drafts", "actions", "checkins"} <= set(shown)
    assert "What is it?" in small.run("playbook", "show", good).out


def test_a_closed_pipe_ends_quietly(small):
    listing = subprocess.Popen(
        [*COMMAND, "playbook", "show", "crisis/start"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=small.env
    )
    listing.stdout.close()
    err = listing.stderr.read()
    assert listing.wait() == 0
    assert err == b""
    listing.stderr.close()


def test_a_journal_that_is_a_file_is_reported_and_left_unchanged(small):
    path = small.write("journal", "not a folder")
    ended = small.run("my", "small", "--journal", path, "--answers", small.write("a.toml", ANSWERS), "--json")
    assert ended.code == 1
    assert str(path) in ended.err
    assert path.read_text() == "not a folder"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs the right to act as another user")
def test_a_read_only_journal_is_reported_and_left_unchanged(need_tool):
    need_tool("setpriv")
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.add_playbook("my/small", SMALL)
        home.write("a.toml", ANSWERS)
        for path in (home.folder, *home.folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        other_user = ["setpriv", "--reuid=65534", "--clear-groups", *COMMAND]
        ended = subprocess.run(
            [*other_user, "my", "small", "--answers", "a.toml"], env=home.env, cwd=home.folder, capture_output=True
        )
        assert ended.returncode == 1, ended.stderr
        assert b"Traceback" not in ended.stderr
        assert b"not saved" in ended.stderr
        assert home.entries == []


def test_escape_codes_and_markup_in_playbook_and_answers_are_shown_as_harmless_text(home):
    evil = SMALL.replace("A small one", "[red]small[/red] \\u001b[31m").replace("Which kind?", "[bold]Which?[/bold]")
    home.add_playbook("my/evil", evil)
    assert "\x1b[31m" not in home.run("playbook", "list").out + home.run("playbook", "list").err
    home.add_playbook("my/small", SMALL)
    answers = home.write("a.toml", 'what = "\\u001b]52;c;aGk=\\u0007 [red]x[/red] \\u202e <b>"\nkind = "big"\n')
    ended = home.run("my", "small", "--answers", answers)
    assert ended.code == 0
    for text in (ended.out, ended.err, home.run("journal", "show").out, home.run("plan", "export").out):
        assert "\x1b]52" not in text
        assert "\x07" not in text
        assert "\u202e" not in text
    assert "[red]x[/red]" in ended.out
    assert "<b>" not in home.run("plan", "export").out.replace("\\<b\\>", "")
