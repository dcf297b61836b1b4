"""What tests of storage share: a disk that is soon full, and a writer whose calls of the system can be broken."""

from __future__ import annotations

import subprocess

import pytest
from injecting import Strace


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


@pytest.fixture
def strace(need_tool, do_without, tmp_path) -> Strace:
    program = need_tool("strace")
    if subprocess.run([program, "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode:
        do_without("strace may not trace here")
    return Strace(program, tmp_path / "strace.log")
