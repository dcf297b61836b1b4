"""Lint: the plan (the deadline, whom it depends on, and when actions and check-ins are due) is consistent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from careerkit.core.due_dates import WEEKDAYS, parse_due, parse_relative_date
from careerkit.core.errors import Path, Refused
from careerkit.core.expressions.ast import parse_iso_date
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.types import DateType, RecordsType
from careerkit.core.playbook.diagnostics import FIXED_DATE_HINT, Diagnostic, quote, suggest
from careerkit.core.playbook.lint.context import LATER_HINT, LintContext, Part, Visibility
from careerkit.core.playbook.model import ActionRule, CheckinRule, DueOption, DueRule
from careerkit.core.questions.question import Line
from careerkit.core.template import find_inserted_names

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
