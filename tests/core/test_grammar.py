"""How answers in a person's own words read inside a sentence of the playbook."""

from decimal import Decimal

import pytest

from careerkit.core.facts import Facts
from careerkit.core.questions.question import Line
from careerkit.core.rendering import TextRenderer
from scenario import NOW, parse_playbook

PLAYBOOK = """
format = 1
title = "Tell them"
summary = "Who is told"
[[stage]]
id = "one"
title = "One"
[[stage.question]]
id = "owner"
type = "text"
ask = "Who?"
[[stage.question]]
id = "harm"
type = "scale"
ask = "How much harm?"
min = 0
max = 4
anchors = { 0 = "none", 3 = "a client is lost" }
[[stage.question]]
id = "people"
type = "records"
ask = "Who else?"
fields = [{ id = "person", type = "text", ask = "Who?" }]
[[stage.question]]
id = "kind"
type = "choice"
ask = "Which?"
choices = [{ id = "slip", label = "A slip" }]
[[compute]]
id = "others"
value = "each(people, person)"
"""


def line(template, **answers):
    return TextRenderer(Facts(parse_playbook(PLAYBOOK), answers, today=NOW.date())).render(template)


@pytest.mark.parametrize(
    ("template", "read"),
    [
        ("Tell {owner}, today.", "Tell my manager, M, today."),
        ("Today ({owner})", "Today (My manager, M.)"),
        ("{owner} knows.", "My manager, M., knows."),
        ("It is known: {owner}", "It is known: My manager, M."),
        ("First your team. {owner} comes next.", "First your team. My manager, M., comes next."),
    ],
)
def test_an_article_loses_its_capital_inside_a_sentence_only(template, read):
    assert line(template, owner="My manager, M.") == read


@pytest.mark.parametrize(
    "name", ["An Nguyen", "An from sales", "A. Brown", "My in accounts", "The", "Ms W.", "Theo", "I and M."]
)
def test_a_name_keeps_its_capital(name):
    assert line("Tell {owner} today", owner=name) == f"Tell {name} today"


@pytest.mark.parametrize(
    ("template", "owner", "read"),
    [
        ("Ask {owner} whether it fits", "My manager, M.", "Ask my manager, M., whether it fits"),
        ("Ask {owner} whether it fits", "Dana, my manager", "Ask Dana, my manager, whether it fits"),
        ("Ask {owner} (once)", "My manager, M.", "Ask my manager, M. (once)"),
        ("Ask {owner}", "My manager, M.", "Ask my manager, M."),
        ("Ask {owner} whether it fits", "Dana", "Ask Dana whether it fits"),
        ("It was {owner} again", "a mail, lost on the way from one desk to the next", None),
    ],
)
def test_a_job_title_after_a_name_ends_with_a_comma_if_the_sentence_continues(template, owner, read):
    assert line(template, owner=owner) == (read or template.replace("{owner}", owner))


def test_a_job_title_in_capitals_is_not_a_name():
    assert line("Tell {owner} today", owner="The CTO") == "Tell the CTO today"


def test_the_first_of_several_people_follows_the_same_rule():
    people = ({"person": "The director"}, {"person": "W."})
    assert line("Tell {others}", people=people) == "Tell the director, W."


def test_a_label_of_the_playbook_stays_as_it_was_written():
    assert line("It was {kind}", kind="slip") == "It was A slip"


@pytest.mark.parametrize(("step", "read"), [(3, "3 of 4 (a client is lost)"), (2, "2 of 4")])
def test_a_step_of_a_scale_is_shown_with_its_end_and_what_it_says(step, read):
    facts = Facts(parse_playbook(PLAYBOOK), {"harm": Decimal(step)}, today=NOW.date())
    assert TextRenderer(facts).render_answer("harm", facts.value("harm")) == read


def test_a_step_that_is_inserted_stays_a_figure():
    assert line("2 x {harm} for the harm", harm=Decimal(3)) == "2 x 3 for the harm"


@pytest.mark.parametrize("said", ["Where is it?", "'Go to him tomorrow.'", '"Why?"', "Not again!"])
def test_no_full_stop_follows_an_ending(said):
    assert line("They said: {owner}. Then they left.", owner=said) == f"They said: {said} Then they left."


@pytest.mark.parametrize("said", ["it went out.", "the clinic's", "a so-called 'fix'"])
def test_an_unfinished_sentence_gets_one_full_stop(said):
    assert line("They said: {owner}.", owner=said) == f"They said: {said.removesuffix('.')}."


def whole_line(owner):
    renderer = TextRenderer(Facts(parse_playbook(PLAYBOOK), {"owner": owner}, today=NOW.date()), as_speech=True)
    return renderer.render_lines((Line("{owner}"),))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("I sent the wrong list", "I sent the wrong list."),
        ("I sent the wrong list.", "I sent the wrong list."),
        ("Did you get it?", "Did you get it?"),
        ("Later", "Later"),
        ("[the list] (old)", "[the list] (old)"),
    ],
)
def test_a_sentence_that_is_a_line_of_its_own_ends_with_a_full_stop(said, read):
    assert whole_line(said) == read


@pytest.mark.parametrize("said", ["Nobody calls back", "Nobody calls back.", "Does nobody call back?"])
def test_a_quotation_followed_by_a_sentence_is_closed(said):
    closed = said if said[-1] in ".?" else f"{said}."
    assert line('You said: "{owner}" I heard that.', owner=said) == f'You said: "{closed}" I heard that.'
    assert line('Keep my word: "{owner}" and go', owner=said) == f'Keep my word: "{said}" and go'


REPEATED = PLAYBOOK.replace(
    'ask = "Who?"\n[[stage.question]]',
    """ask = "Finish the sentence: \\"In fact, I'll ...\\""
[[stage.question]]
id = "need"
type = "text"
ask = "What do you need?"
hint = "Finish the sentence 'I don't need ...': more than that."
[[stage.question]]""",
    1,
)


@pytest.mark.parametrize(
    ("owner", "read"),
    [
        ("be late", "In fact, I'll be late."),
        ("I'll be late", "In fact, I'll be late."),
        ("I will be late", "In fact, I'll be late."),
        ("In fact I’ll be late.", "In fact, I'll be late."),
        ("... will be late", "In fact, I'll be late."),
        ("ill be late", "In fact, I'll ill be late."),
        ("I'll", "In fact, I'll I'll."),
        ("be in fact late", "In fact, I'll be in fact late."),
    ],
)
def test_the_words_of_a_sentence_to_finish_are_not_said_twice(owner, read):
    facts = Facts(parse_playbook(REPEATED), {"owner": owner}, today=NOW.date())
    assert TextRenderer(facts).render("In fact, I'll {owner}.") == read


@pytest.mark.parametrize("need", ["a mentor", "need a mentor", "I don't need a mentor"])
def test_the_sentence_to_finish_may_be_in_the_hint(need):
    facts = Facts(parse_playbook(REPEATED), {"need": need}, today=NOW.date())
    assert TextRenderer(facts).render("I don't need {need}.") == "I don't need a mentor."


def test_an_answer_to_any_other_question_keeps_its_first_words():
    assert line("I {owner}.", owner="I was late") == "I I was late."
