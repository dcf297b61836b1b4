"""Where playbooks come from, and what is said about files that can't be used."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from careerkit.core.errors import Refused
from careerkit.core.playbook import loader
from careerkit.core.text import hash_sha256
from careerkit.storage import playbook_library
from careerkit.storage.playbook_library import PlaybookLibrary

GOOD = """\
format = 1
title = "{title}"
summary = "What {title} is for"
minutes = 5
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "n"
type = "number"
ask = "How much?"
max = 0.10000000000000
"""


def put(folder: Path, name: str, text: str | None = None) -> Path:
    path = folder / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(GOOD.replace("{title}", name) if text is None else text)
    return path


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path, Path]:
    """Bundled, personal, named by the environment, cache."""
    bundled, personal, named = tmp_path / "bundled", tmp_path / "config" / "playbooks", tmp_path / "named"
    put(bundled, "crisis/start")
    put(bundled, "path/choose")
    named.mkdir()
    return bundled, personal, named, tmp_path / "cache"


def library(folders: tuple[Path, Path, Path, Path], **more: object) -> PlaybookLibrary:
    bundled, personal, named, cache = folders
    return PlaybookLibrary(bundled, (personal, named), cache, "1.0", **more)  # type: ignore[arg-type]


def refused(action: object, *arguments: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        action(*arguments)  # type: ignore[operator]
    return [problem.code for problem in caught.value.problems]


def said(found: PlaybookLibrary) -> list[str]:
    return [f"{problem.code} {os.path.basename(str(problem.where))}" for problem in found.problems()]


def test_playbooks_are_listed_with_what_lists_show(folders: tuple[Path, Path, Path, Path]) -> None:
    put(folders[1], "own/day")

    listed = library(folders).listing()

    assert [(each.id, each.title, each.summary, each.minutes, each.origin, each.shadows) for each in listed] == [
        ("crisis/start", "crisis/start", "What crisis/start is for", 5, "bundled", False),
        ("own/day", "own/day", "What own/day is for", 5, "personal", False),
        ("path/choose", "path/choose", "What path/choose is for", 5, "bundled", False),
    ]
    assert listed[1].path == str(folders[1] / "own" / "day.toml")


def test_groups_are_folders_with_playbooks(folders: tuple[Path, Path, Path, Path]) -> None:
    put(folders[2], "team/bridge")
    (folders[1] / "empty").mkdir(parents=True)

    assert library(folders).groups() == ("crisis", "path", "team")


def test_ones_own_playbook_wins_over_the_bundled_one_and_the_config_folder_over_the_other(
    folders: tuple[Path, Path, Path, Path],
) -> None:
    put(folders[1], "crisis/start", GOOD.replace("{title}", "config"))
    put(folders[2], "crisis/start", GOOD.replace("{title}", "named"))
    put(folders[2], "path/choose", GOOD.replace("{title}", "named"))
    found = library(folders)

    assert [(each.id, each.title, each.shadows) for each in found.listing()] == [
        ("crisis/start", "config", True),
        ("path/choose", "named", True),
    ]
    assert found.load("crisis/start").title == "config"


def test_a_playbook_is_found_by_its_id(folders: tuple[Path, Path, Path, Path]) -> None:
    playbook = library(folders).load("path/choose")

    assert (playbook.id, playbook.title) == ("path/choose", "path/choose")
    assert playbook.sha256 == hash_sha256((folders[0] / "path" / "choose.toml").read_bytes())


@pytest.mark.parametrize(
    "name", ["crisis/strat", "crisis", "../path/choose", "/etc/passwd", "crisis/start\0", "", "\x1b[31m"]
)
def test_an_unknown_playbook_is_refused(folders: tuple[Path, Path, Path, Path], name: str) -> None:
    assert refused(library(folders).load, name) == ["unknown-playbook"]


def test_an_unknown_playbook_is_refused_with_a_near_one(folders: tuple[Path, Path, Path, Path]) -> None:
    with pytest.raises(Refused) as caught:
        library(folders).load("crisis/strat")

    assert "crisis/start" in caught.value.problems[0].hint


def test_what_ends_in_toml_is_a_file_and_is_called_by_its_name(
    folders: tuple[Path, Path, Path, Path], tmp_path: Path
) -> None:
    path = put(tmp_path, "mine")

    opened = library(folders).open(str(path))

    assert (opened.playbook.id, opened.normalized["id"], opened.source) == ("mine", "mine", path.read_bytes())
    assert library(folders).open("crisis/start").playbook.id == "crisis/start"


def test_plain_tables_have_the_id_first(folders: tuple[Path, Path, Path, Path]) -> None:
    for _ in range(2):
        plain = library(folders).open("crisis/start").normalized

        assert next(iter(plain.items())) == ("id", "crisis/start")
        assert str(plain["stages"][0]["questions"][0]["max"]) == "0.10000000000000"


def test_bytes_from_elsewhere_are_read_too(folders: tuple[Path, Path, Path, Path]) -> None:
    source = GOOD.encode()

    assert library(folders).read(source, file="the journal", id="crisis/start").id == "crisis/start"
    assert refused(lambda: library(folders).read(b"x", file="the journal", id="x")) == ["toml-syntax"]


def test_a_broken_playbook_is_one_line_and_stops_no_other(folders: tuple[Path, Path, Path, Path]) -> None:
    path = put(folders[1], "own/bad", GOOD + "titel = 3\naks = 3\n")
    for _ in range(2):
        found = library(folders)

        assert [each.id for each in found.listing()] == ["crisis/start", "path/choose"]
        assert [str(problem.where) for problem in found.problems()] == [f"{path}:13:1"]
        assert "and 1 more" in found.problems()[0].message
        assert refused(found.load, "own/bad") == ["unknown-key", "unknown-key"]
        assert found.groups() == ("crisis", "own", "path")

    put(folders[1], "own/bad")
    assert [each.id for each in library(folders).listing()] == ["crisis/start", "own/bad", "path/choose"]


def test_ones_own_broken_playbook_does_not_silently_give_the_bundled_one(
    folders: tuple[Path, Path, Path, Path],
) -> None:
    put(folders[1], "crisis/start", "format = ")

    assert refused(library(folders).load, "crisis/start") == ["toml-syntax"]
    assert [each.id for each in library(folders).listing()] == ["path/choose"]


def test_names_that_can_not_be_commands_are_reported(folders: tuple[Path, Path, Path, Path]) -> None:
    for name in ("Own/day", "own/Day", "own/day.sync-conflict-1", "1own/day", "deep/down/there", "day", "journal/list"):
        put(folders[1], name)
    (folders[1] / "own" / "notes.md").write_text("x")
    put(folders[1], ".git/day")

    found = library(folders, reserved=frozenset({"journal"}))

    assert [each.id for each in found.listing()] == ["crisis/start", "path/choose"]
    assert sorted(said(found)) == [
        "bad-name 1own", "bad-name Day.toml", "bad-name Own", "bad-name day.sync-conflict-1.toml", "bad-name journal",
        "bad-place day.toml", "bad-place down",
    ]  # fmt: skip


def test_a_link_is_followed_and_one_to_nowhere_is_reported(
    folders: tuple[Path, Path, Path, Path], tmp_path: Path
) -> None:
    real = put(tmp_path, "elsewhere/real")
    own = folders[1] / "own"
    own.mkdir(parents=True)
    (own / "day.toml").symlink_to(real)
    (own / "lost.toml").symlink_to(tmp_path / "nowhere")
    (own / "loop.toml").symlink_to(own / "loop.toml")
    (folders[1] / "linked").symlink_to(real.parent)

    found = library(folders)

    assert [each.id for each in found.listing()] == ["crisis/start", "linked/real", "own/day", "path/choose"]
    assert said(found) == ["unreadable loop.toml", "unreadable lost.toml"]


def test_what_is_no_file_is_reported_and_hangs_nothing(folders: tuple[Path, Path, Path, Path]) -> None:
    own = folders[1] / "own"
    (own / "folder.toml").mkdir(parents=True)
    os.mkfifo(own / "pipe.toml")
    (own / "device.toml").symlink_to("/dev/zero")
    found = library(folders)

    assert said(found) == ["not-a-file device.toml", "not-a-file folder.toml", "not-a-file pipe.toml"]
    assert refused(found.open, str(own / "pipe.toml")) == ["not-a-file"]
    assert [problem.code for problem in found.check(own / "pipe.toml")] == ["not-a-file"]


def test_what_is_not_there_is_reported(folders: tuple[Path, Path, Path, Path], tmp_path: Path) -> None:
    found = PlaybookLibrary(folders[0], (tmp_path / "none", tmp_path / "typo"), None, "1")

    assert said(found) == ["unreadable typo"]
    assert refused(found.open, str(tmp_path / "x.toml")) == ["no-such-file"]
    assert refused(found.open, "x.toml") == ["no-such-file"]


def test_a_file_without_end_is_not_read(folders: tuple[Path, Path, Path, Path]) -> None:
    path = put(folders[1], "own/big")
    with path.open("r+b") as file:
        file.truncate(1 << 40)

    assert refused(library(folders).load, "own/big") == ["too-large"]


def test_a_folder_that_is_a_file_is_reported(folders: tuple[Path, Path, Path, Path]) -> None:
    folders[1].parent.mkdir()
    folders[1].write_text("x")

    assert said(library(folders)) == ["unreadable playbooks"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_reported(folders: tuple[Path, Path, Path, Path]) -> None:  # pragma: no cover
    put(folders[1], "own/day").chmod(0)
    put(folders[1], "shut/day").parent.chmod(0)

    assert said(library(folders)) == ["unreadable shut", "unreadable day.toml"]


def test_check_gives_warnings_too(folders: tuple[Path, Path, Path, Path], tmp_path: Path) -> None:
    path = put(tmp_path, "mine", GOOD + 'check_text = "x"\n')

    assert ("unused-key", "warning") in [(problem.code, problem.severity) for problem in library(folders).check(path)]


def test_a_checked_playbook_is_kept_for_its_owner_only(folders: tuple[Path, Path, Path, Path]) -> None:
    old = os.umask(0)
    try:
        library(folders).load("crisis/start")
    finally:
        os.umask(old)
    kept = list((folders[3] / "playbooks").iterdir())

    assert [stat.S_IMODE(path.stat().st_mode) for path in kept] == [0o600]
    assert hash_sha256((folders[0] / "crisis" / "start.toml").read_bytes()) in kept[0].name
    assert stat.S_IMODE(kept[0].parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-5],
        lambda data: data.replace(b"How much", b"How MUCH"),
        lambda data: b"\xff" * 99,
        lambda data: sealed(b"[]"),
        lambda data: sealed(b"{}"),
        lambda data: sealed(b'{"title": 3}'),
        lambda data: sealed(b"[" * 100_000),
        lambda data: sealed(b"\xff"),
    ],
)
def test_a_damaged_cache_is_as_good_as_none(folders: tuple[Path, Path, Path, Path], damage: object) -> None:
    first = library(folders)
    whole = first.load("crisis/start"), first.load("path/choose"), first.listing()
    kept = list((folders[3] / "playbooks").iterdir())
    before = {path: path.read_bytes() for path in kept}
    for path in kept:
        path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]

    again = library(folders)

    assert (again.load("crisis/start"), again.load("path/choose"), again.listing()) == whole
    assert {path: path.read_bytes() for path in kept} == before


def sealed(content: bytes) -> bytes:
    return hash_sha256(content).encode() + b"\n" + content


def test_without_a_place_for_a_cache_all_works_as_well(folders: tuple[Path, Path, Path, Path]) -> None:
    folders[3].write_text("in the way")

    assert library(folders).load("crisis/start").title == "crisis/start"
    assert len(PlaybookLibrary(folders[0], (), None, "1").listing()) == 2


def test_a_changed_file_is_seen_at_once(folders: tuple[Path, Path, Path, Path]) -> None:
    library(folders).listing()
    path = put(folders[0], "crisis/start", GOOD.replace("{title}", "crisis/STRAT"))
    os.utime(path, ns=(1, 1))

    assert library(folders).listing()[0].title == "crisis/STRAT"


CLEAN = (
    GOOD
    + """
