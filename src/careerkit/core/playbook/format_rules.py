"""Rules of the check about the format: the file can be read and has the right keys and types, and what it refers to fits."""

from __future__ import annotations

from careerkit.core.errors import Severity
from careerkit.core.frozen import frozen


@frozen
class LintRule:
    """`summary` completes "it is reported that ..."; `explanation` says why it matters, and what to do.

    `bad` and `good` are fragments of a playbook; empty if an example can't be shown.
    """

    code: str
    severity: Severity
    summary: str
    explanation: str
    bad: str = ""
    good: str = ""


def list_rules(severity: Severity, *rows: tuple[str, ...]) -> tuple[LintRule, ...]:
    """Rules of one severity, each as its code, summary, explanation and, if there are examples, a bad and a good one."""
    return tuple(LintRule(row[0], severity, *row[1:]) for row in rows)


READING_RULES = list_rules(
    "error",
    (
        "no-such-file",
        "there is no such file",
        "Check the path. A playbook that is installed can also be given by its id.",
        "careerkit playbook check me/ask.tml",
        "careerkit playbook check me/ask",
    ),
    ("unreadable", "the file can't be read", "The message says why: often its permissions."),
    (
        "not-a-file",
        "this is neither a file nor a folder",
        "A playbook is a plain file; devices and pipes aren't read.",
    ),
    (
        "no-playbooks",
        "the folder has no playbooks",
        "All files in the folder, and in the folders within it, whose names end in .toml are checked. There are none.",
    ),
    (
        "too-large",
        "the file is larger than 1 MiB, or has more keys, values or lines of text than allowed",
        "The limits are listed in docs/playbooks.md. Split a playbook that has outgrown them in two, and link them with `next`.",
    ),
    ("empty-file", "the file is empty", "Start with format = 1.", "", 'format = 1\ntitle = "..."\nsummary = "..."'),
    ("not-utf8", "a byte isn't UTF-8", "Save the file as UTF-8 in your editor."),
    (
        "control-character",
        "there is a control character",
        "Control characters can move the cursor, or make a text look like another one. Remove it.",
        'ask = "How\\u202e are you?"',
        'ask = "How are you?"',
    ),
    (
        "toml-syntax",
        "the file is not valid TOML",
        "Nothing else is checked until the file can be parsed. The message shows what was expected at this place.",
        "min = 1 max = 5",
        "min = 1\nmax = 5",
    ),
    (
        "duplicate-key",
        "a key or table is defined twice",
        "[table] may appear once, [[table]] adds another entry, and a key appears once in each table.",
        '[[stage]]\nid = "a"\ntitle = "A"\ntitle = "B"',
        '[[stage]]\nid = "a"\ntitle = "B"',
    ),
    (
        "merge-conflict",
        "there is an unresolved merge conflict",
        "Keep one version, and remove the lines with <<<<<<<, ======= and >>>>>>>.",
    ),
    (
        "nested-too-deep",
        "tables, or chains of computes, are nested too deep",
        "Tables and lists can be nested 32 levels deep, and a chain of computes can have 32 links.",
    ),
    (
        "unknown-format",
        "the format is not 1",
        "This version reads format 1. Upgrade careerkit if the playbook needs a newer one.",
        "format = 2",
        "format = 1",
    ),
    (
        "unknown-key",
        "the key doesn't exist here",
        "Keys are checked so that a misspelled one isn't ignored. The hint has the closest key, or says where this one belongs.",
        '[[stage.question]]\nid = "a"\ntype = "yesno"\nask = "?"\nrequierd = false',
        '[[stage.question]]\nid = "a"\ntype = "yesno"\nask = "?"\nrequired = false',
    ),
    (
        "missing-key",
        "a required key is missing",
        "The tables in docs/playbooks.md list the required keys of each table.",
        '[[stage.question]]\nid = "a"\ntype = "yesno"',
        '[[stage.question]]\nid = "a"\ntype = "yesno"\nask = "Have you asked?"',
    ),
    (
        "misplaced-key",
        "the key isn't allowed in a field",
        "Fields of records are asked in every form, so they can't have a check of their own.",
        'fields = [{ id = "a", type = "number", ask = "?", check = "a > 0" }]',
        'fields = [{ id = "a", type = "number", ask = "?", min = 1 }]',
    ),
    (
        "conflicting-keys",
        "two keys exclude each other",
        "Each of them says what the other one says. Keep one.",
        'items = "options"\nchoices = [{ id = "a", label = "A" }]',
        'items = "options"',
    ),
    (
        "wrong-type",
        "the value is not of the right kind",
        "Types are strict, so that nothing is guessed: a number has no quotes, a text has.",
        'required = "yes"',
        "required = true",
    ),
    (
        "unknown-type",
        "there is no such question type",
        "The types are listed in docs/playbooks.md. Only the first seven may be fields of records.",
        'type = "multiple"',
        'type = "choices"',
    ),
    (
        "unknown-value",
        "the value is not one of the allowed words",
        "The message lists them.",
        'level = "bad"',
        'level = "stop"',
    ),
    (
        "bad-id",
        "the id is invalid",
        "Ids are used in expressions: lowercase letters, digits and _, starting with a letter, at most 40 characters.",
        'id = "My-Question"',
        'id = "my_question"',
    ),
    (
        "reserved-id",
        "the id is a word of the expression language",
        "An expression would read it as that word. For a field of records it is a warning: only expressions can't use it.",
        'id = "count"',
        'id = "how_many"',
    ),
    (
        "duplicate-id",
        "the id is already used",
        "Questions, computes and results of decisions share one namespace; every other kind of table has its own.",
    ),
    (
        "too-many-questions",
        "there are more than 500 questions",
        "Split the playbook in two, and link them with `next`.",
    ),
    ("no-stage", "there are no stages", "A playbook asks its questions in stages; it needs at least one."),
    ("empty-stage", "the stage has no questions", "Add a [[stage.question]] below it, or remove it."),
    (
        "no-choices",
        "there is nothing to choose from",
        "The list of choices is empty.",
        "choices = []",
        'choices = [{ id = "yes", label = "Yes" }, { id = "no", label = "No" }]',
    ),
    ("no-fields", "the records have no fields", "Each form needs at least one field."),
    (
        "bad-limit",
        "`min`, `max` or a similar number is out of range",
        "The message says which range is allowed.",
        'type = "scale"\nmin = 5\nmax = 5',
        'type = "scale"\nmin = 1\nmax = 5',
    ),
    (
        "bad-anchor",
        "the anchor is not a step of the scale",
        "The keys of `anchors` are whole numbers from `min` to `max`.",
        "min = 1\nmax = 5\nanchors = { 6 = 'too much' }",
        "min = 1\nmax = 5\nanchors = { 5 = 'too much' }",
    ),
    (
        "bad-date",
        "this is not a date, or an offset from today",
        "Write a day that exists, such as 2026-12-01, or an offset such as +30d.",
        'max = "31.12.2026"',
        "max = 2026-12-31",
    ),
    (
        "bad-default",
        "the default is not a valid answer",
        "A default is used as an answer, so it must fit the question.",
        'type = "scale"\ndefault = 7',
        'type = "scale"\ndefault = 3',
    ),
    (
        "bad-number",
        "a number is too large, has too many decimals, or can't be read",
        "Numbers are below 10^15 and have at most 15 decimals; in an expression at most 28 digits.",
    ),
    (
        "unknown-rule",
        "an [[allow]] names no warning",
        "`rule` is the code of a warning. Errors can't be allowed: a playbook with errors doesn't run.",
        '[[allow]]\nrule = "unused-questions"\nreason = "Kept for the journal."',
        '[[allow]]\nrule = "unused-question"\nreason = "Kept for the journal."',
    ),
)

