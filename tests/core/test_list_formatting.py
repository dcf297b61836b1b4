"""How a list of texts reads in one sentence."""

import pytest

from careerkit.core.facts import Facts
from careerkit.core.rendering import TextRenderer
from scenario import NOW, parse_playbook

LIST = """
format = 1
title = "Known"
summary = "What is known"
[[stage]]
id = "one"
title = "One"
[[stage.question]]
id = "known"
type = "list"
ask = "What do you know?"
"""


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (("skill", "care"), "skill, care"),
        (("It went out at 9:40.", "No answer yet"), "It went out at 9:40; No answer yet"),
        (("From Monday, all of it", "more"), "From Monday, all of it; more"),
        (("H.", "K."), "H., K."),
        (("send the open list every Friday", "call back"), "send the open list every Friday; call back"),
        (("call back within the hour", "no"), "call back within the hour, no"),
    ],
)
def test_words_are_separated_by_commas_and_sentences_by_semicolons(lines, read):
    facts = Facts(parse_playbook(LIST), {"known": lines}, today=NOW.date())

    assert TextRenderer(facts).render_value("known") == read


CHOICES = """
format = 1
title = "Causes"
summary = "What it was"
[[stage]]
id = "one"
title = "One"
[[stage.question]]
id = "causes"
type = "choices"
ask = "What was it?"
choices = [{ id = "load", label = "load" }, { id = "check", label = "no check, or a weak one" }, { id = "tools", label = "tools" }]
"""


@pytest.mark.parametrize(
    ("picked", "read"), [(("load", "tools"), "load, tools"), (("load", "check"), "load; no check, or a weak one")]
)
def test_labels_are_separated_by_semicolons_if_one_contains_a_comma(picked, read):
    facts = Facts(parse_playbook(CHOICES), {"causes": picked}, today=NOW.date())

    assert TextRenderer(facts).render_value("causes") == read
