"""A process that writes one entry, for tests that break the system under it or kill it.

`python writer_process.py BASE ACT ENTRY TEXT`: ACT is create, save, finish, tag, erase, backup, restore, import, fix, set, done, drop,
move, add, undo, checkin, edit, read, list or hold. All is imported and tried out elsewhere
first, so that after the look at MARK only the act itself calls the system. CK_USER is the user id to become before the
act, CK_LIMIT the largest size of a file. Prints "saved" or what was asked for, or "refused" and the problems.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sample_entries import FIRST_ID, PLAYBOOK, finish_entry, locate_entry, make_entry, open_disk_journal

from careerkit.coaching.entry_changes import EntryChanges, remove_forever
from careerkit.core.errors import Refused
from careerkit.storage.platform import SystemClock, read_file
from careerkit.storage.settings import write_setting
from careerkit.storage.transfer import JournalMaintenance, parse_json_lines

if TYPE_CHECKING:
    from planned_machine import PlannedMachine

MARK = "/careerkit-mark"


def main() -> None:
    base, act, entry_id, text = Path(sys.argv[1]), *sys.argv[2:5]
    with tempfile.TemporaryDirectory() as elsewhere, contextlib.redirect_stdout(None):
        for kind in ("create", "save", "finish", "tag", "list", "erase"):
            perform(Path(elsewhere), kind, entry_id, text)
        with tempfile.TemporaryDirectory() as another:
            prepare(Path(another), act)
            perform(Path(another), act if act in (*JOURNAL_WIDE_ACTS, *PLAN_ACTS) else "list", entry_id, text)
    journal = open_disk_journal(base)
    if act in ("save", "finish"):
        journal.read(entry_id)
    if limit := os.environ.get("CK_LIMIT"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    if user := os.environ.get("CK_USER"):
        os.seteuid(int(user))
    with contextlib.suppress(OSError):
        os.stat(MARK)
    try:
        perform(base, act, entry_id, text, journal)
    except Refused as refused:
        print("refused", *refused.problems, sep="\n")
    else:
        print("saved", flush=True)


JOURNAL_WIDE_ACTS = ("backup", "restore", "import", "fix", "set")
"""Acts that deal with a journal as a whole, or with none."""
LOST_ENTRY_ID = "20261122T0906Z-nnnnnn"
PLAN_ACTS = ("done", "drop", "move", "add", "undo", "checkin", "edit")
"""Acts that change the plan of the entry that `prepare` makes."""


def prepare(base: Path, act: str) -> None:
    """A journal with two entries. One is lost since, but in a backup and an export; or, where it is to be fixed, damaged.

    For a change of a plan, one entry with a plan.
    """
    if act in PLAN_ACTS:
        machine = open_machine(base)
        plan = machine.changes(machine.write_plan())
        plan.mark_done(plan.find("send"), proof="They called")
        return
    journal = open_disk_journal(base)
    for entry_id in (FIRST_ID, LOST_ENTRY_ID):
        journal.create(make_entry(entry_id, machine=journal.machine, text="old"), PLAYBOOK)
    JournalMaintenance(journal).create_backup(str(base / "kept.tar.gz"), force=False, advance=ignore_progress)
    lines = JournalMaintenance(journal).export_json_lines(lambda _: {})
    (base / "kept.jsonl").write_text("".join(f"{line}\n" for line in lines))
    lost = locate_entry(base, LOST_ENTRY_ID)
    lost.write_bytes(lost.read_bytes()[:-9]) if act == "fix" else lost.unlink()


def ignore_progress() -> None:
    """Nobody watches."""


def open_machine(base: Path) -> PlannedMachine:
    from planned_machine import PlannedMachine  # it takes its time, and other acts don't need it

    return PlannedMachine(base / "data" / "journal", base / "state")


def perform(base: Path, act: str, entry_id: str, text: str, journal=None) -> None:
    if act in PLAN_ACTS:
        change_plan(base, act, text)
        return
    journal = journal or open_disk_journal(base)
    match act:
        case "create":
            journal.create(make_entry(entry_id, machine=journal.machine, text=text), PLAYBOOK)
        case "save":
            made = make_entry(entry_id, machine=journal.machine, text=text)
            journal.save(made)
        case "finish":
            journal.save(finish_entry(make_entry(entry_id, machine=journal.machine, text=text)))
        case "tag":
            EntryChanges(journal, SystemClock(), entry_id).tag([text])
        case "erase":
            left = remove_forever(journal, SystemClock(), entry_id)
            assert left == (), left
        case "backup":
            JournalMaintenance(journal).create_backup(str(base / "b.tar.gz"), force=False, advance=ignore_progress)
        case "restore":
            JournalMaintenance(journal).restore_backup(str(base / "kept.tar.gz"), advance=ignore_progress)
        case "import":
            lines = (read_file(str(base / "kept.jsonl")) or b"").decode().splitlines()
            JournalMaintenance(journal).import_files(parse_json_lines(lines, "kept.jsonl"), advance=ignore_progress)
        case "fix":
            care, now = JournalMaintenance(journal), SystemClock().now()
            found = care.check(now=now, advance=ignore_progress)
            done = [each.problem for each in care.fix(found, now=now)]
            if left := [each.problem for each in found.issues if each.problem not in done]:
                raise Refused(left)
        case "set":
            write_setting(str(base / "settings.toml"), "offer_names", "true")
        case "read":
            print(journal.read(entry_id).entry.id)
        case "list":
            print([listed.id for listed in journal.listing().entries])
        case "hold":
            with journal.lock_entry(entry_id):
                print("held", flush=True)
                sys.stdin.read()


def change_plan(base: Path, act: str, text: str) -> None:
    machine = open_machine(base)
    machine.wait(timedelta(hours=1))
    entry_id = machine.journal.resolve_id("last")
    plan = machine.changes(entry_id)
    match act:
        case "done":
            plan.mark_done(plan.find("write"), proof=text)
        case "drop":
            plan.drop(plan.find("write"), reason=text)
        case "move":
            plan.move(plan.find("write"), machine.today + timedelta(days=3), reason=text)
        case "add":
            plan.add(text, due=machine.today)
        case "undo":
            plan.undo()
        case "checkin":
            replies = {"action": "done", "answered_it": True, "strain_now": 4, "_surprise": text, "_verdict": "keep"}
            machine.check_in(entry_id, replies)
        case "edit":
            machine.edit(entry_id, 5)


if __name__ == "__main__":
    main()
