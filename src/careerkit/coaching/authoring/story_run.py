"""Run a story on its playbook, and compare what comes out with what the story expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from careerkit.coaching.authoring.stories import Expectation, Story, StoryCheckin
from careerkit.coaching.resume import apply_answers, evaluate_batch
from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.facts import Facts
from careerkit.core.frozen import frozen
from careerkit.core.interview import Interview, find_checkin_rule, start_checkin
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.question import Question
from careerkit.core.records import to_plain
from careerkit.core.values import NOTHING

NOTHING_CAME = "nothing"


@frozen
class StoryMismatch:
    """A difference: `key` is the path in `expect`, `written` the value to write there instead.

    `expected` and `actual` are texts to show; with line breaks if whole texts are compared. `wanted_in` is a text that
    `actual` should contain.
    """

    key: str
    expected: str
    actual: str
    written: Any = None


@frozen
class PartRun:
    """What came of the interview, or of one check-in, which then is `checkin`.

    `problems` say why it could not be run, or what in the story can't be right.
    """

    expect: Expectation | None
    checkin: StoryCheckin | None = None
    facts: Facts | None = None
    outcome: Outcome | None = None
    asked: tuple[str, ...] = ()
    mismatches: tuple[StoryMismatch, ...] = ()
    problems: tuple[Problem, ...] = ()


@frozen
class StoryRun:
    """A story with what came of it: `parts` has the interview, then the check-ins."""

    story: Story
    parts: tuple[PartRun, ...]

    @property
    def is_passed(self) -> bool:
        return not any(part.mismatches or part.problems for part in self.parts)


def run_story(playbook: Playbook, story: Story) -> StoryRun:
    """Run a story, and compare. Never raises Refused: what is wrong is in the result."""
    interview = Interview(
        playbook,
        today=story.starts.date(),
        lane="quick" if story.quick else "full",
        started=story.starts,
        zone="" if story.starts.utcoffset() else "UTC",
    )
    if story.quick and not any(stage.quick for stage in playbook.stages):
        problem = Problem("no-quick-lane", "The playbook has no quick questions.", "Leave out `quick`.", story.where)
        return StoryRun(story, (PartRun(story.expect, problems=(problem,)),))
    try:
        result = apply_answers(interview, story.answers)
    except Refused as refused:
        return StoryRun(story, (PartRun(story.expect, problems=_place(refused, story)),))
    outcome = evaluate_batch(result, given=story.starts)
    first = _conclude(result.interview, outcome, story)
    checkins = (_run_checkin(result.interview, outcome, each, story) for each in story.checkins)
    return StoryRun(story, (first, *checkins))


def describe_outcome(part: PartRun) -> dict[str, Any]:
    """What came out, as it is written into a story: the values of `expect` that --record fills in."""
    if part.outcome is None:
        return {}
    outcome = part.outcome
    found: dict[str, Any] = {
        "asked": list(part.asked),
        "found": [each.id for each in outcome.findings],
        "said": {each.id: each.text for each in outcome.drafts},
        "planned": {each.id: _write_due(each.due) for each in outcome.actions if each.state != "dropped"},
    }
    if part.checkin is None:
        found["checkins"] = {each.id: _write_due(each.due) for each in outcome.checkins}
        found |= {"headline": outcome.headline} if outcome.headline else {}
    return {key: value or [] for key, value in found.items()}


# ------------------------------------------------------------ running


def _run_checkin(interview: Interview, outcome: Outcome, checkin: StoryCheckin, story: Story) -> PartRun:
    def refuse(code: str, message: str, hint: str) -> PartRun:
        return PartRun(checkin.expect, checkin, problems=(Problem(code, message, hint, story.where),))

    rule = find_checkin_rule(interview.playbook, checkin.id)
    planned = next((each for each in outcome.checkins if each.id == checkin.id), None)
    if rule is None or planned is None:
        ids = ", ".join(each.id for each in outcome.checkins) or "none"
        message = f"The plan of this story has no check-in {checkin.id}."
        return refuse("no-checkin", message, f"It has: {ids}.")
    actions = [each.id for each in outcome.actions]
    unknown = next((each for each in checkin.done if each not in actions), None)
    if unknown is not None:
        hint = f"It has: {', '.join(actions) or 'none'}."
        return refuse("unknown-action", f"The plan of this story has no action {unknown}.", hint)
    moment = _at_day(planned.due, story.starts)
    started = start_checkin(interview, rule, NOTHING, done=frozenset(checkin.done), today=moment.date())
    try:
        result = apply_answers(started, checkin.answers)
    except Refused as refused:
        return PartRun(checkin.expect, checkin, problems=_place(refused, story))
    found = evaluate_outcome(result.interview.facts(), given=moment)
    return _conclude(result.interview, found, story, checkin)


def _conclude(interview: Interview, outcome: Outcome, story: Story, checkin: StoryCheckin | None = None) -> PartRun:
    """The part with its differences."""
    expect, answers = (checkin or story).expect, (checkin or story).answers
    facts, asked = interview.facts(), tuple(each.id for each in _list_shown(interview))
    part = PartRun(expect, checkin, facts, outcome, asked)
    expected = expect or {}
    problems = [
        *_find_unknown_ids(interview.playbook, expected, story),
        *_find_unused_answers(interview, asked, answers, expected, story),
    ]
    return PartRun(expect, checkin, facts, outcome, asked, tuple(_compare(part, expected)), tuple(problems))


def _list_shown(interview: Interview) -> Iterator[Question]:
    """The questions and notes that come up with these answers, in order."""
    facts = interview.facts()
    for stage in interview.playbook.stages:
        in_lane = stage.id == interview.only_stage if interview.only_stage else stage.quick or interview.lane == "full"
        yield from (each for each in stage.questions if in_lane and facts.is_visible(each))


def _at_day(due: date | None, starts: datetime) -> datetime:
    match due:
        case datetime():
            return due
        case date():
            return datetime.combine(due, starts.timetz())
    return starts


def _place(refused: Refused, story: Story) -> tuple[Problem, ...]:
    """The problems with the line of the story. The question that each is about is named, unless its message does so."""
    return tuple(
        Problem(each.code, f"{each.where}: {each.message}" if each.where else each.message, each.hint, story.where)
        for each in refused.problems
    )


def _find_unused_answers(
    interview: Interview,
    asked: tuple[str, ...],
    answers: Mapping[str, Any],
    expected: Expectation,
    story: Story,
) -> Iterator[Problem]:
    """A problem for each answer to a question that isn't asked, unless the story says that it is hidden."""
    questions = {each.id for each in interview.playbook.questions}
    for name in answers:
        if name in questions and name not in asked and name not in expected.get("hidden", ()):
            message = f"There is an answer to {name}, but with these answers it isn't asked."
            hint = f'Remove it, or write hidden = ["{name}"] to expect that.'
            yield Problem("not-asked", message, hint, story.where)


