"""Commands for the journal as a whole (backups, encryption, export and import) and `careerkit doctor`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from careerkit.cli import output
from careerkit.cli.container import (
    build_clock,
    get_key_provider,
    open_conversion,
    open_journal,
    open_maintenance,
    warn_plaintext,
)
from careerkit.cli.display import alternate_screen, ask_line, is_at_terminal
from careerkit.cli.output import check_target, print_problems, show_progress, wrap_for, write, write_file, write_json
from careerkit.cli.unlock import choose_passphrase
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import replace
from careerkit.core.text import format_count
from careerkit.export.json import serialise_problems, serialise_record
from careerkit.storage.encryption import encrypt_identity, generate_key, import_pyrage, write_identity_file
from careerkit.storage.platform import find_folders, is_folder, read_file
from careerkit.storage.transfer import ConversionResult, list_all_files, parse_json_lines
from careerkit.terminal.sanitize import sanitize, sanitize_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from careerkit.cli.options import GlobalOptions
    from careerkit.storage.doctor import AppliedFix, DoctorReport
    from careerkit.storage.encryption import AgeKey
    from careerkit.storage.transfer import ImportResult, JournalConversion

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


def backup(options: GlobalOptions, *, file: str, force: bool) -> int:
    """Write the whole journal to one archive, and verify it. The exit code is 1 if a file could not be read."""
    check_target(file, force=force)
    with show_progress(options, "Backing up") as advance:
        done = open_maintenance(options).create_backup(str(Path(file).absolute()), force=force, advance=advance)
    if options.json:
        write_json({"file": file, "files": done.files, "bytes": done.size})
    else:
        write(f"Backed up {_count_files(done.files)} to {sanitize_line(file)}, and verified the archive.")
    print_problems(done.problems, as_json=options.json)
    return 1 if any(each.severity == "error" for each in done.problems) else 0


def restore_backup(options: GlobalOptions, *, file: str, to: str | None) -> None:
    """Restore what the journal, or the one in the folder `to`, is missing."""
    if to:
        options = replace(options, journal=to)
    with show_progress(options, "Restoring") as advance:
        arrived = open_maintenance(options).restore_backup(str(Path(file).absolute()), advance=advance)
    _report_import(options, arrived)


def export_journal(options: GlobalOptions, *, output: str | None, force: bool) -> int:
    """Write the whole journal as JSON lines. The exit code is 1 if a file could not be read."""
    if output:
        check_target(output, force=force)
    problems: list[Problem] = []
    lines = open_maintenance(options).export_json_lines(serialise_record, problems)
    if output:
        write_file(output, "".join(f"{line}\n" for line in lines), force=force)
    else:
        for line in lines:
            write(line)
    warn_plaintext(options)
    print_problems(problems, as_json=options.json)
    return 1 if any(each.severity == "error" for each in problems) else 0


def import_journal(options: GlobalOptions, *, file: str) -> None:
    """Import an exported journal from a file, or from standard input if it is "-"."""
    files = parse_json_lines(_read_lines(file), file)
    with show_progress(options, "Importing", len(files)) as advance:
        arrived = open_maintenance(options).import_files(files, advance=advance)
    _report_import(options, arrived)


def reindex(options: GlobalOptions) -> None:
    """Rebuild the index from all files."""
    journal = open_journal(options)
    if not journal.rebuild_index():
        message = "The index could not be built. Lists and searches work without it."
        raise Refused(Problem("no-index", message, "Perhaps the cache folder is not writable.", find_folders().cache))
    count = len(journal.ids())
    if options.json:
        write_json({"entries": count})
    else:
        write(f"Entries in the index: {count}")


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


def doctor(options: GlobalOptions, *, fix: bool) -> int:
    """Check every file of the journal. The exit code is 1 if a problem remains."""
    maintenance, now = open_maintenance(options), build_clock().now()
    with show_progress(options, "Checking") as advance:
        found = maintenance.check(now=now, advance=advance)
    fixed = maintenance.fix(found, now=now) if fix else []
    solved = [each.problem for each in fixed]
    remaining = [each.problem for each in found.issues if each.problem not in solved]
    if options.json:
        rows = [{**row, "to": each.new_path} for row, each in zip(serialise_problems(solved), fixed, strict=True)]
        other = [str(each.where) for each in found.foreign]
        document = {"problems": serialise_problems(remaining), "fixed": rows}
        write_json({**document, "other_files": other} if other else document)
    else:
        summary = _summarize(found, open_journal(options).folder)
        lines = [*_format_problems(remaining), *map(_format_fixed, fixed), *_format_foreign(found.foreign), summary]
        write("".join(wrap_for(line, stream=sys.stdout) for line in lines))
    return 1 if remaining else 0


def _report_import(options: GlobalOptions, arrived: ImportResult) -> None:
    """Say which files were added, and which were left as they were."""
    journal = open_journal(options).folder
    if options.json:
        write_json(
            {"journal": journal, "added": arrived.added, "same": arrived.identical, "kept": list(arrived.conflicts)}
        )
        return
    lines = [f"Added {_count_files(arrived.added)} to {sanitize_line(journal)}."]
    if arrived.identical:
        lines.append(f"{_count_files(arrived.identical)} already existed and were the same.")
    if arrived.conflicts:
        lines += [f"{_count_files(len(arrived.conflicts))} already existed, different, and were left as they are:"]
        lines += [f"  {sanitize_line(path)}" for path in arrived.conflicts]
    write("\n".join(lines))


def _read_lines(file: str) -> list[str]:
    data = sys.stdin.buffer.read() if file == "-" else read_file(file)
    if data is None:
        raise Refused(Problem("unknown-file", "There is no such file.", "", file))
    try:
        return data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        message = f"Byte {error.start + 1} is not UTF-8."
        raise Refused(Problem("not-an-export", message, "Nothing was imported.", file)) from error


def _count_files(number: int) -> str:
    return format_count(number, "file")


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


def _format_problems(problems: Iterable[Problem]) -> list[str]:
    lines = []
    for problem in problems:
        lines += [sanitize_line(str(problem.where))] if str(problem.where) else []
        lines += [f"  {sanitize(problem.message)} {sanitize(problem.hint)}".rstrip()]
    return lines


def _format_fixed(fixed: AppliedFix) -> str:
    match fixed.problem.code:
        case "open-to-others":
            return f"Closed to others: {sanitize_line(fixed.new_path)}"
        case "index-stale":
            return "Rebuilt the index."
    return f"{'Renamed' if fixed.is_renamed else 'Moved'} to {sanitize_line(fixed.new_path)}"


def _format_foreign(foreign: Sequence[Problem]) -> list[str]:
    """Lines that name what isn't careerkit's, in case somebody misses it elsewhere."""
    if not foreign:
        return []
    return ["Also in the journal's folder, and not read:", *(f"  {sanitize_line(str(each.where))}" for each in foreign)]


def _summarize(found: DoctorReport, folder: str) -> str:
    if not is_folder(folder):
        return f"There is no journal in {sanitize_line(folder)} yet."
    entries = format_count(found.entries, "entry", "entries")
    events = format_count(found.events, "event")
    copies = format_count(found.playbooks, "playbook copy", "playbook copies")
    verdict = "" if found.issues else "No problems."
    return f"Checked {entries}, {events} and {copies}. {verdict}".rstrip()
