"""A rule of the check: its code, and how it is explained."""

from __future__ import annotations

from careerkit.core.errors import Severity
from careerkit.core.frozen import frozen


@frozen
class LintRule:
    """`summary` completes "it is reported that ..."; `explanation` says why it matters, and what to do.

    `bad` and `good` are fragments of a playbook; empty if an example can't be shown.
    """

    code: str
    severity: Severity
    summary: str
    explanation: str
    bad: str = ""
    good: str = ""


def list_rules(severity: Severity, *rows: tuple[str, ...]) -> tuple[LintRule, ...]:
    """Rules of one severity, each as its code, summary, explanation and, if there are examples, a bad and a good one."""
    return tuple(LintRule(row[0], severity, *row[1:]) for row in rows)
