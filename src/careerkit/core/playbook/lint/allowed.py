"""Warnings that a playbook allows with `[[allow]]`, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from careerkit.core.errors import Path
from careerkit.core.playbook.diagnostics import Diagnostic, quote, suggest
from careerkit.core.playbook.lint.context import LintContext
from careerkit.core.playbook.rules.registry import RULES
from careerkit.core.text import is_blank


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
