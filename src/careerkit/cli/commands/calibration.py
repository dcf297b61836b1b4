"""`careerkit journal calibration`: how well predictions fit what happened."""

from __future__ import annotations

import sys

from careerkit.cli.container import open_journal
from careerkit.cli.output import print_problems, write_json
from careerkit.coaching.trends import load_calibration
from careerkit.core.text import format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.trends import CalibrationReport
    from careerkit.core.journal.calibration import CalibrationBin

BAR_CELLS = 20


def calibration(options: GlobalOptions) -> None:
    """Show how well the predictions of all entries fit what happened."""
    found = load_calibration(open_journal(options))
    print_problems(found.problems, as_json=options.json)
    if options.json:
        write_json(serialise_calibration(found))
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _describe(found)))


def serialise_calibration(found: CalibrationReport) -> dict[str, object]:
    """The report with the documented JSON keys. Scores are null below ten resolved predictions."""
    scores = found.calibration
    return {
        "resolved": scores.resolved,
        "needed": scores.needed,
        "open": found.open,
        "unclear": found.unclear,
        "brier": scores.brier,
        "base_rate_brier": scores.base_rate_brier,
        "reliability": scores.reliability,
        "resolution": scores.resolution,
        "uncertainty": scores.uncertainty,
        "chance_band": None if scores.band_low is None else [scores.band_low, scores.band_high],
        "bins": [
            {
                "from": each.low,
                "to": each.high,
                "count": each.count,
                "mean_forecast": each.mean_forecast,
                "observed": each.observed,
                "chance_band": [each.band_low, each.band_high],
            }
            for each in scores.bins
        ],
    }


def _describe(found: CalibrationReport) -> list[str]:
    scores = found.calibration
    waiting = f" {format_count(found.open, 'prediction')} not resolved yet." if found.open else ""
    if scores.brier is None or scores.base_rate_brier is None:
        resolved = format_count(scores.resolved, "resolved prediction")
        return [f"{resolved}. From ten on, this shows how well they fit: {scores.needed} to go.{waiting}"]
    better = "better than" if scores.brier < scores.base_rate_brier else "no better than"
    lines = [
        f"{format_count(scores.resolved, 'resolved prediction')}.{waiting}",
        "",
        (
            f"Brier score {scores.brier:.3f} (0 is perfect, 0.25 is a coin), {better} always saying the base rate "
            f"({scores.base_rate_brier:.3f})."
        ),
        (
            f"Chance alone would put nine in ten perfectly calibrated people between {scores.band_low:.3f} and "
            f"{scores.band_high:.3f}."
        ),
        "",
        "you said    it happened  of  by chance",
    ]
    return lines + [_format_bin(each) for each in scores.bins]


def _format_bin(each: CalibrationBin) -> str:
    cells = [" "] * (BAR_CELLS + 1)
    for cell in range(round(each.band_low * BAR_CELLS), round(each.band_high * BAR_CELLS) + 1):
        cells[cell] = "-"
    cells[round(each.observed * BAR_CELLS)] = "o"
    forecast = f"{each.low * 100:.0f}-{each.high * 100:.0f} %"
    band = f"{each.band_low * 100:.0f}-{each.band_high * 100:.0f} %"
    return f"{forecast:<11} {each.observed * 100:>9.0f} % {each.count:>4}  {band:<10} |{''.join(cells)}|"
