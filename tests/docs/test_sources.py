"""Every claim of the five texts is used or has a reason why not, every citation exists, and docs/sources.md is current."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from playbook_cases import list_bundled_ids

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("make_sources", ROOT / "docs" / "make_sources.py")
make_sources = sys.modules["make_sources"] = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(make_sources)

CLAIMS = make_sources.read_claims()
TEXTS = {text["id"] for text in CLAIMS["text"]}
KNOWN = [claim["id"] for claim in CLAIMS["claim"]]
EVIDENCE = {each["id"]: each for each in CLAIMS["evidence"]}
read_playbooks = lru_cache(maxsize=1)(make_sources.read_playbooks)


@lru_cache(maxsize=1)
def find_places():
    return make_sources.group_by_source(read_playbooks())


def find_cited() -> set[str]:
    return {source for source in find_places() if source.partition(".")[0] in TEXTS}


def find_studies() -> set[str]:
    return set(find_places()) - find_cited()


def test_all_claims_of_the_five_sources_are_listed_once():
    assert Counter(id_.partition(".")[0] for id_ in KNOWN) == {"S0": 43, "S1": 56, "S2": 26, "S3": 43, "S4": 41}
    assert len(set(KNOWN)) == len(KNOWN)


@pytest.mark.parametrize("text", sorted(TEXTS))
def test_every_claim_is_cited_or_has_a_reason_why_not(text: str):
    own = {id_ for id_ in KNOWN if id_.startswith(f"{text}.")}
    assert own - find_cited() - set(CLAIMS["set_aside"]) == set()


def test_no_claim_is_both_cited_and_unused():
    assert find_cited() & set(CLAIMS["set_aside"]) == set()


def test_claims_that_are_unused_or_limited_have_a_reason_on_one_line():
    for id_, reason in (CLAIMS["set_aside"] | CLAIMS["used_with_a_limit"]).items():
        assert id_ in KNOWN
        assert reason.strip()
        assert "\n" not in reason


def test_claims_used_with_a_limit_are_cited():
    assert set(CLAIMS["used_with_a_limit"]) - find_cited() == set()


def test_every_cited_claim_exists():
    assert {source: [str(place) for place in find_places()[source]] for source in find_cited() - set(KNOWN)} == {}


def test_every_cited_study_is_listed_with_its_strength():
    assert {source: [str(place) for place in find_places()[source]] for source in find_studies() - set(EVIDENCE)} == {}
    assert {each["strength"] for each in EVIDENCE.values()} <= set(make_sources.STRENGTHS)


def test_a_study_is_cited_in_the_same_words_wherever_it_is_cited():
    words = {
        study: {bundled.citations[study] for bundled in read_playbooks() if study in bundled.citations}
        for study in find_studies()
    }
    assert {study: said for study, said in words.items() if len(said) != 1} == {}


def test_every_study_says_what_was_found_of_it():
    assert [each["id"] for each in EVIDENCE.values() if not each.get("seen", "").strip()] == []


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_a_playbook_cites_every_source_that_it_declares(playbook_id):
    [bundled] = (each for each in read_playbooks() if each.id == playbook_id)
    used = {source.partition(".")[0] for source, _ in bundled.find_citations()}
    assert set(bundled.citations) - used == set()


def test_the_wording_about_a_study_was_reviewed_in_every_playbook_that_cites_it():
    cited_in = {study: {place.playbook for place in find_places()[study]} for study in find_studies() & set(EVIDENCE)}
    assert {study: where - set(EVIDENCE[study]["read"]) for study, where in cited_in.items()} == {
        study: set() for study in cited_in
    }


def test_an_overstatement_is_listed_while_it_is_in_the_playbook():
    bundled = read_playbooks()[0]
    evidence = {"id": "x2000", "read": [bundled.id]}
    place = make_sources.Place(bundled.id, "finding", "one")
    too_much = {"evidence": "x2000", "playbook": bundled.id, "where": "finding one", "better": "It may help."}

    present = [too_much | {"says": bundled.playbook.title}]
    removed = [too_much | {"says": "It cures everybody."}]

    assert make_sources.judge_wording(evidence, present, read_playbooks(), [place]).startswith("no, ")
    assert make_sources.judge_wording(evidence, removed, read_playbooks(), [place]) == "yes"
    assert (
        make_sources.judge_wording(evidence | {"read": []}, [], read_playbooks(), [place])
        == f"not reviewed yet in {bundled.id}"
    )


def test_the_page_is_up_to_date():
    kept = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    assert kept == make_sources.render_page(CLAIMS, read_playbooks()), "run `make sources`"
