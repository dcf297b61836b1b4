"""Texts: counts with their nouns, abbreviating, quoting, ids, the grammar of inserted words, and the templates of playbooks.

A line of a template is:

    line   = { plain | "{{" | "{" id "}" }
    plain  = any character but "{"

An insert `{id}` has no line break in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from careerkit.core.errors import Place, Problem, Refused
from careerkit.core.frozen import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

MAX_ABBREVIATED_LENGTH = 40
MAX_ID_LENGTH = 40
_FIRST_ID_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz")
_ID_CHARS = _FIRST_ID_CHARS | frozenset("0123456789_")
ARTICLES_AND_POSSESSIVES = frozenset(("A", "An", "The", "My", "Our", "Your", "His", "Her", "Its", "Their"))
DEMONSTRATIVES = frozenset(("This", "That", "One", "Some", "Another"))
NEVER_AFTER_ARTICLE = frozenset(("from", "of", "in", "at", "on", "over", "with", "who", "and", "or", "is"))
"""Words that can't follow an article: in `An from sales` and `My in accounts`, the first word is a name."""

CONTINUATION_CHARS = ",;)"
PUNCTUATION = ".,;:!?"
MIN_SENTENCE_WORDS = 6
"""A line of a list with this many words is taken for a sentence."""

MAX_NAME_WORDS = 8
"""The most words that a name with a job title has; a longer text with a comma is taken for a sentence."""

_CONTRACTED = {"ll": "will", "ve": "have", "d": "would", "re": "are", "m": "am"}
_ASCII_TWINS = {0x3000: " ", **{0xFF00 + code: chr(0x20 + code) for code in range(1, 0x5F)}}

STRAY_HINT = "Write {id} to insert an answer, or {{ for a brace."


