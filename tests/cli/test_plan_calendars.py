"""Plans in calendars on the command line: `plan export` to calendar files and folders, and the feed that is updated."""

from __future__ import annotations

import contextlib

import pytest

from careerkit.cli.commands import plan_export
from careerkit_process import Home

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
do = "Ask {who}"
due = "+3d"
[[action]]
id = "write"
do = "Write it down"
due = "+4d"
[[checkin]]
id = "week"
after = "+1w"
title = "A week later"
"""


@pytest.fixture
def planned(home: Home) -> Home:
    home.write("help.toml", PLAYBOOK)
    return add_entry(home, "Linh")


def add_entry(home: Home, who: str) -> Home:
    answers = home.write("answers.toml", f'who = "{who}"\n')
    assert home.run("run", "help.toml", "--answers", answers).code == 0
    return home


def add_newer_entry(home: Home) -> str:
    """The id of another entry, about Ana."""
    before = {each.stem for each in home.entries}
    add_entry(home, "Ana")
    [newer] = {each.stem for each in home.entries} - before
    return newer


def read(home: Home, name: str = "plan.ics") -> str:
    return (home.folder / name).read_bytes().decode()


def tick(home: Home, what: str, name: str = "plan.ics") -> None:
    """Tick the task in the file, as a calendar does."""
    before, middle, after = read(home, name).partition(f"SUMMARY:{what}\r\n")
    assert middle
    done = "STATUS:COMPLETED\r\nCOMPLETED:20261122T091500Z"
    home.write(name, before + middle + after.replace("STATUS:NEEDS-ACTION", done, 1))


def feed(home: Home, *more: str):
    ended = home.run("plan", "feed", "plan.ics", *more)
    assert ended.code == 0, ended.err
    return ended


# ------------------------------------------------------------ plan feed


def test_a_feed_has_everything_that_is_open_as_tasks(planned):
    ended = feed(planned)

    assert "Written to plan.ics\nAdded 3 items.\n" in ended.err
    assert read(planned).count("BEGIN:VTODO") == 3
    assert (planned.folder / "plan.ics").stat().st_mode & 0o777 == 0o600


def test_a_feed_follows_moves_drops_and_additions(planned):
    feed(planned)
    planned.run("plan", "move", "send", "2026-12-04", "--file", "-")
    planned.run("plan", "drop", "write", "--file", "-")
    planned.run("plan", "add", "2026-12-01", "--file", "-", stdin="Thank Ana\n")

    report = feed(planned, "--json").json

    assert (report["added"], report["changed"]) == (["Thank Ana"], ["Ask Linh", "Write it down"])
    assert report["kept"] == ["Check-in: A week later"]
    text = read(planned)
    assert "DUE:20261204T235959Z" in text
    assert "STATUS:CANCELLED" in text


def test_a_feed_is_not_written_if_nothing_changed(planned):
    feed(planned)
    file = planned.folder / "plan.ics"
    before = file.read_bytes(), file.stat().st_ino

    ended = feed(planned)

    assert (file.read_bytes(), file.stat().st_ino) == before
    assert ended.err.startswith("Left as they were: 3 items.")


def test_a_tick_in_the_calendar_stays_and_can_be_read_back(planned):
    feed(planned)
    tick(planned, "Ask Linh")

    kept = feed(planned)
    assert "1 item is done there and open here. To tick here too:\ncareerkit plan sync --from plan.ics" in kept.err
    assert "COMPLETED:20261122T091500Z" in read(planned)

    planned.run("plan", "sync", "--from", "plan.ics", "--yes")
    after = feed(planned)
    assert "done there" not in after.err
    assert "COMPLETED:20261122T091500Z" in read(planned)
    assert [each["state"] for each in planned.run("plan", "show", "--json").json["actions"]] == ["done", "open"]


def test_a_feed_ticks_what_is_done_here_although_nothing_of_that_entry_is_open_any_more(home):
    home.write("help.toml", PLAYBOOK.partition("[[checkin]]")[0])
    add_entry(home, "Linh")
    feed(home)
    for action in ("send", "write"):
        home.run("plan", "done", action, "--file", "-", stdin="It is\n")

    feed(home)

    assert read(home).count("STATUS:COMPLETED") == 2


def test_items_of_a_removed_entry_leave_the_feed_and_those_of_others_stay(planned):
    newer = add_newer_entry(planned)
    feed(planned)
    foreign = "BEGIN:VTODO\r\nUID:mine@example.org\r\nSUMMARY:Mine\r\nEND:VTODO\r\n"
    planned.write("plan.ics", read(planned).replace("BEGIN:VTODO", foreign + "BEGIN:VTODO", 1))
    planned.run("journal", "remove", newer)

    feed(planned)

    text = read(planned)
    assert (text.count("BEGIN:VTODO"), foreign in text) == (4, True)
    assert ("Linh" in text, "Ana" in text) == (True, False)


def test_nothing_leaves_the_feed_while_an_entry_cannot_be_read(planned):
    feed(planned)
    before = read(planned)
    [entry] = planned.entries
    entry.write_text("damaged", encoding="utf-8")

    ended = planned.run("plan", "feed", "plan.ics")

    assert entry.name in ended.err
    assert read(planned) == before


def test_a_tick_that_is_written_during_an_update_is_not_lost(planned, monkeypatch):
    feed(planned)
    planned.run("plan", "move", "write", "2026-12-04", "--file", "-")
    load = plan_export.load_format("ics")
    renders = []

    def render_while_the_calendar_writes(document, options):
        written = load.render(document, options)
        if not renders:
            tick(planned, "Ask Linh")
        renders.append(written)
        return written

    chosen = plan_export.replace(load, render=render_while_the_calendar_writes)
    monkeypatch.setattr(plan_export, "load_format", lambda name: chosen)
    feed(planned)

    assert len(renders) == 2
    assert "STATUS:COMPLETED" in read(planned)
    assert "DUE:20261204T235959Z" in read(planned)


def test_a_feed_keeps_being_one_of_events_or_of_tasks(planned):
    feed(planned, "--as", "events")

    assert "Left as they were" in feed(planned).err
    refused = planned.run("plan", "feed", "plan.ics", "--as", "todos", "--json")
    assert (refused.code, refused.problems[0]["code"], refused.problems[0]["where"]) == (
        1,
        "other-item-type",
        "plan.ics",
    )


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("plan.ics", "Dear diary", "not-a-calendar"),
        ("plan.ics", "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\n", "not-a-calendar"),
        ("plan.ics", b"\xff\xfe", "not-utf8"),
        ("plan.txt", "", "wrong-extension"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused_and_stays(planned, name, text, code):
    file = planned.write(name, text)
    before = file.read_bytes()

    ended = planned.run("plan", "feed", name, "--json")

    assert (ended.code, [each["code"] for each in ended.problems]) == (1, [code])
    assert file.read_bytes() == before


def test_a_feed_stays_as_it_was_if_the_disk_is_full(planned, small_disk):
    file = small_disk / "plan.ics"
    assert planned.run("plan", "feed", file).code == 0
    before = file.read_bytes()
    (small_disk / "filler").write_bytes(b"x" * 56_000)
    for number in range(10):
        with contextlib.suppress(OSError):
            (small_disk / f"filler{number}").write_bytes(b"x" * 4096)
    planned.run("plan", "move", "send", "2026-12-04", "--file", "-")

    ended = planned.run("plan", "feed", file, "--json")

    assert (ended.code, file.read_bytes()) == (1, before)
    assert "Traceback" not in ended.err


def test_an_empty_file_becomes_a_feed(planned):
    planned.write("plan.ics", "")

    assert "Added 3 items." in feed(planned).err


def test_a_folder_in_the_place_of_a_feed_is_refused(planned):
    (planned.folder / "plan.ics").mkdir()

    assert planned.run("plan", "feed", "plan.ics", "--json").problems[0]["code"] == "is-a-folder"


def test_a_feed_of_nothing_is_an_empty_calendar(home):
    ended = home.run("plan", "feed", "plan.ics")

    assert ended.code == 0
    assert read(home).startswith("BEGIN:VCALENDAR")


# ------------------------------------------------------------ plan export


def test_a_calendar_file_has_events_and_says_what_they_cannot_hold(planned):
    ended = planned.run("plan", "export", "last", "--output", "plan.ics", "--json")

    assert ended.json["lost"] == [
        "Events have no ticks, so careerkit can't read back what you have done. Tasks have: --as todos"
    ]
    assert read(planned).count("BEGIN:VEVENT") == 3


def test_a_calendar_file_goes_to_standard_output(planned):
    ended = planned.run("plan", "export", "last", "--to", "ics", "--as", "todos")

    assert ended.out.count("BEGIN:VTODO") == 3


def test_overwriting_a_calendar_file_never_loses_its_ticks(planned):
    export = ("plan", "export", "last", "--output", "plan.ics", "--as", "todos", "--force", "--json")
    planned.run(*export)
    tick(planned, "Ask Linh")
    before = read(planned)

    refused = planned.run(*export)

    assert (refused.code, refused.problems[0]["code"], read(planned)) == (1, "ticks-lost", before)
    planned.run("plan", "sync", "--from", "plan.ics", "--yes")
    assert planned.run(*export).code == 0


def test_a_folder_gets_a_file_per_item_and_only_changed_ones_are_written(planned):
    export = ("plan", "export", "last", "--to", "vdir", "--output", "tasks", "--json")
    planned.run(*export)
    files = {each.name: each.stat().st_ino for each in (planned.folder / "tasks").iterdir()}
    planned.write("tasks/mine.ics", "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:mine\r\nEND:VTODO\r\nEND:VCALENDAR\r\n")
    planned.write("tasks/broken.ics", b"not a calendar")
    planned.run("plan", "move", "send", "2026-12-04", "--file", "-")

    report = planned.run(*export).json

    changed = [name for name, number in files.items() if (planned.folder / "tasks" / name).stat().st_ino != number]
    assert len(files) == 3
    assert [name.endswith("-send@careerkit.ics") for name in changed] == [True]
    assert (report["changed"], len(report["kept"])) == (["Ask Linh"], 2)
    assert (planned.folder / "tasks/broken.ics").read_bytes() == b"not a calendar"


def test_a_file_of_a_folder_may_have_another_name(planned):
    export = ("plan", "export", "last", "--to", "vdir", "--output", "tasks", "--json")
    planned.run(*export)
    for number, each in enumerate(sorted((planned.folder / "tasks").iterdir())):
        each.rename(each.with_name(f"{number}.ics"))
    planned.run("plan", "drop", "send", "--file", "-")

    report = planned.run(*export).json

    assert (report["added"], report["changed"]) == ([], ["Ask Linh"])
    assert len(list((planned.folder / "tasks").iterdir())) == 3


def test_a_damaged_file_of_careerkit_in_a_folder_is_refused(planned):
    export = ("plan", "export", "last", "--to", "vdir", "--output", "tasks", "--json")
    planned.run(*export)
    [damaged] = (planned.folder / "tasks").glob("*-send@*")
    damaged.write_bytes(damaged.read_bytes()[:-20])
    before = damaged.read_bytes()

    ended = planned.run(*export)

    assert (ended.code, ended.problems[0]["code"]) == (1, "not-a-calendar")
    assert damaged.read_bytes() == before


def test_files_of_removed_entries_leave_the_folder_if_everything_open_is_exported(planned):
    newer = add_newer_entry(planned)
    export = ("plan", "export", "--all-open", "--to", "vdir", "--output", "tasks", "--json")
    planned.run(*export)
    planned.run("journal", "remove", newer)

    planned.run(*export)

    assert [newer in each.name for each in (planned.folder / "tasks").iterdir()] == [False] * 3


def test_a_folder_without_a_name_is_refused(planned):
    ended = planned.run("plan", "export", "last", "--to", "vdir")

    assert (ended.code, ended.out) == (1, "")
    assert "needs a folder" in ended.err
