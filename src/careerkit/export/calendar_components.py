"""Actions and check-ins as events and tasks of iCalendar (RFC 5545), and how they are merged with what a calendar changed.

The plan and the calendar may both change an item. Each item carries `X-CAREERKIT-BASE`, which says what careerkit wrote
last. What the plan hasn't changed since then is left as the calendar has it, and a tick in the calendar always stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

import icalendar

from careerkit.core.frozen import frozen
from careerkit.export.calendar_lines import Component, ContentLine, fold_ascii, parse_components
from careerkit.export.formats import ExportOptions, PlanItem, Tick

UID_ENDING = "@careerkit"
PRODUCT_ID = "-//careerkit//careerkit//EN"
CALENDAR_NAME = "careerkit"
COMPONENT_NAMES: Mapping[str, str] = {"events": "VEVENT", "todos": "VTODO"}
DONE_PREFIX = "Done: "
"""Events have no ticks, so it is in their title."""

ALARM_LEAD = timedelta(hours=1)
"""How long before a time the alarm goes off."""
LATEST_ALARM = time(22, 0)
EVENT_LENGTH = timedelta(minutes=30)
"""How long the event of an item with a time is."""
MAX_UID_LENGTH = 150
"""UIDs are names of files in a folder of calendar files."""

BASE = "X-CAREERKIT-BASE"
ASPECTS: Mapping[str, tuple[str, ...]] = {
    "text": ("SUMMARY",),
    "notes": ("DESCRIPTION",),
    "due": ("DTSTART", "DUE", "DTEND"),
    "state": ("STATUS", "COMPLETED", "PERCENT-COMPLETE"),
    "alarm": (),
}
"""What the plan and the calendar may change independently of each other, with its properties. An alarm is a component."""
_parse_moment: Callable[[str, str | None], object] = icalendar.vDDDTypes.from_ical  # it has no types
_SAFE_UID = re.compile(r"[A-Za-z0-9_.-]+")


# ------------------------------------------------------------ what careerkit writes


def build_uid(item: PlanItem) -> str:
    """The UID, the same in each export, and usable as a file name: `20261122T0905Z-k3f9x2-send@careerkit`."""
    key = item.key.replace("/", "-")
    if not _SAFE_UID.fullmatch(key) or len(key) > MAX_UID_LENGTH:
        key = str(item.uuid)
    return f"{key}{UID_ENDING}"


def build_component(item: PlanItem, item_type: str, options: ExportOptions) -> Component:
    """A new event or task for the item.

    Alarms that would have gone off already are left out. An event needs a date.
    """
    is_event = item_type == "events"
    built = icalendar.Event() if is_event else icalendar.Todo()
    built.add("uid", build_uid(item))
    built.add("dtstamp", options.now.astimezone(UTC))
    built.add("created", item.created.astimezone(UTC))
    built.add("last-modified", options.now.astimezone(UTC))
    built.add("sequence", 0)
    built.add("summary", f"{DONE_PREFIX}{item.what}" if is_event and item.state == "done" else item.what)
    if notes := _write_notes(item):
        built.add("description", notes)
    for name, value in (*_list_times(item, is_event=is_event), *_list_state(item, is_event=is_event)):
        built.add(name, value)
    built.add("class", "PRIVATE")  # in a calendar that is shared with coworkers, only the owner should read these
    built.add("categories", ["careerkit"])
    if is_event:
        built.add("transp", "TRANSPARENT")  # a due date doesn't make anyone busy
    if alarm := _build_alarm(item, options, is_event=is_event):
        built.add_component(alarm)
    [component] = parse_components(built.to_ical(sorted=False).decode()).components
    base = {
        "text": _digest(component.get_text("SUMMARY")),
        "notes": _digest(component.get_text("DESCRIPTION")),
        "due": _digest(*(component.get_value(name) for name in ASPECTS["due"])),
        "state": f"{item.state}/{component.get_value('COMPLETED')}".rstrip("/"),
        "alarm": _digest(item.what, str(item.due), str(options.alarm_time)) if item.state == "open" else "none",
    }
    return _write_base(component, base)


def find_alarm_moment(item: PlanItem, options: ExportOptions) -> datetime | None:
    """When to remind of an open item, in the machine's time zone; None if that would be in the past.

    On a day, at `alarm_time`. Before a time, an hour earlier if people are awake then, or else at the last `alarm_time`
    before it, or else at the time itself.
    """
    due = item.find_due_moment()
    if due is None or item.state != "open":
        return None
    morning = datetime.combine(due.date(), options.alarm_time).astimezone()
    if not isinstance(item.due, datetime):
        return morning if morning > options.now else None
    before = (morning - timedelta(days=1)).replace(tzinfo=None).astimezone()
    early = [each for each in (due - ALARM_LEAD, morning, before) if options.now < each < due]
    awake = [each for each in early if options.alarm_time <= each.time() <= LATEST_ALARM]
    if awake:
        return max(awake)
    return due if due > options.now else None


def _write_notes(item: PlanItem) -> str:
    """The rest of the item, a line each."""
    rows = (("Cue", item.cue), ("Done when", item.evidence), ("Who", item.owner), ("From", item.title))
    return "\n".join(f"{label}: {text}" for label, text in rows if text)


def _list_times(item: PlanItem, *, is_event: bool) -> Iterator[tuple[str, date]]:
    """The start and the end, both dates or both times in UTC, which needs no table of a time zone's rules.

    A task starts when the plan was made: Thunderbird needs a start to remind of it. It must be before the due time.
    """
    due = item.find_due_moment()
    if is_event and isinstance(item.due, datetime) and due:
        yield "dtstart", due.astimezone(UTC)
        yield "dtend", (due + EVENT_LENGTH).astimezone(UTC)
    elif is_event and item.due:
        yield "dtstart", item.due
    elif not is_event:
        created = item.created.astimezone(UTC)
        yield "dtstart", min(created, due.astimezone(UTC) - timedelta(minutes=1)) if due else created
        if due:
            yield "due", due.astimezone(UTC)


def _list_state(item: PlanItem, *, is_event: bool) -> Iterator[tuple[str, str | int | datetime]]:
    match item.state:
        case "dropped":
            yield "status", "CANCELLED"
        case "done" if not is_event:
            yield "status", "COMPLETED"
            yield "completed", (item.done_at or item.created).astimezone(UTC)
            yield "percent-complete", 100
        case _:
            yield "status", "CONFIRMED" if is_event else "NEEDS-ACTION"


def _build_alarm(item: PlanItem, options: ExportOptions, *, is_event: bool) -> icalendar.Alarm | None:
    """An alarm relative to the start of an event, as khal shows them, and at a fixed time for a task."""
    moment = find_alarm_moment(item, options)
    if moment is None:
        return None
    alarm = icalendar.Alarm()
    alarm.add("uid", f"alarm-{build_uid(item)}")
    alarm.add("action", "DISPLAY")
    alarm.add("description", item.what)
    if not is_event:  # without the parameter, Thunderbird drops the alarm
        alarm.add("trigger", moment.astimezone(UTC), parameters={"VALUE": "DATE-TIME"})
    elif isinstance(item.due, datetime):
        alarm.add("trigger", moment - item.due)
    elif item.due:  # by the clock on the wall, also on the days when clocks change
        alarm.add("trigger", moment.replace(tzinfo=None) - datetime.combine(item.due, time.min))
    return alarm


# ------------------------------------------------------------ what a calendar made of it


def is_own(component: Component) -> bool:
    """Is it an event or task that careerkit wrote?"""
    return component.name in COMPONENT_NAMES.values() and find_uid(component).endswith(UID_ENDING)


def find_uid(component: Component) -> str:
    """The component's UID, or ""."""
    return component.get_value("UID")


