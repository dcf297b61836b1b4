"""Two machines change the same plans, are killed at any call, and sync: against a plain model of what a plan is.

The model reads the files with nothing of careerkit's: an entry's first plan, and every event as a dict. From these it says
what the plan is, and which events each change has to record. A change that a kill broke off has recorded the first of them,
or none.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from kill_at_call import kill_at_call
from planned_machine import PlannedMachine, parse_time

from careerkit.coaching.trends import load_calibration
from careerkit.core.errors import Refused
from careerkit.core.journal.entry_list import build_history
from careerkit.core.journal.plan import list_checkin_answers

LONG = os.environ.get("CAREERKIT_LONG") == "1"
WHO = st.integers(0, 1)
CALL = st.one_of(st.just(-1), st.just(-1), st.integers(0, 120))
"""The call of the system at which the process is killed; -1: it is left alone."""
WORDS = st.sampled_from(["", "They called back", "drei\nvier", "\x1b[31m"])
BASE = ("write", "send")
CHANGES = ("action", "due", "added")
"""The kinds of events that `undo` takes back."""
CONFLICT = ".sync-conflict-20261201-101010-ABCDEFG.toml"

Doc = dict[str, Any]


class Known:
    """What the files of one machine say, and the plan that follows by the plain rules."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.entries: dict[str, Doc] = {}
        self.events: dict[str, Doc] = {}

    def read(self) -> list[Doc]:
        """Take over what is new in the files; gives the new events, oldest first."""
        for path in self._folder.glob("entries/*/*.toml"):
            self.entries.setdefault(path.stem, tomllib.loads(path.read_text()))
        new = []
        for path in sorted(self._folder.glob("events/*/*.toml")):
            if path.stem not in self.events and ".sync-conflict" not in path.name:
                self.events[path.stem] = tomllib.loads(path.read_text())
                new.append(self.events[path.stem])
        return sorted(new, key=sort_key)

    def of(self, entry: str) -> list[Doc]:
        return [each for each in self.events.values() if each["entry"] == entry]

    def in_force(self, entry: str, kind: str, about: str = "", *, among: list[Doc] | None = None) -> list[Doc]:
        """The events about this that no other one about it replaces, newest first."""
        its = [each for each in (self.of(entry) if among is None else among)]
        its = [each for each in its if (each["kind"], each.get("about", "")) == (kind, about)]
        replaced = {old for each in its for old in each.get("replaces", ())}
        return sorted((each for each in its if each["id"] not in replaced), key=sort_key, reverse=True)

    def value(self, entry: str, kind: str, about: str) -> Any:
        return next((each.get("value") for each in self.in_force(entry, kind, about)), None)

    def abouts(self, entry: str, kind: str) -> set[str]:
        return {each.get("about", "") for each in self.of(entry) if each["kind"] == kind}

    def actions(self, entry: str) -> dict[str, tuple[str, date | None, str]]:
        """State, date, and what was said about the state, by action."""
        replans = self.in_force(entry, "replan")
        rows = {row["id"]: row for row in (replans[0]["value"] if replans else self.entries[entry]["action"])}
        for each in self.of(entry):  # what was done or dropped elsewhere stays, whatever the new plan is
            for row in each["value"] if each["kind"] == "replan" else self.entries[entry]["action"]:
                if self.value(entry, "action", row["id"]) in ("done", "dropped"):
                    rows.setdefault(row["id"], row)
        for about in self.abouts(entry, "added"):
            for row in self.value(entry, "added", about) or ():
                rows.setdefault(about, row)
        return {name: self._stand(entry, name, row) for name, row in rows.items()}

    def _stand(self, entry: str, name: str, row: Doc) -> tuple[str, date | None, str]:
        due = row.get("due")
        due = self.value(entry, "due", name) or (date.fromisoformat(due) if isinstance(due, str) else due)
        states = self.in_force(entry, "action", name)
        state = states[0].get("value", "open") if states else "open"
        return state, due, states[0].get("comment", "") if states and state != "open" else ""

    def is_disputed(self, entry: str, name: str) -> bool:
        return any(
            len({each.get("value") for each in self.in_force(entry, kind, name)}) > 1 for kind in ("action", "due")
        )

    def checkin(self, entry: str, today: date) -> str:
        if self.value(entry, "checkin", "week"):
            return "answered"
        late = (today - self.entries[entry]["checkin"][0]["due"]).days
        return "waiting" if late < 0 else "due" if late < 14 else "missed"

    def checkin_answers(self, entry: str) -> dict[str, Any]:
        return {
            about.partition("/")[2]: self.value(entry, "checkin_answer", about)
            for about in self.abouts(entry, "checkin_answer")
        }

    def last_change(self, entry: str) -> tuple[Doc | None, Any]:
        """The change that `undo` takes back, and the value before it."""
        undone = {each["undoes"] for each in self.of(entry) if "undoes" in each}
        live = [
            each for each in self.of(entry)
            if each["kind"] in CHANGES and "undoes" not in each and each["id"] not in undone
        ]  # fmt: skip
        standing = [
            each for each in live
            if each in self.in_force(entry, each["kind"], each["about"], among=live)
        ]  # fmt: skip
        if not standing:
            return None, None
        last = max(standing, key=sort_key)
        others = [each for each in live if each is not last]
        before = self.in_force(entry, last["kind"], last["about"], among=others)
        return last, before[0].get("value") if before else "open" if last["kind"] == "action" else None


