"""Lint: questions and their defaults are valid. What depends on the type is checked by the spec of the question."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from careerkit.core.errors import Path, Severity
from careerkit.core.expressions.types import Ids, YesNoType
from careerkit.core.playbook.diagnostics import Diagnostic, quote, suggest
from careerkit.core.playbook.lint.context import LATER_HINT, LintContext, WrittenQuestion, describe_types
from careerkit.core.questions.question import Options, Question
from careerkit.core.text import is_blank

_PER_RECORD = ("check", "check_text")
"""Keys that a field of records can't have."""


def check_questions(context: LintContext) -> Iterator[Diagnostic]:
    """Report questions that are invalid, and stages without questions."""
    for written in context.questions:
        for each in (written, *written.fields):
            yield from _check_question(context, each)
    for number, stage in enumerate(context.playbook.stages):
        if not stage.questions and not context.is_broken("stage", number, "question"):
            message = f"The stage {quote(stage.id)} has no questions."
            hint = "Add a [[stage.question]], or remove the stage."
            yield Diagnostic(("stage", number), "empty-stage", message, hint)
    if not context.playbook.stages and not context.is_broken("stage"):
        yield Diagnostic((), "no-stage", "This playbook has no stages.", "Add a [[stage]] with a [[stage.question]].")


def check_defaults(context: LintContext) -> Iterator[Diagnostic]:
    """Report every `default` that is not a valid answer."""
    for written in context.questions:
        if not context.is_unsure(written.question.id):
            yield from _check_default(context, written)
        for field in written.fields:
            if not context.is_broken(*field.path, "type"):
                yield from _check_default(context, field)


def _check_question(context: LintContext, written: WrittenQuestion) -> Iterator[Diagnostic]:
    path, table = written.path, written.table
    if "fields" in path:
        for key in _PER_RECORD:
            if key in table:
                message = f"A field can't have `{key}`: it is asked in every form."
                hint = "Remove it. To make a field optional, use `required = false`."
                yield Diagnostic((*path, key), "misplaced-key", message, hint, target="key")
    if written.repeats:
        yield from _check_again(context, written)
    else:
        check = _SpecCheck(context, written)
        written.question.spec.check(check)
        yield from check.found
    if table.get("check_text") and not table.get("check"):
        message = "`check_text` has no effect without `check`."
        hint = "Add a `check`, or remove `check_text`."
        yield Diagnostic((*path, "check_text"), "unused-key", message, hint, target="key", severity="warning")


def _check_again(context: LintContext, written: WrittenQuestion) -> Iterator[Diagnostic]:
    target, again = (*written.path, "again"), str(written.table["again"])
    if written.path[0] != "checkin" or "fields" in written.path:
        message = "`again` only works in a check-in."
        yield Diagnostic(target, "misplaced-again", message, "Write the question out in full.", target="key")
        return
    original = context.types.question(again)
    stated_type = written.table.get("type")
    if original is None:
        message = f"There is no question {quote(again)}."
        yield Diagnostic(target, "unknown-id", message, suggest(again, _question_ids(context)))
    elif later := context.explain_later(again, written.before):
        yield Diagnostic(target, "forward-reference", later, LATER_HINT)
    elif not original.spec.has_answer:
        yield Diagnostic(
            target, "no-answer", f"{quote(again)} is a note, which has no answer.", "Use another question."
        )
    elif stated_type is not None and stated_type != original.type:
        message = f"{quote(again)} has the type {original.type}."
        yield Diagnostic((*written.path, "type"), "conflicting-keys", message, "Remove `type` here.")


def _check_default(context: LintContext, written: WrittenQuestion) -> Iterator[Diagnostic]:
    if written.repeats or not written.question.spec.has_answer or "default" not in written.table:
        return
    check = _DefaultCheck(context)
    written.question.spec.check_default(written.table["default"], check)
    for message in check.messages:
        hint = "Write a valid answer, or remove `default`."
        yield Diagnostic((*written.path, "default"), "bad-default", message, hint)


def _question_ids(context: LintContext) -> list[str]:
    return [each.question.id for each in context.questions]


