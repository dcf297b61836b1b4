"""The words that belong to the language itself, and how many arguments each function takes."""

from __future__ import annotations

KEYWORDS = frozenset({"and", "or", "not", "in", "if", "else", "true", "false", "today"})

AGGREGATES = frozenset({"count", "sum", "mean", "min", "max", "any", "all", "each"})
"""The functions whose first argument may be a collection."""

ARGUMENTS = {
    "answered": (1, 1),
    "count": (1, 2),
    "sum": (1, 3),
    "mean": (1, 3),
    "min": (1, 64),
    "max": (1, 64),
    "any": (2, 2),
    "all": (2, 2),
    "round": (1, 2),
    "days_between": (2, 2),
    "band": (1, 1),
    "highest": (2, 64),
    "second": (2, 64),
    "at": (2, 3),
    "each": (2, 3),
    "word_count": (1, 1),
    "done": (1, 1),
}
"""Function -> the fewest and the most arguments that it takes."""

USAGE = {
    "answered": "answered(question)",
    "count": "count(collection) or count(records, condition)",
    "sum": "sum(grid) or sum(records, number, condition)",
    "mean": "mean(grid) or mean(records, number, condition)",
    "min": "min(a, b, ...), min(grid) or min(records, number, condition)",
    "max": "max(a, b, ...), max(grid) or max(records, number, condition)",
    "any": "any(records, condition)",
    "all": "all(records, condition)",
    "round": "round(number) or round(number, places)",
    "days_between": "days_between(first, last)",
    "band": "band(compute)",
    "highest": "highest(compute, compute, ...)",
    "second": "second(compute, compute, ...)",
    "at": "at(weights, 'id'), at(rank, 'id') or at(grid, 'row', 'column')",
    "each": "each(records, field) or each(records, field, condition)",
    "word_count": "word_count(text)",
    "done": "done(action)",
}

RESERVED: frozenset[str] = KEYWORDS | frozenset(ARGUMENTS)
"""What can't be the id of a question, a compute, a field or an action: it would never be read as one."""
