"""From the bytes of a playbook file to the playbook, or to every problem that it has."""

from __future__ import annotations

from careerkit.core.playbook.building import playbook_of
from careerkit.core.playbook.digest import sha256_of
from careerkit.core.playbook.model import Playbook
from careerkit.core.playbook.plain import PlainTable
from careerkit.core.problem import Problem, Refused


def load_playbook(data: bytes, *, file: str, id: str) -> Playbook:  # noqa: A002 - the word of the format
    """The playbook in `data`. Raises Refused with all problems, by place, where one of them is an error.

    `file` is only what the problems' places are to be called.
    """
    return playbook_of(load_plain(data, file=file), id=id, sha256=sha256_of(data))


def load_plain(data: bytes, *, file: str) -> PlainTable:
    """The playbook in `data` as plain tables, see `plain`. Raises Refused as `load_playbook` does."""
    plain, problems = _checked(data, file)
    if plain is None:
        raise Refused(problems)
    return plain


def check_playbook(data: bytes, *, file: str) -> list[Problem]:
    """All problems of the playbook in `data`, warnings too, by place; empty where there is none."""
    return _checked(data, file)[1]


def _checked(data: bytes, file: str) -> tuple[PlainTable | None, list[Problem]]:
    from careerkit.core.playbook.reading import read

    reading = read(data, file)
    if reading.tables is None:
        return None, list(reading.problems)
    from careerkit.core.playbook.checking import check

    checked = check(reading.tables, broken=reading.broken)
    faults = (*reading.faults, *checked.faults)
    if not faults and not reading.problems:
        return checked.plain, []
    positions = reading.positions()
    placed = (*reading.problems, *(fault.placed(positions) for fault in faults))
    problems = sorted(dict.fromkeys(placed), key=lambda problem: (str(problem.where), problem.code))
    problems.sort(key=_place)
    refused = any(problem.severity == "error" for problem in problems)
    return None if refused else checked.plain, problems


def _place(problem: Problem) -> tuple[int, int]:
    where = problem.where
    return (0, 0) if isinstance(where, str) else (where.line, where.column)
