"""Turning a journal over: from plain to encrypted, and back. Each file by one atomic replacement, so that whoever is killed
can go on where that was, and a journal that is half one and half the other is read as any.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator

from careerkit.core.frozen import frozen
from careerkit.core.problem import Problem, Refused
from careerkit.storage import refusals
from careerkit.storage.age import Key, NotOpenedError, close
from careerkit.storage.backup import Advance
from careerkit.storage.disk_trouble import trouble
from careerkit.storage.durable import is_temp, make_folders, replace
from careerkit.storage.envelope import is_closed, not_opened
from careerkit.storage.keyhole import Keyhole, put_identity
from careerkit.storage.layout import IDENTITY, MARKER
from careerkit.storage.marker import Marker, address, establish, look
from careerkit.storage.memory_of_journals import MachineMemory
from careerkit.storage.month_folders import names_in
from careerkit.storage.own_files import own_files, own_folders
from careerkit.storage.plain_file import read_file
from careerkit.storage.writer_lock import alone

MENDED = ("marker-not-encrypted", "marker-missing")
"""What keeps others from writing, and is put right by turning the journal over."""


@frozen
class Turned:
    """So many files were turned over now, and what is wrong with those that were not."""

    files: int
    problems: tuple[Problem, ...] = ()


@contextlib.contextmanager
def turnover(folder: str, state: str) -> Iterator[Turnover]:
    """Be alone with the journal in the folder while the block runs, which becomes one where it is none.

    Refused while another process of this machine writes in it.
    """
    memory = MachineMemory(state)
    marker = look(folder, memory)
    errors = [each for each in marker.problems if each.severity == "error"]
    if serious := [each for each in errors if each.code not in MENDED]:
        raise Refused(serious)
    if not errors and not marker.journal_id:
        marker = establish(folder, memory)
    make_folders(folder, what="The journal's folder")
    path = memory.writers_path(marker.journal_id or "unmarked")
    with alone(path, held=refusals.in_use(folder)):
        yield Turnover(folder, memory)


class Turnover:
    """A journal with whom nobody else of this machine is."""

    def __init__(self, folder: str, memory: MachineMemory) -> None:
        self._folder, self._memory = folder, memory

    @property
    def marker(self) -> Marker:
        return look(self._folder, self._memory)

    @property
    def keyhole(self) -> Keyhole:
        marker = self.marker
        return Keyhole(self._folder, marker.journal_id, marker.recipient)

    @property
    def has_identity(self) -> bool:
        """Whether there is an identity file, whole or not."""
        return os.path.lexists(self.keyhole.path)

    def closed(self) -> int:
        """How many files are encrypted."""
        return sum(1 for path in self.files() if is_closed(read_file(path) or b""))

    def files(self) -> list[str]:
        """The paths of all files that are turned over."""
        top = (MARKER, IDENTITY)
        return [os.path.join(self._folder, path) for path in own_files(self._folder) if "/" in path and path not in top]

    def address(self, recipient: str, *, identity: bytes = b"") -> None:
        """From now on, encrypt for the recipient whose `identity` file, where it isn't there yet, is put there first.

        With "" what is written lies as it is from now on.
        """
        if identity:
            put_identity(self.keyhole, identity)
        address(self._folder, self._memory, recipient)

    def close_all(self, recipient: str, *, key: Key | None, advance: Advance) -> Turned:
        """Encrypt every file that isn't. With the `key`, each is opened again before it takes the plain one's place."""

        def turn(data: bytes, path: str) -> bytes | None:
            if is_closed(data):
                return None
            closed = close(data, recipient)
            if key and key.open(closed) != data:
                raise Refused(Problem("not-encrypted", "What was encrypted does not open again.", "Try again.", path))
            return closed

        return self._turn(turn, advance)

    def open_all(self, key: Key, *, advance: Advance) -> Turned:
        """Decrypt every file that is encrypted. One that can't be opened is told, and left as it is."""

        def turn(data: bytes, path: str) -> bytes | None:
            if not is_closed(data):
                return None
            try:
                return key.open(data)
            except NotOpenedError as error:
                raise Refused(not_opened(error, path)) from None

        return self._turn(turn, advance)

    def sweep(self) -> None:
        """Remove what killed processes have left of their writes, at once: nobody else is writing."""
        for folder in own_folders(self._folder):
            for name in filter(is_temp, names_in(folder)):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(os.path.join(folder, name))

    def forget_identity(self) -> None:
        """Remove the identity file, when nothing is encrypted any more."""
        path = self.keyhole.path
        try:
            os.unlink(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise Refused(trouble("not-removed", "The identity file was not removed", error, path)) from error

    def left(self) -> tuple[str, ...]:
        """The files and folders in the journal that are not turned over: other tools', or what was put where nothing belongs."""
        folders = tuple(own_folders(self._folder))
        known = {*folders, *self.files(), *(os.path.join(self._folder, name) for name in (MARKER, IDENTITY))}
        there = (os.path.join(folder, name) for folder in folders for name in names_in(folder) if not is_temp(name))
        return tuple(sorted(path for path in there if path not in known))

    def _turn(self, turn: Callable[[bytes, str], bytes | None], advance: Advance) -> Turned:
        done, problems = 0, list[Problem]()
        for path in self.files():
            try:
                data = read_file(path)
                turned = None if data is None else turn(data, path)
            except Refused as refused:
                problems += refused.problems
            else:
                if turned is not None:
                    replace(path, turned, what=os.path.relpath(path, self._folder))
                    done += 1
            advance()
        return Turned(done, tuple(problems))
