"""A copy of an entry for others: private answers left out, names replaced by placeholders, ids by random ones.

Names are those that the person gave where a question asks for one. Each becomes one placeholder ("Person A") wherever it
occurs in an answer, also as part of it, in lower case, or with an ending. The texts of the playbook are then written
again from these answers.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from string import ascii_uppercase
from types import MappingProxyType
from typing import Any
from unicodedata import normalize

from careerkit.core.frozen import frozen, replace
from careerkit.core.journal.entry import Answer, Entry
from careerkit.core.journal.plan import OWN_PREFIX, Plan
from careerkit.core.journal.snapshot import record_interview, restore_interview
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.outcome.model import Action, Checkin, Outcome
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.choice import ChoiceSpec
from careerkit.core.questions.question import Question
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.questions.text import TextSpec
from careerkit.core.values import Value, collapse_spaces

NO_PLAN = Plan()
NAME_FIELDS = ("person", "name")
MAX_NAME_LENGTH = 80
"""A text question with a higher limit doesn't ask for a name only."""
ASKS_FOR_NAME = re.compile(r"\b(?:names?|nickname|initials)\b|\bwho\b.*\?", re.IGNORECASE)
"""A heuristic for what a question's text or hint says if its answer names a person."""
TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "herr", "frau", "mme", "m"])
DETERMINERS = frozenset(["the", "my", "our", "their", "his", "her", "a", "an"])
"""Words of a name that don't identify anyone by themselves, in lower case and without a full stop. With a determiner and
no capital letter, what was given is a role, such as "the late shift"."""
NAMES_THAT_ARE_WORDS = """
will may mark grant chase miles drew gene bill rob sue pat art grace hope faith joy dawn rose april june august max jack
frank rich guy dean king hill field young long small black white brown green gray best moore day price case cook baker
smith stone wood woods banks lane page bush rice fox wolf bell ball ford park parks ray rusty earl duke prince angel
christian victor ernest in an or as at on do so to it is he me we us by go no up if
"""
ORDINARY_WORDS = frozenset(NAMES_THAT_ARE_WORDS.split())
"""First or last names that are words too: they are replaced only where they begin with a capital letter."""
ENDINGS = r"(?:['’]s|['’]|s|es|n|en|in)?"
"""Endings of an inflected name: the genitive in English and German, and plurals of a family."""
WORD = re.compile(r"[^\W\d_][\w'’@.-]*")
WORDS_WITH_CAPITALS = """
I I'm I'd I'll I've Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July
August September October November December OK HR CEO CTO CFO IT PR Q1 Q2 Q3 Q4 Person Mr Mrs Ms Dr
The A An We My Our He She They It You Your His Her Their This That There Then These Those One Two Three And But Or So If When
While After Before Since Because On In At To From For With Without About As By Of No Not Yes Yesterday Today Tomorrow Nobody
Someone Everyone What Who Why How Where Ask Tell Call Send Write Say Read Look Take Make Get Go Give Show Put Find Check Talk
Speak Meet Do Don't Let Keep Begin Start Stop Finish Prepare Fix Help Work Sleep Rest Wait Never Always Maybe Perhaps
"""
USUAL_CAPITALS = frozenset(WORDS_WITH_CAPITALS.split())


@frozen
class Redaction:
    """An entry as others may see it.

    - `entry`: has random ids, and an outcome evaluated without what is left out.
    - `plan`: the plan of that entry.
    - `legend`: each placeholder with the name that it stands for. It isn't part of the export.
    - `included`: the answers in it. `left_out`: the answers that aren't, as the person gave them.
    - `check`: words that are left in the person's own texts and may be names: those with a capital letter, and addresses.
    """

    entry: Entry
    plan: Plan
    legend: tuple[tuple[str, str], ...] = ()
    included: tuple[Answer, ...] = ()
    left_out: tuple[Answer, ...] = ()
    check: tuple[str, ...] = ()


