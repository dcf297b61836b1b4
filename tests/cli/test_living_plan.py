"""The living plan on the command line: done, drop, move, add, undo, the agenda, check-ins, and a plan that follows an edit."""

from __future__ import annotations

import sys

import pexpect
import pytest
from watched_terminal import WatchedTerminal

from careerkit.terminal.keys.key_codes import Key
from careerkit_process import Home

PLAYBOOK = """
format = 1
title = "Ask for help"
summary = "From being stuck to a question"
[[stage]]
id = "now"
title = "Stuck"
question = [
  { id = "stuck", type = "text", ask = "What are you stuck on?" },
  { id = "who", type = "text", ask = "Who knows more?" },
  { id = "strain", type = "scale", ask = "How much does it weigh on you?" },
  { id = "chance", type = "number", ask = "How likely is an answer?", min = 0, max = 100, predicts = "answered_it" },
]
[[finding]]
id = "ask"
title = "Ask today"
text = "You have tried long enough."
[[action]]
id = "send"
do = "Ask {who}"
cue = "After the stand-up"
due = "+1wd"
evidence = "They have answered"
[[action]]
id = "write"
do = "Write down what you tried"
due = "+0d"
[[action]]
id = "walk"
when = "strain >= 4"
do = "Take a walk"
due = "+2d"
[[checkin]]
id = "week"
after = "+1w"
title = "A week later"
[[checkin.question]]
id = "answered_it"
type = "yesno"
ask = "Did they answer?"
[[checkin.question]]
id = "strain_now"
again = "strain"
[[checkin.finding]]
id = "kept"
when = "answered_it and done(send)"
title = "Asked, and answered"
text = "It took one question."
[[checkin.action]]
id = "thank"
when = "answered_it"
do = "Thank {who}"
due = "+1d"
"""
ANSWERS = 'stuck = "The export drops rows."\nwho = "Linh"\nstrain = 2\nchance = 70\n'
CLOCK = """
from datetime import UTC, datetime
from careerkit.storage.platform import SystemClock
SystemClock.now = lambda self: datetime.fromisoformat({now!r})
from careerkit.cli.startup import main
raise SystemExit(main())
"""


@pytest.fixture
def planned(home: Home) -> Home:
    playbook, answers = home.write("help.toml", PLAYBOOK), home.write("answers.toml", ANSWERS)
    assert home.run("run", playbook, "--answers", answers).code == 0
    return home


def actions(home: Home, *entry: str) -> list[dict]:
    return home.run("plan", "show", "--json", *entry).json["actions"]


def states(home: Home) -> dict[str, str]:
    return {each["id"]: each["state"] for each in actions(home)}


def converse(home: Home, now: str, *arguments: str, columns: int = 100) -> pexpect.spawn:
    """careerkit --plain at a terminal, at a time of its own."""
    command = ["-c", CLOCK.format(now=now), "--plain", *arguments]
    env = {**home.env, "COLUMNS": str(columns)}
    return pexpect.spawn(
        sys.executable, command, env=env, cwd=home.folder, encoding="utf-8", timeout=30, dimensions=(40, columns)
    )


def answer(child: pexpect.spawn, *pairs: tuple[str, str]) -> None:
    for asked, reply in pairs:
        child.expect(asked)
        child.sendline(reply)


# ---------------------------------------------------------------- one change at a time


def test_an_action_is_ticked_off_by_its_number_with_what_shows_it(planned):
    ended = planned.run("plan", "done", "2", "--file", "-", stdin="She called back\n")

    assert ended.code == 0
    assert "Done: Ask Linh (action 2)." in ended.err
    (send,) = [each for each in actions(planned) if each["id"] == "send"]
    assert (send["state"], send["proof"], send["number"]) == ("done", "She called back", 2)
    assert send["done_at"].startswith("2026-11-22T09:05")


