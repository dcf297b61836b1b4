"""A typed conversation under test: lines in, and what was shown, answered and concluded."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from fakes import FakeClock

from careerkit.coaching.screen import EndOfInput
from careerkit.coaching.starting import start
from careerkit.terminal.editor import Editor
from careerkit.terminal.line_screen import LineScreen
from careerkit.terminal.plain_look import PlainLook
from careerkit.terminal.rich_look import RichLook
from careerkit.terminal.stand_ins import symbols_for
from careerkit.terminal.surface import Surface
from careerkit.terminal.talk import Talk
from scenario import NOW, playbook_of

HERE = Path(__file__).parent
SAMPLER = (HERE / "sampler.toml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 22)  # a Sunday
INTERRUPT = object()


class Paper:
    """A stream that keeps what is written."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


class Typist:
    """Types the lines one by one; what is typed shows on the paper, as a terminal shows it. Then input ends."""

    def __init__(self, lines, paper: Paper, *, echo: bool) -> None:
        self._lines = list(lines)
        self._paper = paper
        self._echo = echo

    def readline(self) -> str:
        if not self._lines:
            return ""
        line = self._lines.pop(0)
        if line is INTERRUPT:
            raise KeyboardInterrupt
        if self._echo:
            self._paper.write(f"{line}\n")
        return f"{line}\n"

    @property
    def left(self) -> int:
        return len(self._lines)


class MemoryJournal:
    machine = "m"

    def __init__(self) -> None:
        self.entries: list = []

    def create(self, entry, playbook) -> None:
        self.entries.append(entry)

    def save(self, entry, *, playbook=None) -> None:
        self.entries.append(entry)

    def new_id(self, moment) -> str:
        return "20261122T0905Z-abcdef"

    def hold(self, entry_id):
        return nullcontext()


@dataclass
class Conversation:
    """What came of it. `ended` is "finished" and so on, or the name of the exception that ended it."""

    ended: str
    shown: str
    results: str
    answers: dict = field(default_factory=dict)
    begun: dict = field(default_factory=dict)
    entry: object = None
    unread: int = 0


def look_of(name: str, *, encoding: str = "utf-8", color: bool = False):
    """`plain`, or the width of the rich look."""
    if name == "plain":
        return PlainLook()
    return RichLook(columns=lambda: int(name), color=color, symbols=symbols_for(encoding))


def screen_of(
    lines,
    *,
    look: str = "plain",
    encoding: str = "utf-8",
    color: bool = False,
    size=None,
    environment=None,
    interactive=True,
):
    """A screen, its typist, and the paper that both the conversation and the results go to."""
    paper, results = Paper(), Paper()
    typist = Typist(lines, paper, echo=interactive)
    talk = Talk(
        typist,
        Surface(paper, size=size),
        look_of(look, encoding=encoding, color=color),
        encoding=encoding,
        editor=Editor(environment or {}),
        interactive=interactive,
    )
    return LineScreen(talk, results=results, today=lambda: TODAY), typist, paper, results


def converse(lines, *, playbook: str = SAMPLER, lane: str = "full", note: str = "", **options) -> Conversation:
    """A whole passage through `playbook`, answered with `lines`."""
    book = playbook_of(playbook)
    screen, typist, paper, results = screen_of(lines, **options)
    journal = MemoryJournal()
    passage = start(book, playbook.encode(), lane=lane, screen=screen, journal=journal, clock=FakeClock(NOW))
    try:
        screen.open(book, note=note)
        ended = passage.conduct()
    except (EndOfInput, KeyboardInterrupt) as ending:
        ended = type(ending).__name__
    entry = journal.entries[-1] if journal.entries else None
    answers = {answer.question: answer.value for answer in entry.answers} if entry else {}
    begun = {each.question: each.value for each in entry.begun} if entry else {}
    return Conversation(ended, paper.text, results.text, answers, begun, entry, typist.left)
