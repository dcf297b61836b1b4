"""Write plans as notes for Obsidian with its plug-in Tasks, update a note that is there already, and read ticks back.

A line is `- [ ] TEXT 🆔 k3f9x2-send ➕ 2026-11-22 📅 2026-11-23`. Tasks reads it from its end, and takes what stands before
the fields as the text, so nothing may follow them. Cue and evidence are items below the task.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from careerkit.core.frozen import frozen
from careerkit.export import markdown
from careerkit.export.formats import (
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

_PRIORITIES = "🔺⏫🔼🔽⏬"
_DUE_SIGNS = "📅📆🗓"
SIGNS = f"🆔⛔{_PRIORITIES}🔁🏁➕🛫⏳⌛{_DUE_SIGNS}❌✅"
"""What Tasks takes for a field. An optional variation selector may follow."""
SETTLED = "xX-"
"""The states of a task that is done or cancelled."""

_VARIANT = "\ufe0f?"
_SIGN = re.compile(f"[{SIGNS}]{_VARIANT}")
_TASK = re.compile(r"(?P<start>(?P<indent>[\s>]*)(?:[-*+]|\d+[.)]) +\[)(?P<status>.)\](?P<rest> .*)")
_ID = re.compile(f"🆔{_VARIANT} *([A-Za-z0-9_-]+)")
_DUE = re.compile(rf"[{_DUE_SIGNS}]{_VARIANT} *\d{{4}}-\d{{2}}-\d{{2}}")
_DONE = re.compile(rf"✅{_VARIANT} *(\d{{4}}-\d{{2}}-\d{{2}})")
_LAST_FIELDS = re.compile(r"\s*(?:[❌✅].*|\s\^[A-Za-z0-9-]+)?$")
"""The fields that come after the due date, and the name of the line for links."""
_BLOCK_LINK = re.compile(r"(?:\s\^[A-Za-z0-9-]+)?$")
_TIME = re.compile(r"by \d\d:\d\d ")
_TAG = re.compile(r"(?<!\S)#\S+")
_FENCE = re.compile(r"\s*(```+|~~~+)")


@frozen
class _TaskLine:
    """A line with an id, and its number in the note, from 0. `text` begins and ends with a space, and the fields follow."""

    number: int
    id: str
    indent: str
    start: str
    status: str
    text: str
    fields: str

    def __str__(self) -> str:
        return f"{self.start}{self.status}]{self.text}{self.fields}".rstrip()

    @property
    def is_settled(self) -> bool:
        return self.status in SETTLED


def neutralise(text: str) -> str:
    """`text` without the signs of Tasks, and with everything escaped that Obsidian, Dataview or Markdown reads as markup."""
    line = _SIGN.sub(" ", text).replace("::", ": :").replace("::", ": :").replace("%%", "% %").replace("%%", "% %")
    return markdown.escape(line).replace("==", "\\==") or "…"


def _identify(item: PlanItem) -> str:
    return f"{name_safely(item.handle)}-{name_safely(item.local_id)}"


# ------------------------------------------------------------ writing


def _render_document(document: PlanDocument, options: ExportOptions) -> Export:
    if options.existing is not None:
        return _merge(document, options.existing)
    items = document.items
    sections = [[each for each in items if each.entry == planned.entry.id] for planned in document.entries]
    lines = [line for section in sections if section for line in _build_section(section)]
    text = "".join(f"{line}\n" for line in lines[1:])
    return Export({"": text}, ExportReport(added=describe_items(items), lost=_describe_losses(items)))


def _merge(document: PlanDocument, existing: str) -> Export:
    """Update the lines of known items in place, and add the open ones that are new below those of their entry."""
    lines = existing.split("\n")
    found = list(_find_tasks(lines))
    settled = {each.id for each in found if each.is_settled}
    known = {each.id: each for each in reversed(found)}
    fates: list[tuple[Fate, PlanItem]] = []
    for item in document.items:
        task = known.get(_identify(item))
        if task is None:
            fates += [("added", item)] if item.state == "open" else []
        elif task.id in settled:
            fates.append(("kept", item))
        else:
            place = slice(task.number, _find_end(lines, task))
            before = lines[place]
            lines[place] = [_update_task(task, item, before[0]), *(_update_detail(each, item) for each in before[1:])]
            fates.append(("kept" if lines[place] == before else "changed", item))
    end = "\r" if "\r\n" in existing else ""
    added = [item for fate, item in fates if fate == "added"]
    for entry in dict.fromkeys(each.entry for each in added):
        _add_items(lines, [each for each in added if each.entry == entry], document.items, end=end)
    ticked = find_ticked(document.items, _read_ticks(existing), identify=_identify)
    report = build_report(fates, ticked=ticked, lost=_describe_losses(document.items))
    return Export({"": "\n".join(lines)}, report)


def _add_items(lines: list[str], added: Sequence[PlanItem], items: Sequence[PlanItem], *, end: str) -> None:
    """Add items of one entry below those that the note has, or in a section at its end."""
    ids = {_identify(each) for each in items if each.entry == added[0].entry}
    known = [each for each in _find_tasks(lines) if each.id in ids]
    if not known:
        _append(lines, _build_section(added), end=end)
        return
    number = _find_end(lines, known[-1])
    below = [f"{known[-1].indent}{line}" for each in added for line in _build_lines(each)]
    if number == len(lines):
        _append(lines, below, end=end)
    else:
        lines[number:number] = [f"{line}{end}" for line in below]


def _append(lines: list[str], more: Sequence[str], *, end: str) -> None:
    """Add lines at the end of the text, which is then completed with a line break. Two empty lines become one."""
    if lines[-1]:
        lines[-1] += end
    else:
        lines.pop()
    is_blank_there = not lines or not lines[-1].strip()
    lines += [*(f"{line}{end}" for line in (more[1:] if is_blank_there and not more[0] else more)), ""]


def _build_section(items: Sequence[PlanItem]) -> list[str]:
    """An empty line, a heading, and the items."""
    return ["", f"## {neutralise(items[0].title)}", "", *(line for each in items for line in _build_lines(each))]


def _build_lines(item: PlanItem) -> list[str]:
    """The item, and below it its cue and evidence."""
    time = f"by {item.due_time} " if item.due_time else ""
    due = f" 📅 {item.due_day.isoformat()}" if item.due_day else ""
    task = f"- [ ] {neutralise(item.what_and_who)} {time}🆔 {_identify(item)} ➕ {item.created_day.isoformat()}{due}"
    match item.state:
        case "done":
            task = _complete(task, item)
        case "dropped":
            task = task.replace("[ ]", "[-]", 1)
    return [task, *(f"  - {label}: {text}" for label, text in _list_details(item))]


def _list_details(item: PlanItem) -> list[tuple[str, str]]:
    texts = (("Cue", item.cue), ("Done when", item.evidence))
    return [(label, neutralise(text)) for label, text in texts if text]


def _update_task(task: _TaskLine, item: PlanItem, line: str) -> str:
    """The line with the item's text, date and state. What the person added to it stays."""
    what = f" {neutralise(item.what_and_who)} "
    before, found, after = task.text.partition(what)
    if not found:
        before, after = "", "".join(f"{tag} " for tag in _TAG.findall(task.text))
    earlier = _TIME.match(after)
    time = f"by {item.due_time} " if item.due_time else ""
    text = f"{before}{what}{time}{after[earlier.end() :] if earlier else after}"
    fields = task.fields
    if item.due_day:
        due = f"📅 {item.due_day.isoformat()}"
        fields = (
            _DUE.sub(due, fields, count=1)
            if _DUE.search(fields)
            else _LAST_FIELDS.sub(rf" {due}\g<0>", fields, count=1)
        )
    updated = f"{task.start}{task.status}]{text}{fields}"
    match item.state:
        case "done":
            updated = _complete(updated, item)
        case "dropped":
            updated = f"{task.start}-]{text}{fields}"
    end = "\r" if line.endswith("\r") else ""
    return line if updated.rstrip() == line.rstrip() else f"{updated}{end}"


