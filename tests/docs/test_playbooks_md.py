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

from careerkit.coaching.authoring.coverage import measure_coverage
from careerkit.coaching.authoring.skeleton import build_skeleton
from careerkit.coaching.authoring.stories import read_stories
from careerkit.coaching.authoring.story_run import run_story
from careerkit.coaching.resume import run_batch
from careerkit.core.expressions.ast import ARGUMENT_COUNTS
from careerkit.core.playbook.json_schema import build_json_schema
from careerkit.core.playbook.loader import check_playbook, load_playbook
from careerkit.core.playbook.rules import RULES, format_table
from careerkit.storage.memory_journal import MemoryJournal

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "playbooks.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
WHOLE = [block for block in BLOCKS if block.startswith("format = 1")]
ANSWERS = [block for block in BLOCKS if block.startswith("# answers")]
STORIES = [block for block in BLOCKS if block.startswith("[[story]]")]
FRAGMENTS = [block for block in BLOCKS if block not in (*WHOLE, *ANSWERS, *STORIES)]
EXAMPLE = ROOT / "docs" / "example-playbook.toml"
JOINED = "\n".join(FRAGMENTS)

KEBAB = re.compile(r"[a-z]+(-[a-z0-9]+)+")
NO_CODES = {"utf-8", "check-in"}
ONE_WORD = {"circle"}
READ_FAILURES = {"unreadable"}

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


def test_the_story_of_the_page_passes_on_the_playbook_that_a_new_author_begins_with():
    playbook = load_playbook(build_skeleton("ask-for-help").encode(), file="f", id="f")
    [story] = read_stories(tomllib.loads(STORIES[0], parse_float=Decimal), file="playbooks.md")

    assert run_story(playbook, story).is_passed


def test_the_example_passes_the_check_and_its_stories_pass_and_reach_everything():
    assert check_playbook(EXAMPLE.read_bytes(), file="example") == []
    playbook = load_playbook(EXAMPLE.read_bytes(), file="example", id="example")
    text = EXAMPLE.with_name("example-playbook.stories.toml").read_text(encoding="utf-8")
    runs = [run_story(playbook, each) for each in read_stories(tomllib.loads(text, parse_float=Decimal), file="f")]

    assert [each.story.name for each in runs if not each.is_passed] == []
    coverage = measure_coverage(playbook, [part for each in runs for part in each.parts])
    assert [item.id for kind in coverage for item in kind.missing] == []


def test_the_example_has_about_150_lines():
    assert len(EXAMPLE.read_text(encoding="utf-8").splitlines()) <= 155


def test_the_example_has_every_key_and_every_question_type():
    written = set(re.findall(r"[a-z_]+", EXAMPLE.read_text(encoding="utf-8")))
    tables = [(whole := build_json_schema()), *whole["definitions"].values()]
    properties = [each for table in tables for each in table["properties"].items()]
    types = {value["const"] for key, value in properties if key == "type" and "const" in value}

    assert types | {key for key, _ in properties} - written == types & written


def test_the_table_of_rules_is_the_one_in_the_code():
    lines = section("What `playbook check` says").splitlines()

    assert "\n".join(line for line in lines if line.startswith("|")) == format_table()


def test_every_code_that_the_check_reports_has_a_rule_and_every_rule_is_reported():
    reported = codes_in("core/playbook") | codes_reported_in("core/questions") | codes_in("core/expressions") | ONE_WORD

    assert reported - RULES.keys() == set()
    assert RULES.keys() - reported - codes_in("storage") - READ_FAILURES == set()


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_rule_is_explained_in_sentences_and_its_examples_differ(rule):
    assert rule.summary[0].islower() or rule.summary[0] == "`"
    assert not rule.summary.endswith(".")
    assert rule.explanation.endswith(".")
    assert not rule.good or rule.good != rule.bad


def test_every_type_function_and_key_of_the_format_is_named():
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`\n]+)`", PAGE)) + JOINED))
    whole = build_json_schema()
    tables = [whole, *whole["definitions"].values()]
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
    every = (ROOT / "src" / "careerkit" / folder).rglob("*.py")
    files = [file for file in every if file.parent.name != "rules"]  # the rules themselves report nothing
    return [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]


def kebab_texts(nodes: Iterable[ast.AST]) -> set[str]:
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if KEBAB.fullmatch(text)}
