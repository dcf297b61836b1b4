"""`careerkit journal encrypt`, `decrypt` and `passphrase`: who can read what you wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from careerkit.cli.request import request_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from careerkit.cli.asked import Request
    from careerkit.core.problem import Problem
    from careerkit.storage.age import Key
    from careerkit.storage.turnover import Turned, Turnover


LEFT_TOLD = 8
VOID = "Nothing was encrypted. The recovery key that you have now opens nothing: throw it away; the next time there is another."
LASTS = "Making the lock. It takes some seconds on purpose, and so does every guess at it ..."


def encrypt(
    context: typer.Context,
    recovery_key: Annotated[
        Path | None,
        typer.Option(
            "--recovery-key",
            metavar="FILE",
            help="Write the recovery key to this new file, on a stick for instance, in place of showing it.",
        ),
    ] = None,
) -> None:
    """Encrypt the journal, and all that you write from now on.

    You choose a passphrase, and write down a recovery key. Writing then asks for nothing; reading asks for the
    passphrase. Who loses both can never read the journal again. If it is broken off, run it again: it goes on.

    The extra `encrypt` is needed: pip install 'careerkit[encrypt]'

    Example: careerkit journal encrypt
    """
    from careerkit.cli import screens, wiring
    from careerkit.cli.output import json_text, write
    from careerkit.storage.age import pyrage_or_locked

    request = request_of(context)
    pyrage_or_locked()
    with wiring.turnover(request) as journal:
        try:
            key = None if journal.marker.recipient else _addressed(request, journal, recovery_key)
        except KeyboardInterrupt:
            _remark(request, "Nothing was encrypted.")
            raise
        recipient = journal.marker.recipient
        journal.sweep()
        with screens.progress(request, "Encrypting", len(journal.files())) as advance:
            turned = journal.close_all(recipient, key=key, advance=advance)
        left = [] if request.json else _left(journal)
    if request.json:
        write(json_text({"files": turned.files, "recipient": recipient}))
    else:
        done = f"{_files(turned.files)} encrypted." if turned.files else "The journal is encrypted."
        write("\n".join([f"{done} Reading asks for the passphrase; writing never does.", *left]))
    _end(request, turned.problems)


def decrypt(context: typer.Context) -> None:
    """Take the encryption away again.

    Every file becomes plain text. If it is broken off, run it again: it goes on.

    Example: careerkit journal decrypt
    """
    from careerkit.cli import wiring
    from careerkit.cli.output import json_text, write
    from careerkit.storage.age import pyrage_or_locked

    request = request_of(context)
    pyrage_or_locked()
    with wiring.turnover(request) as journal:
        key = wiring.unlocking(request)(journal.keyhole) if journal.closed() else None
        journal.address("")
        journal.sweep()
        turned = _opened(request, journal, key)
    if request.json:
        write(json_text({"files": turned.files}))
    else:
        done = f"{_files(turned.files)} decrypted." if turned.files else "The journal is not encrypted."
        write(f"{done} Whoever can read your files can read it.")
    _end(request, turned.problems)


def passphrase(context: typer.Context) -> None:
    """Change the passphrase of an encrypted journal. The recovery key stays as it is.

    In place of a forgotten passphrase, type the recovery key. With --passphrase-fd, the old passphrase is the first
    line and the new one the second.

    Example: careerkit journal passphrase
    """
    from careerkit.cli import wiring
    from careerkit.cli.output import json_text, write
    from careerkit.cli.passphrases import new_passphrase
    from careerkit.storage.keyhole import identity_file, put_identity

    request = request_of(context)
    with wiring.turnover(request) as journal:
        _must_be_encrypted(journal)
        keyhole = journal.keyhole
        key = wiring.unlocking(request)(keyhole)
        chosen = new_passphrase(request.passphrase_fd)
        _remark(request, LASTS)
        put_identity(keyhole, identity_file(key, chosen))
        wiring.unlocking(request).changed(keyhole, chosen)
    if request.json:
        write(json_text({"identity": keyhole.path}))
    else:
        write("The passphrase is changed. Old backups still open with the old one.")


def _addressed(request: Request, journal: Turnover, recovery_key: Path | None) -> Key:
    """The journal's key, from now on that of its marker: the one that is there already, or a new one."""
    from careerkit.cli import wiring
    from careerkit.cli.passphrases import new_passphrase
    from careerkit.cli.recovery import check_hand_over, hand_over
    from careerkit.core.problem import Refused
    from careerkit.storage.age import new_key
    from careerkit.storage.keyhole import identity_file

    if journal.has_identity:
        key, identity = wiring.unlocking(request)(journal.keyhole), b""
    else:
        check_hand_over(request, journal.keyhole.folder, to=recovery_key)
        if recovery_key is None:
            _remark(request, "You choose a passphrase, and then write down a recovery key. Have paper and a pen ready.")
        key = new_key()
        chosen = new_passphrase(request.passphrase_fd)
        _remark(request, LASTS)
        identity = identity_file(key, chosen)
        hand_over(request, key, to=recovery_key)
    try:
        journal.address(key.recipient, identity=identity)
    except Refused:
        if not journal.has_identity:
            _remark(request, VOID)
        raise
    return key


def _opened(request: Request, journal: Turnover, key: Key | None) -> Turned:
    from careerkit.cli import screens, wiring
    from careerkit.storage.turnover import Turned

    if key is None:
        turned = Turned(0)
    else:
        with screens.progress(request, "Decrypting", len(journal.files())) as advance:
            turned = journal.open_all(key, advance=advance)
    if not turned.problems:
        journal.forget_identity()
        wiring.unlocking(request).changed(journal.keyhole, "")
    return turned


def _must_be_encrypted(journal: Turnover) -> None:
    from careerkit.core.problem import Problem, Refused

    if not journal.marker.recipient:
        raise Refused(
            Problem("not-encrypted", "This journal is not encrypted.", "To encrypt it: careerkit journal encrypt")
        )


def _remark(request: Request, text: str) -> None:
    from careerkit.cli.errors import remark

    if not request.json:
        remark(text)


def _left(journal: Turnover) -> list[str]:
    from careerkit.terminal.safe import safe

    found = journal.left()
    if not found:
        return []
    more = [f"  and {len(found) - LEFT_TOLD} more"] if len(found) > LEFT_TOLD else []
    return [
        "These are not the journal's own and stay as they are; old text may be in them:",
        *(f"  {safe(each)}" for each in found[:LEFT_TOLD]),
        *more,
    ]


def _end(request: Request, problems: Iterable[Problem]) -> None:
    from careerkit.cli.errors import tell

    problems = tuple(problems)
    if problems:
        tell(problems, as_json=request.json)
        raise typer.Exit(1)


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number:,} files"
