"""`careerkit plan export` and `plan feed`: write plans in the formats of other programs."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from datetime import time
from pathlib import Path
from stat import S_IMODE

from careerkit.cli.commands.plan_sync import load_planned, prepare_for_others
from careerkit.cli.container import build_clock, find_playbook, load_settings, open_journal, warn_plaintext
from careerkit.cli.output import check_target, print_info, print_problems, write, write_file, write_json
from careerkit.coaching.agenda import load_agenda
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.entry_list import EntryFilter
from careerkit.core.text import format_count
from careerkit.export.formats import (
    DONE_FILE,
    EXTENSIONS,
    Export,
    ExportFormat,
    ExportOptions,
    ExportReport,
    PlanDocument,
    PlannedEntry,
    load_format,
)
from careerkit.storage.platform import explain_os_error
from careerkit.terminal.sanitize import sanitize_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from careerkit.cli.options import GlobalOptions

DEFAULT_FORMAT = "markdown"
MAX_FILE_SIZE = 16 * 1024 * 1024
"""Bytes of a file to merge with."""
MAX_ATTEMPTS = 5
"""How often a feed is read again because the calendar has just changed it."""
SHARED_WITH_OTHERS = ("obsidian", "todotxt")
"""Formats whose files hold more than careerkit's items, so they are merged with what is there already."""


def export(
    options: GlobalOptions,
    *,
    entry: str,
    all_open: bool,
    to: str,
    item_type: str,
    output: str | None,
    into: str | None,
    onto: str | None,
    profile: str,
    force: bool,
    shared: bool,
    audience: str,
    with_questions: str,
    names_file: str | None,
    is_confirmed: bool,
) -> None:
    """Write one plan, or the plans of all entries with something open, in the format of another program."""
    audience = audience or ("others" if shared or with_questions or names_file else "")
    chosen = load_format(_choose_format(to, output or into, is_merged=into is not None))
    if audience:
        _check_for_others(chosen, audience=audience, all_open=all_open, into=into, onto=onto)
    _check_options(chosen, item_type=item_type, profile=profile, into=into, onto=onto, all_open=all_open)
    if all_open and entry:
        raise Refused(Problem("wrong-usage", "Name an entry, or use --all-open, but not both.", "", "--all-open"))
    if output is not None and chosen.extensions:
        check_target(output, force=force)
    document = _load_all_open(options) if all_open else PlanDocument((load_planned(options, entry),))
    if audience:
        document = prepare_for_others(
            options,
            document.entries[0],
            audience=audience,
            with_questions=with_questions,
            names_file=names_file,
            will_be_written=output is not None,
            is_confirmed=is_confirmed,
        )
    elif chosen.shows_trends:
        document = PlanDocument(tuple(_add_trends(options, each) for each in document.entries))
    merged = into or onto
    existing = _read_existing(merged, must_exist=onto is not None) if merged else None
    existing_files = _read_folder(output) if output and not chosen.extensions else _read_archive(chosen, into)
    is_complete = False
    if all_open and (files := existing_files if existing is None else {"": existing}):
        document, is_complete = _add_still_open(options, chosen, document, files)
    export_options = ExportOptions(
        build_clock().now(),
        item_type,
        existing=existing,
        existing_files=existing_files,
        profile=profile,
        alarm_time=_read_alarm_time(),
        is_complete=is_complete,
    )
    if audience == "witness":
        from careerkit.export.markdown import render_witness_page  # few exports are for a witness

        written = Export({"": render_witness_page(document, export_options.now)})
    else:
        with _name_place(merged or output):
            written = chosen.render(document, export_options)
    target = into or output
    if target is None:
        _print_export(options, chosen, written, merged=merged)
    elif chosen.extensions:
        if into is not None and _read_existing(into, must_exist=False) != existing:
            hint = "Another program is writing to it. Wait until it has finished, and try again."
            raise Refused(Problem("changed-meanwhile", "This file was changed just now.", hint, into))
        mode = _find_mode(into) if into else None
        if force and output is not None:
            _check_ticks(chosen, output, written)
        write_file(target, written.text, force=force or into is not None, quiet=options.json)
        if mode is not None:  # a list or note is the person's own file, and others may have to read it
            with suppress(OSError):
                Path(target).chmod(mode)
        _report(options, chosen, written, target)
    else:
        _write_folder(target, written, existing_files)
        _report(options, chosen, written, target)
    warn_plaintext(options)


