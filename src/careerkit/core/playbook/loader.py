"""Load a playbook file: decode it, validate its keys and types, lint it, and report every problem with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from careerkit.core.errors import Path, Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.hashing import hash_sha256
from careerkit.core.playbook.decode import decode
from careerkit.core.playbook.diagnostics import MAX_DIAGNOSTICS, Diagnostic
from careerkit.core.playbook.lint.context import LintContext, create_context
from careerkit.core.playbook.lint.expressions import check_circles, check_expression
from careerkit.core.playbook.lint.ids import check_ids
from careerkit.core.playbook.lint.occurrences import PickOccurrence, TextOccurrence, find_occurrences
from careerkit.core.playbook.lint.outcomes import check_outcomes
from careerkit.core.playbook.lint.plan import check_plan
from careerkit.core.playbook.lint.questions import check_defaults, check_questions
from careerkit.core.playbook.lint.texts import check_inserts, check_pick, check_texts
from careerkit.core.playbook.model import Playbook, read_playbook
from careerkit.core.playbook.recovery import validate
from careerkit.core.playbook.schema import PlainTable

FORMAT = 1
"""The playbook format that this version reads. It is raised only when an older version would misread a file."""

MAX_MINUTES = 24 * 60


def load_playbook(data: bytes, *, file: str, id: str) -> Playbook:  # noqa: A002 - the word of the format
    """Load the playbook in `data`; problems are placed in a file called `file`.

    Raises Refused with all problems, in the order of the file, if at least one of them is an error.
    """
    return read_playbook(load_plain(data, file=file), id=id, sha256=hash_sha256(data))


def load_plain(data: bytes, *, file: str) -> PlainTable:
    """Load the playbook in `data` as normalized tables, see `schema.normalize`. Raises Refused as `load_playbook` does."""
    plain, problems = _check(data, file)
    if plain is None:
        raise Refused(problems)
    return plain


def check_playbook(data: bytes, *, file: str) -> list[Problem]:
    """All errors and warnings in `data`, in the order of the file. Raises nothing."""
    return _check(data, file)[1]


def _check(data: bytes, file: str) -> tuple[PlainTable | None, list[Problem]]:
    decoded = decode(data, file)
    if decoded.tables is None:
        return None, list(decoded.problems)

    checked = _check_tables(decoded.tables, broken=decoded.broken)
    diagnostics = (*decoded.diagnostics, *checked.diagnostics)
    if not diagnostics and not decoded.problems:
        return checked.plain, []
    source = decoded.source_map()
    located = (*decoded.problems, *(each.locate(source) for each in diagnostics))
    problems = sorted(dict.fromkeys(located), key=lambda problem: (str(problem.where), problem.code))
    problems.sort(key=_get_position)
    is_refused = any(problem.severity == "error" for problem in problems)
    return None if is_refused else checked.plain, problems


@frozen
class _Checked:
    """`plain` is complete and correct only if no diagnostic is an error."""

    plain: PlainTable
    diagnostics: tuple[Diagnostic, ...]


def _check_tables(tables: Mapping[str, Any], *, broken: Iterable[Path]) -> _Checked:
    """Validate and lint what tomllib read. `broken` are the paths of bad values that have already been replaced."""
    recovered = validate(tables, broken=broken)
    context = create_context(recovered)
    found = (each for each in _run_rules(context) if not context.is_broken(*each.path))
    return _Checked(context.plain, (*recovered.diagnostics, *islice(found, MAX_DIAGNOSTICS)))


def _run_rules(context: LintContext) -> Iterator[Diagnostic]:
    yield from _check_head(context)
    yield from check_ids(context)
    yield from check_questions(context)
    yield from check_defaults(context)
    for occurrence in find_occurrences(context):
        if isinstance(occurrence, TextOccurrence):
            yield from check_inserts(context, occurrence)
        elif isinstance(occurrence, PickOccurrence):
            yield from check_pick(context, occurrence)
        else:
            yield from check_expression(context, occurrence)
    yield from check_circles(context)
    yield from check_outcomes(context)
    yield from check_plan(context)
    yield from check_texts(context)


def _check_head(context: LintContext) -> Iterator[Diagnostic]:
    version, minutes = context.tables["format"], context.playbook.minutes
    if version != FORMAT:
        hint = f"Write format = {FORMAT}, or upgrade careerkit if the playbook needs the newer format."
        message = f"This version of careerkit reads format {FORMAT}, not {version}."
        yield Diagnostic(("format",), "unknown-format", message, hint)
    if minutes is not None and not 1 <= minutes <= MAX_MINUTES:
        message = f"`minutes` must be between 1 and {MAX_MINUTES}."
        yield Diagnostic(("minutes",), "bad-limit", message, "Write roughly how many minutes the playbook takes.")


def _get_position(problem: Problem) -> tuple[int, int]:
    where = problem.where
    return (0, 0) if isinstance(where, str) else (where.line, where.column)
