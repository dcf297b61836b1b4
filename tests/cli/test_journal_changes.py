"""Notes, tags and removal on the command line."""

from __future__ import annotations

import os
import subprocess

import pexpect
import pytest
from kill_at_call import kill_at_call

from careerkit.cli.process import run_careerkit
from careerkit_process import COMMAND
from sample_journal import ROUGH_WEEK, add_entry, open_journal, seed_journal


@pytest.fixture
def past(home):
    seed_journal(home)
    return home


def entries(home, *options: str) -> dict[str, dict]:
    shown = home.run("journal", "list", "--json", *options).json["entries"]
    return {each["id"].partition("-")[2]: each for each in shown}


def notes(home, handle: str) -> list[object]:
    return [
        event.value
        for event in open_journal(home).events().events
        if event.kind == "note" and event.entry.endswith(handle)
    ]


def everything(home) -> bytes:
    return b"".join(path.read_bytes() for path in home.folder.rglob("*") if path.is_file())


# ---------------------------------------------------------------- notes


def test_a_note_is_read_from_standard_input_or_a_file_unchanged(past):
    assert past.run("journal", "note", "bbb", stdin="It went well.\nMostly.\n").code == 0
    assert past.run("journal", "note", "bbb", "--file", past.write("n.txt", "\ufeffSecond \x1b[31m\r\n")).code == 0

    assert sorted(notes(past, "bbbbbb")) == ["It went well.\nMostly.", "Second \x1b[31m"]


def test_a_note_without_an_entry_is_for_the_newest(past):
    ended = past.run("journal", "note", stdin="here")

    assert ended.err == "Added a note to aaaaaa (A look at the week).\n"
    assert notes(past, "aaaaaa") == ["here"]


@pytest.mark.parametrize(
    ("content", "code"), [(b" \n", "empty"), (b"\xff", "not-utf8"), (b"x" * 20_001, "too-long"), (None, "unreadable")]
)
def test_an_invalid_note_is_refused_and_nothing_is_saved(past, content, code):
    path = past.folder / "none.txt" if content is None else past.write("note.txt", content)

    ended = past.run("journal", "note", "bbb", "--file", path, "--json")

    assert (ended.code, ended.out, [each["code"] for each in ended.problems]) == (1, "", [code])
    assert notes(past, "bbbbbb") == []


def test_an_empty_note_is_reported_as_a_note(past):
    assert past.run("journal", "note", "bbb", stdin=" \n").err == (
        "note: This note is empty.\n  Write a word or two.\n"
    )


def test_a_note_is_never_an_argument(past):
    assert past.run("journal", "note", "bbb", "It went well.").code == 2


def test_a_note_is_typed_at_a_terminal(past):
    child = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], "journal", "note", "bbb"], env=past.env, encoding="utf-8", timeout=20
    )
    child.expect("Your note on bbbbbb")
    child.expect("Alt-Enter continue")
    child.send("It went well.\x1b\r")
    child.expect("Added a note to bbbbbb")
    child.expect(pexpect.EOF)
    child.wait()

    assert child.exitstatus == 0
    assert notes(past, "bbbbbb") == ["It went well."]


def test_a_removed_note_is_not_found_and_can_be_restored(past):
    past.run("journal", "note", "bbb", stdin="A sharp word about Linh.")
    past.run("journal", "note", "bbb", stdin="It went well.")
    found = ("journal", "search", "sharp", "--json")
    assert len(past.run(*found).json["entries"]) == 1

    removed = past.run("journal", "note", "bbb", "--remove", number_of(past, "sharp"))

    assert removed.err == (
        "Removed the note from bbbbbb (A look at the week): A sharp word about Linh.\n"
        "Bring it back with: careerkit journal note bbbbbb --restore\n"
    )
    assert [each["text"] for each in shown(past)["notes"]] == ["It went well."]
    assert past.run(*found).json == past.run(*found, "--no-index").json == {"entries": []}

    back = past.run("journal", "note", "bbb", "--restore")

    assert back.err == "Restored the note to bbbbbb (A look at the week): A sharp word about Linh.\n"
    assert len(past.run(*found).json["entries"]) == 1


