"""Run careerkit as a module: `python -m careerkit`."""

from __future__ import annotations

import sys

from careerkit.cli.startup import main

if __name__ == "__main__":
    sys.exit(main())
