"""The fast path and Typer do the same with every command line, and the fast path takes every well-formed one."""

from __future__ import annotations

import inspect
import itertools
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careerkit.cli import app, completion, process
from careerkit.cli.app import run_app
from careerkit.cli.command_table import COMMANDS, CommandSpec, GroupSpec, playbook_command
from careerkit.cli.options import SHARED_OPTIONS, ArgumentSpec, OptionSpec
from careerkit.cli.process import parse_call, try_fast_path
from careerkit_process import Home
from long_run import choose_count, take_share
from sample_journal import seed_journal

PLAYBOOK = playbook_command("my/week", "How heavy it was, and what helps", None)


def all_commands() -> dict[tuple[str, ...], CommandSpec]:
    """Every command, by its words."""
    found = {("my", "week"): PLAYBOOK}
    for name, entry in COMMANDS.items():
        if isinstance(entry, GroupSpec):
            found |= {(name, each.name): each for each in entry.commands}
        else:
            found[(name,)] = entry
    return found


EVERY = list(all_commands().items())
BY_WORDS = [pytest.param(words, command, id=" ".join(words)) for words, command in EVERY]


@pytest.fixture(scope="module")
def past(tmp_path_factory) -> Home:
    """A home with a journal that no test changes."""
    home = Home(tmp_path_factory.mktemp("fast") / "home")
    home.folder.mkdir()
    seed_journal(home)
    home.run("journal", "remove", "ccc")
    home.run("journal", "tag", "aaa", "boss")
    home.run("journal", "note", "aaa", stdin="A sharp word about Linh.")
    home.run("my", "week", "--plain", stdin="Begun.\n.\n:save\n")
    home.run("journal", "backup", "journal.tar.gz")
    home.run("journal", "export", "--output", "journal.jsonl")
    home.write("a.toml", 'what = "Much."\nload = 3\nhours = 40\nkind = "calm"\n')
    home.write("b.toml", "load = 2\n")
    home.write("todo.txt", "Buy milk\n")
    home.write("tasks.json", "[]\n")
    home.write("key", "the secret words\n")
    return home


@pytest.fixture
def calls(monkeypatch):
    """Records calls instead of running handlers: the handler, the shared options and the values."""
    seen = []

    def run(command, options, values):
        seen.append((command.handler, options, dict(values)))
        return 0

    monkeypatch.setattr(CommandSpec, "run", run)
    return seen


# The table


@pytest.mark.parametrize(("words", "command"), BY_WORDS)
def test_a_handler_accepts_the_parameters_in_the_table(words, command):
    module, _, name = command.handler.partition(":")
    parameters = list(inspect.signature(getattr(import_module(f"careerkit.cli.{module}"), name)).parameters.values())

    assert {each.name for each in parameters[1:]} == set(command.defaults())
    assert all(each.kind is each.KEYWORD_ONLY and each.default is each.empty for each in parameters[1:])


@pytest.mark.parametrize(("words", "command"), BY_WORDS)
def test_a_command_in_the_table_is_consistent(words, command):
    assert all(not each.repeated for each in command.arguments[:-1])
    assert sorted(each.required for each in command.arguments) == [each.required for each in command.arguments][::-1]
    for each in (*command.arguments, *command.options):
        assert not each.completion or callable(getattr(completion, each.completion))
        assert each.help.endswith(".")
    names = [each.name for each in (*command.arguments, *command.options, *SHARED_OPTIONS)]
    assert len(names) == len(set(names))
    assert "\n\nExample: " in command.help


# What is called


def values_for(parameter: OptionSpec | ArgumentSpec) -> list[str]:
    match parameter.type:
        case "limit":
            return ["0", "7", "-1", "many", "", " 5", "1_0", "+3"]
        case "descriptor":
            return ["0", "9", "-1", "x", ""]
        case "flag":
            return []
    return [*(parameter.choices or ("last", "a.toml")), "", "-x", "--", "--json", "a=b", "-"]


