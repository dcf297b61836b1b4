"""When any one condition of a bundled playbook is replaced by a contradiction or a tautology, the walk names its place.

Both are made of the condition itself, so that they look like one, unless that is too long. Each place takes a sixth of a
second; by default every 500th is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from walk_samples import make_walker

from careerkit.core.errors import Refused
from careerkit.core.expressions.parser import parse
from careerkit.core.frozen import get_field_names, replace
from careerkit.core.playbook.model import Compute, Playbook
from careerkit.core.questions.question import Question
from long_run import take_share
from playbook_cases import list_bundled_ids, load_bundled

Path = tuple[str | int, ...]
CONDITIONS = ("when", "each_when")


def find_conditions(part: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every `when` and `each_when` in a playbook, by the names of fields and positions that lead to it."""
    if isinstance(part, tuple):
        for number, each in enumerate(part):
            yield from find_conditions(each, (*path, number))
    elif hasattr(type(part), "__match_args__"):
        for key in get_field_names(part):
            value = getattr(part, key)
            if key in CONDITIONS and value:
                yield (*path, key), value
            elif not isinstance(part, Question) or key != "default":
                yield from find_conditions(value, (*path, key))


def plant(part: Any, path: Path, condition: str) -> Any:
    first, *rest = path
    if isinstance(first, int):
        return (*part[:first], plant(part[first], tuple(rest), condition), *part[first + 1 :])
    value = plant(getattr(part, first), tuple(rest), condition) if rest else condition
    return replace(part, **{first: value})


def list_planted() -> list[tuple[str, Path, str]]:
    return [(each, *found) for each in list_bundled_ids() for found in find_conditions(load_bundled(each))]


PLANTED = take_share(list_planted(), one_in=500)
NAMES = [f"{playbook_id} {'.'.join(map(str, path))}" for playbook_id, path, _ in PLANTED]


def choose_condition(wanted: str, shorter: str) -> str:
    try:
        parse(wanted)
    except Refused:
        return shorter
    return wanted


def name_places(playbook: Playbook, condition: str) -> tuple[list[str], list[str]]:
    """The places that the walk names: never reached because of the condition, and always holding."""
    walker = make_walker(playbook)
    unreached = [
        walker.judge_target(target)
        for target in walker.targets
        if any(each.condition == condition for each in target.requirements)
    ]
    constant = [walker.judge_condition(each) for each in walker.conditions if each.condition == condition]
    never = [each.place for each in unreached if each.verdict == "unreachable"]
    return never, [each.place for each in constant if each is not None and each.is_proved]


@pytest.mark.parametrize(("playbook_id", "path", "written"), PLANTED, ids=NAMES)
def test_a_planted_contradiction_is_named(playbook_id, path, written):
    condition = choose_condition(f"({written}) and not ({written})", "1 == 2")
    never, constant = name_places(plant(load_bundled(playbook_id), path, condition), condition)

    assert never
    assert not constant


@pytest.mark.parametrize(("playbook_id", "path", "written"), PLANTED, ids=NAMES)
def test_a_planted_tautology_is_named(playbook_id, path, written):
    condition = choose_condition(f"({written}) or not ({written})", "1 == 1")
    never, constant = name_places(plant(load_bundled(playbook_id), path, condition), condition)

    assert constant


def test_conditions_are_found_in_every_kind_of_part():
    kinds = {".".join(str(each) for each in path if isinstance(each, str)) for _, path, _ in list_planted()}

    assert {"stages.when", "stages.questions.when", "findings.text.when", "drafts.title.lines.when"} <= kinds
    assert {"actions.due.options.when", "checkins.findings.when", "computes.tally.when", "headlines.when"} <= kinds
    assert len(list_planted()) > 4000
    assert isinstance(load_bundled("crisis/start").computes[0], Compute)