def _find_unknown_ids(playbook: Playbook, expected: Expectation, story: Story) -> Iterator[Problem]:
    """A problem for each question, result, value or band in `expected` that the playbook doesn't have."""
    questions = [each.id for each in playbook.questions]
    computes = [each.id for each in playbook.computes]
    decisions = [f"{each.id}_first" for each in playbook.decisions]
    kinds = (
        ("asked", questions),
        ("hidden", questions),
        ("values", (*questions, *computes, *decisions)),
        ("found", [each.id for each in playbook.findings]),
        ("said", [each.id for each in playbook.drafts]),
        ("planned", [each.id for each in playbook.actions]),
        ("checkins", [each.id for each in playbook.checkins]),
    )
    for key, known in kinds:
        for name in expected.get(key, ()):
            if name not in known and not (key in _NUMBERED and name.rpartition("_")[0] in known):
                near = find_closest(name, known)
                hint = f"Did you mean {near}?" if near else "`careerkit playbook show` lists the ids."
                yield Problem("unknown-id", f"`expect.{key}`: the playbook has no {name}.", hint, story.where)
    for compute in playbook.computes:
        wanted, bands = expected.get("values", {}).get(compute.id), [each.id for each in compute.bands]
        if bands and isinstance(wanted, str) and wanted not in bands:
            message = f"`expect.values`: {compute.id} has no band {wanted}."
            yield Problem("unknown-id", message, f"It has: {', '.join(bands)}.", story.where)


_NUMBERED = ("planned", "checkins")
"""What may be repeated: its ids then end with a number."""


# ------------------------------------------------------------ comparing