[[finding]]
id = "next"
title = "Next"
text = "{n}"
next = "path/choose"
with = { n = "n" }
"""
)


@pytest.fixture
def checked(folders: tuple[Path, Path, Path, Path], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are really checked from now on: crisis/start, which links to path/choose, is known to be clean."""
    put(folders[0], "crisis/start", CLEAN)
    assert library(folders).check(folders[0] / "crisis" / "start.toml") == []
    found: list[str] = []
    monkeypatch.setattr(loader, "check_playbook", lambda _, *, file, **more: found.append(file) or [])
    return found


def test_a_playbook_without_problems_is_checked_once(
    folders: tuple[Path, Path, Path, Path], checked: list[str]
) -> None:
    assert library(folders).check(folders[0] / "crisis" / "start.toml") == []
    assert checked == []


def test_what_was_clean_when_careerkit_was_installed_is_not_checked_again(
    folders: tuple[Path, Path, Path, Path], checked: list[str]
) -> None:
    shipped = folders[3] / "playbooks"
    installed = PlaybookLibrary(folders[0], (), None, "1.0", shipped=shipped)

    assert installed.check(folders[0] / "crisis" / "start.toml") == []
    assert checked == []


def change_itself(folders: tuple[Path, Path, Path, Path], _: pytest.MonkeyPatch) -> None:
    put(folders[0], "crisis/start", CLEAN.replace("Next", "Then"))