def format_count(number: int, noun: str, plural: str = "") -> str:
    """`1 answer`, `2 answers`, `1,200 entries`. Without `plural`, the noun takes an s."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def choose_verb(number: int, singular: str, plural: str) -> str:
    """The form of a verb, or of another word, that agrees with the number: `is` or `are`, `comes` or `come`."""
    return singular if number == 1 else plural


def abbreviate(
    text: str, max_length: int = MAX_ABBREVIATED_LENGTH, *, ellipsis: str = "…", whole_words: bool = False
) -> str:
    """`text` on one line, cut after `max_length` characters with an ellipsis.

    With `whole_words`, it is cut at the last space before that, if there is one.
    """
    line = " ".join(text[: max_length * 100].split())  # a long text is not worth splitting as a whole
    if len(line) <= max_length:
        return line
    start = line[:max_length]
    if whole_words:
        start = start.rpartition(" ")[0] or start
    return start.rstrip() + ellipsis


def fit_width(text: str, width: int, *, count_cells: Callable[[str], int], ellipsis: str) -> str:
    """`text` in at most `width` cells of a terminal, with an ellipsis if it was cut. `count_cells` measures a text."""
    if count_cells(text) <= width:
        return text
    start = text[: max(1, width)]
    while start and count_cells(start) + count_cells(ellipsis) > width:
        start = start[:-1]
    return start.rstrip() + ellipsis


def quote_fragment(text: str, mark: str = "'") -> str:
    """The beginning of `text` in quotation marks, for a message; unprintable characters are escaped."""
    start = text[:MAX_ABBREVIATED_LENGTH]
    safe = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in start)
    return f"{mark}{safe}{'' if start == text else '…'}{mark}"


def join_labels(labels: list[str]) -> str:
    """The labels separated by commas, or by semicolons if a label contains a comma."""
    return ("; " if any("," in label for label in labels) else ", ").join(labels)


def join_texts(lines: list[str]) -> str:
    """Texts that a person wrote, in one line: separated by semicolons if one is a sentence or contains a comma, otherwise by commas."""
    ended = [strip_full_stop(line) if " " in line else line for line in lines[:-1]]
    whole = ended != lines[:-1] or any("," in line or len(line.split()) >= MIN_SENTENCE_WORDS for line in lines)
    mark = "; " if whole else ", "
    return mark.join([*ended, *lines[-1:]])


def fit_into_sentence(text: str, *, before: str) -> str:
    """`text` as it reads after `before`: inside a sentence, a leading article or pronoun becomes lower case.

    A heuristic for English. Names that look like articles keep their capital (`An Nguyen`, `A. Brown`). After a colon,
    a quotation mark or a full stop, `text` is left as it is.
    """
    so_far = before.rstrip()
    inside = so_far != before and so_far[-1:] and (so_far[-1].isalnum() or so_far[-1] in CONTINUATION_CHARS)
    return _make_article_lowercase(text) if inside else text


def add_closing_comma(text: str, *, after: str) -> str:
    """`text` with a closing comma if it is a name with a job title and the sentence continues: `my manager, M., whether`.

    A heuristic: a text of at most eight words with a single comma is taken for such a name.
    """
    continues = after[:1] == " " and after[1:2].isalpha() and after[1:2].islower()
    is_name_with_title = text.count(", ") == 1 and text[-1] not in ",;:!?'\"" and len(text.split()) <= MAX_NAME_WORDS
    return f"{text}," if continues and is_name_with_title else text


def strip_repeated_opening(text: str, *prompts: str) -> str:
    """`text` without the words of the sentence that it was asked to finish, if the person typed them again.

    The opening is what stands in quotation marks before `...` in one of the prompts. To `"In fact, I ..."`, the answers
    `In fact, I was late`, `I was late` and `... was late` all come to `was late`. `I'll` and `I will` are taken for the same.
    """
    for opening in filter(None, map(_find_opening, prompts)):
        expected = [token for word in opening.split() for token in _expand_contraction(word)]
        words = text.lstrip(".… ").split()
        tokens: list[str] = []
        best = 0
        for number, word in enumerate(words[:-1], 1):
            tokens += _expand_contraction(word)
            if tokens == expected[-len(tokens) :]:
                best = number
        return " ".join(words[best:]) or text
    return text


def _find_opening(prompt: str) -> str:
    """`In fact, I` in `Finish the sentence: "In fact, I ..."`; empty if the prompt has no such sentence.

    Of a sentence with two gaps, such as `"When ..., I ..."`, it is what stands before the first.
    """
    for start, end in (('"', '..."'), (" '", "...'")):
        if end in prompt:
            return prompt[: prompt.index(end)].rpartition(start)[2].partition("...")[0].strip()
    return ""


def _expand_contraction(word: str) -> tuple[str, ...]:
    """The words of a contraction, in lower case and without the punctuation around them."""
    plain = word.replace("’", "'").strip(".,;:…\"'").casefold()
    start, apostrophe, end = plain.rpartition("'")
    return (start, _CONTRACTED[end]) if apostrophe and end in _CONTRACTED else (plain,)


def to_ascii_width(text: str) -> str:
    """`text` with full-width letters, digits and signs (as East Asian input methods type them) as their ASCII twins.

    For commands and choices only: an answer is kept as it was typed.
    """
    return text if text.isascii() else text.translate(_ASCII_TWINS)


def is_blank(text: str) -> bool:
    """Does `text` have nothing that can be seen: only spaces, control and format characters, and fillers?"""
    return all(map(_is_invisible, text.strip()))


def has_closing_punctuation(text: str) -> bool:
    """Does `text` end like a sentence, so that no full stop should follow: `why?`, `'Go.'`"""
    return text[-1:] in ("?", "!") or (text[-1:] in "'\"" and text[-2:-1] in (".", "?", "!"))


def add_full_stop(text: str) -> str:
    """`text` with a full stop if it is more than a word and ends with a letter or digit."""
    return f"{text}." if " " in text.strip() and text[-1:].isalnum() else text


def strip_full_stop(text: str) -> str:
    """`text` without a single full stop at its end."""
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text


def is_id(word: str) -> bool:
    """Is `word` formed like an id? Its length is not checked."""
    return word[:1] in _FIRST_ID_CHARS and _ID_CHARS.issuperset(word)


def is_source_id(word: str) -> bool:
    """Is `word` formed like the id of a source? Capitals and dashes are allowed, but no dot: `S1.53` is a claim of `S1`."""
    return word[:1].isalpha() and word.isascii() and word.replace("_", "").replace("-", "").isalnum()


def is_playbook_name(word: str) -> bool:
    """Is `word` formed like the name of a playbook or a group, `[a-z][a-z0-9-]*`?"""
    return "_" not in word and is_id(word.replace("-", "_"))


def may_have_control_chars(text: str) -> bool:
    """Does `text` need `compile_control_char_pattern`? Fast, and True for some texts that have no control character."""
    return not text.replace("\n", " ").isprintable() or not _PRINTABLE_INVISIBLES.isdisjoint(text)


@cache
def compile_control_char_pattern() -> re.Pattern[str]:
    """A pattern for one character that must never reach a screen or a file unescaped.

    Compiled when first needed, which takes 5 ms.
    """
    import re

    return re.compile(_CONTROL_CHARS)


def escape_json_control_chars(json_text: str) -> str:
    """A JSON text with all control characters escaped, which means the same to every reader.

    For the output of `json.dumps(..., ensure_ascii=False)`, which escapes only the first 32 of them.
    """
    if json_text.isascii() and "\x7f" not in json_text:
        return json_text
    import json  # loaded already by the caller, who wrote the JSON

    return compile_control_char_pattern().sub(lambda found: json.dumps(found[0])[1:-1], json_text)


@lru_cache(maxsize=1024)
def _is_invisible(char: str) -> bool:
    import unicodedata  # only for what isn't visible text

    if char.isspace() or char in _PRINTABLE_INVISIBLES or char in _BLANK_SIGNS:
        return True
    return not char.isprintable() and unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")


def _make_article_lowercase(text: str) -> str:
    first, _, rest = text.partition(" ")
    if first not in ARTICLES_AND_POSSESSIVES | DEMONSTRATIVES:
        return text
    word = rest.split(" ", 1)[0].strip(",.;:!?")
    is_common = word[:1].islower() or (len(word) > 1 and word.isupper())
    if not is_common or (first in ARTICLES_AND_POSSESSIVES and word in NEVER_AFTER_ARTICLE):
        return text
    return f"{first.lower()} {rest}"


def describe_lookalike(text: str) -> str:
    """A hint about the first letter of `text` that isn't Latin but may look so; empty if there is none."""
    from unicodedata import name  # only errors need it

    for letter in "" if text.isascii() else text:
        script = name(letter, "").partition(" ")[0]
        if script in _SCRIPTS:
            return f"The letter {letter} (U+{ord(letter):04X}) is {script.capitalize()}, not Latin. Type it again."
    return ""


