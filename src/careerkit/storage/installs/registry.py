"""Which playbooks were installed, and where each came from: a hidden file in the folder of the person's playbooks."""

from __future__ import annotations

import json
import os

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.hashing import hash_sha256
from careerkit.storage import atomic_write
from careerkit.storage.file_reader import read_file
from careerkit.storage.installs.sources import SourcePlaybook

FILE_NAME = ".installed.json"


@frozen
class InstalledPlaybook:
    """`origin` and `path` are where it came from, `commit` the one it is pinned to, and `sha256` the hash of its file."""

    id: str
    origin: str
    path: str
    commit: str
    sha256: str


class InstallRegistry:
    """The installed playbooks in `folder`, which need not exist yet. Every method may raise Refused."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._file = os.path.join(folder, FILE_NAME)

    def list_installed(self) -> dict[str, InstalledPlaybook]:
        """The installed playbooks by id, sorted."""
        data = read_file(self._file)
        if data is None:
            return {}
        try:
            tables = json.loads(data)["playbooks"]
            return {name: InstalledPlaybook(name, **table) for name, table in sorted(tables.items())}
        except (ValueError, KeyError, TypeError, AttributeError):
            message = "The list of installed playbooks can't be read."
            hint = "Move it away. The playbooks stay, but can't be updated or removed by careerkit."
            raise Refused(Problem("bad-registry", message, hint, self._file)) from None

    def find(self, playbook_id: str) -> InstalledPlaybook:
        """An installed playbook. Raises Refused if it wasn't installed."""
        installed = self.list_installed()
        if playbook_id in installed:
            return installed[playbook_id]
        hint = f"Installed are: {', '.join(installed)}." if installed else "None is installed."
        message = "No playbook with this id was installed from elsewhere."
        raise Refused(Problem("not-installed", message, hint, playbook_id))

    def get_path(self, playbook_id: str) -> str:
        """Where the file of a playbook is, or would be."""
        return os.path.join(self._folder, *playbook_id.split("/")) + ".toml"

    def has_file(self, playbook_id: str) -> bool:
        """Is there a file in its place?"""
        return os.path.lexists(self.get_path(playbook_id))

    def is_changed(self, installed: InstalledPlaybook) -> bool:
        """Is the file another one than what was installed? A missing one isn't."""
        data = read_file(self.get_path(installed.id))
        return data is not None and hash_sha256(data) != installed.sha256

    def write(self, source: SourcePlaybook, playbook_id: str) -> None:
        """Write the file of a playbook, replacing any that is there, and note where it came from."""
        path = self.get_path(playbook_id)
        atomic_write.make_folders(os.path.dirname(path), subject="The folder of playbooks")
        atomic_write.replace_file(path, source.data, subject="The playbook")
        entry = InstalledPlaybook(playbook_id, source.origin, source.path, source.commit, source.sha256)
        self._store({**self.list_installed(), playbook_id: entry})

    def remove(self, playbook_id: str) -> None:
        """Delete the file of an installed playbook, and its group if that is empty then."""
        path = self.get_path(playbook_id)
        atomic_write.delete_file(path, subject="The playbook")
        self._store({name: each for name, each in self.list_installed().items() if name != playbook_id})
        if not os.listdir(os.path.dirname(path)):
            os.rmdir(os.path.dirname(path))

    def _store(self, installed: dict[str, InstalledPlaybook]) -> None:
        tables = {
            each.id: {"origin": each.origin, "path": each.path, "commit": each.commit, "sha256": each.sha256}
            for each in installed.values()
        }
        data = json.dumps({"playbooks": tables}, indent=2).encode() + b"\n"
        atomic_write.replace_file(self._file, data, subject="The list of installed playbooks")
