"""Lint: the plan is consistent: the deadline, when actions and check-ins are due, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from careerkit.core.due_dates import WEEKDAYS, RelativeDate, parse_due, parse_relative_date
from careerkit.core.errors import Path, Refused
from careerkit.core.expressions.ast import find_actions, parse_iso_date
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.types import DateType, RecordsType
from careerkit.core.playbook.diagnostics import FIXED_DATE_HINT, Diagnostic, quote, suggest
from careerkit.core.playbook.lint.context import LATER_HINT, LintContext, Part, Visibility
from careerkit.core.playbook.lint.meanings import count_days, estimate_days
from careerkit.core.playbook.model import ActionRule, CheckinRule, DueOption, DueRule
from careerkit.core.questions.question import Line, Question
from careerkit.core.text import find_inserted_names

HOURS = (Decimal(0), Decimal(24))
DAY_WORDS = {
    "today": "+0d",
    "tomorrow": "+1d",
    "asap": "now",
    "soon": "+1wd",
    "immediately": "now",
    "week": "+1w",
    "month": "+1m",
    **dict.fromkeys((day.lower() for day in WEEKDAYS), "an offset such as +2wd; a weekday can't be named"),
}
"""Words that people write for a day, and what to write instead."""
_QUESTION_TYPES = {"deadline": "date", "deadline_hour": "number", "reach": "choice"}

Span = tuple[int | None, int | None]
"""The fewest and most days from today; None where there is no limit."""


def check_plan(context: LintContext) -> Iterator[Diagnostic]:
    """Report a deadline, due dates or repetitions that can't be used."""
    yield from _check_top(context)
    for part in context.parts:
        for path, _, rule in part.rules():
            if isinstance(rule, ActionRule):
                yield from _check_action(context, path, rule, part)
    position = context.order.last_of_stages
    for number, checkin in enumerate(context.playbook.checkins):
        yield from _check_checkin(context, ("checkin", number), checkin, Visibility(position, actions=()))
        position += len(checkin.questions)


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


def _check_top(context: LintContext) -> Iterator[Diagnostic]:
    playbook = context.playbook
    for key, wanted in _QUESTION_TYPES.items():
        name = getattr(playbook, key)
        question = context.types.question(name)
        if name and question is None:
            known = (each.id for each in playbook.questions)
            yield Diagnostic((key,), "unknown-id", f"There is no question {quote(name)}.", suggest(name, known))
        elif question is not None and question.type != wanted and not context.is_unsure(name):
            message = f"{quote(name)} is not a {wanted} question."
            yield Diagnostic((key,), "unfit-source", message, f"Use a {wanted} question.")
        elif later := context.explain_later(name, context.parts[0].visible):
            yield Diagnostic((key,), "forward-reference", later, LATER_HINT)
        elif question is not None and key == "deadline_hour" and not _is_hour(question.spec.number_range):
            message = f"{quote(name)} asks for an hour of the day."
            yield Diagnostic((key,), "bad-limit", message, f"Set min = 0 and max = 24 on {quote(name)}.")
    if playbook.deadline_hour and not playbook.deadline and not context.is_broken("deadline"):
        message = "`deadline_hour` has no effect without `deadline`."
        yield Diagnostic(("deadline_hour",), "unused-key", message, "Add `deadline`.", "key", severity="warning")
    if playbook.deadline and playbook.actions and playbook.actions[0].after_deadline:
        message = "The first action may be due after the deadline."
        hint = "Put an action first that is due before it, or remove `after_deadline`."
        yield Diagnostic(("action", 0, "after_deadline"), "late-first-action", message, hint, severity="warning")
    if playbook.reach and context.types.question(playbook.reach) and not _uses_reach(context):
        message = (
            f"No action depends on {quote(playbook.reach)}: the plan is the same whether they can be reached or not."
        )
        hint = "Use it in the `when`, `due` or text of an action."
        yield Diagnostic(("reach",), "unused-reach", message, hint, severity="warning")


def _is_hour(bounds: tuple[Decimal | None, Decimal | None]) -> bool:
    low, high = bounds
    return low is not None and high is not None and HOURS[0] <= low and high <= HOURS[1]


def _uses_reach(context: LintContext) -> bool:
    reach = context.playbook.reach
    return any(
        reach in context.order.depends_on(name)
        for action in context.playbook.actions
        for name in _list_names(context, action)
    )


def _list_names(context: LintContext, action: ActionRule) -> Iterator[str]:
    """The names that an action depends on directly."""
    lines: list[Line] = [line for text in (action.do, action.cue, action.evidence, action.owner) for line in text.lines]
    for line in lines:
        yield from find_inserted_names(line.text)
    for condition in (action.when, *(each.when for each in lines), *(each.when for each in action.due.options)):
        try:
            yield from context.order.names_in(parse(condition)) if condition else ()
        except Refused:
            continue


