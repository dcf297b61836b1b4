"""Make the pictures of docs/tour.md: run a whole session in a real terminal and take screenshots on the way (`make tour`).

The answers are those of a test case, and the keys that give them come from the tests too.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from terminal_svg import svg
from tour_terminal import NOW, Answer, Shot, Terminal

from careerkit.core.interview import Interview
from careerkit.core.playbook.loader import load_playbook
from careerkit.terminal.keys.widget import Key
from key_input import press_interview

DOCS = Path(__file__).parent
PICTURES = DOCS / "tour"
PLAYBOOK = "path/choose"
SOURCE = DOCS.parent / "playbooks" / f"{PLAYBOOK}.toml"
ANSWERS = DOCS.parent / "tests" / "cases" / "path-choose" / "mentor.toml"

ALT_TEXTS = {
    "first-question": "The first question, with choices to tick and the keys below.",
    "why": "Why the question is asked: the reason and its source, below the choices.",
    "points": "A hundred points to share between four criteria, each with a bar; 40 are left.",
    "grid": "A grid of options and criteria, half filled in, with a low, likely and high number in each cell.",
    "review": "The review: all answers by stage, one per line, which can be opened and changed.",
    "last-look": "The review before the end: the last answers, the figures, and the choice to finish.",
    "result": "The first page of the result: the headline and the plan with its dates.",
    "words": "The end of the result: a draft, and the keys that open the rest.",
    "numbers": "The numbers: bars that show how often each option comes first, and what would change that.",
    "saved": "The last lines: where everything is saved, and the next commands.",
}
"""The alternative text of each picture, by name."""


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, picture in pictures().items():
        (PICTURES / name).write_text(picture, encoding="utf-8")


def pictures() -> dict[str, str]:
    """The pictures by file name, in the order of the tour."""
    with tempfile.TemporaryDirectory() as home:
        shots = dict(_shots(Terminal(PLAYBOOK, list(_answers()), home=home)))
    title = f"careerkit {PLAYBOOK.replace('/', ' ')}"
    return {f"{name}.svg": svg(rows, title=title, alt=ALT_TEXTS[name], cursor=at) for name, (rows, at) in shots.items()}


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
    terminal.answer_half(shows="a trial of leading: energy")
    yield "grid", terminal.shot()
    terminal.answer_until("talks")
    terminal.look(Key.REVIEW)
    yield "review", terminal.shot()
    terminal.look(Key.ESCAPE)
    terminal.answer_all()
    yield "last-look", terminal.shot()
    terminal.look(Key.ENTER)
    yield "result", terminal.shot()
    terminal.look("e")
    yield "words", terminal.shot()
    terminal.look("n")
    yield "numbers", terminal.shot()
    terminal.end()
    yield "saved", terminal.shot()


def _answers() -> Iterator[Answer]:
    playbook = load_playbook(SOURCE.read_bytes(), file=SOURCE.name, id=PLAYBOOK)
    asks = {question.id: question.ask for question in playbook.questions}
    answers = tomllib.loads(ANSWERS.read_text(encoding="utf-8"))
    for id_, keys in press_interview(Interview(playbook, today=NOW.date()), answers):
        if id_ in asks:
            yield id_, asks[id_], keys


if __name__ == "__main__":
    main()
