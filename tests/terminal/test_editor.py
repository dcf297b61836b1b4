"""Writing a text in the person's own editor."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from line_conversation import run_conversation
from test_line_screen import question

from careerkit.core.errors import Refused
from careerkit.terminal.editor import Editor, EditorPolicy


@pytest.fixture
def editor(tmp_path):
    """An editor that runs `script` with the file's path in `path`, and a private folder for temporary files."""

    def make(script: str, *, name: str = "VISUAL") -> dict[str, str]:
        program = tmp_path / "editor.py"
        program.write_text(f"import pathlib, sys\npath = pathlib.Path(sys.argv[1])\n{script}\n")
        folder = tmp_path / "run"
        folder.mkdir(exist_ok=True)
        return {name: f"{sys.executable} {program}", "XDG_RUNTIME_DIR": str(folder)}

    return make


def left_behind(environment) -> list:
    return os.listdir(environment["XDG_RUNTIME_DIR"])


@pytest.mark.parametrize("name", ["VISUAL", "EDITOR"])
def test_the_text_comes_back_as_it_was_left(editor, name):
    environment = editor("path.write_bytes(path.read_bytes() + b'more\\r\\nlines\\n')", name=name)

    assert Editor(environment).edit("some") == "some\nmore\nlines"
    assert left_behind(environment) == []


def test_the_file_is_for_the_owner_only(editor, tmp_path):
    environment = editor("import os\npath.write_text(f'{path.stat().st_mode:o} {path.parent.stat().st_mode:o}')")
    old = os.umask(0)
    try:
        modes = Editor(environment).edit("x").split()
    finally:
        os.umask(old)

    assert [stat.S_IMODE(int(mode, 8)) for mode in modes] == [0o600, 0o700]


def test_without_an_editor_that_is_said():
    with pytest.raises(Refused) as refused:
        Editor({}).edit("x")

    assert "VISUAL or EDITOR" in refused.value.problems[0].hint


@pytest.mark.parametrize("command", ["/no/such/editor", "'unclosed"])
def test_an_editor_that_cannot_be_started_is_told(command, tmp_path):
    environment = {"EDITOR": command, "XDG_RUNTIME_DIR": str(tmp_path)}
    with pytest.raises(Refused):
        Editor(environment).edit("x")

    assert left_behind(environment) == []


def test_what_a_failing_editor_saved_is_there_the_next_time(editor):
    environment = editor("path.write_text(path.read_text() + 'new'); sys.exit(3)")
    mine = Editor(environment)
    with pytest.raises(Refused) as refused:
        mine.edit("old")
    editor("path.touch()")

    assert "(3)" in refused.value.problems[0].message
    assert mine.edit("old") == "old\nnew"
    assert left_behind(environment) == []


def test_what_is_not_utf_8_is_told_and_kept(editor):
    environment = editor("path.write_bytes(b'caf\\xe9')")
    mine = Editor(environment)
    with pytest.raises(Refused) as refused:
        mine.edit("x")
    editor("path.touch()")

    assert refused.value.problems[0].code == "not-utf-8"
    assert mine.edit("x") == "caf\\xe9"


def test_a_byte_order_mark_is_no_text(editor):
    assert Editor(editor("path.write_bytes(b'\\xef\\xbb\\xbfx')")).edit("") == "x"


def test_an_editor_that_removes_the_file_is_told(editor):
    environment = editor("path.unlink()")
    with pytest.raises(Refused) as refused:
        Editor(environment).edit("x")

    assert "No such file" in refused.value.problems[0].message
    assert left_behind(environment) == []


def test_ctrl_c_in_the_editor_is_the_editors(editor):
    environment = editor("import os, signal\nos.kill(os.getppid(), signal.SIGINT)\npath.write_text('x')")

    assert Editor(environment).edit("") == "x"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_it_works_outside_of_the_main_thread(editor):
    got = []
    environment = editor("path.write_text('x')")
    thread = threading.Thread(target=lambda: got.append(Editor(environment).edit("")))
    thread.start()
    thread.join()

    assert got == ["x"]


def test_without_a_runtime_folder_the_file_is_private_all_the_same(editor):
    environment = editor("path.write_text(str(path.parent))")
    folder = Editor({**environment, "XDG_RUNTIME_DIR": "/no/such/folder"}).edit("")

    assert not Path(folder).exists()


# ---------------------------------------------------------------- in the conversation


def in_editor(environment, *lines, rest="long = true", **options):
    return run_conversation(
        ["one", *lines, "end", ""], playbook=question("text", rest), environment=environment, **options
    )


def test_edit_gives_the_whole_answer(editor):
    done = in_editor(editor("path.write_text('a\\n\\nb\\n')"), ":edit")

    assert (done.ended, done.answers["q"]) == ("finished", "a\n\nb")


def test_the_editor_begins_with_what_was_typed_or_kept(editor):
    environment = editor("path.write_text(path.read_text() + 'more')")

    assert in_editor(environment, "half", ":edit").answers["q"] == "half\nmore"
    assert in_editor(environment, "old", ".", ":back", ":edit").answers["q"] == "old\nmore"


def test_a_short_text_from_the_editor_is_one_line(editor):
    done = in_editor(editor("path.write_text('a\\nb')"), ":edit", rest="")

    assert done.answers["q"] == "a b"


def test_nothing_changed_is_said_and_asked_again(editor):
    assert "Nothing was changed in the editor." in in_editor(editor(""), "old", ":edit", ".").shown
    assert "The editor saved an empty file." in in_editor(editor("path.write_text('')"), "old", ":edit", ".").shown


def test_a_failing_editor_loses_no_line(editor):
    done = in_editor(editor("sys.exit(1)"), "half", ":edit", "whole", ".")

    assert "ended with an error (1)" in done.shown
    assert done.answers["q"] == "half\nwhole"


