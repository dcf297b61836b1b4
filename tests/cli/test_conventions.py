"""What people try first: -h, help, -, python -m, ACCESSIBLE, and a setting that makes --plain permanent."""

from __future__ import annotations

import subprocess
import sys

import pexpect
import pytest

from careerkit_process import COMMAND
from sample_journal import WEEK_PLAYBOOK, seed_journal

ANSWERS = 'what = "It broke."\nload = 5\nhours = 52\nkind = "calm"\n'


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("-h", "--help"),
        ("help", "--help"),
        ("journal -h", "journal --help"),
        ("help journal", "journal --help"),
        ("journal list -h", "journal list --help"),
        ("help journal list", "journal list --help"),
        ("my week -h", "my week --help"),
        ("help my week", "my week --help"),
    ],
)
def test_help_is_found_the_usual_ways(home, typed, meant):
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    found, expected = home.run(*typed.split()), home.run(*meant.split())

    assert (found.code, found.out) == (0, expected.out)
    assert "Usage: careerkit" in found.out


def test_help_for_a_command_that_is_not_there_suggests_one(home):
    done = home.run("help", "jornal")

    assert done.code == 2
    assert 'Did you mean "journal"' in done.err


def test_answers_come_from_standard_input_with_a_dash(home):
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    done = home.run("my", "week", "--answers", "-", "--json", stdin=ANSWERS)

    assert done.code == 0
    assert "It broke." in done.out


def test_what_is_wrong_with_answers_on_standard_input_is_told(home):
    home.add_playbook("my/week", WEEK_PLAYBOOK)

    assert home.run("my", "week", "--answers", "-", stdin="no toml").code == 1


def test_corrections_come_from_standard_input_too(home):
    seed_journal(home)

    assert home.run("journal", "edit", "aaa", "--answers", "-", stdin="load = 1\n").code == 0


def test_it_runs_as_a_module(home):
    done = subprocess.run(
        [sys.executable, "-m", "careerkit", "--version"], capture_output=True, text=True, env=home.env
    )

    assert (done.returncode, done.stdout.startswith("careerkit ")) == (0, True)


@pytest.mark.parametrize(
    ("environment", "setting", "is_plain"),
    [
        ({}, "", False),
        ({"ACCESSIBLE": "1"}, "", True),
        ({"ACCESSIBLE": "0"}, "", False),
        ({"ACCESSIBLE": "false"}, "", False),
        ({}, "true", True),
        ({}, "false", False),
    ],
)
def test_plain_can_be_wanted_for_good(home, environment, setting, is_plain):
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    if setting:
        home.run("config", "set", "plain", setting)
    child = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], "my", "week"], env={**home.env, **environment}, encoding="utf-8", timeout=60
    )
    child.expect_exact("What happened?")
    has_begun_plainly = "Stage: The week." in child.before
    child.send("\x03")
    child.expect(pexpect.EOF)

    assert has_begun_plainly == is_plain
