"""Problems of playbook files for other programs: as annotations of GitHub, and as SARIF for code scanning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from careerkit.core.errors import Place, Problem
from careerkit.core.playbook.rules.registry import RULES
from careerkit.version import __version__

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def format_for_github(problem: Problem) -> str:
    """The problem as a workflow command, which GitHub shows next to the line.

    See "Workflow commands for GitHub Actions": % and line breaks are escaped, and : and , in properties.
    """
    where = problem.where if isinstance(problem.where, Place) else Place(str(problem.where))
    properties = {"file": where.file, "line": where.line, "col": where.column, "title": problem.code}
    given = ",".join(f"{key}={_escape_property(str(value))}" for key, value in properties.items() if value)
    return f"::{problem.severity} {given}::{_escape(_join(problem))}"


def build_sarif(problems: Iterable[Problem]) -> dict[str, Any]:
    """A SARIF 2.1.0 log with one run. Only the rules that were broken are described."""
    found = list(problems)
    codes = list(dict.fromkeys(problem.code for problem in found))
    driver = {
        "name": "careerkit",
        "version": __version__,
        "rules": [_describe_rule(code) for code in codes],
    }
    results = [_build_result(problem, codes.index(problem.code)) for problem in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _describe_rule(code: str) -> dict[str, Any]:
    rule = RULES.get(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation},
        "defaultConfiguration": {"level": rule.severity},
    }


def _build_result(problem: Problem, number: int) -> dict[str, Any]:
    where = problem.where if isinstance(problem.where, Place) else Place(str(problem.where))
    place: dict[str, Any] = {"artifactLocation": {"uri": where.file.replace("\\", "/")}}
    if where.line:
        place["region"] = {"startLine": where.line, "startColumn": max(where.column, 1)}
    return {
        "ruleId": problem.code,
        "ruleIndex": number,
        "level": problem.severity,
        "message": {"text": _join(problem)},
        "locations": [{"physicalLocation": place}],
    }


def _join(problem: Problem) -> str:
    return f"{problem.message} {problem.hint}".strip()


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