def test_a_second_tick_changes_nothing_and_says_so(planned):
    planned.run("plan", "done", "send")

    ended = planned.run("plan", "done", "send")

    assert (ended.code, "already done" in ended.err) == (0, True)


@pytest.mark.parametrize("named", ["9", "0", "nothing", "zzz/1"])
def test_a_name_that_fits_nothing_is_refused_and_nothing_changes(planned, named):
    before = actions(planned)

    ended = planned.run("plan", "done", named)

    assert ended.code == 1
    assert "Traceback" not in ended.err
    assert actions(planned) == before


def test_without_a_name_and_without_a_terminal_the_numbers_are_pointed_to(planned):
    ended = planned.run("plan", "done", "--json")

    assert [each["code"] for each in ended.problems] == ["which-action"]


def test_the_next_command_typed_as_evidence_is_no_evidence_and_the_action_is_done(planned):
    child = converse(planned, "2026-11-22T09:05:00+00:00", "plan", "done", "1")
    answer(child, ("What shows that it is done", "careerkit plan move 2 friday"))
    child.expect("Type it again at the shell's prompt")
    child.expect(pexpect.EOF)

    [done] = [each for each in actions(planned) if each["state"] == "done"]
    assert (done["id"], done["proof"]) == ("write", None)


def test_a_command_typed_as_what_to_do_is_refused_and_asked_again(planned):
    child = converse(planned, "2026-11-22T09:05:00+00:00", "plan", "add", "friday")
    answer(
        child,
        ("What will you do", "clear; careerkit agenda"),
        ("That looks like a command", "Call Linh"),
        ("think of it", ""),
    )
    child.expect("Added as action")
    child.expect(pexpect.EOF)

    assert "Call Linh" in [each["do"] for each in actions(planned)]


@pytest.mark.parametrize("words", [("2", "friday"), ("send", "2026-11-27"), ("2", "27", "nov")])
def test_an_action_is_moved_to_a_date_in_words_which_is_echoed(planned, words):
    ended = planned.run("plan", "move", *words)

    assert "Moved to Friday 27 November 2026 (it was Mon 23 Nov): Ask Linh (action 2)." in " ".join(ended.err.split())
    (send,) = [each for each in actions(planned) if each["id"] == "send"]
    assert (send["due"], send["moved_from"]) == ("2026-11-27", "2026-11-23")


@pytest.mark.parametrize(
    ("action", "day", "is_warned"),
    [("say", "2026-12-05", True), ("say", "2026-12-04", False), ("thank", "2026-12-05", False)],
)
def test_a_move_past_the_deadline_says_so(home, action, day, is_warned):
    text = """
    format = 1
    title = "An offer"
    summary = "To be answered"
    deadline = "answer_by"
    action = [
      { id = "say", do = "Say yes or no", due = "+1wd" },
      { id = "thank", do = "Thank them", due = "+1wd", after_deadline = true },
    ]
    stage = [{ id = "a", title = "A", question = [{ id = "answer_by", type = "date", ask = "By when?" }] }]
    """
    playbook, answers = home.write("offer.toml", text), home.write("answers.toml", "answer_by = 2026-12-04\n")
    assert home.run("run", playbook, "--answers", answers).code == 0

    moved = home.run("plan", "move", action, day)

    assert ("That is after your deadline, Friday 4 December 2026." in moved.err) is is_warned, moved.err


def test_undoing_an_addition_names_what_is_gone(planned):
    planned.run("plan", "add", "friday", stdin="Sleep\n")

    assert "The action that you added is gone: Sleep." in planned.run("plan", "undo").err


def test_what_is_overdue_is_not_called_next(planned):
    child = converse(planned, "2026-12-05T09:05:00+00:00", "plan", "done", "1")
    answer(child, ("What shows that it is done", ""))
    child.expect("Overdue: +Mon 23 Nov +Ask Linh")


