"""The fast path: parse a well-formed command line with the table of commands, and run its command without Typer."""

from __future__ import annotations

import os

from careerkit.cli.command_table import COMMANDS, HOME, CommandSpec, playbook_command
from careerkit.cli.container import open_library
from careerkit.cli.options import SHARED_OPTIONS, GlobalOptions, OptionSpec, convert_value
from careerkit.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from careerkit.cli.options import ArgumentSpec

COMPLETION_VARIABLE = "_CAREERKIT_COMPLETE"
"""Set by the shell when it asks for completions, which Typer handles."""


class _NotWellFormedError(Exception):
    """The command line needs Typer, which reports what is wrong with it."""


def try_fast_path(arguments: Sequence[str]) -> int | None:
    """Run the command line and return its exit code.

    Does nothing and returns None if it needs Typer: it is not well-formed, or asks for help or completions.
    """
    if os.environ.get(COMPLETION_VARIABLE):
        return None
    try:
        call = parse_call(arguments)
    except (_NotWellFormedError, ValueError):
        return None
    if call is None:
        print(f"careerkit {__version__}")  # noqa: T201 - a result, on standard output
        return 0
    command, options, values = call
    if command is HOME:
        from careerkit.cli.display import is_at_terminal

        if not is_at_terminal(options):
            return None
    return command.run(options, values)


def parse_call(arguments: Sequence[str]) -> tuple[CommandSpec, GlobalOptions, dict[str, object]] | None:
    """The command, the shared options and the values of its parameters; None for `--version`.

    Accepts every command line that Typer accepts, with the same result.

    Raises ValueError or a private error if the command line is not well-formed.
    """
    shared: dict[str, object] = {}
    version = OptionSpec("--version", "", type="flag")
    given, rest = _read_options(arguments, (version, *SHARED_OPTIONS), interspersed=False)
    if given.pop("version", False):
        return None
    _keep_shared(given, shared)
    if not rest:
        return HOME, GlobalOptions(**shared), {}  # type: ignore[arg-type] # the table has their types
    command, rest = _find_command(rest, shared)
    given, words = _read_options(rest, (*command.options, *SHARED_OPTIONS), interspersed=True)
    _keep_shared(given, shared)
    values = {**command.defaults(), **given, **_assign_words(command.arguments, words)}
    options = GlobalOptions(**shared)  # type: ignore[arg-type] # likewise
    if command.find_conflict(options, values):
        raise _NotWellFormedError
    return command, options, values


def find_playbook_command(group: str, name: str) -> CommandSpec | None:
    """The command `careerkit GROUP NAME`, or None if there is no such playbook."""
    playbook_id = f"{group}/{name}"
    found = next((each for each in open_library().listing() if each.id == playbook_id), None)
    return playbook_command(playbook_id, found.summary, found.minutes) if found else None


def _find_command(words: list[str], shared: dict[str, object]) -> tuple[CommandSpec, list[str]]:
    """The command named by the first word or two, and the remaining words."""
    first, *rest = words
    entry = COMMANDS.get(first)
    if isinstance(entry, CommandSpec):
        return entry, rest
    given, rest = _read_options(rest, SHARED_OPTIONS, interspersed=False)
    _keep_shared(given, shared)
    if not rest:
        raise _NotWellFormedError
    command = entry.find(rest[0]) if entry else find_playbook_command(first, rest[0])
    if command is None:
        raise _NotWellFormedError
    return command, rest[1:]


def _read_options(
    words: Iterable[str], known: Iterable[OptionSpec], *, interspersed: bool
) -> tuple[dict[str, object], list[str]]:
    """The values of the options, by parameter, and the other words. The last value of a repeated option wins.

    Unless `interspersed`, options end at the first other word. They always end at `--`, and an option takes the next
    word as its value, whatever it looks like. All of this is as in Click.
    """
    by_flag = {each.flag: each for each in known}
    texts: dict[str, str] = {}
    others: list[str] = []
    waiting = [*words][::-1]
    while waiting:
        word = waiting.pop()
        if word == "--":
            break
        if len(word) < 2 or word[0] != "-":
            others.append(word)
            if not interspersed:
                break
            continue
        flag, has_value, text = word.partition("=")
        option = by_flag.get(flag)
        if option is None or (option.type == "flag" and has_value):
            raise _NotWellFormedError
        if option.type != "flag" and not has_value:
            if not waiting:
                raise _NotWellFormedError
            text = waiting.pop()
        texts[flag] = text
    values = {by_flag[flag].name: _convert(by_flag[flag], text) for flag, text in texts.items()}
    return values, [*others, *waiting[::-1]]


def _convert(option: OptionSpec, text: str) -> object:
    return True if option.type == "flag" else convert_value(option, text)


def _keep_shared(given: dict[str, object], shared: dict[str, object]) -> None:
    """Move the shared options out of `given`. Options after the command take precedence; "" counts as not given."""
    for option in SHARED_OPTIONS:
        value = given.pop(option.name, "")
        if value != "":
            shared[option.name] = value


def _assign_words(arguments: Iterable[ArgumentSpec], words: list[str]) -> dict[str, object]:
    """The words as values of the arguments, in order."""
    values: dict[str, object] = {}
    for argument in arguments:
        taken, words = (words, []) if argument.repeated else (words[:1], words[1:])
        if argument.required and not taken:
            raise _NotWellFormedError
        converted = tuple([convert_value(argument, word) for word in taken])
        if taken:
            values[argument.name] = converted if argument.repeated else converted[0]
    if words:
        raise _NotWellFormedError
    return values
