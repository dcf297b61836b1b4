"""The targets for speed and memory, and the figures to compare with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from homes import ENTRIES
from workload import SAVED_BYTES, YARDSTICK

if TYPE_CHECKING:
    from rounds import Results

Unit = Literal["x", "ms", "MB"]
PEAK = "peak of all"


@dataclass(frozen=True, slots=True)
class Target:
    """`measure` must be at most `most`: times the yardstick, milliseconds or megabytes. None: no target.

    `times` is the measure that it is a multiple of. `of_all` is the share of samples that must meet it; 0.5 is the median.
    Only targets in milliseconds set it.
    """

    measure: str
    title: str
    most: float | None = None
    unit: Unit = "x"
    of_all: float = 0.5
    times: str = YARDSTICK


TARGETS = (
    Target("--version", "`careerkit --version`", 1.5),
    Target("--help", "`careerkit --help`, as a multiple of `import typer`", 1.1, times="import typer"),
    Target("--help, first time", "`careerkit --help`, the first time ever"),
    Target("journal list", f"`careerkit journal list`, {ENTRIES} entries", 3.5),
    Target("plan show", f"`careerkit plan show`, {ENTRIES} entries", 4),
    Target(
        "anything on the screen, first time",
        "`careerkit crisis start`, something on the screen, the first time ever",
        12,
    ),
    Target("first question, first time", "`careerkit crisis start`, the first question, the first time ever", 22),
    Target("anything on the screen, after that", "`careerkit crisis start`, something on the screen, after that", 4),
    Target("first question, after that", "`careerkit crisis start`, the first question, after that", 7.5),
    Target("first key, first time", "`careerkit crisis start`, the first key taken, the first time ever", 24),
    Target("first key, after that", "`careerkit crisis start`, the first key taken, after that", 16),
    Target("anything on the screen, at home", "`careerkit` alone, something on the screen", 4),
    Target("playbooks, at home", "`careerkit` alone, the playbooks to choose from"),
    Target("first key, at home", "`careerkit` alone, the first key taken", 15),
    Target("a press", "From a key press to its picture, half of all", 16, "ms"),
    Target("a press", "From a key press to its picture, 99 of 100", 50, "ms", of_all=0.99),
    Target("one turn", "From Enter to the next question, the answer saved", 60, "ms"),
    Target("save", f"A durable save of an entry of {SAVED_BYTES // 1000} KB", 20, "ms"),
    Target("append", "Yardstick for saves: append 200 bytes and sync", unit="ms"),
    Target(PEAK, "The most memory that any of these takes", 60, "MB"),
    Target(YARDSTICK, f"Yardstick: `{YARDSTICK}`"),
)


def measured(target: Target, results: Results) -> float:
    """The figure in the target's unit."""
    match target.unit:
        case "x":
            return results.ratio(target.measure, target.times)
        case "ms":
            return results.within(target.measure, target.of_all)
        case "MB":
            return peak_of_all(results)


def is_measured(target: Target, results: Results) -> bool:
    """Is there a figure? There is no overall peak if any case failed."""
    if target.unit == "MB":
        return bool(results.peaks) and not any(each.measure in results.failures for each in TARGETS)
    return results.has(target.measure) and results.has(target.times)


def peak_of_all(results: Results) -> float:
    """The largest peak of careerkit's own commands, in megabytes."""
    own = {each.measure for each in TARGETS}
    return max(peak for measure, peak in results.peaks.items() if measure in own) / 1024
