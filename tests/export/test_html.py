"""The HTML report, as an HTML parser reads it."""

import base64
import hashlib
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from html_tree import Node, parse_page
from hypothesis import example, given
from hypothesis import strategies as st
from report_samples import LATER, build_full, build_trend, plan_case, plan_entry, render, share_case

from careerkit.core.frozen import replace
from careerkit.core.journal.people import build_people_maps
from careerkit.core.journal.plan import Plan
from careerkit.core.journal.trends import NumberScale
from careerkit.core.outcome.model import Bar
from careerkit.core.text import compile_control_char_pattern
from careerkit.export import html_charts
from careerkit.export.formats import flatten
from careerkit.export.html_page import DISCLAIMER
from careerkit.terminal import result_view, view_models
from careerkit.terminal.sanitize import Symbols
from faults.hostile_samples import HOSTILE_TEXT
from playbook_cases import list_cases

MARKUP = """</title></style></svg></details><script>alert(1)</script><img src=x onerror=alert(1)> & &lt; " ' ` -->"""


def read(planned, **options) -> Node:
    return parse_page(render(planned, **options))


def list_tags(page: Node) -> list[str]:
    return [each.tag for each in page.walk()]


def find_case(name):
    return next(each for each in list_cases() if str(each) == name)


def show(page: Node) -> str:
    """The text of the page on one line."""
    return " ".join(page.find("body").text.split())


# ------------------------------------------------------------ what is on the page


@pytest.mark.parametrize("case", list_cases(), ids=str)
def test_the_report_of_a_case_has_all_of_its_result_in_order(case):
    planned = plan_case(case)
    outcome = planned.entry.outcome
    page = read(planned)
    shown = show(page)

    assert flatten(outcome.headline) in page.find("h1").text
    plan = page.find_all("ol", "timeline")
    assert [each.tag for each in plan[0].children if isinstance(each, Node)] == ["li"] * (
        len(outcome.actions) + len(outcome.checkins)
    )
    due = [each.attributes["datetime"][:10] for each in plan[0].find_all("time")]
    assert due == sorted(due)
    expected = [
        *(flatten(each.do) for each in outcome.actions),
        *(flatten(each.title) for each in outcome.checkins),
        *(
            flatten(line.removeprefix("- "))
            for each in outcome.findings
            for line in [each.title, *each.text.split("\n")]
        ),
        *(flatten(each.title) for each in outcome.drafts),
        *(each.cite for each in planned.playbook.sources if each.id in str([f.source for f in outcome.findings])),
    ]
    assert [text for text in expected if flatten(text) not in shown] == []
    assert [each.text for each in page.find_all("blockquote")] == [each.text.strip("\n") for each in outcome.drafts]
    titles = [each.text for each in page.find_all("h2")]
    order = [
        "The plan",
        "What to know",
        "What to say",
        "How your options compare",
        "The people involved",
        "Compared with earlier entries",
        "The figures behind this",
        "Sources",
    ]
    assert titles == [each for each in order if each in titles]


def test_of_long_results_only_the_most_important_part_is_unfolded():
    page = read(build_full())

    unfolded = [each.tag for each in page.find_all("", "finding")]
    assert unfolded == ["article"] * 3 + ["details"] * 2
    assert [each.tag for each in page.find_all("", "draft")] == ["article", "details", "details"]
    assert not [each for each in page.find_all("details") if "open" in each.attributes]
    for each in page.find_all("details"):
        assert [child.tag for child in each.children].index("summary") == 0


def test_a_page_prints_what_is_folded_on_the_screen():
    style = read(build_full()).find("style").text

    assert "@media print" in style
    assert "details::details-content { content-visibility: visible;" in style


def test_states_of_the_plan_are_words_and_marks():
    rows = read(build_full(), now=LATER).find("ol", "timeline").find_all("li")

    assert [each.attributes["class"] for each in rows] == [
        *("done", "dropped", "overdue", "answered", "missed", "open", "waiting", "open", "open", "waiting")
    ]
    shown = [" ".join(each.text.split()) for each in rows]
    assert shown[0] == "Fri 20 Novwords Done on Sun 22 NovWhat shows it: words"
    assert shown[1] == "Sat 21 Novwords DroppedWhy: words"
    assert rows[1].find("s").text == "words"
    assert shown[2] == "Sun 22 Novwords (words) OverdueCue: wordsDone when: words"
    assert shown[3] == "Mon 23 NovCheck-in: words Answered on Fri 4 Decwords"
    assert shown[4] == "Tue 24 NovCheck-in: words Missed"
    assert shown[5] == "Wed 9 DecwordsCue: wordsDone when: wordsMoved from Sun 22 Nov, 09:05: words"
    assert shown[7].startswith("Thu 21 Jan 2027, 09:05words")
    assert shown[8] == "No datewordsTwo machines disagree: words; words"
    assert {each.find("svg", "mark").attributes["aria-hidden"] for each in rows} == {"true"}


