"""How the bytes of a journal's files lie on the disk: as they are, or closed to everybody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from careerkit.core.problem import Locked, Problem, Refused

if TYPE_CHECKING:  # who reads plain files needs no key
    from careerkit.storage.age import Key, NotOpenedError
    from careerkit.storage.keyhole import Keyhole

AGE_FILE = b"age-encryption.org/v1"
"""How a closed file begins: it is in the age format."""

Unlock = Callable[["Keyhole"], "Key"]
"""Gives a journal's key: it asks the person, or whoever knows the passphrase. Locked where it can't be had."""


def is_closed(data: bytes) -> bool:
    """Whether a file's bytes are those of a closed file, whole or not."""
    return data.startswith(AGE_FILE)


def locked(keyhole: Keyhole) -> Key:
    """The answer of somebody who has no key and can't ask for one."""
    raise Locked(Problem("locked", "This journal is encrypted.", "Give its passphrase.", keyhole.folder))


class Envelope(Protocol):
    """What stands between the text of an entry, an event or a playbook's copy and its file's bytes."""

    def close(self, text: bytes) -> bytes:
        """The file's bytes for that text. It asks nothing of anybody."""

    def open(self, data: bytes, path: str) -> bytes:
        """The text in the bytes of the file at `path`; Refused where it can't be had, Locked where none can."""


class AgeEnvelope:
    """What it writes is closed for `recipient`, or lies as it is where that is "". It opens both kinds.

    `keyhole` gives what the journal's key is behind; `unlock` is called with it once, and only to read a closed file.
    """

    def __init__(self, unlock: Unlock, keyhole: Callable[[], Keyhole]) -> None:
        self._unlock, self._keyhole = unlock, keyhole
        self._key: Key | None = None
        self.recipient = ""
        self.plain: set[str] = set()
        """The paths of the files it was given that are not closed."""

    def close(self, text: bytes) -> bytes:
        if not self.recipient:
            return text
        from careerkit.storage.age import close  # only there

        return close(text, self.recipient)

    def may_hold(self, data: bytes, text: bytes) -> bool:
        """Whether a file with those bytes needs no writing to hold `text`, as far as that can be told without the key."""
        if not (self.recipient and is_closed(data)):
            return data == text and not self.recipient
        from careerkit.storage.age import may_hold  # only there

        return may_hold(data, len(text))

    def open(self, data: bytes, path: str) -> bytes:
        if not is_closed(data):
            self.plain.add(path)
            return data
        from careerkit.storage.age import NotOpenedError, pyrage_or_locked  # only there

        if self._key is None:
            pyrage_or_locked()  # before anybody is asked
            self._key = self._unlock(self._keyhole())
        try:
            return self._key.open(data)
        except NotOpenedError as error:
            raise Refused(not_opened(error, path)) from None


def not_opened(error: NotOpenedError, path: str) -> Problem:
    """Why the file at `path` can't be opened with the journal's key."""
    return _other_key(path) if error.other_key else _damaged(path)


def _other_key(path: str) -> Problem:
    message = "This file is encrypted, but not with this journal's key."
    hint = (
        "careerkit leaves it as it is. Perhaps the journal was encrypted on two machines, each with a key of its own."
    )
    return Problem("encrypted-otherwise", message, hint, path)


def _damaged(path: str) -> Problem:
    message = "This encrypted file is damaged, or its end is missing."
    hint = "careerkit leaves it as it is. Restore it from a backup or from another machine."
    return Problem("encrypted-damaged", message, hint, path)
