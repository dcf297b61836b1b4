"""`careerkit journal encrypt`, `decrypt` and `passphrase`: convert the journal, and show the recovery key once."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from careerkit.cli import output
from careerkit.cli.container import get_key_provider, open_conversion
from careerkit.cli.display import alternate_screen, is_at_terminal
from careerkit.cli.prompts import ask_line
from careerkit.cli.unlock import choose_passphrase
from careerkit.core.errors import Problem, Refused
from careerkit.core.text import format_count
from careerkit.storage.encryption.age import generate_key, import_pyrage
from careerkit.storage.encryption.conversion import ConversionResult, list_all_files
from careerkit.storage.encryption.identity import encrypt_identity, write_identity_file
from careerkit.terminal.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from careerkit.cli.options import GlobalOptions
    from careerkit.storage.encryption.age import AgeKey
    from careerkit.storage.encryption.conversion import JournalConversion


MAX_FILES_LISTED = 8
CONFIRMED_LENGTH = 6
"""Characters at the end of the recovery key, which the person types to confirm that it is written down."""
MAX_TRIES = 5
KEY_UNUSED = (
    "Nothing was encrypted. The recovery key you just got opens nothing, so throw it away. Next time you get a new one."
)
LOCKING = "Protecting the key with your passphrase. This takes a few seconds on purpose, to slow down anyone who tries to guess it ..."
BEFORE_KEY = """This is the recovery key. It opens the journal without the passphrase, here and with the program age. \
Write it down and keep it where only you can find it: anyone who has it can read everything."""
AFTER_KEY = "It is a single word of {length} characters; spaces and line breaks are only for readability. It is not \
shown again."


def encrypt(options: GlobalOptions, *, recovery_key: str | None) -> int:
    """Encrypt the journal, or continue where that was interrupted."""
    import_pyrage()
    with open_conversion(options) as journal:
        try:
            key = None if journal.marker.recipient else _set_recipient(options, journal, recovery_key)
        except KeyboardInterrupt:
            _print_info(options, "Nothing was encrypted.")
            raise
        recipient = journal.marker.recipient
        journal.remove_temp_files()
        with output.show_progress(options, "Encrypting", len(journal.list_files([]))) as advance:
            result = journal.encrypt_all(recipient, key=key, advance=advance)
        left = journal.find_unconverted_files()
    if options.json:
        output.write_json({"files": result.files, "recipient": recipient, "not_encrypted": list_all_files(left)})
    else:
        done = f"Encrypted {_count_files(result.files)}." if result.files else "The journal is encrypted."
        output.write(
            "\n".join([f"{done} Reading asks for the passphrase; writing never does.", *_list_plaintext(left)])
        )
    return _report_problems(options, result.problems)


def decrypt(options: GlobalOptions) -> int:
    """Remove the encryption, or continue where that was interrupted."""
    import_pyrage()
    with open_conversion(options) as journal:
        is_needed = journal.identity_file.is_needed and journal.count_encrypted()  # not by files of other journals
        key = get_key_provider(options)(journal.identity_file) if is_needed else None
        journal.set_recipient("")
        journal.remove_temp_files()
        result = _decrypt_files(options, journal, key)
    if options.json:
        output.write_json({"files": result.files})
    else:
        done = f"Decrypted {_count_files(result.files)}." if result.files else "The journal is not encrypted."
        output.write(f"{done} Anyone who can read your files can read it.")
    return _report_problems(options, result.problems)


def passphrase(options: GlobalOptions) -> None:
    """Change the passphrase of an encrypted journal."""
    with open_conversion(options) as journal:
        if not journal.marker.recipient:
            hint = "To encrypt it: careerkit journal encrypt"
            raise Refused(Problem("not-encrypted", "This journal is not encrypted.", hint))
        identity_file = journal.identity_file
        key = get_key_provider(options)(identity_file)
        chosen = choose_passphrase(options.passphrase_fd)
        _print_info(options, LOCKING)
        write_identity_file(identity_file, encrypt_identity(key, chosen))
        get_key_provider(options).update_keyring(identity_file, chosen)
    if options.json:
        output.write_json({"identity": identity_file.path})
    else:
        output.write("The passphrase has been changed. Old backups still open with the old one.")


def _set_recipient(options: GlobalOptions, journal: JournalConversion, recovery_key: str | None) -> AgeKey:
    """Encrypt new files to the journal's key from now on: the one it has already, or a new one."""
    if journal.has_identity:
        key, identity = get_key_provider(options)(journal.identity_file), b""
    else:
        _check_recovery_key_target(options, journal.identity_file.folder, recovery_key)
        if recovery_key is None:
            _print_info(
                options, "First you choose a passphrase, then you write down a recovery key. Have pen and paper ready."
            )
        key = generate_key()
        chosen = choose_passphrase(options.passphrase_fd)
        _print_info(options, LOCKING)
        identity = encrypt_identity(key, chosen)
        _export_recovery_key(options, key, recovery_key)
    try:
        journal.set_recipient(key.recipient, identity=identity)
    except Refused:
        if not journal.has_identity:
            _print_info(options, KEY_UNUSED)
        raise
    return key


