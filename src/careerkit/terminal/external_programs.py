"""Run other programs at the terminal: the editor, the pager, and what copies to the clipboard. Imported only then."""

from __future__ import annotations

import base64
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.terminal.tty import preserve_terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO


# ---------------------------------------------------------------- the editor


MEMORY_FILE_SYSTEMS = ("tmpfs", "ramfs")


def find_editor(environment: Mapping[str, str]) -> list[str]:
    """The command in VISUAL or EDITOR. Raises Refused if there is none, or it can't be parsed."""
    for name in ("VISUAL", "EDITOR"):
        try:
            command = shlex.split(environment.get(name, ""))
        except ValueError:
            message = f"{name} has an unmatched quotation mark."
            raise Refused(Problem("no-editor", message, f"Set {name} to a valid command.")) from None
        if command:
            return command
    raise Refused(Problem("no-editor", "No editor is set.", "Set VISUAL or EDITOR, or type the answer here."))


def run_editor(command: list[str]) -> int:
    """Run the editor and return its exit status. Raises OSError if it can't be started."""
    with preserve_terminal(), _ignore_interrupts():
        return subprocess.run(command, check=False).returncode  # noqa: S603 - the person chose this command


def choose_folder(environment: Mapping[str, str], *, must_be_in_memory: bool) -> str:
    """The folder for the private folder of the edited file. Raises Refused if it must be in memory and there is none."""
    for folder in (environment.get("XDG_RUNTIME_DIR", ""), "/dev/shm"):  # noqa: S108 - the file goes into a private folder there
        usable = folder and os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)  # noqa: PTH112 - see _is_in_memory
        if usable and (not must_be_in_memory or _is_in_memory(folder)):
            return folder
    if not must_be_in_memory:
        return tempfile.gettempdir()
    message = (
        "The editor was not opened: without an in-memory folder (tmpfs) its file would be written to disk unencrypted."
    )
    raise Refused(Problem("editor-off", message, "Type the answer here."))


def _is_in_memory(folder: str) -> bool:
    """Is `folder` on a file system that never writes to disk (except to swap)?"""
    device = Path(folder).stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    kinds = {left.split()[2]: right.split()[0] for left, _, right in (mount.partition(" - ") for mount in mounts)}
    return kinds.get(number) in MEMORY_FILE_SYSTEMS


@contextmanager
def create_private_file(text: str, parent: str) -> Iterator[Path]:
    """A file with `text` that only the person can read. Its folder is removed at the end."""
    folder = Path(parent, f"careerkit-{os.urandom(8).hex()}")
    with _remove_if_killed(folder):
        folder.mkdir(0o700)
        try:
            path = folder / "answer.txt"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(f"{text}\n".encode("utf-8", "replace") if text else b"")
            yield path
        finally:
            shutil.rmtree(folder)


@contextmanager
def _remove_if_killed(folder: Path) -> Iterator[None]:
    """Remove `folder` even if this process is killed: a child process waits for it to end."""
    command = ["/bin/sh", "-c", 'read -r _; rm -rf -- "$1"', "sh", str(folder)]
    nothing = subprocess.DEVNULL
    # Our end of the pipe closes when this process ends, however it ends. Programs that we start don't inherit it.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nothing, stderr=nothing, start_new_session=True):  # noqa: S603 - the folder is an argument, never code
        yield


@contextmanager
def _ignore_interrupts() -> Iterator[None]:
    """Leave Ctrl-C to the program that is running."""
    try:
        before = signal.signal(signal.SIGINT, lambda *_: None)  # unlike SIG_IGN, a handler isn't inherited
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# ---------------------------------------------------------------- the pager


SAFE_PAGERS = ("less", "more", "most")
"""Pagers that keep no copy of the text. Others might: an editor used as a pager writes swap files."""
PRIVATE_SETTINGS = {
    "LESS": "-R -PsSpace for more, q to leave$",
    "LESSHISTFILE": "-",
    "LESSSECURE": "1",
    "MOST_SWITCHES": "",
}
"""No history file, no log file, and no way to start a shell or an editor."""
UTF8_SETTINGS = {"LESSCHARSET": "utf-8"}
"""In the C locale Python writes UTF-8, but less would show each byte as a code."""
DROPPED_VARIABLES = ("LESSOPEN", "LESSCLOSE", "LESSKEY", "LESSKEYIN")


