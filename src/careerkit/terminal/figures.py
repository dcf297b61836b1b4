"""Numbers as people type them: blanks around, a unit, a decimal comma, thousands set apart."""

from __future__ import annotations

import re
from decimal import Decimal

from careerkit.core.problem import Problem, Refused
from careerkit.core.quoted import quoted

_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-"})
_PLAIN = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_BLANK_GROUPS = re.compile(r"[+-]?\d{1,3}([ '’_]\d{3})+([.,]\d+)?")
_COMMA_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+|[+-]?\d{1,3}(,\d{3}){2,}")
_POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d+|[+-]?\d{1,3}(\.\d{3}){2,}")
_UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_PER_CENT = re.compile(r"\s*(%|per ?cent)\Z", re.IGNORECASE)
LONGEST = 40


def read_number(line: str, *, unit: str = "") -> Decimal:
    """The number that `line` means; Refused where it is none, or could be two (`1,000`)."""
    bare = _without_unit(line.translate(_BLANKS).strip(), unit)
    if len(bare) > LONGEST:
        raise _no_number(line)
    if _UNCLEAR.fullmatch(bare):
        whole, fraction = bare.replace(",", ""), bare.replace(",", ".")
        raise Refused(Problem("unclear-number", f"{bare} can be read in two ways.", f"Write {whole} or {fraction}."))
    if _PLAIN.fullmatch(bare):
        return Decimal(bare.replace(",", "."))
    if _COMMA_GROUPS.fullmatch(bare):
        return Decimal(bare.replace(",", ""))
    if _POINT_GROUPS.fullmatch(bare):
        return Decimal(bare.replace(".", "").replace(",", "."))
    if _BLANK_GROUPS.fullmatch(bare):
        return Decimal(re.sub("[ '’_]", "", bare).replace(",", "."))
    raise _no_number(line)


def read_numbers(line: str) -> list[Decimal]:
    """The numbers of a line such as `40 30 30`; a comma with a blank after it parts them too."""
    words = re.split(r"[\s;]+|,\s+", line.translate(_BLANKS).strip())
    return [read_number(word) for word in words if word]


def _without_unit(text: str, unit: str) -> str:
    folded, tail = text.casefold(), unit.casefold()
    if tail and folded.endswith(tail):
        return text[: -len(unit)].strip()
    if tail and folded.startswith(tail):
        return text[len(unit) :].strip()
    return _PER_CENT.sub("", text)


def _no_number(line: str) -> Refused:
    shown = quoted(line)
    return Refused(
        Problem(
            "not-a-number",
            f"{shown} is not a number." if shown else "A number is needed.",
            "Write digits, as in 12 or 0.5.",
        )
    )
