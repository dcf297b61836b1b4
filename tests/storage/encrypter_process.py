"""A process that encrypts a journal, for tests that kill it: `python encrypter_process.py BASE RECIPIENT`.

All is imported and tried out elsewhere first, so that after the look at MARK only the encrypting itself calls the system.
The identity file is of no use: to make a real one takes seconds, and it is one small file like any other.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from sample_entries import PLAYBOOK, make_entry, open_disk_journal

from careerkit.storage.transfer import begin_conversion

MARK = "/careerkit-mark"


def main() -> None:
    base, recipient = Path(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as elsewhere:
        journal = open_disk_journal(Path(elsewhere))
        journal.create(make_entry(machine=journal.machine), PLAYBOOK)
        encrypt_journal(Path(elsewhere), recipient)
    with contextlib.suppress(OSError):
        os.stat(MARK)
    encrypt_journal(base, recipient)
    print("encrypted", flush=True)


def encrypt_journal(base: Path, recipient: str) -> None:
    with begin_conversion(str(base / "data" / "journal"), str(base / "state")) as journal:
        journal.set_recipient(recipient, identity=b"" if journal.has_identity else b"an identity file")
        journal.remove_temp_files()
        journal.encrypt_all(recipient, key=None, advance=lambda: None)


if __name__ == "__main__":
    main()
