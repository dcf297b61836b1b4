"""The age format (age-encryption.org/v1), by which any `age` program opens what careerkit has encrypted.

pyrage, which does the work, is imported only where something is encrypted or opened.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from careerkit.core.problem import Locked, Problem

if TYPE_CHECKING:
    from types import ModuleType

    from pyrage.x25519 import Identity

SECRET_START = "AGE-SECRET-KEY-1"  # noqa: S105 - how each begins
CHUNK, TAG, NONCE = 1 << 16, 16, 16
"""Bytes of text in a chunk of the payload, those added to each, and those before the first."""
MEASURES = 20
"""So often pyrage measures, for a few milliseconds each, how fast this machine is: when it is busy with other things, one
measure alone may take a file of its own for that of a much faster machine."""


class NotOpenedError(Exception):
    """It can't be opened: `other_key` where another key is needed, else what is there is damaged."""

    def __init__(self, *, other_key: bool) -> None:
        super().__init__()
        self.other_key = other_key


class TooSlowError(Exception):
    """A machine that is much faster made this; to open it here would take very long."""


class Key:
    """An age identity: who has it can read. Nothing of it shows when it is printed."""

    __slots__ = ("_identity", "recipient")

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self.recipient = str(identity.to_public())

    @property
    def secret(self) -> str:
        """The line that an identity file has for it, AGE-SECRET-KEY-1..."""
        return str(self._identity)

    def open(self, data: bytes) -> bytes:
        """The text in a closed file. NotOpenedError where that can't be had."""
        pyrage = pyrage_or_locked()
        try:
            text: bytes = pyrage.decrypt(data, [self._identity])
        except pyrage.DecryptError as error:
            raise NotOpenedError(other_key="matching keys" in str(error)) from None
        return text


def close(text: bytes, recipient: str) -> bytes:
    """The age file that only the key of `recipient` opens. ValueError where that is no recipient."""
    pyrage = pyrage_or_locked()
    try:
        data: bytes = pyrage.encrypt(text, [pyrage.x25519.Recipient.from_str(recipient)])
    except pyrage.RecipientError as error:
        raise ValueError(str(error)) from None
    return data


def may_hold(data: bytes, size: int) -> bool:
    """Whether an age file is as long as one with a text of `size` bytes is. Who has no key can't tell more."""
    _, mac, payload = data.partition(b"\n--- ")
    chunks = max(1, -(-size // CHUNK))
    return bool(mac) and len(payload.partition(b"\n")[2]) == NONCE + size + chunks * TAG


def new_key() -> Key:
    return Key(pyrage_or_locked().x25519.Identity.generate())


def is_meant_as_key(secret: str) -> bool:
    """Whether that is a line AGE-SECRET-KEY-1..., with a slip in it or not."""
    return _line(secret).startswith(SECRET_START)


def key_of(secret: str) -> Key | None:
    """The key that a line AGE-SECRET-KEY-1... is, with any blanks in it and in small letters too; None where it is none."""
    if not is_meant_as_key(secret):
        return None
    pyrage = pyrage_or_locked()
    try:
        return Key(pyrage.x25519.Identity.from_str(_line(secret)))
    except pyrage.IdentityError:
        return None


def wrap(text: bytes, passphrase: str) -> bytes:
    """The age file that the passphrase opens. It takes a second, and so does every guess."""
    data: bytes = pyrage_or_locked().passphrase.encrypt(text, passphrase)
    return data


def unwrap(data: bytes, passphrase: str) -> bytes | None:
    """The text behind the passphrase; None where it isn't that one. NotOpenedError where the file is damaged.

    TooSlowError where it would take minutes here, by the fastest of several measures.
    """
    for _ in range(MEASURES - 1):
        with suppress(TooSlowError):
            return _unwrap(data, passphrase)
    return _unwrap(data, passphrase)


def pyrage_or_locked() -> ModuleType:
    """pyrage; Locked where it isn't installed."""
    try:
        import pyrage
    except ImportError as error:
        message = "To read or write an encrypted journal, careerkit needs pyrage."
        hint = "pip install 'careerkit[encrypt]' (with pipx: pipx inject careerkit pyrage)"
        raise Locked(Problem("encrypt-missing", message, hint)) from error
    return pyrage


def _unwrap(data: bytes, passphrase: str) -> bytes | None:
    pyrage = pyrage_or_locked()
    try:
        text: bytes = pyrage.passphrase.decrypt(data, passphrase)
    except pyrage.DecryptError as error:
        if "xcessive work" in str(error):
            raise TooSlowError from None
        if str(error) == "Decryption failed":
            return None
        raise NotOpenedError(other_key=False) from None
    return text


def _line(secret: str) -> str:
    return "".join(secret.split()).upper()
