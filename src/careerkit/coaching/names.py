"""The names that a person wrote before, to be offered again: only ever where the person has turned that on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from careerkit.coaching.ports import Journal
from careerkit.core.journal.entry import Entry
from careerkit.core.playbook.model import Question, RecordsForm, TextForm
from careerkit.core.problem import Refused
from careerkit.core.wording import one_line

Names = Callable[[str], tuple[str, ...]]
"""Gives the names of all entries but the one named: when a question needs them, for that reads entries."""

FIELD = "person"
MOST_NAMES = 9
"""So that one digit is enough to take one."""
MOST_ENTRIES = 100
"""Older ones are not read: a question must not wait for years of a journal."""


def no_names(_but: str) -> tuple[str, ...]:
    """Nothing is offered."""
    return ()


def names_before(journal: Journal, *, but: str) -> tuple[str, ...]:
    """The names in the forms of earlier entries, newest first, each once. Entries that can't be read are passed over.

    `but` is the entry that is being written.
    """
    found: dict[str, str] = {}
    for listed in journal.listing(newest=MOST_ENTRIES).entries:
        if listed.id == but or len(found) >= MOST_NAMES:
            continue
        try:
            entry = journal.read(listed.id).entry
        except Refused:
            continue
        for name in _names(entry):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())[:MOST_NAMES]


def suggestions(question: Question, names: Names, *, but: str) -> Mapping[str, tuple[str, ...]]:
    """By field of a form: the names that fit there. `names` is only called where there is such a field."""
    form = question.form
    fields = form.fields if isinstance(form, RecordsForm) else ()
    limits = {field.id: field.form.max for field in fields if field.id == FIELD and isinstance(field.form, TextForm)}
    fitting = {each: tuple(name for name in names(but) if len(name) <= longest) for each, longest in limits.items()}
    return MappingProxyType({each: found for each, found in fitting.items() if found})


def _names(entry: Entry) -> Iterator[str]:
    for answer in entry.answers:
        for record in answer.value if isinstance(answer.value, tuple) else ():
            name = record.get(FIELD) if isinstance(record, Mapping) else None
            if isinstance(name, str) and name.strip():
                yield one_line(name)
