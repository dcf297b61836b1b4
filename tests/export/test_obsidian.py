"""The Obsidian export, as the plug-in Tasks reads it, and the notes that it updates."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from obsidian_tasks_reader import ReadTask, read_task, read_tasks
from plan_samples import HOSTILE_TEXTS, NOW, OPTIONS, build_document, build_planned_entry

from careerkit.core.frozen import replace
from careerkit.core.journal.plan import PlannedAction, PlannedCheckin
from careerkit.export.formats import PlanDocument, Tick
from careerkit.export.obsidian import FORMAT, SIGNS

CALL = PlannedAction("send", "Call the client", due=date(2026, 11, 23))
LINE = "- [ ] Call the client 🆔 k3f9x2-send ➕ 2026-11-22 📅 2026-11-23"
FIELDS = {"id": "k3f9x2-send", "created": "2026-11-22", "due": "2026-11-23"}


def write(*actions, checkins=()):
    return FORMAT.render(build_document(*actions, checkins=checkins), OPTIONS)


def merge(existing, *actions):
    return FORMAT.render(build_document(*actions), replace(OPTIONS, existing=existing))


def test_a_note_has_a_heading_and_tasks_with_their_cue_and_evidence_below_them():
    action = replace(CALL, cue="At my desk", evidence="They said yes", owner="Linh")

    assert write(action, checkins=[PlannedCheckin("week", "A week on", date(2026, 11, 29))]).text == (
        "## Own a career crisis\n\n"
        "- [ ] Call the client (Linh) 🆔 k3f9x2-send ➕ 2026-11-22 📅 2026-11-23\n"
        "  - Cue: At my desk\n"
        "  - Done when: They said yes\n"
        "- [ ] Check-in: A week on 🆔 k3f9x2-checkin-week ➕ 2026-11-22 📅 2026-11-29\n"
    )


def test_tasks_reads_every_field_and_a_time_is_in_the_text():
    action = replace(CALL, due=datetime(2026, 11, 23, 15, 30, tzinfo=UTC), state="done", done_at=NOW)
    written = write(action)

    assert read_tasks(written.text) == [ReadTask("x", "Call the client by 15:30", {**FIELDS, "done": "2026-11-22"})]
    assert write(action, replace(action, id="b")).report.lost == (
        "Obsidian Tasks can't store a time, so 'by 15:30' is in the text.",
    )


def test_a_dropped_action_is_cancelled():
    assert [task.status for task in read_tasks(write(replace(CALL, state="dropped")).text)] == ["-"]


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_no_text_is_taken_for_a_field_a_tag_or_another_task(text):
    written = write(replace(CALL, do=text, cue=text, evidence=text, owner=text))

    [task] = read_tasks(written.text)

    assert task.fields == FIELDS
    assert not set(SIGNS) & set(task.description)
    assert " #" not in f" {task.description}"
    assert "::" not in written.text
    assert "%%" not in written.text
    assert "\u00a0" not in written.text


@given(st.text(alphabet=st.sampled_from(f"{SIGNS}\ufe0f\u00a0 :%#^[]()-x`0123456789abc,=\n"), max_size=40))
def test_no_mix_of_signs_changes_the_fields(text):
    [task] = read_tasks(write(replace(CALL, do=f"{text} {text}")).text)

    assert task.fields == FIELDS


def test_signs_that_are_left_out_are_named():
    assert write(replace(CALL, do="Pay 📅 2020-01-01")).report.lost == (
        "Signs that Obsidian Tasks would take for fields are left out.",
    )


NOTE = f"""---
created: 2026-11-01
---
# My week 📅
Some text 🆔 k3f9x2-send

```
{LINE}
```
> * [ ] #task Call the client **today** 🆔 k3f9x2-send ⏫ 🔁 every week ➕ 2026-11-20 ⏳ 2026-11-21 🗓\ufe0f 2026-11-22 ^link
>   - Cue: at the old desk
>   - my own note