class _SpecCheck:
    """Implements `SpecCheck` of `core.questions.question`; collects what a spec reports in `found`."""

    def __init__(self, context: LintContext, written: WrittenQuestion) -> None:
        self.found: list[Diagnostic] = []
        self._context = context
        self._written = written

    def report(
        self, key: str | Path, code: str, message: str, hint: str, *, at_key: bool = False, severity: Severity = "error"
    ) -> None:
        inside = key if isinstance(key, tuple) else (key,) if key else ()
        path = (*self._written.path, *inside)
        target = "key" if at_key else "value"
        self.found.append(Diagnostic(path, code, message, hint, target, severity=severity))  # type: ignore[arg-type]

    def is_broken(self, key: str) -> bool:
        return self._context.is_broken(*self._written.path, key)

    def is_written(self, key: str) -> bool:
        return key in self._written.table

    def check_source(self, key: str, name: str) -> None:
        context = self._context
        source = context.types.question(name)
        if source is None:
            message = f"There is no question {quote(name)}."
            self.report(key, "unknown-id", message, suggest(name, _question_ids(context)))
        elif not source.spec.gives_items and not context.is_unsure(name):
            message = f"The answer to {quote(name)} has no items to choose from."
            fitting = describe_types(lambda spec: spec.gives_items)
            self.report(key, "unfit-source", message, f"Use a {fitting}.")
        elif later := context.explain_later(name, self._written.before):
            self.report(key, "forward-reference", later, LATER_HINT)

    def check_prediction(self, low: Decimal | None, high: Decimal | None) -> None:
        name = self._written.question.predicts
        if not name:
            return
        context = self._context
        checkins = [each.question.id for each in context.questions if each.path[0] == "checkin"]
        kind = context.types.type_of(name)
        if "fields" in self._written.path:
            message = "A field can't have `predicts`."
            self.report("predicts", "misplaced-predicts", message, "Ask this outside the records.", at_key=True)
        elif name not in checkins:
            message = f"No check-in has a question {quote(name)}."
            self.report("predicts", "unknown-id", message, suggest(name, checkins))
        elif not isinstance(kind, YesNoType) and not context.is_unsure(name):
            message = f"{quote(name)} is not a yesno question."
            self.report("predicts", "unfit-source", message, "Name a yesno question of a check-in.")
        if (low != 0 or high != 100) and not self.is_broken("min") and not self.is_broken("max"):
            message = "A question with `predicts` asks for a probability from 0 to 100."
            self.report("predicts", "bad-limit", message, "Set min = 0 and max = 100.", at_key=True)


class _DefaultCheck:
    """Implements `DefaultCheck` of `core.questions.question`; collects what a spec reports in `messages`."""

    def __init__(self, context: LintContext) -> None:
        self.messages: list[str] = []
        self._context = context

    def report(self, message: str) -> None:
        self.messages.append(message)

    def ids_of(self, options: Options) -> Ids:
        return self._context.types.ids_of(options)

    def check_ids(self, value: Any, ids: Ids) -> None:
        if not isinstance(value, list) or not all(isinstance(each, str) and not is_blank(each) for each in value):
            is_single = isinstance(value, list) and len(value) == 1
            self.report("It should be text in quotes." if is_single else "It should be a list of quoted texts.")
            return
        if len(set(value)) < len(value):
            self.report("It contains a duplicate.")
        for each in value:
            if ids is not None and each not in ids:
                self.report(f"{quote(each)} is not one of the choices.")

    def check_complete(self, value: Any, ids: Ids) -> None:
        missing = [each for each in ids or () if isinstance(value, list | dict) and each not in value]
        if missing:
            self.report(f"It leaves out {', '.join(missing)}.")

    def check_length(self, value: Any, least: int, most: int | None) -> None:
        if isinstance(value, list) and len(value) < least:
            self.report(f"It has {len(value)} entries, fewer than the minimum of {least}.")
        elif isinstance(value, list) and most is not None and len(value) > most:
            self.report(f"It has {len(value)} entries, more than the maximum of {most}.")

    def check_number(self, value: Any, low: Decimal | None, high: Decimal | None, *, whole: bool = False) -> None:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | Decimal):
            self.report("It should be a whole number." if whole else "It should be a number.")
        elif low is not None and value < low:
            self.report(f"It is less than {low:f}.")
        elif high is not None and value > high:
            self.report(f"It is more than {high:f}.")

    def check_field(self, field: Question, value: Any) -> None:
        check = _DefaultCheck(self._context)
        field.spec.check_default(value, check)
        self.messages += [f"{quote(field.id)}: {message}" for message in check.messages]
