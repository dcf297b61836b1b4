"""`careerkit journal edit`, and how `show` displays the corrections."""

from __future__ import annotations

from decimal import Decimal

import pexpect
import pytest

from careerkit.core.journal.entry_list import Event
from careerkit_process import COMMAND, REPOSITORY
from sample_journal import NOW, open_journal, seed_journal

CASES = REPOSITORY / "tests" / "cases"


@pytest.fixture
def past(home):
    seed_journal(home)
    return home


def shown(home, handle: str) -> dict:
    ended = home.run("journal", "show", handle, "--json")
    assert ended.code == 0, ended.err
    return ended.json["entry"]


def test_answers_are_corrected_from_a_file_and_both_are_shown(past):
    before = shown(past, "aaa")
    ended = past.run("journal", "edit", "aaa", "--answers", past.write("c.toml", 'load = 2\nkind = "calm"\n'))
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith("The plan would change:\n- No longer: Take Friday off\n")
    assert "Corrected 2 answers in aaaaaa (A look at the week)." in ended.err

    entry = shown(past, "aaa")
    assert {key: entry[key] for key in ("answers", "findings", "computed", "actions")} == {
        key: before[key] for key in ("answers", "findings", "computed", "actions")
    }
    assert {each["question"]: (each["value"], each["original"]) for each in entry["corrections"]} == {
        "load": (2, 5),
        "kind": ("calm", "rough"),
    }
    assert [each["id"] for each in entry["corrected"]["findings"]] == ["steady"]
    out = past.run("journal", "show", "aaa").out
    assert "How heavy was it? 2 of 5\nCorrected on Sunday 22 November 2026. First answer: 5 of 5\n" in out
    assert "- No longer in the result: Rest first; Take Friday off.\n" in out
    assert "The result below is from Sunday 22 November 2026, before your corrections." in out


def test_an_answer_is_corrected_at_the_terminal(past):
    ended = past.run("journal", "edit", "--plain", stdin="2\n3\n\n")

    assert ended.code == 0, ended.err
    assert "The original answer is kept: 5" in ended.err
    assert [each["value"] for each in shown(past, "aaa")["corrections"]] == [3]


def test_the_end_of_input_loses_no_correction(past):
    assert past.run("journal", "edit", "aaa", "--plain", stdin="2\n3\n").code == 0
    assert [each["value"] for each in shown(past, "aaa")["corrections"]] == [3]


def test_nothing_is_corrected_if_any_answer_is_invalid(past):
    file = past.write("c.toml", 'load = 9\nlod = 2\nkind = "calm"\n')
    ended = past.run("journal", "edit", "aaa", "--answers", file, "--json")

    assert (ended.code, ended.out) == (1, "")
    assert {(each["code"], each["where"]) for each in ended.problems} == {
        ("too-large", "load"),
        ("unknown-question", "lod"),
    }
    assert shown(past, "aaa")["corrections"] == []


def test_an_open_entry_refers_to_resume(home):
    seed_journal(home)
    home.run("my", "week", "--plain", stdin="x\n.\n")
    handle = home.run("journal", "list", "--state", "open", "--json").json["entries"][0]["id"].partition("-")[2]

    ended = home.run("journal", "edit", handle, "--json")

    assert (ended.code, ended.problems[0]["code"]) == (1, "entry-open")
    assert f"careerkit resume {handle}" in ended.problems[0]["hint"]


def test_without_the_playbook_s_copy_an_entry_is_shown_but_can_not_be_corrected(past):
    past.run("journal", "edit", "aaa", "--answers", past.write("c.toml", "load = 2\n"))
    for copy in past.journal.glob("playbooks/*.toml"):
        copy.unlink()

    ended = past.run("journal", "edit", "aaa", "--answers", past.write("c.toml", "load = 3\n"), "--json")
    assert (ended.code, ended.problems[0]["code"]) == (1, "playbook-missing")
    out = past.run("journal", "show", "aaa").out
    assert "First answer: 5" in out
    assert "Without the playbook, the result of the corrected answers is unknown." in out
    assert shown(past, "aaa")["corrected"] is None


