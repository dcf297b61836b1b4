"""Install careerkit as a user would: as a wheel, in its own virtual environment."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programs import environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Installation:
    """The paths of the installed careerkit and its Python."""

    careerkit: str
    python: str


def install(tree: Path, folder: Path, *, log: Callable[[str], None]) -> Installation:
    """Build a wheel of `tree` and install it, byte-compiled, below `folder`. Exits with pip's output if that fails.

    Uses the newest pip, because scripts installed by older ones import `re` first, and no setuptools, because its `.pth`
    file runs at every start of Python and would make all ratios look better.
    """
    where = folder / "venv"
    log("a fresh virtual environment with a current pip")
    venv.create(where, with_pip=True)
    found = Installation(str(where / "bin" / "careerkit"), str(where / "bin" / "python"))
    _pip(found, folder, "install", "--upgrade", "pip")
    _pip(found, folder, "uninstall", "--yes", "setuptools")
    log("a wheel of this tree, installed")
    _pip(found, folder, "wheel", "--no-deps", "--wheel-dir", str(folder / "wheel"), str(tree))
    wheel = next((folder / "wheel").glob("careerkit-*.whl"))
    _pip(found, folder, "install", "--compile", str(wheel))
    return found


def _pip(found: Installation, folder: Path, *arguments: str) -> None:
    # pip's settings and cache are in the caller's home.
    environ = {**environment(folder), "HOME": os.environ.get("HOME", str(folder))}
    command = [found.python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"pip {' '.join(arguments)} failed:\n{done.stdout}")
