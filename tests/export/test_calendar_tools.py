"""Calendar files as ical.js, vobject, khal and todoman read them, and what todoman's ticks become."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import vobject
from generated_plans import build_document, build_plan_document, join_documents

from careerkit.core.journal.plan import PlannedAction
from careerkit.export import icalendar_file
from careerkit.export.calendar_components import build_uid, find_alarm_moment
from careerkit.export.formats import ExportOptions, PlanDocument, PlanItem
from long_run import take_share

PLANS = take_share(range(200), one_in=20)
NOW = datetime(2026, 10, 2, 9, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 10, 2)
CLOCK_CHANGES = {
    "Europe/Berlin": (date(2026, 10, 25), date(2027, 3, 28)),
    "America/New_York": (date(2026, 11, 1), date(2027, 3, 14)),
    "Australia/Sydney": (date(2026, 10, 4), date(2027, 4, 4)),
}
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
ICAL_JS_FOLDER = CACHE / "careerkit-tests/node_modules/ical.js"
"""Where `.ci/run` installs ical.js."""
ICAL_JS = """
const ICAL = require(process.argv[2]).default ?? require(process.argv[2]);
const show = (at) => {
  const moment = at.toJSDate(), pad = (number) => String(number).padStart(2, "0");
  const day = `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}`;
  return at.isDate ? day : `${day} ${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
};
const calendar = new ICAL.Component(ICAL.parse(require("fs").readFileSync(process.argv[1], "utf8")));
const found = calendar.getAllSubcomponents().filter((each) => ["vevent", "vtodo"].includes(each.name)).map((each) => {
  const due = each.getFirstPropertyValue(each.name === "vevent" ? "dtstart" : "due");
  const trigger = each.getFirstSubcomponent("valarm")?.getFirstPropertyValue("trigger");
  let alarm = trigger ?? null;
  if (trigger instanceof ICAL.Duration) {
    alarm = due.clone();
    alarm.isDate = false;
    alarm.addDuration(trigger);
  }
  const what = each.getFirstPropertyValue("summary");
  return [each.getFirstPropertyValue("uid"), what, due && show(due), alarm && show(alarm)];
});
console.log(JSON.stringify(found));
"""


class Shown(NamedTuple):
    """An item as a tool shows it: the due date, or the local time of a task or of an item with a time, and the alarm."""

    what: str
    due: str
    alarm: str | None


@pytest.fixture
def set_zone(monkeypatch):
    """Make a zone the machine's."""

    def set_zone(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield set_zone
    monkeypatch.undo()
    time.tzset()


@dataclass(frozen=True)
class Tools:
    """Programs that read calendars, and a folder for their files."""

    folder: Path
    need: Callable[[str], str]
    do_without: Callable[[str], str]

    def run(self, *command: object) -> str:
        """Run a program in a home folder of its own, and give what it prints."""
        home = {"HOME": str(self.folder), "XDG_CACHE_HOME": f"{self.folder}/cache", "XDG_CONFIG_HOME": str(self.folder)}
        environment = {**os.environ, "LC_ALL": "C.UTF-8", **home}
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=environment, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def find_ical_js(self) -> Path:
        """The folder of ical.js."""
        if not ICAL_JS_FOLDER.is_dir():
            self.do_without(f"ical.js is not installed: npm install --prefix {ICAL_JS_FOLDER.parents[1]} ical.js")
        return ICAL_JS_FOLDER


@pytest.fixture
def tools(tmp_path, need_tool, do_without) -> Tools:
    return Tools(tmp_path, need_tool, do_without)


# ------------------------------------------------------------ the tools


def read_with_ical_js(document: PlanDocument, item_type: str, tools: Tools) -> dict:
    node, library, file = tools.need("node"), tools.find_ical_js(), tools.folder / "plan.ics"
    options = ExportOptions(NOW, item_type)
    file.write_bytes(icalendar_file.FORMAT.render(document, options).text.encode())
    return {uid: Shown(*shown) for uid, *shown in json.loads(tools.run(node, "-e", ICAL_JS, file, library))}


def read_with_vobject(document: PlanDocument, item_type: str) -> dict:
    text = icalendar_file.FORMAT.render(document, ExportOptions(NOW, item_type)).text
    found = {}
    for each in vobject.readOne(text).components():
        due = each.dtstart.value if each.name == "VEVENT" else each.due.value
        [*alarms] = each.contents.get("valarm", [])
        trigger = alarms[0].trigger.value if alarms else None
        if isinstance(trigger, timedelta):
            start = due if isinstance(due, datetime) else datetime(due.year, due.month, due.day)
            trigger = start + trigger
        found[each.uid.value] = Shown(each.summary.value, show(due), trigger and show(trigger))
    return found


def read_with_khal(document: PlanDocument, tools: Tools) -> dict:
    """The events by UID; khal says only whether there is an alarm."""
    folder = tools.folder
    write_folder(document, "events", folder / "events")
    config = folder / "khal.conf"
    formats = "\n".join(
        f"{name} = {value}"
        for name, value in {
            "timeformat": "%H:%M",
            "dateformat": "%Y-%m-%d",
            "longdateformat": "%Y-%m-%d",
            "datetimeformat": "%Y-%m-%d %H:%M",
            "longdatetimeformat": "%Y-%m-%d %H:%M",
            "local_timezone": os.environ["TZ"],
            "default_timezone": os.environ["TZ"],
        }.items()
    )
    config.write_text(
        f"[calendars]\n[[plan]]\npath = {folder}/events\ntype = calendar\n[locale]\n{formats}\n"
        f"[sqlite]\npath = {folder}/khal.db\n[default]\ndefault_calendar = plan\n"
    )
    wanted = "\x1e{uid}\x1f{start-date} {start-time}\x1f{alarm-symbol}\x1f{title}"
    command = ("list", "--once", "--day-format", "", "--format", wanted, FIRST_DAY, "400d")
    rows = [row.split("\x1f") for row in tools.run(tools.need("khal"), "-c", config, *command).split("\x1e")[1:]]
    return {uid: Shown(what.strip(), due.strip(), alarm.strip() or None) for uid, due, alarm, what in rows}


def read_with_todoman(document: PlanDocument, tools: Tools) -> dict:
    """The tasks by what they say; todoman shows no alarms."""
    write_folder(document, "todos", tools.folder / "tasks" / "plan")
    rows = json.loads(list_with_todoman(tools))
    return {plain(row["summary"]): Shown("", show(datetime.fromtimestamp(row["due"])), None) for row in rows}


def list_with_todoman(tools: Tools) -> str:
    folder = tools.folder
    settings = {"path": f"{folder}/tasks/*", "cache_path": f"{folder}/todoman.db", "date_format": "%Y-%m-%d"}
    (folder / "todoman.py").write_text("".join(f"{name} = {value!r}\n" for name, value in settings.items()))
    return run_todoman(tools, "--porcelain", "list", "--status", "ANY")


def run_todoman(tools: Tools, *arguments: object) -> str:
    return tools.run(tools.need("todoman"), "--config", tools.folder / "todoman.py", *arguments)


def write_folder(document: PlanDocument, item_type: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, text in icalendar_file.VDIR_FORMAT.render(document, ExportOptions(NOW, item_type)).files.items():
        (folder / name).write_bytes(text.encode())


# ------------------------------------------------------------ what they should show


def expect(document: PlanDocument, item_type: str) -> dict[str, Shown]:
    return {build_uid(each): expect_item(each, item_type) for each in document.items}


def expect_item(item: PlanItem, item_type: str) -> Shown:
    assert item.due is not None
    is_day = not isinstance(item.due, datetime)
    alarm = find_alarm_moment(item, ExportOptions(NOW, item_type))
    due = f"{item.due} 23:59" if is_day and item_type == "todos" else show(item.due)
    return Shown(item.what, due, alarm and show(alarm))


def show(moment: date) -> str:
    """A date, or a time in the machine's zone."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def plain(text: str) -> str:
    """Without spaces and escapes: Debian's khal and todoman use an icalendar that removes escapes twice."""
    return re.sub(r"\\n|\s", "", text).replace("\\", "")


def build_days_around(days: tuple[date, ...]) -> PlanDocument:
    """An action on each of the days around these, and three at times of it, also those that the clock skips or repeats."""
    actions = []
    for day in (each + timedelta(days=shift) for each in days for shift in (-1, 0, 1)):
        times = [datetime(day.year, day.month, day.day, hour, 30).astimezone() for hour in (0, 2, 23)]
        for due in (day, *times):
            actions.append(PlannedAction(f"do_{len(actions)}", f"{len(actions)} by {due}", due=due))
    return build_plan_document(tuple(actions))


# ------------------------------------------------------------ tests


@pytest.fixture
def document(set_zone):
    set_zone("Europe/Berlin")
    return join_documents(*(build_document(number, first_day=FIRST_DAY) for number in PLANS))


@pytest.mark.parametrize("item_type", ["events", "todos"])
def test_ical_js_reads_every_item_with_its_date_and_alarm(item_type, document, tools):
    found = read_with_ical_js(document, item_type, tools)

    assert found == expect(document, item_type)


@pytest.mark.parametrize("item_type", ["events", "todos"])
def test_vobject_reads_every_item_with_its_date_and_alarm(item_type, document):
    assert read_with_vobject(document, item_type) == expect(document, item_type)


def test_khal_shows_every_event_with_its_date_and_alarm(document, tools):
    found = read_with_khal(document, tools)

    expected = expect(document, "events")
    assert {uid: (plain(each.what), each.due, bool(each.alarm)) for uid, each in found.items()} == {
        uid: (plain(each.what), each.due, bool(each.alarm)) for uid, each in expected.items()
    }


def test_todoman_shows_every_task_with_its_date(document, tools):
    found = read_with_todoman(document, tools)

    expected = expect(document, "todos").values()
    assert {what: each.due for what, each in found.items()} == {plain(each.what): each.due for each in expected}


@pytest.mark.parametrize("zone", CLOCK_CHANGES)
def test_all_tools_show_the_same_days_when_the_clocks_change(zone, set_zone, tools):
    set_zone(zone)
    document = build_days_around(CLOCK_CHANGES[zone])
    days = {each.what: each.due if not isinstance(each.due, datetime) else each.due.date() for each in document.items}
    readings = {
        "ical.js, events": read_with_ical_js(document, "events", tools),
        "ical.js, tasks": read_with_ical_js(document, "todos", tools),
        "vobject, events": read_with_vobject(document, "events"),
        "vobject, tasks": read_with_vobject(document, "todos"),
        "khal": read_with_khal(document, tools),
    }
    tasks = read_with_todoman(document, tools)

    expected = {what: day.isoformat() for what, day in days.items()}
    for reading in readings.values():
        assert {each.what: each.due[:10] for each in reading.values()} == expected
    assert {what: each.due[:10] for what, each in tasks.items()} == {plain(what): day for what, day in expected.items()}


def test_a_task_done_in_todoman_is_found_keeps_its_alarm_and_stays_done(set_zone, tools):
    set_zone("Europe/Berlin")
    actions = (
        PlannedAction("send", "Send; the, report", due=date(2026, 11, 5), cue="After lunch"),
        PlannedAction("ask", "Ask Linh", due=date(2026, 11, 6)),
    )
    document, folder = build_plan_document(actions), tools.folder / "tasks" / "plan"
    write_folder(document, "todos", folder)
    [send] = [row["id"] for row in json.loads(list_with_todoman(tools)) if "Send" in row["summary"]]

    run_todoman(tools, "done", send)

    texts = {each.name: each.read_bytes().decode() for each in folder.iterdir()}
    ticks = [tick for text in texts.values() for tick in icalendar_file.VDIR_FORMAT.read(text)]
    assert sorted((tick.what, tick.state) for tick in ticks) == [("Ask Linh", "open"), ("Send; the, report", "done")]
    assert [type(tick.done_at) for tick in ticks if tick.state == "done"] == [datetime]
    [ticked] = [text for text in texts.values() if "Send" in text]
    assert "TRIGGER;VALUE=DATE-TIME:20261105T070000Z" in ticked
    again = icalendar_file.VDIR_FORMAT.render(document, ExportOptions(NOW, existing_files=texts))
    assert again.files == {}
    assert again.report.ticked == ("Send; the, report",)
