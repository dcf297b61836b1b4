"""Get passphrases and the key of an encrypted journal: from a file descriptor, the system's keyring, or the person.

A passphrase is never taken from an argument or the environment.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from careerkit.cli.output import print_info, print_problems
from careerkit.core.errors import JournalLocked, Problem, Refused
from careerkit.storage.encryption import (
    delete_passphrase,
    is_key_text,
    load_passphrase,
    normalize_passphrase,
    store_passphrase,
)
from careerkit.terminal.tty import prompt_passphrase

if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions
    from careerkit.storage.encryption import AgeKey, IdentityFile

KEY_FILE_COMMENTS = (
    "# The recovery key of a careerkit journal",
    "# The key of a careerkit journal",
    "# created: ",
    "# public key: ",
)
MAX_COMMENTS = 2
"""How the files begin that hold a key: the one of --recovery-key, a decrypted identity file, and those of age-keygen."""
MAX_TRIES = 3
MAX_LENGTH = 4096
MIN_LENGTH = 8
ADVICE = "A good passphrase is four or five words that no one would guess together."


class KeyProvider:
    """Gets the keys of the journals that one run opens. Asks for each only once."""

    def __init__(self, options: GlobalOptions, *, uses_keyring: bool) -> None:
        self._options, self._uses_keyring = options, uses_keyring
        self._keys: dict[str, AgeKey] = {}

    def is_noninteractive(self, identity_file: IdentityFile) -> bool:
        """Is the key available without asking the person?"""
        if self._options.passphrase_fd is not None or identity_file.folder in self._keys:
            return True
        key = self._find_in_keyring(identity_file)
        if key:
            self._keys[identity_file.folder] = key
        return key is not None

    def __call__(self, identity_file: IdentityFile) -> AgeKey:
        """The key. Raises JournalLocked, with the reason, if it isn't available."""
        if identity_file.folder not in self._keys:
            try:
                self._keys[identity_file.folder] = self._get_key(identity_file)
            except Refused as refused:
                raise JournalLocked(refused.problems[0]) from refused
        return self._keys[identity_file.folder]

    def ask_optional(self, identity_file: IdentityFile) -> bool:
        """Ask for the passphrase, which the person may skip. Was the journal unlocked?"""
        key = self._ask_key(identity_file, optional=True)
        if key:
            self._keys[identity_file.folder] = key
        return key is not None

    def update_keyring(self, identity_file: IdentityFile, passphrase: str) -> None:
        """Store a new passphrase in the keyring, or with "" delete it there. Does nothing if the keyring is not used."""
        if not self._uses_keyring:
            return
        try:
            if passphrase:
                store_passphrase(identity_file.journal_id, passphrase)
            else:
                delete_passphrase(identity_file.journal_id)
        except Refused as refused:
            print_problems(refused.problems, as_json=self._options.json)

    def _get_key(self, identity_file: IdentityFile) -> AgeKey:
        if self._options.passphrase_fd is not None:
            key = identity_file.unlock(read_passphrase_fd(self._options.passphrase_fd))
            if key is None:
                raise Refused(_wrong_passphrase(identity_file, "That passphrase is wrong."))
            return key
        key = self._find_in_keyring(identity_file) or self._ask_key(identity_file)
        if key is None:
            raise Refused(_wrong_passphrase(identity_file, f"All {MAX_TRIES} passphrases were wrong."))
        return key

    def _find_in_keyring(self, identity_file: IdentityFile) -> AgeKey | None:
        if not self._uses_keyring:
            return None
        try:
            passphrase = load_passphrase(identity_file.journal_id)
            return identity_file.unlock(passphrase) if passphrase else None
        except Refused as refused:
            print_problems(refused.problems, as_json=self._options.json)
            return None

    def _ask_key(self, identity_file: IdentityFile, *, optional: bool = False) -> AgeKey | None:
        damage = identity_file.find_problem()
        if damage:
            print_problems([damage], as_json=self._options.json)
        secret = "Recovery key" if damage else "Passphrase of the journal"
        for _ in range(MAX_TRIES):
            typed = prompt_passphrase(f"{secret} (Enter: continue without): " if optional else f"{secret}: ")
            if optional and not typed:
                return None
            if typed and not self._options.json:
                sys.stderr.write("Unlocking ...\n")  # takes a second or two, in which typed text would be echoed
            key = identity_file.unlock(typed) if typed else None
            if key:
                self._store_in_keyring(identity_file, typed)
                return key
            sys.stderr.write("That's wrong.\n")
        return None

    def _store_in_keyring(self, identity_file: IdentityFile, typed: str) -> None:
        if not self._uses_keyring or is_key_text(typed):
            return
        try:
            store_passphrase(identity_file.journal_id, typed)
        except Refused as refused:
            print_problems(refused.problems, as_json=self._options.json)
        else:
            sys.stderr.write("The passphrase is now stored in the system's keyring.\n")


