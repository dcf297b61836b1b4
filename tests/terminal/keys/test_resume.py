"""Going on where an interview stopped: what is said first, a playbook that has changed meanwhile, two terminals."""

from __future__ import annotations

import subprocess

import pytest
from watched_terminal import WatchedTerminal

from careerkit.terminal.keys.key_codes import Key
from careerkit_process import COMMAND

PLAYBOOK = """
format = 1
title = "Ask for help"
summary = "From being stuck to a question"
[[stage]]
id = "now"
title = "Now"
[[stage.question]]
id = "stuck"
type = "text"
ask = "What are you stuck on?"
[[stage.question]]
id = "tried"
type = "text"
ask = "What have you tried?"
[[stage.question]]
id = "since"
type = "choice"
ask = "Since when?"
choices = [{ id = "hours", label = "For hours" }, { id = "days", label = "For days" }]
[[stage]]
id = "then"
title = "Then"
[[stage.question]]
id = "who"
type = "text"
ask = "Who knows more?"
[[stage.question]]
id = "when"
type = "text"
ask = "When will you ask?"
"""
SINCE = "Since when?"
CHANGED = PLAYBOOK.replace(SINCE, "For how long?").replace('id = "tried"', 'id = "tests"')


@pytest.fixture
def stopped(home):
    """Four answers to a playbook of the person's own, and then nothing more."""
    home.add_playbook("me/stuck", PLAYBOOK)
    assert home.run("me", "stuck", "--plain", stdin="the export\nread the log\n2\nLinh\n").code == 4
    return home


def shown(home):
    return home.run("journal", "show", "last", "--json").json["entry"]


def test_it_says_where_you_were_and_what_was_said_last(stopped):
    ended = stopped.run("resume", "--plain", stdin="today\n")

    assert ended.code == 0
    assert "You started on Sunday 22 November 2026. Continuing in 'Then', after 4 answers." in ended.err
    last = "Your last answers:\nWhat have you tried? read the log\nSince when? For days\nWho knows more? Linh\n"
    assert last in ended.err
    assert "the export" not in ended.err
    assert "changed" not in ended.err


def test_from_the_playbooks_own_command_it_says_the_same(stopped):
    ended = stopped.run("me", "stuck", "--plain", stdin="y\ntoday\n")

    assert ended.code == 0
    assert "Continuing in 'Then', after 4 answers." in ended.err
    assert "Since when? For days" in ended.err


def test_a_changed_question_is_asked_again_with_what_was_said_and_nothing_is_dropped(stopped):
    stopped.add_playbook("me/stuck", CHANGED)

    ended = stopped.run("resume", "--plain", stdin="read it twice\n\ntoday\n")

    assert ended.code == 0, ended.err
    told = "The playbook has changed since. 1 question is asked again, with what you said before. "
    assert told + "1 answer no longer has a question; it stays in the entry." in ended.err
    assert "This question has changed. Your earlier answer: For days" in ended.err
    entry = shown(stopped)
    assert entry["answers"] == {
        "stuck": "the export", "tests": "read it twice", "since": "days", "who": "Linh", "when": "today",
    }  # fmt: skip
    assert entry["earlier"] == [
        {"question": "tried", "asked": "What have you tried?", "answer": "read the log"},
        {"question": "since", "asked": "Since when?", "answer": "days"},
    ]


def test_what_has_no_question_any_more_can_still_be_read(stopped):
    stopped.add_playbook("me/stuck", CHANGED)
    stopped.run("resume", "--plain", stdin="x\n")

    out = stopped.run("journal", "show", "last").out
    said = out[out.index("Earlier answers") :]
    assert "What have you tried? read the log" in said
    assert "Since when? For days" in said


def test_resumed_twice_the_changed_question_still_says_what_was_said(stopped):
    stopped.add_playbook("me/stuck", CHANGED)
    assert stopped.run("resume", "--plain", stdin="read it twice\n").code == 4

    ended = stopped.run("resume", "--plain", stdin="\ntoday\n")

    assert ended.code == 0, ended.err
    assert "The playbook has changed" not in ended.err
    assert "Your earlier answer: For days" in ended.err


def test_resumed_with_no_answer_the_entry_stays_as_it_was(stopped):
    before = stopped.entries[0].read_bytes()
    stopped.add_playbook("me/stuck", CHANGED)
    stopped.run("resume", "--plain")

    assert stopped.entries[0].read_bytes() == before


def test_a_playbook_that_changed_in_nothing_that_matters_is_told_in_one_line(stopped):
    stopped.add_playbook("me/stuck", PLAYBOOK + "# a remark\n")
    ended = stopped.run("resume", "--plain", stdin="today\n")

    assert ended.code == 0
    assert "The playbook has changed since. All your answers still fit.\n" in ended.err


