"""How a journal's key is had: by a passphrase from a descriptor, from the system's keyring, or from the person."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from careerkit.cli.errors import tell
from careerkit.cli.passphrases import given
from careerkit.core.problem import Locked, Problem, Refused

if TYPE_CHECKING:
    from careerkit.cli.asked import Request
    from careerkit.storage.age import Key
    from careerkit.storage.keyhole import Keyhole

TRIES = 3


class Unlocking:
    """Opens the journals of one run, and asks for each only once."""

    def __init__(self, request: Request, *, uses_keyring: bool) -> None:
        self._request, self._uses_keyring = request, uses_keyring
        self._keys: dict[str, Key] = {}

    def asks_nobody(self, keyhole: Keyhole) -> bool:
        """Whether the key can be had without asking the person."""
        if self._request.passphrase_fd is not None or keyhole.folder in self._keys:
            return True
        key = self._from_keyring(keyhole)
        if key:
            self._keys[keyhole.folder] = key
        return key is not None

    def __call__(self, keyhole: Keyhole) -> Key:
        """The key. Locked where it can't be had, with the reason."""
        if keyhole.folder not in self._keys:
            try:
                self._keys[keyhole.folder] = self._key(keyhole)
            except Refused as refused:
                raise Locked(refused.problems[0]) from refused
        return self._keys[keyhole.folder]

    def offered(self, keyhole: Keyhole) -> bool:
        """Ask the person for the key, who may go on without it. Was it given?"""
        key = self._typed(keyhole, or_nothing=True)
        if key:
            self._keys[keyhole.folder] = key
        return key is not None

    def changed(self, keyhole: Keyhole, passphrase: str) -> None:
        """Have the keyring, where it is used, keep another passphrase; with "" none any more."""
        if not self._uses_keyring:
            return
        from careerkit.storage.system_keyring import forget, keep

        try:
            if passphrase:
                keep(keyhole.journal_id, passphrase)
            else:
                forget(keyhole.journal_id)
        except Refused as refused:
            tell(refused.problems, as_json=self._request.json)

    def _key(self, keyhole: Keyhole) -> Key:
        if self._request.passphrase_fd is not None:
            key = keyhole.turn(given(self._request.passphrase_fd))
            if key is None:
                raise Refused(_wrong(keyhole, "That passphrase does not fit."))
            return key
        key = self._from_keyring(keyhole) or self._typed(keyhole)
        if key is None:
            raise Refused(_wrong(keyhole, f"None of {TRIES} fits."))
        return key

    def _from_keyring(self, keyhole: Keyhole) -> Key | None:
        if not self._uses_keyring:
            return None
        from careerkit.storage.system_keyring import kept

        try:
            passphrase = kept(keyhole.journal_id)
            return keyhole.turn(passphrase) if passphrase else None
        except Refused as refused:
            tell(refused.problems, as_json=self._request.json)
            return None

    def _typed(self, keyhole: Keyhole, *, or_nothing: bool = False) -> Key | None:
        from careerkit.terminal.secret import ask_secret

        trouble = keyhole.trouble()
        if trouble:
            tell([trouble], as_json=self._request.json)
        what = "Recovery key" if trouble else "Passphrase of the journal"
        for _ in range(TRIES):
            typed = ask_secret(f"{what} (Enter: go on without it): " if or_nothing else f"{what}: ")
            if or_nothing and not typed:
                return None
            if typed and not self._request.json:
                sys.stderr.write("Opening ...\n")  # it takes a second or two, and what is typed meanwhile would show
            key = keyhole.turn(typed) if typed else None
            if key:
                self._keep(keyhole, typed)
                return key
            sys.stderr.write("That does not fit.\n")
        return None

    def _keep(self, keyhole: Keyhole, typed: str) -> None:
        from careerkit.storage.age import is_meant_as_key

        if not self._uses_keyring or is_meant_as_key(typed):
            return
        from careerkit.storage.system_keyring import keep

        try:
            keep(keyhole.journal_id, typed)
        except Refused as refused:
            tell(refused.problems, as_json=self._request.json)
        else:
            sys.stderr.write("The system's keyring keeps it from now on.\n")


def _wrong(keyhole: Keyhole, message: str) -> Problem:
    hint = "The recovery key can be typed in its place; then `careerkit journal passphrase` sets a new one."
    return Problem("wrong-passphrase", message, hint, keyhole.path)
