"""`careerkit journal`: one module for each command or two, imported when it is called."""

from __future__ import annotations

from typing import Any

from careerkit.cli.request import Group, single

COMMANDS = {
    "list": ("listing", "list_entries"),
    "search": ("searching", "search"),
    "show": ("show", "show"),
    "edit": ("edit", "edit"),
    "note": ("note", "note"),
    "tag": ("tags", "tag"),
    "untag": ("tags", "untag"),
    "remove": ("removal", "remove"),
    "restore": ("removal", "restore"),
    "trend": ("trend", "trend"),
    "where": ("where", "where"),
    "reindex": ("reindex", "reindex"),
    "backup": ("backup", "backup"),
    "restore-backup": ("backup", "restore_backup"),
    "export": ("export", "export_journal"),
    "import": ("export", "import_journal"),
    "encrypt": ("encrypt", "encrypt"),
    "decrypt": ("encrypt", "decrypt"),
    "passphrase": ("encrypt", "passphrase"),
}
"""By name: the module here and its function."""


def command() -> Any:
    """The group of commands."""
    return _Journal(name="journal", help="What you wrote.\n\nExample: careerkit journal list", rich_markup_mode=None)


class _Journal(Group):
    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        from importlib import import_module

        module, function = COMMANDS[cmd_name]
        return single(getattr(import_module(f"{__name__}.{module}"), function), name=cmd_name)