def test_removing_a_note_reports_its_event_or_the_problem_as_json(past):
    past.run("journal", "note", "bbb", stdin="It went well.")
    (note,) = shown(past)["notes"]

    (event,) = past.run("journal", "note", "bbb", "--remove", note["event"], "--json").json["events"]

    assert event in {each.id for each in open_journal(past).events().events}
    for options in (("--remove", "1"), ("--remove", "last")):
        ended = past.run("journal", "note", "bbb", *options, "--json")
        assert (ended.code, ended.problems[0]["code"]) == (1, "no-note")
    assert past.run("journal", "note", "bbb", "--remove", "1", "--restore").code == 2


def shown(home) -> dict:
    return home.run("journal", "show", "bbb", "--json").json["entry"]


def number_of(home, word: str) -> int:
    return 1 + [word in each["text"] for each in shown(home)["notes"]].index(True)


# ---------------------------------------------------------------- tags


def test_tags_are_added_and_removed(past):
    given_ = past.run("journal", "tag", "bbb", "Boss", "difficult client", "boss")
    assert (given_.code, given_.err) == (0, "bbbbbb (A look at the week): #boss #difficult-client\n")
    assert entries(past)["bbbbbb"]["tags"] == ["boss", "difficult-client"]
    assert past.run("journal", "list").out.splitlines()[1].endswith("A look at the week #boss #difficult-client")

    taken = past.run("journal", "untag", "bbb", "boss", "wrong")
    assert taken.err == "It didn't have the tag wrong.\nbbbbbb (A look at the week): #difficult-client\n"
    assert entries(past)["bbbbbb"]["tags"] == ["difficult-client"]


def test_a_script_gets_the_events_that_were_recorded(past):
    (event,) = past.run("journal", "tag", "bbb", "boss", "--json").json["events"]

    assert [each.id for each in open_journal(past).events().events] == [event]
    assert past.run("journal", "tag", "bbb", "boss", "--json").json["events"] == []


def test_an_unknown_entry_has_no_tags(past):
    assert past.run("journal", "tag", "zzz", "boss", "--json").problems[0]["code"] == "unknown-entry"


# ---------------------------------------------------------------- removal


def test_a_removed_entry_is_not_listed_and_can_be_restored(past):
    removed = past.run("journal", "remove", "bbb")
    assert removed.err == (
        "Removed bbbbbb (A look at the week).\nBring it back with: careerkit journal restore bbbbbb\n"
    )
    assert "bbbbbb" not in entries(past)
    assert list(entries(past, "--removed")) == ["bbbbbb"]

    assert past.run("journal", "restore").err == "bbbbbb (A look at the week) is back.\n"
    assert "bbbbbb" in entries(past)
    assert entries(past, "--removed") == {}


def test_an_entry_s_own_file_is_never_touched_by_a_change(past):
    before = {path: path.read_bytes() for path in past.entries}

    for command in (("tag", "bbb", "x"), ("note", "bbb"), ("remove", "bbb"), ("restore", "bbb"), ("untag", "bbb", "x")):
        assert past.run("journal", *command, stdin="a note").code == 0

    assert {path: path.read_bytes() for path in past.entries} == before


def test_an_empty_restore_says_so(past):
    assert past.run("journal", "restore", "--json").problems[0]["code"] == "no-entry"
    assert past.run("journal", "restore", "bbb").err == "bbbbbb (A look at the week) was not removed.\n"


def test_a_damaged_entry_can_be_removed(past):
    path = next(each for each in past.entries if "bbbbbb" in each.name)
    path.write_bytes(path.read_bytes()[:-90])

    assert past.run("journal", "remove", "bbb").err.startswith("Removed bbbbbb.\n")


def test_removing_forever_needs_the_id_again(past):
    for options in ((), ("--confirm", "bbb"), ("--confirm", "cccccc")):
        ended = past.run("journal", "remove", "bbb", "--forever", *options, "--json")
        assert (ended.code, ended.problems[0]["code"]) == (1, "not-confirmed")
    assert "bbbbbb" in entries(past)