def redact(
    entry: Entry,
    playbook: Playbook,
    *,
    plan: Plan = NO_PLAN,
    with_questions: Iterable[str] = (),
    more_names: Iterable[str] = (),
) -> Redaction:
    """`entry` for others. `playbook` must be the version that the entry was made with; `plan` is its plan as it stands now.

    The answers to `with_questions` are included although they are private, with names replaced all the same. `more_names`
    are replaced too.
    """
    public = _publish(playbook, frozenset(with_questions))
    names = _collect_names(entry, playbook, more_names)
    replacer = NameReplacer(names)
    renamed = replace(
        entry,
        answers=tuple(replace(each, value=replacer.replace_in_value(each.value)) for each in entry.answers),
        earlier=(),  # whether answers to questions of an earlier version were private is no longer known
    )
    interview = restore_interview(renamed, public)
    shared = record_interview(renamed, interview, shared=True)
    if entry.outcome is not None:
        outcome = evaluate_outcome(
            interview.facts(), given=entry.outcome.given, quick=entry.finished is None, shared=True
        )
        shared = replace(shared, outcome=_keep_plan(entry.outcome, outcome, replacer))
    shown = {each.question for each in shared.answers}
    left_out = tuple(each for each in entry.answers if each.question not in shown and not each.hidden)
    ids = _RandomIds()
    anonymous = _replace_ids(shared, ids)
    return Redaction(
        anonymous,
        _redact_plan(plan, shared.outcome, ids, replacer),
        tuple((placeholder, name) for name, placeholder in names.items()),
        tuple(each for each in shared.answers if not each.hidden),
        left_out,
        _find_capitalised(_list_own_texts(shared), names.values()),
    )


class NameReplacer:
    """Replaces names by placeholders in any text, whatever their case, accents and endings."""

    def __init__(self, names: Mapping[str, str]) -> None:
        forms: dict[str, str] = {}
        for name, placeholder in names.items():
            forms.setdefault(_strip_accents(name).casefold(), placeholder)
        for name, placeholder in names.items():
            for part in _split_name(name):
                forms.setdefault(_strip_accents(part).casefold(), placeholder)
        self._placeholders = forms
        words = "|".join(re.escape(each) for each in sorted(forms, key=len, reverse=True))
        between = r"[^\W_]"  # an underscore parts words here
        pattern = rf"(?<!{between})({words}){ENDINGS}(?!{between})"
        self._pattern = re.compile(pattern, re.IGNORECASE) if words else None

    def replace_in(self, text: str) -> str:
        """The text with every form of every name replaced."""
        if self._pattern is None:
            return text
        parts, end = [], 0
        for found in self._pattern.finditer(_strip_accents(text)):
            placeholder = self._choose(found)
            if placeholder:
                parts += [text[end : found.start()], placeholder]
                end = found.end()
        return "".join([*parts, text[end:]])

    def replace_in_value(self, value: Value) -> Value:
        """The value of an answer, with names replaced in all its texts."""
        replaced: Value = self._replace(value)
        return replaced

    def _replace(self, value: Any) -> Any:
        match value:
            case str():
                return self.replace_in(value)
            case Mapping():
                return MappingProxyType({self.replace_in(key): self._replace(each) for key, each in value.items()})
            case tuple():
                return tuple(self._replace(each) for each in value)
        return value

    def _choose(self, found: re.Match[str]) -> str:
        """What replaces it; "" if it is an ordinary word here."""
        word = found.group(1)
        folded = word.casefold()
        is_lower = word == word.lower()
        if (is_lower and folded in ORDINARY_WORDS) or (is_lower and len(folded) < 3):
            return ""
        ending = found.group()[len(word) :]
        return self._placeholders[folded] + ("'s" if ending[-1:].casefold() in ("s", "'", "’") else "")


def _strip_accents(text: str) -> str:
    """The text without accents, with as many characters as before."""
    return "".join(normalize("NFKD", char)[:1] if ord(char) > 127 else char for char in text)


# ------------------------------------------------------------ names


