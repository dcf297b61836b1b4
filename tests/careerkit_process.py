"""Running careerkit as a person's shell would: in a process, with a home of its own and a clock that stands still."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
STILL = """
from datetime import UTC, datetime
from careerkit.storage.system_clock import SystemClock
SystemClock.now = lambda self: datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
from careerkit.cli.front_door import main
raise SystemExit(main())
"""
COMMAND = (sys.executable, "-c", STILL)
"""careerkit on Sunday, 22 November 2026, at five past nine."""


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def problems(self):
        return json.loads(self.err)["problems"]


class Home:
    """A home folder and everything that careerkit keeps below it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("CAREERKIT", "XDG_", "LC_"))},
            "HOME": str(folder),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "COLUMNS": "80",
        }

    @property
    def journal(self) -> Path:
        return self.folder / ".local/share/careerkit/journal"

    @property
    def playbooks(self) -> Path:
        return self.folder / ".config/careerkit/playbooks"

    @property
    def entries(self) -> list[Path]:
        return sorted(self.journal.glob("entries/*/*.toml"))

    def run(self, *arguments: object, stdin: str = "", env: dict[str, str] | None = None) -> Ended:
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            input=stdin.encode("utf-8", "surrogateescape"),
            capture_output=True,
            env={**self.env, **(env or {})},
            timeout=60,
            cwd=self.folder,
        )
        return Ended(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    def add_playbook(self, name: str, text: str) -> Path:
        path = self.playbooks / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path
