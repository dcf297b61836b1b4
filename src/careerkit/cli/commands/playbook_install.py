"""`careerkit playbook install`, `update`, `remove` and `preview`: get playbooks from elsewhere, and try one without saving."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from careerkit.cli.command_table import COMMANDS
from careerkit.cli.container import build_clock, open_library
from careerkit.cli.display import is_interactive, open_screen, private_screen
from careerkit.cli.output import print_info, print_problems, write_json
from careerkit.cli.process import INTERRUPTED, STOPPED
from careerkit.coaching.authoring.outline import introduce
from careerkit.coaching.authoring.preview import continue_preview, start_preview
from careerkit.coaching.ports import EndOfInput
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.playbook.model import Playbook, list_questions
from careerkit.core.text import format_count, is_playbook_name
from careerkit.export.json import serialise_entry_details
from careerkit.storage.installs import InstalledPlaybook, InstallRegistry, SourcePlaybook, read_source
from careerkit.storage.memory_journal import MemoryJournal
from careerkit.storage.platform import find_folders
from careerkit.terminal.authoring_view import write_lines

if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.session import Session, SessionResult

SHORT_COMMIT = 10
NOTHING_CHANGED = "Nothing was changed."

POLL_INTERVAL_S = 0.3
"""How often the file is looked at."""
ENDED = "This was a preview. Nothing was saved."
WAITING = "Save the file to see it again, or press Ctrl-C to end."


@frozen
class Candidate:
    """A playbook that may be installed under `id`."""

    id: str
    source: SourcePlaybook
    playbook: Playbook


def install(options: GlobalOptions, *, source: str, as_id: str, force: bool) -> None:
    """Install the playbooks of a file, a folder or a repository, after showing what they ask."""
    registry = InstallRegistry(find_folders().playbooks)
    found = read_source(source)
    candidates = [_load(each, as_id) for each in _choose(found, as_id)]
    problems = [problem for each in candidates for problem in _find_conflicts(each, registry, is_forced=force)]
    if problems:
        raise Refused(problems)
    _show(options, candidates)
    if not _confirm(options, f"Install {_name(candidates)}?"):
        print_info(NOTHING_CHANGED)
        return
    for each in candidates:
        registry.write(each.source, each.id)
    _report(options, "Installed", candidates)


def update(options: GlobalOptions, *, playbook: str, force: bool) -> int:
    """Update one installed playbook, or all of them, from where each came from; returns the exit code."""
    registry = InstallRegistry(find_folders().playbooks)
    installed = [registry.find(playbook)] if playbook else list(registry.list_installed().values())
    if not installed:
        raise Refused(Problem("not-installed", "No playbook was installed from elsewhere.", "See `playbook install`."))
    changed: list[Candidate] = []
    problems: list[Problem] = []
    sources: dict[str, tuple[SourcePlaybook, ...]] = {}
    for each in installed:
        try:
            candidate = _find_update(each, registry, sources, is_forced=force)
        except Refused as refused:
            problems += refused.problems
        else:
            changed += [candidate] if candidate else []
    if changed:
        _show(options, changed, before=True)
        if _confirm(options, f"Update {_name(changed)}?"):
            for new in changed:
                registry.write(new.source, new.id)
            _report(options, "Updated", changed)
        else:
            print_info(NOTHING_CHANGED)
    elif options.json:
        write_json({"playbooks": []})
    elif not problems:
        print_info("Everything is up to date.")
    print_problems(problems, as_json=options.json)
    return 1 if problems else 0


def remove(options: GlobalOptions, *, playbook: str, force: bool) -> None:
    """Remove an installed playbook. Entries keep their copies of it."""
    registry = InstallRegistry(find_folders().playbooks)
    installed = registry.find(playbook)
    if registry.is_changed(installed) and not force:
        raise Refused(_describe_changed(installed))
    registry.remove(playbook)
    if options.json:
        write_json({"removed": playbook})
    else:
        print_info(f"Removed {playbook}. Entries that you made with it keep their copies.")


class FileChangedError(BaseException):
    """The file was saved while a question was shown. Like Ctrl-C, nothing but the preview itself may catch it."""


def preview(options: GlobalOptions, *, playbook: str, from_question: str) -> int:
    """Preview a playbook, from its first question or another one; returns the exit code."""
    path = playbook if playbook.endswith(".toml") else open_library().find_path(playbook)
    waits = is_interactive(options)
    before: Session | None = None
    result: SessionResult | None
    with private_screen(options):
        while True:
            watch = FileWatch(path)
            try:
                session = _open_session(options, path, before, from_question)
                with watch.interrupt_on_change(enabled=waits):
                    result = session.run()
                before = session
            except Refused as refused:
                if not waits:
                    raise
                print_problems(refused.problems, as_json=False)
                result = None
            except FileChangedError:
                before = session
                continue
            except EndOfInput:
                return _end(STOPPED)
            except KeyboardInterrupt:
                return _end(INTERRUPTED)
            if result == "stopped":
                return _end(STOPPED)
            if options.json:
                write_json(serialise_entry_details(session.entry, session.interview.playbook))
            if not waits or not _wait(watch):
                return _end(0)


def _open_session(options: GlobalOptions, path: str, before: Session | None, from_question: str) -> Session:
    """The session for the file as it is now. Raises Refused if it can't be used."""
    found = open_library().open(path)
    screen, journal = open_screen(options, saves=False), MemoryJournal()
    if before is None or from_question:
        return start_preview(
            found.playbook,
            found.source,
            screen=screen,
            journal=journal,
            clock=build_clock(),
            start_at=from_question,
            has_changed=before is not None,
        )
    return continue_preview(before, found.playbook, found.source, screen=screen, journal=journal)


