"""The flow of a playbook: its stages with their questions, its results, and which answers each of them depends on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from careerkit.coaching.authoring.outline import is_partly_private
from careerkit.coaching.authoring.wording import PlaybookWording
from careerkit.core.frozen import frozen
from careerkit.core.playbook.model import UNDATED, CheckinRule, DueRule, Playbook
from careerkit.core.questions.question import Question


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
