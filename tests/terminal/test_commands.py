"""The commands typed in place of an answer."""

import pytest

from careerkit.core.errors import Refused
from careerkit.terminal.parse_line import LineCommand, parse_command


@pytest.mark.parametrize("command", list(LineCommand))
def test_each_command_is_known_by_its_word(command):
    assert parse_command(f":{command.word}") is command
    assert parse_command(f":{command.word.upper()}  ") is command


@pytest.mark.parametrize(
    ("line", "command"),
    [(":b", LineCommand.BACK), (":h", LineCommand.HELP), (":?", LineCommand.HELP), (":sk", LineCommand.SKIP)],
)
def test_a_beginning_that_fits_one_command_will_do(line, command):
    assert parse_command(line) is command


@pytest.mark.parametrize(
    ("line", "text"),
    [("::save", ":save"), ("::", ":"), (":-)", ":-)"), (": so", ": so"), ("a:b", "a:b"), (":a b", ":a b")],
)
def test_other_lines_are_text(line, text):
    assert parse_command(line) == text


@pytest.mark.parametrize(
    ("line", "code"), [(":s", "unclear-command"), (":xyz", "unknown-command"), (":", "unknown-command")]
)
def test_what_is_no_command_says_what_there_is(line, code):
    with pytest.raises(Refused) as refused:
        parse_command(line)

    problem = refused.value.problems[0]
    assert problem.code == code
    assert ":save" in problem.message + problem.hint
