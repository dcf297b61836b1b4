"""The check of a large playbook, or of one that is written to be slow, takes a bounded time."""

from __future__ import annotations

import pytest
from playbook_samples import HEAD, compute, finding, question

from careerkit.core.playbook.loader import check_playbook
from cpu_time import measure_seconds

STAGE = '[[stage]]\nid = "s{0}"\ntitle = "Stage {0}"\n'
MANY_CHOICES = ", ".join(f'{{ id = "o{number}", label = "Option {number}" }}' for number in range(50))
THREE = 'choices = [{ id = "a", label = "A" }, { id = "b", label = "B" }, { id = "c", label = "C" }]'
KINDS = (("scale", ""), ("choice", THREE), ("yesno", ""), ("number", ""), ("choices", THREE))
CONDITIONS = ("q{0} >= 3", "q{1} == 'a'", "q{2}", "q{3} > 10", "'b' in q{4}")


def write_500_questions() -> str:
    """Twenty-five stages of twenty questions, each asked for some answers to the group of five before it."""
    text = HEAD
    for number in range(500):
        kind, rest = KINDS[number % 5]
        group = number // 5 * 5 - 5
        when = CONDITIONS[number % 5].format(*range(group, group + 5)) if group >= 0 else ""
        text += STAGE.format(number // 20) if number % 20 == 0 else ""
        text += question(f"q{number}", kind, f'{rest}\nwhen = "{when}"')
    for number in range(0, 500, 5):
        when = f"q{number} >= 4 and q{number + 1} == 'b' or 'c' in q{number + 4}"
        rest = f'when = "{when}"\ntext = "You said {{q{number}}} and {{q{number + 3}}}."'
        text += finding(rest).replace('"f"', f'"f{number}"')
    return text


def write_scales(count: int = 40) -> str:
    return HEAD + STAGE.format("") + "".join(question(f"q{number}", "scale") for number in range(count))


def write_doubling_numbers() -> str:
    chain = "".join(
        compute(f"c{number}", f'value = "c{number - 1} + c{number - 1} * q{number}"') for number in range(1, 31)
    )
    return write_scales() + compute("c0", 'value = "q0 + q1"') + chain + finding('text = "x"\nwhen = "c30 > 5"')


def write_doubling_conditions() -> str:
    value = "(c{0} and q{1} > 2) or (not c{0} and q{1} < 2)"
    chain = "".join(compute(f"c{number}", f'value = "{value.format(number - 1, number)}"') for number in range(1, 31))
    return write_scales() + compute("c0", 'value = "q0 > 2"') + chain + finding('text = "x"\nwhen = "c30 and not c29"')


def write_many_choices() -> str:
    text = HEAD + STAGE.format("") + question("a", "choices", f"choices = [{MANY_CHOICES}]")
    text += question("b", "choice", f"choices = [{MANY_CHOICES}]")
    for number in range(50):
        when = f"'o{number}' in a and b in a and b != 'o{number}' and count(a) > {number}"
        text += finding(f'text = "x"\nwhen = "{when}"').replace('"f"', f'"f{number}"')
    return text


def write_long_tally() -> str:
    lines = ",\n".join(
        f'{{ id = "l{number}", when = "q{number % 40} > 2 and q{number * 7 % 40} < 4", points = {number % 7 - 3}, text = "x" }}'
        for number in range(60)
    )
    tally = f'[[compute]]\nid = "t"\nlabel = "T"\ntally = [\n{lines}\n]\n'
    return write_scales() + tally + finding('text = "x"\nwhen = "t > 5"')


def write_many_lines() -> str:
    lines = "".join(
        f'{{ when = "q{number % 40} > {number % 4} and q{number * 7 % 40} < {number % 5}", text = "Do {number}" }},\n'
        for number in range(300)
    )
    return write_scales() + f'[[action]]\nid = "a"\ndo = [\n{lines}"x"]\n'


@pytest.mark.parametrize(
    ("write", "seconds"),
    [
        (write_500_questions, 1.5),
        (write_doubling_numbers, 0.5),
        (write_doubling_conditions, 0.5),
        (write_many_choices, 0.5),
        (write_long_tally, 0.5),
        (write_many_lines, 0.5),
    ],
)
def test_a_check_takes_a_bounded_time(write, seconds):
    data = write().encode()

    problems = check_playbook(data, file="f")

    assert all(each.severity == "warning" for each in problems), problems
    assert measure_seconds(lambda: check_playbook(data, file="f")) < seconds