def _wait(watch: FileWatch) -> bool:
    """Wait until the file is saved. False if Ctrl-C was pressed instead."""
    print_info(WAITING)
    try:
        watch.wait()
    except KeyboardInterrupt:
        return False
    return True


def _end(code: int) -> int:
    print_info(ENDED)
    return code


class FileWatch:
    """Notices when a file differs from what it was when this was made."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._stamp = self._read_stamp()
        self._is_over = Event()

    def has_changed(self) -> bool:
        """Is the file another one now? While it doesn't exist, an editor may be about to replace it."""
        stamp = self._read_stamp()
        return stamp is not None and stamp != self._stamp

    def wait(self) -> None:
        """Return when the file has changed."""
        while not self.has_changed():
            self._is_over.wait(POLL_INTERVAL_S)

    @contextmanager
    def interrupt_on_change(self, *, enabled: bool) -> Iterator[None]:
        """Raise FileChangedError in the block when the file changes."""
        if not enabled:
            yield
            return
        previous = signal.signal(signal.SIGUSR1, _raise_changed)
        thread = Thread(target=self._signal_change, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            thread.join()
            signal.signal(signal.SIGUSR1, previous)
            self._is_over = Event()

    def _signal_change(self) -> None:
        while not self._is_over.wait(POLL_INTERVAL_S):
            if self.has_changed():
                os.kill(os.getpid(), signal.SIGUSR1)
                return

    def _read_stamp(self) -> tuple[int, int, int] | None:
        try:
            status = os.stat(self._path)  # noqa: PTH116 - a path as text, as everywhere in the cli
        except OSError:
            return None
        return status.st_ino, status.st_size, status.st_mtime_ns


# ------------------------------------------------------------ what may be installed


def _choose(found: Sequence[SourcePlaybook], as_id: str) -> Sequence[SourcePlaybook]:
    """The playbooks to install. Raises Refused if `as_id` can't name them."""
    if as_id and len(found) > 1:
        ids = ", ".join(each.id or each.path for each in found)
        message = f"--as names one playbook, but there are {len(found)}: {ids}."
        raise Refused(Problem("several-playbooks", message, "Leave out --as, or name one file.", "--as"))
    group, _, name = as_id.partition("/")
    if as_id and not (is_playbook_name(group) and is_playbook_name(name)):
        hint = "Write it as group/name, with lowercase letters, digits and dashes."
        raise Refused(Problem("bad-name", "This can't be the id of a playbook.", hint, as_id))
    return found


def _load(source: SourcePlaybook, as_id: str) -> Candidate:
    """The checked playbook. Raises Refused with all of its problems."""
    where = source.path or source.origin
    playbook_id = as_id or source.id
    if not playbook_id:
        message = "The name of this file isn't allowed for a playbook."
        raise Refused(Problem("bad-name", message, "Give it an id with --as GROUP/NAME.", where))
    if playbook_id.partition("/")[0] in COMMANDS:
        message = f"{playbook_id.partition('/')[0]} is one of careerkit's own commands, so no group can have that name."
        raise Refused(Problem("bad-name", message, "Give it another id with --as GROUP/NAME.", where))
    return Candidate(playbook_id, source, open_library().read(source.data, file=where, id=playbook_id))


def _find_conflicts(candidate: Candidate, registry: InstallRegistry, *, is_forced: bool) -> Iterable[Problem]:
    """A problem if something with that id exists already, and may not be replaced."""
    if is_forced:
        return
    name = candidate.id
    if name in registry.list_installed():
        yield Problem(
            "installed", "This playbook is installed already.", f"To update it: careerkit playbook update {name}", name
        )
    elif registry.has_file(name):
        yield Problem("file-exists", "You have a playbook with this id.", "Use --as GROUP/NAME, or --force.", name)
    elif name in open_library().ids():
        message = "It would replace the bundled playbook with this id."
        yield Problem("replaces-bundled", message, "Use --as GROUP/NAME, or --force if that is what you want.", name)


def _find_update(
    installed: InstalledPlaybook,
    registry: InstallRegistry,
    sources: dict[str, tuple[SourcePlaybook, ...]],
    *,
    is_forced: bool,
) -> Candidate | None:
    """The new version of an installed playbook; None if it is the same. `sources` keeps what was fetched."""
    if installed.origin not in sources:
        sources[installed.origin] = read_source(installed.origin)
    source = next((each for each in sources[installed.origin] if each.path == installed.path), None)
    if source is None:
        hint = f"To remove it here too: careerkit playbook remove {installed.id}"
        raise Refused(Problem("gone", "Its source no longer has this playbook.", hint, installed.id))
    if (
        source.sha256 == installed.sha256
        and registry.has_file(installed.id)
        and not (is_forced and registry.is_changed(installed))
    ):
        return None
    if registry.is_changed(installed) and not is_forced:
        raise Refused(_describe_changed(installed))
    return _load(source, installed.id)


def _describe_changed(installed: InstalledPlaybook) -> Problem:
    message = "You have changed this playbook since it was installed."
    return Problem("changed-here", message, "Copy it elsewhere first, then use --force.", installed.id)


# ------------------------------------------------------------ showing and reporting


def _show(options: GlobalOptions, candidates: Sequence[Candidate], *, before: bool = False) -> None:
    """Introduce the playbooks on standard error; with `before`, also what is new next to the installed version."""
    if options.json:
        return
    for each in candidates:
        commit = f" at commit {each.source.commit[:SHORT_COMMIT]}" if each.source.commit else ""
        lines = [*introduce(each.playbook), f"  From: {each.source.origin}{commit}"]
        if before:
            lines += _describe_new_questions(each)
        write_lines([*lines, ""], to=sys.stderr, columns=80, encoding=sys.stderr.encoding or "ascii")


def _describe_new_questions(candidate: Candidate) -> list[str]:
    try:
        installed = open_library().load(candidate.id)
    except Refused:
        return []
    known = {each.id for each in list_questions(installed)}
    new = [each.ask for each in list_questions(candidate.playbook) if each.id not in known]
    gone = len(known - {each.id for each in list_questions(candidate.playbook)})
    lines = [f"  New: {ask}" for ask in new]
    return [*lines, f"  No longer asked: {format_count(gone, 'question')}"] if gone else lines


def _confirm(options: GlobalOptions, question: str) -> bool:
    """Ask at a terminal. A script has already said what it wants."""
    if not is_interactive(options):
        return True
    try:
        return open_screen(options).confirm(question, default=True, is_saved=False)
    except EndOfInput:
        return False


def _name(candidates: Sequence[Candidate]) -> str:
    return candidates[0].id if len(candidates) == 1 else f"these {len(candidates)} playbooks"


def _report(options: GlobalOptions, verb: str, candidates: Sequence[Candidate]) -> None:
    if options.json:
        write_json({"playbooks": [_serialise(each) for each in candidates]})
        return
    for each in candidates:
        print_info(f"{verb}. To run it: careerkit {each.id.replace('/', ' ')}")


def _serialise(candidate: Candidate) -> dict[str, Any]:
    playbook, source = candidate.playbook, candidate.source
    questions = [each for each in list_questions(playbook) if each.spec.has_answer]
    return {
        "id": candidate.id,
        "title": playbook.title,
        "author": playbook.author,
        "licence": playbook.licence,
        "origin": source.origin,
        "path": source.path,
        "commit": source.commit or None,
        "questions": [{"id": each.id, "ask": each.ask, "private": each.private} for each in questions],
    }


def _raise_changed(_: int, __: object) -> None:
    raise FileChangedError
