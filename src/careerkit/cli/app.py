"""Typer's commands, built from the table of commands. Typer handles help, usage errors and completion."""

from __future__ import annotations

import os
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

from typer import Abort, BadParameter, Exit, TyperException, echo
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_install_completion_arguments

from careerkit.cli.command_table import COMMANDS, HOME, CommandSpec, GroupSpec, summarize
from careerkit.cli.container import COMPLETION_VARIABLE, find_playbook_command, open_library
from careerkit.cli.display import is_at_terminal
from careerkit.cli.options import SHARED_OPTIONS, ArgumentSpec, GlobalOptions, OptionSpec, convert_value
from careerkit.cli.output import print_problems
from careerkit.core.errors import Problem, find_closest
from careerkit.core.frozen import replace
from careerkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NAME = "careerkit"
NARROW_BELOW, MIN_WIDTH = 52, 30
"""Columns. On terminals narrower than the first, help is narrower too, but at least as wide as the second."""


def run_app(arguments: Sequence[str]) -> int:
    """Run the command line through Typer and return the exit code. Errors of usage go to standard error."""
    arguments = _translate_short_help(arguments)
    command = _Root()
    if os.environ.get(COMPLETION_VARIABLE):
        from careerkit.cli.completion import print_completions  # only when the shell asks

        code = print_completions(command, NAME)
        if code is not None:
            return code
        command.main(list(arguments), prog_name=NAME)
    try:
        # Not command.main(), which treats a closed pipe as a failure.
        with command.make_context(NAME, list(arguments)) as context:
            code = command.invoke(context)
    except TyperException as error:
        print_problems([_usage_problem(error)], as_json="--json" in arguments)
        return error.exit_code
    except Exit as ended:
        return ended.exit_code
    except Abort:
        raise KeyboardInterrupt from None
    return code if isinstance(code, int) else 0


def _translate_short_help(arguments: Sequence[str]) -> list[str]:
    """Read `-h` as `--help`. After `--` words are left alone."""
    end = [*arguments].index("--") if "--" in arguments else len(arguments)
    return ["--help" if word == "-h" else word for word in arguments[:end]] + [*arguments[end:]]


COMMANDS_BY_TOPIC = {
    **dict.fromkeys(("today", "tomorrow", "todo", "todos", "due", "next", "week", "calendar"), "agenda"),
    **dict.fromkeys(("tick", "finish", "complete"), "plan done"),
    **dict.fromkeys(("settings", "set"), "config set"),
    **dict.fromkeys(("start", "new"), "crisis start"),
    **dict.fromkeys(("continue", "open"), "resume"),
    **dict.fromkeys(("history", "entries", "log"), "journal list"),
    **dict.fromkeys(("delete", "erase"), "journal remove"),
    **dict.fromkeys(("version",), "--version"),
}
"""What to suggest for words that people try as a command."""


def show_help(_: GlobalOptions, *, words: Sequence[str]) -> int:
    """Print what `careerkit WORDS --help` prints."""
    return run_app([*words, "--help"])


class _Command(TyperCommand):
    """A command of the table."""

    def __init__(self, command: CommandSpec) -> None:
        super().__init__(
            command.name,
            help=command.help,
            short_help=summarize(command),
            params=[*map(_build_argument, command.arguments), *map(_build_option, command.options), *_shared_options()],
            rich_markup_mode=None,
        )
        self._command = command

    def get_help(self, ctx: Any) -> str:
        return super().get_help(_fit_terminal(ctx))

    def invoke(self, ctx: Any) -> int:
        values = {**ctx.params, **dict(self._command.presets)}
        options = _options_of(ctx)
        if conflict := self._command.find_conflict(options, values):
            ctx.fail(conflict)
        return self._command.run(options, values)


