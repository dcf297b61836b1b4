"""What was promised of speed and memory, and whether it was kept."""

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
    """`measure` is at most `most`: times the yardstick, or milliseconds, or megabytes. None: no promise.

    `of_all`: the share of the samples that keep it; a half is the median. Only milliseconds have another.
    """

    measure: str
    title: str
    most: float | None = None
    unit: Unit = "x"
    of_all: float = 0.5


TARGETS = (
    Target("--version", "`careerkit --version`", 8),
    Target("--help", "`careerkit --help`", 8),
    Target("--help, first time", "`careerkit --help`, the first time ever"),
    Target("journal list", f"`careerkit journal list`, {ENTRIES} entries", 8),
    Target(
        "anything on the screen, first time",
        "`careerkit crisis start`, something on the screen, the first time ever",
        12,
    ),
    Target("first question, first time", "`careerkit crisis start`, the first question, the first time ever", 22),
    Target("anything on the screen, after that", "`careerkit crisis start`, something on the screen, after that", 12),
    Target("first question, after that", "`careerkit crisis start`, the first question, after that", 14),
    Target("first key, first time", "`careerkit crisis start`, the first key taken, the first time ever", 24),
    Target("first key, after that", "`careerkit crisis start`, the first key taken, after that", 24),
    Target("anything on the screen, at home", "`careerkit` alone, something on the screen", 12),
    Target("playbooks, at home", "`careerkit` alone, the playbooks to choose from"),
    Target("first key, at home", "`careerkit` alone, the first key taken", 24),
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
            return results.ratio(target.measure)
        case "ms":
            return results.within(target.measure, target.of_all)
        case "MB":
            return peak_of_all(results)


def is_measured(target: Target, results: Results) -> bool:
    """Is there a figure? The peak of all is none while any of them failed."""
    if target.unit == "MB":
        return bool(results.peaks) and not any(each.measure in results.failures for each in TARGETS)
    return results.has(target.measure)


def peak_of_all(results: Results) -> float:
    """Megabytes of the one of careerkit's own commands that takes most."""
    own = {each.measure for each in TARGETS}
    return max(peak for measure, peak in results.peaks.items() if measure in own) / 1024
