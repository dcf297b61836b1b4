"""Which entries may have something due, found without parsing them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from careerkit.core.problem import Refused
from careerkit.storage.layout import entry_path, is_entry_id
from careerkit.storage.plain_file import read_file

if TYPE_CHECKING:
    from careerkit.storage.envelope import Envelope

_DUE = re.compile(rb"due[ \t]*=[ \t]*(\d{4}-\d\d-\d\d)")
"""Wherever it stands: in a text of several lines too. The entry is then read for nothing."""


def latest_first(files: Iterable[tuple[str, bytes]], *, until: date) -> tuple[str, ...]:
    """The ids of the files in which a date until then stands as due, by the last such date, latest first."""
    last = until.isoformat().encode()
    dated = [
        (max(days), entry_id) for entry_id, data in files if (days := [d for d in _DUE.findall(data) if d <= last])
    ]
    return tuple(entry_id for _, entry_id in sorted(dated, reverse=True))


def readable(journal: str, entry_ids: Iterable[str], envelope: Envelope) -> Iterator[tuple[str, bytes]]:
    """The id and the text of each of the entries whose file is there and can be had."""
    for entry_id in filter(is_entry_id, entry_ids):
        with suppress(Refused):
            path = entry_path(journal, entry_id)
            data = read_file(path)
            if data is not None:
                yield entry_id, envelope.open(data, path)
