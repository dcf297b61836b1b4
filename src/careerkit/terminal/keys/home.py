"""The home screen: the rows that both front ends show, and the list for keys, which can be filtered.

A playbook is chosen in two steps: what it is about, then the situation that is closest. The filter finds one by any word.
Both steps use the same kind of list; the person can go back from the second one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.coaching.ports import OpenAction, OpenPlan, ResumeEntry, StartCheckin, StartPlaybook, Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.journal.entry_list import get_handle
from careerkit.core.questions.question import Choice
from careerkit.core.text import choose_verb
from careerkit.core.values import collapse_spaces
from careerkit.terminal.banner import MIN_WIDE_PAGE_WIDTH
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.keys.line_input import EditBuffer
from careerkit.terminal.keys.widget import MAX_DIGIT_CHOICES, AtomicWidget, Block, Canvas, Row, move_cursor
from careerkit.terminal.list_view import format_started
from careerkit.terminal.parse_line import filter_choices
from careerkit.terminal.sanitize import count_cells
from careerkit.terminal.view_models import format_due

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from careerkit.coaching.ports import DueEntry, Home, HomeReply, ListedPlaybook
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

GO_BACK = object()
"""Submitted to return to the first list. None quits."""
FRAME_WIDTH = 4
"""Columns of the page that a viewport's margin and gutter take, roughly."""


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
        _describe_situation(text, each)
        for each in home.playbooks
        for about, text, _ in each.situations
        if about == topic
    ]
    fallback = next((each for each in home.playbooks for about, *_ in each.situations if about == OTHER), None)
    if fallback:
        about = "No playbook knows this one, so there is no ready advice. A few questions help you see it clearly."
        command = f"careerkit {fallback.id.replace('/', ' ')}"
        rows.append(HomeRow(StartPlaybook(fallback.id), "None of these", _describe_minutes(fallback), about, command))
    return (HomePart(TOPICS[topic][0], tuple(rows)),)


