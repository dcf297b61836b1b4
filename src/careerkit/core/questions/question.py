"""The question record, the base class `Spec` for what depends on the question type, its validation, and the registry of types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

from careerkit.core.errors import Path, Problem, Refused, Severity, find_closest
from careerkit.core.frozen import Protocol, frozen
from careerkit.core.records import from_plain
from careerkit.core.text import abbreviate, choose_verb, format_count, is_blank, quote_fragment
from careerkit.core.values import FieldValue, Value, collapse_spaces, format_simple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.expressions.types import Ids, ValueType

ITEM = "item"
"""The field that holds the id of the item in each record of a records question with `items`."""

Plain = str | bool | int | Decimal | list["Plain"] | dict[str, "Plain"] | None
"""A value from TOML or JSON, such as a default or an answer in an answers file, before it is validated."""

Condition = str
"""A boolean expression; empty for no condition. A file may also write it as a table of values."""

MODULES: Mapping[str, str] = {
    "choices": "choice",
    "yesno": "choice",
    "list": "choice",
    "scale": "number",
    "date": "number",
    "note": "text",
    "rank": "weights",
}
"""The module in this package of each type that shares one. The others have a module of their name."""
MAX_NUMBER = Decimal(10) ** 15
"""The limit keeps arithmetic fast and exact; no real answer is larger."""

MAX_DECIMALS = 15


@frozen
class Choice:
    """`unknown`: it means "I don't know". It is offered only while `when` holds."""

    id: str
    label: str
    hint: str = ""
    unknown: bool = False
    when: Condition = ""


@frozen
class Options:
    """What can be chosen from: fixed `choices` or, if `source` is not empty, the answer to that question."""

    choices: tuple[Choice, ...] = ()
    source: str = ""

    @classmethod
    def from_plain(cls, written: str | list[Mapping[str, str]]) -> Options:
        if isinstance(written, str):
            return cls(source=written)
        return cls(tuple(from_plain(Choice, each) for each in written))


@frozen
class Line:
    """One line of a text; an empty `text` separates paragraphs."""

    text: str
    when: Condition = ""

    @classmethod
    def from_plain(cls, table: Mapping[str, str]) -> Line:
        """As `records.from_plain`, in a fraction of its time: a playbook may have a hundred thousand lines."""
        return cls(table["text"], table.get("when") or "")


ChoicesOf = Callable[[Options], tuple[Choice, ...]]
"""Returns the choices that the options stand for at this point of the interview."""

ShowsField = Callable[["Question", Mapping[str, "FieldValue"]], bool]
"""Is this field asked in a form with these values?"""


class Words(Protocol):
    """The context for formatting an answer."""

    def option_labels(self, options: Options) -> Mapping[str, str]:
        """The labels of the options, by id."""

    def hides(self, name: str) -> bool:
        """Must the answer to this question stay hidden?"""

    def hides_field(self, field: Question) -> bool:
        """Must this field of a record stay hidden?"""


class TypeScope(Protocol):
    """The context for determining the type of an answer in expressions."""

    def ids_of(self, options: Options) -> Ids:
        """The ids that can be chosen from. None if they depend on an answer that the person writes."""


class SpecCheck(Protocol):
    """The linter's side of checking one question: what a spec can find out about it, and how it reports problems."""

    def report(
        self, key: str | Path, code: str, message: str, hint: str, *, at_key: bool = False, severity: Severity = "error"
    ) -> None:
        """Report a problem with the value at `key` or, with `at_key`, the key itself. An empty key is the question."""

    def is_broken(self, key: str) -> bool:
        """Was the value of `key` invalid, so that nothing more may be reported about it?"""

    def is_written(self, key: str) -> bool:
        """Does the file have this key?"""

    def check_source(self, key: str, name: str) -> None:
        """Report if the answer to the question `name` can't be used as options."""

    def check_prediction(self, low: Decimal | None, high: Decimal | None) -> None:
        """Report problems with `predicts`, given the range of the question."""


