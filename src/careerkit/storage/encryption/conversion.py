"""Convert a journal to encrypted form or back, in place; an interrupted conversion can be resumed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.storage import failures, layout
from careerkit.storage.atomic_write import make_folders, replace_file
from careerkit.storage.backup import Advance
from careerkit.storage.encryption.age import AgeKey, DecryptionError, encrypt_text, is_encrypted
from careerkit.storage.encryption.codec import describe_decryption_error
from careerkit.storage.encryption.identity import IdentityFile, write_identity_file
from careerkit.storage.failures import explain_os_error
from careerkit.storage.file_reader import read_file
from careerkit.storage.locks import lock_journal_exclusive
from careerkit.storage.machine_state import MachineState
from careerkit.storage.marker import Marker, ensure_journal, inspect_journal, set_recipient

FIXABLE_CODES = ("marker-not-encrypted", "marker-missing")
"""Problems that block writing to a journal, and that a conversion fixes."""


@frozen
class ConversionResult:
    """The number of files converted, and the problems of those that couldn't be."""

    files: int
    problems: tuple[Problem, ...] = ()


@contextlib.contextmanager
def begin_conversion(folder: str, state_folder: str) -> Iterator[JournalConversion]:
    """Lock the journal exclusively while the block runs. A folder that isn't a journal yet becomes one.

    Raises Refused while another process on this machine is writing to the journal.
    """
    machine_state = MachineState(state_folder)
    marker = inspect_journal(folder, machine_state)
    errors = [each for each in marker.problems if each.severity == "error"]
    if serious := [each for each in errors if each.code not in FIXABLE_CODES]:
        raise Refused(serious)
    if not errors and not marker.journal_id:
        marker = ensure_journal(folder, machine_state)
    make_folders(folder, subject="The journal's folder")
    path = machine_state.journal_lock_path(marker.journal_id or "unmarked")
    with lock_journal_exclusive(path, conflict=failures.journal_in_use(folder)):
        yield JournalConversion(folder, machine_state)


class JournalConversion:
    """A journal held under the exclusive lock.

    To encrypt, set the recipient first, then call `encrypt_all`; to decrypt, clear the recipient, then `decrypt_all`.
    """

    def __init__(self, folder: str, machine_state: MachineState) -> None:
        self._folder, self._machine_state = folder, machine_state

    @property
    def marker(self) -> Marker:
        return inspect_journal(self._folder, self._machine_state)

    @property
    def identity_file(self) -> IdentityFile:
        marker = self.marker
        return IdentityFile(self._folder, marker.journal_id, marker.recipient)

    @property
    def has_identity(self) -> bool:
        """Is there an identity file, intact or not?"""
        return os.path.lexists(self.identity_file.path)

    def count_encrypted(self) -> int:
        """How many files are encrypted, of those that can be read."""
        return sum(map(_is_file_encrypted, self.list_files([])))

    def list_files(self, problems: list[Problem]) -> list[str]:
        """The paths of all files that a conversion covers. Folders that can't be listed are added to `problems`."""
        top = (layout.MARKER_FILE, layout.IDENTITY_FILE)
        return [
            os.path.join(self._folder, path)
            for path in layout.list_journal_files(self._folder, problems)
            if "/" in path and path not in top
        ]

    def set_recipient(self, recipient: str, *, identity: bytes = b"") -> None:
        """Encrypt everything that is written from now on for `recipient`, or nothing if it is "".

        If `identity` is given, it is written to the identity file first.
        """
        if identity:
            write_identity_file(self.identity_file, identity)
        set_recipient(self._folder, self._machine_state, recipient)

    def encrypt_all(self, recipient: str, *, key: AgeKey | None, advance: Advance) -> ConversionResult:
        """Encrypt every plain file. If `key` is given, each result is decrypted as a check before it replaces the file."""

        def encrypt(data: bytes, path: str) -> bytes | None:
            if is_encrypted(data):
                return None
            encrypted = encrypt_text(data, recipient)
            if key and key.decrypt(encrypted) != data:
                message = "This file was not encrypted: the result could not be decrypted again."
                raise Refused(Problem("not-encrypted", message, "Try again.", path))
            return encrypted

        return self._convert(encrypt, advance)

    def decrypt_all(self, key: AgeKey, *, advance: Advance) -> ConversionResult:
        """Decrypt every encrypted file. Those that can't be decrypted are reported and left as they are."""

        def decrypt(data: bytes, path: str) -> bytes | None:
            if not is_encrypted(data):
                return None
            try:
                return key.decrypt(data)
            except DecryptionError as error:
                raise Refused(describe_decryption_error(error, path)) from None

        return self._convert(decrypt, advance)

    def remove_temp_files(self) -> None:
        """Delete all temporary files, however new: under the lock no other process is writing them."""
        for folder in layout.list_journal_folders(self._folder):
            for name in filter(layout.is_temp_name, layout.list_names(folder)):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(os.path.join(folder, name))

    def delete_identity_file(self) -> None:
        """Delete the identity file, after everything was decrypted. Raises Refused."""
        path = self.identity_file.path
        try:
            os.unlink(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise Refused(explain_os_error("not-removed", "The identity file was not removed", error, path)) from error

    def find_unconverted_files(self) -> tuple[str, ...]:
        """The files and folders in the journal that a conversion leaves alone: those of other tools, or misplaced ones."""
        folders = tuple(layout.list_journal_folders(self._folder))
        known = {
            *folders,
            *self.list_files([]),
            *(os.path.join(self._folder, name) for name in (layout.MARKER_FILE, layout.IDENTITY_FILE)),
        }
        found = (
            os.path.join(folder, name)
            for folder in folders
            for name in layout.list_names(folder)
            if not layout.is_temp_name(name)
        )
        return tuple(sorted(path for path in found if path not in known))

    def _convert(self, convert: Callable[[bytes, str], bytes | None], advance: Advance) -> ConversionResult:
        count, problems = 0, list[Problem]()
        for path in self.list_files(problems):
            try:
                data = read_file(path)
                converted = None if data is None else convert(data, path)
            except Refused as refused:
                problems += refused.problems
            else:
                if converted is not None:
                    replace_file(path, converted, subject=os.path.relpath(path, self._folder))
                    count += 1
            advance()
        return ConversionResult(count, tuple(layout.soften_quarantined(problems, self._folder)))


def list_all_files(paths: Iterable[str]) -> list[str]:
    """The paths, with all files in those that are folders, except in hidden ones such as git's."""
    found: list[str] = []
    for path in paths:
        is_tool_folder = os.path.basename(path).startswith(".")
        walk = () if is_tool_folder else os.walk(path)
        found += sorted(os.path.join(folder, name) for folder, _, names in walk for name in names) or [path]
    return found


def _is_file_encrypted(path: str) -> bool:
    try:
        return is_encrypted(read_file(path) or b"")
    except Refused:  # the conversion itself reports it
        return False
