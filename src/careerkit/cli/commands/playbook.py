"""`careerkit playbook`: list, show and check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.cli.container import open_library
from careerkit.cli.output import list_output, print_problems, write, write_json
from careerkit.export.json import serialise_file_problems
from careerkit.terminal.list_view import write_playbooks
from careerkit.terminal.playbook_view import write_playbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerkit.cli.options import GlobalOptions


def list_playbooks(options: GlobalOptions) -> None:
    """List the playbooks, bundled and personal."""
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
    found = open_library().open(playbook)
    if options.json:
        write_json(found.normalized)
    else:
        write_playbook(found.playbook, **list_output())


def check(options: GlobalOptions, *, files: Sequence[str]) -> int:
    """Check playbook files and list every problem, with its code as a linter would."""
    problems = [problem for file in files for problem in open_library().check(file)]
    if options.json:
        write_json({"problems": serialise_file_problems(problems)})
    else:
        print_problems(problems, as_json=False, with_codes=True)
        if not problems:
            write("No problems." if len(files) == 1 else f"No problems in {len(files)} files.")
    return 1 if any(problem.severity == "error" for problem in problems) else 0
