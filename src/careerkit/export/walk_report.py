"""The report of a walk as a dict with the documented JSON keys, and the answers of a run as an answers file."""

from __future__ import annotations

from collections.abc import Mapping

from careerkit.core.playbook.walk.report import ConstantCondition, EndCheck, Reach, WalkReport
from careerkit.core.playbook.walk.runs import ExampleRun
from careerkit.core.values import Value
from careerkit.export.json import Json, serialise_value


def serialise_walk(report: WalkReport) -> Json:
    """The whole report. Runs are referred to by their number, from 1."""
    return {
        "playbook": report.playbook,
        "sound": report.is_sound,
        "parts": [_serialise_reach(each) for each in report.reaches],
        "constant_conditions": [_serialise_condition(each) for each in report.constant_conditions],
        "ends": [_serialise_end(each) for each in report.ends],
        "longest": report.longest or None,
        "typical": report.typical or None,
        "shortest": report.shortest or None,
        "partly_tried": [*report.partly_tried],
        "runs": [serialise_run(number, run) for number, run in enumerate(report.runs, 1)],
    }


def serialise_run(number: int, run: ExampleRun) -> Json:
    """A run with its answers, as they stand in an answers file."""
    return {
        "number": number,
        "lane": run.lane,
        "hour": None if run.hour is None else float(run.hour),
        "answers": build_answers(run.answers),
        "checkin": run.checkin or None,
        "checkin_answers": build_answers(run.checkin_answers),
        "done": [*run.done],
        "questions": run.questions,
        "minutes": run.minutes,
        "lines": run.lines,
    }


def build_answers(answers: Mapping[str, Value]) -> Json:
    """The answers of a run by question, as plain values."""
    return {name: serialise_value(value) for name, value in answers.items()}


def _serialise_reach(reach: Reach) -> Json:
    return {
        "place": reach.place,
        "kind": reach.kind,
        "text": reach.text,
        "verdict": reach.verdict,
        "run": reach.run or None,
        "reason": reach.reason or None,
    }


def _serialise_condition(condition: ConstantCondition) -> Json:
    return {"place": condition.place, "condition": condition.condition, "proved": condition.is_proved}


def _serialise_end(end: EndCheck) -> Json:
    return {"part": end.what, "run_without": end.run or None, "certainty": None if end.run else end.certainty}
