"""Random streams of bytes, cut anywhere: nothing crashes, Ctrl-C always works, and what was typed is what is saved.

A small model knows which bytes were text, because it chose them. It has no parser, and edits a list of graphemes.
"""

from __future__ import annotations

import codecs
import os
import random
from copy import copy

import pytest
from test_input_parser import KEYS, REPORTS
from test_widgets import asked

from careerkit.coaching.ports import Submit
from careerkit.core.questions.text import TextSpec
from careerkit.terminal.keys.input_parser import InputParser
from careerkit.terminal.keys.key_codes import Key
from careerkit.terminal.keys.question_state import Header, Interrupt, OpenEditor, QuestionState, Viewport
from careerkit.terminal.sanitize import Symbols, sanitize

LONG = bool(os.environ.get("CAREERKIT_LONG"))
STREAMS = 20_000 if LONG else 1_000
PARTS = 20
"""Parts of a stream, before which and within which it may be cut."""
UNITS = [*"abcdefg XYZ.,;?!0123456789[]{}()~", "é", "ß", "字", "🙂", "👨‍👩‍👧", "🇩🇪", "x\u0301", "👍🏽"]
"""Each is one character for a person. There is no colon: a line that begins with one may be a command."""


class Model:
    """What a person who types these units and presses these keys expects."""

    def __init__(self) -> None:
        self.units: list[str] = []
        self.at = 0

    def insert(self, units: list[str]) -> None:
        self.units[self.at : self.at] = units
        self.at += len(units)

    def press(self, key: Key) -> None:
        start = max((place + 1 for place in range(self.at) if self.units[place] == "\n"), default=0)
        end = next((place for place in range(self.at, len(self.units)) if self.units[place] == "\n"), len(self.units))
        if key is Key.LEFT:
            self.at = max(0, self.at - 1)
        elif key is Key.RIGHT:
            self.at = min(len(self.units), self.at + 1)
        elif key is Key.HOME:
            self.at = start
        elif key is Key.END:
            self.at = end
        elif key is Key.BACKSPACE and self.at:
            self.at -= 1
            del self.units[self.at]
        elif key is Key.DELETE:
            del self.units[self.at : self.at + 1]
        elif key is Key.DELETE_LEFT:
            del self.units[start : self.at]
            self.at = start
        elif key is Key.DELETE_RIGHT:
            del self.units[self.at : end]
        elif key is Key.ENTER:
            self.insert(["\n"])


MODELLED = [Key.LEFT, Key.BACKSPACE, Key.DELETE, Key.HOME, Key.ENTER]
SEQUENCES = {
    **{key: KEYS[key] for key in MODELLED},
    Key.RIGHT: ["\x1b[C", "\x1bOC", "\x06", "\x9bC"],
    Key.END: ["\x1b[F", "\x1b[4~", "\x05"],
    Key.DELETE_LEFT: ["\x15", "\x1b[117;5u"],
    Key.DELETE_RIGHT: ["\x0b", "\x1b[107;5u"],
}
PRIVATE, INTERMEDIATES, STRINGS = (
    "?><=",
    " !#$%&",
    {"\x1b]": "\x07", "\x1bP": "\x1b\\", "\x1b_": "\x1b\\", "\x1b^": "\x1b\\"},
)


def random_part(rng: random.Random, model: Model) -> tuple[str, bool]:
    """Some bytes (as text with surrogates), and whether there must be a pause after them; the model does what they mean."""
    kind = rng.choices(["text", "paste", "key", "report", "garbage", "escape", "not UTF-8"], [8, 2, 6, 4, 3, 1, 1])[0]
    if kind == "text":
        units = rng.choices(UNITS, k=rng.randint(1, 6))
        model.insert(units)
        return "".join(units), False
    if kind == "paste":
        units = rng.choices([*UNITS, "\n"], k=rng.randint(0, 30))
        model.insert(units)
        return f"\x1b[200~{''.join(units)}\x1b[201~", False
    if kind == "key":
        key = rng.choice(list(SEQUENCES))
        model.press(key)
        return rng.choice(SEQUENCES[key]), False
    if kind == "report":
        return rng.choice(list(REPORTS.values())), False
    if kind == "escape":
        return "\x1b", True
    return (random_garbage(rng), False) if kind == "garbage" else (chr(0xDC80 + rng.choice([0x7F, 0x60, 0x41])), False)


def random_garbage(rng: random.Random) -> str:
    """A sequence that means nothing, as no terminal sends it yet."""
    if rng.random() < 0.3:
        start, end = rng.choice(list(STRINGS.items()))
        start += rng.choice("0123456789?") if start in ("\x1b]", "\x1bP") else ""
        return start + "".join(rng.choice("abc0123;:,é字/? ") for _ in range(rng.randint(0, 40))) + end
    parameters = "".join(rng.choice("0123456789;:") for _ in range(rng.randint(0, 12)))
    private, between = rng.choice(PRIVATE), rng.choice(["", *INTERMEDIATES])
    return f"\x1b[{private}{parameters}{between}{chr(rng.randint(0x40, 0x7E))}"


