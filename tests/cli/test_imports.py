"""The modules that each fast command imports: one more makes it slower, so one more fails here.

If a command really needs another module, `CAREERKIT_REGENERATE=1 pytest tests/cli/test_imports.py` adds it to
fast_imports.toml. Otherwise import it in the function that needs it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import tomli_w

from careerkit_process import Home
from sample_journal import seed_journal

PINNED = Path(__file__).parent / "fast_imports.toml"
COMMANDS = {
    "version": ["--version"],
    "list": ["journal", "list"],
    "search": ["journal", "search", "export"],
    "agenda": ["agenda", "--porcelain"],
    "plan": ["plan", "show", "bbb"],
    "add": ["my", "week", "--answers", "a.toml"],
    "banner of a playbook": ["my", "week"],
    "banner of the home screen": [],
}
PROGRAM = """
import sys
at_start = set(sys.modules)
sys.path += {path!r}
sys.argv = ["careerkit", *{line!r}]


def report(*_, **__):
    print(*(each for each in sys.modules if each not in at_start), file=sys.stderr)
    sys.stderr.flush()
    sys.__stdout__.flush()
    import os
    os._exit(0)


if {stops_at_banner!r}:
    from careerkit.terminal import banner
    banner.is_full_terminal = lambda *_, **__: True
    banner.write_banner = report
    from careerkit.cli import display
    display.is_at_terminal = lambda _: True
from careerkit.cli.startup import main
main()
report()
"""
DIFFERS_BY_VERSION = ("_", "importlib", "zipimport", "encodings", "codecs", "site", "sitecustomize")


@pytest.fixture(scope="module")
def past(tmp_path_factory) -> Home:
    """A home with a journal, in which every command has run before."""
    home = Home(tmp_path_factory.mktemp("imports") / "home")
    home.folder.mkdir()
    seed_journal(home)
    home.write("a.toml", 'what = "Much."\nload = 3\nhours = 40\nkind = "calm"\n')
    home.run("my", "week", "--answers", "a.toml")
    home.run("journal", "list")
    return home


@pytest.mark.parametrize("name", COMMANDS)
def test_a_fast_command_imports_nothing_new(past, name):
    found = list_imports(past, name)
    pinned = tomllib.loads(PINNED.read_text()) if PINNED.exists() else {}
    if os.environ.get("CAREERKIT_REGENERATE"):
        PINNED.write_text(tomli_w.dumps({**pinned, name: found}))
        return

    known = pinned[name]
    assert {each: set(found[each]) - set(known[each]) for each in found} == {"python": set(), "careerkit": set()}


def list_imports(home: Home, name: str) -> dict[str, list[str]]:
    """The modules of the standard library by their top-level names, those of other packages, and careerkit's own."""
    program = PROGRAM.format(path=sys.path[1:], line=COMMANDS[name], stops_at_banner=name.startswith("banner"))
    command = [sys.executable, "-I", "-S", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, env=home.env, cwd=home.folder, timeout=60)
    assert done.returncode == 0, done.stderr
    modules = done.stderr.splitlines()[-1].split()
    tops = {each.partition(".")[0] for each in modules} - {"careerkit"}
    return {
        "python": sorted(each for each in tops if not each.startswith(DIFFERS_BY_VERSION)),
        "careerkit": sorted(each for each in modules if each.partition(".")[0] == "careerkit"),
    }
