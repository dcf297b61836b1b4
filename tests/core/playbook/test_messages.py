"""A message of the check names the fix: whoever follows it has one problem less."""

from __future__ import annotations

from pathlib import Path

import pytest

from careerkit.core.playbook.loader import check_playbook

BASE = (Path(__file__).parent / "broken" / "base.toml").read_text(encoding="utf-8")
LOW = "when = \"band(ready) == 'low'\""

FOLLOWING = ("unknown-id", "forward-reference")
"""What follows from a question that isn't known because of the mistake."""

MISLED = [
    ("max = 100\npredicts", 'max = "pay"\npredicts', "It can't depend on an answer", "max = 100\npredicts"),
    ("max = 100\npredicts", "max = pay\npredicts", "It can't depend on an answer", "max = 100\npredicts"),
    ("max = 100\npredicts", 'max = "100"\npredicts', "Remove the quotes.", "max = 100\npredicts"),
    (
        'required = false, when = "knows"',
        'required = "knows"',
        "A question that is only needed for some answers is asked with `when`",
        'required = false, when = "knows"',
    ),
    (
        LOW,
        "when = \"reason in ('offer', 'tasks')\"",
        "Write [...] instead of (...)",
        "when = \"reason in ['offer', 'tasks']\"",
    ),
    (LOW, 'when = "strain => 3"', "Write >=", 'when = "strain >= 3"'),
    (LOW, 'when = "strain =< 3"', "Write <=", 'when = "strain <= 3"'),
    (LOW, "when = \"contains(tags, 'results')\"", "Write 'id' in question.", "when = \"'results' in tags\""),
    (LOW, 'when = "len(tags) > 1"', "Write count(question).", 'when = "count(tags) > 1"'),
    (LOW, 'when = "is_empty(boss)"', "Write not answered(question).", 'when = "not answered(boss)"'),
    (LOW, 'when = "firm AND strain > 3"', "Write and.", 'when = "firm and strain > 3"'),
    (
        LOW,
        'when = "IF(firm, true, false)"',
        "Write a if condition else b.",
        'when = "strain > 3 if firm else strain > 4"',
    ),
    (LOW, 'when = "Firm"', "Write firm", 'when = "firm"'),
    (
        LOW,
        "when = \"reason == 'tаsks'\"",
        "The letter а (U+0430) is Cyrillic, not Latin.",
        "when = \"reason == 'tasks'\"",
    ),
    (LOW, 'when = "fіrm"', "The letter і (U+0456) is Cyrillic, not Latin.", 'when = "firm"'),
    (
        '[[headline]]\ntext = "Prepare first."',
        '[[headlines]]\ntext = "Prepare first."',
        "Write headline.",
        '[[headline]]\ntext = "Prepare first."',
    ),
    (
        '  { id = "time", label = "It\'s been too long" },',
        '  "It\'s been too long",',
        'Write { id = "it_s_been", label = "It\'s been too long" }.',
        '  { id = "time", label = "It\'s been too long" },',
    ),
    (
        '  { id = "time", label = "It\'s been too long" },',
        '  { id = "time",\n    label = "It\'s been too long" },',
        "Write it in one line.",
        '  { id = "time", label = "It\'s been too long" },',
    ),
    (
        '{ id = "offer", label = "I have an offer" },',
        '{ id = "offer", label = "I have an offer" }',
        "Write , between two entries of a list",
        '{ id = "offer", label = "I have an offer" },',
    ),
    (
        'ask = "Who decides about it?"',
        'ask = "Who uses C:\\Users?"',
        "use '...' instead",
        "ask = 'Who uses C:\\Users?'",
    ),
    ('due = "day - 2wd"', 'due = "tomorrow"', "Write +1d.", 'due = "+1d"'),
    ('due = "day - 2wd"', 'due = "monday"', "a weekday can't be named", 'due = "+2wd"'),
    ('do = "Ask once more"', 'do = "Ask once more"\ndo = "Again"', "Remove one of them.", 'do = "Ask once more"'),
    (
        '[[stage.question]]\nid = "boss"',
        '[[question]]\nid = "boss"',
        "write [[stage.question]] below its [[stage]]",
        '[[stage.question]]\nid = "boss"',
    ),
    (
        '[[headline]]\ntext = "Prepare first."',
        '[headline]\ntext = "Prepare first."',
        "Write [[headline]].",
        '[[headline]]\ntext = "Prepare first."',
    ),
    (
        '[[stage.question]]\nid = "boss"',
        '[[stage.question]\nid = "boss"',
        "with ]].",
        '[[stage.question]]\nid = "boss"',
    ),
    (
        '[[stage.question]]\nid = "boss"',
        'stage.question\nid = "boss"',
        "Write [[stage.q",
        '[[stage.question]]\nid = "boss"',
    ),
    (
        '[[stage.question]]\nid = "boss"',
        '[[stаge.question]]\nid = "boss"',
        "Cyrillic",
        '[[stage.question]]\nid = "boss"',
    ),
    ('do = "Ask once more"', "do = “Ask once more”", 'Write straight ones: "...".', 'do = "Ask once more"'),
    ('do = "Ask once more"', 'do = "Ask once more”', 'Close it with a straight one: ".', 'do = "Ask once more"'),
    ('do = "Ask once more"', 'do = "Ask once more', 'Close it with " at its end.', 'do = "Ask once more"'),
    ('do = "Ask once more"', "do = 'Ask once more", "Close it with ' at its end.", "do = 'Ask once more'"),
    ('do = "Ask once more"', 'do: "Ask once more"', "Write key = value.", 'do = "Ask once more"'),
    (
        'do = "Ask once more"',
        '// later\ndo = "Ask once more"',
        "Write # instead of //.",
        '# later\ndo = "Ask once more"',
    ),
    (
        '{ id = "none", label = "Nothing yet" },\n]',
        '{ id = "none", label = "Nothing yet" },\n',
        "Close it with ] before line ",
        '{ id = "none", label = "Nothing yet" },\n]',
    ),
    (
        '{ id = "none", label = "Nothing yet" },\n]',
        '{ id = "none", label = "Nothing yet" ,\n]',
        "If it is complete, close it with }.",
        '{ id = "none", label = "Nothing yet" },\n]',
    ),
    ('due = "day - 2wd"', 'due = "2026-12-10"', "There are no fixed dates", 'due = "day - 2wd"'),
    ('due = "day - 2wd"', "due = 2026-12-10", "There are no fixed dates", 'due = "+1d"'),
    ('due = "day - 2wd"', "due = 1", "There are no fixed dates", 'due = "+1d"'),
    ('[[checkin.question]]\nid = "granted"', '[[question]]\nid = "granted"', "Write [[checkin.question]]", None),
    (
        'do = "Ask once more"',
        'do = "Ask once more"\ndeadline = "day"',
        "write it above the first [[stage]]",
        'do = "Ask once more"',
    ),
    (LOW, 'when = "tags >= 2"', "Write count(tags)", 'when = "count(tags) >= 2"'),
    (LOW, "when = \"ready == 'low'\"", "Compare its band: band(ready).", "when = \"band(ready) == 'low'\""),
    (LOW, "when = \"tags == 'results'\"", "Write 'results' in tags", "when = \"'results' in tags\""),
    (LOW, "when = \"reason is not 'offer'\"", "Write !=", "when = \"reason != 'offer'\""),
    (LOW, "when = \"reason is 'offer'\"", "Write ==", "when = \"reason == 'offer'\""),
    (LOW, 'when = "firm, strain > 3"', "Join conditions with and", 'when = "firm and strain > 3"'),
    (LOW, 'when = "if firm"', "Leave out if", 'when = "firm"'),
    (
        LOW,
        'when = { reason = ["offer", "tasks"] }',
        "Write when = \"reason in ['offer', 'tasks']\".",
        "when = \"reason in ['offer', 'tasks']\"",
    ),
    ('do = "Ask once more"', 'do = "Ask {Boss}"', "Did you mean {boss}?", 'do = "Ask {boss}"'),
    ('do = "Ask once more"', 'do = "Ask { boss }"', "Did you mean {boss}?", 'do = "Ask {boss}"'),
    ("[[checkin.finding]]", "[[stage.finding]]", "or [[checkin.finding]] for one of a check-in", "[[checkin.finding]]"),
]