def asks_for_name(question: Question) -> bool:
    """Does its answer name a person? A heuristic: a short text, or a choice with an answer of one's own, whose text or hint
    speaks of a name or initials, or whose text begins with "Who".
    """
    spec = question.spec
    if isinstance(spec, TextSpec):
        if question.id in NAME_FIELDS or question.id == "witness":
            return True
        return spec.max <= MAX_NAME_LENGTH and bool(ASKS_FOR_NAME.search(f"{question.ask} {question.hint}"))
    return isinstance(spec, ChoiceSpec) and spec.own and bool(ASKS_FOR_NAME.search(f"{spec.own_hint} {question.hint}"))


def _collect_names(entry: Entry, playbook: Playbook, more: Iterable[str]) -> dict[str, str]:
    """Each name with its placeholder, in the order in which they were given."""
    questions = {each.id: each for each in playbook.questions}
    names: dict[str, str] = {}
    for answer in entry.answers:
        question = questions.get(answer.question)
        for text in _list_names(question, answer.value) if question else ():
            _add_name(names, text)
    for text in more:
        _add_name(names, text)
    return names


def _add_name(names: dict[str, str], text: str) -> None:
    name = collapse_spaces(text)
    if name and not any(name.casefold() == each.casefold() for each in names):
        names[name] = _number_placeholder(len(names))


def _list_names(question: Question, value: Value) -> Iterator[str]:
    if isinstance(question.spec, RecordsSpec) and isinstance(value, tuple):
        fields = [each.id for each in question.spec.fields if asks_for_name(each)]
        for record in value:
            for field in fields:
                text = record.get(field) if isinstance(record, Mapping) else None
                if isinstance(text, str):
                    yield text
    elif isinstance(value, str) and asks_for_name(question):
        is_id = isinstance(question.spec, ChoiceSpec) and not question.spec.is_own_text(value)
        yield from () if is_id else (value,)


def _number_placeholder(number: int) -> str:
    letters = ascii_uppercase[number % 26]
    return f"Person {letters}{number // 26 or ''}"


def _split_name(name: str) -> Iterator[str]:
    """The words of a name that identify a person: capitalised, or all of them if none is and the name is short."""
    words = [each.strip(".,;()") for each in re.split(r"[\s/&]+", name)]
    is_role = any(each.casefold() in DETERMINERS for each in words)
    words = [each for each in words if each and each.casefold() not in TITLES | DETERMINERS]
    capitalised = [each for each in words if each[0].isupper()]
    chosen = capitalised or (words if len(words) <= 2 and not is_role else [])
    yield from (each for each in chosen if len(each) > 1)
    yield from (part for each in chosen if "-" in each for part in each.split("-") if len(part) > 2)


def _list_own_texts(shared: Entry) -> Iterator[str]:
    """The texts in a copy that are in the person's own words: answers, and actions that the person added."""
    for answer in shared.answers:
        yield from _iterate_texts(answer.value)
    for action in shared.outcome.actions if shared.outcome else ():
        if action.id.startswith(OWN_PREFIX):
            yield from (action.do, action.cue, action.evidence, action.owner)


def _find_capitalised(texts: Iterable[str], placeholders: Iterable[str]) -> tuple[str, ...]:
    """Words with a capital letter, and addresses, that are neither placeholders nor usual."""
    known = {word.casefold() for word in (*USUAL_CAPITALS, *(word for each in placeholders for word in each.split()))}
    found: dict[str, None] = {}
    for text in texts:
        words = (re.sub("['’]s?$", "", each.group().rstrip(".,;:!?")) for each in WORD.finditer(text))
        found |= dict.fromkeys(
            word for word in words if (word[:1].isupper() or "@" in word) and word.casefold() not in known
        )
    return tuple(found)


def _iterate_texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for each in value.values():
                yield from _iterate_texts(each)
        case tuple():
            for each in value:
                yield from _iterate_texts(each)


# ------------------------------------------------------------ what is private


