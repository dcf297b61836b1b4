"""The `records` question: several small forms with the same fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.expressions.types import ChoiceType, RecordsType
from careerkit.core.frozen import cast, frozen, replace
from careerkit.core.questions.choice import MAX_ENTRIES, MAX_INVENTED, check_counts, list_ids
from careerkit.core.questions.question import (
    ITEM,
    Choice,
    ChoicesOf,
    DefaultCheck,
    Options,
    Question,
    ShowsField,
    Spec,
    SpecCheck,
    TypeScope,
    Words,
    check_count,
    find_choice,
    read_sequence,
    read_table,
    refuse,
)
from careerkit.core.text import PUNCTUATION, parse_template, quote_fragment, strip_full_stop, strip_repeated_opening
from careerkit.core.values import MISSING, FieldValue, Record, Value, collapse_spaces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.expressions.types import ValueType


@frozen
class RecordsSpec(Spec):
    """`line` is the template that formats a record as one line. `min` and `max` limit the number of records.

    With `items` there is one record for each item in the answer to that question, with the additional field `item`, and
    `min` and `max` don't apply.
    """

    fields: tuple[Question, ...]
    line: str = ""
    min: int = 1
    max: int = MAX_ENTRIES
    items: str | None = None

    needs_all_items = True
    stored_as = "a list of tables"

    @staticmethod
    def is_stored(value: object) -> bool:
        return isinstance(value, tuple) and all(isinstance(item, Mapping) for item in value)

    @property
    def field_names(self) -> tuple[str, ...]:
        own = tuple(field.id for field in self.fields)
        return (ITEM, *own) if self.items else own

    @property
    def all_options(self) -> tuple[Options, ...]:
        return (Options(source=self.items or ""),)

    # ------------------------------------------------------------ answers

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        given = [read_table(each) for each in read_sequence(raw)]
        if self.items:
            items = choices_of(Options(source=self.items))
            by_item = {find_choice(record.get(ITEM), items): record for record in given}
            missing = [item.label for item in items if item.id not in by_item]
            if missing:
                raise refuse(
                    "items-missing", f"There is no form for: {', '.join(missing)}.", "Fill in a form for each item."
                )
            given = [by_item[item.id] for item in items]
        else:
            check_count(len(given), self.min, self.max, "form")
        return tuple(self._validate_record(number, each, choices_of, today) for number, each in enumerate(given, 1))

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        items = list_ids(Options(source=self.items), choices_of) if self.items else ()
        count = len(items) or random.randint(self.min, max(self.min, min(self.max, MAX_INVENTED)))
        forms = ({each.id: each.spec.invent(choices_of, today, random) for each in self.fields} for _ in range(count))
        return [{**form, ITEM: items[at]} if items else form for at, form in enumerate(forms)]

    def _validate_record(self, number: int, given: Mapping[str, object], choices_of: ChoicesOf, today: date) -> Record:
        record: dict[str, FieldValue] = {ITEM: str(given[ITEM])} if self.items else {}
        known = {field.id for field in self.fields} | set(record)
        problems = [_unknown_field(key, known, number) for key in given if key not in known]
        for field in self.fields:
            try:
                value = _validate_field(field, given.get(field.id), choices_of, today)
                record |= {} if value is None else {field.id: value}
            except Refused as refused:
                place = f"Form {number}, {field.ask} "
                problems += [Problem(each.code, place + each.message, each.hint) for each in refused.problems]
        if problems:
            raise Refused(problems)
        return MappingProxyType(record)

    def check_fields(self, value: Value, shows_field: ShowsField) -> Value:
        if not any(field.when for field in self.fields):
            return value
        problems: list[Problem] = []
        records = [
            self._check_record(number, each, shows_field, problems)
            for number, each in enumerate(cast("tuple[Record, ...]", value), 1)
        ]
        if problems:
            raise Refused(problems)
        return tuple(records)

    def _check_record(self, number: int, record: Record, shows_field: ShowsField, problems: list[Problem]) -> Record:
        shown: dict[str, FieldValue] = {ITEM: record[ITEM]} if ITEM in record else {}
        for field in self.fields:
            if field.when and not shows_field(field, shown):
                continue
            if field.id in record:
                shown[field.id] = record[field.id]
            elif field.when and field.required:
                message = f"Form {number}, {field.ask} This is not filled in."
                problems.append(Problem("missing", message, "This field is required."))
        return MappingProxyType(shown)

    def prune(self, kept: Value, choices_of: ChoicesOf) -> Value | None:
        if not self.items:
            return kept
        by_item = {str(record[ITEM]): record for record in cast("tuple[Record, ...]", kept)}
        return tuple(by_item[each] for each in list_ids(Options(source=self.items), choices_of) if each in by_item)

    def is_complete(self, kept: Value, choices_of: ChoicesOf) -> bool:
        if not self.items:
            return True
        now = cast("tuple[Record, ...]", self.prune(kept, choices_of))
        return len(now) == len(list_ids(Options(source=self.items), choices_of))

    def merge_hidden(self, new: Value, kept: Value) -> Value:
        if not self.items:
            return new
        records = cast("tuple[Record, ...]", new)
        asked = {record[ITEM] for record in records}
        return records + tuple(each for each in cast("tuple[Record, ...]", kept) if each[ITEM] not in asked)

    def fix_choices(
        self, choices: tuple[Choice, ...], columns: tuple[Choice, ...], field_choices: Mapping[str, tuple[Choice, ...]]
    ) -> RecordsSpec:
        fields = (
            replace(field, spec=field.spec.fix_choices(tuple(_field_choices(field, field_choices)), (), {}))
            for field in self.fields
        )
        return replace(self, fields=tuple(fields))

    def meaning(self) -> object:
        return self.items or "", {field.id: field.meaning() for field in self.fields}

    # ------------------------------------------------------------ formatting and expressions

    def format(self, value: Value, words: Words) -> str:
        return "; ".join(self.format_items(value, words))

    def format_items(self, value: Value, words: Words) -> list[str]:
        return [self._format_record(record, words) for record in cast("tuple[Record, ...]", value)]

    def _format_record(self, record: Record, words: Words) -> str:
        fields = {field.id: field for field in self.fields}
        texts: list[str] = []
        for part in parse_template(self.line or "{" + self.fields[0].id + "}"):
            if isinstance(part, str):
                if texts and part[:1] in PUNCTUATION and part:
                    texts[-1] = strip_full_stop(texts[-1])
                texts.append(part)
            elif part.id == ITEM:
                texts.append(self._format_item(str(record[ITEM]), words))
            else:
                field = fields[part.id]
                text = collapse_spaces(_format_field(field, record.get(part.id), words))
                texts.append(strip_repeated_opening(text, field.ask, field.hint) if field.spec.is_own_words else text)
        return "".join(texts)

    def _format_item(self, item: str, words: Words) -> str:
        items = self.items or ""
        return MISSING if words.hides(items) else words.option_labels(Options(source=items)).get(item, item)

    def expression_type(self, scope: TypeScope) -> ValueType:
        fields: dict[str, ValueType] = (
            {ITEM: ChoiceType(scope.ids_of(Options(source=self.items)))} if self.items else {}
        )
        for field in self.fields:
            kind = field.spec.expression_type(scope)
            if kind is not None:
                fields.setdefault(field.id, kind)
        return RecordsType(fields)

    # ------------------------------------------------------------ linting

    def check(self, check: SpecCheck) -> None:
        if not self.fields and not check.is_broken("fields"):
            check.report("fields", "no-fields", "These records have no fields.", "Add at least one.")
        if self.items is None:
            check_counts(self.min, self.max, MAX_ENTRIES, check)
            return
        check.check_source("items", self.items)
        for key in ("max", "min"):
            if check.is_written(key):
                message = f"`{key}` has no effect with `items`: there is one form for each item."
                check.report(key, "unused-key", message, "Remove it.", at_key=True, severity="warning")

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        if not isinstance(value, list) or not all(isinstance(record, Mapping) for record in value):
            check.report("It should be a list of tables.")
            return
        fields = {field.id: field for field in self.fields}
        for record in value:
            for name, each in record.items():
                if name in fields:
                    check.check_field(fields[name], each)
                elif name != ITEM or not self.items:
                    check.report(f"There is no field `{name}`.")
        if not self.items:
            check.check_length(value, self.min, self.max)


def _validate_field(field: Question, raw: object, choices_of: ChoicesOf, today: date) -> FieldValue:
    if raw is None and (field.when or not field.required):
        return None
    if raw is None:
        raise refuse("missing", "This is not filled in.", "This field is required.")
    value = field.spec.validate(raw, choices_of, today)
    return cast("FieldValue", value)  # the format doesn't allow records within records


def _unknown_field(key: str, known: set[str], number: int) -> Problem:
    near = find_closest(key, known)
    hint = f"Did you mean {near}?" if near else f"Its fields: {', '.join(sorted(known))}."
    return Problem("unknown-field", f"Form {number} has no field {quote_fragment(key)}.", hint)


def _field_choices(field: Question, field_choices: Mapping[str, tuple[Choice, ...]]) -> tuple[Choice, ...]:
    fixed = [choice for options in field.spec.all_options for choice in options.choices]
    return tuple(field_choices.get(field.id, fixed))


def _format_field(field: Question, value: FieldValue, words: Words) -> str:
    if value is None or words.hides_field(field):
        return MISSING
    return ", ".join(field.spec.format_items(value, words))


SPECS = {"records": RecordsSpec}
