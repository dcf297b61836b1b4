"""Decisions that don't decide: how they read, from a small playbook to the terminal and to Markdown."""

import re

import pytest
from fakes import FakeClock
from line_conversation import make_renderer

from careerkit.coaching.redaction import redact
from careerkit.coaching.resume import run_batch
from careerkit.export.markdown import render_entry
from careerkit.storage.memory_journal import MemoryJournal
from careerkit.terminal.outcome_view import build_outcome_view
from scenario import HEADER, parse_playbook

TEXT = """
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "ways"
type = "list"
ask = "Ways?"
[[stage.question]]
id = "swing"
type = "WEIGHTS"
ask = "Weights?"
choices = [ { id = "pay", label = "the pay" }, { id = "quiet", label = "the quiet" } ]
[[stage.question]]
id = "scores"
type = "grid"
ask = "Scores?"
rows = "ways"
columns = [ { id = "pay", label = "the pay" }, { id = "quiet", label = "the quiet" } ]
min = 0
max = 10
spread = true
[[decision]]
id = "fit"
weights = "swing"
scores = "scores"
draws = 500
[[finding]]
id = "figures"
title = "What the figures say"
text = [
  "These are your own figures.",
  { when = "answered(fit_flip_on)", text = "It hangs on {fit_flip_on}." },
]
"""
EVEN = {"pay": 50, "quiet": 50}


def entry_of(scores, weights, text):
    kind = "rank" if isinstance(weights, list) else "weights"
    playbook = parse_playbook(text.replace("WEIGHTS", kind))
    source = (HEADER + text.replace("WEIGHTS", kind)).encode()
    answers = {"ways": list(scores), "swing": weights, "scores": scores}
    return run_batch(playbook, source, answers, lane="full", journal=MemoryJournal(), clock=FakeClock()), playbook


def told(scores, weights=None, text=TEXT):
    """The outcome in the plain look, in the rich one, and as Markdown: the same words in each."""
    entry, playbook = entry_of(scores, weights or EVEN, text)
    looks = [
        "".join(make_renderer(name).render(piece) for piece in build_outcome_view(entry.outcome, {}, playbook=playbook))
        for name in ("plain", "88")
    ]
    texts = [" ".join(each.split()) for each in (*looks, render_entry(entry, sources={}, playbook=playbook))]
    for each in texts:
        assert not re.search(r"None|NaN|\bnan\b|Infinity|E[+-]\d|\{|fit_|swing", each), each
    return texts


def every(texts, *words):
    return all(word in text for text in texts for word in words)


def no(texts, *words):
    return not any(word in text for text in texts for word in words)


def test_where_all_scores_are_equal_nobody_is_first():
    texts = told({each: {"pay": 5, "quiet": 5} for each in ("stay", "go", "wait")})
    assert every(texts, "Level at the top: stay, go and wait. By these figures none of them comes first.")
    assert no(texts, "points of weight", "Never better", "Most worth knowing", "100 %", "would put another first")


def test_two_that_are_level_at_the_top_are_named_and_the_third_is_not():
    texts = told({"stay": {"pay": 2, "quiet": 8}, "go": {"pay": 8, "quiet": 2}, "wait": {"pay": 1, "quiet": 1}})
    assert every(texts, "Level at the top: stay and go.", "Never better than another: wait.", "A close call")
    assert no(texts, "0 points")


def test_one_option_is_compared_with_nothing():
    texts = told({"stay": {"pay": [2, 5, 8], "quiet": 5}})
    assert every(texts, "stay is the only option here: there is nothing to compare it with.")
    assert no(texts, "First in so many", "100 %", "close call", "would put another first", "Level")


def test_scores_without_any_spread_make_no_criterion_worth_knowing_better():
    texts = told({"stay": {"pay": 4, "quiet": 7}, "go": {"pay": 9, "quiet": 6}})
    assert every(texts, "go", "would put another first")
    assert no(texts, "A close call", "Level at the top")


def test_a_criterion_on_which_all_are_the_same_is_never_what_it_hangs_on():
    texts = told({"stay": {"pay": 4, "quiet": 5}, "go": {"pay": 9, "quiet": 5}})
    assert every(texts, "No change of a single weight was found that would put another first.", "Never better")
    assert no(texts, "It hangs on", "the quiet")


def test_a_weight_of_0_counts_for_nothing_and_says_what_more_of_it_would_do():
    texts = told({"stay": {"pay": 0, "quiet": 10}, "go": {"pay": 6, "quiet": 0}}, {"pay": 100, "quiet": 0})
    assert every(texts, "go", "6")
    markdown_text = texts[2]
    assert markdown_text.index("| go | 6 |") < markdown_text.index("| stay | 0 |")
    assert no(texts, "Level at the top")


def test_ranks_in_place_of_weights_read_the_same_way():
    texts = told(
        {"stay": {"pay": [1, 2, 3], "quiet": [7, 8, 9]}, "go": {"pay": [6, 7, 8], "quiet": [2, 3, 4]}}, ["pay", "quiet"]
    )
    assert every(texts, "stay", "3.5", "25 points of weight more or less on the pay would put another first.")
    assert no(texts, "Level at the top")


@pytest.mark.parametrize("private", ["ways", "scores"])
def test_a_decision_that_rests_on_a_private_answer_is_not_in_a_shared_export(private):
    text = re.sub(rf'(id = "{private}"\n)', r"\1private = true\n", TEXT)
    scores = {"stay": {"pay": 4, "quiet": 7}, "go": {"pay": 9, "quiet": 6}}
    entry, playbook = entry_of(scores, EVEN, text)
    assert "## Options" in render_entry(entry, sources={}, playbook=playbook)
    assert "## Options" not in render_entry(redact(entry, playbook).entry, sources={}, playbook=playbook)
