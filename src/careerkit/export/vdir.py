"""Write plans as a folder of calendar files, one item per file, as khal, todoman and vdirsyncer keep them."""

from __future__ import annotations

from careerkit.core.errors import Refused
from careerkit.export.calendar_components import UID_ENDING, build_uid
from careerkit.export.calendar_lines import format_component, parse_calendars
from careerkit.export.formats import ExportFormat
from careerkit.export.icalendar_file import (
    ITEM_TYPES,
    CalendarUpdate,
    build_calendar,
    find_open,
    list_items,
    read_ticks,
)
from careerkit.export.plan_document import Export, ExportOptions, PlanDocument, Tick

DEFAULT_ITEM_TYPE = "todos"
EXTENSION = ".ics"


def _render_document(document: PlanDocument, options: ExportOptions) -> Export:
    """The files that are new or have changed. Files of others are left alone, and so are damaged ones.

    A file belongs to an item by the UID in it: other programs rename files. Raises Refused if a file of careerkit's is
    damaged, because it may have a tick in it.
    """
    update = CalendarUpdate(document, options.item_type or DEFAULT_ITEM_TYPE, options)
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


def _read_ticks(text: str) -> tuple[Tick, ...]:
    """The tasks in one file of the folder. Files without anything of careerkit's have none, damaged or not."""
    return read_ticks(text) if UID_ENDING in text else ()


FORMAT = ExportFormat(
    "vdir",
    "vdir",
    (),
    _render_document,
    identify=build_uid,
    read=_read_ticks,
    find_open=find_open,
    item_types=ITEM_TYPES,
)
