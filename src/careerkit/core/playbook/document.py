"""The playbook format, version 1, as Pydantic models: which keys there are, of which type, and which must be there.

Imported only when a playbook has to be checked. What the keys mean together is for the other checks.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from careerkit.core.playbook.document_questions import Question, Text
from careerkit.core.playbook.document_values import Condition, Number, Part


def schema() -> dict[str, Any]:
    """The JSON schema of a playbook file, for editors."""
    return PlaybookDocument.model_json_schema()


class SourceDocument(Part):
    id: str
    cite: str


class StageDocument(Part):
    id: str
    title: str
    intro: str = ""
    when: Condition = ""
    quick: bool = False
    question: list[Question] = Field(default_factory=list)


class BandDocument(Part):
    id: str
    label: str = ""
    from_: Number | None = Field(None, alias="from")


class TallyLineDocument(Part):
    id: str
    when: Condition
    points: Number
    text: str = ""


class ComputeDocument(Part):
    id: str
    label: str = ""
    value: str | None = None
    tally: list[TallyLineDocument] | None = None
    start: Number = Decimal(0)
    min: Number = Decimal(0)
    max: Number = Decimal(100)
    bands: list[BandDocument] = Field(default_factory=list)
    source: list[str] = Field(default_factory=list)


class DecisionDocument(Part):
    id: str
    weights: str
    scores: str
    draws: int = 10_000


class OutcomeDocument(Part):
    """What findings, drafts and actions have in common."""

    id: str
    when: Condition = ""
    source: list[str] = Field(default_factory=list)
    quick: bool = False


class FindingDocument(OutcomeDocument):
    title: str
    text: Text = ""
    level: Literal["info", "good", "care", "stop"] = "info"
    tally: str = ""
    profile: list[str] = Field(default_factory=list)
    next: str = ""
    with_: dict[str, str] = Field(default_factory=dict, alias="with")


class DraftDocument(OutcomeDocument):
    title: str
    text: Text
    to: str = ""


class ActionDocument(OutcomeDocument):
    do: str
    cue: str = ""
    due: str = ""
    evidence: str = ""


class CheckinDocument(Part):
    id: str
    after: str
    title: str
    when: Condition = ""
    question: list[Question] = Field(default_factory=list)
    finding: list[FindingDocument] = Field(default_factory=list)
    draft: list[DraftDocument] = Field(default_factory=list)
    action: list[ActionDocument] = Field(default_factory=list)


class PlaybookDocument(Part):
    format: int
    title: str
    summary: str
    version: str = ""
    minutes: int | None = None
    source: list[SourceDocument] = Field(default_factory=list)
    stage: list[StageDocument] = Field(default_factory=list)
    compute: list[ComputeDocument] = Field(default_factory=list)
    decision: list[DecisionDocument] = Field(default_factory=list)
    finding: list[FindingDocument] = Field(default_factory=list)
    draft: list[DraftDocument] = Field(default_factory=list)
    action: list[ActionDocument] = Field(default_factory=list)
    checkin: list[CheckinDocument] = Field(default_factory=list)
