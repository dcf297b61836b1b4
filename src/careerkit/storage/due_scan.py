"""Which entries may have something due, found without parsing them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

_DUE = re.compile(rb"due[ \t]*=[ \t]*(\d{4}-\d\d-\d\d)")
"""Wherever it stands: in a text of several lines too. The entry is then read for nothing."""


def latest_first(files: Iterable[tuple[str, bytes]], *, until: date) -> tuple[str, ...]:
    """The ids of the files in which a date until then stands as due, by the last such date, latest first."""
    last = until.isoformat().encode()
    dated = [
        (max(days), entry_id) for entry_id, data in files if (days := [d for d in _DUE.findall(data) if d <= last])
    ]
    return tuple(entry_id for _, entry_id in sorted(dated, reverse=True))