def test_an_entry_removed_forever_leaves_no_word_anywhere(home):
    add_entry(home, "aaaaaa", ROUGH_WEEK | {"what": "marker-word-one"})
    home.run("journal", "note", "aaa", stdin="marker-word-two")
    home.run("journal", "tag", "aaa", "marker-word-three")
    assert "aaaaaa" in home.run("journal", "search", "marker-word-one").out  # builds an index that contains it
    assert everything(home).count(b"marker-word") >= 3

    assert home.run("journal", "remove", "aaa", "--forever", "--confirm", "aaaaaa").code == 0

    for part in (
        b"marker-word",
        b"arker",
        b"word-one",
    ):  # an index stores only the part that differs from the previous word
        assert part not in everything(home)
    assert entries(home) == entries(home, "--removed") == {}
    assert home.run("journal", "show", "aaa").code == 1


def test_an_interrupted_deletion_is_completed_by_repeating_it(past):
    path = next(each for each in past.entries if "bbbbbb" in each.name)
    kept = path.read_bytes()
    past.run("journal", "note", "bbb", stdin="a note")
    past.run("journal", "remove", "bbb", "--forever", "--confirm", "bbbbbb")
    path.write_bytes(kept)  # as if interrupted after the tombstone, or restored by a backup

    assert "bbbbbb" not in entries(past)
    for command in (("tag", "bbb", "x"), ("show", "bbb")):
        assert past.run("journal", *command, "--json").problems[0]["code"] == "entry-gone-for-good"
    assert past.run("journal", "remove", "bbb", "--forever", "--confirm", "bbbbbb").code == 0
    assert not path.exists()
    assert past.run("journal", "remove", path.stem, "--forever", "--confirm", path.stem).code == 0


def test_a_conflict_copy_is_reported_when_its_entry_is_deleted(past):
    path = next(each for each in past.entries if "bbbbbb" in each.name)
    copy = path.with_name(f"{path.stem}.sync-conflict-20261123-091012-ABCDEFG.toml")
    copy.write_bytes(path.read_bytes())

    ended = past.run("journal", "remove", "bbb", "--forever", "--confirm", "bbbbbb")

    assert (ended.code, str(copy) in ended.err) == (0, True)


@pytest.mark.parametrize(("typed", "is_gone"), [("bbbbbb", True), ("", False), ("bbb", False)])
def test_at_a_terminal_the_id_is_typed(past, typed, is_gone):
    child = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], "journal", "remove", "bbb", "--forever"], env=past.env, encoding="utf-8", timeout=20
    )
    child.expect("Type bbbbbb to delete it, or press Enter to keep it: ")
    child.sendline(typed)
    child.expect(pexpect.EOF)
    child.wait()

    assert child.exitstatus == (0 if is_gone else 1)
    assert ("bbbbbb" not in entries(past)) == is_gone


# ---------------------------------------------------------------- everything


def files(home) -> set[str]:
    return {str(path.relative_to(home.folder)) for path in home.journal.rglob("*") if path.is_file()}


def test_removing_everything_leaves_no_file_of_the_journal_and_no_word_in_the_cache(past):
    past.run("journal", "note", "bbb", stdin="A sharp word about Linh.")
    past.run("journal", "search", "export")
    counted = len(past.entries), len(list(past.journal.glob("events/*/*")))

    ended = past.run("journal", "remove", "--all", "--confirm", "all", "--json")

    assert (ended.code, ended.json["left"]) == (0, [])
    assert (ended.json["deleted"]["entries"], ended.json["deleted"]["events"]) == counted
    assert not past.journal.exists()
    assert [path for path in (past.folder / ".cache/careerkit").rglob("*") if path.is_file()] == []
    assert not [path for path in past.folder.rglob("*") if path.is_file() and b"sharp word" in path.read_bytes()]
    assert past.run("journal", "list", "--json").json["entries"] == []
    past.write("a.toml", 'what = "Much."\nload = 3\nhours = 40\nkind = "calm"\n')
    assert past.run("my", "week", "--answers", "a.toml").code == 0  # a new journal begins


@pytest.mark.parametrize("confirm", [(), ("--confirm", "yes"), ("--confirm", "bbbbbb"), ("--forever",)])
def test_nothing_is_removed_without_the_word_for_everything(past, confirm):
    before = files(past)

    ended = past.run("journal", "remove", "--all", *confirm, "--json")

    assert (ended.code, [each["code"] for each in ended.problems]) == (1, ["not-confirmed"])
    assert files(past) == before


