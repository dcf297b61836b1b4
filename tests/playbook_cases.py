"""The written cases: answer files for each bundled playbook, with the results they must lead to."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from careerkit.coaching.resume import run_batch
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Entry
from careerkit.core.playbook.loader import load_playbook
from careerkit.core.playbook.model import Playbook
from careerkit.storage.memory_journal import MemoryJournal
from long_run import take_share
from scenario import NOW

REPOSITORY = Path(__file__).parent.parent
CASES_FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    playbook_id: str
    name: str

    @property
    def path(self) -> Path:
        return CASES_FOLDER / self.playbook_id.replace("/", "-") / f"{self.name}.toml"

    @property
    def snapshot(self) -> Path:
        return self.path.with_suffix(".md")

    @property
    def answers(self) -> dict:
        return tomllib.loads(self.path.read_text(encoding="utf-8"), parse_float=Decimal)

    def __str__(self) -> str:
        return f"{self.playbook_id.replace('/', '-')}-{self.name}"


class FixedClock:
    def now(self):
        return NOW

    def zone(self):
        return "UTC"


def list_cases() -> list[Case]:
    return [
        Case(folder.name.replace("-", "/", 1), path.stem)
        for folder in sorted(CASES_FOLDER.iterdir())
        if folder.is_dir()
        for path in sorted(folder.glob("*.toml"))
    ]


def list_played_cases() -> list[Case]:
    """The cases for tests that play each of them in a front end: all with CAREERKIT_LONG=1, otherwise every fifth."""
    return [*take_share(list_cases(), one_in=5)]


def read_source(playbook_id: str) -> bytes:
    return (REPOSITORY / "playbooks" / f"{playbook_id}.toml").read_bytes()


@lru_cache(maxsize=16)
def load_bundled(playbook_id: str) -> Playbook:
    return load_playbook(read_source(playbook_id), file=f"playbooks/{playbook_id}.toml", id=playbook_id)


def list_bundled_ids() -> list[str]:
    root = REPOSITORY / "playbooks"
    return [f"{path.parent.name}/{path.stem}" for path in sorted(root.glob("*/*.toml"))]


def build_case_entry(case: Case, answers: dict | None = None) -> Entry:
    """The finished entry of a case (or of other answers to its playbook), always with the same id."""
    return _build_kept_entry(case) if answers is None else _run_answers(case, answers)


@cache
def _build_kept_entry(case: Case) -> Entry:
    return _run_answers(case, case.answers)


def _run_answers(case: Case, answers: dict) -> Entry:
    journal = MemoryJournal()
    journal.new_id = lambda _: "20261122T0905Z-abcdef"
    playbook = load_bundled(case.playbook_id)
    source = read_source(case.playbook_id)
    return run_batch(playbook, source, answers, lane="full", journal=journal, clock=FixedClock())


def find_differences(entry: Entry, case: Case) -> dict[str, tuple[object, object]]:
    """In what an entry of the case's answers differs from the one of an answers file, save ids, machine and answers to hidden questions."""
    expected = build_case_entry(case)
    asked = {answer.question for answer in entry.answers}
    hidden = tuple(answer for answer in expected.answers if answer.hidden and answer.question not in asked)
    expected = replace(expected, answers=tuple(each for each in expected.answers if each not in hidden))
    return {
        name: (getattr(entry, name), getattr(expected, name))
        for name in Entry.__slots__
        if name not in ("id", "machine") and getattr(entry, name) != getattr(expected, name)
    }
