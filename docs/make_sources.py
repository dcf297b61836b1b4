"""Generate docs/sources.md, which lists where each claim and study is used, from claims.toml and the playbooks.

`make sources` runs this. Judgements (which claims are not used, whether a wording overstates its study) are written by
hand in claims.toml; where each source is used is read from the playbooks.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from careerkit.core.playbook.loader import load_playbook
from careerkit.core.playbook.model import CheckinRule, Playbook
from careerkit.core.questions.question import Question
from careerkit.core.questions.records import RecordsSpec

DOCS = Path(__file__).parent
PAGE = DOCS / "sources.md"
PLAYBOOKS = DOCS.parent / "playbooks"

STRENGTHS = {
    "strong": "many experiments agree",
    "moderate": "some experiments, or reviews of them",
    "weak": "one small trial, or argued rather than measured",
    "correlational": "occurs together; not shown to be a cause",
    "recalled": "cited from general knowledge",
    "method": "a way to calculate, not a finding",
}

INTRODUCTION = """\
# Where the advice comes from

The playbooks are based on five published texts and a number of studies. For each of their claims, this page lists the
questions, findings, drafts, actions and check-ins that use it, or says why it isn't used. `make sources` generates the page
from [claims.toml](claims.toml) and the playbooks; don't edit it by hand.