def lines_for(words: tuple[str, ...], command: CommandSpec) -> list[list[str]]:
    """Command lines for one command: each option in every form and position, well-formed and not."""
    needed = [word for each in command.arguments for word in (["last"] if each.required else [])]
    lines = [[*words], [*words, *needed], [*words, *needed, "--"], ["--", *words, *needed], [*words, "--", *needed]]
    lines += [[*words[:1], "--", *words[1:], *needed], [*words, *needed, "more", "and more"], [*words, "", *needed[1:]]]
    lines += [[*words, *needed, "--help"], [*words, "--help", *needed], [*words[:1], "--help"], [*words, *needed, "-h"]]
    lines += [[*words, *needed, "--nonsense"], [*words, *needed, "--", "--json"], [*words, "-", *needed[1:]]]
    for option in (*command.options, *SHARED_OPTIONS):
        forms = [[option.flag], [f"{option.flag}=1"], [option.flag[1:]]]
        for value in values_for(option):
            forms += [[option.flag, value], [f"{option.flag}={value}"], [option.flag, "x", option.flag, value]]
        for form in forms:
            lines += [[*words, *needed, *form], [*words, *form, *needed], [*form, *words, *needed]]
            lines += [[*words[:1], *form, *words[1:], *needed], [*words, *needed, *form, option.flag[:-1]]]
    for one, other in itertools.combinations(command.options, 2):
        both = [part for each in (one, other) for part in ([each.flag] if each.type == "flag" else [each.flag, "1"])]
        lines.append([*words, *needed, *both])
    return lines


@pytest.mark.parametrize(("words", "command"), BY_WORDS)
def test_both_ways_call_the_same_handler_and_the_fast_path_takes_every_well_formed_line(past, calls, words, command):
    with past.started():
        for line in take_share(lines_for(words, command), one_in=5):
            check_line(calls, line)


vocabulary = st.sampled_from(
    [word for words, _ in EVERY for word in words]
    + [each.flag for _, command in EVERY for each in (*command.options, *SHARED_OPTIONS)]
    + ["--version", "--help", "--", "-", "", "last", "a.toml", "3", "open", "--limit=2", "--json=1", "--tag=x", "strat"]
)


@given(st.sampled_from([[], *(list(words) for words, _ in EVERY)]), st.lists(vocabulary, max_size=6))
@settings(max_examples=choose_count(80, long=2_000))
def test_both_ways_agree_on_any_words(words, more):
    with pytest.MonkeyPatch.context() as patch:
        seen = []
        patch.setattr(CommandSpec, "run", lambda *call: seen.append((call[0].handler, call[1], dict(call[2]))) or 0)
        patch.setattr(app, "echo", lambda *_: None)
        patch.setattr(app, "print_problems", lambda *_, **__: None)
        patch.setattr("careerkit.cli.process.print", lambda *_: None, raising=False)
        patch.setattr(sys, "argv", ["careerkit"])
        check_line(seen, [*words, *more])


def check_line(calls: list, line: list[str]) -> None:
    calls.clear()
    code = try_fast_path(line)
    fast = list(calls)
    calls.clear()
    slow_code = run_app(line)
    if code is None:
        assert (calls, fast) == ([], []), f"the fast path left out what is well-formed: {line}"
    else:
        assert (fast, code) == (calls, slow_code), line


def test_options_after_the_command_take_precedence():
    _, options, _ = parse_call(["--journal", "a", "journal", "--passphrase-fd", "3", "list", "--passphrase-fd=0"])

    assert (options.journal, options.passphrase_fd) == ("a", 0)


# What comes of it

