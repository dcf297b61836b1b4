"""Measure how time grows with the number of entries: `python benchmarks/scale.py [--sizes 100,1000]`. See README.md.

Compares careerkit with jrnl, Taskwarrior and ripgrep, on the same texts, in one run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import scale_tools
from curve import curve
from installation import Installation, install
from programs import FailedError, peak_of, run_to_end
from report import how_measured, put
from rounds import Case, Results, Sample, measure
from scale_report import OWN, AtSize, measures, report
from scale_tools import Tool

TREE = Path(__file__).parent.parent
PAGE, CURVE = TREE / "docs" / "performance.md", TREE / "docs" / "scale.svg"
MARKS = ("<!-- scale: begin -->", "<!-- scale: end -->")
SIZES = (100, 1_000, 10_000, 100_000)
YARDSTICK = "python -c pass"
ROUNDS = 15
SLOW_ROUNDS = ((1_000, 7), (10_000, 3))
"""Rounds for jrnl and Taskwarrior up to a size, and one above it: a command takes them 20 seconds there."""
INDEX_SETTLE_S = 3
"""After this, careerkit doesn't check recently written files again."""


def main() -> None:
    """Build, install, fill, measure, print, and write the page."""
    options = _options()
    try:
        with tempfile.TemporaryDirectory(prefix="careerkit-scale-") as folder:
            text, picture = _measure(Path(folder), options.sizes)
        print(text)
        if not options.quick and options.sizes == list(SIZES):
            CURVE.write_text(picture)
            put(text, PAGE, MARKS)
            _log(f"written to {PAGE.relative_to(TREE)} and {CURVE.relative_to(TREE)}")
    except FailedError as failed:
        sys.exit(f"scale: {failed}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    sizes = ",".join(map(str, SIZES))
    parser.add_argument("--sizes", default=sizes, type=lambda text: [int(each) for each in text.split(",")])
    parser.add_argument("--quick", action="store_true", help="print only; other sizes are always printed only")
    return parser.parse_args()


def _measure(folder: Path, sizes: list[int]) -> tuple[str, str]:
    installed = install(TREE, folder, log=_log)
    jrnl = scale_tools.install_jrnl(folder, log=_log)
    missing: dict[str, None] = {}
    found = [_at_size(installed, jrnl, folder, count, missing) for count in sizes]
    results = found[-1].results[0]
    text = report(found, how=how_measured(results), missing=list(missing), curve=CURVE.name)
    lines = {
        name: {size.count: ratio for size in found if (ratio := size.ratio(name)) is not None}
        for name in measures(found)
        if not name.endswith("after an add")
    }
    title = "Times as long as bare Python takes to start, by the number of entries"
    return text, curve(lines, title=title, across="entries", up="× python -c pass")


def _at_size(installed: Installation, jrnl: Path | None, folder: Path, count: int, missing: dict[str, None]) -> AtSize:
    _log(f"{count:,} entries for careerkit")
    own = scale_tools.careerkit(installed, folder, count, log=_log)
    time.sleep(INDEX_SETTLE_S)
    run_to_end(own.commands["list"], own.environ)
    size = AtSize(count, rebuild=own.once["rebuild"])
    grep = scale_tools.ripgrep(own)
    quick = [_case(own, "list"), _case(own, "search"), *([_case(grep, "search")] if grep else [])]
    size.results.append(_run([_yardstick(installed, own), *quick], ROUNDS))
    size.results.append(_run([_yardstick(installed, own), _case(own, "add"), _after_an_add(own)], ROUNDS))
    for what in ("list", "search", "add", "reindex"):
        if (peak := peak_of(own.commands[what], own.environ)) is not None:
            size.peaks[what] = peak / 1024
    size.dirtied = scale_tools.kilobytes_dirtied(own, "add")

    _log(f"{count:,} entries for jrnl and Taskwarrior")
    others = {
        "ripgrep": grep,
        "jrnl": scale_tools.jrnl(jrnl, folder, count),
        "Taskwarrior": scale_tools.taskwarrior(folder, count),
    }
    missing |= dict.fromkeys(name for name, tool in others.items() if tool is None)
    slow = [_case(tool, what) for name, tool in others.items() if tool and name != "ripgrep" for what in tool.commands]
    if slow:
        rounds = next((rounds for most, rounds in SLOW_ROUNDS if count <= most), 1)
        size.results.append(_run([_yardstick(installed, own), *slow], rounds))
    for results in size.results:
        for name, why in results.failures.items():
            _log(f"{name} at {count:,}: {why}")
    return size


def _run(cases: list[Case], rounds: int) -> Results:
    results = measure(cases, yardstick=YARDSTICK, rounds=rounds, log=_log)
    if YARDSTICK in results.failures:
        raise FailedError(results.failures[YARDSTICK])
    return results


def _yardstick(installed: Installation, own: Tool) -> Case:
    return Case((YARDSTICK,), _timed(YARDSTICK, (installed.python, "-c", "pass"), own))


def _case(tool: Tool, what: str) -> Case:
    name = f"{tool.name} {what}"
    return Case((name,), _timed(name, tool.commands[what], tool))


def _timed(name: str, command: tuple[str, ...], tool: Tool) -> Callable[[], Sample]:
    return lambda: {name: [run_to_end(command, tool.environ)]}


def _after_an_add(own: Tool) -> Case:
    """A list that first adds a new entry to the index."""
    name = f"{OWN} list after an add"

    def run() -> Sample:
        run_to_end(own.commands["add"], own.environ)
        return {name: [run_to_end(own.commands["list"], own.environ)]}

    return Case((name,), run)


def _log(text: str) -> None:
    print(f"scale: {text}", file=sys.stderr)


if __name__ == "__main__":
    main()
