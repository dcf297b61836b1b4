"""Describe a playbook: an outline with every screen and condition, its flow as a graph, and an introduction before it is installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from careerkit.coaching.authoring.wording import PlaybookWording
from careerkit.core.frozen import frozen, get_defaults, get_field_names
from careerkit.core.playbook.model import (
    UNDATED,
    ActionRule,
    CheckinRule,
    Compute,
    DecisionRule,
    DraftRule,
    DueRule,
    FindingRule,
    Playbook,
    Wording,
    list_questions,
)
from careerkit.core.questions.question import Choice, Line, Options, Question
from careerkit.core.text import abbreviate, format_count
from careerkit.core.values import format_number

MAX_ASKED = 12
"""The most questions that are listed; `careerkit playbook sheet` has all of them."""
MAX_ASK_LENGTH = 100

LEVELS = {"stop": "Stop", "care": "Take care", "good": "Good news", "info": ""}
_SHOWN_ELSEWHERE = frozenset({"choices", "items", "fields", "text", "line"})
_KEY_LABELS = {
    "min": "At least",
    "max": "At most",
    "unit": "Unit",
    "anchors": "Steps",
    "own": "They may type one of their own",
    "own_hint": "Hint for it",
    "own_max": "How many of their own",
    "long": "Several lines",
    "spread": "Low, likely and high",
}
"""Keys of question types, as a reader would say them."""


@frozen
class OutlineBlock:
    """One block of the document.

    `kind` is `heading` (with its `depth`, 1 for the title), `text`, `quote` (what the person reads), `condition`, or `item`
    of a list (with its `depth`, 1 for the outermost).
    """

    kind: str
    text: str
    depth: int = 1


OutlineBlocks = Iterator[OutlineBlock]


def build_outline(playbook: Playbook) -> tuple[OutlineBlock, ...]:
    """The outline of a playbook: its questions by stage, what is worked out, its results and its check-ins."""
    return tuple(_Outline(playbook).build())


def introduce(playbook: Playbook) -> Iterator[str]:
    """The introduction, line by line: title, author, licence, and the questions, with a mark on private ones."""
    questions = [each for each in list_questions(playbook) if each.spec.has_answer]
    private = [each for each in questions if is_partly_private(each)]
    yield f"{playbook.title} ({playbook.id})"
    yield f"  {playbook.summary}"
    yield f"  By: {playbook.author or 'not named'}"
    yield f"  Licence: {playbook.licence or 'not named'}"
    length = f", about {format_count(playbook.minutes, 'minute')}" if playbook.minutes else ""
    yield f"  {format_count(len(questions), 'question')}{length}. {_describe_private(len(private))}"
    for each in questions[:MAX_ASKED]:
        mark = " [private]" if is_partly_private(each) else ""
        yield f"    {abbreviate(each.ask or each.again, MAX_ASK_LENGTH, whole_words=True)}{mark}"
    if len(questions) > MAX_ASKED:
        yield f"    and {len(questions) - MAX_ASKED} more"


def is_partly_private(question: Question) -> bool:
    """Is the answer, or a part of it, marked as private?"""
    return question.private or any(field.private for field in question.spec.fields)


@frozen
class FlowNode:
    """A question or a result. `condition` says in words when it comes up; `needs` are the questions that it depends on."""

    id: str
    kind: str
    label: str
    condition: str = ""
    needs: tuple[str, ...] = ()
    is_private: bool = False
    is_quick: bool = False


@frozen
class FlowGroup:
    """A stage, a kind of result, or a check-in, with its parts in order."""

    id: str
    title: str
    condition: str
    nodes: tuple[FlowNode, ...]
    is_quick: bool = False


@frozen
class Flow:
    """The stages in order, then the results: headlines, findings, drafts, actions, and check-ins with what they ask."""

    title: str
    stages: tuple[FlowGroup, ...]
    results: tuple[FlowGroup, ...]

    @property
    def groups(self) -> tuple[FlowGroup, ...]:
        return (*self.stages, *self.results)


def build_flow(playbook: Playbook) -> Flow:
    """The flow of a playbook, with its conditions in words."""
    wording = PlaybookWording(playbook)
    stages = tuple(
        FlowGroup(
            f"stage_{each.id}",
            each.title,
            wording.describe(each.when),
            tuple(_build_question(question, wording) for question in each.questions),
            is_quick=each.quick,
        )
        for each in playbook.stages
    )
    headlines = tuple(
        FlowNode(
            f"headline.{number}",
            "headline",
            each.text.usual,
            wording.describe(each.when),
            wording.list_names(each.when),
        )
        for number, each in enumerate(playbook.headlines, 1)
    )
    results = (
        FlowGroup("headlines", "Headlines", "", headlines),
        FlowGroup("findings", "Findings", "", _build_rules("finding", playbook.findings, wording)),
        FlowGroup("drafts", "Drafts", "", _build_rules("draft", playbook.drafts, wording)),
        FlowGroup("actions", "Actions", "", _build_rules("action", playbook.actions, wording)),
        *(_build_checkin(each, wording) for each in playbook.checkins),
    )
    return Flow(playbook.title, stages, tuple(each for each in results if each.nodes))


def _build_question(question: Question, wording: PlaybookWording) -> FlowNode:
    return FlowNode(
        question.id,
        "note" if not question.spec.has_answer else "question",
        question.ask or question.again,
        wording.describe(question.when),
        wording.list_names(question.when),
        is_private=is_partly_private(question),
    )


def _build_rules(
    kind: str, rules: Iterable[object], wording: PlaybookWording, prefix: str = ""
) -> tuple[FlowNode, ...]:
    return tuple(_build_rule(kind, each, wording, prefix) for each in rules)


def _build_rule(kind: str, rule: object, wording: PlaybookWording, prefix: str) -> FlowNode:
    title = getattr(rule, "title", None) or getattr(rule, "do", None)
    when, each = getattr(rule, "when", ""), getattr(rule, "each", "")
    condition = wording.describe(when)
    if each:
        forms = f"for each form of {wording.get_label(each)}"
        each_when = wording.describe(getattr(rule, "each_when", ""))
        forms += f" in which {each_when}" if each_when else ""
        condition = f"{condition}; {forms}" if condition else forms
    needs = tuple(dict.fromkeys((*wording.list_names(when), *wording.list_names(each))))
    name = getattr(rule, "id", "")
    return FlowNode(
        f"{prefix}{name}",
        kind,
        f"{title.usual if title else name}{_describe_due(getattr(rule, 'due', UNDATED))}",
        condition,
        needs,
        is_quick=bool(getattr(rule, "quick", False)),
    )


def _build_checkin(rule: CheckinRule, wording: PlaybookWording) -> FlowGroup:
    prefix = f"{rule.id}."
    nodes = (
        *(_build_question(each, wording) for each in rule.questions),
        *_build_rules("finding", rule.findings, wording, prefix),
        *_build_rules("draft", rule.drafts, wording, prefix),
        *_build_rules("action", rule.actions, wording, prefix),
    )
    title = f"Check-in: {rule.title}{_describe_due(rule.after)}"
    nodes = nodes or (FlowNode(f"{prefix}plan", "note", "What became of the plan?"),)
    return FlowGroup(f"checkin_{rule.id}", title, wording.describe(rule.when), nodes)


def _describe_due(due: DueRule) -> str:
    dates = ", or ".join(each.at for each in due.options)
    return f" ({dates})" if dates else ""


def list_nodes(flow: Flow) -> Iterator[FlowNode]:
    """All nodes, in order."""
    for group in flow.groups:
        yield from group.nodes


class _Outline:
    def __init__(self, playbook: Playbook) -> None:
        self._playbook = playbook
        self._wording = PlaybookWording(playbook)

    def build(self) -> OutlineBlocks:
        playbook = self._playbook
        yield OutlineBlock("heading", playbook.title)
        yield OutlineBlock("text", playbook.summary)
        yield from self._describe_head()
        for number, stage in enumerate(playbook.stages, 1):
            yield OutlineBlock("heading", f"{number}. {stage.title}{' (quick lane)' * stage.quick}", 2)
            yield from self._condition(stage.when)
            yield from _quote(stage.intro)
            for question in stage.questions:
                yield from self._describe_question(question)
        yield from self._section("Worked out from the answers", playbook.computes, self._describe_compute)
        yield from self._section("Decisions", playbook.decisions, self._describe_decision)
        if playbook.headlines:
            yield OutlineBlock("heading", "What opens the result: the first that holds", 2)
            for rule in playbook.headlines:
                yield from self._alternatives(rule.text, rule.when, LEVELS[rule.level])
        yield from self._describe_results(playbook)
        for checkin in playbook.checkins:
            yield from self._describe_checkin(checkin)
        yield from self._section(
            "Sources", playbook.sources, lambda each: iter((OutlineBlock("item", f"{each.id}: {each.cite}"),))
        )

    def _describe_head(self) -> OutlineBlocks:
        playbook = self._playbook
        questions = [each for each in list_questions(playbook) if each.spec.has_answer]
        private = [each for each in questions if is_partly_private(each)]
        if playbook.minutes:
            yield OutlineBlock("item", f"About {format_count(playbook.minutes, 'minute')}")
        yield OutlineBlock("item", f"{format_count(len(questions), 'question')}, {len(private)} of them private")
        for situation in playbook.situations:
            yield OutlineBlock("item", f"For: {situation.text}")
        for name, what in (("version", "Version"), ("author", "By"), ("licence", "Licence:")):
            if getattr(playbook, name):
                yield OutlineBlock("item", f"{what} {getattr(playbook, name)}")
        for name, what in (
            ("deadline", "The deadline is the answer to"),
            ("deadline_hour", "Its hour is the answer to"),
            ("reach", "Whether the people can be reached is the answer to"),
        ):
            if getattr(playbook, name):
                yield OutlineBlock("item", f"{what} {self._wording.get_label(getattr(playbook, name))}")
        for name, what in (("urgent", "Quiet hours don't apply"), ("small", "Only the first of everything is shown")):
            if getattr(playbook, name):
                yield OutlineBlock("item", f"{what} if {self._wording.describe(getattr(playbook, name))}")

    # ------------------------------------------------------------ questions

    def _describe_question(self, question: Question) -> OutlineBlocks:
        original = question.ask or f"Again: {question.again}"
        yield OutlineBlock("heading", original, 3)
        marks = [question.type, "private" * question.private, "may be left out" * (not question.required)]
        yield OutlineBlock("text", f"{question.id} ({', '.join(filter(None, marks))})")
        yield from self._condition(question.when)
        yield from _quote(question.hint)
        yield from self._lines(question.spec.text)
        yield from self._describe_options(question)
        for field in question.spec.fields:
            yield from self._describe_field(field)
        if question.check:
            yield OutlineBlock(
                "item", f"Must hold: {self._wording.describe(question.check)}. Otherwise: {question.check_text}"
            )
        if question.default is not None:
            yield OutlineBlock("item", f"Suggested: {_format(question.default)}")
        if question.predicts:
            yield OutlineBlock("item", f"A forecast of {self._wording.get_label(question.predicts)}")
        if question.why:
            yield OutlineBlock("item", f"Why: {question.why}")
        if question.source:
            yield OutlineBlock("item", f"Source: {', '.join(question.source)}")

    def _describe_options(self, question: Question, depth: int = 1) -> OutlineBlocks:
        spec = question.spec
        for options in spec.all_options:
            yield from self._describe_choices(options, depth)
        defaults = get_defaults(type(spec))
        for name in get_field_names(spec):
            value = getattr(spec, name)
            is_empty = value is None or value is False or value in ("", ()) or value == defaults.get(name)
            if not is_empty and name not in _SHOWN_ELSEWHERE and not isinstance(value, Options):
                label = _KEY_LABELS.get(name, name)
                yield OutlineBlock("item", label if value is True else f"{label}: {_format(value)}", depth)

    def _describe_choices(self, options: Options, depth: int) -> OutlineBlocks:
        if options.source:
            yield OutlineBlock(
                "item", f"To choose from: the answer to {self._wording.get_label(options.source)}", depth
            )
        for choice in options.choices:
            yield OutlineBlock("item", _format_choice(choice, self._wording.describe(choice.when)), depth)

    def _describe_field(self, field: Question) -> OutlineBlocks:
        marks = [field.id, field.type, "private" * field.private, "may be left out" * (not field.required)]
        condition = f", only if {self._wording.describe(field.when)}" if field.when else ""
        yield OutlineBlock("item", f"{field.ask} ({', '.join(filter(None, marks))}{condition})")
        yield from self._describe_options(field, 2)

    # ------------------------------------------------------------ values

    def _describe_compute(self, compute: Compute) -> OutlineBlocks:
        yield OutlineBlock("heading", compute.label or compute.id, 3)
        unit = f", in {compute.unit}" if compute.unit else ""
        yield OutlineBlock("text", f"{compute.id}{unit}")
        if compute.needs:
            yield OutlineBlock("item", f"Only if known: {', '.join(map(self._wording.get_label, compute.needs))}")
        if compute.value:
            yield OutlineBlock("item", f"Value: {self._wording.describe_value(compute.value)}")
        if compute.tally:
            limits = f"{format_number(compute.min)} to {format_number(compute.max)}"
            yield OutlineBlock("item", f"Starts at {format_number(compute.start)}, and stays within {limits}:")
        for line in compute.tally:
            sign = "+" if line.points >= 0 else "−"
            points = f"{sign}{format_number(abs(line.points))}"
            yield OutlineBlock(
                "item", f"{points} if {self._wording.describe(line.when)}: {line.text}".removesuffix(": "), 2
            )
        yield from self._alternatives(compute.text)
        for band in compute.bands:
            limit = (
                "if it isn't known"
                if band.unknown
                else ""
                if band.from_ is None
                else f"from {format_number(band.from_)}"
            )
            yield OutlineBlock("item", f"Band: {band.label or band.id} {limit}".rstrip())

    def _describe_decision(self, rule: DecisionRule) -> OutlineBlocks:
        yield OutlineBlock("heading", rule.id, 3)
        weights, scores = map(self._wording.get_label, (rule.weights, rule.scores))
        yield OutlineBlock("item", f"Rates the options by {scores}, weighted by {weights}")
        if rule.ruled_out:
            yield OutlineBlock("item", f"Without those in {self._wording.get_label(rule.ruled_out)}")

    # ------------------------------------------------------------ results

    def _describe_results(self, part: Playbook | CheckinRule, depth: int = 2) -> OutlineBlocks:
        titles: dict[str, Sequence[FindingRule | DraftRule | ActionRule]] = {
            "Findings": part.findings,
            "Drafts": part.drafts,
            "Actions": part.actions,
        }
        for title, rules in titles.items():
            if rules:
                yield OutlineBlock("heading", title, depth)
            for rule in rules:
                yield from self._describe_rule(rule, depth + 1)

    def _describe_rule(self, rule: FindingRule | DraftRule | ActionRule, depth: int) -> OutlineBlocks:
        match rule:
            case FindingRule():
                yield from self._describe_finding(rule, depth)
            case DraftRule():
                yield from self._describe_draft(rule, depth)
            case ActionRule():
                yield from self._describe_action(rule, depth)

    def _describe_finding(self, rule: FindingRule, depth: int) -> OutlineBlocks:
        yield from self._title(rule.title, rule.id, rule.when, depth, quick=rule.quick)
        if LEVELS[rule.level]:
            yield OutlineBlock("item", f"Level: {LEVELS[rule.level]}")
        yield from self._lines(rule.text)
        if rule.tally:
            yield OutlineBlock("item", f"With what speaks for and against: {self._wording.get_label(rule.tally)}")
        if rule.profile:
            yield OutlineBlock("item", f"With bars for: {', '.join(map(self._wording.get_label, rule.profile))}")
        if rule.next:
            carried = ", ".join(f"{theirs} from {ours}" for theirs, ours in rule.with_.items())
            yield OutlineBlock("item", f"Offers {rule.next}, with {carried}" if carried else f"Offers {rule.next}")
        yield from _cite(rule.source)

    def _describe_draft(self, rule: DraftRule, depth: int) -> OutlineBlocks:
        yield from self._title(rule.title, rule.id, rule.when, depth, quick=rule.quick)
        yield from self._alternatives(rule.to, label="To")
        yield from self._lines(rule.text)
        yield from _cite(rule.source)

    def _describe_action(self, rule: ActionRule, depth: int) -> OutlineBlocks:
        yield from self._title(rule.do, rule.id, rule.when, depth, quick=rule.quick)
        if rule.each:
            which = f" for which {self._wording.describe(rule.each_when)}" if rule.each_when else ""
            yield OutlineBlock("item", f"Once for each form of {self._wording.get_label(rule.each)}{which}")
        for label, wording in (("Cue", rule.cue), ("Done when", rule.evidence), ("Who", rule.owner)):
            yield from self._alternatives(wording, label=label)
        yield from self._due(rule.due)
        marks = ["not on a weekend"] * rule.office + ["may come after the deadline"] * rule.after_deadline
        yield from (OutlineBlock("item", each.capitalize()) for each in marks)
        yield from _cite(rule.source)

    def _describe_checkin(self, rule: CheckinRule) -> OutlineBlocks:
        yield OutlineBlock("heading", f"Check-in: {rule.title}", 2)
        yield from self._condition(rule.when)
        yield from self._due(rule.after)
        if rule.every:
            yield OutlineBlock("item", f"Repeated every {rule.every} until {rule.until}")
        for question in rule.questions:
            yield from self._describe_question(question)
        yield from self._describe_results(rule, 3)

    # ------------------------------------------------------------ parts

    def _section(self, title: str, rules: Sequence[Any], describe: Any) -> OutlineBlocks:
        if rules:
            yield OutlineBlock("heading", title, 2)
        for rule in rules:
            yield from describe(rule)

    def _title(self, title: Wording, name: str, when: str, depth: int, *, quick: bool) -> OutlineBlocks:
        yield OutlineBlock("heading", title.usual or name, depth)
        yield OutlineBlock("text", f"{name}{' (quick lane)' * quick}")
        yield from self._condition(when)
        if len(title.lines) > 1:
            yield from self._alternatives(title, label="Title")

    def _condition(self, when: str) -> OutlineBlocks:
        if when:
            yield OutlineBlock("condition", f"Only if {self._wording.describe(when)}")

    def _alternatives(self, wording: Wording, when: str = "", label: str = "") -> OutlineBlocks:
        """A text of one line: each of its lines with its condition, of which the first that holds is used."""
        lead = f"{label}: " if label else ""
        for line in wording.lines:
            conditions = " and ".join(filter(None, map(self._wording.describe, (when, line.when))))
            yield OutlineBlock("item", f"{lead}{line.text}{f' (if {conditions})' if conditions else ''}")

    def _lines(self, lines: Iterable[Line]) -> OutlineBlocks:
        for line in lines:
            if line.when:
                yield OutlineBlock("condition", f"If {self._wording.describe(line.when)}:")
            yield from _quote(line.text)

    def _due(self, rule: DueRule) -> OutlineBlocks:
        for option in rule.options:
            condition = f" (if {self._wording.describe(option.when)})" if option.when else ""
            yield OutlineBlock("item", f"When: {option.at}{condition}")


def _quote(text: str) -> OutlineBlocks:
    if text.strip():
        yield OutlineBlock("quote", text)


def _cite(sources: Sequence[str]) -> OutlineBlocks:
    if sources:
        yield OutlineBlock("item", f"Source: {', '.join(sources)}")


def _format_choice(choice: Choice, condition: str) -> str:
    marks = ["means that it isn't known"] * choice.unknown + [f"only if {condition}"] * bool(condition)
    hint = f" – {choice.hint}" if choice.hint else ""
    return f"{choice.label}{hint} ({', '.join(marks)})" if marks else f"{choice.label}{hint}"


def _format(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format_number(value)
        case dict():
            return ", ".join(f"{key} = {_format(each)}" for key, each in value.items())
        case list() | tuple():
            return ", ".join(map(_format, value))
    if hasattr(value, "items"):
        return _format(dict(value.items()))
    return str(value)


def _describe_private(count: int) -> str:
    if not count:
        return "None is marked as private, so a shared export would have all answers."
    verb = "is" if count == 1 else "are"
    return f"{count} of them {verb} private: left out when you share a plan."
