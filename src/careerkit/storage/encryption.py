"""Encrypt a journal's files in the age format (age-encryption.org/v1), and keep the key in an identity file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from careerkit.core.errors import JournalLocked, Problem, Refused
from careerkit.core.frozen import Protocol, frozen
from careerkit.storage.atomic_write import replace_file
from careerkit.storage.layout import IDENTITY_FILE
from careerkit.storage.platform import is_missing, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Literal

    from pyrage.x25519 import Identity

AGE_HEADER = b"age-encryption.org/v1"
SECRET_KEY_PREFIX = "AGE-SECRET-KEY-1"  # noqa: S105 - the prefix only
RECIPIENT_PREFIX = "age1"
RECIPIENT_LENGTH = 58
"""Characters after the prefix: a public key of 256 bits, and the checksum."""

BECH32_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BECH32_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
CHUNK_SIZE, TAG_SIZE, NONCE_SIZE = 1 << 16, 16, 16
"""Bytes of plaintext per chunk, bytes added to each chunk, and bytes before the first chunk."""

MAX_DECRYPT_ATTEMPTS = 20
"""pyrage estimates this machine's speed in a few milliseconds, before each attempt. On a busy machine an estimate can be so
low that a passphrase file made here looks like that of a much faster machine."""


class AgeKey:
    """An age identity, which decrypts what was encrypted for its `recipient`. Its repr doesn't show the secret."""

    __slots__ = ("_identity", "recipient")

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self.recipient = str(identity.to_public())

    @property
    def secret(self) -> str:
        """The key as a line of an identity file, AGE-SECRET-KEY-1..."""
        return str(self._identity)

    def decrypt(self, data: bytes) -> bytes:
        """Decrypt an age file. Raises DecryptionError."""
        pyrage = import_pyrage()
        try:
            text: bytes = pyrage.decrypt(data, [self._identity])
        except pyrage.DecryptError as error:
            raise DecryptionError(wrong_key="matching keys" in str(error)) from None
        return text


Unlock = Callable[["IdentityFile"], AgeKey]
"""Returns a journal's key, usually by asking for the passphrase. Raises JournalLocked if it can't."""

RESTORE_HINT = "Restore it from a backup or from another machine. The recovery key opens the journal too."
KEYRING_SERVICE = "careerkit journal"


class DecryptionError(Exception):
    """The data can't be decrypted: either it needs another key (`wrong_key`), or it is damaged."""

    def __init__(self, *, wrong_key: bool) -> None:
        super().__init__()
        self.wrong_key = wrong_key


class WorkFactorTooHighError(Exception):
    """The file was made on a much faster machine; decrypting it here would take minutes."""


def is_encrypted(data: bytes) -> bool:
    """Is this an age file? Only its header is checked, so a truncated file counts too."""
    return data.startswith(AGE_HEADER)


def encrypt_text(text: bytes, recipient: str) -> bytes:
    """Encrypt `text` for the recipient's key. Raises ValueError if `recipient` is invalid, and JournalLocked without pyrage."""
    pyrage = import_pyrage()
    try:
        data: bytes = pyrage.encrypt(text, [pyrage.x25519.Recipient.from_str(recipient)])
    except pyrage.RecipientError as error:
        raise ValueError(str(error)) from None
    return data


def is_recipient(text: str) -> bool:
    """Is this a complete recipient, `age1...`, without a typo? Its last six characters are a checksum (BIP 173)."""
    data = text.removeprefix(RECIPIENT_PREFIX)
    if data == text or len(data) != RECIPIENT_LENGTH or not all(sign in BECH32_ALPHABET for sign in data):
        return False
    human_readable = [ord(sign) for sign in "age"]
    values = [each >> 5 for each in human_readable] + [0] + [each & 31 for each in human_readable]
    checksum = 1
    for value in [*values, *map(BECH32_ALPHABET.index, data)]:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(BECH32_GENERATORS):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum == 1


