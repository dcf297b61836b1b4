"""Explain in words why a file is not valid TOML, with the place of the mistake and what to write instead."""

from __future__ import annotations

import re

from careerkit.core.errors import Place, Problem
from careerkit.core.playbook.diagnostics import SourceMap, find_duplicate, quote
from careerkit.core.text import describe_lookalike

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_DUPLICATES = ("Cannot overwrite a value", "twice", "Cannot mutate immutable namespace", "Duplicate inline table key")
_HINTS = (
    ("Expected '=' after a key", "Write key = value on one line; only text in triple quotes can span lines."),
    ("Invalid value", "Put text in quotes, lists in [...] and tables in {...}; true and false are lowercase."),
    ("Invalid hex value", "Write \\\\ for a backslash, or use '...' instead of \"...\": \\U begins a character code."),
    ("is not a Unicode scalar value", "Write \\\\ for a backslash, or use '...' instead of \"...\"."),
    ("Unescaped '\\'", "Write \\\\ for a backslash, or use '...' instead of \"...\"."),
    ("Unclosed array", "Close the list with ]."),
    ("Unclosed inline table", "Close the inline table with } on the same line."),
    ("Invalid initial character for a key part", "Use letters, digits, - and _ in a key, or put it in quotes."),
    (
        "Expected newline or end of document",
        "Something follows the end of this value. Is there a quote inside the text?",
    ),
    ("Unterminated string", "Close the text with the same quote that opens it."),
    ("Illegal character", "Put text that spans lines in triple quotes."),
    ("Expected ']]'", "Close the table's name with ]]."),
    ("Expected ']'", "Close the table's name with ]."),
)


_TABLES = (
    "stage", "question", "compute", "decision", "finding", "draft", "action", "checkin", "headline", "source", "allow",
    "story",
)  # fmt: skip
"""The tables that may be there several times."""
_SINGLE_HEADER = re.compile(
    rf"^[ \t]*(\[[ \t]*((?:[a-z]+[ \t]*\.[ \t]*)*(?:{'|'.join(_TABLES)}))[ \t]*\])[ \t]*(?:#.*)?$", re.MULTILINE
)
_CURLY_QUOTES = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u2033\u00ab\u00bb"


def describe_syntax_error(text: str, file: str, error: ValueError) -> Problem:
    """The problem in `text`, which is not valid TOML; `error` is the parser's."""
    reason = str(error)
    found = _PLACE.search(reason)
    what = reason[: found.start()] if found else reason
    source = SourceMap(text, {}, file)
    place = Place(file, int(found.group(1)), int(found.group(2))) if found and found.group(1) else source.at(len(text))
    if any(words in what for words in _DUPLICATES):
        return _describe_duplicate_key(text, source, what, place)
    offset = source.offset(place)
    if unclosed := _find_unclosed(text, offset, what):
        opened, message, hint = unclosed
        return Problem("toml-syntax", message, hint, source.at(opened))
    for explain in (
        _explain_curly_quote,
        _explain_line,
        _explain_bare_word,
        _explain_inline_table,
        _explain_comma,
        _explain_key,
    ):
        if explained := explain(text, offset, what):
            return Problem("toml-syntax", *explained, place)
    hint = next((hint for words, hint in _HINTS if words in what), "See toml.io for the syntax.")
    return Problem("toml-syntax", f"This is not valid TOML: {what}.", hint, place)


def _describe_duplicate_key(text: str, source: SourceMap, what: str, place: Place) -> Problem:
    """The key or table that is defined twice, at its second place; or what the parser says, if that can't be found.

    A table in single brackets is named first: it is the reason if it may be there several times.
    """
    if single := list(_SINGLE_HEADER.finditer(text)):
        lines = [str(source.at(each.start(1)).line) for each in single[1:6]]
        name = re.sub(r"[ \t]", "", single[0].group(2))
        also = (
            f" Do the same in line {' and '.join(filter(None, (', '.join(lines[:-1]), lines[-1])))}." if lines else ""
        )
        message = f"`{name.rpartition('.')[2]}` may be there several times, so its header has two brackets."
        return Problem("wrong-type", message, f"Write [[{name}]].{also}", source.at(single[0].start(1)))
    hint = "Remove one of them. [table] may appear once; [[table]] adds another entry."
    duplicate = find_duplicate(text)
    if duplicate is None:
        return Problem("duplicate-key", f"A key or table is defined twice ({quote(what)}).", hint, place)
    name, first, second = duplicate
    message = f"{quote(name)} is defined twice: first in line {source.at(first).line}."
    return Problem("duplicate-key", message, hint, source.at(second))


