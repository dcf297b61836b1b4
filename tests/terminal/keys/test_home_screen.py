"""`careerkit` alone at a terminal, with keys and line by line."""

from __future__ import annotations

import pytest
from watched_terminal import WatchedTerminal

from careerkit.terminal.keys.key_codes import Key
from careerkit_process import COMMAND

PLAYBOOK = """
format = 1
title = "Ask for help"
summary = "One question, one step"
[[stage]]
id = "now"
title = "Now"
[[stage.question]]
id = "stuck"
type = "text"
ask = "What are you stuck on?"
[[stage.question]]
id = "who"
type = "text"
ask = "Who knows?"
[[action]]
id = "ask"
do = "Ask {who}, who has seen all of it before, what they would look at first of all in such a case"
due = "+0d"
[[action]]
id = "tell"
do = "Tell the others"
due = "+0d"
"""


@pytest.fixture
def lived_in(home):
    """A home with something unfinished, something due, and a playbook of the person's own."""
    home.add_playbook("me/stuck", PLAYBOOK)
    home.run("me", "stuck", "--answers", home.write("a.toml", 'stuck = "the export"\nwho = "Linh"\n'))
    home.run("me", "stuck", "--new", "--plain", stdin="the import\n")
    return home


def at_home(home, *options, columns=80, lines=40, **environment):
    return WatchedTerminal(columns, lines, *COMMAND, *options, cwd=str(home.folder), **{**home.env, **environment})


def test_it_shows_what_is_unfinished_what_is_due_and_the_playbooks(lived_in):
    terminal = at_home(lived_in)
    terminal.wait("Ctrl-C quit")

    heads = ["careerkit", "stays on this machine", "Unfinished", "Ask for help", "1 of 2 answered", "Due", "Ask Linh"]
    heads += ["due today", "What is it about?", "Something went wrong", "All playbooks", "Playbooks", "Ask for help"]
    heads += ["me stuck", "Continue where you left off."]
    at = 0
    for head in heads:
        at = terminal.shown.index(head, at)


def test_the_unfinished_entry_is_gone_on_with(lived_in):
    terminal = at_home(lived_in)
    terminal.wait("Ctrl-C quit")
    terminal.press(Key.ENTER)
    terminal.wait("Who knows?")

    assert "What would you like to do?" not in terminal.shown
    terminal.press("Ada", Key.ENTER)
    terminal.wait("❯ Finish")
    terminal.press(Key.ENTER, "q")
    terminal.wait("Saved as")


def test_something_due_shows_its_plan_and_its_whole_text_on_the_way(lived_in):
    terminal = at_home(lived_in)
    terminal.wait("Ctrl-C quit")
    terminal.press(Key.DOWN)
    terminal.wait("1 more is due. Done, moved or dropped?")
    assert "look at first of all in such a" in terminal.shown.replace("\n  │ ", " ")

    terminal.press(Key.ENTER)
    terminal.wait("Show the plan")
    terminal.press("4", Key.ENTER)
    terminal.wait("Tell the others")
    assert "What would you like to do?" not in terminal.shown


def test_a_playbook_is_found_by_a_word_and_begun(lived_in):
    terminal = at_home(lived_in)
    terminal.wait("Ctrl-C quit")
    terminal.press("/", "apprais", Key.DELETE_LEFT, "the next hour")
    terminal.wait("/ the next hour")
    terminal.wait(lambda: "Inherit" not in terminal.shown)

    terminal.press(Key.ENTER)
    terminal.wait("Ctrl-C stop and save")
    assert "Own a career crisis" in terminal.shown


def test_keys_typed_ahead_go_on_to_the_first_question(lived_in):
    terminal = at_home(lived_in)
    terminal.wait("stays on this machine")
    terminal.press(Key.ENTER, "Linh", Key.ENTER, Key.ENTER, "q")

    terminal.wait("Saved as")
    assert 'value = "Linh"' in "".join(each.read_text() for each in lived_in.entries if "import" in each.read_text())


@pytest.mark.parametrize(("key", "code"), [("q", 0), (Key.ESCAPE, 0), (Key.STOP, 130)])
def test_it_is_left_with_nothing_done_and_the_list_gone(lived_in, key, code):
    before = [each.read_bytes() for each in lived_in.entries]
    terminal = at_home(lived_in)
    terminal.press(Key.DOWN)
    terminal.wait("❯ 2  Ask Linh")
    terminal.press(key)
    terminal.wait(lambda: "What would you like" not in terminal.shown)

    assert terminal.child.wait() == code
    assert [each.read_bytes() for each in lived_in.entries] == before


def test_at_forty_columns_no_row_is_wider_and_nothing_is_lost(lived_in):
    terminal = at_home(lived_in, columns=40)
    terminal.wait("Ctrl-C quit")
    terminal.press(Key.DOWN)
    terminal.wait("❯ 2  Ask Linh, who has seen all of i…")

    words = " ".join(terminal.shown.replace("│", " ").split())
    assert "Ask Linh, who has seen all of it before, what they would look at first of all in such a case" in words
    assert 'due today From "Ask for help". 1 more is due. Done, moved or dropped?' in words