def feed(options: GlobalOptions, *, file: str, item_type: str) -> None:
    """Write everything that is open to a calendar file that a calendar has subscribed to, and keep its ticks.

    Reads the file back first, and again just before it is replaced: the calendar may have written a tick meanwhile.
    """
    chosen = load_format("ics")
    _check_extension(chosen, file)
    all_open = _load_all_open(options)
    for _ in range(MAX_ATTEMPTS):
        existing = _read_existing(file, must_exist=False)
        with _name_place(file):
            written = _render_feed(options, chosen, all_open, existing, item_type)
        if written.text == existing:
            break
        if _read_existing(file, must_exist=False) == existing:
            write_file(file, written.text, force=True, quiet=options.json)
            break
    else:
        hint = "Wait until the calendar has finished, and try again."
        raise Refused(Problem("changed-meanwhile", "This file keeps changing.", hint, file))
    _report(options, chosen, written, file)
    warn_plaintext(options)


def _render_feed(
    options: GlobalOptions, chosen: ExportFormat, document: PlanDocument, existing: str | None, item_type: str
) -> Export:
    """The feed with everything in the document. Raises Refused if what exists isn't a calendar."""
    from careerkit.export.icalendar_file import find_item_type  # imports icalendar, which only calendars need

    is_complete = False
    if existing is not None and existing.strip():
        item_type = item_type or find_item_type(existing)
        document, is_complete = _add_still_open(options, chosen, document, {"": existing})
    export_options = ExportOptions(
        build_clock().now(),
        item_type or "todos",
        existing=existing,
        alarm_time=_read_alarm_time(),
        is_complete=is_complete,
    )
    return chosen.render(document, export_options)


@contextmanager
def _name_place(file: str | None) -> Iterator[None]:
    """Add the file to what the block refuses without saying where."""
    try:
        yield
    except Refused as refused:
        raise Refused([each if each.where else each.at(file or "") for each in refused.problems]) from None


# ------------------------------------------------------------ what to export


def _load_all_open(options: GlobalOptions) -> PlanDocument:
    """The entries with an open action, or with a check-in that is still to come. Those that can't be read are reported.

    Entries that begin with "stop" are left out: what they are about is nothing for a calendar that others may see.
    """
    journal = open_journal(options)
    listing = journal.listing(limit=None)
    agenda = load_agenda(journal, now=build_clock().now(), days=None)
    print_problems((*listing.problems, *agenda.problems), as_json=options.json)
    ids = {each.id for each in listing.entries if each.actions_open}
    ids |= {each.entry for each in agenda.items if each.kind == "checkin"}
    planned: list[PlannedEntry] = []
    urgent: list[PlannedEntry] = []
    for entry_id in sorted(ids, reverse=True):
        try:
            found = load_planned(options, entry_id)
        except Refused as refused:
            print_problems(refused.problems, as_json=options.json)
            continue
        is_urgent = found.entry.outcome is not None and found.entry.outcome.headline_level == "stop"
        (urgent if is_urgent else planned).append(found)
    if urgent and not options.json:
        handles = ", ".join(each.entry.handle for each in urgent)
        export = options.format_command(f"plan export {urgent[0].entry.handle}")
        print_info(f"Left out, because it is about danger or a legal matter: {handles}. By its name: {export}")
    if not planned and not options.json:
        print_info("Nothing else is open." if urgent else "Nothing is open.")
    return PlanDocument(tuple(planned))


def _add_still_open(
    options: GlobalOptions, chosen: ExportFormat, document: PlanDocument, existing: Mapping[str, str]
) -> tuple[PlanDocument, bool]:
    """Add the entries with items that are open in the existing files, by name, although nothing is open here any more.

    Also says whether the document is complete: False if an entry couldn't be read.
    """
    if chosen.find_open is None or chosen.identify is None:
        return document, False
    missing = set(chosen.find_open(existing)) - {chosen.identify(each) for each in document.items}
    if not missing:
        return document, True
    listing = open_journal(options).listing(limit=None, entry_filter=EntryFilter(state="finished"))
    known, added = {each.entry.id for each in document.entries}, []
    is_complete = not listing.problems
    for each in listing.entries:
        if not missing:
            break
        if each.id in known:
            continue
        try:
            planned = load_planned(options, each.id)
        except Refused:  # it was reported already
            is_complete = False
            continue
        found = {chosen.identify(item) for item in PlanDocument((planned,)).items} & missing
        if found:
            added.append(planned)
            missing -= found
    return replace(document, entries=(*document.entries, *added)), is_complete


def _add_trends(options: GlobalOptions, planned: PlannedEntry) -> PlannedEntry:
    """The plan with the numbers of its entry next to earlier ones. Entries that can't be read are reported."""
    from careerkit.coaching.trends import load_entry_trends  # only some formats show trends

    journal = open_journal(options)
    trends, problems = load_entry_trends(journal, planned.entry, playbook_of=lambda each: find_playbook(options, each))
    print_problems(problems, as_json=options.json)
    return replace(planned, trends=trends)


# ------------------------------------------------------------ options