@pytest.mark.parametrize(("old", "bad", "hint", "good"), MISLED, ids=[bad for _, bad, _, _ in MISLED])
def test_a_message_says_what_to_write_and_that_is_right(old, bad, hint, good):
    assert BASE.count(old) == 1
    [problem, *others] = check_playbook(BASE.replace(old, bad).encode(), file="f")

    assert hint in problem.hint
    assert [each for each in others if each.code not in FOLLOWING] == []
    if good is None:
        return
    assert [
        each for each in check_playbook(BASE.replace(old, good).encode(), file="f") if each.severity == "error"
    ] == []


def test_a_table_in_single_brackets_gets_the_second_ones():
    text = BASE.partition("[[checkin]]")[0].replace('[[headline]]\ntext = "You can', '[headline]\ntext = "You can')
    text = text.replace('[[headline]]\ntext = "Prepare first."\n', "").replace('predicts = "granted"\n', "")

    [problem] = check_playbook(text.encode(), file="f")

    assert problem.hint == "Write [[headline]]."


def test_a_key_that_is_there_twice_is_named_with_its_first_line():
    [problem] = check_playbook(
        BASE.replace('do = "Ask once more"', 'do = "Ask once more"\ndo = "x"').encode(), file="f"
    )

    assert problem.message.startswith("`do` is defined twice: first in line ")