def show_in_pager(text: str, *, environment: Mapping[str, str], height: int, encoding: str) -> bool:
    """Show `text` in the person's pager if it doesn't fit in `height` lines (0: unknown). Returns whether it was shown.

    `encoding` is the terminal's.
    """
    command = choose_pager(environment) if 0 < height <= text.count("\n") else None
    if command is None:
        return False
    settings = {key: value for key, value in environment.items() if key not in DROPPED_VARIABLES} | PRIVATE_SETTINGS
    if encoding.lower().startswith("utf"):
        settings |= UTF8_SETTINGS
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=settings)  # noqa: S603 - the person chose it
    except OSError:
        return False
    assert pager.stdin is not None, "it is a pipe"
    with preserve_terminal(), _ignore_interrupts():
        with suppress(BrokenPipeError):  # the person closed the pager before the end
            pager.stdin.write(text.encode(encoding, "backslashreplace"))
        with suppress(BrokenPipeError):
            pager.stdin.close()
        pager.wait()
    return True


def choose_pager(environment: Mapping[str, str]) -> list[str] | None:
    """The command in `PAGER` if it is one of SAFE_PAGERS, otherwise less; None if neither is installed."""
    try:
        named = shlex.split(environment.get("PAGER", ""))
    except ValueError:
        named = []
    for command in (named, ["less"]):
        if (
            command
            and command[0].rpartition("/")[2] in SAFE_PAGERS
            and shutil.which(command[0], path=environment.get("PATH"))
        ):
            return command
    return None


# ---------------------------------------------------------------- the clipboard


CLIPBOARD_TIMEOUT_S = 5
"""A program that takes longer waits for a display that doesn't answer."""
MAX_OSC_LENGTH = 74_000
"""Characters of base64. Terminals cut longer ones, and some then take nothing."""
NO_OSC_TERMINALS = ("", "dumb", "linux")
OSC_NAME = "the terminal"


@frozen
class ClipboardProgram:
    """A program that reads the clipboard's new text from standard input, and when it can be used.

    `variable`: it needs this variable in the environment.
    """

    command: tuple[str, ...]
    variable: str = ""
    encoding: str = "utf-8"


CLIPBOARD_PROGRAMS = (
    ClipboardProgram(("wl-copy",), "WAYLAND_DISPLAY"),
    ClipboardProgram(("xclip", "-selection", "clipboard"), "DISPLAY"),
    ClipboardProgram(("xsel", "--clipboard", "--input"), "DISPLAY"),
    ClipboardProgram(("pbcopy",)),
    ClipboardProgram(("clip.exe",), encoding="utf-16-le"),
    ClipboardProgram(("tmux", "load-buffer", "-w", "-"), "TMUX"),
    ClipboardProgram(("tmux", "load-buffer", "-"), "TMUX"),
)
"""In the order in which they are tried. `-w` also passes the text on to the terminal; older versions of tmux don't know it."""


def copy_to_clipboard(text: str, *, environment: Mapping[str, str], terminal: TextIO | None) -> str:
    """Copy `text` with the first means that works, and return its name.

    Without a program for it, the terminal is asked to copy (OSC 52); None if there is none. Whether it did can't be seen.
    Raises Refused if there is no means, or the text is too long for the only one.
    """
    for program in CLIPBOARD_PROGRAMS:
        is_usable = not program.variable or environment.get(program.variable)
        path = shutil.which(program.command[0], path=environment.get("PATH")) if is_usable else None
        if path and _run_copy([path, *program.command[1:]], text.encode(program.encoding, "replace")):
            return program.command[0]
    if terminal is None or environment.get("TERM", "") in NO_OSC_TERMINALS:
        message = "There is no clipboard here: no display, no tmux, and no terminal that could copy."
        hint = "Install wl-copy, xclip or xsel, or leave out --copy and copy it from the screen."
        raise Refused(Problem("no-clipboard", message, hint))
    encoded = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    if len(encoded) > MAX_OSC_LENGTH:
        message = "This is too long for the terminal's clipboard, and no other was found."
        raise Refused(Problem("no-clipboard", message, "Leave out --copy and copy it from the screen."))
    terminal.write(f"\x1b]52;c;{encoded}\x07")
    terminal.flush()
    return OSC_NAME


def _run_copy(command: list[str], data: bytes) -> bool:
    """Did the program take the text?"""
    try:
        done = subprocess.run(  # noqa: S603 - a program from the list above, and the text is no argument
            command,
            input=data,
            stdout=subprocess.DEVNULL,  # wl-copy and xclip go on in the background, and would keep a pipe open
            stderr=subprocess.DEVNULL,
            timeout=CLIPBOARD_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
