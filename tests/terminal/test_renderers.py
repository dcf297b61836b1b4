"""What every renderer must do with every view model."""

import inspect
import re
import subprocess
import sys
from typing import get_args

import pytest
from line_conversation import make_renderer
from rich.cells import cell_len

from careerkit.core.frozen import get_field_names
from careerkit.core.journal.people import PeopleMap, Person
from careerkit.terminal import view_models
from careerkit.terminal.keys.question_state import Viewport, render_scrollback
from careerkit.terminal.plain_renderer import PlainRenderer, format_sentence
from careerkit.terminal.sanitize import Symbols, sanitize_record
from careerkit.terminal.view_models import (
    AnswerList,
    Banner,
    BarChart,
    BulletList,
    CommandHelp,
    DraftText,
    ErrorMessage,
    Figure,
    FindingTitle,
    Gap,
    Heading,
    Headline,
    InfoMessage,
    Note,
    Option,
    OptionList,
    Paragraphs,
    PartHeader,
    PartList,
    PeopleDiagram,
    PlanList,
    PlanStep,
    Prompt,
    QuestionHeader,
    Rationale,
    ReasonList,
    SavedAnswer,
    SecondaryText,
    Skipped,
    StageHeader,
    ViewModel,
)

LONG = "A sentence that goes on for rather longer than one line of the screen has room for, and then some more."
WIDE = "日本語の長い文章はどこまでも続きますので折り返しが必要です。" * 2
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

PIECES = [
    Banner("Own a career crisis", 20, "Going on where you stopped."),
    Banner(LONG, None, ""),
    StageHeader("First hour", ""),
    StageHeader("First hour", LONG),
    Note("Take a breath", f"{LONG}\n\n{WIDE}"),
    QuestionHeader("First hour", 2, 5, "Is harm still growing?", "A customer still waiting.", "This does not fit."),
    QuestionHeader(LONG, 12, 40, WIDE, WORD),
    QuestionHeader("First hour", 2, 5, "Is harm still growing?", is_repeat=True),
    PartHeader("Item 1", "hint", starts_group=True),
    PartHeader(LONG),
    OptionList((Option(1, "Yes", "a hint"), Option(10, LONG, WIDE, is_selected=True), Option(0, WORD))),
    Prompt("A number from 1 to 3", "keeps: 2", lists_commands=True),
    Prompt(LONG, LONG),
    Prompt(),
    Prompt(is_continuation=True),
    SavedAnswer("Is harm still growing?", "No"),
    SavedAnswer(LONG, WIDE),
    SavedAnswer("What?", "as typed", repeats_input=False),
    Skipped(LONG),
    ErrorMessage("9 is too large.", "At most 5."),
    ErrorMessage(LONG, LONG),
    InfoMessage(LONG),
    Rationale(LONG, (LONG, WIDE)),
    Rationale(),
    CommandHelp(((":back", LONG), (":why", "why"))),
    Heading(LONG),
    *(Headline(level, f"{LONG}\n{WIDE}") for level in ("stop", "care", "good", "info")),
    Gap(),
    PartList((("f", LONG), ("c", WIDE))),
    PartList((("w", "why"), ("c", "check-ins")), is_short=True),
    *(FindingTitle(level, LONG) for level in ("stop", "care", "good", "info")),
    Paragraphs(f"{LONG}\n\n- {WIDE}\n- {WORD}"),
    BulletList("Reasons for", (LONG, "They call (+30)")),
    ReasonList(((LONG, LONG * 5), ("What?", "That"))),
    AnswerList(((LONG, LONG), ("What?", "a\n\nb"))),
    SecondaryText(LONG),
    Figure("Severity", "14", "2 × 3 + 8", "advice first", "set by you", 7),
    Figure(LONG, LONG, LONG),
    BarChart(((LONG, "5 of 5", 100), (WIDE, "0", 0))),
    BarChart((("How bad is it?", LONG[:60], 40),)),
    PeopleDiagram(
        PeopleMap(
            "Who?",
            "power",
            "impact",
            ("0", "1"),
            ("1", "2"),
            (Person("DW", WORD, 1, 1, LONG), Person("日", WIDE, 0, 0, "w")),
        )
    ),
    PlanList((PlanStep("Mon 23 Nov", LONG, LONG, LONG), PlanStep("no date", WIDE, state="done"))),
    DraftText("Opening", "Anna", f"{LONG}\n\n- one\n{WIDE}"),
]
PROMPTS = [piece for piece in PIECES if isinstance(piece, Prompt)]
STYLE = re.compile("\x1b\\[[0-9;]*m")
PARTS = {Option, PlanStep}
"""The classes that are only parts of view models."""


