"""Follow-up playbooks on the command line: the offer at a terminal, and `--from` on another day."""

import shlex

import pytest

from careerkit_process import COMMAND, Home

FIRST = """
format = 1
title = "The first"
summary = "One question"
[[stage]]
id = "s"
title = "Start"
[[stage.question]]
id = "what"
type = "text"
ask = "What is it?"
[[finding]]
id = "on"
title = "There is more"
text = "{what}."
next = "my/second"
with = { matter = "what" }
[[finding]]
id = "gone"
title = "Nowhere"
text = "{what}."
next = "my/missing"
"""
SECOND = """
format = 1
title = "The second"
summary = "Two questions"
[[stage]]
id = "s"
title = "Start"
[[stage.question]]
id = "matter"
type = "text"
ask = "What is the matter?"
[[stage.question]]
id = "since"
type = "text"
ask = "Since when?"
[[finding]]
id = "back"
title = "Back"
text = "{matter}, {since}."
next = "my/first"
"""


@pytest.fixture
def two(home) -> Home:
    home.add_playbook("my/first", FIRST)
    home.add_playbook("my/second", SECOND)
    return home


@pytest.fixture
def handle(two) -> str:
    ended = two.run("my", "first", "--answers", two.write("a.toml", 'what = "it broke"\n'), "--json")
    return ended.json["entry"]["id"].partition("-")[2]


def answers_of(home, playbook):
    """The answers of the entries of that playbook."""
    listed = home.run("journal", "list", "--json").json["entries"]
    ids = [each["id"] for each in listed if each["playbook"] == playbook]
    return [home.run("journal", "show", each, "--json").json["entry"]["answers"] for each in ids]


def test_from_carries_over_answers_and_says_so_at_the_start(two, handle):
    ended = two.run("my", "second", "--from", handle, "--plain", stdin="tuesday\n")
    assert ended.code == 0, ended.err
    assert "Carried over 1 answer from 'The first'. The review shows them, and you can change any." in ended.err
    assert "What is the matter?" not in ended.err
    assert answers_of(two, "my/second") == [{"matter": "it broke", "since": "tuesday"}]


def test_from_works_with_run_and_an_answers_file_takes_precedence(two, handle):
    both = two.write("b.toml", 'matter = "another"\nsince = "monday"\n')
    assert two.run("run", "my/second", "--from", handle, "--answers", both).code == 0
    assert two.run("my", "second", "--from", handle, "--answers", two.write("c.toml", 'since = "today"\n')).code == 0
    given = sorted(answers_of(two, "my/second"), key=lambda each: each["since"])
    assert given == [{"matter": "another", "since": "monday"}, {"matter": "it broke", "since": "today"}]


def test_from_an_entry_that_leads_elsewhere_is_refused_and_says_where_it_leads(two, handle):
    ended = two.run("crisis", "start", "--from", handle, "--json")
    assert ended.code == 1
    assert [each["code"] for each in ended.problems] == ["leads-elsewhere"]
    assert "careerkit my second" in ended.problems[0]["hint"]
    assert len(two.entries) == 1


def test_the_end_suggests_installed_follow_ups_with_from_if_answers_carry_over(two, handle):
    ended = two.run("my", "first", "--plain", stdin="it broke\n")
    (handle,) = {each.stem.partition("-")[2] for each in two.entries} - {handle}
    assert f"  careerkit my second --from {handle}\n" in ended.err
    assert "my missing" not in ended.err


def test_the_commands_suggested_at_the_end_work_for_the_given_journal(two):
    place = two.folder / "another place"
    end = two.run("my", "first", "--answers", two.write("a.toml", 'what = "A row"'), "--journal", place).err
    named = [line.removeprefix("  careerkit ") for line in end.splitlines() if line.startswith("  careerkit plan show")]

    assert len(named) == 1
    assert two.run(*shlex.split(named[0])).code == 0


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_nothing_is_offered_to_a_pipe_or_with_json(two, options):
    ended = two.run("my", "first", "--plain", *options, stdin="it broke\ny\n")
    assert ended.code == 0
    assert "Continue with" not in ended.err
    assert len(two.entries) == 1


def at_a_terminal(home, *arguments):
    pexpect = pytest.importorskip("pexpect")
    return pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], *arguments], env=home.env, cwd=str(home.folder), encoding="utf-8", timeout=20
    )


def test_yes_starts_the_follow_up_with_the_answers(two):
    child = at_a_terminal(two, "my", "first", "--plain")
    child.expect("What is it")
    child.sendline("it broke")
    child.expect("Enter finishes")
    child.sendline("")
    child.expect("A letter or a word.*Enter finishes")
    child.sendline("")
    child.expect("careerkit my second --from")
    child.expect("Continue with 'The second' now. It starts with 1 answer")
    child.sendline("y")
    child.expect("Carried over 1 answer from 'The first'")
    child.expect("Since when")
    child.sendline("tuesday")
    child.expect("Enter finishes")
    child.sendline("")
    child.expect("A letter or a word.*Enter finishes")
    child.sendline("")
    child.expect("Saved as")
    rest = child.read()
    assert child.wait() == 0
    assert "Continue with" not in rest, "the first has just been gone through"
    assert answers_of(two, "my/second") == [{"matter": "it broke", "since": "tuesday"}]


@pytest.mark.parametrize("reply", ["", "n", "\x04"])
def test_no_enter_and_the_end_of_input_decline_a_follow_up(two, reply):
    child = at_a_terminal(two, "my", "first", "--plain")
    child.expect("What is it")
    child.sendline("it broke")
    child.expect("Enter finishes")
    child.sendline("")
    child.expect("A letter or a word.*Enter finishes")
    child.sendline("")
    child.expect("Continue with 'The second' now")
    child.expect("y or n")
    if reply == "\x04":
        child.sendeof()
    else:
        child.sendline(reply)
    child.read()
    assert child.wait() == 0
    assert len(two.entries) == 1