def test_an_entry_and_everything_can_not_both_be_named(past):
    assert past.run("journal", "remove", "bbb", "--all", "--confirm", "all").code == 1
    assert len(past.entries) > 1


def test_files_of_other_programs_stay_and_are_named(past):
    (past.journal / "notes.docx").write_text("not ours")

    ended = past.run("journal", "remove", "--all", "--confirm", "all")

    assert files(past) == {".local/share/careerkit/journal/notes.docx"}
    assert "notes.docx" in ended.err


def test_a_folder_that_is_no_journal_is_not_cleared(home):
    other = home.folder / "blog"
    (other / "entries").mkdir(parents=True)
    (other / "entries/first.md").write_text("mine")

    ended = home.run("journal", "remove", "--all", "--confirm", "all", "--journal", other, "--json")

    assert [each["code"] for each in ended.problems] == ["no-journal"]
    assert (other / "entries/first.md").exists()


@pytest.mark.parametrize("typed", ["", "al", "all"])
def test_what_would_be_deleted_is_counted_before_the_word_is_typed(past, typed):
    child = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], "journal", "remove", "--all"], env=past.env, encoding="utf-8", timeout=20
    )
    child.expect(f"for good: {len(past.entries)} entries, ")
    child.expect("Not deleted: backups")
    child.expect("careerkit keeps your settings, your own playbooks and the id of this machine.")
    child.expect("Type all to delete all of it")
    child.sendline(typed)
    child.expect("Deleted" if typed == "all" else "Nothing was deleted")
    child.expect(pexpect.EOF)

    assert past.journal.exists() == (typed != "all")


@pytest.mark.parametrize("call", [*range(0, 24, 3)] if not os.environ.get("CAREERKIT_LONG") else range(60))
def test_a_deletion_of_everything_that_was_killed_is_completed_by_repeating_it(past, call):
    def work() -> None:
        with past.started():
            run_careerkit(["journal", "remove", "--all", "--confirm", "all"])

    kill_at_call(call, work)

    again = past.run("journal", "remove", "--all", "--confirm", "all", "--json")
    assert again.code == 0 or [each["code"] for each in again.problems] == ["no-journal"]
    assert files(past) == set()
    assert past.run("journal", "list", "--json").code == 0


@pytest.mark.parametrize(
    ("words", "prompt"),
    [
        (("remove", "bbb", "--forever"), "Type bbbbbb to delete it, or press Enter to keep it: "),
        (("search",), "Search for: "),
    ],
)
@pytest.mark.parametrize(("key", "code"), [("\x04", 1), ("\x03", 130)])
def test_output_after_an_interrupted_prompt_starts_a_new_line(past, words, prompt, key, code):
    child = pexpect.spawn(COMMAND[0], [*COMMAND[1:], "journal", *words], env=past.env, encoding="utf-8", timeout=20)
    child.expect_exact(prompt)
    child.send(key)
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == code
    assert child.before.removeprefix("^C").startswith("\r\n")
    assert "bbbbbb" in entries(past)


def test_a_change_reports_to_standard_error(past):
    ended = past.run_process("journal", "tag", "bbb", "boss")

    assert (ended.code, ended.out) == (0, "")
    assert "#boss" in ended.err


def test_a_tag_is_added_without_pydantic_rich_and_prompt_toolkit(past):
    words = [COMMAND[0], "-X", "importtime", *COMMAND[1:], "journal", "tag", "bbb", "boss"]
    err = subprocess.run(words, capture_output=True, env=past.env, text=True, check=True).stderr

    assert "careerkit.coaching.entry_changes" in err
    for heavy in ("pydantic", "rich", "prompt_toolkit"):
        assert f" {heavy}\n" not in err


def test_suggested_commands_name_the_journal_that_was_given(past):
    named = ("--journal", past.journal)
    end = f"--journal {past.journal}"

    assert f"careerkit journal list --limit 5 {end}\n" in past.run("journal", "list", "--limit", "1", *named).out
    assert f"careerkit journal restore bbbbbb {end}\n" in past.run("journal", "remove", "bbb", *named).err
    answers = past.write("c.toml", "load = 2\n")
    assert f"See both: careerkit journal show aaaaaa {end}\n" in (
        past.run("journal", "edit", "aaa", "--answers", answers, *named).err
    )
