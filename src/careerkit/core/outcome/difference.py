"""What a change of answers made of an outcome."""

from __future__ import annotations

from collections.abc import Mapping

from careerkit.core.frozen import frozen
from careerkit.core.outcome.decision_words import labels_of, ranked
from careerkit.core.outcome.model import Computed, Outcome, is_figure
from careerkit.core.playbook.model import Playbook

Parts = Mapping[tuple[str, str], tuple[str, object]]
"""By kind and id: the title of a part, and all that is read of it."""


@frozen
class Moved:
    """A figure, or the option that comes first: `before` and `now` as they read, "" where there was or is none."""

    label: str
    before: str
    now: str


@frozen
class Difference:
    """`new` and `gone` are titles of findings and drafts, and what an action says to do; `reworded` counts the parts
    that stay and read differently.
    """

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()
    reworded: int = 0


def difference(before: Outcome, after: Outcome, playbook: Playbook) -> Difference:
    """From `before` to `after`, two outcomes of one interview that count their dates from the same moment."""
    was, now = _parts(before), _parts(after)
    return Difference(
        new=tuple(title for key, (title, _) in now.items() if key not in was),
        gone=tuple(title for key, (title, _) in was.items() if key not in now),
        moved=_moved(_figures(before, playbook), _figures(after, playbook)),
        reworded=sum(1 for key, part in now.items() if key in was and was[key] != part),
    )


def _parts(outcome: Outcome) -> Parts:
    findings = {
        ("finding", each.id): (each.title, (each.level, each.text, each.supports, each.opposes))
        for each in outcome.findings
    }
    drafts = {("draft", each.id): (each.title, (each.to, each.text)) for each in outcome.drafts}
    actions = {("action", each.id): (each.do, (each.cue, each.due, each.evidence)) for each in outcome.actions}
    return {**findings, **drafts, **actions}


def _figures(outcome: Outcome, playbook: Playbook) -> dict[str, tuple[str, str]]:
    """By id: the label of a figure and how it reads."""
    figures = {each.id: (each.label, _shown(each)) for each in outcome.computed if is_figure(each)}
    for decision in outcome.decisions:
        order, labels = ranked(decision), labels_of(decision, playbook)
        if order:
            figures[f"{decision.id}_first"] = "First by your own figures", labels.get(order[0][0], order[0][0])
    return figures


def _shown(figure: Computed) -> str:
    return f"{figure.shown}, {figure.band_label}" if figure.band_label else figure.shown


def _moved(was: dict[str, tuple[str, str]], now: dict[str, tuple[str, str]]) -> tuple[Moved, ...]:
    none = ("", "")
    return tuple(
        Moved((now.get(key) or was[key])[0], was.get(key, none)[1], now.get(key, none)[1])
        for key in dict.fromkeys((*was, *now))
        if was.get(key) != now.get(key)
    )
