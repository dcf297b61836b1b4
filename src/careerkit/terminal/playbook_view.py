"""A playbook in plain text, for `playbook show`: everything that its file says, with the conditions as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from textwrap import wrap

from careerkit.core.frozen import get_defaults
from careerkit.core.playbook.model import (
    ActionRule,
    Band,
    CheckinRule,
    Compute,
    DecisionRule,
    DraftRule,
    DueRule,
    FindingRule,
    Playbook,
    Wording,
)
from careerkit.core.questions.question import Line, Options, Question, Spec
from careerkit.core.values import format_number
from careerkit.terminal.sanitize import sanitize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.terminal.tty import TextWriter

STEP = "  "
"""The indentation of what belongs to the line above."""


def write_playbook(playbook: Playbook, *, to: TextWriter, columns: int, encoding: str) -> None:
    """Write the head, the stages with their questions, then computes, headlines, outcomes, check-ins and sources."""
    for line in _format_lines(playbook):
        indent = len(line) - len(line.lstrip())
        parts = wrap(line.lstrip(), max(20, columns - indent), break_long_words=False) or [""]
        for number, part in enumerate(parts):
            to.write(sanitize(" " * (indent + 2 * bool(number)) + part, encoding=encoding) + "\n")


def _format_lines(playbook: Playbook) -> Iterator[str]:
    yield from _format_head(playbook)
    for stage in playbook.stages:
        yield ""
        yield f"{stage.title} ({stage.id}){_format_marks(_when(stage.when), 'quick lane' * stage.quick)}"
        if stage.intro:
            yield f"{STEP}{stage.intro}"
        for question in stage.questions:
            yield from _indent(_format_question(question))
    yield from _format_section("Computes", (_format_compute(each) for each in playbook.computes))
    yield from _format_section("Decisions", (_format_decision(each) for each in playbook.decisions))
    headlines = (_format_wording("", rule.text, _when(rule.when), rule.level) for rule in playbook.headlines)
    yield from _format_section("Headlines", headlines)
    yield from _format_outcomes(playbook)
    yield from _format_section("Check-ins", (_format_checkin(each) for each in playbook.checkins))
    yield from _format_section("Sources", (iter([f"{each.id}: {each.cite}"]) for each in playbook.sources))
    allowed = (
        iter([f"{each.rule}{f' in {each.where}' if each.where else ''}: {each.reason}"]) for each in playbook.allows
    )
    yield from _format_section("Allowed warnings", allowed)


def _format_head(playbook: Playbook) -> Iterator[str]:
    length = f", about {playbook.minutes} minutes" if playbook.minutes else ""
    version = f", version {playbook.version}" if playbook.version else ""
    yield f"{playbook.title} ({playbook.id}{version}{length})"
    yield playbook.summary
    for situation in playbook.situations:
        words = f"; found by: {situation.words}" if situation.words else ""
        yield f"For: {situation.text} ({situation.about}{words})"
    settings = (
        ("Deadline", playbook.deadline),
        ("Hour of the deadline", playbook.deadline_hour),
        ("Who can be reached", playbook.reach),
        ("Urgent when", playbook.urgent),
        ("Small when", playbook.small),
    )
    yield from (f"{heading}: {value}" for heading, value in settings if value)


def _format_outcomes(part: Playbook | CheckinRule) -> Iterator[str]:
    yield from _format_section("Findings", (_format_finding(each) for each in part.findings))
    yield from _format_section("Drafts", (_format_draft(each) for each in part.drafts))
    yield from _format_section("Actions", (_format_action(each) for each in part.actions))


def _format_section(heading: str, parts: Iterator[Iterator[str]]) -> Iterator[str]:
    for number, lines in enumerate(parts):
        if not number:
            yield ""
            yield heading
        yield from _indent(lines)


def _indent(lines: Iterator[str]) -> Iterator[str]:
    return (f"{STEP}{line}" if line else "" for line in lines)


def _format_marks(*marks: str) -> str:
    shown = [mark for mark in marks if mark]
    return f" [{', '.join(shown)}]" if shown else ""


def _when(condition: str) -> str:
    return f"when {condition}" if condition else ""


def _cite(sources: tuple[str, ...]) -> str:
    return f"source {', '.join(sources)}" if sources else ""


def _format_question(question: Question) -> Iterator[str]:
    spec = question.spec
    yield f"{question.id}: {question.ask}" + _format_marks(
        question.type,
        *_list_settings(spec),
        "optional" * (spec.has_answer and not question.required),
        "private" * question.private,
        f"default {question.default}" if question.default is not None else "",
        f"repeats {question.again}" if question.again else "",
        f"predicts {question.predicts}" if question.predicts else "",
        _when(question.when),
        _cite(question.source),
    )
    for heading, text in (("Hint", question.hint), ("Why", question.why)):
        if text:
            yield f"{STEP}{heading}: {text}"
    if question.check:
        yield f"{STEP}Check: {question.check}" + (f" ({question.check_text})" if question.check_text else "")
    yield from _indent(_format_lines_of_text(spec.text))
    yield from (f"{STEP}{step}: {meaning}" for step, meaning in getattr(spec, "anchors", {}).items())
    for options in dict.fromkeys((*filter(None, [spec.options]), *spec.all_options)):
        yield from _indent(_format_options(options))
    for field in spec.fields:
        yield from _indent(_format_question(field))


def _list_settings(spec: Spec) -> Iterator[str]:
    """The keys of the type that differ from their defaults, such as `max 5`."""
    defaults = get_defaults(type(spec))
    for key in spec.__annotations__:
        value = getattr(spec, key)
        if key not in _SHOWN_APART and value not in (None, "", defaults.get(key)):
            yield key if value is True else f"{key} {format_number(value) if isinstance(value, Decimal) else value}"


_SHOWN_APART = frozenset({"choices", "items", "fields", "text", "rows", "columns", "anchors"})


def _format_options(options: Options) -> Iterator[str]:
    if options.source:
        yield f"choices from {options.source}"
    for choice in options.choices:
        marks = _format_marks("unknown" * choice.unknown, _when(choice.when))
        yield f"{choice.id}: {choice.label}{f' ({choice.hint})' if choice.hint else ''}{marks}"


def _format_lines_of_text(lines: tuple[Line, ...]) -> Iterator[str]:
    for line in lines:
        if line.text:
            yield f"{line.text}{_format_marks(_when(line.when))}"


def _format_wording(heading: str, wording: Wording, *marks: str) -> Iterator[str]:
    """A text of one line: on the line of its heading or, with alternatives, below it."""
    start = f"{heading}: " if heading else ""
    if len(wording.lines) == 1 and not wording.lines[0].when:
        yield f"{start}{wording.lines[0].text}{_format_marks(*marks)}"
    elif wording.lines:
        yield f"{start or 'the first that holds '}{_format_marks(*marks).lstrip()}".rstrip()
        yield from _indent(_format_lines_of_text(wording.lines))


def _format_compute(compute: Compute) -> Iterator[str]:
    needs = f"needs {', '.join(compute.needs)}" if compute.needs else ""
    unit = f"unit {compute.unit}" if compute.unit else ""
    label = f": {compute.label}" if compute.label else ""
    yield f"{compute.id}{label}{_format_marks(needs, unit, _cite(compute.source))}"
    if compute.value:
        yield f"{STEP}= {compute.value}"
    yield from _indent(_format_lines_of_text(compute.text.lines))
    if compute.tally:
        low, high = format_number(compute.min), format_number(compute.max)
        yield f"{STEP}starts at {format_number(compute.start)}, from {low} to {high}"
        for line in compute.tally:
            sign = "+" if line.points > 0 else ""
            yield f"{STEP}{sign}{format_number(line.points)} {line.id}: {line.text}{_format_marks(_when(line.when))}"
    yield from (f"{STEP}{_format_band(band)}" for band in compute.bands)


def _format_band(band: Band) -> str:
    start = "not known" if band.unknown else f"from {format_number(band.from_)}" if band.from_ is not None else "lowest"
    return f"band {band.id} ({start}): {band.label or band.id}"


def _format_decision(rule: DecisionRule) -> Iterator[str]:
    ruled_out = f", ruled out by {rule.ruled_out}" if rule.ruled_out else ""
    yield f"{rule.id}: weights {rule.weights}, scores {rule.scores}{ruled_out}, {rule.draws} draws"


def _format_finding(rule: FindingRule) -> Iterator[str]:
    marks = (rule.level, "quick" * rule.quick, _when(rule.when), _cite(rule.source))
    yield from _format_wording(rule.id, rule.title, *marks)
    yield from _indent(_format_lines_of_text(rule.text))
    if rule.tally:
        yield f"{STEP}Lists what speaks for and against {rule.tally}"
    if rule.profile:
        yield f"{STEP}Bars: {', '.join(rule.profile)}"
    if rule.next:
        carried = ", ".join(f"{theirs} = {ours}" for theirs, ours in rule.with_.items())
        yield f"{STEP}Leads to {rule.next}" + (f" with {carried}" if carried else "")


def _format_draft(rule: DraftRule) -> Iterator[str]:
    yield from _format_wording(rule.id, rule.title, "quick" * rule.quick, _when(rule.when), _cite(rule.source))
    yield from _indent(_format_wording("To", rule.to))
    yield from _indent(_format_lines_of_text(rule.text))


def _format_action(rule: ActionRule) -> Iterator[str]:
    each = f"for each of {rule.each}" if rule.each else ""
    marks = ("quick" * rule.quick, each, _when(rule.each_when), _when(rule.when), _cite(rule.source))
    yield from _format_wording(rule.id, rule.do, *marks)
    places = ("at the office" * rule.office, "also after the deadline" * rule.after_deadline)
    yield from _indent(_format_due("Due", rule.due, *places))
    for heading, wording in (("Cue", rule.cue), ("Done when", rule.evidence), ("Who", rule.owner)):
        yield from _indent(_format_wording(heading, wording))


def _format_due(heading: str, rule: DueRule, *marks: str) -> Iterator[str]:
    if rule.options:
        dates = (f"{option.at}{f' {_when(option.when)}' if option.when else ''}" for option in rule.options)
        yield f"{heading}: {', or '.join(dates)}{_format_marks(*marks)}"


def _format_checkin(rule: CheckinRule) -> Iterator[str]:
    yield f"{rule.id}: {rule.title}{_format_marks(_when(rule.when))}"
    repeats = f"every {rule.every} until {rule.until}" if rule.every else ""
    yield from _indent(_format_due("After", rule.after, repeats))
    for question in rule.questions:
        yield from _indent(_format_question(question))
    yield from _indent(line for line in _format_outcomes(rule) if line)
