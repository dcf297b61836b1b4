"""Other programs open what the exports write: topydo, todo.txt, Taskwarrior, cmark-gfm and a spreadsheet.

200 random plans with hostile texts, a tenth of them by default.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin
from plan_samples import HOSTILE_TEXTS, OPTIONS, build_case_document, build_document, generate_document

from careerkit.core.frozen import replace
from careerkit.core.journal.plan import PlannedAction
from careerkit.export import data_files, markdown, obsidian, taskwarrior, todotxt
from careerkit.export.formats import DONE_FILE, PlanDocument
from long_run import take_share
from playbook_cases import list_cases

SEEDS = take_share(range(200), one_in=10)
TODO_CONFIG = """
export TODO_DIR={folder}
export TODO_FILE=$TODO_DIR/todo.txt
export DONE_FILE=$TODO_DIR/done.txt
export REPORT_FILE=$TODO_DIR/report.txt
"""
TOPYDO_CONFIG = "[topydo]\nfilename = todo.txt\narchive_filename = done.txt\n"


def run(*command: object, folder: Path, stdin: str = "", **environment: str) -> str:
    ended = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        input=stdin.encode(),
        capture_output=True,
        env={**os.environ, "HOME": str(folder), "LANG": "C.UTF-8", "TZ": "UTC", **environment},
        timeout=60,
    )
    assert ended.returncode == 0, (command, ended.stdout[-400:], ended.stderr[-400:])
    return ended.stdout.decode()


# ------------------------------------------------------------ todo.txt


class TodoFolder:
    """todo.txt and done.txt in a folder, and two programs that work on them."""

    def __init__(self, folder: Path, todo: str) -> None:
        self.folder, self.todo = folder, todo
        (folder / "todo.cfg").write_text(TODO_CONFIG.format(folder=folder))
        (folder / "topydo.conf").write_text(TOPYDO_CONFIG)

    def fill(self, document: PlanDocument) -> str:
        """A new list with the plan; it is returned."""
        text = todotxt.FORMAT.render(document, OPTIONS).text
        (self.folder / "todo.txt").write_bytes(text.encode())
        (self.folder / DONE_FILE).write_bytes(b"")
        return text

    def merge(self, document: PlanDocument) -> str:
        options = replace(OPTIONS, existing=self.read("todo.txt"), existing_files={DONE_FILE: self.read(DONE_FILE)})
        return todotxt.FORMAT.render(document, options).text

    def read(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode()

    def read_ticks(self) -> dict[str, str]:
        both = f"{self.read('todo.txt')}\n{self.read(DONE_FILE)}"
        return {each.id: each.state for each in todotxt.FORMAT.read(both)}

    def run_todo_txt(self, *command: object) -> str:
        return run(self.todo, "-p", "-d", self.folder / "todo.cfg", *command, folder=self.folder)

    def run_topydo(self, *command: object) -> str:
        start = "from topydo.ui.UILoader import main; main()"
        return run(sys.executable, "-c", start, "-c", "topydo.conf", *command, folder=self.folder)


@pytest.fixture
def todo_folder(tmp_path, need_tool, do_without):
    if not find_spec("topydo"):
        do_without("topydo is not installed")
    return TodoFolder(tmp_path, need_tool("todo-txt"))


@pytest.mark.parametrize("seed", SEEDS)
def test_topydo_and_todo_txt_list_the_same_actions_and_what_they_complete_is_read(todo_folder, seed):
    document = generate_document(seed)
    text = todo_folder.fill(document)
    items = {todotxt.FORMAT.identify(each): each for each in document.items if each.state != "dropped"}
    states = {key: each.state for key, each in items.items()}
    days = {key: each.due_day.isoformat() if each.due_day else "" for key, each in items.items()}

    by_todo_txt = [line.partition(" ")[2] for line in todo_folder.run_todo_txt("ls").splitlines()[:-2]]
    by_topydo = json.loads(todo_folder.run_topydo("ls", "-x", "-f", "json") or "[]")

    assert sorted(by_todo_txt) == sorted(text.splitlines())
    assert sorted(each["source"] for each in by_topydo) == sorted(text.splitlines())
    assert {find_tag(each, "ck"): "done" if each["completed"] else "open" for each in by_topydo} == states
    assert {find_tag(each, "ck"): find_tag(each, "due") for each in by_topydo} == days
    assert all(
        (each["contexts"], each["projects"], each["priority"]) == ([], ["crisis-start"], None) for each in by_topydo
    )

    keys = [key for key, state in states.items() if state == "open"]
    complete_with(todo_folder.run_topydo, todo_folder, keys[0::3])
    complete_with(todo_folder.run_todo_txt, todo_folder, keys[1::3])
    assert todo_folder.read_ticks() == states | dict.fromkeys((*keys[0::3], *keys[1::3]), "done")
    assert todo_folder.merge(document) == todo_folder.read("todo.txt")


def find_tag(listed: dict, name: str) -> str:
    """The value that topydo takes: the first one in the line."""
    return next((value for key, value in listed["tags"] if key == name), "")


def complete_with(program, todo_folder, keys):
    for key in keys:
        lines = todo_folder.read("todo.txt").split("\n")
        [number] = (number for number, line in enumerate(lines, 1) if line.endswith(f"ck:{key}"))
        program("do", number)


# ------------------------------------------------------------ Taskwarrior


class Taskwarrior:
    def __init__(self, program: str, folder: Path) -> None:
        self.program, self.folder = program, folder
        (folder / "rc").write_text("confirmation=off\nverbose=nothing\nrecurrence.confirmation=no\nbulk=0\n")

    def run(self, *command: object, stdin: str = "") -> str:
        data = str(self.folder / "data")
        return run(
            self.program, *command, folder=self.folder, stdin=stdin, TASKRC=str(self.folder / "rc"), TASKDATA=data
        )

    def export(self) -> dict[str, dict]:
        return {row["uuid"]: row for row in json.loads(self.run("export"))}


@pytest.fixture
def tasks(tmp_path, need_tool):
    (tmp_path / "data").mkdir()
    return Taskwarrior(need_tool("task"), tmp_path)


@pytest.mark.parametrize("seed", SEEDS)
def test_taskwarrior_imports_a_plan_and_a_second_import_keeps_what_the_person_did(tasks, seed):
    document = generate_document(seed)
    tasks.run("add", "milk", "+shop")
    tasks.run("import", "-", stdin=taskwarrior.FORMAT.render(document, OPTIONS).text)

    rows = tasks.export()
    items = {taskwarrior.FORMAT.identify(each): each for each in document.items}
    states = {"pending": "open", "completed": "done", "deleted": "dropped"}
    assert {uuid: states[rows[uuid]["status"]] for uuid in items} == {uuid: each.state for uuid, each in items.items()}
    for uuid, item in items.items():
        moment = item.find_due_moment()
        assert rows[uuid].get("due") == (moment and f"{moment:%Y%m%dT%H%M%SZ}")
        assert rows[uuid]["description"] == re.sub("&(open|close);", r"& \1;", item.what_and_who)
        assert len(rows[uuid].get("annotations", [])) == bool(item.cue) + bool(item.evidence)

    still_open = [uuid for uuid, each in items.items() if each.state == "open"]
    for number, uuid in enumerate(still_open):
        tasks.run(uuid, "modify", "+mine", "priority:H")
        tasks.run(uuid, "annotate", "a note of mine")
        if number % 2:
            tasks.run(uuid, "done")
    current = tasks.run("export")
    moved = move_by_a_day(document)
    merged = taskwarrior.FORMAT.render(moved, replace(OPTIONS, existing=current))
    tasks.run("import", "-", stdin=merged.text)

    after, before = tasks.export(), {row["uuid"]: row for row in json.loads(current)}
    for number, uuid in enumerate(still_open):
        assert (after[uuid]["tags"], after[uuid]["priority"]) == (["mine"], "H")
        assert after[uuid]["annotations"] == before[uuid]["annotations"]
        assert after[uuid]["status"] == ("completed" if number % 2 else "pending")
    due = {each.uuid: each.find_due_moment() for each in moved.items}
    for uuid in still_open[::2]:
        assert after[uuid].get("due") == next(
            (f"{day:%Y%m%dT%H%M%SZ}" for key, day in due.items() if str(key) == uuid and day), None
        )
    ticks = {each.id: each.state for each in taskwarrior.FORMAT.read(tasks.run("export"))}
    assert ticks == {
        uuid: "done" if each.state == "done" or uuid in still_open[1::2] else "open"
        for uuid, each in items.items()
        if each.state != "dropped"
    }


def move_by_a_day(document: PlanDocument) -> PlanDocument:
    entries = []
    for planned in document.entries:
        actions = tuple(replace(each, due=each.due and each.due + timedelta(days=1)) for each in planned.plan.actions)
        entries.append(replace(planned, plan=replace(planned.plan, actions=actions)))
    return replace(document, entries=tuple(entries))


# ------------------------------------------------------------ Markdown


def count_checkboxes(text: str, cmark: str, folder: Path) -> tuple[int, int]:
    """The ticked and the other checkboxes, on which two parsers agree."""
    by_cmark = run(cmark, "-e", "tasklist", "-e", "table", "-e", "strikethrough", folder=folder, stdin=text)
    by_markdown_it = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(tasklists_plugin).render(text)
    counts = [
        (
            len(re.findall(r"<input[^>]*checked", html)),
            len(re.findall(r"<input(?![^>]*checked)[^>]*type=\"checkbox\"", html)),
        )
        for html in (by_cmark, by_markdown_it)
    ]
    assert counts[0] == counts[1]
    return counts[0]


def test_two_markdown_parsers_find_a_checkbox_for_each_action(tmp_path, need_tool):
    cmark = need_tool("cmark-gfm")
    documents = [build_case_document(case) for case in take_share(list_cases(), one_in=10)]
    documents += [generate_document(seed) for seed in SEEDS]
    for document in documents:
        actions = [each for planned in document.entries for each in planned.entry.outcome.actions]
        still_open = sum(each.state == "open" for each in actions)
        text = markdown.FORMAT.render(document, OPTIONS).text
        assert count_checkboxes(text, cmark, tmp_path) == (len(actions) - still_open, still_open)


def test_a_note_for_obsidian_has_a_checkbox_for_each_open_or_done_item_in_other_programs_too(tmp_path, need_tool):
    cmark = need_tool("cmark-gfm")
    for seed in SEEDS:
        document = generate_document(seed)
        states = [each.state for each in document.items]
        text = obsidian.FORMAT.render(document, OPTIONS).text
        assert count_checkboxes(text, cmark, tmp_path) == (states.count("done"), states.count("open"))


# ------------------------------------------------------------ spreadsheets


def find_formulas(folder: Path, ssconvert: str, text: str) -> list[str]:
    """The cells that Gnumeric takes for formulas: those without the type of a value."""
    (folder / "plan.csv").write_bytes(text.encode())
    run(ssconvert, "plan.csv", "plan.gnumeric", folder=folder)
    sheet = gzip.decompress((folder / "plan.gnumeric").read_bytes()).decode()
    cells = re.findall(r"<gnm:Cell ([^>]*)>(.*?)</gnm:Cell>", sheet, re.DOTALL)
    assert cells
    return [content for attributes, content in cells if "ValueType" not in attributes]


@pytest.mark.parametrize("profile", ["", "todoist"])
def test_a_spreadsheet_runs_no_formula(profile, tmp_path, need_tool):
    ssconvert = need_tool("ssconvert")
    actions = (PlannedAction(f"a{number}", text, cue=text, evidence=text) for number, text in enumerate(HOSTILE_TEXTS))
    text = data_files.FORMAT.render(build_document(*actions), replace(OPTIONS, profile=profile)).text

    assert find_formulas(tmp_path, ssconvert, text) == []
    assert find_formulas(tmp_path, ssconvert, text.replace("'=1+1", "=1+1")) != []
