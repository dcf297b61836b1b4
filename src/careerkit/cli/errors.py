"""How problems are told: on standard error, in words or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from careerkit.core.problem import Problem

WIDEST = 80


def tell(problems: Iterable[Problem], *, as_json: bool) -> None:
    """Write `problems` to standard error."""
    problems = list(problems)
    if as_json and problems:
        from careerkit.cli.output import json_text
        from careerkit.export.as_json import problems_as_json

        sys.stderr.write(json_text({"problems": problems_as_json(problems)}) + "\n")
        return
    from careerkit.terminal.safe import safe, safe_line

    for problem in problems:
        where = f"{problem.where}: " if str(problem.where) else ""
        sign = "warning: " if problem.severity == "warning" else ""
        sys.stderr.write(f"{safe_line(where)}{sign}{problem.code}: {safe(problem.message)}\n")
        if problem.hint:
            sys.stderr.write(f"  {safe(problem.hint)}\n")


def remark(text: str) -> None:
    """Write a sentence or two to standard error, in lines that the terminal can show."""
    from shutil import get_terminal_size

    from careerkit.terminal.width import wrapped

    columns = min(get_terminal_size().columns, WIDEST) if sys.stderr.isatty() else WIDEST
    sys.stderr.write("".join(f"{line}\n" for line in wrapped(text, columns)))