WORDS = {
    ("my", "week"): ["--answers", "a.toml"],
    ("run",): ["my/week", "--answers", "a.toml"],
    ("journal", "search"): ["export"],
    ("journal", "tag"): ["aaa", "late"],
    ("journal", "untag"): ["aaa", "boss"],
    ("journal", "edit"): ["aaa", "--answers", "b.toml"],
    ("journal", "note"): ["aaa"],
    ("journal", "remove"): ["bbb"],
    ("journal", "trend"): ["my/week", "load"],
    ("journal", "backup"): ["other.tar.gz"],
    ("journal", "restore-backup"): ["journal.tar.gz"],
    ("journal", "import"): ["journal.jsonl"],
    ("journal", "encrypt"): ["--recovery-key", "recovery.txt", "--passphrase-fd", "FD"],
    ("plan", "show"): ["bbb"],
    ("plan", "export"): ["bbb"],
    ("plan", "feed"): ["feed.ics"],
    ("plan", "sync"): ["--from", "todo.txt"],
    ("plan", "done"): ["bbb/1", "--file", "b.toml"],
    ("plan", "drop"): ["bbb/1", "--file", "b.toml"],
    ("plan", "move"): ["bbb/1", "2030-01-01", "--file", "b.toml"],
    ("plan", "add"): ["2030-01-01", "--file", "b.toml"],
    ("plan", "undo"): ["bbb"],
    ("checkin",): ["bbb"],
    ("playbook", "show"): ["my/week"],
    ("playbook", "check"): ["a.toml"],
    ("playbook", "new"): ["mine.toml"],
    ("playbook", "test"): ["my/week"],
    ("playbook", "preview"): ["my/week"],
    ("playbook", "graph"): ["my/week"],
    ("playbook", "install"): ["a.toml"],
    ("playbook", "remove"): ["my/week"],
    ("playbook", "sheet"): ["my/week"],
    ("playbook", "walk"): ["my/week"],
    ("config", "set"): ["offer_names", "true"],
    ("help",): ["plan", "show"],
}
VALUES = {
    "--limit": "1",
    "--days": "3",
    "--reach": "question.load",
    "--at": "+1w",
    "--playbook": "my/week",
    "--tag": "boss",
    "--state": "finished",
    "--since": "2026-01-01",
    "--until": "yesterday",
    "--file": "b.toml",
    "--remove": "1",
    "--confirm": "bbbbbb",
    "--to": "elsewhere",
    "--output": "out.md",
    "--into": "todo.txt",
    "--onto": "tasks.json",
    "--profile": "todoist",
    "--with": "what",
    "--names": "todo.txt",
    "--recovery-key": "recovery.txt",
    "--draft": "words",
    "--answers": "a.toml",
    "--explain": "never-true",
    "--from": "aaa",
    "--as": "me/other",
    "--format": "svg",
    "--journal": "another",
    "--passphrase-fd": "FD",
}


def choose_value(option: OptionSpec) -> list[str]:
    if option.type == "flag":
        return []
    return [option.choices[0] if option.choices else VALUES[option.flag]]


CASES = [
    pytest.param([*words, *WORDS.get(words, []), *more], id=" ".join([*words, *more]))
    for words, command in EVERY
    for more in (
        [],
        *([each.flag, *choose_value(each)] for each in (*command.options, *SHARED_OPTIONS)),
    )
    if not more or words != ("journal", "encrypt")  # takes seconds by design; its options are compared above
]


@pytest.mark.parametrize("line", [*CASES, pytest.param(["--version"], id="--version"), pytest.param([], id="home")])
def test_both_ways_have_the_same_result(past, tmp_path, monkeypatch, line):
    if "encrypt" in line:
        pytest.importorskip("pyrage")
    ends = []
    for way in ("fast", "slow"):
        home = Home(shutil.copytree(past.folder, tmp_path / "home"))
        numbers = itertools.count()
        monkeypatch.setattr(os, "urandom", lambda size, numbers=numbers: next(numbers).to_bytes(size, "big"))
        if way == "slow":
            monkeypatch.setattr(process, "try_fast_path", lambda _: None)
        with (home.folder / "key").open("rb") as key:
            ended = home.run(*(str(key.fileno()) if word == "FD" else word for word in line), stdin="A note.\n")
        ends.append((ended.code, steady(ended.out), steady(ended.err), files_of(home)))
        shutil.rmtree(home.folder)
        monkeypatch.undo()

    assert ends[0] == ends[1]


