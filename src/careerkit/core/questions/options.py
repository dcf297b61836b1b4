"""The base class of question types whose answer is chosen from `choices`, or from the answer to another question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from careerkit.core.formatting import collapse_spaces
from careerkit.core.frozen import cast, replace
from careerkit.core.questions.question import Choice, ChoicesOf, Options, Spec, SpecCheck, Words
from careerkit.core.questions.validation import find_choice, read_text
from careerkit.core.text import join_labels
from careerkit.core.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

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
