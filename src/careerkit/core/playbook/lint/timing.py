"""Lint: actions can be done in time, and check-ins come after the actions that they ask about."""

from __future__ import annotations

from collections.abc import Iterator

from careerkit.core.due_dates import RelativeDate, parse_due
from careerkit.core.errors import Path, Refused
from careerkit.core.expressions.ast import find_actions
from careerkit.core.expressions.parser import parse
from careerkit.core.playbook.diagnostics import Diagnostic, quote
from careerkit.core.playbook.lint.context import LintContext, Part
from careerkit.core.playbook.lint.meanings import count_days, estimate_days
from careerkit.core.playbook.model import ActionRule, CheckinRule, DueRule
from careerkit.core.questions.question import Question

Span = tuple[int | None, int | None]
"""The fewest and most days from today; None where there is no limit."""


def check_timing(context: LintContext) -> Iterator[Diagnostic]:
    """Report actions and check-ins whose date is always over, and check-ins that come before their actions."""
    for part in context.parts:
        for path, _, rule in part.rules():
            if isinstance(rule, ActionRule):
                yield from _check_late(context, (*path, "due"), rule.due, "action")
    actions: dict[str, DueRule] = {action.id: action.due for action in context.playbook.actions}
    for number, checkin in enumerate(context.playbook.checkins):
        yield from _check_late(context, ("checkin", number, "after"), checkin.after, "check-in")
        yield from _check_order(context, context.parts[number + 1], checkin, actions)
        yield from _check_end(context, ("checkin", number), checkin)


def _check_late(context: LintContext, path: Path, due: DueRule, what: str) -> Iterator[Diagnostic]:
    written = context.written(path)
    for number, option in enumerate(due.options):
        relative = parse_due(option.at)
        question = context.types.question(relative.question) if relative and relative.question else None
        if relative is None or relative.amount >= 0 or (relative.question and question is None):
            continue
        place = path if isinstance(written, str) else (*path, number)
        if not isinstance(written, str) and not isinstance(written[number], str):
            place = (*place, "at")
        if question is None:
            message = f"This {what} is always late: {quote(option.at)} is before the day of the interview."
            yield _warn(place, "always-late", message, "Count forward, as in +1d, or back from a date question.")
            continue
        latest = _find_span(context, relative)[1]
        usual = _count_default(question)
        if latest is not None and latest < 0:
            message = f"This {what} is always late: {quote(question.id)} is at most {_days(latest, relative)} away."
            yield _warn(place, "always-late", message, "Count from today instead, as in +1wd, or take off less.")
        elif usual is not None and usual + estimate_days(relative, is_upper=True) < 0:
            message = f"This {what} is late from the start with the date that {quote(question.id)} suggests."
            yield _warn(place, "always-late", message, "Count from today instead, as in +1wd, or take off less.")


def _days(latest: int, relative: RelativeDate) -> str:
    count = latest - estimate_days(relative, is_upper=True)
    return f"{count} day{'' if count == 1 else 's'}"


def _count_default(question: Question) -> int | None:
    """The days from today to the date that is suggested, if it is an offset."""
    found = count_days(question.default, is_upper=True) if isinstance(question.default, str) else None
    return None if found is None else int(found)


def _check_order(
    context: LintContext, part: Part, checkin: CheckinRule, actions: dict[str, DueRule]
) -> Iterator[Diagnostic]:
    """Report a check-in that comes before each action it asks about or, if it names none, before every action."""
    named = _find_named_actions(context, part)
    due = {name: actions[name] for name in named if name in actions} or {
        action.id: action.due for action in context.playbook.actions
    }
    compared = {name: _is_before(context, checkin.after, rule) for name, rule in due.items() if rule.options}
    path = (*part.path, "after")
    if named and compared and any(compared.values()):
        late = next(name for name, is_before in compared.items() if is_before)
        message = f"This check-in comes before the action {quote(late)}, which it asks about."
        yield _warn(path, "early-checkin", message, "Make it later than that action.")
    elif not named and compared and all(compared.values()):
        message = "This check-in comes before every action, so there is nothing to ask about."
        yield _warn(path, "early-checkin", message, "Make it later than the first action.")


def _check_end(context: LintContext, path: Path, checkin: CheckinRule) -> Iterator[Diagnostic]:
    """Report a repeated check-in that ends before it begins."""
    last = parse_due(checkin.until) if checkin.until else None
    if last is None or not checkin.every or not checkin.after.options:
        return
    if all(_precedes(context, last, parse_due(option.at)) for option in checkin.after.options):
        message = "This check-in ends before it begins, so it is never repeated."
        yield _warn((*path, "until"), "early-checkin", message, "Make `until` later than `after`.")


def _find_named_actions(context: LintContext, part: Part) -> list[str]:
    conditions = [each.question.when for each in context.questions if each.path[:2] == part.path]
    conditions += [rule.when for _, _, rule in part.rules()]
    found: dict[str, None] = {}
    for condition in filter(None, conditions):
        try:
            found |= dict.fromkeys(sorted(find_actions(parse(condition))))
        except Refused:
            continue
    return list(found)


def _is_before(context: LintContext, after: DueRule, due: DueRule) -> bool:
    """Is each date of the check-in before each date of the action?"""
    return bool(after.options and due.options) and all(
        _precedes(context, parse_due(early.at), parse_due(late.at)) for early in after.options for late in due.options
    )


def _precedes(context: LintContext, early: RelativeDate | None, late: RelativeDate | None) -> bool:
    if early is None or late is None:
        return False
    if early.question == late.question:
        if early.unit == late.unit:  # counted alike, so weekends and short months don't matter
            return early.amount < late.amount
        return estimate_days(early, is_upper=True) < estimate_days(late, is_upper=False)
    most, least = _find_span(context, early)[1], _find_span(context, late)[0]
    return most is not None and least is not None and max(most, 0) < least


def _find_span(context: LintContext, relative: RelativeDate) -> Span:
    least, most = estimate_days(relative, is_upper=False), estimate_days(relative, is_upper=True)
    if not relative.question:
        return least, most
    question = context.types.question(relative.question)
    low = count_days(getattr(question.spec, "min", ""), is_upper=False) if question else None
    high = count_days(getattr(question.spec, "max", ""), is_upper=True) if question else None
    return None if low is None else int(low) + least, None if high is None else int(high) + most


def _warn(path: Path, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(path, code, message, hint, severity="warning")
