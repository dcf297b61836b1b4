"""A journal that real git carries between machines: whoever merges whom, nothing conflicts and all see the same."""

from __future__ import annotations

import os
import subprocess
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from synced_machine import Machine, assert_nothing_lost, create_contradictions

from careerkit.coaching.entry_changes import remove_forever
from careerkit.core.errors import Refused

IDENTITY = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
QUIET = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", **IDENTITY}


@pytest.fixture
def git(need_tool):
    program = need_tool("git")

    def run(folder: Path, *arguments: str) -> str:
        done = subprocess.run(
            [program, *arguments], cwd=folder, capture_output=True, text=True, env={**os.environ, **QUIET}, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def machines(tmp_path, git) -> list[Machine]:
    """Three machines, two of which have cloned the journal of the first; their clocks differ by years."""
    first = Machine(tmp_path / "m0/journal", tmp_path / "m0/state")
    first.write("written before")
    git(first.folder, "init", "-q", "-b", "main")
    (first.folder / ".gitignore").write_text(".careerkit-*.tmp\n")
    (first.folder / ".gitattributes").write_text("* -text\n")
    commit(git, first)
    others = []
    for number, years in ((1, -3), (2, 5)):
        folder = tmp_path / f"m{number}/journal"
        folder.parent.mkdir()
        git(tmp_path, "clone", "-q", str(first.folder), str(folder))
        others.append(Machine(folder, tmp_path / f"m{number}/state", clock_error=timedelta(days=365 * years)))
    return [first, *others]


def commit(git, *machines: Machine) -> None:
    for machine in machines:
        git(machine.folder, "add", "-A")
        git(machine.folder, "commit", "-q", "--allow-empty", "-m", "x")


def merge(git, into: Machine, source: Machine) -> None:
    git(into.folder, "fetch", "-q", str(source.folder), "main")
    git(into.folder, "merge", "-q", "--no-edit", "FETCH_HEAD")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_three_machines_merge_nothing_conflicts_and_all_see_the_same(machines, git, order):
    shared = create_contradictions(machines)
    commit(git, *machines)
    first, second, third = (machines[number] for number in order)
    for into, source in ((second, first), (third, second), (first, third), (second, third)):
        merge(git, into, source)

    written = "written before"
    assert written not in machines[0].answers()  # it was removed
    assert_nothing_lost(machines, shared)


def test_a_dispute_that_one_machine_settles_is_settled_for_all(machines, git):
    shared = create_contradictions(machines)
    commit(git, *machines)
    merge(git, machines[0], machines[1])
    merge(git, machines[0], machines[2])
    machines[0].change(shared).untag(["boss"])
    machines[0].change(shared).restore()
    commit(git, machines[0])
    for machine in machines[1:]:
        merge(git, machine, machines[0])

    for machine in machines:
        happened = machine.histories()[shared]
        assert (happened.disputed, happened.tags, happened.removed) == ((), ("pay",), False)


def test_an_entry_that_is_open_on_another_machine_is_never_written_here(machines, git):
    entry_id = machines[0].write("half", finish=False)
    commit(git, machines[0])
    merge(git, machines[1], machines[0])
    path = machines[1].folder / f"entries/2026-11/{entry_id}.toml"
    before = path.read_bytes()

    journal = machines[1].journal
    with pytest.raises(Refused) as refused:
        journal.save(journal.read(entry_id).entry)

    assert [problem.code for problem in refused.value.problems] == ["entry-elsewhere"]
    assert path.read_bytes() == before


def test_line_ends_that_git_changed_are_no_change(machines, git):
    folder = machines[1].folder
    git(folder, "config", "core.autocrlf", "true")
    (folder / ".gitattributes").write_text("")
    paths = list(folder.glob("entries/*/*.toml"))
    for path in paths:
        path.unlink()
    git(folder, "checkout", "-q", "--", "entries")

    assert paths
    assert all(b"\r\n" in path.read_bytes() for path in paths)
    assert machines[1].read_all() == machines[0].read_all()


def test_what_is_removed_for_good_on_one_machine_goes_on_the_other_too(machines, git):
    shared = machines[0].journal.resolve_id("last")
    machines[1].change(shared).tag(["boss"])
    machines[1].write("other")
    remove_forever(machines[0].journal, machines[0], shared)
    commit(git, *machines[:2])
    merge(git, machines[0], machines[1])
    merge(git, machines[1], machines[0])

    assert machines[0].answers() == machines[1].answers() == {"other"}
    assert not list(machines[1].folder.glob(f"entries/*/{shared}.toml"))
