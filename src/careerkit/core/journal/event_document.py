"""How an event becomes a document that TOML can hold, and back, exactly. One key a line, so that many are read quickly."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from careerkit.core.journal.event import Event
from careerkit.core.journal.fields import COUNT, MOMENT, TEXT, TEXTS, Fields
from careerkit.core.journal.plain_value import clean, compact, to_plain, value_of, with_offset
from careerkit.core.journal.version import FORMAT, LOWEST_READABLE, newer_format, too_old
from careerkit.core.problem import Refused

Document = dict[str, object]


def event_to_document(event: Event) -> Document:
    """The event as TOML holds it, keys in the order in which they are written. Refused for one of a newer format."""
    if event.format > FORMAT:
        raise Refused(newer_format(event.format))
    document: Document = {
        "format": FORMAT,
        "id": event.id,
        "kind": event.kind,
        "entry": event.entry,
        "at": with_offset(event.at),
        "machine": clean(event.machine),
    }
    document |= compact(about=event.about, asked=event.asked, replaces=event.replaces)
    document |= {key: value for key, value in event.unknown.items() if key not in document}
    if event.value is None:
        return document
    return document | {"type": event.type} | compact(shown=event.shown) | {"value": to_plain(event.value)}


def event_from_document(document: Mapping[str, object]) -> Event:
    """The event that a parsed document holds; keys that aren't known are kept in `unknown`.

    Decimals must have been parsed as Decimal. Refused with every problem, each with its path.
    """
    head = Fields(document, "", [], noun="event")
    number = head.required("format", COUNT)
    if not head.problems and number < LOWEST_READABLE:
        raise Refused(too_old(number))
    kind = head.optional("type", TEXT, "yesno")
    event = Event(
        id=head.required("id", TEXT),
        kind=head.required("kind", TEXT),
        entry=head.required("entry", TEXT),
        at=head.required("at", MOMENT),
        machine=head.required("machine", TEXT),
        about=head.optional("about", TEXT, ""),
        type=kind,
        value=head.optional("value", value_of(kind), None),
        shown=head.optional("shown", TEXT, ""),
        asked=head.optional("asked", TEXT, ""),
        replaces=head.optional("replaces", TEXTS, ()),
        unknown=MappingProxyType(head.unknown()),
        format=number,
    )
    if not head.problems:
        return event
    raise Refused([newer_format(number), *head.problems] if number > FORMAT else head.problems)
