"""What every look must do with every piece."""

import re

import pytest
from conversation import look_of
from rich.cells import cell_len

from careerkit.core.journal.people import PeopleMap, Person
from careerkit.terminal.pieces import (
    Answered,
    Answers,
    Aside,
    Bars,
    Body,
    DraftText,
    Figure,
    Grounds,
    Heading,
    Help,
    Note,
    Opening,
    Option,
    Options,
    PartHead,
    People,
    Plan,
    Points,
    Prompt,
    PutOff,
    QuestionHead,
    Remark,
    StageHead,
    Step,
    Trouble,
    Verdict,
    Why,
)
from careerkit.terminal.plain_look import sentence
from careerkit.terminal.safe import gated

LONG = "A sentence that goes on for rather longer than one line of the screen has room for, and then some more."
WIDE = "日本語の長い文章はどこまでも続きますので折り返しが必要です。" * 2
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

PIECES = [
    Opening("Own a career crisis", 20, "Going on where you stopped."),
    Opening(LONG, None, ""),
    StageHead("First hour", ""),
    StageHead("First hour", LONG),
    Note("Take a breath", f"{LONG}\n\n{WIDE}"),
    QuestionHead("First hour", 2, 5, "Is harm still growing?", "A customer still waiting.", "This does not fit."),
    QuestionHead(LONG, 12, 40, WIDE, WORD),
    QuestionHead("First hour", 2, 5, "Is harm still growing?", again=True),
    PartHead("Number 1", "hint", opens=True),
    PartHead(LONG),
    Options((Option(1, "Yes", "a hint"), Option(10, LONG, WIDE, marked=True), Option(0, WORD))),
    Prompt("A number from 1 to 3", "keeps: 2", whole=True),
    Prompt(LONG, LONG),
    Prompt(),
    Prompt(goes_on=True),
    Answered("Is harm still growing?", "No"),
    Answered(LONG, WIDE),
    Answered("What?", "as typed", echo=False),
    PutOff(LONG),
    Trouble("9 is too large.", "At most 5."),
    Trouble(LONG, LONG),
    Remark(LONG),
    Why(LONG, (LONG, WIDE)),
    Why(),
    Help(((":back", LONG), (":why", "why"))),
    Heading(LONG),
    *(Verdict(level, LONG) for level in ("stop", "care", "good", "info")),
    Body(f"{LONG}\n\n- {WIDE}\n- {WORD}"),
    Points("Speaks for it", (LONG, "They call (+30)")),
    Grounds(((LONG, LONG * 5), ("What?", "That"))),
    Answers(((LONG, LONG), ("What?", "a\n\nb"))),
    Aside(LONG),
    Figure("Severity", "14", "2 × 3 + 8", "advice first", "our rule of thumb", 7),
    Figure(LONG, LONG, LONG),
    Bars(((LONG, "5 of 5", 100), (WIDE, "0", 0))),
    Bars((("How bad is it?", LONG[:60], 40),)),
    People(
        PeopleMap(
            "Who?",
            "power",
            "impact",
            ("0", "1"),
            ("1", "2"),
            (Person("DW", WORD, 1, 1, LONG), Person("日", WIDE, 0, 0, "w")),
        )
    ),
    Plan((Step("Mon 23 Nov", LONG, LONG, LONG), Step("no date", WIDE, state="done"))),
    DraftText("Opening", "Anna", f"{LONG}\n\n- one\n{WIDE}"),
]
PROMPTS = [piece for piece in PIECES if isinstance(piece, Prompt)]
STYLE = re.compile("\x1b\\[[0-9;]*m")


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: type(piece).__name__)
@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_rich_look_keeps_to_its_columns(piece, columns, encoding):
    painted = look_of(str(columns), encoding=encoding).paint(gated(piece, encoding=encoding))

    assert all(cell_len(line) <= columns for line in painted.splitlines())
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", painted)
    painted.encode(encoding)


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: type(piece).__name__)
@pytest.mark.parametrize("look", ["plain", "40", "80"])
def test_only_a_prompt_ends_within_a_line(piece, look):
    painted = look_of(look).paint(piece)

    assert painted.endswith("\n") or not painted or isinstance(piece, Prompt)


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: type(piece).__name__)
@pytest.mark.parametrize("columns", [40, 80])
def test_color_changes_nothing_but_the_style(piece, columns):
    plain, colored = (look_of(str(columns), color=color).paint(piece) for color in (False, True))

    assert STYLE.sub("", colored) == plain
    assert "\x1b" not in plain


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: type(piece).__name__)
def test_the_plain_look_draws_no_boxes_and_moves_no_cursor(piece):
    painted = look_of("plain").paint(piece)

    assert not re.search("[\x1b\r─-╿▀-▟■-◿❯✓]", painted)
    assert all(line == line.strip() for line in painted.splitlines())


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: type(piece).__name__)
def test_in_ascii_the_plain_look_writes_ascii(piece):
    assert look_of("plain").paint(gated(piece, encoding="ascii")).isascii()