def sort_key(event: Doc) -> tuple[Any, str]:
    return parse_time(event["at"]), event["id"]


def brief(event: Doc) -> tuple[str, str, Any]:
    value = event.get("value")
    return event["kind"], event.get("about", ""), "new" if event["kind"] == "added" and value else value


def refuse(change) -> str:
    """The code of the problem with which the change is refused."""
    try:
        change()
    except Refused as refused:
        return refused.problems[0].code
    return "not refused"


def is_start_of(found: list[tuple[str, str, Any]], expected: list[tuple[str, str, Any]]) -> bool:
    """Are these the first of the expected events? Those about actions, which come first, may have any order."""
    count = sum(each[0] in ("action", "due") for each in expected)
    if len(found) <= count:
        return all(each in expected[:count] for each in found)
    return sorted(map(str, found[:count])) == sorted(map(str, expected[:count])) and (
        found[count:] == expected[count : len(found)]
    )


class TwoPlanners(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.base = Path(tempfile.mkdtemp(prefix="careerkit-plans-"))
        first = PlannedMachine(self.base / "m0/journal", self.base / "m0/state")
        self.ids = [first.write_plan(), first.write_plan(strain=4, chance=20)]
        shutil.copytree(first.folder, self.base / "m1/journal")
        second = PlannedMachine(self.base / "m1/journal", self.base / "m1/state", clock_error=timedelta(hours=-3))
        self.machines = (first, second)
        self.known = (Known(first.folder), Known(second.folder))
        for known in self.known:
            known.read()
        self.before: tuple[dict[str, tuple[set[str], object]], ...] = ({}, {})
        """For each event that a machine made: the events that it knew before, and its view of the entry's plan."""

    def teardown(self) -> None:
        """In the end all is carried over, and both machines have the same plans."""
        for _ in range(2):
            for who in (0, 1):
                self.carry(who, every=1)
        for entry in self.ids:
            assert self.known[0].actions(entry) == self.known[1].actions(entry)
        self.each_machine_sees_the_plan_that_its_files_say()
        shutil.rmtree(self.base)

    # ------------------------------------------------------------ what a person does

    @rule(who=WHO, which=WHO, number=st.integers(0, 4), word=WORDS, call=CALL)
    def done(self, who, which, number, word, call):
        self.set_state(who, which, number, word, call, "done")

    @rule(who=WHO, which=WHO, number=st.integers(0, 4), word=WORDS, call=CALL)
    def drop(self, who, which, number, word, call):
        self.set_state(who, which, number, word, call, "dropped")

    @rule(who=WHO, which=WHO, number=st.integers(0, 4), days=st.integers(0, 20), call=CALL)
    def move(self, who, which, number, days, call):
        name, (state, due, _) = self.choose(who, which, number)
        day = self.machines[who].today + timedelta(days=days)
        is_news = due != day or self.known[who].is_disputed(self.ids[which], name)
        expected = [("due", name, day)] if state == "open" and is_news else []

        def act() -> None:
            plan = self.machines[who].changes(self.ids[which])
            if state == "open":
                plan.move(plan.find(name), day)
            else:
                assert refuse(lambda: plan.move(plan.find(name), day)) == "not-open"

        self.do(who, which, call, act, expected)

    @rule(who=WHO, which=WHO, word=st.sampled_from(["Sleep", "Ruf M. an"]), call=CALL)
    def add(self, who, which, word, call):
        machine = self.machines[who]
        new = self.do(who, which, call, lambda: machine.changes(self.ids[which]).add(word, due=machine.today), None)
        assert [(each["kind"], each["value"][0]["do"]) for each in new] in ([("added", word)], [])
        assert new or call >= 0

    @rule(who=WHO, which=WHO, call=CALL)
    def undo(self, who, which, call):
        entry, known = self.ids[which], self.known[who]
        last, value = known.last_change(entry)

        def act() -> None:
            plan = self.machines[who].changes(entry)
            if last is None:
                assert refuse(plan.undo) == "nothing-to-undo"
            else:
                assert plan.undo()[1].id == last["id"]

        new = self.do(
            who,
            which,
            call,
            act,
            [(last["kind"], last["about"], "new" if last["kind"] == "added" and value else value)] if last else [],
        )
        if new and last["id"] in self.before[who]:
            since, view = self.before[who][last["id"]]
            later = {each["id"]: each for each in known.of(entry)}.keys() - since - {last["id"], new[0]["id"]}
            undone = {each["undoes"] for each in known.of(entry) if "undoes" in each}
            if all(each in undone or known.events[each].get("undoes") in later for each in later):
                assert known.actions(entry) == view, "all that came since was taken back"

    @rule(
        who=WHO, which=WHO, call=CALL, became=st.sampled_from(["done", "drop", "leave", "move"]),
        replies=st.fixed_dictionaries({}, optional={
            "answered_it": st.booleans(), "strain_now": st.integers(1, 5), "_surprise": WORDS.filter(bool),
            "_verdict": st.sampled_from(["keep", "change", "stop"]),
        }),
    )  # fmt: skip
    def check_in(self, who, which, call, became, replies):
        entry, machine, known = self.ids[which], self.machines[who], self.known[who]
        if known.value(entry, "checkin", "week"):
            return
        day = date(2027, 11, 1)
        expected = [
            *self.expect_of_actions(known.actions(entry), machine.today, became, day),
            *self.expect_of_questions(known, entry, replies),
        ]
        said = {"action": became, "when": day.isoformat(), **replies}
        self.do(who, which, call, lambda: machine.check_in(entry, said), expected)

    def expect_of_actions(self, actions, today, became, day):
        due = sorted((its[1], name) for name, its in actions.items() if its[0] == "open" and its[1] and its[1] <= today)
        for _, name in due:
            if became in ("done", "drop"):
                yield "action", name, {"done": "done", "drop": "dropped"}[became]
            if became == "move":
                yield "due", name, day

    def expect_of_questions(self, known, entry, replies):
        """What a check-in that goes on where it stopped records, up to the first question that has no reply."""
        given = known.checkin_answers(entry)
        for name in ("answered_it", "strain_now"):
            if name not in {**given, **replies}:
                return
            if name not in given:
                if name == "answered_it":
                    yield "prediction", "chance", "yes" if replies[name] else "no"
                yield "checkin_answer", f"week/{name}", replies[name]
        if {**replies, **given}["answered_it"] and "thank" not in known.actions(entry):
            yield "added", "thank", "new"
        for name in ("_surprise", "_verdict"):
            if name in replies and name not in given:
                yield "checkin_answer", f"week/{name}", replies[name]
        yield "checkin", "week", True

    @rule(who=WHO, which=WHO, strain=st.integers(1, 5), call=CALL)
    def edit(self, who, which, strain, call):
        entry, known = self.ids[which], self.known[who]
        before = known.actions(entry)
        new = self.do(who, which, call, lambda: self.machines[who].edit(entry, strain), None)
        assert [each["kind"] for each in new] in ([], ["correction"], ["correction", "replan"], ["replan"])
        after = known.actions(entry)
        assert {name: its for name, its in after.items() if its[0] != "open"} == {
            name: its for name, its in before.items() if its[0] != "open"
        }, "what was done or dropped stays"
        added = {about for about in known.abouts(entry, "added") if known.value(entry, "added", about)}
        assert {each: after[each] for each in added} == {each: before[each] for each in added}
        if call < 0:
            wanted = {*BASE, *(["walk"] if strain >= 4 else [])}
            kept = {name for name, its in before.items() if its[0] != "open"}
            assert {name for name, its in after.items() if its[0] == "open"} - added == wanted - kept
            for kind, about in (("correction", "strain"), ("replan", "")):
                assert len({str(each["value"]) for each in known.in_force(entry, kind, about)}) <= 1, "it is settled"

    # ------------------------------------------------------------ what happens to the machines

    @rule(who=WHO, days=st.sampled_from([-2, 1, 8, 40]))
    def clock(self, who, days):
        """Days pass, or the clock is put back."""
        self.machines[who].wait(timedelta(days=days))

    @rule(who=WHO, every=st.sampled_from([1, 1, 2, 3]))
    def carry(self, who, every):
        """Carry over what the other side lacks, or, as a sync that was broken off, only some of it."""
        source, target = self.machines[who].folder, self.machines[1 - who].folder
        missing = [each for each in source.glob("e*/*/*.toml") if not (target / each.relative_to(source)).exists()]
        for path in sorted(missing)[::every]:
            there = target / path.relative_to(source)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, there)
        self.known[1 - who].read()

    @rule(who=WHO, number=st.integers(0, 1000))
    def leave_a_conflict_copy(self, who, number):
        """A sync tool leaves an old state of an event beside it, and it counts for nothing."""
        paths = sorted(each for each in self.machines[who].folder.glob("events/*/*.toml") if "sync" not in each.name)
        if paths:
            path = paths[number % len(paths)]
            text = path.read_text().replace('"done"', '"dropped"')
            path.with_name(path.name.removesuffix(".toml") + CONFLICT).write_text(text)

    # ------------------------------------------------------------ what must hold

    @invariant()
    def each_machine_sees_the_plan_that_its_files_say(self):
        for machine, known in zip(self.machines, self.known, strict=True):
            journal = machine.journal
            events = journal.events()
            assert {each.id for each in events.events} == set(known.events)
            listing = journal.listing()
            assert {each.code for each in listing.problems} <= {"conflict-copy"}
            counts = {each.id: (each.actions_open, each.actions_done) for each in listing.entries}
            agenda = {(each.entry, each.id): each.due for each in journal.agenda()[0] if each.kind == "action"}
            expected_agenda = {}
            for entry in self.ids:
                actions = known.actions(entry)
                self.compare_plan(machine, known, entry, actions)
                states = [its[0] for its in actions.values()]
                assert counts[entry] == (states.count("open"), states.count("done"))
                for name, its in actions.items():
                    if its[0] == "open" and its[1]:
                        expected_agenda[entry, name] = its[1]
            assert agenda == expected_agenda
            self.compare_predictions(machine, known)

    def compare_plan(self, machine, known, entry, actions):
        plan = machine.plan(entry)
        assert {each.id: (each.state, each.due, each.proof or each.reason) for each in plan.actions} == actions
        assert {each.id for each in plan.actions if each.disputed} == {
            name for name in actions if known.is_disputed(entry, name)
        }
        numbers = [each.number for each in plan.actions if each.state != "dropped"]
        assert numbers == list(range(1, len(numbers) + 1))
        [checkin] = plan.checkins
        assert checkin.state == known.checkin(entry, machine.today)
        history = build_history(machine.journal.events(entry).events)
        found = {name: each.value for name, each in list_checkin_answers(history, "week").items()}
        assert found == {name: value for name, value in known.checkin_answers(entry).items() if value is not None}

    def compare_predictions(self, machine, known):
        values = [known.value(entry, "prediction", "chance") for entry in self.ids]
        report = load_calibration(machine.journal)
        assert report.calibration.resolved == sum(each is not None for each in values)
        assert report.open == values.count(None)

    # ------------------------------------------------------------ how it is done

    def choose(self, who: int, which: int, number: int) -> tuple[str, tuple[str, date | None, str]]:
        actions = sorted(self.known[who].actions(self.ids[which]).items())
        return actions[number % len(actions)]

    def set_state(self, who, which, number, word, call, state):  # noqa: PLR0917 - as its two rules have them
        name, (before, _, said) = self.choose(who, which, number)
        is_news = before != state or self.known[who].is_disputed(self.ids[which], name) or word not in ("", said)

        def act() -> None:
            plan = self.machines[who].changes(self.ids[which])
            found = plan.find(name)
            if state == "done":
                plan.mark_done(found, proof=word)
            else:
                plan.drop(found, reason=word)

        new = self.do(who, which, call, act, [("action", name, state)] if is_news else [])
        assert not new or new[0].get("comment", "") == word

    def do(self, who: int, which: int, call: int, act, expected: list[tuple[str, str, Any]] | None) -> list[Doc]:
        """Do it; with a `call`, in a process that is killed there. Gives the new events: those expected, or the first of them."""
        entry, known = self.ids[which], self.known[who]
        since = set(known.events)
        if call < 0:
            act()
        else:
            kill_at_call(call, act)
        self.machines[who].wait(timedelta(minutes=1))
        new = known.read()
        assert {each["entry"] for each in new} <= {entry}
        if expected is not None:
            found = [brief(each) for each in new]
            assert is_start_of(found, expected)
            assert call >= 0 or len(found) == len(expected)
        events = known.events
        for each in new:
            known.events = {name: events[name] for name in since}
            self.before[who][each["id"]] = (set(since), known.actions(entry))
            since.add(each["id"])
        known.events = events
        return new


TestTwoPlanners = TwoPlanners.TestCase
TestTwoPlanners.settings = settings(
    max_examples=400 if LONG else 4,
    stateful_step_count=40 if LONG else 20,
    deadline=None,
    phases=tuple(Phase) if LONG else (Phase.explicit, Phase.generate),  # shrinking takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
