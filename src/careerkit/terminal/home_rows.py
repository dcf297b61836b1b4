"""The rows of the home screen, for both front ends: unfinished interviews, due and planned actions, and playbooks.

Playbooks are chosen in two steps: what it is about, then the situation that is closest. The filter finds them by any word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.coaching.home import OpenAction, OpenPlan, ResumeEntry, StartCheckin, StartPlaybook
from careerkit.core.formatting import collapse_spaces
from careerkit.core.frozen import frozen, replace
from careerkit.core.journal.entry_list import get_handle
from careerkit.core.text import choose_verb
from careerkit.terminal.list_view import format_started
from careerkit.terminal.plan_view import format_due

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from careerkit.coaching.home import DueEntry, Home, HomeReply
    from careerkit.coaching.ports import ListedPlaybook
    from careerkit.core.journal.entry_list import EntrySummary

ASK = "What would you like to do?"
ASK_CLOSEST = "Which of these is closest?"
WHY = "What you write stays on this machine. careerkit --help lists all commands."


ALL_PLAYBOOKS = "all"
OTHER = "other"
TOPICS: Mapping[str, tuple[str, str]] = {
    "trouble": ("Something went wrong, or I'm in trouble", "A mistake, a warning, a dismissal, a threat."),
    "people": ("Someone at work, a client or another team", "What they do, how they treat you, whose fault it is."),
    "lead": ("People I lead or depend on", "Someone doesn't do their part; a hard talk; the first weeks of leading."),
    "ask": ("I want something, or want to say no", "Pay, time, help, money you're owed, a task too many."),
    "job": ("Stay, leave, or the next step", "An offer, a resignation, manager or expert, another field."),
    "new": ("A new job, role or client", "The first weeks, coming back, taking over from someone."),
    "work": ("My own work: too much, too little, no energy", "Load, attitude, hard customers."),
    OTHER: ("Something else", ""),
}
"""Topic -> the label of its row, and what it covers."""


@frozen
class OpenTopic:
    """List the situations of a topic, or all playbooks."""

    topic: str


@frozen
class HomeRow:
    """A choice. `aside` is a few words beside the label, `about` one or two sentences, `command` the command that does the same.

    The filter also looks in `words`.
    """

    reply: HomeReply | OpenTopic
    label: str
    aside: str
    about: str
    command: str
    words: str = ""


@frozen
class HomePart:
    """A group of rows. `more` says what isn't listed, and where to find it. With `only_found`, it shows only with a filter."""

    heading: str
    rows: tuple[HomeRow, ...]
    more: str = ""
    only_found: bool = False


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
        HomePart(
            "Coming up", tuple(_describe_planned(each, home) for each in home.planned), "all of it: careerkit agenda"
        ),
        *_list_playbook_parts(home.playbooks),
    )
    return tuple(part for part in parts if part.rows)


def list_topic_parts(home: Home, topic: str) -> tuple[HomePart, ...]:
    """The second step: the situations of the topic and, if none of them fits, the playbook for everything else."""
    if topic == ALL_PLAYBOOKS:
        return (HomePart("All playbooks", tuple(_describe_playbook(each) for each in home.playbooks)),)
    rows = [
        _describe_situation(text, each) for each in home.playbooks for about, text in each.situations if about == topic
    ]
    fallback = next((each for each in home.playbooks for about, _ in each.situations if about == OTHER), None)
    if fallback:
        about = "No playbook knows this one, so there is no ready advice. A few questions help you see it clearly."
        command = f"careerkit {fallback.id.replace('/', ' ')}"
        rows.append(HomeRow(StartPlaybook(fallback.id), "None of these", _describe_length(fallback), about, command))
    return (HomePart(TOPICS[topic][0], tuple(rows)),)


def _list_playbook_parts(playbooks: Sequence[ListedPlaybook]) -> Iterator[HomePart]:
    """The topics of the playbooks that have situations; the others by title."""
    topics = {about for each in playbooks for about, _ in each.situations}
    rows = tuple(_describe_topic(topic, playbooks) for topic in TOPICS if topic in topics)
    if rows:
        everything = HomeRow(OpenTopic(ALL_PLAYBOOKS), "All playbooks", "", "The list, by title.", "")
        yield HomePart("What is it about?", (*rows, everything))
    yield HomePart("Playbooks", tuple(_describe_playbook(each) for each in playbooks if not each.situations))
    found = tuple(_describe_playbook(each) for each in playbooks if each.situations)
    yield HomePart("Playbooks", found, only_found=True)


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


def _describe_planned(planned: DueEntry, home: Home) -> HomeRow:
    more = f" {planned.more} more {choose_verb(planned.more, 'is', 'are')} planned this week." if planned.more else ""
    day = f"due {format_due(planned.since, home.now.date())}"
    command = f"careerkit plan show {get_handle(planned.entry_id)}"
    what = collapse_spaces(planned.first.what)
    if planned.first.kind == "checkin":
        about = f'From "{planned.title}".{more} Enter shows the plan.'
        return HomeRow(OpenPlan(planned.entry_id), f"Check-in: {what}", day, about, command)
    about = f'From "{planned.title}".{more} Done already, moved or dropped?'
    return HomeRow(OpenAction(planned.entry_id, planned.first.id), what, day, about, command)


def _describe_topic(topic: str, playbooks: Sequence[ListedPlaybook]) -> HomeRow:
    """The row of a topic; if it has a single situation, that of its playbook."""
    label, about = TOPICS[topic]
    situations = [(text, each) for each in playbooks for its_topic, text in each.situations if its_topic == topic]
    if len(situations) > 1:
        return HomeRow(OpenTopic(topic), label, "", about, "", " ".join(text for text, _ in situations))
    text, playbook = situations[0]
    return replace(_describe_situation(text, playbook), label=label)


def _describe_situation(text: str, playbook: ListedPlaybook) -> HomeRow:
    row = _describe_playbook(playbook)
    return replace(row, label=text, about=f"{playbook.title}: {row.about}")


def _describe_playbook(playbook: ListedPlaybook) -> HomeRow:
    command = playbook.id.replace("/", " ")
    about = f"{playbook.summary}." if playbook.summary[-1:].isalnum() else playbook.summary
    about += " Your own version, used instead of the bundled one." if playbook.shadows else ""
    words = " ".join(text for _, text in playbook.situations)
    return HomeRow(
        StartPlaybook(playbook.id), playbook.title, _describe_length(playbook), about, f"careerkit {command}", words
    )


def _describe_length(playbook: ListedPlaybook) -> str:
    """The command, and how long it takes."""
    return playbook.id.replace("/", " ") + (f", {playbook.minutes} min" if playbook.minutes else "")
