"""Copies for others and reading ticks back, through the commands and in every format."""

from __future__ import annotations

import json
import re
import shutil

import pexpect
import pytest
from watched_terminal import WatchedTerminal

from careerkit.cli.command_table import EXPORT_FORMATS
from careerkit_process import COMMAND, Home

PLAYBOOK = """
format = 1
title = "A hard talk"
summary = "With a name in every place"
action = [
  { id = "tell", do = "Tell {boss}, before {witness} does", due = "+1d", evidence = "{boss} has answered", owner = "{boss}", cue = "When {boss} comes in" },
  { id = "rest", do = "Rest", due = "+2d" },
  { id = "stop", when = "answered(fear)", do = "Don't sign", due = "+1d" },
]
checkin = [{ id = "week", title = "A week after {boss} knew", after = "+1w" }]
finding = [{ id = "who", title = "{boss} decides", text = "{what} And {fear}" }]
draft = [{ id = "first", title = "To {boss}", to = "{boss}", text = "Dear {boss}, {what}" }]
headline = [{ text = "Tell {boss} first." }]

[[stage]]
id = "all"
title = "All"
question = [
  { id = "boss", type = "text", ask = "Who must hear it first?", private = true, max = 60 },
  { id = "witness", type = "text", ask = "Who will ask you?", hint = "Initials will do.", private = true, max = 60 },
  { id = "people", type = "records", ask = "Who else?", fields = [
    { id = "person", type = "text", ask = "Name", private = true, max = 60 },
    { id = "power", type = "scale", ask = "Power" }, { id = "impact", type = "scale", ask = "Impact" },
    { id = "role", type = "text", ask = "Role" } ] },
  { id = "what", type = "text", ask = "What happened?" },
  { id = "fear", type = "text", ask = "What do you fear?", private = true },
]
"""
ANSWERS = """
boss = "Anna Qbecker"
witness = "Wximena"
what = "anna qbecker's team told Wximenas deputy; QBECKER and Anna know it, and Olzt heard it too."
fear = "Quitting over Zyxfear"
[[people]]
person = "Zoë Prinz-Qvasir"
power = 5
impact = 3
role = "wximena's deputy, under Qvasir"
"""
SECRETS = re.compile(r"anna|qbecker|wximena|zoë|prinz|qvasir|olzt|zyxfear|don.t sign", re.IGNORECASE)


@pytest.fixture
def talked(home: Home) -> Home:
    home.add_playbook("my/talk", PLAYBOOK)
    assert home.run("my", "talk", "--answers", home.write("a.toml", ANSWERS)).code == 0
    done = home.write("done.txt", "Anna Qbecker said yes")
    assert home.run("plan", "done", "rest", "--file", done).code == 0
    own = home.write("own.txt", "Ask Qbecker's office\nWhen Anna is in")
    assert home.run("plan", "add", "2026-11-30", "--file", own).code == 0
    return home


def export(home: Home, name: str, *options: str) -> str:
    """Everything that an export for others wrote: names of files, and their contents."""
    if name == "vdir":
        assert home.run("plan", "export", "--to", name, "--output", "folder", *options).code == 0
        files = sorted((home.folder / "folder").iterdir())
        texts = [f"{path.name}\n{path.read_text()}" for path in files]
        shutil.rmtree(home.folder / "folder")
        return "\n".join(texts)
    ended = home.run("plan", "export", "--to", name, *options)
    assert ended.code == 0, ended.err
    return ended.out


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_no_name_private_answer_id_or_path_is_in_a_copy_for_others(talked, name):
    entry = talked.entry
    text = export(talked, name, "--for", "others").replace("\r\n ", "")
    everything = export(talked, name).replace("\r\n ", "")

    # "Olzt" is a name that nobody was asked for: the preview lists it to check.
    assert SECRETS.findall(text.replace("Olzt", "")) == []
    for private in (entry.id, entry.handle, entry.machine, str(talked.folder), "tell/", "own_"):
        assert private not in text
    assert "Person A" in text
    assert SECRETS.search(everything.replace("Olzt", "")), "the same test finds them in an export of one's own"


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_two_copies_have_no_id_in_common(talked, name):
    ids = [
        set(
            re.findall(
                r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![\w-])ck[:-][\w/-]+|\b(?=\d*[a-f])[0-9a-f]{8}\b", text
            )
        )
        for text in (export(talked, name, "--for", "others"), export(talked, name, "--for", "others"))
    ]

    assert not ids[0] & ids[1]


