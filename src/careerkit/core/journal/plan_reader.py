"""Read the plan in an entry's file, its actions, check-ins and predictions, without a TOML parser.

As in `fast_reader.py`, this works only for unchanged files that careerkit wrote.
"""

from __future__ import annotations

from datetime import date, datetime

from careerkit.core.journal.fast_reader import parse_string
from careerkit.core.journal.plan import FirstPlan, PlannedAction, PlannedCheckin, PlannedPrediction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

TABLES = ("\n[[action]]\n", "\n[[checkin]]\n", "\n[[prediction]]\n")
LONG_QUOTES = '"""'


def read_first_plan(text: str) -> FirstPlan:
    """The plan in an entry's file. Raises ValueError or KeyError if a line is not as careerkit writes it."""
    if not any(table in text for table in TABLES):
        return FirstPlan()
    if LONG_QUOTES in text:
        text = _shorten_long_texts(text)
    rows: dict[str, list[dict[str, str]]] = {"action": [], "checkin": [], "prediction": []}
    starts = [at for table in TABLES if (at := text.find(table)) >= 0]
    for table in text[min(starts) :].split("\n[[")[1:] if starts else ():
        name, _, body = table.partition("]]\n")
        if name in rows:
            lines = (line.partition(" = ") for line in body.split("\n"))
            rows[name].append({key: value for key, sign, value in lines if sign})
    return FirstPlan(
        tuple(map(_read_action, rows["action"])),
        tuple(map(_read_checkin, rows["checkin"])),
        tuple(map(_read_prediction, rows["prediction"])),
    )


def _shorten_long_texts(text: str) -> str:
    """The same file with each text on one line, so that no line of a text looks like the beginning of a table.

    careerkit escapes every quote in a text, so three in a row always begin or end one.
    """
    parts = text.split(LONG_QUOTES)
    parts[1::2] = ['"' + part.removeprefix("\n").replace("\n", "\\n") + '"' for part in parts[1::2]]
    return "".join(parts)


def _read_action(row: dict[str, str]) -> PlannedAction:
    found: Any = parse_string(row["state"])
    if found not in ("open", "done", "dropped"):
        raise ValueError("not a state of an action")
    return PlannedAction(parse_string(row["id"]), parse_string(row["do"]), 0, "", _parse_due(row), "", found)


def _read_checkin(row: dict[str, str]) -> PlannedCheckin:
    found = parse_string(row["state"])
    if found not in ("open", "answered"):
        raise ValueError("not a state of a check-in")
    state: Any = "answered" if found == "answered" else "waiting"
    return PlannedCheckin(parse_string(row["id"]), parse_string(row["title"]), _parse_due(row), state)


def _read_prediction(row: dict[str, str]) -> PlannedPrediction:
    return PlannedPrediction(
        parse_string(row["id"]), parse_string(row["what"]), parse_string(row["checkin"]), _parse_due(row)
    )


def _parse_due(row: Mapping[str, str]) -> date | datetime | None:
    text = row.get("due")
    if text is None:
        return None
    if len(text) == len("2026-11-23"):
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not 1 < moment.year < 9999:
        raise ValueError("not a time with its offset")
    return moment
