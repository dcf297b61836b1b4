"""The files in docs/journal.md are what careerkit writes, to the last byte."""

from __future__ import annotations

import re

import pytest

from careerkit.core.journal.entry_list import EVENT_KINDS
from careerkit.storage.entry_files import decode_entry, decode_event, encode_entry, encode_event
from careerkit_process import REPOSITORY

PAGE = (REPOSITORY / "docs/journal.md").read_text(encoding="utf-8")
FILES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def file_of(noun: str) -> bytes:
    (found,) = [each for each in FILES if f"careerkit {noun}" in each.partition("\n")[0]]
    return found.encode()


def test_the_entry_is_whole_and_as_it_is_written():
    reading = decode_entry(file_of("entry,"), "journal.md")

    assert reading.problems == ()
    assert encode_entry(reading.entry) == file_of("entry,")


def test_the_event_is_whole_and_as_it_is_written():
    event, problems = decode_event(file_of("entry later"), "journal.md")

    assert problems == ()
    assert encode_event(event) == file_of("entry later")


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_every_kind_of_event_is_described(kind):
    assert f"| `{kind}` |" in PAGE
