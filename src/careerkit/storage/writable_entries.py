"""Which entries this process may write over: this machine's own open ones, as it last read or wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from careerkit.core.frozen import frozen, replace
from careerkit.core.journal.version import FORMAT, newer_format
from careerkit.core.playbook.digest import sha256_of
from careerkit.core.problem import Refused
from careerkit.storage import refusals

if TYPE_CHECKING:  # a list does without
    from careerkit.core.journal.entry import Entry


@frozen
class _Known:
    """What was last read or written of an entry's file."""

    sha256: str
    machine: str
    finished: bool
    format: int


class WritableEntries:
    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def __contains__(self, entry_id: str) -> bool:
        return entry_id in self._known

    def remember(self, entry: Entry, data: bytes) -> None:
        """The file of `entry` was read or written, and these are its bytes."""
        self._known[entry.id] = _Known(sha256_of(data), entry.machine, entry.finished is not None, entry.format)

    @contextmanager
    def written(self, entry: Entry, data: bytes) -> Iterator[None]:
        """Remember the entry when the block has written `data`. Where the disk would not confirm that, it may be
        written once more, the end of an interview too.
        """
        try:
            yield
        except Refused as refused:
            if refused.is_uncertain:
                self.remember(replace(entry, finished=None), data)
            raise
        self.remember(entry, data)

    def forget(self, entry_id: str) -> None:
        self._known.pop(entry_id, None)

    def check(self, entry: Entry, *, machine: str, data: bytes, path: str) -> None:
        """Refuse to put `entry` in the place of `data`, its file's bytes now, unless both are this machine's open entry.

        The entry must have been remembered.
        """
        known = self._known[entry.id]
        if not machine == known.machine == entry.machine:
            raise Refused(refusals.elsewhere(entry.id))
        if known.finished:
            raise Refused(refusals.finished(entry.id))
        if known.format > FORMAT:
            raise Refused(newer_format(known.format).at(path))
        if sha256_of(data) != known.sha256:
            raise Refused(refusals.changed_meanwhile(entry.id))
