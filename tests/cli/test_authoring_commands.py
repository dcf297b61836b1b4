"""`careerkit playbook new`, `test`, `preview`, `graph`, `sheet` and `schema`, as an author uses them."""

from __future__ import annotations

import json
import time
import xml.dom.minidom
from html.parser import HTMLParser

import pexpect
import pytest

from careerkit.core.playbook.json_schema import build_json_schema
from careerkit_process import COMMAND
from playbook_cases import REPOSITORY

ANSWERS = 'answers = { stuck = "It drops rows.", since = "hours", who = "Linh" }\n'
DIRECTIVE = "#:schema ./careerkit-playbook.schema.json\n"


@pytest.fixture
def mine(home):
    """A home with a new playbook in `mine.toml`, and no stories yet."""
    assert home.run("playbook", "new", "mine.toml").code == 0
    (home.folder / "mine.stories.toml").unlink()
    return home


def read(home, name: str) -> str:
    return (home.folder / name).read_text(encoding="utf-8")


def test_the_stories_of_the_bundled_playbooks_pass(home):
    tested = home.run("playbook", "test", str(REPOSITORY / "playbooks"))

    assert tested.code == 0, tested.out
    assert tested.out.endswith("stories passed.\n")


# new and schema


def test_a_new_playbook_passes_the_check_and_its_stories(home):
    made = home.run("playbook", "new", "ask-for-help.toml")

    assert made.code == 0
    assert "Try it out: careerkit playbook preview ask-for-help.toml" in made.err
    assert home.run("playbook", "check", "ask-for-help.toml").out == "No problems.\n"
    assert home.run("playbook", "test").out.endswith("2 stories passed.\n")
    assert read(home, "ask-for-help.toml").startswith(DIRECTIVE)
    assert json.loads(read(home, "careerkit-playbook.schema.json")) == build_json_schema()


def test_a_new_playbook_overwrites_nothing_without_force(home):
    home.write("mine.toml", "kept")
    refused = home.run("playbook", "new", "mine.toml")

    assert (refused.code, read(home, "mine.toml")) == (1, "kept")
    assert "This file exists." in refused.err
    assert not (home.folder / "mine.stories.toml").exists()
    assert home.run("playbook", "new", "mine.toml", "--force").code == 0
    assert read(home, "mine.toml").startswith(DIRECTIVE)


def test_stories_that_exist_already_are_not_overwritten_either(home):
    home.write("mine.stories.toml", "kept")

    assert home.run("playbook", "new", "mine.toml").code == 1
    assert not (home.folder / "mine.toml").exists()


@pytest.mark.parametrize("name", ["mine", "My Playbook.toml", ".toml", "a/b/c.toml"])
def test_a_file_that_no_playbook_can_have_is_refused(home, name):
    refused = home.run("playbook", "new", name, "--json")

    assert refused.code == 1
    assert refused.problems[0]["code"] in ("bad-name", "no-folder")


def test_the_schema_goes_to_standard_output_or_to_a_file(home):
    printed = home.run("playbook", "schema")
    home.run("playbook", "schema", "--output", "s.json")

    assert printed.json == json.loads(read(home, "s.json")) == build_json_schema()


# test


def test_a_story_that_fails_shows_what_was_expected_and_what_came_out(mine):
    mine.write("mine.stories.toml", f'[[story]]\nname = "Hours"\n{ANSWERS}expect.found = ["long"]\n')
    tested = mine.run("playbook", "test", "mine.toml")

    assert tested.code == 1
    assert (
        "  FAIL  Hours\n    mine.stories.toml:1\n    found\n      expected: long\n      actual:   nothing\n"
        in tested.out
    )
    assert tested.out.endswith("1 of 1 story failed.\n")


def test_what_no_story_reaches_is_named(mine):
    mine.write("mine.stories.toml", f"[[story]]\n{ANSWERS}")
    tested = mine.run("playbook", "test", "mine.toml")
    covered = mine.run("playbook", "test", "mine.toml", "--json").json["playbooks"][0]["coverage"]

    assert 'since = days: "For days"' in tested.out
    assert covered["choices"] == {
        "total": 4,
        "covered": 1,
        "missing": ["since = days", "helped = true", "helped = false"],
    }