def test_with_a_playbook_that_is_broken_or_gone_it_goes_on_with_the_copy(stopped):
    path = stopped.add_playbook("me/stuck", "format = 1\n")
    broken = stopped.run("resume", "--plain", stdin=":skip\n")
    path.unlink()
    gone = stopped.run("resume", "--plain", stdin="today\n")

    assert "'Ask for help' has changed since, and its new version can't be used." in broken.err
    assert gone.code == 0, gone.err
    assert "'Ask for help' is no longer installed. This continues with the copy in your journal." in gone.err
    assert len(shown(stopped)["answers"]) == 5


def test_without_the_journals_copy_it_goes_on_with_the_installed_one(stopped):
    next(stopped.journal.glob("playbooks/*.toml")).unlink()
    assert stopped.run("resume", "--plain", stdin="today\n").code == 0

    stopped.run("me", "stuck", "--new", "--plain", stdin="the export\n")
    stopped.add_playbook("me/stuck", CHANGED)
    next(stopped.journal.glob("playbooks/*.toml")).unlink()
    ended = stopped.run("resume", "--plain", stdin="\n")
    assert "1 question is asked again, with what you said before." in ended.err
    assert "Your earlier answer: the export" in ended.err


def test_without_either_it_is_refused_and_stays_as_it_was(stopped):
    before = stopped.entries[0].read_bytes()
    next(stopped.journal.glob("playbooks/*.toml")).unlink()
    (stopped.playbooks / "me/stuck.toml").unlink()

    ended = stopped.run("resume", "--json")

    assert (ended.code, [each["code"] for each in ended.problems]) == (1, ["playbook-missing"])
    assert stopped.entries[0].read_bytes() == before


def test_a_playbook_from_a_file_goes_on_with_its_copy_and_says_nothing_of_it(home):
    home.run("run", home.write("mine.toml", PLAYBOOK), "--plain", stdin="the export\n")
    ended = home.run("resume", "--plain", stdin="x\n")

    assert ended.code == 4
    assert "installed" not in ended.err


# ---------------------------------------------------------------- two terminals


def terminal_with(home, *arguments):
    return WatchedTerminal(80, 30, *COMMAND, *arguments, cwd=str(home.folder), **home.env)


def first_of(home, *options):
    """A terminal in which the entry is gone on with."""
    terminal = terminal_with(home, "resume", *options)
    terminal.wait("When will you ask?")
    return terminal


@pytest.mark.parametrize("options", [(), ("--plain",)], ids=["keys", "plain"])
@pytest.mark.parametrize("others", [(), ("--plain",)], ids=["keys", "plain"])
def test_the_second_terminal_is_told_and_the_first_loses_nothing(stopped, options, others):
    first = first_of(stopped, *options)
    before = stopped.entries[0].read_bytes()

    second = terminal_with(stopped, "resume", *others)
    second.wait("This entry is already open in another careerkit")
    second.wait("Continue in that window, or close it first.")
    assert second.child.wait() == 1
    assert "When will you ask?" not in second.shown
    assert stopped.entries[0].read_bytes() == before

    first.press("tomorrow", Key.ENTER, Key.ENTER, "q", "q")
    first.wait("Saved as")
    assert shown(stopped)["answers"]["when"] == "tomorrow"


def test_a_second_terminal_that_begins_the_same_playbook_is_told_too(stopped):
    first = first_of(stopped)
    second = terminal_with(stopped, "me", "stuck", "--plain")
    second.wait("stopped after 4 answers.")
    second.press("y", Key.ENTER)
    second.wait("This entry is already open in another careerkit")

    assert second.child.wait() == 1
    assert first.child.isalive()


def test_when_the_first_is_killed_the_second_goes_on(stopped):
    first = first_of(stopped)
    subprocess.run(["kill", "-9", str(first.child.pid)], check=True)
    first.child.wait()

    second = terminal_with(stopped, "resume")
    second.wait("When will you ask?")
    second.press("tomorrow", Key.ENTER, Key.ENTER, "q", "q")
    second.wait("Saved as")


def test_the_terminal_of_the_second_is_as_it_was(stopped):
    first = first_of(stopped)
    script = "stty -a > before; \"$@\" resume; stty -a > after; echo '#''end#'"
    second = WatchedTerminal(80, 30, "sh", "-c", script, "sh", *COMMAND, cwd=str(stopped.folder), **stopped.env)
    second.wait("#end#")

    assert "This entry is already open in another careerkit" in second.shown
    assert first.child.isalive()
    assert (stopped.folder / "before").read_text() == (stopped.folder / "after").read_text()
