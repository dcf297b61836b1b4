"""Whether a playbook has the keys and types of the format; what hasn't is reported and put right for the checks after it.

A key that is wrong is taken out, or replaced by a placeholder where there must be one, and the rest is looked at again:
so that one bad key hides no other problem. What was replaced is remembered, for nothing may be said about a placeholder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from pydantic import BaseModel, ValidationError

from careerkit.core.frozen import frozen
from careerkit.core.playbook import document as doc
from careerkit.core.playbook import document_questions as asked_doc
from careerkit.core.playbook.fault import Fault, did_you_mean, shown
from careerkit.core.playbook.scanner import Path
from careerkit.core.problem import nearest

MOST_FAULTS = 1000
"""How many problems of a sort are looked into: a file with more is no playbook."""

_ROUNDS = 100


@frozen
class Shape:
    """The document, with placeholders at the paths that are `broken`."""

    document: doc.PlaybookDocument
    faults: tuple[Fault, ...]
    broken: frozenset[Path]


def shape_of(data: Mapping[str, Any], *, broken: Iterable[Path] = ()) -> Shape:
    """The shape of what tomllib read. `broken` are values that have been replaced already."""
    mender = _Mender(deepcopy(dict(data)), set(broken))
    for _ in range(_ROUNDS):
        try:
            document = doc.PlaybookDocument.model_validate(mender.data)
        except ValidationError as error:
            mender.mend(error.errors(include_url=False, include_input=False))
        else:
            return Shape(document, tuple(mender.faults), frozenset(mender.broken))
    raise AssertionError("a playbook's shape can't be mended")  # pragma: no cover - each round takes something out


class _Mender:
    def __init__(self, data: dict[str, Any], broken: set[Path]) -> None:
        self.data = data
        self.broken = broken
        self.faults: list[Fault] = []

    def mend(self, errors: Iterable[Any]) -> None:
        """Report each error unless it comes from an earlier mend, then mend it. Unknown keys first: they explain others."""
        for error in sorted(errors, key=lambda error: error["type"] != "extra_forbidden"):
            path = self._path(error["loc"])
            if error["type"] in _UNTYPED:
                self._mend_question(path)
            elif error["type"] == "extra_forbidden":
                self._mend_unknown(path)
            else:
                self._mend_value(path, error)

    def _mend_unknown(self, path: Path) -> None:
        table, key = self._at(path[:-1]), str(path[-1])
        if len(self.faults) < MOST_FAULTS and not self._is_broken(path):
            known = sorted(_ALL_KEYS) if (*path[:-1], "type") in self.broken else _known_keys(path[:-1], table)
            self.faults.append(_unknown_key(path, table, known))
            near = nearest(key, known)
            self.broken |= {path, (*path[:-1], near)} if near and near not in table else {path}
        del table[key]

    def _mend_question(self, path: Path) -> None:
        """A question without a type that there is: its form can't be known, but all else is looked at."""
        question: Any = self._at(path)
        container: Any = self._at(path[:-1])
        if not isinstance(question, dict):
            self._report(
                Fault(
                    path,
                    "wrong-type",
                    f"A question is a table; this is {_described(question)}.",
                    "Write [[stage.question]].",
                )
            )
            question = container[path[-1]] = {}
            self.broken.add(path)
        elif "type" not in question:
            self._report(_missing((*path, "type")))
        else:
            self._report(_wrong_type(path, question["type"]))
        self.broken.add((*path, "type"))
        question["type"] = "text"
        for key in [key for key in question if key in _FORM_KEYS - {"long"}]:
            del question[key]

    def _mend_value(self, path: Path, error: Any) -> None:
        if error["type"] == "missing":
            self._report(_missing(path))
        else:
            self._report(_wrong_value(path, error, self._at(path)))
        self.broken.add(path)
        container: Any = self._at(path[:-1])
        key: Any = path[-1]
        if error["type"] == "missing":
            container[key] = _PLACEHOLDERS.get(str(key), "_")
            if key == "id":
                container[key] = f"_{len(self.broken)}"
        elif isinstance(container, list):
            container[key] = {} if error["type"].startswith(("model", "dict")) else "_"
        else:
            del container[key]
            if key == "again":
                self.broken |= {(*path[:-1], "type"), (*path[:-1], "ask")}

    def _report(self, fault: Fault) -> None:
        if len(self.faults) < MOST_FAULTS and not self._is_broken(fault.path):
            self.faults.append(fault)

    def _is_broken(self, path: Path) -> bool:
        return any(path[:end] in self.broken for end in range(1, len(path) + 1))

    def _path(self, loc: tuple[str | int, ...]) -> Path:
        return tuple(part for part in loc if part not in _TAGS)

    def _at(self, path: Path) -> Any:
        found: Any = self.data
        for part in path:
            found = found[part]
        return found