def test_conflicting_answers_are_both_shown_until_an_edit(past):
    past.run("journal", "edit", "aaa", "--answers", past.write("c.toml", "load = 2\n"))
    past.run("journal", "tag", "aaa", "boss")
    journal, entry_id = open_journal(past), shown(past, "aaa")["id"]
    for number, (kind, about, type_, value, words) in enumerate(
        [("correction", "load", "scale", 3, "3 of 5"), ("tag", "boss", "yesno", False, "")]
    ):
        value = Decimal(value) if kind == "correction" else value
        made = journal.new_event_id(NOW)
        journal.append_event(
            Event(made, kind, entry_id, NOW, f"{number}ther", about, type=type_, value=value, shown=words)
        )

    entry = shown(past, "aaa")
    assert entry["disputed"]
    assert sorted((each["kind"], len(each["sides"])) for each in entry["disputes"]) == [("correction", 2), ("tag", 2)]
    out = past.run("journal", "show", "aaa").out
    assert "The tag #boss" in out
    assert out.count("Two machines disagree.") == 2
    for words in ("2 of 5 (machine ", "3 of 5 (machine 0the", "no (machine 1the", "yes (machine ", "First answer: 5"):
        assert words in out
    assert (
        past.run("journal", "list")
        .out.splitlines()[0]
        .startswith("aaaaaa  today 09:05      finished · 1 open action  (!) A look")
    )

    past.run("journal", "edit", "aaa", "--answers", past.write("c.toml", "load = 4\n"))
    past.run("journal", "untag", "aaa", "boss")
    assert not shown(past, "aaa")["disputed"]


def test_notes_tags_and_removal_are_shown(past):
    past.run("journal", "note", "bbb", stdin="It went well.\x1b[31m\nMostly.")
    past.run("journal", "tag", "bbb", "boss")
    past.run("journal", "remove", "bbb")

    out = past.run("journal", "show", "bbb").out
    assert "Sun 22 Nov 09:05: Note 1.\nIt went well.\\x1b[31m\nMostly.\n" in out
    assert "\n#boss\nRemoved. To restore it: careerkit journal restore bbbbbb\n" in out
    entry = shown(past, "bbb")
    assert (entry["tags"], entry["removed"]) == (["boss"], True)
    assert [each["text"] for each in entry["notes"]] == ["It went well.\x1b[31m\nMostly."]


# ---------------------------------------------------------------- raw, and the pager


def test_raw_prints_the_file_byte_for_byte(past):
    path = next(each for each in past.entries if "aaaaaa" in each.name)

    assert past.run_process("journal", "show", "aaa", "--raw").out.encode() == path.read_bytes()


def at_terminal(home, *words: str, **env: str) -> pexpect.spawn:
    return pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], *words],
        env={**home.env, **env},
        encoding="utf-8",
        timeout=120,
        cwd=home.folder,
        dimensions=(20, 80),
    )


def test_raw_is_sanitised_at_a_terminal(past):
    path = next(each for each in past.entries if "aaaaaa" in each.name)
    path.write_bytes(path.read_bytes().replace(b"Twice.", b"\xff\x1b]52;c;aGk=\x07"))

    child = at_terminal(past, "journal", "show", "aaa", "--raw")
    child.expect(pexpect.EOF)

    assert "\x1b]52" not in child.before
    assert "\\xff\\x1b]52;c;aGk=\\x07" in child.before


def pager_of(home, body: str) -> dict[str, str]:
    """A fake `less` with this body, the only program on the PATH."""
    folder = home.folder / "bin"
    folder.mkdir(exist_ok=True)
    less = folder / "less"
    less.write_text(f"#!/bin/sh\n{body}\n")
    less.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def test_a_long_entry_is_shown_in_a_pager_that_keeps_no_copy(past):
    log = past.folder / "log"
    env = pager_of(past, f'echo "$LESS $LESSHISTFILE $LESSSECURE ${{LESSOPEN-none}}" > {log}; cat > {log}.text')

    at_terminal(past, "journal", "show", "aaa", **env, LESSOPEN="|/bin/cp %s /tmp/copy").expect(pexpect.EOF)

    assert log.read_text() == "-R -PsSpace for more, q to leave$ - 1 none\n"
    assert "How heavy was it?" in (past.folder / "log.text").read_text()


