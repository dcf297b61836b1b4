"""The sampler at this terminal: the program that the tests with a real terminal run. Prints how it ended.

With --lines it is the rich look answered with lines, whatever the terminal; with --plain the plain mode; else with keys.
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "coaching")]

from conversation import SAMPLER, TODAY, MemoryJournal  # noqa: E402 - found through the lines above
from fakes import FakeClock  # noqa: E402

from careerkit.coaching.screen import EndOfInput  # noqa: E402
from careerkit.coaching.starting import start  # noqa: E402
from careerkit.terminal.editor import Editor  # noqa: E402
from careerkit.terminal.front import choose_look, choose_screen  # noqa: E402
from careerkit.terminal.line_screen import LineScreen  # noqa: E402
from careerkit.terminal.surface import Surface  # noqa: E402
from careerkit.terminal.talk import Talk  # noqa: E402
from scenario import playbook_of  # noqa: E402

book, journal = playbook_of(SAMPLER), MemoryJournal()
screen = choose_screen(
    plain="--plain" in sys.argv,
    color=True,
    stdin=sys.stdin,
    stdout=sys.stdout,
    stderr=sys.stderr,
    today=lambda: TODAY,
    environment=os.environ,
)
if "--lines" in sys.argv:
    streams = (sys.stdin, sys.stdout, sys.stderr)
    look, size = choose_look(plain=False, color=True, streams=streams)
    surface = Surface(sys.stderr, size=size)
    talk = Talk(sys.stdin, surface, look, encoding="utf-8", editor=Editor(os.environ), interactive=True)
    screen = LineScreen(talk, results=sys.stdout, today=lambda: TODAY)
screen.open(book, note="")
try:
    ended = start(book, SAMPLER.encode(), lane="full", screen=screen, journal=journal, clock=FakeClock()).conduct()
except (EndOfInput, KeyboardInterrupt) as ending:
    ended = type(ending).__name__
saved = [answer.question for answer in journal.entries[-1].answers] if journal.entries else []
begun = [each.question for each in journal.entries[-1].begun] if journal.entries else []
print(f"ended: {ended}; saved: {' '.join(saved)}" + (f"; begun: {' '.join(begun)}" if begun else ""))