_UNTYPED = ("union_tag_invalid", "union_tag_not_found")
_TAGS = frozenset(f"<{kind}>" for kind in asked_doc.QUESTION_TYPES) | {
    "<again>", "[key]", "<lines>", "<prose>", "<line>", "<conditional>", "<fixed>", "<question>",
}  # fmt: skip
_PLACEHOLDERS: dict[str, Any] = {
    "format": 1,
    "type": "text",
    "after": "+1d",
    "points": 0,
    "rows": [],
    "columns": [],
    "fields": [],
    "when": "",
    "text": "",
}
_QUESTIONS: dict[str, type[BaseModel]] = {
    "text": asked_doc.TextQuestion,
    "choice": asked_doc.ChoiceQuestion,
    "choices": asked_doc.ChoicesQuestion,
    "yesno": asked_doc.YesNoQuestion,
    "scale": asked_doc.ScaleQuestion,
    "number": asked_doc.NumberQuestion,
    "date": asked_doc.DateQuestion,
    "list": asked_doc.ListQuestion,
    "rank": asked_doc.RankQuestion,
    "weights": asked_doc.WeightsQuestion,
    "grid": asked_doc.GridQuestion,
    "records": asked_doc.RecordsQuestion,
    "note": asked_doc.NoteQuestion,
}
_TABLES: dict[str, type[BaseModel]] = {
    "source": doc.SourceDocument,
    "stage": doc.StageDocument,
    "compute": doc.ComputeDocument,
    "decision": doc.DecisionDocument,
    "finding": doc.FindingDocument,
    "draft": doc.DraftDocument,
    "action": doc.ActionDocument,
    "checkin": doc.CheckinDocument,
    "choices": asked_doc.ChoiceDocument,
    "rows": asked_doc.ChoiceDocument,
    "columns": asked_doc.ChoiceDocument,
    "bands": doc.BandDocument,
    "tally": doc.TallyLineDocument,
    "text": asked_doc.LineDocument,
}
_PLURALS = {
    "questions": "question",
    "stages": "stage",
    "findings": "finding",
    "checkins": "checkin",
    "actions": "action",
}


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


_ALL_KEYS = frozenset(key for model in _QUESTIONS.values() for key in _keys(model))
_FORM_KEYS = _ALL_KEYS - frozenset(_keys(asked_doc.Asked)) - {"type"}


def _known_keys(path: Path, table: Mapping[str, Any]) -> list[str]:
    parent = next((part for part in reversed(path) if isinstance(part, str)), "")
    if parent in {"question", "fields"}:
        return _keys(
            asked_doc.AgainQuestion
            if "again" in table
            else _QUESTIONS.get(str(table.get("type")), asked_doc.TextQuestion)
        )
    return _keys(_TABLES.get(parent, doc.PlaybookDocument))


