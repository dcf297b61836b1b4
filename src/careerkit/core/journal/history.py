"""What events amount to: which of them are in force, and where two machines contradict each other.

The result does not depend on the order in which events are read, nor on any clock but for the order of display.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from careerkit.core.frozen import frozen
from careerkit.core.journal.event import Event, Thing

NO_EVENTS: tuple[Event, ...] = ()


@frozen
class History:
    """What has happened to one entry.

    `notes` oldest first. `corrections`: question -> the events in force, newest first; the first is the one to go by.
    `disputed` are the events in force about one thing that say different things, newest first: both are to be shown.
    A tag in dispute counts as there, a removal in dispute does not count. `gone`: removed for good.
    """

    notes: tuple[Event, ...] = ()
    tags: tuple[str, ...] = ()
    removed: bool = False
    gone: bool = False
    corrections: Mapping[str, tuple[Event, ...]] = MappingProxyType({})
    disputed: tuple[tuple[Event, ...], ...] = ()


NOTHING_HAPPENED = History()


def in_force(events: Iterable[Event]) -> dict[Thing, tuple[Event, ...]]:
    """By thing, the events that nothing replaces, newest first. An event replaces only others about the same thing."""
    known = {event.id: event for event in events}
    replaced = {
        old for event in known.values() for old in event.replaces if old in known and known[old].thing == event.thing
    }
    standing: dict[Thing, tuple[Event, ...]] = {}
    for event in sorted(known.values(), key=_newest_first, reverse=True):
        if event.id not in replaced:
            standing[event.thing] = (*standing.get(event.thing, NO_EVENTS), event)
    return standing


def history(events: Iterable[Event]) -> History:
    """What the events of one entry amount to."""
    standing = in_force(events)
    of_kind = _by_kind(standing)
    notes = [event for found in of_kind.get("note", {}).values() for event in found if event.value is not None]
    return History(
        notes=tuple(sorted(notes, key=_newest_first)),
        tags=tuple(sorted(tag for tag, found in of_kind.get("tag", {}).items() if any(_says_yes(it) for it in found))),
        removed=_all_yes(of_kind.get("removal", {}).get("", NO_EVENTS)),
        gone=bool(of_kind.get("tombstone")),
        corrections=MappingProxyType(of_kind.get("correction", {})),
        disputed=tuple(found for found in standing.values() if _contradict(found)),
    )


def histories(events: Iterable[Event]) -> dict[str, History]:
    """The history of every entry that an event speaks of, by the entry's id."""
    by_entry: dict[str, list[Event]] = {}
    for event in events:
        by_entry.setdefault(event.entry, []).append(event)
    return {entry_id: history(its) for entry_id, its in by_entry.items()}


def _by_kind(standing: Mapping[Thing, tuple[Event, ...]]) -> dict[str, dict[str, tuple[Event, ...]]]:
    kinds: dict[str, dict[str, tuple[Event, ...]]] = {}
    for (_, kind, about), found in standing.items():
        kinds.setdefault(kind, {})[about] = found
    return kinds


def _newest_first(event: Event) -> tuple[object, str]:
    return event.at, event.id


def _says_yes(event: Event) -> bool:
    return event.value is True


def _all_yes(found: tuple[Event, ...]) -> bool:
    return bool(found) and all(_says_yes(event) for event in found)


def _contradict(found: tuple[Event, ...]) -> bool:
    return any(event.value != found[0].value for event in found[1:])
