"""Rules of calendar files: RFC 5545, and what Thunderbird, khal and todoman need besides. The libraries check few of them."""

from __future__ import annotations

import re

LINE = re.compile(r'[A-Z0-9-]+(;[A-Z0-9-]+=("[^"\x00-\x1f\x7f]*"|[^";:,\x00-\x1f\x7f]*))*:[^\x00-\x08\x0a-\x1f\x7f]*')
UTC_TIME = re.compile(r"\d{8}T\d{6}Z")
DAY = re.compile(r"\d{8}")
TEXT = re.compile(r"([^\\,;]|\\[\\,;nN])*")
TEXT_PROPERTIES = ("SUMMARY", "DESCRIPTION")


def find_broken_rules(text: str) -> list[str]:
    """Each broken rule with the line or the item that breaks it; empty for a file that all programs should read."""
    broken = []
    physical = text.split("\r\n")
    if "\n" in "".join(physical) or "\r" in "".join(physical) or physical[-1]:
        broken.append("a line doesn't end with CRLF")
    broken += [f"longer than 75 octets: {each}" for each in physical if len(each.encode()) > 75]
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    broken += [f"no content line: {each}" for each in lines if not LINE.fullmatch(each)]
    if lines[0] != "BEGIN:VCALENDAR" or lines[-1] != "END:VCALENDAR" or "VERSION:2.0" not in lines:
        broken.append("no calendar")
    items = _split_items(lines)
    uids = [each for item in items for each in item if each.startswith("UID:") and not each.startswith("UID:alarm")]
    if len(uids) != len(items) or len(set(uids)) != len(uids):
        broken.append("UIDs are missing or not unique")
    if len({item[0] for item in items}) > 1:
        broken.append("events and tasks are mixed")
    for item in items:
        uid = next((line for line in item if line.startswith("UID:")), "no UID")
        broken += [f"{rule}: {uid}" for rule in _find_broken_rules_of_item(item)]
    return broken


def _split_items(lines: list[str]) -> list[list[str]]:
    items: list[list[str]] = []
    current: list[str] = []
    for line in lines:
        if line in ("BEGIN:VEVENT", "BEGIN:VTODO"):
            current = []
        current.append(line)
        if line in ("END:VEVENT", "END:VTODO"):
            items.append(current)
            current = []
    return items


def _find_broken_rules_of_item(item: list[str]) -> list[str]:
    broken = []
    at = item.index("BEGIN:VALARM") if "BEGIN:VALARM" in item else len(item) - 1
    own, alarm = item[1:at], item[at:-1]
    pairs = [line.partition(":")[::2] for line in own]
    values = dict(pairs)
    if len(values) != len(pairs):
        broken.append("a property is there twice")
    for name in ("DTSTAMP", "UID", "SEQUENCE", "CREATED", "LAST-MODIFIED", "SUMMARY", "STATUS"):
        if name not in values:
            broken.append(f"no {name}")
    times = [values[name] for name in ("DTSTART", "DTEND", "DUE") if name in values]
    days = [line.partition(":")[2] for line in own if line.startswith(("DTSTART;VALUE=DATE:", "DUE;VALUE=DATE:"))]
    if not all(UTC_TIME.fullmatch(each) for each in times) or not all(DAY.fullmatch(each) for each in days):
        broken.append("neither a day nor a time in UTC")
    if bool(times) == bool(days):
        broken.append("no start, or start and end are of different types")
    if item[0] == "BEGIN:VTODO" and (days or ("DUE" in values and values["DTSTART"] >= values["DUE"])):
        broken.append("a task is due on a day, or before it starts")
    for name in TEXT_PROPERTIES:
        if not TEXT.fullmatch(values.get(name, "")):
            broken.append(f"{name} is not escaped")
    if alarm:
        broken += _find_broken_rules_of_alarm(alarm, is_event=item[0] == "BEGIN:VEVENT")
    return broken


def _find_broken_rules_of_alarm(alarm: list[str], *, is_event: bool) -> list[str]:
    broken = []
    if alarm.count("BEGIN:VALARM") != 1 or alarm[-1] != "END:VALARM":
        broken.append("the alarm isn't last, or there is more than one")
    trigger = next((line for line in alarm if line.startswith("TRIGGER")), "")
    wanted = r"TRIGGER:-?P[0-9DTHMS]+" if is_event else r"TRIGGER;VALUE=DATE-TIME:\d{8}T\d{6}Z"
    if not re.fullmatch(wanted, trigger):
        broken.append("the alarm has no usable trigger")
    if "ACTION:DISPLAY" not in alarm or not any(line.startswith("DESCRIPTION:") for line in alarm):
        broken.append("the alarm displays nothing")
    return broken