@frozen
class Insert:
    """A placeholder for the value of `id`."""

    id: str


@frozen
class Stray:
    """A brace that starts neither `{id}` nor `{{`. `text` is the brace with what seems to belong to it, for a message."""

    text: str


_NONE: frozenset[str] = frozenset()
Piece = str | Insert | Stray
TemplatePart = str | Insert


def split_prose(text: str) -> list[str]:
    """Split a text that was written as one string into lines.

    Paragraphs are joined into one line each, with an empty one between them. A line that begins with `- ` is a list
    item, and indented lines below it belong to it.
    """
    lines: list[list[str]] = []  # each as the parts that are joined by spaces
    is_paragraph = is_item = False
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("- "):
            lines.append([line])
            is_paragraph, is_item = False, True
        elif line and (is_paragraph or (is_item and raw[0].isspace())):
            lines[-1].append(line)
        elif line or (lines and lines[-1] != [""]):
            lines.append([line])
            is_paragraph, is_item = bool(line), False
    if lines and lines[-1] == [""]:
        lines.pop()
    return [" ".join(line) for line in lines]


def join_lines(text: str) -> str:
    """`text` with each line break, and the spaces around it, replaced by one space."""
    return " ".join(line.strip() for line in text.splitlines()).strip() if "\n" in text else text


def parse_template(line: str) -> tuple[TemplatePart, ...]:
    """The parts of a line, in order. Raises Refused with the column of every stray brace."""
    if "{" not in line:
        return (line,) if line else ()
    parts: list[TemplatePart] = []
    problems: list[Problem] = []
    for offset, piece in find_pieces(line):
        if isinstance(piece, Stray):
            problems.append(_make_stray_problem(piece, offset))
        else:
            parts.append(piece)
    if problems:
        raise Refused(problems)
    return tuple(parts)