def test_a_done_action_is_not_moved_and_nothing_is_asked_about_it(planned):
    planned.run("plan", "done", "send")

    child = converse(planned, "2026-11-22T09:05:00+00:00", "plan", "move", "send", "friday")
    child.expect(pexpect.EOF)

    assert '"Ask Linh" is done' in child.before
    assert "Why?" not in child.before


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("move", "1", "friday"), "(action 1). It is number 2 now. New numbers: 2 is now 1. Next:"),
        (("move", "1", "today"), "is due on Sunday 22 November 2026 already."),
        (("move", "2", "tuesday"), "(action 2). Next:"),
        (
            ("add", "today"),
            "Added as action 2, due Sunday 22 November 2026: Sleep. New numbers: 2 is now 3. Next:",
        ),
        (("add", "friday"), "Added as action 3, due Friday 27 November 2026: Sleep. Next:"),
        (("drop", "1"), "Dropped: Write down what you tried (action 1). New numbers: 2 is now 1. Next:"),
        (("done", "1"), "Done: Write down what you tried (action 1). Next:"),
    ],
)
def test_a_change_names_the_action_and_says_when_numbers_change(planned, command, said):
    ended = planned.run("plan", *command, stdin="Sleep\n")

    assert (ended.code, said in " ".join(ended.err.split())) == (0, True), ended.err


@pytest.mark.parametrize("way", [(), ("--plain",)])
@pytest.mark.parametrize(
    ("command", "asked"),
    [
        (("done", "2"), "Ask Linh (action 2). What shows that it is done?"),
        (("drop", "2"), "Ask Linh (action 2). Why do you drop it?"),
        (("move", "2", "friday"), "Moving to Friday 27 November 2026: Ask Linh (action 2). Why?"),
    ],
)
def test_a_comment_is_asked_for_by_action_and_nothing_typed_before_becomes_its_answer(planned, way, command, asked):
    now = CLOCK.format(now="2026-11-22T09:05:00+00:00")
    terminal = WatchedTerminal(
        100, 30, sys.executable, "-c", now, *way, "plan", *command, cwd=planned.folder, **planned.env
    )
    terminal.press("careerkit agenda", Key.ENTER)
    terminal.wait(asked)
    terminal.wait("Enter leaves it blank")
    terminal.press("They wrote back", Key.ENTER)
    terminal.wait("To take it back")

    (send,) = [each for each in actions(planned) if each["id"] == "send"]
    assert "They wrote back" in (send["proof"], send.get("reason"), send.get("move_reason"))


@pytest.mark.parametrize("way", [(), ("--plain",)])
@pytest.mark.parametrize("command", [("add",), ("done", "2"), ("move", "2", "friday")])
def test_ctrl_c_at_a_question_about_the_plan_says_that_nothing_was_changed(planned, way, command):
    before = actions(planned)
    now = CLOCK.format(now="2026-11-22T09:05:00+00:00")
    terminal = WatchedTerminal(
        100, 30, sys.executable, "-c", now, *way, "plan", *command, cwd=planned.folder, **planned.env
    )
    terminal.wait("?")
    terminal.wait("Enter leaves it blank" if command != ("add",) else "Ctrl-C cancels.")
    if command == ("add",):
        terminal.press(Key.ENTER)
        terminal.wait("The answer is empty.")
        assert "leaves it blank" not in terminal.shown
    terminal.press(Key.STOP)
    terminal.wait("Nothing was changed.")

    assert actions(planned) == before


def test_a_text_in_place_of_a_date_is_refused_with_the_way_to_add_it(planned):
    (problem,) = planned.run("plan", "add", "call", "the", "bank", "--json", stdin="x\n").problems
    assert (problem["code"], problem["message"]) == ("not-a-date", "call the bank is not a date.")
    assert "careerkit plan add friday" in problem["hint"]
    (problem,) = planned.run("plan", "add", "31", "february", "--json", stdin="x\n").problems
    assert "careerkit plan add" not in problem["hint"]

    child = converse(planned, "2026-11-22T09:05:00+00:00", "plan", "add", "call", "the", "bank")
    child.expect("The text is asked afterwards: careerkit plan add friday")
    child.expect(pexpect.EOF)


