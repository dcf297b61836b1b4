"""120 days with careerkit: a crisis, its plan and its check-ins, a prediction, a clock change and a journey.

One story, lived three times at a real terminal: with keys, with typed lines (`--plain`), and on two machines that git
keeps together. It begins on Wednesday 14 October 2026 in Zurich and ends on Thursday 11 February 2027 in New York.
By default some stations are left out, with the prediction; CAREERKIT_LONG=1 includes them all.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from players import Confirm, Interrupt, KeyPerson, LinePerson, Person, Pick, Say, Step, Talk, squeeze

from careerkit.core.interview import Interview
from careerkit.core.interview_steps import Ask, ShowCard
from careerkit.core.playbook.loader import load_playbook
from careerkit_process import Home
from playbook_cases import load_bundled

LONG = os.environ.get("CAREERKIT_LONG") == "1"
ZURICH, NEW_YORK = "Europe/Zurich", "America/New_York"
TALK = """
format = 1
title = "Before a hard talk"
summary = "What you expect, and what comes of it"
[[stage]]
id = "before"
title = "Before"
question = [
  { id = "about", type = "text", ask = "What is the talk about?" },
  { id = "fear", type = "scale", ask = "How bad do you expect it to be?" },
  { id = "chance", type = "number", ask = "How likely is it that you agree?", min = 0, max = 100, predicts = "agreed" },
]
[[action]]
id = "book"
do = "Book thirty minutes"
due = "+1wd"
[[checkin]]
id = "after"
after = "+1w"
title = "After the talk"
[[checkin.question]]
id = "agreed"
type = "yesno"
ask = "Did you agree on something?"
[[checkin.question]]
id = "how_bad"
again = "fear"
"""
CRISIS = {
    "gate": ["none"],
    "kind": "mistake",
    "what": "I sent the wrong figures to a client",
    "owner": "manager",
    "reach_owner": "now",
    "damage": "lost",
    "people_hurt": "no",
    "undo": "weeks",
    "before": "never",
    "known_by": "few",
    "my_part": "mine",
    "breach": "competence",
    "factors": ["process"],
    "signs": [],
    "offer": "send the right figures and call them",
    "offer_when": "week",
    "prevent": "have a second person check the figures",
    "words_for": ["team"],
    "obstacle": "shame",
    "witness": "Ana",
}
HARD_TALK = {"about": "My workload", "fear": 4, "chance": 70}


def begin_crisis() -> Interview:
    return Interview(load_bundled("crisis/start"), today=date(2026, 10, 14))


def continue_crisis() -> Interview:
    """The interview behind its quick card."""
    interview = begin_crisis()
    while True:
        step = interview.step()
        if isinstance(step, Ask):
            raw = CRISIS.get(step.question.id)
            interview = interview.skip() if raw is None else interview.answer(step.question.id, raw)
        else:
            interview = interview.mark_shown(step.key)
            if isinstance(step, ShowCard):
                return interview


def begin_talk() -> Interview:
    return Interview(load_playbook(TALK.encode(), file="talk.toml", id="my/talk"), today=date(2026, 11, 3))


@dataclass(frozen=True)
class Station:
    """A moment (UTC) at which a command is run, what is done there, and what must be on the screen in the end.

    `machine`: on which one, where there are two. `hides`: what must not be on the screen.
    """

    at: str
    words: str
    steps: tuple[Step, ...] = ()
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    zone: str = ZURICH
    machine: int = 0
    code: int = 0
    is_long: bool = False


STORY = (
    # The evening of the mistake: the quick card is enough for now, and its action is part of the plan.
    Station(
        "2026-10-14 16:40", "crisis start", code=130,
        steps=(Talk(begin_crisis(), CRISIS, until="card"), Interrupt("Continue with the rest now?")),
        shows=("today 19:40", "Tell my manager, in person or by phone"),
    ),
    Station(
        "2026-10-14 17:10", "plan done 1", steps=(Say("The plan says: They've heard it from me", "She thanked me"),),
        shows=("Done: Tell my manager", "No action of this plan is open any more."),
    ),
    Station(
        "2026-10-14 19:00", "resume", steps=(Talk(continue_crisis(), CRISIS),),
        shows=("(done)", "today: Tell Ana", "Mon 19 Oct: Begin with what changes", "Wed 21 Oct: Begin what I've offered my manager"),
    ),
    # +1: the first check-in, on the other machine.
    Station(
        "2026-10-15 08:00", "agenda", machine=1, is_long=True,
        shows=("Overdue", "Wed 14 Oct Tell Ana", "Today", "Check-in: The day after", "Wed 21 Oct Begin what I've offered"),
        hides=("Tell my manager",),
    ),
    Station(
        "2026-10-15 08:10", "checkin", machine=1,
        steps=(
            Pick("Leave it as it is", 1), Say("What shows that it is done?", "She'll ask me on Friday"),
            Pick("Compared with what you feared", 1), Say("What have they said or done since", "Thanks for telling me"),
            Say("Better than feared", ""), Say("What surprised you?", "How short it was"), Pick("keep, change or stop", 1),
        ),
        shows=(
            "The day after: Own a career crisis, Wednesday 14 October 2026.", "I sent the wrong figures to a client",
            "Better than feared", "Checked in. 2 actions open.", "Next check-in: Wednesday 21 October 2026, A week on.",
        ),
    ),
    Station(
        "2026-10-16 06:00", "plan move", machine=1,
        steps=(Pick("Which one do you want to move?", 2), Say("When do you want to do it?", "22 oct"), Say("Why?", "The client is away")),
        shows=("Moved to Thursday 22 October 2026 (it was Wed 21 Oct)",),
    ),
    # +7: the second one adds an action.
    Station(
        "2026-10-21 16:00", "checkin",
        steps=(
            Pick("Begin with what changes from now on", 4), Pick("What can others see by now?", 2), Say("Show that part now", ""), Say("What surprised you?", ""),
            Pick("keep, change or stop", 2), Say("What will you do differently?", ""),
        ),
        shows=("Checked in. 3 actions open.", "Next check-in: Friday 13 November 2026, A month on."),
    ),
    # The clocks went back in the night: days and weekdays stay, and what is overdue is.
    Station(
        "2026-10-25 07:00", "agenda",
        shows=("Overdue", "Mon 19 Oct Begin with", "Thu 22 Oct Begin what I've offered", "Thu 22 Oct Give the step on my plan"),
        hides=("Check-in",),
    ),
    Station(
        "2026-10-25 07:05", "plan done {crisis}/4", steps=(Say("What shows that it is done?", "Sent and confirmed"),),
        shows=("Done: Begin what I've offered", "Overdue: Mon 19 Oct Begin with what changes"),
    ),
    Station(
        "2026-10-25 07:10", "plan drop {crisis}/3", steps=(Say("Why do you drop it?", "No time"),),
        shows=("Dropped: Begin with what changes",), is_long=True,
    ),
    Station("2026-10-25 07:15", "plan undo {crisis}", shows=("Back in the plan: Begin with what changes",), is_long=True),
    # A prediction, and a week later what happened.
    Station(
        "2026-11-03 17:00", "my talk", is_long=True, steps=(Talk(begin_talk(), HARD_TALK),), shows=("Wed 4 Nov", "Book thirty minutes"),
    ),
    Station(
        "2026-11-10 17:00", "checkin", machine=1, is_long=True,
        steps=(
            Pick("Book thirty minutes", 1), Say("What shows that it is done?", ""), Confirm("Did you agree on something?"),
            Pick("How bad do you expect it to be?", 2), Say("What surprised you?", ""), Pick("keep, change or stop", 1),
        ),
        shows=(
            'After the talk: Before a hard talk, Tuesday 3 November 2026. You wrote: "My workload"',
            "On Tuesday 3 November 2026 you gave it 70 %.", "At the start: 4 of 5. Now: 2 of 5.", "Checked in.",
        ),
    ),
    # +30: this check-in is missed. It is offered once more, in New York, and then left alone.
    Station("2026-11-13 09:00", "agenda", machine=1, shows=("Today", "Check-in: A month on"), is_long=True),
    Station(
        "2026-11-26 12:00", "agenda", zone=NEW_YORK, shows=("Overdue", "Fri 13 Nov", "Check-in: A month on"), is_long=True,
    ),
    Station("2026-11-27 12:00", "agenda", zone=NEW_YORK, shows=("Overdue", "Mon 19 Oct"), hides=("Check-in: A month on",)),
    # It was worse than thought: an edit that changes the plan.
    Station(
        "2026-11-28 03:30", "journal edit {crisis} --answers edit.toml --update-plan", zone=NEW_YORK,
        shows=("The plan would change:", "Changed: Begin with what changes from now on: call the client", "The plan is updated."),
    ),
    Station(
        "2026-11-28 03:40", "plan show {crisis} --all --no-pager", zone=NEW_YORK,
        shows=("Done on Wed 14 Oct: She thanked me", "Done on Sun 25 Oct: Sent and confirmed", "Fri 27 Nov", "call the client before anything goes out"),
        is_long=True,
    ),
    # +90: the last one.
    Station(
        "2027-01-12 23:00", "checkin {crisis}", zone=NEW_YORK,
        steps=(
            Pick("Give the step on my plan", 3), Say("Why do you drop it?", "It was done in passing"),
            Pick("call the client before anything goes out", 1), Say("What shows that it is done?", "Ten calls"),
            Pick("what has your worth on the market done?", 1), Say("It has grown", ""), Say("What surprised you?", "So soon"),
            Pick("keep, change or stop", 1),
        ),
        shows=("Three months on: Own a career crisis, Wednesday 14 October 2026.", "Checked in. No action is open."),
    ),
    # +120: what was expected, and what happened.
    Station(
        "2027-02-11 15:00", "journal calibration", zone=NEW_YORK, machine=1, is_long=True,
        shows=("1 resolved prediction. From ten on, this shows how well they fit: 9 to go.",),
    ),
    Station("2027-02-11 15:05", "journal show {crisis} --no-pager", zone=NEW_YORK, machine=1, is_long=True,
        shows=("Corrected on Friday 27 November 2026.", "First answer: have a second person", "Three months on", "So soon"),
    ),
    Station(
        "2027-02-11 15:10", "journal trend my/talk fear", zone=NEW_YORK, machine=1, is_long=True,
        shows=("Tue 3 Nov 2026", "4 of 5", "Tue 10 Nov 2026", "2 of 5", "check-in"),
    ),
    Station(
        "2027-02-11 15:15", "plan show {crisis} --json", zone=NEW_YORK, machine=1,
        shows=(
            '"id": "month", "title": "A month on", "due": "2026-11-13", "state": "missed"',
            '"id": "quarter", "title": "Three months on", "due": "2027-01-12", "state": "answered"',
            '"moved_from": "2026-10-21"', '"proof": "Sent and confirmed"', '"reason": "It was done in passing"',
        ),
    ),
)  # fmt: skip


def live(person: Person, stations: tuple[Station, ...] = STORY, *, carry=lambda machine: None) -> None:
    """Go through the story, and look at every station at what must be visible."""
    count = len(person.homes)
    for home in person.homes:
        home.add_playbook("my/talk", TALK)
        home.write("edit.toml", 'prevent = "call the client before anything goes out"\n')
    for each in stations:
        if each.is_long and not LONG:
            continue
        machine = each.machine % count
        carry(machine)
        crisis = find_crisis(person.homes[machine])
        shown = person.run(
            each.words.format(crisis=crisis), *each.steps, at=each.at, zone=each.zone, machine=machine, code=each.code
        )
        where = f"{each.at} {each.words}\n{shown}"
        for text in each.shows:
            assert squeeze(text) in shown, f"{text!r} is missing: {where}"
        for text in each.hides:
            assert squeeze(text) not in shown, f"{text!r} is there: {where}"


def find_crisis(home: Home) -> str:
    """The handle of the entry of the crisis, "" before there is one."""
    return next((path.stem.partition("-")[2] for path in home.entries[:1]), "")


def test_the_story_in_typed_lines(need_tool, home):
    live(LinePerson(need_tool("faketime"), [home]))


def test_the_story_with_keys(need_tool, home):
    live(KeyPerson(need_tool("faketime"), [home]))


def test_the_story_on_two_machines_that_git_keeps_together(need_tool, tmp_path):
    homes = []
    for name in ("desktop", "laptop"):
        (tmp_path / name).mkdir()
        homes.append(Home(tmp_path / name))
    git = Git(need_tool("git"), homes, tmp_path / "hub.git")

    live(LinePerson(need_tool("faketime"), homes), carry=git.carry)


class Git:
    """A hub, and a clone on each machine. Before a machine is used, the other one pushes, and this one pulls."""

    def __init__(self, program: str, homes: list[Home], hub: Path) -> None:
        self._program, self._homes, self._hub = program, homes, hub

    def carry(self, machine: int) -> None:
        here, there = self._homes[machine].journal, self._homes[1 - machine].journal
        if there.exists():
            self._push(there)
        if here.exists():
            self._push(here)
        elif there.exists():
            here.parent.mkdir(parents=True, exist_ok=True)
            self._run(here.parent, "clone", "-q", str(self._hub), str(here))

    def _push(self, folder: Path) -> None:
        if not (folder / ".git").exists():
            self._run(folder.parent, "init", "-q", "--bare", "-b", "main", str(self._hub))
            self._run(folder, "init", "-q", "-b", "main")
            self._run(folder, "remote", "add", "origin", str(self._hub))
            (folder / ".gitignore").write_text(".careerkit-*.tmp\n")
            (folder / ".gitattributes").write_text("* -text\n")
        self._run(folder, "add", "-A")
        self._run(folder, "commit", "-q", "--allow-empty", "-m", "journal")
        if (self._hub / "refs/heads/main").exists():
            self._run(folder, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
        self._run(folder, "push", "-q", "origin", "main")

    def _run(self, folder: Path, *arguments: str) -> None:
        identity = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        environment = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            [self._program, *arguments], cwd=folder, capture_output=True, text=True, env=environment, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
