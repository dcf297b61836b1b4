"""How an entry becomes a document that TOML can hold, and back, exactly.

The keys of the head come first, one line each and before any table, so that lists read them without parsing TOML;
then what was asked and answered, then what followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from careerkit.core.journal.entry import Answer, Begun, Entry, Lane, PlaybookRef
from careerkit.core.journal.fields import COUNT, FLAG, MOMENT, TEXT, TEXTS, Fields, one_of
from careerkit.core.journal.outcome_tables import outcome_tables, read_outcome, read_rows
from careerkit.core.journal.plain_value import clean, compact, to_plain, value_of, with_offset
from careerkit.core.journal.summary import action_count, answered_count
from careerkit.core.journal.version import FORMAT, LOWEST_READABLE, newer_format, too_old
from careerkit.core.problem import Refused

OUTCOME_TABLES = ("computed", "decision", "finding", "draft", "action", "checkin")
TABLES = ("answer", "begun", "earlier", *OUTCOME_TABLES)
STATE = one_of(("open", "finished"))
LANE = one_of(get_args(Lane))

Document = dict[str, object]


def to_document(entry: Entry) -> Document:
    """The entry as TOML holds it, keys in the order in which they are written.

    Null fields of records and null cells are left out, and a lone surrogate becomes U+FFFD; all else comes back
    from `from_document` as it was. Refused where the entry was read from a newer format.
    """
    if entry.format > FORMAT:
        raise Refused(newer_format(entry.format))
    document = _head(entry)
    document |= {key: value for key, value in entry.unknown.items() if key not in document and key not in TABLES}
    rows = [("answer", answer.question, _from_answer(answer)) for answer in entry.answers]
    rows += [("earlier", str(place), _from_answer(answer)) for place, answer in enumerate(entry.earlier)]
    rows += [("begun", each.question, _from_begun(each)) for each in entry.begun]
    rows += outcome_tables(entry.outcome) if entry.outcome else ()
    tables: dict[str, list[Document]] = {}
    for table, part, row in rows:
        tables.setdefault(table, []).append({**row, **_kept(entry, table, part, row)})
    return document | tables


def from_document(document: Mapping[str, object]) -> Entry:
    """The entry that a parsed document holds; keys that aren't known are kept in `unknown`.

    Decimals must have been parsed as Decimal. Refused with every problem, each with its path such as
    `answer[2].value.lead.pay`, where a key is missing or has the wrong type.
    """
    head = Fields(document, "", [])
    number = head.required("format", COUNT)
    if not head.problems and number < LOWEST_READABLE:
        raise Refused(too_old(number))
    entry = _read(head, number)
    if not head.problems:
        return entry
    raise Refused([newer_format(number), *head.problems] if number > FORMAT else head.problems)


def _head(entry: Entry) -> Document:
    playbook = entry.playbook
    head: Document = {
        "format": FORMAT,
        "id": entry.id,
        "title": clean(playbook.title),
        "playbook": clean(playbook.id),
        "playbook_version": clean(playbook.version),
        "playbook_sha256": clean(playbook.sha256),
        "started": with_offset(entry.started),
    }
    head |= compact(finished=entry.finished, quick_given=entry.quick_given)
    head |= compact(given=entry.outcome.given if entry.outcome else None, zone=entry.zone)
    head |= {"state": entry.state, "lane": entry.lane, "answered": answered_count(entry), "asked": entry.asked}
    head |= {"actions_open": action_count(entry, "open"), "actions_done": action_count(entry, "done")}
    head |= {"machine": clean(entry.machine)}
    return head | compact(continues=entry.continues, passed=entry.passed, said=entry.said)


def _from_answer(answer: Answer) -> Document:
    row: Document = {"question": clean(answer.question), "type": clean(answer.type), "asked": clean(answer.asked)}
    row |= compact(hidden=answer.hidden, private=answer.private)
    # A text is shown as it is: written once, a long one doesn't double the file.
    shown = {} if answer.shown == answer.value else {"shown": clean(answer.shown)}
    return row | shown | {"value": to_plain(answer.value)}


def _from_begun(begun: Begun) -> Document:
    return {"question": clean(begun.question), "type": clean(begun.type), "value": to_plain(begun.value)}


def _kept(entry: Entry, table: str, part: str, row: Document) -> Document:
    parts = entry.unknown.get(table)
    rest = parts.get(part) if isinstance(parts, Mapping) else None
    return {key: value for key, value in rest.items() if key not in row} if isinstance(rest, Mapping) else {}


def _read(head: Fields, number: int) -> Entry:
    unknown: dict[str, object] = {}
    _pass_over_derived(head)
    answers = read_rows(head, "answer", _answer, unknown, key="question")
    earlier = read_rows(head, "earlier", _answer, unknown, key=None)
    begun = read_rows(head, "begun", _begun, unknown, key="question")
    given = head.optional("given", MOMENT, None)
    if given is None and (orphans := [table for table in OUTCOME_TABLES if table in head.raw]):
        head.blame("missing-key", f"given is missing, though there is a {orphans[0]}.", "given")
    outcome = read_outcome(head, given, unknown) if given else None
    return Entry(
        id=head.required("id", TEXT),
        machine=head.required("machine", TEXT),
        playbook=_playbook(head),
        started=head.required("started", MOMENT),
        zone=head.optional("zone", TEXT, ""),
        lane=head.required("lane", LANE),
        finished=head.optional("finished", MOMENT, None),
        quick_given=head.optional("quick_given", MOMENT, None),
        asked=head.required("asked", COUNT),
        answers=answers,
        passed=head.optional("passed", TEXTS, ()),
        said=head.optional("said", TEXTS, ()),
        begun=begun,
        outcome=outcome,
        continues=head.optional("continues", TEXT, ""),
        earlier=earlier,
        unknown=MappingProxyType(head.unknown() | unknown),
        format=number,
    )


def _pass_over_derived(head: Fields) -> None:
    """What the head repeats for lists is known, and worked out anew."""
    head.required("state", STATE)
    for key in ("answered", "actions_open", "actions_done"):
        head.required(key, COUNT)


def _playbook(head: Fields) -> PlaybookRef:
    return PlaybookRef(
        id=head.required("playbook", TEXT),
        title=head.required("title", TEXT),
        version=head.required("playbook_version", TEXT),
        sha256=head.required("playbook_sha256", TEXT),
    )


def _answer(row: Fields) -> Answer:
    kind = row.required("type", TEXT)
    value = row.required("value", value_of(kind))
    shown = row.optional("shown", TEXT, value)
    if not isinstance(shown, str):
        row.blame("missing-key", f"{row.at('shown')} is missing.", "shown")
    return Answer(
        question=row.required("question", TEXT),
        type=kind,
        asked=row.required("asked", TEXT),
        value=value,
        shown=str(shown),
        hidden=row.optional("hidden", FLAG, default=False),
        private=row.optional("private", FLAG, default=False),
    )


def _begun(row: Fields) -> Begun:
    kind = row.required("type", TEXT)
    return Begun(row.required("question", TEXT), kind, row.required("value", value_of(kind)))
