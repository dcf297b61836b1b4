"""Plans shared with other programs and people: `careerkit plan sync`, and the copy that `plan export --for others` writes."""

from __future__ import annotations

import sys
from pathlib import Path

from careerkit.cli.commands.plan import read_plan
from careerkit.cli.container import build_clock, find_playbook, load_playbook, open_journal
from careerkit.cli.display import ask_line, is_interactive, read_text
from careerkit.cli.output import (
    accept_read_failures,
    print_info,
    print_problems,
    report_later,
    show_progress,
    wrap_for,
    write_json,
)
from careerkit.coaching.entry_changes import EntryChanges
from careerkit.coaching.plan_changes import (
    NewTick,
    PlanChanges,
    ReportedTick,
    TickReview,
    describe_action,
    describe_tick,
    record_ticks,
    review_ticks,
)
from careerkit.coaching.trends import list_checkins
from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.frozen import replace
from careerkit.core.journal.entry_list import get_handle
from careerkit.core.text import abbreviate, format_count
from careerkit.export.formats import EXTENSIONS, PlanDocument, PlannedEntry, load_format
from careerkit.storage.platform import explain_os_error
from careerkit.terminal.sanitize import sanitize, sanitize_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.redaction import Redaction
    from careerkit.core.journal.plan import PlannedAction
    from careerkit.core.playbook.model import Playbook
    from careerkit.export.formats import ExportFormat, PlanItem, Tick

MAX_FILES = 10_000
"""Files in a folder of calendar items."""
MAX_SHOWN = 20
"""Actions that are named one by one."""

MAX_PREVIEW_LENGTH = 60
"""Characters of an answer in the preview."""


def sync(options: GlobalOptions, *, path: str | None, format_name: str, is_confirmed: bool) -> None:
    """Show which actions are ticked there and still open here, ask, and mark them as done."""
    if path is None:
        raise Refused(
            Problem("wrong-usage", "Which file?", "For example: careerkit plan sync --from todo.txt", "--from")
        )
    chosen = load_format(format_name or _choose_format(path))
    ticks = _read_ticks(chosen, path)
    found = _find_items(options, chosen, {each.id for each in ticks})
    reported = [
        ReportedTick(item.entry, item.id, each.state == "done", each.done_at, item.kind == "checkin")
        for each in ticks
        if (item := found.get(each.id))
    ]
    plans = _open_plans(options, {each.entry for each in reported})
    review = review_ticks(reported, plans)
    unknown = len({each.id for each in ticks} - found.keys())
    if not options.json:
        _print_review(review, chosen.title, path, unknown=unknown, is_empty=not reported)
    is_agreed = bool(review.new) and (is_confirmed or _ask(options, len(review.new)))
    recorded = record_ticks(review.new, plans, program=chosen.title) if is_agreed else ()
    if recorded:
        accept_read_failures(as_json=options.json)
    if options.json:
        write_json(
            {
                "format": chosen.name,
                "ticked": [_serialise(each) for each in review.new],
                "events": [event.id for _, event in recorded],
                "already": review.already,
                "dropped": [each.do for each in review.dropped],
                "reopened": [each.do for each in review.reopened],
                "contradictory": [each.do for each in review.contradictory],
                "checkins": list(review.checkins),
                "unknown": unknown,
            }
        )
    elif recorded:
        undo = options.format_command(f"plan undo {get_handle(recorded[-1][0].entry)}")
        print_info(f"Marked {format_count(len(recorded), 'action')} as done. To take the last one back: {undo}")
    elif review.new:
        print_info("Nothing was changed.")


# ------------------------------------------------------------ reading


def load_planned(options: GlobalOptions, named: str) -> PlannedEntry:
    """The entry that is named with its plan, or the newest with open actions. Raises Refused if it can't be read."""
    entry, plan, corrected = read_plan(options, named)
    playbook = find_playbook(options, entry)
    return PlannedEntry(entry, plan, playbook, list_checkins(entry, plan, playbook), corrected)


