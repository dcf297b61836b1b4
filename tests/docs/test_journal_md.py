"""The files in docs/journal.md are what careerkit writes, to the last byte."""

from __future__ import annotations

import re

import pytest

from careerkit.core.journal.event import KINDS
from careerkit.storage.entry_file import read_entry, written
from careerkit.storage.event_file import read_event, written_event
from careerkit_process import REPOSITORY

PAGE = (REPOSITORY / "docs/journal.md").read_text(encoding="utf-8")
FILES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def file_of(noun: str) -> bytes:
    (found,) = [each for each in FILES if f"careerkit {noun}" in each.partition("\n")[0]]
    return found.encode()


def test_the_entry_is_whole_and_as_it_is_written():
    reading = read_entry(file_of("entry,"), "journal.md")

    assert reading.problems == ()
    assert written(reading.entry) == file_of("entry,")


def test_the_event_is_whole_and_as_it_is_written():
    event, problems = read_event(file_of("entry later"), "journal.md")

    assert problems == ()
    assert written_event(event) == file_of("entry later")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_event_is_described(kind):
    assert f"| `{kind}` |" in PAGE
