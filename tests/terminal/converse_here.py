"""The sampler at this terminal: the program that the test with a real terminal runs. Prints how it ended."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "coaching")]

from conversation import SAMPLER, TODAY, MemoryJournal  # noqa: E402 - found through the lines above
from fakes import FakeClock  # noqa: E402

from careerkit.coaching.screen import EndOfInput  # noqa: E402
from careerkit.coaching.starting import start  # noqa: E402
from careerkit.terminal.front import choose_screen  # noqa: E402
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
screen.open(book, note="")
try:
    ended = start(book, SAMPLER.encode(), lane="full", screen=screen, journal=journal, clock=FakeClock()).conduct()
except (EndOfInput, KeyboardInterrupt) as ending:
    ended = type(ending).__name__
saved = [answer.question for answer in journal.entries[-1].answers] if journal.entries else []
print(f"ended: {ended}; saved: {' '.join(saved)}")