def test_the_examples_of_dates_are_after_today(planned):
    child = converse(planned, "2026-12-08T09:05:00+00:00", "plan", "move", "2")
    child.expect("For example friday, in 3 days, 1 jan.")
    child.expect("A date, such as 2027-01-01, friday, 1 jan or")
    child.sendline("soon")
    child.expect("Write it as 2027-01-01, friday, 1 jan or")
    child.sendintr()
    child.expect(pexpect.EOF)


@pytest.mark.parametrize(
    ("words", "code"),
    [(("2", "2026-02-31"), None), (("2", "yesterday"), "past-date"), (("2",), "no-date"), (("2", "soon"), None)],
)
def test_a_date_that_does_not_exist_or_is_past_is_refused(planned, words, code):
    ended = planned.run("plan", "move", *words, "--json")

    assert ended.code == 1
    if code:
        assert [each["code"] for each in ended.problems] == [code]
    assert actions(planned)[1]["moved_from"] is None


def test_an_action_of_ones_own_is_added_from_standard_input(planned):
    ended = planned.run("plan", "add", "tomorrow", stdin="Sleep\nat ten\n")

    assert "due Monday 23 November 2026: Sleep" in " ".join(ended.err.split())
    (own,) = [each for each in actions(planned) if each["own"]]
    assert (own["do"], own["cue"], own["due"]) == ("Sleep", "at ten", "2026-11-23")


def test_undo_takes_back_a_change(planned):
    before = actions(planned)
    planned.run("plan", "done", "1")
    assert "Not done any more" in planned.run("plan", "undo").err
    planned.run("plan", "drop", "send", "--file", "-", stdin="She is away")
    assert "Back in the plan" in planned.run("plan", "undo").err

    assert [{**each, "done_at": None} for each in actions(planned)] == before
    assert [each["code"] for each in planned.run("plan", "undo", "--json").problems] == ["nothing-to-undo"]


def test_lists_count_what_is_open_now(planned):
    planned.run("plan", "done", "1")

    (entry,) = planned.run("journal", "list", "--json").json["entries"]
    assert (entry["actions_open"], entry["actions_done"]) == (1, 1)
    (entry,) = planned.run("journal", "list", "--json", "--no-index").json["entries"]
    assert (entry["actions_open"], entry["actions_done"]) == (1, 1)


def test_a_plan_that_is_done_is_still_found_by_undo(planned):
    planned.run("plan", "done", "1")
    planned.run("plan", "done", "2")

    assert planned.run("plan", "undo").code == 0


def test_an_export_has_the_plan_as_it_stands(planned):
    planned.run("plan", "done", "write")

    exported = planned.run("plan", "export").out

    assert "- [x] " in exported
    assert "- [ ] " in exported


# ---------------------------------------------------------------- agenda


def test_the_agenda_lists_what_is_due_by_date(planned):
    items = planned.run("agenda", "--json").json["items"]

    assert [(each["kind"], each["id"], each["number"], each["due"]) for each in items] == [
        ("action", "write", 1, "2026-11-22"),
        ("action", "send", 2, "2026-11-23"),
        ("checkin", "week", None, "2026-11-29"),
    ]
    assert not any(each["overdue"] for each in items)


def test_what_is_done_or_beyond_the_days_is_not_in_the_agenda(planned):
    planned.run("plan", "done", "write")

    assert [each["id"] for each in planned.run("agenda", "--days", "1", "--json").json["items"]] == ["send"]
    assert len(planned.run("agenda", "--all", "--json").json["items"]) == 2


def test_a_line_of_the_porcelain_agenda_has_six_cells(planned):
    lines = planned.run("agenda", "--porcelain").out.splitlines()

    assert [len(line.split("\t")) for line in lines] == [6, 6, 6]
    assert lines[0].split("\t")[:3] == ["due", "2026-11-22", "action"]


