"""Real Syncthing instances on this machine, connected only to each other over loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
import xml.etree.ElementTree as ET
from contextlib import suppress
from itertools import count
from pathlib import Path

TIMEOUT_S = 180
"""Seconds after which what has not come about never will, on a machine that is busy with other things too."""
PORTS = count(20_000 + os.getpid() * 37 % 10_000)
"""Others for each process, and below those that the system itself gives to whoever connects to somewhere meanwhile."""
DISABLED_OPTIONS = (
    "globalAnnounceEnabled", "localAnnounceEnabled", "relaysEnabled", "natEnabled", "startBrowser", "crashReportingEnabled",
)  # fmt: skip


class Syncthing:
    """One instance with its own home, which carries one folder."""

    def __init__(self, program: str, home: Path, folder: Path) -> None:
        self._program, self._home, self._folder = program, home, folder
        subprocess.run([program, "generate", f"--home={home}", "--no-default-folder"], check=True, capture_output=True)
        self._listen, self._gui = find_free_port(), find_free_port()
        self._config = ET.parse(home / "config.xml")
        self.device = self._config.find("device").get("id")
        self._key = self._config.find("gui/apikey").text
        self._process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self._listen}"

    def configure(self, others: list[Syncthing]) -> None:
        """Set the instance up: no discovery, no relays, no reports, and these others at their addresses."""
        root = self._config.getroot()
        options = root.find("options")
        for name in DISABLED_OPTIONS:
            options.find(name).text = "false"
        options.find("urAccepted").text = "-1"
        options.find("listenAddress").text = self.address
        options.find("reconnectionIntervalS").text = "1"
        root.find("gui/address").text = f"127.0.0.1:{self._gui}"
        folder = ET.SubElement(root, "folder", id="journal", path=str(self._folder), type="sendreceive")
        folder.set("fsWatcherEnabled", "false")
        folder.set("rescanIntervalS", "0")
        ET.SubElement(folder, "maxConflicts").text = "10"  # as a new folder has it
        for other in [self, *others]:
            ET.SubElement(folder, "device", id=other.device)
        for other in others:
            device = ET.SubElement(root, "device", id=other.device, name=other.device[:7])
            ET.SubElement(device, "address").text = other.address
        self._config.write(self._home / "config.xml")

    def read_folder(self) -> dict[str, bytes] | None:
        """What lies in the folder, but for Syncthing's own; None while that changes."""
        files = (path for path in self._folder.rglob("*") if path.is_file())
        with suppress(FileNotFoundError):
            return {
                str(path.relative_to(self._folder)): path.read_bytes()
                for path in files
                if not path.relative_to(self._folder).parts[0].startswith(".stfolder")
            }
        return None

    def start(self) -> None:
        command = [self._program, "serve", f"--home={self._home}", "--no-browser", "--no-restart", "--no-upgrade"]
        with (self._home / "log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        self._wait_until(lambda: self._request("system/ping"))

    def scan(self) -> None:
        self._request("db/scan?folder=journal", method="POST")

    def wait_until_synced_with(self, other: Syncthing) -> None:
        """Wait until this instance has all that the other one has."""
        self._wait_until(lambda: self._is_idle() and self._has_everything(other))

    def stop(self) -> None:
        if self._process:
            self._process.terminate()  # it ends those that it has started
            self._process.wait(TIMEOUT_S)

    def _is_idle(self) -> bool:
        status = self._request("db/status?folder=journal")
        return status["state"] == "idle" and status["needTotalItems"] == 0

    def _has_everything(self, other: Syncthing) -> bool:
        connected = self._request("system/connections")["connections"][other.device]["connected"]
        return connected and self._request(f"db/completion?folder=journal&device={other.device}")["needItems"] == 0

    def _request(self, path: str, method: str = "GET") -> dict:
        url = f"http://127.0.0.1:{self._gui}/rest/{path}"
        request = urllib.request.Request(url, headers={"X-API-Key": self._key}, method=method)
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return json.loads(answer.read() or b"{}")

    def _wait_until(self, holds) -> None:
        end = time.monotonic() + TIMEOUT_S
        while time.monotonic() < end:
            try:
                if holds():
                    return
            except OSError:
                assert self._process.poll() is None, (self._home / "log").read_text()
            time.sleep(0.1)
        raise AssertionError(f"not within {TIMEOUT_S} s:\n{(self._home / 'log').read_text()}")


def find_free_port() -> int:
    for port in PORTS:
        with socket.socket() as found, suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port
    raise AssertionError("there are more numbers than ports")