CONTENT_RULES = list_rules(
    "error",
    (
        "unknown-id",
        "there is no such question or compute",
        "The hint has the closest id. In an expression, a value of a choice is written in quotes.",
        'when = "kind == mistake"',
        "when = \"kind == 'mistake'\"",
    ),
    (
        "unknown-source",
        "there is no such source",
        "`source` cites a [[source]] by its id; edwards1994.2 is claim 2 of edwards1994.",
    ),
    (
        "forward-reference",
        "this is not answered yet at this point",
        "Questions are asked in the order of the file. Ask that question earlier, or move this below it.",
    ),
    ("circle", "a compute depends on itself", "The message shows the circle. Remove one of its references."),
    (
        "unfit-source",
        "that question can't be used here",
        "The message says which type of question fits.",
        'deadline = "kind"   # a choice question',
        'deadline = "by_when"   # a date question',
    ),
    (
        "misplaced-again",
        "`again` stands outside a check-in",
        "`again` repeats an earlier question in a check-in. Elsewhere, write the question out in full.",
    ),
    ("misplaced-predicts", "a field has `predicts`", "Ask for the prediction in a question of its own."),
    ("empty-text", "the text is empty", "The person would see nothing here.", 'ask = ""', 'ask = "Who decides?"'),
    (
        "several-lines",
        "the text should be a single line",
        "It stands in lists, so it needs to be one line.",
    ),
    (
        "stray-brace",
        "a { doesn't start an insert",
        "Write {id} to insert an answer, or {{ for a brace.",
        'text = "Say {what happened}."',
        'text = "Say {what}."',
    ),
    ("inserted-grid", "a grid can't be inserted", "Insert a compute about it instead."),
    ("no-answer", "a note has no answer", "A note is only read. Refer to another question."),
    ("unfit-bands", "only a compute that is a number can have bands", "Remove the bands, or compute a number."),
    (
        "band-order",
        "the bands are not in order",
        "List bands from low to high. Every band except the first needs `from`.",
        'bands = [{ id = "high", from = 60 }, { id = "low" }]',
        'bands = [{ id = "low" }, { id = "high", from = 60 }]',
    ),
    ("no-bands", "band() needs a compute with bands", "Give that compute bands, or compare its value."),
    ("unfit-tally", "this is not a tally, or a scale", "A profile shows scales and tallies, as bars."),
    ("not-a-compute", "highest() and second() compare computes", "Add a compute with that value, and name it here."),
    (
        "bad-due",
        "this can't be read as a date or offset",
        "Write now, +30min, +4h, +2d, +1wd, +1w or +1m, a date question, or an offset from one.",
        'due = "tomorrow"',
        'due = "+1d"',
    ),
    (
        "bad-next",
        "this is not the id of a playbook",
        "It has the form group/name.",
        'next = "choose"',
        'next = "path/choose"',
    ),
    ("misplaced-quick", "`quick` stands in a check-in", "Check-ins have no quick lane. Remove it."),
    (
        "expression-syntax",
        "the expression can't be parsed",
        "The message says what is missing or left over at this place.",
        "when = \"kind in ('a', 'b')\"",
        "when = \"kind in ['a', 'b']\"",
    ),
    (
        "bad-character",
        "the character has no meaning in an expression",
        "The hint says what to write instead.",
        'when = "harm => 3"',
        'when = "harm >= 3"',
    ),
    (
        "bad-word",
        "this word can't be an id",
        "Words are written in small letters: and, or, not, ids.",
        'when = "asked AND done"',
        'when = "asked and done"',
    ),
    ("bad-text", "a quoted text isn't closed, or has an escape", "A quoted text ends with the quote it begins with."),
    ("expression-too-long", "the expression has more than 512 characters", "Make a part of it a compute."),
    ("expression-too-big", "the expression has more than 64 parts", "Make a part of it a compute."),
    ("expression-too-deep", "the expression is nested more than 16 levels deep", "Make the inner part a compute."),
    (
        "empty-condition",
        "the condition is an empty table",
        "Leave it out, or say when it holds.",
        "when = {}",
        "when = { kind = 'a' }",
    ),
    (
        "not-a-condition",
        "the expression isn't true or false",
        "Compare it with something.",
        'when = "harm"',
        'when = "harm >= 3"',
    ),
    (
        "wrong-kind",
        "the types don't match",
        "A number is compared with a number, a choice with an id in quotes.",
        "when = \"harm == 'high'\"",
        'when = "harm >= 4"',
    ),
    (
        "unknown-choice",
        "this is not one of the choices",
        "The hint has the closest choice.",
        "when = \"kind == 'mistke'\"",
        "when = \"kind == 'mistake'\"",
    ),
    ("unknown-function", "there is no such function", "The functions are listed in docs/playbooks.md."),
    (
        "wrong-arguments",
        "the arguments don't fit the function",
        "The hint shows how it is written.",
        'when = "count() > 1"',
        'when = "count(tags) > 1"',
    ),
    (
        "nested-aggregate",
        "a function over records stands inside another",
        "Make the inner one a compute.",
    ),
    ("misplaced-each", "each() isn't the whole value of a compute", "Make it a compute, and count() or insert that."),
    ("misplaced-done", "done() stands outside a check-in", "Only a check-in knows which actions are done."),
    ("unknown-action", "there is no such action before this check-in", "The hint has the closest action."),
    (
        "impossible-check",
        "a check refuses every answer",
        "Nobody could get past the question. A check says what a valid answer fulfils, not what is wrong with one.",
        'check = "wish > pay and wish < pay"',
        'check = "wish > pay"',
    ),
)
