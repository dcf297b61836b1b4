"""Generated plans with hostile texts, as exports get them."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from careerkit.core.journal.entry import Entry, PlaybookRef
from careerkit.core.journal.plan import Plan, PlannedAction, PlannedCheckin
from careerkit.core.outcome.model import DueTime, Outcome
from careerkit.export.formats import PlanDocument, PlannedEntry

HOSTILE_TEXTS = (
    "Call; Linh, at 5:30",
    "back\\slash \\n and \\, and \\\\",
    "BEGIN:VEVENT",
    "END:VCALENDAR\r\nBEGIN:VCALENDAR",
    "DUE:20200101T000000Z\nSTATUS:COMPLETED",
    "quotes \" and ' and “these” ^n ^' ^^",
    "ESC \x1b[31m NUL \x00 DEL \x7f C1 \x9b31m",
    "line separators \u2028 \u2029 \x85 \x0b \x0c",
    "bidi \u202eevil\u202c and zero\u200bwidth \ufeff",
    "日本語のとても長い" * 30,
    "👩‍👩‍👧‍👦 🏳️‍🌈 é 🇩🇪" * 12,
    "é" * 200,
    "a" * 1200,
    " leading and trailing\t ",
    "%s %d {what} ${HOME} `id` $(id) [x](y) <b>&amp;</b>",
    "=1+1",
    "@home +project due:2020-01-01 x done",
    "Done: or not",
    "https://example.org/?a=1;b=2,3:4",
    "Text",
)
CREATED = datetime.fromisoformat("2026-10-01T09:05:00+00:00")


def build_document(number: int, *, first_day: date, days: int = 200) -> PlanDocument:
    """The plan with that number: one to six actions and up to two check-ins in the days after `first_day`."""
    chance = random.Random(number)
    handle = f"{number:06d}"

    def draw_text() -> str:
        return " ".join(chance.choices(HOSTILE_TEXTS, k=chance.randint(1, 2)))

    def draw_due() -> DueTime:
        day = first_day + timedelta(days=chance.randrange(days))
        if chance.random() < 0.6:
            return day
        return datetime(day.year, day.month, day.day, chance.randint(6, 22), chance.randrange(60)).astimezone()

    actions = tuple(
        PlannedAction(
            f"do_{at}", f"{number}/{at} {draw_text()}", at, cue=draw_text(), due=draw_due(), evidence=draw_text()
        )
        for at in range(1, chance.randint(2, 7))
    )
    checkins = tuple(
        PlannedCheckin(f"do_{at}", f"{number}/{at} {draw_text()}", draw_due()) for at in range(1, chance.randint(1, 3))
    )
    return build_plan_document(actions, checkins, handle=handle, title=draw_text())


def build_plan_document(
    actions: tuple[PlannedAction, ...] = (),
    checkins: tuple[PlannedCheckin, ...] = (),
    *,
    handle: str = "k3f9x2",
    title: str = "Ask for help",
    created: datetime = CREATED,
) -> PlanDocument:
    """A document with one plan."""
    ref = PlaybookRef("me/help", title, "1", "0" * 64)
    entry = Entry(f"20261001T0905Z-{handle}", "machine", ref, created, outcome=Outcome(created), finished=created)
    return PlanDocument((PlannedEntry(entry, Plan(actions, checkins)),))


def join_documents(*documents: PlanDocument) -> PlanDocument:
    """One document with the plans of all."""
    return PlanDocument(tuple(each for document in documents for each in document.entries))
