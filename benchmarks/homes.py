"""Home folders to run careerkit in: new, used before, and with a journal."""

from __future__ import annotations

import itertools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from programs import FailedError, answer_of, environment, run_to_end

if TYPE_CHECKING:
    from collections.abc import Callable

    from installation import Installation

HERE = Path(__file__).parent
ANSWERS = HERE.parent / "tests" / "cases"
ENTRIES = 100


class Homes:
    """Creates home folders below `folder`. In `used` careerkit has run, but its journal is empty."""

    def __init__(self, folder: Path, installed: Installation, *, log: Callable[[str], None]) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._installed = installed
        self.used = self.new()
        run_to_end((installed.careerkit, "playbook", "list"), environment(self.used))
        log(f"a journal of {ENTRIES} entries")
        self.full = self._create_filled(ENTRIES)
        self.for_saves = self._create_filled(1)

    def new(self) -> Path:
        """An empty home in which careerkit has never run."""
        home = self._folder / f"home-{next(self._numbers)}"
        home.mkdir()
        return home

    def copy_of_used(self) -> Path:
        """A copy of `used`, to write a journal in."""
        home = self._folder / f"home-{next(self._numbers)}"
        shutil.copytree(self.used, home)
        return home

    def _create_filled(self, count: int) -> Path:
        home = self.copy_of_used()
        files = [str(each) for each in sorted(ANSWERS.glob("*/*.toml"))]
        if not files:
            raise FailedError(f"there are no answers in {ANSWERS}")
        answer_of((self._installed.python, str(HERE / "seed_journal.py"), str(count), *files), environment(home))
        return home


@dataclass(frozen=True, slots=True)
class Subject:
    """The installed programs, and the home folders to run them in."""

    installed: Installation
    homes: Homes
