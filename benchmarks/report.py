"""Write the results as Markdown tables into docs/performance.md."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from programs import FailedError
from targets import TARGETS, Target, is_measured, measured

if TYPE_CHECKING:
    from pathlib import Path

    from rounds import Results

BEGIN, END = "<!-- benchmark: begin -->", "<!-- benchmark: end -->"


def report(results: Results, *, others: list[str], missing: list[str]) -> str:
    """How it was measured, the targets, and other programs to compare."""
    parts = [how_measured(results), _targets(results), _others(results, others)]
    if missing:
        parts.append(f"Not installed here, so not compared: {', '.join(missing)}.")
    return "\n\n".join(parts)


def put(text: str, page: Path, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Replace the text between the markers of `page`. Raises FailedError if they are missing."""
    before, begin, rest = page.read_text().partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not begin or not end:
        raise FailedError(f"{page} lacks the line {marks[0]} or {marks[1]}")
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}")


def how_measured(results: Results) -> str:
    day = datetime.now(UTC).date().isoformat()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"Measured on {day}: {len(results.rounds)} rounds, Python {platform.python_version()}, {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} processors{load}. × is times `{results.yardstick}`."
    )


def _targets(results: Results) -> str:
    lines = ["| | target | measured | met | median | peak |", "|---|---:|---:|---|---:|---:|"]
    return "\n".join([*lines, *(_row(each, results) for each in TARGETS)])


def _row(target: Target, results: Results) -> str:
    promised = "" if target.most is None else f"at most {_figure(target, target.most, exact=True)}"
    if not is_measured(target, results):
        why = results.failures.get(target.measure, "not known here")
        return f"| {target.title} | {promised} | not measured: {why} | | | |"
    found = measured(target, results)
    met = "" if target.most is None else ("yes" if found <= target.most else "**no**")
    median = "" if target.unit == "MB" else f"{results.median(target.measure):.1f} ms"
    shown = _figure(target, found)
    return f"| {target.title} | {promised} | {shown} | {met} | {median} | {_peak(target.measure, results)} |"


def _others(results: Results, names: list[str]) -> str:
    lines = ["| For comparison | measured | median | peak |", "|---|---:|---:|---:|"]
    for name in names:
        if results.has(name):
            figures = f"{results.ratio(name):.1f} × | {results.median(name):.1f} ms | {_peak(name, results)}"
        else:
            figures = f"not measured: {results.failures.get(name, '')} | |"
        lines.append(f"| `{name}` | {figures} |")
    return "\n".join(lines)


def _figure(target: Target, figure: float, *, exact: bool = False) -> str:
    unit = "×" if target.unit == "x" else target.unit
    return f"{figure:g} {unit}" if exact else f"{figure:.1f} {unit}"


def _peak(measure: str, results: Results) -> str:
    peak = results.peaks.get(measure)
    return f"{peak / 1024:.0f} MB" if peak else ""
