"""The sampler at this terminal: the program that the tests with a real terminal run. Prints how it ended.

With --lines it is the rich look answered with lines, whatever the terminal; with --plain the plain mode; else with keys.
Where lines are read, ASKED goes to the terminal before each: it shows nothing, and tells that all before it has been written.
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "coaching")]

from fakes import FakeClock  # noqa: E402
from line_conversation import SAMPLER, TODAY, FakeJournal  # noqa: E402 - found through the lines above

from careerkit.coaching.ports import EndOfInput  # noqa: E402
from careerkit.coaching.session import start_session  # noqa: E402
from careerkit.terminal.dialog import Dialog  # noqa: E402
from careerkit.terminal.editor import Editor  # noqa: E402
from careerkit.terminal.line_screen import LineScreen  # noqa: E402
from careerkit.terminal.plain_renderer import choose_renderer, choose_screen  # noqa: E402
from careerkit.terminal.tty import ErasableOutput  # noqa: E402
from scenario import parse_playbook  # noqa: E402

PROMPT_MARK = "\x1b]9;asked\x07"


class AnnouncingInput:
    """Standard input, which tells before it waits for a line."""

    def __getattr__(self, name):
        return getattr(sys.stdin, name)

    def readline(self) -> str:
        sys.stderr.write(PROMPT_MARK)
        sys.stderr.flush()
        return sys.stdin.readline()


book, journal = parse_playbook(SAMPLER), FakeJournal()
stdin = AnnouncingInput() if {"--lines", "--plain"} & set(sys.argv) else sys.stdin
screen = choose_screen(
    plain="--plain" in sys.argv,
    color=True,
    stdin=stdin,
    stdout=sys.stdout,
    stderr=sys.stderr,
    today=lambda: TODAY,
    environment=os.environ,
)
if "--lines" in sys.argv:
    streams = (sys.stdin, sys.stdout, sys.stderr)
    look, size = choose_renderer(plain=False, color=True, streams=streams)
    surface = ErasableOutput(sys.stderr, size=size)
    talk = Dialog(stdin, surface, look, encoding="utf-8", editor=Editor(os.environ), interactive=True)
    screen = LineScreen(talk, results=sys.stdout, today=lambda: TODAY)
screen.open(book, note="")
try:
    ended = start_session(book, SAMPLER.encode(), lane="full", screen=screen, journal=journal, clock=FakeClock()).run()
except (EndOfInput, KeyboardInterrupt) as ending:
    ended = type(ending).__name__
saved = [answer.question for answer in journal.entries[-1].answers] if journal.entries else []
begun = [each.question for each in journal.entries[-1].begun] if journal.entries else []
print(f"ended: {ended}; saved: {' '.join(saved)}" + (f"; begun: {' '.join(begun)}" if begun else ""))
