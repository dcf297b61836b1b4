"""Writing expectations into a file of stories: what is there already stays as it is."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerkit.coaching.authoring.stories import find_story_lines, format_value, split_statements, write_expectation
from careerkit.core.errors import Refused

FILE = '''\
# Two people
[[story]]  # the first
name = "One"
answers = { a = 1 }  # kept

# The second
[[story]]
answers.text = """
[[story]]
"""
[story.expect]
# why
found = [
  "x", # old
]
planned.send = 2026-12-01
[story.expect.said]
draft = "Old"
[[story.checkin]]
id = "after"
'''


def write(text: str = FILE, *, story: int, checkin: int = -1, **changes: object) -> str:
    return write_expectation(text, story=story, checkin=checkin, changes=changes)


def get_story(text: str, number: int) -> dict:
    return tomllib.loads(text)["story"][number]


def test_headers_of_stories_are_found_outside_of_texts():
    assert find_story_lines(FILE) == (2, 7)


def test_a_story_without_expectations_gets_them_below_its_last_key():
    text = write(story=0, asked=["a", "b"], planned={"send": date(2026, 12, 2)})

    assert text.startswith(
        '# Two people\n[[story]]  # the first\nname = "One"\nanswers = { a = 1 }  # kept\n\n'
        '[story.expect]\nasked = ["a", "b"]\nplanned.send = 2026-12-02\n\n# The second\n'
    )


def test_a_value_is_replaced_where_it_stands_and_its_neighbours_stay():
    text = write(story=1, found=["y"], said={"draft": "New\nlines"}, planned={"send": date(2026, 12, 3), "b": ""})

    assert get_story(text, 1)["expect"] == {
        "found": ["y"],
        "planned": {"send": date(2026, 12, 3), "b": ""},
        "said": {"draft": "New\nlines"},
    }
    assert '# why\nfound = ["y"]\nplanned.send = 2026-12-03\n' in text
    assert get_story(text, 0) == get_story(FILE, 0)
    assert text.startswith(FILE[: FILE.index("[story.expect]")])


def test_a_key_that_is_not_there_yet_is_added_to_the_table():
    assert get_story(write(story=1, asked=["z"]), 1)["expect"]["asked"] == ["z"]


def test_a_check_in_gets_its_own_expectations():
    text = write(story=1, checkin=0, found=["kept"])

    assert get_story(text, 1)["checkin"] == [{"id": "after", "expect": {"found": ["kept"]}}]


def test_expectations_on_one_line_are_refused_with_what_to_write():
    with pytest.raises(Refused) as refused:
        write("[[story]]\nexpect = { found = [] }\n", story=0, found=["x"])

    assert refused.value.problems[0].hint == "Write it as [story.expect]."


@given(
    st.recursive(
        st.booleans() | st.integers(-(2**53), 2**53) | st.dates() | st.datetimes(datetime(1900, 1, 1)) | st.text(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.from_regex("[a-z][a-z_]{0,8}", fullmatch=True), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_every_value_is_read_as_it_was_written(value):
    read = tomllib.loads(f"value = {format_value(value)}")["value"]

    assert read == value


@given(st.lists(st.sampled_from(FILE.split("\n")), max_size=30))
def test_splitting_never_fails_and_keeps_the_order(lines):
    found = split_statements("\n".join(lines))

    assert all(before.end <= after.first for before, after in pairwise(found))
