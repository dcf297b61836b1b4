"""What the figures of a decision say, in sentences, and what its options and criteria are called."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from careerkit.core.outcome.model import Decision
from careerkit.core.playbook.model import ChoicesForm, GridForm, Options, Playbook, RankForm
from careerkit.core.wording import number_text, points_text

CLEAR_FROM = Decimal(65)
"""Per cent of the draws. A rule of thumb of our own, and said to be one."""


def ranked(decision: Decision) -> list[tuple[str, Decimal]]:
    """The options that have a total, best first; of equal ones the first named."""
    totals = [(option, total) for option, total in decision.totals.items() if total is not None]
    return sorted(totals, key=lambda pair: -pair[1])


def remarks(decision: Decision, labels: Mapping[str, str]) -> list[str]:
    """One sentence each: who stands level, whether it is close, what would turn it round, what is worth knowing."""
    order = ranked(decision)
    if not order:
        return []
    names = {option: labels.get(option, option) for option in decision.totals}
    unscored = [name for option, name in names.items() if decision.totals[option] is None]
    lines = [f"Not scored in full, so left out: {_listed(unscored)}."] if unscored else []
    if len(order) == 1:
        return [*lines, f"{names[order[0][0]]} is the only option here: there is nothing to compare it with."]
    level = [names[option] for option in decision.level]
    if level:
        lines.append(f"Level at the top: {_listed(level)}. By these figures none of them comes first.")
    lines += _how_close(decision)
    if decision.tell_on is not None:
        on = labels.get(decision.tell_on, decision.tell_on)
        lines.append(f"Most worth knowing better before you choose: {on}.")
    if decision.flip and decision.flip_on is not None:
        on = labels.get(decision.flip_on, decision.flip_on)
        points = points_text(decision.flip)
        noun = "point" if points == "1" else "points"
        lines.append(f"{points} {noun} of weight more or less on {on} would put another first.")
    elif not level:
        lines.append("No change of a single weight was found that would put another first.")
    if decision.dominated:
        lines.append(f"Never better than another: {_listed([names.get(each, each) for each in decision.dominated])}.")
    return lines


def labels_of(decision: Decision, playbook: Playbook | None) -> dict[str, str]:
    """What the options and criteria of a decision are called; a list's items are called what they are."""
    if playbook is None:
        return {}
    questions = {question.id: question for question in playbook.questions}
    rule = next((each for each in playbook.decisions if each.id == decision.id), None)
    scores = questions.get(rule.scores) if rule else None
    if scores is None or not isinstance(scores.form, GridForm):
        return {}
    labels: dict[str, str] = {}
    waiting: list[Options] = [scores.form.rows, scores.form.columns]
    while waiting:
        options = waiting.pop()
        labels |= {choice.id: choice.label for choice in options.choices}
        source = questions.get(options.source)
        if source is not None and isinstance(source.form, (ChoicesForm, RankForm)):
            waiting.append(source.form.options)
    return labels


def _how_close(decision: Decision) -> list[str]:
    highest = max(decision.shares.values(), default=None)
    if highest is None or highest >= CLEAR_FROM:
        return []
    limit = number_text(CLEAR_FROM)
    return [f"A close call: no option comes first in {limit} % of the draws or more (our rule of thumb)."]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
