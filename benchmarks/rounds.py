"""Run every case once per round, in a new random order, so that slow phases of the machine affect all cases alike."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from programs import FailedError

Sample = Mapping[str, list[float]]
"""Milliseconds by measure; several if one run measures it several times."""

Run = Callable[[], Sample]


@dataclass(frozen=True, slots=True)
class Case:
    """Something to measure. `run` runs it once and returns a sample of each of `measures`. `peak` returns KiB, None if unknown."""

    measures: tuple[str, ...]
    run: Run
    peak: Callable[[], int | None] | None = None


@dataclass(slots=True)
class Results:
    """The samples of each round, the memory peaks, and the reasons why something could not be measured."""

    yardstick: str
    rounds: list[dict[str, list[float]]] = field(default_factory=list)
    peaks: dict[str, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def has(self, measure: str) -> bool:
        """Was it measured in every round?"""
        return measure not in self.failures and bool(self.rounds) and all(measure in each for each in self.rounds)

    def median(self, measure: str) -> float:
        """Milliseconds, of all samples."""
        return statistics.median(self.samples(measure))

    def within(self, measure: str, share: float) -> float:
        """The percentile, in milliseconds: this share of all samples is at most that."""
        samples = sorted(self.samples(measure))
        return statistics.median(samples) if share == 0.5 else samples[math.ceil(share * len(samples)) - 1]

    def ratio(self, measure: str, base: str = "") -> float:
        """The median of the rounds' ratios to `base`, or else the yardstick, of the same round."""
        base = base or self.yardstick
        return statistics.median(
            statistics.median(each[measure]) / statistics.median(each[base]) for each in self.rounds
        )

    def samples(self, measure: str) -> list[float]:
        return [sample for each in self.rounds for sample in each[measure]]


def measure(cases: list[Case], *, yardstick: str, rounds: int, log: Callable[[str], None]) -> Results:
    """Run all cases `rounds` times, after an untimed warm-up run of each."""
    results = Results(yardstick)
    live = [case for case in cases if _warm_up(case, results)]
    for number in range(1, rounds + 1):
        log(f"round {number} of {rounds}")
        random.shuffle(live)
        samples: dict[str, list[float]] = {}
        for case in list(live):
            try:
                samples.update(case.run())
            except FailedError as failed:
                live.remove(case)
                results.failures |= dict.fromkeys(case.measures, f"failed in round {number}: {failed}")
        results.rounds.append(samples)
    return results


def _warm_up(case: Case, results: Results) -> bool:
    try:
        case.run()
        peak = case.peak() if case.peak else None
    except FailedError as failed:
        results.failures |= dict.fromkeys(case.measures, str(failed))
        return False
    if peak is not None:
        results.peaks |= dict.fromkeys(case.measures, peak)
    return True
