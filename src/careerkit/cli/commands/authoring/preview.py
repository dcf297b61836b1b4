"""`careerkit playbook preview`: run a playbook without saving anything, and again whenever its file is saved."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from careerkit.cli.container import build_clock, open_library
from careerkit.cli.display import is_interactive, open_screen, private_screen
from careerkit.cli.output import print_info, print_problems, write_json
from careerkit.cli.process import INTERRUPTED, STOPPED
from careerkit.coaching.authoring.preview import continue_preview, start_preview
from careerkit.coaching.screen import EndOfInput
from careerkit.core.errors import Refused
from careerkit.export.json import serialise_entry_details
from careerkit.storage.memory_journal import MemoryJournal

if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.session import Session, SessionResult

POLL_INTERVAL_S = 0.3
"""How often the file is looked at."""
ENDED = "This was a preview. Nothing was saved."
WAITING = "Save the file to see it again, or press Ctrl-C to end."


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


def _raise_changed(_: int, __: object) -> None:
    raise FileChangedError
