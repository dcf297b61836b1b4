"""What tests of storage share: a writer whose calls of the system can be broken."""

from __future__ import annotations

import subprocess

import pytest
from fault_injection import Strace


@pytest.fixture
def strace(need_tool, do_without, tmp_path) -> Strace:
    program = need_tool("strace")
    if subprocess.run([program, "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode:
        do_without("strace may not trace here")
    return Strace(program, tmp_path / "strace.log")
