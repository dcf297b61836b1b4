"""The results of stories as text: which passed, what differs, and what no story reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import ndiff

from careerkit.coaching.authoring.coverage import CoveredKind, describe_missing
from careerkit.coaching.authoring.story_run import PartRun, StoryMismatch, StoryRun
from careerkit.core.text import format_count
from careerkit.terminal.sanitize import count_cells, sanitize, wrap_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.terminal.erasable_output import TextWriter

MAX_MISSING = 8
"""The most missing items of one kind that are listed."""


def write_story_runs(
    title: str,
    runs: Sequence[StoryRun],
    coverage: Sequence[CoveredKind],
    *,
    to: TextWriter,
    columns: int,
    encoding: str,
) -> None:
    """Write the stories of one playbook, each with its differences, and what they reach together."""
    lines = [title, *(line for run in runs for line in _format_run(run)), "", *_format_coverage(coverage), ""]
    write_lines(lines, to=to, columns=columns, encoding=encoding)


def write_lines(lines: Iterable[str], *, to: TextWriter, columns: int, encoding: str) -> None:
    """Write lines, wrapped with their indent kept and made safe for the terminal."""
    for line in lines:
        text = line.lstrip(" ")
        indent = " " * (len(line) - len(text))
        rows = [text] if count_cells(line) <= columns else wrap_text(text, max(20, columns - len(indent)))
        for row in rows:
            to.write(sanitize(f"{indent}{row}".rstrip(" "), encoding=encoding) + "\n")


def format_mismatch(mismatch: StoryMismatch) -> Iterator[str]:
    """A difference: expected and actual below each other, or line by line if they are whole texts."""
    if "\n" not in mismatch.expected + mismatch.actual:
        yield mismatch.key
        yield f"  expected: {mismatch.expected}"
        yield f"  actual:   {mismatch.actual}"
        return
    if mismatch.expected.startswith("… "):
        yield f"{mismatch.key}, expected to contain: {mismatch.expected.strip('… ')}"
        yield "  actual:"
        yield from (f"    {line}" for line in mismatch.actual.split("\n"))
        return
    yield f"{mismatch.key}, - expected, + actual"
    differing = ndiff(mismatch.expected.split("\n"), mismatch.actual.split("\n"))
    yield from (f"  {line}" for line in differing if not line.startswith("?"))


def _format_run(run: StoryRun) -> Iterator[str]:
    yield f"  {'ok  ' if run.is_passed else 'FAIL'}  {run.story.name}"
    if run.is_passed:
        return
    yield f"    {run.story.where}"
    for part in run.parts:
        for problem in part.problems:
            yield f"    {_name_part(part)}{problem.message}"
            yield f"      {problem.hint}"
        for mismatch in part.mismatches:
            yield from (f"    {_name_part(part) * (not at)}{line}" for at, line in enumerate(format_mismatch(mismatch)))


def _name_part(part: PartRun) -> str:
    return f"check-in {part.checkin.id}: " if part.checkin else ""


def _format_coverage(coverage: Sequence[CoveredKind]) -> Iterator[str]:
    yield "  Reached: " + ", ".join(f"{each.name} {each.covered}/{each.total}" for each in coverage)
    for each in coverage:
        if each.missing:
            yield f"  {each.name.capitalize()} that no story reaches:"
            yield from (f"    {describe_missing(item)}" for item in each.missing[:MAX_MISSING])
            if len(each.missing) > MAX_MISSING:
                yield f"    and {len(each.missing) - MAX_MISSING} more (all are in --json)"


def summarize_runs(runs: Sequence[StoryRun]) -> str:
    """How many stories passed, in a sentence."""
    failed = sum(not each.is_passed for each in runs)
    if failed:
        return f"{failed} of {format_count(len(runs), 'story', 'stories')} failed."
    return f"{format_count(len(runs), 'story', 'stories')} passed."
