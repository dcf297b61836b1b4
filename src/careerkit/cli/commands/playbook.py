"""`careerkit playbook`: list, show and check."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from careerkit.cli.container import open_library
from careerkit.cli.output import list_output, print_problems, wrap_for, write, write_json
from careerkit.core.errors import Problem, Refused
from careerkit.terminal.sanitize import sanitize_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerkit.cli.options import GlobalOptions


def list_playbooks(options: GlobalOptions) -> None:
    """List the playbooks, bundled and personal."""
    from careerkit.terminal.list_view import write_playbooks  # not needed by the other commands

    library = open_library()
    listed = library.listing()
    if options.json:
        keys = ("id", "title", "summary", "minutes", "origin", "shadows")
        write_json({"playbooks": [{key: getattr(each, key) for key in keys} for each in listed]})
    else:
        write_playbooks(listed, **list_output())
    print_problems(library.problems(), as_json=options.json)


def show(options: GlobalOptions, *, playbook: str) -> None:
    """Show the stages, questions and outcomes of a playbook."""
    from careerkit.terminal.playbook_view import write_playbook  # imports the playbook model and all question types

    found = open_library().open(playbook)
    if options.json:
        write_json(found.normalized)
    else:
        write_playbook(found.playbook, **list_output())


def check(options: GlobalOptions, *, files: Sequence[str], explain: str, format_name: str) -> int:
    """Check playbook files and list every problem, with its code as a linter would.

    1. Explain a rule instead, if that is asked for.
    2. Find the files that paths, folders and ids mean.
    3. Check each.
    4. Print the problems in the wanted format.
    """
    if explain:
        return _explain(explain, as_json=options.json)
    if not files:
        hint = "Name a file, a folder or a playbook, as in `careerkit playbook check my-playbook.toml`."
        raise Refused(Problem("wrong-usage", "What should be checked?", hint))
    library = open_library()
    problems: list[Problem] = []
    count = 0
    for reference in files:
        try:
            found = library.find_files(reference)
        except Refused as refused:
            problems += refused.problems
            continue
        count += len(found)
        problems += (problem for file in found for problem in library.check(file))
    _print_report(problems, count, as_json=options.json, format_name=format_name)
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def _print_report(problems: list[Problem], count: int, *, as_json: bool, format_name: str) -> None:
    if as_json:
        from careerkit.export.json import serialise_file_problems  # imports the models of entries

        write_json({"problems": serialise_file_problems(problems)})
    elif format_name:
        from careerkit.export.check_report import build_sarif, format_for_github  # not needed by other formats

        if format_name == "sarif":
            write_json(build_sarif(problems))
        else:
            for problem in problems:
                write(sanitize_line(format_for_github(problem)))
    else:
        print_problems(problems, as_json=False, with_codes=True)
        if not problems:
            write("No problems." if count == 1 else f"No problems in {count} files.")


def _explain(code: str, *, as_json: bool) -> int:
    """What a rule means, with a bad and a good example."""
    from careerkit.core.errors import find_closest
    from careerkit.core.playbook.rules.registry import RULES  # only this option needs it

    rule = RULES.get(code)
    if rule is None:
        near = find_closest(code, RULES)
        hint = f"Did you mean {near}?" if near else "docs/playbooks.md lists all rules."
        raise Refused(Problem("unknown-rule", f"There is no rule {code!a}.", hint))
    if as_json:
        keys = ("code", "severity", "summary", "explanation", "bad", "good")
        write_json({"rule": {key: getattr(rule, key) for key in keys}})
        return 0
    for text in (f"{rule.code} ({rule.severity}): {rule.summary}.", rule.explanation):
        write(wrap_for(text, stream=sys.stdout).rstrip("\n"))
    for heading, example in (("Not like this:", rule.bad), ("Like this:", rule.good)):
        if example:
            write("")
            write(heading)
            for line in example.splitlines():
                write(f"    {line}")
    return 0
