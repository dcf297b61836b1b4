"""`careerkit agenda`: what is due, over all entries."""

from __future__ import annotations

import sys

from careerkit.cli.container import build_clock, is_readable_without_prompt, open_journal
from careerkit.cli.output import list_output, print_info, print_problems, write_json
from careerkit.coaching.agenda import load_agenda
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.journal.agenda import DEFAULT_DAYS, get_day, is_overdue
from careerkit.core.journal.entry_list import get_handle
from careerkit.core.text import format_count
from careerkit.terminal.sanitize import sanitize_line, wrap_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.agenda import Agenda
    from careerkit.core.journal.agenda import AgendaItem

MIN_TEXT_WIDTH = 24
"""Cells. If the third column would be narrower, the text is on lines of its own."""


def agenda(options: GlobalOptions, *, days: int | None, everything: bool, porcelain: bool) -> None:
    """Show what is overdue, due today and due in the next days."""
    if porcelain and not is_readable_without_prompt(options):
        message = "The journal is encrypted, and --porcelain never asks for the passphrase."
        hint = "Keep it in the keyring (careerkit config set passphrase_in_keyring true), or pass it with --passphrase-fd N."
        raise Refused(Problem("locked", message, hint))
    now = build_clock().now()
    limit = None if everything else DEFAULT_DAYS if days is None else days
    found = load_agenda(open_journal(options), now=now, days=limit)
    print_problems(found.problems, as_json=options.json)
    if options.json:
        write_json({"items": [_serialise(each, now) for each in found.items]})
    elif porcelain:
        _write_porcelain(found.items, now)
    else:
        _write_agenda(options, found, now, limit)


def _serialise(item: AgendaItem, now: datetime) -> dict[str, object]:
    return {
        "entry": item.entry,
        "kind": item.kind,
        "id": item.id,
        "number": item.number or None,
        "what": item.what,
        "title": item.title,
        "due": item.due.isoformat() if item.due else None,
        "overdue": is_overdue(item.due, now),
    }


def _write_porcelain(items: Iterable[AgendaItem], now: datetime) -> None:
    """One line for each item, with tabs between state, date, kind, entry, number or id, and what it is."""
    for each in items:
        state = "overdue" if is_overdue(each.due, now) else "due" if each.due else "open"
        due = each.due.isoformat() if each.due else ""
        name = str(each.number) if each.number else _clean_cell(each.id)
        cells = (state, due, each.kind, get_handle(each.entry), name, _clean_cell(each.what))
        sys.stdout.write("\t".join(cells) + "\n")


def _clean_cell(text: str) -> str:
    return sanitize_line(text).replace("\t", " ")


def _write_agenda(options: GlobalOptions, found: Agenda, now: datetime, days: int | None) -> None:
    later = "Later" if days is None else "Tomorrow" if days == 1 else f"Next {format_count(days, 'day')}"
    groups: dict[str, list[AgendaItem]] = {heading: [] for heading in ("Overdue", "Today", later, "Unfinished")}
    for each in found.items:
        groups[_choose_heading(each, now, later)].append(each)
    if not found.items:
        within = "" if days is None else f" in the next {format_count(days, 'day')}"
        print_info(f"Nothing is due{within}.")
        return
    output = list_output()
    rows = {each: _format_item(each, now) for each in found.items}
    widths = _Widths(max(len(name) for name, _, _ in rows.values()), max(len(due) for _, due, _ in rows.values()))
    for number, (heading, items) in enumerate((heading, items) for heading, items in groups.items() if items):
        output["to"].write(f"\n{heading}\n" if number else f"{heading}\n")
        for each in items:
            name, due, what = rows[each]
            shown = sanitize_line(what, encoding=output["encoding"])
            output["to"].write("".join(f"{line}\n" for line in _lay_out(name, due, shown, widths, output["columns"])))
    output["to"].flush()  # before the hints on standard error
    if any(each.kind == "action" for each in found.items):
        print_info(f"Done with one? {options.format_command('plan done ENTRY/NUMBER')}")
    asking = [each for each in found.items if each.kind in ("checkin", "prediction") and each.due]
    if any(each.due and get_day(each.due, now) <= now.date() for each in asking):
        print_info(f"For a check-in or a prediction: {options.format_command('checkin')}")


def _choose_heading(item: AgendaItem, now: datetime, later: str) -> str:
    if item.due is None:
        return "Unfinished"
    if is_overdue(item.due, now):
        return "Overdue"
    return "Today" if get_day(item.due, now) == now.date() else later


@frozen
class _Widths:
    """The cells of the two columns before the text."""

    name: int
    due: int


def _format_item(item: AgendaItem, now: datetime) -> tuple[str, str, str]:
    """What commands call it, when it is due ("" for an unfinished entry), and what it is."""
    from careerkit.terminal.view_models import NO_DATE_LABEL, format_due  # other programs don't need it

    handle = get_handle(item.entry)
    name = f"{handle}/{item.number}" if item.number else handle
    if item.kind == "unfinished":
        return name, "", f"{item.title}. {item.what}"
    what = {"checkin": f"Check-in: {item.what}", "prediction": f"Your prediction: {item.what}"}
    return name, format_due(item.due, now.date()) if item.due else NO_DATE_LABEL, what.get(item.kind, item.what)


def _lay_out(name: str, due: str, what: str, widths: _Widths, columns: int) -> list[str]:
    """The lines of an item: three columns or, in a narrow window, the text below the other two."""
    head = f"  {name:<{widths.name}}  " + (f"{due:<{widths.due}}  " if due else "")
    if columns - len(head) < MIN_TEXT_WIDTH:
        return [head.rstrip(), *(f"    {row}" for row in wrap_text(what, columns - 5))]
    first, *others = wrap_text(what, columns - len(head) - 1)
    return [head + first, *(" " * len(head) + each for each in others)]
