"""Run a whole conversation in line mode and record what was shown, answered and concluded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fakes import FakeClock

from careerkit.coaching.ports import EndOfInput
from careerkit.coaching.session import start_session
from careerkit.core.journal.entry import Entry, Lane
from careerkit.core.values import Value
from careerkit.storage.memory_journal import MemoryJournal as StoredInMemory
from careerkit.terminal.dialog import Dialog
from careerkit.terminal.editor import Editor
from careerkit.terminal.line_screen import LineScreen
from careerkit.terminal.plain_renderer import LazyRichRenderer, PlainRenderer
from careerkit.terminal.sanitize import choose_symbols
from careerkit.terminal.tty import ErasableOutput, SizeProvider
from careerkit.terminal.view_models import Renderer
from scenario import HEADER, NOW, parse_playbook

HERE = Path(__file__).parent
SAMPLER = (HERE / "sampler.toml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 22)  # a Sunday
INTERRUPT = object()


class RecordedOutput:
    """A stream that keeps what is written."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


class ScriptedInput:
    """Types the lines one by one; what is typed shows on the paper, as a terminal shows it. Then input ends.

    A function among the lines is called when its line is read, and returns it.
    """

    def __init__(self, lines: Iterable[object], paper: RecordedOutput, *, echo: bool) -> None:
        self._lines = list(lines)
        self._paper = paper
        self._echo = echo

    def readline(self) -> str:
        if not self._lines:
            return ""
        line = self._lines.pop(0)
        if callable(line):
            line = line()
        if line is INTERRUPT:
            raise KeyboardInterrupt
        if self._echo:
            self._paper.write(f"{line}\n")
        return f"{line}\n"

    @property
    def unread(self) -> int:
        return len(self._lines)


class FakeJournal(StoredInMemory):
    """A journal in memory that also remembers every version of an entry, in the order in which they were saved."""

    def __init__(self) -> None:
        super().__init__("m")
        self.entries: list[Entry] = []

    def create(self, entry: Entry, playbook: bytes) -> None:
        super().create(entry, playbook)
        self.entries.append(entry)

    def save(self, entry: Entry, *, playbook: bytes | None = None) -> None:
        super().save(entry, playbook=playbook)
        self.entries.append(entry)

    def new_id(self, moment: datetime) -> str:
        return "20261122T0905Z-abcdef"


@dataclass
class Conversation:
    """What came of it. `ended` is "finished" and so on, or the name of the exception that ended it."""

    ended: str
    shown: str
    results: str
    answers: dict[str, Value] = field(default_factory=dict)
    begun: dict[str, Value] = field(default_factory=dict)
    entry: Entry | None = None
    unread: int = 0


def make_renderer(name: str, *, encoding: str = "utf-8", color: bool = False) -> Renderer:
    """`plain`, or the width of the rich look."""
    if name == "plain":
        return PlainRenderer()
    return LazyRichRenderer(get_columns=lambda: int(name), color=color, symbols=choose_symbols(encoding))


def make_line_screen(
    lines: Iterable[object],
    *,
    look: str = "plain",
    encoding: str = "utf-8",
    color: bool = False,
    size: SizeProvider | None = None,
    environment: Mapping[str, str] | None = None,
    interactive: bool = True,
) -> tuple[LineScreen, ScriptedInput, RecordedOutput, RecordedOutput]:
    """A screen, its typist, and the paper that both the conversation and the results go to."""
    paper, results = RecordedOutput(), RecordedOutput()
    typist = ScriptedInput(lines, paper, echo=interactive)
    talk = Dialog(
        typist,
        ErasableOutput(paper, size=size),
        make_renderer(look, encoding=encoding, color=color),
        encoding=encoding,
        editor=Editor(environment or {}),
        interactive=interactive,
    )
    return LineScreen(talk, results=results, today=lambda: TODAY), typist, paper, results


def run_conversation(
    lines: Iterable[object], *, playbook: str = SAMPLER, lane: Lane = "full", note: str = "", **options: Any
) -> Conversation:
    """A whole passage through `playbook`, answered with `lines`."""
    book = parse_playbook(playbook)
    screen, typist, paper, results = make_line_screen(lines, **options)
    journal = FakeJournal()
    source = playbook if playbook.lstrip().startswith("format") else HEADER + playbook
    passage = start_session(book, source.encode(), lane=lane, screen=screen, journal=journal, clock=FakeClock(NOW))
    ended: str
    try:
        screen.open(book, note=note)
        ended = passage.run()
    except (EndOfInput, KeyboardInterrupt) as ending:
        ended = type(ending).__name__
    entry = journal.entries[-1] if journal.entries else None
    answers = {answer.question: answer.value for answer in entry.answers} if entry else {}
    begun = {each.question: each.value for each in entry.begun} if entry else {}
    return Conversation(ended, paper.text, results.text, answers, begun, entry, typist.unread)
