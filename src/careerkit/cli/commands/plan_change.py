"""`careerkit plan`: done, drop, move, add and undo."""

from __future__ import annotations

from datetime import date

from careerkit.cli.container import build_clock, find_playbook, open_journal
from careerkit.cli.display import is_interactive, open_screen, private_screen, read_text, report_change, select_entry
from careerkit.cli.output import print_info
from careerkit.cli.process import STOPPED
from careerkit.coaching.entry_changes import EntryChanges, LeftQuestionError
from careerkit.coaching.plan_changes import (
    MAX_LENGTH,
    REASON_ASK,
    PlanChanges,
    ask_about_action,
    ask_choice,
    ask_comment,
    ask_day,
    ask_for_proof,
    check_due_day,
    describe_action,
    describe_numbered,
)
from careerkit.coaching.ports import EndOfInput
from careerkit.core.date_parsing import is_date, parse_possible_dates
from careerkit.core.due_dates import format_date
from careerkit.core.errors import Problem, Refused
from careerkit.core.journal.agenda import is_overdue
from careerkit.core.journal.entry_list import EntryFilter, get_handle
from careerkit.core.questions.question import Choice
from careerkit.core.text import abbreviate
from careerkit.terminal.view_models import format_due

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal

    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.ports import Screen
    from careerkit.core.journal.entry_list import EntrySummary, Event
    from careerkit.core.journal.plan import PlannedAction

    PlanChoice = Literal["open", "named", "changed"]

NOTHING_CHANGED = "Nothing was changed."
MAX_NAMED_NUMBERS = 4
"""New numbers of other actions that are named one by one."""
COMMENT_HINT = "A few words about it, not a command. Enter leaves it blank."


def done(options: GlobalOptions, *, action: str, file: str | None) -> int:
    """Mark an action as done, with what shows it."""

    def change(plan: PlanChanges, found: PlannedAction, comment: str) -> Event | None:
        return plan.mark_done(found, proof=comment)

    return _change_action(
        options,
        action,
        file,
        change,
        ask=ask_for_proof,
        sentences=("done", "Done", "already done"),
    )


def drop(options: GlobalOptions, *, action: str, file: str | None) -> int:
    """Drop an action, with the reason."""

    def change(plan: PlanChanges, found: PlannedAction, comment: str) -> Event | None:
        return plan.drop(found, reason=comment)

    return _change_action(
        options,
        action,
        file,
        change,
        ask=lambda _: REASON_ASK,
        sentences=("drop", "Dropped", "already dropped"),
    )


def move(options: GlobalOptions, *, words: tuple[str, ...], file: str | None) -> int:
    """Move an action to another day."""
    plan, named, when = _open_plan_and_split(options, words)
    today = build_clock().now().date()
    day = parse_due_day(when, today=today) if when else None

    def run(screen: Screen | None) -> None:
        found = _select_action(plan, named, screen, verb="move")
        target = day
        if target is None and screen:
            ask = f"When do you want to do it? ({describe_numbered(found)})"
            target = ask_day(screen, ask, today=today, title="", drops_typed=bool(named))
        if target is None:
            hint = "For example: careerkit plan move 2 friday"
            raise Refused(Problem("no-date", "Give the day to move it to.", hint))
        plan.check_move(found, target)
        ask = f"Moving to {format_date(target)}: {describe_numbered(found)}. Why?"
        reason = _read_comment(screen, file, ask, drops_typed=bool(named and day))
        numbers = plan.numbers
        event = plan.move(found, target, reason=reason)
        before = format_due(found.due, today)
        if event is None:
            print_info(f"{describe_action(found)} is due on {format_date(target)} already.")
        else:
            moved = f"Moved to {format_date(target)} (it was {before}): {describe_numbered(found)}."
            renumbered = _describe_new_numbers(numbers, plan.numbers, found.id)
            late = _describe_deadline(options, plan, found, target)
            _report(options, plan, event, moved, more=" ".join(each for each in (late, renumbered) if each))

    needs_screen = not named or day is None
    return _run(options, run, plan=plan, ask=needs_screen or (file is None and is_interactive(options)))


