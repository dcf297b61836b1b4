"""What is searched of an entry: its title, the answers, findings, drafts and actions, and later notes and corrections.

A list or a search reads many entries, so the texts of a file that careerkit wrote and nobody changed are found without
parsing TOML. Both ways give the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from careerkit.core.journal.head import unescaped

if TYPE_CHECKING:  # a search does without what entries are made of
    from careerkit.core.journal.entry import Entry
    from careerkit.core.journal.history import History
    from careerkit.core.value import Value

# No repeated group is possessive: before Python 3.11.5 such a one finds too little.
WITHIN = r'[^"\\\n]*+(?:\\.[^"\\\n]*+)*'
STRING = rf'"({WITHIN})"'
LINE = re.compile(
    r"^(?:(\[[^\n]+\])"  # the heading of a table
    rf'|("{WITHIN}"|[A-Za-z0-9_-]++) = '
    rf'(?:"""\n([^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*)"""|{STRING}|(\[[^\n]*\])))$',
    re.MULTILINE | re.DOTALL,
)
STRINGS = re.compile(STRING)
ANSWERS, RECORDS = ("[[answer]]", "[[earlier]]"), ("[[answer.value]]", "[[earlier.value]]")
SEARCHED = {
    "": ("title",),
    "[[finding]]": ("title", "text", "for", "against"),
    "[[draft]]": ("title", "text"),
    "[[action]]": ("do", "cue", "evidence"),
}


def of_entry(entry: Entry) -> Iterator[str]:
    """The texts of an entry as it was read."""
    yield entry.playbook.title
    for answer in (*entry.answers, *entry.earlier):
        yield from _of_answer(answer.type, answer.shown, answer.value)
    if entry.outcome:
        for finding in entry.outcome.findings:
            yield from (finding.title, finding.text, *finding.supports, *finding.opposes)
        for draft in entry.outcome.drafts:
            yield from (draft.title, draft.text)
        for action in entry.outcome.actions:
            yield from (action.do, action.cue, action.evidence)


def of_file(text: str) -> Iterator[str]:
    """The texts of an entry's file, which must be as careerkit wrote it."""
    table = ""
    answer: dict[str, str] = {}
    for found in LINE.finditer(text):
        heading, key, long, short, several = found.groups()
        if heading:
            yield from _written_answer(answer)
            table, answer = heading, {}
        elif table in ANSWERS and several is None:
            answer[key] = unescaped(short if long is None else long)
        elif table in RECORDS or key in SEARCHED.get(table, ()):
            strings = [short if long is None else long] if several is None else STRINGS.findall(several)
            yield from map(unescaped, strings)
    yield from _written_answer(answer)


def of_history(history: History) -> Iterator[str]:
    """The texts of what happened to an entry later."""
    for event in (*history.notes, *(each for found in history.corrections.values() for each in found)):
        yield from _of_answer(event.type, event.shown, event.value)


def _of_answer(kind: str, shown: str, value: Value | None) -> Iterator[str]:
    """As it is shown, and word for word: a text, and each text within a form."""
    if shown:
        yield shown
    match value:
        case str() if (kind == "text" or not shown) and value != shown:
            yield value
        case tuple():
            for row in value:
                if isinstance(row, Mapping):
                    yield from _texts(row.values())


def _texts(fields: Iterable[object]) -> Iterator[str]:
    for field in fields:
        match field:
            case str():
                yield field
            case tuple():
                yield from field


def _written_answer(answer: Mapping[str, str]) -> Iterator[str]:
    if answer:
        value = answer.get("value", "")
        yield from _of_answer(answer["type"], answer.get("shown", value), value)
