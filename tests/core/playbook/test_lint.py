"""Every rule of the format, broken once: the place and code of the problem."""

from __future__ import annotations

import pytest
from playbook_samples import CHECKIN, CHOICES, HEAD, STAGE, finding, question, table

from careerkit.core.playbook.loader import check_playbook
from scenario import UNFINISHED

KIND = question("kind", "choice", CHOICES)

BROKEN: list[tuple[str, str, list[str]]] = [
    ("a key that doesn't exist", STAGE + question("x", rest="requierd = true"), ["13:1: unknown-key"]),
    ("a key of another type of question", STAGE + question("x", rest='unit = "EUR"'), ["13:1: unknown-key"]),
    ("a plural for a table", STAGE + question("x") + table("findings", 'id = "f"'), ["13:3: unknown-key"]),
    ("a key that is missing", STAGE + '[[stage.question]]\nid = "x"\ntype = "yesno"\n', ["9:1: missing-key"]),
    (
        "a head without its keys",
        '[[stage]]\nid = "s"\ntitle = "S"\n' + question("x"),
        ["1:1: missing-key", "1:1: missing-key", "1:1: missing-key"],
    ),
    ("a text for true or false", STAGE + question("x", rest='required = "yes"'), ["13:12: wrong-type"]),
    ("a number for a text", STAGE + question("x", rest="hint = 3"), ["13:8: wrong-type"]),
    ("a date for a text", STAGE + question("x", rest="hint = 2026-01-01"), ["13:8: wrong-type"]),
    ("a text for a list", STAGE + question("x", rest='source = "a"'), ["13:10: wrong-type"]),
    (
        "a text for a table",
        STAGE + question("x", "choice", 'choices = [ "a", "b" ]'),
        ["13:13: wrong-type", "13:18: wrong-type"],
    ),
    ("a text for a number", STAGE + question("x", "number", 'max = "3"'), ["13:7: wrong-type"]),
    ("decimals for a whole number", STAGE + question("x", "scale", "max = 3.5"), ["13:7: wrong-type"]),
    (
        "a question that is not a table",
        HEAD + '[[stage]]\nid = "s"\ntitle = "S"\nquestion = [ "x" ]\n',
        ["8:14: wrong-type"],
    ),
    ("a type that doesn't exist", STAGE + question("x", "chioce", CHOICES), ["11:8: unknown-type"]),
    ("a type that is a number", STAGE + '[[stage.question]]\nid = "x"\ntype = 3\nask = "?"\n', ["11:8: wrong-type"]),
    ("a type that is missing", STAGE + '[[stage.question]]\nid = "x"\nask = "?"\n', ["9:1: missing-key"]),
    (
        "a grid as a field",
        STAGE + question("x", "records", 'fields = [ { id = "f", type = "grid", ask = "?" } ]'),
        ["13:31: unknown-type"],
    ),
    (
        "a repeated question as a field",
        STAGE + question("y") + question("x", "records", 'fields = [ { id = "f", again = "y" } ]'),
        ["17:12: missing-key", "17:24: misplaced-again"],
    ),
    (
        "a repeated question as a field, with a type",
        STAGE
        + question("y")
        + question("x", "records", 'fields = [ { id = "f", type = "text", ask = "?", again = "y" } ]'),
        ["17:50: misplaced-again"],
    ),
    (
        "a level that doesn't exist",
        STAGE + question("x") + table("finding", 'id = "f"\ntitle = "F"\ntext = "x"\nlevel = "god"'),
        ["17:9: unknown-value"],
    ),
    ("a condition that is a number", STAGE + question("x", rest="when = 3"), ["13:8: wrong-type"]),
    ("a condition without a question", STAGE + question("x", rest="when = {}"), ["13:8: empty-condition"]),
    ("a condition with a list", STAGE + question("x", rest="when = { y = [ 1 ] }"), ["13:8: wrong-type"]),
    (
        "a line of text that is a number",
        STAGE + question("x") + table("draft", 'id = "d"\ntitle = "D"\ntext = [ "a", 3 ]'),
        ["16:15: wrong-type"],
    ),
    ("another format", HEAD.replace("1", "2", 1) + STAGE[len(HEAD) :] + question("x"), ["1:10: unknown-format"]),
    ("minutes below one", HEAD.strip() + "\nminutes = 0\n" + STAGE[len(HEAD) :] + question("x"), ["4:11: bad-limit"]),
    ("an id in capitals", STAGE + question("Xx"), ["10:6: bad-id"]),
    ("an id that is too long", STAGE + question("x" * 41), ["10:6: bad-id"]),
    ("an id that is a word of the expressions", STAGE + question("count"), ["10:6: reserved-id"]),
    (
        "a field that is a word of the expressions",
        STAGE + question("x", "records", 'fields = [ { id = "at", type = "text", ask = "?" } ]'),
        ["13:19: reserved-id (warning)"],
    ),
    ("an id twice among questions", STAGE + question("x") + question("x"), ["14:6: duplicate-id"]),
    (
        "a compute with a question's id",
        STAGE + question("x") + table("compute", 'id = "x"\nvalue = "1"'),
        ["14:6: duplicate-id"],
    ),
    (
        "what a decision defines",
        STAGE
        + question("d_first")
        + question("r", "rank", CHOICES)
        + question("g", "grid", 'rows = [ { id = "o", label = "O" } ]\ncolumns = "r"')
        + table("decision", 'id = "d"\nweights = "r"\nscores = "g"'),
        ["25:6: duplicate-id"],
    ),
    (
        "a decision's id twice",
        STAGE
        + question("r", "rank", CHOICES)
        + question("g", "grid", 'rows = [ { id = "o", label = "O" } ]\ncolumns = "r"')
        + table("decision", 'id = "d"\nweights = "r"\nscores = "g"') * 2,
        ["25:6: duplicate-id"],
    ),
    (
        "a field with a question's id",
        STAGE + question("x") + question("y", "records", 'fields = [ { id = "x", type = "text", ask = "?" } ]'),
        ["17:19: duplicate-id"],
    ),
    (
        "a field twice in one form",
        STAGE
        + question(
            "y",
            "records",
            'fields = [ { id = "f", type = "text", ask = "?" }, { id = "f", type = "text", ask = "?" } ]',
        ),
        ["13:59: duplicate-id"],
    ),
    (
        "a field called item beside items",
        STAGE
        + question("l", "list")
        + question("y", "records", 'items = "l"\nfields = [ { id = "item", type = "text", ask = "?" } ]'),
        ["18:19: duplicate-id"],
    ),
    (
        "a question called item beside items",
        STAGE
        + question("item", "list")
        + question("y", "records", 'items = "item"\nfields = [ { id = "f", type = "text", ask = "?" } ]'),
        ["17:9: duplicate-id"],
    ),
    (
        "a choice's id twice",
        STAGE + question("x", "choice", 'choices = [ { id = "a", label = "A" }, { id = "a", label = "B" } ]'),
        ["13:47: duplicate-id"],
    ),
    (
        "a choice's id in capitals in a field",
        STAGE
        + question(
            "x",
            "records",
            'fields = [ { id = "f", type = "choice", ask = "?", choices = [ { id = "A", label = "A" } ] } ]',
        ),
        ["13:71: bad-id"],
    ),
    (
        "a stage's id twice",
        STAGE + question("x") + '[[stage]]\nid = "s"\ntitle = "S"\n' + question("y"),
        ["14:6: duplicate-id"],
    ),
    (
        "a finding's id again in a check-in",
        STAGE
        + question("x")
        + table("finding", 'id = "f"\ntitle = "F"\ntext = "x"')
        + table("checkin", 'id = "c"\nafter = "+1d"\ntitle = "C"')
        + table("checkin.finding", 'id = "f"\ntitle = "F"\ntext = "x"'),
        ["22:6: duplicate-id"],
    ),
    (
        "a band's id twice",
        STAGE
        + question("x", "scale")
        + table("compute", 'id = "c"\nvalue = "x"\nbands = [ { id = "a" }, { id = "a", from = 2 } ]'),
        ["16:32: duplicate-id"],
    ),
    (
        "a source's id with a dot",
        table("source", 'id = "S.1"\ncite = "C"').join([HEAD, ""]) + STAGE[len(HEAD) :] + question("x"),
        ["6:6: bad-id"],
    ),
    (
        "a source twice",
        HEAD + table("source", 'id = "S1"\ncite = "C"') * 2 + STAGE[len(HEAD) :] + question("x"),
        ["9:6: duplicate-id"],
    ),
    (
        "a source that is not declared",
        HEAD
        + table("source", 'id = "S1"\ncite = "C"')
        + STAGE[len(HEAD) :]
        + question("x", rest='source = [ "S1.3", "S2.4" ]'),
        ["16:20: unknown-source"],
    ),
    ("too many questions", STAGE + "".join(question(f"q{n}") for n in range(501)), ["2009:1: too-many-questions"]),
    ("a stage without questions", STAGE, ["5:1: empty-stage"]),
    ("a playbook without stages", HEAD, ["1:1: no-stage"]),
    ("nothing to choose from", STAGE + question("x", "choice"), ["9:1: missing-key"]),
    ("no choices", STAGE + question("x", "choice", "choices = []"), ["13:11: no-choices"]),
    (
        "choices and items",
        STAGE + question("l", "list") + question("x", "choice", CHOICES + '\nitems = "l"'),
        ["18:1: conflicting-keys"],
    ),
    (
        "items of a question that doesn't exist",
        STAGE + question("list_a", "list") + question("x", "choice", 'items = "lsit_a"'),
        ["17:9: unknown-id"],
    ),
    (
        "items of a question that is later",
        STAGE + question("x", "choice", 'items = "l"') + question("l", "list"),
        ["13:9: forward-reference"],
    ),
    (
        "items of a question without items",
        STAGE + question("n", "number") + question("x", "choice", 'items = "n"'),
        ["17:9: unfit-source"],
    ),
    (
        "rows of a question without items",
        STAGE + question("n", "number") + question("x", "grid", 'rows = "n"\ncolumns = []'),
        ["17:8: unfit-source", "18:11: no-choices"],
    ),
    ("records without fields", STAGE + question("x", "records", "fields = []"), ["13:10: no-fields"]),
    (
        "limits beside items",
        STAGE
        + question("l", "list")
        + question("x", "records", 'items = "l"\nmax = 3\nfields = [ { id = "f", type = "text", ask = "?" } ]'),
        ["18:1: unused-key (warning)"],
    ),
    ("a scale without steps", STAGE + question("x", "scale", "min = 5"), ["13:7: bad-limit"]),
    (
        "an anchor off the scale",
        STAGE + question("x", "scale", 'anchors = { 1 = "a", 6 = "b", x = "c" }'),
        ["13:22: bad-anchor", "13:31: bad-anchor"],
    ),
    ("a number's limits in the wrong order", STAGE + question("x", "number", "min = 3\nmax = 2"), ["14:7: bad-limit"]),
    ("a negative minimum", STAGE + question("x", "list", "min = -1"), ["13:7: bad-limit"]),
    ("more picks than choices", STAGE + question("x", "choices", CHOICES + "\nmin = 2\nmax = 3"), ["15:7: bad-limit"]),
    ("a maximum below the minimum", STAGE + question("x", "list", "min = 3\nmax = 2"), ["14:7: bad-limit"]),
    ("more than fifty", STAGE + question("x", "list", "max = 51"), ["13:7: bad-limit"]),
    ("a text of no length", STAGE + question("x", "text", "max = 0"), ["13:7: bad-limit"]),
    (
        "a limit that is not a date",
        STAGE + question("x", "date", 'min = "tomorrow"\nmax = "+4h"'),
        ["13:7: bad-date", "14:7: bad-date"],
    ),
    (
        "a date's limits in the wrong order",
        STAGE
        + question("x", "date", 'min = "+2d"\nmax = 2026-01-01')
        + question("y", "date", 'min = "+1w"\nmax = "+2d"'),
        ["20:7: bad-limit"],
    ),
    ("a check's text without a check", STAGE + question("x", rest='check_text = "no"'), ["13:1: unused-key (warning)"]),
    (
        "again outside of a check-in",
        STAGE + question("x") + '[[stage.question]]\nid = "y"\nagain = "x"\n',
        ["15:1: misplaced-again"],
    ),
    (
        "again of something that doesn't exist",
        STAGE
        + question("trust")
        + table("checkin", 'id = "c"\nafter = "+1d"\ntitle = "C"')
        + table("checkin.question", 'id = "y"\nagain = "turst"'),
        ["19:9: unknown-id"],
    ),
    (
        "again of what comes later",
        STAGE
        + question("x")
        + table("checkin", 'id = "c"\nafter = "+1d"\ntitle = "C"')
        + table("checkin.question", 'id = "y"\nagain = "z"')
        + question("z", table="checkin.question"),
        ["19:9: forward-reference"],
    ),
    (
        "again of a note",
        STAGE
        + question("x", "note", 'text = "n"')
        + table("checkin", 'id = "c"\nafter = "+1d"\ntitle = "C"')
        + table("checkin.question", 'id = "y"\nagain = "x"'),
        ["20:9: no-answer"],
    ),
    (
        "again with another type",
        STAGE
        + question("x")
        + table("checkin", 'id = "c"\nafter = "+1d"\ntitle = "C"')
        + table("checkin.question", 'id = "y"\ntype = "text"\nagain = "x"'),
        ["19:8: conflicting-keys"],
    ),
    (
        "again with its own keys",
        STAGE
        + question("x", "scale")
        + table("checkin", 'id = "c"\nafter = "+1d"\ntitle = "C"')
        + table("checkin.question", 'id = "y"\nagain = "x"\nmax = 3'),
        ["20:1: unknown-key"],
    ),
    (
        "a prediction of nothing",
        STAGE + question("x", "number", 'min = 0\nmax = 100\npredicts = "glad"'),
        ["15:12: unknown-id"],
    ),
    (
        "a prediction of something other than yesno",
        STAGE
        + question("x", "number", 'min = 0\nmax = 100\npredicts = "glad"')
        + table("checkin", 'id = "c"\nafter = "+1d"\ntitle = "C"')
        + question("glad", "number", table="checkin.question"),
        ["15:12: unfit-source"],
    ),
    (
        "a prediction that is not a probability",
        STAGE
        + question("x", "scale", 'max = 10\npredicts = "glad"')
        + table("checkin", 'id = "c"\nafter = "+1d"\ntitle = "C"')
        + question("glad", table="checkin.question"),
        ["14:1: bad-limit"],
    ),
    (
        "a prediction in a field",
        STAGE
        + question(
            "x", "records", 'fields = [ { id = "f", type = "number", ask = "?", min = 0, max = 100, predicts = "x" } ]'
        ),
        ["13:72: misplaced-predicts"],
    ),
    ("an id that doesn't exist", STAGE + KIND + finding('text = "x"\nwhen = "kidn == \'a\'"'), ["18:9: unknown-id"]),
    (
        "a value that is not one of the choices",
        STAGE + KIND + finding('text = "x"\nwhen = "kind == \'c\'"'),
        ["18:17: unknown-choice"],
    ),
    (
        "a value in a table that is not one of the choices",
        STAGE + KIND + finding('text = "x"\nwhen = { kind = "c" }'),
        ["18:17: unknown-choice"],
    ),
    (
        "a question in a table that doesn't exist",
        STAGE + KIND + finding('text = "x"\nwhen = { kidn = "a" }'),
        ["18:10: unknown-id"],
    ),
    (
        "a condition that can't be parsed",
        STAGE + KIND + finding('text = "x"\nwhen = "kind == "'),
        ["18:17: expression-syntax"],
    ),
    (
        "a condition that is not yes or no",
        STAGE + question("n", "number") + finding('text = "x"\nwhen = "n"'),
        ["17:9: not-a-condition"],
    ),
    (
        "operands that don't fit",
        STAGE + question("n", "number") + finding('text = "x"\nwhen = "n == true"'),
        ["17:11: wrong-kind"],
    ),
    (
        "a column behind escapes",
        STAGE + question("n", "number") + finding('text = "x"\nwhen = "\\u0020 \\n m > 3"'),
        ["17:19: unknown-id"],
    ),
    (
        "a column in several lines",
        STAGE + question("n", "number") + finding('text = "x"\nwhen = """\nn > 3 and \\\n   m > 3"""'),
        ["19:4: unknown-id"],
    ),
    ("a question about itself", STAGE + question("x", rest='when = "x"'), ["13:9: forward-reference"]),
    (
        "a question about a later one",
        STAGE + question("x", rest='when = "y"') + question("y"),
        ["13:9: forward-reference"],
    ),
    (
        "a later question through a compute",
        STAGE
        + question("x", rest='when = "c > 1"')
        + question("y", "scale")
        + table("compute", 'id = "d"\nvalue = "y"')
        + table("compute", 'id = "c"\nvalue = "d"'),
        ["13:9: forward-reference"],
    ),
    (
        "a later question through a tally",
        STAGE
        + question("x", rest='when = "c > 1"')
        + question("y")
        + table("compute", 'id = "c"\ntally = [ { id = "l", when = "y", points = 1 } ]'),
        ["13:9: forward-reference"],
    ),
    (
        "a later question through a decision",
        STAGE
        + question("x", rest='when = "d_share > 1"')
        + question("r", "rank", CHOICES)
        + question("g", "grid", 'rows = [ { id = "o", label = "O" } ]\ncolumns = "r"')
        + table("decision", 'id = "d"\nweights = "r"\nscores = "g"'),
        ["13:9: forward-reference"],
    ),
    ("a stage about its own question", STAGE.rstrip() + '\nwhen = "x"\n' + question("x"), ["8:9: forward-reference"]),
    (
        "a check about a later question",
        STAGE + question("x", rest='check = "x and y"') + question("y"),
        ["13:16: forward-reference"],
    ),
    (
        "a field with a condition",
        STAGE
        + question(
            "x",
            "records",
            'fields = [ { id = "f", type = "text", ask = "?", when = "g" }, { id = "g", type = "yesno", ask = "?" } ]',
        ),
        ["13:58: unknown-id"],
    ),
    (
        "a finding about a check-in",
        STAGE + question("x") + CHECKIN + question("y", table="checkin.question") + finding('text = "x"\nwhen = "y"'),
        ["25:9: forward-reference"],
    ),
    (
        "a check-in about its own question",
        STAGE
        + question("x")
        + table("checkin", 'id = "c"\nafter = "+1d"\ntitle = "C"\nwhen = "y"')
        + question("y", table="checkin.question"),
        ["17:9: forward-reference"],
    ),
    (
        "done outside of a check-in",
        STAGE + question("x") + table("action", 'id = "a"\ndo = "A"\nwhen = "done(a)"'),
        ["16:9: misplaced-done"],
    ),
    (
        "done of an action that doesn't exist",
        STAGE
        + question("x")
        + table("action", 'id = "aa"\ndo = "A"')
        + CHECKIN
        + question("y", rest='when = "done(ab)"', table="checkin.question"),
        ["24:14: unknown-action"],
    ),
    (
        "done of an action of the same check-in",
        STAGE
        + question("x")
        + CHECKIN
        + question("y", rest='when = "done(b)"', table="checkin.question")
        + table("checkin.action", 'id = "b"\ndo = "A"'),
        ["21:14: unknown-action"],
    ),
    (
        "a condition about a note",
        STAGE + question("x", "note", 'text = "n"') + finding('text = "x"\nwhen = "x"'),
        ["18:9: no-answer"],
    ),
    (
        "a compute of texts",
        STAGE + question("x", "text") + table("compute", 'id = "c"\nvalue = "x"'),
        ["15:10: wrong-kind"],
    ),
    (
        "computes in a circle",
        STAGE
        + question("x")
        + table("compute", 'id = "c"\nvalue = "d + 1"')
        + table("compute", 'id = "d"\nvalue = "c + 1"'),
        ["15:9: circle"],
    ),
    (
        "a tally that depends on itself",
        STAGE + question("x") + table("compute", 'id = "c"\ntally = [ { id = "l", when = "c > 3", points = 1 } ]'),
        ["15:9: circle"],
    ),
    (
        "too long a chain of computes",
        STAGE
        + question("x", "number")
        + table("compute", 'id = "c0"\nvalue = "x"')
        + "".join(table("compute", f'id = "c{n}"\nvalue = "c{n - 1}"') for n in range(1, 40)),
        ["111:9: nested-too-deep"],
    ),
    (
        "highest of questions",
        STAGE
        + question("x", "number")
        + question("y", "number")
        + table("compute", 'id = "c"\nvalue = "highest(x, y)"'),
        ["19:18: not-a-compute", "19:21: not-a-compute"],
    ),
    ("a compute of nothing", STAGE + question("x") + table("compute", 'id = "c"'), ["13:1: missing-key"]),
    (
        "a value and a tally",
        STAGE
        + question("x")
        + table("compute", 'id = "c"\nvalue = "1"\ntally = [ { id = "l", when = "x", points = 1 } ]'),
        ["16:1: conflicting-keys"],
    ),
    (
        "a start without a tally",
        STAGE + question("x") + table("compute", 'id = "c"\nvalue = "1"\nstart = 3'),
        ["16:1: conflicting-keys"],
    ),
    (
        "a tally's limits in the wrong order",
        STAGE + question("x") + table("compute", 'id = "c"\nmax = 0\ntally = [ { id = "l", when = "x", points = 1 } ]'),
        ["15:7: bad-limit"],
    ),
    (
        "bands of yes or no",
        STAGE + question("x") + table("compute", 'id = "c"\nvalue = "x"\nbands = [ { id = "a" } ]'),
        ["16:1: unfit-bands"],
    ),
    (
        "a first band with from",
        STAGE + question("x") + table("compute", 'id = "c"\nvalue = "1"\nbands = [ { id = "a", from = 3 } ]'),
        ["16:30: band-order"],
    ),
    (
        "a second band without from",
        STAGE + question("x") + table("compute", 'id = "c"\nvalue = "1"\nbands = [ { id = "a" }, { id = "b" } ]'),
        ["16:25: band-order"],
    ),
    (
        "bands out of order",
        STAGE
        + question("x")
        + table(
            "compute", 'id = "c"\nvalue = "1"\nbands = [ { id = "a" }, { id = "b", from = 3 }, { id = "c", from = 3 } ]'
        ),
        ["16:68: band-order"],
    ),
    (
        "a decision about nothing",
        STAGE + question("x") + table("decision", 'id = "d"\nweights = "w"\nscores = "x"'),
        ["15:11: unknown-id", "16:10: unfit-source"],
    ),
    (
        "weights of the wrong type",
        STAGE
        + question("x")
        + question("g", "grid", 'rows = [ { id = "o", label = "O" } ]\ncolumns = [ { id = "o", label = "O" } ]')
        + table("decision", 'id = "d"\nweights = "x"\nscores = "g"\ndraws = 0'),
        ["21:11: unfit-source", "23:9: bad-limit"],
    ),
    (
        "columns that are not weighed",
        STAGE
        + question("r", "rank", CHOICES)
        + question("g", "grid", 'rows = [ { id = "o", label = "O" } ]\ncolumns = [ { id = "a", label = "A" } ]')
        + table("decision", 'id = "d"\nweights = "r"\nscores = "g"'),
        ["23:10: unfit-source"],
    ),
    ("a finding that says nothing", STAGE + question("x") + finding('when = "x"'), ["13:1: missing-key"]),
    (
        "a tally of a value",
        STAGE + question("x") + table("compute", 'id = "c"\nvalue = "1"') + finding('tally = "c"'),
        ["19:9: unfit-tally"],
    ),
    ("a tally that doesn't exist", STAGE + question("x") + finding('tally = "c"'), ["16:9: unknown-id"]),
    (
        "a profile of something that isn't a number",
        STAGE + question("x") + question("y", "scale") + finding('text = "x"\nprofile = [ "x", "y", "z" ]'),
        ["21:13: unfit-tally", "21:23: unknown-id"],
    ),
    (
        "a profile of a check-in",
        STAGE
        + question("x")
        + CHECKIN
        + question("y", "scale", table="checkin.question")
        + finding('text = "x"\nprofile = [ "y" ]'),
        ["25:13: forward-reference"],
    ),
    (
        "a next playbook with an invalid id",
        STAGE + question("x") + finding('text = "x"\nnext = "path choose"'),
        ["17:8: bad-next"],
    ),
    (
        "answers carried nowhere",
        STAGE + question("x") + finding('text = "x"\nwith = { a = "x" }'),
        ["17:1: unused-key"],
    ),
    (
        "answers carried that don't exist",
        STAGE + question("x") + finding('text = "x"\nnext = "a/b"\nwith = { a = "y" }'),
        ["18:14: unknown-id"],
    ),
    (
        "a due date that isn't one",
        STAGE + question("x") + table("action", 'id = "a"\ndo = "A"\ndue = "soon"'),
        ["16:7: bad-due"],
    ),
    (
        "a due date after something that isn't a date",
        STAGE + question("x") + table("action", 'id = "a"\ndo = "A"\ndue = "x + 2d"'),
        ["16:7: bad-due"],
    ),
    (
        "a due date after something that doesn't exist",
        STAGE + question("x") + table("action", 'id = "a"\ndo = "A"\ndue = "y"'),
        ["16:7: unknown-id"],
    ),
    (
        "a due date that is later",
        STAGE
        + question("x")
        + CHECKIN
        + question("y", "date", table="checkin.question")
        + table("action", 'id = "a"\ndo = "A"\ndue = "y"'),
        ["24:7: forward-reference"],
    ),
    (
        "a check-in after no time",
        STAGE + question("x") + table("checkin", 'id = "c"\nafter = "a week"\ntitle = "C"'),
        ["15:9: bad-due"],
    ),
    (
        "a quick finding in a check-in",
        STAGE + question("x") + CHECKIN + table("checkin.finding", 'id = "f"\ntitle = "F"\ntext = "x"\nquick = true'),
        ["21:1: misplaced-quick"],
    ),
    (
        "a quick finding without a quick stage",
        STAGE + question("x") + finding('text = "x"\nquick = true'),
        ["17:1: no-quick-stage (warning)"],
    ),
    (
        "a quick finding that depends on later answers",
        STAGE.rstrip()
        + "\nquick = true\n"
        + question("x")
        + '[[stage]]\nid = "t"\ntitle = "T"\n'
        + question("y")
        + finding('text = "x"\nquick = true\nwhen = "y"'),
        ["25:8: late-quick (warning)"],
    ),
    ("a brace that begins nothing", STAGE + question("x") + finding('text = "so { it } is"'), ["16:12: stray-brace"]),
    (
        "an insert of something that doesn't exist",
        STAGE + question("owner", "text") + finding('text = "so, {onwer}"'),
        ["16:14: unknown-id"],
    ),
    (
        "an insert behind escapes and breaks",
        STAGE + question("owner", "text") + finding('text = """\nso,\\t\\u00e9\n  and {onwer}"""'),
        ["18:8: unknown-id"],
    ),
    (
        "an insert in a line with a condition",
        STAGE + question("owner", "text") + finding('text = [ "a", { text = "b {c}", when = "answered(ownr)" } ]'),
        ["16:28: unknown-id", "16:50: unknown-id"],
    ),
    (
        "an insert of a later answer",
        STAGE + question("x", rest='hint = "{y}"') + question("y"),
        ["13:10: forward-reference"],
    ),
    (
        "an insert of a grid",
        STAGE
        + question("g", "grid", 'rows = [ { id = "o", label = "O" } ]\ncolumns = [ { id = "o", label = "O" } ]')
        + finding('text = "{g}"'),
        ["18:10: inserted-grid"],
    ),
    (
        "an insert of a note",
        STAGE + question("x", "note", 'text = "n"') + finding('text = "{x}"'),
        ["17:10: no-answer"],
    ),
    (
        "an insert of no field in a records' line",
        STAGE + question("x", "records", 'line = "{f}, {g}"\nfields = [ { id = "f", type = "text", ask = "?" } ]'),
        ["13:15: unknown-id"],
    ),
    (
        "an insert in a choice's label",
        STAGE + question("o", "text") + question("x", "choice", 'choices = [ { id = "a", label = "so {o}" } ]'),
        ["17:37: not-inserted (warning)"],
    ),
    (
        "an insert in an anchor",
        STAGE + question("o", "text") + question("x", "scale", 'anchors = { 1 = "{o}" }'),
        ["17:18: not-inserted (warning)"],
    ),
    (
        "an empty ask",
        STAGE.replace('"S"', '" "') + '[[stage.question]]\nid = "x"\ntype = "yesno"\nask = ""\n',
        ["3:11: empty-text", "7:9: empty-text", "12:7: empty-text"],
    ),
    (
        "a title in two lines",
        HEAD.replace('"T"', '"T\\nU"') + STAGE[len(HEAD) :] + question("x"),
        ["2:9: several-lines"],
    ),
]

