"""Where everything of a playbook is found by its id."""

from __future__ import annotations

from careerkit.core.frozen import frozen
from careerkit.core.playbook.model import (
    DECISION_PARTS,
    ChoiceForm,
    ChoicesForm,
    Compute,
    DecisionRule,
    GridForm,
    Options,
    Playbook,
    Question,
    RankForm,
    RecordsForm,
    Stage,
    WeightsForm,
)


@frozen
class Index:
    """`stage_of` has no place for a check-in's question; `decisions` maps a defined id to its rule and part."""

    questions: dict[str, Question]
    stage_of: dict[str, Stage]
    computes: dict[str, Compute]
    decisions: dict[str, tuple[DecisionRule, str]]
    order: dict[str, int]


_kept: dict[int, tuple[Playbook, Index]] = {}


def index_of(playbook: Playbook) -> Index:
    """The index of `playbook`, made once for the last few playbooks seen."""
    found = _kept.get(id(playbook))
    if found is None or found[0] is not playbook:
        if len(_kept) > 8:
            _kept.clear()
        found = _kept[id(playbook)] = (playbook, _make(playbook))
    return found[1]


def _make(playbook: Playbook) -> Index:
    asked = list(playbook.questions)
    later = [question for checkin in playbook.checkins for question in checkin.questions]
    return Index(
        questions={question.id: question for question in [*asked, *later]},
        stage_of={question.id: stage for stage in playbook.stages for question in stage.questions},
        computes={compute.id: compute for compute in playbook.computes},
        decisions={f"{rule.id}_{part}": (rule, part) for rule in playbook.decisions for part in DECISION_PARTS},
        order={question.id: number for number, question in enumerate([*asked, *later])},
    )


def fields_of(question: Question) -> tuple[Question, ...]:
    """The fields of a records question; none of any other."""
    return question.form.fields if isinstance(question.form, RecordsForm) else ()


def private_fields(question: Question) -> frozenset[str]:
    """The fields of a records question that are private."""
    return frozenset(field.id for field in fields_of(question) if field.private)


def options_of(question: Question) -> tuple[Options, ...]:
    """What a question is chosen from: of a grid its rows, then its columns; of forms the items that each is about."""
    match question.form:
        case ChoiceForm(options=o) | ChoicesForm(options=o) | RankForm(options=o) | WeightsForm(options=o):
            return (o,)
        case GridForm(rows=rows, columns=columns):
            return rows, columns
        case RecordsForm(items=items):
            return (Options(source=items),)
    return ()


def options_from(question: Question) -> tuple[Options, ...]:
    """The options of a question that come from another question's answer."""
    return tuple(options for options in options_of(question) if options.source)
