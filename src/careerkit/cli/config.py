"""`careerkit config`: show, set, path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from careerkit.cli.request import group, request_of

if TYPE_CHECKING:
    from careerkit.cli.asked import Request
    from careerkit.storage.settings import Settings


def command() -> Any:
    """The group of commands."""
    return group(
        "config", "How careerkit behaves for you.\n\nExample: careerkit config show", show=show, set=set_one, path=path
    )


def show(context: typer.Context) -> None:
    """Show every setting, also those that were never changed.

    Example: careerkit config show
    """
    from careerkit.storage.settings import read_settings

    _print(request_of(context), read_settings(_path()))


def set_one(
    context: typer.Context,
    setting: Annotated[str, typer.Argument(metavar="SETTING", help="Its name, as `config show` lists it.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="true or false.")],
) -> None:
    """Change a setting.

    Example: careerkit config set offer_names true
    """
    from careerkit.storage.settings import write_setting

    _print(request_of(context), write_setting(_path(), setting, value))


def path(context: typer.Context) -> None:
    """Print the path of the settings file. It need not be there yet.

    Example: careerkit config path
    """
    from careerkit.cli.output import json_text, write, write_path

    if request_of(context).json:
        write(json_text({"path": _path()}))
    else:
        write_path(_path())


def _path() -> str:
    from careerkit.storage.folders import find_folders

    return find_folders().settings


def _print(request: Request, settings: Settings) -> None:
    from careerkit.cli.output import json_text, write
    from careerkit.core.frozen import fields_of
    from careerkit.storage.settings import MEANINGS

    values = {name: getattr(settings, name) for name in fields_of(settings)}
    if request.json:
        write(json_text({"settings": values}))
    else:
        write("\n".join(f"{name} = {str(value).lower()}  # {MEANINGS[name]}" for name, value in values.items()))
