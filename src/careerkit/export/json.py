"""Serialise entries, plans, trends and problems as dicts with the documented JSON keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from careerkit.core.errors import Place, Problem
from careerkit.core.journal.entry import Answer, Entry, build_summary
from careerkit.core.journal.entry_list import EMPTY_HISTORY, Event, History
from careerkit.core.journal.plan import Plan, PlannedAction, PlannedCheckin
from careerkit.core.journal.story import StoryLine
from careerkit.core.journal.trends import Series, Trend
from careerkit.core.outcome.model import Action, Bar, Checkin, Decision, Draft, Finding, Outcome
from careerkit.core.playbook.model import Playbook
from careerkit.export.json_list import serialise_entry_summary

Json = dict[str, Any]


def serialise_entry(entry: Entry, playbook: Playbook | None) -> Json:
    """The entry as in the list, with its answers and outcome.

    With `playbook`, questions without an answer and computes without a value are included as null.
    """
    answers: Json = dict.fromkeys(_get_question_ids(playbook) or entry.passed)
    answers |= {answer.question: serialise_value(answer.value) for answer in entry.answers}
    outcome = entry.outcome or Outcome(given=entry.started)
    computed: Json = {each.id: None for each in playbook.computes} if playbook else {}
    computed |= {each.id: serialise_value(each.value) for each in outcome.computed}
    return {
        "entry": {
            **serialise_entry_summary(build_summary(entry)),
            "answers": answers,
            "earlier": [_serialise_superseded(each) for each in entry.earlier],
            **serialise_outcome(outcome),
            "computed": computed,
        }
    }


def serialise_entry_details(
    entry: Entry,
    playbook: Playbook | None,
    history: History = EMPTY_HISTORY,
    corrected_outcome: Outcome | None = None,
    story: Iterable[StoryLine] = (),
) -> Json:
    """What `journal show` prints: `serialise_entry` with tags, notes and corrections.

    `corrected_outcome` is the outcome of the corrected answers, if it is known. `story` is what happened, oldest first.
    """
    return {
        "entry": {
            **serialise_entry(entry, playbook)["entry"],
            "tags": list(history.tags),
            "disputed": bool(history.disputed),
            "removed": history.removed,
            "notes": [{**_serialise_origin(event), "text": event.value} for event in history.notes],
            "corrections": [_serialise_correction(entry, newest) for newest, *_ in history.corrections.values()],
            "corrected": None if corrected_outcome is None else serialise_outcome(corrected_outcome),
            "disputes": [_serialise_dispute(sides) for sides in history.disputed],
            "story": [_serialise_story_line(each) for each in story],
        }
    }


def serialise_outcome(outcome: Outcome) -> Json:
    """The findings, drafts, actions and other parts of an outcome."""
    return {
        "headline": outcome.headline,
        "headline_level": outcome.headline_level,
        "small": outcome.small,
        "computed": {each.id: serialise_value(each.value) for each in outcome.computed},
        "decisions": [_serialise_decision(each) for each in outcome.decisions],
        "findings": [_serialise_finding(each) for each in outcome.findings],
        "drafts": [_serialise_draft(each) for each in outcome.drafts],
        **_serialise_plan_items(outcome),
    }


def serialise_plan(entry: Entry, plan: Plan, corrected_at: datetime | None) -> Json:
    """What `plan show` prints. `corrected_at` is when answers were corrected after the plan was given, if they were."""
    since = corrected_at.isoformat() if corrected_at else None
    outcome = entry.outcome or Outcome(given=entry.started)
    return {
        "entry": entry.id,
        "headline": outcome.headline,
        "headline_level": outcome.headline_level,
        "small": outcome.small,
        "actions": [_serialise_planned_action(each) for each in plan.actions],
        "checkins": [_serialise_planned_checkin(each) for each in plan.checkins],
        "corrected_at": since,
    }


def serialise_trend(trend: Trend) -> Json:
    """What `journal trend` prints for one number."""
    scale = trend.scale
    return {
        "playbook": trend.playbook,
        "title": trend.title,
        "number": trend.name,
        "label": trend.label,
        "unit": scale.unit,
        "min": serialise_value(scale.low),
        "max": serialise_value(scale.high),
        "points": [
            {
                "entry": point.entry,
                "at": point.at.isoformat(),
                "value": serialise_value(point.value),
                "band": point.band,
                "corrected": point.is_corrected,
                "checkin": point.checkin or None,
                "first": serialise_value(point.first),
                "happened": point.happened or None,
            }
            for point in trend.points
        ],
    }


def serialise_series(numbers: Iterable[Series]) -> Json:
    """What `journal trend` prints without the name of a number."""
    return {
        "numbers": [
            {
                "playbook": each.playbook,
                "title": each.title,
                "number": each.name,
                "label": each.last.label,
                "entries": each.entries,
                "last": serialise_value(each.last.value),
                "band": each.last.band,
            }
            for each in numbers
        ]
    }


def serialise_record(record: Entry | Event) -> dict[str, Any]:
    """An entry like `serialise_entry` without its wrapper, or an event with the keys of its file."""
    match record:
        case Entry():
            entry: dict[str, Any] = serialise_entry(record, None)["entry"]
            return entry
        case Event():
            return {
                "id": record.id,
                "kind": record.kind,
                "entry": record.entry,
                "at": record.at.isoformat(),
                "machine": record.machine,
                "about": record.about,
                "value": None if record.value is None else serialise_value(record.value),
                "replaces": list(record.replaces),
            }


def serialise_problems(problems: Iterable[Problem]) -> list[Json]:
    """Problems as printed to standard error and by `doctor`."""
    return [
        {"code": each.code, "where": str(each.where), "message": each.message, "hint": each.hint} for each in problems
    ]


def serialise_file_problems(problems: Iterable[Problem]) -> list[Json]:
    """Problems of playbook files as `playbook check` prints them."""
    return [_serialise_file_problem(each) for each in problems]


def serialise_value(value: object) -> Any:
    """The value of an answer or compute; whole numbers become `int`, and dates ISO text."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {key: serialise_value(each) for key, each in value.items()}
        case tuple():
            return [serialise_value(each) for each in value]
    return value


