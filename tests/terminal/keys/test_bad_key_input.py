"""What nobody means to type, and windows that are hardly one."""

from __future__ import annotations

import resource
import time

import pytest
from test_widgets import FORM, THREE, asked
from watched_terminal import WatchedTerminal

from careerkit.core.questions.choice import ChoiceSpec, ChoicesSpec, ListSpec, YesNoSpec
from careerkit.core.questions.grid import GridSpec
from careerkit.core.questions.number import DateSpec, NumberSpec, ScaleSpec
from careerkit.core.questions.question import Options
from careerkit.core.questions.text import TextSpec
from careerkit.core.questions.weights import RankSpec, WeightsSpec
from careerkit.terminal.keys.key_codes import Key
from careerkit.terminal.keys.question_state import Header, QuestionState, Viewport
from careerkit.terminal.sanitize import Symbols
from long_run import choose_count

MEGABYTES = choose_count(2_000_000, long=10_000_000)
PASTE = "\x1b[200~{}\x1b[201~"


def test_a_pasted_escape_is_shown_and_not_obeyed():
    terminal = WatchedTerminal(80, 30)
    terminal.wait("Ctrl-C stop")
    terminal.press(PASTE.format("\x1b]0;title\x07 and \x1b[2Jmore\nlines"))

    terminal.wait("\\x1b]0;title\\x07 and \\x1b[2Jmore lines")
    assert terminal.screen.title == ""
    terminal.press(Key.ENTER)
    terminal.wait("✓ What happened?")
    terminal.wait("\\x1b]0;title")


