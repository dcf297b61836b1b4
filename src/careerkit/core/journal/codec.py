"""Convert entries and events to the documents that TOML files hold, and back, without loss.

A document begins with its head: keys that fit on one line each, so that fast_reader.py can read them without a parser.
Then follow the answers and the outcome. How records are laid out is declared at the end of this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from careerkit.core.errors import Refused
from careerkit.core.frozen import cast, replace
from careerkit.core.journal.entry import Answer, Entry, PartialAnswer, PlaybookRef, count_actions, count_answered
from careerkit.core.journal.entry_list import Event
from careerkit.core.journal.fast_reader import (
    FORMAT,
    MIN_READABLE_FORMAT,
    describe_newer_format,
    describe_old_format,
    is_valid_time,
)
from careerkit.core.outcome.model import Action, Checkin, ComputedValue, Decision, Draft, Finding, Outcome, Prediction
from careerkit.core.record_codec import (
    COUNT,
    FLAG,
    NUMBER,
    NUMBER_MAP,
    TEXT,
    TEXT_MAP,
    TEXTS,
    FieldType,
    Layout,
    Mismatch,
    RecordCodec,
    literal,
    replace_surrogates,
)
from careerkit.core.values import Cell, FieldValue, Record, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    RecordT = TypeVar("RecordT", bound=Entry | Event)
    Document = dict[str, Any]


def entry_to_document(entry: Entry) -> Document:
    """The entry as a document, with its keys in the order in which they are written.

    Null fields and null cells are left out, and lone surrogates become U+FFFD; `entry_from_document` restores everything
    else. Raises Refused for an entry of a newer format, and ValueError for a time without an offset.
    """
    return _to_document(entry)


def entry_from_document(document: Mapping[str, object]) -> Entry:
    """The entry in a parsed document. Keys that this version doesn't know are kept in `unknown`.

    Floats must have been parsed as Decimal. Raises Refused if a key is missing or has the wrong type, with every problem
    and its path, such as `answer[2].value.lead.pay`.
    """
    return _from_document(Entry, document, noun="entry")


def event_to_document(event: Event) -> Document:
    """The event as a document. Raises Refused and ValueError like `entry_to_document`."""
    document = _to_document(event)
    if event.value is None:
        document.pop("type")
        document.pop("shown", None)
    return document


def event_from_document(document: Mapping[str, object]) -> Event:
    """The event in a parsed document. Raises Refused like `entry_from_document`."""
    return _from_document(Event, document, noun="event")


def _to_document(record: Entry | Event) -> Document:
    if record.format > FORMAT:
        raise Refused(describe_newer_format(record.format))
    return CODEC.to_plain(replace(record, format=FORMAT))


def _from_document(cls: type[RecordT], document: Mapping[str, object], *, noun: str) -> RecordT:
    given = document.get("format")
    number = given if isinstance(given, int) and not isinstance(given, bool) else FORMAT
    if 0 <= number < MIN_READABLE_FORMAT:
        raise Refused(describe_old_format(number))
    try:
        return CODEC.from_plain(cls, document, noun=noun)
    except Refused as refused:
        if number > FORMAT:
            raise Refused([describe_newer_format(number), *refused.problems]) from None
        raise


def _read_moment(raw: object) -> datetime:
    if isinstance(raw, datetime) and is_valid_time(raw):
        return raw
    raise Mismatch("a time with its offset")


def _read_date_or_moment(raw: object) -> date | datetime:
    if isinstance(raw, date) and (not isinstance(raw, datetime) or is_valid_time(raw)):
        return raw
    raise Mismatch("a date, or a time with its offset")


def _with_fixed_offset(moment: datetime) -> datetime:
    """The same moment with an offset in whole minutes, because TOML has no seconds in offsets."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a time in the journal needs its offset")
    return moment.astimezone(timezone(timedelta(minutes=offset // timedelta(minutes=1))))


def _write_date_or_moment(when: date | datetime) -> date | datetime:
    return _with_fixed_offset(when) if isinstance(when, datetime) else when


def write_value(value: object) -> object:
    """A value as TOML holds it: tuples become lists, and nulls in tables are left out."""
    match value:
        case str():
            return replace_surrogates(value)
        case Mapping():
            return {replace_surrogates(key): write_value(each) for key, each in value.items() if each is not None}
        case tuple() | list():
            return [write_value(each) for each in value]
    return value


@cache
def answer_type(question_type: str) -> FieldType:
    """The form of an answer to that type of question. For the types of newer versions, any value is accepted."""
    usual = SIMPLE_ANSWERS.get(question_type)

    def read(raw: object) -> Value:
        value = _read_any_value(raw)
        if type(value) is usual and (usual is not tuple or _is_texts(value)):
            return value
        from careerkit.core.questions.question import find_spec_class  # most answers are simple

        spec = find_spec_class("choice" if question_type == _BAND else question_type)
        if spec is None or spec.is_stored(value):
            return value
        raise Mismatch(spec.stored_as)

    return FieldType(read, "", write_value)


def _read_any_value(raw: object) -> Value:
    match raw:
        case str() | bool():
            return raw
        case int() | Decimal():
            return cast("Decimal", NUMBER.read(raw))
        case date() if not isinstance(raw, datetime):
            return raw
        case list() if all(isinstance(item, str) for item in raw):
            return tuple(raw)
        case list():
            return tuple(_read_record(row, f"[{number}]") for number, row in enumerate(raw, start=1))
        case Mapping() if raw and all(isinstance(row, Mapping) for row in raw.values()):
            return MappingProxyType({key: _read_row(row, f".{key}") for key, row in raw.items()})
        case Mapping():
            return MappingProxyType({key: _read_inside(f".{key}", NUMBER.read, each) for key, each in raw.items()})
    raise Mismatch("a value that a question can have")


def _read_record(raw: object, inside: str) -> Record:
    if not isinstance(raw, Mapping):
        raise Mismatch("a table", inside)
    return MappingProxyType({key: _read_inside(f"{inside}.{key}", _read_field, value) for key, value in raw.items()})


def _read_row(raw: Mapping[str, object], inside: str) -> Mapping[str, Cell]:
    return MappingProxyType({key: _read_inside(f"{inside}.{key}", _read_cell, value) for key, value in raw.items()})


def _read_field(raw: object) -> FieldValue:
    value = _read_any_value(raw)
    if isinstance(value, str | bool | Decimal | date) or _is_texts(value):
        return cast("FieldValue", value)
    raise Mismatch("a value that a form's field can have")


def _read_cell(raw: object) -> Cell:
    if isinstance(raw, list) and len(raw) == 3:
        low, likely, high = (NUMBER.read(number) for number in raw)
        return low, likely, high
    return cast("Decimal", NUMBER.read(raw))


def _is_texts(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(each, str) for each in value)


def _read_inside(path: str, read: Callable[[object], Any], raw: object) -> Any:
    try:
        return read(raw)
    except Mismatch as mismatch:
        raise Mismatch(mismatch.expected, path + mismatch.inside) from None


SIMPLE_ANSWERS: Mapping[str, type] = {
    **dict.fromkeys(("text", "choice", "band"), str),
    "yesno": bool,
    **dict.fromkeys(("number", "scale"), Decimal),
    "date": date,
    **dict.fromkeys(("choices", "list", "rank"), tuple),
}
"""Type of question -> what its answers are, tuples being of texts. They are read without importing the type's module, which
is most of what an entry takes to read. Whatever else is found is left to `Spec.is_stored`."""
_ANY_VALUE = FieldType(_read_any_value, "", write_value)
_BAND = "band"
"""The type of an answer that is the person's choice of a band. It is stored like a choice."""
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_TYPES: Mapping[str, FieldType] = {
    "str": TEXT,
    "bool": FLAG,
    "int": COUNT,
    "Decimal": NUMBER,
    "datetime": FieldType(_read_moment, _EPOCH, _with_fixed_offset),
    "date | datetime": FieldType(_read_date_or_moment, _EPOCH, _write_date_or_moment),
    "tuple[str, ...]": TEXTS,
    "Mapping[str, str]": TEXT_MAP,
    "Mapping[str, Decimal]": NUMBER_MAP,
    "Mapping[str, Decimal | None]": NUMBER_MAP,
    "Value": _ANY_VALUE,
}
_ENTRY_HEAD = (
    "format id title playbook playbook_version playbook_sha256 started finished quick_given given zone"
    " state lane answered asked actions_open actions_done machine continues passed said headline headline_level small"
)
_ENTRY_TABLES = "answer earlier begun computed decision finding draft action checkin prediction"
_LAYOUTS: Mapping[type, Layout] = {
    Entry: Layout(
        keys={"answers": "answer"},
        order=f"{_ENTRY_HEAD} * {_ENTRY_TABLES}",
        always=("asked", "format"),
        required=("asked", "format"),
        inline=("playbook", "outcome"),
        derived={  # what lists show
            "state": (literal(("open", "finished")), lambda entry: entry.state),
            "answered": (COUNT, count_answered),
            "actions_open": (COUNT, lambda entry: count_actions(entry, "open")),
            "actions_done": (COUNT, lambda entry: count_actions(entry, "done")),
        },
        by_position=("earlier",),
    ),
    PlaybookRef: Layout(keys={"id": "playbook", "version": "playbook_version", "sha256": "playbook_sha256"}),
    Answer: Layout(
        order="question type asked hidden private shown value",
        same_as={"shown": "value"},  # a long text doesn't double the file
        by_type={"value": answer_type},
        row_id="question",
    ),
    PartialAnswer: Layout(by_type={"value": answer_type}, row_id="question"),
    Outcome: Layout(
        keys={
            "decisions": "decision",
            "findings": "finding",
            "drafts": "draft",
            "actions": "action",
            "checkins": "checkin",
            "predictions": "prediction",
        },
        optional={"headline_level": "info"},  # entries from before there were headlines have none
    ),
    ComputedValue: Layout(
        keys={"supports": "for", "opposes": "against"},
        order="id label shown arithmetic band band_label overridden for against because private value",
    ),
    Decision: Layout(
        order="id first second share flip flip_on tell tell_on dominated ruled_out not_scored totals shares",
        nulls={"totals": "not_scored"},
    ),
    Finding: Layout(
        keys={"supports": "for", "opposes": "against", "carry": "with"},
        order="id level title text because for against source next private with profile",
        optional={"text": ""},
        by_position=("profile",),
    ),
    Draft: Layout(order="id title to source private text", optional={"to": ""}),
    Action: Layout(order="id state do owner cue due evidence source private"),
    Prediction: Layout(order="id what forecast resolved_by checkin due private"),
    Checkin: Layout(order="id title state due"),
    Event: Layout(
        order="format id kind entry at machine about asked comment undoes replaces * type shown value",
        always=("format", "type"),
        required=("format",),
        by_type={"value": answer_type},
    ),
}
CODEC = RecordCodec(_TYPES, _LAYOUTS)
