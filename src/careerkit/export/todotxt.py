"""Write plans as todo.txt, merge them into a list that is there already, and read ticks back.

A line is `2026-11-22 TEXT +PLAYBOOK due:2026-11-23 ck:k3f9x2/send`, and once it is done `x 2026-11-23 2026-11-22 TEXT ...`.
The key `ck:` says which item it is. Programs move completed lines to done.txt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from careerkit.core.frozen import frozen, replace
from careerkit.export.formats import (
    DONE_FILE,
    Export,
    ExportFormat,
    ExportOptions,
    ExportReport,
    Fate,
    PlanDocument,
    PlanItem,
    Tick,
    build_report,
    describe_items,
    find_ticked,
    name_safely,
    parse_day,
)

_DATE = r"\d{4}-\d{2}-\d{2}"
_DONE_HEAD = re.compile(rf"x (?:(?P<done>{_DATE}) )?(?:(?P<created>{_DATE}) )?")
_OPEN_HEAD = re.compile(rf"(?:\((?P<priority>[A-Z])\) )?(?:(?P<created>{_DATE}) )?")
_KEY = re.compile(r"(?<!\S)ck:(\S+)")
_DUE = re.compile(r"(?<!\S)due:\S+")
_TIME = re.compile(r"by \d\d:\d\d ")
_TAG = re.compile(r"[+@]\S+|[^\W\d][^\s:]*:(?!//)[^\s:]\S*")
"""A word with a meaning for programs: a project, a context, or a key with its value."""
_FIRST_WORD_WITH_MEANING = re.compile(rf"[xX]|\([A-Z]\)|{_DATE}")
_LINK = re.compile(r"\W*https?://[^\s:]*(?::\d[^\s:]*)?")
_CLOCK = re.compile(r"\W*\d{1,2}:\d\d\W*")


@frozen
class _Line:
    """A line that has a key. `body` is what follows the head; it begins and ends with a space. `end` is a CR or ""."""

    key: str
    body: str
    priority: str = ""
    created: str = ""
    done: str = ""
    is_done: bool = False
    end: str = ""

    def __str__(self) -> str:
        priority = f"({self.priority}) " if self.priority else ""
        created = f"{self.created} " if self.created else ""
        head = f"x {f'{self.done} ' if self.done else ''}{created}" if self.is_done else f"{priority}{created}"
        return f"{head}{self.body[1:-1]}{self.end}"


def neutralise(text: str) -> str:
    """`text` without anything that programs would take for a priority, a date, a project, a context or a key.

    Words such as "@home" are put in quotation marks, and a space follows the colon in "due:tomorrow". Links and times stay.
    """
    words = [_neutralise_word(each) for each in text.split()]
    if words and _FIRST_WORD_WITH_MEANING.fullmatch(words[0]):
        words[0] = f'"{words[0]}"'
    return " ".join(words)


def _neutralise_word(word: str) -> str:
    if len(word) > 1 and word[0] in "+@":
        word = f'"{word}"'
    if ":" not in word or _LINK.fullmatch(word) or _CLOCK.fullmatch(word):
        return word
    return re.sub(r":(?=\S)", ": ", word)


def _identify(item: PlanItem) -> str:
    return f"{name_safely(item.handle)}/{name_safely(item.local_id)}"


# ------------------------------------------------------------ writing


def _render_document(document: PlanDocument, options: ExportOptions) -> Export:
    if options.existing is not None:
        return _merge(document, options.existing, archived=options.existing_files.get(DONE_FILE, ""))
    written = [each for each in document.items if each.state != "dropped"]
    text = "".join(f"{_build_line(each)}\n" for each in written)
    return Export({"": text}, ExportReport(added=describe_items(written), lost=_describe_losses(document)))


def _merge(document: PlanDocument, existing: str, *, archived: str) -> Export:
    """Update the lines of known items in place, and add those of the others at the end. All other lines stay."""
    lines: list[str | None] = list(existing.split("\n"))
    end = "\r" if "\r\n" in existing else ""
    numbers = {line.key: number for number, line in reversed(list(_find_lines(existing)))}
    finished = {line.key for _, line in (*_find_lines(existing), *_find_lines(archived)) if line.is_done}
    finished |= {line.key for _, line in _find_lines(archived)}
    fates: list[tuple[Fate, PlanItem]] = []
    for item in document.items:
        key = _identify(item)
        number = numbers.get(key)
        if key in finished:
            fates.append(("kept", item))
        elif number is None:
            if item.state == "open":
                fates.append(("added", item))
        elif item.state == "dropped":
            lines[number] = None
            fates.append(("removed", item))
        else:
            before = lines[number] or ""
            lines[number] = str(_update_line(_parse_line(before), item))
            fates.append(("kept" if lines[number] == before else "changed", item))
    text = "\n".join(each for each in lines if each is not None)
    added = [str(_build_line(item)) for fate, item in fates if fate == "added"]
    if added and text and not text.endswith("\n"):
        text += f"{end}\n"
    text += "".join(f"{line}{end}\n" for line in added)
    ticks = (*_read_ticks(existing), *_read_ticks(archived))
    ticked = find_ticked(document.items, ticks, identify=_identify)
    return Export({"": text}, build_report(fates, ticked=ticked, lost=_describe_losses(document)))


def _build_line(item: PlanItem) -> _Line:
    time = f"by {item.due_time}" if item.due_time else ""
    due = f"due:{item.due_day.isoformat()}" if item.due_day else ""
    project = f"+{name_safely(item.playbook)}" if item.playbook else ""
    words = filter(None, (neutralise(item.what_and_who), time, project, due, f"ck:{_identify(item)}"))
    line = _Line(_identify(item), f" {' '.join(words)} ", created=item.created_day.isoformat())
    return _complete(line, item.done_day) if item.state == "done" else line


def _update_line(line: _Line, item: PlanItem) -> _Line:
    """The line with the item's text, date and state. What the person added to it stays where it is."""
    what = f" {neutralise(item.what_and_who)} "
    before, found, after = line.body.partition(what)
    if not found:
        before, after = "", "".join(f"{each} " for each in line.body.split() if _TAG.fullmatch(each))
    earlier = _TIME.match(after)
    time = f"by {item.due_time} " if item.due_time else ""
    body = f"{before}{what}{time}{after[earlier.end() :] if earlier else after}"
    if item.due_day:
        due = f"due:{item.due_day.isoformat()}"
        body = _DUE.sub(due, body, count=1) if _DUE.search(body) else body.replace(" ck:", f" {due} ck:", 1)
    line = replace(line, body=body)
    return _complete(line, item.done_day) if item.state == "done" else line


