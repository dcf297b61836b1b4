"""A process that writes one entry, for tests that break the system under it or kill it.

`python writer.py BASE ACT ENTRY TEXT`: ACT is create, save, finish, tag, erase, backup, restore, import, fix, set, read, list or hold. All is imported and tried out elsewhere
first, so that after the look at MARK only the act itself calls the system. CK_USER is the user id to become before the
act, CK_LIMIT the largest size of a file. Prints "saved" or what was asked for, or "refused" and the problems.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import tempfile
from pathlib import Path

from sample_entries import FIRST, PLAYBOOK, disk_journal, entry, finished, path_of

from careerkit.coaching.changing import Changes, remove_forever
from careerkit.core.problem import Refused
from careerkit.storage.journal_care import JournalCare
from careerkit.storage.json_lines import from_json_lines
from careerkit.storage.plain_file import read_file
from careerkit.storage.settings import write_setting
from careerkit.storage.system_clock import SystemClock

MARK = "/careerkit-mark"


def main() -> None:
    base, act, entry_id, text = Path(sys.argv[1]), *sys.argv[2:5]
    with tempfile.TemporaryDirectory() as elsewhere, contextlib.redirect_stdout(None):
        for kind in ("create", "save", "finish", "tag", "list", "erase"):
            do(Path(elsewhere), kind, entry_id, text)
        with tempfile.TemporaryDirectory() as another:
            prepare(Path(another), act)
            do(Path(another), act if act in WITH_ALL else "list", entry_id, text)
    journal = disk_journal(base)
    if act in ("save", "finish"):
        journal.read(entry_id)
    if limit := os.environ.get("CK_LIMIT"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    if user := os.environ.get("CK_USER"):
        os.seteuid(int(user))
    with contextlib.suppress(OSError):
        os.stat(MARK)
    try:
        do(base, act, entry_id, text, journal)
    except Refused as refused:
        print("refused", *refused.problems, sep="\n")
    else:
        print("saved", flush=True)


WITH_ALL = ("backup", "restore", "import", "fix", "set")
"""Acts that deal with a journal as a whole, or with none."""
LOST = "20261122T0906Z-nnnnnn"


def prepare(base: Path, act: str) -> None:
    """A journal with two entries. One is lost since, but in a backup and an export; or, where it is to be fixed, damaged."""
    journal = disk_journal(base)
    for entry_id in (FIRST, LOST):
        journal.create(entry(entry_id, machine=journal.machine, text="old"), PLAYBOOK)
    JournalCare(journal).back_up(str(base / "kept.tar.gz"), force=False, advance=nothing)
    lines = JournalCare(journal).json_lines(lambda _: {})
    (base / "kept.jsonl").write_text("".join(f"{line}\n" for line in lines))
    lost = path_of(base, LOST)
    lost.write_bytes(lost.read_bytes()[:-9]) if act == "fix" else lost.unlink()


def nothing() -> None:
    """Nobody watches."""


def do(base: Path, act: str, entry_id: str, text: str, journal=None) -> None:
    journal = journal or disk_journal(base)
    match act:
        case "create":
            journal.create(entry(entry_id, machine=journal.machine, text=text), PLAYBOOK)
        case "save":
            made = entry(entry_id, machine=journal.machine, text=text)
            journal.save(made)
        case "finish":
            journal.save(finished(entry(entry_id, machine=journal.machine, text=text)))
        case "tag":
            Changes(journal, SystemClock(), entry_id).tag([text])
        case "erase":
            left = remove_forever(journal, SystemClock(), entry_id)
            assert left == (), left
        case "backup":
            JournalCare(journal).back_up(str(base / "b.tar.gz"), force=False, advance=nothing)
        case "restore":
            JournalCare(journal).restore_backup(str(base / "kept.tar.gz"), advance=nothing)
        case "import":
            lines = (read_file(str(base / "kept.jsonl")) or b"").decode().splitlines()
            JournalCare(journal).bring_in(from_json_lines(lines, "kept.jsonl"), advance=nothing)
        case "fix":
            care, now = JournalCare(journal), SystemClock().now()
            found = care.examine(now=now, advance=nothing)
            done = [each.problem for each in care.cure(found, now=now)]
            if left := [each.problem for each in found.complaints if each.problem not in done]:
                raise Refused(left)
        case "set":
            write_setting(str(base / "settings.toml"), "offer_names", "true")
        case "read":
            print(journal.read(entry_id).entry.id)
        case "list":
            print([listed.id for listed in journal.listing().entries])
        case "hold":
            with journal.hold(entry_id):
                print("held", flush=True)
                sys.stdin.read()


if __name__ == "__main__":
    main()