def test_what_is_due_today_is_not_overdue():
    planned = build_full()
    (late,) = [each for each in planned.plan.actions if each.id == "late"]

    def state(day):
        plan = Plan((replace(late, due=day),))
        return read(replace(planned, plan=plan), now=LATER).find("ol", "timeline").find("li").attributes["class"]

    assert state(LATER.date()) == "open"
    assert state(LATER - timedelta(hours=2)) == "open"
    assert state(LATER - timedelta(days=1)) == "overdue"


def test_a_plan_of_nothing_and_a_plan_of_500_actions_are_both_a_page():
    empty = replace(build_full(), plan=Plan(), trends=())
    assert not read(empty).find_all("ol", "timeline")

    many = read(build_full(actions=500))
    assert len(many.find("ol", "timeline").find_all("li")) == 509


def test_an_unfinished_entry_and_corrected_answers_are_said_at_the_top():
    planned = build_full()
    unfinished = replace(planned, entry=replace(planned.entry, finished=None))

    assert "Started on Sunday 22 November 2026, not finished" in read(unfinished).find("header").text
    assert "Answers were corrected on Friday 4 December 2026. This was" in read(planned).find("header").text
    updated = replace(planned, plan=replace(planned.plan, updated_at=LATER))
    assert "and the plan was updated" in read(updated).find("header").text
    assert "as of Friday 4 December 2026" in read(planned, now=LATER).find("header").text


def test_words_and_signs_are_those_of_the_terminal():
    symbols = Symbols()
    assert html_charts.LEVEL_LABELS == view_models.LEVEL_LABELS
    assert html_charts.HEADLINE_LABELS == view_models.HEADLINE_LABELS
    assert html_charts.LEVEL_SIGNS == {level: getattr(symbols, level) for level in html_charts.LEVEL_LABELS}
    assert DISCLAIMER == result_view.DISCLAIMER


# ------------------------------------------------------------ pictures


@pytest.mark.parametrize("case", [None, *list_cases()], ids=str)
def test_every_picture_has_a_title_and_a_description_or_repeats_what_is_beside_it(case):
    page = read(plan_case(case) if case else build_full())
    ids = Counter(each.attributes["id"] for each in page.walk() if "id" in each.attributes)

    assert set(ids.values()) <= {1}
    for picture in page.find_all("svg"):
        if picture.attributes.get("aria-hidden") == "true":
            assert not picture.text
            continue
        assert picture.attributes["role"] == "img"
        assert picture.attributes["aria-labelledby"] == picture.find("title").attributes["id"]
        assert picture.attributes["aria-describedby"] == picture.find("desc").attributes["id"]
        assert picture.find("title").text
        assert picture.find("desc").text


def test_a_decision_is_a_table_best_first_with_bars_as_long_as_the_figures():
    page = read(build_full())
    table = page.find("table", "options")
    rows = [[cell.text for cell in row.find_all("") if cell.tag in ("th", "td")] for row in table.find_all("tr")]

    assert rows == [
        ["Option", "Weighted total", "Comes first"],
        ["words", "5.1", "58 %"],
        ["stay", "3.8", "42 %"],
    ]
    assert [each.attributes["width"] for each in table.find_all("rect", "filled")] == ["100", "58", "74.5", "42"]
    assert "Not scored in full, so left out: wait." in show(page)


def test_without_draws_a_decision_has_no_column_for_them():
    planned = build_full()
    (decision,) = planned.entry.outcome.decisions
    outcome = replace(planned.entry.outcome, decisions=(replace(decision, shares={}),))
    page = read(replace(planned, entry=replace(planned.entry, outcome=outcome)))

    assert [each.text for each in page.find("table").find_all("th")][:3] == ["Option", "Weighted total", "words"]
    assert "Comes first" not in show(page)


def read_points(shape: Node) -> list[tuple[float, float]]:
    pairs = [pair.split(",") for pair in shape.attributes["points"].split()]
    return [(float(x), float(y)) for x, y in pairs]


def draw(bars):
    return parse_page(str(html_charts.draw_radar("name", "title", bars)))


