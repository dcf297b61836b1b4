"""Render plans as iCalendar: one file, which can update a calendar's, or a folder with one item per file (vdir)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

import icalendar

from careerkit.core.errors import Problem, Refused
from careerkit.core.text import choose_verb, format_count
from careerkit.export.calendar_components import (
    CALENDAR_NAME,
    COMPONENT_NAMES,
    PRODUCT_ID,
    UID_ENDING,
    Merged,
    build_component,
    build_uid,
    cancel,
    find_uid,
    get_title,
    is_open,
    is_own,
    is_ticked,
    merge,
    read_tick,
    remove_base,
)
from careerkit.export.calendar_lines import Component, format_component, parse_calendars, parse_components
from careerkit.export.formats import Export, ExportFormat, ExportOptions, ExportReport, PlanDocument, PlanItem, Tick

ITEM_TYPES = ("events", "todos")
DEFAULT_ITEM_TYPE = "events"
MAX_NAMED = 5
"""How many items a sentence of the report names."""

DEFAULT_VDIR_TYPE = "todos"
EXTENSION = ".ics"


class CalendarUpdate:
    """Merges a document with existing components, one by one, and collects the report."""

    def __init__(self, document: PlanDocument, item_type: str, options: ExportOptions) -> None:
        self._options, self._item_type, self._for_others = options, item_type, document.for_others
        needs_date = item_type == "events"
        undated = [each for each in document.items if each.due is None and needs_date]
        self._left_out = [each.what for each in undated if each.state != "dropped"]
        self._waiting = {build_uid(each): each for each in document.items if each not in undated}
        self._items = dict(self._waiting)
        self._entries = tuple(f"{each.entry.id}-" for each in document.entries)
        self._found: dict[str, list[str]] = {"added": [], "changed": [], "kept": [], "ticked": [], "notes": []}

    def update(self, existing: Component) -> Iterable[Component]:
        """What becomes of a component: it is merged, cancelled, left as it is or, if its entry is gone, left out."""
        if not is_own(existing):
            return (existing,)
        if existing.name != COMPONENT_NAMES[self._item_type]:
            raise Refused(_describe_other_type(existing.name))
        uid = find_uid(existing)
        self._waiting.pop(uid, None)
        item = self._items.get(uid)
        if item is not None:
            fresh = build_component(item, self._item_type, self._options)
            return self._take(merge(existing, fresh, self._options), item)
        if uid.startswith(self._entries):  # no longer part of the plan
            return self._take(cancel(existing, self._options))
        if self._options.is_complete and is_open(existing):  # its entry was removed
            self._found["changed"].append(get_title(existing))
            return ()
        return (existing,)

    def list_new(self) -> Iterable[tuple[str, Component]]:
        """The components of the items that didn't exist yet, with their UIDs. Dropped ones are left out."""
        for uid, item in self._waiting.items():
            if item.state != "dropped":
                self._found["added"].append(item.what)
                component = build_component(item, self._item_type, self._options)
                yield uid, remove_base(component) if self._for_others else component

    def build_report(self) -> ExportReport:
        """What was done so far."""
        lost = list(self._found["notes"])
        if self._left_out:
            count, names = len(self._left_out), "”, “".join(self._left_out[:MAX_NAMED])
            more = f" and {format_count(count - MAX_NAMED, 'other')}" if count > MAX_NAMED else ""
            verb = choose_verb(count, "has no date, so it is", "have no date, so they are")
            lost.append(f"“{names}”{more} {verb} not in the calendar.")
        if self._item_type == "events":
            lost.append("Events have no ticks, so careerkit can't read back what you have done. Tasks have: --as todos")
        added, changed, kept, ticked = (tuple(self._found[key]) for key in ("added", "changed", "kept", "ticked"))
        return ExportReport(added, changed, kept, tuple(lost), ticked)

    def _take(self, merged: Merged, item: PlanItem | None = None) -> tuple[Component, ...]:
        what = item.what if item else get_title(merged.component)
        self._found["changed" if merged.is_changed else "kept"].append(what)
        if merged.is_ticked and (item is None or item.state != "done"):
            self._found["ticked"].append(what)
        self._found["notes"] += merged.notes
        return (merged.component,)


