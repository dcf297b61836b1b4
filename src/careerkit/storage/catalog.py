"""The catalog of a journal: read its entries and events fast, list and search them, and resolve the start of an id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby, islice

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.journal.agenda import add_history, list_entry_items
from careerkit.core.journal.entry_list import (
    EMPTY_HISTORY,
    NO_FILTER,
    EntryFilter,
    EntryList,
    EntrySummary,
    Event,
    EventList,
    History,
    build_histories,
    get_handle,
)
from careerkit.core.journal.fast_reader import parse_simple_event, parse_summary, read_head
from careerkit.core.text import abbreviate
from careerkit.storage import platform
from careerkit.storage.encryption import FileCodec
from careerkit.storage.layout import (
    ENTRY_FILES,
    EVENT_FILES,
    Digest,
    entry_path,
    list_files,
    make_adaptive_digest,
    verify_checksum,
)
from careerkit.storage.platform import is_read_failure, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.core.journal.agenda import AgendaItem
    from careerkit.core.journal.entry import Entry, LoadedEntry
    from careerkit.core.journal.plan import FirstPlan
    from careerkit.core.outcome.model import Outcome

if TYPE_CHECKING:
    from datetime import date
    from typing import Protocol

    from careerkit.core.journal.agenda import AgendaItem
    from careerkit.core.journal.query import SearchQuery, TextMatch
else:
    Protocol = object

LAST_ENTRY = "last"
MAX_SHOWN_MATCHES = 5

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


class IndexFailedError(Exception):
    """Reading the index failed. The folder can still be read."""


class Catalog(Protocol):
    """The contents of a journal at one moment."""

    def problems(self) -> tuple[Problem, ...]:
        """Problems with events and with the names of files, including those of the events read so far."""

    def ids_newest_first(self, entry_filter: EntryFilter, search: SearchQuery | None = None) -> Iterator[str]:
        """The ids of all entries that may match, and of all that can't be read, newest first.

        Removed entries are left out, or are the only ones, depending on `entry_filter.removed`.
        """

    def agenda_items(self, until: date | None) -> tuple[list[AgendaItem], Iterable[str]]:
        """What is known of the agenda, at least all that is due by then, and the ids of the entries that have to be read
        for the rest, newest first.
        """

    def count_older(self, entry_id: str, entry_filter: EntryFilter) -> int:
        """Count the entries older than this one, of the removed or the other ones, as above."""

    def history(self, entry_id: str) -> History:
        """The history of an entry. Problems with its events are in `problems` afterwards."""

    def ids_with_prefix(self, prefix: str) -> Iterable[str]:
        """The ids of all entries whose id or random part may begin with `prefix`, also removed ones, oldest first."""

    def read_failures(self) -> list[Problem]:
        """What the system could not read so far, so that ids may be missing."""


class FolderCatalog:
    """The catalog made from the folder's files. It reads all events."""

    def __init__(self, journal: str, codec: FileCodec) -> None:
        self._journal, self._codec = journal, codec

    def problems(self) -> tuple[Problem, ...]:
        return (*self._events.problems, *self._names_and_problems[1])

    def ids_newest_first(self, entry_filter: EntryFilter, search: SearchQuery | None = None) -> Iterator[str]:  # noqa: ARG002 - all may fit
        return reversed(self._visible_ids(entry_filter))

    def agenda_items(self, until: date | None) -> tuple[list[AgendaItem], Iterable[str]]:  # noqa: ARG002 - all have to be read
        return [], self.ids_newest_first(NO_FILTER)

    def count_older(self, entry_id: str, entry_filter: EntryFilter) -> int:
        return sum(each < entry_id for each in self._visible_ids(entry_filter))

    def history(self, entry_id: str) -> History:
        return self._histories.get(entry_id, EMPTY_HISTORY)

    def ids_with_prefix(self, prefix: str) -> Iterable[str]:  # noqa: ARG002 - all may be meant
        return self._names_and_problems[0]

    def read_failures(self) -> list[Problem]:
        done = vars(self)  # problems of what was not needed don't matter
        events = self._events.problems if "_events" in done else ()
        names = self._names_and_problems[1] if "_names_and_problems" in done else ()
        return list(filter(is_read_failure, (*events, *names)))

    @cached_property
    def _events(self) -> EventList:
        return read_events(self._journal, self._codec)

    @cached_property
    def _histories(self) -> dict[str, History]:
        return build_histories(self._events.events)

    @cached_property
    def _names_and_problems(self) -> tuple[list[str], list[Problem]]:
        problems: list[Problem] = []
        return sorted(entry_id for _, entry_id in list_files(self._journal, ENTRY_FILES, problems)), problems

    def _visible_ids(self, entry_filter: EntryFilter) -> list[str]:
        return [each for each in self._names_and_problems[0] if entry_filter.is_visible(self.history(each))]


def list_entries(
    catalog: Catalog,
    journal: str,
    codec: FileCodec,
    *,
    limit: int | None = None,
    entry_filter: EntryFilter = NO_FILTER,
    search: SearchQuery | None = None,
) -> EntryList:
    """List the entries that match, newest first, with the problems of the files that were read.

    With `limit`, only the newest ones by id. With `search`, only entries that contain all its terms, each with the text
    where they were found.
    """
    found: list[tuple[EntrySummary, TextMatch | None]] = []
    problems: list[Problem] = []
    digest = make_adaptive_digest()
    last_read = ""
    for entry_id in catalog.ids_newest_first(entry_filter, search):
        if limit is not None and len(found) >= limit:
            break
        last_read = entry_id
        path = entry_path(journal, entry_id)
        scanned, warnings = _scan_file(path, entry_id, codec, digest)
        problems += warnings
        if scanned:
            history = catalog.history(entry_id)
            summary = scanned.summarize(history, path)
            if entry_filter.matches(summary):
                match = _find_match(search, scanned, history) if search else None
                found += [(summary, match)] if match or not search else []
    found.sort(key=lambda each: (each[0].started, each[0].id), reverse=True)
    is_full = limit is not None and len(found) >= limit
    older = catalog.count_older(last_read, entry_filter) if is_full else 0
    summaries = tuple(summary for summary, _ in found)
    every_problem = tuple(dict.fromkeys((*catalog.problems(), *problems)))
    return EntryList(summaries, every_problem, older, tuple(match for _, match in found if match))


