"""The system's keyring, where the package `keyring` is installed: it keeps a journal's passphrase for the person's session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from careerkit.core.problem import Problem, Refused

if TYPE_CHECKING:
    from types import ModuleType

SERVICE = "careerkit journal"


def kept(journal_id: str) -> str | None:
    """The passphrase that the keyring has for the journal. Refused where it can't be asked."""
    with _keyring() as keyring:
        found: str | None = keyring.get_password(SERVICE, journal_id)
        return found


def keep(journal_id: str, passphrase: str) -> None:
    """Have the keyring keep the journal's passphrase. Refused where it can't."""
    with _keyring() as keyring:
        keyring.set_password(SERVICE, journal_id, passphrase)


def forget(journal_id: str) -> None:
    """Have the keyring forget it, where it has it."""
    with _keyring() as keyring:
        if keyring.get_password(SERVICE, journal_id) is not None:
            keyring.delete_password(SERVICE, journal_id)


@contextmanager
def _keyring() -> Iterator[ModuleType]:
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
