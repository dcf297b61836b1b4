"""What is written, and what of it can be taken back."""

import pytest
from line_conversation import RecordedOutput

from careerkit.terminal.sanitize import count_cells, wrap_text
from careerkit.terminal.tty import ErasableOutput


def surface_of(columns=20, lines=10):
    paper, shape = RecordedOutput(), [(columns, lines)]
    return ErasableOutput(paper, size=lambda: shape[0]), paper, shape


def test_rows_are_counted_with_wrapping_styles_and_wide_characters():
    surface, paper, _ = surface_of()
    surface.mark()
    surface.write("one\n\x1b[1mtwo\x1b[0m\n" + "x" * 30 + "\n" + "日" * 11 + "\n> ")
    surface.record_input("typed\n")
    paper.text = ""

    assert surface.erase()
    assert paper.text == "\x1b[7A\r\x1b[J"


def test_nothing_written_is_nothing_to_take_back():
    surface, paper, _ = surface_of()
    surface.mark()

    assert surface.erase()
    assert paper.text == ""


@pytest.mark.parametrize(
    "spoil",
    [
        lambda surface, shape: surface.commit(),
        lambda surface, shape: shape.__setitem__(0, (30, 10)),
        lambda surface, shape: surface.write("x\n" * 10),
        lambda surface, shape: surface.write("x" * 20 + "\n"),
        lambda surface, shape: surface.write("unfinished"),
        lambda surface, shape: surface.record_input("tab\there\n"),
        lambda surface, shape: surface.record_input("no line end"),
        lambda surface, shape: surface.erase(),
    ],
    ids=["sealed", "resized", "scrolled", "a full row", "an open line", "a tab", "cut short", "twice"],
)
def test_what_is_not_certain_stays(spoil):
    surface, paper, shape = surface_of()
    surface.mark()
    surface.write("question\n")
    spoil(surface, shape)
    paper.text = ""

    assert not surface.erase()
    assert paper.text == ""


def test_without_a_terminal_nothing_is_taken_back():
    paper = RecordedOutput()
    surface = ErasableOutput(paper)
    surface.mark()
    surface.write("x\n")

    assert not surface.erase()
    assert paper.text == "x\n"


def test_cells():
    assert [count_cells(text) for text in ("abc", "日本", "e\u0301", "\x1b[31mé\x1b[0m", "می\u200cخ")] == [
        3,
        4,
        1,
        1,
        3,
    ]


def test_a_line_is_wrapped_between_words_by_its_cells():
    assert wrap_text("one two three", 7) == ["one two", "three"]
    assert wrap_text("日本語 xy", 4) == ["日本", "語", "xy"]
    assert wrap_text("", 5) == [""]
