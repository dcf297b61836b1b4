"""What a journal's key is behind: its identity file, which a passphrase opens, or the key itself, written down."""

from __future__ import annotations

import os

from careerkit.core.frozen import frozen
from careerkit.core.problem import Locked, Problem, Refused
from careerkit.storage.age import SECRET_START, Key, NotOpenedError, TooSlowError, is_meant_as_key, key_of, unwrap, wrap
from careerkit.storage.durable import replace
from careerkit.storage.envelope import is_closed
from careerkit.storage.layout import IDENTITY
from careerkit.storage.plain_file import read_file

RESTORE = "Restore it from a backup or from another machine. The recovery key opens the journal too."


@frozen
class Keyhole:
    """Of the journal in `folder`; `recipient` is whom its key has to belong to, "" where that is not known."""

    folder: str
    journal_id: str
    recipient: str

    @property
    def path(self) -> str:
        """Of the identity file."""
        return os.path.join(self.folder, IDENTITY)

    def trouble(self) -> Problem | None:
        """Why no passphrase can open the journal, as far as can be seen: then only the recovery key does."""
        data = read_file(self.path)
        if data is None:
            return Problem("identity-missing", "The journal's identity file is missing.", RESTORE, self.path)
        return None if is_closed(data) and b"\n-> scrypt " in data else self._damaged()

    def turn(self, secret: str) -> Key | None:
        """The key by a passphrase or the recovery key; None where it is neither. Locked where no passphrase can open it."""
        if is_meant_as_key(secret):
            key = key_of(secret)
            return key if key and self.recipient in ("", key.recipient) else None
        if trouble := self.trouble():
            raise Locked(trouble)
        return self._by_passphrase(secret)

    def _by_passphrase(self, passphrase: str) -> Key | None:
        try:
            text = unwrap(read_file(self.path) or b"", passphrase)
        except NotOpenedError:
            raise Locked(self._damaged()) from None
        except TooSlowError:
            message = "The identity file was made on a much faster machine; to open it here would take minutes."
            hint = "Use the recovery key here, or `careerkit journal passphrase` there."
            raise Locked(Problem("identity-too-slow", message, hint, self.path)) from None
        if text is None:
            return None
        lines = text.decode(errors="replace").splitlines()
        key = next((key_of(line) for line in lines if line.startswith(SECRET_START)), None)
        if key is None or self.recipient not in ("", key.recipient):
            message = "The identity file holds another key than this journal's."
            raise Locked(Problem("identity-other", message, RESTORE, self.path))
        return key

    def _damaged(self) -> Problem:
        return Problem("identity-damaged", "The journal's identity file is damaged.", RESTORE, self.path)


def identity_file(key: Key, passphrase: str) -> bytes:
    """The bytes of an identity file, which standard age opens with the passphrase and then reads as an identity."""
    text = f"# The key of a careerkit journal. public key: {key.recipient}\n{key.secret}\n".encode()
    data = wrap(text, passphrase)
    if unwrap(data, passphrase) != text:
        raise Refused(
            Problem("identity-failed", "The new identity file does not open. Nothing was changed.", "Try again.")
        )
    return data


def put_identity(keyhole: Keyhole, data: bytes) -> None:
    """Put an identity file in place; the old one, where there is one, is there until the new one is, whole."""
    replace(keyhole.path, data, what="The journal's identity file")
