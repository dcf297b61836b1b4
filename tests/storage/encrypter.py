"""A process that encrypts a journal, for tests that kill it: `python encrypter.py BASE RECIPIENT`.

All is imported and tried out elsewhere first, so that after the look at MARK only the encrypting itself calls the system.
The identity file is of no use: to make a real one takes seconds, and it is one small file like any other.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from sample_entries import PLAYBOOK, disk_journal, entry

from careerkit.storage.turnover import turnover

MARK = "/careerkit-mark"


def main() -> None:
    base, recipient = Path(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as elsewhere:
        journal = disk_journal(Path(elsewhere))
        journal.create(entry(machine=journal.machine), PLAYBOOK)
        encrypt(Path(elsewhere), recipient)
    with contextlib.suppress(OSError):
        os.stat(MARK)
    encrypt(base, recipient)
    print("encrypted", flush=True)


def encrypt(base: Path, recipient: str) -> None:
    with turnover(str(base / "data" / "journal"), str(base / "state")) as journal:
        journal.address(recipient, identity=b"" if journal.has_identity else b"an identity file")
        journal.sweep()
        journal.close_all(recipient, key=None, advance=lambda: None)


if __name__ == "__main__":
    main()
