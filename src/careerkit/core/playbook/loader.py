"""Load a playbook file: decode it, validate its keys and types, lint it, and report every problem with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from careerkit.core.errors import Path, Problem, Refused
from careerkit.core.expressions.reasoner import Reasoner
from careerkit.core.frozen import frozen
from careerkit.core.hashing import hash_sha256
from careerkit.core.playbook.decode import decode
from careerkit.core.playbook.diagnostics import MAX_DIAGNOSTICS, Diagnostic
from careerkit.core.playbook.lint.allowed import filter_allowed
from careerkit.core.playbook.lint.conditions import WrittenCondition, find_conditions
from careerkit.core.playbook.lint.context import LintContext, create_context
from careerkit.core.playbook.lint.expressions import check_circles, check_expression
from careerkit.core.playbook.lint.gaps import GapFinder
from careerkit.core.playbook.lint.ids import check_ids
from careerkit.core.playbook.lint.logic import (
    check_answer_checks,
    check_bands,
    check_condition_logic,
    check_passable,
    check_tallies,
)
from careerkit.core.playbook.lint.meanings import create_reasoner
from careerkit.core.playbook.lint.occurrences import Occurrence, PickOccurrence, TextOccurrence, find_occurrences
from careerkit.core.playbook.lint.outcomes import FindPlaybook, check_links, check_outcomes
from careerkit.core.playbook.lint.plan import check_plan
from careerkit.core.playbook.lint.questions import check_defaults, check_questions
from careerkit.core.playbook.lint.texts import check_inserts, check_pick, check_texts
from careerkit.core.playbook.lint.timing import check_timing
from careerkit.core.playbook.lint.unused import check_duplicates, check_unused
from careerkit.core.playbook.lint.wording import PrivacyCheck, check_asks
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


def check_playbook(data: bytes, *, file: str, find_playbook: FindPlaybook | None = None) -> list[Problem]:
    """All errors and warnings in `data`, in the order of the file. Raises nothing.

    What conditions mean together is only checked once there are no errors. Without `find_playbook`, it isn't checked
    whether follow-ups exist.
    """
    return _check(data, file, is_full=True, find_playbook=find_playbook)[1]


def _check(
    data: bytes, file: str, *, is_full: bool = False, find_playbook: FindPlaybook | None = None
) -> tuple[PlainTable | None, list[Problem]]:
    decoded = decode(data, file)
    if decoded.tables is None:
        return None, list(decoded.problems)

    is_full = is_full and not decoded.problems and not decoded.diagnostics
    checked = _check_tables(decoded.tables, broken=decoded.broken, is_full=is_full, find_playbook=find_playbook)
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


def _check_tables(
    tables: Mapping[str, Any], *, broken: Iterable[Path], is_full: bool, find_playbook: FindPlaybook | None
) -> _Checked:
    """Validate and lint what tomllib read. `broken` are the paths of bad values that have already been replaced."""
    recovered = validate(tables, broken=broken)
    context = create_context(recovered)
    if ("question",) in recovered.broken:  # without the questions, whatever refers to them would be reported too
        return _Checked(context.plain, recovered.diagnostics)
    occurrences = list(find_occurrences(context))
    rules = (each for each in _run_rules(context, occurrences) if not context.is_broken(*each.path))
    found = _drop_consequences([*recovered.diagnostics, *islice(rules, MAX_DIAGNOSTICS)])
    if not any(each.severity == "error" for each in found):
        meaning = _run_meaning_rules(context, occurrences, find_playbook) if is_full else check_passable(context)
        found += islice(meaning, MAX_DIAGNOSTICS)
    return _Checked(context.plain, tuple(filter_allowed(context, found, is_full=is_full)))


def _drop_consequences(found: list[Diagnostic]) -> list[Diagnostic]:
    """Without the problems whose hint would be an id that is invalid itself: `Did you mean` would advise the mistake."""
    bad = [match.group(1) for each in found if each.code == "bad-id" and (match := re.match("`(.+?)`", each.message))]
    if not bad:
        return found
    advised = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, bad))})(?![\w-])")
    consequences = ("unknown-id", "unknown-choice", "unknown-action")
    return [each for each in found if each.code not in consequences or not advised.search(each.hint)]


def _run_rules(context: LintContext, occurrences: Iterable[Occurrence]) -> Iterator[Diagnostic]:
    yield from _check_head(context)
    yield from check_ids(context)
    yield from check_questions(context)
    yield from check_defaults(context)
    for occurrence in occurrences:
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


def _run_meaning_rules(
    context: LintContext, occurrences: list[Occurrence], find_playbook: FindPlaybook | None
) -> Iterator[Diagnostic]:
    """The rules about what the parts of a playbook without errors mean together."""
    reasoner = create_reasoner(context)
    checks = list(check_answer_checks(context, reasoner))
    yield from checks
    if any(each.severity == "error" for each in checks):
        return  # nothing is possible after a question that can't be answered
    privacy = PrivacyCheck(context)
    now = (reasoner, GapFinder(context, reasoner))
    later: tuple[Reasoner, GapFinder] | None = None
    for each in find_conditions(context):
        if each.path[0] == "checkin" and later is None:
            at_checkin = create_reasoner(context, in_checkin=True)
            later = (at_checkin, GapFinder(context, at_checkin))
        facts, gaps = later if later and each.path[0] == "checkin" else now
        if isinstance(each, WrittenCondition):
            yield from check_condition_logic(facts, each)
        else:
            yield from gaps.check_line(each)
            yield from privacy.check_line(each)
    yield from now[1].check_quick()
    yield from check_bands(context, reasoner)
    yield from check_tallies(context, reasoner)
    yield from check_unused(context, occurrences)
    yield from check_duplicates(context, reasoner)
    yield from check_timing(context)
    yield from check_asks(context)
    if find_playbook is not None:
        yield from check_links(context, find_playbook)


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
