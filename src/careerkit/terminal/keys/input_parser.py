"""Turn the bytes of a terminal into presses: one state machine over the whole stream, wherever reads cut it.

prompt_toolkit's parser can't be used as it is: after a pause it turns an unfinished sequence into text, it types a
sequence that it doesn't know (a focus report, a colour report, Shift-Enter in kitty's protocol) into the answer, it
never leaves a paste that doesn't end, and a long paste takes quadratic time. The states here are those of a terminal's
own parser (https://vt100.net/emu/dec_ansi_parser), turned around.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from careerkit.terminal.keys.key_codes import (
    AFTER_CTRL_X,
    ALT,
    ALT_KEYS,
    CONSOLE_NAMES,
    CONTROL_KEYS,
    CTRL_X,
    KEYPAD_TEXT,
    KITTY_NAMES,
    LETTER_NAMES,
    LOCKS,
    NUMBER_NAMES,
    RXVT_NAMES,
    SHIFT,
    SS3_NAMES,
    Key,
    Paste,
    find_modified_character,
    find_named_key,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from careerkit.terminal.keys.key_codes import Press

PASTE_END = "\x1b[201~"
PASTE_THRESHOLD = 1000
"""This many characters at once are a paste, even without brackets around it."""
MAX_PARAMETERS = 256
"""Characters of a sequence that are remembered. What is longer is swallowed, and means nothing."""
MOUSE_BYTES = 3
"""Characters after `ESC [ M`, in the oldest mouse report."""

_TEXT = re.compile("[^\x00-\x1f\x7f-\x9f\udc8f\udc90\udc9b\udc9d]+")
_PASTED_TEXT = re.compile("[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\udc8f\udc90\udc9b\udc9d]+")
"""Text, where tabs and line ends are part of it. The surrogates stand for bytes that begin a sequence, see _C1."""
_STRING_TEXT = re.compile("[^\x00-\x1f\x7f\x9c\udc9c]+")
_CSI_PARAMETERS, _SS3_PARAMETERS = re.compile("[ -?]+"), re.compile("[0-9;]+")
_C1 = {0x8F: "O", 0x90: "P", 0x98: "X", 0x9B: "[", 0x9D: "]", 0x9E: "^", 0x9F: "_"}
"""The control characters above 127 that begin a sequence, with what follows ESC in the usual form.

