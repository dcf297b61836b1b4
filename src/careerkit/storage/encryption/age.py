"""Keys and encryption in the age format (age-encryption.org/v1), which any age program can decrypt."""

from __future__ import annotations

from contextlib import suppress

from careerkit.core.errors import JournalLocked, Problem

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