_TOKEN = re.compile(r"\"{3}|'{3}|[\"'#\[\]{}]")
_TEXTS = {
    '"""': re.compile(r'(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    "'''": re.compile(r".*?'{3,5}", re.DOTALL),
    '"': re.compile(r'(?:\\.|[^"\\\n])*"'),
    "'": re.compile(r"[^'\n]*'"),
}


def _find_open(text: str, end: int) -> list[tuple[str, int]]:
    """The brackets and quotes that are open at the offset `end`, outermost first, each with its offset."""
    found: list[tuple[str, int]] = []
    at = 0
    while (token := _TOKEN.search(text, at, end)) is not None:
        sign, at = token.group(), token.end()
        if sign == "#":
            at = text.find("\n", at) + 1 or len(text)
        elif sign in "[{":
            found.append((sign, token.start()))
        elif sign in "]}":
            del found[-1:]
        else:
            closed = _TEXTS[sign].match(text, at)
            if closed is None or closed.end() > end:
                return [*found, (sign, token.start())]
            at = closed.end()
    return found


_NEXT_STATEMENT = re.compile(r"\[{0,2}[A-Za-z0-9_.-]+(?:\]{1,2}|[ \t]*=)")


def _find_unclosed(text: str, offset: int, what: str) -> tuple[int, str, str] | None:
    """A text or a list that isn't closed: the offset where it begins, what is wrong, and what to write."""
    opened = _find_open(text, offset)
    sign, start = opened[-1] if opened else ("", 0)
    if sign in ('"', "'") and text[offset : offset + 1] in ("\n", ""):
        line = text[start:offset]
        curly = next((each for each in line if each in _CURLY_QUOTES), "")
        if curly and line.rstrip(" \t,")[-1:] == curly:
            return start, "This text ends with a curly quote.", f"Close it with a straight one: {sign}."
        hint = f"Close it with {sign} at its end. Put text that spans lines in triple quotes."
        return start, "This text isn't closed in its line.", hint
    if sign in ('"""', "'''"):
        return start, "This text isn't closed anywhere below.", f"Close it with {sign}."
    line_start = text.rfind("\n", 0, offset) + 1
    is_statement = what in ("Invalid value", "Unclosed array") and _NEXT_STATEMENT.match(
        text[line_start:].lstrip(" \t")
    )
    lists = [place for each, place in opened if each == "[" and place < line_start]
    if lists and (is_statement or not text[offset:].strip()):
        number = text.count("\n", 0, offset) + 1
        before = f"before line {number}" if is_statement else "at its end"
        return lists[0], "This list isn't closed.", f"Close it with ] {before}."
    return None


def _explain_curly_quote(text: str, offset: int, what: str) -> tuple[str, str] | None:
    if what != "Invalid value" or text[offset : offset + 1] not in tuple(_CURLY_QUOTES):
        return None
    return "These quotes are curly.", 'Write straight ones: "...".'


def _explain_line(text: str, offset: int, what: str) -> tuple[str, str] | None:
    """A comment of another language, a table without brackets, or a colon instead of the equals sign."""
    line_start = text.rfind("\n", 0, offset) + 1
    line = text[line_start:].partition("\n")[0].strip()
    if line.startswith(("//", "--", "/*", ";")):
        return "A comment begins with #.", f"Write # instead of {line[:2].rstrip() if line[0] != ';' else ';'}."
    if "Expected '='" in what and text[offset : offset + 1] == ":":
        return "A key is followed by =, not by a colon.", "Write key = value."
    if "Expected '='" in what and line.rpartition(".")[2] in _TABLES:
        return f"The header {quote(line)} has no brackets.", f"Write [[{line}]]."
    return None


_BARE_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def _explain_bare_word(text: str, offset: int, what: str) -> tuple[str, str] | None:
    """A value without quotes."""
    found = _BARE_WORD.match(text, offset) if what == "Invalid value" else None
    if found is None:
        return None
    word = found.group()
    message = f"{quote(word)} stands here without quotes."
    if word.lower() in ("true", "false"):
        return message, f"Write {word.lower()}, in small letters."
    if word.lower() in ("yes", "no", "on", "off"):
        return message, "Write true or false."
    key = _find_key_before(text, offset)
    if key in _NUMBER_KEYS:
        return message, f"`{key}` takes a number, as in {key} = 3. It can't depend on an answer; a `check` can."
    return message, "Put text, ids and expressions in quotes."


_NUMBER_KEYS = ("min", "max", "start", "points", "from", "minutes", "draws", "own_max", "format")


def _find_key_before(text: str, offset: int) -> str:
    """The key of the value that begins at `offset`; empty for an entry of a list."""
    found = re.search(r"([A-Za-z0-9_-]+)[ \t]*=[ \t]*$", text[max(0, offset - 100) : offset])
    return found.group(1) if found else ""


def _explain_inline_table(text: str, offset: int, what: str) -> tuple[str, str] | None:
    """A table in { ... } that spans lines, or has a comma at its end."""
    if what not in ("Invalid initial character for a key part", "Unclosed inline table"):
        return None
    rest = text[offset : offset + 1]
    before = text[:offset].rstrip(" \t")[-1:]
    if rest in ("\n", "#") and before in ("{", ","):
        hint = "Write it in one line. If it is complete, close it with }. Only lists in [...] may span lines."
        if before == "{":
            hint = "Write it in one line. For a list that spans lines, write [ instead of {."
        return "A table in {...} has a line break in it.", hint
    if rest == "\n" and what == "Unclosed inline table":
        return (
            "A table in {...} isn't closed in its line.",
            "Close it with }, or remove the line break: it must be in one line.",
        )
    if rest == "}" and before == ",":
        return "There is a comma before the end of this table.", "Remove the comma."
    if what == "Unclosed inline table":
        return "A comma is missing here, or the table isn't closed.", "Write , between two keys, and } at the end."
    return None


def _explain_comma(text: str, offset: int, what: str) -> tuple[str, str] | None:
    if what != "Unclosed array" or not text[offset:].strip():
        return None
    if text[offset] == "=" or re.match(r"\[{0,2}[A-Za-z0-9_.-]+\]{0,2}[ \t]*(?:=|\n)", text[offset:]):
        return "A list isn't closed before this.", "Close it with ]."
    return "A comma is missing before this.", "Write , between two entries of a list, and ] at its end."


def _explain_key(text: str, offset: int, what: str) -> tuple[str, str] | None:
    """A letter of another script in a key or a header."""
    keys = ("Invalid initial character for a key part", "Expected '=' after a key in a key/value pair")
    if what not in keys and not what.startswith("Expected ']"):
        return None
    lookalike = describe_lookalike(text[offset : offset + 1])
    return ("This letter can't be part of a key.", lookalike) if lookalike else None
