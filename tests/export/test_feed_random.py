"""A feed that a plan and a calendar change in any order: no tick is lost, and what isn't careerkit's stays."""

from __future__ import annotations

import random
import re
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from calendar_rules import find_broken_rules
from generated_plans import HOSTILE_TEXTS, build_plan_document

from careerkit.core.frozen import replace
from careerkit.core.journal.plan import PlannedAction
from careerkit.export.calendar_components import UID_ENDING
from careerkit.export.formats import Export, ExportOptions
from careerkit.export.icalendar_file import FORMAT
from long_run import choose_count

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
STEPS = 25
TASK = re.compile(r"BEGIN:VTODO\r\n.*?END:VTODO\r\n", re.DOTALL)


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


class World:
    """A plan and the calendar file that it is written to."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.actions: list[PlannedAction] = []
        self.now, self.text, self.ticked, self.foreign = NOW, "", {}, []
        self.was_done: set[str] = set()
        for _ in range(3):
            self.add()
        self.export()

    def export(self) -> Export:
        document = build_plan_document(tuple(self.actions))
        exported = FORMAT.render(document, ExportOptions(self.now, "todos", existing=self.text, is_complete=True))
        self.text = exported.text
        return exported

    # what the plan does

    def add(self) -> None:
        name = f"do_{len(self.actions)}"
        self.actions.append(PlannedAction(name, self.chance.choice(HOSTILE_TEXTS), due=self._draw_day()))

    def move(self) -> None:
        self._change(lambda each: replace(each, due=self._draw_day()))

    def drop(self) -> None:
        self._change(lambda each: replace(each, state="dropped"))

    def do(self) -> None:
        self._change(lambda each: replace(each, state="done", done_at=self.now))
        self.was_done = {*self.was_done, *(_build_uid(each) for each in self.actions if each.state == "done")}

    def undo(self) -> None:
        self._change(lambda each: replace(each, state="open", done_at=None))

    def reword(self) -> None:
        self._change(lambda each: replace(each, do=self.chance.choice(HOSTILE_TEXTS), cue=f"{self.now}"))

    def _change(self, change) -> None:
        at = self.chance.randrange(len(self.actions))
        self.actions[at] = change(self.actions[at])

    def _draw_day(self) -> date:
        return date(2026, 11, 20) + timedelta(days=self.chance.randrange(150))

    # what the calendar does

    def tick(self) -> None:
        open_tasks = [each for each in TASK.findall(self.text) if "STATUS:NEEDS-ACTION" in each]
        if open_tasks:
            task = self.chance.choice(open_tasks)
            uid = re.search(r"UID:(\S+)", task)[1]
            self.ticked[uid] = f"{self.now:%Y%m%dT%H%M%SZ}"
            done = f"PERCENT-COMPLETE:100\r\nCOMPLETED:{self.ticked[uid]}\r\nSTATUS:COMPLETED"
            self.text = self.text.replace(task, task.replace("STATUS:NEEDS-ACTION", done))

    def add_property(self) -> None:
        line = f'X-MOZ-ODD-{len(self.foreign)};A="b,c":1\r\n'
        self.foreign.append(line)
        task = self.chance.choice([each for each in TASK.findall(self.text) if "@careerkit" in each])
        self.text = self.text.replace(task, task.replace("CLASS:PRIVATE\r\n", f"CLASS:PRIVATE\r\n{line}"))

    def add_task(self) -> None:
        lines = f"BEGIN:VTODO\r\nUID:{len(self.foreign)}@example.org\r\nSUMMARY:Mine\r\nEND:VTODO\r\n"
        self.foreign.append(lines)
        self.text = self.text.replace("\r\nEND:VCALENDAR\r\n", f"\r\n{lines}END:VCALENDAR\r\n")

    def forget(self) -> None:
        """Remove careerkit's own property, as a program may that doesn't know it."""
        self.text = re.sub(r"X-CAREERKIT-BASE:[^\r]*\r\n( [^\r]*\r\n)*", "", self.text)


def _build_uid(action: PlannedAction) -> str:
    return f"20261001T0905Z-k3f9x2-{action.id}{UID_ENDING}"


CHANGES = (
    *(World.add, World.move, World.drop, World.do, World.undo, World.reword),
    *(World.tick, World.tick, World.add_property, World.add_task),
)


@pytest.mark.parametrize("seed", range(choose_count(15, long=300)))
def test_no_tick_is_lost_and_what_is_not_careerkits_stays(seed):
    world, is_forgetful = World(seed), seed % 5 == 4
    for _ in range(STEPS):
        for change in world.chance.choices(CHANGES, k=world.chance.randint(1, 3)):
            change(world)
        if is_forgetful:
            world.forget()
        world.now += timedelta(hours=7)

        world.export()

        for uid, completed in world.ticked.items():
            [task] = [each for each in TASK.findall(world.text) if uid in each]
            assert f"\r\nCOMPLETED:{completed}\r\nSTATUS:COMPLETED\r\n" in task
        assert all(each in world.text for each in world.foreign)
        once = world.text
        assert world.export().report.changed == ()
        assert world.text == once

    open_there = {each.id for each in FORMAT.read(world.text) if each.state == "open"}
    open_here = {_build_uid(each) for each in world.actions if each.state == "open"}
    own_ticks = world.was_done if is_forgetful else set()  # without its property, careerkit doesn't know its own ticks
    assert open_there - open_here == set()
    assert open_here - open_there <= world.ticked.keys() | own_ticks
    assert [rule for rule in find_broken_rules(world.text) if UID_ENDING in rule] == []