def cut(rng: random.Random, parts: list[tuple[str, bool]]) -> list[tuple[bytes, bool]]:
    """The stream in pieces as they are read, and whether so much time passes after each that an Esc is a key."""
    pieces: list[tuple[bytes, bool]] = []
    pending = b""
    for text, must_pause in parts:
        data = text.encode("utf-8", "surrogateescape")
        while data:
            size = rng.choice([1, 2, 3, len(data), len(data)])
            pending, data = pending + data[:size], data[size:]
            is_inside_escape = bool(data) and pending.endswith(b"\x1b")
            if must_pause and not data:
                pieces.append((pending, True))
                pending = b""
            elif rng.random() < 0.4:
                pieces.append((pending, not is_inside_escape and rng.random() < 0.5))
                pending = b""
    return [*pieces, (pending, True)]


class Session:
    """The key front end without a terminal: bytes go in, a question changes."""

    def __init__(self) -> None:
        self.parser = InputParser()
        self.decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self.state = QuestionState(Header("", "Well?"), asked(TextSpec(long=True)))
        self.end = None

    def read(self, data: bytes, *, pause: bool) -> None:
        presses = self.parser.feed(self.decoder.decode(data))
        presses += self.parser.flush() if pause else []
        for press in presses:
            if self.end is None and press is not Key.SUSPEND:
                after = self.state.press(press)
                if isinstance(after, QuestionState):
                    self.state = after
                elif isinstance(after, (Submit, Interrupt)):
                    self.end = after
                else:
                    assert after is not None

    def stops_at_ctrl_c(self) -> bool:
        """Would Ctrl-C end it now? A copy is asked, and this session goes on."""
        parser, end = copy(self.parser), None
        parser._presses, parser._pasted = [], list(self.parser._pasted)
        parser._state = getattr(parser, self.parser._state.__name__)
        pending = self.decoder.getstate()[0].decode("utf-8", "surrogateescape")
        for press in [*parser.feed(pending + "\x03"), *parser.flush()]:
            end = end or (Interrupt() if press is Key.STOP else None)
        return isinstance(end, Interrupt)


@pytest.mark.parametrize("share", range(10))
def test_what_is_saved_is_what_a_model_takes_for_text(share):
    saved = 0
    for number in range(share, STREAMS, 10):
        rng = random.Random(number)
        model, session = Model(), Session()
        parts = [random_part(rng, model) for _ in range(rng.randint(1, PARTS))]
        for data, pause in cut(rng, parts):
            session.read(data, pause=pause)
            if rng.random() < 0.2:
                assert session.stops_at_ctrl_c(), number
        expected = "".join(model.units)
        assert session.state.widget.buffer.text == expected, number
        if expected.strip():
            session.read(rng.choice(KEYS[Key.SUBMIT]).encode(), pause=True)
            assert session.end == Submit(expected), number
            saved += 1
        else:
            session.read(rng.choice(KEYS[Key.STOP]).encode(), pause=True)
            assert session.end == Interrupt(), number
    assert saved > STREAMS / 10 / 2


FRAGMENTS = [
    b"\x1b", b"[", b"]", b"O", b"P", b"_", b"\\", b"\x07", b"\x9b", b"\x9d", b"\x9c", b"\xc2", b"\xff", b"\xf0\x9f", b"200~", b"201~", b";",
    b"1", b"5", b"u", b"~", b"M", b"R", b"\x00", b"\x18", b"\x05", b"\x1a", b"\t", b"\r", b"\n", b"a", b"?", b":", b"\x7f", b"\x1f", b"\x19",
    b"\x1b[200~", b"\x1b[27;", b"\x12", b"\x0f", b"\x04", "🇩".encode(), "\u0301".encode(), "\u200d".encode(), b"\x1b[99999999999;9999999u",
    b"\x1b[1114112;5u", b"\x1b[55296u", b"\x1b[97:55296;2u", b"\x1b[97;1;55296u",
]  # fmt: skip


@pytest.mark.parametrize("share", range(10))
def test_no_bytes_crash_it_or_make_it_deaf(share):
    view = Viewport(40, 10, Symbols())
    for number in range(share, STREAMS, 10):
        rng = random.Random(-number)
        session = Session()
        for _ in range(rng.randint(1, 30)):
            data = rng.randbytes(rng.randint(1, 5)) if rng.random() < 0.3 else rng.choice(FRAGMENTS)
            session.read(data.replace(b"\x03", b"."), pause=rng.random() < 0.3)
            assert session.stops_at_ctrl_c(), number
        shown = "".join(text for row in session.state.render(view).rows for _, text in row)
        assert sanitize(shown) == shown, number
        if session.end is None:
            session.read(b"", pause=True)
        session.read(b"\x03", pause=True)
        assert session.end is not None, number


def test_the_editor_is_still_asked_for():
    session = Session()
    session.state = session.state.press("a")
    assert isinstance(session.state.press(Key.EDITOR), OpenEditor)
