"""Conditions in words: questions by their text, choices by their labels, and no doubt about what belongs together."""

from __future__ import annotations

import pytest

from careerkit.coaching.authoring.outline import build_flow, build_outline, list_nodes
from careerkit.coaching.authoring.wording import PlaybookWording
from playbook_cases import load_bundled
from scenario import parse_playbook

PLAYBOOK = parse_playbook("""
[[stage]]
id = "s"
title = "S"
question = [
  { id = "kind", type = "choice", ask = "Which kind?", choices = [{ id = "a", label = "Big" }, { id = "b", label = "Small" }] },
  { id = "load", type = "scale", ask = "How heavy?" },
  { id = "known", type = "yesno", ask = "Do they know?" },
  { id = "tags", type = "choices", ask = "Which signs?", choices = [{ id = "x", label = "Calls" }, { id = "y", label = "Mails" }] },
  { id = "people", type = "records", ask = "Who?", fields = [{ id = "power", type = "scale", ask = "How much say?" }] },
]
[[compute]]
id = "push"
label = "Push"
value = "load * 10"
bands = [{ id = "low", label = "little" }, { id = "high", from = 30, label = "much" }]
[[compute]]
id = "calm"
value = "load < 2"
[[action]]
id = "call"
do = "Call them"
""")
WORDING = PlaybookWording(PLAYBOOK)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("", ""),
        ("kind == 'a'", '"Which kind?" is "Big"'),
        ("kind != 'a'", '"Which kind?" isn\'t "Big"'),
        ("not kind == 'a'", '"Which kind?" isn\'t "Big"'),
        ("kind in ['a', 'b']", '"Which kind?" is one of "Big", "Small"'),
        ("kind not in ['a']", '"Which kind?" is not "Big"'),
        ("load >= 3", '"How heavy?" is at least 3'),
        ("not (load > 3)", 'not: "How heavy?" is above 3'),
        ("known", '"Do they know?" is yes'),
        ("not known", '"Do they know?" isn\'t yes'),
        ("known == false", '"Do they know?" is no'),
        ("'x' in tags", '"Which signs?" includes "Calls"'),
        ("'x' not in tags", '"Which signs?" doesn\'t include "Calls"'),
        ("tags in ['x', 'y']", '"Which signs?" has one of "Calls", "Mails"'),
        ("not (tags in ['x', 'y'])", '"Which signs?" has none of "Calls", "Mails"'),
        ("answered(load)", '"How heavy?" is answered'),
        ("not answered(load)", '"How heavy?" isn\'t answered'),
        ("band(push) == 'high'", 'Push is "much"'),
        ("push > 20", "Push is above 20"),
        ("calm", "calm holds"),
        ("not calm", "calm doesn't hold"),
        ("done(call)", '"Call them" is done'),
        ("count(tags) > 1", 'the number in "Which signs?" is above 1'),
        ("any(people, power >= 4)", 'for one of "Who?": "How much say?" is at least 4'),
        ("load + 2 * load > 5", '"How heavy?" + 2 * "How heavy?" is above 5'),
        ("(load + 2) * 3 > 5", '("How heavy?" + 2) * 3 is above 5'),
        ("known and load > 1 or calm", '("Do they know?" is yes and "How heavy?" is above 1) or calm holds'),
        ("known and (calm or load > 1)", '"Do they know?" is yes and (calm holds or "How heavy?" is above 1)'),
        ("known and calm and load > 1", '"Do they know?" is yes, and calm holds, and "How heavy?" is above 1'),
    ],
)
def test_a_condition_is_put_into_words(condition, words):
    assert WORDING.describe(condition) == words


def test_the_questions_behind_a_condition_are_found_through_computes():
    assert WORDING.list_names("band(push) == 'high' and known") == ("load", "known")


@pytest.mark.parametrize(
    "playbook_id", ["client/handover", "crisis/notice", "crisis/start", "lead/performance", "lead/skills", "path/choose", "path/offer", "path/rotate", "team/bridge", "team/conduct", "work/ask", "work/attitude", "work/start"]
)  # fmt: skip
def test_every_bundled_playbook_has_an_outline_and_a_flow_with_all_its_parts(playbook_id):
    playbook = load_bundled(playbook_id)
    shown = "\n".join(block.text for block in build_outline(playbook))
    nodes = {each.id for each in list_nodes(build_flow(playbook))}

    for each in playbook.questions:
        assert each.ask in shown
        assert each.id in nodes
    for rule in (*playbook.findings, *playbook.drafts, *playbook.actions):
        assert rule.id in nodes
    for draft in playbook.drafts:
        assert all(line.text in shown for line in draft.text)
