"""Whatever becomes of a good playbook: the check answers quickly and without a crash, and an interview comes to its end."""

from __future__ import annotations

from pathlib import Path
from random import Random
from time import process_time

import pytest
from mutations import mutate
from playbook_samples import WHOLE

from careerkit.core.errors import Problem, Refused
from careerkit.core.interview import Interview
from careerkit.core.interview_steps import Ask, Finish
from careerkit.core.playbook.loader import check_playbook, load_playbook
from cpu_time import measure_seconds
from long_run import IS_LONG_RUN, choose_count
from playbook_cases import REPOSITORY, list_bundled_ids
from random_interviews import TODAY, RandomPerson, is_answerable

BASE = (Path(__file__).parent / "broken" / "base.toml").read_text(encoding="utf-8")
BUNDLED = [(REPOSITORY / "playbooks" / f"{each}.toml").read_text(encoding="utf-8") for each in list_bundled_ids()]
GOOD = [*[BASE] * 40, *[WHOLE] * 20, *BUNDLED]
MAX_SECONDS = 0.2 if IS_LONG_RUN else 0.4
"""The limit is 0.2 for a process that has a core of its own. Other tests run beside the short form."""
BLOCKS, IN_A_BLOCK = choose_count(4, long=200), choose_count(100, long=500)
MAX_INTERVIEWS = choose_count(6, long=IN_A_BLOCK)
"""The most interviews in a block: one takes as long as a few checks."""


@pytest.mark.parametrize("seed", range(BLOCKS))
def test_a_mutated_playbook_is_checked_quickly_and_its_interview_ends(seed):
    random = Random(f"mutations {seed}")
    interviews = 0
    for _ in range(IN_A_BLOCK):
        text = mutate(random.choice(GOOD), random)
        problems = check_quickly(text)
        if all(each.severity == "warning" for each in problems) and interviews < MAX_INTERVIEWS:
            interviews += 1
            run_interview(text, random)


def check_quickly(text: str) -> list[Problem]:
    data = text.encode()
    began = process_time()
    problems = check_playbook(data, file="f")
    if process_time() - began > MAX_SECONDS:  # it may have been the machine
        assert measure_seconds(lambda: check_playbook(data, file="f")) < MAX_SECONDS, text
    return problems


def run_interview(text: str, random: Random) -> None:
    """Answer everything that is asked, with made-up answers. What can't be answered is skipped once."""
    playbook = load_playbook(text.encode(), file="f", id="mutated")
    interview, person = Interview(playbook, today=TODAY), RandomPerson(playbook, random)
    for _ in range(6 * len(playbook.questions) + 60):
        step = interview.step()
        if isinstance(step, Finish):
            return
        if not isinstance(step, Ask):
            interview = interview.mark_shown(step.key)
            continue
        answered = answer(interview, step, person)
        if answered is None:
            return  # luck didn't find an answer; that there is none would be an error of the check
        interview = answered
    raise AssertionError(f"no end in sight:\n{text}")


def answer(interview: Interview, ask: Ask, person: RandomPerson) -> Interview | None:
    for _ in range(40):
        try:
            if not is_answerable(ask):
                return interview.skip()
            return interview.answer(ask.question.id, person.invent_answer(ask.question, interview.facts()))
        except Refused:
            continue
    try:
        return interview.skip()
    except Refused:
        return None