def find_pieces(text: str) -> Iterator[tuple[int, Piece]]:
    """The pieces of `text` with their offsets, including stray braces. Plain text between two others is one piece."""
    start = at = 0
    while (at := text.find("{", at)) >= 0:
        if text.startswith("{{", at):
            at += 2
            continue
        if start < at:
            yield start, text[start:at].replace("{{", "{")
        close = text.find("}", at, at + MAX_ID_LENGTH + 2)
        word = text[at + 1 : close] if close > 0 else ""
        if is_id(word):
            yield at, Insert(word)
            start = close + 1
        else:
            yield at, Stray(_extract_stray_text(text, at))
            start = at + 1
        at = start
    if start < len(text):
        yield start, text[start:].replace("{{", "{")


def find_inserted_names(text: str) -> frozenset[str]:
    """The ids that a text inserts."""
    return frozenset(piece.id for _, piece in find_pieces(text) if isinstance(piece, Insert)) if "{" in text else _NONE


def hash_sha256(data: bytes) -> str:
    """The SHA-256 of `data`, as 64 hex digits."""
    return _load_sha256()(data).hexdigest()  # type: ignore[no-any-return, operator]  # these modules have no stubs


_SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN", "FULLWIDTH", "CHEROKEE", "COPTIC")
"""The first words of the names of letters that may look like Latin ones."""

_JOINED_SCRIPTS = (
    "\u0620-\u065f\u066e-\u06dc\u06df-\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\u0900-\u0dff"  # Persian to Sinhala
    "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"  # emoji
)
"""Where joiners are meaningful: between letters whose shape they change, and between the parts of an emoji."""

_FILLERS = "\u115f\u1160\u17b4\u17b5\u3164\uffa0"
"""Letters without a shape."""

_STRAY_VARIATION = "(?<![^\\s\ufe00-\ufe0f])[\ufe00-\ufe0f]"
"""A variation selector that follows no character whose variant it could select."""

_STRAY_JOINER = f"[\u200c\u200d](?![{_JOINED_SCRIPTS}])|(?<![{_JOINED_SCRIPTS}])[\u200c\u200d]"

_PRINTABLE_INVISIBLES = frozenset(
    map(chr, (*map(ord, _FILLERS), 0x034F, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
"""The characters in `_CONTROL_CHARS` that Python counts as printable: fillers, joiners and variation selectors."""

_BLANK_SIGNS = "\u2800"
"""A sign without a shape: the pattern of no Braille dots."""

_CONTROL_CHARS = (
    f"{_STRAY_JOINER}|{_STRAY_VARIATION}|"
    f"[{_FILLERS}"
    "\x00-\x09\x0b-\x1f\x7f-\x9f"  # C0 except the line feed, DEL, C1
    "\u00ad\u034f\u061c\u180b-\u180f\u200b\u200e\u200f\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width, direction marks
    "\u2028-\u202e"  # line and paragraph separators, bidi embeddings and overrides
    "\u0600-\u0605\u06dd\u070f\u0890-\u0891\u08e2"  # the other format characters
    "\ud800-\udfff"  # lone surrogates
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def _extract_stray_text(text: str, at: int) -> str:
    close = text.find("}", at, at + MAX_ID_LENGTH + 2)
    return text[at : close + 1] if close > 0 else text[at : at + 12]


def _make_stray_problem(stray: Stray, offset: int) -> Problem:
    return Problem("stray-brace", f"`{stray.text}` is not an insert.", STRAY_HINT, Place("", 1, offset + 1))


@cache
def _load_sha256() -> object:
    # As in the standard library's random.py: hashlib loads OpenSSL, which would take longer than the rest of the start-up.
    for name in ("_sha2", "_sha256", "hashlib"):
        try:
            return __import__(name).sha256
        except (ImportError, AttributeError):  # pragma: no cover - depends on the version of Python
            continue
    raise ImportError("sha256")  # pragma: no cover
