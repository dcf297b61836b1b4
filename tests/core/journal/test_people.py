"""The map of people: positions, initials, and how it is drawn."""

from fakes import FakeClock

from careerkit.coaching.resume import run_batch
from careerkit.core.journal.people import build_people_maps, render_map
from careerkit.storage.memory_journal import MemoryJournal
from scenario import HEADER, parse_playbook

TEXT = """
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "who"
type = "records"
ask = "Who is in it?"
fields = [
  { id = "person", type = "text", ask = "Who?", private = true },
  { id = "power", type = "scale", ask = "Power?", min = 0, max = 4 },
  { id = "impact", type = "scale", ask = "Impact?", min = 1, max = 3, required = false },
]
"""


def maps_of(*people, text=TEXT, across="impact"):
    named = [{"person": name, "power": power, across: other} for name, power, other in people]
    records = [{key: value for key, value in each.items() if value is not None} for each in named]
    entry = run_batch(
        parse_playbook(text),
        (HEADER + text).encode(),
        {"who": records},
        lane="full",
        journal=MemoryJournal(),
        clock=FakeClock(),
    )
    assert build_people_maps(entry, None) == ()
    return build_people_maps(entry, parse_playbook(text))


def test_power_goes_up_and_impact_to_the_right_with_initials_in_the_cells():
    (picture,) = maps_of(("Anna Brandt", 4, 1), ("Chen", 0, 3))
    assert render_map(picture, width=len) == [
        "power",
        "4 | AB  .   .",
        "3 | .   .   .",
        "2 | .   .   .",
        "1 | .   .   .",
        "0 | .   .   C",
        "  +------------",
        "    1   2   3",
        "    impact",
    ]
    assert [(each.name, each.row, each.column) for each in picture.people] == [("Anna Brandt", 4, 0), ("Chen", 0, 2)]
    assert picture.people[0].words == "power 4 of 4, impact 1 of 3"


def test_people_in_the_same_cell_are_stacked_and_have_unique_initials():
    (picture,) = maps_of(("Anna Brandt", 4, 1), ("Aron Berg", 4, 1), ("A. B.", 4, 1), ("!!", 4, 1))
    signs = [each.initials for each in picture.people]
    assert signs == ["AB", "A2", "A3", "P1"]
    column = [line.partition("|")[2].split()[:1] for line in render_map(picture, width=len)[1:5]]
    assert column == [["AB"], ["A2"], ["A3"], ["P1"]]


def test_people_without_a_figure_are_left_out_and_without_people_there_is_no_map():
    (picture,) = maps_of(("Anna", 4, None), ("Chen", 1, 2))
    assert [each.name for each in picture.people] == ["Chen"]
    assert maps_of(("Anna", 4, None)) == ()


def test_interest_takes_the_place_of_impact_and_without_either_there_is_no_map():
    (picture,) = maps_of(("Anna", 1, 2), text=TEXT.replace('"impact"', '"interest"'), across="interest")
    assert (picture.x_label, picture.people[0].words) == ("interest", "power 1 of 4, interest 2 of 3")
    assert maps_of(("Anna", 1, 2), text=TEXT.replace('"impact"', '"trust"'), across="trust") == ()


def test_a_long_scale_is_drawn_in_six_parts_labelled_with_their_first_step():
    long = TEXT.replace("min = 0, max = 4", "min = 1, max = 10")
    (picture,) = maps_of(("Anna", 10, 1), ("Ben", 1, 1), text=long)
    assert picture.rows == ("1", "3", "5", "6", "8", "10")
    assert [each.row for each in picture.people] == [5, 0]


def test_wide_initials_keep_the_columns_in_line():
    def width(text):
        return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)

    (picture,) = maps_of(("山田", 4, 1), ("Ben", 4, 2), ("Cy", 3, 2))
    rows = render_map(picture, width=width)
    assert width(rows[1].partition("B")[0]) == width(rows[2].partition("C")[0])
