"""What became of a plan, on screen: moves, proofs, disagreements, check-ins, and the story of an entry."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta

import pexpect
import pytest
from test_living_plan import ANSWERS, CLOCK, PLAYBOOK, answer, converse

from careerkit.core.journal.entry_list import Event
from careerkit.storage.encryption import generate_key
from careerkit.storage.journal import DiskJournal
from careerkit.storage.transfer import begin_conversion
from careerkit_process import Home

WEEK_LATER = "2026-11-29T18:00:00+00:00"
CHECKIN_LINES = ("y", "1", "How fast it was", "1")


PAGER = "#!/bin/sh\ncat > paged.txt\n"


@pytest.fixture
def planned(home: Home) -> Home:
    playbook, answers = home.write("help.toml", PLAYBOOK), home.write("answers.toml", ANSWERS)
    assert home.run("run", playbook, "--answers", answers).code == 0
    return home


@pytest.fixture
def checked_in(planned: Home) -> Home:
    """The plan a week later: one action moved, both done, the check-in answered."""
    assert planned.run("plan", "move", "2", "friday", "--file", "-", stdin="She is away").code == 0
    assert planned.run("plan", "done", "send", "--file", "-", stdin="She called back").code == 0
    assert planned.run("plan", "done", "write").code == 0
    check_in(planned)
    return planned


def check_in(home: Home) -> None:
    child = converse(home, WEEK_LATER, "checkin")
    answer(child, ("Did they answer", "y"), ("How much does it weigh", "1"), ("Two last questions follow", ""))
    answer(child, ("What surprised you", "How fast it was"), ("keep, change or stop", "1"))
    child.expect("Checked in")
    child.expect(pexpect.EOF)


def shown(home: Home, *command: str) -> str:
    return " ".join(home.run(*command).out.split())


def append(home: Home, kind: str, about: str, value: object, *, machine: str, after: int, **more: str) -> None:
    """An event of another machine."""
    journal = DiskJournal(home.journal, home.folder / ".local/state/careerkit")
    (entry,) = journal.ids()
    at = datetime.fromisoformat("2026-11-22T10:00:00+00:00") + timedelta(minutes=after)
    types = {"action": "choice", "due": "date"}
    journal.append_event(Event(journal.new_event_id(at), kind, entry, at, machine, about, types[kind], value, **more))


@pytest.mark.parametrize("everything", [(), ("--all",)])
def test_the_plan_shows_what_was_moved_and_why_and_what_shows_that_it_is_done(checked_in, everything):
    text = shown(checked_in, "plan", "show", *everything)

    assert "Moved from Mon 23 Nov to Fri 27 Nov: She is away" in text
    assert "Done on Sun 22 Nov: She called back" in text


@pytest.mark.parametrize("command", [("plan", "show"), ("plan", "show", "--all"), ("journal", "show")])
def test_the_answers_of_a_check_in_are_shown_next_to_what_was_expected(checked_in, command):
    text = shown(checked_in, *command)

    assert "Did they answer? yes (you gave it 70 %)" in text
    assert "How much does it weigh on you? 1 of 5 (at first: 2 of 5)" in text
    assert "What surprised you? How fast it was" in text


@pytest.mark.parametrize("command", [("plan", "show"), ("plan", "show", "--all"), ("journal", "show")])
def test_both_sides_are_shown_where_two_machines_disagree(planned, command):
    append(planned, "action", "send", "done", machine="a" * 16, after=1, comment="She called")
    append(planned, "action", "send", "dropped", machine="b" * 16, after=2, comment="Not needed")
    append(planned, "due", "write", date(2026, 11, 24), machine="a" * 16, after=3)
    append(planned, "due", "write", date(2026, 11, 25), machine="b" * 16, after=4)

    text = shown(planned, *command)

    assert "done, 2026-11-22 10:01 (machine aaaa): She called" in text
    assert "dropped, 2026-11-22 10:02 (machine bbbb): Not needed" in text
    assert "moved to 2026-11-24, 2026-11-22 10:03 (machine aaaa)" in text
    assert "Two machines disagree." in text


def test_an_entry_tells_its_story_in_order(checked_in):
    checked_in.run("journal", "note", stdin="Linh knew at once.")
    checked_in.run("journal", "edit", "--answers", checked_in.write("b.toml", "strain = 3\n"))

    story = checked_in.run("journal", "show", "--json").json["entry"]["story"]
    texts = [each["text"] for each in story]

    assert [each["at"] for each in story] == sorted(each["at"] for each in story)
    assert {each["kind"] for each in story[:2]} == {"begun", "finished"}
    assert "Moved from Monday 23 November 2026 to Friday 27 November 2026: Ask Linh" in texts
    assert "Added: Thank Linh, Monday 30 November 2026" in texts
    assert "Corrected: How much does it weigh on you? 2 of 5 -> 3 of 5" in texts
    (done,) = [each for each in story if each["text"] == "Done: Ask Linh"]
    assert done["details"] == ["She called back"]
    (checkin,) = [each for each in story if each["kind"] == "checkin"]
    assert "Did they answer? yes (you gave it 70 %)" in checkin["details"]
    (note,) = [each for each in story if each["kind"] == "note"]
    assert (note["text"], note["details"]) == ("Note 1", ["Linh knew at once."])


def test_what_was_taken_back_is_not_part_of_the_story(planned):
    planned.run("plan", "done", "send")
    planned.run("plan", "undo")

    assert "Done: Ask Linh" not in shown(planned, "journal", "show")


def test_undo_says_that_a_check_in_stays(checked_in):
    undone = checked_in.run("plan", "undo")  # what the check-in added is the last change

    assert "The check-in stays, with its answers: A week later." in undone.err
    assert checked_in.run("plan", "show", "--json").json["checkins"][0]["answers"]["answered_it"] is True


def test_undo_without_a_change_says_that_the_answers_of_a_check_in_stay(planned):
    child = converse(planned, WEEK_LATER, "checkin")
    answer(child, ("Write down", "4"), ("Ask Linh", "4"), ("Did they answer", "n"))
    child.expect("How much does it weigh")
    child.sendintr()
    child.expect(pexpect.EOF)

    (problem,) = planned.run("plan", "undo", "--json").problems

    assert (problem["code"], problem["hint"]) == ("nothing-to-undo", "The answers of a check-in stay.")


# ---------------------------------------------------------------- a prediction whose check-in was missed


@pytest.mark.parametrize(
    ("key", "value", "counts"), [("1", "yes", (1, 0)), ("2", "no", (1, 0)), ("3", "unclear", (0, 1))]
)
def test_a_prediction_whose_check_in_was_missed_is_asked_later(planned, key, value, counts):
    child = converse(planned, "2026-12-20T09:00:00+00:00", "checkin")
    child.expect("Did they answer")
    child.sendline(key)
    child.expect("you gave it 70 %")
    child.expect("Saved.")
    child.expect(pexpect.EOF)

    found = planned.run("journal", "calibration", "--json").json
    assert (found["resolved"], found["unclear"]) == counts
    happened = [each["text"] for each in planned.run("journal", "show", "--json").json["entry"]["story"]]
    assert any("Did they answer?" in each and "(you gave it 70 %)" in each for each in happened)
    [listed] = planned.run("journal", "list", "--json").json["entries"]
    (point,) = planned.run("journal", "trend", listed["playbook"], "chance", "--json").json["points"]
    assert point["happened"] == value


def test_a_prediction_that_is_left_out_is_asked_again_another_time(planned):
    for _ in "12":
        child = converse(planned, "2026-12-20T09:00:00+00:00", "checkin")
        child.expect("Did they answer")
        child.sendline("")
        child.expect("1 prediction left")
        child.expect(pexpect.EOF)

    assert planned.run("journal", "calibration", "--json").json["resolved"] == 0


def test_the_trend_of_a_number_shows_a_check_in_next_to_the_first_answer(checked_in):
    [listed] = checked_in.run("journal", "list", "--json").json["entries"]

    text = shown(checked_in, "journal", "trend", listed["playbook"], "strain")

    assert "1 of 5, check-in (at first 2)" in text


# ---------------------------------------------------------------- trying out a check-in


def test_an_author_tries_out_a_check_in_the_same_day_and_nothing_is_saved(home):
    playbook, answers = home.write("help.toml", PLAYBOOK), home.write("answers.toml", ANSWERS)
    lines = "\n".join(("1", "", "1", "She wrote", *CHECKIN_LINES, ""))

    tried = home.run("run", playbook, "--answers", answers, "--at", "+1w", "--plain", stdin=lines)

    assert tried.code == 0
    assert "On Sunday 29 November 2026:" in tried.err
    assert "Asked, and answered." in tried.out
    assert "This was a trial. Nothing was saved." in tried.err
    assert home.run("journal", "list", "--json").json["entries"] == []
    assert not home.journal.exists()


def test_the_title_of_a_check_in_has_its_inserts_filled_in_above_each_question(home):
    titled = PLAYBOOK.replace('title = "A week later"', 'title = "A week after {who}"')
    assert titled != PLAYBOOK
    playbook, answers = home.write("help.toml", titled), home.write("answers.toml", ANSWERS)
    lines = "\n".join(("1", "", "1", "She wrote", *CHECKIN_LINES, ""))

    tried = home.run("run", playbook, "--answers", answers, "--at", "+1w", "--plain", stdin=lines)

    assert ", A week after Linh." in tried.err
    assert "{who}" not in tried.err


def test_a_trial_as_json_is_the_plan_at_its_end(home):
    playbook, answers = home.write("help.toml", PLAYBOOK), home.write("answers.toml", ANSWERS)
    lines = "\n".join(("1", "", "4", *CHECKIN_LINES, ""))

    plan = home.run("run", playbook, "--answers", answers, "--at", "+1w", "--json", stdin=lines).json

    assert {each["id"]: each["state"] for each in plan["actions"]} == {"write": "done", "send": "open", "thank": "open"}
    assert plan["checkins"][0]["state"] == "answered"


@pytest.mark.parametrize(
    ("at", "code"),
    [("+1d", "no-checkin-due"), ("yesterday", "past-date"), ("soon", "not-a-date"), ("2026-02-31", None)],
)
def test_a_trial_at_a_day_without_a_check_in_says_so(home, at, code):
    playbook, answers = home.write("help.toml", PLAYBOOK), home.write("answers.toml", ANSWERS)

    ended = home.run("run", playbook, "--answers", answers, "--at", at, "--json")

    assert ended.code == 1
    if code:
        assert [each["code"] for each in ended.problems] == [code]


# ---------------------------------------------------------------- what is typed wrongly, or twice


def test_a_second_tick_of_the_last_action_says_that_it_is_done(planned):
    for number in "12":
        planned.run("plan", "done", number)

    again = planned.run("plan", "done", "2")

    assert (again.code, again.err.strip()) == (0, "This action is already done: Ask Linh.")


def test_undo_brings_back_the_only_actions_after_all_were_dropped(planned):
    for name in ("send", "write"):
        planned.run("plan", "drop", name)

    assert "Back in the plan: " in planned.run("plan", "undo").err


def test_an_action_can_be_added_to_a_plan_that_is_done(planned):
    for number in "12":
        planned.run("plan", "done", number)

    assert planned.run("plan", "add", "tomorrow", stdin="Sleep\n").code == 0


def test_an_unknown_action_before_a_date_is_named(planned):
    (problem,) = planned.run("plan", "move", "walk", "friday", "--json").problems

    assert (problem["code"], "walk" in problem["message"]) == ("no-action", True)


def test_an_action_that_an_edit_took_out_of_the_plan_is_no_longer_found(home):
    playbook, answers = home.write("help.toml", PLAYBOOK), home.write("a.toml", ANSWERS.replace("= 2", "= 5"))
    home.run("run", playbook, "--answers", answers)
    home.run("journal", "edit", "--answers", home.write("b.toml", "strain = 1\n"), "--update-plan")

    (problem,) = home.run("plan", "done", "walk", "--json").problems

    assert problem["code"] == "no-action"
    assert "and the plan was updated" in shown(home, "plan", "show")


def test_a_check_in_without_the_copy_of_its_playbook_says_what_is_left_out(planned):
    for path in planned.journal.glob("playbooks/*"):
        path.unlink()
    child = converse(planned, WEEK_LATER, "checkin")

    child.expect("questions of this check-in are left out")
    answer(child, ("Write down", "4"), ("Ask Linh", "4"), ("What surprised you", ""), ("keep, change or stop", ""))
    child.expect("Checked in")
    child.expect(pexpect.EOF)


def test_the_porcelain_agenda_of_an_encrypted_journal_asks_for_nothing(planned):
    marker = planned.journal / "careerkit.toml"
    key = generate_key()
    with begin_conversion(str(planned.journal), str(planned.folder / ".local/state/careerkit")) as journal:
        journal.set_recipient(key.recipient, identity=b"an identity file")
        journal.encrypt_all(key.recipient, key=key, advance=lambda: None)
    assert key.recipient in marker.read_text()
    child = converse(planned, WEEK_LATER, "agenda", "--porcelain")
    child.expect("--porcelain never asks for the passphrase")
    child.expect(pexpect.EOF)

    cleared = planned.run("journal", "remove", "--all", "--confirm", "all")
    assert (cleared.code, planned.journal.exists()) == (0, False)


# ---------------------------------------------------------------- at a terminal


@pytest.mark.parametrize(("rows", "is_paged"), [(10, True), (60, False)])
def test_a_plan_that_is_longer_than_the_screen_is_paged(planned, rows, is_paged):
    (planned.folder / "bin").mkdir()
    pager = planned.folder / "bin/less"
    pager.write_text(PAGER)
    pager.chmod(0o755)
    env = {**planned.env, "PATH": f"{pager.parent}:{planned.env['PATH']}"}
    command = ["-c", CLOCK.format(now=WEEK_LATER), "plan", "show"]
    child = pexpect.spawn(
        sys.executable, command, env=env, cwd=planned.folder, encoding="utf-8", timeout=30, dimensions=(rows, 80)
    )
    child.expect(pexpect.EOF)

    paged = planned.folder / "paged.txt"
    shown = paged.read_text() if is_paged else child.before
    assert (paged.exists(), "Ask Linh" in shown) == (is_paged, True)
    assert "Change it: careerkit plan done 1, plan move, plan add, plan undo" in shown


def test_an_overdue_action_says_since_when_and_a_done_one_does_not(planned):
    planned.run("plan", "done", "1")
    child = converse(planned, WEEK_LATER, "plan", "show")
    child.expect(pexpect.EOF)

    assert "Overdue since Mon 23 Nov" in child.before
    assert "Overdue since Sun 22 Nov" not in child.before
    assert "Change it: careerkit plan done 2" in child.before


def test_the_commands_for_a_change_are_not_in_a_pipe(planned):
    assert "Change it" not in planned.run("plan", "show").out