DEFAULTS: list[tuple[str, str, str, list[str]]] = [
    ("text", '""', "", ["It should be text in quotes, and not blank."]),
    ("text", '"a\\nb"', "", ["It has several lines, which requires `long = true`."]),
    ("text", '"abc"', "max = 2", ["It has 3 characters, more than the maximum of 2."]),
    ("text", "3", "", ["It should be text in quotes, and not blank."]),
    ("choice", '"c"', CHOICES, ["`c` is not one of the choices."]),
    ("choice", "3", CHOICES, ["It should be text in quotes."]),
    ("choices", '[ "a", "a" ]', CHOICES, ["It contains a duplicate."]),
    ("choices", "[]", CHOICES, ["It has 0 entries, fewer than the minimum of 1."]),
    ("choices", '"a"', CHOICES, ["It should be a list of quoted texts."]),
    (
        "choices",
        '[ "a", "b" ]',
        'max = 1\nchoices = [ { id = "a", label = "A" }, { id = "b", label = "B" } ]',
        ["It has 2 entries, more than the maximum of 1."],
    ),
    ("yesno", '"yes"', "", ["It should be true or false."]),
    ("scale", "9", "", ["It is more than 5."]),
    ("scale", "3.5", "", ["It should be a whole number."]),
    ("number", '"x"', "", ["It should be a number."]),
    ("number", "1", "min = 2", ["It is less than 2."]),
    ("date", '"soon"', "", ["It should be a date such as 2026-12-01, or an offset such as +30d."]),
    ("list", '[ "", "a" ]', "", ["It should be a list of quoted texts."]),
    ("rank", '[ "a" ]', CHOICES, ["It leaves out b."]),
    ("weights", "{ a = 60, b = 30 }", CHOICES, ["Its points add up to 90, not 100."]),
    ("weights", "{ a = 100 }", CHOICES, ["It leaves out b."]),
    ("weights", '[ "a" ]', CHOICES, ["It should be a table of points, such as { a = 60, b = 40 }."]),
    (
        "grid",
        "{ r = { c = 11 } }",
        'max = 10\nrows = [ { id = "r", label = "R" } ]\ncolumns = [ { id = "c", label = "C" } ]',
        ["It is more than 10."],
    ),
    (
        "grid",
        "{ r = { c = [ 3, 2, 1 ], d = 1 } }",
        'spread = true\nrows = [ { id = "r", label = "R" } ]\ncolumns = [ { id = "c", label = "C" } ]',
        ["`d` is not one of the choices.", "The low, likely and high of a cell must be in ascending order."],
    ),
    (
        "grid",
        "3",
        'rows = [ { id = "r", label = "R" } ]\ncolumns = [ { id = "c", label = "C" } ]',
        ["It should be a table of rows, such as { a = { x = 3 } }."],
    ),
    (
        "records",
        "[ { f = 3, g = 1 } ]",
        'fields = [ { id = "f", type = "text", ask = "?" } ]',
        ["`f`: It should be text in quotes, and not blank.", "There is no field `g`."],
    ),
    (
        "records",
        "[]",
        'fields = [ { id = "f", type = "text", ask = "?", default = 3 } ]',
        ["It has 0 entries, fewer than the minimum of 1."],
    ),
    ("records", "3", 'fields = [ { id = "f", type = "text", ask = "?" } ]', ["It should be a list of tables."]),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(text, places, id=name) for name, text, places in BROKEN])
def test_a_broken_rule_is_reported_at_its_place(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(("kind", "default", "rest", "messages"), DEFAULTS)
def test_an_invalid_default_is_reported(kind: str, default: str, rest: str, messages: list[str]) -> None:
    text = STAGE + question("x", kind, f"default = {default}\n{rest}")

    problems = check_playbook(text.encode(), file="f")

    at_the_default = [problem for problem in problems if str(problem.where) == "f:13:11"]
    assert [problem.message for problem in at_the_default] == messages
    assert {problem.code for problem in problems} == {"bad-default"}


def test_every_problem_has_a_hint() -> None:
    problems = [problem for _, text, _ in BROKEN for problem in check_playbook(text.encode(), file="f")]

    assert all(problem.message.endswith((".", "?")) for problem in problems)
    assert [str(problem) for problem in problems if not problem.hint] == []


def shown(text: str) -> list[str]:
    """Each problem as `line:column: code`."""
    return [
        f"{str(problem.where).removeprefix('f:')}: {problem.code}"
        + (" (warning)" if problem.severity == "warning" else "")
        for problem in check_playbook(text.encode(), file="f")
        if problem.code not in UNFINISHED
    ]
