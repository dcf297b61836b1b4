"""Commands for playbooks: run one from the home screen or by its name, resume, list, show and check.

What a session needs is imported in these functions: the first line must be on the screen before that.
"""

from __future__ import annotations

import sys

from careerkit.cli.container import ask_to_unlock, build_clock, open_journal, open_library
from careerkit.cli.display import open_screen, print_banner, private_screen, select_entry, wait_for_enter
from careerkit.cli.output import list_output, print_problems, report_waiting, wrap_for, write, write_json
from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.journal.entry_list import EntryFilter
from careerkit.terminal.sanitize import sanitize_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.ports import Home
    from careerkit.core.journal.entry import Lane


def open_home(options: GlobalOptions) -> int:
    """Show the home screen and do what the person chooses. After a change of a plan it comes back while something is due."""
    with private_screen(options):
        print_banner(options, "careerkit", None, "")

        from careerkit.coaching import ports

        def load_home() -> Home:
            if ask_to_unlock(options):
                return ports.load_home(open_journal(options), open_library(), build_clock())
            return ports.load_home_without_journal(open_library(), build_clock())

        screen = open_screen(options)
        home = load_home()
        if home.problems:
            from careerkit.storage.unread_files import shorten_list  # most journals have no problem

            problems = shorten_list([each for each in home.problems if each.code != "foreign-file"])
            if problems:
                screen.show_errors(problems)
        while True:
            try:
                choice = screen.home(home)
            except ports.EndOfInput:
                return 0
            match choice:
                case ports.ResumeEntry(entry_id=entry_id):
                    return _resume(options, entry_id)
                case ports.OpenAction(entry_id=entry_id, action_id=action_id):
                    code = _settle(options, entry_id, action_id)
                    if code is not None:
                        return code
                    home = load_home()
                    if not home.due:
                        return 0
                case ports.OpenPlan(entry_id=entry_id):
                    return _show_plan(options, entry_id)
                case ports.StartCheckin(entry_id=entry_id):
                    from careerkit.cli.commands.checkin import checkin

                    return checkin(options, entry=entry_id, early=False)
                case ports.StartPlaybook(playbook_id=playbook_id):
                    return _run_playbook(options, playbook_id)
                case None:
                    return 0


def _settle(options: GlobalOptions, entry_id: str, action_id: str) -> int | None:
    """Ask what became of an action. Returns None if that was recorded, otherwise the exit code."""
    from careerkit.cli.commands.plan_change import settle

    return settle(options, entry_id, action_id, show_plan=lambda: _show_plan(options, entry_id))


def run(
    options: GlobalOptions, *, playbook: str, answers: str | None, quick: bool, new: bool, from_entry: str, at: str
) -> int:
    """Run a playbook, by its file or id. With `at`, try it out with the check-in that is due then."""
    with private_screen(options):
        return _run_playbook(options, playbook, answers=answers, quick=quick, new=new, from_entry=from_entry, at=at)


def resume(options: GlobalOptions, *, entry: str) -> int:
    """Continue an unfinished entry."""
    selected = select_entry(open_journal(options), entry, only=EntryFilter(state="open"), noun="unfinished entry")
    report_waiting(as_json=options.json)  # before the questions
    with private_screen(options):
        return _resume(options, selected)


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


def _run_playbook(
    options: GlobalOptions,
    reference: str,
    *,
    answers: str | None = None,
    quick: bool = False,
    new: bool = False,
    from_entry: str = "",
    at: str = "",
) -> int:
    """Ask the questions of a playbook, or take all answers from a file; returns the exit code.

    `reference` is an id, or a file that ends in .toml. Answers are carried over from the entry that `from_entry` names.
    Raises Refused if the playbook, the answers or that entry can't be used.
    """
    listed = next((each for each in open_library().listing() if each.id == reference), None)
    note = "Your own playbook, instead of the bundled one." if listed and listed.shadows else ""
    has_banner = bool(
        listed and answers is None and not at and print_banner(options, listed.title, listed.minutes, note)
    )
    found = open_library().open(reference)

    from careerkit.cli import run_session

    lane: Lane = "quick" if quick else "full"
    prefill = run_session.load_prefill(options, from_entry, found.playbook) if from_entry else None
    if at:
        return run_session.run_trial(options, found.playbook, found.source, answers, at=at, lane=lane, prefill=prefill)
    if answers is not None:
        return run_session.run_answers_file(options, found.playbook, found.source, answers, lane=lane, prefill=prefill)
    return run_session.run_interview(
        options,
        found.playbook,
        found.source,
        lane=lane,
        always_new=new,
        note=None if has_banner else note,
        prefill=prefill,
    )


def _resume(options: GlobalOptions, entry_id: str) -> int:
    from careerkit.cli.run_session import resume_interview

    return resume_interview(options, entry_id)


def _show_plan(options: GlobalOptions, entry_id: str) -> int:
    from careerkit.cli.commands.plan import print_plan, read_plan

    entry, plan, corrected = read_plan(options, entry_id)
    print_plan(options, entry, plan, corrected)
    wait_for_enter(options)
    return 0


def _print_report(problems: list[Problem], count: int, *, as_json: bool, format_name: str) -> None:
    if as_json:
        from careerkit.export.json import serialise_file_problems  # imports the models of entries

        write_json({"problems": serialise_file_problems(problems)})
    elif format_name:
        from careerkit.export.playbook_documents import build_sarif, format_for_github  # not needed by other formats

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
    from careerkit.core.playbook.rules import RULES  # only this option needs it

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