def test_too_long_a_text_from_the_editor_is_there_the_next_time(editor):
    environment = editor("path.write_text(path.read_text().strip()[1:] or 'abcde')")

    assert in_editor(environment, ":edit", ":edit", rest="max = 4").answers["q"] == "bcde"
    assert in_editor(environment, ":edit", ":edit", rest="long = true\nmax = 4").answers["q"] == "bcde"


def test_a_field_of_a_form_is_checked_after_the_editor(editor):
    playbook = question("records", 'fields = [ { id = "f", type = "text", ask = "?", max = 4 } ]')
    environment = editor("path.write_text(path.read_text().strip()[1:] or 'abcde')")
    done = run_conversation(["one", ":edit", ":edit", "n", "end"], playbook=playbook, environment=environment)

    assert done.answers["q"] == ({"f": "bcde"},)


def test_without_a_terminal_there_is_no_editor(editor):
    done = in_editor(editor("path.write_text('x')"), ":edit", "typed", ".", interactive=False)

    assert "An editor needs a terminal." in done.shown
    assert done.answers["q"] == "typed"


LATER = """
import subprocess
later = f"import pathlib, time; time.sleep(0.3); pathlib.Path({str(path)!r}).write_text('saved later')"
subprocess.Popen([sys.executable, "-c", later], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
"""


def test_an_editor_that_ends_at_once_is_told_and_what_is_saved_later_is_taken(editor):
    environment = editor(LATER)
    mine = Editor(environment)
    with pytest.raises(Refused) as refused:
        mine.edit("before")
    assert "--wait" in refused.value.problems[0].hint
    assert mine.take_saved() is None
    wait_until(lambda: mine.take_saved() == "saved later" or mine._kept_file[1] == b"saved later")
    assert mine.take_saved() is None, "taken once"
    mine.close()

    assert left_behind(environment) == []


@pytest.mark.parametrize(("command", "option"), [("code", "--wait"), ("/usr/bin/gvim", "--nofork")])
def test_an_editor_that_ends_at_once_is_told_how_it_waits(command, option, tmp_path):
    program = tmp_path / command.rpartition("/")[2]
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    with pytest.raises(Refused) as refused:
        Editor({"EDITOR": str(program), "XDG_RUNTIME_DIR": str(tmp_path)}).edit("x")

    assert f"{program.name} {option}" in refused.value.problems[0].hint


@pytest.mark.parametrize("rest", ["long = true", ""])
def test_enter_takes_what_was_saved_after_the_editor_had_ended_at_once(editor, rest):
    environment = editor("")
    folder = Path(environment["XDG_RUNTIME_DIR"])

    def save_and_press_enter() -> str:
        next(folder.glob("careerkit-*/answer.txt")).write_text("saved later\n")
        return ""

    done = in_editor(environment, ":edit", save_and_press_enter, rest=rest)

    assert "--wait" in done.shown
    assert done.answers["q"] == "saved later"
    assert left_behind(environment) == []


def test_a_text_of_five_megabytes_is_refused_in_few_words_and_offered_again(editor):
    environment = editor("text = path.read_text().strip(); path.write_text(text[:9] if text else 'x' * 5_000_000)")
    done = in_editor(environment, ":edit", ":edit")

    assert len(done.shown) < 3_000
    assert "too long" in done.shown
    assert done.answers["q"] == "x" * 9


def test_a_long_draft_is_shown_by_its_end(editor):
    done = run_conversation(
        ["one", "y" * 30_000, ".", "..", "short", ".", "end", ""], playbook=question("text", "long = true\nmax = 9000")
    )

    assert done.shown.count("y") < 30_000 + 3_000, "what was typed, and a little"
    assert done.answers["q"] == "short"


def test_where_it_is_off_no_editor_is_started(editor, tmp_path):
    environment = editor("path.with_name('started').touch(); path.write_text('x')")
    with pytest.raises(Refused) as refused:
        Editor(environment, lambda: EditorPolicy.OFF).edit("secret")

    assert refused.value.problems[0].code == "editor-off"
    assert "editor_when_encrypted" in refused.value.problems[0].hint
    assert left_behind(environment) == []


def test_where_it_has_to_be_in_memory_the_file_is_there_or_nowhere(editor, monkeypatch):
    environment = editor("path.write_text(str(path.parent))")
    mine = Editor(environment, lambda: EditorPolicy.IN_MEMORY)
    kind = ["stat", "--file-system", "--format=%T"]

    folder = Path(mine.edit("secret"))
    assert subprocess.run([*kind, folder.parent], capture_output=True, text=True).stdout in ("tmpfs\n", "ramfs\n")

    real = Path.read_text
    monkeypatch.setattr(
        Path, "read_text", lambda *a, **k: real(*a, **k).replace("tmpfs", "ext4").replace("ramfs", "ext4")
    )
    with pytest.raises(Refused) as refused:
        mine.edit("secret")
    assert refused.value.problems[0].code == "editor-off"


def test_when_careerkit_is_killed_with_the_editor_open_its_file_goes(editor, tmp_path):
    environment = editor("import time; path.with_name('open').touch(); time.sleep(600)")
    program = f"from careerkit.terminal.editor import Editor; Editor({environment!r}).edit('secret')"
    process = subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
    folder = Path(environment["XDG_RUNTIME_DIR"])
    try:
        wait_until(lambda: list(folder.glob("careerkit-*/open")))
        assert [path.read_text() for path in folder.glob("careerkit-*/answer.txt")] == ["secret\n"]
        process.kill()
        process.wait()
        wait_until(lambda: left_behind(environment) == [])
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # the editor too


def wait_until(holds) -> None:
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