def _choose_format(named: str, file: str | None, *, is_merged: bool) -> str:
    """The format that is named, or that the file's extension belongs to, or else Markdown.

    Something is merged into notes as Obsidian reads them. Raises Refused if the extension fits another format.
    """
    if named:
        if file is not None:
            _check_extension(load_format(named), file)
        return named
    if file is None:
        return DEFAULT_FORMAT
    extension = Path(file).suffix.casefold()
    if extension in EXTENSIONS:
        found = EXTENSIONS[extension]
        return "obsidian" if is_merged and found == DEFAULT_FORMAT else found
    if not extension and not is_merged:
        return DEFAULT_FORMAT
    hint = f"Name it with one of {', '.join(EXTENSIONS)}, or choose the format with --to."
    message = (
        f'No format has the extension "{extension}".' if extension else "The name doesn't tell which format this is."
    )
    raise Refused(Problem("wrong-extension", message, hint, file))


def _check_extension(chosen: ExportFormat, file: str) -> None:
    if chosen.extensions and Path(file).suffix.casefold() not in ("", *chosen.extensions):
        fitting = " or ".join(chosen.extensions)
        message = f"{chosen.title} is written to a file that ends in {fitting}."
        raise Refused(Problem("wrong-extension", message, "Change the name, or the format with --to.", file))


def _check_options(
    chosen: ExportFormat, *, item_type: str, profile: str, into: str | None, onto: str | None, all_open: bool
) -> None:
    """Raises Refused for an option that the format doesn't have."""
    problems = []
    if item_type and item_type not in chosen.item_types:
        problems.append(Problem("wrong-usage", f"{chosen.title} has no --as.", "Leave it out.", "--as"))
    if profile and profile not in chosen.profiles:
        hint = f"Its profiles: {', '.join(chosen.profiles)}." if chosen.profiles else "It has none."
        problems.append(Problem("wrong-usage", f'{chosen.title} has no profile "{profile}".', hint, "--profile"))
    if into is not None and chosen.name not in SHARED_WITH_OTHERS:
        message = f"{chosen.title} can't be written into an existing file."
        problems.append(Problem("wrong-usage", message, "Use --output.", "--into"))
    if onto is not None and chosen.name != "taskwarrior":
        problems.append(Problem("wrong-usage", "--onto is for Taskwarrior.", "Add --to taskwarrior.", "--onto"))
    if all_open and chosen.is_for_one:
        hint = "Leave out --all-open, or choose another format with --to."
        problems.append(Problem("wrong-usage", f"{chosen.title} shows a single entry.", hint, "--all-open"))
    if problems:
        raise Refused(problems)


def _check_for_others(
    chosen: ExportFormat, *, audience: str, all_open: bool, into: str | None, onto: str | None
) -> None:
    """Raises Refused for options that a copy for others can't have."""
    problems = []
    if all_open:
        hint = "Name one entry."
        problems.append(Problem("wrong-usage", "A copy for others is of one entry.", hint, "--all-open"))
    if into is not None or onto is not None:
        hint = "Use --output."
        problems.append(Problem("wrong-usage", "A copy for others is a new file each time.", hint, "--for"))
    if audience == "witness" and chosen.name != "markdown":
        hint = "Use a name that ends in .md, or leave out --to."
        problems.append(Problem("wrong-usage", "The page for a witness is Markdown.", hint, "--for"))
    if problems:
        raise Refused(problems)


def _read_alarm_time() -> time:
    return time.fromisoformat(load_settings().alarm_time)


# ------------------------------------------------------------ files


def _read_existing(file: str, *, must_exist: bool) -> str | None:
    """The file's text, or that of standard input for "-"; None if it doesn't exist and needn't. Raises Refused.

    A file that is merely read, `must_exist`, may be a pipe.
    """
    path = Path(file)
    try:
        if must_exist and file == "-":
            return _decode(sys.stdin.buffer.read(MAX_FILE_SIZE + 1), file)
        if path.is_dir():
            raise Refused(Problem("is-a-folder", "This is a folder.", "Name a file in it.", file))
        if not path.exists() and not must_exist:
            return None
        if not path.is_file() and not must_exist:
            raise Refused(Problem("not-a-file", "This is not a regular file.", "Name another one.", file))
        with path.open("rb") as stream:
            return _decode(stream.read(MAX_FILE_SIZE + 1), file)
    except OSError as error:
        raise Refused(explain_os_error("not-read", "The file can't be read", error, file)) from error


def _decode(data: bytes, file: str) -> str:
    if len(data) > MAX_FILE_SIZE:
        raise Refused(Problem("too-large", "This file is too large to merge with.", "Use another one.", file))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(Problem("not-utf8", "This file is not UTF-8 text.", "Use another one.", file)) from None


