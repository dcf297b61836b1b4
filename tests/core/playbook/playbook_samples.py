"""Playbook sources for tests: a small one to add faults to, and one that uses the whole format."""

from __future__ import annotations

HEAD = 'format = 1\ntitle = "T"\nsummary = "S"\n\n'
STAGE = HEAD + '[[stage]]\nid = "s"\ntitle = "S"\n\n'
"""A playbook that questions can be appended to, from line 9 on."""

CHECKIN = '[[checkin]]\nid = "c"\nafter = "+1d"\ntitle = "C"\n'
CHOICES = 'choices = [ { id = "a", label = "A" }, { id = "b", label = "B" } ]'


def question(name: str, kind: str = "yesno", rest: str = "", *, table: str = "stage.question") -> str:
    return f'[[{table}]]\nid = "{name}"\ntype = "{kind}"\nask = "?"\n' + (f"{rest}\n" if rest else "")


def table(kind: str, rest: str) -> str:
    return f"[[{kind}]]\n{rest}\n"


def compute(name: str, rest: str) -> str:
    return table("compute", f'id = "{name}"\n{rest}')


def finding(rest: str, *, kind: str = "finding") -> str:
    return table(kind, f'id = "f"\ntitle = "F"\n{rest}')


SMALL = STAGE + question("x")

