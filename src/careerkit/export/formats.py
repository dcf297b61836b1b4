"""The registry of export formats, and what every format gets: the plans of one or more entries.

To add a format, write a module in this package that ends with `FORMAT = ExportFormat(...)`, and name it in MODULES.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from uuid import UUID, uuid5

from careerkit.core.due_dates import due_sort_key
from careerkit.core.frozen import Literal, frozen
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.entry_list import get_handle
from careerkit.core.journal.plan import CheckinRecord, Plan
from careerkit.core.journal.trends import Trend
from careerkit.core.outcome.model import DueTime
from careerkit.core.playbook.model import Playbook
from careerkit.core.text import compile_control_char_pattern

MODULES: Mapping[str, str] = {
    "markdown": "markdown",
    "obsidian": "obsidian",
    "html": "html_page",
    "ics": "icalendar_file",
    "vdir": "icalendar_file:VDIR_FORMAT",
    "todotxt": "todotxt",
    "taskwarrior": "taskwarrior",
    "csv": "data_files",
    "json": "data_files:JSON_FORMAT",
}
"""The module below this package of each format, and its name there unless that is FORMAT. The command table has the same
formats; a test compares them."""
EXTENSIONS: Mapping[str, str] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".ics": "ics",
    ".txt": "todotxt",
    ".csv": "csv",
    ".json": "json",
}
"""The format that a file is written in if only its name is given."""

NAMESPACE = UUID("6f1f0c9b-0d5e-5b0a-9d57-1d2c6f7d8a10")
"""Of the UUIDs that are derived from entries and actions."""
END_OF_DAY = time(23, 59, 59)
"""When something is due that has a date only: several programs call a task overdue from 00:00 on, or show it a day early."""
MIN_DUE_DAY, MAX_DUE_DAY = date(2, 1, 1), date(9998, 12, 31)
"""Days beyond these have no time in some time zones."""
DEFAULT_ALARM_TIME = time(8, 0)
UNNAMED = "(no words)"
"""What an action says that has no visible text, as a hand-edited journal may have it. Taskwarrior crashes on an empty text."""

DONE_FILE = "done.txt"
"""Where programs for todo.txt move completed lines, in the same folder."""

LINE_BREAKS = re.compile("[\t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")

Fate = Literal["added", "changed", "kept", "removed"]
"""What an export does with an item: see ExportReport."""


@frozen
class ExportFormat:
    """A format.

    - `extensions`: the ends of file names that fit it, the usual one first; none for a folder.
    - `render` writes a document in the format.
    - `identify` returns what the format calls an item, the same in each export; `read` finds the items in a text that it
      wrote or that another program changed since, as often as they are there, and raises Refused if that isn't the format.
      A format with many files is read file by file. Both are None if ticks can't be read back.
    - `find_open` finds what `identify` returns for the items that are neither done nor cancelled in existing files, by name.
    - `is_for_one`: it shows a single entry, not the open actions of all.
    - `shows_trends`: it shows `PlannedEntry.trends`, for which the earlier entries of the playbook are read.
    - `profiles`: the variants that `ExportOptions.profile` may name. `item_types`: what `ExportOptions.item_type` may be.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    render: Callable[[PlanDocument, ExportOptions], Export]
    identify: Callable[[PlanItem], str] | None = None
    read: Callable[[str], tuple[Tick, ...]] | None = None
    find_open: Callable[[Mapping[str, str]], Collection[str]] | None = None
    is_for_one: bool = False
    shows_trends: bool = False
    profiles: tuple[str, ...] = ()
    item_types: tuple[str, ...] = ()


def load_format(name: str) -> ExportFormat:
    """The format with that name, one of MODULES."""
    module, _, constant = MODULES[name].partition(":")
    found: ExportFormat = getattr(__import__(f"{__package__}.{module}", fromlist=("FORMAT",)), constant or "FORMAT")
    return found


