"""`../`, absolute paths, NUL, a leading `-`, `~` in ids, tags, drafts, playbooks and files: nothing is read or written but what is meant.

By default half of the odd lines of files from elsewhere, with CAREERKIT_LONG=1 all.
"""

from __future__ import annotations

import os
import re
import shutil
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from careerkit.storage.layout import add_checksum
from careerkit_process import Home
from sample_journal import ROUGH_WEEK, WEEK_PLAYBOOK, add_entry

LONG = os.environ.get("CAREERKIT_LONG") == "1"
ANSWERS = 'what = "New."\nload = 3\nhours = 40\nkind = "calm"\n'


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Home:
    """A finished entry with a tag, and an open one, three folders below one that is to stay as it is."""
    home = Home(tmp_path_factory.mktemp("filled") / "a/b/home")
    home.folder.mkdir(parents=True)
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    add_entry(home, "aaaaaa", ROUGH_WEEK)
    assert home.run("journal", "tag", "last", "boss").code == 0
    assert home.run("my", "week", stdin="Open.\n.\n").code == 4
    home.write("a.toml", ANSWERS)
    home.write("corrected.toml", "load = 3")
    return home


@pytest.fixture
def home(filled, tmp_path) -> Home:
    shutil.copytree(filled.folder.parent.parent, tmp_path / "a")
    return Home(tmp_path / "a/b/home")


