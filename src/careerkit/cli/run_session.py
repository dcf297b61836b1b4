"""Run a session for a command: start or resume it, at the terminal or from an answers file, and print how it ended."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from functools import lru_cache, partial

from careerkit.cli import container, display
from careerkit.cli.output import print_problems, write_json
from careerkit.cli.process import INTERRUPTED, STOPPED
from careerkit.coaching.ports import EndOfInput
from careerkit.coaching.resume import find_unfinished, offer_resume, resume_entry, run_batch
from careerkit.coaching.review import (
    carry_answers,
    collect_reasons,
    find_earlier_names,
    format_carry_notice,
    list_links,
)
from careerkit.coaching.session import NO_ANSWERS, check_lane, lock_entry, run_session, start_session
from careerkit.coaching.signals import Interrupted
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.ports import Screen
    from careerkit.coaching.review import NameLookup
    from careerkit.coaching.session import Session, SessionResult
    from careerkit.core.journal.entry import Entry, Lane
    from careerkit.core.journal.entry_list import EntrySummary
    from careerkit.core.playbook.model import Playbook
    from careerkit.core.values import Value

RESULTS: dict[SessionResult, str] = {
    "finished": "Saved as {handle}.",
    "quick": "Saved as {handle}. Continue with the rest when you can: {resume}",
    "later": "Saved as {handle}. Continue when you can: {resume}",
    "stopped": "Stopped. All answers are saved. Continue with: {resume}",
}

FILE_CHANGED = (
    "The file has changed since. If you continue, you get the questions as they were. "
    "For the new ones, say no, or start with --new."
)
MAX_FOLLOW_UPS = 2
"""Follow-up playbooks that are named at the end; all of them are in the findings."""


@frozen
class Prefill:
    """Answers that are carried over from an earlier entry, and the notice that says so."""

    answers: Mapping[str, Value]
    notice: str


def load_prefill(options: GlobalOptions, named: str, playbook: Playbook) -> Prefill:
    """The answers for `playbook` from the entry that `named` means.

    Raises Refused if there is no such entry, or if none of its findings leads to `playbook`.
    """
    journal = container.open_journal(options)
    reading = journal.read(journal.resolve_id(named))
    if reading.problems:
        print_problems(reading.problems, as_json=options.json)
    entry = reading.entry
    link = next((each for each in list_links(entry) if each.playbook_id == playbook.id), None)
    if link is None:
        raise Refused(_no_link(entry, playbook))
    earlier, today = container.find_playbook(options, entry), container.build_clock().now().date()
    answers = carry_answers(entry, earlier, link, playbook, today=today)
    return Prefill(answers, format_carry_notice(len(answers), entry.playbook.title))


def run_interview(
    options: GlobalOptions,
    playbook: Playbook,
    source: bytes,
    *,
    lane: Lane,
    always_new: bool,
    note: str | None,
    prefill: Prefill | None = None,
) -> int:
    """Run `playbook`, or resume its unfinished entry if the person wants that; returns the exit code.

    Always starts a new entry if `always_new` or with a `prefill`. Raises Refused if the playbook has no such lane, or if
    the result can't be saved.
    """
    check_lane(playbook, lane)
    screen = display.open_screen(options)
    screen.open(playbook, note=note)
    try:
        unfinished = None if always_new or prefill else _find_unfinished(options, screen, playbook.id)
        if unfinished is not None:
            _warn_if_changed(options, screen, unfinished, playbook)
        resumes = unfinished is not None and offer_resume(screen, unfinished)
    except EndOfInput:
        return STOPPED
    if unfinished is not None and resumes:
        return _run(options, _resume(options, screen, unfinished.id, is_open=True))
    if prefill:
        screen.show_info(prefill.notice)
    session = start_session(
        playbook,
        source,
        lane=lane,
        screen=screen,
        journal=container.open_journal(options),
        clock=container.build_clock(),
        carried=prefill.answers if prefill else NO_ANSWERS,
        names=_make_name_lookup(options, screen),
    )
    return _run(options, lock_entry(session))


def run_answers_file(
    options: GlobalOptions,
    playbook: Playbook,
    source: bytes,
    file: str,
    *,
    lane: Lane,
    prefill: Prefill | None = None,
) -> int:
    """Run `playbook` on the answers in a TOML file, without asking anything; returns the exit code.

    Its answers take precedence over prefilled ones. Raises Refused with everything that is wrong with them; then nothing
    is saved.
    """
    from careerkit.terminal.result_view import ResultView, write_pieces  # asking questions needs neither

    open_screen = lru_cache(partial(display.open_screen, options))  # most playbooks have no note to show
    given = display.read_answers(file)
    check_lane(playbook, lane)
    entry = run_batch(
        playbook,
        source,
        {**(prefill.answers if prefill else {}), **given},
        lane=lane,
        journal=container.open_journal(options),
        clock=container.build_clock(),
        show_note=(lambda _: None) if options.json else (lambda note: open_screen().show_note(note)),
        report=lambda found: print_problems((each for each in found if each.where in given), as_json=options.json),
    )
    if not options.json:
        view = ResultView(
            entry,
            collect_reasons(entry),
            playbook=playbook,
            opening="commands",
            complete_command=options.format_command,
        )
        write_pieces(view.build(), **display.view_output(options))
    _print_result(options, entry, "finished" if entry.finished else "quick", playbook)
    return 0


def run_trial(
    options: GlobalOptions,
    playbook: Playbook,
    source: bytes,
    file: str | None,
    *,
    at: str,
    lane: Lane,
    prefill: Prefill | None,
) -> int:
    """Try out `playbook` with the check-in that is due at `at`; returns the exit code. Nothing is saved.

    `file` has all answers of the interview; None to ask its questions. Raises Refused like `run_answers_file`, and if no
    check-in is due then.
    """
    from careerkit.cli.commands.checkin import try_checkin  # an interview doesn't need it

    check_lane(playbook, lane)
    carried = prefill.answers if prefill else NO_ANSWERS
    return try_checkin(options, playbook, source, file, at=at, carried=carried, lane=lane)


def resume_interview(options: GlobalOptions, entry_id: str) -> int:
    """Resume an unfinished entry; returns the exit code. Raises Refused if it is finished or can't be read."""
    return _run(options, _resume(options, display.open_screen(options), entry_id, is_open=False))


