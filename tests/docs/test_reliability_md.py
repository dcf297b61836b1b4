"""docs/reliability.md names tests that there are, for every fault."""

from __future__ import annotations

import re

import pytest

from careerkit_process import REPOSITORY

PAGE = (REPOSITORY / "docs/reliability.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([a-z_/]+\.py)::(test_\w+)`", PAGE)
FAULTS = re.findall(r"^### (\d+)\. (.*?)$(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_every_test_that_is_named_is_there(file, name):
    assert f"def {name}(" in (REPOSITORY / "tests" / file).read_text(encoding="utf-8")


def test_every_fault_has_its_tests():
    assert [int(number) for number, _, _ in FAULTS] == list(range(1, 18))
    assert [title for _, title, text in FAULTS if "::test_" not in text] == []


def test_every_file_of_tests_of_faults_is_named():
    there = {f"faults/{path.name}" for path in (REPOSITORY / "tests/faults").glob("test_*.py")}

    assert there <= {file for file, _ in NAMED}