WHOLE = """\
# Every table and key of the format, once at least.
format = 1
title = "The whole format"
summary = "All that a playbook can hold"
version = "3"
minutes = 20

[[source]]
id = "S1"
cite = "A case."
[[source]]
id = "kim2004"
cite = "Kim (2004)."

[[stage]]
id = "safety"
title = "First, safety"
quick = true

[[stage.question]]
id = "gate"
type = "choices"
ask = "Is any of these part of it?"
why = "Some things come first."
source = ["S1.43", "kim2004"]
check = "'none' not in gate or count(gate) == 1"
check_text = "'None' goes with no other."
choices = [
  { id = "life", label = "Somebody's life", hint = "Now" },
  { id = "legal", label = "A law" },
  { id = "none", label = "None" },
]

[[stage.question]]
id = "owner"
type = "text"
ask = "Who must hear it?"
max = 80
private = true

[[stage]]
id = "main"
title = "What happened"
intro = "For {owner}: facts first."
when = "'life' not in gate"

[[stage.question]]
id = "kind"
type = "choice"
ask = "Which is nearest, {owner}?"
default = "mistake"
choices = [ { id = "mistake", label = "A mistake" }, { id = "boss", label = "A boss" } ]

[[stage.question]]
id = "story"
type = "text"
long = true
required = false
ask = "Tell it"
when = { kind = "mistake" }

[[stage.question]]
id = "harm"
type = "scale"
ask = "How much harm?"
min = 0
max = 4
anchors = { 0 = "none", 4 = "much" }
default = 2

[[stage.question]]
id = "months"
type = "number"
unit = "months"
ask = "How long?"
min = -0.5
max = 120
default = 1.25

[[stage.question]]
id = "deadline"
type = "date"
ask = "By when?"
min = "+0d"
max = 2036-12-31
default = "+30d"

[[stage.question]]
id = "known"
type = "list"
ask = "What is known?"
max = 7
default = ["nothing"]

[[stage.question]]
id = "importance"
type = "rank"
ask = "Best first"
choices = [ { id = "trust", label = "trust" }, { id = "money", label = "money" } ]
default = ["money", "trust"]

[[stage.question]]
id = "swing"
type = "weights"
items = "importance"
ask = "100 points"
default = { trust = 60, money = 40 }

[[stage.question]]
id = "options"
type = "choices"
ask = "Which are open?"
min = 1
max = 2
choices = [ { id = "stay", label = "Stay" }, { id = "go", label = "Go" }, { id = "try", label = "Try" } ]

[[stage.question]]
id = "scores"
type = "grid"
rows = "options"
columns = "importance"
min = 0
max = 10
spread = true
ask = "How well does each do?"
default = { stay = { trust = [1, 2, 3], money = 4 } }

[[stage.question]]
id = "people"
type = "records"
ask = "Who is touched?"
line = "{person}: power {power}"
min = 0
max = 8
fields = [
  { id = "person", type = "text", ask = "Who?", max = 40, private = true },
  { id = "power", type = "scale", ask = "How much does {owner} listen to them?", min = 0, max = 4 },
  { id = "knows", type = "yesno", ask = "Do they know?" },
  { id = "since", type = "date", ask = "Since when?", required = false, max = "+0d" },
]

[[stage.question]]
id = "deeper"
type = "records"
items = "options"
ask = "And what of each?"
line = "{item}: {behind}"
fields = [ { id = "behind", type = "text", ask = "What?" } ]

[[stage.question]]
id = "breathe"
type = "note"
ask = "A moment"
text = [ "Breathe, {owner}.", { when = "harm > 2", text = "It is much." } ]

[[stage.question]]
id = "chosen"
type = "choice"
items = "options"
ask = "By your figures {fit_first} is first. Which?"

[[stage.question]]
id = "belief"
type = "number"
unit = "%"
min = 0
max = 100
predicts = "glad"
ask = "How likely will you be glad?"

[[compute]]
id = "severity"
label = "Severity for {owner}"
value = "2 * harm + months"
source = ["S1"]
bands = [ { id = "note", label = "a note" }, { id = "meeting", from = 3, label = "a meeting" }, { id = "advice", from = 7.5 } ]

[[compute]]
id = "past"
label = "The past"
start = 10
min = -100
max = 50.5
tally = [
  { id = "told", when = "any(people, knows and person_rank > 2)", points = 30, text = "Some of {people} know" },
  { id = "much", when = { kind = "mistake", harm = 4 }, points = -20.5 },
]

[[compute]]
id = "person_rank"
value = "at(importance, 'trust')"
[[compute]]
id = "unaware"
value = "each(people, person, power >= 3 and not knows)"
[[compute]]
id = "main_load"
value = "highest(past, severity)"
[[compute]]
id = "kept_share"
value = "round(100 * kept / months)"

[[decision]]
id = "fit"
weights = "swing"
scores = "scores"

[[finding]]
id = "stop_first"
when = "'life' in gate"
title = "This first"
level = "stop"
quick = true
text = \"\"\"
Call somebody
now.

- One
- Two\"\"\"

[[finding]]
id = "weight"
when = "band(severity) == 'advice' and fit_share > 50 and main_load == 'past'"
title = "{severity} of 12, {main_load} first"
level = "care"
source = ["S1.3"]
tally = "past"
profile = ["harm", "past"]
next = "path/choose"
with = { people = "people" }

[[draft]]
id = "opening"
title = "Your opening"
to = "{owner}"
quick = true
text = [
  "{story}. That was {{mine}.",
  { when = "count(people) > 0", text = "Touched:" },
  "{people}",
  { when = { kind = "mistake" }, text = "By {deadline}." },
]

[[action]]
id = "tell"
when = "kind == 'mistake'"
do = "Tell {owner}"
cue = "Tomorrow"
due = "deadline - 2d"
evidence = "{owner} knows"

[[action]]
id = "stop_it"
quick = true
do = "Stop it"
due = "+1h"

[[checkin]]
id = "week"
after = "+1w"
title = "One week on with {owner}"

[[checkin.question]]
id = "kept"
type = "number"
when = "done(tell)"
ask = "How many promises were kept?"
check = "kept <= months"
check_text = "Not more than {months}."

[[checkin.finding]]
id = "late"
when = "not done(tell) or kept_share < 80"
title = "{owner} still waits: {kept_share} %"
text = "Do it now."

[[checkin.action]]
id = "tell_now"
when = "not done(tell)"
do = "Tell {owner} today"
due = "+1d"

[[checkin]]
id = "quarter"
after = "deadline + 1m"
title = "Three months on"
when = "answered(harm)"

[[checkin.question]]
id = "harm_90"
again = "harm"
[[checkin.question]]
id = "months_90"
again = "months"
ask = "And now, how long?"
required = false
check = "months_90 <= months"
[[checkin.question]]
id = "glad"
type = "yesno"
ask = "Are you glad that you chose {chosen}?"
when = "done(tell_now)"

[[checkin.draft]]
id = "thanks"
title = "Thanks"
when = "harm_90 < harm"
text = "Thank you, {owner}: {harm} then, {harm_90} now."

[[allow]]
rule = "unused-question"
where = "main.known"
reason = "Each type occurs once."
[[allow]]
rule = "unused-question"
where = "deeper"
reason = "Each type occurs once."
[[allow]]
rule = "never-true"
reason = "Two items have no third rank."
[[allow]]
rule = "unused-compute"
reason = "Each function occurs once."
[[allow]]
rule = "late-insert"
reason = "The draft is read as a whole."
[[allow]]
rule = "may-be-missing"
where = "week.late"
reason = "The title is read as a whole."
"""