def _no_link(entry: Entry, playbook: Playbook) -> Problem:
    following = ", ".join(f"careerkit {each.playbook_id.replace('/', ' ')}" for each in list_links(entry))
    if entry.finished is None:
        hint = f"It is not finished. Continue it: careerkit resume {entry.handle}"
    else:
        hint = f"It leads to: {following}." if following else "Leave out --from."
    return Problem("leads-elsewhere", f"This entry has no follow-up called {playbook.id}.", hint, entry.handle)


def _run(options: GlobalOptions, opened: AbstractContextManager[Session]) -> int:
    gc.freeze()  # what is loaded stays; collecting it again and again would delay key presses
    gc.enable()
    try:
        result = run_session(
            opened,
            library=container.open_library(),
            report=partial(_report, options),
            offers_follow_ups=display.is_interactive(options),
        )
    except KeyboardInterrupt:
        return INTERRUPTED
    except Interrupted as interrupted:
        return interrupted.exit_code
    if result == "stopped":
        return STOPPED
    display.wait_for_enter(options)
    return 0


def _resume(options: GlobalOptions, screen: Screen, entry_id: str, *, is_open: bool) -> AbstractContextManager[Session]:
    return resume_entry(
        entry_id,
        screen=screen,
        journal=container.open_journal(options),
        library=container.open_library(),
        clock=container.build_clock(),
        names=_make_name_lookup(options, screen),
        is_open=is_open,
    )


def _find_unfinished(options: GlobalOptions, screen: Screen, playbook_id: str) -> EntrySummary | None:
    """The newest unfinished entry of the playbook, if it can be found without asking for a passphrase."""
    journal = container.open_journal(options)
    if container.is_readable_without_prompt(options):
        return find_unfinished(journal, playbook_id)
    if journal.ids():
        screen.show_info(
            f"Your earlier entries are encrypted. To continue one of them: {options.format_command('resume')}"
        )
    return None


def _warn_if_changed(options: GlobalOptions, screen: Screen, unfinished: EntrySummary, playbook: Playbook) -> None:
    """Say that an entry continues with the copy of its file, if the file is another one by now.

    The entry of an installed playbook continues with the new version, so there is nothing to say.
    """
    is_installed = unfinished.playbook in container.open_library().ids()
    if is_installed or container.open_journal(options).read(unfinished.id).entry.playbook.sha256 == playbook.sha256:
        return
    screen.show_info(FILE_CHANGED)


def _make_name_lookup(options: GlobalOptions, screen: Screen) -> NameLookup:
    """Look up names in earlier entries if the person has turned that on. Shows what is wrong with the settings."""
    settings = container.load_settings(screen.show_errors)

    def find_names(exclude: str) -> tuple[str, ...]:
        if not settings.offer_names or not container.is_readable_without_prompt(options):
            return ()
        return find_earlier_names(container.open_journal(options), exclude=exclude)

    return lru_cache(find_names)


# ------------------------------------------------------------ printing


def _report(options: GlobalOptions, session: Session, result: SessionResult) -> None:
    if result == "stopped" and not session.is_saved:
        hint = "" if sys.stdin.isatty() else "\nTo take the answers from a file, use --answers FILE."
        _print(f"Nothing was answered, so nothing was saved.{hint}")
        return
    if session.entry.finished:  # also if the input ended while the result was shown
        result = "finished"
    _print_result(options, session.entry, result, session.interview.playbook)


def _print_result(options: GlobalOptions, entry: Entry, result: SessionResult, playbook: Playbook) -> None:
    if options.json:
        from careerkit.export.json import serialise_entry_details  # only with --json

        write_json(serialise_entry_details(entry, playbook))
        return
    handle = entry.handle
    lines = [RESULTS[result].format(handle=handle, resume=options.format_command(f"resume {handle}"))]
    if result == "finished":
        lines.append(f"  {options.format_command(f'plan show {handle}')}")
        if not (entry.outcome and entry.outcome.small):
            lines.append(f"  {options.format_command(f'journal show {handle}')}")
            lines += _list_follow_ups(options, entry)
    _print("\n".join(lines))


def _list_follow_ups(options: GlobalOptions, entry: Entry) -> list[str]:
    """The commands of the first follow-up playbooks that are installed."""
    installed = container.open_library().ids()
    commands = [
        options.format_command(link.playbook_id.replace("/", " ") + (f" --from {entry.handle}" if link.carry else ""))
        for link in list_links(entry)
        if link.playbook_id in installed
    ]
    return [f"  {each}" for each in commands[:MAX_FOLLOW_UPS]]


def _print(text: str) -> None:
    with suppress(OSError):  # the window may be closed; the answers are saved
        sys.stderr.write(f"\n{text}\n")
        sys.stderr.flush()
