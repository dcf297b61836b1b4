"""`careerkit playbook install`, `update` and `remove`: from files, folders and git repositories, with nothing executed."""

from __future__ import annotations

import json
import subprocess

import pexpect
import pytest

from careerkit_process import COMMAND

PLAYBOOK = """\
format = 1
title = "Ask for help"
summary = "One question"
author = "Coach K."
licence = "CC BY 4.0"
[[stage]]
id = "now"
title = "Now"
[[stage.question]]
id = "stuck"
type = "text"
ask = "What are you stuck on?"
[[stage.question]]
id = "who"
type = "text"
ask = "Who could help?"
private = true
"""
CHANGED = PLAYBOOK.replace('"Who could help?"', '"Who might help?"').replace('id = "who"', 'id = "whom"')


def git(folder, *arguments: str) -> str:
    settings = ["-c", "user.name=K", "-c", "user.email=k@example.org", "-c", "protocol.file.allow=always"]
    done = subprocess.run(["git", *settings, "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder, files: dict[str, str]) -> str:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Change")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(home, need_tool):
    need_tool("git")
    folder = home.folder / "coach"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


def read_registry(home) -> dict:
    return json.loads((home.playbooks / ".installed.json").read_text())["playbooks"]


# files and folders


def test_a_file_is_installed_after_showing_who_wrote_it_and_what_it_asks(home):
    home.write("help.toml", PLAYBOOK)
    done = home.run("playbook", "install", "help.toml", "--as", "me/help")

    assert done.code == 0
    for text in (
        "By: Coach K.",
        "Licence: CC BY 4.0",
        "2 questions. 1 of them is private",
        "Who could help? [private]",
    ):
        assert text in done.err
    assert home.run("me", "help", "--answers", home.write("a.toml", 'stuck = "x"\nwho = "y"')).code == 0
    assert (home.playbooks / "me/help.toml").read_text() == PLAYBOOK


def test_a_folder_gives_each_playbook_the_group_of_its_folder_and_leaves_other_files_out(home):
    for name in ("lib/me/help.toml", "lib/more.toml", "lib/me/help.stories.toml", "lib/pyproject.toml"):
        (home.folder / name).parent.mkdir(parents=True, exist_ok=True)
        home.write(name, PLAYBOOK if name in ("lib/me/help.toml", "lib/more.toml") else "[project]\nx = 1\n")
    done = home.run("playbook", "install", "lib", "--json").json["playbooks"]

    assert [each["id"] for each in done] == ["me/help", "lib/more"]
    assert done[0]["questions"][1] == {"id": "who", "ask": "Who could help?", "private": True}


@pytest.mark.parametrize(
    ("files", "arguments", "code"),
    [
        ({}, ("none.toml",), "no-such-file"),
        ({"x/a.txt": ""}, ("x",), "no-playbook"),
        ({"help.toml": "format = 1\n"}, ("help.toml",), "missing-key"),
        ({"help.toml": PLAYBOOK}, ("help.toml", "--as", "Me/help"), "bad-name"),
        ({"help.toml": PLAYBOOK}, ("help.toml", "--as", "journal/help"), "bad-name"),
        ({"help.toml": PLAYBOOK}, ("help.toml", "--as", "crisis/start"), "replaces-bundled"),
        ({"My Help.toml": PLAYBOOK}, ("My Help.toml",), "bad-name"),
        ({"x/a.toml": PLAYBOOK, "x/b.toml": PLAYBOOK}, ("x", "--as", "me/help"), "several-playbooks"),
        ({"help.toml": PLAYBOOK, ".config/careerkit/playbooks/me/help.toml": ""}, ("help.toml", "--as", "me/help"), "file-exists"),
        ({}, ("ext::sh -c touch%20pwned://x",), "bad-address"),
        ({}, ("http://example.org/x.git",), "bad-address"),
        ({}, ("-u@host:x",), ""),
    ],
)  # fmt: skip
def test_what_can_not_be_installed_is_refused_and_nothing_is_written(home, files, arguments, code):
    for name, text in files.items():
        (home.folder / name).parent.mkdir(parents=True, exist_ok=True)
        home.write(name, text)
    before = sorted(home.playbooks.rglob("*"))
    refused = home.run("playbook", "install", "--json", *arguments)

    assert refused.code in (1, 2)
    assert not code or code in [each["code"] for each in refused.problems]
    assert sorted(home.playbooks.rglob("*")) == before
    assert not (home.folder / "pwned").exists()


def test_installing_again_points_to_update_and_force_replaces(home):
    home.write("help.toml", PLAYBOOK)
    home.run("playbook", "install", "help.toml")
    again = home.run("playbook", "install", "help.toml", "--json")

    assert again.problems[0]["hint"] == "To update it: careerkit playbook update installed/help"
    assert home.run("playbook", "install", "help.toml", "--force").code == 0


def test_nothing_is_installed_if_the_person_says_no(home):
    home.write("help.toml", PLAYBOOK)
    words = [*COMMAND[1:], "playbook", "install", "help.toml", "--plain"]
    child = pexpect.spawn(COMMAND[0], words, env=home.env, cwd=str(home.folder), encoding="utf-8", timeout=60)
    child.expect_exact("Licence: CC BY 4.0")
    child.expect_exact("Install installed/help?")
    child.sendline("no")
    child.expect_exact("Nothing was changed.")
    child.expect(pexpect.EOF)

    assert not home.playbooks.exists()


# updating and removing


def test_an_update_shows_what_is_new_and_replaces_the_file(home):
    home.write("help.toml", PLAYBOOK)
    home.run("playbook", "install", "help.toml")
    assert "Everything is up to date." in home.run("playbook", "update").err
    home.write("help.toml", CHANGED)
    updated = home.run("playbook", "update")

    assert updated.code == 0
    assert "New: Who might help?" in updated.err
    assert "No longer asked: 1 question" in updated.err
    assert (home.playbooks / "installed/help.toml").read_text() == CHANGED


@pytest.mark.parametrize("command", ["update", "remove"])
def test_a_playbook_that_was_changed_here_is_left_alone_without_force(home, command):
    home.write("help.toml", PLAYBOOK)
    home.run("playbook", "install", "help.toml")
    home.write("help.toml", CHANGED)
    mine = home.add_playbook("installed/help", f"{PLAYBOOK}# mine\n")
    refused = home.run("playbook", command, "installed/help", "--json")

    assert (refused.code, refused.problems[0]["code"]) == (1, "changed-here")
    assert mine.read_text().endswith("# mine\n")
    assert home.run("playbook", command, "installed/help", "--force").code == 0
    assert not mine.exists() or mine.read_text() == CHANGED


def test_a_new_version_that_fails_the_check_is_not_installed(home):
    home.write("help.toml", PLAYBOOK)
    home.run("playbook", "install", "help.toml")
    home.write("help.toml", PLAYBOOK.replace("text", "txet"))
    refused = home.run("playbook", "update", "--json")

    assert refused.code == 1
    assert (home.playbooks / "installed/help.toml").read_text() == PLAYBOOK


def test_a_removed_playbook_is_gone_and_its_entries_can_still_be_shown(home):
    home.write("help.toml", PLAYBOOK)
    home.run("playbook", "install", "help.toml", "--as", "me/help")
    home.run("me", "help", "--answers", home.write("a.toml", 'stuck = "x"\nwho = "y"'))

    assert home.run("playbook", "remove", "me/help").code == 0
    assert not (home.playbooks / "me").exists()
    assert home.run("journal", "show", "last").code == 0
    assert home.run("playbook", "remove", "me/help", "--json").problems[0]["code"] == "not-installed"


@pytest.mark.parametrize("arguments", [("update",), ("update", "me/x"), ("remove", "me/x")])
def test_what_was_not_installed_can_not_be_updated_or_removed(home, arguments):
    home.add_playbook("me/x", PLAYBOOK)
    refused = home.run("playbook", *arguments, "--json")

    assert (refused.code, refused.problems[0]["code"]) == (1, "not-installed")
    assert (home.playbooks / "me/x.toml").exists()


# git


def test_a_repository_is_installed_with_its_commit_pinned(home, repository):
    first = commit(repository, {"me/help.toml": PLAYBOOK, "more.toml": PLAYBOOK})
    done = home.run("playbook", "install", f"file://{repository}")
    commit(repository, {"me/help.toml": CHANGED})

    assert done.code == 0
    assert f"at commit {first[:10]}" in done.err
    assert {name: each["commit"] for name, each in read_registry(home).items()} == {
        "me/help": first,
        "coach/more": first,
    }
    assert (home.playbooks / "me/help.toml").read_text() == PLAYBOOK


def test_an_update_moves_the_pinned_commit(home, repository):
    commit(repository, {"me/help.toml": PLAYBOOK})
    home.run("playbook", "install", f"file://{repository}")
    second = commit(repository, {"me/help.toml": CHANGED})

    assert home.run("playbook", "update", "me/help").code == 0
    assert read_registry(home)["me/help"]["commit"] == second
    assert (home.playbooks / "me/help.toml").read_text() == CHANGED


def test_a_playbook_that_left_its_repository_stays_and_is_named(home, repository):
    commit(repository, {"me/help.toml": PLAYBOOK, "me/other.toml": PLAYBOOK})
    home.run("playbook", "install", f"file://{repository}")
    git(repository, "rm", "-q", "me/help.toml")
    commit(repository, {})
    refused = home.run("playbook", "update", "--json")

    assert [each["code"] for each in refused.problems] == ["gone"]
    assert (home.playbooks / "me/help.toml").exists()


def test_nothing_in_a_repository_is_executed_and_links_and_submodules_are_left_out(home, repository):
    marker = home.folder / "pwned"
    inner = home.folder / "inner"
    inner.mkdir()
    git(inner, "init", "-q")
    commit(inner, {"me/inner.toml": PLAYBOOK})
    (repository / "link.toml").symlink_to(PLAYBOOK)  # git keeps the target of a link like the text of a file
    for hook in ("post-checkout", "post-merge", "reference-transaction"):
        path = repository / ".git/hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {marker}\n")
        path.chmod(0o755)
    git(repository, "submodule", "--quiet", "add", f"file://{inner}", "sub")
    commit(repository, {"me/help.toml": PLAYBOOK, ".gitattributes": "*.toml filter=lfs diff=lfs\n"})
    rewriting = f'[url "file://{home.folder}/nowhere"]\n\tinsteadOf = file://\n'
    marker.unlink(missing_ok=True)  # git ran the hooks when this repository was made
    config = f'[filter "lfs"]\n\tsmudge = touch {marker}\n\tprocess = touch {marker}\n\trequired = true\n'
    home.write(
        ".gitconfig",
        f"{rewriting}{config}[core]\n\tfsmonitor = touch {marker}\n\thooksPath = {repository}/.git/hooks\n",
    )
    done = home.run(
        "playbook", "install", f"file://{repository}", "--json", env={"GIT_DIR": "/nowhere", "GIT_TRACE": "1"}
    )

    assert done.code == 0
    assert [each["path"] for each in done.json["playbooks"]] == ["me/help.toml"]
    assert not marker.exists()


def test_an_address_that_can_not_be_reached_is_reported_with_git_s_reason(home, need_tool):
    need_tool("git")
    refused = home.run("playbook", "install", f"file://{home.folder}/nowhere", "--json")

    assert (refused.code, refused.problems[0]["code"]) == (1, "git-failed")
    assert "nowhere" in refused.problems[0]["message"]


def test_without_git_a_file_can_still_be_installed(home):
    home.write("help.toml", PLAYBOOK)
    without = {"PATH": str(home.folder)}

    assert (
        home.run("playbook", "install", "https://example.org/x.git", "--json", env=without).problems[0]["code"]
        == "no-git"
    )
    assert home.run("playbook", "install", "help.toml", env=without).code == 0
