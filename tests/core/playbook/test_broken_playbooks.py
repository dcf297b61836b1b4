"""Playbooks with one defect each: the check names it, at its place. So it does in the bundled playbooks."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from careerkit.core.errors import Place, Refused
from careerkit.core.expressions.parser import parse
from careerkit.core.playbook.diagnostics import scan
from careerkit.core.playbook.loader import check_playbook
from long_run import take_share
from playbook_cases import REPOSITORY, list_bundled_ids, load_bundled

FOLDER = Path(__file__).parent / "broken"
BASE = (FOLDER / "base.toml").read_text(encoding="utf-8")
CASES = tomllib.loads((FOLDER / "cases.toml").read_text(encoding="utf-8"))["case"]
CONDITION_KEYS = ("when", "each_when")


def find_playbook(playbook_id: str):
    if playbook_id not in list_bundled_ids():
        return None
    return lambda: [each.id for each in load_bundled(playbook_id).questions]


def check(text: str) -> list[str]:
    """Each problem as `line:column code`."""
    problems = check_playbook(text.encode(), file="f", find_playbook=find_playbook)
    return [f"{str(each.where).removeprefix('f:')} {each.code}" for each in problems]


def test_the_base_has_no_problem():
    assert check(BASE) == []


def test_there_are_enough_cases_and_no_two_are_the_same():
    assert len(CASES) >= 150
    assert len({case["name"] for case in CASES}) == len({(case["old"], case["new"]) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_defect_is_named_at_its_place(case):
    assert BASE.count(case["old"]) == 1

    assert check(BASE.replace(case["old"], case["new"])) == case["problems"] != []


@pytest.mark.parametrize(
    "when",
    [
        "firm == false",
        "not answered(firm) or not firm",
        "answered(firm) and not firm",
        "reason == 'offer' and not firm",
    ],
)
def test_a_no_that_says_what_is_meant_has_no_problem(when):
    changed = BASE.replace("when = \"band(ready) == 'low'\"", f'when = "strain > 2 and ({when})"')

    assert changed != BASE
    assert "unasked-no" not in str(check(changed))


@cache
def list_conditions(playbook_id: str) -> tuple[tuple[int, int], ...]:
    """The offsets of the values of all conditions in the file of a bundled playbook."""
    text = read_bundled(playbook_id)
    extents = scan(text, "f")._extents
    return tuple(
        (extent.start, extent.end)
        for path, extent in sorted(extents.items(), key=str)
        if path[-1:] in {(each,) for each in CONDITION_KEYS}
    )


@cache
def read_bundled(playbook_id: str) -> str:
    return (REPOSITORY / "playbooks" / f"{playbook_id}.toml").read_text(encoding="utf-8")


PLANTED = [
    (playbook_id, start, end, code)
    for playbook_id in list_bundled_ids()
    for start, end in list_conditions(playbook_id)
    for code in ("never-true", "always-true")
]


@pytest.mark.parametrize(("playbook_id", "start", "end", "code"), take_share(PLANTED, one_in=500))
def test_any_condition_of_a_bundled_playbook_that_is_made_constant_is_named(playbook_id, start, end, code):
    text = read_bundled(playbook_id)
    planted = f"{text[:start]}{make_constant(text[start:end], code)}{text[end:]}"
    place = scan(text, "f").at(start)

    problems = check_playbook(planted.encode(), file="f")

    at_it = [each for each in problems if isinstance(each.where, Place) and each.where.line == place.line]
    assert code in {each.code for each in at_it}


def make_constant(written: str, code: str) -> str:
    """The condition and its opposite, or one of both; a plain constant if that would be too long."""
    source = re.sub(r'^"|"$', "", written)
    for condition in (f"({source}) and not ({source})" if code == "never-true" else f"({source}) or not ({source})",):
        try:
            if written.startswith('"') and not any(each in source for each in ("\\", '"')):
                parse(condition)
                return f'"{condition}"'
        except Refused:
            continue
    return '"1 == 2"' if code == "never-true" else '"1 == 1"'