LONG = "Sort every letter of the last two years by sender, and by what each of them still needs from us"


@pytest.mark.parametrize("columns", [80, 40])
def test_a_long_line_of_the_agenda_wraps_between_words_below_its_beginning(planned, columns):
    planned.run("plan", "add", "tomorrow", stdin=f"{LONG}\n")
    child = converse(planned, "2026-11-22T09:05:00+00:00", "agenda", columns=columns)
    child.expect(pexpect.EOF)
    lines = child.before.splitlines()
    start = next(number for number, line in enumerate(lines) if "Sort every" in line)
    end = next(number for number, line in enumerate(lines) if line.endswith("from us"))
    column = lines[start].index("Sort every")

    assert max(map(len, lines)) < columns
    assert [each[:column] for each in lines[start + 1 : end + 1]] == [" " * column] * (end - start)
    assert " ".join(each[column:] for each in lines[start : end + 1]) == LONG
    assert child.before.index("from us") < child.before.index("Done with one?")


@pytest.mark.parametrize(
    ("options", "heading"), [((), "Next 7 days"), (("--days", "1"), "Tomorrow"), (("--all",), "Later")]
)
def test_what_comes_after_today_has_the_days_as_its_heading(planned, options, heading):
    assert f"\n{heading}\n" in planned.run("agenda", *options).out


def test_an_empty_agenda_says_so(home):
    assert home.run("agenda").err.strip() == "Nothing is due in the next 7 days."


# ---------------------------------------------------------------- check-ins


def test_a_check_in_asks_about_the_plan_and_its_questions_and_adds_an_action(planned):
    child = converse(planned, "2026-11-29T18:00:00+01:00", "checkin")
    child.expect('You wrote: "The export drops rows."')
    answer(
        child,
        ("Write down what you tried", "1"),
        ("What shows that it is done", ""),
        ("Ask Linh", "1"),
        ("The plan says: They have answered", "She wrote back"),
        ("Did they answer", "y"),
    )
    child.expect("you gave it 70 %")
    answer(child, ("How much does it weigh", "1"))
    child.expect("At the start: 2")
    child.expect("Asked, and answered")
    child.expect("Two last questions follow")
    child.expect("Enter continues")
    child.sendline("")
    answer(child, ("What surprised you", "How fast it was"), ("keep, change or stop", "1"))
    child.expect("Checked in. 1 action open.")
    child.expect(r"Next: Mon 30 Nov +Thank Linh \(action 3\)")
    child.expect("The plan: careerkit plan show [a-z0-9]{6}")
    child.expect(pexpect.EOF)

    shown = planned.run("plan", "show", "--json").json
    assert {each["id"]: each["state"] for each in shown["actions"]} == {
        "write": "done",
        "send": "done",
        "thank": "open",
    }
    (week,) = shown["checkins"]
    assert (week["state"], week["answers"]["answered_it"], week["answers"]["_surprise"]) == (
        "answered",
        True,
        "How fast it was",
    )
    scored = planned.run("journal", "calibration", "--json").json
    assert {key: scored.pop(key) for key in ("resolved", "needed", "open", "unclear", "bins")} == {
        "resolved": 1,
        "needed": 9,
        "open": 0,
        "unclear": 0,
        "bins": [],
    }
    assert set(scored.values()) == {None}
    [listed] = planned.run("journal", "list", "--json").json["entries"]
    points = planned.run("journal", "trend", listed["playbook"], "strain", "--json").json["points"]
    assert [(each["value"], each["checkin"]) for each in points] == [(2, None), (1, "week")]


