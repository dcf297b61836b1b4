"""An interview over ssh, whose connection is cut in the middle of a paste: what had come isn't lost, and nothing else is saved.

An sshd of the test's own listens on this machine only, with keys that live as long as the test.
"""

from __future__ import annotations

import getpass
import os
import shlex
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
from test_line_editor import PLAYBOOK
from watched_terminal import WatchedTerminal

from careerkit.storage.journal import DiskJournal
from careerkit_process import COMMAND, Home

TIMEOUT_S = 60
PRIVILEGE_SEPARATION = Path("/run/sshd")
"""The empty folder that an sshd of root needs. Its service creates it."""


def wait(holds, what: str) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} never came")
        time.sleep(0.05)


@pytest.fixture
def ssh(tmp_path, need_tool, do_without):
    """The words that run a command over ssh, at a terminal."""
    for each in ("ssh", "ssh-keygen"):
        need_tool(each)
    server = "/usr/sbin/sshd"
    if not Path(server).exists():
        do_without("sshd is not installed")
    if os.geteuid() == 0:
        PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
    folder = tmp_path / "ssh"
    folder.mkdir(mode=0o700)
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    options = {
        "ListenAddress": f"127.0.0.1:{port}",
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "user.pub",
        "PidFile": "none",
        "StrictModes": "no",  # temporary folders may be open to others
        "UsePAM": "no",
        "PasswordAuthentication": "no",
        "PermitRootLogin": "yes",
    }
    config = folder / "config"
    config.write_text("".join(f"{name} {value}\n" for name, value in options.items()))
    log = folder / "log"
    log.touch()
    running = subprocess.Popen([server, "-D", "-f", str(config), "-E", str(log)])
    try:
        wait(lambda: running.poll() is not None or "Server listening" in log.read_text(), "the server")
        if running.poll() is not None:
            do_without(f"sshd does not run here: {log.read_text().strip()}")
        yield [
            *("ssh", "-tt", "-F", "none", "-p", port, "-i", str(folder / "user"), "-o", "IdentitiesOnly=yes"),
            *("-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={folder / 'known'}", "-o", "LogLevel=ERROR"),
            f"{getpass.getuser()}@127.0.0.1",
        ]
    finally:
        running.terminate()
        running.wait()


class RemoteInterview:
    """An interview over ssh, at its second question, which is a long text."""

    def __init__(self, ssh: list[str], home: Home, *options: str) -> None:
        self._home = home
        command = shlex.join([*COMMAND, "run", str(home.write("both.toml", PLAYBOOK)), *options])
        kept = ("HOME", "LANG", "PATH", "TZ", "PYTHONPATH")
        exports = "".join(f"export {name}={shlex.quote(home.env[name])}\n" for name in kept if name in home.env)
        script = home.write("run.sh", f"{exports}cd\necho $$ > pid\nexec {command}\n")
        self.terminal = WatchedTerminal(80, 24, *ssh, f"sh {shlex.quote(str(script))}")
        self.terminal.wait("In short?")
        self.terminal.child.send("first\r")
        self.terminal.wait("At length?")

    def cut_connection(self) -> None:
        """End the client without a word to the server, as when a computer is switched off; wait for careerkit's end."""
        process = int((self._home.folder / "pid").read_text())
        self.terminal.child.kill(signal.SIGKILL)
        self.terminal.child.wait()
        wait(lambda: not is_running(process), "the end of careerkit")

    @property
    def entry(self):
        (path,) = self._home.entries
        return DiskJournal(self._home.journal, self._home.folder / ".local/state/careerkit").read(path.stem).entry

    @property
    def answers(self) -> dict[str, object]:
        return {each.question: each.value for each in self.entry.answers}


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_with_keys_what_had_come_of_the_paste_is_in_the_draft(ssh, home):
    interview = RemoteInterview(ssh, home)
    interview.terminal.child.send("before \x1b[200~one\ntwo")
    interview.terminal.settle(1)
    interview.cut_connection()

    assert interview.answers == {"short": "first"}
    assert {each.question: each.value for each in interview.entry.begun} == {"long": "before one\ntwo"}


def test_in_plain_mode_half_a_paste_is_no_answer(ssh, home):
    interview = RemoteInterview(ssh, home, "--plain")
    interview.terminal.child.send("before\r\x1b[200~one\ntwo")
    interview.terminal.settle(1)
    interview.cut_connection()

    assert interview.answers == {"short": "first"}
    assert {each.question: each.value for each in interview.entry.begun} == {"long": "before"}, "the finished line"