class DefaultCheck(Protocol):
    """The linter's side of checking a `default`: what a spec can find out, and how it reports problems."""

    def report(self, message: str) -> None: ...

    def ids_of(self, options: Options) -> Ids: ...

    def check_ids(self, value: Any, ids: Ids) -> None:
        """Report if `value` is not a list of known ids without duplicates. None as `ids` allows any text."""

    def check_complete(self, value: Any, ids: Ids) -> None:
        """Report ids that `value` leaves out."""

    def check_length(self, value: Any, least: int, most: int | None) -> None: ...

    def check_number(self, value: Any, low: Decimal | None, high: Decimal | None, *, whole: bool = False) -> None: ...

    def check_field(self, field: Question, value: Any) -> None:
        """Report if `value` is not a valid answer to the field of a record."""


class Spec:
    """Everything that depends on the type of a question: its additional keys, and how its answers are handled.

    Each type is a frozen subclass of this class, in the `SPECS` of the module that MODULES names, or else of the module of
    its name. The fields of the subclass are the keys of the type in a playbook; their annotations must be known to
    `playbook.schema`.
    A type must implement `validate` and `expression_type`; the other methods default to those of a simple value.
    """

    __slots__ = ()

    has_answer = True
    may_be_field = False
    """Can a field of records have this type?"""
    can_predict = False
    is_own_words = False
    """Is the answer free text, written by the person?"""
    gives_items = False
    """Can other questions use the answer as their options?"""
    needs_all_items = False
    """Is the answer invalid unless it covers all items?"""
    decision_part = ""
    """How a decision can use the answer: as "weights", as "scores", or, if empty, not at all."""
    not_inserted: tuple[str, str, str] | None = None
    """If the answer can't be inserted into text: problem code, what the question is, and hint."""

    fields: tuple[Question, ...] = ()
    """The fields of each record."""
    text: tuple[Line, ...] = ()
    """The text of a note."""

    @property
    def options(self) -> Options | None:
        """The options that the ids in the answer are chosen from; None if the answer doesn't contain ids."""
        return None

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of the fields of a record in expressions."""
        return ()

    @property
    def all_options(self) -> tuple[Options, ...]:
        """All options of the question; for a table its rows, then its columns."""
        return ()

    @property
    def number_range(self) -> tuple[Decimal | None, Decimal | None]:
        """The lowest and highest number allowed in an answer; None where there is no limit."""
        return None, None

    # ------------------------------------------------------------ answers

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        """Convert a raw answer to a valid one. Raises Refused with all of its problems."""
        raise NotImplementedError

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        """A made-up raw answer that is nearly always valid. Every choice and number that is allowed can come up."""
        raise NotImplementedError

    def check_fields(self, value: Value, shows_field: ShowsField) -> Value:
        """The answer without the fields that its forms don't show. Raises Refused if a field that they need is missing."""
        return value

    def is_own_text(self, value: Value) -> bool:
        """Is an answer to choose from an option that the person typed?"""
        return False

    def prune(self, kept: Value, choices_of: ChoicesOf) -> Value | None:
        """The part of an earlier answer that is still valid for the current options; None if nothing is."""
        return kept

    def is_complete(self, kept: Value, choices_of: ChoicesOf) -> bool:
        """Does an earlier answer cover everything that the question asks now?"""
        return True

    def merge_hidden(self, new: Value, kept: Value) -> Value:
        """Add to the new answer what the earlier one has about items that are no longer asked about."""
        return new

    def fix_choices(
        self, choices: tuple[Choice, ...], columns: tuple[Choice, ...], field_choices: Mapping[str, tuple[Choice, ...]]
    ) -> Spec:
        """Replace references to the answers of other questions by fixed choices."""
        return self

    def resolve_default(self, default: Plain, today: date) -> object:
        """The default as a raw answer, with offsets from today resolved."""
        return default

    def meaning(self) -> object:
        """A value to compare specs by: if it is equal for two specs, an answer means the same for both."""
        return None

    # ------------------------------------------------------------ formatting, storage and expressions

    def format(self, value: Value, words: Words) -> str:
        """Format an answer for use in a sentence."""
        return format_simple(value)  # type: ignore[arg-type]  # types with other values override this

    def format_alone(self, value: Value, words: Words) -> str:
        """Format an answer on its own, next to the question."""
        return self.format(value, words)

    def format_items(self, value: Value, words: Words) -> list[str]:
        """Format the parts of an answer separately."""
        return [self.format(value, words)]

    stored_as = "a text"
    """What an answer is in a journal file, for error messages."""

    @staticmethod
    def is_stored(value: object) -> bool:
        """Does `value`, read from a journal file, have the type of an answer?"""
        return isinstance(value, str)

    def expression_type(self, scope: TypeScope) -> ValueType | None:
        """The type of the answer in expressions; None if the question has no answer."""
        return None

    # ------------------------------------------------------------ linting

    def check(self, check: SpecCheck) -> None:
        """Report problems with the keys of the question."""

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        """Report if `value` is not a valid answer."""

    def choice_lists(self) -> Iterator[tuple[str, tuple[Choice, ...]]]:
        """Each list of fixed choices, with its key."""
        return iter(())

    def fixed_texts(self) -> Iterator[tuple[Path, str]]:
        """Texts in which inserts have no effect, each with its path in the table of the question."""
        for key, choices in self.choice_lists():
            for number, choice in enumerate(choices):
                yield (key, number, "label"), choice.label
                yield (key, number, "hint"), choice.hint


