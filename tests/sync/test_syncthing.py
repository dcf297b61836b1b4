"""A journal that real Syncthing carries between machines: nothing is lost, and both sides of a contradiction are shown."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta
from itertools import permutations

import pytest
from synced_machine import Machine, assert_nothing_lost, create_contradictions
from syncthing_instance import TIMEOUT_S, Syncthing


@pytest.fixture
def machines(tmp_path) -> list[Machine]:
    """Three machines that have the journal of the first; their clocks differ by years."""
    first = Machine(tmp_path / "m0/journal", tmp_path / "m0/state")
    first.write("written before")
    for number in (1, 2):
        shutil.copytree(first.folder, tmp_path / f"m{number}/journal")
    others = [
        Machine(tmp_path / f"m{number}/journal", tmp_path / f"m{number}/state", clock_error=timedelta(days=365 * years))
        for number, years in ((1, -3), (2, 5))
    ]
    return [first, *others]


@pytest.fixture
def connect(tmp_path, need_tool):
    """Let Syncthing carry the folders of machines until all have everything."""
    running: list[Syncthing] = []

    def run(machines: list[Machine]) -> None:
        program = need_tool("syncthing")
        instances = [
            Syncthing(program, tmp_path / f"syncthing{number}", machine.folder)
            for number, machine in enumerate(machines)
        ]
        running.extend(instances)
        for machine, instance in zip(machines, instances, strict=True):
            (machine.folder / ".stfolder").mkdir()
            instance.configure([other for other in instances if other is not instance])
        for instance in instances:
            instance.start()
        bring_in_step(instances)

    yield run
    for instance in running:
        instance.stop()


def bring_in_step(instances: list[Syncthing]) -> None:
    """Until all have the same, with the copies that carrying a contradiction leaves."""
    end = time.monotonic() + TIMEOUT_S
    while True:
        for instance in instances:
            instance.scan()
        for instance, other in permutations(instances, 2):
            instance.wait_until_synced_with(other)
        first, *others = (instance.read_folder() for instance in instances)
        if first is not None and all(each == first for each in others):
            return
        assert time.monotonic() < end, "they do not come to have the same"
        time.sleep(0.1)


def test_what_three_machines_wrote_apart_is_all_there_on_each(machines, connect):
    shared = create_contradictions(machines)

    connect(machines)

    assert_nothing_lost(machines, shared)


def test_a_file_that_two_hands_changed_leaves_a_copy_that_is_told_and_never_read(machines, connect):
    [path] = (machines[0].folder / "entries/2026-11").iterdir()
    for machine, word in zip(machines, (b"left", b"right", b"right"), strict=True):
        there = machine.folder / "entries/2026-11" / path.name
        there.write_bytes(there.read_bytes().replace(b"written", word))

    connect(machines)

    for machine in machines:
        listing = machine.journal.listing()
        assert [each.id for each in listing.entries] == [path.stem]
        assert {problem.code for problem in listing.problems} == {"conflict-copy", "entry-changed"}
