"""What the type checker has to be told about the playbook around an expression."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from careerkit.core.expression.kinds import Kind


class Scope(Protocol):
    """The ids that an expression may use at the place where it stands.

    What is asked later may be among them: that it can't be used yet is for the caller to say.
    """

    def kind_of(self, name: str) -> Kind | None:
        """The kind of a question or compute; None when there is none of that id."""

    def names(self) -> Iterable[str]:
        """All ids that `kind_of` knows: for 'did you mean'."""

    def bands_of(self, name: str) -> tuple[str, ...] | None:
        """The ids of a compute's bands, in order; None when it has none."""

    def action_ids(self) -> tuple[str, ...] | None:
        """The actions that done() may name; None where done() can't stand."""