@frozen
class Question:
    """`type` is the name of the type in a playbook ("text", "choice", ...); `spec` has the keys of that type."""

    id: str
    type: str
    spec: Spec
    ask: str
    hint: str = ""
    why: str = ""
    source: tuple[str, ...] = ()
    when: Condition = ""
    required: bool = True
    default: Plain = None
    check: str = ""
    """An expression that a valid answer satisfies; empty for none."""
    check_text: str = ""
    private: bool = False
    again: str = ""
    predicts: str = ""

    @classmethod
    def from_plain(cls, table: Mapping[str, Any]) -> Question:
        """Read a question from a flat table with its own keys and those of its type. Raises ValueError for an unknown type."""
        spec_class = find_spec_class(table["type"])
        if spec_class is None:
            raise ValueError(f"no question type {table['type']!r}")
        return from_plain(Question, {**table, "spec": from_plain(spec_class, table)})

    def meaning(self) -> tuple[object, ...]:
        """A value to compare questions by: if it is equal for two questions, an answer means the same for both."""
        return self.type, collapse_spaces(self.ask), self.spec.meaning()


def validate_answer(
    question: Question, raw: object, *, choices_of: ChoicesOf, today: date, shows_field: ShowsField | None = None
) -> Value:
    """Convert a raw answer (any TOML value) to a valid answer to `question`.

    Without `shows_field`, fields with a condition may be filled in or left out. Raises Refused with all problems of the
    answer, placed at the id of the question.
    """
    try:
        value = question.spec.validate(raw, choices_of, today)
        return question.spec.check_fields(value, shows_field) if shows_field else value
    except Refused as refused:
        raise Refused(problem.at(problem.where or question.id) for problem in refused.problems) from None


@cache
def find_spec_class(question_type: str) -> type[Spec] | None:
    """The spec class of a type, by its name in a playbook. None for an unknown type."""
    if not (question_type.isascii() and question_type.isalpha()):
        return None
    name = f"{__package__}.{MODULES.get(question_type, question_type)}"
    try:
        module = __import__(name, fromlist=("SPECS",))
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return None
    specs: Mapping[str, type[Spec]] = getattr(module, "SPECS", {})
    return specs.get(question_type)


@cache
def list_question_types() -> tuple[str, ...]:
    """The names of all types, sorted. Imports all of their modules."""
    from pkgutil import iter_modules

    package = __import__(str(__package__), fromlist=("question",))
    names = {*MODULES, *(each.name for each in iter_modules(package.__path__))}
    return tuple(sorted(name for name in names if find_spec_class(name)))


def refuse(code: str, message: str, hint: str = "") -> Refused:
    """Create the exception for one problem. The caller raises it."""
    return Refused(Problem(code, message, hint))


def parse_number(raw: object) -> Decimal:
    """Convert `raw` to an exact decimal; a float is converted by its shortest representation.

    Raises Refused if it is not a number, or exceeds MAX_NUMBER or MAX_DECIMALS.
    """
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal, str)):
        raise refuse("not-a-number", "A number is needed.", "Write digits, as in 12 or 0.5.")
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        raise refuse(
            "not-a-number", f"{quote_fragment(str(raw))} is not a number.", "Write digits, as in 12 or 0.5."
        ) from None
    if not number.is_finite() or abs(number) > MAX_NUMBER or number.as_tuple().exponent < -MAX_DECIMALS:  # type: ignore[operator]
        raise refuse("too-large", f"{abbreviate(str(raw))} is out of range.", "Write a number with fewer digits.")
    return number


