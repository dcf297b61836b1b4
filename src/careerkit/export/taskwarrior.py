"""Write plans as Taskwarrior's JSON, merge them onto the output of `task export`, and read ticks back.

`task import` replaces a task that it knows, with its tags, annotations and state. So a known task is written as the person
has it, with careerkit's text and date. One row that it doesn't understand makes it crash and import nothing, so every row
is checked here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from careerkit.core.errors import Problem, Refused
from careerkit.core.text import escape_json_control_chars
from careerkit.export.formats import (
    Export,
    ExportFormat,
    ExportOptions,
    Fate,
    PlanDocument,
    PlanItem,
    Tick,
    build_report,
    find_ticked,
    name_safely,
    to_local_time,
)

_Row = dict[str, Any]

MIN_YEAR, MAX_YEAR = 1980, 9997
"""Taskwarrior crashes on dates before and after."""
STAMP = "%Y%m%dT%H%M%SZ"
NOT_IMPORTED = ("id", "urgency")
"""Keys of `task export` that Taskwarrior calculates itself."""
DATES = ("entry", "due", "end", "modified", "start", "scheduled", "wait", "until")
SETTLED = ("completed", "deleted", "recurring")
"""States in which a task is left alone; a recurring one is the model of others."""
OWN_UUID_VERSION = 5
"""That of careerkit's tasks; Taskwarrior's own have version 4."""

_ENCODED_BRACKET = re.compile("&(open|close);")


def _identify(item: PlanItem) -> str:
    return str(item.uuid)


# ------------------------------------------------------------ writing


def _render_document(document: PlanDocument, options: ExportOptions) -> Export:
    known = {row["uuid"]: row for row in _read_rows(options.existing)} if options.existing is not None else {}
    rows: list[_Row] = []
    fates: list[tuple[Fate, PlanItem]] = []
    for item in document.items:
        existing = known.get(_identify(item))
        if existing is None and options.existing is not None and item.state != "open":
            continue
        row = _build_row(item) if existing is None else _merge_row(existing, item, options.now)
        rows.append(row)
        fates.append(("added" if existing is None else "kept" if row == existing else "changed", item))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    text = escape_json_control_chars(f"[\n{lines}\n]\n" if rows else "[]\n")
    ticked = find_ticked(document.items, map(_read_row, known.values()), identify=_identify)
    return Export({"": text}, build_report(fates, ticked=ticked, lost=_describe_losses(document, options)))


def _build_row(item: PlanItem) -> _Row:
    row: _Row = {
        "uuid": _identify(item),
        "description": _write_text(item.what_and_who),
        "status": {"open": "pending", "done": "completed", "dropped": "deleted"}[item.state],
        "entry": _format_stamp(item.created),
        "due": _format_stamp(item.find_due_moment()),
        "end": _format_stamp(item.done_at) if item.state == "done" else None,
        "project": f"careerkit.{name_safely(item.playbook)}" if item.playbook else "careerkit",
        "annotations": _build_annotations(item),
    }
    return {key: value for key, value in row.items() if value}


def _build_annotations(item: PlanItem) -> list[_Row]:
    """Cue and evidence, a second apart, because a task has one annotation per second."""
    texts = [f"Cue: {item.cue}"] if item.cue else []
    texts += [f"Done when: {item.evidence}"] if item.evidence else []
    stamps = [_format_stamp(item.created + timedelta(seconds=number)) for number in range(1, len(texts) + 1)]
    return [
        {"entry": stamp, "description": _write_text(text)} for stamp, text in zip(stamps, texts, strict=True) if stamp
    ]


def _merge_row(existing: _Row, item: PlanItem, now: datetime) -> _Row:
    """The person's task with careerkit's text and date, and completed or deleted if the item is."""
    if existing["status"] in SETTLED:
        return dict(existing)
    own = _build_row(item)
    row: _Row = {**existing, **{key: own[key] for key in ("due", "description") if key in own}}
    if own["description"] in existing["description"]:  # words that the person added stay
        row["description"] = existing["description"]
    if item.state != "open":
        row["status"] = own["status"]
        row |= {"end": own["end"]} if "end" in own else {}
    texts = {each["entry"]: each["description"] for each in own.get("annotations", ())}
    if "annotations" in existing:
        row["annotations"] = [
            {**each, "description": texts[each["entry"]]} if _is_own_annotation(each, texts) else each
            for each in existing["annotations"]
        ]
    return row if row == existing else {**row, "modified": _format_stamp(now)}


def _is_own_annotation(annotation: _Row, texts: Mapping[str, str]) -> bool:
    text = texts.get(annotation["entry"], "")
    return bool(text) and annotation["description"].startswith(f"{text.partition(':')[0]}:")


def _write_text(text: str) -> str:
    """`text` as Taskwarrior gives it back: it takes "&open;" for a bracket."""
    return _ENCODED_BRACKET.sub(r"& \1;", text)


def _format_stamp(moment: datetime | None) -> str | None:
    """The moment in UTC; None if there is none, or if Taskwarrior can't hold it."""
    if moment is None or not MIN_YEAR <= moment.year <= MAX_YEAR:
        return None
    return moment.astimezone(UTC).strftime(STAMP)


