"""A whole file is read without the TOML parser only if the parser would read the same."""

from __future__ import annotations

import random
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from journal_strategies import entries

from careerkit.core.journal.codec import entry_to_document
from careerkit.core.journal.fast_reader import MAX_FAST_LENGTH, parse_document
from careerkit.storage.entry_files import dumps
from long_run import choose_count
from playbook_cases import Case, build_case_entry, list_played_cases

SAMPLE = Path(__file__).parents[2] / "compatibility/0.1.0/plain"
FILES = [path for path in sorted(SAMPLE.rglob("*.toml")) if path.parent.parent.name in ("entries", "events")]
CASES = list_played_cases()
LINES = [
    "x = 1_000", "x = +1", "x = 01", "x = 1e5", "x = inf", "x = 0x1F", "x = '1'", 'x = "a" # b', 'x = "\\ud800"', 'x = "\\u12"',
    'x = "\\U0001F600"', 'x = "a"b"', 'x = ["a", "b", ]', 'x = ["a, b"]', 'x = ["a\\", ", "b"]', "x = [1, [2]]", "x = {a = 1}",
    "x.y = 1", "x = 2026-W10-1", "x = 2026-02-30", "x = 2026-01-01 10:00:00", "x = 2026-01-01", "x = 10:00:00", "x = true ", "x=1", "[x", "[x]", "[[x]]",
    "[x.y]", '["x"]', "[answer]", "[[answer.value]]", '"x" = 1', "x = ", "x", '"""', 'x = """', "\x00", "# ok", "x = -0", "x = -1.50",
]  # fmt: skip


@cache
def write_entry(case: Case) -> str:
    """The file of the entry that a case leads to."""
    return dumps(entry_to_document(build_case_entry(case)))


def parse(text: str) -> object:
    """What the parser makes of the text; None if it refuses it."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ValueError):
        return None


def read(text: str) -> object:
    """What is read without the parser; None if that gives up."""
    try:
        return parse_document(text)
    except (ValueError, KeyError):
        return None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_a_journal_is_read_as_by_the_parser(path):
    text = path.read_text(encoding="utf-8")

    assert read(text) in (parse(text), None)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_entry_of_a_case_is_read_without_the_parser(case):
    text = write_entry(case)

    assert read(text) == parse(text)


@settings(deadline=None, max_examples=choose_count(10, long=400))
@given(entries)
def test_any_entry_is_read_as_by_the_parser_or_left_to_it(entry):
    text = dumps(entry_to_document(entry))

    assert read(text) in (parse(text), None)


@pytest.mark.parametrize("value", ["1", '"a"', "[]", "[1]", '["a"]', "true"])
@pytest.mark.parametrize("header", ["[x]", "[[x]]", "[x.y]", "[[x.y]]"])
def test_a_table_in_the_place_of_a_value_is_left_to_the_parser(value, header):
    assert read(f"x = {value}\n{header}\ny = 1\n") is None


@pytest.mark.parametrize("seed", range(3))
def test_a_changed_file_is_read_as_by_the_parser_or_left_to_it(seed):
    chance = random.Random(seed)
    for _ in range(20):
        lines = write_entry(chance.choice(CASES[:4])).split("\n")
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(lines))
            match chance.randrange(4):
                case 0:
                    lines[place] = chance.choice(LINES)
                case 1:
                    lines.insert(place, chance.choice(LINES))
                case 2:
                    lines[place] = lines[place][: chance.randrange(len(lines[place]) + 1)]
                case 3:
                    lines[place:] = chance.sample(lines[place:], len(lines[place:]))
        text = "\n".join(lines)
        found = read(text)
        assert found is None or found == parse(text)


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_read_as_by_the_parser_or_left_to_it(line):
    found = read(f"a = 1\n{line}\n")

    assert found is None or found == parse(f"a = 1\n{line}\n")


def test_a_large_file_is_left_to_the_parser_which_has_limits():
    assert read(f'a = "{"x" * MAX_FAST_LENGTH}"') is None
