"""Summarise a decision analysis in sentences, with the labels of its options and criteria."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from careerkit.core.formatting import format_number, format_points
from careerkit.core.outcome.model import Decision
from careerkit.core.playbook.model import Playbook
from careerkit.core.text import format_count

MIN_CLEAR_SHARE = Decimal(65)
"""Below this percentage of the draws, a decision is called close. A rule of thumb, and the text says so."""


def rank_options(decision: Decision) -> list[tuple[str, Decimal]]:
    """The options that have a total, best first; of equal ones, the first named comes first."""
    totals = [(option, total) for option, total in decision.totals.items() if total is not None]
    return sorted(totals, key=lambda pair: -pair[1])


def describe_decision(decision: Decision, labels: Mapping[str, str]) -> list[str]:
    """A sentence each on ties, how close the call is, what is worth knowing and what would change the winner."""
    order = rank_options(decision)
    if not order:
        return []
    names = {option: labels.get(option, option) for option in decision.totals}
    unscored = [name for option, name in names.items() if decision.totals[option] is None]
    ruled_out = [labels.get(option, option) for option in decision.ruled_out]
    lines = [f"Ruled out, because a limit is broken: {_join_names(ruled_out)}."] if ruled_out else []
    lines += [f"Not scored in full, so left out: {_join_names(unscored)}."] if unscored else []
    if len(order) == 1:
        return [*lines, f"{names[order[0][0]]} is the only option here: there is nothing to compare it with."]
    level = [names[option] for option in decision.level]
    if level:
        lines.append(f"Level at the top: {_join_names(level)}. By these figures none of them comes first.")
    lines += _describe_closeness(decision)
    if decision.tell_on is not None:
        on = labels.get(decision.tell_on, decision.tell_on)
        lines.append(f"Most worth knowing better before you choose: {on}.")
    if decision.flip and decision.flip_on is not None:
        on = labels.get(decision.flip_on, decision.flip_on)
        points = format_count(int(format_points(decision.flip)), "point")
        lines.append(f"{points} of weight more or less on {on} would put another first.")
    elif not level:
        lines.append("No change of a single weight was found that would put another first.")
    if decision.dominated:
        lines.append(
            f"Never better than another: {_join_names([names.get(each, each) for each in decision.dominated])}."
        )
    return lines


def get_decision_labels(decision: Decision, playbook: Playbook | None) -> dict[str, str]:
    """Id -> label of a decision's options and criteria; items of a list are their own labels and not included."""
    if playbook is None:
        return {}
    questions = {question.id: question for question in playbook.questions}
    rule = next((each for each in playbook.decisions if each.id == decision.id), None)
    scores = questions.get(rule.scores) if rule else None
    labels: dict[str, str] = {}
    waiting = list(scores.spec.all_options) if scores else []
    while waiting:
        options = waiting.pop()
        labels |= {choice.id: choice.label for choice in options.choices}
        source = questions.get(options.source)
        if source is not None and source.spec.options:
            waiting.append(source.spec.options)
    return labels


def _describe_closeness(decision: Decision) -> list[str]:
    highest = max(decision.shares.values(), default=None)
    if highest is None or highest >= MIN_CLEAR_SHARE:
        return []
    limit = format_number(MIN_CLEAR_SHARE)
    return [f"A close call: no option comes first in {limit} % of the draws or more (our rule of thumb)."]


def _join_names(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
