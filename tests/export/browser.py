"""A headless Chromium that tests drive over a pipe, without network: load a page, measure it, print it, run axe-core on it."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TIMEOUT_S = 60
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)
A4_INCHES, LETTER_INCHES = (8.27, 11.69), (8.5, 11)


@contextlib.contextmanager
def open_browser(chromium: str) -> Iterator[Browser]:
    """Start Chromium with a new profile, and stop it at the end."""
    to_browser, from_browser = os.pipe(), os.pipe()
    with tempfile.TemporaryDirectory(prefix="careerkit-chromium-", ignore_cleanup_errors=True) as profile:
        command = [chromium, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        # Chromium reads commands from descriptor 3 and answers on 4.
        redirect = f'exec "$@" 3<&{to_browser[0]} 4>&{from_browser[1]}'
        process = subprocess.Popen(
            ["bash", "-c", redirect, "bash", *command],
            pass_fds=(to_browser[0], from_browser[1]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": profile},
        )
        os.close(to_browser[0])
        os.close(from_browser[1])
        try:
            yield Browser(to_browser[1], from_browser[0])
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(to_browser[1])
            os.close(from_browser[0])


class Browser:
    """One page in a browser. `messages` has what the console said since the last `load`, `requests` what was asked for."""

    def __init__(self, write_to: int, read_from: int) -> None:
        self._write_to, self._read_from = write_to, read_from
        self._unread = b""
        self._last_id = 0
        self._loaded = 0
        self.messages: list[str] = []
        self.requests: list[str] = []
        self._session = ""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")
        self._call(
            "Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=-1, uploadThroughput=-1
        )

    def load(self, page: Path, *, width: int, scheme: str = "light", with_scripts: bool = False) -> None:
        """Open a file in a window of that width, without running its scripts unless they are wanted."""
        self._call("Emulation.setScriptExecutionDisabled", value=not with_scripts)
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
        self._call("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.messages, self.requests = [], []
        before = self._loaded
        self._call("Page.navigate", url=page.as_uri())
        end = time.monotonic() + TIMEOUT_S
        while self._loaded == before:
            self._receive(end)

    def unfold(self) -> None:
        """Open all that is folded."""
        self.evaluate("document.querySelectorAll('details').forEach(each => {each.open = true})")

    def click(self, selector: str) -> None:
        """Click the middle of the first element that the selector finds."""
        box = self.evaluate(
            f"(() => {{const each = document.querySelector({json.dumps(selector)}); each.scrollIntoView();"
            "const box = each.getBoundingClientRect();"
            "return {x: box.x + box.width / 2, y: box.y + box.height / 2}})()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self._call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **box)

    def emulate_print(self, *, scheme: str) -> None:
        """Show the page as it would be printed."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self._call("Emulation.setEmulatedMedia", media="print", features=features)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of the debugger, which runs even if the page's scripts don't."""
        found = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def find_overflow(self) -> list[str]:
        """The elements that reach beyond the right edge of the window, so that one would have to scroll to see them."""
        found: list[str] = self.evaluate(
            "(() => {const room = document.documentElement.clientWidth;"
            "const found = [...document.querySelectorAll('body *')].filter(each => each.checkVisibility()"
            " && each.getBoundingClientRect().right > room + 0.5).map(each => each.outerHTML.slice(0, 120));"
            "if (document.scrollingElement.scrollWidth > room) found.unshift('the page scrolls');"
            "return found})()"
        )
        return found

    def run_axe(self, axe_source: str) -> list[str]:
        """The violations that axe-core finds, each with the elements."""
        self.evaluate(f"{axe_source}; 0")
        found: list[str] = self.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.flatMap(rule =>"
            " rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary}`)))"
        )
        return found

    def print_to_pdf(self, paper: tuple[float, float]) -> bytes:
        found = self._call(
            "Page.printToPDF", paperWidth=paper[0], paperHeight=paper[1], printBackground=False, preferCSSPageSize=True
        )
        return base64.b64decode(found["data"])

    def take_screenshot(self, *, max_height: int = 10_000, scale: float = 1) -> bytes:
        """The page as PNG, from its top."""
        height = min(max_height, self.evaluate("document.documentElement.scrollHeight"))
        width = self.evaluate("document.documentElement.clientWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
        found = self._call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(found["data"])

    # ------------------------------------------------------------ the protocol

    def _call(self, method: str, **parameters: object) -> Any:
        self._last_id += 1
        command: dict[str, object] = {"id": self._last_id, "method": method, "params": parameters}
        if self._session:
            command["sessionId"] = self._session
        self._write(json.dumps(command).encode() + b"\0")
        end = time.monotonic() + TIMEOUT_S
        while True:
            answer = self._receive(end)
            if answer.get("id") == self._last_id:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._write_to, data) :]

    def _receive(self, end: float) -> dict[str, Any]:
        """The next message, after taking note of it if it is an event."""
        while b"\0" not in self._unread:
            ready = select.select([self._read_from], [], [], max(0.0, end - time.monotonic()))[0]
            part = os.read(self._read_from, 1 << 20) if ready else b""
            assert part, "Chromium doesn't answer" if not ready else "Chromium has ended"
            self._unread += part
        text, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        self._note_event(message.get("method", ""), message.get("params", {}))
        return message

    def _note_event(self, method: str, parameters: dict[str, Any]) -> None:
        match method:
            case "Log.entryAdded":
                self.messages.append(parameters["entry"]["text"])
            case "Runtime.consoleAPICalled":
                self.messages.append(str(parameters["args"]))
            case "Runtime.exceptionThrown":
                self.messages.append(str(parameters["exceptionDetails"]))
            case "Network.requestWillBeSent":
                self.requests.append(parameters["request"]["url"])
            case "Page.loadEventFired":
                self._loaded += 1