@frozen
class PlanItem:
    """An action or a check-in, as programs for tasks and calendars take it.

    - `entry` is the id of the entry, `id` that of the action or check-in within it. Both are random in exports for others.
    - `what`: what to do, on one line, without control characters; so are `cue`, `evidence`, `owner` and `title`, the
      playbook's title. `playbook` is the playbook's id, such as "crisis/start".
    - `due`: a date, or a time with its offset. `created`: when the plan was made.
    - `state`: an answered check-in counts as done, a missed one as open.
    - `number`: the action's number in its plan; 0 for a check-in or a dropped action.
    """

    kind: Literal["action", "checkin"]
    entry: str
    id: str
    what: str
    created: datetime
    due: DueTime | None = None
    state: Literal["open", "done", "dropped"] = "open"
    done_at: datetime | None = None
    cue: str = ""
    evidence: str = ""
    owner: str = ""
    number: int = 0
    playbook: str = ""
    title: str = ""

    @property
    def handle(self) -> str:
        """The short form of the entry's id."""
        return get_handle(self.entry)

    @property
    def local_id(self) -> str:
        """What identifies the item within its entry. A check-in may have the id of an action, and those have no dash."""
        return self.id if self.kind == "action" else f"checkin-{self.id}"

    @property
    def key(self) -> str:
        """What identifies the item, the same in each export: "ENTRY/ID", or "ENTRY/checkin-ID"."""
        return f"{self.entry}/{self.local_id}"

    @property
    def uuid(self) -> UUID:
        """A version 5 UUID derived from `key`."""
        return uuid5(NAMESPACE, self.key)

    @property
    def what_and_who(self) -> str:
        """What to do, followed by who does it in parentheses if that isn't the person."""
        return f"{self.what} ({self.owner})" if self.owner else self.what

    @property
    def due_time(self) -> str:
        """The time when it is due, such as "15:30", in the machine's time zone; "" if it has a date only."""
        return f"{to_local_time(self.due):%H:%M}" if isinstance(self.due, datetime) else ""

    @property
    def due_day(self) -> date | None:
        """The day when it is due, in the machine's time zone."""
        return self.due and to_local_day(self.due)

    @property
    def created_day(self) -> date:
        """The day when the plan was made, in the machine's time zone."""
        return to_local_day(self.created)

    @property
    def done_day(self) -> date | None:
        """The day when it was done, in the machine's time zone, if that is known."""
        return self.done_at and to_local_day(self.done_at)

    def find_due_moment(self) -> datetime | None:
        """When it is due, in the machine's time zone; the end of the day if it has a date only."""
        if self.due is None:
            return None
        if isinstance(self.due, datetime):
            return to_local_time(self.due)
        day = min(max(self.due, MIN_DUE_DAY), MAX_DUE_DAY)
        return to_local_time(datetime.combine(day, END_OF_DAY))


@frozen
class PlannedEntry:
    """An entry with its plan. The entry's outcome has the actions and check-ins of the plan as it stands now.

    `playbook` is the version that the entry was made with, or None if its copy can't be read. `checkins` has the answers
    given in check-ins. `corrected_at`: when answers were corrected after the plan was made, if they were.
    `trends`: its numbers next to those of earlier entries of the same playbook, only for formats that show them.
    """

    entry: Entry
    plan: Plan
    playbook: Playbook | None = None
    checkins: tuple[CheckinRecord, ...] = ()
    corrected_at: datetime | None = None
    trends: tuple[Trend, ...] = ()


@frozen
class PlanDocument:
    """The entries to export, newest first. `for_others`: private answers and names are left out already."""

    entries: tuple[PlannedEntry, ...]
    for_others: bool = False

    @property
    def items(self) -> tuple[PlanItem, ...]:
        """The actions and check-ins of all entries by date, those without a date last."""
        found = [item for each in self.entries for item in _list_items(each)]
        return tuple(sorted(found, key=lambda each: (*due_sort_key(each.due), each.kind == "checkin")))


@frozen
class ExportOptions:
    """How to export.

    - `now`: the time of the export, with its offset.
    - `item_type`: "events", "todos", or "" for the default of the format.
    - `existing`: the text of the file to merge with or to update, or None if there is none. `existing_files`: the same for
      formats of many files, by name; for todo.txt, its DONE_FILE if there is one.
    - `profile`: a variant of the format, such as "todoist".
    - `alarm_time`: when alarms go off for items that have a date only.
    - `is_complete`: the document has everything that is open in the journal, and all else that is open in what exists.
      What isn't in it was removed from the journal.
    """

    now: datetime
    item_type: str = ""
    existing: str | None = None
    existing_files: Mapping[str, str] = MappingProxyType({})
    profile: str = ""
    alarm_time: time = DEFAULT_ALARM_TIME
    is_complete: bool = False


