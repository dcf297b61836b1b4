"""The identity file, which holds an encrypted journal's key behind a passphrase, and the passphrase in the keyring."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from careerkit.core.errors import JournalLocked, Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.storage.atomic_write import replace_file
from careerkit.storage.encryption.age import (
    SECRET_KEY_PREFIX,
    AgeKey,
    DecryptionError,
    WorkFactorTooHighError,
    decrypt_with_passphrase,
    encrypt_with_passphrase,
    is_encrypted,
    is_key_text,
    is_recipient,
    parse_key,
)
from careerkit.storage.file_reader import is_missing, read_file
from careerkit.storage.layout import IDENTITY_FILE

if TYPE_CHECKING:
    from types import ModuleType


RESTORE_HINT = "Restore it from a backup or from another machine. The recovery key opens the journal too."
KEYRING_SERVICE = "careerkit journal"


@frozen
class IdentityFile:
    """The identity file of the journal in `folder`. Its key must belong to `recipient`; "" if that is unknown."""

    folder: str
    journal_id: str
    recipient: str

    @property
    def path(self) -> str:
        return os.path.join(self.folder, IDENTITY_FILE)

    @property
    def is_needed(self) -> bool:
        """May files be encrypted for this journal? No if its marker says plain and there is no key. Raises Refused."""
        return not self.journal_id or self.recipient != "" or not is_missing(self.path)

    def find_problem(self) -> Problem | None:
        """Say why no passphrase can work, if the file is missing or obviously damaged."""
        data = read_file(self.path)
        if data is None:
            return Problem("identity-missing", "The journal's identity file is missing.", RESTORE_HINT, self.path)
        return None if is_encrypted(data) and b"\n-> scrypt " in data else self._describe_damage()

    def unlock(self, secret: str) -> AgeKey | None:
        """The journal's key, from a passphrase or the recovery key. None if the secret is wrong.

        Raises JournalLocked if no passphrase can work.
        """
        if is_key_text(secret):
            key = parse_key(secret)
            return key if key and self._fits(key) else None
        if problem := self.find_problem():
            raise JournalLocked(problem)
        return self._unlock_with_passphrase(secret)

    def _unlock_with_passphrase(self, passphrase: str) -> AgeKey | None:
        try:
            text = decrypt_with_passphrase(read_file(self.path) or b"", passphrase)
        except DecryptionError:
            raise JournalLocked(self._describe_damage()) from None
        except WorkFactorTooHighError:
            message = "The identity file was made on a much faster machine; opening it here would take minutes."
            hint = "Use the recovery key here, or `careerkit journal passphrase` there."
            raise JournalLocked(Problem("identity-too-slow", message, hint, self.path)) from None
        if text is None:
            return None
        lines = text.decode(errors="replace").splitlines()
        key = next((parse_key(line) for line in lines if line.startswith(SECRET_KEY_PREFIX)), None)
        if key is None or not self._fits(key):
            message = "The identity file holds the key of another journal."
            raise JournalLocked(Problem("identity-other", message, RESTORE_HINT, self.path))
        return key

    def _fits(self, key: AgeKey) -> bool:
        """A marker whose recipient has a typo doesn't say which key is the right one."""
        return self.recipient in ("", key.recipient) or not is_recipient(self.recipient)

    def _describe_damage(self) -> Problem:
        return Problem("identity-damaged", "The journal's identity file is damaged.", RESTORE_HINT, self.path)


def encrypt_identity(key: AgeKey, passphrase: str) -> bytes:
    """The bytes of an identity file, which standard age can decrypt with the passphrase and use with `-i`.

    Raises Refused if the result can't be decrypted again.
    """
    text = f"# The key of a careerkit journal. public key: {key.recipient}\n{key.secret}\n".encode()
    data = encrypt_with_passphrase(text, passphrase)
    if decrypt_with_passphrase(data, passphrase) != text:
        raise Refused(
            Problem("identity-failed", "The new identity file does not open. Nothing was changed.", "Try again.")
        )
    return data


def write_identity_file(identity_file: IdentityFile, data: bytes) -> None:
    """Write an identity file, replacing the old one atomically. Raises Refused."""
    replace_file(identity_file.path, data, subject="The journal's identity file")


def load_passphrase(journal_id: str) -> str | None:
    """The journal's passphrase in the keyring, if it has one. Raises Refused if the keyring can't be used."""
    with _open_keyring() as keyring:
        passphrase: str | None = keyring.get_password(KEYRING_SERVICE, journal_id)
        return passphrase


def store_passphrase(journal_id: str, passphrase: str) -> None:
    """Store the journal's passphrase in the keyring. Raises Refused if the keyring can't be used."""
    with _open_keyring() as keyring:
        keyring.set_password(KEYRING_SERVICE, journal_id, passphrase)


def delete_passphrase(journal_id: str) -> None:
    """Delete the journal's passphrase from the keyring, if it is there. Raises Refused if the keyring can't be used."""
    with _open_keyring() as keyring:
        if keyring.get_password(KEYRING_SERVICE, journal_id) is not None:
            keyring.delete_password(KEYRING_SERVICE, journal_id)


@contextmanager
def _open_keyring() -> Iterator[ModuleType]:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        message = "The setting passphrase_in_keyring is on, but the package `keyring` is not installed."
        raise Refused(Problem("keyring-missing", message, "pip install keyring", severity="warning")) from error
    try:
        yield keyring
    except KeyringError as error:
        reason, _, _ = str(error).partition(". ")
        message = f"The system's keyring can't be used: {reason}."
        raise Refused(Problem("keyring-failed", message, "", severity="warning")) from error
