"""Killed in the middle of an answer of several parts: each part is on the disk, and the rest completes the answer."""

from __future__ import annotations

import signal
import sys
from io import StringIO
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "terminal"), str(HERE / "terminal" / "keys"), str(HERE / "coaching")]

from fakes import FakeClock  # noqa: E402 - found through the lines above
from offline_key_screen import make_key_screen  # noqa: E402
from watched_terminal import WatchedTerminal  # noqa: E402

from careerkit.coaching.resume import resume_session  # noqa: E402
from careerkit.coaching.session import start_session  # noqa: E402
from careerkit.storage.memory_journal import MemoryJournal  # noqa: E402
from careerkit.terminal.dialog import Dialog  # noqa: E402
from careerkit.terminal.editor import Editor  # noqa: E402
from careerkit.terminal.keys.key_codes import Key  # noqa: E402
from careerkit.terminal.line_screen import LineScreen  # noqa: E402
from careerkit.terminal.plain_renderer import PlainRenderer  # noqa: E402
from careerkit.terminal.tty import ErasableOutput  # noqa: E402
from careerkit_process import COMMAND  # noqa: E402
from key_input import ScriptedPresses  # noqa: E402
from scenario import HEADER, NOW, parse_playbook  # noqa: E402

THREE = 'choices = [ { id = "a", label = "Ant" }, { id = "b", label = "Bee" }, { id = "c", label = "Cow" } ]'
GRID = """rows = [ { id = "x", label = "Xen" }, { id = "y", label = "Yak" } ]
columns = [ { id = "p", label = "Pay" }, { id = "q", label = "Joy" } ]
spread = true"""
FORMS = """fields = [
  { id = "who", type = "text", ask = "Who?" },
  { id = "until", type = "date", ask = "Until when?", required = false },
  { id = "power", type = "scale", ask = "Power?" },
]"""
QUESTIONS = {
    "grid": GRID,
    "weights": THREE,
    "records": FORMS,
    "list": "min = 2",
    "text": "long = true",
    "choices": THREE,
    "rank": THREE,
}
BY_KEYS = {
    "grid": ["3 5 8", Key.ENTER, "4", Key.ENTER, "5", Key.ENTER, "6", Key.ENTER],
    "weights": ["40", Key.DOWN, "35", Key.DOWN, "25", Key.SUBMIT],
    "records": [
        "Ann",
        Key.ENTER,
        Key.SKIP,
        "3",
        Key.ENTER,
        "a",
        "Bob",
        Key.ENTER,
        "fri",
        Key.ENTER,
        "4",
        Key.ENTER,
        Key.ENTER,
    ],
    "list": ["one", Key.ENTER, "two", Key.ENTER, Key.ENTER],
    "text": ["one", Key.ENTER, "two", Key.SUBMIT],
    "choices": ["1", Key.DOWN, "3", Key.ENTER],
    "rank": ["J", "J", Key.SUBMIT],
}
BY_LINES = {
    "grid": ["3 5 8", "4", "5", "6"],
    "weights": ["40", "35", "25"],
    "records": ["Ann", "", "3", "y", "Bob", "fri", "4", "n"],
    "list": ["one", "two", ""],
    "text": ["one", "two", "."],
}


class Dead(BaseException):
    """The machine: nothing after it is done."""


class Dying(ScriptedPresses):
    """Presses what it is given, and dies."""

    def press_all(self, runner):
        while True:
            end = runner.press(self.presses.pop(0) if self.presses else Key.STOP)
            if end is not None:
                return end
            if not self.presses:
                raise Dead


class Reader:
    def __init__(self, lines, ends) -> None:
        self._lines, self._ends = list(lines), ends

    def readline(self) -> str:
        if not self._lines and self._ends:
            raise Dead
        return f"{self._lines.pop(0)}\n" if self._lines else ""


def by_keys(presses, *, dies):
    return make_key_screen((Dying if dies else ScriptedPresses)(presses))


def by_lines(lines, *, dies):
    talk = Dialog(
        Reader(lines, dies),
        ErasableOutput(StringIO()),
        PlainRenderer(),
        encoding="utf-8",
        editor=Editor({}),
        interactive=False,
    )
    return LineScreen(talk, results=StringIO(), today=NOW.date)


def asking(kind):
    return f'[[stage]]\nid = "s"\ntitle = "S"\n[[stage.question]]\nid = "q"\ntype = "{kind}"\nask = "Well?"\n{QUESTIONS[kind]}\n'