Playbooks cite a claim by its number (`source = ["S1.26"]`) and a study by its id. They never claim more than the strength of
a study allows. Most of the studies have Western samples, in settings that may differ from yours, so no playbook promises
their effects. Every threshold is careerkit's own rule of thumb, and says so.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A place where a playbook cites a source: `kind` is "finding", "check-in question" etc., `id` its id there."""

    playbook: str
    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.playbook}: {self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class BundledPlaybook:
    """A bundled playbook with the text of its file."""

    playbook: Playbook
    text: str

    @property
    def id(self) -> str:
        return self.playbook.id

    @property
    def citations(self) -> Mapping[str, str]:
        """Source id -> full citation, for every source that the playbook declares."""
        return {source.id: source.cite for source in self.playbook.sources}

    def find_citations(self) -> Iterator[tuple[str, Place]]:
        """Every cited source with its place, in the order of the playbook."""
        playbook = self.playbook
        yield from _find_in_questions(self.id, "question", playbook.questions)
        for compute in playbook.computes:
            yield from ((source, Place(self.id, "figure", compute.id)) for source in compute.source)
        yield from _find_in_outcomes(self.id, "", playbook)
        for checkin in playbook.checkins:
            yield from _find_in_questions(self.id, "check-in question", checkin.questions)
            yield from _find_in_outcomes(self.id, "check-in ", checkin)


def read_claims() -> dict[str, Any]:
    return tomllib.loads((DOCS / "claims.toml").read_text(encoding="utf-8"))


def read_playbooks() -> list[BundledPlaybook]:
    """The bundled playbooks, sorted by id. Raises Refused if one of them has an error."""
    return [_load(path) for path in sorted(PLAYBOOKS.glob("*/*.toml"))]


def group_by_source(playbooks: Iterable[BundledPlaybook]) -> dict[str, list[Place]]:
    """Id of a claim (S1.26) or study -> the places that cite it."""
    places: dict[str, list[Place]] = defaultdict(list)
    for bundled in playbooks:
        for source, place in bundled.find_citations():
            places[source].append(place)
    return dict(places)


def render_page(claims: Mapping[str, Any], playbooks: Sequence[BundledPlaybook]) -> str:
    """The content of sources.md."""
    places = group_by_source(playbooks)
    parts = [
        INTRODUCTION,
        *(_render_text(text, claims, places) for text in claims["text"]),
        _render_unused(claims),
        _render_limits(claims, places),
        _render_studies(claims, playbooks, places),
    ]
    return "\n".join(parts)


def main() -> None:
    PAGE.write_text(render_page(read_claims(), read_playbooks()), encoding="utf-8")


def _load(path: Path) -> BundledPlaybook:
    name = f"{path.parent.name}/{path.stem}"
    data = path.read_bytes()
    return BundledPlaybook(load_playbook(data, file=f"playbooks/{name}.toml", id=name), data.decode())


def _find_in_questions(playbook: str, kind: str, questions: Iterable[Question]) -> Iterator[tuple[str, Place]]:
    for question in questions:
        yield from ((source, Place(playbook, kind, question.id)) for source in question.source)
        if isinstance(question.spec, RecordsSpec):
            yield from _find_in_questions(playbook, f"{kind} {question.id}, field", question.spec.fields)


def _find_in_outcomes(playbook: str, prefix: str, part: Playbook | CheckinRule) -> Iterator[tuple[str, Place]]:
    for kind, rules in (("finding", part.findings), ("draft", part.drafts), ("action", part.actions)):
        for rule in rules:
            yield from ((source, Place(playbook, f"{prefix}{kind}", rule.id)) for source in rule.source)


def _render_text(text: Mapping[str, str], claims: Mapping[str, Any], places: Mapping[str, list[Place]]) -> str:
    own = [each for each in claims["claim"] if each["id"].startswith(f"{text['id']}.")]
    unused = claims["set_aside"]
    rows = [
        (
            each["id"],
            each["claim"],
            "*not used*" if each["id"] in unused else _format_places(places.get(each["id"], [])),
        )
        for each in own
    ]
    used = sum(each["id"] in places for each in own)
    table = _format_table(("claim", "what it says", "used in"), rows)
    return f"## {text['id']} · {text['title']}\n\n{text['what']} {used} of {len(own)} claims are used.\n\n{table}"


def _render_unused(claims: Mapping[str, Any]) -> str:
    texts = {each["id"]: each["claim"] for each in claims["claim"]}
    lines = "".join(f"- **{id_}** {texts.get(id_, '')} *Why not:* {why}\n" for id_, why in claims["set_aside"].items())
    return f"## Not used\n\nNo playbook cites these claims.\n\n{lines}"


def _render_limits(claims: Mapping[str, Any], places: Mapping[str, list[Place]]) -> str:
    texts = {each["id"]: each["claim"] for each in claims["claim"]}
    rows = [
        (id_, texts.get(id_, ""), limit, _format_places(places.get(id_, [])))
        for id_, limit in claims["used_with_a_limit"].items()
    ]
    table = _format_table(("claim", "what it says", "what is used", "used in"), rows)
    return f"## Used with a limit\n\nOnly part of these claims is used; the rest doesn't hold up.\n\n{table}"


def _render_studies(
    claims: Mapping[str, Any], playbooks: Sequence[BundledPlaybook], places: Mapping[str, list[Place]]
) -> str:
    citations = {id_: cite for bundled in reversed(playbooks) for id_, cite in bundled.citations.items()}
    rows = [
        (
            each["id"],
            f"{citations.get(each['id'], 'not cited')}<br>*{each['finding']}*",
            _format_lookup(each),
            each["strength"],
            each["use"],
            _format_places(places.get(each["id"], [])),
            judge_wording(each, claims["overstated"], playbooks, places.get(each["id"], [])),
        )
        for each in claims["evidence"]
    ]
    strengths = "".join(f"- {name}: {meaning}\n" for name, meaning in STRENGTHS.items())
    head = (
        "study",
        "citation and *finding*",
        "checked against",
        "strength",
        "used for",
        "used in",
        "wording within its strength?",
    )
    return (
        "## The studies\n\nEach was checked against public pages, mostly its abstract; none was read in full. The third column says what was\n"
        "found there, and which details were not and are therefore not used. The last column is a judgement after reading the\n"
        "places listed next to it.\n\n"
        f"{strengths}\n{_format_table(head, rows)}"
    )


def _format_lookup(evidence: Mapping[str, Any]) -> str:
    left_out = evidence.get("left_out", "")
    return evidence["seen"] + (f"<br>*Not found, so not used:* {left_out}" if left_out else "")


def judge_wording(
    evidence: Mapping[str, Any],
    overstated: Iterable[Mapping[str, str]],
    playbooks: Iterable[BundledPlaybook],
    places: Sequence[Place],
) -> str:
    """Does the wording stay within the strength of the study? A known overstatement counts while it is in the playbook."""
    if not places:
        return ""
    unreviewed = sorted({place.playbook for place in places} - set(evidence["read"]))
    texts = {bundled.id: bundled.text for bundled in playbooks}
    overstatements = [
        f'no, {each["playbook"]}: {each["where"]} says "{each["says"]}" Better: "{each["better"]}"'
        for each in overstated
        if each["evidence"] == evidence["id"] and each["says"] in texts.get(each["playbook"], "")
    ]
    return "<br>".join([*overstatements, *(f"not reviewed yet in {id_}" for id_ in unreviewed)]) or "yes"


def _format_places(places: Sequence[Place]) -> str:
    return "<br>".join(
        f"`{playbook}`: {_format_kinds(list(of_one))}"
        for playbook, of_one in groupby(places, lambda place: place.playbook)
    )


def _format_kinds(places: Sequence[Place]) -> str:
    ids: dict[str, list[str]] = defaultdict(list)
    for place in places:
        ids[place.kind].append(place.id)
    return "; ".join(f"{kind} {', '.join(each)}" for kind, each in ids.items())


def _format_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    main()
