"""Text that would steer the terminal, in answers, notes, tags, playbooks, file names and arguments: no command shows it as it is."""

from __future__ import annotations

import json
import shutil
from io import BytesIO

import pexpect
import pytest
from hostile_samples import (
    ANSWERS,
    HOSTILE_TEXT,
    MARKUP,
    OWN_SEQUENCES,
    PLAYBOOK,
    escape_for_toml,
    find_control_characters,
    poison,
)

from careerkit.cli.command_table import COMMANDS, EXPORT_FORMATS, GroupSpec
from careerkit.storage.layout import add_checksum
from careerkit_process import COMMAND, Home

NAME = HOSTILE_TEXT.replace("/", "") + "\nname"
"""As a file's name, on a line of its own too."""


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """A finished and an open entry, a note, a tag, a correction, each full of it; a broken playbook and a stray file likewise."""
    home = Home(tmp_path_factory.mktemp("hostile") / "home")
    home.folder.mkdir()
    home.add_playbook("my/nasty", PLAYBOOK)
    home.add_playbook("my/broken", PLAYBOOK.replace(MARKUP, escape_for_toml(HOSTILE_TEXT)))
    assert home.run("my", "nasty", "--answers", home.write("a.toml", ANSWERS)).code == 0
    assert home.run("journal", "tag", "last", "mark").code == 0
    assert home.run("journal", "note", stdin=HOSTILE_TEXT).code == 0
    assert (
        home.run("journal", "edit", "--answers", home.write("b.toml", f'said = "{escape_for_toml(HOSTILE_TEXT)}"')).code
        == 0
    )
    assert home.run("my", "nasty", stdin=f"Open {HOSTILE_TEXT}\n.\n1\n").code == 4
    for path in home.entries:
        poison(path)
    [tag] = [path for path in home.journal.glob("events/*/*.toml") if 'about = "mark"' in path.read_text()]
    above = tag.read_text().rpartition("# careerkit sha256")[0]
    tag.write_bytes(
        add_checksum(above.replace('about = "mark"', f'about = "{escape_for_toml(HOSTILE_TEXT)}"').encode())
    )
    home.entries[0].with_name(f"{NAME}.toml").touch()
    return home


@pytest.fixture
def home(seeded, tmp_path):
    """A copy of it, for a test to do with as it likes."""
    return Home(shutil.copytree(seeded.folder, tmp_path / "home"))


def every_command() -> list[tuple[str, ...]]:
    """The built-in commands, and the hostile playbook's."""
    found = [("my", "nasty")]
    for name, entry in COMMANDS.items():
        found += [(name, each.name) for each in entry.commands] if isinstance(entry, GroupSpec) else [(name,)]
    return found


