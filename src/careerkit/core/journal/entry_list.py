"""Entries as lists show them, their filters and tags, and the events that happened to an entry after its interview.

It doesn't import the models of entries and playbooks, so that listing starts fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.text import abbreviate, compile_control_char_pattern, is_blank, quote_fragment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from careerkit.core.journal.query import TextMatch

MAX_TAG_LENGTH = 40
JOINERS = "\u200c\u200d"

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    from careerkit.core.values import Value

    EventKind = Literal[
        "note",
        "tag",
        "removal",
        "correction",
        "tombstone",
        "action",
        "due",
        "added",
        "replan",
        "checkin",
        "checkin_answer",
        "prediction",
    ]
else:
    EventKind = str

PLAN_KINDS: tuple[EventKind, ...] = ("action", "due", "added", "replan", "checkin", "checkin_answer", "prediction")
"""The kinds of events that change a plan; `plan.py` says what follows from each."""
EVENT_KINDS: tuple[EventKind, ...] = ("note", "tag", "removal", "correction", "tombstone", *PLAN_KINDS)

EventSubject = tuple[str, str, str]
"""What an event changes: entry, kind, about. Tags that differ only in case, accents or width are one."""


@frozen
class EntrySummary:
    """An entry as lists show it. `disputed`: machines have recorded conflicting changes."""

    id: str
    playbook: str
    title: str
    started: datetime
    finished: datetime | None
    answered: int
    asked: int
    actions_open: int
    actions_done: int
    tags: tuple[str, ...] = ()
    disputed: bool = False

    @property
    def state(self) -> Literal["open", "finished"]:
        return "finished" if self.finished else "open"

    @property
    def handle(self) -> str:
        return get_handle(self.id)


@frozen
class EntryList:
    """Entries, newest first. `not_shown` counts those beyond the limit, which were not read.

    `problems`: files that could not be read or were changed by another program. `matches`: in a search, the matching
    text of each entry.
    """

    entries: tuple[EntrySummary, ...]
    problems: tuple[Problem, ...] = ()
    not_shown: int = 0
    matches: tuple[TextMatch, ...] = ()


@frozen
class EntryFilter:
    """Conditions that an entry must all meet; "" and None are no condition.

    `playbook` is a full id or a group. `since` and `until` are inclusive, by the local date at the start of the entry.
    `removed` selects removed entries instead of the others.
    """

    playbook: str = ""
    tag: str = ""
    state: Literal["", "open", "finished"] = ""
    since: date | None = None
    until: date | None = None
    removed: bool = False

    def is_visible(self, history: History) -> bool:
        """May an entry with this history be shown? The other conditions are checked by `matches`."""
        return not history.is_erased and history.removed == self.removed

    def matches(self, summary: EntrySummary) -> bool:
        """Does the entry meet all conditions except `removed`, which depends on its history alone?"""
        day = summary.started.date()
        return (
            self.playbook in ("", summary.playbook, summary.playbook.partition("/")[0])
            and (not self.tag or fold_tag(self.tag) in map(fold_tag, summary.tags))
            and self.state in ("", summary.state)
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
        )


NO_FILTER = EntryFilter()


def get_handle(entry_id: str) -> str:
    """The random part of an entry's id, which people type."""
    return entry_id.partition("-")[2]


def parse_tag(text: str) -> str:
    """Normalise a tag: lower case, dashes for spaces, no leading `#`. Raises Refused if it can't be a tag.

    It is shown as it is written here; `fold_tag` says which tags are the same.
    """
    import unicodedata  # lists parse no tags

    plain = unicodedata.normalize("NFC", text.lower()).strip().lstrip("#＃")
    tag = "-".join(plain.split())
    if is_blank(tag) or not fold_tag(tag):
        raise Refused(Problem("bad-tag", "A tag can't be empty.", "Examples: boss, difficult-client."))
    if len(tag) > MAX_TAG_LENGTH:
        short = abbreviate(tag)
        raise Refused(
            Problem("bad-tag", f"{short} is too long for a tag.", f"At most {MAX_TAG_LENGTH} characters.", short)
        )
    if "," in tag or tag.startswith("-") or not _is_visible(tag):
        raise Refused(
            Problem("bad-tag", f"{quote_fragment(text)} can't be a tag.", "Use letters, digits and dashes.", tag)
        )
    return tag


def parse_tags(texts: Iterable[str]) -> tuple[str, ...]:
    """Normalise tags and drop duplicates. Raises Refused with every problem."""
    tags: dict[str, str] = {}
    problems: list[Problem] = []
    for each in texts:
        try:
            tag = parse_tag(each)
            tags.setdefault(fold_tag(tag), tag)
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return tuple(tags.values())


@frozen
class Event:
    """One change to an entry.

    - `id`: the UTC millisecond and a random part, such as `20261123T081012345Z-9c1b04de77aa1f02`. Clocks decide the
      order of display only.
    - `kind`: one of EVENT_KINDS, or a kind of a newer version.
    - `about`: which thing of that kind: a tag, a question's id, a note's random name; "" if there can be only one.
    - `value`: the new state, or None if the thing is removed. `type`: its type, named like a type of question.
    - `shown`: the value as a person reads it. `asked`: the question that it answers.
    - `comment`: what the person said about it: the proof of an action that is done, the reason for dropping or moving it.
    - `undoes`: the id of the event that this one takes back, or "".
    """

    id: str
    kind: str
    entry: str
    at: datetime
    machine: str
    about: str = ""
    type: str = "yesno"
    value: Value | None = None
    shown: str = ""
    asked: str = ""
    comment: str = ""
    undoes: str = ""
    replaces: tuple[str, ...] = ()
    unknown: Mapping[str, object] = MappingProxyType({})
    format: int = 1

    @property
    def subject(self) -> EventSubject:
        """The thing that the event changes."""
        return build_subject(self.entry, self.kind, self.about)


