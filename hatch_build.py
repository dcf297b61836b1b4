"""Building a wheel: the bundled playbooks come checked, so that their first use is as quick as any later one."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CheckedPlaybooks(BuildHookInterface[Any]):
    """Adds `careerkit/checked`: each bundled playbook as the cache keeps it, by the hash of its file."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        try:
            from careerkit.storage.library import Library
            from careerkit.version import __version__

            made = root / "build" / "checked"
            shutil.rmtree(made, ignore_errors=True)
            library = Library(root / "playbooks", (), made, __version__)
            for playbook_id in library.ids():
                library.find(playbook_id)
        finally:
            sys.path.remove(str(root / "src"))
        build_data["force_include"][str(made / "playbooks")] = "careerkit/checked"
