"""Plain tables as JSON text and back, with every number exactly as it was."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any


def to_json(value: object) -> str:
    """`value` as JSON on one line. Decimals are written digit for digit, which the json module can't."""
    match value:
        case dict():
            return "{" + ",".join(f"{json.dumps(str(key))}:{to_json(each)}" for key, each in value.items()) + "}"
        case list() | tuple():
            return "[" + ",".join(to_json(each) for each in value) + "]"
        case Decimal():
            return str(value)
        case _:
            return json.dumps(value)


def from_json(text: str) -> Any:
    """What `text` holds, with Decimal for numbers that are not whole. Raises ValueError."""
    return json.loads(text, parse_float=Decimal)
