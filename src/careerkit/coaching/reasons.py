"""Which answers led to a finding, in words: read from the entry, so that it still works without the playbook."""

from __future__ import annotations

from careerkit.coaching.screen import Because
from careerkit.core.journal.entry import Entry

LONGEST = 160
"""Characters of an answer that a reason shows; the whole of it stands in the entry."""

Reasons = dict[str, tuple[Because, ...]]


def reasons(entry: Entry) -> Reasons:
    """By finding id: the questions that it rests on, with their answers."""
    answers = {answer.question: Because(answer.asked, _shortened(answer.shown)) for answer in entry.answers}
    findings = entry.outcome.findings if entry.outcome else ()
    return {each.id: tuple(answers[name] for name in each.because if name in answers) for each in findings}


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[:LONGEST].rpartition(" ")[0] + " …"