def get_title(component: Component) -> str:
    """What the component says."""
    return component.get_text("SUMMARY")


def is_open(component: Component) -> bool:
    """Is it neither done nor cancelled?"""
    is_done_event = component.name == "VEVENT" and get_title(component).startswith(DONE_PREFIX)
    return not is_ticked(component) and not is_done_event and _get_status(component) != "CANCELLED"


def is_ticked(component: Component) -> bool:
    """Is it a task that is done, by any of the ways in which programs say so?"""
    if component.name != "VTODO" or _get_status(component) == "CANCELLED":
        return False
    if _get_status(component) == "COMPLETED" or component.get_value("PERCENT-COMPLETE") == "100":
        return True
    return not _get_status(component) and component.find_line("COMPLETED") is not None


def read_tick(component: Component) -> Tick:
    """The state of one of careerkit's own components."""
    is_done = is_ticked(component)
    done_at = _read_moment(component, "COMPLETED") if is_done else None
    return Tick(find_uid(component), "done" if is_done else "open", get_title(component), done_at)


@frozen
class Merged:
    """A component after merging. `is_ticked`: the calendar says that it is done, and that stays.

    `notes`: what differs in the calendar and was left so, in sentences.
    """

    component: Component
    is_changed: bool = False
    is_ticked: bool = False
    notes: tuple[str, ...] = ()


def merge(existing: Component, fresh: Component, options: ExportOptions) -> Merged:
    """The existing component with what has changed in the plan. `fresh` is how the plan would write it now.

    Properties and alarms of others, and what was changed in the calendar, stay.
    """
    base, new_base = _read_base(existing), _read_base(fresh)
    if is_ticked(existing) and not _is_tick_taken_back(existing, base, new_base):
        return Merged(existing, is_ticked=True)
    changed = [name for name in ASPECTS if base.get(name) != new_base[name] and not _is_same(name, existing, fresh)]
    edited = [name for name in ("text", "notes") if name in base and base[name] != _digest_text(existing, name)]
    notes = _describe_differences(existing, fresh, changed, edited)
    changed = [name for name in changed if name != "notes" or name not in edited]
    if not changed:
        return Merged(existing, notes=notes)
    merged = existing
    for name in changed:
        merged = _replace_alarm(merged, fresh) if name == "alarm" else _replace_aspect(merged, fresh, name)
    merged = _write_base(_bump(merged, options), {**base, **{name: new_base[name] for name in changed}})
    return Merged(merged, is_changed=True, notes=notes)


