"""What tests of storage share: a disk that is soon full."""

from __future__ import annotations

import subprocess

import pytest


@pytest.fixture
def small_disk(tmp_path, need_tool, do_without):
    """A file system of 64 KB."""
    place = tmp_path / "small"
    place.mkdir()
    command = [need_tool("mount"), "-t", "tmpfs", "-o", "size=64k", "none", str(place)]
    if subprocess.run(command, capture_output=True).returncode:
        do_without("a tmpfs can't be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)