def build_calendar(*components: Component) -> Component:
    """A new calendar with these components, below a component without a name."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT_ID)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", CALENDAR_NAME)
    return parse_components(calendar.to_ical(sorted=False).decode()).map_components(
        lambda each: (each.append(*components),)
    )


def list_items(root: Component) -> list[Component]:
    """The events and tasks of all calendars in a file that careerkit wrote."""
    return [each for calendar in root.components for each in calendar.components if is_own(each)]


def find_item_type(text: str) -> Literal["events", "todos", ""]:
    """What careerkit wrote to this calendar file before; "" if nothing. Raises Refused if it isn't a calendar."""
    names = {each.name for each in list_items(parse_calendars(text))}
    return "events" if "VEVENT" in names else "todos" if names else ""


def read_ticks(text: str) -> tuple[Tick, ...]:
    """The tasks in a calendar file that careerkit wrote, some of them twice if a program imported them twice.

    Cancelled ones are left out. Raises Refused if it isn't a calendar, or if it has events instead.
    """
    items = list_items(parse_calendars(text))
    tasks = [each for each in items if each.name == "VTODO"]
    if items and not tasks:
        hint = "Write tasks to another file with --as todos, and tick those."
        raise Refused(Problem("no-ticks", "This calendar has events, and events have no ticks.", hint))
    return tuple(read_tick(each) for each in tasks if is_open(each) or is_ticked(each))


def find_open(texts: Mapping[str, str]) -> Collection[str]:
    """The UIDs of the items in these files that are neither done nor cancelled. Files that aren't calendars have none."""
    found = set()
    for text in texts.values():
        try:
            root = parse_calendars(text)
        except Refused:
            continue
        found |= {find_uid(each) for each in list_items(root) if is_open(each)}
    return found


def _render_document(document: PlanDocument, options: ExportOptions) -> Export:
    update = CalendarUpdate(document, options.item_type or DEFAULT_ITEM_TYPE, options)
    if not (options.existing or "").strip():
        calendar = build_calendar(*(component for _, component in update.list_new()))
        return Export({"": format_component(calendar)}, update.build_report())
    assert options.existing is not None
    root = parse_calendars(options.existing).map_components(lambda each: (each.map_components(update.update),))
    first, *rest = root.components
    added = [component for _, component in update.list_new()]
    report = update.build_report()
    if not report.added and not report.changed:
        return Export({"": options.existing}, report)
    return Export({"": format_component(Component("", (first.append(*added), *rest)))}, report)


def _describe_other_type(name: str) -> Problem:
    has, other = ("events", "tasks") if name == "VEVENT" else ("tasks", "events")
    option = "events" if name == "VEVENT" else "todos"
    message = f"careerkit wrote {has} there before. Calendars can't hold {has} and {other} of the same actions."
    return Problem("other-item-type", message, f"Use --as {option}, or write the {other} somewhere else.")


FORMAT = ExportFormat(
    "ics",
    "iCalendar",
    (".ics",),
    _render_document,
    identify=build_uid,
    read=read_ticks,
    find_open=find_open,
    item_types=ITEM_TYPES,
)


def _render_folder(document: PlanDocument, options: ExportOptions) -> Export:
    """The files that are new or have changed. Files of others are left alone, and so are damaged ones.

    A file belongs to an item by the UID in it: other programs rename files. Raises Refused if a file of careerkit's is
    damaged, because it may have a tick in it.
    """
    update = CalendarUpdate(document, options.item_type or DEFAULT_VDIR_TYPE, options)
    files, removed = {}, []
    for name, text in options.existing_files.items():
        try:
            before = parse_calendars(text)
        except Refused as refused:
            if name.endswith(f"{UID_ENDING}{EXTENSION}"):
                raise Refused(each.at(name) for each in refused.problems) from None
            continue
        if not list_items(before):
            continue
        after = before.map_components(lambda each: (each.map_components(update.update),))
        if not list_items(after):
            removed.append(name)
        elif after != before:
            files[name] = format_component(after)
    for uid, component in update.list_new():
        files[f"{uid}{EXTENSION}"] = format_component(build_calendar(component))
    return Export(files, update.build_report(), tuple(removed))


def _read_file(text: str) -> tuple[Tick, ...]:
    """The tasks in one file of the folder. Files without anything of careerkit's have none, damaged or not."""
    return read_ticks(text) if UID_ENDING in text else ()


VDIR_FORMAT = ExportFormat(
    "vdir",
    "vdir",
    (),
    _render_folder,
    identify=build_uid,
    read=_read_file,
    find_open=find_open,
    item_types=ITEM_TYPES,
)