def check_range(number: Decimal, lowest: Decimal | None, highest: Decimal | None, unit: str = "") -> Decimal:
    """Return `number`. Raises Refused if it is outside the bounds, which are inclusive."""
    tail = f" {unit}" if unit else ""
    if lowest is not None and number < lowest:
        raise refuse("too-small", f"{number:f} is too small.", f"At least {lowest:f}{tail}.")
    if highest is not None and number > highest:
        raise refuse("too-large", f"{number:f} is too large.", f"At most {highest:f}{tail}.")
    return number


def check_count(number: int, least: int, most: int, noun: str) -> None:
    """Raises Refused if `number` is less than `least` or more than `most`. `noun` is singular."""
    there_are = f"there {choose_verb(number, 'is', 'are')} {number}"
    if number < least:
        message = f"At least {format_count(least, noun)} {choose_verb(least, 'is', 'are')} needed: {there_are}."
        raise refuse("too-few", message, "Add what is missing.")
    if number > most:
        message = f"At most {format_count(most, noun)} {choose_verb(most, 'is', 'are')} allowed: {there_are}."
        raise refuse("too-many", message, "Keep what matters most.")


def find_choice(raw: object, choices: tuple[Choice, ...]) -> str:
    """Return `raw` if it is the id of one of the choices. Raises Refused if it is not."""
    ids = [choice.id for choice in choices]
    if isinstance(raw, str) and raw in ids:
        return raw
    near = find_closest(raw, ids) if isinstance(raw, str) else None
    hint = f"Did you mean {near}?" if near else f"Choose from: {', '.join(ids)}."
    raise refuse("unknown-choice", f"There is no choice {quote_fragment(str(raw))}.", hint)


def find_choices(raw: object, choices: tuple[Choice, ...]) -> tuple[str, ...]:
    """Return the ids in the list `raw`. Raises Refused if one is unknown or a duplicate."""
    ids = tuple(find_choice(each, choices) for each in read_sequence(raw))
    if len(set(ids)) < len(ids):
        raise refuse("twice", "An item appears more than once.", "List each one once.")
    return ids


def read_sequence(raw: object) -> list[object]:
    """Return the elements of a list. Raises Refused if `raw` is not a list."""
    if not isinstance(raw, (list, tuple)):
        raise refuse("not-a-list", f"This should be a list, not {describe(raw)}.", 'Write it as ["one", "two"].')
    return list(raw)


def read_table(raw: object) -> Mapping[str, object]:
    """Return `raw` if it is a table. Raises Refused if it is not."""
    if not isinstance(raw, Mapping):
        raise refuse("not-a-table", f"This should be a table, not {describe(raw)}.", "Write it as { name = value }.")
    return raw


def read_text(raw: object, max_length: int) -> str:
    r"""Return the text with `\n` line ends and without lone surrogates. Raises Refused if nothing of it can be seen, or it is too long."""
    if not isinstance(raw, str):
        raise refuse("not-text", f"This should be text, not {describe(raw)}.", "Put it in quotes.")
    text = raw.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    if is_blank(text):
        raise refuse("empty", "This answer is empty.", "Write a word or two, or leave the question out.")
    if len(text) > max_length:
        over = len(text) - max_length
        raise refuse(
            "too-long", f"The answer is {format_count(over, 'character')} too long.", f"The limit is {max_length:,}."
        )
    return text


def describe(raw: object) -> str:
    """Describe the kind of a raw value, for messages."""
    match raw:
        case bool():
            return "true or false"
        case str():
            return "text"
        case int() | float() | Decimal():
            return "a number"
        case date():
            return "a date"
        case list() | tuple():
            return "a list"
        case Mapping():
            return "a table"
    return "empty" if raw is None else "something else"


def is_texts(value: object) -> bool:
    """Is `value` a tuple of texts?"""
    return isinstance(value, tuple) and all(isinstance(item, str) for item in value)
