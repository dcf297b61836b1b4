"""Suggest names from earlier entries in forms, if the person has turned that on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from careerkit.coaching.ports import Journal
from careerkit.core.errors import Refused
from careerkit.core.formatting import collapse_spaces
from careerkit.core.journal.entry import Entry
from careerkit.core.questions.question import Question
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.questions.text import TextSpec

NameLookup = Callable[[str], tuple[str, ...]]
"""Looks up the names in all entries except the given one. Reads entries, so it is called only when a question needs names."""

NAME_FIELD = "person"
MAX_NAMES = 9
"""One digit is enough to choose one."""
MAX_ENTRIES = 100
"""Older entries are not read, so that a question doesn't have to wait for a large journal."""


def suggest_no_names(_exclude: str) -> tuple[str, ...]:
    """The lookup if suggestions are turned off."""
    return ()


def find_earlier_names(journal: Journal, *, exclude: str) -> tuple[str, ...]:
    """The names in the forms of earlier entries, newest first, each once. Unreadable entries are skipped.

    `exclude` is the id of the entry being written.
    """
    found: dict[str, str] = {}
    for listed in journal.listing(limit=MAX_ENTRIES).entries:
        if listed.id == exclude or len(found) >= MAX_NAMES:
            continue
        try:
            entry = journal.read(listed.id).entry
        except Refused:
            continue
        for name in _iterate_names(entry):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())[:MAX_NAMES]


def suggest_names(question: Question, names: NameLookup, *, exclude: str) -> Mapping[str, tuple[str, ...]]:
    """The names that fit, by field of a form. `names` is called only if there is such a field."""
    form = question.spec
    fields = form.fields if isinstance(form, RecordsSpec) else ()
    limits = {
        field.id: field.spec.max for field in fields if field.id == NAME_FIELD and isinstance(field.spec, TextSpec)
    }
    fitting = {each: tuple(name for name in names(exclude) if len(name) <= limit) for each, limit in limits.items()}
    return MappingProxyType({each: found for each, found in fitting.items() if found})


def _iterate_names(entry: Entry) -> Iterator[str]:
    for answer in entry.answers:
        for record in answer.value if isinstance(answer.value, tuple) else ():
            name = record.get(NAME_FIELD) if isinstance(record, Mapping) else None
            if isinstance(name, str) and name.strip():
                yield collapse_spaces(name)
