"""Read calendar files as a tree of their lines, so that what isn't changed is written back as it was.

A library that parses every value would drop or rewrite what it doesn't know, and fail at one bad line of another program.

    stream    = { component }
    component = "BEGIN:" name line-end { property | component } "END:" name line-end
    property  = name { ";" parameter } ":" value line-end        (continued by lines that begin with a space or tab)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen

MAX_DEPTH = 8
"""How deeply components may be nested. An alarm in a task in a calendar is three deep."""
LINE_END = "\r\n"
_LINE_ENDS = re.compile(r"\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_BEFORE_VALUE = re.compile(r'(?:[^":]|"[^"]*")*:')
_ESCAPE = re.compile(r"\\(.)")
_TIME_ZONE = re.compile(r';TZID="?([^":;]+)', re.IGNORECASE)


@frozen
class ContentLine:
    """A property. `raw` is its text as in the file: with its folds, but without the line end."""

    raw: str

    @property
    def name(self) -> str:
        """The property's name in capitals; "" if the line has none."""
        found = _NAME.match(self.raw)
        return found[0].upper() if found else ""

    @property
    def unfolded(self) -> str:
        """The whole property on one line."""
        return _FOLD.sub("", self.raw)

    @property
    def value(self) -> str:
        """The raw value, with its escapes; "" if there is none."""
        line = self.unfolded
        found = _BEFORE_VALUE.match(line)
        return line[found.end() :] if found else ""

    @property
    def text(self) -> str:
        """The value as text, without its escapes."""
        return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)

    @property
    def time_zone(self) -> str:
        """The id of the time zone that the value is in; "" if the property names none."""
        line = self.unfolded
        found = _TIME_ZONE.search(line, 0, len(line) - len(self.value))
        return found[1] if found else ""


@frozen
class Component:
    """A component, such as VTODO, with its properties and components in the order of the file."""

    name: str
    parts: tuple[ContentLine | Component, ...] = ()

    @property
    def lines(self) -> Iterator[ContentLine]:
        return (each for each in self.parts if isinstance(each, ContentLine))

    @property
    def components(self) -> Iterator[Component]:
        return (each for each in self.parts if isinstance(each, Component))

    def find_line(self, name: str) -> ContentLine | None:
        """Its first property of that name."""
        return next((each for each in self.lines if each.name == name), None)

    def get_value(self, name: str) -> str:
        """The raw value of its first property of that name; "" if there is none."""
        line = self.find_line(name)
        return line.value if line else ""

    def get_text(self, name: str) -> str:
        """The text of its first property of that name; "" if there is none."""
        line = self.find_line(name)
        return line.text if line else ""

    def replace_lines(self, names: Iterable[str], lines: Iterable[ContentLine]) -> Component:
        """The component with `lines` in place of all its properties with these names."""
        names = frozenset(names)
        at = next((at for at, each in enumerate(self.parts) if _is_named(each, names)), None)
        if at is None:  # behind the other properties
            at = next((at for at, each in enumerate(self.parts) if isinstance(each, Component)), len(self.parts))
        kept_before = [each for each in self.parts[:at] if not _is_named(each, names)]
        kept_after = [each for each in self.parts[at:] if not _is_named(each, names)]
        return Component(self.name, (*kept_before, *lines, *kept_after))

    def map_components(self, change: Callable[[Component], Iterable[Component]]) -> Component:
        """The component with each of its components replaced by what `change` returns for it."""
        parts: list[ContentLine | Component] = []
        for each in self.parts:
            parts += change(each) if isinstance(each, Component) else (each,)
        return Component(self.name, tuple(parts))

    def append(self, *components: Component) -> Component:
        """The component with more components at its end."""
        return Component(self.name, (*self.parts, *components))


def fold_ascii(line: str) -> ContentLine:
    """A property of ASCII characters, folded."""
    return ContentLine(f"{LINE_END} ".join(line[at : at + 74] for at in range(0, len(line), 74)))


def parse_components(text: str) -> Component:
    """The components of a text, below one without a name. Blank lines are left out.

    Raises Refused if it isn't made of whole components.
    """
    open_names: list[str] = [""]
    open_parts: list[list[ContentLine | Component]] = [[]]
    for line in _split_lines(text):
        name, _, value = line.raw.partition(":")
        match name.upper():
            case "BEGIN" if len(open_names) <= MAX_DEPTH:
                open_names.append(value.strip().upper())
                open_parts.append([])
            case "END" if len(open_names) > 1 and value.strip().upper() == open_names[-1]:
                component = Component(open_names.pop(), tuple(open_parts.pop()))
                open_parts[-1].append(component)
            case "BEGIN" | "END":
                raise Refused(_describe_broken("begins and ends of its items don't match"))
            case _ if len(open_names) == 1:
                raise Refused(_describe_broken("it doesn't begin with BEGIN:VCALENDAR"))
            case _:
                open_parts[-1].append(line)
    if len(open_names) > 1:
        raise Refused(_describe_broken(f"END:{open_names[1]} is missing"))
    return Component("", tuple(open_parts[0]))


def parse_calendars(text: str) -> Component:
    """The calendars in the text of a file, below a component without a name.

    Raises Refused if there is none, or if it is damaged or incomplete.
    """
    root = parse_components(text)
    if not root.parts:
        raise Refused(_describe_broken("it is empty"))
    if any(each.name != "VCALENDAR" for each in root.components):
        raise Refused(_describe_broken("it doesn't begin with BEGIN:VCALENDAR"))
    return root


def format_component(component: Component) -> str:
    """The text of a component, or of a tree without a name, with CRLF at the end of each line."""
    return "".join(f"{_LINE_ENDS.sub(LINE_END, line)}{LINE_END}" for line in _list_lines(component))


def _split_lines(text: str) -> Iterator[ContentLine]:
    """The properties; `str.splitlines` would also split at characters that are part of a text."""
    parts: list[str] = []
    for line in _LINE_ENDS.split(text):
        if line.startswith((" ", "\t")) and parts:
            parts.append(line)
            continue
        if parts:
            yield ContentLine(LINE_END.join(parts))
        parts = [line] if line.strip() else []
    if parts:
        yield ContentLine(LINE_END.join(parts))


def _list_lines(component: Component) -> Iterator[str]:
    if component.name:
        yield f"BEGIN:{component.name}"
    for each in component.parts:
        if isinstance(each, Component):
            yield from _list_lines(each)
        else:
            yield each.raw
    if component.name:
        yield f"END:{component.name}"


def _is_named(part: ContentLine | Component, names: frozenset[str]) -> bool:
    return isinstance(part, ContentLine) and part.name in names


def _describe_broken(what: str) -> Problem:
    hint = "If a calendar is writing it right now, try again in a moment. Otherwise name another file."
    return Problem("not-a-calendar", f"This file is not a whole calendar: {what}.", hint)
