"""The rows of the home screen, for both front ends: unfinished interviews, due actions, and playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.coaching.home import OpenAction, ResumeEntry, StartCheckin, StartPlaybook
from careerkit.core.formatting import collapse_spaces
from careerkit.core.frozen import frozen
from careerkit.core.journal.entry_list import get_handle
from careerkit.core.text import choose_verb
from careerkit.terminal.list_view import format_started
from careerkit.terminal.plan_view import format_due

if TYPE_CHECKING:
    from careerkit.coaching.home import DueEntry, Home, HomeReply
    from careerkit.coaching.ports import ListedPlaybook
    from careerkit.core.journal.entry_list import EntrySummary

ASK = "What would you like to do?"
WHY = "What you write stays on this machine. careerkit --help lists all commands."


@frozen
class HomeRow:
    """A choice. `aside` is a few words beside the label, `about` one or two sentences, `command` the command that does the same."""

    reply: HomeReply
    label: str
    aside: str
    about: str
    command: str


@frozen
class HomePart:
    """A group of rows. `more` says what isn't listed, and where to find it."""

    heading: str
    rows: tuple[HomeRow, ...]
    more: str = ""


def list_home_parts(home: Home) -> tuple[HomePart, ...]:
    """The parts of the home screen that have rows."""
    more_unfinished = f"and {home.more_unfinished} more: careerkit journal list" if home.more_unfinished else ""
    parts = (
        HomePart("Unfinished", tuple(_describe_unfinished(each, home) for each in home.unfinished), more_unfinished),
        HomePart(
            "Due",
            tuple(_describe_due(each, home) for each in home.due),
            "and more in older entries: careerkit agenda" if home.is_more_due else "",
        ),
        HomePart("Playbooks", tuple(_describe_playbook(each) for each in home.playbooks)),
    )
    return tuple(part for part in parts if part.rows)


def _describe_unfinished(entry: EntrySummary, home: Home) -> HomeRow:
    aside = f"{entry.answered} of {entry.asked} answered, {format_started(entry.started, home.now)}"
    return HomeRow(
        ResumeEntry(entry.id), entry.title, aside, "Continue where you left off.", f"careerkit resume {entry.handle}"
    )


def _describe_due(waiting: DueEntry, home: Home) -> HomeRow:
    days = (home.now.date() - waiting.since).days
    since = "due today" if days == 0 else f"due since {format_due(waiting.since, home.now.date())}"
    more = f" {waiting.more} more {choose_verb(waiting.more, 'is', 'are')} due." if waiting.more else ""
    handle = get_handle(waiting.entry_id)
    what = collapse_spaces(waiting.first.what)
    if waiting.first.kind == "checkin":
        about = f'From "{waiting.title}".{more} A few questions about what became of it.'
        return HomeRow(StartCheckin(waiting.entry_id), f"Check-in: {what}", since, about, f"careerkit checkin {handle}")
    about = f'From "{waiting.title}".{more} Done, moved or dropped?'
    return HomeRow(OpenAction(waiting.entry_id, waiting.first.id), what, since, about, f"careerkit plan show {handle}")


def _describe_playbook(playbook: ListedPlaybook) -> HomeRow:
    command = playbook.id.replace("/", " ")
    aside = command + (f", {playbook.minutes} min" if playbook.minutes else "")
    about = f"{playbook.summary}." if playbook.summary[-1:].isalnum() else playbook.summary
    about += " Your own version, used instead of the bundled one." if playbook.shadows else ""
    return HomeRow(StartPlaybook(playbook.id), playbook.title, aside, about, f"careerkit {command}")
