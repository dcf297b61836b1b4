"""How much of a long test is run: a share by default, all of it with CAREERKIT_LONG=1."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

IS_LONG_RUN = os.environ.get("CAREERKIT_LONG") == "1"


def take_share(items: Sequence[Item], *, one_in: int) -> Sequence[Item]:
    """Every `one_in`-th of the items, or all of them in the long form."""
    return items if IS_LONG_RUN else items[::one_in]


def choose_count(short: int, *, long: int) -> int:
    """The number of examples: `short` by default, `long` in the long form."""
    return long if IS_LONG_RUN else short
