"""Walks of small playbooks and of the bundled ones, for tests."""

from __future__ import annotations

from functools import lru_cache
from time import process_time

from careerkit.core.playbook.model import Playbook
from careerkit.core.playbook.walk.formulas import Moment
from careerkit.core.playbook.walk.report import Reach, WalkReport
from careerkit.core.playbook.walk.walker import Walker
from playbook_cases import load_bundled
from scenario import NOW, parse_playbook

SECONDS: dict[str, float] = {}
"""How long the walk of a bundled playbook took, in time of the processor."""
MOMENT = Moment(NOW.date(), NOW, "UTC")


def make_walker(playbook: Playbook) -> Walker:
    return Walker(playbook, MOMENT, count_lines=lambda outcome: 1 + len(outcome.findings))


def walk_text(text: str) -> WalkReport:
    return make_walker(parse_playbook(text)).walk()


@lru_cache(maxsize=16)
def walk_bundled(playbook_id: str) -> WalkReport:
    began = process_time()
    report = make_walker(load_bundled(playbook_id)).walk()
    SECONDS[playbook_id] = process_time() - began
    return report


def find_reach(report: WalkReport, place: str) -> Reach:
    return next(each for each in report.reaches if each.place == place)