def test_record_fills_in_what_comes_out_and_the_story_passes_from_then_on(mine):
    mine.write("mine.stories.toml", f"# Kept\n[[story]]\n{ANSWERS}")
    recorded = mine.run("playbook", "test", "mine.toml", "--record")

    assert recorded.code == 0
    assert "Story 1: recorded" in recorded.err
    assert read(mine, "mine.stories.toml").startswith(
        f'# Kept\n[[story]]\n{ANSWERS}\n[story.expect]\nasked = ["stuck", "since", "who"]\nfound = []\n'
    )
    assert mine.run("playbook", "test", "mine.toml").code == 0


def test_update_rewrites_what_differs_and_shows_the_difference(mine):
    before = f"[[story]]\n{ANSWERS}[story.expect]\n# why\nfound = [\n  'long',\n]\nplanned = ['send']\n"
    mine.write("mine.stories.toml", before)
    updated = mine.run("playbook", "test", "mine.toml", "--update")

    assert updated.code == 0
    assert "expected: long" in updated.err
    assert read(mine, "mine.stories.toml") == before.replace("[\n  'long',\n]", "[]")


def test_stories_can_be_in_a_folder_and_a_playbook_is_found_by_its_id(home):
    path = home.add_playbook("me/mine", "")
    home.run("playbook", "new", str(path), "--force")
    stories = path.with_name("mine.stories")
    stories.mkdir()
    (stories / "more.toml").write_text(f'[[story]]\nname = "More"\n{ANSWERS}')
    tested = home.run("playbook", "test", "me/mine")

    assert (tested.code, "3 stories passed." in tested.out) == (0, True)
    assert home.run("playbook", "list").err == ""


def test_a_folder_tests_every_playbook_below_it_that_has_stories(home):
    (home.folder / "books/one").mkdir(parents=True)
    for name in ("a", "b"):
        home.run("playbook", "new", f"books/one/{name}.toml")
    home.write("books/loose.toml", "format = 1")
    tested = home.run("playbook", "test", "books", "--json").json

    assert [each["playbook"] for each in tested["playbooks"]] == ["books/one/a.toml", "books/one/b.toml"]


@pytest.mark.parametrize(
    ("files", "argument", "code"),
    [
        ({}, "mine.toml", "no-story"),
        ({}, ".", "no-story"),
        ({}, "none.toml", "no-such-file"),
        ({}, "me/none", "unknown-playbook"),
        ({"mine.stories.toml": ""}, "mine.toml", "no-story"),
        ({"mine.stories.toml": "[[story"}, "mine.toml", "toml-syntax"),
        ({"mine.stories.toml": b"\xff"}, "mine.toml", "not-utf8"),
        ({"mine.stories.toml": "[[story]]\nasks = 1"}, "mine.toml", "unknown-key"),
        ({"mine.stories.toml": f"[[story]]\n{ANSWERS}", "mine.toml": "format = 2"}, "mine.toml", "unknown-format"),
    ],
)
def test_what_can_not_be_tested_is_refused_with_the_reason(mine, files, argument, code):
    for name, text in files.items():
        mine.write(name, text)
    refused = mine.run("playbook", "test", argument, "--json")

    assert refused.code == 1
    assert code in [each["code"] for each in refused.problems]
    assert all(each["hint"] for each in refused.problems)


# preview


def test_a_preview_runs_the_interview_and_saves_nothing(mine):
    shown = mine.run("playbook", "preview", "mine.toml", stdin="It drops rows.\n1\nLinh\n")

    assert shown.code == 0
    assert "This is a preview. Nothing is saved." in shown.err
    assert "Send the message to Linh" in shown.out
    assert mine.run("journal", "list", "--json").json["entries"] == []


def test_a_preview_never_says_that_something_is_saved(mine):
    shown = mine.run("playbook", "preview", "mine.toml", stdin=":help\nIt drops rows.\n1\nLinh\n").err

    said = shown.replace("Nothing is saved.", "").replace("Nothing was saved.", "").lower()
    assert "Answer: For a few hours." in shown
    assert "saved" not in said
    assert "save to stop" not in said
    assert "save and stop" not in said


