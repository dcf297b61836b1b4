"""An answers file as a person wrote it: TOML, a question's id and its answer a line."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from careerkit.core.problem import Place, Problem, Refused

LARGEST = 1 << 24
"""Bytes. More than all answers that fit a playbook's limits."""


def read_answers(path: Path) -> dict[str, Any]:
    """The answers in `path`; Refused with its place and the mend when it can't be read."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        reason = error.strerror or "it can't be read"
        raise _refusal(path, "unreadable", f"The answers file can't be read: {reason}.", "Check its name.") from None
    if len(data) > LARGEST:
        raise _refusal(path, "too-large", "The answers file is larger than 16 MiB.", "Take out what isn't an answer.")
    try:
        return tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise _refusal(path, "not-utf8", f"Byte {error.start} is not UTF-8.", "Save the file as UTF-8.") from None
    except RecursionError:
        raise _refusal(path, "too-deep", "The file is nested too deep.", "Answers need no such depth.") from None
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise _refusal(
            path, "bad-toml", f"This is not TOML: {error}.", "Write one `question = answer` a line."
        ) from None


def _refusal(path: Path, code: str, message: str, hint: str) -> Refused:
    return Refused(Problem(code, message, hint, Place(str(path))))