def test_the_page_for_a_witness_says_what_by_when_and_how_to_ask(talked):
    page = talked.run("plan", "export", "--for", "witness").out

    assert "- [ ] By Monday 23 November 2026: Tell Person A, before Person B does" in page
    assert "Ask Person A's office" in page
    assert "Rest" not in page, "it is done"
    assert "What have you done, and what happened?" in page
    assert SECRETS.findall(page) == []
    assert len(page.splitlines()) < 50, "it is one page"


def test_the_answer_to_a_private_question_can_be_included_by_name(talked):
    assert "And Quitting over Zyxfear" in talked.run("plan", "export", "--with", "fear").out
    ended = talked.run("plan", "export", "--with", "faer", "--json")
    assert [(each["code"], each["hint"]) for each in ended.problems] == [("unknown-question", 'Did you mean "fear"?')]


@pytest.mark.parametrize("reply", ["n", "y"])
def test_at_a_terminal_the_copy_is_shown_question_by_question_before_it_is_written(talked, reply):
    target = talked.folder / "copy.md"
    terminal = WatchedTerminal(
        100, 40, *COMMAND, "plan", "export", "--for", "others", "--output", str(target), cwd=str(talked.folder),
        **talked.env,
    )  # fmt: skip
    try:
        terminal.wait(lambda: "Names to replace too" in terminal.shown, what="the question about names")
        shown = terminal.shown
        assert "What do you fear?" in shown.partition("Left out")[2]
        assert "Person A: Anna Qbecker" in shown
        assert "Person A's team" in shown, "the answers are shown as they are in the copy"
        assert "Olzt" in shown.partition("perhaps names:")[2]
        terminal.child.send("olzt, Nobody Else\r")
        terminal.wait(lambda: "Write it? [y/N]" in terminal.shown, what="the last question")
        assert not target.exists()
        terminal.child.send(f"{reply}\r")
        terminal.child.expect(pexpect.EOF)
    finally:
        terminal.close()
    assert target.exists() == (reply == "y")
    assert not target.exists() or not SECRETS.findall(target.read_text())


@pytest.mark.parametrize(
    ("options", "where"),
    [
        (("--all-open",), "--all-open"),
        (("--into", "todo.txt"), "--for"),
        (("--to", "taskwarrior", "--onto", "tasks.json"), "--for"),
    ],
)
def test_a_copy_for_others_is_of_one_entry_and_a_new_file(talked, options, where):
    problems = talked.run("plan", "export", "--for", "others", *options, "--json").problems

    assert [(each["code"], each["where"]) for each in problems] == [("wrong-usage", where)]


def test_a_witness_gets_markdown_only(talked):
    assert talked.run("plan", "export", "--for", "witness", "--to", "csv", "--json").problems[0]["where"] == "--for"


def test_without_a_terminal_words_that_may_be_names_are_named_and_a_file_replaces_them(talked):
    ended = talked.run("plan", "export", "--for", "others")
    assert "Still in the copy, and perhaps names: Olzt" in ended.err
    talked.write("names.txt", "Olzt\n")

    ended = talked.run("plan", "export", "--for", "others", "--names", "names.txt")

    assert SECRETS.findall(ended.out) == []
    assert "Still in the copy" not in ended.err


def test_a_plan_of_private_actions_only_is_not_called_done(home):
    home.add_playbook("my/talk", PLAYBOOK.replace('do = "Rest"', 'when = "answered(fear)", do = "Rest"').replace(
        'do = "Tell {boss}, before {witness} does"', 'when = "answered(fear)", do = "Tell them"'))  # fmt: skip
    assert home.run("my", "talk", "--answers", home.write("a.toml", ANSWERS)).code == 0

    ended = home.run("plan", "export", "--for", "witness")

    assert "Nothing is open any more" not in ended.out
    assert "Every action of this plan is private" in ended.err


# Ticks


