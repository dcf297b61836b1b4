"""Fill the journal with finished entries, through the real commands. Run with the installed careerkit's own Python.

`seed_journal.py COUNT ANSWERS...`: each answers file is in a folder named `<group>-<name>` after its playbook. Files that
don't fit their playbook are skipped; if none is left, the exit code is 1.
"""

from __future__ import annotations

import sys
from pathlib import Path

from careerkit.cli.process import run_careerkit


def main() -> None:
    wanted, files = int(sys.argv[1]), [Path(each) for each in sys.argv[2:]]
    while wanted and files:
        answers = files.pop(0)
        group, _, name = answers.parent.name.partition("-")
        if run_careerkit([group, name, "--plain", "--answers", str(answers)]) == 0:
            files.append(answers)
            wanted -= 1
    sys.exit(1 if wanted else 0)


if __name__ == "__main__":
    main()