@pytest.mark.parametrize("bracketed", [True, False])
def test_megabytes_in_one_paste_are_refused_and_nothing_typed_is_lost(bracketed):
    terminal = WatchedTerminal(80, 30)
    terminal.wait("Ctrl-C stop")
    terminal.press("before")
    terminal.wait("before")
    much = "word " * (MEGABYTES // 5)
    text = PASTE.format(much) if bracketed else much
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    place = 0
    while place < len(text):
        place += terminal.child.send(text[place : place + 4096])
        terminal.read(0)
    terminal.press("")
    if bracketed:
        terminal.wait(f"{MEGABYTES:,} characters; 20,000 fit")
        terminal.press(" and after", Key.ENTER)
        terminal.wait("before and after")
    else:
        terminal.wait("20,000 fit")
    terminal.close()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 20, "however busy the machine is"


def test_several_lines_pasted_into_a_list_are_several():
    terminal = WatchedTerminal(80, 30)
    terminal.wait("Ctrl-C stop")
    terminal.press("x", Key.ENTER, Key.SUBMIT)
    terminal.wait("What is certain?")
    terminal.press(PASTE.format("one\r\ntwo\rthree"))

    terminal.wait("3  three")
    assert "1  one" in terminal.shown


HOSTILE = "a\x1b]0;title\x07b\x9bc\u202ed\u2066e\x00f\r\ng\x7fh\u200bi\u2028j"
TOO_MUCH = ["word " * (MEGABYTES // 5), "word\n" * (MEGABYTES // 5), "1" * MEGABYTES, ":" * MEGABYTES]
FORMS = {
    "text": TextSpec(),
    "long text": TextSpec(long=True),
    "choice": ChoiceSpec(THREE),
    "choices": ChoicesSpec(THREE),
    "yesno": YesNoSpec(),
    "scale": ScaleSpec(),
    "long scale": ScaleSpec(0, 100),
    "number": NumberSpec(),
    "date": DateSpec(),
    "list": ListSpec(),
    "rank": RankSpec(THREE),
    "weights": WeightsSpec(THREE),
    "grid": GridSpec(Options(THREE), Options(THREE)),
    "records": FORM,
}
BEGUN = {"as asked": (), "in a filter": ("/",), "in a command": (":",)}
"""What is pressed first; where text is written these are text."""


def posed(name, begun):
    asking = QuestionState(Header("Stage", "Well?"), asked(FORMS[name], columns=THREE))
    for press in BEGUN[begun]:
        asking = asking.press(press)
    return asking


@pytest.mark.parametrize("begun", BEGUN)
@pytest.mark.parametrize("name", FORMS)
def test_what_is_pasted_into_any_question_never_steers_the_screen(name, begun):
    after = posed(name, begun).press(HOSTILE)

    rows = after.render(Viewport(40, 30, Symbols())).rows
    shown = "".join(text for row in rows for _, text in row)
    assert shown.isprintable()


@pytest.mark.parametrize("begun", BEGUN)
@pytest.mark.parametrize("name", FORMS)
def test_megabytes_pasted_into_any_question_are_refused_and_change_nothing(name, begun):
    asking = posed(name, begun)
    for much in TOO_MUCH:
        began = time.process_time()
        after = asking.press(much)
        took = time.process_time() - began

        assert {problem.code for problem in after.problems} <= {"too-long", "too-many"}
        assert after.problems
        assert (after.widget, after.command) == (asking.widget, asking.command)
        assert took < 2


def test_twenty_columns_are_enough():
    terminal = WatchedTerminal(20, 40)
    terminal.wait("stop")
    terminal.press("I overlooked an offer", Key.ENTER)
    terminal.wait("whole")
    terminal.press(Key.SUBMIT, "one", Key.ENTER, "two", Key.ENTER, Key.SUBMIT)
    terminal.wait("1  Yes, right")

    assert max(len(row) for row in terminal.shown.split("\n")) <= 20


@pytest.mark.parametrize("lines", [5, 8, 10])
def test_a_low_window_shows_what_the_cursor_is_at(lines):
    terminal = WatchedTerminal(60, lines)
    terminal.wait("└")
    terminal.press("x", Key.ENTER, Key.SUBMIT, "one", Key.ENTER, "two", Key.ENTER, Key.SUBMIT)
    terminal.wait("1  Yes, right now")
    terminal.press(Key.UP)
    terminal.wait("❯ 3  No, it has stopped")


def test_a_window_that_changes_its_size_is_filled_anew():
    terminal = WatchedTerminal(80, 30)
    terminal.wait("Ctrl-C stop")
    terminal.press("half typed")
    terminal.wait("half typed")
    terminal.resize(50, 20)
    terminal.press(" still")
    terminal.wait("half typed still")
    terminal.press(Key.ENTER)

    terminal.wait("✓ What happened?")
    terminal.wait("half typed still")


def test_without_colour_nothing_is_coloured():
    terminal = WatchedTerminal(80, 30, NO_COLOR="1")
    terminal.wait("Ctrl-C stop")
    terminal.press("x", Key.ENTER)
    terminal.wait("whole story")

    assert not [
        part
        for part in terminal.raw.split("\x1b[")[1:]
        if part.partition("m")[0].strip("0;").isdigit() and "m" in part[:6]
    ]


def test_where_the_encoding_is_ascii_so_are_the_signs():
    terminal = WatchedTerminal(80, 30, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    terminal.wait("Ctrl-C stop")
    terminal.press("caf", Key.ENTER)
    terminal.wait("whole story")

    assert terminal.raw.isascii()
    assert "+ What happened?" in terminal.shown


def test_the_editor_is_opened_and_its_text_taken(tmp_path):
    program = tmp_path / "editor.sh"
    program.write_text('#!/bin/sh\nprintf "%s written\\nin the editor" "$(cat "$1")" > "$1"\n')
    program.chmod(0o700)
    terminal = WatchedTerminal(80, 30, EDITOR=str(program), XDG_RUNTIME_DIR=str(tmp_path))
    terminal.wait("Ctrl-C stop")
    terminal.press("begun", Key.EDITOR)

    terminal.wait("❯ begun written in the editor")
    assert [each.name for each in tmp_path.iterdir()] == ["editor.sh"]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("printf lost > $1; exit 3", "ended with an error (3)"),
        ("printf 'caf\\351' > $1", "is not UTF-8"),
        ("rm $1", "The editor failed"),
        ("printf '  \\n' > $1", "The editor saved an empty file"),
        ("true", ""),
        (None, "The editor failed"),
    ],
    ids=["fails", "no UTF-8", "file gone", "emptied", "unchanged", "missing"],
)
def test_an_editor_that_does_not_serve_leaves_the_text_as_it_was(tmp_path, script, said):
    program = tmp_path / "editor.sh"
    if script is not None:
        program.write_text(f"#!/bin/sh\n: > {tmp_path}/ran\n{script}\n")
        program.chmod(0o700)
    terminal = WatchedTerminal(80, 30, EDITOR=str(program), XDG_RUNTIME_DIR=str(tmp_path))
    terminal.wait("Ctrl-C stop")
    terminal.press("begun", Key.EDITOR)
    terminal.wait(lambda: script is None or (tmp_path / "ran").exists(), what="the editor")
    terminal.wait(lambda: said in " ".join(terminal.shown.replace("│", " ").split()), what=said)  # it may be wrapped
    terminal.wait("❯ begun")
    terminal.press(" still", Key.ENTER)

    terminal.wait("✓ What happened?")
    terminal.wait("begun still")
    assert {each.name for each in tmp_path.iterdir()} <= {"editor.sh", "ran"}


def test_without_an_editor_the_text_stays():
    terminal = WatchedTerminal(80, 30)
    terminal.wait("Ctrl-C stop")
    terminal.press("begun", Key.EDITOR)

    terminal.wait("No editor is set.")
    assert "❯ begun" in terminal.shown


def test_while_the_keys_are_listed_pages_turn_and_no_choice_moves():
    before = posed("choice", "as asked").press(Key.HELP)

    after = before.press(Key.END)

    assert (after.widget, after.panel, after.page) == (before.widget, "keys", 1)
    assert after.press(Key.HOME).page == 0


def test_a_line_that_is_too_long_says_by_how_much_and_never_less_than_none_left():
    asking = QuestionState(Header("Stage", "Well?"), asked(TextSpec(max=30)))

    rows = asking.press("x" * 34).render(Viewport(40, 30, Symbols())).rows

    shown = "".join(text for row in rows for _, text in row)
    assert "4 characters too long" in shown
    assert "left" not in shown