def prepare_for_others(
    options: GlobalOptions,
    planned: PlannedEntry,
    *,
    audience: str,
    with_questions: str,
    names_file: str | None,
    will_be_written: bool,
    is_confirmed: bool,
) -> PlanDocument:
    """The plan for others. At a terminal, shows what a file would contain, asks for other names, and asks before it is written.

    `with_questions` names private questions whose answers are included, separated by commas. `names_file` has more names to
    replace, one on each line. Raises Refused if there is no such question or file, or if the person says no.
    """
    from careerkit.coaching.redaction import redact  # few plans are for others

    playbook, _ = load_playbook(open_journal(options), planned.entry)
    named = tuple(each.strip() for each in with_questions.split(",") if each.strip())
    _check_questions(playbook, named)
    more = [] if names_file is None else read_text(names_file).split("\n")

    def redact_with(names: Sequence[str]) -> Redaction:
        return redact(planned.entry, playbook, plan=planned.plan, with_questions=named, more_names=names)

    redaction = redact_with(more)
    is_watched = sys.stderr.isatty() and not options.json
    must_ask = will_be_written and not is_confirmed and is_watched and is_interactive(options)
    if is_watched:
        _print_preview(redaction, audience)
    _print_words_to_check(redaction, options)
    if must_ask and redaction.check:
        typed = [
            each.strip() for each in ask_line("Names to replace too, with commas between (Enter for none): ").split(",")
        ]
        if any(typed):
            redaction = redact_with([*more, *typed])
            _print_legend(redaction)
            _print_words_to_check(redaction, options)
    if must_ask and ask_line("Write it? [y/N] ").strip().casefold() not in ("y", "yes"):
        raise Refused(Problem("not-confirmed", "Nothing was written.", ""))
    if not options.json and not redaction.plan.actions and planned.plan.actions:
        print_info("Every action of this plan is private, so the copy has none.")
    shared = replace(planned, entry=redaction.entry, plan=redaction.plan, playbook=playbook, checkins=())
    return PlanDocument((shared,), for_others=True)


def _choose_format(path: str) -> str:
    """The format that fits the name. Raises Refused if it doesn't tell."""
    target = Path(path)
    if target.is_dir():
        return "vdir"
    name = {"markdown": "obsidian", "json": "taskwarrior"}.get(
        known := EXTENSIONS.get(target.suffix.casefold(), ""), known
    )
    if name in ("obsidian", "taskwarrior", "ics", "todotxt"):
        return name
    if known:
        title = load_format(known).title
        raise Refused(Problem("wrong-extension", f"Ticks can't be read from {title}.", "", path))
    hint = "Name the format, for example --to todotxt."
    raise Refused(Problem("wrong-extension", "The name doesn't tell which format this is.", hint, path))


def _read_ticks(chosen: ExportFormat, path: str) -> tuple[Tick, ...]:
    """What the file or folder says about items of plans. Raises Refused if it can't be read or isn't that format."""
    if chosen.read is None:
        raise Refused(Problem("wrong-usage", f"{chosen.title} can't be read back.", "", "--to"))
    ticks: list[Tick] = []
    for file in _list_files(chosen, path):
        try:
            ticks += chosen.read(read_text(file))
        except Refused as refused:
            raise Refused([problem.at(file) for problem in refused.problems]) from None
    return tuple(ticks)


def _list_files(chosen: ExportFormat, path: str) -> list[str]:
    target = Path(path)
    if chosen.extensions:
        archive = target.with_name("done.txt")
        archived = chosen.name == "todotxt" and path != "-" and target.name != archive.name and archive.exists()
        return [path, str(archive)] if archived else [path]
    try:
        if not target.is_dir():
            raise Refused(Problem("not-a-folder", f"{chosen.title} is a folder.", "Name the folder.", path))
        files = sorted(str(each) for each in target.glob("*.ics"))
    except OSError as error:
        raise Refused(explain_os_error("not-read", "The folder can't be read", error, path)) from error
    if len(files) > MAX_FILES:
        raise Refused(Problem("too-large", f"This folder has more than {MAX_FILES} items.", "Name another.", path))
    return files


# ------------------------------------------------------------ finding the actions


def _find_items(options: GlobalOptions, chosen: ExportFormat, wanted: set[str]) -> dict[str, PlanItem]:
    """The actions and check-ins by what the format calls them. Entries with open actions come first; the others are only
    read if something isn't found there. Entries that can't be read are reported and left out.
    """
    assert chosen.identify is not None, "it can be read back"
    journal = open_journal(options)
    listing = journal.listing(limit=None)
    report_later(listing.problems)
    entries = sorted(listing.entries, key=lambda each: each.actions_open == 0)
    found: dict[str, PlanItem] = {}
    with show_progress(options, "Looking for the actions", len(entries)) as advance:
        for each in entries:
            if wanted <= found.keys():
                break
            try:
                planned = load_planned(options, each.id)
            except Refused as refused:
                print_problems(refused.problems, as_json=options.json)
                continue
            items = {chosen.identify(item): item for item in PlanDocument((planned,)).items}
            found |= {name: item for name, item in items.items() if name in wanted}
            advance()
    return found