def test_a_radar_chart_goes_from_the_centre_to_the_edge():
    low, middle, high = (Bar(f"b{value}", "l", Decimal(value), Decimal(1), Decimal(5)) for value in (1, 3, 5))
    center, radius = html_charts.RADAR_SIZE / 2, html_charts.RADAR_RADIUS

    (x1, y1), (x2, y2), _, (x4, y4) = read_points(draw([low, middle, low, high]).find("polygon", "area"))

    assert (x1, y1) == (center, center)
    assert (x2, y2) == pytest.approx((center + radius / 2, center), abs=0.1)
    assert (x4, y4) == pytest.approx((center - radius, center), abs=0.1)
    assert len(draw([low] * 3).find_all("polygon", "ring")) == 4
    assert [each.text for each in draw([low] * 4).find_all("text")] == ["1", "2", "3", "4"]
    assert html_charts.draw_radar("name", "title", [low, high]) is None


def test_a_value_beyond_its_scale_stays_on_the_chart():
    bars = [Bar("b", "l", Decimal(value), Decimal(1), Decimal(5)) for value in (99, -99, 3)]
    (_, top), (x, y), _ = read_points(draw(bars).find("polygon", "area"))

    assert top == pytest.approx(html_charts.RADAR_SIZE / 2 - html_charts.RADAR_RADIUS, abs=0.1)
    assert (x, y) == (html_charts.RADAR_SIZE / 2, html_charts.RADAR_SIZE / 2)


def test_a_trend_rises_with_its_values_within_its_scale():
    page = parse_page(str(html_charts.draw_trend("name", build_trend("t", 1, 5, 3))))
    (x1, y1), (x2, y2), (x3, y3) = read_points(page.find("polyline"))

    assert (y1, y2, y3) == (
        html_charts.TREND_BOTTOM,
        html_charts.TREND_TOP,
        (html_charts.TREND_TOP + html_charts.TREND_BOTTOM) / 2,
    )
    assert 0 < x1 < x2 < x3 < html_charts.TREND_WIDTH
    assert x2 - x1 == x3 - x2
    assert (
        page.find("desc").text
        == "Over time, on a scale from 1 to 5: 1 on 6 May 2026, 5 on 14 Aug 2026, 3 on 22 Nov 2026"
    )
    assert [each.text for each in page.find_all("text")] == ["5", "1", "3", "6 May", "22 Nov"]


@pytest.mark.parametrize("value", ["123456.5", "1E+300", "-0.000001", "12345678901234567890"])
def test_long_figures_beside_a_trend_have_room(value):
    page = parse_page(str(html_charts.draw_trend("name", build_trend("t", 1, value, scale=NumberScale()))))
    labels = [each for each in page.find_all("text") if each.text[:1] in "-0123456789" and " " not in each.text]

    for each in labels:
        x, width = float(each.attributes["x"]), 7.5 * len(each.text)
        is_left = each.attributes.get("text-anchor") == "end"
        assert (x - width if is_left else x) >= 0
        assert (x if is_left else x + width) <= html_charts.TREND_WIDTH


def test_a_trend_without_a_scale_or_a_change_is_a_level_line():
    same = parse_page(str(html_charts.draw_trend("name", build_trend("t", 2, 2, scale=NumberScale("hours")))))
    assert len({y for _, y in read_points(same.find("polyline"))}) == 1
    assert same.find("desc").text.startswith("Over time, in hours: 2 on")


def test_everybody_on_the_map_of_people_is_drawn_and_listed():
    planned = build_full(people=12)
    page = read(planned)
    picture = page.find("svg", "people-map")
    (people_map,) = build_people_maps(planned.entry, planned.playbook)

    initials = [each.text for each in picture.find_all("text", "initials")]
    assert sorted(initials) == sorted(each.initials for each in people_map.people)
    assert len(picture.find_all("circle", "person")) == 12
    assert len(page.find("ul", "people").find_all("li")) == 12
    width, height = map(float, picture.attributes["viewbox"].split()[2:])
    for each in picture.find_all("circle"):
        x, y, r = (float(each.attributes[name]) for name in ("cx", "cy", "r"))
        assert r <= x <= width - r
        assert r <= y <= height - r


def test_a_crowd_in_one_place_is_counted():
    picture = read(build_full(people=60)).find("svg", "people-map")
    assert [each.text for each in picture.find_all("text", "initials") if "+" in each.text] == ["+4"] * 5


# ------------------------------------------------------------ for others


