"""All rules of the check, by their codes."""

from __future__ import annotations

from collections.abc import Mapping

from careerkit.core.playbook.rules.content import CONTENT_RULES
from careerkit.core.playbook.rules.meaning import MEANING_RULES
from careerkit.core.playbook.rules.reading import READING_RULES
from careerkit.core.playbook.rules.rule import LintRule

RULES: Mapping[str, LintRule] = {rule.code: rule for rule in (*READING_RULES, *CONTENT_RULES, *MEANING_RULES)}
"""In the order of docs/playbooks.md."""


def format_table() -> str:
    """The rules as a table in Markdown."""
    rows = (f"| `{rule.code}` | {rule.severity} | {rule.summary} |" for rule in RULES.values())
    return "\n".join(("| code | severity | what is wrong |", "|---|---|---|", *rows))
