"""Keys, and what terminals send for each: control characters, VT220 sequences, and the encodings of kitty and xterm.

The tables cover xterm (and its modifyOtherKeys), kitty's keyboard protocol, VTE, rxvt, the Linux console, tmux and GNU
screen. A modifier is a bit mask, as in the parameter that terminals send less one.
"""

from __future__ import annotations

from enum import Enum


class Key(Enum):
    """A key with a meaning, whatever the terminal sends for it. `name_shown` and `meaning` make up its line in the help."""

    ENTER = "Enter", "submit the answer; in a long text, start a new line"
    SUBMIT = "Alt-Enter, Ctrl-D", "submit the answer, wherever the cursor is"
    BACK = "Shift-Tab", "go to the previous question, or the previous field of a form"
    FORWARD = "Tab", "go to the next answered question, or the next field of a form"
    WHY = "F1, ?", "show why this is asked, with sources (? unless you're typing text)"
    HELP = "F2", "show this list"
    REVIEW = "Ctrl-R", "review and change your answers"
    SKIP = "Ctrl-O", "skip the question; it comes back if it's needed"
    EDITOR = "Ctrl-X Ctrl-E", "write a text in your editor"
    STOP = "Ctrl-C", "save and stop; you can resume any time"
    SUSPEND = "Ctrl-Z", "go to the shell; type fg to return"
    ESCAPE = "Esc", "close the help, a filter or a form; nothing is lost"
    UP = "Up", "move up (also k, unless you're typing text)"
    DOWN = "Down", "move down (also j, unless you're typing text)"
    LEFT = "Left", "move left"
    RIGHT = "Right", "move right"
    HOME = "Home", "go to the beginning"
    END = "End", "go to the end"
    MOVE_UP = "Alt-Up, K", "move an item or a form up"
    MOVE_DOWN = "Alt-Down, J", "move an item or a form down"
    DELETE = "Del", "delete the next character, or the form"
    BACKSPACE = "Backspace", "delete the previous character"
    UNDO = "Ctrl-_", "undo the last change (also Ctrl-/, or Ctrl-X Ctrl-U)"
    YANK = "Ctrl-Y", "insert what Ctrl-U, Ctrl-K or Ctrl-W deleted last"
    WORD_LEFT = "Alt-B", "move one word left"
    WORD_RIGHT = "Alt-F", "move one word right"
    DELETE_WORD = "Ctrl-W", "delete the previous word"
    DELETE_NEXT_WORD = "Alt-D", "delete the next word"
    DELETE_LEFT = "Ctrl-U", "delete everything before the cursor"
    DELETE_RIGHT = "Ctrl-K", "delete everything after the cursor"
    END_OF_INPUT = "Ctrl-D", "on an empty line, end the input (only where lines are read)"

    def __init__(self, name_shown: str, meaning: str) -> None:
        self.name_shown = name_shown
        self.meaning = meaning


class Paste(str):
    """Pasted text, as it came: with any line ends and control characters."""

    __slots__ = ()


Press = Key | str
"""A key, a `Paste`, or text that was typed."""

SHIFT, ALT, CTRL = 1, 2, 4
LOCKS = 64 | 128
"""Caps Lock and Num Lock, which kitty reports as modifiers."""

CONTROL_KEYS = {
    "\x01": Key.HOME, "\x02": Key.LEFT, "\x03": Key.STOP, "\x04": Key.SUBMIT, "\x05": Key.END, "\x06": Key.RIGHT,
    "\x08": Key.BACKSPACE, "\t": Key.FORWARD, "\n": Key.ENTER, "\x0b": Key.DELETE_RIGHT, "\r": Key.ENTER,
    "\x0e": Key.DOWN, "\x0f": Key.SKIP, "\x10": Key.UP, "\x12": Key.REVIEW, "\x15": Key.DELETE_LEFT,
    "\x17": Key.DELETE_WORD, "\x19": Key.YANK, "\x1a": Key.SUSPEND, "\x1f": Key.UNDO, "\x7f": Key.BACKSPACE,
}  # fmt: skip
"""By control character. Any other one means nothing, except Ctrl-X, which AFTER_CTRL_X explains."""
CTRL_X = "\x18"
AFTER_CTRL_X = {"\x05": Key.EDITOR, "\x15": Key.UNDO}
"""The second keys of the sequences that begin with Ctrl-X."""
ALT_KEYS = {
    "\r": Key.SUBMIT, "\n": Key.SUBMIT, "b": Key.WORD_LEFT, "f": Key.WORD_RIGHT, "d": Key.DELETE_NEXT_WORD,
    "\x7f": Key.DELETE_WORD, "\x08": Key.DELETE_WORD,
}  # fmt: skip
CTRL_SYMBOLS = {"_": Key.UNDO, "-": Key.UNDO, "/": Key.UNDO, "7": Key.UNDO, "[": Key.ESCAPE}
"""The four ways to type Ctrl-_ on different keyboards, and Ctrl-[, which is Esc."""

