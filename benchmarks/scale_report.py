"""The results at each size as Markdown tables, next to the targets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rounds import Results

OWN = "careerkit"
SMALL, MIDDLE, LARGE = 100, 10_000, 100_000


@dataclass(slots=True)
class AtSize:
    """One size: `results` of the quick and the slow commands, each with its own yardstick.

    `rebuild` in seconds, `dirtied` in kB, `peaks` in MB by command.
    """

    count: int
    results: list[Results] = field(default_factory=list)
    rebuild: float = 0
    dirtied: float | None = None
    peaks: dict[str, float] = field(default_factory=dict)

    def ratio(self, measure: str) -> float | None:
        """Times the yardstick, or None if it was not measured."""
        return next((each.ratio(measure) for each in self.results if each.has(measure)), None)

    def milliseconds(self, measure: str) -> float | None:
        return next((each.median(measure) for each in self.results if each.has(measure)), None)

    def times(self, measure: str, other: str) -> float | None:
        """`measure` as a multiple of `other`, by their ratios to their yardsticks."""
        one, two = self.ratio(measure), self.ratio(other)
        return None if one is None or two is None else one / two


def report(sizes: Sequence[AtSize], *, how: str, missing: Sequence[str], curve: str) -> str:
    """The text between the page's markers."""
    parts = [how, _targets(sizes), f"![How the time grows with the number of entries]({curve})", _table(sizes)]
    if missing:
        parts.append(f"Not installed here, so not compared: {', '.join(missing)}.")
    return "\n\n".join(parts)


def measures(sizes: Sequence[AtSize]) -> list[str]:
    """The names of all measures, careerkit's first, in the order in which they were run."""
    found: dict[str, None] = {}
    for size in sizes:
        for results in size.results:
            found |= dict.fromkeys(name for each in results.rounds for name in each if name != results.yardstick)
    return sorted(found, key=lambda name: (not name.startswith(OWN), list(found).index(name)))


def _targets(sizes: Sequence[AtSize]) -> str:
    lines = ["| | target | measured | met |", "|---|---:|---:|---|"]
    lines += [_format_target(*each) for each in _checked({size.count: size for size in sizes}, sizes[-1])]
    return "\n".join(lines)


def _checked(by_count: dict[int, AtSize], last: AtSize) -> list[tuple[str, float, float | None, str]]:
    """The targets: title, limit, measured value and unit."""
    rows: list[tuple[str, float, float | None, str]] = []
    first = by_count.get(SMALL)
    for what in ("list", "search"):
        growth = None
        if first and (now := last.ratio(f"{OWN} {what}")) and (then := first.ratio(f"{OWN} {what}")):
            growth = now / then
        rows.append((f"{what} at {last.count:,} entries, as a multiple of that at {SMALL}", 1.2, growth, "×"))
    for count, most in ((MIDDLE, 0.1), (LARGE, 0.01)):
        if size := by_count.get(count):
            for what in ("list", "search", "add"):
                part = size.times(f"{OWN} {what}", f"jrnl {what}")
                rows.append((f"{what} at {count:,}, as a fraction of jrnl's", most, part, ""))
    most_times = {"list": 7.5, "search": 7.5, "add": 6.5}
    rows += [
        (f"{what} at {last.count:,}", limit, last.ratio(f"{OWN} {what}"), "×") for what, limit in most_times.items()
    ]
    if large := by_count.get(LARGE):
        part = large.times(f"{OWN} search", "rg -l search")
        rows.append((f"search at {LARGE:,}, as a fraction of `rg -l` over the files", 0.4, part, ""))
    rows.append((f"an add at {last.count:,} writes to disk", 32, last.dirtied, "kB"))
    each = last.rebuild / last.count * 1000 if last.rebuild else None
    rows.append((f"a rebuild of the index at {last.count:,}, for each entry", 0.25, each, "ms"))
    rows += [(f"memory of {what} at {last.count:,}", 50, last.peaks.get(what), "MB") for what in last.peaks]
    return rows


def _format_target(title: str, most: float, found: float | None, unit: str) -> str:
    shown = "not measured" if found is None else f"{found:.3g} {unit}".strip()
    met = "" if found is None else "yes" if found <= most else "**no**"
    return f"| {title} | at most {most:.3g} {unit} | {shown} | {met} |"


def _table(sizes: Sequence[AtSize]) -> str:
    lines = ["| | " + " | ".join(f"{size.count:,}" for size in sizes) + " |", "|---|" + "---:|" * len(sizes)]
    lines += [f"| `{name}` | " + " | ".join(_cell(size, name) for size in sizes) + " |" for name in measures(sizes)]
    lines.append("| rebuild of the index | " + " | ".join(f"{size.rebuild:.1f} s" for size in sizes) + " |")
    lines.append("| peak of a search | " + " | ".join(_peak(size) for size in sizes) + " |")
    return "\n".join(lines)


def _cell(size: AtSize, name: str) -> str:
    ratio, milliseconds = size.ratio(name), size.milliseconds(name)
    return "" if ratio is None or milliseconds is None else f"{ratio:.1f} × ({milliseconds:,.0f} ms)"


def _peak(size: AtSize) -> str:
    return f"{size.peaks['search']:.0f} MB" if "search" in size.peaks else ""
