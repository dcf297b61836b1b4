"""The JSON Schema of a playbook file, for editors: built from the Pydantic models, with a description for every key.

An editor shows the descriptions and marks keys, types and values that can't be right. What keys mean together is left to
`playbook check`, except for the simple rules in `_RULES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careerkit.core.expressions.ast import RESERVED_WORDS
from careerkit.core.playbook.loader import FORMAT, MAX_MINUTES
from careerkit.core.playbook.model import Playbook
from careerkit.core.playbook.schema import create_record_model
from careerkit.core.text import MAX_ID_LENGTH

JsonTable = dict[str, Any]

SCHEMA_DIALECT = "http://json-schema.org/draft-07/schema#"
"""What both Taplo and VS Code read."""
SCHEMA_NAME = "careerkit-playbook.schema.json"
"""The file that the first line of a playbook names, next to it."""
SCHEMA_DIRECTIVE = f"#:schema ./{SCHEMA_NAME}"

ID_PATTERN = f"^[a-z][a-z0-9_]{{0,{MAX_ID_LENGTH - 1}}}$"
_DUE_PATTERN = r"^\s*(|now|[+-]\s*\d+\s*(min|h|d|wd|w|m)|[a-z][a-z0-9_]*(\s*[+-]\s*\d+\s*(min|h|d|wd|w|m))?)\s*$"

DESCRIPTIONS: Mapping[str, str] = {
    # the head of a playbook
    "format": "The format of the file: always 1.",
    "title": "The title, on one line.",
    "summary": "What it is for, on one line, as lists show it.",
    "version": "Your own name for this version: any text.",
    "author": "Who wrote it, on one line. Shown when the playbook is installed.",
    "licence": "What others may do with it, such as MIT or CC BY 4.0.",
    "minutes": "Roughly how many minutes it takes.",
    "deadline": "The id of the date question with the day by which the person must act.",
    "deadline_hour": "The id of the number question with the hour of the deadline: 15.5 is 15:30.",
    "reach": "The id of the choice question about whether those who must hear it can be reached.",
    "urgent": "While this condition holds, quiet hours don't apply.",
    "small": "While this condition holds, the result has only the first of everything.",
    "situation": "When somebody needs this playbook: the home screen offers it under the topic `about`.",
    "stage": "The parts of the interview, in order.",
    "question": "The questions, in the order in which they are asked.",
    "compute": "Values worked out from the answers.",
    "decision": "Options compared by weighted criteria.",
    "headline": "What opens the result: the first one that holds.",
    "finding": "What follows from the answers.",
    "draft": "Words for the person to say or send.",
    "action": "The steps of the plan.",
    "checkin": "Questions asked later, on a date.",
    # keys of several tables
    "id": "The name by which other parts refer to this: lowercase letters, digits and _, starting with a letter.",
    "when": 'Only while this condition holds: "strain >= 4", or a table such as { kind = "mistake" }.',
    "quick": "Is this part of the quick lane, the first minutes that give a result of their own?",
    "text": "The text: one string of prose, or a list of lines, each with an optional `when`.",
    "level": "How serious it is: info, good, care or stop.",
    "label": "What the person sees.",
    "unit": "Written after the number.",
    "weights": "The id of a weights or rank question: how important each criterion is.",
    "source": "The ids of the sources that back this, such as edwards1994 or, for claim 2 of it, edwards1994.2.",
    "tally": "The id of a compute with a tally. The finding lists what speaks for and against it.",
    # questions
    "type": "The type of the question, which decides what can be answered.",
    "ask": "The question, as you would say it. {id} inserts an answer.",
    "hint": "Shown below: an example of an answer, or what to look up.",
    "why": "Why this is asked; shown on request.",
    "required": "May it be left out for good? A required question comes back once before the end.",
    "default": "The suggested answer. An answers file may leave this question out.",
    "check": 'A condition on the answer, such as "count(tags) <= 3".',
    "check_text": "What to say if the check fails.",
    "private": "Left out of shared exports, with everything that depends on it.",
    "predicts": "The yesno question of a check-in that will show whether this probability was right.",
    "again": "The id of an earlier question to ask once more.",
    "choices": 'What can be chosen from: a list of { id = "...", label = "..." }.',
    "items": "The id of an earlier choices, list or rank question whose answer can be chosen from.",
    "own": "May the person type an option of their own?",
    "own_hint": "What to type as an option of one's own.",
    "own_max": "How many options the person may type.",
    "min": "The smallest number, earliest date, or fewest entries.",
    "max": "The largest number, latest date, or most entries or characters.",
    "long": "Several lines?",
    "anchors": 'What the steps of the scale mean: { 1 = "not at all", 5 = "very" }.',
    "rows": "What is rated: a list of choices, or the id of a question.",
    "columns": "What it is rated by: a list of choices, or the id of a question.",
    "spread": "Ask for a low, a likely and a high number?",
    "fields": "The questions of each form.",
    "line": "How a form reads on one line: {person}, say {power}.",
    # choices, lines and dates
    "unknown": "Does this mean that the answer isn't known?",
    "at": "The date: now, +2wd, +1w, a date question, or an offset from one such as day - 2wd.",
    "pick": "The id of a choice question, or of a compute with bands. The other keys are its choices, with a text each.",
    "allow": "Warnings of the check that you accept, each with a reason.",
    "rule": "The code of a warning.",
    "reason": "Why you accept it.",
    "where": "The table that it is about: its id, or several from the outside in, such as weigh.ways. Without one, the whole file.",
    # the rest
    "cite": "The full citation: author, year, title.",
    "intro": "Shown once, when the stage begins.",
    "value": 'An expression, such as "count(people) * 2".',
    "needs": "The value is null unless each of these is known.",
    "start": "Where the tally starts.",
    "bands": "Ranges of the value, from low to high, each with an id to ask for with band().",
    "from": "The lowest value of the band. The first band has none.",
    "points": "How many points the line adds, or takes away.",
    "scores": "The id of the question that rates the options by the criteria.",
    "draws": "How many random draws test how close the result is.",
    "ruled_out": "The id of the choices question with the options that break a hard limit.",
    "profile": "Scales and tallies to show as bars.",
    "next": "Another playbook, such as path/choose, offered at the end.",
    "with": "Which answers the next playbook starts with: its question = yours.",
    "about": "The topic on the home screen.",
    "to": "Who the draft is for.",
    "do": "What to do, as an instruction.",
    "cue": "When the person will think of it: When I come in tomorrow.",
    "due": "When it is due: now, +2h, +3wd, +1w, a date question, or day - 2wd. A list gives alternatives.",
    "evidence": "What others could see once it is done.",
    "owner": "Who does it, if it isn't the person.",
    "office": "Does it need people at work? Then it isn't put on a weekend.",
    "after_deadline": "May it come after the deadline?",
    "each": "The id of a records question: one action for each form.",
    "each_when": "Only for forms for which this condition holds.",
    "after": "When the check-in is due, as for `due`.",
    "every": "Repeat it: 1w, 2d, 1m.",
    "until": "The last date of a repeated check-in: +60d, or day + 30d.",
    # keys whose meaning depends on the table
    "Playbook.source": "The sources that the texts refer to.",
    "Compute.tally": "Lines that add points: the start, plus the points of each line that holds.",
    "Compute.text": "A text: the first line whose condition holds. Insert it with {id}.",
    "Compute.min": "The lowest total of the tally.",
    "Compute.max": "The highest total of the tally.",
    "TallyLine.id": "The name of this line.",
    "TallyLine.when": "The line counts while this condition holds.",
    "TallyLine.text": "The reason in words, as findings list it.",
    "words": "More words by which the filter of the home screen finds it; they aren't shown.",
    "Situation.text": "The situation in the person's words, on one line.",
    "Line.text": "The line.",
    "Choice.hint": "Shown next to the choice.",
    "WeightsQuestion.choices": "What the 100 points are shared between.",
}  # fmt: skip
"""Key, or table and key -> what it means. Shown by editors."""

_TEXTS = ("title", "ask", "label", "cite", "summary", "do")
"""Texts that must not be empty."""
_CONDITION: JsonTable = {
    "anyOf": [
        {"type": "string"},
        {"type": "object", "minProperties": 1, "additionalProperties": {"type": ["string", "boolean", "number"]}},
    ]
}
_EXCLUSIVE = {"choices": "items"}
_RULES: Mapping[str, JsonTable] = {
    "Playbook": {"required": ["stage"]},
    "Stage": {"required": ["question"]},
    "Compute": {"oneOf": [{"required": [key]} for key in ("value", "tally", "text")]},
    "Finding": {"anyOf": [{"required": ["text"]}, {"required": ["tally"]}]},
}
"""What a table must have, beyond the keys that the models require."""


def build_json_schema() -> JsonTable:
    """The JSON Schema of a playbook file. Every property has a description."""
    schema = create_record_model(Playbook).model_json_schema()
    definitions = {_shorten(name): table for name, table in schema.pop("$defs").items()}
    whole = {
        "$schema": SCHEMA_DIALECT,
        "title": "A playbook for careerkit",
        "description": "Questions in stages, and what follows from the answers. See docs/playbooks.md.",
        **_describe_table("Playbook", schema),
    }
    return {**whole, "definitions": {name: _describe_table(name, table) for name, table in definitions.items()}}


def describe_key(table: str, key: str) -> str:
    """What a key of a table means, in a sentence; "" if that is not written down."""
    return DESCRIPTIONS.get(f"{table}.{key}") or DESCRIPTIONS.get(key, "")


def _shorten(name: str) -> str:
    return name.removesuffix("Document")


def _describe_table(name: str, table: JsonTable) -> JsonTable:
    properties = {key: _describe_property(name, key, value) for key, value in table["properties"].items()}
    required = [*table.get("required", []), *_RULES.get(name, {}).get("required", [])]
    found: JsonTable = {"type": "object", "additionalProperties": False, "properties": properties}
    if required:
        found["required"] = required
    found |= {key: value for key, value in _RULES.get(name, {}).items() if key != "required"}
    if _EXCLUSIVE.keys() <= properties.keys() and name.endswith("Question"):
        found |= {"oneOf": [{"required": ["choices"]}, {"required": ["items"]}]}
    return found


def _describe_property(table: str, key: str, value: JsonTable) -> JsonTable:
    found: JsonTable = {"description": describe_key(table, key), **_simplify(value)}
    match key:
        case "format":
            found |= {"const": FORMAT}
        case "minutes":
            found |= {"minimum": 1, "maximum": MAX_MINUTES}
        case "id" if table != "Source":
            found |= {"pattern": ID_PATTERN}
            if table == "Compute":
                found |= {"not": {"enum": sorted(RESERVED_WORDS)}}
        case "stage" | "choices" | "fields" if found.get("type") == "array":
            found["minItems"] = 1
        case "question" if table == "Stage":
            found["minItems"] = 1
        case "due" | "after" | "at" | "until":
            found = _add_pattern(found, _DUE_PATTERN)
        case _ if key in _TEXTS:
            found = _add_pattern(found, r"\S")
    return found


def _add_pattern(schema: JsonTable, pattern: str) -> JsonTable:
    """The schema, with a pattern for every string that it allows directly or in a list."""
    if schema.get("type") == "string":
        return {**schema, "pattern": pattern}
    found: JsonTable = {key: _add_pattern(value, pattern) for key, value in schema.items() if key == "items"}
    if "anyOf" in schema:
        found["anyOf"] = [_add_pattern(each, pattern) for each in schema["anyOf"]]
    return {**schema, **found}


def _simplify(value: Any) -> Any:
    """Without titles, defaults and null, which TOML doesn't have, and with references to short names."""
    if isinstance(value, list):
        return [_simplify(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == ["string", "object"]:
        return _CONDITION
    if value.get("type") == "object" and value.get("additionalProperties") is True:
        pick = {"type": "string", "description": DESCRIPTIONS["pick"]}
        return {
            "type": "object", "required": ["pick"], "properties": {"pick": pick}, "minProperties": 2,
            "additionalProperties": {"type": "string"},
        }  # fmt: skip
    if "$ref" in value:
        return {"$ref": f"#/definitions/{_shorten(value['$ref'].rpartition('/')[2])}"}
    kept = {key: _simplify(each) for key, each in value.items() if key not in ("title", "default", "oneOf", "anyOf")}
    options = [each for each in value.get("oneOf") or value.get("anyOf") or () if each != {"type": "null"}]
    if len(options) == 1:
        return {**kept, **_simplify(options[0])}
    return {**kept, "anyOf": _simplify(options)} if options else kept
