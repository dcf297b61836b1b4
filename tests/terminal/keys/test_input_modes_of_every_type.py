"""The real program, with a question of every type: keys, plain lines and an answers file leave the same entry."""

from datetime import date
from decimal import Decimal

import pytest
import tomli_w
from watched_terminal import WatchedTerminal

from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit_process import COMMAND, Home
from every_type_playbook import EVERY_TYPE
from key_input import press_interview
from line_input import type_interview
from scenario import NOW, parse_playbook

ANSWERS = {
    "what": "I overlooked: a 'counter-offer' → 取引",
    "story": "It came at noon.\n\nI read it at five.",
    "facts": ["It came", "It was late"],
    "growing": "now",
    "tell_all": False,
    "signs": ["calls", "silence"],
    "harm": 4,
    "cost": Decimal("1200.5"),
    "when_known": date(2026, 12, 1),
    "order": ["pride", "pay", "peace"],
    "swing": {"pride": 50, "pay": 30, "peace": 20},
    "paths": ["stay", "go"],
    "scores": {each: {"pride": [3, 5, 8], "pay": 4, "peace": 7} for each in ("stay", "go")},
    "plain": {each: {"pride": 1, "pay": 2, "peace": 3} for each in ("stay", "go")},
    "who": [{"person": "Ann", "power": 3, "until": date(2026, 12, 24)}, {"person": "Bo", "power": 1}],
    "proof": [{"item": "stay", "point": "calm", "sure": True}, {"item": "go", "point": "pay", "sure": False}],
}


def by_file(home):
    answers = home.write("answers.toml", tomli_w.dumps({**ANSWERS, "cost": 1200.5}))
    assert home.run("my", "every", "--answers", answers).code == 0


def by_lines(home):
    passage = type_interview(Interview(parse_playbook(EVERY_TYPE), today=NOW.date()), ANSWERS)
    lines = [line for _, lines in passage for line in lines]
    assert home.run("my", "every", "--plain", stdin="".join(f"{line}\n" for line in lines)).code == 0


def by_keys(home):
    terminal = WatchedTerminal(80, 40, *COMMAND, "my", "every", **home.env)
    terminal.wait("Ctrl-C stop")
    for _, presses in press_interview(Interview(parse_playbook(EVERY_TYPE), today=NOW.date()), ANSWERS):
        terminal.press(*presses)
    terminal.wait("Saved as")


def entry_after(way, folder):
    folder.mkdir()
    home = Home(folder)
    home.add_playbook("my/every", EVERY_TYPE)
    way(home)
    return replace(home.entry, id="", machine="")


@pytest.mark.parametrize("way", [by_lines, by_keys])
def test_the_same_answers_leave_the_same_entry(tmp_path, way):
    expected = entry_after(by_file, tmp_path / "file")

    assert [answer.question for answer in expected.answers] == list(ANSWERS)
    assert entry_after(way, tmp_path / "way") == expected
