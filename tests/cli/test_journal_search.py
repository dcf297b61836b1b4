"""`careerkit journal search`: what it finds, the matching text, and the same results with and without the index."""

from __future__ import annotations

import subprocess
import sys

import pytest

from careerkit_process import REPOSITORY
from sample_journal import seed_journal


@pytest.fixture
def past(home):
    seed_journal(home)
    return home


def found(home, *words: str, stdin: str = "") -> str:
    ended = home.run("journal", "search", *words, "--json", stdin=stdin)
    assert ended.code == 0, ended.err
    return " ".join(each["id"].partition("-")[2][0] for each in ended.json["entries"])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["export"], "a d"),
        (["exp*"], "a d"),
        (["exp"], ""),
        (["broke twice"], "a d"),
        (["twice broke"], ""),
        (["twice", "broke"], "a d"),
        (['"not much"'], "b c e"),
        (["friday"], "a d"),
        (["steady"], "b c e"),
        (["export", "--since", "yesterday"], "a"),
        (["much", "--playbook", "me"], "e"),
        (["much", "--limit", "1"], "b"),
    ],
)
def test_a_search_finds_words_phrases_and_prefixes_and_can_be_filtered(past, words, expected):
    assert found(past, *words) == expected
    assert found(past, *words, "--no-index") == expected


def test_a_note_is_found_at_once(past):
    past.run("journal", "note", "bbbbbb", stdin="Ana called about the tender")

    assert found(past, "tender") == "b"


def test_search_words_can_be_read_from_standard_input(past):
    assert found(past, stdin='"broke. twice"\n') == "a d"


def test_the_matching_text_is_shown_with_the_entry(past):
    out = past.run("journal", "search", "broke").out

    assert out.splitlines()[:2] == [
        "aaaaaa  today 09:05  finished · 1 open action  A look at the week",
        "  The export [broke]. Twice.",
    ]


def test_json_has_the_place_of_a_match(past):
    [first, _] = past.run("journal", "search", "broke", "--json").json["entries"]

    assert first["snippet"] == "The export broke. Twice."
    assert first["marks"] == [[11, 16]]


def test_what_was_written_cannot_steer_the_terminal(past):
    past.run("journal", "note", "bbbbbb", stdin="red \x1b[31m alert\x07")

    out = past.run("journal", "search", "alert").out

    assert "\x1b" not in out
    assert "\x07" not in out
    assert "\\x1b[31m [alert]" in out


def test_an_argument_with_a_star_inside_is_several_words(past):
    past.run("journal", "note", "bbbbbb", stdin="On Friday I promised it.")

    assert [each["id"][-6:] for each in past.run("journal", "search", "promis* Friday", "--json").json["entries"]] == [
        "bbbbbb"
    ]
    assert past.run("journal", "search", "promised Friday", "--json").json["entries"] == []
    assert len(past.run("journal", "search", "I promis*", "--json").json["entries"]) == 1


def test_an_empty_search_result_explains_how_words_match(past):
    ended = past.run("journal", "search", "zugzwang")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("Nothing found.")


@pytest.mark.parametrize(("words", "code"), [([" "], "nothing-to-search"), (['say "no'], "open-quotation")])
def test_an_invalid_query_is_refused(past, words, code):
    ended = past.run("journal", "search", *words, "--json")

    assert (ended.code, ended.out) == (1, "")
    assert [each["code"] for each in ended.problems] == [code]


def test_reindex_reads_every_file(past):
    ended = past.run("journal", "reindex", "--json")

    assert (ended.code, ended.json) == (0, {"entries": 5})


def test_without_an_index_reindex_says_so_and_a_search_still_works(past):
    past.write(".cache", "a file in the way")

    assert [each["code"] for each in past.run("journal", "reindex", "--json").problems] == ["no-index"]
    assert found(past, "export") == "a d"


@pytest.mark.parametrize("command", [["list"], ["search", "export"]])
def test_neither_a_list_nor_a_search_imports_what_it_does_not_need(past, command):
    past.run("journal", *command)
    program = f"""
import sys
sys.argv = ["careerkit", "journal", *{command!r}]
from careerkit.cli.startup import main
code = main()
heavy = {{"pydantic", "prompt_toolkit", "rich", "tomllib", "tomli_w", "json", "platformdirs"}}
print(code, sorted(heavy & set(sys.modules)), "aaaaaa")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=past.env, cwd=REPOSITORY, timeout=60
    )

    assert done.stdout.splitlines()[-1] == "0 [] aaaaaa", done.stderr
