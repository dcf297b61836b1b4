"""The tree of commands: the built-in ones, each in a module of its own, and one for every playbook."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

import typer
from typer.main import get_command

from careerkit.cli.built_in import BUILT_IN
from careerkit.cli.request import Group, request_of
from careerkit.version import __version__

HELP = """A coach in the terminal for hard things at work.

Own a mistake before it becomes a crisis, choose between tracks, take over a difficult client. Every answer is saved on
this machine as soon as it is given; nothing is sent anywhere.

Example: careerkit crisis start
"""


class Root(Group):
    """The root: built-in commands first, then the groups of playbooks, found when needed."""

    shows_help_alone = False

    def list_commands(self, ctx: Any) -> list[str]:
        from careerkit.cli.wiring import library

        return [*BUILT_IN, *(group for group in library().groups() if group not in BUILT_IN)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; only its own module is imported."""
        if cmd_name in BUILT_IN:
            module, _ = BUILT_IN[cmd_name]
            return import_module(module).command()
        from careerkit.cli.playbook_commands import group_command

        return group_command(cmd_name)

    def missing(self) -> str:
        from careerkit.cli.playbook_commands import missing_playbooks

        return missing_playbooks()

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Playbooks by their whole name, then the built-in commands; nothing is imported for either."""
        from careerkit.cli.wiring import library

        playbooks = [(each.id.replace("/", " "), each.title) for each in library().listing()]
        built_in = [(name, line) for name, (_, line) in BUILT_IN.items()]
        for heading, rows in (("Playbooks", playbooks), ("Commands", built_in)):
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)


@lru_cache(maxsize=1)
def root() -> Any:
    """The root command."""
    app = typer.Typer(cls=Root, help=HELP, rich_markup_mode=None, pretty_exceptions_enable=False, name="careerkit")

    @app.callback(invoke_without_command=True)
    def _root(
        context: typer.Context,
        *,
        version: bool = typer.Option(  # noqa: ARG001 - its callback has printed it
            False, "--version", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ) -> int | None:
        return _alone(context) if context.invoked_subcommand is None else None

    return get_command(app)


def _alone(context: typer.Context) -> int:
    """Home where a person sits at the terminal; help everywhere else."""
    from careerkit.cli.screens import is_at_terminal

    request = request_of(context)
    if not is_at_terminal(request):
        typer.echo(context.get_help())
        return 0
    from careerkit.cli.home import at_home

    return at_home(request)


def _print_version(value: bool) -> bool:
    if value:
        typer.echo(f"careerkit {__version__}")
        raise typer.Exit
    return value