@frozen
class EventList:
    """Events as read, oldest first by their ids, and problems with files that could not be read."""

    events: tuple[Event, ...]
    problems: tuple[Problem, ...] = ()


NO_EVENTS: tuple[Event, ...] = ()


@frozen
class History:
    """What has happened to one entry.

    `notes` are oldest first. `corrections` maps a question to the events in effect, newest first; the first one counts.
    `disputed` groups events in effect that disagree about the same thing, newest first; all of them should be shown.
    A disputed tag counts, a disputed removal doesn't. `is_erased`: deleted for good.
    `plan` maps kind and subject of the events in PLAN_KINDS to those in effect, newest first. `replans` are all new plans,
    newest first, including those that another one replaced.
    """

    notes: tuple[Event, ...] = ()
    tags: tuple[str, ...] = ()
    removed: bool = False
    is_erased: bool = False
    corrections: Mapping[str, tuple[Event, ...]] = MappingProxyType({})
    disputed: tuple[tuple[Event, ...], ...] = ()
    plan: Mapping[tuple[str, str], tuple[Event, ...]] = MappingProxyType({})
    replans: tuple[Event, ...] = ()


EMPTY_HISTORY = History()


def build_subject(entry: str, kind: str, about: str) -> EventSubject:
    """What an event with these values changes."""
    return entry, kind, fold_tag(about) if kind == "tag" else about


def fold_tag(tag: str) -> str:
    """What makes a tag the same as another one: its characters as the search folds them."""
    if tag.isascii():
        return tag.lower()
    from careerkit.core.journal.query import fold_characters  # few tags need it

    return fold_characters(tag)


def find_effective_events(events: Iterable[Event]) -> dict[EventSubject, tuple[Event, ...]]:
    """The events that no other event replaces, by what they change, newest first.

    An event can only replace events about the same thing.
    """
    known = {event.id: event for event in events}
    replaced = {
        old
        for event in known.values()
        for old in event.replaces
        if old in known and known[old].subject == event.subject
    }
    effective: dict[EventSubject, tuple[Event, ...]] = {}
    for event in sorted(known.values(), key=_get_sort_key, reverse=True):
        if event.id not in replaced:
            effective[event.subject] = (*effective.get(event.subject, NO_EVENTS), event)
    return effective


def format_event_value(event: Event) -> str:
    """The value of an event as a person reads it; "" if it has none."""
    match event.value:
        case None:
            return ""
        case bool():
            return event.shown or ("yes" if event.value else "no")
        case str():
            return event.shown or event.value
    return event.shown or str(event.value)


def build_history(events: Iterable[Event]) -> History:
    """The history that the events of one entry give."""
    events = tuple(events)
    effective = find_effective_events(events)
    of_kind = _group_by_kind(effective)
    notes = [event for found in of_kind.get("note", {}).values() for event in found if event.value is not None]
    return History(
        notes=tuple(sorted(notes, key=_get_sort_key)),
        tags=tuple(sorted(tag for found in of_kind.get("tag", {}).values() if (tag := _find_spelling(found)))),
        removed=_are_all_yes(of_kind.get("removal", {}).get("", NO_EVENTS)),
        is_erased=bool(of_kind.get("tombstone")),
        corrections=MappingProxyType(of_kind.get("correction", {})),
        disputed=tuple(found for found in effective.values() if _has_conflict(found)),
        plan=MappingProxyType(
            {(kind, about): found for (_, kind, about), found in effective.items() if kind in PLAN_KINDS}
        ),
        replans=tuple(sorted((each for each in events if each.kind == "replan"), key=_get_sort_key, reverse=True)),
    )


def build_histories(events: Iterable[Event]) -> dict[str, History]:
    """The history of every entry that has events, by the entry's id."""
    by_entry: dict[str, list[Event]] = {}
    for event in events:
        by_entry.setdefault(event.entry, []).append(event)
    return {entry_id: build_history(its) for entry_id, its in by_entry.items()}


def _is_visible(tag: str) -> bool:
    """Is every character visible? Joiners, as in Persian words and emoji, are allowed."""
    if tag.isprintable():
        return True
    return not compile_control_char_pattern().search(tag) and all(sign.isprintable() or sign in JOINERS for sign in tag)


def _group_by_kind(effective: Mapping[EventSubject, tuple[Event, ...]]) -> dict[str, dict[str, tuple[Event, ...]]]:
    kinds: dict[str, dict[str, tuple[Event, ...]]] = {}
    for (_, kind, about), found in effective.items():
        kinds.setdefault(kind, {})[about] = found
    return kinds


def _get_sort_key(event: Event) -> tuple[object, str]:
    return event.at, event.id


def _is_yes(event: Event) -> bool:
    return event.value is True


def _find_spelling(found: tuple[Event, ...]) -> str:
    """The tag as it was written last; "" if all of these events removed it."""
    return next((event.about for event in found if _is_yes(event)), "")


def _are_all_yes(found: tuple[Event, ...]) -> bool:
    return bool(found) and all(_is_yes(event) for event in found)


def _has_conflict(found: tuple[Event, ...]) -> bool:
    return any(event.value != found[0].value for event in found[1:])
