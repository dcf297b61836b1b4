"""Keys and encryption in the age format (age-encryption.org/v1), which any age program can decrypt."""

from __future__ import annotations

from contextlib import suppress

from careerkit.core.errors import JournalLocked, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from pyrage.x25519 import Identity

AGE_HEADER = b"age-encryption.org/v1"
SECRET_KEY_PREFIX = "AGE-SECRET-KEY-1"  # noqa: S105 - the prefix only
CHUNK_SIZE, TAG_SIZE, NONCE_SIZE = 1 << 16, 16, 16
"""Bytes of plaintext per chunk, bytes added to each chunk, and bytes before the first chunk."""
MAX_DECRYPT_ATTEMPTS = 20
"""pyrage estimates this machine's speed in a few milliseconds, before each attempt. On a busy machine an estimate can be so
low that a passphrase file made here looks like that of a much faster machine."""


class DecryptionError(Exception):
    """The data can't be decrypted: either it needs another key (`wrong_key`), or it is damaged."""

    def __init__(self, *, wrong_key: bool) -> None:
        super().__init__()
        self.wrong_key = wrong_key


class WorkFactorTooHighError(Exception):
    """The file was made on a much faster machine; decrypting it here would take minutes."""


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


def encrypt_with_passphrase(text: bytes, passphrase: str) -> bytes:
    """Encrypt `text` with a passphrase. This takes about a second, as does every guess."""
    data: bytes = import_pyrage().passphrase.encrypt(text, passphrase)
    return data


def decrypt_with_passphrase(data: bytes, passphrase: str) -> bytes | None:
    """Decrypt with a passphrase. None if the passphrase is wrong.

    Raises DecryptionError if the file is damaged, and WorkFactorTooHighError if decrypting it would take minutes here.
    """
    for _ in range(MAX_DECRYPT_ATTEMPTS - 1):
        with suppress(WorkFactorTooHighError):
            return _decrypt_once(data, passphrase)
    return _decrypt_once(data, passphrase)


def import_pyrage() -> ModuleType:
    """Import pyrage. Raises JournalLocked if it isn't installed."""
    try:
        import pyrage
    except ImportError as error:
        message = "To read or write an encrypted journal, careerkit needs pyrage."
        hint = "pip install 'careerkit[encrypt]' (with pipx: pipx inject careerkit pyrage)"
        raise JournalLocked(Problem("encrypt-missing", message, hint)) from error
    return pyrage


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


def _normalize_key_text(secret: str) -> str:
    return "".join(secret.split()).upper()