def _complete(line: _Line, day: date | None) -> _Line:
    """The line as completed. The priority moves to its end, and a date of creation needs one of completion before it."""
    body = f"{line.body}pri:{line.priority} " if line.priority else line.body
    created = line.created if day else ""
    return replace(line, body=body, priority="", created=created, done=day.isoformat() if day else "", is_done=True)


def _describe_losses(document: PlanDocument) -> tuple[str, ...]:
    items = [each for each in document.items if each.state != "dropped"]
    sentences: Iterable[tuple[Callable[[PlanItem], object], str]] = (
        (lambda item: item.due_time, "todo.txt can't store a time, so 'by {time}' is in the text."),
        (lambda item: item.cue or item.evidence, "todo.txt has no place for cues and evidence, so they are left out."),
        (
            lambda item: neutralise(item.what_and_who) != item.what_and_who,
            'Words that todo.txt would take for a project, a context or a key are changed a little, such as "@home".',
        ),
    )
    return tuple(
        sentence.format(time=found[0].due_time)
        for has_loss, sentence in sentences
        if (found := [each for each in items if has_loss(each)])
    )


# ------------------------------------------------------------ reading


def _find_lines(text: str) -> Iterator[tuple[int, _Line]]:
    """The lines that have a key, with their numbers from 0."""
    for number, line in enumerate(text.split("\n")):
        if _KEY.search(line):
            yield number, _parse_line(line)


def _parse_line(text: str) -> _Line:
    """A line that has a key."""
    line = text.removesuffix("\r")
    is_done = line.startswith("x ")
    head = (_DONE_HEAD if is_done else _OPEN_HEAD).match(line)
    key = _KEY.search(line)
    assert head
    assert key
    parts = {name: value or "" for name, value in head.groupdict().items()}
    body = f" {line[head.end() :]} "
    return _Line(key[1], body, **parts, is_done=is_done, end="\r" if text.endswith("\r") else "")


def _read_ticks(text: str) -> tuple[Tick, ...]:
    return tuple(_read_line(line) for _, line in _find_lines(text))


def _find_open(texts: Mapping[str, str]) -> set[str]:
    return {each.id for each in _read_ticks(texts.get("", "")) if each.state == "open"}


def _read_line(line: _Line) -> Tick:
    what = " ".join(each for each in line.body.split() if not _TAG.fullmatch(each))
    return Tick(line.key, "done" if line.is_done else "open", what, parse_day(line.done))


FORMAT = ExportFormat("todotxt", "todo.txt", (".txt",), _render_document, _identify, _read_ticks, _find_open)