@pytest.mark.parametrize("look", ["plain", "40", "80", "120"])
def test_nothing_of_a_text_is_dropped_by_wrapping(look):
    painted = look_of(look).paint(Body(f"{LONG}\n- {WORD}"))

    letters = re.sub(r"[^\w]", "", painted)
    assert re.sub(r"\W", "", LONG) in letters
    assert WORD in letters


@pytest.mark.parametrize(("look", "columns"), [("40", 40), ("80", 80)])
def test_what_is_cut_has_a_sign(look, columns):
    answered = look_of(look).paint(Answered(LONG, LONG))

    assert answered.count("…") == 2
    assert len(answered.splitlines()) == 1


@pytest.mark.parametrize("look", ["plain", "40", "80"])
@pytest.mark.parametrize(
    ("level", "word"), [("stop", "Stop"), ("care", "Take care"), ("good", "Good"), ("info", "Note")]
)
def test_the_level_of_a_finding_is_a_word(look, level, word):
    assert f"{word}: " in look_of(look).paint(Verdict(level, "Something"))


@pytest.mark.parametrize("look", ["plain", "40", "80"])
def test_markup_is_text(look):
    assert "[bold]x[/bold] [link=http://x]" in look_of(look).paint(Body("[bold]x[/bold] [link=http://x]"))


def test_nothing_stands_before_the_lines_of_a_draft():
    for look in ("plain", "40", "80"):
        lines = look_of(look).paint(DraftText("Opening", "", "First line.\n- item\nLast line.")).splitlines()
        assert {"First line.", "- item", "Last line."} <= set(lines)


def test_the_plan_is_a_table_where_there_is_room_and_a_list_where_there_is_not():
    plan = Plan((Step("Mon 23 Nov", "Tell Anna"), Step("Sun 22 Nov 11:05", "Call")))

    assert look_of("80").paint(plan).splitlines()[0] == "  " + "  Mon 23 Nov        Tell Anna"
    assert look_of("40").paint(plan).splitlines()[:2] == ["Mon 23 Nov", "  Tell Anna"]


def test_wide_characters_line_up():
    rows = look_of("80").paint(Bars((("日本", "1", 50), ("ab", "1", 50)))).splitlines()

    assert len({cell_len(row.split("█")[0]) for row in rows}) == 1


def test_the_title_row_needs_no_rich():
    import subprocess
    import sys

    code = (
        "import sys\n"
        "from careerkit.terminal.front import choose_screen\n"
        "from careerkit.terminal.rich_look import RichLook\n"
        "from careerkit.terminal.stand_ins import Symbols\n"
        "from careerkit.terminal.pieces import Opening\n"
        "RichLook(columns=lambda: 80, color=True, symbols=Symbols()).paint(Opening('T', 5, ''))\n"
        "assert not any(name.split('.')[0] == 'rich' for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_map_of_people_is_a_grid_with_a_legend_or_a_list_to_be_read_aloud():
    picture = PeopleMap(
        "Who?", "power", "impact", ("0", "1"), ("1", "2"), (Person("AB", "Anna B.", 1, 0, "power 1 of 1"),)
    )

    rich = look_of("40").paint(People(picture))
    assert "1 | AB" in rich
    assert "AB Anna B.: power 1 of 1" in rich
    assert look_of("plain").paint(People(picture)) == "- Anna B.: power 1 of 1.\n"


def test_a_map_that_is_wider_than_the_page_gives_way_to_its_legend():
    columns = tuple("123456")
    picture = PeopleMap("Who?", "power", "impact", ("0", "1"), columns, (Person("AB", "Anna", 1, 0, "power 1 of 1"),))

    rich = look_of("20").paint(People(picture))
    assert "|" not in rich
    assert "AB Anna: power" in rich


def test_a_sentence_in_quotes_that_has_its_end_gets_no_second_one():
    assert sentence("So: 'They don't care.'") == "So: 'They don't care.'"
    assert sentence("So: 'they'") == "So: 'they'."
