"""The pictures of docs/tour.md: a whole passage at a real terminal, photographed on the way. `make tour` takes them.

The answers are those of a case of the tests, and so are the keys that give them.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from terminal_svg import svg
from tour_terminal import NOW, Answer, Shot, Terminal

from careerkit.core.interview import Interview
from careerkit.core.playbook.loading import load_playbook
from careerkit.terminal.keys.key import Key
from pressing import pressed_passage

DOCS = Path(__file__).parent
PICTURES = DOCS / "tour"
PLAYBOOK = "path/choose"
SOURCE = DOCS.parent / "playbooks" / f"{PLAYBOOK}.toml"
ANSWERS = DOCS.parent / "tests" / "cases" / "path-choose" / "mentor.toml"

TOLD = {
    "first-question": "The first question: what to tick, and the keys below it.",
    "why": "Why a question is asked: the reason and where it comes from stand below the choices.",
    "points": "A hundred points for four criteria: each has its bar, and 40 points are left.",
    "grid": "A grid of options and criteria, half filled in: three numbers a cell, low, likely and high.",
    "review": "The review: all answers by stage, each on a line, to be opened and changed.",
    "last-look": "The review before the end: the last answers, the figures, and 'Go to the end'.",
    "figures": "The end: bars of how often each option comes first, and what would turn that round.",
    "plan": "The plan: five actions with their dates, each with its cue and the sign that it is done.",
    "saved": "The last lines: a draft, where all is saved, and the commands that come next.",
}
"""The pictures by name, each in a sentence for those who don't see it."""


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, picture in pictures().items():
        (PICTURES / name).write_text(picture, encoding="utf-8")


def pictures() -> dict[str, str]:
    """The pictures by the names of their files, in the order of the tour."""
    with tempfile.TemporaryDirectory() as home:
        shots = dict(_shots(Terminal(PLAYBOOK, list(_answers()), home=home)))
    title = f"careerkit {PLAYBOOK.replace('/', ' ')}"
    return {f"{name}.svg": svg(rows, title=title, told=TOLD[name], cursor=at) for name, (rows, at) in shots.items()}


def _shots(terminal: Terminal) -> Iterator[tuple[str, Shot]]:
    terminal.answer_until("gate")
    yield "first-question", terminal.shot()
    terminal.answer_until("gave")
    terminal.look("?")
    yield "why", terminal.shot()
    terminal.look("?")
    terminal.answer_until("swing")
    terminal.answer_half(shows="40 left")
    yield "points", terminal.shot()
    terminal.answer_until("scores")
    terminal.answer_half(shows="A trial of both: energy")
    yield "grid", terminal.shot()
    terminal.answer_until("talks")
    terminal.look(Key.REVIEW)
    yield "review", terminal.shot()
    terminal.look(Key.ESCAPE)
    terminal.answer_all()
    yield "last-look", terminal.shot()
    terminal.end()
    yield "figures", terminal.part("The options by your own figures")
    yield "plan", terminal.part("The plan")
    yield "saved", terminal.shot()


def _answers() -> Iterator[Answer]:
    playbook = load_playbook(SOURCE.read_bytes(), file=SOURCE.name, id=PLAYBOOK)
    asks = {question.id: question.ask for question in playbook.questions}
    answers = tomllib.loads(ANSWERS.read_text(encoding="utf-8"))
    for id_, keys in pressed_passage(Interview(playbook, today=NOW.date()), answers):
        if id_ in asks:
            yield id_, asks[id_], keys


if __name__ == "__main__":
    main()
