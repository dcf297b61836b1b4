"""The runtime model out of plain tables: quick, and without Pydantic. The tables come from `plain`, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from careerkit.core.playbook.model import (
    ActionRule,
    Band,
    CheckinRule,
    Choice,
    ChoiceForm,
    ChoicesForm,
    Compute,
    DateForm,
    DecisionRule,
    DraftRule,
    FindingRule,
    Form,
    GridForm,
    Line,
    ListForm,
    NoteForm,
    NumberForm,
    Options,
    Playbook,
    Question,
    RankForm,
    RecordsForm,
    ScaleForm,
    Source,
    Stage,
    TallyLine,
    TextForm,
    WeightsForm,
    YesNoForm,
)

Table = Mapping[str, Any]


def playbook_of(plain: Table, *, id: str, sha256: str) -> Playbook:  # noqa: A002 - the word of the format
    """The playbook that `plain` describes."""
    return Playbook(
        id=id,
        sha256=sha256,
        title=plain["title"],
        summary=plain["summary"],
        version=plain["version"],
        minutes=plain["minutes"],
        sources=tuple(Source(each["id"], each["cite"]) for each in plain["sources"]),
        stages=tuple(_stage(each) for each in plain["stages"]),
        computes=tuple(_compute(each) for each in plain["computes"]),
        decisions=tuple(
            DecisionRule(each["id"], each["weights"], each["scores"], each["draws"]) for each in plain["decisions"]
        ),
        findings=tuple(_finding(each) for each in plain["findings"]),
        drafts=tuple(_draft(each) for each in plain["drafts"]),
        actions=tuple(_action(each) for each in plain["actions"]),
        checkins=tuple(_checkin(each) for each in plain["checkins"]),
    )


def _stage(table: Table) -> Stage:
    return Stage(
        id=table["id"],
        title=table["title"],
        questions=tuple(_question(each) for each in table["questions"]),
        intro=table["intro"],
        when=table["when"],
        quick=table["quick"],
    )


def _question(table: Table) -> Question:
    return Question(
        id=table["id"],
        type=table["type"],
        form=_FORMS[table["type"]](table),
        ask=table["ask"],
        hint=table["hint"],
        why=table["why"],
        source=tuple(table["source"]),
        when=table["when"],
        required=table["required"],
        default=table["default"],
        check=table["check"],
        check_text=table["check_text"],
        private=table["private"],
        again=table["again"],
        predicts=table["predicts"],
    )


def _text(table: Table) -> TextForm:
    return TextForm(long=table["long"], max=table["max"])


def _choice(table: Table) -> ChoiceForm:
    return ChoiceForm(_options(table))


def _choices(table: Table) -> ChoicesForm:
    return ChoicesForm(_options(table), min=table["min"], max=table["max"])


def _yesno(_: Table) -> YesNoForm:
    return YesNoForm()


def _scale(table: Table) -> ScaleForm:
    anchors = {int(value): label for value, label in table["anchors"].items()}
    return ScaleForm(min=table["min"], max=table["max"], anchors=dict(sorted(anchors.items())))


def _number(table: Table) -> NumberForm:
    return NumberForm(min=_decimal(table["min"]), max=_decimal(table["max"]), unit=table["unit"])


def _date(table: Table) -> DateForm:
    return DateForm(min=table["min"], max=table["max"])


def _list(table: Table) -> ListForm:
    return ListForm(min=table["min"], max=table["max"])


def _rank(table: Table) -> RankForm:
    return RankForm(_options(table))


def _weights(table: Table) -> WeightsForm:
    return WeightsForm(_options(table))


def _grid(table: Table) -> GridForm:
    return GridForm(
        rows=_axis(table["rows"]),
        columns=_axis(table["columns"]),
        min=_decimal(table["min"]),
        max=_decimal(table["max"]),
        spread=table["spread"],
    )


def _records(table: Table) -> RecordsForm:
    return RecordsForm(
        fields=tuple(_question(each) for each in table["fields"]),
        line=table["line"],
        min=table["min"],
        max=table["max"],
        items=table["items"] or "",
    )


def _note(table: Table) -> NoteForm:
    return NoteForm(_lines(table["text"]))


_FORMS: dict[str, Callable[[Table], Form]] = {
    "text": _text,
    "choice": _choice,
    "choices": _choices,
    "yesno": _yesno,
    "scale": _scale,
    "number": _number,
    "date": _date,
    "list": _list,
    "rank": _rank,
    "weights": _weights,
    "grid": _grid,
    "records": _records,
    "note": _note,
}


def _options(table: Table) -> Options:
    return Options(_fixed(table["choices"] or ()), table["items"] or "")


def _axis(axis: str | list[Table]) -> Options:
    return Options(source=axis) if isinstance(axis, str) else Options(_fixed(axis))


def _fixed(choices: Any) -> tuple[Choice, ...]:
    return tuple(Choice(each["id"], each["label"], each["hint"]) for each in choices)


def _compute(table: Table) -> Compute:
    shared: dict[str, Any] = {
        "id": table["id"],
        "label": table["label"],
        "bands": tuple(Band(each["id"], each["label"], _decimal(each["from"])) for each in table["bands"]),
        "source": tuple(table["source"]),
    }
    if not table["tally"]:
        return Compute(**shared, value=table["value"] or "")
    return Compute(
        **shared,
        tally=tuple(
            TallyLine(each["id"], each["when"], Decimal(each["points"]), each["text"]) for each in table["tally"]
        ),
        start=Decimal(table["start"]),
        min=Decimal(table["min"]),
        max=Decimal(table["max"]),
    )


def _finding(table: Table) -> FindingRule:
    return FindingRule(
        id=table["id"],
        title=table["title"],
        text=_lines(table["text"]),
        when=table["when"],
        level=table["level"],
        source=tuple(table["source"]),
        tally=table["tally"],
        profile=tuple(table["profile"]),
        next=table["next"],
        carry=table["with"],
        quick=table["quick"],
    )


def _draft(table: Table) -> DraftRule:
    return DraftRule(
        id=table["id"],
        title=table["title"],
        text=_lines(table["text"]),
        to=table["to"],
        when=table["when"],
        source=tuple(table["source"]),
        quick=table["quick"],
    )


def _action(table: Table) -> ActionRule:
    return ActionRule(
        id=table["id"],
        do=table["do"],
        cue=table["cue"],
        due=table["due"],
        evidence=table["evidence"],
        when=table["when"],
        source=tuple(table["source"]),
        quick=table["quick"],
    )


def _checkin(table: Table) -> CheckinRule:
    return CheckinRule(
        id=table["id"],
        after=table["after"],
        title=table["title"],
        when=table["when"],
        questions=tuple(_question(each) for each in table["questions"]),
        findings=tuple(_finding(each) for each in table["findings"]),
        drafts=tuple(_draft(each) for each in table["drafts"]),
        actions=tuple(_action(each) for each in table["actions"]),
    )


def _lines(lines: list[Table]) -> tuple[Line, ...]:
    return tuple(Line(each["text"], each["when"]) for each in lines)


def _decimal(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)