def test_a_tick_in_todo_txt_is_recorded_once_and_only_after_a_yes(talked):
    assert talked.run("plan", "export", "--to", "todotxt", "--output", "todo.txt").code == 0
    todo = talked.folder / "todo.txt"
    lines = [f"x 2026-11-21 {line}" if "Tell Anna" in line else line for line in todo.read_text().splitlines()]
    todo.write_text("Buy milk\n" + "\n".join(lines) + "\n")

    refused = talked.run("plan", "sync", "--from", "todo.txt")
    assert (refused.code, "add --yes" in refused.err, "Tell Anna Qbecker" in refused.err) == (1, True, True)
    assert talked.run("plan", "show", "--json").json["actions"][0]["state"] == "open"

    synced = talked.run("plan", "sync", "--from", "todo.txt", "--yes")
    assert (synced.code, synced.out) == (0, "")
    [action] = [each for each in talked.run("plan", "show", "--json").json["actions"] if each["id"] == "tell"]
    assert (action["state"], action["proof"]) == ("done", "Ticked in todo.txt on Saturday 21 November 2026")

    again = talked.run("plan", "sync", "--from", "todo.txt", "--yes", "--json").json
    assert (again["ticked"], again["events"], again["already"]) == ([], [], 2)


@pytest.mark.parametrize("name", ["obsidian", "todotxt", "taskwarrior", "ics", "vdir"])
def test_what_was_just_exported_ticks_nothing(talked, name):
    suffix = {"obsidian": ".md", "todotxt": ".txt", "taskwarrior": ".json", "ics": ".ics", "vdir": ""}[name]
    todos = ["--as", "todos"] if name == "ics" else []
    assert talked.run("plan", "export", "--to", name, *todos, "--output", f"out{suffix}").code == 0

    found = talked.run("plan", "sync", "--from", f"out{suffix}", "--to", name, "--json").json

    assert (found["ticked"], found["unknown"], found["reopened"], found["contradictory"]) == ([], 0, [], [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"\xff\xfe", "not-utf8"),
        (None, "unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(talked, text, code):
    if text is not None:
        talked.write("todo.txt", text)

    ended = talked.run("plan", "sync", "--from", "todo.txt", "--yes", "--json")

    assert (ended.code, [each["code"] for each in ended.problems]) == (1, [code])


def test_a_tick_for_an_interview_that_was_left_after_its_card_is_recorded_too(home):
    quick = PLAYBOOK.replace('title = "All"', 'title = "All"\nquick = true').replace(
        'id = "tell",', 'id = "tell", quick = true,'
    )
    quick += '[[stage]]\nid = "more"\ntitle = "More"\nquestion = [{ id = "rest_of_it", type = "text", ask = "What else?" }]\n'
    home.add_playbook("my/talk", quick)
    assert home.run("my", "talk", "--quick", "--answers", home.write("a.toml", ANSWERS)).code == 0
    assert home.run("plan", "export", "--all-open", "--to", "todotxt", "--output", "todo.txt").code == 0
    todo = home.folder / "todo.txt"
    todo.write_text("".join(f"x 2026-11-22 {line}" for line in todo.read_text().splitlines(keepends=True)))

    synced = home.run("plan", "sync", "--from", "todo.txt", "--yes", "--json").json

    assert [each["id"] for each in synced["ticked"]] == ["tell"]


def test_what_is_about_danger_is_in_no_export_of_everything_unless_it_is_named(talked):
    answers = talked.write("self.toml", 'gate = ["self"]\n')
    assert talked.run("work", "other", "--answers", answers).code == 0

    everything = talked.run("plan", "export", "--all-open", "--to", "todotxt")
    assert "emergency" not in everything.out
    assert "Left out, because it is about danger" in everything.err
    [urgent] = [
        each for each in talked.run("journal", "list", "--json").json["entries"] if each["playbook"] == "work/other"
    ]
    assert "emergency" in talked.run("plan", "export", urgent["id"], "--to", "todotxt").out


def test_a_file_without_anything_of_careerkit_says_so(talked):
    talked.write("todo.txt", "Buy milk\nx 2026-11-21 Sleep\n")

    ended = talked.run("plan", "sync", "--from", "todo.txt")

    assert (ended.code, "No action of this journal is in todo.txt." in ended.err) == (0, True)


def test_an_encrypted_or_missing_journal_is_no_reason_to_lose_the_file(home):
    home.write("todo.txt", "Call M. due:2026-11-23 ck:abcdef/tell\n")

    ended = home.run("plan", "sync", "--from", "todo.txt", "--json")

    assert json.loads(ended.out)["unknown"] == 1
