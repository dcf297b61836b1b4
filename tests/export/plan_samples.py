"""Plans for the tests of exports: of given actions, of the written cases, and random ones with hostile texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random

from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Entry, PlaybookRef
from careerkit.core.journal.entry_list import EMPTY_HISTORY
from careerkit.core.journal.plan import Plan, PlannedAction, PlannedCheckin, build_plan
from careerkit.core.outcome.model import Action, Checkin, Outcome
from careerkit.export.formats import ExportOptions, PlanDocument, PlannedEntry
from playbook_cases import Case, build_case_entry, load_bundled

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
OPTIONS = ExportOptions(NOW)
HANDLE = "k3f9x2"

HOSTILE_TEXTS = (
    # lists in todo.txt
    "x done",
    "X done",
    "(A) first",
    "2026-01-01 2026-01-02 a date",
    "due:2020-01-01 t:2030-01-01 rec:1d h:1 pri:A id:1 p:1 ck:k3f9x2/a0",
    "(due:2020-01-01) due::x a:b:c :d e: f",
    "+project @context mail@example.org + @ (+x) +49 151",
    "see https://example.org:80/a?b=c#d, at 15:30, by 09:00",
    "due://2020-01-01 https://",
    # Taskwarrior
    "&open; &close; &dquot; [x] \\ \\n \\u0041 {} status:completed uuid:1 /a/b/",
    # Obsidian, Dataview, Markdown
    "📅 2020-01-01",
    "pay ✅ 2020-01-01 🆔 abc ⏫ 🔁 every day ⛔ a",
    "🗓\ufe0f 2020-01-01 🏁 delete ❌ 2020-01-01",
    "[due:: 2020-01-01] (done:: 2020-01-01) a:::b ::::",
    "%%hidden%% %%%% ==marked== ====",
    "[[link]] ![[embed]] #tag a #task ^block",
    "no\u00a0break\u202fspaces\u2003here",
    "---\nfront: matter\n---",
    "```\ncode\n```",
    "~~~",
    "- [x] a task",
    "1. one",
    "# heading **bold** <b>html</b> `code` $math$ | table |",
    # spreadsheets
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "＝1+1",
    "a;=1+1;b|=1+1",
    '"",=1+1,"',
    '=HYPERLINK("http://127.0.0.1/","x")',
    "=cmd|' /C calc'!A0",
    # HTML
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "--></style></script>]]>&lt;&#60;",
    # iCalendar
    "a\r\nBEGIN:VALARM\r\nEND:VEVENT",
    "comma, semicolon; backslash\\ \\N \\, ^n ^'",
    # all of them
    "a\x00b\x07c",
    "\x1b[2J\x1b]52;c;aGk=\x07\x9b31m",
    "\u202egnp.exe\u2066\u200b\ufeff",
    "two\r\nlines\u2028three\x0bfour\x85five",
    "a lone surrogate \ud800",
    "' \" ` \\ $ $(id) `id` %s {0} ${x} ~ ! # & * ? < > | ; ( ) [ ]",
    "漢字 العربية 👩‍👩‍👧 é e\u0301",
    "\u2800",
    "",
    " \n ",
    "x" * 10_000,
    "word " * 2_000,
)
"""What means something to a program that reads an export, or to the terminal."""


def build_document(
    *actions: PlannedAction, checkins: Iterable[PlannedCheckin] = (), handle: str = HANDLE
) -> PlanDocument:
    """A document of one entry with these actions, numbered, and check-ins."""
    return PlanDocument((build_planned_entry(actions, checkins, handle=handle),))


def build_planned_entry(
    actions: Iterable[PlannedAction], checkins: Iterable[PlannedCheckin] = (), *, handle: str = HANDLE
) -> PlannedEntry:
    numbered = tuple(replace(each, number=number) for number, each in enumerate(actions, 1))
    outcome = Outcome(
        NOW,
        actions=tuple(
            Action(each.id, each.do, each.cue, each.due, each.evidence, each.state, owner=each.owner)
            for each in numbered
        ),
        checkins=tuple(Checkin(each.id, each.title, each.due) for each in checkins),
    )
    playbook = PlaybookRef("crisis/start", "Own a career crisis", "1", "0" * 64)
    entry = Entry(f"20261122T0905Z-{handle}", "machine", playbook, started=NOW, finished=NOW, outcome=outcome)
    return PlannedEntry(entry, Plan(numbered, tuple(checkins)))


def build_case_document(case: Case) -> PlanDocument:
    """The plan of a written case, as it was given."""
    entry = build_case_entry(case)
    plan = build_plan(entry.outcome, EMPTY_HISTORY, today=NOW.date())
    return PlanDocument((PlannedEntry(entry, plan, load_bundled(case.playbook_id)),))


def generate_document(seed: int) -> PlanDocument:
    """A random plan of up to twelve actions in any state, dated or not, some of them with hostile texts."""
    random = Random(seed)
    actions = [_generate_action(random, number) for number in range(random.randrange(12))]
    checkins = [PlannedCheckin("week", _pick_text(random), date(2026, 11, 29), random.choice(["waiting", "answered"]))]
    return build_document(*actions, checkins=random.choice([checkins, []]), handle=f"{seed:06}")


def _generate_action(random: Random, number: int) -> PlannedAction:
    state = random.choice(["open", "open", "open", "done", "dropped"])
    day = date(2026, 11, 22) + timedelta(days=random.randrange(-30, 400))
    moment = datetime(day.year, day.month, day.day, random.randrange(24), random.randrange(60), tzinfo=UTC)
    return PlannedAction(
        f"a{number}",
        _pick_text(random),
        cue=random.choice(["", _pick_text(random)]),
        due=random.choice([None, day, day, moment]),
        evidence=random.choice(["", _pick_text(random)]),
        state=state,
        done_at=NOW if state == "done" else None,
        owner=random.choice(["", "", "Linh", _pick_text(random)]),
    )


def _pick_text(random: Random) -> str:
    plain = random.choice(
        ["Call the client", "Write down what was said, word for word", "Ask for a date: Friday or Monday"]
    )
    hostile = random.choice(HOSTILE_TEXTS)
    return random.choice([plain, hostile, f"{plain} {hostile}", f"{hostile} {plain}"])
