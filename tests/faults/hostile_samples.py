"""Text that controls a terminal or hides characters, placed everywhere a person, a playbook or another program can put words."""

from __future__ import annotations

import re
from pathlib import Path

from careerkit.core.text import compile_control_char_pattern
from careerkit.storage.layout import add_checksum

MARKUP = "[bold]mark[/bold] [/]"
"""What Rich would take for its own, or stumble over."""
HOSTILE_TEXT = f"\x1b[2J\x1b]52;c;aGk=\x07\x9b31mC1\u202ebidi\u2066\u200b\x7f\r\x85{MARKUP}"
"""Clears the screen, fills the clipboard (OSC 52), begins a colour (C1), turns the direction. Without a line feed: it fits any line."""

PLAYBOOK = f"""
format = 1
title = "Title {MARKUP}"
summary = "Summary {MARKUP}"
[[source]]
id = "s"
cite = "Cite {MARKUP}"
[[stage]]
id = "a"
title = "Stage {MARKUP}"
intro = "Intro {MARKUP}"
[[stage.question]]
id = "said"
type = "text"
long = true
ask = "Ask {MARKUP}"
hint = "Hint {MARKUP}"
why = "Why {MARKUP}"
source = ["s"]
[[stage.question]]
id = "kind"
type = "choice"
ask = "Kind {MARKUP}"
choices = [ {{ id = "one", label = "Label {MARKUP}", hint = "Hint {MARKUP}" }}, {{ id = "two", label = "Two" }} ]
[[stage.question]]
id = "load"
type = "scale"
ask = "Load {MARKUP}"
anchors = {{ 1 = "Low {MARKUP}", 5 = "High {MARKUP}" }}
[[stage.question]]
id = "people"
type = "records"
ask = "People {MARKUP}"
line = "{{name}}, {{power}} {MARKUP}"
fields = [
  {{ id = "name", type = "text", ask = "Name {MARKUP}" }},
  {{ id = "power", type = "scale", ask = "Power {MARKUP}" }},
  {{ id = "impact", type = "scale", ask = "Impact {MARKUP}" }},
]
[[compute]]
id = "strain"
label = "Strain {MARKUP}"
value = "load * 2"
bands = [ {{ id = "fine", label = "Fine {MARKUP}" }}, {{ id = "high", from = 6, label = "High {MARKUP}" }} ]
[[finding]]
id = "f"
title = "Finding {MARKUP}"
text = "Text {MARKUP}: {{said}}, {{kind}}, {{strain}}"
source = ["s"]
profile = ["load"]
[[draft]]
id = "d"
title = "Draft {MARKUP}"
to = "To {MARKUP} {{kind}}"
text = ["Line {MARKUP}", "{{said}}", "{{people}}"]
[[action]]
id = "act"
do = "Do {MARKUP} {{said}}"
cue = "Cue {MARKUP}"
due = "+1w"
evidence = "Evidence {MARKUP}"
[[checkin]]
id = "later"
after = "+1w"
title = "Check-in {MARKUP}"
[[checkin.question]]
id = "after"
type = "text"
ask = "After {MARKUP}"
"""


def escape_for_toml(text: str) -> str:
    """`text` as it stands between quotes in TOML."""
    return "".join(sign if sign.isascii() and sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


ANSWERS = f"""
said = "Said {escape_for_toml(HOSTILE_TEXT)}"
kind = "one"
load = 4
people = [ {{ name = "Name {escape_for_toml(HOSTILE_TEXT)}", power = 4, impact = 2 }} ]
"""


def poison(path: Path) -> None:
    """Another hand puts the signs into every text of an entry or event, and seals it as careerkit would."""
    above = path.read_text().rpartition("# careerkit sha256")[0]
    poisoned = above.replace(MARKUP, escape_for_toml(HOSTILE_TEXT))
    assert poisoned != above
    path.write_bytes(add_checksum(poisoned.encode()))


OWN_SEQUENCES = re.compile(r"\x1b\[[0-9;]{0,12}m|\x1b\[\?25[hl]|\x1b\[2K|\x1b\[1A|\r")
"""Colours, and what draws a bar of progress."""


def find_control_characters(shown: str, *, at_terminal: bool = False) -> list[str]:
    """Each sign in what was shown that acts, with what stands around it; at a terminal all but careerkit's own."""
    plain = OWN_SEQUENCES.sub("", shown) if at_terminal else shown
    return [
        repr(plain[max(0, found.start() - 40) : found.end() + 20])
        for found in compile_control_char_pattern().finditer(plain)
    ]