def test_a_preview_with_keys_offers_to_stop_and_not_to_save(mine):
    child = pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], "playbook", "preview", "mine.toml"],
        env={**mine.env, "TERM": "xterm-256color"},
        cwd=str(mine.folder),
        encoding="utf-8",
        timeout=60,
        dimensions=(40, 100),
    )
    child.expect_exact("What are you stuck on")
    child.expect_exact("Ctrl-C stop")
    child.expect_exact("\x1b")
    assert not child.before.startswith(" and save")
    child.sendintr()
    child.expect_exact("This was a preview. Nothing was saved.")
    child.expect(pexpect.EOF)


def test_a_preview_can_start_at_any_question_with_made_up_answers_before_it(mine):
    shown = mine.run("playbook", "preview", "mine.toml", "--from", "tried", stdin="")

    assert shown.code == 4
    assert "The answers before tried are made up." in shown.err
    assert "What have you tried so far?" in shown.err
    assert "What are you stuck on" not in shown.err


@pytest.mark.parametrize(("question", "code"), [("tred", "unknown-question"), ("never", "not-reached")])
def test_a_question_that_can_not_be_reached_is_refused(mine, question, code):
    never = '[[stage.question]]\nid = "never"\ntype = "yesno"\nask = "Never?"\nwhen = "word_count(stuck) > 30"\n'
    mine.write("mine.toml", read(mine, "mine.toml").replace("# A finding says", f"{never}# A finding says"))
    refused = mine.run("playbook", "preview", "mine.toml", "--from", question, "--json")

    assert (refused.code, refused.problems[0]["code"]) == (1, code)


def test_a_question_of_a_check_in_is_refused_with_the_way_to_try_it_out(mine):
    refused = mine.run("playbook", "preview", "mine.toml", "--from", "helped", "--json")

    [problem] = refused.problems
    assert problem["code"] == "checkin-question"
    assert "--at DAY" in problem["hint"]


def test_a_preview_starts_again_with_the_answers_when_the_file_is_saved(mine):
    path = mine.folder / "mine.toml"
    child = pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], "playbook", "preview", str(path), "--plain"],
        env=mine.env,
        cwd=str(mine.folder),
        encoding="utf-8",
        timeout=60,
    )
    child.expect_exact("What are you stuck on")
    child.sendline("It drops rows.")
    child.expect_exact("Since when?")
    time.sleep(0.05)  # a file system may keep times in coarse steps
    path.write_text(path.read_text().replace("Since when?", "For how long?"))
    child.expect_exact("The file has changed.")
    child.expect_exact("For how long?")
    path.write_text(path.read_text().replace('type = "choice"', 'type = "chioce"'))
    child.expect_exact("There is no question type")
    child.expect_exact("Save the file to see it again, or press Ctrl-C to end.")
    child.sendintr()
    child.expect_exact("This was a preview. Nothing was saved.")
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 0
    assert "What are you stuck on" not in child.before


def test_a_line_that_is_half_typed_when_the_file_is_saved_can_be_finished(mine):
    path = mine.folder / "mine.toml"
    child = pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], "playbook", "preview", str(path), "--plain"],
        env=mine.env,
        cwd=str(mine.folder),
        encoding="utf-8",
        timeout=60,
    )
    child.expect_exact("What are you stuck on")
    child.send("It drops r")
    child.expect_exact("It drops r")
    path.write_text(path.read_text().replace("What are you stuck on", "What has stopped you"))
    child.expect_exact("The file has changed.")
    child.expect_exact("What has stopped you")
    child.expect_exact("It drops r")
    child.sendline("ows.")
    child.expect_exact("Since when?")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    whole = mine.run("playbook", "preview", "mine.toml", stdin="It drops rows.\n")

    assert "Traceback" not in child.before
    assert "Since when?" in whole.err


def test_an_unfinished_entry_says_that_its_file_has_changed(mine):
    assert mine.run("run", "mine.toml", "--plain", stdin="It drops rows.\n").code == 4
    assert "The file has changed" not in mine.run("run", "mine.toml", "--plain", stdin="").err
    mine.write("mine.toml", read(mine, "mine.toml").replace("Since when?", "For how long?"))
    again = mine.run("run", "mine.toml", "--plain", stdin="no\n")

    assert "The file has changed since." in again.err
    assert "--new" in again.err


def test_stories_in_single_brackets_are_told_to_take_two(mine):
    story = f'[story]\nname = "One"\n{ANSWERS}'
    for text in (story, f"{story}\n{story}"):
        mine.write("mine.stories.toml", text)
        refused = mine.run("playbook", "test", "mine.toml", "--json")

        assert refused.code == 1
        assert refused.problems[0]["hint"].startswith("Write [[story]].")


