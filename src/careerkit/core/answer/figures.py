"""Numbers as a person gives them: exact, bounded, alone or as low, likely and high."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from careerkit.core.playbook.model import GridForm
from careerkit.core.problem import Problem, Refused
from careerkit.core.value import Cell

LARGEST = Decimal(10) ** 15
"""Beyond this nothing that a person answers is meant; it keeps arithmetic quick and exact."""


def as_number(raw: object) -> Decimal:
    """The exact decimal that `raw` is; a binary float counts as the shortest decimal that names it."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal, str)):
        raise Refused(Problem("not-a-number", "A number is needed.", "Write digits, as in 12 or 0.5."))
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        raise Refused(Problem("not-a-number", f"{raw!r} is not a number.", "Write digits, as in 12 or 0.5.")) from None
    if not number.is_finite() or abs(number) > LARGEST or number.as_tuple().exponent < -15:  # type: ignore[operator]
        raise Refused(Problem("too-large", f"{raw} is out of all range.", "Write an ordinary number."))
    return number


def within(number: Decimal, lowest: Decimal | None, highest: Decimal | None, unit: str) -> Decimal:
    """`number`, refused where it lies outside of its bounds (inclusive)."""
    tail = f" {unit}" if unit else ""
    if lowest is not None and number < lowest:
        raise Refused(Problem("too-small", f"{number:f} is too small.", f"At least {lowest:f}{tail}."))
    if highest is not None and number > highest:
        raise Refused(Problem("too-large", f"{number:f} is too large.", f"At most {highest:f}{tail}."))
    return number


def as_cell(raw: object, form: GridForm) -> Cell:
    """One cell of a grid: a number or, where the grid has a spread, low, likely, high (or one number for all)."""
    if raw is None:
        raise Refused(Problem("missing", "not filled in.", "Each cell needs its number."))
    parts = raw.split() if isinstance(raw, str) else raw
    if not isinstance(parts, (list, tuple)):
        parts = [parts]
    numbers = [within(as_number(part), form.min, form.max, "") for part in parts]
    if not form.spread:
        if len(numbers) != 1:
            raise Refused(Problem("not-one-number", "one number is needed.", "Write one number."))
        return numbers[0]
    if len(numbers) == 1:
        numbers *= 3
    if len(numbers) != 3:
        raise Refused(Problem("not-a-spread", "low, likely and high are needed.", "Write them as 3 5 8."))
    low, likely, high = numbers
    if not low <= likely <= high:
        raise Refused(Problem("not-rising", f"{low:f} {likely:f} {high:f} does not rise.", "Low first, high last."))
    return low, likely, high
