"""How problems are told: on standard error, in words or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TextIO

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
        sys.stderr.write(fitted(f"{safe_line(where)}{sign}{problem.code}: {safe(problem.message)}", to=sys.stderr))
        if problem.hint:
            sys.stderr.write(fitted(f"  {safe(problem.hint)}", to=sys.stderr))


def remark(text: str) -> None:
    """Write a sentence or two to standard error, in lines that the terminal can show."""
    columns = _columns() if sys.stderr.isatty() else WIDEST
    sys.stderr.write(_wrapped(text, columns))


def fitted(text: str, *, to: TextIO) -> str:
    """The text as lines that fit the terminal, each with the indent that it had; as it is where there is no terminal."""
    if not to.isatty():
        return f"{text}\n"
    return "".join(_wrapped(line, _columns()) for line in text.split("\n"))


def _columns() -> int:
    from shutil import get_terminal_size

    return min(get_terminal_size().columns, WIDEST)


def _wrapped(line: str, columns: int) -> str:
    from careerkit.terminal.width import wrapped

    indent = line[: len(line) - len(line.lstrip())]
    return "".join(f"{indent}{row}\n" for row in wrapped(line, columns - len(indent)))
