"""The picture in windows that are too low for it."""

from decimal import Decimal

import pytest

from careerkit.core.errors import Problem
from careerkit.core.questions.number import NumberSpec
from careerkit.core.questions.question import Question
from careerkit.terminal.keys.key_codes import Key
from careerkit.terminal.keys.line_input import create_buffer
from careerkit.terminal.keys.question_state import (
    STOP_HINT,
    UNSAVED_STOP_HINT,
    Header,
    QuestionState,
    Viewport,
    render_question,
)
from careerkit.terminal.keys.widget import HELP_ROWS, Block
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.questions.registry import create_widget
from careerkit.terminal.sanitize import Symbols

HEAD = Header("Stage", "A question that is long enough for two rows at least?", "A hint", why="Because. " * 200)
BODY = Block(tuple((("", f"row {number}"),) for number in range(30)), (3, 0))
HINTS = ("Enter continue", "Shift-Tab back", "F2 keys", "Ctrl-C stop and save")
PROBLEMS = (Problem("x", "This does not fit.", "Fix it."),)


def seen(lines, **more):
    body = render_question(Viewport(40, lines, Symbols()), HEAD, BODY, HINTS, **more)
    rows = ["".join(text for _, text in row) for row in body.rows]
    assert len(rows) <= lines
    assert 0 <= body.cursor[0] < len(rows)
    return "\n".join(rows), rows[body.cursor[0]]


@pytest.mark.parametrize("lines", [6, 8, 12, 20])
def test_what_does_not_fit_always_shows_and_so_does_the_row_at_the_cursor(lines):
    text, at_cursor = seen(lines, problems=PROBLEMS)

    assert "This does not fit. Fix it." in text
    assert "row 3" in at_cursor


@pytest.mark.parametrize("lines", [6, 20])
def test_a_command_shows_while_it_is_typed(lines):
    assert "❯ :back" in seen(lines, command=create_buffer(":back"))[0]


def test_a_reason_that_is_longer_than_the_window_shows_from_its_beginning():
    text, _ = seen(20, panel="why")

    assert "Because. Because." in text
    assert "rows below" in text


ALL_KEYS = [name for name, _ in HELP_ROWS]


@pytest.mark.parametrize("lines", [12, 20, 24])
def test_the_pages_of_the_list_of_keys_have_every_key_and_begin_anew(lines):
    pages = [seen(lines, panel="keys", page=page)[0] for page in range(20)]

    assert "PgUp or PgDn" in pages[0]
    assert pages[0] != pages[1]
    assert pages[0] in pages[1:]
    assert pages[-1] in pages[:-1]
    assert [name for name in ALL_KEYS if not any(f"{name}: " in page for page in pages)] == []


def test_what_belongs_to_the_row_at_the_cursor_is_in_view_too():
    body = render_question(Viewport(40, 14, Symbols()), HEAD, Block(BODY.rows, (20, 0), 3), HINTS)

    text = "\n".join("".join(part for _, part in row) for row in body.rows)
    assert "row 20" in text
    assert "row 22" in text
    assert "rows below" in text


def test_what_is_wrong_with_a_number_is_said_once_after_enter():
    question = Question("n", "number", NumberSpec(min=Decimal(0), max=Decimal(100)), "How many?")
    state = QuestionState(Header("", "How many?"), create_widget(PreparedQuestion(question, (), ())))
    for press in ("1", "0", "1", Key.ENTER):
        state = state.press(press)

    block = state.render(Viewport(80, 24, Symbols(), "utf-8"))
    rows = ["".join(text for _, text in row) for row in block.rows]

    assert [row for row in rows if "101 is too large" in row] == [row for row in rows if "! 101 is too large" in row]
    assert sum("At most 100." in row for row in rows) == 1


@pytest.mark.parametrize("stop_hint", [STOP_HINT, UNSAVED_STOP_HINT])
def test_the_list_of_keys_promises_to_save_only_where_that_is_true(stop_hint):
    question = Question("n", "number", NumberSpec(), "How many?")
    widget = create_widget(PreparedQuestion(question, (), ()))
    state = QuestionState(Header("", "How many?"), widget, stop_hint=stop_hint).press(Key.HELP)

    block = state.render(Viewport(80, 60, Symbols(), "utf-8"))
    rows = ["".join(text for _, text in row) for row in block.rows]

    assert any("save and stop" in row for row in rows) == (stop_hint == STOP_HINT)
