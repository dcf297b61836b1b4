"""Options and arguments of commands: their descriptions, the conversion of their values, and the shared options."""

from __future__ import annotations

import os

from careerkit.core.frozen import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    ValueType = Literal["text", "file", "flag", "limit", "days", "descriptor"]


class ArgumentSpec:
    """A positional argument. A `repeated` one takes all remaining words, so it must be the last.

    This and the other classes of the table are not `frozen`: each would add 1 % to the time of `journal list`.
    """

    __slots__ = ("completion", "help", "metavar", "name", "repeated", "required", "type")
    choices: tuple[str, ...] = ()

    def __init__(
        self,
        name: str,
        metavar: str,
        help: str,  # noqa: A002 - Typer's word for it
        *,
        type: ValueType = "text",  # noqa: A002 - likewise
        required: bool = True,
        repeated: bool = False,
        completion: str = "",
    ) -> None:
        self.name, self.metavar, self.help, self.type = name, metavar, help, type
        self.required, self.repeated, self.completion = required, repeated, completion

    @property
    def default(self) -> object:
        return () if self.repeated else DEFAULTS[self.type]


class OptionSpec:
    """An option. `name` is the handler's parameter, by default the flag in snake case.

    `completion` is a function of careerkit.cli.completion that offers values; an option with `choices` needs none.
    """

    __slots__ = ("choices", "completion", "flag", "help", "metavar", "name", "type")

    def __init__(
        self,
        flag: str,
        help: str,  # noqa: A002 - as above
        *,
        type: ValueType = "text",  # noqa: A002 - as above
        metavar: str = "",
        choices: tuple[str, ...] = (),
        completion: str = "",
        name: str = "",
    ) -> None:
        self.flag, self.help, self.type, self.metavar = flag, help, type, metavar
        self.choices, self.completion = choices, completion
        self.name = name or flag[2:].replace("-", "_")

    @property
    def default(self) -> object:
        return DEFAULTS[self.type]


DEFAULTS: dict[str, object] = {"text": "", "file": None, "flag": False, "limit": 0, "days": None, "descriptor": None}
"""The value of an option or argument that was not given."""


def convert_value(parameter: OptionSpec | ArgumentSpec, text: str) -> object:
    """Convert `text` to what the handler expects: an int for a number, a path that is never empty for a file.

    Raises ValueError, with a sentence to show, if the text is not valid.
    """
    match parameter.type:
        case "file":
            return text or "."
        case "limit" | "days" | "descriptor":
            return _convert_number(text, minimum=None if parameter.type == "descriptor" else 0)
        case _ if parameter.choices and text not in parameter.choices:
            raise ValueError(f'"{text}" is not one of: {", ".join(parameter.choices)}.')
    return text


def _convert_number(text: str, *, minimum: int | None) -> int:
    try:
        number = int(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a whole number.') from None
    if minimum is not None and number < minimum:
        raise ValueError(f"{number} is too small. The minimum is {minimum}.")
    return number


SHARED_OPTIONS = (
    OptionSpec("--journal", "Use the journal in this folder.", metavar="DIR"),
    OptionSpec(
        "--passphrase-fd", "Read the journal's passphrase from this file descriptor.", type="descriptor", metavar="N"
    ),
    OptionSpec("--plain", "Plain text, line by line, for screen readers and pipes.", type="flag"),
    OptionSpec("--json", "Print JSON.", type="flag"),
    OptionSpec("--no-color", "Don't use colour.", type="flag"),
    OptionSpec("--private", "Use a separate screen that is cleared at the end.", type="flag"),
)
"""The options that every command takes, before or after its name."""


@frozen
class GlobalOptions:
    """The values of the shared options in one run of careerkit."""

    journal: str = ""
    passphrase_fd: int | None = None
    plain: bool = False
    json: bool = False
    no_color: bool = False
    private: bool = False

    @property
    def color(self) -> bool:
        """Whether colour may be used. NO_COLOR set to anything turns it off."""
        return not self.no_color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def format_command(self, words: str) -> str:
        """The command line for `careerkit WORDS` in the same journal, ready to copy."""
        if not self.journal:
            return f"careerkit {words}"
        from shlex import quote  # few calls name a journal

        return f"careerkit {words} --journal {quote(self.journal)}"
