"""Hook for building a wheel: add the bundled playbooks in checked form, so that their first use is fast too."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CheckedPlaybooks(BuildHookInterface[Any]):
    """Adds `careerkit/checked`: each bundled playbook as the cache stores it, named by the hash of its file."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        try:
            from careerkit.storage.playbook_library import PlaybookLibrary
            from careerkit.version import __version__

            checked = root / "build" / "checked"
            shutil.rmtree(checked, ignore_errors=True)
            checked.mkdir(parents=True)
            library = PlaybookLibrary(root / "playbooks", (), checked, __version__, shipped=checked)
            for playbook_id in library.ids():
                library.load(playbook_id)
                for path in library.find_files(playbook_id):
                    library.check(path)
        finally:
            sys.path.remove(str(root / "src"))
        build_data["force_include"][str(checked / "playbooks")] = "careerkit/checked"
