"""`careerkit config`: show, set and path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.cli.output import write, write_json, write_path
from careerkit.core.frozen import get_field_names
from careerkit.storage.platform import find_folders
from careerkit.storage.settings import DESCRIPTIONS, read_settings, write_setting

if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions
    from careerkit.storage.settings import Settings


def show(options: GlobalOptions) -> None:
    """Show every setting, with the defaults of those that were never changed."""
    _print_settings(options, read_settings(_path()))


def set_one(options: GlobalOptions, *, setting: str, value: str) -> None:
    """Change a setting, and show all of them."""
    _print_settings(options, write_setting(_path(), setting, value))


def path(options: GlobalOptions) -> None:
    """Print the path of the settings file, which may not exist yet."""
    if options.json:
        write_json({"path": _path()})
    else:
        write_path(_path())


def _path() -> str:
    return find_folders().settings


def _print_settings(options: GlobalOptions, settings: Settings) -> None:
    values = {name: getattr(settings, name) for name in get_field_names(settings)}
    if options.json:
        write_json({"settings": values})
    else:
        write("\n".join(f"{name} = {_format(value)}  # {DESCRIPTIONS[name]}" for name, value in values.items()))


def _format(value: object) -> str:
    """The value as the settings file has it."""
    return f'"{value}"' if isinstance(value, str) else str(value).lower()
