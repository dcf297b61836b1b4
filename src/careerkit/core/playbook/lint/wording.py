"""Lint: questions ask one thing, briefly, and drafts don't depend on private answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from careerkit.core.expressions.types import MatrixType, RecordsType
from careerkit.core.interview.facts import Facts, is_private
from careerkit.core.playbook.diagnostics import Diagnostic, quote
from careerkit.core.playbook.lint.conditions import WrittenLine
from careerkit.core.playbook.lint.context import LintContext
from careerkit.core.template import Insert, find_pieces

MAX_ASK_WORDS = 25
"""The most words of a question that a tired person takes in at once; our own rule of thumb."""
_QUESTION_WORDS = "what|how|when|who|whom|whose|why|where|which"
_PREPOSITIONS = r"(?:by|for|with|to|from|at|in|on|since|of|about)\s+"
_AUXILIARIES = "do|does|did|is|are|was|were|have|has|had|can|could|will|would|should|may|might"


def check_asks(context: LintContext) -> Iterator[Diagnostic]:
    """Report questions that ask two things, and questions that are too long."""
    for written in context.questions:
        for each in (written, *written.fields):
            ask = str(each.table.get("ask", ""))
            if not each.question.spec.has_answer or not ask:
                continue
            path = (*each.path, "ask")
            kind = each.question.spec.expression_type(context.types)
            second = None if isinstance(kind, RecordsType | MatrixType) else _find_second_question(ask)
            if second is not None:
                message = "This asks two things, and there is one answer."
                hint = "Ask the more important one, or make two questions."
                yield Diagnostic(path, "double-question", message, hint, "inside", second, "warning")
            words = len(ask.split())
            if words > MAX_ASK_WORDS:
                message = f"This question has {words} words; {MAX_ASK_WORDS} are as many as one takes in at once."
                hint = "Move the background to `hint` or `why`."
                yield Diagnostic(path, "long-question", message, hint, severity="warning")


class PrivacyCheck:
    """Finds private answers in texts of drafts that are always shown."""

    def __init__(self, context: LintContext) -> None:
        self._context = context
        self._facts = Facts(context.playbook, {}, today=date.min)  # privacy doesn't depend on the day

    def check_line(self, line: WrittenLine) -> Iterator[Diagnostic]:
        """Report a private answer in a line of a draft that has no condition."""
        if "draft" not in line.path or "text" not in line.path or line.given or "{" not in line.text:
            return
        for offset, piece in find_pieces(line.text):
            if isinstance(piece, Insert) and self._context.types.has(piece.id) and is_private(self._facts, piece.id):
                message = f"{quote(piece.id)} is private, so this draft has a gap when it is shared."
                hint = f"Give this line a condition such as answered({piece.id}), or write it without the answer."
                yield Diagnostic(line.path, "private-draft", message, hint, "inside", offset + 1, "warning")


@cache
def _compile_second() -> re.Pattern[str]:
    """A second question after the first one's end, or after "and"."""
    persons = "you|they|he|she|it|we|I|there|this|that|your|their"
    clause = rf"(?:(?:{_PREPOSITIONS})?(?:{_QUESTION_WORDS})\b|(?:{_AUXILIARIES})\s+(?:{persons})\b)"
    return re.compile(rf"(?:\?\s+(?=[A-Z{{'\"]).*\?|,?\s+and\s+(?={clause}))", re.IGNORECASE | re.DOTALL)


@cache
def _compile_first() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[,.:;]\s+)(?:{_QUESTION_WORDS}|{_AUXILIARIES})\b", re.IGNORECASE)


def _find_second_question(ask: str) -> int | None:
    """The offset at which a second question begins; None if there is only one."""
    if not ask.rstrip().endswith("?"):
        return None
    for found in _compile_second().finditer(ask):
        if _compile_first().search(ask[: found.start()]):
            begin = found.start() + 1 if found.group().startswith("?") else found.end()
            return begin + len(ask[begin:]) - len(ask[begin:].lstrip())
    return None
