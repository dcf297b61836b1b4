"""The first view of a result: two screens at most, in the order of what the person needs first."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from line_conversation import make_renderer

from careerkit.coaching.ports import Reason
from careerkit.coaching.review import collect_reasons
from careerkit.core.journal.entry import Entry, PlaybookRef
from careerkit.core.outcome.model import Action, Bar, Checkin, ComputedValue, Draft, Finding, Outcome
from careerkit.terminal.result_view import DISCLAIMER, MAX_ROWS, ResultView
from careerkit.terminal.sanitize import RowBudget, count_cells, count_rows, cut_rows
from careerkit.terminal.view_models import format_short_due
from playbook_cases import build_case_entry, list_cases, load_bundled

GIVEN = datetime(2026, 11, 22, 9, 5, 31, tzinfo=UTC)
"""A Sunday."""
LOOKS = ("80", "plain")
OPENINGS = ("keys", "commands", "nothing")


def make_entry(**parts) -> Entry:
    return Entry(
        id="20261122T0905Z-abcdef",
        playbook=PlaybookRef("my/test", "Test", "1", "0" * 64),
        started=GIVEN,
        zone="UTC",
        lane="full",
        machine="m",
        finished=GIVEN,
        outcome=Outcome(GIVEN, **parts),
    )


def make_view(reasons=(), opening="keys", **parts) -> ResultView:
    return ResultView(make_entry(**parts), dict(reasons), playbook=None, opening=opening)


def render(pieces, look="plain") -> str:
    renderer = make_renderer(look)
    return "".join(renderer.render(each) for each in pieces)


def count_shown_rows(text: str) -> int:
    """The rows that the lines take on a terminal with 80 columns."""
    return sum(max(1, -(-count_cells(line) // 80)) for line in text.split("\n")[:-1])


FINDINGS = tuple(Finding(f"f{n}", f"Finding {n}", f"Text {n}.", because=("q",)) for n in range(1, 6))
DRAFTS = (Draft("opening", "First words", "Linh", "Do you have ten minutes?"), Draft("mail", "A mail", "", "Dear all,"))
FULL = {
    "headline": "Stop it first.\nYou can tell people while it is being stopped.",
    "headline_level": "stop",
    "findings": FINDINGS,
    "drafts": DRAFTS,
    "actions": (
        Action(
            "list", "List the units", due=GIVEN.replace(hour=15, minute=50), cue="After lunch", evidence="It is sent"
        ),
        Action("stop", "Stop the line", due=GIVEN),
        Action("friday", "Send the report", due=date(2026, 11, 27)),
    ),
    "checkins": (Checkin("week", "A week on", date(2026, 11, 29)),),
    "computed": (ComputedValue("s", "Severity", Decimal(14), "14", "2 × 7", because=("q",)),),
}


# ---------------------------------------------------------------- how much is shown


@pytest.mark.parametrize("case", list_cases(), ids=str)
def test_every_case_ends_on_two_screens(case):
    entry = build_case_entry(case)
    playbook = load_bundled(case.playbook_id)

    for look in LOOKS:
        for opening in OPENINGS:
            view = ResultView(entry, collect_reasons(entry), playbook=playbook, opening=opening)
            shown = render(view.build(), look)
            assert count_shown_rows(shown) <= MAX_ROWS[opening][entry.outcome.small], shown
            assert "Because you said" not in shown
            assert shown.count(DISCLAIMER) == 1


WORDS = (
    "a",
    "matter",
    "of",
    "日本語の文章",
    "Donaudampfschifffahrtsgesellschaft",
    "x" * 100,
    "to",
    "be",
    "said.",
    "Why?",
)


def make_text(rng: random.Random, most: int) -> str:
    lines = [" ".join(rng.choices(WORDS, k=rng.randint(0, most))) for _ in range(rng.randint(1, 6))]
    return "\n".join(rng.choice(("", "- ", "  ")) + line for line in lines)


def make_outcome_parts(rng: random.Random) -> dict:
    def line(most=60):
        return " ".join(rng.choices(WORDS, k=rng.randint(1, most)))

    dues = (
        None,
        GIVEN,
        GIVEN + timedelta(hours=5),
        date(2026, 11, 25),
        date(2027, 6, 1),
        datetime(2027, 6, 1, tzinfo=UTC),
    )
    levels = ("stop", "care", "good", "info")
    return {
        "headline": rng.choice(("", line(), make_text(rng, 40).strip())),
        "headline_level": rng.choice(levels),
        "small": rng.random() < 0.4,
        "findings": tuple(
            Finding(f"f{n}", line(), make_text(rng, 60), rng.choice(levels), source=("S1",) if n % 2 else ())
            for n in range(rng.randint(0, 12))
        ),
        "drafts": tuple(
            Draft(f"d{n}", line(), rng.choice(("", line())), make_text(rng, 80)) for n in range(rng.randint(0, 8))
        ),
        "actions": tuple(
            Action(f"a{n}", line(), line(), rng.choice(dues), state=rng.choice(("open", "done", "dropped")))
            for n in range(rng.randint(0, 14))
        ),
        "checkins": tuple(Checkin(f"c{n}", line(), date(2026, 12, 1)) for n in range(rng.randint(0, 4))),
    }


@pytest.mark.parametrize("seed", range(60))
def test_no_text_is_too_long_for_two_screens_and_every_word_can_be_opened(seed):
    parts = make_outcome_parts(random.Random(seed))
    for look in LOOKS:
        for opening in OPENINGS:
            shown = render(make_view(opening=opening, **parts).build(), look)
            assert count_shown_rows(shown) <= MAX_ROWS[opening][parts["small"]], shown
    view = make_view(**parts)
    shown = "".join(
        render(view.build(), "plain") + "".join(render(view.open(part.key), "plain") for part in view.parts)
    )
    texts = [parts["headline"], *(text for each in parts["findings"] for text in (each.title, each.text))]
    texts += [text for each in parts["drafts"] for text in (each.title, each.to, each.text)]
    texts += [text for each in parts["actions"] for text in (each.do, each.cue)]
    flat = "".join(shown.split())
    for text in texts:
        for each in text.split("\n"):
            assert "".join(each.split()).rstrip(".") in flat


def test_a_text_is_cut_after_a_sentence_or_between_words_with_an_ellipsis():
    assert cut_rows("One two three. Four five six seven", 2, 10) == "One two three."
    assert cut_rows("One two three four five six seven", 2, 10) == "One two three …"
    assert cut_rows("First line\n- second line\nthird", 2, 20) == "First line\n- second line"
    assert cut_rows("anything", 0) == ""


def test_what_is_cut_fits_and_counts():
    rng = random.Random(7)
    for _ in range(300):
        text, rows = make_text(rng, 60), rng.randint(1, 9)
        assert count_rows(cut_rows(text, rows)) <= rows


def test_a_budget_gives_no_more_than_it_has():
    budget = RowBudget(5)
    assert [budget.take(3), budget.take(4, at_least=3), budget.take(4), budget.take(1)] == [3, 0, 2, 0]


# ---------------------------------------------------------------- what is shown, and in which order


@pytest.mark.parametrize("look", LOOKS)
def test_headline_plan_findings_draft_disclaimer_and_parts_follow_each_other(look):
    shown = render(make_view(**FULL).build(), look)
    words = ("Stop: Stop it first", "You can tell", "now", "Stop the line", "today 15:50", "List the units", "Fri 27 Nov",
             "Finding 1", "Text 1.", "Finding 2", "Finding 3", "First words", "ten minutes", DISCLAIMER, "2 more findings",
             "1 more draft", "why", "numbers", "1 check-in, on Sun 29 Nov")  # fmt: skip
    flowing = " ".join(shown.split())
    places = [flowing.index(word) for word in words]

    assert places == sorted(places)
    for word in ("Finding 4", "Dear all", "After lunch", "It is sent", "2 × 7", "A week on"):
        assert word not in shown
    assert "\n\n\n" not in shown


def test_without_a_headline_the_title_of_the_first_finding_serves_and_is_not_repeated():
    shown = render(make_view(**{**FULL, "headline": ""}).build())

    assert shown.startswith("\nFinding 1.\n\n1. now: Stop the line.\n")
    assert shown.count("Finding 1") == 1
    assert shown.count("Text 1.") == 1


def test_a_result_without_findings_opens_with_the_title_of_the_playbook():
    assert render(make_view(actions=FULL["actions"]).build()).startswith("\nTest.\n\n1. now: Stop the line.\n")


def test_a_small_matter_gets_twenty_lines_and_its_parts_on_one():
    small = {**FULL, "small": True, "findings": FINDINGS[:1], "drafts": DRAFTS[:1], "actions": FULL["actions"][:2]}
    shown = render(make_view(**small).build(), "80")

    assert shown.rstrip().endswith("a actions · w why · n numbers · c check-ins")
    assert count_shown_rows(shown) <= MAX_ROWS["keys"][True]


def test_a_long_draft_says_how_many_lines_more_there_are_and_where():
    drafts = (Draft("opening", "Words", "", "\n".join(f"Line {n}." for n in range(1, 60))),)
    view = make_view(**{**FULL, "drafts": drafts})

    shown = render(view.build())
    hidden = int(shown.split(" more lines: d\n")[0].rpartition("\n")[2])
    assert f"Line {59 - hidden}.\n" in shown
    assert f"Line {60 - hidden}.\n" not in shown
    assert "Line 59." in render(view.open("d"))
    for opening, where in (("commands", "careerkit plan show abcdef --draft opening"), ("nothing", "above")):
        shown = render(make_view(opening=opening, **{**FULL, "drafts": drafts}).build())
        hidden = int(shown.split(f" more lines: {where}\n")[0].rpartition("\n")[2])
        assert f"Line {59 - hidden}.\n" in shown


def test_more_actions_than_fit_are_counted_and_opened():
    actions = tuple(Action(f"a{n}", f"Do {n} " + "and more " * 30, due=date(2026, 12, 1 + n)) for n in range(9))
    view = make_view(**{**FULL, "actions": actions})

    assert "more actions: a\n" in render(view.build())
    assert "Do 8" in render(view.open("a"))


def test_what_is_done_keeps_its_number_and_what_is_dropped_is_not_shown():
    actions = (
        Action("one", "First", due=date(2026, 11, 23), state="done"),
        Action("two", "Second", due=date(2026, 11, 24)),
        Action("three", "Third", due=date(2026, 11, 25), state="dropped"),
        Action("four", "Fourth", due=date(2026, 11, 26)),
    )
    lines = render(make_view(actions=actions).build()).split("\n")

    assert [line[:2] for line in lines if " Nov" in line] == ["1.", "2.", "3."]
    assert not any("Third" in line for line in lines)


def test_the_only_draft_of_a_small_matter_is_not_cut_where_the_commands_leave_rows():
    draft = Draft("opening", "What to say", "your manager", "\n".join(f"Line {n}." for n in range(1, 6)))
    small = {**FULL, "small": True, "findings": (), "drafts": (draft,), "actions": FULL["actions"][:2]}

    shown = render(make_view(opening="commands", **small).build(), "80")

    assert "Line 5." in shown
    assert "more line" not in shown
    assert count_shown_rows(shown) <= MAX_ROWS["commands"][True]


def test_the_commands_for_the_rest_name_the_drafts_that_are_not_shown():
    shown = render(make_view(opening="commands", **FULL).build())

    assert "Actions, findings, why, numbers, check-ins: careerkit plan show abcdef --all\n" in shown
    assert "1 more draft: careerkit plan show abcdef --draft mail\n" in shown


# ---------------------------------------------------------------- the parts


def test_each_part_opens_what_the_first_view_leaves_out():
    bars = (Bar("a", "Trust", Decimal(3), Decimal(1), Decimal(5)),)
    profiled = Finding(
        "p", "Profile", "Bars.", because=("q",), profile=bars, supports=("They call (+3)",), source=("S1.2",)
    )
    view = make_view({"p": [Reason("What is it?", "A mistake")]}, **{**FULL, "findings": (*FINDINGS, profiled)})
    opened = {part.key: render(view.open(part.key)) for part in view.parts}

    assert list(opened) == ["a", "f", "d", "w", "n", "p", "s", "c"]
    assert "Cue: After lunch." in opened["a"]
    assert "Done when: It is sent." in opened["a"]
    assert [title in opened["f"] for title in ("Finding 3", "Finding 4", "Profile")] == [False, True, True]
    assert ("Dear all," in opened["d"], "ten minutes" in opened["d"]) == (True, False)
    assert "They call (+3)." in opened["w"]
    assert "Because you said:\n- What is it? A mistake.\n" in opened["w"]
    assert "Calculation: 2 × 7." in opened["n"]
    assert "Trust: 3 of 5." in opened["p"]
    assert "S1 (claim 2)" in opened["s"]
    assert "A week on" in opened["c"]


def test_only_parts_that_exist_are_listed():
    view = make_view(findings=(Finding("f", "T", "Text."),))

    assert view.parts == ()
    assert render(view.build()).endswith(f"\n{DISCLAIMER}\n")


def test_a_card_has_no_numbers():
    view = ResultView(make_entry(**FULL), {}, playbook=None, is_card=True)

    assert "n" not in [part.key for part in view.parts]


# ---------------------------------------------------------------- dates


HANOI = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("due", "now", "shown"),
    [
        (GIVEN, GIVEN, "now"),
        (GIVEN, GIVEN + timedelta(hours=3), "now"),
        (GIVEN, GIVEN + timedelta(days=1), "Sun 22 Nov 09:05"),
        (GIVEN + timedelta(hours=6), GIVEN, "today 15:05"),
        (GIVEN + timedelta(hours=6), GIVEN + timedelta(hours=9), "today 15:05"),
        (GIVEN + timedelta(days=2), GIVEN, "Tue 09:05"),
        (GIVEN + timedelta(days=7), GIVEN, "Sun 29 Nov 09:05"),
        (date(2026, 11, 22), GIVEN, "today"),
        (date(2026, 11, 27), GIVEN, "Fri 27 Nov"),
        (date(2027, 1, 4), GIVEN, "Mon 4 Jan 2027"),
        (datetime(2026, 11, 23, 1, 0, tzinfo=HANOI), GIVEN, "Mon 01:00"),
        (None, GIVEN, "no date"),
    ],
)  # fmt: skip
def test_dates_are_short(due, now, shown):
    assert format_short_due(due, now=now, given=GIVEN) == shown
