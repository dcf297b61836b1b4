"""Print what a command's imports cost: `imports.py PYTHON HOME ARGUMENT...`, with the Python of careerkit's environment.

Runs `careerkit ARGUMENT...` on a terminal under `-X importtime`, until it ends or waits for an answer, and prints each
module with its own time, largest first, and the sums by package. Each time is the minimum of many runs, which other
programs disturb least.
"""

from __future__ import annotations

import collections
import re
import sys
from pathlib import Path

from programs import environment
from pseudo_terminal import PseudoTerminal

RUNS = 15
SILENCE = 2.0
"""Seconds without output after which the command counts as waiting for an answer."""
SHOWN = 40
LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| *(\S+)")


def main() -> None:
    python, home, *arguments = sys.argv[1:]
    own = least_times(python, Path(home), arguments)
    print(
        f"{len(own)} modules, {sum(own.values()) / 1000:.1f} ms for `careerkit {' '.join(arguments)}`, measured from inside"
    )
    packages: collections.Counter[str] = collections.Counter()
    for module, microseconds in own.items():
        packages[_package(module)] += microseconds
    for name, microseconds in packages.most_common(8):
        print(f"  {microseconds / 1000:6.1f} ms  {name}")
    print("the largest modules:")
    for module, microseconds in sorted(own.items(), key=lambda item: -item[1])[:SHOWN]:
        print(f"  {microseconds / 1000:6.2f} ms  {module}")


def least_times(python: str, home: Path, arguments: list[str]) -> dict[str, int]:
    """Microseconds of each module itself, without its imports: the minimum of all runs."""
    least: dict[str, int] = {}
    for _ in range(RUNS):
        for module, microseconds in _own_times(python, home, arguments).items():
            least[module] = min(microseconds, least.get(module, microseconds))
    return least


def _own_times(python: str, home: Path, arguments: list[str]) -> dict[str, int]:
    start = "import sys; from careerkit.cli.startup import main; sys.exit(main())"
    command = [python, "-X", "importtime", "-c", start, *arguments]
    with PseudoTerminal(command, environment(home.resolve())) as terminal:
        terminal.settle(SILENCE)
        return {found[3]: int(found[1]) for found in LINE.finditer(terminal.text())}


def _package(module: str) -> str:
    parts = module.split(".")
    if parts[0] == "careerkit":
        return ".".join(parts[:3])
    third_party = {"typer", "rich", "pydantic", "pydantic_core", "prompt_toolkit", "platformdirs", "tomli_w", "click"}
    return parts[0] if parts[0] in third_party else "the standard library and everything else"


if __name__ == "__main__":
    main()
