"""Reports for the tests: of every case, of a plan with a past, and of entries full of hostile or long texts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from careerkit.coaching.redaction import redact
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Answer, Entry, PlaybookRef
from careerkit.core.journal.entry_list import EMPTY_HISTORY
from careerkit.core.journal.plan import CheckinRecord, Plan, PlannedAction, PlannedCheckin, build_plan, update_outcome
from careerkit.core.journal.trends import NumberScale, Trend, TrendPoint
from careerkit.core.outcome.model import Action, Bar, Checkin, ComputedValue, Decision, Draft, Finding, Outcome
from careerkit.export.formats import ExportOptions, PlanDocument, PlannedEntry, load_format
from playbook_cases import Case, build_case_entry, load_bundled
from scenario import NOW, parse_playbook

LATER = NOW + timedelta(days=12)
PEOPLE = (
    "[[stage]]\nid='s'\ntitle='S'\n[[stage.question]]\nid='who'\ntype='records'\nask='Who counts?'\n"
    "fields=[{id='person',type='text',ask='Who?'},{id='power',type='scale',ask='P?'},{id='interest',type='scale',ask='I?'}]\n"
)


def render(planned: PlannedEntry, *, now: datetime = NOW, for_others: bool = False) -> str:
    document = PlanDocument((planned,), for_others=for_others)
    return load_format("html").render(document, ExportOptions(now)).text


def plan_entry(entry: Entry, playbook=None, **more) -> PlannedEntry:
    """The entry with its plan as it was first made."""
    plan = build_plan(entry.outcome, EMPTY_HISTORY, today=NOW.date())
    return PlannedEntry(entry, plan, playbook, **more)


def plan_case(case: Case) -> PlannedEntry:
    return plan_entry(build_case_entry(case), load_bundled(case.playbook_id))


def share_case(case: Case) -> PlannedEntry:
    """The case as it is exported for others."""
    planned = plan_case(case)
    redaction = redact(planned.entry, planned.playbook, plan=planned.plan)
    return replace(planned, entry=redaction.entry, plan=redaction.plan, checkins=())


def build_trend(
    name: str, *values: object, scale: NumberScale = NumberScale("", Decimal(1), Decimal(5)), label="words"
):
    """The values, a hundred days apart, the last one now."""
    days = [timedelta(days=100 * (len(values) - 1 - number)) for number in range(len(values))]
    points = [
        TrendPoint(name, "20261122T0905Z-abcdef", NOW - ago, Decimal(str(value)), label)
        for ago, value in zip(days, values, strict=True)
    ]
    return Trend("my/small", "words", name, scale, tuple(points))


def build_living() -> PlannedEntry:
    """A case twelve days later: something is done, dropped, moved, overdue and added, and a check-in is answered."""
    planned = plan_case(Case("lead/skills", "two-twos"))
    plan = build_plan(planned.entry.outcome, EMPTY_HISTORY, today=LATER.date())
    done, moved, dropped = plan.actions
    first, *others = plan.checkins
    told = NOW + timedelta(days=2)
    actions = (
        replace(done, state="done", done_at=told, proof="Jo said: you listen, and then you ask why."),
        replace(dropped, number=0, state="dropped", reason="HR asks everyone in December anyway."),
        replace(moved, due=date(2026, 12, 1), moved_from=moved.due, move_reason="Jo was away", is_moved=True),
        PlannedAction(
            "own_1", "Thank Jo for being frank", 3, "When we next have coffee", date(2026, 12, 7), is_own=True
        ),
    )
    plan = Plan(actions, (replace(first, state="answered"), *others))
    record = CheckinRecord(
        first.id, first.title, told, ("What came of it? One thing to change", "How sure are you now? 4")
    )
    trends = (
        build_trend("motivation", 2, 3, 3, 4, label="Motivation: what do you do when the team runs out of strength?"),
        build_trend(
            "trust", 3, 4, 2, 4, label="Trust: which whole tasks do others do without you looking over their shoulder?"
        ),
    )
    entry = replace(planned.entry, outcome=update_outcome(planned.entry.outcome, plan))
    return replace(planned, entry=entry, plan=plan, checkins=(record,), trends=trends)


def build_full(text: str = "words", *, people: int = 2, actions: int = 1) -> PlannedEntry:
    """Everything that a report can show, with `text` wherever a person or a playbook can put words."""
    playbook = parse_playbook(PEOPLE)
    crowd = tuple(
        {"person": text, "power": Decimal(5 - number % 5), "interest": Decimal(1 + number % 5)}
        for number in range(people)
    )
    bars = tuple(Bar(f"b{number}", text, Decimal(number), Decimal(1), Decimal(5)) for number in range(1, 6))
    decision = Decision(
        "fit",
        text,
        "stay",
        Decimal(58),
        totals={text: Decimal("5.1"), "stay": Decimal("3.8"), "wait": None},
        shares={text: Decimal(58), "stay": Decimal(42)},
        tell_on=text,
    )
    planned_actions = (
        PlannedAction("done", text, 1, text, date(2026, 11, 20), text, "done", NOW, proof=text),
        PlannedAction("dropped", text, due=date(2026, 11, 21), state="dropped", reason=text),
        PlannedAction("late", text, 2, text, date(2026, 11, 22), text, owner=text),
        PlannedAction("moved", text, 3, text, date(2026, 12, 9), text, moved_from=NOW, move_reason=text, is_moved=True),
        PlannedAction("torn", text, 4, due=None, disputed=(text, text)),
        *(
            PlannedAction(f"a{number}", text, number, text, NOW + timedelta(days=60 + number), text)
            for number in range(actions)
        ),
    )
    checkins = (
        PlannedCheckin("c1", text, date(2026, 11, 23), "answered"),
        PlannedCheckin("c2", text, date(2026, 11, 24), "missed"),
        PlannedCheckin("c3", text, date(2026, 12, 24)),
        PlannedCheckin("c4", text, None),
    )
    plan = Plan(planned_actions, checkins)
    outcome = Outcome(
        given=NOW,
        computed=(
            ComputedValue("strain", text, Decimal(4), text, text, "high", text, overridden=True, because=("what",)),
        ),
        decisions=(decision,),
        findings=tuple(
            Finding(
                f"f{number}", text, text, level, ("what",), (text,), (text,), profile=bars[: 5 - number], source=("S1",)
            )
            for number, level in enumerate(("stop", "care", "good", "info", "info"))
        ),
        drafts=(Draft("d", text, text, text), Draft("d2", text, text, text), Draft("d3", text, "", text)),
        actions=tuple(Action(each.id, each.do) for each in planned_actions),
        checkins=tuple(Checkin(each.id, each.title, each.due) for each in checkins),
        headline=text,
        headline_level="care",
    )
    entry = Entry(
        "20261122T0905Z-abcdef",
        "machine",
        PlaybookRef("my/small", text, "1", "0" * 64),
        started=NOW,
        finished=NOW,
        answers=(
            Answer("what", "text", text, text, text),
            Answer("who", "records", text, crowd, text),
        ),
        outcome=update_outcome(outcome, plan),
    )
    return PlannedEntry(
        entry,
        plan,
        playbook,
        checkins=(CheckinRecord("c1", text, LATER, (text,)),),
        corrected_at=LATER,
        trends=tuple(build_trend(f"t{number}", 1, 3, 2, scale=NumberScale(text), label=text) for number in range(6)),
    )
