"""All rules of the check, by their codes; and those about what the parts of a playbook mean together, which are warnings."""

from __future__ import annotations

from collections.abc import Mapping

from careerkit.core.playbook.format_rules import CONTENT_RULES, READING_RULES, LintRule, list_rules

MEANING_RULES = list_rules(
    "warning",
    (
        "never-true",
        "a condition, or a part of it, is never true",
        "No answers make it true, so what depends on it never shows. What can be answered, when it is asked, and the computes all count.",
        'when = "strain >= 6"   # a scale from 1 to 5',
        'when = "strain >= 4"',
    ),
    (
        "always-true",
        "a condition, or a part of it, is always true",
        "It looks as if it decided something, and doesn't. Remove it, or correct it.",
        'when = "asked or not asked"',
        'when = "asked"',
    ),
    (
        "unasked-no",
        "`not got` is also true when the yes/no question isn't asked",
        "A question that is hidden has no answer, and what isn't yes counts as not yes. Write got == false for a no.",
        'when = "not got"',
        'when = "got == false"',
    ),
    (
        "never-shown",
        "a condition contradicts one that encloses it",
        "It can be true elsewhere, but not where its stage, question, finding, draft, action or check-in is shown.",
        "[[stage]]\nwhen = \"reason == 'a'\"\n[[stage.question]]\nwhen = \"reason == 'b'\"",
        "[[stage]]\nwhen = \"reason in ['a', 'b']\"\n[[stage.question]]\nwhen = \"reason == 'b'\"",
    ),
    (
        "unused-line",
        "a line or date comes after one that is always used first",
        "Of these lines, the first one that holds is used. Whenever this one holds, an earlier one does too.",
        'title = ["Wait", { when = "kind == \'a\'", text = "Ask" }]',
        'title = [{ when = "kind == \'a\'", text = "Ask" }, "Wait"]',
    ),
    (
        "unreachable-band",
        "no value falls into a band",
        "The limits of a tally, the points of its lines and the conditions that exclude each other decide which values there are.",
        'max = 100\nbands = [{ id = "low" }, { id = "high", from = 150 }]',
        'max = 100\nbands = [{ id = "low" }, { id = "high", from = 60 }]',
    ),
    (
        "constant-tally",
        "a tally always has the same value",
        "Its lines never hold, or never move it between `min` and `max`.",
    ),
    (
        "may-be-missing",
        "a text inserts an answer that may be hidden or left out",
        "The person would read … in its place. Show the text only if there is an answer, or write it without.",
        'text = "Others pay {gap} % more."   # asked only for an offer',
        'text = [{ when = "answered(gap)", text = "Others pay {gap} % more." }]',
    ),
    (
        "late-insert",
        "a text of the quick lane inserts an answer that is asked later",
        "The card is shown after the last quick stage, and the text would have … in it.",
    ),
    (
        "missing-playbook",
        "`next` names a playbook that doesn't exist",
        "The person would be offered nothing. Correct the id, or install that playbook.",
        'next = "raise/market"',
        'next = "path/choose"',
    ),
    (
        "missing-carry",
        "`with` carries an answer to a question that the other playbook doesn't have",
        "The answer is left out. The keys of `with` are ids of the other playbook.",
    ),
    (
        "unused-question",
        "nothing uses the answer to a question",
        "Asking costs the person time. In a check-in, answers in the person's own words may just be kept.",
    ),
    (
        "unused-choice",
        "nothing tells these choices apart",
        "Two or more choices of a question aren't named anywhere, so picking one is the same as picking the other.",
    ),
    (
        "unused-compute",
        "nothing uses a compute, and it isn't shown",
        "The review shows each compute that has a label; without one, a compute is only there for others.",
    ),
    ("unused-source", "nothing cites a source", "Cite it with `source`, or remove it."),
    (
        "duplicate-label",
        "two choices or bands read the same",
        "The person can't tell them apart.",
        'choices = [{ id = "a", label = "Yes" }, { id = "b", label = "Yes" }]',
        'choices = [{ id = "a", label = "Yes, today" }, { id = "b", label = "Yes, later" }]',
    ),
    (
        "duplicate-title",
        "two titles or questions that may be shown together read the same",
        "Say in the title what is different.",
    ),
    (
        "always-late",
        "an action or check-in is late from the start",
        "The date it is counted from is at most, or by default, so close that the day is over: it becomes today. So does -1d.",
        'due = "day - 60d"   # day has max = "+30d"',
        'due = "day - 2d"',
    ),
    (
        "early-checkin",
        "a check-in comes before the action that it asks about",
        "There would be nothing to ask about yet.",
        '[[action]]\ndue = "+2w"\n[[checkin]]\nafter = "+1w"',
        '[[action]]\ndue = "+2w"\n[[checkin]]\nafter = "+3w"',
    ),
    (
        "private-draft",
        "a draft always inserts a private answer",
        "In a shared export the draft would have … in it. With a condition such as answered(boss), the line is left out.",
        'text = ["{boss} has to know."]',
        'text = [{ when = "answered(boss)", text = "{boss} has to know." }]',
    ),
    (
        "double-question",
        "a question asks two things",
        "There is one answer, and it is unclear which of them it is about.",
        'ask = "How do you feel, and what would you like to change?"',
        'ask = "What would you like to change?"',
    ),
    (
        "long-question",
        "a question has more than 25 words",
        "A tired person reads it twice. Move the background to `hint` or `why`.",
    ),
    (
        "unused-key",
        "a key has no effect",
        "The message says what it would need. `with` without `next` is an error.",
    ),
    (
        "late-first-action",
        "the first action may come after the deadline",
        "Someone with little time left needs the first step before it is too late.",
    ),
    (
        "unused-reach",
        "no action depends on `reach`",
        "Someone who can't be reached can't be told: at least one action should say what to do then.",
    ),
    (
        "not-inserted",
        "inserts don't work here",
        "The text is shown as it is written.",
        'label = "Tell {boss}"',
        'label = "Tell my manager"',
    ),
    (
        "no-quick-stage",
        "`quick` has no effect, because no stage is quick",
        "Add quick = true to a stage, or remove it.",
    ),
    (
        "late-quick",
        "something in the quick lane depends only on later answers",
        "It is never shown there. Ask the questions it depends on in a quick stage.",
    ),
    (
        "unused-allow",
        "an [[allow]] allows nothing",
        "The warning is gone. Remove it, so that it doesn't hide a new one.",
    ),
)

RULES: Mapping[str, LintRule] = {rule.code: rule for rule in (*READING_RULES, *CONTENT_RULES, *MEANING_RULES)}
"""In the order of docs/playbooks.md."""


def format_table() -> str:
    """The rules as a table in Markdown."""
    rows = (f"| `{rule.code}` | {rule.severity} | {rule.summary} |" for rule in RULES.values())
    return "\n".join(("| code | severity | what is wrong |", "|---|---|---|", *rows))
