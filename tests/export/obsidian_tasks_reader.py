"""Read a line as the plug-in Tasks does, after the rules in its documentation ("Tasks Emoji Format", "Getting Started / Dates").

A task is an item of a list with a checkbox. Its fields are read from the end of the line: each is a sign with its value, in
any order, with tags between them. The first thing that is neither ends them, and all before it is the description.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TASK = re.compile(r"^[\s>]*(?:[-*+]|[0-9]+[.)]) +\[(.)\] *(.*)$")
BLOCK_LINK = re.compile(r" \^[a-zA-Z0-9-]+$")
DATE = r" *(\d{4}-\d{2}-\d{2})"
IDS = r" *([a-zA-Z0-9_-]+(?: *, *[a-zA-Z0-9_-]+)*)"
FIELDS = {
    "priority": r"(🔺|⏫|🔼|🔽|⏬)",
    "done": f"✅{DATE}",
    "cancelled": f"❌{DATE}",
    "due": f"(?:📅|📆|🗓)\ufe0f?{DATE}",
    "scheduled": f"(?:⏳|⌛){DATE}",
    "start": f"🛫{DATE}",
    "created": f"➕{DATE}",
    "recurrence": r"🔁 *([a-zA-Z0-9, !]+)",
    "on completion": r"🏁 *([a-zA-Z]+)",
    "id": r"🆔 *([a-zA-Z0-9_-]+)",
    "depends on": f"⛔{IDS}",
}
TAG = re.compile(r"(?:^|\s)(#[^ !@#$%^&*(),.?\":{}|<>]+)$")


@dataclass
class ReadTask:
    status: str
    description: str
    fields: dict[str, str] = field(default_factory=dict)


def read_task(line: str) -> ReadTask | None:
    """The task in a line; None if it is no task."""
    found = TASK.match(line)
    if not found:
        return None
    rest, tags, fields = BLOCK_LINK.sub("", found[2]).strip(), [], {}
    while True:
        for name, pattern in FIELDS.items():
            if value := re.search(f"{pattern}\ufe0f?$", rest):
                fields[name] = value[1].strip()
                rest = rest[: value.start()].strip()
                break
        else:
            tag = TAG.search(rest)
            if not tag:
                return ReadTask(found[1], " ".join([rest, *tags]), fields)
            tags.insert(0, tag[1])
            rest = rest[: tag.start()].strip()


def read_tasks(note: str) -> list[ReadTask]:
    return [task for line in note.split("\n") if (task := read_task(line.removesuffix("\r")))]
