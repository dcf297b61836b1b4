"""Whole conversations as they look. CAREERKIT_WRITE_TRANSCRIPTS=1 pytest tests/terminal/test_transcripts.py renews them.

Each `.lines` file is typed into the sampler; what shows, with what was typed, stands beside it for each look.
"""

from __future__ import annotations

import os

import pytest
from line_conversation import HERE, run_conversation

FOLDER = HERE / "transcripts"
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.lines"))
LOOKS = {
    "plain": {"look": "plain"},
    "plain.ascii": {"look": "plain", "encoding": "ascii"},
    "40": {"look": "40"},
    "80": {"look": "80"},
    "80.ascii": {"look": "80", "encoding": "ascii"},
    "80.color": {"look": "80", "color": True},
    "120": {"look": "120"},
}


def typed(script: str) -> list[str]:
    return (FOLDER / f"{script}.lines").read_text(encoding="utf-8").split("\n")[:-1]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_conversation_looks_as_it_is_written_down(script, look):
    done = run_conversation(typed(script), **LOOKS[look])
    shown = f"{done.shown}{'=' * 20} standard output\n{done.results}".replace("\x1b", "␛")
    file = FOLDER / f"{script}.{look}.txt"
    if os.environ.get("CAREERKIT_WRITE_TRANSCRIPTS") == "1":
        file.write_text(shown, encoding="utf-8")

    assert (done.ended, done.unread) == ("finished", 0)
    assert shown == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_look_leads_to_the_same_entry(script):
    entries = [run_conversation(typed(script), **options).entry for options in LOOKS.values()]

    assert all(entry == entries[0] for entry in entries)