def add(options: GlobalOptions, *, when: tuple[str, ...], file: str | None) -> int:
    """Add an action of your own to the newest plan."""
    today = build_clock().now().date()
    words = " ".join(when)
    if words and not is_date(words, today=today):
        message = f"{abbreviate(words)} is not a date."
        asked = "asked afterwards" if file is None and is_interactive(options) else "read from standard input or --file"
        hint = f"The text is {asked}: {options.format_command('plan add friday')}"
        raise Refused(Problem("not-a-date", message, hint))
    day = parse_due_day(words, today=today) if words else None
    if day:
        check_due_day(day, today=today)
    plan = _open_plan(options, "", choose="named")

    def run(screen: Screen | None) -> None:
        what, cue, due = _read_new_action(screen, file, day, today)
        numbers = plan.numbers
        event, action_id = plan.add(what, cue=cue, due=due)
        action = plan.find(action_id)
        on = f", due {format_date(due)}" if due else ", with no date"
        shown = describe_action(action)
        added = f"Added as action {action.number}{on}: {shown}{'' if shown.endswith('…') else '.'}"
        _report(options, plan, event, added, more=_describe_new_numbers(numbers, plan.numbers, action_id))

    return _run(options, run, plan=plan, ask=file is None)


def undo(options: GlobalOptions, *, entry: str) -> None:
    """Take back the last change of a plan."""
    plan = _open_plan(options, entry, choose="changed")
    numbers, before = plan.numbers, plan.plan.actions
    event, undone = plan.undo()
    found = next((each for each in (*plan.plan.actions, *before) if each.id == undone.about), None)
    named = f": {describe_action(found)}" if found else ""
    what = {
        ("action", "done"): "Not done any more",
        ("action", "dropped"): "Back in the plan",
        ("action", "open"): "Not open any more",
    }.get((undone.kind, str(undone.value)))
    if what is None:
        what = "The action that you added is gone" if undone.kind == "added" else "Back to its earlier date"
    stays = [each.title for each in plan.plan.checkins if any(answer.at >= undone.at for answer in each.answers)]
    kept = f"The check-in stays, with its answers: {', '.join(stays)}." if stays else ""
    renumbered = _describe_new_numbers(numbers, plan.numbers, undone.about)
    more = " ".join(each for each in (renumbered, kept) if each)
    _report(options, plan, event, f"{what}{named}.", can_undo=False, more=more)


def settle(
    options: GlobalOptions,
    entry_id: str,
    action_id: str,
    *,
    show_plan: Callable[[], int],
) -> int | None:
    """Ask what became of one action and record it, or show the whole plan instead.

    Returns None if something was recorded, otherwise the exit code.
    """
    plan = _open_plan(options, entry_id)
    action = plan.find(action_id)
    chosen = ""
    before = plan.event_count

    def run(screen: Screen | None) -> None:
        nonlocal chosen
        if screen is not None:
            show = Choice("show", "Show the plan")
            chosen, event = ask_about_action(screen, plan, action, title="Your plan", last=show)
            if event:
                _report(options, plan, event, "Saved.")

    code = _run(options, run, plan=plan, ask=True)
    if chosen == "show":
        return show_plan()
    return None if plan.event_count != before else code


def parse_due_day(text: str, *, today: date) -> date:
    """The day that `text` means: a date, a weekday, or an offset such as `in 3 days`. Raises Refused."""
    days = parse_possible_dates(text, today=today)
    return next((each for each in days if each >= today), days[0])


def _change_action(
    options: GlobalOptions,
    named: str,
    file: str | None,
    change: Callable[[PlanChanges, PlannedAction, str], Event | None],
    *,
    ask: Callable[[PlannedAction], str],
    sentences: tuple[str, str, str],
) -> int:
    entry, named = _split_action(named)
    plan = _open_plan(options, entry, choose="named" if named else "open")
    command, verb, already = sentences

    def run(screen: Screen | None) -> None:
        found = _select_action(plan, named, screen, verb=command)
        if found.state == already.removeprefix("already ") and file is None:
            comment = ""
        else:
            question = f"{describe_numbered(found)}. {ask(found)}"
            comment = _read_comment(screen, file, question, drops_typed=bool(named))
        numbers = plan.numbers
        event = change(plan, found, comment)
        if event is None:
            print_info(f"This action is {already}: {describe_action(found)}.")
        else:
            renumbered = _describe_new_numbers(numbers, plan.numbers, found.id)
            _report(options, plan, event, f"{verb}: {describe_numbered(found)}.", more=renumbered)

    return _run(options, run, plan=plan, ask=not named or (file is None and is_interactive(options)))