def list_texts(piece) -> list[str]:
    """Every text in a view model, in its parts too."""
    if isinstance(piece, str):
        return [piece] if piece.strip() else []
    parts = piece if isinstance(piece, tuple) else [getattr(piece, name) for name in get_field_names(piece)]
    return [text for part in parts for text in list_texts(part)]


def find_example(view_model):
    """The most complete of the PIECES of this class."""
    return max((piece for piece in PIECES if type(piece) is view_model), key=lambda piece: len(list_texts(piece)))


def test_every_view_model_is_in_the_union():
    classes = {each for _, each in inspect.getmembers(view_models, inspect.isclass) if hasattr(each, "__match_args__")}

    assert {each for each in classes if each.__module__ == view_models.__name__} - {view_models.PlanHistory} == {
        *get_args(ViewModel),
        *PARTS,
    }


@pytest.mark.parametrize("renderer", ["plain", "40", "80"])
@pytest.mark.parametrize("view_model", get_args(ViewModel), ids=lambda each: each.__name__)
def test_every_view_model_is_drawn_by_every_renderer(view_model, renderer):
    example = find_example(view_model)

    look = make_renderer(renderer)
    if isinstance(example, Gap):
        look.render(Paragraphs("Text."))
        assert look.render(example) == "\n"
        return
    drawn = look.render(example)

    assert any(text.split()[0] in drawn for text in list_texts(example)) or "Skipped" in drawn


@pytest.mark.parametrize("view_model", get_args(ViewModel), ids=lambda each: each.__name__)
def test_the_scrollback_of_the_key_screen_draws_a_view_model_or_leaves_it_to_the_renderer(view_model):
    example = find_example(view_model)

    drawn = render_scrollback(example, Viewport(80, 24, Symbols()), color=False)

    assert drawn is None or any(text.split()[0] in drawn for text in list_texts(example))


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: type(piece).__name__)
@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_rich_look_keeps_to_its_columns(piece, columns, encoding):
    painted = make_renderer(str(columns), encoding=encoding).render(sanitize_record(piece, encoding=encoding))

    assert all(cell_len(line) <= columns for line in painted.splitlines())
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", painted)
    painted.encode(encoding)


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: type(piece).__name__)
@pytest.mark.parametrize("look", ["plain", "40", "80"])
def test_only_a_prompt_ends_within_a_line(piece, look):
    painted = make_renderer(look).render(piece)

    assert painted.endswith("\n") or not painted or isinstance(piece, Prompt)


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: type(piece).__name__)
@pytest.mark.parametrize("columns", [40, 80])
def test_color_changes_nothing_but_the_style(piece, columns):
    plain, colored = (make_renderer(str(columns), color=color).render(piece) for color in (False, True))

    assert STYLE.sub("", colored) == plain
    assert "\x1b" not in plain


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: type(piece).__name__)
def test_the_plain_look_draws_no_boxes_and_moves_no_cursor(piece):
    painted = make_renderer("plain").render(piece)

    assert not re.search("[\x1b\r─-╿▀-▟■-◿❯✓]", painted)
    assert all(line == line.strip() for line in painted.splitlines())


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: type(piece).__name__)
def test_in_ascii_the_plain_look_writes_ascii(piece):
    assert make_renderer("plain").render(sanitize_record(piece, encoding="ascii")).isascii()


@pytest.mark.parametrize("look", ["plain", "40", "80", "120"])
def test_nothing_of_a_text_is_dropped_by_wrapping(look):
    painted = make_renderer(look).render(Paragraphs(f"{LONG}\n- {WORD}"))

    letters = re.sub(r"[^\w]", "", painted)
    assert re.sub(r"\W", "", LONG) in letters
    assert WORD in letters