# graph and sheet


def test_the_graph_is_a_tree_with_conditions_in_words(mine):
    tree = mine.run("playbook", "graph", "mine.toml").out

    assert "├─ Who can help\n" in tree
    assert '│     if "Since when?" is "For days"\n' in tree


def test_the_graph_has_headlines_due_dates_each_condition_of_forms_and_a_check_in_without_tables(mine):
    mine.write(
        "mine.toml",
        read(mine, "mine.toml").replace(
            "# A finding says",
            """[[stage.question]]
id = "asked"
type = "records"
ask = "Whom have you asked?"
fields = [{ id = "name", type = "text", ask = "Who?" }, { id = "said", type = "yesno", ask = "Did they answer?" }]
[[headline]]
text = "Ask someone."
[[action]]
id = "remind"
do = "Remind {name}"
due = "+3d"
each = "asked"
each_when = "said == false"
[[checkin]]
id = "later"
after = "+2w"
title = "And now?"
# A finding says""",
        ),
    )
    shown = mine.run("playbook", "graph", "mine.toml").out

    assert "headline 1: Ask someone.\n" in shown
    assert "action remind: Remind {name} (+3d)\n" in shown
    assert 'if for each form of "Whom have you asked?" in which "Did they answer?" is no' in " ".join(shown.split())
    assert "Check-in: And now? (+2w)\n" in shown
    for form in ("mermaid", "svg"):
        assert "And now?" in mine.run("playbook", "graph", "mine.toml", "--format", form).out


def test_the_graph_can_be_mermaid_source(mine):
    source = mine.run("playbook", "graph", "mine.toml", "--format", "mermaid").out

    assert source.startswith(
        'flowchart TD\n  subgraph g0["Where you are"]\n    n0["What are you stuck on, in one sentence?"]\n'
    )
    assert '  n2 -->|"#quot;Since when?#quot; is #quot;For days#quot;"| n3\n' in source
    assert "  n1 -.-> n4\n" in source


@pytest.mark.parametrize("playbook", ["crisis/start", "path/rotate", "client/handover"])
def test_the_graph_of_a_large_playbook_stays_below_the_limit_of_mermaid(home, playbook):
    source = home.run("playbook", "graph", playbook, "--format", "mermaid").out

    assert source.count("-->") + source.count("-.->") < 500
    assert source.count("-.->") > 0


def test_the_graph_can_be_an_image(mine):
    image = mine.run("playbook", "graph", "mine.toml", "--format", "svg", "--output", "g.svg")
    document = xml.dom.minidom.parseString(read(mine, "g.svg"))

    assert (image.code, image.out) == (0, "")
    assert len(document.getElementsByTagName("circle")) == 9
    assert not document.getElementsByTagName("script")


def test_the_sheet_has_every_screen_condition_and_outcome(mine):
    sheet = mine.run("playbook", "sheet", "mine.toml").out

    for text in (
        "# Mine\n",
        "5 questions, 1 of them private",
        "> Five minutes, and you know what to send to whom.",
        '*Only if "Since when?" is "For days"*',
        "- For a few hours\n- For days\n",
        "Level: Take care",
        "I'm stuck: {stuck}",
        "When: +1wd",
        "Done when: They have answered",
        "## Check-in: Did it help?",
    ):
        assert text in sheet


def test_the_sheet_can_be_a_page_in_which_everything_is_escaped(mine):
    mine.write("mine.toml", read(mine, "mine.toml").replace("Where you are", "<b>Where</b> & when"))
    page = mine.run("playbook", "sheet", "mine.toml", "--format", "html").out
    tags: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, _: tags.append(tag)
    parser.feed(page)

    assert "&lt;b&gt;Where&lt;/b&gt; &amp; when" in page
    assert set(tags) == {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "ul",
        "li",
        "blockquote",
    }
    assert tags.count("ul") == page.count("</ul>")


@pytest.mark.parametrize("command", ["graph", "sheet", "preview"])
def test_a_broken_playbook_is_refused_with_its_problems(home, command):
    home.write("broken.toml", "format = 1\n")
    refused = home.run("playbook", command, "broken.toml", "--json")

    assert refused.code == 1
    assert "missing-key" in [each["code"] for each in refused.problems]
