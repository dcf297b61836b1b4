"""Every write that careerkit makes, every call of the system in it, and four faults: nothing torn, nothing lost, no false "saved".

By default a spread of the calls. With CAREERKIT_LONG=1 each call has all four faults; docs/reliability.md counts the runs.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest
from fault_injection import Strace, copy_journal, list_temp_files, locate_calls, run_writer, warm_up
from sample_entries import FIRST_ID, PLAYBOOK, make_entry, open_disk_journal
from writer_process import JOURNAL_WIDE_ACTS, LOST_ENTRY_ID, PLAN_ACTS, open_machine, prepare

from careerkit.core.journal.entry_list import build_history
from careerkit.storage.backup import verify_backup
from careerkit.storage.settings import read_settings, write_setting
from careerkit.storage.transfer import JournalMaintenance

FAULTS = ("signal=KILL", "error=ENOSPC", "error=EIO", "error=EDQUOT")
LONG = os.environ.get("CAREERKIT_LONG") == "1"
ACTS = ("create", "save", "finish", "tag", "erase", *JOURNAL_WIDE_ACTS, *(PLAN_ACTS if LONG else ("undo",)))
"""By default one of those that change a plan, for each of them records events, and the command takes a second."""


@pytest.mark.parametrize("act", ACTS)
def test_whatever_call_fails_the_old_state_is_there_or_the_new_and_what_is_said_is_true(tmp_path, strace, act):
    base = tmp_path / "base"
    journal = open_disk_journal(base)
    first = make_entry(machine=journal.machine, text="old")
    if act in (*JOURNAL_WIDE_ACTS, *PLAN_ACTS):
        prepare(base, act)
    elif act != "create":
        journal.create(first, PLAYBOOK)
    old, new = state(base, act), clean_run(base, strace, act)
    assert old != new
    calls = locate_calls(strace.before, strace(copy_journal(base, 0), act, "new")[1])
    runs = choose_runs(calls, act)
    ends = Counter(
        run(strace, copy_journal(base, number), act, each, old=old, new=new)
        for number, each in enumerate(runs, start=1)
    )

    print(f"\n{act}: {len(runs)} runs: {dict(ends)}")
    assert {"between" if act == "checkin" else "old", "new"} <= {found for found, _ in ends}
    assert {"killed", "not-moved" if act == "fix" else "not-saved"} <= {said for _, said in ends}


def choose_runs(calls: list[tuple[str, int]], act: str) -> list[tuple[str, int, str]]:
    if act in ("checkin", "edit"):  # they record one event after the other, in the same way
        return some_of(calls)
    if LONG:
        return all_of(calls)
    return few_of(calls) if act in (*JOURNAL_WIDE_ACTS, *PLAN_ACTS) else some_of(calls)


def all_of(calls: list[tuple[str, int]]) -> list[tuple[str, int, str]]:
    return [(call, nth, fault) for call, nth in calls for fault in FAULTS]


def some_of(calls: list[tuple[str, int]]) -> list[tuple[str, int, str]]:
    """Every tenth call with one of the faults in turn, and the last ones, where the old becomes the new, with two."""
    spread = [(*call, FAULTS[number % len(FAULTS)]) for number, call in enumerate(calls[::10])]
    return spread + [(*call, fault) for call in calls[-4:] for fault in FAULTS[:2]]


def few_of(calls: list[tuple[str, int]]) -> list[tuple[str, int, str]]:
    """The call that gives the new state its name, before and after it, killed and failing; and one far from it."""
    naming = max(place for place, (call, _) in enumerate(calls) if call in ("rename", "link", "linkat"))
    about = [(*calls[place], fault) for place in (naming, naming + 1) for fault in FAULTS[:2]]
    return [*about, (*calls[naming - 3], FAULTS[2]), (*calls[naming // 2], FAULTS[0])]


def clean_run(base: Path, strace: Strace, act: str) -> object:
    """The state that the act leads to where nothing fails."""
    warm_up(base, act)
    here = copy_journal(base, 9998)
    assert strace(here, act, "new")[0] == "saved\n"
    return state(here, act)


def run(
    strace: Strace, here: Path, act: str, broken: tuple[str, int, str], *, old: object, new: object
) -> tuple[str, str]:
    """One run with one call broken; gives the state that was found, and what was said."""
    call, nth, fault = broken
    said, calls = strace(here, act, "new", f"{call}:{fault}:when={nth}")
    assert any("INJECTED" in line or "killed by SIGKILL" in line for line in calls), broken
    found, verdict = state(here, act), "killed" if fault == "signal=KILL" else what_was_said(said)
    assert found in (old, new) or is_between(found, old, new, act), (broken, said, found)
    if verdict in MUST_BE and (verdict == "saved" or act not in OF_MANY):
        assert found == {"old": old, "new": new}[MUST_BE[verdict]], (broken, said)
    if found != new:
        assert run_writer(here, act, "new") == "saved\n", (broken, "it can't be done again")
        assert state(here, act) == new
    leftovers_are_swept(here, act)
    shutil.rmtree(here)
    return "new" if found == new else "old" if found == old else "between", verdict


def is_between(found: object, old: object, new: object, act: str) -> bool:
    """Of an act that records one thing after the other, is a part there, and all the rest as it was?"""
    if act not in ("checkin", "edit"):
        return False
    assert isinstance(found, frozenset)
    return found - old <= new and found - new <= old


MUST_BE = {"saved": "new", "not-certain": "new", "not-saved": "old", "not-moved": "old"}
"""What was said, and the state that it must be true of."""


OF_MANY = ("restore", "import", "checkin", "edit")
"""Acts that write many files: what was not saved, or is not certain, is one of them, and the rest may be there or not."""


def what_was_said(said: str) -> str:
    """ "saved", or the code of the first problem that it was refused with."""
    first, _, problems = said.partition("\n")
    code = re.match(r"(?:\S+: )?([a-z-]+): ", problems)
    assert first == "saved" or code, said
    return code[1] if code else first


def state(base: Path, act: str) -> object:
    """What there is: the archive, the setting, where the damaged file lies; or the entries with answers and tags, as careerkit says."""
    match act:
        case "backup":
            archive = base / "b.tar.gz"
            return verify_backup(str(archive)) if archive.exists() else "none"
        case "set":
            return read_settings(str(base / "settings.toml"))
        case "fix":
            return ["quarantine" in path.parts for path in base.rglob(f"{LOST_ENTRY_ID}.toml")]
    if act in PLAN_ACTS:
        return read_plan(base)
    journal = open_disk_journal(base)
    listing = journal.listing()
    assert listing.problems == ()
    readings = [journal.read(each.id) for each in listing.entries]
    assert all(reading.problems == () for reading in readings)
    return [
        (each.id, each.state, each.tags, reading.entry.answers[0].value)
        for each, reading in zip(listing.entries, readings, strict=True)
    ]


def read_plan(base: Path) -> frozenset[tuple[object, ...]]:
    """Each action with its state, the answers of the check-in, corrected answers, and what became of the prediction."""
    machine = open_machine(base)
    entry_id = machine.journal.resolve_id("last")
    found = machine.journal.events(entry_id)
    assert found.problems == ()
    history, plan = build_history(found.events), machine.plan(entry_id)
    actions = {("action", each.do, each.state, each.due, each.proof, each.reason) for each in plan.actions}
    kinds = ("checkin", "checkin_answer", "prediction")
    rest = {(*key, its[0].value) for key, its in history.plan.items() if key[0] in kinds}
    return frozenset(actions | rest | {(name, its[0].value) for name, its in history.corrections.items()})


def leftovers_are_swept(base: Path, act: str) -> None:
    """By the next write of the same kind, once nobody can still need them."""
    for path in list_temp_files(base):
        os.utime(path, (time.time() - 7200,) * 2)
    journal = open_disk_journal(base)
    journal.create(make_entry(FIRST_ID.replace("k3f9x2", "zzzzzz"), machine=journal.machine), PLAYBOOK)
    match act:
        case "backup":
            JournalMaintenance(journal).create_backup(str(base / "again.tar.gz"), force=False, advance=lambda: None)
        case "set":
            write_setting(str(base / "settings.toml"), "offer_names", "true")
    assert [path for path in list_temp_files(base) if "state" not in path.parts] == []
