"""`careerkit checkin`: the check-in that is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime

from careerkit.cli.container import build_clock, find_playbook, open_journal
from careerkit.cli.display import is_interactive, open_screen, private_screen, read_answers, report_change
from careerkit.cli.output import print_info, print_problems, write_json
from careerkit.cli.process import STOPPED
from careerkit.coaching.agenda import load_agenda
from careerkit.coaching.checkin import CheckinSession, ask_late_predictions, list_late_predictions
from careerkit.coaching.entry_changes import EntryChanges, LeftQuestionError
from careerkit.coaching.plan_changes import check_due_day, describe_numbered
from careerkit.coaching.ports import EndOfInput
from careerkit.core.date_parsing import parse_possible_dates
from careerkit.core.due_dates import add_offset, format_date, parse_relative_date
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.journal.agenda import get_day, is_overdue
from careerkit.core.journal.entry_list import build_history, get_handle
from careerkit.core.journal.plan import build_plan
from careerkit.core.text import format_count
from careerkit.terminal.view_models import format_due

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.ports import Screen
    from careerkit.core.journal.entry import Entry, Lane
    from careerkit.core.journal.entry_list import Event
    from careerkit.core.journal.plan import PlannedCheckin
    from careerkit.core.playbook.model import Playbook
    from careerkit.core.values import Value
    from careerkit.storage.journal import DiskJournal


def checkin(options: GlobalOptions, *, entry: str, early: bool) -> int:
    """Answer the check-in that is due, of the entry or of the one that has waited longest."""
    journal, now = open_journal(options), build_clock().now()
    entry_id = journal.resolve_id(entry) if entry else _find_due_entry(options, journal, now)
    reading, events = journal.read(entry_id), journal.events(entry_id)
    print_problems((*reading.problems, *events.problems), as_json=options.json)
    plan = build_plan(reading.entry.outcome, build_history(events.events), today=now.date())
    late = list_late_predictions(reading.entry.outcome, plan, build_history(events.events))
    try:
        due = _choose_checkin(plan.checkins, early=early, handle=get_handle(entry_id), now=now)
    except Refused:
        if not late:
            raise
        due = None
    if not is_interactive(options):
        hint = "Run it at a terminal, also with --plain."
        raise Refused(Problem("needs-terminal", "A check-in asks questions, and no one can answer here.", hint))
    changes = EntryChanges(journal, build_clock(), entry_id)
    if due is None:
        return _resolve_late(options, reading.entry, changes, now)
    session = CheckinSession(reading.entry, find_playbook(options, reading.entry), changes, due, now=now)
    saved = f"Your answers are saved. Continue with: {options.format_command(f'checkin {get_handle(entry_id)}')}"
    try:
        with private_screen(options):
            finished = _run_until_end(session, open_screen(options))
    except BaseException as error:
        if not isinstance(error, Exception):  # Ctrl-C or another signal
            print_info(saved)
        raise
    if not finished:
        print_info(saved)
        return STOPPED
    left = session.plan.plan.open_actions
    waiting = [each for each in session.plan.plan.checkins if each.state == "waiting" and each.due]
    sentences = ["Checked in. No action is open."]
    if left:
        following = f"{format_due(left[0].due, now.date())}  {describe_numbered(left[0])}"
        show = options.format_command(f"plan show {get_handle(entry_id)}")
        sentences = [
            f"Checked in. {format_count(len(left), 'action')} open.",
            f"{'Overdue' if is_overdue(left[0].due, now) else 'Next'}: {following}",
            f"The plan: {show}",
        ]
    if waiting and waiting[0].due:
        sentences.append(f"Next check-in: {format_date(get_day(waiting[0].due, now))}, {waiting[0].title}.")
    report_change(options, entry_id, session.events, *sentences)
    return 0


@frozen
class _MovedClock:
    """A clock that stands still at another time."""

    at: datetime
    name: str

    def now(self) -> datetime:
        return self.at

    def zone(self) -> str:
        return self.name


def try_checkin(
    options: GlobalOptions,
    playbook: Playbook,
    source: bytes,
    file: str | None,
    *,
    at: str,
    carried: Mapping[str, Value],
    lane: Lane,
) -> int:
    """Try out a playbook with the check-in that is due at `at`, such as `+1w`. Nothing is saved.

    `file` has all answers of the interview; None to ask its questions, with those that are `carried` over. Raises Refused
    if no check-in is due then, or if the answers can't be used.
    """
    from careerkit.coaching.resume import run_batch  # a check-in that is due needs none of these
    from careerkit.coaching.session import start_session
    from careerkit.export.json import serialise_plan
    from careerkit.storage.memory_journal import MemoryJournal

    clock = build_clock()
    later = _MovedClock(_parse_moment(at, clock.now()), clock.zone())
    journal, screen = MemoryJournal(), open_screen(options, saves=False)
    if file is not None:
        given = {**carried, **read_answers(file)}
        entry = run_batch(playbook, source, given, lane=lane, journal=journal, clock=clock)
    else:
        screen.open(playbook, note="This is a trial. Nothing is saved.")
        session = start_session(
            playbook, source, lane=lane, screen=screen, journal=journal, clock=clock, carried=carried
        )
        try:
            session.run()
        except EndOfInput:
            return STOPPED
        entry = session.entry
    changes = EntryChanges(journal, later, entry.id)
    today = later.at.date()
    plan = build_plan(entry.outcome, changes.history, today=today)
    due = [each for each in plan.checkins if each.state == "due"]
    late = list_late_predictions(entry.outcome, plan, changes.history)
    if not due and not late:
        raise Refused(_describe_none_due(plan.checkins, today))
    screen.show_info(f"On {format_date(today)}:")
    finished = True
    try:
        if due:
            finished = CheckinSession(entry, playbook, changes, due[-1], now=later.at).run(screen)
        else:
            ask_late_predictions(screen, entry, changes, today=today)
    except (LeftQuestionError, EndOfInput):
        finished = False
    if options.json:
        write_json(serialise_plan(entry, build_plan(entry.outcome, changes.history, today=today), None))
    else:
        print_info("This was a trial. Nothing was saved.")
    return 0 if finished else STOPPED


def _parse_moment(text: str, now: datetime) -> datetime:
    """The same time of day on the day that `text` means: an offset such as `+1w`, or a date in words. Raises Refused."""
    offset = parse_relative_date(text) if text.startswith("+") else None
    if offset is None:
        days = parse_possible_dates(text, today=now.date())
        day = next((each for each in days if each >= now.date()), days[0])
    else:
        day = add_offset(now.date(), offset)
    check_due_day(day, today=now.date())
    return datetime.combine(day, now.time(), now.tzinfo)


def _describe_none_due(checkins: Sequence[PlannedCheckin], today: date) -> Problem:
    message = f"No check-in is due on {format_date(today)}."
    waiting = [each for each in checkins if each.state == "waiting" and each.due]
    if waiting and waiting[0].due:
        message += f" The next one is on {format_date(waiting[0].due)}: {waiting[0].title}."
    elif checkins:
        message += " By then, all of them were missed."
    return Problem("no-checkin-due", message, "Choose another day with --at.", "--at")


def _resolve_late(options: GlobalOptions, entry: Entry, changes: EntryChanges, now: datetime) -> int:
    """Ask only about the predictions whose check-in is over."""
    recorded: list[Event] = []
    with private_screen(options):
        screen = open_screen(options)
        screen.show_info(f"{entry.playbook.title}, {format_date(entry.started.date())}.")
        with suppress(LeftQuestionError, EndOfInput):
            recorded = ask_late_predictions(screen, entry, changes, today=now.date())
    left = list_late_predictions(
        entry.outcome, build_plan(entry.outcome, changes.history, today=now.date()), changes.history
    )
    again = options.format_command(f"checkin {entry.handle}")
    sentence = f"{format_count(len(left), 'prediction')} left. To answer later: {again}" if left else "Saved."
    report_change(options, entry.id, recorded, sentence)
    return STOPPED if left else 0


def _run_until_end(session: CheckinSession, screen: Screen) -> bool:
    """Run the check-in. Returns False if the person stops, or if the input ends."""
    try:
        return session.run(screen)
    except EndOfInput:
        return False


def _find_due_entry(options: GlobalOptions, journal: DiskJournal, now: datetime) -> str:
    """The entry whose check-in has been due longest. Raises Refused, with the next one, if none is due."""
    agenda = load_agenda(journal, now=now, days=None).items
    items = [each for each in agenda if each.kind == "checkin" and each.due]
    predictions = [each for each in agenda if each.kind == "prediction" and each.due]
    due = [each for each in items if each.due and get_day(each.due, now) <= now.date()]
    if due:
        return due[0].entry
    late = [each for each in predictions if each.due and get_day(each.due, now) <= now.date()]
    if late:
        return late[0].entry
    if not items:
        hint = f"`{options.format_command('agenda --all')}` shows everything that has a date."
        raise Refused(Problem("no-checkin", "No check-in is planned.", hint))
    following = items[0]
    day = format_date(get_day(following.due, now)) if following.due else ""
    hint = f"To do it now: {options.format_command(f'checkin {get_handle(following.entry)} --early')}"
    raise Refused(Problem("no-checkin-due", f"No check-in is due. The next one is on {day}: {following.what}.", hint))


def _choose_checkin(checkins: tuple[PlannedCheckin, ...], *, early: bool, handle: str, now: datetime) -> PlannedCheckin:
    """The newest check-in that is due; with `early`, the next one that waits. Raises Refused if there is none."""
    due = [each for each in checkins if each.state == "due"]
    if due:
        return due[-1]
    waiting = [each for each in checkins if each.state == "waiting"]
    if early and waiting:
        return waiting[0]
    if not waiting:
        raise Refused(Problem("no-checkin", "This entry has no check-in left.", "", handle))
    when = f" The next one is on {format_date(get_day(waiting[0].due, now))}." if waiting[0].due else ""
    hint = f"To do it now: careerkit checkin {handle} --early"
    raise Refused(Problem("no-checkin-due", f"No check-in of this entry is due.{when}", hint, handle))
