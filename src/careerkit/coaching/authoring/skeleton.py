"""The skeleton of a playbook: a small one that runs, with a comment wherever an author will change something."""

from __future__ import annotations

from careerkit.core.playbook.json_schema import SCHEMA_DIRECTIVE

DEFAULT_TITLE = "Ask for help"

_SKELETON = """\
{directive}
# A playbook for careerkit. Change what you like; after each change:
#   careerkit playbook check {file}      what is wrong, with its line
#   careerkit playbook preview {file}    try it out; nothing is saved
#   careerkit playbook test {file}       its stories, in {stories}
# The guide is docs/playbooks.md. The first line lets your editor complete keys and mark mistakes.

# Keys of the whole playbook come first: whatever is below a [[table]] belongs to that table.
format = 1
title = {title}
summary = "From being stuck to a question that you can send today"
minutes = 5
# author = "Your name"                 # both are shown when somebody installs it
# licence = "CC BY 4.0"

# A stage is one part of the interview. It is shown with its title.
[[stage]]
id = "now"                             # every table has an id: lowercase letters, digits and _
title = "Where you are"
intro = "Five minutes, and you know what to send to whom."

[[stage.question]]
id = "stuck"
type = "text"
ask = "What are you stuck on, in one sentence?"
hint = "For example: The export drops every tenth row."

[[stage.question]]
id = "since"
type = "choice"                        # the answer is the id of one choice
ask = "Since when?"
why = "After half a day alone, asking is faster than trying again."   # shown on request
choices = [
  {{ id = "hours", label = "For a few hours" }},
  {{ id = "days", label = "For days" }},
]

[[stage]]
id = "help"
title = "Who can help"

[[stage.question]]
id = "who"
type = "text"
ask = "Who knows more about it than you?"
hint = "Initials are enough."
private = true                         # left out of shared exports

[[stage.question]]
id = "tried"
type = "list"
ask = "What have you tried so far?"
when = "since == 'days'"               # asked only while this condition holds
min = 0

# A finding says what follows from the answers.
[[finding]]
id = "long"
when = "since == 'days'"
level = "care"                         # info, good, care or stop
title = "Long enough alone"
text = "You have tried for days. Ask before you try again."

# A draft has the words to say or send. A list has one line per entry, each with an optional condition.
[[draft]]
id = "message"
title = "Your message"
to = "{{who}}"                           # {{id}} inserts an answer
text = [
  "I'm stuck: {{stuck}}",
  {{ when = "count(tried) > 0", text = "So far I've tried:" }},
  {{ when = "count(tried) > 0", text = "{{tried}}" }},
  "Could you take a look today?",
]

# An action is a step of the plan, with a date.
[[action]]
id = "send"
do = "Send the message to {{who}}"
cue = "When I'm back at my desk"
due = "+1wd"                           # one working day later
evidence = "They have answered"

# A check-in asks later what came of it.
[[checkin]]
id = "after"
title = "Did it help?"
after = "+3wd"
[[checkin.question]]
id = "helped"
type = "yesno"
ask = "Are you unstuck?"
[[checkin.finding]]
id = "next"
when = "not helped"
title = "Ask the next person"
text = "One more person to ask is better than one more day alone."
"""

_STORIES = """\
# Stories test the playbook: what someone answers, and what must come of it.
#   careerkit playbook test {file}             run them
#   careerkit playbook test {file} --record    fill in `expect` where it is missing
#   careerkit playbook test {file} --update    rewrite what differs
[[story]]
name = "Stuck for days"
starts = 2026-12-01                    # a Tuesday
[story.answers]
stuck = "The export drops every tenth row."
since = "days"
who = "Linh"
tried = ["Ran it again"]
[story.expect]
asked = ["stuck", "since", "who", "tried"]
found = ["long"]
said.message = ["I'm stuck: The export drops every tenth row.", "Ran it again"]   # the draft must contain these
planned.send = 2026-12-02
[[story.checkin]]                      # three working days later
id = "after"
done = ["send"]
answers = {{ helped = false }}
expect = {{ found = ["next"] }}

[[story]]
name = "Stuck for hours"
[story.answers]
stuck = "The export drops every tenth row."
since = "hours"
who = "Linh"
[story.expect]
hidden = ["tried"]
found = []
[[story.checkin]]
id = "after"
answers = {{ helped = true }}
expect = {{ found = [] }}
"""


def build_skeleton(name: str) -> str:
    """The text of a new playbook in the file `name`.toml, with the title that the name suggests. It passes the check."""
    title = name.replace("-", " ").replace("_", " ").strip().capitalize() or DEFAULT_TITLE
    quoted = '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
    names = {"file": f"{name}.toml", "stories": f"{name}.stories.toml"}
    return _SKELETON.format(directive=SCHEMA_DIRECTIVE, title=quoted, **names)


def build_skeleton_stories(name: str) -> str:
    """The stories of the new playbook in `name`.toml. They pass."""
    return _STORIES.format(file=f"{name}.toml")
