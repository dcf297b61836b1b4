"""`careerkit` (the home screen), `careerkit run`, `careerkit resume` and `careerkit GROUP NAME`: run playbooks.

What a session needs is imported in these functions: the first line must be on the screen before that.
"""

from __future__ import annotations

from careerkit.cli.container import ask_to_unlock, build_clock, open_journal, open_library
from careerkit.cli.display import open_screen, print_banner, private_screen, wait_for_enter
from careerkit.cli.entry_arguments import select_entry
from careerkit.cli.output import report_waiting
from careerkit.core.journal.entry_list import EntryFilter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions
    from careerkit.core.journal.entry import Lane


def open_home(options: GlobalOptions) -> int:
    """Show the home screen and do what the person chooses."""
    with private_screen(options):
        print_banner(options, "careerkit", None, "")

        from careerkit.coaching import home as home_screen
        from careerkit.coaching.screen import EndOfInput

        screen = open_screen(options)
        if ask_to_unlock(options):
            home = home_screen.load_home(open_journal(options), open_library(), build_clock())
        else:
            home = home_screen.load_home_without_journal(open_library(), build_clock())
        if home.problems:
            from careerkit.storage.leftovers.unread_files import shorten_list  # most journals have no problem

            problems = shorten_list([each for each in home.problems if each.code != "foreign-file"])
            if problems:
                screen.show_errors(problems)
        try:
            choice = screen.home(home)
        except EndOfInput:
            return 0
        match choice:
            case home_screen.ResumeEntry(entry_id=entry_id):
                return _resume(options, entry_id)
            case home_screen.OpenAction(entry_id=entry_id, action_id=action_id):
                return _open_action(options, entry_id, action_id)
            case home_screen.OpenPlan(entry_id=entry_id):
                return _show_plan(options, entry_id)
            case home_screen.StartCheckin(entry_id=entry_id):
                from careerkit.cli.commands.checkin import checkin

                return checkin(options, entry=entry_id, early=False)
            case home_screen.StartPlaybook(playbook_id=playbook_id):
                return _run_playbook(options, playbook_id)
        return 0


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


def _open_action(options: GlobalOptions, entry_id: str, action_id: str) -> int:
    from careerkit.cli.commands.plan_change import settle

    return settle(options, entry_id, action_id, show_plan=lambda: _show_plan(options, entry_id))


def _show_plan(options: GlobalOptions, entry_id: str) -> int:
    from careerkit.cli.commands.plan import print_plan, read_plan

    entry, plan, corrected = read_plan(options, entry_id)
    print_plan(options, entry, plan, corrected)
    wait_for_enter(options)
    return 0