@pytest.mark.parametrize("way", [(), ("--plain",)])
def test_after_the_result_of_a_check_in_two_questions_are_announced_and_get_nothing_typed_ahead(planned, way):
    for each in ("1", "2"):
        planned.run("plan", "done", each)
    now = CLOCK.format(now="2026-11-29T18:00:00+01:00")
    terminal = WatchedTerminal(80, 40, sys.executable, "-c", now, *way, "checkin", cwd=planned.folder, **planned.env)
    terminal.wait("Did they answer")
    terminal.press("y", Key.ENTER)
    terminal.wait("How much does it weigh")
    terminal.press("1", Key.ENTER)
    terminal.wait("Two last questions follow.")
    terminal.wait("Enter continue")
    terminal.press(Key.ENTER, "careerkit plan show", Key.ENTER, "1", Key.ENTER)
    terminal.wait("What surprised you?")
    assert "careerkit plan show" not in terminal.shown
    terminal.press("Nothing", Key.ENTER)
    terminal.wait("keep, change or stop?")
    terminal.press("2", Key.ENTER)
    terminal.wait("What will you do differently?")
    assert "stop and save" not in terminal.shown
    terminal.press("Ask Linh first", Key.ENTER)
    terminal.wait("By when?")
    terminal.press("friday", Key.ENTER)
    terminal.wait("Added to your plan as action")
    terminal.wait("Checked in.")

    added = next(
        each for each in planned.run("plan", "show", "--json").json["actions"] if each["do"] == "Ask Linh first"
    )
    assert (added["due"], added["state"]) == ("2026-12-04", "open")
    (week,) = planned.run("plan", "show", "--json").json["checkins"]
    assert (week["answers"]["_surprise"], week["answers"]["_verdict"]) == ("Nothing", "change")


def test_an_interrupted_check_in_goes_on_where_it_stopped(planned):
    for each in ("1", "2"):
        planned.run("plan", "done", each)
    child = converse(planned, "2026-11-29T18:00:00+01:00", "checkin")
    answer(child, ("Did they answer", "n"))
    child.expect("How much does it weigh")
    child.sendintr()
    child.expect("Your answers are saved. Continue with: careerkit checkin")
    child.expect(pexpect.EOF)

    child = converse(planned, "2026-11-30T18:00:00+01:00", "checkin")
    answer(child, ("How much does it weigh", "3"), ("What surprised you", ""), ("keep, change or stop", ""))
    child.expect("Checked in")
    child.expect(pexpect.EOF)
    assert planned.run("plan", "show", "--json").json["checkins"][0]["answers"] == {
        "answered_it": False,
        "strain_now": 3,
    }


def test_a_check_in_that_is_not_due_names_its_day_and_can_be_done_early(planned):
    ended = planned.run("checkin")

    assert ended.code == 1
    assert "The next one is on Sunday 29 November 2026" in ended.err
    assert "--early" in ended.err


def test_a_check_in_is_offered_for_two_weeks_and_then_left_alone(planned):
    def items(now: str) -> str:
        child = converse(planned, now, "agenda", "--json")
        child.expect(pexpect.EOF)
        return child.before

    assert '"checkin"' in items("2026-12-12T09:00:00+00:00")
    assert '"checkin"' not in items("2026-12-13T09:00:00+00:00")


# ---------------------------------------------------------------- an edit that changes the plan


def test_an_edit_shows_how_the_plan_would_change_and_changes_it_when_told(planned):
    planned.run("plan", "done", "write")
    answers = planned.write("more.toml", "strain = 5\n")

    told = planned.run("journal", "edit", "--answers", answers)
    assert "New: Take a walk, Tuesday 24 November 2026" in " ".join(told.err.split())
    assert "walk" not in states(planned)

    assert planned.run("journal", "edit", "--update-plan").code == 0
    assert states(planned) == {"write": "done", "send": "open", "walk": "open"}


def test_an_edit_that_changes_nothing_in_the_plan_does_not_mention_it(planned):
    told = planned.run("journal", "edit", "--answers", planned.write("more.toml", "strain = 3\n"))

    assert "would change" not in told.err