def test_line_by_line_everything_has_a_number(lived_in):
    terminal = at_home(lived_in, "--plain", columns=200)
    terminal.wait("Enter quits.")
    assert "1. Ask for help. 1 of 2 answered, today 09:05. Continue where you left off." in terminal.shown
    assert "2. Ask Linh" in terminal.shown
    assert "3. Something went wrong, or I'm in trouble. A mistake, a warning" in terminal.shown

    terminal.press("99", Key.ENTER)
    terminal.wait("There is no choice 99.")
    terminal.press("/inherit", Key.ENTER)
    terminal.wait("Inherit a difficult client. Client handover")
    terminal.press("2", Key.ENTER)
    terminal.wait("2. Not yet: give it a new date.")
    assert "\x1b" not in terminal.raw.replace("\x1b[?2004h", "").replace("\x1b[?2004l", ""), "only pastes are bracketed"


@pytest.mark.parametrize("typed", ["", ":save"])
def test_line_by_line_enter_leaves(lived_in, typed):
    terminal = at_home(lived_in, "--plain")
    terminal.wait("Enter quits.")
    terminal.press(typed, Key.ENTER)

    assert terminal.child.wait() == 0


def test_what_a_person_wrote_steers_no_terminal(home):
    home.add_playbook("me/stuck", PLAYBOOK)
    answers = home.write("a.toml", 'stuck = "x"\nwho = "\\u001b]0;title\\u0007Linh"\n')
    home.run("me", "stuck", "--answers", answers)
    terminal = at_home(home)
    terminal.wait("Ctrl-C quit")

    assert "Ask \\x1b]0;title\\x07Linh" in terminal.shown
    assert terminal.screen.title == ""


def test_an_entry_that_cannot_be_read_is_told_and_hides_nothing_else(lived_in):
    lived_in.entries[0].write_text("nothing")
    terminal = at_home(lived_in)
    terminal.wait("Ctrl-C quit")

    assert "!" in terminal.shown
    assert "Something went wrong" in terminal.shown


def test_a_topic_and_a_situation_lead_to_a_playbook(home):
    terminal = at_home(home)
    terminal.wait("What is it about?")
    terminal.press("1", Key.ENTER)
    terminal.wait("A warning, a performance plan")
    terminal.wait("None of these")
    assert "Which of these is closest?" in terminal.shown

    terminal.press(Key.ESCAPE)
    terminal.wait("What would you like to do?")
    terminal.press(Key.ENTER)
    terminal.wait("Which of these is closest?")
    terminal.press(Key.ENTER)
    terminal.wait("Answer a warning or a dismissal")


def test_the_topic_that_was_left_is_the_current_one_again(home):
    terminal = at_home(home)
    terminal.wait("What is it about?")
    terminal.press(Key.DOWN, Key.DOWN, Key.ENTER)
    terminal.wait("Which of these is closest?")
    terminal.press(Key.BACK)
    terminal.wait("❯ 3  People I lead")


def test_line_by_line_a_topic_can_be_left_again(home):
    terminal = at_home(home, "--plain", columns=120)
    terminal.wait("Enter quits.")
    terminal.press("1", Key.ENTER)
    terminal.wait("Which of these is closest?")
    terminal.wait("Enter goes back.")
    terminal.press("", Key.ENTER)
    terminal.wait("Enter quits.")
    terminal.press("crisis start", Key.ENTER)
    terminal.wait("Own a career crisis")


def test_what_is_planned_for_this_week_can_be_settled_before_its_day(home):
    home.add_playbook("me/stuck", PLAYBOOK.replace("+0d", "+2d"))
    home.run("me", "stuck", "--answers", home.write("a.toml", 'stuck = "the export"\nwho = "Linh"\n'))
    terminal = at_home(home)
    terminal.wait("1 more is planned this week.")
    terminal.wait("❯ 1  Ask Linh")
    assert "Coming up" in terminal.shown

    terminal.press(Key.ENTER)
    terminal.wait("Show the plan")


@pytest.mark.parametrize("options", [(), ("--plain",), ("--json",)])
def test_without_a_terminal_there_is_help(home, options):
    done = home.run(*options)

    assert done.code == 0
    assert done.out.startswith("Usage: careerkit")
    assert "crisis start" in done.out


def test_a_group_alone_still_shows_its_help(home):
    assert home.run("crisis").out.startswith("Usage: careerkit crisis")


def test_after_an_action_is_ticked_the_screen_comes_back_while_something_is_due(home):
    home.add_playbook("me/stuck", PLAYBOOK)
    home.run("me", "stuck", "--answers", home.write("a.toml", 'stuck = "the export"\nwho = "Linh"\n'))
    terminal = at_home(home)
    terminal.wait("1 more is due.")
    terminal.press(Key.ENTER)
    terminal.wait("Show the plan")
    terminal.press("1", Key.ENTER)
    terminal.wait("What shows that it is done?")
    terminal.press(Key.ENTER)
    terminal.wait("❯ 1  Tell the others")
    terminal.press(Key.ENTER)
    terminal.wait("Show the plan")
    terminal.press("1", Key.ENTER)
    terminal.wait("What shows that it is done?")
    terminal.press(Key.ENTER)
    terminal.wait("No action of this plan is open any more.")

    assert terminal.child.wait() == 0


def test_the_filter_finds_a_playbook_by_words_that_are_not_shown(home):
    terminal = at_home(home)
    terminal.wait("What is it about?")
    terminal.press("/", "gossip")
    terminal.wait("Conduct at work")
    assert "path choose" not in terminal.shown