def _open_plans(options: GlobalOptions, entries: Iterable[str]) -> dict[str, PlanChanges]:
    journal, clock = open_journal(options), build_clock()
    return {
        each: PlanChanges(
            EntryChanges(journal, clock, each, report=report_later),
            journal.read(each).entry.outcome,
            today=clock.now().date(),
        )
        for each in entries
    }


# ------------------------------------------------------------ what is shown and asked


def _print_review(review: TickReview, title: str, path: str, *, unknown: int, is_empty: bool) -> None:
    if review.new:
        print_info(f"{format_count(len(review.new), 'action')} ticked in {title} and still open here:")
        for each in review.new[:MAX_SHOWN]:
            line = f"  {describe_tick(each, get_handle(each.entry))}"
            sys.stderr.write(wrap_for(sanitize(line, encoding=sys.stderr.encoding or "ascii"), stream=sys.stderr))
        if len(review.new) > MAX_SHOWN:
            print_info(f"  and {len(review.new) - MAX_SHOWN} more")
    elif is_empty:
        print_info(f"No action of this journal is in {path}.")
    else:
        already = f" {format_count(review.already, 'action')} done here and there." if review.already else ""
        print_info(f"Nothing new is ticked in {path}.{already}")
    _print_left("Dropped here, so it stays dropped", review.dropped)
    _print_left("Done here and not ticked there; it stays done", review.reopened)
    _print_left("There more than once, ticked and not ticked; it stays open", review.contradictory)
    for entry in review.checkins:
        print_info(f"A tick can't answer a check-in. To answer it: careerkit checkin {get_handle(entry)}")
    if unknown:
        print_info(
            f"It has {format_count(unknown, 'item')} of careerkit's from another journal, or from a copy for others."
        )


def _print_left(label: str, actions: Iterable[PlannedAction]) -> None:
    for each in actions:
        print_info(f"{label}: {describe_action(each)}.")


def _ask(options: GlobalOptions, count: int) -> bool:
    """Does the person want the actions marked as done? Raises Refused if nobody can be asked."""
    if options.json:
        return False
    if not is_interactive(options):
        raise Refused(Problem("not-confirmed", "Nothing was changed.", "To mark them as done, add --yes."))
    what = "it" if count == 1 else f"these {count}"
    return ask_line(f"Mark {what} as done here too? [y/N] ").strip().casefold() in ("y", "yes")


def _serialise(tick: NewTick) -> dict[str, object]:
    return {
        "entry": tick.entry,
        "id": tick.action.id,
        "number": tick.action.number,
        "do": tick.action.do,
        "done_at": tick.done_at.isoformat() if tick.done_at else None,
    }


def _check_questions(playbook: Playbook, named: Sequence[str]) -> None:
    known = [each.id for each in playbook.questions]
    problems = []
    for each in named:
        if each not in known:
            near = find_closest(each, known)
            hint = f'Did you mean "{near}"?' if near else "`careerkit playbook show` lists the questions."
            problems.append(Problem("unknown-question", f'No question "{each}".', hint, "--with"))
    if problems:
        raise Refused(problems)


def _print_preview(redaction: Redaction, audience: str) -> None:
    """What is included and left out, and which names are replaced. On standard error."""
    if audience == "witness":
        print_info("The page has your open actions, and nothing else of your answers.")
    else:
        print_info("Others can see, or infer, these answers:")
        for each in redaction.included:
            _print_line(f"  {each.asked} {abbreviate(' '.join(each.shown.split()), MAX_PREVIEW_LENGTH)}")
    if redaction.left_out:
        print_info("Left out, because they are private (--with ID includes one), with what depends on them:")
        for each in redaction.left_out:
            _print_line(f"  {each.question}: {each.asked}")
    _print_legend(redaction)


def _print_legend(redaction: Redaction) -> None:
    if redaction.legend:
        print_info("Names that are replaced. This list is not in the copy:")
        for placeholder, name in redaction.legend:
            _print_line(f"  {placeholder}: {name}")


def _print_words_to_check(redaction: Redaction, options: GlobalOptions) -> None:
    """The words in the copy that may be names that careerkit can't know."""
    if redaction.check and not options.json:
        print_info(f"Still in the copy, and perhaps names: {', '.join(redaction.check)}")
        if not sys.stderr.isatty():
            print_info("To replace some of them, give a file with one name on each line: --names FILE")


def _print_line(text: str) -> None:
    sys.stderr.write(
        wrap_for(sanitize(sanitize_line(text), encoding=sys.stderr.encoding or "ascii"), stream=sys.stderr)
    )
