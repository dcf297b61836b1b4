"""The structure of the code keeps its limits, as `make measure` shows them, and what measures it finds what it should."""

from fnmatch import fnmatchcase

import pytest
import structure
from structure import KEPT_APART, LIMITS, UNTIL_NEXT_QUESTION, UNTIL_SAVED

from careerkit_process import REPOSITORY

TRACED = (UNTIL_SAVED, UNTIL_NEXT_QUESTION)


@pytest.fixture(scope="module")
def modules():
    return structure.read_modules(REPOSITORY / "src")


@pytest.fixture(scope="module")
def figures(modules):
    return {figure.name: figure for figure in structure.measure(modules)}


@pytest.fixture
def write_modules(tmp_path):
    """Write modules, given by path and text, and read them."""

    def write(texts: dict[str, str]) -> list[structure.Module]:
        for path, text in texts.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return structure.read_modules(tmp_path)

    return write


@pytest.mark.parametrize("name", [name for name in LIMITS if name not in TRACED])
def test_the_code_keeps_the_limit_of(name, figures):
    assert figures[name].is_met, (figures[name].value, *figures[name].details)


def test_one_answer_passes_through_few_modules_from_key_press_to_file():
    figures = {figure.name: figure for figure in structure.trace_answer(REPOSITORY)}

    assert figures[UNTIL_SAVED].is_met, figures[UNTIL_SAVED].details
    assert {"careerkit.coaching.session", "careerkit.storage.journal"} <= set(figures[UNTIL_SAVED].details)
    assert set(figures[UNTIL_SAVED].details) < set(figures[UNTIL_NEXT_QUESTION].details)


@pytest.mark.parametrize("pattern", KEPT_APART)
def test_a_reason_to_keep_a_small_module_apart_is_still_needed(pattern, modules, monkeypatch):
    monkeypatch.setattr(structure, "KEPT_APART", {key: why for key, why in KEPT_APART.items() if key != pattern})

    found = structure.find_single_importers(modules, structure.find_all_imports(modules))

    assert [line for line in found if fnmatchcase(line.split()[0], pattern)]


@pytest.mark.parametrize(
    "import_of_a",
    [
        "from app import a",
        "from . import a",
        "from .a import f",
        "import app.a",
        "def f():\n    from app.a import f",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.a import f",
    ],
)
def test_an_import_that_closes_a_cycle_is_found_in_any_form(import_of_a, write_modules):
    modules = write_modules({
        "app/__init__.py": "",
        "app/a.py": "import app.b\ndef f(): ...",
        "app/b.py": "import app.c",
        "app/c.py": import_of_a,
        "app/outside.py": "import app.a",
    })  # fmt: skip

    assert structure.find_cycles(structure.find_all_imports(modules)) == [["app.a", "app.b", "app.c"]]


def test_modules_that_import_one_after_another_are_no_cycle(write_modules):
    modules = write_modules({"a.py": "import b, c", "b.py": "import c", "c.py": "import os"})

    assert structure.find_cycles(structure.find_all_imports(modules)) == []


def test_public_classes_and_type_aliases_with_two_meanings_are_found(write_modules):
    modules = write_modules({
        "a.py": "class Item: ...\nclass _Own: ...\nPath = tuple[str, ...]\nT = TypeVar('T')\nKind = TypeVar('Kind')\nMAX = 1",
        "b.py": "class Item: ...\nclass _Own: ...\nPath: TypeAlias = str\nT = TypeVar('T')\nKind = TypeVar('Kind')\nMAX = 1",
        "c.py": "from a import Item",
    })  # fmt: skip

    assert structure.find_shared_class_names(modules) == ["Item: a, b", "Path: a, b"]


@pytest.mark.parametrize(
    ("lines", "importers", "found"), [(59, 1, ["small <- user0"]), (60, 1, []), (59, 2, []), (59, 0, [])]
)
def test_a_module_under_60_lines_with_one_importer_is_found(lines, importers, found, write_modules):
    texts = {f"user{number}.py": "import small\n" + "x = 1\n" * 60 for number in range(importers)}
    modules = write_modules(texts | {"small.py": "x = 1\n\n# a comment\n" * lines})

    assert structure.find_single_importers(modules, structure.find_all_imports(modules)) == found


@pytest.mark.parametrize("name", ["read_file", "_read", "is_open", "has", "__enter__"])
def test_a_verb_or_a_question_may_begin_a_name(name):
    assert structure.is_named_by_verb(name)


@pytest.mark.parametrize("name", ["file_reader", "_file", "total", "reader", "readable"])
def test_a_noun_may_not(name):
    assert not structure.is_named_by_verb(name)


def test_figures_are_counted_as_described(write_modules):
    modules = write_modules({
        "app/__init__.py": "",
        "app/a.py": "import os\n\n# a comment\nfrom sys import (\n    path,\n)\ndef read():\n    def inner():\n        import re\n    return inner",
        "app/b.py": "def file(): ...\n\ndef is_Grid(): ...",
    })  # fmt: skip
    value = {figure.name: figure.value for figure in structure.measure(modules)}

    assert value["modules"] == 3
    assert value["modules under 50 lines of code"] == 2
    assert value["most files in one folder"] == 3
    assert value["import lines, % of code"] == pytest.approx(100 * 5 / 10)
    assert value["imports inside functions"] == 1
    assert value["functions named by a verb, %"] == pytest.approx(100 * 2 / 3)
    assert value['modules that name "grid"'] == 1
    assert value["function length, 90th percentile"] == 4


def test_a_missed_limit_is_named_with_what_is_behind_it_and_fails_the_run(write_modules, monkeypatch, capsys, tmp_path):
    write_modules({"src/a.py": "import b", "src/b.py": "import a"})
    monkeypatch.chdir(tmp_path)

    assert structure.main(["--no-trace"]) == 1
    out = capsys.readouterr().out
    assert "modules in an import cycle                  2   <= 0     MISSED\n    a <-> b\n" in out
    assert f"modules                                     2   <= {LIMITS['modules']}   ok\n" in out


def test_limits_that_are_kept_let_the_run_pass(write_modules, monkeypatch, capsys, tmp_path):
    write_modules({"src/a.py": "def read():\n" + "    x = 1\n" * 19})
    monkeypatch.chdir(tmp_path)

    assert structure.main(["--no-trace"]) == 0
    assert "MISSED" not in capsys.readouterr().out


def test_a_folder_without_source_is_an_error(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit) as stopped:
        structure.main(["--no-trace"])

    assert stopped.value.code == 2
    assert "Run this in the root of the project." in capsys.readouterr().err
