"""The searchable text of an entry: title, answers, findings, drafts and actions, and later notes and corrections.

A search reads many entries, so the texts of unchanged files that careerkit wrote are extracted without parsing TOML.
Both ways give the same texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from careerkit.core.journal.fast_reader import unescape

TYPE_CHECKING = False
if TYPE_CHECKING:  # searches don't need these
    from careerkit.core.journal.entry import Entry
    from careerkit.core.journal.entry_list import History
    from careerkit.core.values import Value

# No repeated group is possessive: before Python 3.11.5 such groups match too little.
STRING_CONTENT = r'[^"\\\n]*+(?:\\.[^"\\\n]*+)*'
STRING = rf'"({STRING_CONTENT})"'
LINE_PATTERN = re.compile(
    r"^(?:(\[[^\n]+\])"  # the heading of a table
    rf'|("{STRING_CONTENT}"|[A-Za-z0-9_-]++) = '
    rf'(?:"""\n([^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*)"""|{STRING}|(\[[^\n]*\])))$',
    re.MULTILINE | re.DOTALL,
)
STRING_PATTERN = re.compile(STRING)
ANSWER_TABLES, RECORD_TABLES = ("[[answer]]", "[[earlier]]"), ("[[answer.value]]", "[[earlier.value]]")
SEARCHED_KEYS = {
    "": ("title",),
    "[[finding]]": ("title", "text", "for", "against"),
    "[[draft]]": ("title", "text"),
    "[[action]]": ("do", "cue", "evidence"),
}


def extract_entry_texts(entry: Entry) -> Iterator[str]:
    """The texts of an entry as it was read."""
    yield entry.playbook.title
    for answer in (*entry.answers, *entry.earlier):
        yield from _extract_answer_texts(answer.type, answer.shown, answer.value)
    if entry.outcome:
        for finding in entry.outcome.findings:
            yield from (finding.title, finding.text, *finding.supports, *finding.opposes)
        for draft in entry.outcome.drafts:
            yield from (draft.title, draft.text)
        for action in entry.outcome.actions:
            yield from (action.do, action.cue, action.evidence)


def extract_file_texts(text: str) -> Iterator[str]:
    """The texts of an entry's file, which must be unchanged since careerkit wrote it."""
    table = ""
    answer: dict[str, str] = {}
    for found in LINE_PATTERN.finditer(text):
        heading, key, long, short, several = found.groups()
        if heading:
            yield from _extract_written_answer(answer)
            table, answer = heading, {}
        elif table in ANSWER_TABLES and several is None:
            answer[key] = unescape(short if long is None else long)
        elif table in RECORD_TABLES or key in SEARCHED_KEYS.get(table, ()):
            strings = [short if long is None else long] if several is None else STRING_PATTERN.findall(several)
            yield from map(unescape, strings)
    yield from _extract_written_answer(answer)


def extract_history_texts(history: History) -> Iterator[str]:
    """The texts of an entry's notes and corrections."""
    for event in (*history.notes, *(each for found in history.corrections.values() for each in found)):
        yield from _extract_answer_texts(event.type, event.shown, event.value)


def _extract_answer_texts(kind: str, shown: str, value: Value | None) -> Iterator[str]:
    """The answer as it is shown, and the texts in its value that this may abbreviate."""
    if shown:
        yield shown
    match value:
        case str() if (kind == "text" or not shown) and value != shown:
            yield value
        case tuple():
            for row in value:
                if isinstance(row, Mapping):
                    yield from _extract_field_texts(row.values())


def _extract_field_texts(fields: Iterable[object]) -> Iterator[str]:
    for field in fields:
        match field:
            case str():
                yield field
            case tuple():
                yield from field


def _extract_written_answer(answer: Mapping[str, str]) -> Iterator[str]:
    if answer:
        value = answer.get("value", "")
        yield from _extract_answer_texts(answer["type"], answer.get("shown", value), value)
