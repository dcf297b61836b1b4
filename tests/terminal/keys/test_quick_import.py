"""What is imported while somebody waits for the first key."""

from __future__ import annotations

import subprocess
import sys

IMPORTS = """
import gc, sys
from careerkit.terminal.keys.quick_import import quick_import

with quick_import():
    import prompt_toolkit
    print(gc.isenabled())
print(gc.isenabled(), gc.get_freeze_count() > 10_000, "_ssl" in sys.modules)
import ssl
print(ssl.SSLContext.__name__)
"""


def test_prompt_toolkit_is_imported_without_ssl_which_can_be_imported_afterwards():
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, timeout=120)

    assert (done.stdout, done.stderr) == ("False\nTrue True False\nSSLContext\n", "")
