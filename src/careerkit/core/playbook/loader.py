"""Load a playbook file: decode it, validate its keys and types, lint it, and report every problem with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from careerkit.core.errors import Path, Problem, Refused
from careerkit.core.expressions.reasoner import Reasoner
from careerkit.core.frozen import frozen
from careerkit.core.playbook.decode import decode
from careerkit.core.playbook.diagnostics import MAX_DIAGNOSTICS, Diagnostic, quote, suggest
from careerkit.core.playbook.lint.context import LintContext, create_context
from careerkit.core.playbook.lint.expressions import (
    PrivacyCheck,
    check_asks,
    check_circles,
    check_expression,
    check_inserts,
    check_pick,
    check_texts,
)
from careerkit.core.playbook.lint.gaps import GapFinder
from careerkit.core.playbook.lint.ids import check_duplicates, check_ids, check_unused
from careerkit.core.playbook.lint.logic import (
    check_answer_checks,
    check_bands,
    check_computed,
    check_condition_logic,
    check_passable,
    check_tallies,
)
from careerkit.core.playbook.lint.meanings import create_reasoner
from careerkit.core.playbook.lint.occurrences import (
    Occurrence,
    PickOccurrence,
    TextOccurrence,
    WrittenCondition,
    find_conditions,
    find_occurrences,
)
from careerkit.core.playbook.lint.outcomes import FindPlaybook, check_links, check_outcomes
from careerkit.core.playbook.lint.plan import check_plan, check_timing
from careerkit.core.playbook.lint.questions import check_defaults, check_questions
from careerkit.core.playbook.model import Playbook, read_playbook
from careerkit.core.playbook.normal_form import PlainTable, Validated, read_fitting
from careerkit.core.playbook.rules import RULES
from careerkit.core.text import hash_sha256, is_blank

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


def read_question_ids(data: bytes, *, file: str) -> list[str] | None:
    """The ids of the questions in the stages of `data`, in order and unchecked; None if it is no TOML."""
    tables = decode(data, file).tables
    return None if tables is None else list(_find_question_ids(tables))


def _find_question_ids(tables: Mapping[str, Any]) -> Iterator[str]:
    for stage in _list_tables(tables, "stage"):
        for question in _list_tables(stage, "question"):
            if isinstance(question.get("id"), str):
                yield question["id"]


def _list_tables(table: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    found = table.get(key)
    yield from (each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


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
    validated = validate(tables, broken=broken)
    context = create_context(validated)
    if ("question",) in validated.broken:  # without the questions, whatever refers to them would be reported too
        return _Checked(context.plain, validated.diagnostics)
    occurrences = list(find_occurrences(context))
    rules = (each for each in _run_rules(context, occurrences) if not context.is_broken(*each.path))
    found = _drop_consequences([*validated.diagnostics, *islice(rules, MAX_DIAGNOSTICS)])
    if not any(each.severity == "error" for each in found):
        meaning = _run_meaning_rules(context, occurrences, find_playbook) if is_full else check_passable(context)
        found += islice(meaning, MAX_DIAGNOSTICS)
    return _Checked(context.plain, tuple(filter_allowed(context, found, is_full=is_full)))


def validate(tables: Mapping[str, Any], *, broken: Iterable[Path] = ()) -> Validated:
    """Validate the keys and types of what tomllib read. `broken` are the paths of bad values that have been replaced."""
    plain = read_fitting(tables)
    if plain is not None:
        return Validated(tables, plain, broken=frozenset(broken))
    from careerkit.core.playbook.recovery import recover  # imports Pydantic, to say what is wrong

    return recover(tables, broken=broken)


def filter_allowed(context: LintContext, found: Iterable[Diagnostic], *, is_full: bool) -> Iterator[Diagnostic]:
    """The diagnostics without allowed warnings, and a warning for each `[[allow]]` that allows nothing.

    Without `is_full`, not all rules have been run, so that an unused one isn't reported.
    """
    allows = context.playbook.allows
    used: set[int] = set()
    has_errors = False
    for each in found:
        has_errors = has_errors or each.severity == "error"
        matching = {number for number, allow in enumerate(allows) if _allows(context, allow.rule, allow.where, each)}
        used |= matching
        if not matching:
            yield each
    for number, allow in enumerate(allows):
        path: Path = ("allow", number)
        if problem := _check_allow(path, allow.rule, allow.reason):
            yield problem
        elif is_full and number not in used and not has_errors:
            message = f"There is no warning {quote(allow.rule)} to allow here."
            yield Diagnostic((*path, "rule"), "unused-allow", message, "Remove this [[allow]].", severity="warning")


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
    yield from check_computed(context, reasoner)
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


def _allows(context: LintContext, rule: str, where: str, found: Diagnostic) -> bool:
    if found.severity != "warning" or found.code != rule:
        return False
    return not where or _has_ids(context, found.path, where.split("."))


def _has_ids(context: LintContext, path: Path, wanted: list[str]) -> bool:
    """Do the tables that lead to `path` have these ids, in this order?"""
    tables = (context.written(path[:end]) for end in range(1, len(path) + 1))
    ids = iter([str(table["id"]) for table in tables if isinstance(table, dict) and "id" in table])
    return all(each in ids for each in wanted)


def _check_allow(path: Path, rule: str, reason: str) -> Diagnostic | None:
    if rule not in RULES:
        return Diagnostic((*path, "rule"), "unknown-rule", f"There is no rule {quote(rule)}.", suggest(rule, RULES))
    if RULES[rule].severity == "error":
        message = f"{quote(rule)} is an error, and only warnings can be allowed."
        return Diagnostic((*path, "rule"), "unknown-rule", message, "Correct what it reports.")
    if is_blank(reason):
        message = "`reason` is empty."
        return Diagnostic((*path, "reason"), "empty-text", message, "Say why this is right as it is.")
    return None