@pytest.mark.parametrize("condition", ["count(tags) >= 0", "count(tags) <= 3"])
def test_a_count_that_is_always_so_is_explained_by_both_limits(condition):
    problems = check_playbook(BASE.replace(LOW, f'when = "{condition}"').encode(), file="f")

    [problem] = [each for each in problems if each.code == "always-true"]
    assert "`tags` has 1 to 3 entries." in problem.message


@pytest.mark.parametrize(
    ("old", "bad", "shape"),
    [
        ("choices = [", 'choices = "pay, role"', 'choices = [{ id = "pay", label = "pay" }, ...]'),
        ("choices = [", 'choices = { pay = "More pay" }', 'choices = [{ id = "pay", label = "More pay" }, ...]'),
        ("bands = [", 'bands = "low, high"', 'bands = [{ id = "...", from = 60, label = "..." }, ...]'),
    ],
)
def test_a_list_of_tables_that_is_written_otherwise_is_shown_in_its_shape(old, bad, shape):
    start = BASE.index(f"\n{old}") + 1
    end = BASE.index("\n]" if old.endswith("[") else "}", start) + (2 if old.endswith("[") else 1)

    problems = check_playbook((BASE[:start] + bad + BASE[end:]).encode(), file="f")

    assert shape in problems[0].hint


@pytest.mark.parametrize("name", ["bоss", "Boss", "my-boss"])
def test_an_invalid_id_is_reported_once_and_never_advised(name):
    [problem] = check_playbook(BASE.replace('id = "boss"', f'id = "{name}"').encode(), file="f")

    assert problem.code == "bad-id"


def test_a_text_or_a_list_that_is_not_closed_is_placed_where_it_begins():
    text = BASE.replace('do = "Ask once more"', 'do = "Ask once more')
    [problem] = check_playbook(text.encode(), file="f")

    assert problem.where.line == text[: text.index('do = "Ask once more')].count("\n") + 1
    assert problem.where.column == len("do = ") + 1


def test_every_table_in_single_brackets_is_named_with_its_line():
    text = BASE.replace("[[stage]]", "[stage]")
    [problem] = check_playbook(text.encode(), file="f")

    lines = [number for number, line in enumerate(text.splitlines(), 1) if line == "[stage]"]
    assert problem.where.line == lines[0]
    assert all(str(each) in problem.hint for each in lines[1:])


def test_anchors_that_are_a_list_are_shown_as_a_table():
    text = BASE.replace('type = "scale"', 'type = "scale"\nanchors = ["calm", "awful"]', 1)
    problems = check_playbook(text.encode(), file="f")

    assert 'Write anchors = { 1 = "calm", 5 = "awful" }' in problems[0].hint


def test_a_condition_that_is_never_true_because_a_question_is_hidden_names_the_question():
    text = BASE.replace(LOW, "when = \"reason == 'tasks' and answered(firm)\"")
    [problem] = [each for each in check_playbook(text.encode(), file="f") if each.code == "never-true"]

    assert "Whenever the rest holds, `firm` isn't asked." in problem.message


def test_two_parts_that_cover_every_answer_are_reported():
    problems = check_playbook(BASE.replace(LOW, "when = \"reason == 'offer' or reason != 'offer'\"").encode(), file="f")

    assert [each.code for each in problems if "true for every answer" in each.message] == ["always-true"]