def _complete(line: str, item: PlanItem) -> str:
    """The line as ticked, with the day when it was done if that is known."""
    ticked = re.sub(r"\[.\]", "[x]", line, count=1)
    day = f" ✅ {item.done_day.isoformat()}" if item.done_day else ""
    return _BLOCK_LINK.sub(rf"{day}\g<0>", ticked.rstrip(), count=1)


def _update_detail(line: str, item: PlanItem) -> str:
    """The line below a task with the item's cue or evidence, if that is what it has."""
    for label, text in _list_details(item):
        start, found, before = line.rstrip().partition(f"- {label}: ")
        if found and not start.strip(" \t>") and before != text:
            return f"{start}{found}{text}{line[len(line.rstrip()) :]}"
    return line


def _describe_losses(items: Sequence[PlanItem]) -> tuple[str, ...]:
    sentences = [
        f"Obsidian Tasks can't store a time, so 'by {each.due_time}' is in the text." for each in items if each.due_time
    ][:1]
    if any(_SIGN.search(f"{each.what_and_who} {each.cue} {each.evidence}") for each in items):
        sentences.append("Signs that Obsidian Tasks would take for fields are left out.")
    return tuple(sentences)


# ------------------------------------------------------------ reading


def _find_tasks(lines: Sequence[str]) -> Iterator[_TaskLine]:
    """The tasks that have an id. Those in the front matter or in code are no tasks."""
    fence = "---" if lines and lines[0].strip() == "---" else ""
    for number, line in enumerate(lines):
        if fence:
            fence = "" if number and line.strip().startswith(fence) and not line.strip().strip(fence[0]) else fence
        elif mark := _FENCE.match(line):
            fence = mark[1]
        elif task := _parse_task(number, line.removesuffix("\r")):
            yield task


def _parse_task(number: int, line: str) -> _TaskLine | None:
    parts = _TASK.fullmatch(line)
    found = parts and _ID.search(parts["rest"])
    if not (parts and found):
        return None
    rest = parts["rest"]
    sign = _SIGN.search(rest)
    at = sign.start() if sign else len(rest)
    text = f" {rest[:at].strip()} "
    return _TaskLine(number, found[1], parts["indent"], parts["start"], parts["status"], text, rest[at:])


def _find_end(lines: Sequence[str], task: _TaskLine) -> int:
    """The number of the first line that doesn't belong to the task: that isn't indented more than it is."""
    number = task.number + 1
    while number < len(lines) and lines[number].strip() and re.match(rf"{re.escape(task.indent)}[ \t]", lines[number]):
        number += 1
    return number


def _read_ticks(text: str) -> tuple[Tick, ...]:
    """The tasks with an id. One that was cancelled is neither open nor done."""
    tasks = _find_tasks(text.split("\n"))
    return tuple(_read_task(each) for each in tasks if each.status != "-")


def _find_open(texts: Mapping[str, str]) -> set[str]:
    return {each.id for each in _read_ticks(texts.get("", "")) if each.state == "open"}


def _read_task(task: _TaskLine) -> Tick:
    found = _DONE.search(task.fields)
    what = re.sub(r"\\([^\w\s])", r"\1", task.text).strip()
    return Tick(task.id, "done" if task.is_settled else "open", what, parse_day(found[1]) if found else None)


FORMAT = ExportFormat("obsidian", "Obsidian", (".md",), _render_document, _identify, _read_ticks, _find_open)