def _describe_losses(document: PlanDocument, options: ExportOptions) -> tuple[str, ...]:
    moments = [each.find_due_moment() for each in document.items]
    sentences = (
        (
            any(moment and not _format_stamp(moment) for moment in moments),
            f"Taskwarrior can't hold dates before {MIN_YEAR} or after {MAX_YEAR}, so they are left out.",
        ),
        (
            options.existing is None and bool(moments),
            "A second import resets what you changed in Taskwarrior, unless you add --onto with the output of `task export`.",
        ),
    )
    return tuple(sentence for is_true, sentence in sentences if is_true)


# ------------------------------------------------------------ reading


def _read_ticks(text: str) -> tuple[Tick, ...]:
    """The tasks of careerkit. One that was deleted is neither open nor done."""
    return tuple(_read_row(row) for row in _read_rows(text) if row["status"] != "deleted")


def _find_open(texts: Mapping[str, str]) -> set[str]:
    return {each.id for each in _read_ticks(texts.get("", "[]")) if each.state == "open"}


def _read_row(row: _Row) -> Tick:
    is_done = row["status"] == "completed"
    done_at = to_local_time(_parse_stamp(row["end"])) if is_done and row.get("end") else None
    return Tick(row["uuid"], "done" if is_done else "open", row["description"], done_at)


def _read_rows(text: str) -> list[_Row]:
    """The tasks of careerkit in the output of `task export`, without what Taskwarrior calculates.

    Raises Refused if it isn't a list of tasks, or if Taskwarrior would crash on one of those.
    """
    rows = _parse_json(text)
    if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
        raise Refused(_build_problem("This is not a list of tasks"))
    own = [(number, row) for number, row in enumerate(rows, 1) if _is_own(row)]
    found = [(number, _find_wrong_keys(row)) for number, row in own]
    if any(keys for _, keys in found):
        raise Refused(_build_problem(f"Task {number} has no valid {keys[0]}") for number, keys in found if keys)
    return [
        {key: value for key, value in row.items() if key not in NOT_IMPORTED} | {"uuid": row["uuid"].lower()}
        for _, row in own
    ]


def _is_own(row: _Row) -> bool:
    try:
        return UUID(row["uuid"]).version == OWN_UUID_VERSION
    except (KeyError, ValueError, AttributeError, TypeError):
        return False


def _parse_json(text: str) -> object:
    """The tasks as a list, or one on each line, as `task export` writes them with `json.array=off`."""
    lines = ",".join(filter(None, (line.strip().rstrip(",") for line in text.split("\n"))))
    for candidate in (text, f"[{lines}]"):
        try:
            found = json.loads(candidate, parse_constant=_refuse_constant)
            return [found] if isinstance(found, dict) else found
        except (ValueError, RecursionError):
            continue
    raise Refused(_build_problem("This is not JSON"))


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _find_wrong_keys(row: _Row) -> list[str]:
    """The keys on which Taskwarrior would crash."""
    checks: Iterable[tuple[str, Callable[[object], bool]]] = (
        ("status", lambda value: isinstance(value, str)),
        ("description", lambda value: isinstance(value, str) and value != ""),
        ("tags", lambda value: value is None or _is_list_of_texts(value)),
        ("annotations", _is_annotations),
        *((key, lambda value: value is None or _is_stamp(value)) for key in DATES),
    )
    return [key for key, is_valid in checks if not is_valid(row.get(key))]


def _is_annotations(value: object) -> bool:
    return value is None or (
        isinstance(value, list)
        and all(
            isinstance(each, dict) and _is_stamp(each.get("entry")) and isinstance(each.get("description"), str)
            for each in value
        )
    )


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_stamp(value: object) -> bool:
    try:
        return isinstance(value, str) and MIN_YEAR <= _parse_stamp(value).year <= MAX_YEAR
    except ValueError:
        return False


def _parse_stamp(text: str) -> datetime:
    return datetime.strptime(text, STAMP).replace(tzinfo=UTC)


def _build_problem(message: str) -> Problem:
    return Problem("not-taskwarrior", f"{message}.", "Write the file with: task export > current.json")


FORMAT = ExportFormat("taskwarrior", "Taskwarrior", (".json",), _render_document, _identify, _read_ticks, _find_open)