def change_what_it_links_to(folders: tuple[Path, Path, Path, Path], _: pytest.MonkeyPatch) -> None:
    put(folders[0], "path/choose", GOOD + "# changed")


def change_a_module(_: tuple[Path, Path, Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    before = playbook_library._stamp_checks()
    monkeypatch.setattr(playbook_library, "_stamp_checks", lambda: f"{before}x")


@pytest.mark.parametrize("change", [change_itself, change_what_it_links_to, change_a_module])
def test_it_is_checked_again_once_anything_has_changed(
    folders: tuple[Path, Path, Path, Path],
    checked: list[str],
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[..., None],
) -> None:
    change(folders, monkeypatch)
    library(folders, shipped=folders[3] / "playbooks").check(folders[0] / "crisis" / "start.toml")

    assert [Path(each).name for each in checked] == ["start.toml"]


@pytest.mark.parametrize("name", ["text.py", "expressions/reasoner.py", "playbook/lint/logic.py"])
def test_a_module_of_the_check_that_changes_is_noticed(name: str, tmp_path: Path) -> None:
    core = tmp_path / "core"
    shutil.copytree(Path(playbook_library.__file__).parents[1] / "core", core)
    before = playbook_library._stamp_checks(str(core))
    (core / name).write_text("")

    assert playbook_library._stamp_checks(str(core)) != before


def test_another_version_of_careerkit_checks_anew(folders: tuple[Path, Path, Path, Path]) -> None:
    library(folders).load("crisis/start")
    PlaybookLibrary(folders[0], (), folders[3], "2.0").load("crisis/start")

    assert len(list((folders[3] / "playbooks").iterdir())) == 2


def test_the_second_time_neither_pydantic_nor_toml_is_needed(folders: tuple[Path, Path, Path, Path]) -> None:
    program = textwrap.dedent(f"""
        import sys
        from careerkit.storage.playbook_library import PlaybookLibrary
        library = PlaybookLibrary({str(folders[0])!r}, (), {str(folders[3])!r}, "1")
        library.listing()
        print([each for each in ("pydantic", "tomllib", "careerkit.core.playbook.model") if each in sys.modules])
        library.load("crisis/start")
        print([each for each in ("pydantic", "tomllib", "hashlib") if each in sys.modules])
    """)

    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True) for _ in range(2)
    ]

    assert runs[1].stdout.splitlines() == ["[]", "[]"]
