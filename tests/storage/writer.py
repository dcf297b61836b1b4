"""A process that writes one entry, for tests that break the system under it or kill it.

`python writer.py BASE ACT ENTRY TEXT`: ACT is create, save, finish, tag, erase, read, list or hold. All is imported and tried out elsewhere
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

from sample_entries import PLAYBOOK, disk_journal, entry, finished

from careerkit.coaching.changing import Changes, remove_forever
from careerkit.core.problem import Refused
from careerkit.storage.system_clock import SystemClock

MARK = "/careerkit-mark"


def main() -> None:
    base, act, entry_id, text = Path(sys.argv[1]), *sys.argv[2:5]
    with tempfile.TemporaryDirectory() as elsewhere, contextlib.redirect_stdout(None):
        for kind in ("create", "save", "finish", "tag", "list", "erase"):
            do(Path(elsewhere), kind, entry_id, text)
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