def has_encrypted_size(data: bytes, text_size: int) -> bool:
    """Is an age file as long as an encrypted text of `text_size` bytes? Without the key, nothing more can be known."""
    _, mac, payload = data.partition(b"\n--- ")
    chunks = max(1, -(-text_size // CHUNK_SIZE))
    return bool(mac) and len(payload.partition(b"\n")[2]) == NONCE_SIZE + text_size + chunks * TAG_SIZE


def generate_key() -> AgeKey:
    return AgeKey(import_pyrage().x25519.Identity.generate())


def is_key_text(secret: str) -> bool:
    """Does this look like a secret key, with or without a typo?"""
    return _normalize_key_text(secret).startswith(SECRET_KEY_PREFIX)


def parse_key(secret: str) -> AgeKey | None:
    """Parse a secret key, ignoring case and whitespace. None if it is invalid."""
    if not is_key_text(secret):
        return None
    pyrage = import_pyrage()
    try:
        return AgeKey(pyrage.x25519.Identity.from_str(_normalize_key_text(secret)))
    except pyrage.IdentityError:
        return None


def normalize_passphrase(passphrase: str) -> str:
    """The one form of a passphrase from which keys are derived: composed characters, and no byte-order mark of a file.

    Keyboards and systems differ in whether they give é as one character or as two.
    """
    return _normalize("NFC", passphrase.removeprefix("\ufeff"))


def encrypt_with_passphrase(text: bytes, passphrase: str) -> bytes:
    """Encrypt `text` with the normalized passphrase. This takes about a second, as does every guess."""
    data: bytes = import_pyrage().passphrase.encrypt(text, normalize_passphrase(passphrase))
    return data


def decrypt_with_passphrase(data: bytes, passphrase: str) -> bytes | None:
    """Decrypt with a passphrase. None if the passphrase is wrong.

    Older versions derived the key from what was typed, so that and the decomposed form are tried too if they differ.
    Raises DecryptionError if the file is damaged, and WorkFactorTooHighError if decrypting it would take minutes here.
    """
    composed = normalize_passphrase(passphrase)
    for form in dict.fromkeys((composed, passphrase, _normalize("NFD", composed))):
        text = _decrypt_with_form(data, form)
        if text is not None:
            return text
    return None


def import_pyrage() -> ModuleType:
    """Import pyrage. Raises JournalLocked if it isn't installed."""
    try:
        import pyrage
    except ImportError as error:
        message = "To read or write an encrypted journal, careerkit needs pyrage."
        hint = "pip install 'careerkit[encrypt]' (with pipx: pipx inject careerkit pyrage)"
        raise JournalLocked(Problem("encrypt-missing", message, hint)) from error
    return pyrage


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


def _decrypt_with_form(data: bytes, passphrase: str) -> bytes | None:
    for _ in range(MAX_DECRYPT_ATTEMPTS - 1):
        with suppress(WorkFactorTooHighError):
            return _decrypt_once(data, passphrase)
    return _decrypt_once(data, passphrase)


def _decrypt_once(data: bytes, passphrase: str) -> bytes | None:
    pyrage = import_pyrage()
    try:
        text: bytes = pyrage.passphrase.decrypt(data, passphrase)
    except pyrage.DecryptError as error:
        if "xcessive work" in str(error):
            raise WorkFactorTooHighError from None
        if str(error) == "Decryption failed":
            return None
        raise DecryptionError(wrong_key=False) from None
    return text


def _normalize(form: Literal["NFC", "NFD"], text: str) -> str:
    from unicodedata import normalize  # only passphrases need it

    return normalize(form, text)


def _normalize_key_text(secret: str) -> str:
    return "".join(secret.removeprefix("\ufeff").split()).upper()


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


@contextmanager
def _open_keyring() -> Iterator[ModuleType]:
    try:
        import keyring.errors
    except ImportError as error:
        message = "The setting passphrase_in_keyring is on, but the package `keyring` is not installed."
        raise Refused(Problem("keyring-missing", message, "pip install keyring", severity="warning")) from error
    try:
        yield keyring
    except keyring.errors.KeyringError as error:
        reason, _, _ = str(error).partition(". ")
        message = f"The system's keyring can't be used: {reason}."
        raise Refused(Problem("keyring-failed", message, "", severity="warning")) from error