def cancel(existing: Component, options: ExportOptions) -> Merged:
    """The existing component as cancelled, unless it is ticked or cancelled already."""
    if is_ticked(existing) or _get_status(existing) == "CANCELLED":
        return Merged(existing, is_ticked=is_ticked(existing))
    cancelled = existing.replace_lines(ASPECTS["state"], [ContentLine("STATUS:CANCELLED")])
    cancelled = _remove_own_alarms(cancelled)
    base = {**_read_base(existing), "state": "dropped", "alarm": "none"}
    return Merged(_write_base(_bump(cancelled, options), base), is_changed=True)


def remove_base(component: Component) -> Component:
    """The component without what careerkit wrote to compare it with later: copies for others are never merged."""
    return component.replace_lines([BASE], [])


def _is_tick_taken_back(existing: Component, base: Mapping[str, str], new_base: Mapping[str, str]) -> bool:
    """Did careerkit write the tick, and is the item no longer done in the plan?"""
    written = f"done/{existing.get_value('COMPLETED')}"
    return base.get("state") == written and not new_base["state"].startswith("done")


def _is_same(aspect: str, existing: Component, fresh: Component) -> bool:
    """Does the calendar say what the plan says, for example because a program removed careerkit's own property?"""
    match aspect:
        case "text" | "notes":
            return _digest_text(existing, aspect) == _digest_text(fresh, aspect)
        case "due":
            return _list_moments(existing) == _list_moments(fresh)
        case "state":
            return _get_status(existing) == _get_status(fresh)
        case _:
            return list(_list_own_alarms(existing)) == list(_list_own_alarms(fresh))


def _describe_differences(
    existing: Component, fresh: Component, changed: Sequence[str], edited: Sequence[str]
) -> tuple[str, ...]:
    title, found = get_title(fresh), []
    if "due" not in changed and not _is_same("due", existing, fresh):
        found.append(f"“{title}” has another date in the calendar. The plan keeps its own.")
    if "notes" in changed and "notes" in edited:
        found.append(f"The notes of “{title}” were changed in the calendar, so they stay as they are there.")
    if "state" not in changed and not _is_same("state", existing, fresh) and _get_status(fresh) == "COMPLETED":
        found.append(f"“{title}” is done here, but open again in the calendar.")
    return tuple(found)


def _replace_aspect(existing: Component, fresh: Component, aspect: str) -> Component:
    names = ASPECTS[aspect]
    return existing.replace_lines(names, [each for each in fresh.lines if each.name in names])


def _replace_alarm(existing: Component, fresh: Component) -> Component:
    return _remove_own_alarms(existing).append(*_list_own_alarms(fresh))


def _remove_own_alarms(component: Component) -> Component:
    return component.map_components(lambda each: () if _is_own_alarm(each) else (each,))


def _list_own_alarms(component: Component) -> Iterator[Component]:
    return (each for each in component.components if _is_own_alarm(each))


def _is_own_alarm(component: Component) -> bool:
    return component.name == "VALARM" and find_uid(component).endswith(UID_ENDING)


def _bump(component: Component, options: ExportOptions) -> Component:
    """The component as one that was changed now."""
    now = options.now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    sequence = component.get_value("SEQUENCE")
    number = int(sequence) + 1 if sequence.isdecimal() and len(sequence) < 9 else 1
    component = component.replace_lines(["SEQUENCE"], [ContentLine(f"SEQUENCE:{number}")])
    for name in ("LAST-MODIFIED", "DTSTAMP"):
        component = component.replace_lines([name], [ContentLine(f"{name}:{now}")])
    return component


def _read_base(component: Component) -> dict[str, str]:
    """What careerkit wrote last, by aspect; empty if a program removed it."""
    words = (word.partition("=") for word in component.get_value(BASE).split())
    return {name: value for name, _, value in words}


def _write_base(component: Component, base: Mapping[str, str]) -> Component:
    value = " ".join(f"{name}={value}" for name, value in base.items())
    return component.replace_lines([BASE], [fold_ascii(f"{BASE}:{value}")])


def _digest_text(component: Component, aspect: str) -> str:
    return _digest(component.get_text(*ASPECTS[aspect]))


def _digest(*values: str) -> str:
    """A short fingerprint, to see whether the plan has changed."""
    return sha256("\x00".join(values).encode()).hexdigest()[:12]


# ------------------------------------------------------------ values of properties


def _get_status(component: Component) -> str:
    return component.get_value("STATUS").upper()


def _list_moments(component: Component) -> list[date | None]:
    return [_read_moment(component, name) for name in ASPECTS["due"]]


def _read_moment(component: Component, name: str) -> date | None:
    """A date, or a time with its offset. None if there is none, or in a time zone that isn't known here."""
    line = component.find_line(name)
    try:
        found = _parse_moment(line.value, line.time_zone or None) if line else None
    except ValueError:
        return None
    if isinstance(found, datetime):
        return found.astimezone(UTC) if found.tzinfo else found.astimezone()
    return found if isinstance(found, date) else None
