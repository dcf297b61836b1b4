"""The Markdown export, as Markdown parsers read it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Answer, Entry, PlaybookRef
from careerkit.core.outcome.model import Action, Bar, Checkin, Decision, Draft, Finding, Outcome
from careerkit.export.markdown import escape, render_entry
from scenario import parse_playbook

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(tasklists_plugin)


def entry(text="words", *, state="open"):
    return Entry(
        "20261122T0905Z-abcdef",
        "machine",
        PlaybookRef("my/small", text, "1", "0" * 64),
        started=NOW,
        finished=NOW,
        answers=(Answer("what", "text", f"{text}?", text, text),),
        outcome=Outcome(
            given=NOW,
            findings=(
                Finding(
                    "f",
                    text,
                    f"{text}\n- {text}\n{text}",
                    "care",
                    ("what",),
                    (text,),
                    (text,),
                    source=("S1.2", "S1.10", "x1"),
                ),
            ),
            drafts=(Draft("d", text, text, f"{text}\n\n{text}\n{text}"),),
            actions=(
                Action("a", text, text, date(2026, 11, 23), text, state),
                Action("b", "second", "", NOW, "", "open"),
            ),
            checkins=(Checkin("c", text, date(2026, 11, 29)), Checkin("n", text, None)),
        ),
    )


def html_of(document):
    return READER.render(render_entry(document, sources={"S1": "A text.", "x1": "A study."}))


def task_items(html):
    return html.count('class="task-list-item-checkbox"')


def test_the_plan_is_a_task_list_with_cue_due_and_evidence():
    text = render_entry(entry("words"), sources={})
    assert "- [ ] words\n  - Cue: words\n  - Due: Monday 23 November 2026\n  - Done when: words" in text
    assert "- [ ] second" in text
    assert task_items(html_of(entry())) == 2


@pytest.mark.parametrize("state", ["open", "done", "dropped"])
def test_an_action_without_words_has_a_checkbox_too(state):
    document = with_outcome(entry(), actions=(Action("a", " \n", state=state), Action("b", "second")))

    assert "] (no words)" in (text := render_entry(document, sources={})) or "] ~~(no words)~~" in text
    assert task_items(html_of(document)) == 2


@pytest.mark.parametrize("state", ["done", "dropped"])
def test_finished_and_dropped_actions_are_ticked(state):
    assert "- [x] " in render_entry(entry(state=state), sources={})
    assert task_items(html_of(entry(state=state))) == 2


def test_findings_come_with_their_reasons_and_sources_with_their_claims_in_order():
    text = render_entry(entry("words"), sources={"S1": "A text.", "x1": "A study."})
    assert "For it:\n\n- words" in text
    assert "Because:\n\n- words? words" in text
    assert "- S1: A text. (claims 2, 10)" in text
    assert "- x1: A study." in text


def test_drafts_are_block_quotes():
    assert "> words\n>\n> words  \n> words" in render_entry(entry("words"), sources={})


def test_an_unfinished_entry_says_so():
    open_entry = Entry("20261122T0905Z-abcdef", "m", PlaybookRef("a/b", "T", "1", "0" * 64), started=NOW)
    assert "not finished" in render_entry(open_entry, sources={})


FIGURES = Decision(
    "fit",
    "go",
    "stay",
    Decimal(58),
    Decimal("7.5"),
    "pay",
    totals={"stay": Decimal("3.8"), "go": Decimal("5.1"), "wait": None},
    shares={"stay": Decimal(42), "go": Decimal(58)},
    tell_on="pay",
)


def with_outcome(document, **parts):
    return replace(document, outcome=replace(document.outcome, **parts))


def test_a_decision_is_a_table_best_first_with_a_summary():
    text = render_entry(with_outcome(entry(), decisions=(FIGURES,)), sources={})
    assert (
        "## Options\n\n"
        "| Option | Weighted total | Share of draws won |\n| --- | ---: | ---: |\n"
        "| go | 5.1 | 58 % |\n| stay | 3.8 | 42 % |\n| wait | not scored in full | – |\n\n"
        "- Not scored in full, so left out: wait.\n"
        "- A close call: no option comes first in 65 % of the draws or more (our rule of thumb).\n"
        "- Most worth knowing better before you choose: pay.\n"
        "- 8 points of weight more or less on pay would put another first.\n"
    ) in text
    assert READER.render(text).count("<tr>") == 4


def test_a_decision_without_totals_has_no_section():
    empty = Decision("fit", totals={"go": None})
    assert "## Options" not in render_entry(with_outcome(entry(), decisions=(empty,)), sources={})


def test_a_profile_is_a_table():
    bars = (Bar("t", "Trust | us", Decimal(3), Decimal(1), Decimal(5)),)
    document = entry()
    finding = replace(document.outcome.findings[0], profile=bars)
    text = render_entry(with_outcome(document, findings=(finding,)), sources={})
    assert "| Profile | Value |\n| --- | ---: |\n| Trust \\| us | 3 of 5 |\n" in text
    assert READER.render(text).count("<td") == 2


def test_the_map_of_people_is_a_code_block_with_a_list_and_is_left_out_by_default():
    records = (
        "[[stage]]\nid='s'\ntitle='S'\n[[stage.question]]\nid='who'\ntype='records'\nask='Who?'\n"
        "fields=[{id='person',type='text',ask='Who?'},{id='power',type='scale',ask='P?'},{id='interest',type='scale',ask='I?'}]\n"
    )
    record = {"person": "Anna *B*", "power": Decimal(5), "interest": Decimal(1)}
    document = replace(entry(), answers=(Answer("who", "records", "Who?", (record,), "Anna"),))
    text = render_entry(document, sources={}, playbook=parse_playbook(records), with_people=True)
    assert "## People\n\nWho?\n\n```text\npower\n5 | AB" in text
    assert "- AB Anna \\*B\\*: power 5 of 5, interest 1 of 5\n" in text
    assert READER.render(text).count("<pre>") == 1
    assert "Anna" not in render_entry(document, sources={}, playbook=parse_playbook(records))


EVIL = [
    "<script>alert(1)</script>",
    "<b>bold</b>",
    "![x](y)",
    "[link](javascript:x)",
    "`code`",
    "- [ ] a task",
    "[ ] a task",
    "# heading",
    "> quote",
    "1. one",
    "1) one",
    "---",
    "===",
    "| a | b |",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "**x** __y__ ~~z~~",
    "\\<b>",
    "\\",
    "```",
    "~~~",
    "+ plus",
    "* star",
    "<!-- comment -->",
    "a\n\n<div>\n\n- [x] b",
    "\x1b[31mred\x07 \u202egnp",
    "[^1]: note",
    "<http://a.b>",
    ": definition",
    "    code",
    "\u2028<i>",
]


@pytest.mark.parametrize("text", EVIL)
def test_user_text_never_becomes_html_a_task_or_markup(text):
    plain, html = html_of(entry("words")), html_of(entry(text))
    assert task_items(html) == 2
    tags = [
        "<script",
        "<b>",
        "<i>",
        "<img",
        "<a ",
        "<code",
        "<div",
        "<!--",
        "<table",
        "<hr",
        "<h1",
        "<blockquote",
        "<em>",
    ]
    for tag in [*tags, "<strong>", "<s>", "<ol"]:
        assert html.count(tag) == plain.count(tag), tag
    assert "\x1b" not in html


@given(st.text(alphabet=st.sampled_from("<>[]()`*_-+#|~&!\\ \t.:1x/'\"=^$%{}"), max_size=30))
def test_no_text_changes_the_number_of_elements(text):
    plain, html = html_of(entry("words")), html_of(entry(f"w{text}"))
    for tag in ("<li", "<p>", "<h", "<a ", "<code", "<em", "<strong", "<script", "<hr", "<input"):
        assert html.count(tag) == plain.count(tag), tag


@given(st.text(max_size=60))
def test_escaped_text_reads_the_same_except_for_spaces_and_control_characters(text):
    from html import unescape

    words = "".join(sign if sign.isprintable() or sign.isspace() else "\ufffd" for sign in text)
    rendered = unescape(READER.renderInline(escape(text)))
    if "\ufffd" not in words and "\ufffd" not in escape(text):
        assert rendered.split() == text.split()


def test_the_plan_and_the_check_ins_are_sorted_by_date_with_undated_ones_last():
    actions = tuple(
        Action(f"a{number}", do, due=due)
        for number, (do, due) in enumerate(
            [
                ("undated", None),
                ("Thursday", date(2026, 11, 26)),
                ("at nine", NOW.replace(day=26)),
                ("Monday", date(2026, 11, 23)),
            ]
        )
    )
    checkins = (Checkin("late", "Late", date(2027, 1, 4)), Checkin("soon", "Soon", date(2026, 11, 30)))
    outcome = Outcome(given=NOW, actions=actions, checkins=checkins)

    lines = render_entry(replace(entry(), outcome=outcome), sources={}).splitlines()

    assert [line[6:] for line in lines if line.startswith("- [ ] ")] == ["Monday", "at nine", "Thursday", "undated"]
    assert [line.split(": ")[1] for line in lines if line.startswith("- ") and "20" in line] == ["Soon", "Late"]


def test_a_recipient_is_lower_case_after_to():
    drafts = (Draft("one", "Ask", "My manager, M.", "words"), Draft("two", "Ask", "The Hague office", "words"))
    document = with_outcome(entry(), drafts=drafts)

    text = render_entry(document, sources={})

    assert "To my manager, M.:" in text
    assert "To The Hague office:" in text


def test_the_headline_opens_the_result_and_owners_and_limits_are_named():
    first = entry()
    outcome = replace(
        first.outcome,
        headline="Act *today*",
        headline_level="care",
        decisions=(Decision("d", "a", totals={"a": Decimal(3), "b": Decimal(2)}, ruled_out=("c",)),),
        actions=(replace(first.outcome.actions[0], owner="Linh"),),
    )
    text = render_entry(replace(first, outcome=outcome), sources={})
    assert text.index("**Take care: Act \\*today\\***") < text.index("## Findings")
    assert "  - Who: Linh" in text
    assert "| c | ruled out |" in text
    assert "- Ruled out, because a limit is broken: c." in text
    assert "**" not in render_entry(first, sources={})
