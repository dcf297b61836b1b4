"""The playbooks in docs/playbooks.md pass the check and run, and its list of problem codes is complete."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from fakes import FakeClock

from careerkit.coaching.batch import run_batch
from careerkit.core.expressions.ast import ARGUMENT_COUNTS
from careerkit.core.playbook.loader import check_playbook, load_playbook
from careerkit.core.playbook.schema import build_json_schema
from careerkit.storage.memory_journal import MemoryJournal

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "playbooks.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
WHOLE = [block for block in BLOCKS if block.startswith("format = 1")]
ANSWERS = [block for block in BLOCKS if block.startswith("# answers")]
FRAGMENTS = [block for block in BLOCKS if block not in WHOLE and block not in ANSWERS]
JOINED = "\n".join(FRAGMENTS)

KEBAB = re.compile(r"[a-z]+(-[a-z0-9]+)+")
NO_CODES = {"utf-8", "check-in"}
ONE_WORD = {"circle"}

BRANCHES = {
    "away": """
pull = "away"
boss = "R."
strain = 4
tried = []
ways = ["stay", "move"]
criteria = ["pay", "quiet"]
swing = { pay = 60, quiet = 40 }
scores = { stay = { pay = [3, 5, 6], quiet = 7 }, move = { pay = [4, 6, 9], quiet = [2, 6, 8] } }
people = [{ person = "B.", power = 5, knows = false }]
day = 2026-12-04
chance = 70
""",
    "towards": """
pull = "towards"
boss = "R."
tried = ["asked for other work"]
ways = ["stay", "half"]
criteria = ["pay", "quiet"]
swing = { pay = 50, quiet = 50 }
scores = { stay = { pay = 5, quiet = 7 }, half = { pay = 4, quiet = 4 } }
people = [{ person = "B.", power = 2, knows = true }]
day = 2026-12-04
chance = 70
push = "high"
""",
}


DUE = {"away": {"tell_1": "2026-12-03"}, "towards": {}}
FRIDAYS = ["2026-12-11", "2026-12-18", "2026-12-25", "2027-01-01"]


def test_the_page_has_a_whole_playbook_with_answers_and_fragments():
    assert len(WHOLE) == 1
    assert len(ANSWERS) == 1
    assert len(FRAGMENTS) >= 5


@pytest.mark.parametrize("text", [*WHOLE, JOINED], ids=lambda text: text.split("\n", 1)[0])
def test_every_playbook_of_the_page_passes_the_check(text: str):
    assert [str(problem) for problem in check_playbook(text.encode(), file="playbooks.md")] == []


def test_the_first_playbook_has_ten_lines_and_gives_an_action():
    assert len(WHOLE[0].strip().splitlines()) == 10

    entry = finished(WHOLE[0], ANSWERS[0])

    assert [action.do for action in entry.outcome.actions] == ["Ask Linh: The export drops every tenth row."]


@pytest.mark.parametrize("branch", BRANCHES)
def test_the_joined_fragments_run_to_the_end(branch: str):
    outcome = finished(JOINED, BRANCHES[branch]).outcome

    assert "which" in [finding.id for finding in outcome.findings]
    assert "push_first" in [finding.id for finding in outcome.findings]
    due = {action.id: action.due.isoformat() for action in outcome.actions}
    assert due == {"ask_talk": "2026-12-02", "look_back": "2026-12-06"} | DUE[branch]
    assert [checkin.due.isoformat() for checkin in outcome.checkins] == ["2026-12-07", *FRIDAYS]
    assert outcome.headline == "Nothing has to be decided today."


def test_every_problem_code_of_the_check_is_listed_and_no_other():
    listed = set(re.findall(r"`([a-z0-9-]+)`", section("What `playbook check` says")))
    known = codes_in("core/playbook") | codes_reported_in("core/questions") | codes_in("core/expressions") | ONE_WORD

    assert known - listed == set()
    assert {code for code in listed if KEBAB.fullmatch(code)} - known - codes_in("storage") == set()


def test_every_type_function_and_key_of_the_format_is_named():
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`\n]+)`", PAGE)) + JOINED))
    whole = build_json_schema()
    tables = [whole, *whole["$defs"].values()]
    properties = [each for table in tables for each in table.get("properties", {}).items()]

    assert {key for key, _ in properties} <= named
    assert {value["const"] for key, value in properties if key == "type" and "const" in value} <= named
    assert set(ARGUMENT_COUNTS) <= named


def finished(text: str, answers: str):
    source = text.encode()
    playbook = load_playbook(source, file="playbooks.md", id="me/example")
    given = tomllib.loads(answers, parse_float=Decimal)
    return run_batch(playbook, source, given, lane="full", journal=MemoryJournal(), clock=FakeClock())


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def codes_in(folder: str) -> set[str]:
    return kebab_texts(nodes_in(folder)) - NO_CODES


def codes_reported_in(folder: str) -> set[str]:
    """The codes that specs report of a playbook; codes for invalid answers are not codes of the check."""
    reports = (
        node
        for node in nodes_in(folder)
        if (isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "report")
        or (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "not_inserted")
    )
    return kebab_texts(inner for node in reports for inner in ast.walk(node))


def nodes_in(folder: str) -> list[ast.AST]:
    files = (ROOT / "src" / "careerkit" / folder).rglob("*.py")
    return [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]


def kebab_texts(nodes: Iterable[ast.AST]) -> set[str]:
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if KEBAB.fullmatch(text)}