def everything(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def outside(home: Home) -> set[str]:
    """All that lies about careerkit's own folders."""
    own = tuple(f"a/b/home/{name}" for name in (".local", ".cache", ".config"))
    return {path for path in everything(home.folder.parent.parent.parent) if not path.startswith(own)}


ODD = [
    "../x",
    "../../../../../../etc/passwd",
    "/etc/passwd",
    "..",
    "~",
    "~/x",
    "-x",
    "*",
    "x" * 300,
    "\udc80",
    "a\nb",
    "/dev/full",
]
TAKES_AN_ID = [
    ("journal", "show", "{}"),
    ("journal", "tag", "{}", "x"),
    ("journal", "note", "{}"),
    ("journal", "edit", "{}", "--answers", "corrected.toml"),
    ("journal", "remove", "{}", "--forever", "--confirm", "{}"),
    ("journal", "restore", "{}"),
    ("journal", "trend", "{}", "load"),
    ("journal", "trend", "my/week", "{}"),
    ("plan", "show", "{}"),
    ("plan", "show", "aaaaaa", "--draft", "{}"),
    ("plan", "export", "{}"),
    ("run", "{}"),
    ("run", "{}.toml"),
    ("run", "my/{}"),
    ("resume", "{}"),
    ("my", "{}"),
    ("my", "week", "--from", "{}"),
    ("my", "week", "--answers", "{}"),
    ("playbook", "show", "{}"),
    ("playbook", "check", "{}"),
    ("journal", "import", "{}"),
    ("journal", "restore-backup", "{}"),
    ("config", "set", "{}", "true"),
]


@pytest.mark.parametrize("command", TAKES_AN_ID, ids=" ".join)
def test_what_names_nothing_here_is_refused_whatever_else_it_names(home, command):
    before = everything(home.folder)
    for odd in ODD:
        ended = home.run(*(word.replace("{}", odd) for word in command), stdin="A note.")
        assert ended.code in (1, 2), odd
        assert ended.err
        assert "root:" not in ended.out + ended.err, "no line of /etc/passwd is shown"

    after = everything(home.folder)
    assert {path: after[path] for path in before if not path.startswith(".cache")} == {
        path: before[path] for path in before if not path.startswith(".cache")
    }
    assert {path for path in set(after) - set(before) if not path.startswith((".cache", ".local/state"))} == set()


WRITES_A_FILE = [("plan", "export", "aaaaaa", "--output"), ("journal", "export", "--output"), ("journal", "backup")]


@pytest.mark.parametrize("command", WRITES_A_FILE, ids=" ".join)
def test_an_odd_name_for_an_output_is_a_file_of_that_name_here_or_refused(home, command):
    before = outside(home)
    for odd in ("~", "~x", "x y", "*", "a\nb", "é", "../x"):
        assert home.run(*command, odd).code == 0, odd
    assert home.run(*command[:2], *command[2:], "--", "-x").code in ((0,) if command[-1] == "backup" else (2,))
    for odd in ("x" * 300, "", ".", "..", "/", "~/x", "none/x", "a.toml/x", "/proc/x", "/dev/full"):
        ended = home.run(*command, odd)
        assert ended.code == 1, odd
        assert ended.err

    made = outside(home) - before - {"a/b/home/-x"}
    assert made == {"a/b/x", *(f"a/b/home/{name}" for name in ("~", "~x", "x y", "*", "a\nb", "é"))}


@pytest.mark.parametrize("there", ["a file", "a link to a file", "a link to nothing", "a folder", "a FIFO", "an entry"])
@pytest.mark.parametrize("command", WRITES_A_FILE, ids=" ".join)
def test_no_output_ever_takes_the_place_of_what_is_there(home, command, there):
    target, other = home.folder / "out", home.write("other", "mine")
    match there:
        case "a file":
            target.write_bytes(b"mine")
        case "a link to a file":
            target.symlink_to(other)
        case "a link to nothing":
            target.symlink_to("nothing")
        case "a folder":
            target.mkdir()
        case "a FIFO":
            os.mkfifo(target)
        case "an entry":
            [target] = [path for path in home.entries if "aaaaaa" in path.name]
    before = {path: content for path, content in everything(home.folder).items() if not path.startswith(".cache")}

    ended = home.run(*command, target, "--json")

    assert ended.code == 1
    assert {each["code"] for each in ended.problems} <= {"file-exists", "is-a-folder", "wrong-extension"}
    after = {path: content for path, content in everything(home.folder).items() if not path.startswith(".cache")}
    assert after == before


LINES = [
    *[("entry", key) for key in ("id", "playbook", "playbook_sha256", "machine", "title")],
    *[("event", key) for key in ("id", "entry", "kind", "about")],
    ("marker", "journal"),
    ("machine", "machine"),
    ("memory", "folder"),
]
EVERYTHING = [
    ("journal", "list"),
    ("journal", "list", "--no-index"),
    ("journal", "show", "last"),
    ("plan", "show"),
    ("plan", "export", "--output", "o.md"),
    ("journal", "tag", "last", "x"),
    ("resume",),
    ("my", "week", "--answers", "a.toml"),
    ("journal", "edit", "--answers", "corrected.toml"),
    ("doctor", "--fix"),
    ("journal", "backup", "b.tgz"),
    ("journal", "restore-backup", "b.tgz"),
    ("journal", "remove", "last", "--forever", "--confirm", "aaaaaa"),
]


WHERE_TO = ["../../../../../x", "{outside}", "-x", "a\\u0000b"]
ALL = [(kind, key, odd) for kind, key in LINES for odd in WHERE_TO]
IN_TURN = [
    each for number, each in enumerate(ALL) if (number + number // len(WHERE_TO)) % 2 == 0 or each[0] == "marker"
]


@pytest.mark.parametrize(("kind", "key", "odd"), ALL if LONG else IN_TURN)
def test_no_line_of_a_file_from_elsewhere_leads_out_of_careerkit_s_folders(home, kind, key, odd):
    state = home.folder / ".local/state/careerkit"
    files = {
        "entry": home.entries,
        "event": home.journal.glob("events/*/*.toml"),
        "marker": [home.journal / "careerkit.toml"],
        "machine": [state / "machine.toml"],
        "memory": (state / "journals").iterdir(),
    }[kind]
    odd = odd.replace("{outside}", str(home.folder.parent.parent / "evil"))
    for path in files:
        above, there = re.subn(
            rf"(?m)^{key} = .*$", lambda _: f'{key} = "{odd}"', path.read_text().rpartition("# careerkit sha256")[0]
        )
        assert there, "the line is there"
        path.write_bytes(add_checksum(above.encode()))
    before = outside(home)

    for command in EVERYTHING:
        assert home.run(*command).code in (0, 1, 4), command

    made = outside(home) - before - {f"a/b/home/{name}" for name in ("o.md", "b.tgz")}
    assert made == set()
    assert [path for path in state.rglob("*") if path.name.startswith(("-x", ".."))] == []


@pytest.mark.parametrize(
    "path", ["../evil", "/tmp/evil-of-careerkit", "entries/../../evil", "entries/2026-11/../../../evil", "~/evil", "-x"]
)
def test_no_archive_and_no_export_from_elsewhere_leads_out_of_the_journal(home, path):
    before, journal = outside(home), everything(home.journal)
    home.run("journal", "backup", "b.tgz")
    with tarfile.open(home.folder / "b.tgz") as whole, tarfile.open(home.folder / "evil.tgz", "w:gz") as evil:
        for member in whole:
            evil.addfile(member, whole.extractfile(member))
        added = tarfile.TarInfo(path)
        added.size = 4
        evil.addfile(added, BytesIO(b"evil"))
    line = '{"path": "' + path + '", "text": "evil"}\n'

    assert home.run("journal", "restore-backup", "evil.tgz").code == 1
    assert home.run("journal", "import", "-", stdin=line).code == 1
    assert outside(home) - before == {f"a/b/home/{name}" for name in ("b.tgz", "evil.tgz")}
    assert everything(home.journal) == journal
    assert not Path("/tmp/evil-of-careerkit").exists()
