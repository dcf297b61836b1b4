"""Measure careerkit against its targets: `python benchmarks/run.py [--quick]`. See README.md."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from homes import Homes, Subject
from installation import install
from programs import FailedError
from report import put, report
from rounds import Results, measure
from workload import YARDSTICK, careerkit_cases, floors, peers

TREE = Path(__file__).parent.parent
PAGE = TREE / "docs" / "performance.md"
ROUNDS, QUICK_ROUNDS = 20, 5


def main() -> None:
    """Build, install, measure, print, and write the page."""
    options = _options()
    try:
        with tempfile.TemporaryDirectory(prefix="careerkit-benchmark-") as folder:
            results, text = _measure(Path(folder), QUICK_ROUNDS if options.quick else ROUNDS)
        print(text)
        if options.samples:
            options.samples.write_text(json.dumps(asdict(results), indent=1))
        if not options.quick:
            put(text, PAGE)
            _log(f"written to {PAGE.relative_to(TREE)}")
    except FailedError as failed:
        sys.exit(f"benchmark: {failed}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds, printed only")
    parser.add_argument("--samples", type=Path, metavar="FILE", help="write every single sample to FILE, as JSON")
    return parser.parse_args()


def _measure(folder: Path, rounds: int) -> tuple[Results, str]:
    installed = install(TREE, folder, log=_log)
    subject = Subject(installed, Homes(folder, installed, log=_log))
    beside, missing = peers(subject)
    others = [*floors(subject), *beside]
    results = measure([*careerkit_cases(subject), *others], yardstick=YARDSTICK, rounds=rounds, log=_log)
    if YARDSTICK in results.failures:
        raise FailedError(results.failures[YARDSTICK])
    return results, report(results, others=[name for case in others for name in case.measures], missing=missing)


def _log(text: str) -> None:
    print(f"benchmark: {text}", file=sys.stderr)


if __name__ == "__main__":
    main()