def steady(text: str) -> str:
    """The text without keys and file descriptors, which differ between runs."""
    return re.sub(r"age1[0-9a-z]{20,}|descriptor \d+", "…", text)


def files_of(home: Home) -> dict[str, str]:
    """The contents of the files: only the size of encrypted and compressed ones, and only the existence of the index."""
    found = {}
    for path in sorted(home.folder.rglob("*")):
        name = str(path.relative_to(home.folder))
        data = path.read_bytes() if path.is_file() else b""
        if data.startswith((b"age-encryption", b"\x1f\x8b", b"SQLite format")) or ".cache" in path.parts:
            data = b"its content varies"
        text = re.sub(r"(?i)age(1|-secret-key-1)[0-9a-z]{20,}", "…", data.decode(errors="replace"))
        found[name] = re.sub(r"sha256[: ]*[0-9a-f]{64}", "…", text) if "…" in text else text
    return found


@pytest.mark.parametrize(
    "line",
    [
        ["journal", "list"],
        ["journal", "search", "export"],
        ["my", "week", "--answers", "a.toml"],
        ["plan", "show", "bbb"],
        ["journal", "where", "--json"],
        ["--version", "--plain"],
        ["config", "show"],
    ],
    ids=" ".join,
)
def test_well_formed_command_lines_do_not_import_typer(past, line):
    program = f"""
import sys
sys.argv = ["careerkit", *{line!r}]
from careerkit.cli.startup import main
code = main()
print(code, sorted({{"typer", "pydantic", "prompt_toolkit", "inspect"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=past.env, cwd=past.folder, timeout=60
    )

    assert done.stdout.splitlines()[-1] == "0 []", done.stderr


# Help, and the module


@pytest.mark.parametrize("words", [(), *(words for words, _ in EVERY), ("journal",), ("my",), ("help", "help")])
def test_help_with_words_is_the_help_of_that_command(past, words):
    assert past.run("help", *words) == past.run(*words, "--help")


def test_help_with_an_unknown_command_suggests_a_similar_one(past):
    ended = past.run("help", "jurnal")

    assert (ended.code, ended.err.splitlines()[0]) == (2, 'No command "jurnal". Did you mean "journal"?')


def test_careerkit_runs_as_a_module(past):
    done = subprocess.run(
        [sys.executable, "-m", "careerkit", "journal", "where"], capture_output=True, text=True, env=past.env
    )

    assert (done.returncode, done.stdout) == (0, f"{past.journal}\n")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["journal", "lst"], 'No command "lst". Did you mean "list"?'),
        (["my", "wek"], 'No command "wek". Did you mean "week"?'),
        (["today"], 'No command "today". Did you mean "agenda"?'),
        (["done", "2"], 'No command "done". Did you mean "plan done"?'),
        (["calibration"], 'No command "calibration". Did you mean "journal calibration"?'),
        (["journal", "list", "--limit", "-1"], "Invalid value for '--limit': -1 is too small. The minimum is 0."),
        (["journal", "list", "--limit", "x"], "Invalid value for '--limit': \"x\" is not a whole number."),
        (["journal", "list", "--state=ajar"], "Invalid value for '--state': \"ajar\" is not one of: open, finished."),
        (["journal", "note", "--restore", "--remove", "1"], "Use only one of --file, --remove and --restore."),
    ],
)
def test_an_error_of_usage_has_a_code_only_in_json(past, line, message):
    ended = past.run(*line)
    as_json = past.run(*line, "--json")

    assert (ended.code, ended.err.splitlines()[0]) == (2, message)
    assert as_json.code == 2
    assert [(each["code"], each["message"]) for each in as_json.problems] == [("wrong-usage", message)]
