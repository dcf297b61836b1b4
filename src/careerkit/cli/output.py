"""How results are written: JSON documents, files that are never overwritten in silence."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from careerkit.core.problem import Problem, Refused
from careerkit.core.visible import in_json


def json_text(document: Any) -> str:
    """One JSON document, readable, in the characters that any terminal and pipe can carry; what acts is escaped."""
    encoding = (sys.stdout.encoding or "ascii").lower()
    return in_json(json.dumps(document, indent=2, ensure_ascii=not encoding.startswith("utf"), default=_plain))


def _plain(value: object) -> float:
    """A Decimal that is no whole number, as playbooks have them; the shortest float that reads the same."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value))


def write(text: str) -> None:
    """Write a result to standard output."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def write_path(path: str) -> None:
    """Write a path to standard output: to the letter where another program reads it, safe to look at on a terminal."""
    write(_safe(path) if sys.stdout.isatty() else path)


def write_file(path: Path, text: str, *, force: bool) -> None:
    """Write a result to `path`, for the owner only. What is there is kept unless `force` is given."""
    from careerkit.storage import durable
    from careerkit.storage.tidying import sweep

    check_target(path, force=force)
    target = str(path.absolute())
    sweep(str(path.absolute().parent))
    if force:
        durable.replace(target, text.encode(), what="The export")
    elif not durable.create(target, text.encode(), what="The export"):
        raise Refused(_exists(path))
    sys.stderr.write(f"Written to {_safe(str(path))}\n")


def check_target(path: Path, *, force: bool) -> None:
    """Refuse what can't become a file, before the work for it begins."""
    try:
        if path.is_dir():
            raise Refused(Problem("is-a-folder", "This is a folder.", "Name a file in it.", str(path)))
        if not path.absolute().parent.is_dir():
            raise Refused(Problem("no-folder", "The folder is not there.", "Make it first.", str(path.parent)))
        if path.exists() and not force:
            raise Refused(_exists(path))
    except OSError as error:  # a name that is too long, say
        from careerkit.storage.disk_trouble import trouble

        raise Refused(trouble("not-saved", "The file was not written", error, str(path))) from error


def _exists(path: Path) -> Problem:
    return Problem("file-exists", "This file exists.", "Choose another name, or add --force.", str(path))


def _safe(path: str) -> str:
    from careerkit.terminal.safe import safe_line

    return safe_line(path)
