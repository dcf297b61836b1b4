"""The results of two cases of one playbook say different things: they share few runs of words."""

from __future__ import annotations

import difflib
from itertools import combinations

import pytest

from careerkit.core.outcome.model import Outcome
from playbook_cases import build_case_entry, list_bundled_ids, list_cases

MAX_SHARED = 0.35
MIN_RUN = 4
"""Shorter runs of equal words are ordinary English."""


def list_words(outcome: Outcome) -> list[str]:
    """The words of a result, without the reasons: headline, findings, plan, drafts and check-ins."""
    texts = [outcome.headline]
    texts += [text for each in outcome.findings for text in (each.title, each.text)]
    texts += [
        text for each in outcome.actions if each.state != "dropped" for text in (each.do, each.cue, each.evidence)
    ]
    texts += [text for each in outcome.drafts for text in (each.title, each.text)]
    texts += [each.title for each in outcome.checkins]
    return " ".join(texts).split()


def measure_shared(first: list[str], second: list[str]) -> float:
    """The share of the words of both that stand in runs which both have."""
    blocks = difflib.SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return 2 * sum(each.size for each in blocks if each.size >= MIN_RUN) / max(1, len(first) + len(second))


def test_equal_texts_share_everything_and_different_ones_nothing():
    words = "Call the client before any mail goes out".split()

    assert measure_shared(words, words) == 1
    assert measure_shared(words, "Write down what was said and sleep on it".split()) == 0


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_two_cases_of_a_playbook_share_at_most_a_third_of_their_words(playbook_id):
    words = {
        str(each): list_words(build_case_entry(each).outcome)
        for each in list_cases()
        if each.playbook_id == playbook_id
    }

    shared = {pair: measure_shared(words[pair[0]], words[pair[1]]) for pair in combinations(words, 2)}

    assert not {pair: round(share, 2) for pair, share in shared.items() if share > MAX_SHARED}