def read_passphrase_fd(descriptor: int) -> str:
    """The next line from the descriptor, without its line end. Nothing after that line is read.

    The comment at the top of a recovery key's file, which careerkit wrote, is skipped. Raises Refused if the descriptor
    can't be read, or if the line is empty or not UTF-8.
    """
    try:
        passphrase = _read_line(descriptor)
        for _ in range(MAX_COMMENTS):
            if passphrase.removeprefix("\ufeff").startswith(KEY_FILE_COMMENTS):
                passphrase = _read_line(descriptor)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "There is no such descriptor"
        message = f"Can't read from descriptor {descriptor}: {reason}."
        hint = "For example: careerkit journal list --passphrase-fd 3 3< FILE"
        raise Refused(Problem("bad-descriptor", message, hint)) from error
    except UnicodeDecodeError:
        raise Refused(Problem("no-passphrase", "The passphrase is not UTF-8.", "Save its file as UTF-8.")) from None
    if not passphrase:
        message = f"Descriptor {descriptor} gave no passphrase."
        raise Refused(Problem("no-passphrase", message, "It must be the first line."))
    return passphrase


def _read_line(descriptor: int) -> str:
    line = bytearray()
    while len(line) < MAX_LENGTH and (byte := os.read(descriptor, 1)) not in (b"", b"\n"):
        line += byte
    return line.removesuffix(b"\r").decode()


def choose_passphrase(descriptor: int | None) -> str:
    """A new passphrase: a line from the descriptor, or typed twice at the terminal.

    Raises Refused if it is too short or looks like a key.
    """
    if descriptor is not None:
        return validate_passphrase(read_passphrase_fd(descriptor))
    print_info(ADVICE)
    return _ask_new_passphrase()


def validate_passphrase(passphrase: str) -> str:
    """The passphrase in its normal form. Raises Refused if it is too short or looks like a key."""
    passphrase = normalize_passphrase(passphrase)
    if len(passphrase) < MIN_LENGTH:
        message = f"This passphrase is too short. It needs at least {MIN_LENGTH} characters."
        raise Refused(Problem("passphrase-too-short", message, "Four or five words are good."))
    if is_key_text(passphrase):
        message = "This is a key, not a passphrase."
        raise Refused(Problem("passphrase-is-key", message, "Keep the recovery key somewhere else and use words here."))
    return passphrase


def _ask_new_passphrase() -> str:
    for _ in range(MAX_TRIES):
        try:
            passphrase = validate_passphrase(prompt_passphrase("New passphrase: "))
        except Refused as refused:
            if refused.problems[0].code in ("no-terminal", "no-passphrase"):
                raise
            print_info(f"{refused.problems[0].message} {refused.problems[0].hint}")
            continue
        if normalize_passphrase(prompt_passphrase("Repeat it: ")) == passphrase:
            return passphrase
        sys.stderr.write("They don't match.\n")
    raise Refused(Problem("no-passphrase", "No passphrase was chosen.", "Nothing was changed."))


def _wrong_passphrase(identity_file: IdentityFile, message: str) -> Problem:
    hint = "You can type the recovery key instead; `careerkit journal passphrase` then sets a new passphrase."
    return Problem("wrong-passphrase", message, hint, identity_file.path)
