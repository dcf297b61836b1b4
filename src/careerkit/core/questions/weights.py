"""The questions `weights`, which shares 100 points between items, and `rank`, which puts items in order, best first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from careerkit.core.expressions.types import RankType, WeightsType
from careerkit.core.frozen import cast, frozen
from careerkit.core.questions.choice import OptionsSpec, list_ids
from careerkit.core.questions.question import (
    Choice,
    ChoicesOf,
    DefaultCheck,
    TypeScope,
    Words,
    check_range,
    find_choice,
    find_choices,
    is_texts,
    parse_number,
    read_table,
    refuse,
)
from careerkit.core.values import Value, format_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.expressions.types import ValueType

TOTAL_POINTS = Decimal(100)


@frozen
class WeightsSpec(OptionsSpec):
    choices: tuple[Choice, ...] | None = None
    items: str | None = None

    needs_all_items = True
    decision_part = "weights"
    stored_as = "a table of numbers"

    @staticmethod
    def is_stored(value: object) -> bool:
        return isinstance(value, Mapping) and not any(isinstance(each, Mapping) for each in value.values())

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        choices = choices_of(self.options)
        given = {
            find_choice(key, choices): check_range(parse_number(points), Decimal(0), TOTAL_POINTS)
            for key, points in read_table(raw).items()
        }
        points = {choice.id: given.get(choice.id, Decimal(0)) for choice in choices}
        total = sum(points.values(), Decimal(0))
        if total != TOTAL_POINTS:
            gap = (
                f"{TOTAL_POINTS - total:f} still to share out"
                if total < TOTAL_POINTS
                else f"{total - TOTAL_POINTS:f} too many"
            )
            raise refuse("not-100", f"The points add up to {total:f}, not 100.", f"That is {gap}.")
        return MappingProxyType(points)

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        ids = list_ids(self.options, choices_of)
        cuts = [0, *sorted(random.randint(0, int(TOTAL_POINTS)) for _ in ids[1:]), int(TOTAL_POINTS)]
        return {each: cuts[at + 1] - cuts[at] for at, each in enumerate(ids)}

    def prune(self, kept: Value, choices_of: ChoicesOf) -> Mapping[str, Decimal]:
        points = cast("Mapping[str, Decimal]", kept)
        return MappingProxyType({each: points[each] for each in list_ids(self.options, choices_of) if each in points})

    def is_complete(self, kept: Value, choices_of: ChoicesOf) -> bool:
        return sum(self.prune(kept, choices_of).values(), Decimal(0)) == TOTAL_POINTS

    def merge_hidden(self, new: Value, kept: Value) -> Value:
        return MappingProxyType({**cast("Mapping[str, Decimal]", kept), **cast("Mapping[str, Decimal]", new)})

    def format(self, value: Value, words: Words) -> str:
        return ", ".join(self.format_items(value, words))

    def format_items(self, value: Value, words: Words) -> list[str]:
        labels = words.option_labels(self.options)
        points = cast("Mapping[str, Decimal]", value)
        return [f"{labels.get(each, each)} {format_number(amount)}" for each, amount in points.items()]

    def expression_type(self, scope: TypeScope) -> ValueType:
        return WeightsType(scope.ids_of(self.options))

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        if not isinstance(value, Mapping) or any(not _is_points(points) for points in value.values()):
            check.report("It should be a table of points, such as { a = 60, b = 40 }.")
            return
        ids = check.ids_of(self.options)
        check.check_ids(list(value), ids)
        check.check_complete(value, ids)
        if sum(value.values()) != TOTAL_POINTS:
            check.report(f"Its points add up to {sum(value.values())}, not 100.")


def _is_points(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and value >= 0


@frozen
class RankSpec(OptionsSpec):
    choices: tuple[Choice, ...] | None = None
    items: str | None = None

    gives_items = True
    needs_all_items = True
    decision_part = "weights"
    stored_as = "a list of texts"

    is_stored = staticmethod(is_texts)

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        choices = choices_of(self.options)
        ranked = find_choices(raw, choices)
        missing = [choice.id for choice in choices if choice.id not in ranked]
        if missing:
            hint = "Rank all of them, best first."
            raise refuse("not-ranked", f"Not placed yet: {', '.join(missing)}.", hint)
        return ranked

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        ids = list_ids(self.options, choices_of)
        return random.sample(ids, len(ids))

    def prune(self, kept: Value, choices_of: ChoicesOf) -> tuple[str, ...]:
        ids = list_ids(self.options, choices_of)
        return tuple(each for each in cast("tuple[str, ...]", kept) if each in ids)

    def is_complete(self, kept: Value, choices_of: ChoicesOf) -> bool:
        return len(self.prune(kept, choices_of)) == len(list_ids(self.options, choices_of))

    def merge_hidden(self, new: Value, kept: Value) -> Value:
        if not self.items:
            return new
        ranked = cast("tuple[str, ...]", new)
        return ranked + tuple(each for each in cast("tuple[str, ...]", kept) if each not in ranked)

    def expression_type(self, scope: TypeScope) -> ValueType:
        return RankType(scope.ids_of(self.options))

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        ids = check.ids_of(self.options)
        check.check_ids(value, ids)
        check.check_complete(value, ids)


SPECS = {"weights": WeightsSpec, "rank": RankSpec}
