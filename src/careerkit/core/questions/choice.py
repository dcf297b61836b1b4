"""The questions `choice`, `choices`, `yesno` and `list`, and the base class of types whose answer is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from careerkit.core.expressions.types import ChoicesType, ChoiceType, ListType, YesNoType
from careerkit.core.frozen import cast, frozen, replace
from careerkit.core.questions.question import (
    Choice,
    ChoicesOf,
    DefaultCheck,
    Options,
    Spec,
    SpecCheck,
    TypeScope,
    Words,
    check_count,
    describe,
    find_choice,
    is_texts,
    read_sequence,
    read_text,
    refuse,
)
from careerkit.core.questions.text import SAMPLE_TEXTS, TextSpec
from careerkit.core.text import join_labels, join_texts
from careerkit.core.values import Value, collapse_spaces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any, Self

    from careerkit.core.expressions.types import ValueType

MAX_OWN_LENGTH = 80
"""The most characters of an option that the person typed."""
MAX_OWN = 10
MAX_ENTRIES = 50
"""The most entries that a list or records question can have."""
MAX_INVENTED = 3
"""The most entries of one that is made up, unless it needs more."""


class OptionsSpec(Spec):
    """A spec with either `choices` or `items` (the id of an earlier question)."""

    __slots__ = ()

    choices: tuple[Choice, ...] | None
    items: str | None
    own = False
    """May the person type options of their own?"""

    def read_option(self, raw: object, choices: tuple[Choice, ...]) -> str:
        """The id of a choice, or what the person typed. Raises Refused if it is neither."""
        fixed = {choice.id for choice in self.choices or ()}
        if not self.own or not isinstance(raw, str) or raw in fixed:
            return find_choice(raw, choices)
        text = collapse_spaces(read_text(raw, MAX_OWN_LENGTH))
        same = (choice.id for choice in choices if choice.label.casefold() == text.casefold())
        return next(same, text)

    def is_own_text(self, value: Value) -> bool:
        return self.own and isinstance(value, str) and all(value != choice.id for choice in self.choices or ())

    @property
    def options(self) -> Options:
        return Options(self.choices or (), self.items or "")

    @property
    def all_options(self) -> tuple[Options, ...]:
        return (self.options,)

    def fix_choices(
        self,
        choices: tuple[Choice, ...],
        columns: tuple[Choice, ...],
        field_choices: Mapping[str, tuple[Choice, ...]],
    ) -> Self:
        return replace(self, choices=choices, items=None)

    def meaning(self) -> object:
        return describe_options(self.options)

    def format(self, value: Value, words: Words) -> str:
        return join_labels(self.format_items(value, words))

    def format_items(self, value: Value, words: Words) -> list[str]:
        labels = words.option_labels(self.options)
        return [labels.get(each, each) for each in cast("tuple[str, ...]", value)]

    def choice_lists(self) -> Iterator[tuple[str, tuple[Choice, ...]]]:
        if self.choices is not None:
            yield "choices", self.choices

    def check(self, check: SpecCheck) -> None:
        if self.items is not None and self.choices is not None:
            message = "A question has either `choices` or `items`, not both."
            check.report("items", "conflicting-keys", message, "Remove one of them.", at_key=True)
        elif self.items is not None:
            check.check_source("items", self.items)
        elif self.choices is None:
            if not check.is_broken("choices") and not check.is_broken("items"):
                hint = "Add `choices`, or set `items` to the id of an earlier question."
                check.report("", "missing-key", f"A {self.type_name} question needs `choices` or `items`.", hint)
        elif not self.choices:
            check.report("choices", "no-choices", "The list of choices is empty.", "Add some choices.")
        if self.own and self.items is not None:
            message = "`own` only works with fixed `choices`."
            check.report("own", "conflicting-keys", message, "Remove it, or list the choices.", at_key=True)
        for key in ("own_hint", "own_max"):
            if check.is_written(key) and not self.own and not check.is_broken("own"):
                message = f"`{key}` has no effect without `own`."
                check.report(key, "unused-key", message, "Add own = true.", at_key=True, severity="warning")

    @property
    def type_name(self) -> str:
        """The name of the type in a playbook."""
        return type(self).__module__.rpartition(".")[2]


@frozen
class ChoiceSpec(OptionsSpec):
    choices: tuple[Choice, ...] | None = None
    items: str | None = None
    own: bool = False
    own_hint: str = ""

    may_be_field = True

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        return self.read_option(raw, choices_of(self.options))

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        ids = list_ids(self.options, choices_of)
        return random.choice((*ids, SAMPLE_TEXTS[0]) if self.own else ids)

    def prune(self, kept: Value, choices_of: ChoicesOf) -> Value | None:
        return kept if kept in list_ids(self.options, choices_of) or self.is_own_text(kept) else None

    def is_complete(self, kept: Value, choices_of: ChoicesOf) -> bool:
        return self.prune(kept, choices_of) is not None

    def format(self, value: Value, words: Words) -> str:
        chosen = cast("str", value)
        return words.option_labels(self.options).get(chosen, chosen)

    def format_items(self, value: Value, words: Words) -> list[str]:
        return [self.format(value, words)]

    def expression_type(self, scope: TypeScope) -> ValueType:
        return ChoiceType(scope.ids_of(self.options))

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        check.check_ids([value], check.ids_of(self.options))


def list_ids(options: Options, choices_of: ChoicesOf) -> tuple[str, ...]:
    """The ids that can be chosen at this point of the interview."""
    return tuple(choice.id for choice in choices_of(options))


def describe_options(options: Options) -> object:
    """A value to compare the meaning of options by: their source, ids and labels, regardless of order."""
    return options.source, {each.id: collapse_spaces(each.label) for each in options.choices}


def check_counts(least: int, most: int | None, limit: int | None, check: SpecCheck, *, noun: str = "entries") -> None:
    """Report a `min` or `max` number of entries that can't be met. `limit` is the most entries possible."""
    if least < 0:
        check.report("min", "bad-limit", "`min` can't be less than 0.", "Use 0 to allow an empty answer.")
    if most is not None and most < max(least, 1):
        check.report("max", "bad-limit", f"`max` can't be less than {max(least, 1)}.", "Raise it.")
    for key, value in (("min", least), ("max", most)):
        if limit is not None and value is not None and value > limit:
            message = f"`{key}` is {value}, but the limit is {limit} {noun}."
            check.report(key, "bad-limit", message, "Lower it.")