@frozen
class HomeList(AtomicWidget):
    """`at` is the position of the arrow among the rows shown. While `filtering`, letters go into `filter`.

    With `can_go_back`, Esc and Shift-Tab submit GO_BACK.
    """

    parts: tuple[HomePart, ...]
    can_go_back: bool = False
    at: int = 0
    filter: EditBuffer = EditBuffer()
    filtering: bool = False

    @property
    def takes_text(self) -> bool:
        return self.filtering

    @property
    def key_hints(self) -> tuple[str, ...]:
        if self.filtering:
            return "Enter choose", "Esc show all"
        return "Enter choose", *["Esc back"] * self.can_go_back, "/ filter", "q quit"

    @property
    def shown(self) -> tuple[HomeRow, ...]:
        """The rows that pass the filter, in order."""
        if not self.filter.text:
            return tuple(row for part in self.parts for row in part.rows if not part.only_found)
        rows = [row for part in self.parts for row in part.rows]
        choices = [Choice(row.command, row.label, f"{row.aside} {row.about} {row.words}") for row in rows]
        return tuple(rows[place] for place in filter_choices(self.filter.text, choices))

    def move_to(self, reply: object) -> HomeList:
        """Without a filter, with the arrow on the row with that reply, if there is one."""
        replies = [row.reply for part in self.parts for row in part.rows if not part.only_found]
        return HomeList(self.parts, self.can_go_back, replies.index(reply) if reply in replies else 0)

    def press(self, press: Press) -> HomeList | Submit | None:
        if press in (Key.ENTER, Key.SUBMIT):
            return self._choose()
        if press is Key.ESCAPE and (self.filtering or self.filter.text):
            return HomeList(self.parts, self.can_go_back)
        if self.can_go_back and press in (Key.ESCAPE, Key.BACK):
            return Submit(GO_BACK)
        if press is Key.ESCAPE:
            return Submit(None)
        moved = move_cursor(press, self.at, len(self.shown), letters=not self.filtering)
        if moved is not None:
            return replace(self, at=moved)
        if self.filtering:
            line = self.filter.press(press)
            return None if line is None else replace(self, filter=line, at=0)
        return self._press_letter(press) if isinstance(press, str) else None

    def view(self, canvas: Canvas) -> Block:
        rows: list[Row] = []
        cursor = (0, 0)
        if self.filtering:
            field = canvas.input(self.filter.text, self.filter.cursor, first=(("bold cyan", "/ "),))
            rows, cursor = list(field.rows), field.cursor
        shown = self.shown
        for part in self.parts:
            matching = [row for row in part.rows if row in shown]
            rows += ([()] if rows and matching else []) + (canvas.prose(part.heading, "cyan") if matching else [])
            for row in matching:
                if row is shown[self.at] and not self.filtering:
                    cursor = len(rows), 0
                rows.append(self._row(row, canvas))
            rows += canvas.prose(part.more, "dim", first=(("", "  "),)) if part.more and matching else []
        return Block((*rows, *self._description_rows(canvas)), cursor)

    def _row(self, row: HomeRow, canvas: Canvas) -> Row:
        place = self.shown.index(row)
        here = place == self.at
        number = f"{place + 1}  " if place < MAX_DIGIT_CHOICES else "   "
        lead: Row = (canvas.pointer(here=here), ("cyan", number))
        label, aside, gap = self._fit_row(row, canvas)
        return (*lead, ("bold" if here else "", label), ("", gap), ("dim", aside))

    def _fit_row(self, row: HomeRow, canvas: Canvas) -> tuple[str, str, str]:
        """The label and the words beside it, shortened to one row, and the gap between them."""
        room = canvas.width - 5
        aside = canvas.shorten(row.aside, room // 2) if _is_wide(canvas) else ""
        label = canvas.shorten(row.label, room - (count_cells(aside) + 3 if aside else 0))
        return label, aside, " " * (room - count_cells(label) - count_cells(aside) - 1) if aside else ""

    def _description_rows(self, canvas: Canvas) -> list[Row]:
        """The description of the current row. It comes below the list, so that the list doesn't move."""
        if not self.shown:
            return [(), *canvas.prose("Nothing matches. Press Esc to show everything.", "dim")]
        row = self.shown[self.at]
        label = canvas.prose(row.label) if self._fit_row(row, canvas)[0] != canvas.safe(row.label) else []
        aside = canvas.prose(row.aside, "dim") if row.aside and not _is_wide(canvas) else []
        return [
            (),
            *label,
            *aside,
            *canvas.prose(row.about, "italic"),
            *(canvas.prose(row.command, "dim") if row.command else []),
        ]

    def _press_letter(self, typed: str) -> HomeList | Submit | None:
        if typed == "/":
            return replace(self, filtering=True, at=0)
        if typed == "q":
            return Submit(None)
        if typed.isdecimal() and len(typed) == 1 and 1 <= int(typed) <= len(self.shown):
            return replace(self, at=int(typed) - 1)
        return None

    def _choose(self) -> Submit:
        if not self.shown:
            raise Refused(Problem("nothing-found", "Nothing matches the filter.", "Press Esc to show everything."))
        return Submit(self.shown[self.at].reply)


def _list_playbook_parts(playbooks: Sequence[ListedPlaybook]) -> Iterator[HomePart]:
    """The topics of the playbooks that have situations; the others by title."""
    topics = {about for each in playbooks for about, *_ in each.situations}
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
        about = f'From "{waiting.title}".{more} It asks about what is due, and how things are now.'
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
    found = [
        (each, text, words) for each in playbooks for its_topic, text, words in each.situations if its_topic == topic
    ]
    if len(found) > 1:
        return HomeRow(OpenTopic(topic), label, "", about, "", " ".join(f"{text} {words}" for _, text, words in found))
    playbook, text, _ = found[0]
    return replace(_describe_situation(text, playbook), label=label)


def _describe_situation(text: str, playbook: ListedPlaybook) -> HomeRow:
    row = _describe_playbook(playbook)
    return replace(row, label=text, aside=_describe_minutes(playbook), about=f"{playbook.title}: {row.about}")


def _describe_playbook(playbook: ListedPlaybook) -> HomeRow:
    command = playbook.id.replace("/", " ")
    about = f"{playbook.summary}." if playbook.summary[-1:].isalnum() else playbook.summary
    about += " Your own version, used instead of the bundled one." if playbook.shadows else ""
    words = " ".join(f"{text} {more}" for _, text, more in playbook.situations)
    return HomeRow(
        StartPlaybook(playbook.id), playbook.title, _describe_length(playbook), about, f"careerkit {command}", words
    )


def _describe_length(playbook: ListedPlaybook) -> str:
    """The command, and how long it takes."""
    minutes = _describe_minutes(playbook)
    return playbook.id.replace("/", " ") + (f", {minutes}" if minutes else "")


def _describe_minutes(playbook: ListedPlaybook) -> str:
    return f"{playbook.minutes} min" if playbook.minutes else ""


def _is_wide(canvas: Canvas) -> bool:
    return canvas.width + FRAME_WIDTH >= MIN_WIDE_PAGE_WIDTH