def _run(options: GlobalOptions, run: Callable[[Screen | None], None], *, plan: PlanChanges, ask: bool) -> int:
    """Run a change, with a screen if something has to be asked and someone is there to answer."""
    before = plan.event_count
    if not ask or not is_interactive(options):
        run(None)
        return 0
    with private_screen(options):
        try:
            run(open_screen(options))
        except (LeftQuestionError, EndOfInput):
            print_info(NOTHING_CHANGED)
            return STOPPED
        except KeyboardInterrupt:
            if plan.event_count == before:
                print_info(NOTHING_CHANGED)
            raise
    return 0


def _open_plan(options: GlobalOptions, entry: str, *, choose: PlanChoice = "open") -> PlanChanges:
    """The plan of the entry; unless it is named, of the newest one that `choose` describes.

    `open`: with open actions. `named`: with open actions or, if there is none, the newest, since the person named an action
    and is to be told what became of it. `changed`: with open or done actions or, if everything was dropped, the newest.
    Raises Refused if there is none, or it has no plan yet.
    """

    def has_open(each: EntrySummary) -> bool:
        return each.actions_open > 0

    def has_any(each: EntrySummary) -> bool:
        return each.actions_open > 0 or each.actions_done > 0

    journal = open_journal(options)
    noun = "plan" if choose == "changed" else "plan with open actions"
    try:
        entry_id = select_entry(journal, entry, fits=has_any if choose == "changed" else has_open, noun=noun)
    except Refused:
        if entry or choose == "open":
            raise
        entry_id = select_entry(journal, "", only=EntryFilter(state="finished"), noun=noun)
    found = journal.read(entry_id).entry
    if found.outcome is None:
        hint = f"Continue it: {options.format_command(f'resume {found.handle}')}"
        raise Refused(Problem("no-plan-yet", "This entry has no plan yet.", hint, found.handle))
    clock = build_clock()
    return PlanChanges(EntryChanges(journal, clock, entry_id), found.outcome, today=clock.now().date())


def _split_action(named: str) -> tuple[str, str]:
    """ENTRY and the action in `ENTRY/2`; the entry is "" in `2`."""
    entry, slash, action = named.rpartition("/")
    return (entry, action) if slash else ("", named)


def _open_plan_and_split(options: GlobalOptions, words: tuple[str, ...]) -> tuple[PlanChanges, str, str]:
    """The plan, the action and the date in `[ACTION] [WHEN]`. The first word is the action if it can be one."""
    first = words[0] if words else ""
    entry, named = _split_action(first)
    if "/" in first and not first.replace("/", "").isdigit():
        return _open_plan(options, entry), named, " ".join(words[1:])
    plan = _open_plan(options, "", choose="named")
    if first.isdigit() or any(each.id == first for each in plan.plan.actions):
        return plan, first, " ".join(words[1:])
    if len(words) > 1 and not _is_date(" ".join(words)) and _is_date(" ".join(words[1:])):
        return plan, first, " ".join(words[1:])  # an action that doesn't exist, which is reported when it is looked up
    return plan, "", " ".join(words)


def _is_date(text: str) -> bool:
    try:
        return bool(parse_possible_dates(text, today=build_clock().now().date()))
    except Refused:
        return False


