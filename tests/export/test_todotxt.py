"""The todo.txt export: what it writes, what it keeps of a list that is there already, and what it reads back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from plan_samples import NOW, OPTIONS, build_document

from careerkit.core.frozen import replace
from careerkit.core.journal.plan import PlannedAction
from careerkit.export.formats import DONE_FILE, Tick
from careerkit.export.todotxt import FORMAT, neutralise

CALL = PlannedAction("send", "Call the client", due=date(2026, 11, 23))
LINE = "2026-11-22 Call the client +crisis-start due:2026-11-23 ck:k3f9x2/send"


def write(*actions):
    return FORMAT.render(build_document(*actions), OPTIONS)


def merge(existing, *actions, done=None):
    files = {} if done is None else {DONE_FILE: done}
    return FORMAT.render(build_document(*actions), replace(OPTIONS, existing=existing, existing_files=files))


def test_a_line_has_the_day_it_was_made_the_playbook_the_due_day_and_a_key():
    written = write(CALL)

    assert written.text == f"{LINE}\n"
    assert written.report.added == ("Call the client",)
    assert written.report.lost == ()


def test_a_done_action_is_a_completed_line_and_a_dropped_one_is_none():
    done = replace(CALL, state="done", done_at=datetime(2026, 11, 24, 8, tzinfo=UTC))

    assert write(done, replace(CALL, id="b", state="dropped")).text == f"x 2026-11-24 {LINE}\n"


def test_what_a_list_cannot_hold_is_said_once():
    actions = [
        PlannedAction(
            str(hour), "Call", cue="At my desk", due=datetime(2026, 11, 23, hour, 30, tzinfo=UTC), owner="Linh"
        )
        for hour in (15, 16)
    ]
    written = write(*actions, PlannedAction("b", "Buy @home"))

    assert "Call (Linh) by 15:30 +crisis-start due:2026-11-23 ck:k3f9x2/15\n" in written.text
    assert written.report.lost == (
        "todo.txt can't store a time, so 'by 15:30' is in the text.",
        "todo.txt has no place for cues and evidence, so they are left out.",
        'Words that todo.txt would take for a project, a context or a key are changed a little, such as "@home".',
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("x done", '"x" done'),
        ("(A) first", '"(A)" first'),
        ("2026-01-01 party", '"2026-01-01" party'),
        ("call @home about +49", 'call "@home" about "+49"'),
        ("due:tomorrow", "due: tomorrow"),
        ("a::b", "a: : b"),
        ("+due:x", '"+due: x"'),
        (
            "see https://example.org/a at 15:30, or mail@example.org",
            "see https://example.org/a at 15:30, or mail@example.org",
        ),
        ("1 + 1 (A) x", "1 + 1 (A) x"),
    ],
)
def test_words_with_a_meaning_in_todo_txt_lose_it(text, written):
    assert neutralise(text) == written


def test_merging_updates_known_lines_in_place_and_keeps_everything_else():
    mine = "(B) buy milk @shop\r\n\r\n"
    existing = f"{mine}(A) 2026-11-22 @phone Call the client, really +crisis-start due:2026-11-20 rec:1w ck:k3f9x2/send\r\nlast"

    merged = merge(existing, replace(CALL, do="Call the client,"), PlannedAction("new", "Write"))

    assert merged.text == (
        f"{mine}(A) 2026-11-22 @phone Call the client, really +crisis-start due:2026-11-23 rec:1w ck:k3f9x2/send\r\n"
        "last\r\n2026-11-22 Write +crisis-start ck:k3f9x2/new\r\n"
    )
    assert merged.report.changed == ("Call the client,",)
    assert merged.report.added == ("Write",)


def test_a_new_text_replaces_the_old_one_and_keeps_the_projects_contexts_and_keys_of_the_person():
    existing = "(C) 2026-11-20 Ring them by 09:00 +crisis-start @phone due:2026-11-23 t:2026-11-21 ck:k3f9x2/send\n"

    assert merge(existing, replace(CALL, due=datetime(2026, 11, 24, 15, 30, tzinfo=UTC))).text == (
        "(C) 2026-11-20 Call the client by 15:30 +crisis-start @phone due:2026-11-24 t:2026-11-21 ck:k3f9x2/send\n"
    )


def test_a_time_that_changed_or_went_replaces_the_old_one():
    existing = write(replace(CALL, due=datetime(2026, 11, 23, 15, 30, tzinfo=UTC))).text

    assert "client by 15:30 +" in existing
    assert merge(existing, replace(CALL, due=datetime(2026, 11, 23, 16, 0, tzinfo=UTC))).text == existing.replace(
        "15:30", "16:00"
    )
    assert merge(existing, CALL).text == f"{LINE}\n"


@pytest.mark.parametrize("state", ["open", "dropped", "done"])
def test_what_was_completed_in_the_list_stays_completed(state):
    existing = "x 2026-11-24 2026-11-22 Call them due:2026-11-20 ck:k3f9x2/send\n"

    merged = merge(existing, replace(CALL, state=state))

    assert merged.text == existing
    assert merged.report.kept == ("Call the client",)


@pytest.mark.parametrize("done", [f"x 2026-11-24 {LINE}", f"x {LINE}\r\n", LINE])
def test_what_was_archived_is_not_added_again(done):
    merged = merge("buy milk\n", CALL, done=f"x 2020-01-01 other\n{done}")

    assert merged.text == "buy milk\n"
    assert merged.report.kept == ("Call the client",)


def test_what_was_done_in_the_plan_is_completed_and_keeps_its_priority():
    done = replace(CALL, state="done", done_at=NOW)

    merged = merge(f"(A) {LINE} @phone\n", done)

    assert merged.text == f"x 2026-11-22 {LINE} @phone pri:A\n"
    assert merge(merged.text, done).text == merged.text


def test_what_was_dropped_is_removed_and_what_was_settled_before_is_not_added():
    merged = merge(
        f"a\n{LINE}\nb", replace(CALL, state="dropped"), PlannedAction("b", "Old", state="done", done_at=NOW)
    )

    assert merged.text == "a\nb"
    assert merged.report.removed == ("Call the client",)
    assert merged.report.added == ()


def test_an_undated_action_keeps_the_day_that_the_person_gave_it():
    existing = LINE.replace("11-23", "12-24")

    assert merge(existing, replace(CALL, due=None)).text == existing


def test_ticks_are_read_from_both_files_with_their_day():
    text = (
        f"x 2026-11-24 {LINE}\n"
        "x 2026-11-25 Write it down +crisis-start @home due:2026-11-25 ck:k3f9x2/note\n"
        "x Ask ck:k3f9x2/ask\r\n"
        "x 2026-13-45 Ask again ck:k3f9x2/again\n"
        "(A) 2026-11-22 Open one due:2026-11-25 ck:k3f9x2/open\n"
        "x 2026-11-24 mine\n"
        "xylophone ck:k3f9x2/not_done\n"
        "notck:k3f9x2/a ck: x\n"
    )

    assert FORMAT.read(text) == (
        Tick("k3f9x2/send", "done", "Call the client", date(2026, 11, 24)),
        Tick("k3f9x2/note", "done", "Write it down", date(2026, 11, 25)),
        Tick("k3f9x2/ask", "done", "Ask", None),
        Tick("k3f9x2/again", "done", "Ask again", None),
        Tick("k3f9x2/open", "open", "Open one", None),
        Tick("k3f9x2/not_done", "open", "xylophone", None),
    )


@pytest.mark.parametrize("order", [1, -1])
def test_a_line_that_is_there_twice_is_read_twice_and_left_alone_if_one_of_them_is_done(order):
    text = "\n".join([LINE, f"x 2026-11-24 {LINE}"][::order])

    assert {each.state for each in FORMAT.read(text)} == {"open", "done"}
    assert merge(text, CALL).text == text
