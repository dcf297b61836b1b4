"""Pass completions to bash, zsh and fish, quoted so that what comes from data is inserted as text and never run.

Typer's shell scripts stay as they are, so that those installed earlier are safe too. bash inserts a completion as it is
printed, so it is quoted here. zsh evaluates what is printed: commands that hand it literal words, which zsh quotes when it
inserts them. fish quotes by itself, except a ~ at the beginning, and takes one word from each line; words that it would
change aren't offered to it.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from typer._completion_classes import BashComplete, FishComplete, ZshComplete  # the only place where Typer has them
from typer._completion_shared import Shells  # likewise

from careerkit.cli.fast_path import COMPLETION_VARIABLE
from careerkit.core.text import compile_control_char_pattern
from careerkit.terminal.sanitize import sanitize_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

PLAIN_IN_BASH = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,+@%")
"""ASCII characters that never mean anything to bash, nor end a word that is completed."""


def print_completions(command: Any, name: str) -> int | None:
    """Print the completions that the shell asks for; returns the exit code, or None for another request or shell."""
    shell = os.environ.get(COMPLETION_VARIABLE, "").removeprefix("complete_")
    try:
        complete = _SHELLS[Shells(shell)]
    except (KeyError, ValueError):
        return None
    with _hide_errors():
        text = complete(command, {}, name, COMPLETION_VARIABLE).complete()
        sys.stdout.write(f"{text}\n")
    return 0


def quote_for_bash(word: str, *, opening: str = "") -> str:
    """`word` as bash reads it back. `opening` is the quotation mark that the person has typed before it, if any."""
    if _has_control_characters(word):
        return _quote_escapes(word)
    match opening:
        case "'":
            return word.replace("'", r"'\''")
        case '"':
            return "".join(r'"\!"' if char == "!" else f"\\{char}" if char in '"$`\\' else char for char in word)
    return "".join(char if char in PLAIN_IN_BASH or not char.isascii() else f"\\{char}" for char in word) or "''"


def quote_for_zsh(word: str) -> str:
    """`word` as zsh reads it back after it was split at white space and joined with single spaces."""
    return _quote_escapes(word)


class _Bash(BashComplete):
    def format_completion(self, item: Any) -> str:
        words = os.environ["COMP_WORDS"].split("\n")
        place = int(os.environ["COMP_CWORD"])
        typed = words[place] if place < len(words) else ""
        return quote_for_bash(item.value, opening=typed[:1] if typed[:1] in ("'", '"') else "")


class _Zsh(ZshComplete):
    def complete(self) -> str:
        items = self.get_completions(*self.get_completion_args())
        if not items:
            return "_files"
        words = " ".join(quote_for_zsh(item.value) for item in items)
        rows = " ".join(quote_for_zsh(_describe(item)) for item in items)
        layout = "-l " if any(item.help for item in items) else ""
        return (
            f"local -a _words _rows; _words=({words}); _rows=({rows}); compadd {layout}-V careerkit -d _rows -a _words"
        )


class _Fish(FishComplete):
    def get_completions(self, args: list[str], incomplete: str) -> list[Any]:
        found = super().get_completions(args, incomplete)
        return [each for each in found if not _has_control_characters(each.value) and not each.value.startswith("~")]

    def format_completion(self, item: Any) -> str:
        return f"{item.value}\t{' '.join(_sanitize_description(item).split())}" if item.help else f"{item.value}"


_SHELLS: dict[Shells, Callable[..., Any]] = {Shells.bash: _Bash, Shells.zsh: _Zsh, Shells.fish: _Fish}


def _hide_errors() -> Any:
    from contextlib import suppress

    return suppress(BrokenPipeError)


def _describe(item: Any) -> str:
    word = sanitize_line(item.value)
    return f"{word}  -- {_sanitize_description(item)}" if item.help else word


def _sanitize_description(item: Any) -> str:
    return sanitize_line(item.help or "")


def _has_control_characters(word: str) -> bool:
    return compile_control_char_pattern().search(word) is not None or "\n" in word


def _quote_escapes(word: str) -> str:
    """`word` as `$'...'`, with escapes for what shells and terminals would act on."""
    unsafe = compile_control_char_pattern()
    quoted = []
    for place, char in enumerate(word):
        is_single_space = char == " " and word[place - 1 : place].strip() and word[place + 1 : place + 2].strip()
        if char in "'\\":
            quoted.append(f"\\{char}")
        elif is_single_space or not (char.isspace() or unsafe.match(char)):
            quoted.append(char)
        else:
            code = ord(char)
            quoted.append(f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")
    return f"$'{''.join(quoted)}'"