LETTER_NAMES = {
    "A": "up", "B": "down", "C": "right", "D": "left", "F": "end", "H": "home", "P": "f1", "Q": "f2",
    "Z": "backtab",
}  # fmt: skip
"""By the last letter of a CSI sequence."""
RXVT_NAMES = {"a": "shift up", "b": "shift down", "c": "shift right", "d": "shift left"}
"""By the last letter of a CSI sequence without parameters."""
NUMBER_NAMES = {
    1: "home", 3: "delete", 4: "end", 5: "page up", 6: "page down", 7: "home", 8: "end", 11: "f1", 12: "f2",
}  # fmt: skip
"""By the number in a sequence that ends with a tilde."""
CONSOLE_NAMES = {"A": "f1", "B": "f2"}
"""By the letter after `ESC [ [`, which the Linux console sends."""
KEYPAD_TEXT = {
    " ": " ", "X": "=", "j": "*", "k": "+", "l": ",", "m": "-", "n": ".", "o": "/",
    **{chr(ord("p") + digit): str(digit) for digit in range(10)},
}  # fmt: skip
"""By the letter after `ESC O`: the numeric keypad in application mode."""
SS3_NAMES = {
    **{letter: LETTER_NAMES[letter] for letter in "ABCDFHPQ"}, "M": "enter", "I": "tab",
    "a": "ctrl up", "b": "ctrl down", "c": "ctrl right", "d": "ctrl left",
}  # fmt: skip
KITTY_NAMES = {
    9: "tab", 13: "enter", 27: "escape", 127: "backspace", 57414: "enter", 57417: "left", 57418: "right", 57419: "up",
    57420: "down", 57421: "page up", 57422: "page down", 57423: "home", 57424: "end", 57426: "delete",
}  # fmt: skip
"""By kitty's key code, for keys that aren't text. Those from 57414 on are on the keypad."""
KITTY_TEXT = {
    **{57399 + digit: str(digit) for digit in range(10)},
    57409: ".", 57410: "/", 57411: "*", 57412: "-", 57413: "+", 57415: "=", 57416: ",",
}  # fmt: skip
"""By kitty's key code: the text on the keypad."""
PRIVATE_CODES = range(0xE000, 0xF900)
"""Kitty's codes for other keys without text, such as Caps Lock or Play."""

NAMED_KEYS = {
    "up": Key.UP, "down": Key.DOWN, "right": Key.RIGHT, "left": Key.LEFT, "home": Key.HOME, "end": Key.END,
    "page up": Key.HOME, "page down": Key.END, "enter": Key.ENTER, "delete": Key.DELETE, "tab": Key.FORWARD,
    "backtab": Key.BACK, "escape": Key.ESCAPE, "backspace": Key.BACKSPACE, "f1": Key.WHY, "f2": Key.HELP,
    "shift tab": Key.BACK, "shift enter": Key.ENTER, "shift backspace": Key.BACKSPACE,
    "shift up": Key.MOVE_UP, "shift down": Key.MOVE_DOWN, "shift left": Key.LEFT, "shift right": Key.RIGHT,
    "shift home": Key.HOME, "shift end": Key.END, "shift backtab": Key.BACK, "shift delete": Key.DELETE,
    "alt enter": Key.SUBMIT, "alt up": Key.MOVE_UP, "alt down": Key.MOVE_DOWN, "alt left": Key.WORD_LEFT,
    "alt right": Key.WORD_RIGHT, "alt backspace": Key.DELETE_WORD, "alt delete": Key.DELETE_NEXT_WORD,
    "ctrl enter": Key.SUBMIT, "ctrl left": Key.WORD_LEFT, "ctrl right": Key.WORD_RIGHT, "ctrl home": Key.HOME,
    "ctrl end": Key.END, "ctrl backspace": Key.DELETE_WORD, "ctrl delete": Key.DELETE_NEXT_WORD,
    "ctrl up": Key.UP, "ctrl down": Key.DOWN,
}  # fmt: skip
"""By the name of a key with its modifier. Shift-Enter does what Enter does, as on terminals that can't tell them apart."""
_MODIFIER_NAMES = {0: "", SHIFT: "shift ", ALT: "alt ", CTRL: "ctrl "}


def find_named_key(name: str, modifiers: int = 0) -> Key | None:
    """The key with that name; None where it has no meaning with these modifiers."""
    prefix = _MODIFIER_NAMES.get(modifiers & ~LOCKS)
    return None if prefix is None else NAMED_KEYS.get(prefix + name)


def find_modified_character(code: int, modifiers: int, *, shifted: int = 0, base: int = 0) -> Press | None:
    """What a key that types the character `code` means with `modifiers`: a key, a text, or a control character.

    None where it means nothing. `shifted` is the character that it types with Shift, and `base` the one at its place on a
    US keyboard (0: unknown).
    """
    modifiers &= ~LOCKS
    if code in KITTY_TEXT and modifiers in (0, SHIFT):
        return KITTY_TEXT[code]
    letter = chr(code)
    if code in PRIVATE_CODES or not letter.isprintable():
        return None
    if modifiers in (0, SHIFT):
        with_shift = chr(shifted) if chr(shifted).isprintable() else letter.upper()
        return with_shift if modifiers else letter
    latin = letter if letter.isascii() or not base else chr(base)
    if modifiers == ALT:
        return ALT_KEYS.get(latin)
    if modifiers in (CTRL, CTRL | SHIFT) and latin in CTRL_SYMBOLS:
        return CTRL_SYMBOLS[latin]
    if modifiers == CTRL and latin.isascii() and latin.isalpha():
        return chr(ord(latin.lower()) & 0x1F)
    return None
