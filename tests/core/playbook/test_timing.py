"""When check-ins and actions are due: those of one question are compared in their own unit, whatever the weekday."""

from __future__ import annotations

import pytest

from careerkit.core.playbook.loader import check_playbook

PLAYBOOK = """
format = 1
title = "T"
summary = "S"
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "day"
type = "date"
ask = "Which day?"
min = "+30d"
[[action]]
id = "prepare"
do = "Prepare"
due = "DUE"
[[checkin]]
id = "after"
title = "And?"
after = "AFTER"
"""


def check_codes(due: str, after: str) -> list[str]:
    """The codes of the problems of a playbook with one action and one check-in at these dates, without unused questions."""
    problems = check_playbook(PLAYBOOK.replace("DUE", due).replace("AFTER", after).encode(), file="f")
    return [each.code for each in problems if each.code != "unused-question"]


@pytest.mark.parametrize(
    ("due", "after"), [("day - 3wd", "day - 5wd"), ("+3wd", "+1wd"), ("+2m", "+1m"), ("day", "day - 1wd")]
)
def test_a_check_in_before_the_action_is_reported_in_every_unit(due, after):
    assert check_codes(due, after) == ["early-checkin"]


@pytest.mark.parametrize(
    ("due", "after"), [("day - 5wd", "day - 3wd"), ("+1wd", "+1wd"), ("+1wd", "+1d"), ("day - 3wd", "day - 4d")]
)
def test_a_check_in_that_may_be_later_is_not(due, after):
    assert check_codes(due, after) == []


@pytest.mark.parametrize("early", ["-1d", "-1wd", "-2w", "-1m"])
def test_a_date_before_the_interview_is_late_from_the_start(early):
    assert check_codes(early, "day + 1wd") == ["always-late"]
    assert "always-late" in check_codes("day - 1d", early)
