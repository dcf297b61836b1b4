"""Entries, plans and problems as plain JSON tables: the documented keys that every other format is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from careerkit.core.journal.entry import Answer, Entry
from careerkit.core.journal.summary import summary
from careerkit.core.outcome.model import Action, Bar, Checkin, Decision, Draft, Finding, Outcome
from careerkit.core.playbook.model import NoteForm, Playbook
from careerkit.core.problem import Place, Problem
from careerkit.export.listing_as_json import listed_as_json

Json = dict[str, Any]


def entry_as_json(entry: Entry, playbook: Playbook | None) -> Json:
    """What `journal show` prints: the entry as in the list, its answers, and all that followed from them.

    `playbook`, where it can be had, names what is null: the questions without an answer, computes without a value.
    """
    answers: Json = dict.fromkeys(_asked(playbook) or entry.passed)
    answers |= {answer.question: value_as_json(answer.value) for answer in entry.answers}
    outcome = entry.outcome or Outcome(given=entry.started)
    computed: Json = {each.id: None for each in playbook.computes} if playbook else {}
    computed |= {each.id: value_as_json(each.value) for each in outcome.computed}
    return {
        "entry": {
            **listed_as_json(summary(entry)),
            "answers": answers,
            "earlier": [_earlier(each) for each in entry.earlier],
            **outcome_as_json(outcome),
            "computed": computed,
        }
    }


def _earlier(answer: Answer) -> Json:
    return {"question": answer.question, "asked": answer.asked, "answer": value_as_json(answer.value)}


def outcome_as_json(outcome: Outcome) -> Json:
    """All that followed from the answers."""
    return {
        "computed": {each.id: value_as_json(each.value) for each in outcome.computed},
        "decisions": [_decision(each) for each in outcome.decisions],
        "findings": [_finding(each) for each in outcome.findings],
        "drafts": [_draft(each) for each in outcome.drafts],
        **_plan(outcome),
    }


def _asked(playbook: Playbook | None) -> list[str]:
    questions = playbook.questions if playbook else ()
    return [question.id for question in questions if not isinstance(question.form, NoteForm)]


def plan_as_json(entry: Entry, corrected: datetime | None) -> Json:
    """What `plan show` prints. `corrected`: when answers were, after the plan was given."""
    since = corrected.isoformat() if corrected else None
    return {"entry": entry.id, **_plan(entry.outcome or Outcome(given=entry.started)), "corrected_at": since}


def value_as_json(value: object) -> Any:
    """A value of an answer or a compute; whole numbers without a decimal point."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {key: value_as_json(each) for key, each in value.items()}
        case tuple():
            return [value_as_json(each) for each in value]
    return value


def problems_as_json(problems: Iterable[Problem]) -> list[Json]:
    """Errors as standard error and `doctor` give them."""
    return [
        {"code": each.code, "where": str(each.where), "message": each.message, "hint": each.hint} for each in problems
    ]


def file_problems_as_json(problems: Iterable[Problem]) -> list[Json]:
    """Errors of playbook files as `playbook check` gives them."""
    return [_file_problem(each) for each in problems]


def _file_problem(problem: Problem) -> Json:
    place = problem.where if isinstance(problem.where, Place) else Place(str(problem.where))
    return {
        "file": place.file,
        "line": place.line or None,
        "column": place.column or None,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "severity": problem.severity,
    }


def _plan(outcome: Outcome) -> Json:
    return {
        "actions": [_action(each) for each in outcome.actions],
        "checkins": [_checkin(each) for each in outcome.checkins],
    }


def _decision(decision: Decision) -> Json:
    return {
        "id": decision.id,
        "first": decision.first,
        "second": decision.second,
        "share": value_as_json(decision.share),
        "shares": value_as_json(decision.shares),
        "flip": value_as_json(decision.flip),
        "flip_on": decision.flip_on,
        "tell": value_as_json(decision.tell),
        "tell_on": decision.tell_on,
        "dominated": list(decision.dominated),
        "totals": value_as_json(decision.totals),
    }


def _finding(finding: Finding) -> Json:
    return {
        "id": finding.id,
        "title": finding.title,
        "text": finding.text,
        "level": finding.level,
        "because": list(finding.because),
        "for": list(finding.supports),
        "against": list(finding.opposes),
        "profile": [_bar(each) for each in finding.profile],
        "source": list(finding.source),
        "next": finding.next or None,
    }


def _bar(bar: Bar) -> Json:
    return {
        "id": bar.id,
        "label": bar.label,
        "value": value_as_json(bar.value),
        "min": value_as_json(bar.min),
        "max": value_as_json(bar.max),
    }


def _draft(draft: Draft) -> Json:
    return {"id": draft.id, "title": draft.title, "to": draft.to, "text": draft.text, "source": list(draft.source)}


def _action(action: Action) -> Json:
    return {
        "id": action.id,
        "do": action.do,
        "cue": action.cue,
        "due": value_as_json(action.due),
        "evidence": action.evidence,
        "state": action.state,
        "source": list(action.source),
    }


def _checkin(checkin: Checkin) -> Json:
    return {
        "id": checkin.id,
        "title": checkin.title,
        "due": value_as_json(checkin.due),
        "state": checkin.state,
        "answers": {},
    }