def _unknown_key(path: Path, table: Mapping[str, Any], known: list[str]) -> Fault:
    key = str(path[-1])
    parent = next((part for part in reversed(path[:-1]) if isinstance(part, str)), "")
    if parent in {"question", "fields"} and "again" in table and key in _FORM_KEYS:
        message = f"`{key}` comes from the question that is repeated."
        return Fault(path, "unknown-key", message, "Take it out.", spot="key")
    if parent in {"question", "fields"} and key in _FORM_KEYS:
        kinds = [kind for kind, model in _QUESTIONS.items() if key in _keys(model)]
        message = f"A {table.get('type')} question has no {shown(key)}."
        return Fault(path, "unknown-key", message, f"It belongs to: {', '.join(kinds)}.", spot="key")
    if key in _PLURALS:
        return Fault(path, "unknown-key", f"There is no key {shown(key)} here.", f"Write {_PLURALS[key]}.", spot="key")
    hint = did_you_mean(key, known, otherwise=f"Known here: {', '.join(known)}.")
    return Fault(path, "unknown-key", f"There is no key {shown(key)} here.", hint, spot="key")


def _missing(path: Path) -> Fault:
    hints = {
        "format": "Write format = 1 at the top of the file.",
        "type": f"There are {', '.join(asked_doc.QUESTION_TYPES)}.",
    }
    key = str(path[-1])
    return Fault(path, "missing-key", f"`{key}` is missing.", hints.get(key, "Add it."))


def _wrong_type(path: Path, given: Any) -> Fault:
    known = asked_doc.FIELD_TYPES if "fields" in path else asked_doc.QUESTION_TYPES
    path = (*path, "type")
    if not isinstance(given, str):
        return Fault(path, "wrong-type", f"`type` should be a text; this is {_described(given)}.", "Put it in quotes.")
    if given in asked_doc.QUESTION_TYPES:
        return Fault(path, "unknown-type", f"A field of records can't be a {given}.", f"It may be: {', '.join(known)}.")
    hint = did_you_mean(given, known, otherwise=f"There are {', '.join(known)}.")
    return Fault(path, "unknown-type", f"There are no questions of type {shown(given)}.", hint)


_SHOULD_BE = {
    "string_type": "a text in quotes",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "is_instance_of": "a number",
    "decimal_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list in [...]",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


def _wrong_value(path: Path, error: Any, given: Any) -> Fault:
    kind = error["type"]
    if kind == "literal_error":
        known = [word.strip("' ") for word in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
        near = nearest(str(given), known)
        message = f"{shown(str(given))} is none of {', '.join(known)}."
        return Fault(path, "unknown-value", message, f"Did you mean `{near}`?" if near else "Write one of these.")
    if kind in _SHOULD_BE:
        name = f"`{path[-1]}`" if isinstance(path[-1], str) else "This"
        return Fault(
            path, "wrong-type", f"{name} should be {_SHOULD_BE[kind]}; it is {_described(given)}.", _mend(kind, given)
        )
    code = kind if "-" in kind else "wrong-type"
    return Fault(
        path, code, error["msg"], "Write it so, or take it out.", spot="key" if code == "bad-anchor" else "value"
    )


def _mend(kind: str, given: Any) -> str:
    match given:
        case str() if kind in {"int_type", "is_instance_of", "bool_type"}:
            return "Leave out the quotes."
        case str() if kind == "list_type":
            return "Put it in [...]."
        case bool() | int() if kind == "string_type":
            return "Put it in quotes."
        case _:
            return f"Write {_SHOULD_BE[kind]}."


def _described(value: Any) -> str:
    words: Iterator[tuple[type, str]] = iter(
        ((bool, "true or false"), (str, "a text"), (int, "a whole number"), (list, "a list"), (dict, "a table"))
    )
    return next((word for kind, word in words if isinstance(value, kind)), _described_scalar(value))


def _described_scalar(value: Any) -> str:
    return "a date or time" if hasattr(value, "isoformat") else "a number with decimals"
