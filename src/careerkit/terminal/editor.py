"""The person's own editor, for writing a text: a file that only they can read, gone afterwards.

What it takes to start a program is imported when an editor is opened, which is seldom.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from careerkit.core.problem import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

AGAIN = "Type :edit to open it again, or type the answer here."


class Editor:
    """Opens `$VISUAL` or `$EDITOR`. What an editor saved that can't be taken is there again the next time."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._rescued: str | None = None

    def edit(self, text: str) -> str:
        """The text as the person leaves it. Refused where there is no editor, it fails, or it saves what is not UTF-8."""
        command = self._command()
        before = text if self._rescued is None else self._rescued
        try:
            with _private_file(before, self._environment) as path:
                status = self._run([*command, str(path)])
                saved = path.read_bytes()
        except OSError as error:
            raise Refused(Problem("editor-failed", f"The editor did not work: {_reason(error)}.", AGAIN)) from None
        return self._judge(saved, status, command[0])

    def _command(self) -> list[str]:
        import shlex

        for name in ("VISUAL", "EDITOR"):
            try:
                command = shlex.split(self._environment.get(name, ""))
            except ValueError:
                raise Refused(Problem("no-editor", f"{name} has a quote too many or too few.", "Mend it.")) from None
            if command:
                return command
        raise Refused(Problem("no-editor", "No editor is set.", "Set VISUAL or EDITOR, or type the answer here."))

    def _run(self, command: list[str]) -> int:
        import subprocess

        with _interrupts_left_to_the_editor():
            return subprocess.run(command, check=False).returncode  # noqa: S603 - the person's own choice of a command

    def _judge(self, saved: bytes, status: int, name: str) -> str:
        text = saved.decode("utf-8-sig", "backslashreplace").replace("\r\n", "\n").removesuffix("\n")
        self._rescued = text
        if status:
            raise Refused(
                Problem("editor-failed", f"{name} ended with an error ({status}). Nothing was changed.", AGAIN)
            )
        try:
            saved.decode("utf-8")
        except UnicodeDecodeError:
            message = "What the editor saved is not UTF-8. Nothing was changed."
            raise Refused(
                Problem("not-utf-8", message, "Type :edit: it is there again, the odd bytes as \\x..")
            ) from None
        self._rescued = None
        return text


@contextmanager
def _private_file(text: str, environment: Mapping[str, str]) -> Iterator[Path]:
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="careerkit-", dir=_memory_folder(environment)))
    try:
        path = folder / "answer.txt"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(f"{text}\n".encode("utf-8", "replace") if text else b"")
        yield path
    finally:
        shutil.rmtree(folder)


def _memory_folder(environment: Mapping[str, str]) -> str | None:
    """A folder that is kept in memory, where there is one; None means the ordinary one for temporary files."""
    for folder in (environment.get("XDG_RUNTIME_DIR", ""), "/dev/shm"):  # noqa: S108 - a private folder is made in it
        if folder and Path(folder).is_dir() and os.access(folder, os.W_OK | os.X_OK):
            return folder
    return None


@contextmanager
def _interrupts_left_to_the_editor() -> Iterator[None]:
    try:
        before = signal.signal(signal.SIGINT, lambda *_: None)  # a handler, unlike SIG_IGN, is not inherited
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _reason(error: OSError) -> str:
    return f"{error.strerror or type(error).__name__}" + (f" ({error.filename})" if error.filename else "")