@frozen
class ChoicesSpec(OptionsSpec):
    """`min` and `max` limit the number of choices picked, `own_max` how many of them the person may type."""

    choices: tuple[Choice, ...] | None = None
    items: str | None = None
    own: bool = False
    own_hint: str = ""
    own_max: int = 3
    min: int = 1
    max: int | None = None

    may_be_field = True
    gives_items = True
    stored_as = "a list of texts"

    is_stored = staticmethod(is_texts)

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        choices = choices_of(self.options)
        picked = tuple(self.read_option(each, choices) for each in read_sequence(raw))
        if len(set(picked)) < len(picked):
            raise refuse("twice", "An item appears more than once.", "List each one once.")
        own = tuple(each for each in picked if self.is_own_text(each))
        check_count(len(own), 0, self.own_max, "option of your own")
        most = self.max if self.max is not None else len(choices) + self.own_max * self.own
        check_count(len(picked), self.min, most, "choice")
        return (*(choice.id for choice in choices if choice.id in picked), *own)

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        ids = list_ids(self.options, choices_of)
        most = min(len(ids), len(ids) if self.max is None else self.max)
        fewest = min(self.min, most)
        picked = random.sample(ids, random.choice((fewest, min(most, max(1, fewest)), random.randint(fewest, most))))
        return [*picked, *SAMPLE_TEXTS[: max(0, self.min - most) if self.own else 0]]

    def prune(self, kept: Value, choices_of: ChoicesOf) -> tuple[str, ...]:
        picked = cast("tuple[str, ...]", kept)
        own = (each for each in picked if self.is_own_text(each))
        return (*(each for each in list_ids(self.options, choices_of) if each in picked), *own)

    def is_complete(self, kept: Value, choices_of: ChoicesOf) -> bool:
        return len(self.prune(kept, choices_of)) >= self.min

    def expression_type(self, scope: TypeScope) -> ValueType:
        return ChoicesType(scope.ids_of(self.options))

    def check(self, check: SpecCheck) -> None:
        OptionsSpec.check(self, check)
        limit = len(self.choices) + self.own_max * self.own if self.choices is not None else None
        if self.own and not 1 <= self.own_max <= MAX_OWN:
            message = f"`own_max` must be between 1 and {MAX_OWN}."
            check.report("own_max", "bad-limit", message, "3, the default, is usually enough.")
        check_counts(self.min, self.max, limit, check, noun="choices")

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        check.check_ids(value, check.ids_of(self.options))
        check.check_length(value, self.min, self.max)


@frozen
class YesNoSpec(Spec):
    may_be_field = True
    stored_as = "true or false"

    @staticmethod
    def is_stored(value: object) -> bool:
        return isinstance(value, bool)

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        if not isinstance(raw, bool):
            raise refuse("not-yes-or-no", f"This should be yes or no, not {describe(raw)}.", "Write true or false.")
        return raw

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        return random.choice((True, False))

    def expression_type(self, scope: TypeScope) -> ValueType:
        return YesNoType()

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        if not isinstance(value, bool):
            check.report("It should be true or false.")


@frozen
class ListSpec(Spec):
    """`min` and `max` limit the number of entries."""

    min: int = 1
    max: int = MAX_ENTRIES

    is_own_words = True
    gives_items = True
    stored_as = "a list of texts"

    is_stored = staticmethod(is_texts)

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        texts = [read_text(item, TextSpec().max).strip() for item in read_sequence(raw)]
        if len(set(texts)) < len(texts):
            raise refuse("twice", "The same line appears twice.", "Keep one of them.")
        check_count(len(texts), self.min, self.max, "line")
        return tuple(texts)

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        most = min(self.max, max(self.min, len(SAMPLE_TEXTS)))
        count = random.randint(min(self.min, most), min(most, max(self.min, MAX_INVENTED)))
        return [SAMPLE_TEXTS[at % len(SAMPLE_TEXTS)] + " again" * (at // len(SAMPLE_TEXTS)) for at in range(count)]

    def format(self, value: Value, words: Words) -> str:
        return join_texts(self.format_items(value, words))

    def format_items(self, value: Value, words: Words) -> list[str]:
        return list(cast("tuple[str, ...]", value))

    def expression_type(self, scope: TypeScope) -> ValueType:
        return ListType()

    def check(self, check: SpecCheck) -> None:
        check_counts(self.min, self.max, MAX_ENTRIES, check)

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        check.check_ids(value, None)
        check.check_length(value, self.min, self.max)


SPECS = {"choice": ChoiceSpec, "choices": ChoicesSpec, "yesno": YesNoSpec, "list": ListSpec}