@frozen
class ExportReport:
    """What an export did, each by what the item says: added, changed, left as it was, and removed because it was dropped.

    `lost` says in sentences what the format can't hold. `ticked`: those left as they were that are done there and open here.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    ticked: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@frozen
class Export:
    """The files of an export by name, and what it did. A format with a single file names it "".

    `removed`: the files that are in `existing_files` and belong to no open item any more.
    """

    files: Mapping[str, str]
    report: ExportReport = ExportReport()
    removed: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The single file of the format."""
        [text] = self.files.values()
        return text


@frozen
class Tick:
    """An item as another program has it now.

    `id` is what the format calls the item (`ExportFormat.identify`); `state` "done" or "open". `done_at` is when it was
    done, if the program says so: a date, or a time with its offset.
    """

    id: str
    state: Literal["open", "done"]
    what: str = ""
    done_at: DueTime | None = None


def to_local_time(moment: datetime) -> datetime:
    """`moment` in the machine's time zone; in UTC on the first and last days of the calendar, where that isn't possible."""
    try:
        return moment.astimezone()
    except (OverflowError, ValueError, OSError):
        return moment.replace(tzinfo=UTC)


def to_local_day(due: DueTime) -> date:
    """A date as it is, or the day of a time in the machine's time zone."""
    return to_local_time(due).date() if isinstance(due, datetime) else due


def flatten(text: str) -> str:
    """`text` on one line, with single spaces and without control characters."""
    return " ".join(compile_control_char_pattern().sub("\ufffd", LINE_BREAKS.sub(" ", text)).split())


def name_safely(id: str) -> str:  # noqa: A002 - the same word as in a PlanItem
    """An id as every program takes it, with a dash for anything but ASCII letters, digits, "-" and "_"."""
    return re.sub("[^A-Za-z0-9_-]", "-", id) or "-"


def parse_day(text: str) -> date | None:
    """A date as YYYY-MM-DD; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def build_report(
    fates: Iterable[tuple[Fate, PlanItem]], *, ticked: Iterable[PlanItem] = (), lost: tuple[str, ...] = ()
) -> ExportReport:
    """The report of an export that did this with each item."""
    described: dict[Fate, list[str]] = {"added": [], "changed": [], "kept": [], "removed": []}
    for fate, item in fates:
        described[fate].append(item.what)
    lists = {fate: tuple(found) for fate, found in described.items()}
    return ExportReport(**lists, lost=lost, ticked=describe_items(ticked))


def find_ticked(
    items: Iterable[PlanItem], ticks: Iterable[Tick], *, identify: Callable[[PlanItem], str]
) -> list[PlanItem]:
    """The open actions that are done in another program. A tick can't answer a check-in."""
    done = {each.id for each in ticks if each.state == "done"}
    return [each for each in items if each.state == "open" and each.kind == "action" and identify(each) in done]


def describe_items(items: Iterable[PlanItem]) -> tuple[str, ...]:
    """What the items say, for a report."""
    return tuple(each.what for each in items)


def _list_items(planned: PlannedEntry) -> Iterable[PlanItem]:
    entry, outcome = planned.entry, planned.entry.outcome
    created = outcome.given if outcome else entry.started
    title = flatten(entry.playbook.title)
    for action in planned.plan.actions:
        yield PlanItem(
            "action",
            entry.id,
            action.id,
            flatten(action.do) or UNNAMED,
            created,
            action.due,
            action.state,
            action.done_at,
            cue=flatten(action.cue),
            evidence=flatten(action.evidence),
            owner=flatten(action.owner),
            number=action.number,
            playbook=entry.playbook.id,
            title=title,
        )
    for checkin in planned.plan.checkins:
        answered = checkin.state == "answered"
        yield PlanItem(
            "checkin",
            entry.id,
            checkin.id,
            flatten(f"Check-in: {checkin.title}"),
            created,
            checkin.due,
            "done" if answered else "open",
            max((each.at for each in checkin.answers), default=None) if answered else None,
            playbook=entry.playbook.id,
            title=title,
        )
