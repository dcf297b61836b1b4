"""The lines of a file that are read without parsing TOML, for lists, which read many: an entry's head, a small event.

Only for what careerkit itself has written and nobody has changed: one key a line, texts in double quotes, and the
head ends where the first table begins. Any other file goes through the real parser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from careerkit.core.journal.event import Event
from careerkit.core.journal.listed import Listed

TRAILER = "# careerkit sha256 "
"""How the last line of a file begins. A text's line that begins so is escaped: only the real one looks like it."""

YES_OR_NO = {"true": True, "false": False}
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


def head_lines(text: bytes) -> dict[str, str]:
    """The head's keys, each with its value as it is written. Lines that aren't `key = value` are passed over."""
    end = text.find(b"\n[")
    lines = (text if end < 0 else text[:end]).decode().split("\n")
    return dict(pair for line in lines if len(pair := line.split(" = ", 1)) == 2 and line[0] != "#")


def listed(lines: Mapping[str, str]) -> Listed:
    """The entry as lists show it. ValueError or KeyError where a key is missing or isn't what careerkit writes."""
    finished = lines.get("finished")
    return Listed(
        id=unquoted(lines["id"]),
        playbook=unquoted(lines["playbook"]),
        title=unquoted(lines["title"]),
        started=_moment(lines["started"]),
        finished=_moment(finished) if finished else None,
        answered=int(lines["answered"]),
        asked=int(lines["asked"]),
        actions_open=int(lines["actions_open"]),
        actions_done=int(lines["actions_done"]),
    )


def plain_event(lines: Mapping[str, str]) -> Event:
    """The event whose value is yes or no, one text, or not there. ValueError or KeyError where it isn't such a one."""
    kind = unquoted(lines.get("type", '"yesno"'))
    return Event(
        id=unquoted(lines["id"]),
        kind=unquoted(lines["kind"]),
        entry=unquoted(lines["entry"]),
        at=_moment(lines["at"]),
        machine=unquoted(lines["machine"]),
        about=unquoted(lines.get("about", '""')),
        type=kind,
        value=PLAIN_VALUES[kind](lines["value"]) if "value" in lines else None,
        shown=unquoted(lines.get("shown", '""')),
        replaces=_unquoted_list(lines.get("replaces", "[]")),
    )


def is_moment(time: datetime) -> bool:
    """Whether a time has an offset and can be told in any other zone: at either end of the calendar it can't."""
    return time.utcoffset() is not None and 1 < time.year < 9999


def unquoted(written: str) -> str:
    """The text that a TOML string on one line means."""
    if len(written) < 2 or not written[0] == written[-1] == '"':
        raise ValueError("not a text in double quotes")
    inner = written[1:-1]
    return unescaped(inner)


def unescaped(inner: str) -> str:
    """What the text between the quotes of a TOML string means. ValueError or KeyError where careerkit wrote no such."""
    if "\\" not in inner:
        return inner
    parts = []
    first, *rest = inner.replace("\\\\", "\\u005C").split("\\")
    for part in rest:
        if part[:1] == "u":
            parts.append(chr(int(part[1:5], 16)) + part[5:])
        else:
            parts.append(ESCAPES[part[:1]] + part[1:])
    return first + "".join(parts)


def _moment(written: str) -> datetime:
    time = datetime.fromisoformat(written)
    if is_moment(time):
        return time
    raise ValueError("not a time with its offset")


def _unquoted_list(written: str) -> tuple[str, ...]:
    """The ids in a list on one line; they have no commas and no quotes in them."""
    if not (written[:1] == "[" and written[-1:] == "]"):
        raise ValueError("not a list")
    return tuple(unquoted(each) for each in written[1:-1].split(", ") if each)


PLAIN_VALUES: Mapping[str, Callable[[str], str | bool]] = {
    "yesno": YES_OR_NO.__getitem__,
    **dict.fromkeys(("text", "choice", "band"), unquoted),
}
"""By type, how a value that stands on one line is read."""
