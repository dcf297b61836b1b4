"""Figures as Markdown: the options of a decision, the bars of a profile, the map of the people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import east_asian_width

from careerkit.core.journal.people import PeopleMap, drawn
from careerkit.core.outcome.decision_words import labels_of, ranked, remarks
from careerkit.core.outcome.model import Bar, Decision
from careerkit.core.playbook.model import Playbook
from careerkit.core.wording import number_text, percent_text
from careerkit.export.markdown_text import escaped

NOT_KNOWN = "–"


def decision_lines(decision: Decision, playbook: Playbook | None) -> Iterator[str]:
    """A table of the options, best first, with what the figures say below it; nothing while none has a total."""
    labels = labels_of(decision, playbook)
    order = ranked(decision)
    if not order:
        return
    drawn = len(order) > 1 and bool(decision.shares)
    unscored = [option for option, total in decision.totals.items() if total is None]
    rows = [[labels.get(each, each), number_text(total), _share(decision, each)] for each, total in order]
    rows += [[labels.get(each, each), "not scored in full", NOT_KNOWN] for each in unscored]
    head = ["Option", "Weighted total", "First in so many of the draws"]
    width = 3 if drawn else 2
    yield from _table(head[:width], [row[:width] for row in rows])
    yield from (f"- {escaped(line)}" for line in remarks(decision, labels))
    yield ""


def profile_lines(bars: Sequence[Bar]) -> Iterator[str]:
    """The bars of a finding as a table; nothing where it has none."""
    if bars:
        rows = [[bar.label, f"{number_text(bar.value)} of {number_text(bar.max)}"] for bar in bars]
        yield from _table(["Profile", "Value"], rows)


def people_lines(picture: PeopleMap) -> Iterator[str]:
    """The map as a block of plain text, and who is who as a list. A block of code shows its text as it is."""
    yield f"{escaped(picture.title)}"
    yield ""
    yield "```text"
    yield from drawn(picture, width=_width)
    yield "```"
    yield ""
    yield from (f"- {escaped(f'{person.sign} {person.name}: {person.words}')}" for person in picture.people)
    yield ""


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _table(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    """The first column reads from the left, the others are figures and stand at the right."""
    yield _row(head)
    yield _row(["---", *("---:" for _ in head[1:])])
    yield from (_row([escaped(cell) for cell in row]) for row in rows)
    yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _share(decision: Decision, option: str) -> str:
    share = decision.shares.get(option)
    return NOT_KNOWN if share is None else f"{percent_text(share)} %"