@pytest.mark.parametrize(
    ("env", "charset", "encoding"),
    [({"LC_ALL": "C"}, "utf-8", "utf-8"), ({"PYTHONIOENCODING": "latin-1"}, "as-it-was", "latin-1")],
)
def test_the_pager_gets_text_in_the_terminal_s_encoding(past, env, charset, encoding):
    past.run("journal", "note", "aaa", stdin="Überhört")
    log = past.folder / "log"
    pager = pager_of(past, f'echo "$LESSCHARSET" > {log}; cat > {log}.text')

    at_terminal(past, "journal", "show", "aaa", **pager, **env, LESSCHARSET="as-it-was").expect(pexpect.EOF)

    assert log.read_text() == f"{charset}\n"
    assert "Überhört" in (past.folder / "log.text").read_text(encoding)


@pytest.mark.parametrize("options", [["--no-pager"], ["--plain"], ["--json"]])
def test_the_pager_is_not_used_unless_wanted(past, options):
    child = at_terminal(past, "journal", "show", "aaa", *options, **pager_of(past, "exit 3"))
    child.expect(pexpect.EOF)

    assert "How heavy was it?" in child.before or '"load"' in child.before


@pytest.mark.parametrize("pager", ["vim -", "sh -c 'cat > copy'", "nosuch", "'"])
def test_only_a_pager_that_keeps_no_copy_is_used(past, pager):
    child = at_terminal(past, "journal", "show", "aaa", **pager_of(past, "echo THE-LESS; cat"), PAGER=pager)
    child.expect(pexpect.EOF)

    assert "THE-LESS" in child.before
    assert not (past.folder / "copy").exists()


def test_a_pager_that_is_closed_before_the_end_ends_quietly(past):
    for _ in range(5):  # more than fits into a pipe
        past.run("journal", "note", "aaa", stdin="word " * 3_900)

    child = at_terminal(past, "journal", "show", "aaa", **pager_of(past, "exit 0"))
    child.expect(pexpect.EOF)
    child.wait()

    assert (child.exitstatus, "Traceback" in child.before) == (0, False)


def test_a_plan_says_that_answers_were_corrected_after_it_was_given(past):
    shows = [("plan", "show", "aaa"), ("plan", "export", "aaa"), ("plan", "export", "aaa", "--shared")]
    before = [past.run(*words).out for words in shows]
    assert all("corrected" not in each for each in before)
    assert past.run("plan", "show", "aaa", "--json").json["corrected_at"] is None

    past.run("journal", "edit", "aaa", "--answers", past.write("c.toml", 'load = 2\nkind = "calm"\n'))

    said = "Answers were corrected on Sunday 22 November 2026. This was written before that and has not changed."
    for words, first in zip(shows, before, strict=True):
        now = past.run(*words).out
        assert said in now
        assert set(now.splitlines()) >= set(first.splitlines())
    assert "To see what would change: careerkit journal show aaaaaa\n" in past.run("plan", "show", "aaa").out
    assert past.run("plan", "show", "aaa", "--json").json["corrected_at"] == "2026-11-22T09:05:00+00:00"


def test_a_withdrawn_correction_adds_no_notice_to_the_plan(past):
    for load in (2, 5):
        past.run("journal", "edit", "aaa", "--answers", past.write("c.toml", f"load = {load}\n"))

    assert "corrected" not in past.run("plan", "show", "aaa").out


def test_next_to_a_draft_the_notice_goes_to_standard_error(home):
    case = CASES / "crisis-start" / "li.toml"
    home.run("crisis", "start", "--answers", case)
    drafts = home.run("journal", "show", "--json").json["entry"]["drafts"]
    alone = home.run("plan", "show", "--draft", drafts[0]["id"])
    assert alone.err == ""

    home.run("journal", "edit", "--answers", home.write("c.toml", 'what = "Another thing."\n'))

    ended = home.run("plan", "show", "--draft", drafts[0]["id"])
    assert (ended.out, ended.err.partition(" on ")[0]) == (alone.out, "Answers were corrected")
