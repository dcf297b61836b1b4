"""A whole journal as JSON lines: each file's text as it is, which loses nothing, with what it says for other programs."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from careerkit.core.journal.entry import Entry
from careerkit.core.journal.event import Event
from careerkit.core.problem import Place, Problem, Refused
from careerkit.core.visible import in_json
from careerkit.storage.entry_file import read_entry
from careerkit.storage.envelope import Envelope
from careerkit.storage.event_file import read_event
from careerkit.storage.layout import END, ENTRIES, EVENTS, PLAYBOOKS
from careerkit.storage.own_files import is_own, own_files
from careerkit.storage.plain_file import read_file

Said = Callable[[Entry | Event], Any]
"""Gives what an entry or event says as a JSON value."""

HINT = "Nothing was brought in. `careerkit journal export` writes such lines."
MOST = 10
"""Lines that are named where many hold no file."""

CARRIED = (ENTRIES, EVENTS, PLAYBOOKS)


def json_lines(journal: str, envelope: Envelope, said: Said) -> Iterator[str]:
    """A line for every file: `path`, `text` (or `base64` where it isn't UTF-8), and `says` where it can be read."""
    for path in own_files(journal):
        file = os.path.join(journal, path)
        if path.partition("/")[0] in CARRIED and (data := read_file(file)) is not None:
            text = envelope.open(data, file)
            line = {"path": path, **_carried(text), **_said(path, text, said)}
            yield in_json(json.dumps(line, ensure_ascii=False))


def from_json_lines(lines: Iterable[str], file: str) -> list[tuple[str, bytes]]:
    """Each file's path and text. Refused with the place of every line that holds none."""
    found: list[tuple[str, bytes]] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(_read(line))
        except ValueError as error:
            problems.append(Problem("not-an-export", f"This line holds no file: {error}.", HINT, Place(file, number)))
    if len(problems) > MOST:  # another kind of file: a person need not read a sentence for each of its lines
        more = Problem("not-an-export", f"And {len(problems) - MOST:,} more lines hold none.", "", file)
        problems = [*problems[:MOST], more]
    if problems:
        raise Refused(problems)
    return found


def _carried(text: bytes) -> dict[str, str]:
    try:
        return {"text": text.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(text).decode()}


def _said(path: str, text: bytes, said: Said) -> dict[str, object]:
    folder = path.partition("/")[0]
    if folder == PLAYBOOKS or not path.endswith(END):
        return {}
    try:
        return {"says": said(read_entry(text, path).entry if folder == ENTRIES else read_event(text, path)[0])}
    except Refused:  # it is carried as it is; `doctor` says what is the matter with it
        return {}


def _read(line: str) -> tuple[str, bytes]:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):  # RecursionError: brackets in brackets, thousands deep
        raise ValueError("it is no JSON") from None
    match document:
        case {"path": str(path), "text": str(text)}:
            data = _encoded(text)
        case {"path": str(path), "base64": str(text)}:
            data = _decoded(text)
        case _:
            raise ValueError("`path` and `text` are missing")
    if is_own(path) and path.partition("/")[0] in CARRIED and "/" in path:
        return path, data
    raise ValueError(f"{path!r} is no file of a journal")


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ValueError("half of a character stands alone in its text") from None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # also where it is not ASCII
        raise ValueError("its base64 can't be read") from None
