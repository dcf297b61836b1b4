"""What there is of an answer that was not handed in yet, as it comes back from the disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from careerkit.core.playbook.model import Question

Filled = Mapping[str, object]


def is_filled(form: Filled, fields: Sequence[Question]) -> bool:
    """Has every field of the form been answered or left out?"""
    return all(field.id in form for field in fields)


def is_blank(form: Filled) -> bool:
    return not any(value is not None for key, value in form.items() if key != "item")


def with_left_out(forms: Sequence[Filled], fields: Sequence[Question], *, whole: bool) -> list[dict[str, object]]:
    """The forms with None for what was left out, which is not on the disk.

    `whole`: all of them are filled in. Else the last may be half filled: of it only what comes before a field that is
    there was left out.
    """
    return [
        _with_left_out(
            form, fields, whole=whole or place < len(forms) - 1 or ("item" in form and _has_required(form, fields))
        )
        for place, form in enumerate(forms)
    ]


def _with_left_out(form: Filled, fields: Sequence[Question], *, whole: bool) -> dict[str, object]:
    there = [place for place, field in enumerate(fields) if form.get(field.id) is not None]
    until = len(fields) if whole else max(there, default=0)
    left_out = {field.id: None for field in fields[:until] if not field.required}
    return {**left_out, **form}


def _has_required(form: Filled, fields: Sequence[Question]) -> bool:
    return not is_blank(form) and all(field.id in form for field in fields if field.required)
