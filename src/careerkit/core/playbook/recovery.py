"""Validate the keys and types of a playbook with error recovery, so that all problems are reported at once.

Each table is validated by its Pydantic model. A bad value is reported and removed or, if the key is required, replaced
by a placeholder, so that one problem doesn't hide another. The paths of placeholders are kept, because later checks must
not report anything about them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from careerkit.core.errors import Path, find_closest
from careerkit.core.playbook.diagnostics import FIXED_DATE_HINT, MAX_DIAGNOSTICS, Diagnostic, Target, quote, suggest
from careerkit.core.playbook.model import Playbook
from careerkit.core.playbook.normal_form import TABLES, PlainTable, Validated, list_field_types
from careerkit.core.playbook.schema import TAGS, create_question_model, create_record_model, list_keys, normalize
from careerkit.core.questions.question import find_spec_class, list_question_types


def recover(tables: Mapping[str, Any], *, broken: Iterable[Path] = ()) -> Validated:
    """Validate what tomllib read. `broken` are the paths of bad values that have already been replaced."""
    recovery = _Recovery(deepcopy(dict(tables)), set(broken))
    document = create_record_model(Playbook).model_validate(recovery.tables, context=recovery.validate_table)
    return Validated(recovery.tables, normalize(document), tuple(recovery.diagnostics), frozenset(recovery.broken))


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
        repaired: set[Path] = set()
        for error in sorted(errors, key=lambda error: error["type"] != "extra_forbidden"):
            inside = tuple(part for part in error["loc"] if part not in TAGS)
            if inside in repaired:  # a key and its value are wrong
                continue
            repaired.add(inside)
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
            diagnostic = _describe_unknown_key(path, table, model, known)
            if key == "question" and len(path) == 1 and _follows_checkin(self.tables):
                hint = "Write [[checkin.question]] for a question of a check-in."
                diagnostic = Diagnostic(path, diagnostic.code, diagnostic.message, hint, target="key")
            self.diagnostics.append(diagnostic)
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
        elif "again" in question:  # elsewhere, a question with `again` has a type of its own
            message = "`again` only works in a check-in, and not in a field."
            self._report(
                Diagnostic((*path, "again"), "misplaced-again", message, "Write the field out in full.", "key")
            )
            del question["again"]
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
    if get_origin(file_type) is Literal:
        return get_args(file_type)[0]
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
    if place := _find_right_place(key, path):
        return Diagnostic(path, "unknown-key", f"`{key}` doesn't belong here.", place, target="key")
    hint = suggest(key, known, otherwise=f"Known keys: {', '.join(known)}.")
    return Diagnostic(path, "unknown-key", message, hint, target="key")


def _follows_checkin(tables: PlainTable) -> bool:
    """Does [[question]] come after [[checkin]] in the file? Only its first one is known: tables keep that order."""
    names = list(tables)
    before = names[: names.index("question")]
    return before[-1:] == ["checkin"]


def _find_right_place(key: str, path: Path) -> str:
    """Where a table that is written in the wrong place belongs; empty if it is no table."""
    name = TABLES.get(key, key)
    if name == "question":
        return "Questions belong to a stage: write [[stage.question]] below its [[stage]]."
    if name in _TOP_TABLES and len(path) > 1:
        inside = f", or [[checkin.{name}]] for one of a check-in" if name in _CHECKIN_TABLES else ""
        return f"Write [[{name}]], at the top level{inside}."
    if name in _TOP_KEYS and len(path) > 1:
        return "It belongs to the whole playbook: write it above the first [[stage]]."
    return ""


_CHECKIN_TABLES = ("finding", "draft", "action")
_TOP_TABLES = (*_CHECKIN_TABLES, "stage", "compute", "decision", "source", "headline", "checkin", "allow", "situation")


_TOP_KEYS = (
    "format", "summary", "version", "author", "licence", "minutes", "deadline", "deadline_hour", "reach", "urgent", "small",
)  # fmt: skip


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
        if path[-1] in TABLES.values() and isinstance(given, dict):
            return Diagnostic(
                path,
                "wrong-type",
                f"`{path[-1]}` may be there several times, so its header has two brackets.",
                f"Write [[{_join_header(path)}]].",
            )
        message = f"{name} should be {_EXPECTED[kind]}, not {_describe(given)}."
        return Diagnostic(path, "wrong-type", message, _suggest_fix(kind, given, path))
    code = kind if "-" in kind else "wrong-type"
    target: Target = "key" if code == "bad-anchor" else "value"
    hint = _suggest_condition(path, given) or "Rewrite it, or remove it."
    return Diagnostic(path, code, error["msg"], hint, target=target)


def _suggest_condition(path: Path, given: Any) -> str:
    """The expression for a condition table in which an answer is one of several; empty for anything else."""
    lists = [(name, ids) for name, ids in given.items() if isinstance(ids, list)] if isinstance(given, dict) else []
    if not lists or not all(isinstance(each, str) and each.isidentifier() for each in lists[0][1]):
        return ""
    name, ids = lists[0]
    return f'Write {path[-1]} = "{name} in [{", ".join(repr(each) for each in ids[:8])}]".'


def _join_header(path: Path) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def _suggest_fix(kind: str, given: Any, path: Path) -> str:
    if example := _show_shape(kind, given, path):
        return example
    match given:
        case _ if kind == "string_type" and path[-1] in _DUE_KEYS:
            return FIXED_DATE_HINT
        case str() if kind in _NUMBERS and _is_number(given):
            return "Remove the quotes."
        case str() if kind in _NUMBERS:
            return f"Write a number, as in {path[-1]} = 3. It can't depend on an answer; a `check` can."
        case str() if kind == "bool_type" and given.lower() in {"true", "false"}:
            return f"Write {given.lower()}, without quotes."
        case str() if kind == "bool_type" and path[-1] == "required":
            return "Write true or false. A question that is only needed for some answers is asked with `when`."
        case str() if kind == "bool_type":
            return f"Write {path[-1]} = true or {path[-1]} = false. A condition belongs to `when`."
        case str() if kind == "list_type":
            return "Put it in [...]."
        case bool() | int() | Decimal() if kind == "string_type":
            return "Put it in quotes."
        case str() if path[-2:-1] and path[-2] in _CHOICE_LISTS:
            return f'Write {{ id = "{_make_id(given)}", label = {_quote_toml(given)} }}.'
        case list() if kind == "string_type":
            return "Write one text in quotes, without [...]."
        case _ if kind in _TABLE_KINDS and path[-2:-1] and isinstance(path[-2], str):
            return f"Write {_TABLE_EXAMPLES.get(path[-2], 'a table in {...}')}."
        case _:
            return f"Write {_EXPECTED[kind]}."


def _show_shape(kind: str, given: Any, path: Path) -> str:
    """What a list of tables, or `anchors`, looks like, with the words that were given; empty for other keys."""
    key = path[-1]
    if key == "anchors" and kind == "dict_type":
        words = [each for each in given if isinstance(each, str)] if isinstance(given, list) else []
        first, last = (words[0], words[-1]) if len(words) > 1 else ("...", "...")
        return f"Write anchors = {{ 1 = {_quote_toml(first)}, 5 = {_quote_toml(last)} }}, with the steps of the scale."
    if kind != "list_type" or key not in _TABLE_EXAMPLES or key in ("text", "due"):
        return ""
    example = _TABLE_EXAMPLES[str(key)]
    if key in _CHOICE_LISTS and isinstance(given, dict) and given:
        name, label = next(iter(given.items()))
        example = f'{{ id = "{_make_id(name)}", label = {_quote_toml(str(label))} }}'
    elif key in _CHOICE_LISTS and isinstance(given, str) and re.search("[a-z0-9]", given.lower()):
        label = given.partition(",")[0].strip()
        example = f'{{ id = "{_make_id(label)}", label = {_quote_toml(label)} }}'
    return f"Write a list with one table per item: {key} = [{example}, ...]."


_DUE_KEYS = ("due", "after", "until", "at")
_NUMBERS = frozenset({"int_type", "is_instance_of", "decimal_type"})
_TABLE_KINDS = frozenset({"dict_type", "model_type", "model_attributes_type"})
_CHOICE_LISTS = ("choices", "rows", "columns")
_TABLE_EXAMPLES = {
    **dict.fromkeys(_CHOICE_LISTS, '{ id = "...", label = "..." }'),
    "fields": '{ id = "...", type = "text", ask = "..." }',
    "bands": '{ id = "...", from = 60, label = "..." }',
    "tally": '{ id = "...", when = "...", points = 10, text = "..." }',
    "text": '{ when = "...", text = "..." }, or a text in quotes',
    "due": '{ when = "...", at = "+1d" }, or an offset in quotes',
}


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False


def _make_id(label: str) -> str:
    """An id that a choice with this label could have."""
    words = re.findall(r"[a-z0-9]+", label.lower())
    found = "_".join(words[:3])[:20]
    return found if found[:1].isalpha() else f"c_{found}".rstrip("_")


def _quote_toml(text: str) -> str:
    shown = text if len(text) <= 40 and text.isprintable() else "..."
    return f'"{shown}"' if '"' not in shown and "\\" not in shown else f"'{shown}'"


def _describe(value: Any) -> str:
    """Describe the kind of a TOML value."""
    names = ((bool, "true or false"), (str, "text"), (int, "a whole number"), (list, "a list"), (dict, "a table"))
    described = next((words for kind, words in names if isinstance(value, kind)), None)
    return described or ("a date or time" if hasattr(value, "isoformat") else "a number with decimals")