def _compare(part: PartRun, expected: Expectation) -> Iterator[StoryMismatch]:
    assert part.outcome is not None
    outcome = part.outcome
    texts = {each.id: f"{each.title}\n{each.text}" for each in outcome.findings}
    drafts = {each.id: each.text for each in outcome.drafts}
    actions = {each.id: _write_due(each.due) for each in outcome.actions if each.state != "dropped"}
    checkins = {each.id: _write_due(each.due) for each in outcome.checkins}
    for key, value in expected.items():
        match key:
            case "asked":
                yield from _compare_ids(key, value, list(part.asked), written=list(part.asked))
            case "hidden":
                shown = [each for each in value if each in part.asked]
                if shown:
                    kept = [each for each in value if each not in shown]
                    yield StoryMismatch(key, _join(value), f"asked: {_join(shown)}", kept)
            case "found":
                yield from _compare_texts(key, value, texts)
            case "said":
                yield from _compare_texts(key, value, drafts)
            case "planned":
                yield from _compare_dates(key, value, actions)
            case "checkins":
                yield from _compare_dates(key, value, checkins)
            case "headline" if value != outcome.headline:
                yield StoryMismatch(key, value, outcome.headline or NOTHING_CAME, outcome.headline)
            case "values":
                yield from _compare_values(value, part)


def _compare_ids(key: str, expected: list[str], actual: list[str], *, written: Any) -> Iterator[StoryMismatch]:
    if expected != actual:
        yield StoryMismatch(key, _join(expected), _join(actual), written)


def _compare_texts(key: str, expected: Any, actual: Mapping[str, str]) -> Iterator[StoryMismatch]:
    """Compare the ids, and for a table the texts: a text is the whole one, a list has texts that it must contain."""
    if isinstance(expected, list):
        yield from _compare_ids(key, expected, list(actual), written=list(actual))
        return
    if set(expected) != set(actual):
        written = {name: expected.get(name, actual[name]) for name in actual}
        yield StoryMismatch(key, _join(expected), _join(actual), written)
    for name, wanted in expected.items():
        if name not in actual:
            continue
        path = f"{key}.{name}"
        if isinstance(wanted, str):
            if wanted.strip() != actual[name].strip():
                yield StoryMismatch(path, wanted.strip(), actual[name], actual[name])
        else:
            for each in wanted:
                if each not in actual[name]:
                    kept = [other for other in wanted if other in actual[name]]
                    yield StoryMismatch(path, f"… {each} …", actual[name], kept)


def _compare_dates(key: str, expected: Any, actual: Mapping[str, Any]) -> Iterator[StoryMismatch]:
    if isinstance(expected, list):
        yield from _compare_ids(key, expected, list(actual), written=list(actual))
        return
    if set(expected) != set(actual):
        yield StoryMismatch(key, _join(expected), _join(actual), dict(actual))
    for name, wanted in expected.items():
        if name in actual and _format_due(wanted) != _format_due(actual[name]):
            yield StoryMismatch(f"{key}.{name}", _format_due(wanted), _format_due(actual[name]), actual[name])


def _compare_values(expected: Mapping[str, Any], part: PartRun) -> Iterator[StoryMismatch]:
    """Compare values; a text stands for the band of a compute that has bands."""
    assert part.facts is not None
    for name, wanted in expected.items():
        compute = part.facts.index.computes.get(name)
        has_band = compute is not None and bool(compute.bands) and isinstance(wanted, str)
        value = part.facts.band(name) if has_band else part.facts.value(name)
        actual = _write_value(value)
        if _format_value(wanted) != _format_value(actual):
            shown = NOTHING_CAME if actual is None else _format_value(actual)
            yield StoryMismatch(f"values.{name}", _format_value(wanted), shown, actual)


def _write_due(due: date | None) -> date | str:
    """A date as it is written in a story: "" for none, times without their offset."""
    match due:
        case datetime():
            return due.replace(tzinfo=None, second=0, microsecond=0)
        case date():
            return due
    return ""


def _format_due(due: date | str) -> str:
    match due:
        case datetime():
            return due.strftime("%Y-%m-%d %H:%M")
        case date():
            return due.isoformat()
    return due.replace("T", " ") or "no date"


def _write_value(value: Any) -> Any:
    match value:
        case None | date():
            return value
        case tuple():
            return [_write_value(each) for each in value]
    return to_plain(value)


def _format_value(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value.normalize():f}"
        case list() | tuple():
            return ", ".join(map(_format_value, value))
        case Mapping():
            return ", ".join(f"{key} = {_format_value(each)}" for key, each in value.items())
    return str(value)


def _join(ids: Any) -> str:
    return ", ".join(ids) or NOTHING_CAME