class _Group(TyperGroup):
    """A group whose commands are looked up by name when they are needed. Without a command it shows its help."""

    def __init__(self, name: str, *, about: str, summary: str, find: Callable[[str], CommandSpec | None]) -> None:
        super().__init__(name=name, help=about, short_help=summary, params=_shared_options(), rich_markup_mode=None)
        self._find = find

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found = self._find(cmd_name)
        return _Command(found) if found else None

    def get_help(self, ctx: Any) -> str:
        return super().get_help(_fit_terminal(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args and not self.invoke_without_command and not ctx.resilient_parsing:
            echo(ctx.get_help())
            raise Exit
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Like the base class, but an unknown command gets a suggestion."""
        is_command = not args[0].startswith("-") and not ctx.resilient_parsing
        if is_command and self.get_command(ctx, args[0]) is None:
            near = self.suggest(args[0], ctx)
            sentences = [f'No command "{args[0]}".', f'Did you mean "{near}"?' if near else "", self.explain_missing()]
            ctx.fail(" ".join(filter(None, sentences)))
        return super().resolve_command(ctx, args)

    def suggest(self, word: str, ctx: Any) -> str | None:
        """The command that was probably meant."""
        return find_closest(word, self.list_commands(ctx))

    def explain_missing(self) -> str:
        """Why a command that used to exist may be missing, or ""."""
        return ""


class _TableGroup(_Group):
    """A group of built-in commands."""

    def __init__(self, group: GroupSpec) -> None:
        super().__init__(group.name, about=group.help, summary=summarize(group), find=group.find)
        self._group = group

    def list_commands(self, ctx: Any) -> list[str]:
        return [each.name for each in self._group.commands]


class _PlaybookGroup(_Group):
    """A group of playbooks. Its commands are the playbooks."""

    def __init__(self, name: str) -> None:
        titles = ", ".join(each.title for each in open_library().listing() if each.id.startswith(f"{name}/"))
        super().__init__(name, about=titles, summary=titles, find=lambda below: find_playbook_command(name, below))

    def list_commands(self, ctx: Any) -> list[str]:
        return [each.id.partition("/")[2] for each in open_library().listing() if each.id.startswith(f"{self.name}/")]

    def explain_missing(self) -> str:
        return _explain_missing_playbooks()


class _Root(_Group):
    """The root: built-in commands first, then the groups of playbooks."""

    def __init__(self) -> None:
        super().__init__(NAME, about=HOME.help, summary=summarize(HOME), find=lambda _: None)
        version = TyperOption(
            param_decls=["--version"],
            is_flag=True,
            default=False,
            is_eager=True,
            expose_value=False,
            help="Print the version.",
            callback=_print_version,
        )
        self.params = [version, *self.params, *get_install_completion_arguments()]
        self.invoke_without_command = True

    def list_commands(self, ctx: Any) -> list[str]:
        return [*COMMANDS, *(group for group in open_library().groups() if group not in COMMANDS)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        match COMMANDS.get(cmd_name):
            case CommandSpec() as command:
                return _Command(command)
            case GroupSpec() as group:
                return _TableGroup(group)
        return _PlaybookGroup(cmd_name) if cmd_name in open_library().groups() else None

    def suggest(self, word: str, ctx: Any) -> str | None:
        """The command of that name in a group, the command for what the word is about, or else the closest one."""
        for name, entry in COMMANDS.items():
            if isinstance(entry, GroupSpec) and entry.find(word.casefold()):
                return f"{name} {word.casefold()}"
        return COMMANDS_BY_TOPIC.get(word.casefold()) or super().suggest(word, ctx)

    def explain_missing(self) -> str:
        return _explain_missing_playbooks()

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the playbooks by their full command, then the built-in commands."""
        playbooks = [(each.id.replace("/", " "), each.title) for each in open_library().listing()]
        built_in = [(name, summarize(entry)) for name, entry in COMMANDS.items()]
        for heading, rows in (("Playbooks", playbooks), ("Commands", built_in)):
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def invoke(self, ctx: Any) -> Any:
        code = super().invoke(ctx)
        if ctx.invoked_subcommand is not None:
            return code
        options = _options_of(ctx)
        if is_at_terminal(options):
            return HOME.run(options, {})
        echo(ctx.get_help())
        return 0


class _Argument(TyperArgument):
    """An argument shown by its metavar alone, without Typer's braces."""

    def make_metavar(self, ctx: Any, *, usage: bool = False) -> str:
        return self.metavar or ""


def _build_argument(argument: ArgumentSpec) -> TyperArgument:
    return _Argument(
        param_decls=[argument.name],
        type=str,
        required=argument.required,
        nargs=-1 if argument.repeated else 1,
        metavar=argument.metavar,
        help=argument.help,
        show_default=False,
        callback=_converter(argument),
        autocompletion=_completer(argument),
    )


def _build_option(option: OptionSpec) -> TyperOption:
    is_flag = option.type == "flag"
    return TyperOption(
        param_decls=[option.name, option.flag],
        type=None if is_flag else str,
        is_flag=is_flag,
        default=False if is_flag else None,
        metavar=None if is_flag else option.metavar,
        help=option.help,
        callback=_converter(option),
        autocompletion=_completer(option),
    )


def _shared_options() -> list[Any]:
    """The options that every command takes. They don't go to its handler but into the GlobalOptions."""
    shared = []
    for option in SHARED_OPTIONS:
        built = _build_option(option)
        built.expose_value = False
        built.callback = _keeper(option)
        shared.append(built)
    return shared


def _converter(parameter: OptionSpec | ArgumentSpec) -> Callable[[Any, Any, Any], Any]:
    """A Typer callback that converts a value as the fast path does."""

    def convert(context: Any, _: Any, value: Any) -> Any:
        if value is None or value == ():
            return parameter.default
        try:
            if isinstance(value, tuple):
                return tuple(convert_value(parameter, each) for each in value)
            return convert_value(parameter, value) if isinstance(value, str) else value
        except ValueError as error:
            raise BadParameter(str(error), ctx=context) from None

    return convert


def _keeper(option: OptionSpec) -> Callable[[Any, Any, Any], Any]:
    """A Typer callback that keeps a given shared option, before or after the command."""
    convert = _converter(option)

    def keep(context: Any, parameter: Any, value: Any) -> Any:
        converted = convert(context, parameter, value)
        if value not in (None, "") and value is not False:
            context.find_root().obj = replace(_options_of(context), **{option.name: converted})
        return converted

    return keep


def _options_of(context: Any) -> GlobalOptions:
    """The shared options read so far."""
    kept = context.find_root().obj
    return kept if isinstance(kept, GlobalOptions) else GlobalOptions()


def _completer(parameter: OptionSpec | ArgumentSpec) -> Callable[[Any, list[str], str], Any] | None:
    if parameter.choices:
        return lambda _context, _words, _incomplete: list(parameter.choices)
    if not parameter.completion:
        return None

    def complete(context: Any, _: list[str], incomplete: str) -> Any:
        from careerkit.cli import completion  # only when the shell asks

        return getattr(completion, parameter.completion)(_options_of(context), _read_given(context), incomplete)

    return complete


def _read_given(context: Any) -> Mapping[str, Any]:
    """The values typed so far. While the value of an option is missing, Typer leaves the arguments in `context.args`."""
    names = [each.name for each in context.command.params if each.param_type_name == "argument"]
    left = dict(zip(names, context.args, strict=False))
    return {**context.params, **{name: each for name, each in left.items() if not context.params.get(name)}}


def _print_version(_: Any, __: Any, value: bool) -> bool:
    if value:
        echo(f"careerkit {__version__}")
        raise Exit
    return value


def _explain_missing_playbooks() -> str:
    has_problems = open_library().problems()
    return "Not every playbook can be used; `careerkit playbook list` says why." if has_problems else ""


def _fit_terminal(context: Any) -> Any:
    """`context` with help that is no wider than the terminal, even if that has fewer than Typer's 50 columns."""
    columns = get_terminal_size().columns
    if columns < NARROW_BELOW:
        context.terminal_width = max(MIN_WIDTH, columns - 1)
    return context


def _usage_problem(error: TyperException) -> Problem:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else NAME
    code = "wrong-usage" if error.exit_code == 2 else "refused"
    return Problem(code, error.format_message(), f"See `{path} --help`.")