def _get_question_ids(playbook: Playbook | None) -> list[str]:
    questions = playbook.questions if playbook else ()
    return [question.id for question in questions if question.spec.has_answer]


def _serialise_superseded(answer: Answer) -> Json:
    return {"question": answer.question, "asked": answer.asked, "answer": serialise_value(answer.value)}


def _serialise_plan_items(outcome: Outcome) -> Json:
    return {
        "actions": [_serialise_action(each) for each in outcome.actions],
        "checkins": [_serialise_checkin(each) for each in outcome.checkins],
    }


def _serialise_planned_action(action: PlannedAction) -> Json:
    return {
        "id": action.id,
        "number": action.number or None,
        "do": action.do,
        "owner": action.owner,
        "cue": action.cue,
        "due": action.due.isoformat() if action.due else None,
        "evidence": action.evidence,
        "state": action.state,
        "done_at": action.done_at.isoformat() if action.done_at else None,
        "proof": action.proof or None,
        "reason": action.reason or action.move_reason or None,
        "moved": action.is_moved,
        "moved_from": action.moved_from.isoformat() if action.moved_from else None,
        "own": action.is_own,
        "source": list(action.source),
        "disputed": list(action.disputed),
    }


def _serialise_planned_checkin(checkin: PlannedCheckin) -> Json:
    return {
        "id": checkin.id,
        "title": checkin.title,
        "due": checkin.due.isoformat() if checkin.due else None,
        "state": checkin.state,
        "answers": {each.about.partition("/")[2]: serialise_value(each.value) for each in checkin.answers},
    }


def _serialise_decision(decision: Decision) -> Json:
    return {
        "id": decision.id,
        "first": decision.first,
        "second": decision.second,
        "share": serialise_value(decision.share),
        "shares": serialise_value(decision.shares),
        "flip": serialise_value(decision.flip),
        "flip_on": decision.flip_on,
        "tell": serialise_value(decision.tell),
        "tell_on": decision.tell_on,
        "dominated": list(decision.dominated),
        "ruled_out": list(decision.ruled_out),
        "totals": serialise_value(decision.totals),
    }


def _serialise_finding(finding: Finding) -> Json:
    return {
        "id": finding.id,
        "title": finding.title,
        "text": finding.text,
        "level": finding.level,
        "because": list(finding.because),
        "for": list(finding.supports),
        "against": list(finding.opposes),
        "profile": [_serialise_bar(each) for each in finding.profile],
        "source": list(finding.source),
        "next": finding.next or None,
    }


def _serialise_bar(bar: Bar) -> Json:
    return {
        "id": bar.id,
        "label": bar.label,
        "value": serialise_value(bar.value),
        "min": serialise_value(bar.min),
        "max": serialise_value(bar.max),
    }


def _serialise_draft(draft: Draft) -> Json:
    return {"id": draft.id, "title": draft.title, "to": draft.to, "text": draft.text, "source": list(draft.source)}


def _serialise_action(action: Action) -> Json:
    return {
        "id": action.id,
        "do": action.do,
        "owner": action.owner,
        "cue": action.cue,
        "due": serialise_value(action.due),
        "evidence": action.evidence,
        "state": action.state,
        "source": list(action.source),
    }


def _serialise_checkin(checkin: Checkin) -> Json:
    return {
        "id": checkin.id,
        "title": checkin.title,
        "due": serialise_value(checkin.due),
        "state": checkin.state,
        "answers": {},
    }


def _serialise_correction(entry: Entry, event: Event) -> Json:
    first = next((answer for answer in entry.answers if answer.question == event.about), None)
    return {
        **_serialise_origin(event),
        "question": event.about,
        "asked": event.asked,
        "value": _get_event_value(event),
        "shown": _get_event_text(event),
        "original": None if first is None else serialise_value(first.value),
        "original_shown": "" if first is None else first.shown,
    }


def _serialise_story_line(line: StoryLine) -> Json:
    return {
        "at": line.at.isoformat(),
        "kind": line.kind,
        "about": line.about,
        "event": line.event or None,
        "text": line.text,
        "details": list(line.details),
    }


def _serialise_dispute(sides: tuple[Event, ...]) -> Json:
    return {
        "kind": sides[0].kind,
        "about": sides[0].about,
        "sides": [
            {**_serialise_origin(event), "value": _get_event_value(event), "shown": _get_event_text(event)}
            for event in sides
        ],
    }


def _serialise_origin(event: Event) -> Json:
    return {"event": event.id, "at": event.at.isoformat(), "machine": event.machine}


def _get_event_value(event: Event) -> object:
    return None if event.value is None else serialise_value(event.value)


def _get_event_text(event: Event) -> str:
    return event.shown or (event.value if isinstance(event.value, str) else "")


def _serialise_file_problem(problem: Problem) -> Json:
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