ARGUMENTS: dict[tuple[str, ...], list[tuple[str, ...]]] = {
    ("my", "nasty"): [
        ("--answers", "a.toml"),
        ("--from", "last"),
        ("--from", HOSTILE_TEXT),
        ("--answers", NAME),
        ("--help",),
    ],
    ("run",): [("my/nasty", "--answers", "a.toml"), (HOSTILE_TEXT,), (f"{NAME}.toml",), ("my/broken",)],
    ("resume",): [(), (HOSTILE_TEXT,)],
    ("journal", "list"): [
        (),
        ("--tag", HOSTILE_TEXT),
        ("--since", HOSTILE_TEXT),
        ("--playbook", HOSTILE_TEXT),
        ("--limit", HOSTILE_TEXT),
    ],
    ("journal", "search"): [("mark",), (HOSTILE_TEXT,)],
    ("journal", "trend"): [
        ("my/nasty", "strain"),
        ("my/nasty", "load"),
        ("my/nasty", HOSTILE_TEXT),
        (HOSTILE_TEXT, HOSTILE_TEXT),
        (),
        ("my/nasty",),
    ],
    ("journal", "tag"): [("last", HOSTILE_TEXT), ("last", "fine"), (HOSTILE_TEXT, "fine")],
    ("journal", "untag"): [("last", HOSTILE_TEXT), ("last", "fine"), (HOSTILE_TEXT, "fine")],
    ("journal", "note"): [
        ("last", "--remove", HOSTILE_TEXT),
        ("last", "--file", NAME),
        ("last", "--file", "a.toml"),
        (HOSTILE_TEXT,),
    ],
    ("journal", "edit"): [("--answers", "a.toml"), ("--answers", NAME), (HOSTILE_TEXT,)],
    ("journal", "remove"): [
        ("last", "--forever"),
        ("last", "--forever", "--confirm", HOSTILE_TEXT),
        ("last",),
        ("last",),
    ],
    ("journal", "backup"): [(NAME,), (NAME,), (f"{NAME}/x",)],
    ("journal", "restore-backup"): [(NAME,), ("a.toml",)],
    ("journal", "export"): [(), ("--output", NAME), ("--output", NAME)],
    ("journal", "import"): [(NAME,), ("a.toml",)],
    ("plan", "show"): [("--draft", "d"), (), ("--draft", HOSTILE_TEXT), (HOSTILE_TEXT,)],
    ("plan", "export"): [
        (),
        ("--shared",),
        ("--for", "witness"),
        ("--output", f"{NAME}.md"),
        ("--output", f"{NAME}.md"),
        ("--output", NAME),
        ("--with", HOSTILE_TEXT),
        ("--profile", HOSTILE_TEXT),
        (HOSTILE_TEXT,),
        *(("--to", each) for each in EXPORT_FORMATS if each != "vdir"),
    ],
    ("plan", "feed"): [("feed.ics",), ("feed.ics",), (f"{NAME}.ics",), (NAME,)],
    ("plan", "sync"): [("--from", NAME), ("--from", HOSTILE_TEXT), ()],
    ("playbook", "show"): [("my/nasty",), ("my/broken",), (HOSTILE_TEXT,), (f"{NAME}.toml",)],
    ("playbook", "check"): [(".config/careerkit/playbooks/my/broken.toml",), (f"{NAME}.toml",)],
    ("playbook", "new"): [(), (NAME,), (f"{NAME}.toml",)],
    ("playbook", "test"): [(), ("my/nasty",), (".config/careerkit/playbooks",), (HOSTILE_TEXT,), (f"{NAME}.toml",)],
    ("playbook", "preview"): [("my/nasty",), ("my/nasty", "--from", HOSTILE_TEXT), (f"{NAME}.toml",)],
    ("playbook", "graph"): [
        ("my/nasty",),
        ("my/nasty", "--format", "mermaid"),
        ("my/nasty", "--format", "svg"),
        (HOSTILE_TEXT,),
    ],
    ("playbook", "sheet"): [("my/nasty",), ("my/nasty", "--format", "html"), ("my/nasty", "--output", NAME)],
    ("playbook", "install"): [
        (".config/careerkit/playbooks/my/nasty.toml", "--as", "me/other"),
        (HOSTILE_TEXT,),
        (f"file://{HOSTILE_TEXT}",),
        ("a.toml", "--as", HOSTILE_TEXT),
    ],
    ("playbook", "update"): [(), (HOSTILE_TEXT,)],
    ("playbook", "remove"): [(HOSTILE_TEXT,)],
    ("playbook", "schema"): [(), ("--output", NAME), ("--output", f"{NAME}/x")],
    ("config", "set"): [("offer_names", HOSTILE_TEXT), (HOSTILE_TEXT, HOSTILE_TEXT)],
    ("doctor",): [(), ("--fix",)],
    ("help",): [(), ("my", "nasty"), (HOSTILE_TEXT,)],
}
"""Where a command takes more than an entry."""
NO_ENTRY: list[tuple[str, ...]] = [(), ("last",), (HOSTILE_TEXT,)]


@pytest.mark.parametrize("command", every_command(), ids=" ".join)
def test_nothing_that_a_command_writes_steers_a_terminal(home, command):
    shown = ""
    for arguments in [*ARGUMENTS.get(command, NO_ENTRY), (f"--{HOSTILE_TEXT}",)]:
        for shape in ((), ("--json",)):
            ended = home.run(*command, *arguments, *shape, stdin="")
            out = ended.out.replace("\r\n", "\n")  # so end the lines of calendar files and tables
            assert find_control_characters(out) == [], (arguments, shape)
            assert find_control_characters(ended.err) == [], (arguments, shape)
            assert "Traceback" not in ended.err
            shown += ended.out + ended.err
    assert any(sign in shown for sign in ("\\x1b", "\\u001b", MARKUP)), "it was there to be shown"