def list_agenda_items(
    catalog: Catalog, journal: str, codec: FileCodec, *, until: date | None, limit: int | None
) -> tuple[list[AgendaItem], tuple[Problem, ...]]:
    """What may be on the agenda until that day, in no order, and the problems of the files that were read.

    With `limit`, at most so many entries are read, the newest.
    """
    items, unread = catalog.agenda_items(until)
    problems: list[Problem] = []
    digest = make_adaptive_digest()
    for entry_id in islice(unread, limit):
        path = entry_path(journal, entry_id)
        scanned, warnings = _scan_file(path, entry_id, codec, digest)
        problems += warnings
        try:
            items += scanned.agenda_items(catalog.history(entry_id), path) if scanned else []
        except Refused as refused:
            problems += refused.problems
    return items, tuple(dict.fromkeys((*catalog.problems(), *problems)))


def find_newest(ids: Sequence[str], journal: str, codec: FileCodec) -> str:
    """The entry that was started last; the first id if none can be read. Raises Refused if the system can't read one."""
    digest = make_adaptive_digest()
    scans = [_scan_file(entry_path(journal, entry_id), entry_id, codec, digest) for entry_id in ids]
    if failed := [problem for _, problems in scans for problem in problems if is_read_failure(problem)]:
        raise Refused(failed)
    started = [(scanned.summary.started, scanned.summary.id) for scanned, _ in scans if scanned]
    return max(started)[1] if started else ids[0]


def _find_match(search: SearchQuery, scanned: ScannedEntry, entry_history: History) -> TextMatch | None:
    from careerkit.core.journal import query, searchable_text  # not needed by a list

    texts = (*scanned.searchable_texts(), *searchable_text.extract_history_texts(entry_history))
    return query.find_match(search, texts)


def _scan_file(
    path: str, entry_id: str, codec: FileCodec, digest: Digest
) -> tuple[ScannedEntry | None, tuple[Problem, ...]]:
    try:
        data = read_file(path)
        if data is None:
            return None, ()  # deleted since its folder was listed
        return scan_entry(codec.decrypt(data, path), path, entry_id, digest)
    except Refused as refused:
        return None, refused.problems


def resolve_entry_id(
    prefix: str,
    ids_with_prefix: Callable[[str], Iterable[str]],
    ids_newest_first: Callable[[], Iterable[str]],
    pick_newest: Callable[[Sequence[str]], str],
) -> str:
    """The full id for the start of an id or of its random part, or for "last". Raises Refused if none or several match.

    `ids_with_prefix` returns at least the ids that match, also of removed entries, so that they can be restored.
    `ids_newest_first` leaves out removed entries. `pick_newest` chooses among entries of the same minute.
    """
    wanted = prefix.strip().lower()
    if wanted == LAST_ENTRY:
        return _resolve_last(ids_newest_first(), pick_newest)
    matching = [entry_id for entry_id in ids_with_prefix(wanted) if wanted and _matches(entry_id.lower(), wanted)]
    match matching:
        case [only]:
            return only
        case []:
            raise Refused(unknown_entry(prefix))
    exact = [entry_id for entry_id in matching if wanted in (entry_id.lower(), get_handle(entry_id))]
    if len(exact) == 1:
        return exact[0]
    raise Refused(_describe_ambiguous(prefix, matching))


def unknown_entry(prefix: str) -> Problem:
    return Problem(
        "unknown-entry",
        "There is no such entry." if prefix else "No entry was named.",
        "`careerkit journal list` shows them all.",
        abbreviate(prefix),
    )


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
        return list_entry_items(self.summary, self._read_first_plan(path), history)

    def _read_first_plan(self, path: str) -> FirstPlan | Outcome | None:
        if self.entry:
            return self.entry.outcome
        from careerkit.core.journal.plan import read_first_plan  # most lists don't need it

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
    raise Refused(platform.unlisted_id_mismatch(scanned.summary.id, path))


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
    raise Refused(platform.event_id_mismatch(event.id, path))


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


def _resolve_last(ids_newest_first: Iterable[str], pick_newest: Callable[[Sequence[str]], str]) -> str:
    for _, same_minute in groupby(ids_newest_first, key=_get_minute):
        ids = list(same_minute)
        return pick_newest(ids) if len(ids) > 1 else ids[0]
    raise Refused(unknown_entry(LAST_ENTRY))


def _describe_ambiguous(prefix: str, matching: list[str]) -> Problem:
    some = ", ".join(get_handle(entry_id) for entry_id in matching[-MAX_SHOWN_MATCHES:])
    more = ", …" if len(matching) > MAX_SHOWN_MATCHES else ""
    message = f"{len(matching)} entries begin like that: {some}{more}."
    return Problem("ambiguous-entry", message, "Type one more letter.", prefix)


def _matches(entry_id: str, prefix: str) -> bool:
    return entry_id.startswith(prefix) or get_handle(entry_id).startswith(prefix)


def _get_minute(entry_id: str) -> str:
    return entry_id.partition("-")[0]