def _decrypt_files(options: GlobalOptions, journal: JournalConversion, key: AgeKey | None) -> ConversionResult:
    if key is None:
        result = ConversionResult(0)
    else:
        with output.show_progress(options, "Decrypting", len(journal.list_files([]))) as advance:
            result = journal.decrypt_all(key, advance=advance)
    if not result.problems:
        journal.delete_identity_file()
        get_key_provider(options).update_keyring(journal.identity_file, "")
    return result


def _check_recovery_key_target(options: GlobalOptions, journal: str, file: str | None) -> None:
    """Raise Refused if the key can neither be shown at a terminal nor be written to a file outside the journal."""
    if file is None and not is_at_terminal(options):
        message = "There is no terminal to show the recovery key on. Nothing was encrypted."
        raise Refused(Problem("no-terminal", message, "Name a new file for it: --recovery-key FILE"))
    if file is None:
        return
    if os.path.realpath(file).startswith(os.path.realpath(journal) + os.sep):
        message = "The recovery key can't be kept in the journal that it opens."
        raise Refused(Problem("recovery-key-inside", message, "Put it on a USB stick or another machine.", file))
    output.check_target(file, force=False)


def _export_recovery_key(options: GlobalOptions, key: AgeKey, file: str | None) -> None:
    """Write the key to a new file, or show it and let the person confirm that they wrote it down. Otherwise raises Refused."""
    if file is not None:
        text = f"# The recovery key of a careerkit journal. public key: {key.recipient}\n{key.secret}\n"
        output.write_file(file, text, force=False)
        return
    with alternate_screen(options):
        output.print_info(BEFORE_KEY)
        sys.stderr.write(f"\n{_group_key(key.secret)}\n\n")
        output.print_info(AFTER_KEY.format(length=len(key.secret)))
        sys.stderr.write("\n")
        _confirm_key(key.secret)


def _group_key(secret: str) -> str:
    """The key in groups of eight, which are easy to copy by hand."""
    start, rest = secret[:16], secret[16:]
    groups = [rest[at : at + 8] for at in range(0, len(rest), 8)]
    lines = [start, *(" ".join(groups[at : at + 3]) for at in range(0, len(groups), 3))]
    return "\n".join(f"    {line}" for line in lines)


def _confirm_key(secret: str) -> None:
    for _ in range(MAX_TRIES):
        line = ask_line(f"Type its last {CONFIRMED_LENGTH} characters, from what you wrote down: ")
        if not line:
            break
        if "".join(line.split()).upper() == secret[-CONFIRMED_LENGTH:]:
            return
        sys.stderr.write("Those are not its last characters.\n")
    message = "Nothing was encrypted: you didn't confirm that you wrote down the recovery key."
    raise Refused(Problem("not-confirmed", message, "Run it again; it creates a new key."))


def _list_plaintext(found: Sequence[str]) -> list[str]:
    """Lines that name the files in the journal's folder that are not encrypted."""
    if not found:
        return []
    more = [f"  and {len(found) - MAX_FILES_LISTED} more"] if len(found) > MAX_FILES_LISTED else []
    return [
        "These files don't belong to the journal and stay as they are. They may contain old text:",
        *(f"  {sanitize(each)}" for each in found[:MAX_FILES_LISTED]),
        *more,
    ]


def _report_problems(options: GlobalOptions, problems: Iterable[Problem]) -> int:
    problems = tuple(problems)
    output.print_problems(problems, as_json=options.json)
    return 1 if any(each.severity == "error" for each in problems) else 0


def _print_info(options: GlobalOptions, text: str) -> None:
    if not options.json:
        output.print_info(text)


def _count_files(number: int) -> str:
    return format_count(number, "file")