def _read_archive(chosen: ExportFormat, into: str | None) -> dict[str, str]:
    """The text of done.txt beside todo.txt, if there is one."""
    if into is None or chosen.name != "todotxt":
        return {}
    text = _read_existing(str(Path(into).with_name(DONE_FILE)), must_exist=False)
    return {} if text is None else {DONE_FILE: text}


def _find_mode(file: str) -> int | None:
    """The permissions of a file; None if it doesn't exist."""
    path = Path(file)
    return S_IMODE(path.stat().st_mode) if path.exists() else None


def _read_folder(folder: str) -> dict[str, str]:
    """The texts of the calendar files in the folder, by name. Raises Refused if one can't be read."""
    path = Path(folder)
    if not path.exists():
        return {}
    if not path.is_dir():
        raise Refused(
            Problem("not-a-folder", "This is a file, and the format needs a folder.", "Name another.", folder)
        )
    found = {}
    for each in sorted(path.glob("*.ics")):
        text = _read_existing(str(each), must_exist=False)
        if text is not None:
            found[each.name] = text
    return found


def _check_ticks(chosen: ExportFormat, file: str, written: Export) -> None:
    """Raises Refused if the export would overwrite ticks of another program."""
    if chosen.read is None or not Path(file).is_file():
        return
    try:
        before = chosen.read(_read_existing(file, must_exist=True) or "")
    except Refused:  # it is something else, which --force may overwrite
        return
    done = {each.id for each in chosen.read(written.text) if each.state == "done"}
    lost = {each.id for each in before if each.state == "done"} - done
    if lost:
        message = f"{format_count(len(lost), 'item')} ticked in this file would no longer be ticked."
        hint = f"Read the ticks first, with `careerkit plan sync --from {file}`, or write to another file."
        raise Refused(Problem("ticks-lost", message, hint, file))


def _write_folder(folder: str, written: Export, existing: Mapping[str, str]) -> None:
    """Write each file of the export into the folder, which is created, and delete those that belong to nothing any more.

    `existing` is what the files of the folder had when the export was made. Raises Refused if one was changed since.
    """
    path = Path(folder)
    for name in (*written.files, *written.removed):
        if _read_existing(str(path / name), must_exist=False) != existing.get(name):
            hint = "Another program is writing to this folder. Wait until it has finished, and try again."
            raise Refused(Problem("changed-meanwhile", "This file was changed just now.", hint, str(path / name)))
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in written.removed:
            (path / name).unlink(missing_ok=True)
    except OSError as error:
        raise Refused(explain_os_error("not-saved", "The folder was not written", error, folder)) from error
    for name, text in written.files.items():
        write_file(str(path / name), text, force=True, quiet=True)


# ------------------------------------------------------------ the report


def _print_export(options: GlobalOptions, chosen: ExportFormat, written: Export, *, merged: str | None) -> None:
    if options.json:
        write_json({**_serialise_report(chosen, written), "file": None, "files": dict(written.files)})
        return
    if not chosen.extensions:
        raise Refused(Problem("wrong-usage", f"{chosen.title} needs a folder.", "Add --output DIR.", "--to"))
    write(written.text)
    _print_report(options, written.report, source=merged or "", with_counts=merged is not None)


def _report(options: GlobalOptions, chosen: ExportFormat, written: Export, target: str) -> None:
    """Say what was added, changed, left as it was, and what the format can't hold."""
    if options.json:
        write_json({**_serialise_report(chosen, written), "file": target})
        return
    if not chosen.extensions:
        sys.stderr.write(f"Written to {sanitize_line(target)}\n")
    _print_report(options, written.report, source=target, with_counts=True)


def _print_report(options: GlobalOptions, report: ExportReport, *, source: str, with_counts: bool) -> None:
    """`source` is what `plan sync` can read ticks from: a file, or standard input, which only Taskwarrior's tasks come from."""
    counts = [
        f"{label} {format_count(len(items), 'item')}"
        for label, items in (
            ("added", report.added),
            ("changed", report.changed),
            ("removed", report.removed),
            ("left as they were:", report.kept),
        )
        if items
    ]
    if counts and with_counts:
        sentence = ", ".join(counts)
        print_info(f"{sentence[0].upper()}{sentence[1:]}.")
    if report.ticked:
        ticked = format_count(len(report.ticked), "item is", "items are")
        print_info(f"{ticked} done there and open here. To tick here too:")
        place = sanitize_line(source) if source != "-" else "- --to taskwarrior --yes"
        print_info(options.format_command(f"plan sync --from {place}"))
    for sentence in report.lost:
        print_info(sentence)


def _serialise_report(chosen: ExportFormat, written: Export) -> dict[str, object]:
    report = written.report
    return {
        "format": chosen.name,
        "added": list(report.added),
        "changed": list(report.changed),
        "kept": list(report.kept),
        "removed": list(report.removed),
        "lost": list(report.lost),
        "ticked": list(report.ticked),
    }
