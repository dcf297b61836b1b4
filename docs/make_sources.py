"""What docs/sources.md says: which claim and which study is at work where, from claims.toml and the playbooks.

`make sources` writes the page. The judgements (what is set aside, and whether a wording stays within its study) are
written by hand in claims.toml; where each is used is read from the playbooks themselves.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from careerkit.core.playbook.loading import load_playbook
from careerkit.core.playbook.model import CheckinRule, Playbook, Question, RecordsForm

DOCS = Path(__file__).parent
PAGE = DOCS / "sources.md"
PLAYBOOKS = DOCS.parent / "playbooks"

STRENGTHS = {
    "strong": "many experiments agree",
    "moderate": "some experiments, or reviews of them",
    "weak": "one small trial, or argued rather than measured",
    "correlational": "goes together; not shown to cause",
    "recalled": "cited from general knowledge",
    "method": "a way to reckon, not a finding",
}

INTRODUCTION = """\
# Where the advice comes from

Five published texts stand behind the playbooks, and a number of studies. This page says what became of each claim: the
questions, findings, drafts, actions and check-ins that put it to work, or why it was set aside. `make sources` makes the
page from [claims.toml](claims.toml) and from the playbooks; don't edit it by hand.

In a playbook a claim is cited by its number (`source = ["S1.26"]`) and a study by its id. What a playbook may claim from a
study is bounded by the study's strength. Most of their samples are Western and from other settings than yours, so no
playbook promises anybody these effects. Every threshold is careerkit's own rule of thumb, and says so.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a playbook cites something: `kind` is finding, check-in question, ..., `id` what it is called there."""

    playbook: str
    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.playbook}: {self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundled playbook with all that it cites, and its file's text."""

    playbook: Playbook
    text: str

    @property
    def id(self) -> str:
        return self.playbook.id

    @property
    def citations(self) -> Mapping[str, str]:
        """The citation of each source that it declares."""
        return {source.id: source.cite for source in self.playbook.sources}

    def cited(self) -> Iterator[tuple[str, Place]]:
        """Each citation with its place, in the order of the playbook."""
        playbook = self.playbook
        yield from _of_questions(self.id, "question", playbook.questions)
        for compute in playbook.computes:
            yield from ((source, Place(self.id, "figure", compute.id)) for source in compute.source)
        yield from _of_outcomes(self.id, "", playbook)
        for checkin in playbook.checkins:
            yield from _of_questions(self.id, "check-in question", checkin.questions)
            yield from _of_outcomes(self.id, "check-in ", checkin)


def read_claims() -> dict[str, Any]:
    return tomllib.loads((DOCS / "claims.toml").read_text(encoding="utf-8"))


def read_playbooks() -> list[Bundled]:
    """The bundled playbooks by id. Raises Refused where one of them does not pass its check."""
    return [_read(path) for path in sorted(PLAYBOOKS.glob("*/*.toml"))]


def places_by_source(playbooks: Iterable[Bundled]) -> dict[str, list[Place]]:
    """The places of each claim (S1.26) and study that is cited, by playbook."""
    places: dict[str, list[Place]] = defaultdict(list)
    for bundled in playbooks:
        for source, place in bundled.cited():
            places[source].append(place)
    return dict(places)


def page(claims: Mapping[str, Any], playbooks: Sequence[Bundled]) -> str:
    """The whole of sources.md."""
    places = places_by_source(playbooks)
    parts = [
        INTRODUCTION,
        *(_text(text, claims, places) for text in claims["text"]),
        _set_aside(claims),
        _limits(claims, places),
        _evidence(claims, playbooks, places),
    ]
    return "\n".join(parts)


def main() -> None:
    PAGE.write_text(page(read_claims(), read_playbooks()), encoding="utf-8")


def _read(path: Path) -> Bundled:
    name = f"{path.parent.name}/{path.stem}"
    data = path.read_bytes()
    return Bundled(load_playbook(data, file=f"playbooks/{name}.toml", id=name), data.decode())


def _of_questions(playbook: str, kind: str, questions: Iterable[Question]) -> Iterator[tuple[str, Place]]:
    for question in questions:
        yield from ((source, Place(playbook, kind, question.id)) for source in question.source)
        if isinstance(question.form, RecordsForm):
            yield from _of_questions(playbook, f"{kind} {question.id}, field", question.form.fields)


def _of_outcomes(playbook: str, prefix: str, part: Playbook | CheckinRule) -> Iterator[tuple[str, Place]]:
    for kind, rules in (("finding", part.findings), ("draft", part.drafts), ("action", part.actions)):
        for rule in rules:
            yield from ((source, Place(playbook, f"{prefix}{kind}", rule.id)) for source in rule.source)


def _text(text: Mapping[str, str], claims: Mapping[str, Any], places: Mapping[str, list[Place]]) -> str:
    own = [each for each in claims["claim"] if each["id"].startswith(f"{text['id']}.")]
    aside = claims["set_aside"]
    rows = [
        (each["id"], each["claim"], "*set aside*" if each["id"] in aside else _listed(places.get(each["id"], [])))
        for each in own
    ]
    used = sum(each["id"] in places for each in own)
    table = _table(("claim", "what it says", "at work in"), rows)
    return f"## {text['id']} · {text['title']}\n\n{text['what']} {used} of {len(own)} claims are at work.\n\n{table}"


def _set_aside(claims: Mapping[str, Any]) -> str:
    said = {each["id"]: each["claim"] for each in claims["claim"]}
    lines = "".join(f"- **{id_}** {said.get(id_, '')} *Why not:* {why}\n" for id_, why in claims["set_aside"].items())
    return f"## Set aside\n\nNo playbook cites these.\n\n{lines}"


def _limits(claims: Mapping[str, Any], places: Mapping[str, list[Place]]) -> str:
    said = {each["id"]: each["claim"] for each in claims["claim"]}
    rows = [
        (id_, said.get(id_, ""), limit, _listed(places.get(id_, [])))
        for id_, limit in claims["used_with_a_limit"].items()
    ]
    table = _table(("claim", "what it says", "what of it is used", "at work in"), rows)
    return f"## Used with a limit\n\nThese hold only in part. What does not hold is left out.\n\n{table}"


def _evidence(claims: Mapping[str, Any], playbooks: Sequence[Bundled], places: Mapping[str, list[Place]]) -> str:
    citations = {id_: cite for bundled in reversed(playbooks) for id_, cite in bundled.citations.items()}
    rows = [
        (
            each["id"],
            f"{citations.get(each['id'], 'not cited')}<br>*{each['finding']}*",
            _looked_up(each),
            each["strength"],
            each["use"],
            _listed(places.get(each["id"], [])),
            judgement(each, claims["overstated"], playbooks, places.get(each["id"], [])),
        )
        for each in claims["evidence"]
    ]
    strengths = "".join(f"- {name}: {meaning}\n" for name, meaning in STRENGTHS.items())
    head = (
        "study",
        "citation and *finding*",
        "looked up",
        "strength",
        "used for",
        "at work in",
        "wording within its strength?",
    )
    return (
        "## The studies\n\nEach was looked up in stored public pages, mostly in its abstract: the third column says what was seen there,\n"
        "and which detail was not and is therefore left out. None was read whole. The last column is a judgement after\n"
        "reading the places named beside it.\n\n"
        f"{strengths}\n{_table(head, rows)}"
    )


def _looked_up(evidence: Mapping[str, Any]) -> str:
    left_out = evidence.get("left_out", "")
    return evidence["seen"] + (f"<br>*Not seen, and left out:* {left_out}" if left_out else "")


def judgement(
    evidence: Mapping[str, Any],
    overstated: Iterable[Mapping[str, str]],
    playbooks: Iterable[Bundled],
    places: Sequence[Place],
) -> str:
    """Whether the wording stays within the study's strength; a wording known to say too much counts while it stands."""
    if not places:
        return ""
    unread = sorted({place.playbook for place in places} - set(evidence["read"]))
    texts = {bundled.id: bundled.text for bundled in playbooks}
    too_much = [
        f'no, {each["playbook"]}: {each["where"]} says "{each["says"]}" Better: "{each["better"]}"'
        for each in overstated
        if each["evidence"] == evidence["id"] and each["says"] in texts.get(each["playbook"], "")
    ]
    return "<br>".join([*too_much, *(f"not read yet in {id_}" for id_ in unread)]) or "yes"


def _listed(places: Sequence[Place]) -> str:
    return "<br>".join(
        f"`{playbook}`: {_kinds(list(of_one))}" for playbook, of_one in groupby(places, lambda place: place.playbook)
    )


def _kinds(places: Sequence[Place]) -> str:
    ids: dict[str, list[str]] = defaultdict(list)
    for place in places:
        ids[place.kind].append(place.id)
    return "; ".join(f"{kind} {', '.join(each)}" for kind, each in ids.items())


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    main()