def _publish(playbook: Playbook, with_questions: frozenset[str]) -> Playbook:
    """The playbook with its questions for names, and those named, no longer private."""

    def publish(question: Question) -> Question:
        is_named = question.id in with_questions
        spec = question.spec
        if isinstance(spec, RecordsSpec):
            fields = tuple(
                replace(each, private=each.private and not is_named and not asks_for_name(each)) for each in spec.fields
            )
            spec = replace(spec, fields=fields)
        is_public = is_named or (asks_for_name(question) and not isinstance(spec, RecordsSpec))
        return replace(question, spec=spec, private=question.private and not is_public)

    stages = tuple(replace(stage, questions=tuple(map(publish, stage.questions))) for stage in playbook.stages)
    return replace(playbook, stages=stages)


# ------------------------------------------------------------ the plan and the ids


def _keep_plan(original: Outcome, shared: Outcome, replacer: NameReplacer) -> Outcome:
    """The outcome for others, with the dates and states of the plan as it stands, and the person's own actions."""
    actions = {action.id: action for action in original.actions}
    checkins = {checkin.id: checkin for checkin in original.checkins}
    kept: list[Action] = [
        replace(each, due=actions[each.id].due, state=actions[each.id].state)
        for each in shared.actions
        if each.id in actions
    ]
    kept += [_rename_action(each, replacer) for each in original.actions if each.id.startswith(OWN_PREFIX)]
    checkins_kept: list[Checkin] = [
        replace(each, due=checkins[each.id].due, state=checkins[each.id].state)
        for each in shared.checkins
        if each.id in checkins
    ]
    return replace(shared, actions=tuple(kept), checkins=tuple(checkins_kept))


def _rename_action(action: Action, replacer: NameReplacer) -> Action:
    texts = {name: replacer.replace_in(getattr(action, name)) for name in ("do", "cue", "evidence", "owner")}
    return replace(action, **texts)


def _redact_plan(plan: Plan, outcome: Outcome | None, ids: _RandomIds, replacer: NameReplacer) -> Plan:
    """The plan with the actions and check-ins that the outcome has, with its texts. What the person wrote later about an
    action, such as the proof or a reason, is left out.
    """
    actions = {each.id: each for each in outcome.actions} if outcome else {}
    checkins = {each.id for each in outcome.checkins} if outcome else set()
    planned = []
    for each in plan.actions:
        if each.id in actions:
            shared = actions[each.id]
            planned.append(
                replace(
                    each,
                    id=ids.get(each.id),
                    do=shared.do,
                    cue=shared.cue,
                    evidence=shared.evidence,
                    owner=shared.owner,
                    proof="",
                    reason="",
                    move_reason="",
                    disputed=(),
                )
            )
    numbered = []
    number = 0
    for each in planned:
        number += each.state != "dropped"
        numbered.append(replace(each, number=number if each.state != "dropped" else 0))
    kept = tuple(
        replace(each, id=ids.get(each.id), title=replacer.replace_in(each.title), answers=())
        for each in plan.checkins
        if each.id in checkins
    )
    return replace(plan, actions=tuple(numbered), checkins=kept)


class _RandomIds:
    """A random id for each id, the same each time it is asked for."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def get(self, original: str) -> str:
        if original not in self._ids:
            self._ids[original] = secrets.token_hex(4)
        return self._ids[original]


def _replace_ids(entry: Entry, ids: _RandomIds) -> Entry:
    """The entry with random ids for itself, its actions and check-ins, and without what identifies the machine."""
    day = f"{entry.started:%Y%m%d}T0000Z"
    outcome = entry.outcome
    if outcome is not None:
        outcome = replace(
            outcome,
            actions=tuple(replace(each, id=ids.get(each.id)) for each in outcome.actions),
            checkins=tuple(replace(each, id=ids.get(each.id)) for each in outcome.checkins),
        )
    new_id = f"{day}-{secrets.token_hex(3)}"
    return replace(entry, id=new_id, machine="", zone="", continues="", unknown={}, outcome=outcome)
