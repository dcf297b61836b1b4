"""Reading a result with keys: its pages, and the key of each part."""

from __future__ import annotations

from io import StringIO

import pytest
from offline_key_screen import make_key_screen
from test_result_view import FULL, make_entry
from watched_terminal import WatchedTerminal

from careerkit.coaching.ports import Reason
from careerkit.terminal.keys.key_codes import Key
from careerkit.terminal.keys.question_state import Viewport
from careerkit.terminal.result_view import DISCLAIMER
from careerkit.terminal.sanitize import Symbols
from careerkit_process import COMMAND
from key_input import ScriptedPresses

BECAUSE = {"f1": (Reason("Is it growing?", "Yes"),)}
MENU = "a actions · f findings · d drafts · w why · n numbers · c check-ins Enter done"


def read(*presses, lines=60, columns=80, entry=None):
    """Show an entry's result to someone who presses these keys: the result, and the states before each press."""
    scripted, results = ScriptedPresses(presses), StringIO()
    screen = make_key_screen(scripted, results=results, columns=columns, lines=lines)
    screen.show_outcome(entry or make_entry(**FULL), BECAUSE)
    return results.getvalue(), scripted


def draw(state, columns=80, lines=60) -> str:
    rows = state.render(Viewport(columns, lines, Symbols())).rows
    text = " ".join("".join(text for _, text in row) for row in rows)
    return " ".join(text.replace("│", " ").replace("└", " ").split())


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("a", "Cue: After lunch."),
        ("f", "Finding 4."),
        ("d", "Dear all,"),
        ("w", "Because you said:\n- Is it growing? Yes."),
        ("n", "Calculation: 2 × 7."),
        ("c", "A week on."),
    ],
)
def test_a_key_opens_its_part_below_the_result(key, shown):
    results, scripted = read(key, Key.ENTER)
    before, part = results.split(f"{DISCLAIMER}\n")

    assert shown not in before
    assert shown in part
    assert scripted.presses == []


def test_the_footer_lists_the_parts_that_there_are_and_no_others():
    _, scripted = read(Key.ENTER)
    assert MENU in draw(scripted.seen[0])

    few = make_entry(drafts=FULL["drafts"], findings=FULL["findings"][:1])
    _, scripted = read(Key.ENTER, entry=few)
    assert "d drafts · w why · Enter done" in draw(scripted.seen[0])


def test_a_key_without_a_part_does_nothing():
    results, _ = read("s", "x", Key.UP, Key.ENTER)

    assert results.endswith("check-in, on Sun 29 Nov\n")


@pytest.mark.parametrize("presses", [(Key.ENTER,), ("q",), (Key.ESCAPE,), (Key.STOP,)])
def test_reading_ends_with_enter_q_esc_or_ctrl_c(presses):
    _, scripted = read(*presses, "never pressed")

    assert scripted.presses == ["never pressed"]


def test_parts_can_be_opened_one_after_the_other_and_again():
    results, _ = read("d", "w", "d", Key.ENTER)

    assert results.count("Dear all,") == 2


def test_without_parts_there_is_nothing_to_wait_for():
    _, scripted = read("never pressed", entry=make_entry(findings=(FULL["findings"][0].__class__("f", "T", "Text."),)))

    assert scripted.presses == ["never pressed"]


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (40, 20), (20, 5)])
def test_a_window_that_is_too_low_gets_pages_and_nothing_is_lost(columns, lines):
    whole, _ = read(Key.ENTER)
    paged, scripted = read(*[Key.ENTER] * 60, columns=columns, lines=lines)

    assert paged == whole
    stops = [state for state in scripted.seen if "Enter next page" in draw(state)]
    assert len(stops) >= len(whole.split("\n")) // lines
    assert all(len(state.render(Viewport(columns, lines, Symbols())).rows) <= lines for state in scripted.seen)


def test_a_page_fits_above_the_keys():
    results = StringIO()
    shown: list[int] = []

    class Counting(ScriptedPresses):
        def press_all(self, runner):
            shown.append(results.getvalue().count("\n"))
            return super().press_all(runner)

    make_key_screen(Counting([Key.ENTER] * 9), results=results, lines=10).show_outcome(make_entry(**FULL), BECAUSE)

    pages = [after - before for before, after in zip([0, *shown], shown, strict=False)]
    assert max(pages) <= 7
    assert len(pages) > 3


@pytest.mark.parametrize("key", ["e", "q", Key.ESCAPE])
def test_the_rest_is_shown_without_further_pages(key):
    whole, _ = read(Key.ENTER)
    paged, scripted = read(key, Key.ENTER, lines=10)

    assert paged == whole
    assert scripted.presses == []


def test_ctrl_c_between_two_pages_shows_the_rest_and_ends():
    whole, _ = read(Key.ENTER)
    paged, _ = read(Key.STOP, lines=10)

    assert paged == whole


def show_card(*presses, waits=False):
    results = StringIO()
    scripted = ScriptedPresses(presses)
    screen = make_key_screen(scripted, results=results, lines=60)
    screen.show_card(make_entry(**FULL), BECAUSE, waits=waits)
    return screen, scripted, results


def test_the_question_after_a_card_opens_its_parts_too():
    screen, scripted, results = show_card("d", "n")

    assert screen.confirm("Continue with the rest now?", default=True) is False
    assert "Dear all," in results.getvalue()
    assert "Continue with the rest now? a actions · f findings · d drafts" in draw(scripted.seen[0])
    assert "Enter yes · n no" in draw(scripted.seen[0])


@pytest.mark.parametrize(("key", "answer"), [(Key.ENTER, True), ("y", True), ("n", False), ("q", False)])
def test_the_question_after_a_card_is_answered_with_one_key(key, answer):
    screen, _, _ = show_card(key)

    assert screen.confirm("Continue with the rest now?", default=True) is answer


def test_the_next_question_is_an_ordinary_one_again():
    screen, scripted, _ = show_card("y", "n", Key.ENTER)
    screen.confirm("Continue with the rest now?", default=True)

    assert screen.confirm("Start the next one?", default=False) is False
    assert "drafts" not in draw(scripted.seen[-1])


def test_the_card_of_the_quick_lane_waits_until_it_is_read():
    _, scripted, results = show_card("d", Key.ENTER, waits=True)

    assert "Dear all," in results.getvalue()
    assert scripted.presses == []


PLAYBOOK = """
format = 1
title = "Two drafts"
summary = "For the test."
[[stage]]
id = "a"
title = "A"
[[stage.question]]
id = "what"
type = "text"
ask = "What happened?"
[[finding]]
id = "f"
title = "Say it today"
text = "{what}"
[[draft]]
id = "one"
title = "First"
text = "LINES"
[[draft]]
id = "two"
title = "Second"
text = "The second draft."
"""


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (40, 20), (20, 5)])
def test_in_a_real_terminal_everything_is_in_the_scrollback(home, columns, lines):
    home.add_playbook("my/two", PLAYBOOK.replace("LINES", "\\n".join(f"Draft line {n}" for n in range(8))))
    terminal = WatchedTerminal(columns, lines, *COMMAND, "my", "two", **home.env)
    terminal.wait("Enter continue")
    for presses in (["x", Key.ENTER], [Key.ENTER], ["e"], ["d"], ["e"], ["q"]):
        terminal.press(*presses)
        terminal.settle(1)
    terminal.close()

    for words in ("Say it today", "Draft line 0", "Draft line 7", "The second draft.", "Saved as"):
        assert words in " ".join(terminal.raw.split())