def test_json_means_what_was_written(home):
    finished = home.run("journal", "list", "--state", "finished", "--json").json["entries"][0]
    shown = home.run("journal", "show", finished["id"], "--json").json["entry"]

    assert finished["title"] == f"Title {HOSTILE_TEXT}"
    assert HOSTILE_TEXT in finished["tags"]
    assert HOSTILE_TEXT in shown["answers"]["said"]


def test_an_export_can_be_looked_at_and_comes_back_to_the_last_byte(home):
    exported = home.run("journal", "export").out
    before = {path: path.read_bytes() for path in home.entries if path.stat().st_size}
    for path in before:
        path.unlink()

    assert find_control_characters(exported) == []
    assert [json.loads(line)["path"] for line in exported.splitlines()]
    assert home.run("journal", "import", "-", stdin=exported).code == 0
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_nothing_that_is_offered_to_the_shell_steers_a_terminal_or_is_taken_for_markup(home, shell):
    offered = ""
    for typed in ("careerkit journal show ", "careerkit journal list --tag ", "careerkit run my/"):
        told = {"_CAREERKIT_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": typed, "COMP_WORDS": typed}
        told |= {"COMP_CWORD": str(len(typed.split())), "_TYPER_COMPLETE_FISH_ACTION": "get-args", "COLUMNS": "1000"}
        ended = home.run_process(env=told)
        assert (ended.code, ended.err) == (0, "")
        offered += ended.out.replace("\t", " ")  # fish has it between a word and its description

    assert find_control_characters(offered) == []
    assert home.entries[0].stem.partition("-")[2] in offered
    assert shell == "bash" or MARKUP in offered


SHOWN = ["journal list", "journal search mark", "journal show --no-pager", "journal show --raw", "plan show"]
SHOWN += [
    "journal trend my/nasty load",
    "playbook show my/nasty",
    "playbook walk my/nasty",
    "playbook list",
    "doctor",
    "journal where",
    "config path",
]
IN_RICH = ("journal show --no-pager", "plan show", "journal trend my/nasty load")


@pytest.mark.parametrize("typed", SHOWN)
def test_nor_does_what_is_shown_at_a_terminal_and_markup_is_shown_as_it_was_typed(home, typed):
    finished = next(path.stem for path in home.entries if "finished = " in path.read_text())
    entry = [finished] if typed.startswith(("journal show", "plan show")) else []
    env = (
        home.env | {"PAGER": "", "XDG_CONFIG_HOME": str(home.folder / f"con{NAME}")}
        if typed == "config path"
        else home.env
    )
    where = ["--journal", str(home.folder / NAME)] if typed == "journal where" else []

    raw, code = shown_at_terminal([*COMMAND, *typed.split(), *entry, *where], home, env)

    assert code in (0, 1)
    assert find_control_characters(raw, at_terminal=True) == []
    if typed in IN_RICH:
        assert "".join(MARKUP.split()) in "".join(OWN_SEQUENCES.sub("", raw).split()), "it may be wrapped"


def shown_at_terminal(words: list[str], home: Home, env: dict[str, str]) -> tuple[str, int]:
    """All that a command wrote at a terminal of its own, with the line ends that it had, and its exit code."""
    child = pexpect.spawn(words[0], words[1:], env=env, cwd=str(home.folder), dimensions=(50, 80), timeout=120)
    written = child.read().decode()
    child.wait()
    return written.replace("\r\n", "\n"), child.exitstatus


@pytest.mark.parametrize(
    ("command", "steps"), [("", ["mark"]), ("resume", ["Load", "\x12", "Open"])], ids=["home", "resume"]
)
def test_neither_does_a_conversation_that_goes_on_and_shows_what_was_said_before(home, command, steps):
    """By keys (Ctrl-R is the review): what may not come is told apart from what a conversation needs to move the cursor."""
    opened = next(path.stem for path in home.entries if b"finished = " not in path.read_bytes() and path.stat().st_size)
    words = [*COMMAND[1:], *([command, opened] if command else [])]
    child = pexpect.spawn(COMMAND[0], words, env=home.env, cwd=str(home.folder), dimensions=(50, 80), timeout=120)
    child.logfile_read = BytesIO()
    for step in steps:
        child.send(step) if step == "\x12" else child.expect(step)
    child.sendcontrol("c")
    child.read()
    written = child.logfile_read.getvalue().decode()
    child.wait()

    assert "\\x1b]52" in written
    assert [sign for sign in ("\x1b]52", "\x9b", "\u202e", "\u2066", "\u200b", "\x7f", "\x85") if sign in written] == []