def _select_action(plan: PlanChanges, named: str, screen: Screen | None, *, verb: str) -> PlannedAction:
    """The action that is named, or that the person chooses. Raises Refused if it is neither named nor chosen."""
    if named:
        return plan.find(named)
    handle = get_handle(plan.entry_id)
    found = plan.plan.open_actions
    if screen is None or not found:
        message = "Which action?" if found else "This plan has no open action."
        hint = f"Give its number, as `careerkit plan show {handle}` lists it."
        raise Refused(Problem("which-action", message, hint, handle))
    today = build_clock().now().date()
    choices = [Choice(each.id, f"{format_due(each.due, today)}  {each.do}") for each in found]
    asks = {"done": "Which one have you done?", "drop": "Which one do you want to drop?"}
    return plan.find(
        ask_choice(
            screen, "action", asks.get(verb, "Which one do you want to move?"), choices, title="", drops_typed=True
        )
    )


def _read_comment(screen: Screen | None, file: str | None, ask: str, *, drops_typed: bool) -> str:
    """A comment from the file, or from the person; "" if there is none."""
    if file is not None:
        return read_text(file).strip()
    return ask_comment(screen, ask, title="", hint=COMMENT_HINT, drops_typed=drops_typed) if screen else ""


def _read_new_action(
    screen: Screen | None, file: str | None, day: date | None, today: date
) -> tuple[str, str, date | None]:
    """What to do, the cue ("" for none) and the day (None for none) of a new action. Raises Refused if it is empty."""
    if screen is None:
        first, _, rest = read_text(file).strip().partition("\n")
        if not first.strip():
            hint = "Give it on standard input or with --file: the first line is what to do, the second one the cue."
            raise Refused(Problem("empty", "What is the action?", hint))
        return first.strip()[:MAX_LENGTH], " ".join(rest.split())[:MAX_LENGTH], day
    hint = "One thing, such as: Call M. for the figures. Not a command. Ctrl-C cancels."
    what = ask_comment(screen, "What will you do?", title="", hint=hint, is_required=True, drops_typed=True)
    hint = "For example: when I come in. Not a command; Enter leaves it blank."
    cue = ask_comment(screen, "When will you think of it?", title="", hint=hint)
    if day is None:
        day = ask_day(screen, "By when?", today=today, title="", is_optional=True)
    return what, cue, day


def _describe_deadline(options: GlobalOptions, plan: PlanChanges, action: PlannedAction, day: date) -> str:
    """A warning if `day` is after the entry's deadline, which is still to come; "" for an action that may be later."""
    entry = open_journal(options).read(plan.entry_id).entry
    playbook = find_playbook(options, entry)
    if playbook is None or any(each.id == action.id and each.after_deadline for each in playbook.actions):
        return ""
    deadline = next((each.value for each in entry.answers if each.question == playbook.deadline), None)
    if isinstance(deadline, date) and plan.today <= deadline < day:
        return f"That is after your deadline, {format_date(deadline)}."
    return ""


def _describe_new_numbers(before: Mapping[str, int], after: Mapping[str, int], changed: str) -> str:
    """What a change did to the numbers of the plan's actions; "" if nothing. `changed` is the action that it was about."""
    number = after.get(changed, 0)
    sentences = []
    if number and changed in before and before[changed] not in (0, number):
        sentences.append(f"It is number {number} now.")
    others = [
        (old, after.get(each, 0)) for each, old in before.items() if each != changed and after.get(each, 0) != old
    ]
    if len(others) > MAX_NAMED_NUMBERS:
        sentences.append("The numbers of other actions have changed too: careerkit plan show lists them.")
    elif others:
        sentences.append(f"New numbers: {', '.join(f'{old} is now {new}' for old, new in sorted(others))}.")
    return " ".join(sentences)


def _report(
    options: GlobalOptions, plan: PlanChanges, event: Event, sentence: str, *, can_undo: bool = True, more: str = ""
) -> None:
    handle = get_handle(plan.entry_id)
    waiting = plan.plan.open_actions
    now = build_clock().now()
    sentences = [sentence, more] if more else [sentence]
    if waiting:
        following = f"{format_due(waiting[0].due, now.date())}  {describe_action(waiting[0])}"
        sentences.append(f"{'Overdue' if is_overdue(waiting[0].due, now) else 'Next'}: {following}")
    else:
        sentences.append("No action of this plan is open any more.")
    if can_undo:
        sentences.append(f"To take it back: {options.format_command(f'plan undo {handle}')}")
    report_change(options, plan.entry_id, [event], *sentences)