- [ ] mine 📅 2026-11-20
{LINE}
"""


def test_a_note_is_updated_in_its_own_lines_only():
    merged = merge(NOTE, replace(CALL, cue="At my desk"))

    before, after = NOTE.split("\n"), merged.text.split("\n")
    assert [number for number, line in enumerate(after) if line != before[number]] == [9, 10]
    assert after[9] == before[9].replace("🗓\ufe0f 2026-11-22", "📅 2026-11-23")
    assert after[10] == ">   - Cue: At my desk"
    assert merged.report.changed == ("Call the client",)
    assert merge(merged.text, replace(CALL, cue="At my desk")).report.kept == ("Call the client",)


def test_another_text_replaces_the_old_one_and_keeps_tags():
    existing = LINE.replace("Call the client", "#task Ring them by 09:00 #phone")

    assert merge(existing, CALL).text == LINE.replace(" 🆔", " #task #phone 🆔")


def test_a_due_day_is_added_before_the_fields_that_follow_it():
    bare = LINE.removesuffix(" 📅 2026-11-23")

    assert merge(f"{bare} ^link", CALL).text == f"{LINE} ^link"
    assert merge(bare, CALL).text == LINE


@pytest.mark.parametrize("status", "xX-")
@pytest.mark.parametrize("state", ["open", "done", "dropped"])
def test_what_is_settled_in_the_note_stays_so(status, state):
    existing = LINE.replace("[ ]", f"[{status}]").replace("11-23", "11-30")

    merged = merge(existing, replace(CALL, state=state, done_at=NOW if state == "done" else None))

    assert merged.text == existing
    assert merged.report.kept == ("Call the client",)


@pytest.mark.parametrize("status", " /!")
def test_what_was_done_in_the_plan_is_ticked_before_the_name_of_the_line(status):
    existing = f"text\r\n{LINE} ^link\r\n".replace("[ ]", f"[{status}]")

    merged = merge(existing, replace(CALL, state="done", done_at=NOW))

    assert merged.text == f"text\r\n{LINE.replace('[ ]', '[x]')} ✅ 2026-11-22 ^link\r\n"


def test_what_was_dropped_in_the_plan_is_cancelled():
    assert merge(LINE, replace(CALL, state="dropped")).text == LINE.replace("[ ]", "[-]")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_new_goes_below_the_others_of_its_entry(end):
    existing = end.join(["# Mine", "  - [ ] a", f"  {LINE}", "    - Cue: x", "  - [ ] b", ""])

    merged = merge(existing, CALL, PlannedAction("new", "Write", cue="y"), PlannedAction("old", "Old", state="dropped"))

    assert merged.text.split(end)[4:7] == ["  - [ ] Write 🆔 k3f9x2-new ➕ 2026-11-22", "    - Cue: y", "  - [ ] b"]
    assert merged.text.startswith(existing[: existing.index("  - [ ] b")])
    assert merged.report.added == ("Write",)
    assert merged.text.count("\n") == merged.text.count(end)


@pytest.mark.parametrize("existing", ["# Mine\n\ntext", "# Mine\n\ntext\n", "# Mine\n\ntext\n\n"])
def test_an_entry_that_the_note_does_not_have_gets_a_section_at_its_end(existing):
    assert merge(existing, CALL).text == f"# Mine\n\ntext\n\n## Own a career crisis\n\n{LINE}\n"


def test_an_empty_note_becomes_the_section():
    assert merge("", CALL).text == f"## Own a career crisis\n\n{LINE}\n"


@pytest.mark.parametrize("end", ["", "\n"])
def test_what_is_new_follows_a_task_at_the_end_of_the_note(end):
    assert merge(f"{LINE}{end}", CALL, PlannedAction("new", "Write")).text == (
        f"{LINE}\n- [ ] Write 🆔 k3f9x2-new ➕ 2026-11-22\n"
    )


def test_two_entries_are_two_sections():
    entries = (build_planned_entry([CALL]), build_planned_entry([CALL], handle="aaaaaa"))

    text = FORMAT.render(PlanDocument(entries), OPTIONS).text

    assert text.count("## Own a career crisis\n\n- [ ] ") == 2
    assert {each.id for each in FORMAT.read(text)} == {"k3f9x2-send", "aaaaaa-send"}


def test_ticks_are_read_with_their_day_and_what_was_cancelled_is_no_tick():
    text = "\n".join(
        [
            f"{LINE.replace('[ ]', '[x]')} ✅ 2026-11-24\r",
            "1. [X] Write \\*it\\* down 🆔 k3f9x2-note",
            "- [/] Begin 🆔 k3f9x2-begin",
            "- [-] No 🆔 k3f9x2-no ❌ 2026-11-24",
            "- [x] mine",
            "[x] not a task 🆔 k3f9x2-text",
        ]
    )

    assert FORMAT.read(text) == (
        Tick("k3f9x2-send", "done", "Call the client", date(2026, 11, 24)),
        Tick("k3f9x2-note", "done", "Write *it* down", None),
        Tick("k3f9x2-begin", "open", "Begin", None),
    )


def test_the_reader_knows_that_text_after_a_field_hides_it():
    assert read_task(f"{LINE} 15:30") == ReadTask(" ", f"{LINE[6:]} 15:30", {})
