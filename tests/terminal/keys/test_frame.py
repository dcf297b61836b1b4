"""The picture in windows that are too low for it."""

import pytest

from careerkit.core.problem import Problem
from careerkit.terminal.keys.frame import Head, Sheet, picture
from careerkit.terminal.keys.key import ROWS
from careerkit.terminal.keys.paper import Body
from careerkit.terminal.stand_ins import Symbols

HEAD = Head("Stage", "A question that is long enough for two rows at least?", "A hint", why="Because. " * 200)
BODY = Body(tuple((("", f"row {number}"),) for number in range(30)), (3, 0))
FEET = ("Enter hand in", "Shift-Tab back", "F2 keys", "Ctrl-C stop, all is saved")
TROUBLE = (Problem("x", "This does not fit.", "Mend it."),)


def seen(lines, **more):
    body = picture(Sheet(40, lines, Symbols()), HEAD, BODY, FEET, **more)
    rows = ["".join(text for _, text in row) for row in body.rows]
    assert len(rows) <= lines
    assert 0 <= body.cursor[0] < len(rows)
    return "\n".join(rows), rows[body.cursor[0]]


@pytest.mark.parametrize("lines", [6, 8, 12, 20])
def test_what_does_not_fit_always_shows_and_so_does_the_row_at_the_cursor(lines):
    text, at_cursor = seen(lines, troubles=TROUBLE)

    assert "This does not fit. Mend it." in text
    assert "row 3" in at_cursor


@pytest.mark.parametrize("lines", [6, 20])
def test_a_command_shows_while_it_is_typed(lines):
    assert "❯ :back" in seen(lines, command=":back")[0]


def test_a_reason_that_is_longer_than_the_window_shows_from_its_beginning():
    text, _ = seen(20, panel="why")

    assert "Because. Because." in text
    assert "rows below" in text


ALL_KEYS = [name for name, _ in ROWS]


@pytest.mark.parametrize("lines", [12, 20, 24])
def test_the_pages_of_the_list_of_keys_have_every_key_and_begin_anew(lines):
    pages = [seen(lines, panel="keys", page=page)[0] for page in range(20)]

    assert "PgUp or PgDn" in pages[0]
    assert pages[0] != pages[1]
    assert pages[0] in pages[1:]
    assert pages[-1] in pages[:-1]
    assert [name for name in ALL_KEYS if not any(f"{name}: " in page for page in pages)] == []


def test_what_belongs_to_the_row_at_the_cursor_is_in_view_too():
    body = picture(Sheet(40, 14, Symbols()), HEAD, Body(BODY.rows, (20, 0), 3), FEET)

    text = "\n".join("".join(part for _, part in row) for row in body.rows)
    assert "row 20" in text
    assert "row 22" in text
    assert "rows below" in text