@pytest.mark.parametrize("case", list_cases(), ids=str)
def test_a_report_for_others_has_no_map_of_people_no_ids_and_no_trends(case):
    shared = replace(share_case(case), trends=(build_trend("t", 1, 2, label="Secret trend"),))
    text = render(shared, for_others=True)
    page = parse_page(text)

    assert shared.entry.id not in text
    assert shared.entry.handle not in text
    assert not page.find_all("svg", "people-map")
    assert not page.find_all("svg", "trend")
    assert "Secret trend" not in text


# ------------------------------------------------------------ nothing is run or loaded


def test_the_policy_allows_only_the_style_sheet_of_the_page():
    page = read(build_full())
    (policy,) = [
        each.attributes["content"]
        for each in page.find_all("meta")
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    digest = base64.b64encode(hashlib.sha256(page.find("style").text.encode()).digest()).decode()

    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert page.find("style").text.count("<") == 0


@pytest.mark.parametrize("text", ["words", MARKUP, HOSTILE_TEXT, "javascript:alert(1)", "https://example.org/x.png"])
def test_a_page_runs_and_loads_nothing_whatever_the_texts_are(text):
    page = read(build_full(text))

    assert not [
        each.tag for each in page.walk() if each.tag in ("script", "iframe", "object", "embed", "img", "a", "form")
    ]
    for node in page.walk():
        names = [
            name for name in node.attributes if name.startswith("on") or name in ("style", "src", "srcset", "action")
        ]
        assert not names
        links = [node.attributes[name] for name in ("href", "xlink:href") if name in node.attributes]
        assert [each for each in links if not each.startswith("data:image/svg+xml,")] == []
    assert page.find("html").attributes["lang"] == "en"


# ------------------------------------------------------------ hostile texts


@given(
    st.text(st.characters(exclude_characters="\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029"), min_size=1).map(
        lambda text: f"x{text}"
    )
)
@example(MARKUP)
@example("אבג <i> שלום")
def test_any_text_leaves_the_page_as_it_is_built(text):
    page = read(build_full(text))

    assert list_tags(page) == list_tags(read(build_full()))
    assert compile_control_char_pattern().sub("\ufffd", text.replace("\t", "    ")) in [
        each.text for each in page.find_all("blockquote")
    ]
    assert flatten(text) in page.find("h1").text


def test_no_control_character_reaches_the_file():
    text = render(build_full(HOSTILE_TEXT + "\u2028\u202e\u2066\u200f\ud800"))

    assert compile_control_char_pattern().findall(text) == []
    assert text.encode().decode() == text


def test_everything_a_person_wrote_has_its_own_direction():
    page = read(build_full("שלום"))

    def owns_text(node):
        return any(isinstance(each, str) and "שלום" in each for each in node.children)

    holders = [
        each for each in page.find("body").walk() if owns_text(each) and each.tag not in ("title", "desc", "text")
    ]
    assert len(holders) > 50
    assert [
        each for each in holders if not any(node.attributes.get("dir") == "auto" for node in each.ancestors())
    ] == []


def test_a_draft_is_one_text_to_copy_with_its_lines():
    planned = build_full()
    draft = replace(planned.entry.outcome.drafts[0], text="\nDear <b>,\r\n  two\tspaces\u2028- a list\n\nBye\n")
    outcome = replace(planned.entry.outcome, drafts=(draft,))
    page = read(replace(planned, entry=replace(planned.entry, outcome=outcome)))

    (text,) = page.find("blockquote", "draft-text").children
    assert text == "Dear <b>,\n  two    spaces\n- a list\n\nBye"


def test_lines_with_a_dash_become_a_list_and_an_empty_line_a_paragraph():
    parts = [parse_page(str(each)) for each in html_charts.render_paragraphs("One\ntwo\n\nThree:\n- a\n- b\nFour")]

    assert [each.children[0].tag for each in parts] == ["p", "p", "ul", "p"]
    assert [each.text for each in parts[2].find_all("li")] == ["a", "b"]
    assert len(parts[0].find_all("br")) == 1


def test_headings_leave_out_no_level():
    levels = [int(each.tag[1]) for each in read(build_full()).walk() if each.tag in ("h1", "h2", "h3", "h4")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_an_entry_without_a_readable_playbook_still_makes_a_page():
    planned = plan_case(find_case("path-choose-mentor"))
    page = read(plan_entry(planned.entry))

    assert page.find("table", "options")
    assert "losch2016" in show(page) or page.find("ul", "sources")
