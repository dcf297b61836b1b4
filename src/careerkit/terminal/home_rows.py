"""How the first screen reads: what is unfinished, what is due, what there is to do, in the words of both front ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.coaching.home import Begin, GoOn, SeePlan
from careerkit.core.frozen import frozen
from careerkit.core.journal.listed import handle_of
from careerkit.core.wording import one_line
from careerkit.terminal.listing_view import began
from careerkit.terminal.outcome_view import when_text

if TYPE_CHECKING:
    from careerkit.coaching.home import Home, HomeReply, Waiting
    from careerkit.coaching.ports import ListedPlaybook
    from careerkit.core.journal.listed import Listed

ASK = "What would you like to do?"
WHY = "What you write stays on this machine. careerkit --help lists all commands."


@frozen
class HomeRow:
    """One thing to choose. `aside` is a few words beside the label, `about` a sentence or two, `command` what it runs."""

    reply: HomeReply
    label: str
    aside: str
    about: str
    command: str


@frozen
class HomePart:
    """`more` says what is not among the rows."""

    heading: str
    rows: tuple[HomeRow, ...]
    more: str = ""


def home_parts(home: Home) -> tuple[HomePart, ...]:
    """The parts that have anything in them."""
    more_unfinished = f"and {home.more_unfinished} more: careerkit journal list" if home.more_unfinished else ""
    parts = (
        HomePart("Unfinished", tuple(_unfinished(each, home) for each in home.unfinished), more_unfinished),
        HomePart(
            "Due",
            tuple(_due(each, home) for each in home.due),
            "and more in older entries: careerkit journal list" if home.is_more_due else "",
        ),
        HomePart("Playbooks", tuple(_playbook(each) for each in home.playbooks)),
    )
    return tuple(part for part in parts if part.rows)


def _unfinished(entry: Listed, home: Home) -> HomeRow:
    aside = f"{entry.answered} of {entry.asked} answered, {began(entry.started, home.now)}"
    return HomeRow(GoOn(entry.id), entry.title, aside, "Goes on where you stopped.", f"careerkit resume {entry.handle}")


def _due(waiting: Waiting, home: Home) -> HomeRow:
    days = (home.now.date() - waiting.first.day).days
    since = "due today" if days == 0 else f"due since {when_text(waiting.first.day, home.now.date())}"
    more = f", and {waiting.more} more that {'is' if waiting.more == 1 else 'are'} due" if waiting.more else ""
    handle = handle_of(waiting.entry_id)
    about = f"From '{waiting.title}'{more}. Shows the plan."
    return HomeRow(
        SeePlan(waiting.entry_id), one_line(waiting.first.what), since, about, f"careerkit plan show {handle}"
    )


def _playbook(playbook: ListedPlaybook) -> HomeRow:
    command = playbook.id.replace("/", " ")
    aside = command + (f", {playbook.minutes} min" if playbook.minutes else "")
    about = f"{playbook.summary}." if playbook.summary[-1:].isalnum() else playbook.summary
    about += " Your own playbook, in place of the bundled one." if playbook.shadows else ""
    return HomeRow(Begin(playbook.id), playbook.title, aside, about, f"careerkit {command}")
