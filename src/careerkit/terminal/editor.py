"""The editor in which a text can be written, and whether it may be opened. What runs it is imported only then."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, suppress
from enum import Enum

from careerkit.core.errors import Problem, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

EDITOR_OFF_MESSAGE = "The editor was not opened: the journal is encrypted, and editors may leave unencrypted copies."
ALLOW_EDITOR_HINT = "Type the answer here. To allow editors anyway: careerkit config set editor_when_encrypted true"
RETRY_HINT = "Type :edit to open it again, or type the answer here."
MIN_EDIT_S = 2
"""An editor that ends sooner, without a change, may be a window that is still open."""
WAIT_OPTIONS = {"gvim": "--nofork", "mvim": "--nofork", "kate": "--block", "gedit": "--standalone"}
"""How editors are told to wait until the file is closed. Most others take --wait."""


class EditorPolicy(Enum):
    """Whether an editor may be opened, and where its file may be."""

    ANYWHERE = "in a folder for temporary files"
    IN_MEMORY = "only on a file system that is kept in memory"
    OFF = "nowhere"


def allow_anywhere() -> EditorPolicy:
    return EditorPolicy.ANYWHERE


class Editor:
    """Opens `$VISUAL` or `$EDITOR`. A text that was saved but couldn't be accepted is offered again the next time.

    The file of an editor that ends at once stays until `close`, because its window may still be open. `take_saved` returns
    what is saved in it later.
    """

    def __init__(self, environment: Mapping[str, str], get_policy: Callable[[], EditorPolicy] = allow_anywhere) -> None:
        self._environment, self._get_policy = environment, get_policy
        self._rejected: str | None = None
        self._kept = ExitStack()
        self._kept_file: tuple[Path, bytes] | None = None
        """The file of an editor that ended at once, and what was in it then."""

    def edit(self, text: str) -> str:
        """The text as the person saved it.

        Raises Refused if editors aren't allowed, none is set, or it fails, ends at once, or saves something that isn't UTF-8.
        """
        self._take_rejected()
        self.close()
        policy = self._get_policy()
        if policy is EditorPolicy.OFF:
            raise Refused(Problem("editor-off", EDITOR_OFF_MESSAGE, ALLOW_EDITOR_HINT))
        from careerkit.terminal.external_programs import (  # a first question does without it
            choose_folder,
            create_private_file,
            find_editor,
            run_editor,
        )

        command = find_editor(self._environment)
        folder = choose_folder(self._environment, must_be_in_memory=policy is EditorPolicy.IN_MEMORY)
        before = text if self._rejected is None else self._rejected
        try:
            with ExitStack() as stack:
                path = stack.enter_context(create_private_file(before, folder))
                began, written, given = time.monotonic(), path.stat().st_mtime_ns, path.read_bytes()
                status = run_editor([*command, str(path)])
                saved = path.read_bytes()
                was_saved = saved != given or path.stat().st_mtime_ns != written
                if not status and not was_saved and time.monotonic() - began < MIN_EDIT_S:
                    self._kept, self._kept_file = stack.pop_all(), (path, saved)
                    raise Refused(_describe_early_end(command))
        except OSError as error:
            raise Refused(
                Problem("editor-failed", f"The editor failed: {_format_os_error(error)}.", RETRY_HINT)
            ) from None
        return self._accept(saved, status, command[0])

    def take_saved(self) -> str | None:
        """What was saved since in the file of an editor that ended at once; None if nothing was.

        Raises Refused if it isn't UTF-8.
        """
        if self._kept_file is None:
            return None
        path, before = self._kept_file
        try:
            saved = path.read_bytes()
        except OSError:  # the editor is just replacing it
            return None
        if saved == before:
            return None
        self._kept_file = path, saved
        return self._accept(saved, 0, "The editor")

    def reject(self, text: str) -> None:
        """Offer `text` the next time, because it can't be an answer as it is."""
        self._rejected = text

    def close(self) -> None:
        """Delete the file of an editor that ended at once. Idempotent."""
        self._kept_file = None
        with suppress(OSError):
            self._kept.close()

    def _take_rejected(self) -> None:
        """Let the editor continue with what was saved after it had ended at once."""
        with suppress(Refused):
            self._rejected = self.take_saved() or self._rejected

    def _accept(self, saved: bytes, status: int, name: str) -> str:
        text = saved.decode("utf-8-sig", "backslashreplace").replace("\r\n", "\n").removesuffix("\n")
        self._rejected = text
        if status:
            raise Refused(
                Problem("editor-failed", f"{name} ended with an error ({status}). Nothing was changed.", RETRY_HINT)
            )
        try:
            saved.decode("utf-8")
        except UnicodeDecodeError:
            message = "What the editor saved is not UTF-8. Nothing was changed."
            hint = "Type :edit to open it again; the invalid bytes show as \\x.."
            raise Refused(Problem("not-utf-8", message, hint)) from None
        self._rejected = None
        return text


def _describe_early_end(command: list[str]) -> Problem:
    name = os.path.basename(command[0])  # noqa: PTH119 - a first question does without pathlib
    option = WAIT_OPTIONS.get(name, "--wait")
    message = f"Nothing was changed in the editor. {name} ended at once."
    hint = (
        "If its window is still open, save your text there and then press Enter here. "
        f"To have careerkit wait for it: export EDITOR='{name} {option}'"
    )
    return Problem("editor-returned", message, hint)


def _format_os_error(error: OSError) -> str:
    return f"{error.strerror or type(error).__name__}" + (f" ({error.filename})" if error.filename else "")