class Conversation:
    """With what is on the disk alone, from one start to the next."""

    def __init__(self, kind, screen) -> None:
        self._text, self._screen, self._journal = asking(kind), screen, MemoryJournal()

    def go_on(self, given, *, dies):
        book = parse_playbook(self._text)
        settings = {"screen": self._screen(given, dies=dies), "journal": self._journal, "clock": FakeClock()}
        source = (HEADER + self._text).encode()
        entries = self._journal.listing().entries
        if entries:
            passage = resume_session(self._journal.read(entries[0].id).entry, book, source, **settings)
        else:
            passage = start_session(book, source, lane="full", **settings)
        try:
            passage.run()
        except (Dead, KeyboardInterrupt):
            pass

    @property
    def entry(self):
        (listed,) = self._journal.listing().entries
        return self._journal.read(listed.id).entry


def parts_of(presses):
    """The presses in parts, each up to and with a key."""
    parts, part = [], []
    for press in presses:
        part.append(press)
        if isinstance(press, Key):
            parts.append(part)
            part = []
    return parts


def straight(kind, screen, given):
    conversation = Conversation(kind, screen)
    conversation.go_on(given, dies=False)
    (answer,) = conversation.entry.answers
    return answer.value


@pytest.mark.parametrize("kind", [kind for kind in BY_LINES if kind != "records"])
def test_line_by_line_each_part_is_saved_before_the_next_is_asked(kind):
    lines = BY_LINES[kind]
    conversation = Conversation(kind, by_lines)
    for line in lines[:-1]:
        conversation.go_on([line], dies=True)
        assert conversation.entry.begun
    conversation.go_on(lines[-1:], dies=False)

    (answer,) = conversation.entry.answers
    assert answer.value == straight(kind, by_lines, lines)
    assert conversation.entry.begun == ()


def test_line_by_line_a_form_goes_on_at_the_field_where_it_was_killed():
    lines = BY_LINES["records"]
    for number in range(1, len(lines)):
        conversation = Conversation("records", by_lines)
        conversation.go_on(lines[:number], dies=True)
        rest = lines[number:] if number != 2 else ["", *lines[number:]]  # what was left out last is asked once more
        if number in (3, 4):
            rest = ["+", *lines[4:-1], ""]  # the whole form stands in a menu
        if number == 7:
            rest = [""]
        conversation.go_on(rest, dies=False)

        assert conversation.entry.answers, number
        assert conversation.entry.answers[0].value == straight("records", by_lines, lines), number


@pytest.mark.parametrize("kind", ["grid", "text", "choices"])
def test_by_keys_each_part_is_saved_with_the_key_that_ends_it(kind):
    parts = parts_of(BY_KEYS[kind])
    for number in range(1, len(parts)):
        conversation = Conversation(kind, by_keys)
        conversation.go_on([press for part in parts[:number] for press in part], dies=True)
        assert conversation.entry.begun, number
        conversation.go_on([press for part in parts[number:] for press in part], dies=False)

        assert conversation.entry.answers[0].value == straight(kind, by_keys, BY_KEYS[kind]), number


def test_by_keys_points_lines_and_an_order_stand_there_again():
    for kind, presses, rest in (
        ("weights", ["40", Key.DOWN, "35", Key.DOWN], [Key.DOWN, Key.DOWN, "25", Key.SUBMIT]),
        ("list", ["one", Key.ENTER], ["two", Key.SUBMIT]),
        ("rank", [Key.MOVE_DOWN, Key.MOVE_DOWN], [Key.SUBMIT]),
        ("records", ["Ann", Key.ENTER], [Key.SKIP, "3", Key.ENTER, Key.ENTER]),
    ):
        conversation = Conversation(kind, by_keys)
        conversation.go_on(presses, dies=True)
        conversation.go_on(rest, dies=False)

        assert conversation.entry.answers[0].value == straight(
            kind, by_keys, [*presses, *rest][: len(presses)] + _same(kind, rest)
        ), kind


def _same(kind, rest):
    """What gives the same without the break: the cursor has not gone back to the first item."""
    return rest[2:] if kind == "weights" else rest


def test_killed_in_the_middle_of_a_grid_at_a_real_terminal_its_cells_are_there_again(home):
    home.add_playbook("my/grid", HEADER + asking("grid"))
    terminal = WatchedTerminal(60, 24, *COMMAND, "my", "grid", **home.env)
    terminal.wait("Ctrl-C stop")
    terminal.press("3 5 8", Key.ENTER, "7", Key.ENTER)
    terminal.wait("Yak: Pay")
    terminal.child.kill(signal.SIGKILL)

    terminal = WatchedTerminal(60, 24, *COMMAND, "resume", **home.env)
    terminal.wait("Yak: Pay")
    assert "Xen  3 5 8  7" in terminal.shown
