"""Read many entries and events fast: line by line if the checksum matches, otherwise with the TOML parser."""

from __future__ import annotations

from collections.abc import Iterable

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.journal.entry_list import EntrySummary, add_history
from careerkit.core.journal.events import Event, EventList, History
from careerkit.core.journal.fast_reader import parse_simple_event, parse_summary, read_head
from careerkit.storage import failures
from careerkit.storage.checksum import Digest, make_adaptive_digest, verify_checksum
from careerkit.storage.encryption.codec import FileCodec
from careerkit.storage.file_reader import read_file
from careerkit.storage.layout import EVENT_FILES, list_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.core.journal.agenda import AgendaItem
    from careerkit.core.journal.entry import Entry, LoadedEntry
    from careerkit.core.journal.plan import FirstPlan
    from careerkit.core.outcome.model import Outcome


NO_PROBLEMS: tuple[Problem, ...] = ()
SIMPLE_EVENT_KEYS = frozenset(
    (
        "format",
        "id",
        "kind",
        "entry",
        "at",
        "machine",
        "about",
        "comment",
        "undoes",
        "replaces",
        "type",
        "shown",
        "value",
    )
)
"""Events with other keys go through the TOML parser, which preserves them."""


@frozen
class ScannedEntry:
    """An entry's summary, with the whole entry if the TOML parser had to read it, or else the text of its file."""

    summary: EntrySummary
    text: bytes = b""
    entry: Entry | None = None

    def searchable_texts(self) -> tuple[str, ...]:
        """The entry's texts; none if the file isn't valid although its checksum is."""
        from careerkit.core.journal import searchable_text  # not needed by a list

        try:
            if self.entry is None:
                return tuple(searchable_text.extract_file_texts(self.text.decode()))
            return tuple(searchable_text.extract_entry_texts(self.entry))
        except (ValueError, KeyError):  # reading the whole entry reports what is wrong
            return ()

    def summarize(self, history: History, path: str) -> EntrySummary:
        """The entry as lists show it. If the file isn't valid although its checksum is, its own numbers count."""
        try:
            return add_history(self.summary, history, self._read_first_plan(path) if history.plan else None)
        except Refused:  # reading the whole entry reports what is wrong
            return add_history(self.summary, history, None)

    def agenda_items(self, history: History, path: str) -> list[AgendaItem]:
        """What the entry adds to the agenda. Raises Refused if the file isn't valid although its checksum is."""
        from careerkit.core.journal.agenda import list_entry_items  # not needed by a list

        return list_entry_items(self.summary, self._read_first_plan(path), history)

    def _read_first_plan(self, path: str) -> FirstPlan | Outcome | None:
        if self.entry:
            return self.entry.outcome
        from careerkit.core.journal.plan_reader import read_first_plan  # most lists don't need it

        try:
            return read_first_plan(self.text.decode())
        except (ValueError, KeyError):  # only the TOML parser can read it
            return _decode_entry(self.text, path).entry.outcome


def scan_entry(text: bytes, path: str, entry_id: str, digest: Digest) -> tuple[ScannedEntry, tuple[Problem, ...]]:
    """The entry in a file's text, and warnings about it. Raises Refused if it is damaged or has another id."""
    verified = verify_checksum(text, digest)
    if verified.integrity == "intact" and (summary := _scan_head(verified.text)):
        scanned, warnings = ScannedEntry(summary, text=verified.text), NO_PROBLEMS
    else:
        from careerkit.core.journal.entry import build_summary  # imports everything that can be in an entry

        loaded = _decode_entry(text, path)
        scanned, warnings = ScannedEntry(build_summary(loaded.entry), entry=loaded.entry), loaded.problems
    if scanned.summary.id == entry_id:
        return scanned, warnings
    raise Refused(failures.unlisted_id_mismatch(scanned.summary.id, path))


def scan_event(text: bytes, path: str, event_id: str, digest: Digest) -> tuple[Event, tuple[Problem, ...]]:
    """The event in a file's text, and warnings about it. Raises Refused if it is damaged or has another id."""
    verified = verify_checksum(text, digest)
    event = _scan_simple_event(verified.text) if verified.integrity == "intact" else None
    warnings = NO_PROBLEMS
    if event is None:
        from careerkit.storage.entry_files import decode_event  # imports all types of values

        event, warnings = decode_event(text, path)
    if event.id == event_id:
        return event, warnings
    raise Refused(failures.event_id_mismatch(event.id, path))


def _decode_entry(text: bytes, path: str) -> LoadedEntry:
    from careerkit.storage.entry_files import decode_entry  # imports everything that can be in an entry

    return decode_entry(text, path)


def _scan_head(text: bytes) -> EntrySummary | None:
    """The summary from the first lines of an entry; None if only the TOML parser can read it."""
    try:
        lines = read_head(text)
        return parse_summary(lines) if lines["format"] == "1" else None
    except (ValueError, KeyError):
        return None


def _scan_simple_event(text: bytes) -> Event | None:
    """The event, if it has only simple lines; None if only the TOML parser can read it."""
    try:
        lines = read_head(text)
        return (
            parse_simple_event(lines)
            if lines["format"] == "1" and lines.keys() <= SIMPLE_EVENT_KEYS and b"\n[" not in text
            else None
        )
    except (ValueError, KeyError):
        return None


def read_events(journal: str, codec: FileCodec, *, entry_id: str | None = None) -> EventList:
    """Read the events of all entries or of one, sorted by id, with the problems of their files. Raises Refused."""
    problems: list[Problem] = []
    files = sorted(list_files(journal, EVENT_FILES, problems), key=lambda file: file[1])
    found = read_event_files(files, codec)
    events = tuple(event for event in found.events if entry_id in (None, event.entry))
    return EventList(events, (*problems, *found.problems))


def read_event_files(files: Iterable[tuple[str, str]], codec: FileCodec) -> EventList:
    """Read event files, given as path and id, with their problems."""
    digest = make_adaptive_digest()
    problems: list[Problem] = []
    events: list[Event] = []
    for path, event_id in files:
        try:
            data = read_file(path)
            if data is not None:
                event, warnings = scan_event(codec.decrypt(data, path), path, event_id, digest)
                problems += warnings
                events.append(event)
        except Refused as refused:
            problems += refused.problems
    return EventList(tuple(events), tuple(problems))