def _check_action(context: LintContext, path: Path, rule: ActionRule, part: Part) -> Iterator[Diagnostic]:
    visible = part.visible
    if rule.each:
        kind = context.types.type_of(rule.each)
        if not context.types.has(rule.each):
            yield context.unknown_name(rule.each, (*path, "each"))
        elif not isinstance(kind, RecordsType):
            if not context.is_unsure(rule.each):
                message = f"{quote(rule.each)} is not a records question."
                yield Diagnostic((*path, "each"), "unfit-source", message, "Use a records question.")
        elif later := context.explain_later(rule.each, visible):
            yield Diagnostic((*path, "each"), "forward-reference", later, LATER_HINT)
    elif rule.each_when:
        message = "`each_when` has no effect without `each`."
        yield Diagnostic((*path, "each_when"), "unused-key", message, "Add `each`.", "key", severity="warning")
    yield from _check_dues(context, (*path, "due"), rule.due, context.visible_in_action(path, visible))


def _check_checkin(context: LintContext, path: Path, rule: CheckinRule, visible: Visibility) -> Iterator[Diagnostic]:
    if not rule.after.options and not context.is_broken(*path, "after"):
        message = "`after` is empty, so this check-in has no date."
        yield Diagnostic(
            (*path, "after"), "bad-due", message, "Write an offset such as +1w, or the id of a date question."
        )
    yield from _check_dues(context, (*path, "after"), rule.after, visible)
    if rule.every:
        step = parse_relative_date(f"+{rule.every}")
        if step is None or step.unit == "h" or step.amount < 1:
            message = f"{quote(rule.every)} is not a length of time."
            yield Diagnostic((*path, "every"), "bad-due", message, "Write 1d, 2wd, 1w or 1m.")
    if bool(rule.every) != bool(rule.until):
        here, other = ("every", "until") if rule.every else ("until", "every")
        message = f"`{here}` has no effect without `{other}`."
        yield Diagnostic((*path, here), "unused-key", message, f"Add `{other}`.", "key", severity="warning")
    if rule.until:
        yield from _check_due(context, (*path, "until"), rule.until, visible)


def _check_dues(context: LintContext, path: Path, rule: DueRule, visible: Visibility) -> Iterator[Diagnostic]:
    written = context.written(path)
    for number, option in enumerate(rule.options):
        is_list = isinstance(written, list)
        place = (*path, number) if is_list else path
        in_table = is_list and not isinstance(written[number], str)
        yield from _check_due(context, (*place, "at") if in_table else place, option.at, visible)
    always = next((number for number, option in enumerate(rule.options) if _always_gives(option)), None)
    if always is not None and always + 1 < len(rule.options):
        message = "This date is never used: the one before it always is."
        yield Diagnostic((*path, always + 1), "unused-line", message, "Move it up, or remove it.", severity="warning")


def _always_gives(option: DueOption) -> bool:
    due = parse_due(option.at)
    return not option.when and due is not None and not due.question


def _check_due(context: LintContext, path: Path, text: str, visible: Visibility) -> Iterator[Diagnostic]:
    due = parse_due(text)
    if due is not None and not context.types.has(due.question) and due.question in DAY_WORDS:
        message = f"{quote(text)} can't be read as a date."
        yield Diagnostic(path, "bad-due", message, f"Write {DAY_WORDS[due.question]}.")
    elif due is None:
        message = f"{quote(text)} can't be read as a date."
        if parse_iso_date(text.strip()[:10]) is not None:
            yield Diagnostic(path, "bad-due", message, FIXED_DATE_HINT)
            return
        hint = "Write now, +30min, +4h, +2d, +1wd, +1w or +1m, a date question, or an offset from one: `day - 2d`."
        yield Diagnostic(path, "bad-due", message, hint)
    elif due.question and due.unit in ("h", "min") and due.question != context.playbook.deadline:
        message = f"Hours can only be counted from the deadline, and {quote(due.question)} isn't it."
        yield Diagnostic(path, "bad-due", message, "Set `deadline` to that question, or count in days.")
    elif due.question and due.question not in visible.fields:
        kind = context.types.type_of(due.question)
        if kind is not None and not isinstance(kind, DateType):
            message = f"{quote(due.question)} is not a date question."
            yield Diagnostic(path, "bad-due", message, "Use a date question.")
        elif not context.types.has(due.question):
            yield context.unknown_name(due.question, path)
        elif context.is_note(due.question):
            message = f"{quote(due.question)} is a note, which has no answer."
            yield Diagnostic(path, "no-answer", message, "Use another question.")
        elif later := context.explain_later(due.question, visible):
            yield Diagnostic(path, "forward-reference", later, LATER_HINT)
    elif due.question and not isinstance(visible.fields[due.question], DateType):
        message = f"{quote(due.question)} is not a date field."
        yield Diagnostic(path, "bad-due", message, "Use a date field.")


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
