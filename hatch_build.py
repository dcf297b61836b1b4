"""Hook for building: check the bundled playbooks, so that their first use and their first check are fast too."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CheckedPlaybooks(BuildHookInterface[Any]):
    """Adds `careerkit/checked`: each bundled playbook as the cache stores it, named by the hash of its file.

    Of an editable installation, `build/clean` says which of them have no problem; it counts until a module of the check changes.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        is_editable = version == "editable"
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        try:
            from careerkit.storage.playbook_library import PlaybookLibrary
            from careerkit.version import __version__

            checked = root / "build" / ("clean" if is_editable else "checked")
            shutil.rmtree(checked, ignore_errors=True)
            checked.mkdir(parents=True)
            library = PlaybookLibrary(root / "playbooks", (), checked, __version__, is_checkout=is_editable)
            for playbook_id in library.ids():
                if not is_editable:
                    library.load(playbook_id)
                for path in library.find_files(playbook_id):
                    library.check(path)
        finally:
            sys.path.remove(str(root / "src"))
        if not is_editable:
            build_data["force_include"][str(checked / "playbooks")] = "careerkit/checked"
