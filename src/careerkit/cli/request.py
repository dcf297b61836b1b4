"""What holds for every command: where the journal is, how to show things. Given before or after the command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from careerkit.cli.asked import Request


def request_of(context: typer.Context) -> Request:
    """The request that the command is part of."""
    root = context.find_root()
    if not isinstance(root.obj, Request):
        root.obj = Request()
    return root.obj


NARROW, NARROWEST = 52, 30
"""Columns: on a narrower terminal help is fitted to it, down to the least that a row of options needs."""


class Command(TyperCommand):
    """A command that takes the shared options too; its help has no Rich in it."""

    def __init__(self, name: str | None, **settings: Any) -> None:
        settings["params"] = [*(settings.get("params") or []), *_shared_options()]
        super().__init__(name, **settings)

    def get_help(self, ctx: Any) -> str:
        return super().get_help(_fitted(ctx))


class Group(TyperGroup):
    """A group that takes the shared options too."""

    shows_help_alone = True

    def __init__(self, **settings: Any) -> None:
        settings["params"] = [*(settings.get("params") or []), *_shared_options()]
        super().__init__(**settings)

    def get_help(self, ctx: Any) -> str:
        return super().get_help(_fitted(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As the base class does; a group by itself shows its help."""
        if not args and self.shows_help_alone and not ctx.resilient_parsing:
            typer.echo(ctx.get_help())
            raise typer.Exit
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As the base class does, with the near names of commands that are made on demand."""
        named = not args[0].startswith("-") and not ctx.resilient_parsing
        if named and self.get_command(ctx, args[0]) is None:
            from careerkit.core.problem import nearest

            near = nearest(args[0], self.list_commands(ctx))
            said = (f"There is no command {args[0]!r}.", f"Did you mean {near}?" if near else "", self.missing())
            ctx.fail(" ".join(filter(None, said)))
        return super().resolve_command(ctx, args)

    def missing(self) -> str:
        """Why commands may be missing that were there before; "" where nothing speaks for it."""
        return ""


def single(function: Callable[..., Any], *, name: str, about: str | None = None) -> Any:
    """The command that `function` is, with the shared options. Its help is `about`, or else the docstring."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, cls=Command, help=about)(function)
    made = get_command(app)
    made.name = name
    return made


def group(name: str, about: str, **functions: Callable[..., Any]) -> Any:
    """The group of the commands that `functions` are, by their names."""
    commands = {each: single(function, name=each) for each, function in functions.items()}
    return Group(name=name, help=about, commands=commands, rich_markup_mode=None)


def _fitted(ctx: Any) -> Any:
    """`ctx` with help no wider than the terminal, also where that is narrower than the 50 columns that Typer takes."""
    from shutil import get_terminal_size

    columns = get_terminal_size().columns
    if columns < NARROW:
        ctx.terminal_width = max(NARROWEST, columns - 1)
    return ctx


def _shared_options() -> list[TyperOption]:
    return [
        TyperOption(
            param_decls=["--journal"],
            type=str,
            metavar="DIR",
            help="Use the journal in this folder.",
            expose_value=False,
            callback=_keep,
        ),
        TyperOption(
            param_decls=["--passphrase-fd"],
            type=int,
            metavar="N",
            help="Read an encrypted journal's passphrase from this descriptor.",
            expose_value=False,
            callback=_keep,
        ),
        _flag("--plain", "Line by line, for screen readers and pipes."),
        _flag("--json", "Print JSON."),
        _flag("--no-color", "No colour."),
        _flag("--private", "Hold the conversation on a screen of its own, cleared at the end."),
    ]


def _flag(name: str, help_text: str) -> TyperOption:
    return TyperOption(
        param_decls=[name], is_flag=True, default=False, help=help_text, expose_value=False, callback=_keep
    )


def _keep(context: typer.Context, parameter: Any, value: Any) -> Any:
    if value not in (None, False, ""):
        setattr(request_of(context), parameter.name, value)
    return value
