"""The order of the conversation: each type of question, going back in its middle, wrong entries, the end of input."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from line_conversation import INTERRUPT, make_line_screen, run_conversation
from test_result_view import FULL, make_entry

HEADER = 'format = 1\ntitle = "T"\nsummary = "S"\n[[stage]]\nid = "s"\ntitle = "Stage"\n'
FIRST = '[[stage.question]]\nid = "first"\ntype = "text"\nask = "First?"\n'
LAST = '[[stage.question]]\nid = "last"\ntype = "text"\nask = "Last?"\n'
OPTIONS = 'choices = [ { id = "a", label = "Ant" }, { id = "b", label = "Bee" }, { id = "c", label = "Cow" } ]\n'


def question(kind: str, rest: str = "") -> str:
    """A playbook that asks a text, then `q`, then a text."""
    return f'{HEADER}{FIRST}[[stage.question]]\nid = "q"\ntype = "{kind}"\nask = "The question?"\n{rest}\n{LAST}'


def ask(kind: str, *lines, rest: str = "", **options):
    """What comes of `lines` in answer to one question of this type, after the first text and before the last."""
    return run_conversation(["one", *lines, "end", ""], playbook=question(kind, rest), **options)


FORMS = """fields = [
  { id = "who", type = "text", ask = "Who?", max = 10 },
  { id = "power", type = "scale", ask = "Power?", required = false },
]
line = "{who} ({power})"
"""
LIST_FIRST = FIRST.replace('type = "text"', 'type = "list"')
ITEMS = (
    f'{HEADER}{LIST_FIRST}[[stage.question]]\nid = "q"\ntype = "records"\nitems = "first"\nask = "Each?"\nline = "{{item}}: {{what}}"\n'
    'fields = [ { id = "what", type = "text", ask = "What?" }, { id = "sure", type = "yesno", ask = "Sure?" } ]\n'
    + LAST
)
GRID = 'rows = [ { id = "x", label = "Xen" }, { id = "y", label = "Yak" } ]\ncolumns = [ { id = "p", label = "Pay" }, { id = "q", label = "Joy" } ]\nmin = 0\nmax = 10\n'

# ---------------------------------------------------------------- every type, answered


ANSWERS = [
    ("text", "", ["as it is "], "as it is "),
    ("text", "", ["::save"], ":save"),
    ("text", 'default = "usual"', [""], "usual"),
    ("text", "long = true", ["one", "", "two", "."], "one\n\ntwo"),
    ("text", "long = true", ["one", "twoo", "..", "two", "."], "one\ntwo"),
    ("text", "long = true", ["..", "one", "."], "one"),
    ("text", 'long = true\ndefault = "usual"', [""], "usual"),
    ("choice", OPTIONS, ["2"], "b"),
    ("choice", OPTIONS, ["cow"], "c"),
    ("choice", OPTIONS, ["/e", "2"], "b"),
    ("choice", OPTIONS + 'default = "b"', [""], "b"),
    ("choices", OPTIONS, ["1 3"], ("a", "c")),
    ("choices", OPTIONS + "min = 0", ["-"], ()),
    ("yesno", "", ["y"], True),
    ("yesno", "default = false", [""], False),
    ("scale", 'anchors = { 1 = "low", 5 = "high" }', ["4"], Decimal(4)),
    ("number", 'unit = "h"', ["3,5 h"], Decimal("3.5")),
    ("date", "", ["1 dec"], date(2026, 12, 1)),
    ("date", 'default = "+1w"', [""], date(2026, 11, 29)),
    ("list", "", ["one", " two ", ""], ("one", "two")),
    ("list", "", ["one", "."], ("one",)),
    ("list", "max = 2", ["one", "two"], ("one", "two")),
    ("list", "min = 0", [""], ()),
    ("list", 'default = ["x", "y"]', [""], ("x", "y")),
    ("rank", OPTIONS, ["3 1 2"], ("c", "a", "b")),
    ("weights", OPTIONS, ["40 30 30"], {"a": 40, "b": 30, "c": 30}),
    ("weights", OPTIONS, ["", "40", "30", ""], {"a": 40, "b": 30, "c": 30}),
    ("weights", OPTIONS, ["40", "30", "30"], {"a": 40, "b": 30, "c": 30}),
    ("weights", OPTIONS, ["c=50", "20", ""], {"a": 20, "b": 30, "c": 50}),
    ("grid", GRID, ["1", "2", "3", "4"], {"x": {"p": 1, "q": 2}, "y": {"p": 3, "q": 4}}),
    ("grid", GRID, ["1; 2", "3;4"], {"x": {"p": 1, "q": 2}, "y": {"p": 3, "q": 4}}),
    (
        "grid",
        GRID + "spread = true",
        ["1 2 3; 2", "3", "4 4 5"],
        {"x": {"p": (1, 2, 3), "q": (2, 2, 2)}, "y": {"p": (3, 3, 3), "q": (4, 4, 5)}},
    ),
    ("records", FORMS, ["Ann", "3", "n"], ({"who": "Ann", "power": 3},)),
    ("records", FORMS, ["Ann", "", "y", "Bob", "2", ""], ({"who": "Ann"}, {"who": "Bob", "power": 2})),
    ("records", FORMS, ["Ann", ":skip", "n"], ({"who": "Ann"},)),
    ("records", FORMS + "max = 1", ["Ann", "3"], ({"who": "Ann", "power": 3},)),
    (
        "records",
        FORMS + "min = 2",
        ["Ann", "3", "Bob", "", "n"],
        ({"who": "Ann", "power": 3}, {"who": "Bob"}),
    ),
    ("records", FORMS + "min = 0", ["n"], ()),
    ("records", FORMS + "min = 0", ["y", "Ann", "", ""], ({"who": "Ann"},)),
]


@pytest.mark.parametrize(("kind", "rest", "lines", "value"), ANSWERS)
def test_each_type_is_answered_by_lines(kind, rest, lines, value):
    done = ask(kind, *lines, rest=rest)

    assert (done.ended, done.unread) == ("finished", 0)
    assert done.answers["q"] == value


@pytest.mark.parametrize("look", ["40", "80"])
@pytest.mark.parametrize(("kind", "rest", "lines", "value"), ANSWERS)
def test_both_looks_lead_to_the_same_answers(look, kind, rest, lines, value):
    assert ask(kind, *lines, rest=rest, look=look).answers["q"] == value


@pytest.mark.parametrize(
    ("kind", "rest"),
    [
        ("text", ""),
        ("text", "long = true"),
        ("choice", OPTIONS),
        ("number", ""),
        ("list", ""),
        ("weights", OPTIONS),
        ("date", ""),
    ],
)
def test_what_is_not_required_is_left_out_by_enter_alone(kind, rest):
    done = ask(kind, "", rest=rest + "\nrequired = false")

    assert (done.ended, "q" in done.answers) == ("finished", False)


def test_records_that_are_not_required_are_left_out_by_saying_no():
    assert "q" not in ask("records", "", rest=FORMS + "required = false").answers


# ---------------------------------------------------------------- wrong entries


WRONG = [
    ("text", "", "", "The answer is empty."),
    ("text", "max = 3", "four", "1 character too long"),
    ("text", "long = true", "", "The answer is empty."),
    ("choice", OPTIONS, "9", "There is no choice 9."),
    ("choice", OPTIONS, "/zebra", "No choice contains zebra."),
    ("choices", OPTIONS + "max = 1", "1 2", "At most 1 choice"),
    ("choices", OPTIONS, "-", "There is no choice -."),
    ("yesno", "", "maybe", "neither yes nor no"),
    ("scale", "", "6", "6 is too large"),
    ("scale", "", "2.5", "not a whole number"),
    ("number", "min = 5", "3", "3 is too small"),
    ("date", 'min = "+1d"', "today", "too early"),
    ("date", "", "soon", "soon is not a date"),
    ("rank", OPTIONS, "1 2", "Not ranked yet: 3 Cow."),
    ("weights", OPTIONS, "40 30 20", "They add up to 90, with 10 left."),
    ("weights", OPTIONS, "50 30 30", "They add up to 110, 10 too many."),
    ("weights", OPTIONS, "120 -20 0", "-20 is too small."),
    ("weights", OPTIONS, "1 2", "You typed 2 numbers for 3 items."),
    ("grid", GRID, "11", "11 is too large"),
    ("grid", GRID, "", "This cell is empty."),
    ("grid", GRID, "1; 2; 3", "You typed 3 cells, but this row has only 2 left."),
    ("grid", GRID + "spread = true", "5 4 3", "is not in ascending order"),
    ("list", "min = 2", "", "The answer is empty."),
    ("records", FORMS, "", "The answer is empty."),
    ("records", FORMS, "A name too long", "5 characters too long"),
    ("text", "", ":xyz", "There is no command :xyz."),
    ("text", "", ":s", ":s could be :skip or :save."),
    ("yesno", "", ":edit", "The editor is only for text answers."),
    ("text", "", "caf\udce9", "not UTF-8"),
]


@pytest.mark.parametrize(("kind", "rest", "line", "said"), WRONG)
def test_a_wrong_entry_is_told_in_three_lines_at_most_and_asked_again(kind, rest, line, said):
    wrong = run_conversation(["one", line], playbook=question(kind, rest))
    right = run_conversation(["one"], playbook=question(kind, rest))

    told = wrong.shown[len(right.shown) :].replace(f"{line}\n", "", 1)
    assert said in told
    assert len(told.splitlines()) <= 3
    assert "q" not in wrong.answers


@pytest.mark.parametrize(
    ("kind", "rest", "lines", "said"),
    [
        ("list", "min = 2", ["one", ""], "At least 2 are needed; you have 1."),
        ("list", "", ["one", "one"], "That line is in the list already."),
        ("weights", OPTIONS, ["40", "70"], "There are 60 left to give."),
        ("weights", OPTIONS, ["40", "-1"], "-1 is too small."),
        ("weights", OPTIONS, ["40", "30", "20"], "There are 30 left to give."),
        ("weights", OPTIONS, ["40", "x"], "x is not a number."),
        ("records", FORMS, ["Ann", "7"], "7 is too large"),
        ("records", FORMS, ["Ann", "1", "what"], "neither yes nor no"),
    ],
)
def test_a_wrong_part_is_told_at_once(kind, rest, lines, said):
    assert said in ask(kind, *lines, rest=rest).shown


def test_a_check_that_fails_brings_the_forms_back_to_be_changed():
    rest = FORMS + 'check = "count(q) == 1"\ncheck_text = "Only one."'
    done = ask("records", "Ann", "1", "y", "Bob", "2", "n", "-2", "", rest=rest)

    assert "Only one." in done.shown
    assert done.answers["q"] == ({"who": "Ann", "power": 1},)


def test_a_text_too_long_is_there_to_be_shortened():
    done = ask("text", "four", "fiver", ".", "..", ".", rest="long = true\nmax = 5")

    assert "Your text so far" in done.shown
    assert done.answers["q"] == "four"


# ---------------------------------------------------------------- going back


BACK = [
    ("list", "", ["one", "two", ":back", ":back", "uno", "", ""], ("uno", "two")),
    ("weights", OPTIONS, ["40", "30", ":back", ":back", "50", "", ""], {"a": 50, "b": 30, "c": 20}),
    ("weights", OPTIONS, ["40", "30", ":back", "10", ""], {"a": 40, "b": 10, "c": 50}),
    ("grid", GRID, ["1", "2", ":back", ":back", "5", "", "3", "4"], {"x": {"p": 5, "q": 2}, "y": {"p": 3, "q": 4}}),
    ("grid", GRID, ["1", "2", ":back", "6", "3", "4"], {"x": {"p": 1, "q": 6}, "y": {"p": 3, "q": 4}}),
    ("records", FORMS, ["Ann", ":back", "Amy", "1", "n"], ({"who": "Amy", "power": 1},)),
    ("records", FORMS, ["Ann", "1", ":back", "2", "n"], ({"who": "Ann", "power": 2},)),
    ("records", FORMS, ["Ann", "1", "y", ":back", "2", "n"], ({"who": "Ann", "power": 2},)),
    (
        "records",
        FORMS,
        ["Ann", "1", "y", "Bob", ":back", "Bill", "3", ""],
        ({"who": "Ann", "power": 1}, {"who": "Bill", "power": 3}),
    ),
]


@pytest.mark.parametrize(("kind", "rest", "lines", "value"), BACK)
def test_back_within_a_question_goes_to_the_part_before(kind, rest, lines, value):
    done = ask(kind, *lines, rest=rest)

    assert (done.ended, done.unread) == ("finished", 0)
    assert done.answers["q"] == value


@pytest.mark.parametrize(
    ("kind", "rest"),
    [
        ("text", ""), ("text", "long = true"), ("choice", OPTIONS), ("choices", OPTIONS), ("yesno", ""), ("scale", ""), ("number", ""),
        ("date", ""), ("list", ""), ("rank", OPTIONS), ("weights", OPTIONS), ("grid", GRID), ("records", FORMS),
        ("records", FORMS + "min = 0"),
    ],
)  # fmt: skip
def test_back_at_the_first_part_leaves_the_question(kind, rest):
    done = ask(kind, ":back", "changed", rest=rest)

    assert done.answers["first"] == "changed"


def test_what_was_half_typed_is_there_after_going_back():
    assert ask("text", "half", ":back", "", "whole", ".", rest="long = true").answers["q"] == "half\nwhole"
    assert ask("list", "half", ":why", ":review", "", "whole", "", rest="").answers["q"] == ("half", "whole")
    assert ask("grid", "1", ":review", "", "2", "3", "4", rest=GRID).answers["q"]["x"] == {"p": 1, "q": 2}
    assert ask("weights", "40", ":review", "", "30", "30", rest=OPTIONS).answers["q"] == {
        "a": 40,
        "b": 30,
        "c": 30,
    }


def test_back_at_the_first_question_says_so():
    assert "This is the first question." in run_conversation([":back"], playbook=question("yesno")).shown


def test_forward_leads_on_to_what_is_answered():
    done = ask("yesno", "y", ":back", ":back", ":forward", "n")

    assert (done.ended, done.answers["q"], done.answers["first"]) == ("finished", False, "one")


# ---------------------------------------------------------------- what was answered before


KEPT = [
    ("text", "", ["old"], "", "old"),
    ("text", "long = true", ["old", "."], "", "old"),
    ("choice", OPTIONS, ["2"], "", "b"),
    ("choices", OPTIONS, ["1 2"], "", ("a", "b")),
    ("yesno", "", ["n"], "", False),
    ("scale", "", ["3"], "", 3),
    ("number", "", ["3"], "", 3),
    ("date", "", ["2026-12-01"], "", date(2026, 12, 1)),
    ("list", "", ["one", ""], "", ("one",)),
    ("rank", OPTIONS, ["3 2 1"], "", ("c", "b", "a")),
    ("weights", OPTIONS, ["40 30 30"], "", {"a": 40, "b": 30, "c": 30}),
    ("grid", GRID, ["1;2", "3;4"], "", {"x": {"p": 1, "q": 2}, "y": {"p": 3, "q": 4}}),
    ("records", FORMS, ["Ann", "1", "n"], "", ({"who": "Ann", "power": 1},)),
]


@pytest.mark.parametrize(("kind", "rest", "lines", "keep", "value"), KEPT)
def test_enter_keeps_what_was_answered_before(kind, rest, lines, keep, value):
    done = ask(kind, *lines, ":back", keep, rest=rest)

    assert (done.ended, done.answers["q"]) == ("finished", value)
    assert "Enter keeps" in done.shown


@pytest.mark.parametrize(
    ("kind", "rest", "lines", "changes", "value"),
    [
        ("list", "", ["one", "two", ""], ["2", "zwei", "+", "drei", "-1", ""], ("zwei", "drei")),
        ("list", "", ["one", "two", ""], ["2", "", "+", "", ""], ("one", "two")),
        ("list", "max = 2", ["one", "two"], ["+", "9", "+9", ""], ("one", "two")),
        ("list", "", ["one", ""], ["-1", "", "+", "other", ""], ("other",)),
        ("list", "", ["one", ""], ["1", ":back", ""], ("one",)),
        (
            "records",
            FORMS,
            ["Ann", "1", "n"],
            ["1", "", "2", "+", "Bob", "", "-1", ""],
            ({"who": "Bob"},),
        ),
        (
            "records",
            FORMS,
            ["Ann", "1", "n"],
            ["1", ":back", "+", "Bob", ":back", ":back", ""],
            ({"who": "Ann", "power": 1},),
        ),
        ("records", FORMS + "max = 1", ["Ann", "1"], ["+", ""], ({"who": "Ann", "power": 1},)),
        ("records", FORMS, ["Ann", "1", "n"], ["-1", "", "+", "Bob", "", ""], ({"who": "Bob"},)),
        ("grid", GRID, ["1;2", "3;4"], ["2", "7", "", "+", ""], {"x": {"p": 1, "q": 2}, "y": {"p": 7, "q": 4}}),
        ("weights", OPTIONS, ["40 30 30"], ["20 40 40"], {"a": 20, "b": 40, "c": 40}),
        ("text", "long = true", ["old", "."], ["new", "."], "new"),
    ],
)
def test_what_was_answered_before_is_changed_part_by_part(kind, rest, lines, changes, value):
    done = ask(kind, *lines, ":back", *changes, rest=rest)

    assert (done.ended, done.unread, done.answers["q"]) == ("finished", 0, value)


def test_one_form_is_asked_for_each_item():
    done = run_conversation(["ant", "bee", "", "big", "y", "small", ":back", "tiny", "n", "end"], playbook=ITEMS)

    assert done.answers["q"] == (
        {"item": "ant", "what": "big", "sure": True},
        {"item": "bee", "what": "tiny", "sure": False},
    )


def test_a_new_item_asks_for_its_form_only():
    done = run_conversation(
        ["ant", "", "big", "y", ":back", ":back", "+", "bee", "", "small", "n", "end"], playbook=ITEMS
    )

    assert [form["what"] for form in done.answers["q"]] == ["big", "small"]


def test_the_form_of_an_item_is_changed_by_its_number():
    done = run_conversation(["ant", "", "big", "y", ":back", "1", "huge", "", "", "end"], playbook=ITEMS)

    assert done.answers["q"] == ({"item": "ant", "what": "huge", "sure": True},)
    assert "ant: big" in done.shown


def test_with_no_items_nothing_is_asked_about_them():
    done = run_conversation(["", "end", ""], playbook=ITEMS.replace('id = "first"', 'id = "first"\nmin = 0'))

    assert (done.ended, "q" in done.answers) == ("finished", False)


# ---------------------------------------------------------------- the end of input, and Ctrl-C


@pytest.mark.parametrize("ending", [[], [INTERRUPT]])
@pytest.mark.parametrize(
    ("kind", "rest", "lines", "saved"),
    [
        ("text", "long = true", ["one", "two"], "one\ntwo"),
        ("list", "", ["one", "two"], ("one", "two")),
        ("records", FORMS, ["Ann", "1"], ({"who": "Ann", "power": 1},)),
        ("records", FORMS, ["Ann", "1", "y", "Bob"], ({"who": "Ann", "power": 1}, {"who": "Bob"})),
        ("list", "min = 2", ["one"], ("one",)),
        ("weights", OPTIONS, ["40", "30"], {"a": 40, "b": 30}),
        ("grid", GRID, ["1", "2", "3"], {"x": {"p": 1, "q": 2}, "y": {"p": 3}}),
    ],
)
def test_what_there_is_of_an_answer_is_saved_when_input_ends_in_the_middle(ending, kind, rest, lines, saved):
    done = run_conversation(["one", *lines, *ending], playbook=question(kind, rest))

    assert done.ended == ("KeyboardInterrupt" if ending else "EndOfInput")
    assert done.begun == {"q": saved}
    assert "q" not in done.answers, "it has not been handed in"


@pytest.mark.parametrize("ending", [[], [INTERRUPT]])
@pytest.mark.parametrize(
    ("kind", "rest", "lines"),
    [
        ("text", "", []),
        ("text", "long = true", []),
        ("text", "long = true\nmax = 3", ["four"]),
        ("choice", OPTIONS, ["9"]),
        ("choices", OPTIONS, []),
        ("yesno", "", []),
        ("scale", "", []),
        ("number", "", []),
        ("date", "", []),
        ("list", "min = 2", ["one"]),
        ("rank", OPTIONS, []),
        ("weights", OPTIONS, ["40", "30"]),
        ("grid", GRID, ["1", "2", "3"]),
        ("records", FORMS, ["Ann"]),
    ],
)
def test_the_end_in_the_middle_loses_nothing_that_was_answered(ending, kind, rest, lines):
    done = run_conversation(["one", *lines, *ending], playbook=question(kind, rest))

    assert done.ended == ("KeyboardInterrupt" if ending else "EndOfInput")
    assert done.answers == {"first": "one"}


def test_the_end_in_the_middle_of_the_last_question_does_not_finish_the_interview():
    playbook = f'{HEADER}[[stage.question]]\nid = "q"\ntype = "list"\nask = "?"\n'
    done = run_conversation(["one"], playbook=playbook)

    assert (done.ended, done.entry.finished, done.begun) == ("EndOfInput", None, {"q": ("one",)})


def test_what_is_handed_in_and_refused_ends_too():
    done = run_conversation(["one", "a", "b"], playbook=question("list", 'check = "count(q) == 1"'))

    assert (done.ended, done.answers) == ("EndOfInput", {"first": "one"})


def test_an_old_text_is_not_replaced_by_half_a_new_one():
    done = ask("text", "old", ".", ":back", "new", INTERRUPT, rest="long = true")

    assert (done.ended, done.answers["q"]) == ("KeyboardInterrupt", "old")


# ---------------------------------------------------------------- the rest of the conversation


def test_why_shows_the_reason_and_its_sources():
    shown = ask("yesno", ":why", "y", rest='why = "Because."').shown

    assert "Because." in shown
    assert "No reason is given" in ask("yesno", ":why", "y").shown


def test_help_lists_every_command():
    shown = ask("yesno", ":help", "y").shown

    assert all(
        word in shown for word in (":back", ":forward", ":why", ":edit", ":skip", ":review", ":save", ":help", "::")
    )


def test_save_stops_and_says_nothing_more():
    done = run_conversation(["one", ":save"], playbook=question("yesno"))

    assert (done.ended, done.answers) == ("stopped", {"first": "one"})


def test_a_question_that_was_put_off_comes_back_and_says_so():
    done = run_conversation(["one", ":skip", "end", ":skip", "y"], playbook=question("yesno"))

    assert "You skipped this question, but you need to answer it to finish." in done.shown
    assert "This question must be answered to finish." in done.shown
    assert done.answers["q"] is True


def test_the_review_opens_any_answer_to_be_changed():
    done = ask("yesno", ":review", "1", "two", "y")

    assert "not answered yet" in done.shown
    assert done.answers["first"] == "two"


def test_the_review_is_left_by_enter_or_back_and_refuses_what_is_not_there():
    done = ask("yesno", ":review", "77", "x", "", ":review", ":back", "y")

    assert "There is no number 77 here." in done.shown
    assert done.ended == "finished"


def test_save_in_the_review_stops():
    assert ask("yesno", ":review", ":save").ended == "stopped"


BANDED = question("scale") + (
    '[[compute]]\nid = "grade"\nlabel = "Grade"\nvalue = "2 * q"\n'
    'bands = [ { id = "low", label = "a note" }, { id = "high", from = 6, label = "advice" } ]\n'
    '[[compute]]\nid = "twice"\nlabel = "Twice"\nvalue = "2 * q"\n'
)


def test_another_band_is_chosen_and_taken_back_in_the_review():
    chosen = run_conversation(["one", "4", ":review", "4", "1", "", "end", "", "n"], playbook=BANDED)
    back = run_conversation(["one", "4", ":review", "4", "1", "4", "3", "", "end", ""], playbook=BANDED)
    left = run_conversation(["one", "4", ":review", "4", "", "", "end", "", "numbers"], playbook=BANDED)

    assert (chosen.answers["grade"], "grade" in back.answers, "grade" in left.answers) == ("low", False, False)
    assert "Grade: 8, a note (set by you)." in chosen.results
    assert "Grade: 8, advice. " in left.results


NOTE = f'{HEADER}[[stage.question]]\nid = "n"\ntype = "note"\nask = "Read"\ntext = "This."\n{LAST}'


def test_a_note_waits_for_enter_at_a_terminal_only():
    assert run_conversation(["", "end"], playbook=NOTE).answers == {"last": "end"}
    assert run_conversation(["end"], playbook=NOTE, interactive=False).answers == {"last": "end"}


def test_a_note_takes_no_text_and_save_stops_after_it():
    assert "There is no question here" in run_conversation(["words", "", "end"], playbook=NOTE).shown
    assert run_conversation([":save"], playbook=NOTE).ended == "stopped"


QUICK = (
    'format = 1\ntitle = "T"\nsummary = "S"\n'
    '[[stage]]\nid = "a"\ntitle = "A"\nquick = true\n' + FIRST + '[[stage]]\nid = "b"\ntitle = "B"\n' + LAST
    + '[[finding]]\nid = "f"\nquick = true\ntitle = "Card"\ntext = "{first}"\n'
)  # fmt: skip


def read_result(*lines, interactive=True):
    """Show a result to someone who types these lines: what is asked, and the result."""
    screen, typed, paper, results = make_line_screen(lines, interactive=interactive)
    screen.show_outcome(make_entry(**FULL), {})
    return paper.text, results.text, typed.unread


@pytest.mark.parametrize("typed", ["d", "D", "drafts", " Drafts "])
def test_a_letter_or_a_word_opens_a_part_of_the_result(typed):
    asked, results, unread = read_result(typed, "")

    assert asked.count("A letter or a word from the list for more. Enter finishes.") == 2
    assert results.partition("1 check-in, on Sun 29 Nov\n")[2] == "\nDraft: A mail.\n\nDear all,\n\n"
    assert unread == 0


def test_a_part_that_is_not_there_is_refused_with_those_that_are():
    asked, _, _ = read_result("sources", "")

    assert "There is no part called sources. Type one of: a (actions), f (findings), d (drafts), w (why)," in asked


@pytest.mark.parametrize("line", ["", "q", "quit", ":save", ":back", INTERRUPT])
def test_the_reading_of_a_result_ends(line):
    assert read_result(line, "not read")[2] == 1


def test_without_a_person_the_parts_are_named_with_their_commands_and_nothing_is_asked():
    asked, results, unread = read_result("d", interactive=False)

    assert (asked, unread) == ("", 1)
    assert "careerkit plan show abcdef --all\n" in results
    assert "1 more draft: careerkit plan show abcdef --draft mail\n" in results


@pytest.mark.parametrize(("line", "ended"), [("n", "later"), (":save", "stopped")])
def test_after_the_card_the_person_goes_on_or_later(line, ended):
    done = run_conversation(["one", line], playbook=QUICK)

    assert done.ended == ended
    assert done.results.startswith("\nCard.\n\none\n")


@pytest.mark.parametrize("line", ["y", "", ":back"])
def test_going_on_after_the_card_is_offered(line):
    assert run_conversation(["one", line, "end", ""], playbook=QUICK).ended == "finished"


def test_progress_that_runs_backwards_says_why():
    rest = OPTIONS + '[[stage.question]]\nid = "extra"\ntype = "yesno"\nask = "Extra?"\nwhen = "q == \'a\'"'

    assert "1 more question, because of your answers." in ask("choice", "1", "y", rest=rest).shown


def test_a_long_list_of_choices_is_narrowed():
    choices = ", ".join(f'{{ id = "c{number}", label = "Choice {number}" }}' for number in range(1, 13))
    done = ask("choice", "/1", "/x", "12", rest=f"choices = [ {choices} ]")

    assert "/word to filter the list" in done.shown
    assert done.answers["q"] == "c12"


def with_fields_of_first(*fields: str) -> str:
    """A form whose fields take the items of the list that is asked first, which may be left blank."""
    rest = f"fields = [ {', '.join(fields)} ]"
    first = 'type = "list"\nrequired = false\nask = "First?"'
    return question("records", rest).replace('type = "text"\nask = "First?"', first)


def test_what_a_field_takes_from_another_question_is_chosen_as_any_choice():
    which = '{ id = "which", type = "choice", ask = "Which?", items = "first" }'
    every = '{ id = "all", type = "choices", ask = "All?", items = "first" }'
    done = run_conversation(
        ["ant", "bee", "", "bat", "2", "1 2", "n", "end"], playbook=with_fields_of_first(which, every)
    )

    assert "1. ant.\n2. bee." in done.shown
    assert "There is no choice bat." in done.shown
    assert done.answers["q"] == ({"which": "bee", "all": ("ant", "bee")},)


def test_a_form_that_needs_what_nobody_named_is_not_asked():
    which = '{ id = "which", type = "choice", ask = "Which?", items = "first" }'
    done = run_conversation(["", "end", ""], playbook=with_fields_of_first(which))

    assert (done.ended, "Which?" in done.shown) == ("finished", False)


@pytest.mark.parametrize("kind", ["choice", "choices"])
def test_an_optional_field_says_that_there_is_nothing_to_choose_from(kind):
    which = f'{{ id = "which", type = "{kind}", required = false, ask = "Which?", items = "first" }}'
    what = '{ id = "what", type = "text", ask = "What?" }'
    done = run_conversation(["", "1", "", "peace", "n", "end"], playbook=with_fields_of_first(which, what))

    assert "There is nothing to choose from yet. Enter leaves it blank." in done.shown
    assert done.answers["q"] == ({"what": "peace"},)


def test_a_finding_that_must_not_wait_is_told_at_once():
    playbook = question("yesno") + '[[finding]]\nid = "f"\nlevel = "stop"\nwhen = "q"\ntitle = "Halt"\ntext = "Wait."\n'

    assert "Stop: Halt." in run_conversation(["one", "y"], playbook=playbook).shown


@pytest.mark.parametrize("nasty", ["\x1b]52;c;aGk=\x07", "[bold red]x[/]", "\u202eevil", "\x9b2J", "a\tb\x7f"])
@pytest.mark.parametrize("look", ["plain", "80"])
def test_nothing_typed_reaches_the_screen_as_a_control(nasty, look):
    done = ask("text", "fine", look=look)
    nasty_done = run_conversation(
        [nasty, "y", ":review", "", "end"], playbook=question("yesno"), look=look, interactive=False
    )

    shown = nasty_done.shown + nasty_done.results
    assert done.ended == nasty_done.ended == "finished"
    assert not set("\x1b\x07\x9b\x7f\t\u202e") & set(shown)
    assert nasty_done.answers["first"] == nasty


def test_a_field_that_was_left_out_is_not_asked_again():
    playbook = ITEMS.replace('ask = "Sure?"', 'ask = "Sure?", required = false')
    done = run_conversation(["ant", "", "big", "", ":back", "", "end", ""], playbook=playbook)

    assert (done.ended, done.unread) == ("finished", 0)
    assert done.shown.count("Sure?") == 1
