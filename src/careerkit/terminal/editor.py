"""The person's own editor, for writing a text: a file that only they can read, gone afterwards, and gone when careerkit
is killed.

What it takes to start a program is imported when an editor is opened, which is seldom.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from careerkit.core.problem import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

OFF = "The journal is encrypted, and an editor may leave copies in plain text: it was not opened."
ALLOW = "Type the answer here. To allow it all the same: careerkit config set editor_when_encrypted true"
MEMORY = ("tmpfs", "ramfs")
AGAIN = "Type :edit to open it again, or type the answer here."


class EditorUse(Enum):
    """Whether an editor may be opened, and where its file may lie."""

    ANYWHERE = "in a folder for temporary files"
    IN_MEMORY = "only on a file system that is kept in memory"
    OFF = "nowhere"


def anywhere() -> EditorUse:
    """Nothing speaks against an editor."""
    return EditorUse.ANYWHERE


class Editor:
    """Opens `$VISUAL` or `$EDITOR`. What an editor saved that can't be taken is there again the next time."""

    def __init__(self, environment: Mapping[str, str], use: Callable[[], EditorUse] = anywhere) -> None:
        self._environment, self._use = environment, use
        self._rescued: str | None = None

    def edit(self, text: str) -> str:
        """The text as the person leaves it. Refused where there is no editor, it fails, or it saves what is not UTF-8."""
        use = self._use()
        if use is EditorUse.OFF:
            raise Refused(Problem("editor-off", OFF, ALLOW))
        command = self._command()
        folder = _folder_for(use, self._environment)
        before = text if self._rescued is None else self._rescued
        try:
            with _private_file(before, folder) as path:
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


def _folder_for(use: EditorUse, environment: Mapping[str, str]) -> str:
    """The folder in which that of the file is made. Refused where it has to be in memory and none is."""
    import tempfile

    for folder in (environment.get("XDG_RUNTIME_DIR", ""), "/dev/shm"):  # noqa: S108 - a private folder is made in it
        usable = folder and Path(folder).is_dir() and os.access(folder, os.W_OK | os.X_OK)
        if usable and (use is EditorUse.ANYWHERE or _is_in_memory(folder)):
            return folder
    if use is EditorUse.ANYWHERE:
        return tempfile.gettempdir()
    message = "No folder here is kept in memory only (tmpfs): an editor's file would be on the disk in plain text."
    raise Refused(Problem("editor-off", message, "Type the answer here."))


def _is_in_memory(folder: str) -> bool:
    """Whether what is written there never reaches a disk, but for the swap."""
    device = Path(folder).stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    kinds = {left.split()[2]: right.split()[0] for left, _, right in (mount.partition(" - ") for mount in mounts)}
    return kinds.get(number) in MEMORY


@contextmanager
def _private_file(text: str, above: str) -> Iterator[Path]:
    import shutil

    folder = Path(above, f"careerkit-{os.urandom(8).hex()}")
    with _gone_with_us(folder):
        folder.mkdir(0o700)
        try:
            path = folder / "answer.txt"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(f"{text}\n".encode("utf-8", "replace") if text else b"")
            yield path
        finally:
            shutil.rmtree(folder)


@contextmanager
def _gone_with_us(folder: Path) -> Iterator[None]:
    """A process of its own waits while the block runs, and removes the folder should this one be killed."""
    import subprocess

    command = ["/bin/sh", "-c", 'read -r _; rm -rf -- "$1"', "sh", str(folder)]
    nothing = subprocess.DEVNULL
    # Our end of the pipe closes with us, however we end; no program that we start has it.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nothing, stderr=nothing, start_new_session=True):  # noqa: S603 - the folder is an argument, never code
        yield


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
