"""How an outcome reads."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from line_conversation import SAMPLER, make_renderer

from careerkit.coaching.ports import Reason
from careerkit.core.outcome.model import Action, Bar, Checkin, ComputedValue, Decision, Draft, Finding, Outcome
from careerkit.terminal.outcome_view import build_decision_view, build_figure, build_finding_view, build_outcome_view
from careerkit.terminal.view_models import BarChart, build_plan_view, format_due
from scenario import parse_playbook

GIVEN = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)


def plain(pieces) -> str:
    return "".join(make_renderer("plain").render(piece) for piece in pieces)


def test_a_date_shows_its_weekday_and_its_year_where_it_is_another():
    today = date(2026, 11, 22)

    assert format_due(date(2026, 11, 23), today) == "Mon 23 Nov"
    assert format_due(date(2027, 1, 4), today) == "Mon 4 Jan 2027"
    assert format_due(None, today) == "no date"


def test_hours_show_in_their_own_zone():
    moment = datetime(2026, 11, 22, 14, 5, tzinfo=timezone(timedelta(hours=7)))

    assert format_due(moment, date(2026, 11, 22)) == "Sun 22 Nov 14:05"


def test_a_finding_says_what_it_rests_on():
    finding = Finding("f", "Take advice", "Do.", "care", ("q",), ("For (+3)",), ("Against (-2)",), next="path/choose")
    shown = plain(build_finding_view(finding, [Reason("What is it?", "A mistake")]))

    assert shown.split("\n")[1:] == [
        "Take care: Take advice.",
        "Do.",
        "Reasons for:",
        "- For (+3).",
        "Reasons against:",
        "- Against (-2).",
        "Because you said:",
        "- What is it? A mistake.",
        "Next: careerkit path choose",
        "",
    ]


def test_a_profile_is_bars_with_their_numbers():
    bars = (Bar("a", "Trust", Decimal(3), Decimal(1), Decimal(5)), Bar("b", "Odd", Decimal(1), Decimal(1), Decimal(1)))
    pieces = list(build_finding_view(Finding("f", "T", "", profile=bars), ()))

    assert pieces[1].rows == (("Trust", "3 of 5", 50), ("Odd", "1 of 1", 0))


def test_a_figure_says_whose_threshold_its_band_is():
    ours = ComputedValue("s", "Severity", Decimal(14), "14", "2 × 7", "high", "advice first")
    theirs = ComputedValue("s", "Severity", Decimal(14), "14", "14", "low", "a note", overridden=True)

    assert plain([build_figure(ours)]) == "Severity: 14, advice first. Calculation: 2 × 7.\n"
    assert plain([build_figure(theirs)]) == "Severity: 14, a note (set by you).\n"


def decision(**parts):
    totals = {"stay": Decimal("3.8"), "go": Decimal("5.1"), "wait": None}
    return Decision("fit", "go", "stay", totals=totals, **parts)


LABELS = {"stay": "Stay", "go": "Go", "wait": "Wait", "pay": "Pay"}


def test_a_decision_shows_totals_and_shares_best_first_with_what_would_turn_it():
    shares = {"stay": Decimal(42), "go": Decimal(58)}
    figures = decision(shares=shares, flip=Decimal("7.5"), flip_on="pay", tell_on="pay", dominated=("stay",))
    shown = plain(build_decision_view(figures, LABELS))

    assert shown.split("\n")[2:] == [
        "Weighted totals:",
        "Go: 5.1.",
        "Stay: 3.8.",
        "How often each comes first, in random draws:",
        "Go: 58 %.",
        "Stay: 42 %.",
        "- Not scored in full, so left out: Wait.",
        "- A close call: no option comes first in 65 % of the draws or more (our rule of thumb).",
        "- Most worth knowing better before you choose: Pay.",
        "- 8 points of weight more or less on Pay would put another first.",
        "- Never better than another: Stay.",
        "",
    ]


def test_from_65_per_cent_on_it_is_no_close_call():
    for share, is_close in ((Decimal("64.99"), True), (Decimal(65), False)):
        shares = {"go": share, "stay": 100 - share}
        assert ("A close call" in plain(build_decision_view(decision(shares=shares), LABELS))) is is_close


def test_the_bars_of_shares_are_as_long_as_the_shares():
    bars = [
        each
        for each in build_decision_view(decision(shares={"go": Decimal(80), "stay": Decimal(20)}), {})
        if hasattr(each, "rows")
    ]

    assert [row[2] for row in bars[0].rows] == [100, 74]
    assert [row[2] for row in bars[1].rows] == [80, 20]


def test_bars_stand_below_their_heading_in_the_rich_look():
    rows = make_renderer("60").render(BarChart((("Go", "80 %", 50),), "First in so many"))

    assert rows.split("\n")[0].strip() == "First in so many"
    assert rows.split("\n")[1].split()[0] == "Go"


def test_a_decision_without_draws_or_totals_says_less():
    shown = plain(build_decision_view(decision(), {}))
    assert "draws" not in shown
    assert "go: 5.1.\nstay: 3.8.\n" in shown
    assert list(build_decision_view(Decision("fit", totals={"a": None}), {})) == []
    assert "A: 0." in plain(build_decision_view(Decision("fit", totals={"a": Decimal(0)}), {"a": "A"}))


def test_the_plan_is_in_order_of_its_dates():
    moment = datetime(2026, 11, 23, 8, tzinfo=UTC)
    actions = (
        Action("d", "No date"),
        Action("b", "On the day", due=date(2026, 11, 23)),
        Action("c", "Later", due=date(2026, 11, 24), state="dropped"),
        Action("a", "At eight", due=moment, state="done"),
        Action("o", "Long ago", due=date(1, 1, 1)),
    )
    steps = next(
        piece for piece in build_plan_view(actions, (), today=date(2026, 11, 22)) if hasattr(piece, "steps")
    ).steps

    assert [(step.action, step.state) for step in steps] == [
        ("Long ago", ""),
        ("At eight", "done"),
        ("On the day", ""),
        ("Later", "dropped"),
        ("No date", ""),
    ]


def test_check_ins_follow_the_plan():
    checkins = (
        Checkin("m", "A month on", date(2026, 12, 22)),
        Checkin("w", "A week on", date(2026, 11, 29), state="answered"),
    )
    shown = plain(build_plan_view((), checkins, today=date(2026, 11, 22)))

    assert shown == "\nCheck-ins.\n- Sun 29 Nov (answered): A week on.\n- Tue 22 Dec: A month on.\n"


def test_the_labels_of_a_decision_come_from_the_playbook():
    outcome = Outcome(GIVEN, decisions=(Decision("fit", totals={"stay": Decimal(4)}),))
    unknown = Outcome(GIVEN, decisions=(Decision("other", totals={"stay": Decimal(4)}),))
    playbook = parse_playbook(SAMPLER)

    assert "Stay: 4." in plain(build_outcome_view(outcome, {}, playbook=playbook))
    assert "stay: 4." in plain(build_outcome_view(outcome, {}, playbook=None))
    assert "stay: 4." in plain(build_outcome_view(unknown, {}, playbook=playbook))


def test_an_outcome_reads_from_findings_to_the_figures_behind_it():
    outcome = Outcome(
        GIVEN,
        computed=(
            ComputedValue("n", "", Decimal(1), "1"),
            ComputedValue("s", "Severity", Decimal(2), "2", because=("harm",)),
        ),
        findings=(Finding("f", "Finding", "Text"),),
        drafts=(Draft("d", "Words", "Anna", "Say this."),),
        actions=(Action("a", "Do it"),),
    )
    shown = plain(build_outcome_view(outcome, {}, playbook=None))

    order = [shown.index(word) for word in ("Note: Finding", "The plan", "Draft: Words", "Severity: 2")]
    assert order == sorted(order)


def test_the_whole_outcome_has_the_headline_first_and_the_sources_last():
    outcome = Outcome(
        GIVEN, findings=(Finding("f", "Finding", "Text", source=("S1.2",)),), headline="Stop it.", headline_level="stop"
    )
    shown = plain(build_outcome_view(outcome, {}, playbook=None))

    assert shown.startswith("\nStop: Stop it.\n")
    assert shown.endswith("\nSources.\n- S1 (claim 2)\n")
