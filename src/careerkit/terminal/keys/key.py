"""The keys that mean something, each with one line of help."""

from __future__ import annotations

from enum import Enum


class Key(Enum):
    """What a person can press, whatever the terminal sends for it. `name_shown` and `meaning` are one line of help."""

    ENTER = "Enter", "hand the answer in; in a text of several lines, a new line"
    SUBMIT = "Alt-Enter, Ctrl-D", "hand the answer in, from anywhere in it"
    BACK = "Shift-Tab", "the question before (in a form, the field before); nothing is lost"
    FORWARD = "Tab", "on to the next that you have answered (in a form, the next field)"
    WHY = "F1, ?", "why this is asked, and where it comes from (? where no text is typed)"
    HELP = "F2", "this list"
    REVIEW = "Ctrl-R", "all answers so far, to look at and change"
    PUT_OFF = "Ctrl-O", "put the question off; it comes again if it is needed"
    EDITOR = "Ctrl-X Ctrl-E", "write a text in your editor"
    STOP = "Ctrl-C", "stop here; all is saved, go on any day"
    SUSPEND = "Ctrl-Z", "to the shell for a while; fg comes back"
    ESCAPE = "Esc", "close what is open: help, a filter, a form; loses nothing"
    UP = "Up", "up; k where no text is typed"
    DOWN = "Down", "down; j where no text is typed"
    LEFT = "Left", "to the left"
    RIGHT = "Right", "to the right"
    HOME = "Home", "to the beginning"
    END = "End", "to the end"
    MOVE_UP = "Alt-Up, K", "move an item or a form up"
    MOVE_DOWN = "Alt-Down, J", "move an item or a form down"
    DELETE = "Del", "remove the character here, or the form"
    RUB = "Backspace", "remove the character before"
    WORD_LEFT = "Alt-B", "a word to the left"
    WORD_RIGHT = "Alt-F", "a word to the right"
    RUB_WORD = "Ctrl-W", "remove the word before"
    RUB_LEFT = "Ctrl-U", "remove all before"
    RUB_RIGHT = "Ctrl-K", "remove all behind"

    def __init__(self, name_shown: str, meaning: str) -> None:
        self.name_shown = name_shown
        self.meaning = meaning


Press = Key | str
"""A key, or what was typed or pasted."""

HELPED = tuple(Key)[: tuple(Key).index(Key.LEFT)]
"""The keys that the list of keys names; what moves within a text is as everywhere."""
ROWS = (
    *((key.name_shown, key.meaning) for key in HELPED),
    ("Space", "tick or untick; in a ranking, lift and put down"),
    ("1 to 9", "to that choice; where there are more than nine, two digits too"),
    (":", "a command of the plain mode, such as :why or :back, and Enter"),
    ("/", "narrow a list of choices; all letters are text then"),
    *((key.name_shown, key.meaning) for key in (Key.MOVE_UP, Key.MOVE_DOWN, Key.DELETE)),
)
