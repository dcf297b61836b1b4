"""The codec of a journal's files: it encrypts them on writing and decrypts them on reading if the journal is encrypted."""

from __future__ import annotations

from collections.abc import Callable

from careerkit.core.errors import JournalLocked, Problem, Refused
from careerkit.storage.encryption.age import (
    AgeKey,
    DecryptionError,
    encrypt_text,
    has_encrypted_size,
    import_pyrage,
    is_encrypted,
)

TYPE_CHECKING = False
if TYPE_CHECKING:  # plain journals need no identity file
    from typing import Protocol

    from careerkit.storage.encryption.identity import IdentityFile
else:
    Protocol = object

Unlock = Callable[["IdentityFile"], AgeKey]
"""Returns a journal's key, usually by asking for the passphrase. Raises JournalLocked if it can't."""


def raise_locked(identity_file: IdentityFile) -> AgeKey:
    """Default unlock: always raises JournalLocked."""
    raise JournalLocked(Problem("locked", "This journal is encrypted.", "Give its passphrase.", identity_file.folder))


class FileCodec(Protocol):
    """Converts between the text of an entry, an event or a playbook copy and the bytes of its file."""

    def encrypt(self, text: bytes) -> bytes:
        """Encode a text for its file. Never needs the key."""

    def decrypt(self, data: bytes, path: str) -> bytes:
        """Decode the bytes of the file at `path`.

        Raises Refused if this file can't be decrypted, and JournalLocked without the key.
        """


class AgeCodec:
    """Encrypts for `recipient`, or not at all while that is "". Reads both encrypted and plain files.

    `unlock` is called once, with the identity file, when the first encrypted file is read.
    """

    def __init__(self, unlock: Unlock, load_identity_file: Callable[[], IdentityFile]) -> None:
        self._unlock, self._load_identity_file = unlock, load_identity_file
        self._key: AgeKey | None = None
        self.recipient = ""
        self.plaintext_paths: set[str] = set()
        """The plain files read so far."""

    def encrypt(self, text: bytes) -> bytes:
        return encrypt_text(text, self.recipient) if self.recipient else text

    def is_up_to_date(self, data: bytes, text: bytes) -> bool:
        """Does a file's `data` already hold `text`, as far as can be known without the key?"""
        if self.recipient and is_encrypted(data):
            return has_encrypted_size(data, len(text))
        return data == text and not self.recipient

    def decrypt(self, data: bytes, path: str) -> bytes:
        if not is_encrypted(data):
            self.plaintext_paths.add(path)
            return data
        if self._key is None:
            identity_file = self._load_identity_file()
            if not identity_file.is_needed:
                raise Refused(_describe_foreign_file(path))
            import_pyrage()  # don't ask for a passphrase in vain
            self._key = self._unlock(identity_file)
        try:
            return self._key.decrypt(data)
        except DecryptionError as error:
            raise Refused(describe_decryption_error(error, path)) from None


def describe_decryption_error(error: DecryptionError, path: str) -> Problem:
    """Why the journal's key can't decrypt the file at `path`."""
    return _describe_wrong_key(path) if error.wrong_key else _describe_damaged_file(path)


def _describe_wrong_key(path: str) -> Problem:
    message = "This file is encrypted, but not with this journal's key."
    hint = "careerkit leaves it as it is. Perhaps the journal was encrypted on two machines, each with its own key."
    return Problem("encrypted-otherwise", message, hint, path)


def _describe_foreign_file(path: str) -> Problem:
    message = "This file is encrypted, but this journal is not, so there is no key for it here."
    hint = "Perhaps it is from an old backup, or the journal was encrypted on another machine: then let that sync."
    return Problem("encrypted-otherwise", message, hint, path)


def _describe_damaged_file(path: str) -> Problem:
    message = "This encrypted file is damaged, or its end is missing."
    hint = "careerkit leaves it as it is. Restore it from a backup or from another machine."
    return Problem("encrypted-damaged", message, hint, path)