@pytest.mark.parametrize(("look", "columns"), [("40", 40), ("80", 80)])
def test_what_is_cut_has_a_sign(look, columns):
    answered = make_renderer(look).render(SavedAnswer(LONG, LONG))

    assert answered.count("…") == 2
    assert len(answered.splitlines()) == 1


@pytest.mark.parametrize("look", ["plain", "40", "80"])
@pytest.mark.parametrize(
    ("level", "word"), [("stop", "Stop"), ("care", "Take care"), ("good", "Good"), ("info", "Note")]
)
def test_the_level_of_a_finding_is_a_word(look, level, word):
    assert f"{word}: " in make_renderer(look).render(FindingTitle(level, "Something"))


@pytest.mark.parametrize("look", ["plain", "40", "80"])
def test_markup_is_text(look):
    assert "[bold]x[/bold] [link=http://x]" in make_renderer(look).render(Paragraphs("[bold]x[/bold] [link=http://x]"))


def test_nothing_stands_before_the_lines_of_a_draft():
    for look in ("plain", "40", "80"):
        lines = make_renderer(look).render(DraftText("Opening", "", "First line.\n- item\nLast line.")).splitlines()
        assert {"First line.", "- item", "Last line."} <= set(lines)


def test_the_plan_is_a_table_where_there_is_room_and_a_list_where_there_is_not():
    plan = PlanList((PlanStep("Mon 23 Nov", "Tell Anna"), PlanStep("Sun 22 Nov 11:05", "Call")))

    assert make_renderer("80").render(plan).splitlines()[0] == "  " + "  Mon 23 Nov        Tell Anna"
    assert make_renderer("40").render(plan).splitlines()[:2] == ["Mon 23 Nov", "  Tell Anna"]


def test_wide_characters_line_up():
    rows = make_renderer("80").render(BarChart((("日本", "1", 50), ("ab", "1", 50)))).splitlines()

    assert len({cell_len(row.split("█")[0]) for row in rows}) == 1


def test_the_title_row_needs_no_rich():
    code = (
        "import sys\n"
        "from careerkit.terminal.plain_renderer import LazyRichRenderer\n"
        "from careerkit.terminal.sanitize import Symbols\n"
        "from careerkit.terminal.view_models import Banner\n"
        "LazyRichRenderer(get_columns=lambda: 80, color=True, symbols=Symbols()).render(Banner('T', 5, ''))\n"
        "assert not any(name.split('.')[0] == 'rich' for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_map_of_people_is_a_grid_with_a_legend_or_a_list_to_be_read_aloud():
    picture = PeopleMap(
        "Who?", "power", "impact", ("0", "1"), ("1", "2"), (Person("AB", "Anna B.", 1, 0, "power 1 of 1"),)
    )

    rich = make_renderer("40").render(PeopleDiagram(picture))
    assert "1 | AB" in rich
    assert "AB Anna B.: power 1 of 1" in rich
    assert make_renderer("plain").render(PeopleDiagram(picture)) == "- Anna B.: power 1 of 1.\n"


def test_a_map_that_is_wider_than_the_page_gives_way_to_its_legend():
    columns = tuple("123456")
    picture = PeopleMap("Who?", "power", "impact", ("0", "1"), columns, (Person("AB", "Anna", 1, 0, "power 1 of 1"),))

    rich = make_renderer("20").render(PeopleDiagram(picture))
    assert "|" not in rich
    assert "AB Anna: power" in rich


def test_a_sentence_in_quotes_that_has_its_end_gets_no_second_one():
    assert format_sentence("So: 'They don't care.'") == "So: 'They don't care.'"
    assert format_sentence("So: 'they'") == "So: 'they'."


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Severity", "Severity: 14."),
        ("Severity for M.", "Severity for M.: 14."),
        ("Severity for Ms W.", "Severity for Ms W.: 14."),
        ("How severe is it?", "How severe is it? 14."),
        ("It is as severe as that.", "It is as severe as that. 14."),
    ],
)
def test_a_label_has_a_colon_unless_it_is_a_sentence(label, shown):
    assert PlainRenderer().render(view_models.Figure(label, "14")) == f"{shown}\n"
