"""The questions of the playbook format, version 1, by type: which keys there are, and which must be there."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from careerkit.core.playbook.document_values import (
    Condition,
    Day,
    Number,
    Part,
    kind_of_axis,
    kind_of_line,
    kind_of_question,
    kind_of_text,
    step,
)


class ChoiceDocument(Part):
    id: str
    label: str
    hint: str = ""


class LineDocument(Part):
    text: str
    when: Condition = ""


LineText = Annotated[
    Annotated[str, Tag("<line>")] | Annotated[LineDocument, Tag("<conditional>")], Discriminator(kind_of_line)
]
Text = Annotated[
    Annotated[str, Tag("<prose>")] | Annotated[list[LineText], Tag("<lines>")], Discriminator(kind_of_text)
]
Axis = Annotated[
    Annotated[str, Tag("<question>")] | Annotated[list[ChoiceDocument], Tag("<fixed>")], Discriminator(kind_of_axis)
]


class Shown(Part):
    """What every question has, a note too."""

    id: str
    ask: str
    hint: str = ""
    why: str = ""
    source: list[str] = Field(default_factory=list)
    when: Condition = ""
    private: bool = False


class Asked(Shown):
    """What every question has that takes an answer."""

    required: bool = True
    default: Any = None
    check: str = ""
    check_text: str = ""


class Optioned(Asked):
    choices: list[ChoiceDocument] | None = None
    items: str | None = None


class TextQuestion(Asked):
    type: Literal["text"]
    long: bool = False
    max: int = 20_000


class ChoiceQuestion(Optioned):
    type: Literal["choice"]


class ChoicesQuestion(Optioned):
    type: Literal["choices"]
    min: int = 1
    max: int | None = None


class YesNoQuestion(Asked):
    type: Literal["yesno"]


class ScaleQuestion(Asked):
    type: Literal["scale"]
    min: int = 1
    max: int = 5
    anchors: dict[Annotated[str, AfterValidator(step)], str] = Field(default_factory=dict)
    predicts: str = ""


class NumberQuestion(Asked):
    type: Literal["number"]
    min: Number | None = None
    max: Number | None = None
    unit: str = ""
    predicts: str = ""


class DateQuestion(Asked):
    type: Literal["date"]
    min: Day = ""
    max: Day = ""


class ListQuestion(Asked):
    type: Literal["list"]
    min: int = 1
    max: int = 50


class RankQuestion(Optioned):
    type: Literal["rank"]


class WeightsQuestion(Optioned):
    type: Literal["weights"]


class GridQuestion(Asked):
    type: Literal["grid"]
    rows: Axis
    columns: Axis
    min: Number | None = None
    max: Number | None = None
    spread: bool = False


FieldQuestion = Annotated[
    Annotated[TextQuestion, Tag("<text>")]
    | Annotated[ChoiceQuestion, Tag("<choice>")]
    | Annotated[ChoicesQuestion, Tag("<choices>")]
    | Annotated[YesNoQuestion, Tag("<yesno>")]
    | Annotated[ScaleQuestion, Tag("<scale>")]
    | Annotated[NumberQuestion, Tag("<number>")]
    | Annotated[DateQuestion, Tag("<date>")],
    Discriminator(kind_of_question),
]
FIELD_TYPES = ("text", "choice", "choices", "yesno", "scale", "number", "date")


class RecordsQuestion(Asked):
    type: Literal["records"]
    fields_: list[FieldQuestion] = Field(alias="fields")
    line: str = ""
    min: int = 1
    max: int = 50
    items: str | None = None


class NoteQuestion(Shown):
    type: Literal["note"]
    text: Text


class AgainQuestion(Part):
    """A check-in's repetition of an earlier question, which gives what isn't said here."""

    id: str
    again: str
    type: str | None = None
    ask: str | None = None
    hint: str | None = None
    why: str | None = None
    source: list[str] | None = None
    when: Condition = ""
    required: bool | None = None
    private: bool | None = None
    check: str = ""
    check_text: str = ""


OwnQuestion = (
    TextQuestion
    | ChoiceQuestion
    | ChoicesQuestion
    | YesNoQuestion
    | ScaleQuestion
    | NumberQuestion
    | DateQuestion
    | ListQuestion
    | RankQuestion
    | WeightsQuestion
    | GridQuestion
    | RecordsQuestion
    | NoteQuestion
)
Question = Annotated[
    Annotated[TextQuestion, Tag("<text>")]
    | Annotated[ChoiceQuestion, Tag("<choice>")]
    | Annotated[ChoicesQuestion, Tag("<choices>")]
    | Annotated[YesNoQuestion, Tag("<yesno>")]
    | Annotated[ScaleQuestion, Tag("<scale>")]
    | Annotated[NumberQuestion, Tag("<number>")]
    | Annotated[DateQuestion, Tag("<date>")]
    | Annotated[ListQuestion, Tag("<list>")]
    | Annotated[RankQuestion, Tag("<rank>")]
    | Annotated[WeightsQuestion, Tag("<weights>")]
    | Annotated[GridQuestion, Tag("<grid>")]
    | Annotated[RecordsQuestion, Tag("<records>")]
    | Annotated[NoteQuestion, Tag("<note>")]
    | Annotated[AgainQuestion, Tag("<again>")],
    Discriminator(kind_of_question),
]
QUESTION_TYPES = (*FIELD_TYPES, "list", "rank", "weights", "grid", "records", "note")
