"""The values that the names in a condition can have, and the variables that stand for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Self

from careerkit.core.expressions import ast
from careerkit.core.expressions.domain_values import DomainValue, Linear
from careerkit.core.expressions.satisfiability import (
    NULL,
    Atom,
    Formula,
    NumberVariable,
    Variable,
    all_of,
    any_of,
    negate,
)
from careerkit.core.frozen import frozen

MAX_SUBSETS_OF = 8
"""The most choices of which every combination is a class of its own."""


@frozen
class Domain:
    """The values that a name can have, besides null. What doesn't apply to its `kind` has its default.

    - number: from `low` to `high`, `whole` or not, or only `values`. day: `low` and `high` are days from today.
    - choice: one of `ids` or, with `has_others`, something else. choices: `low` to `high` of them.
    - entries: a list or records, with `low` to `high` entries, and the names in a record in `fields`.
    - table: with numbers from `low` to `high` (such as weights and ranks), or text: something that is there or not.
    """

    kind: str = "text"
    low: Decimal | None = None
    high: Decimal | None = None
    whole: bool = False
    values: frozenset[Decimal] | None = None
    ids: tuple[str, ...] = ()
    has_others: bool = False
    unknown: frozenset[str] = frozenset()
    """The ids that mean "I don't know"."""
    fields: Mapping[str, Meaning] = MappingProxyType({})


@frozen
class Meaning:
    """What a name stands for.

    Where `asked_if` doesn't hold, it is null, and what it is fulfils `valid_if`; with `is_required`, it is null only there, once all has been answered. A
    compute has a `definition`, which holds its value, or `exists_if`, which says exactly when there is one; it is null
    unless all of `needs` are known. `only_if` has the condition of each choice that has one, and `bands` those of a
    compute, with `unknown_band` for null.
    """

    domain: Domain
    asked_if: tuple[ast.Node, ...] = ()
    valid_if: tuple[ast.Node, ...] = ()
    is_required: bool = False
    definition: ast.Node | None = None
    exists_if: ast.Node | None = None
    needs: tuple[str, ...] = ()
    only_if: Mapping[str, ast.Node] = MappingProxyType({})
    bands: tuple[str, ...] = ()
    unknown_band: str = ""


class NameVariables:
    """The variables of names, by their `meanings`. `outer` has the names outside of a record."""

    def __init__(self, meanings: Mapping[str, Meaning], *, outer: Self | None = None) -> None:
        self.meanings = meanings
        self.outer = outer
        self.variables: dict[object, Variable] = {}
        self.stale: list[NumberVariable] = outer.stale if outer else []
        """The number variables that must be refreshed before the next search."""
        self.finished: Variable = outer.finished if outer else Variable("finished", 6, 6)
        """Are all required questions that are asked answered? In class 2 that is so, in class 1 not."""

    def holds(self, node: ast.Node) -> Formula:
        """The formula that a condition is true. Null counts as false."""
        raise NotImplementedError

    def is_known(self, name: str) -> Formula:
        """The formula that the name has a value other than "I don't know"."""
        raise NotImplementedError

    def look_up(self, name: str) -> tuple[Self, Meaning | None]:
        owner: Self | None = self
        while owner is not None:
            if name in owner.meanings:
                return owner, owner.meanings[name]
            owner = owner.outer
        return self, None

    def find_domain(self, node: ast.Node) -> Domain | None:
        meaning = self.look_up(node.id)[1] if isinstance(node, ast.Name) else None
        return meaning.domain if meaning else None

    def is_collection(self, node: ast.Node | None) -> bool:
        domain = self.find_domain(node) if node else None
        return domain is not None and domain.kind in ("entries", "table")

    def root(self) -> Self:
        return self.outer.root() if self.outer else self

    def variable(self, name: str, meaning: Meaning) -> Variable:
        """The variable of an answer, or of a compute without a definition."""
        variable = self.variables.get(name)
        if variable is None:
            variable = self.variables[name] = self._create_variable(name, meaning.domain)
            conditions = meaning.asked_if
            if implied := (*conditions, *meaning.valid_if):
                variable.imply(~NULL, lambda: all_of(map(self.holds, implied)))
            if meaning.needs:
                variable.imply(~NULL, lambda: all_of(map(self.is_known, meaning.needs)))
            if meaning.is_required:
                variable.imply(NULL, lambda: self._explain_null(conditions))
            for choice, condition in meaning.only_if.items():
                if mask := _mask_of_id(meaning.domain, choice):
                    variable.imply(mask, lambda node=condition: self.holds(node))  # type: ignore[misc]
        return variable

    def _explain_null(self, conditions: tuple[ast.Node, ...]) -> Formula:
        """A required question without an answer: it isn't asked, or the interview isn't finished."""
        return any_of([Atom(self.finished, 2), negate(all_of(map(self.holds, conditions)))])

    def implied_by_choice(self, name: str, meaning: Meaning, choice: str) -> Formula:
        condition = meaning.only_if.get(choice)
        return all_of([Atom(self.variable(name, meaning), ~NULL), condition is None or self.holds(condition)])

    def flag(self, key: object, implied: Callable[[], Formula]) -> Formula:
        """The formula that something opaque is so; then `implied` holds as well."""
        variable = self.variables.get(("flag", key))
        if variable is None:
            variable = self.variables["flag", key] = Variable(("flag", key), 3, 3)
            variable.imply(2, implied)
        return variable.has(2)

    def opaque_condition(self, node: ast.Node) -> Formula:
        return self.flag(node, lambda: True)

    def opaque_number(
        self, node: ast.Node, low: Decimal | None, high: Decimal | None, *, whole: bool = False, exists: Formula = True
    ) -> DomainValue:
        if low is not None and high is not None and low > high:
            low, high = high, low
        return Linear(self.number(("opaque", node), low, high, whole=whole, exists=exists), Decimal(1), Decimal(0))

    def number(
        self,
        key: object,
        low: Decimal | None,
        high: Decimal | None,
        *,
        whole: bool = False,
        is_never_null: bool = False,
        exists: Formula = True,
    ) -> NumberVariable:
        variable = self.variables.get(key)
        if variable is None:
            number = NumberVariable(key, low, high, stale=self.stale, whole=whole, is_nullable=not is_never_null)
            variable = self.variables[key] = number
            if exists is not True:
                variable.imply(~NULL, lambda: exists)
        assert isinstance(variable, NumberVariable)
        return variable

    def _create_variable(self, name: str, domain: Domain) -> Variable:
        match domain.kind:
            case "number":
                return NumberVariable(
                    name, domain.low, domain.high, stale=self.stale, whole=domain.whole, values=domain.values
                )
            case "day" | "entries":
                return NumberVariable(name, domain.low, domain.high, stale=self.stale, whole=True)
            case "yesno":
                return Variable(name, 7, 7)
            case "choice":
                universe = (2 << len(domain.ids) + domain.has_others) - 1
                return Variable(name, universe, universe)
            case "choices" if len(domain.ids) <= MAX_SUBSETS_OF:
                return Variable(name, (2 << (1 << len(domain.ids))) - 1, _mask_of_counts(domain))
        return Variable(name, 3, 3)


def mask_of_choice(position: int, total: int) -> int:
    """The classes of the subsets, of `total` choices, that have the one at `position`."""
    block = ((1 << (1 << position)) - 1) << (1 << position)
    width = 2 << position
    mask = 0
    for start in range(0, 1 << total, width):
        mask |= block << start
    return mask << 1


def _mask_of_counts(domain: Domain) -> int:
    """The classes of the subsets that have as many choices as may be picked, and null."""
    least = int(domain.low or 0) if not domain.has_others else 0
    most = len(domain.ids) if domain.high is None else int(domain.high)
    fitting = (subset for subset in range(1 << len(domain.ids)) if least <= subset.bit_count() <= most)
    return NULL | sum(2 << subset for subset in fitting)


def _mask_of_id(domain: Domain, choice: str) -> int:
    """The classes that have this choice; 0 if they can't be told."""
    if choice not in domain.ids:
        return 0
    position = domain.ids.index(choice)
    if domain.kind == "choices":
        return mask_of_choice(position, len(domain.ids)) if len(domain.ids) <= MAX_SUBSETS_OF else 0
    return 2 << position
