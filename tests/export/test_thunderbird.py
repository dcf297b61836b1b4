"""Thunderbird subscribed to a feed: due days, alarms, what it follows, and a tick that it writes back.

Only with CAREERKIT_LONG=1: it starts Thunderbird, without a window, and drives it through Marionette, Mozilla's protocol
for tests.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from careerkit_process import Home
from long_run import IS_LONG_RUN

pytestmark = pytest.mark.skipif(not IS_LONG_RUN, reason="only with CAREERKIT_LONG=1")

PLAYBOOK = """
format = 1
title = "Ask for help"
summary = "From being stuck to a question"
[[stage]]
id = "now"
title = "Stuck"
question = [ { id = "who", type = "text", ask = "Who knows more?" } ]
[[action]]
id = "send"
do = "Ask {who}; bring the log, and the \\\\n chart"
due = "+3d"
[[action]]
id = "write"
do = "Write it down"
due = "+126d"
[[action]]
id = "drop"
do = "Do nothing"
due = "+5d"
[[checkin]]
id = "week"
after = "+1w"
title = "A week later"
"""
ZONE = "Europe/Berlin"
CALENDAR = "4f2c0000-0000-4000-8000-000000000001"
MAX_SECONDS = 90
ITEMS = """
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const [calendar] = cal.manager.getCalendars().filter((each) => each.type == "ics");
if (!calendar) return [];
const show = (at) => at && at.getInTimezone(cal.dtz.defaultTimezone).toString();
const items = await calendar.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS | 0xffff, 0, null, null);
"""
LIST = """
return items.map((each) => [each.title, show(each.dueDate), each.status,
  each.getAlarms().map((alarm) => show(cal.alarms.calculateAlarmDate(each, alarm)))]);
"""
REFRESH = "calendar.refresh(); return true;"
TICK = """
const item = items.find((each) => each.title == args[0]), done = item.clone();
done.isCompleted = true;
await calendar.modifyItem(done, item);
return true;
"""


class Thunderbird:
    """A running Thunderbird, as a client of Marionette sees it."""

    def __init__(self, port: int) -> None:
        self._socket = _connect(port)
        self._received, self._number = b"", 0
        self._receive()
        self._send("WebDriver:NewSession", {})
        self._send("Marionette:SetContext", {"value": "chrome"})

    def run(self, script: str, *arguments: str) -> Any:
        """Run a script with the calendar's items, and give what it returns."""
        body = f"const [...args] = arguments, done = args.pop(); (async () => {{ {ITEMS} {script} }})()"
        script = f"{body}.then(done, (error) => done(`failed: ${{error}} ${{error.stack}}`));"
        options = {"script": script, "args": arguments, "sandbox": "system", "newSandbox": True}
        return self._send("WebDriver:ExecuteAsyncScript", options)["value"]

    def wait_for_items(self, expected: list[Any]) -> None:
        """Refresh until the calendar has these items."""
        ends, found = time.monotonic() + MAX_SECONDS, None
        while time.monotonic() < ends:
            found = self.run(LIST)
            if isinstance(found, list) and sorted(found) == sorted(expected):
                return
            self.run(REFRESH)
            time.sleep(1)
        assert found == expected

    def close(self) -> None:
        """End the connection, but not Thunderbird."""
        self._socket.close()

    def _send(self, name: str, parameters: dict[str, Any]) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(f"{len(message)}:".encode() + message)
        _, _, error, result = self._receive()
        assert error is None, error
        return result

    def _receive(self) -> Any:
        while b":" not in self._received:
            self._received += self._socket.recv(65536)
        length, _, rest = self._received.partition(b":")
        while len(rest) < int(length):
            rest += self._socket.recv(65536)
        self._received = rest[int(length) :]
        return json.loads(rest[: int(length)])


def _connect(port: int) -> socket.socket:
    ends = time.monotonic() + MAX_SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=MAX_SECONDS)
        except ConnectionRefusedError:
            assert time.monotonic() < ends, "Thunderbird doesn't answer"
            time.sleep(0.5)


@pytest.fixture
def planned(home: Home) -> Home:
    home.env["TZ"] = ZONE
    home.write("help.toml", PLAYBOOK)
    home.write("answers.toml", 'who = "Linh"\n')
    assert home.run_process("run", "help.toml", "--answers", "answers.toml").code == 0
    assert home.run_process("plan", "feed", "plan.ics").code == 0
    return home


@pytest.fixture
def thunderbird(planned, need_tool) -> Iterator[Thunderbird]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    profile = planned.folder / "profile"
    profile.mkdir()
    _write_settings(profile, planned.folder / "plan.ics", port)
    command = [need_tool("thunderbird"), "--headless", "--no-remote", "--profile", str(profile)]
    process = subprocess.Popen(
        [*command, "--marionette", "--remote-allow-system-access"],
        env={**planned.env, "MOZ_HEADLESS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        client = Thunderbird(port)
        yield client
        client.close()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)


def _write_settings(profile: Path, feed: Path, port: int) -> None:
    own = f"calendar.registry.{CALENDAR}"
    settings = {
        f"{own}.type": "ics",
        f"{own}.uri": feed.as_uri(),
        f"{own}.name": "careerkit",
        f"{own}.cache.enabled": False,
        "calendar.list.sortOrder": CALENDAR,
        "calendar.timezone.local": ZONE,
        "calendar.timezone.useSystemTimezone": False,
        "marionette.port": port,
        "mail.provider.suppress_dialog_on_startup": True,
        "mail.spotlight.firstRunDone": True,
        "mailnews.start_page.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "app.update.enabled": False,
        "network.dns.disabled": True,
    }
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")


def describe(what: str, day: str, status: str = "NEEDS-ACTION", *, alarm: bool = True) -> list[Any]:
    return [what, f"{day}T23:59:59", status, [f"{day}T08:00:00"] if alarm else []]


def test_thunderbird_follows_a_feed_and_writes_a_tick_back(planned, thunderbird):
    ask = "Ask Linh; bring the log, and the \\n chart"
    week = describe("Check-in: A week later", "2026-11-29")
    thunderbird.wait_for_items(
        [
            describe(ask, "2026-11-25"),
            describe("Do nothing", "2026-11-27"),
            week,
            describe("Write it down", "2027-03-28"),  # the night in which the clocks change
        ]
    )

    planned.run_process("plan", "move", "write", "2026-12-04", "--file", "/dev/null")
    planned.run_process("plan", "drop", "drop", "--file", "/dev/null")
    planned.write("more.txt", "Thank Ana\n")
    planned.run_process("plan", "add", "2026-12-01", "--file", "more.txt")
    planned.run_process("plan", "feed", "plan.ics")
    followed = [
        describe(ask, "2026-11-25"),
        describe("Do nothing", "2026-11-27", "CANCELLED", alarm=False),
        week,
        describe("Write it down", "2026-12-04"),
        describe("Thank Ana", "2026-12-01"),
    ]
    thunderbird.wait_for_items(followed)

    assert thunderbird.run(TICK, ask) is True
    assert "1 item is done there and open here" in planned.run_process("plan", "feed", "plan.ics").err
    planned.run_process("plan", "sync", "--from", "plan.ics", "--yes")
    planned.run_process("plan", "feed", "plan.ics")

    thunderbird.wait_for_items([describe(ask, "2026-11-25", "COMPLETED"), *followed[1:]])
    actions = planned.run_process("plan", "show", "--json").json["actions"]
    assert {each["do"]: each["state"] for each in actions} == {
        ask: "done",
        "Write it down": "open",
        "Do nothing": "dropped",
        "Thank Ana": "open",
    }
