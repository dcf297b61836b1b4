"""Validate the keys and types of a playbook with error recovery, so that all problems are reported at once.

Each table is validated by its Pydantic model. A bad value is reported and removed or, if the key is required, replaced
by a placeholder, so that one problem doesn't hide another. The paths of placeholders are kept, because later checks must
not report anything about them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError

from careerkit.core.errors import Path, find_closest
from careerkit.core.frozen import frozen
from careerkit.core.playbook.diagnostics import MAX_DIAGNOSTICS, Diagnostic, Target, quote, suggest
from careerkit.core.playbook.model import Playbook
from careerkit.core.playbook.schema import (
    TABLES,
    TAGS,
    PlainTable,
    TableModel,
    create_question_model,
    create_record_model,
    list_field_types,
    list_keys,
)
from careerkit.core.questions.question import find_spec_class, list_question_types


@frozen
class Recovered:
    """The tables of the file and the validated document. Both have placeholders at the paths in `broken`."""

    tables: PlainTable
    document: TableModel
    diagnostics: tuple[Diagnostic, ...]
    broken: frozenset[Path]


def validate(tables: Mapping[str, Any], *, broken: Iterable[Path] = ()) -> Recovered:
    """Validate what tomllib read. `broken` are the paths of bad values that have already been replaced."""
    recovery = _Recovery(deepcopy(dict(tables)), set(broken))
    document = create_record_model(Playbook).model_validate(recovery.tables, context=recovery.validate_table)
    return Recovered(recovery.tables, document, tuple(recovery.diagnostics), frozenset(recovery.broken))


class _Recovery:
    """The validation of one file. Bad values in `tables` are replaced in place."""

    def __init__(self, tables: PlainTable, broken: set[Path]) -> None:
        self.tables = tables
        self.broken = broken
        self.diagnostics: list[Diagnostic] = []
        self._paths: dict[int, Path] = {}

    def validate_table(self, model: type[BaseModel], table: Any, validate: Callable[[Any], Any]) -> Any:
        """Validate a table; if that fails, repair it and validate it again. Inner tables have already been repaired."""
        try:
            return validate(table)
        except ValidationError as error:
            if not isinstance(table, dict):
                raise  # the enclosing table replaces it by an empty table
            self._repair(model, table, error.errors(include_url=False, include_input=False))
            return validate(table)

    def _repair(self, model: type[BaseModel], table: PlainTable, errors: Iterable[Any]) -> None:
        """Report and repair each error. Unknown keys come first, because they can explain why another key is missing."""
        path = self._path(table)
        for error in sorted(errors, key=lambda error: error["type"] != "extra_forbidden"):
            inside = tuple(part for part in error["loc"] if part not in TAGS)
            if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
                self._repair_question(table, path, inside)
            elif error["type"] == "extra_forbidden":
                self._remove_unknown(model, table, path, str(inside[0]))
            else:
                self._repair_value(model, table, path, inside, error)

    def _remove_unknown(self, model: type[BaseModel], table: PlainTable, parent: Path, key: str) -> None:
        path = (*parent, key)
        if len(self.diagnostics) < MAX_DIAGNOSTICS and not self._is_broken(path):
            known = _list_question_keys() if (*parent, "type") in self.broken else list_keys(model)
            self.diagnostics.append(_describe_unknown_key(path, table, model, known))
            near = find_closest(key, known)
            self.broken |= {path, (*parent, near)} if near and near not in table else {path}
        del table[key]

    def _repair_question(self, table: PlainTable, parent: Path, inside: Path) -> None:
        """Repair a question without a known type: drop the keys that depend on the type, and check the others."""
        path = (*parent, *inside)
        container: Any = _follow(table, inside[:-1])
        key: Any = inside[-1]
        question = container[key]
        if not isinstance(question, dict):
            message = f"A question must be a table, not {_describe(question)}."
            self._report(Diagnostic(path, "wrong-type", message, "Write [[stage.question]]."))
            question = container[key] = self._empty_table(path)
            self.broken.add(path)
        elif "type" not in question:
            self._report(_describe_missing_key((*path, "type")))
        else:
            self._report(_describe_wrong_type(path, question["type"]))
        self.broken.add((*path, "type"))
        question["type"] = "text"
        for key in _list_spec_keys() & question.keys():
            del question[key]

    def _repair_value(self, model: type[BaseModel], table: PlainTable, parent: Path, inside: Path, error: Any) -> None:
        path = (*parent, *inside)
        key: Any = inside[-1]
        container: Any = _follow(table, inside[:-1])
        self._report(
            _describe_missing_key(path)
            if error["type"] == "missing"
            else _describe_wrong_value(path, error, _follow(table, inside))
        )
        self.broken.add(path)
        field = next(
            (each for name, each in model.model_fields.items() if (each.validation_alias or name) == key), None
        )
        if isinstance(container, list):
            container[key] = self._empty_table(path) if error["type"].startswith(("model", "dict")) else "_"
        elif len(inside) == 1 and field and field.is_required():
            container[key] = f"_{len(self.broken)}" if key == "id" else _choose_placeholder(field.annotation)
        else:
            del container[key]
        if key == "again":
            self.broken |= {(*parent, "type"), (*parent, "ask")}

    def _empty_table(self, path: Path) -> PlainTable:
        table: PlainTable = {}
        self._paths[id(table)] = path
        return table

    def _report(self, diagnostic: Diagnostic) -> None:
        if len(self.diagnostics) < MAX_DIAGNOSTICS and not self._is_broken(diagnostic.path):
            self.diagnostics.append(diagnostic)

    def _is_broken(self, path: Path) -> bool:
        return any(path[:end] in self.broken for end in range(1, len(path) + 1))

    def _path(self, table: PlainTable) -> Path:
        """The path of a table in the file. Pydantic only reports paths within the table."""
        if not self._paths:
            self._find_paths((), self.tables)
        return self._paths[id(table)]

    def _find_paths(self, path: Path, value: Any) -> None:
        if isinstance(value, dict):
            self._paths[id(value)] = path
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, each in inner:
            self._find_paths((*path, key), each)


def _follow(table: PlainTable, inside: Path) -> Any:
    found: Any = table
    for part in inside:
        found = found[part]
    return found


def _choose_placeholder(file_type: Any) -> Any:
    return [] if get_origin(file_type) is list else 1 if file_type in (int, Decimal) else "_"


def _list_spec_keys() -> set[str]:
    """The keys that only some types of questions have."""
    specs = filter(None, map(find_spec_class, list_question_types()))
    return {"predicts", *(key for spec in specs for key in spec.__annotations__)}


def _list_question_keys() -> list[str]:
    return sorted({key for name in list_question_types() for key in list_keys(create_question_model(name))})


def _describe_unknown_key(path: Path, table: PlainTable, model: type[BaseModel], known: list[str]) -> Diagnostic:
    key = str(path[-1])
    is_question = "ask" in model.model_fields
    if is_question and "again" in table and key in _list_spec_keys():
        message = f"`{key}` can't be set here: it comes from the repeated question."
        return Diagnostic(path, "unknown-key", message, "Remove it.", target="key")
    if is_question and key in _list_spec_keys():
        owners = ", ".join(name for name in list_question_types() if key in list_keys(create_question_model(name)))
        message = f"A {table.get('type')} question has no {quote(key)}."
        return Diagnostic(path, "unknown-key", message, f"Types with this key: {owners}.", target="key")
    message = f"There is no key {quote(key)} here."
    if TABLES.get(key) in known:
        return Diagnostic(path, "unknown-key", message, f"Write {TABLES[key]}.", target="key")
    hint = suggest(key, known, otherwise=f"Known keys: {', '.join(known)}.")
    return Diagnostic(path, "unknown-key", message, hint, target="key")


def _describe_missing_key(path: Path) -> Diagnostic:
    hints = {
        "format": "Write format = 1 at the top of the file.",
        "type": f"Use one of: {', '.join(list_question_types())}.",
    }
    key = str(path[-1])
    return Diagnostic(path, "missing-key", f"`{key}` is missing.", hints.get(key, "Add it."))


def _describe_wrong_type(path: Path, given: Any) -> Diagnostic:
    known = list_field_types() if "fields" in path else list_question_types()
    path = (*path, "type")
    if not isinstance(given, str):
        message = f"`type` should be text in quotes, not {_describe(given)}."
        return Diagnostic(path, "wrong-type", message, "Put it in quotes.")
    if given in list_question_types():
        message = f"A field can't have the type {given}."
        return Diagnostic(path, "unknown-type", message, f"Use one of: {', '.join(known)}.")
    hint = suggest(given, known, otherwise=f"Use one of: {', '.join(known)}.")
    return Diagnostic(path, "unknown-type", f"There is no question type {quote(given)}.", hint)


_EXPECTED = {
    "string_type": "text in quotes",
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


def _describe_wrong_value(path: Path, error: Any, given: Any) -> Diagnostic:
    kind = error["type"]
    if kind == "literal_error":
        known = [word.strip("' ") for word in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
        near = find_closest(str(given), known)
        message = f"{quote(str(given))} is not one of {', '.join(known)}."
        return Diagnostic(path, "unknown-value", message, f"Did you mean `{near}`?" if near else "Use one of these.")
    if kind in _EXPECTED:
        name = f"`{path[-1]}`" if isinstance(path[-1], str) else "This"
        message = f"{name} should be {_EXPECTED[kind]}, not {_describe(given)}."
        return Diagnostic(path, "wrong-type", message, _suggest_fix(kind, given))
    code = kind if "-" in kind else "wrong-type"
    target: Target = "key" if code == "bad-anchor" else "value"
    return Diagnostic(path, code, error["msg"], "Rewrite it, or remove it.", target=target)


def _suggest_fix(kind: str, given: Any) -> str:
    match given:
        case str() if kind in {"int_type", "is_instance_of", "bool_type"}:
            return "Remove the quotes."
        case str() if kind == "list_type":
            return "Put it in [...]."
        case bool() | int() if kind == "string_type":
            return "Put it in quotes."
        case _:
            return f"Write {_EXPECTED[kind]}."


def _describe(value: Any) -> str:
    """Describe the kind of a TOML value."""
    names = ((bool, "true or false"), (str, "text"), (int, "a whole number"), (list, "a list"), (dict, "a table"))
    described = next((words for kind, words in names if isinstance(value, kind)), None)
    return described or ("a date or time" if hasattr(value, "isoformat") else "a number with decimals")