A terminal that sends them as single bytes, though its encoding is UTF-8, sends SS3, DCS, CSI and OSC. The other bytes are
more likely to be text in another encoding, which is refused with a message.
"""
_INTRODUCERS = "[OP]X^_"
"""CSI and SS3, and the strings DCS, OSC, SOS, PM and APC, which end with ST (`ESC \\`)."""
_NEVER_BEFORE_LETTERS, _LETTERS_AFTER_OSC = "P]", "lLI"
"""Reports that are a DCS or an OSC begin with a digit or a sign; some that are an OSC with one of these letters."""
_KEY_AT_END = re.compile("(?:\x03|(?:\x1b\\[|[\x9b\udc9b])[\\d:;]+[u~])\\Z")
"""A key that may be Ctrl-C, in any encoding."""
_MAX_CTRL_C = 64
"""The characters at the end of a paste in which Ctrl-C is looked for."""
TEXT_OF_KEYS = {Key.ENTER: "\n", Key.FORWARD: "\t"}
"""What these keys stand for in a text."""


class InputParser:
    """Feed it what was read, in pieces of any size, and `flush` it when nothing more comes. Both return presses.

    `on_cursor_report` is called with the row and column of each cursor position report, which count from 1. Other
    reports of the terminal are dropped. Only an ESC on its own is decided by `flush`: it may be the Esc key or the
    beginning of a sequence. In a paste, `flush` also finds Ctrl-C: one that more text follows at once was pasted.

    `control_keys` are the keys by control character. PASTE_THRESHOLD characters at once are a paste too, unless it
    `needs_brackets`.
    """

    def __init__(
        self,
        on_cursor_report: Callable[[int, int], None] = lambda _row, _column: None,
        *,
        control_keys: Mapping[str, Key] = CONTROL_KEYS,
        needs_brackets: bool = False,
    ) -> None:
        self._on_cursor_report = on_cursor_report
        self._control_keys = control_keys
        self._needs_brackets = needs_brackets
        self._presses: list[Press] = []
        self._state: Callable[[str, int], int] = self._read_ground
        self._parameters = ""
        self._has_alt = False
        """Did another ESC come before that of the sequence? Some terminals send it for Alt."""
        self._follows_ctrl_x = False
        self._pasted: list[str] = []
        self._skipped = 0
        """Characters of a mouse report so far."""

    def feed(self, data: str) -> list[Press]:
        """The presses that are complete after `data`. Bytes that aren't UTF-8 are lone surrogates in it."""
        place = 0
        while place < len(data):
            place = self._state(data, place)
        return self._take_presses()

    @property
    def is_undecided(self) -> bool:
        """May `flush` find something in what has come? Only time tells what an ESC, or a Ctrl-C in a paste, means."""
        return self._state in (self._read_escape, self._read_paste)

    def flush(self) -> list[Press]:
        """The presses that are complete if nothing follows soon."""
        if self._state == self._read_escape:
            self._presses += [Key.ESCAPE, *([Key.ESCAPE] if self._has_alt else [])]
            self._begin(self._read_ground)
        elif self._state == self._read_paste:
            self._end_paste_at_ctrl_c()
        return self._take_presses()

    def end(self) -> list[Press]:
        """What is still to be done when nothing more will ever come: a paste that was cut off is kept."""
        if self._state == self._read_paste:
            self._finish_paste()
        return self._take_presses()

    def _take_presses(self) -> list[Press]:
        presses, self._presses = self._presses, []
        return presses

    def _begin(self, state: Callable[[str, int], int], *, has_alt: bool = False) -> None:
        self._state, self._parameters, self._has_alt, self._skipped = state, "", has_alt, 0

    # ------------------------------------------------------------ states: each returns the place after what it read

    def _read_ground(self, data: str, place: int) -> int:
        pasted = None if self._needs_brackets else _PASTED_TEXT.match(data, place)
        if pasted and pasted.end() - place >= PASTE_THRESHOLD:
            self._add(Paste(pasted[0]))
            return pasted.end()
        text = _TEXT.match(data, place)
        if text:
            self._follows_ctrl_x = False
            self._presses += text[0]
            return text.end()
        self._read_control(data[place])
        return place + 1

    def _read_escape(self, data: str, place: int) -> int:
        char, has_alt = data[place], self._has_alt
        if char == "\x1b":
            if has_alt:
                self._add(Key.ESCAPE)
            self._has_alt = True
            return place + 1
        if has_alt and char not in "[O":  # the first ESC was the Esc key
            self._add(Key.ESCAPE)
        if char in _INTRODUCERS:
            self._begin(self._find_state_after(char), has_alt=has_alt and char in "[O")
        elif char in ALT_KEYS:
            self._begin(self._read_ground)
            self._add(ALT_KEYS[char])
        elif char < " " or "\x7f" <= char <= "\x9f":
            self._begin(self._read_ground)
            self._add(Key.ESCAPE)
            return place
        else:  # Alt with a key that has no meaning
            self._begin(self._read_ground)
        return place + 1

    def _read_csi(self, data: str, place: int) -> int:
        parameters = _CSI_PARAMETERS.match(data, place)
        if parameters:
            return self._remember_parameters(parameters)
        char = data[place]
        if char == "M" and not self._parameters:
            self._begin(self._skip_mouse_report)
            return place + 1
        if char == "[" and not self._parameters:
            self._begin(self._read_console_key)
            return place + 1
        if "@" <= char <= "~":
            remembered, has_alt = self._parameters, self._has_alt
            self._begin(self._read_ground)
            self._finish_csi(remembered, char, has_alt=has_alt)
            return place + 1
        self._begin(self._read_ground)  # cut off by another key
        return place

    def _read_ss3(self, data: str, place: int) -> int:
        parameters = _SS3_PARAMETERS.match(data, place)
        if parameters:
            return self._remember_parameters(parameters)
        char = data[place]
        remembered, has_alt = self._parameters, self._has_alt
        self._begin(self._read_ground)
        if not " " <= char <= "~":
            return place
        if len(remembered) > MAX_PARAMETERS:
            return place + 1
        modifiers = _parse_modifiers(remembered.split(";")[-1])
        if char in SS3_NAMES:
            self._add_named(SS3_NAMES[char], modifiers, has_alt=has_alt)
        elif char in KEYPAD_TEXT:
            self._add(KEYPAD_TEXT[char])
        return place + 1

    def _remember_parameters(self, found: re.Match[str]) -> int:
        self._parameters += found[0][: MAX_PARAMETERS + 1 - len(self._parameters)]  # one more shows that it is too long
        return found.end()

    def _read_console_key(self, data: str, place: int) -> int:
        self._begin(self._read_ground)
        if not " " <= data[place] <= "~":
            return place
        if data[place] in CONSOLE_NAMES:
            self._add_named(CONSOLE_NAMES[data[place]])
        return place + 1

    def _skip_mouse_report(self, data: str, place: int) -> int:
        if data[place] < " ":
            self._begin(self._read_ground)
            return place
        self._skipped += 1
        if self._skipped == MOUSE_BYTES:
            self._begin(self._read_ground)
        return place + 1

    def _find_state_after(self, introducer: str) -> Callable[[str, int], int]:
        if introducer == "[":
            return self._read_csi
        if introducer == "O":
            return self._read_ss3
        return self._begin_string if introducer in _NEVER_BEFORE_LETTERS else self._read_string

    def _begin_string(self, data: str, place: int) -> int:
        """Find out whether a string begins, or whether somebody pressed Alt with that key and is typing text now."""
        is_string = not data[place].isalpha() or data[place] in _LETTERS_AFTER_OSC
        self._begin(self._read_string if is_string else self._read_ground)
        return place

    def _read_string(self, data: str, place: int) -> int:
        """Skip to the end of the string. Any key that isn't text ends it too, so that nobody is ever stuck in it."""
        text = _STRING_TEXT.match(data, place)
        if text:
            return text.end()
        if data[place] == "\x1b":
            self._begin(self._read_string_end)
            return place + 1
        self._begin(self._read_ground)
        return place + 1 if data[place] in "\x07\x9c\udc9c" else place

    def _read_string_end(self, data: str, place: int) -> int:
        """After an ESC in a string. A backslash ends it, and anything else begins a new sequence."""
        if data[place] == "\\":
            self._begin(self._read_ground)
            return place + 1
        self._begin(self._read_escape)
        return place

    def _read_paste(self, data: str, place: int) -> int:
        before = self._pasted.pop() if self._pasted else ""
        if len(before) >= len(PASTE_END):
            self._pasted.append(before[: 1 - len(PASTE_END)])
            before = before[1 - len(PASTE_END) :]
        across = (before + data[place : place + len(PASTE_END) - 1]).find(PASTE_END)  # cut by a read
        end = data.find(PASTE_END, place)
        if across >= 0:
            self._pasted.append(before[:across])
            end = place + across - len(before)
        else:
            self._pasted.append(before + data[place : end if end >= 0 else len(data)])
            if end < 0:
                return len(data)
        self._finish_paste()
        return end + len(PASTE_END)

    # ------------------------------------------------------------ what a state found

    def _read_control(self, char: str) -> None:
        code = ord(char) & 0xFF if char >= "\udc80" else ord(char)
        if char == "\x1b":
            self._begin(self._read_escape)
        elif code in _C1:
            self._begin(self._find_state_after(_C1[code]))
        elif code >= 0x80:
            pass  # a control character without a meaning here
        else:
            self._add_control(char)

    def _finish_csi(self, parameters: str, final: str, *, has_alt: bool) -> None:
        if len(parameters) > MAX_PARAMETERS or not all(char.isdigit() or char in ";:" for char in parameters):
            return  # longer than any key, or a report: `?`, `>`, `<` and `=` mark them, and no key has a space or a `$`
        fields = parameters.split(";")
        number = _parse_int(fields[0].partition(":")[0])
        modifiers = _parse_modifiers(fields[1]) if len(fields) > 1 else 0
        if modifiers is None:
            return
        if final == "R" and len(fields) > 1:
            self._on_cursor_report(number, _parse_int(fields[1]))
        elif final == "u":
            self._add_kitty_key(fields, modifiers)
        elif final == "~" and number == 200 and len(fields) == 1:
            if has_alt:
                self._add(Key.ESCAPE)
            self._begin(self._read_paste)
        elif final == "~" and number == 27 and len(fields) == 3:
            self._add_character(_parse_int(fields[2]), modifiers)
        elif final == "~" and number in NUMBER_NAMES:
            self._add_named(NUMBER_NAMES[number], modifiers, has_alt=has_alt)
        elif final == "^" and number in NUMBER_NAMES:
            self._add_named(f"ctrl {NUMBER_NAMES[number]}")
        elif final in LETTER_NAMES and number <= 1 and len(fields) <= 2:
            self._add_named(LETTER_NAMES[final], modifiers, has_alt=has_alt)
        elif final in RXVT_NAMES and not parameters:
            self._add_named(RXVT_NAMES[final])

    def _add_kitty_key(self, fields: list[str], modifiers: int) -> None:
        code, shifted, base = [_parse_int(each) for each in [*fields[0].split(":"), "", ""][:3]]
        text = "".join(chr(_parse_int(each)) for each in fields[2].split(":")) if len(fields) > 2 else ""
        if text and text.isprintable() and not modifiers & ~(SHIFT | LOCKS):
            self._add(text)
        else:
            self._add_character(code, modifiers, shifted=shifted, base=base)

    def _add_character(self, code: int, modifiers: int, *, shifted: int = 0, base: int = 0) -> None:
        """A key in the encoding of kitty or of modifyOtherKeys."""
        if code in KITTY_NAMES:
            self._add_named(KITTY_NAMES[code], modifiers)
            return
        found = find_modified_character(code, modifiers, shifted=shifted, base=base)
        if isinstance(found, str) and found < " ":
            self._add_control(found)
        elif found is not None:
            self._add(found)

    def _add_named(self, name: str, modifiers: int | None = 0, *, has_alt: bool = False) -> None:
        if modifiers is None:
            return
        key = find_named_key(name, modifiers | ALT if has_alt else modifiers)
        if key is None and has_alt:  # the first ESC was the Esc key
            self._add(Key.ESCAPE)
            key = find_named_key(name, modifiers)
        if key is not None:
            self._add(key)

    def _add_control(self, char: str) -> None:
        follows_ctrl_x = self._follows_ctrl_x
        key = AFTER_CTRL_X.get(char) if follows_ctrl_x else None
        key = key or self._control_keys.get(char)
        if key is not None:
            self._add(key)
        self._follows_ctrl_x = char == CTRL_X

    def _add(self, press: Press) -> None:
        self._follows_ctrl_x = False
        self._presses.append(press)

    # ------------------------------------------------------------ pastes

    def _finish_paste(self) -> None:
        text, self._pasted = "".join(self._pasted), []
        self._begin(self._read_ground)
        if text:
            self._add(Paste(text))

    def _end_paste_at_ctrl_c(self) -> None:
        """If the last that came is Ctrl-C, the paste is over, and what came before it is kept."""
        text, end = self._join_end_of_paste(), 0
        parser = _ParserOfPastedText(control_keys=self._control_keys)
        start = len(text)
        while pressed := _KEY_AT_END.search(text, 0, start):
            presses = parser.feed(pressed[0])
            if presses and presses != [Key.STOP]:
                break
            start = pressed.start()
            end = len(text) - start if presses else end
        if end:
            text = "".join(self._pasted)
            self._pasted = [text[:-end]]
            self._finish_paste()
            self._add(Key.STOP)

    def _join_end_of_paste(self) -> str:
        """The last characters of the paste, which may have come in pieces of one character each."""
        pieces: list[str] = []
        length = 0
        while length < _MAX_CTRL_C and len(pieces) < len(self._pasted):
            pieces.insert(0, self._pasted[-1 - len(pieces)][-_MAX_CTRL_C:])
            length += len(pieces[0])
        return "".join(pieces)


def strip_control_sequences(text: str) -> str:
    """`text` with line feeds as its line ends, and without control characters and sequences; tabs stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _PASTED_TEXT.fullmatch(text):
        return str(text)
    presses = _ParserOfPastedText().feed(text)
    return "".join(press if isinstance(press, str) else TEXT_OF_KEYS.get(press, "") for press in presses)


class _ParserOfPastedText(InputParser):
    """Where a paste has begun already, the beginning of one means nothing."""

    def _read_paste(self, data: str, place: int) -> int:
        del data
        self._begin(self._read_ground)
        return place


def _parse_int(text: str) -> int:
    """The number in a parameter; 0 where there is none, or one that no terminal sends."""
    number = int(text) if text.isdigit() and len(text) <= 7 else 0
    return number if number <= sys.maxunicode else 0


def _parse_modifiers(text: str) -> int | None:
    """The bit mask of a modifier parameter; None for the release of a key."""
    mask, _, event = text.partition(":")
    return None if event == "3" else max(0, _parse_int(mask) - 1)
