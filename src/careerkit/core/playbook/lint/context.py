"""The context of the lint rules: the playbook as written and as a model, and the types and order of its names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from careerkit.core.errors import Path
from careerkit.core.expressions.types import ValueType
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.diagnostics import Diagnostic, quote, suggest
from careerkit.core.playbook.model import (
    ActionRule,
    CheckinRule,
    DraftRule,
    FindingRule,
    Playbook,
    list_defined_names,
    list_questions,
    read_playbook,
)
from careerkit.core.playbook.normal_form import PlainTable, Validated
from careerkit.core.playbook.types import Order, PlaybookTypes
from careerkit.core.questions.question import Question, Spec, find_spec_class, list_question_types

Table = Mapping[str, Any]
Rule = FindingRule | DraftRule | ActionRule

LATER_HINT = "Ask that question earlier, or move this below it."


@frozen
class Visibility:
    """What an expression or text may refer to: names that depend on no question after position `until`, and `fields`.

    `actions` are the actions that done() may name; None outside of check-ins. With `only_fields`, nothing but the
    fields may be used.
    """

    until: int
    fields: Mapping[str, ValueType] = MappingProxyType({})
    actions: tuple[str, ...] | None = None
    only_fields: bool = False


@frozen
class WrittenQuestion:
    """A question with its `table` and `path` in the file. What `again` takes over is only in `question`, not in `table`.

    `position` counts the questions in the order they are asked. `actions` are the actions that done() may name; None
    outside of check-ins.
    """

    path: Path
    table: Table
    question: Question
    position: int
    actions: tuple[str, ...] | None

    @property
    def repeats(self) -> bool:
        """Does it repeat an earlier question?"""
        return "again" in self.table

    @property
    def before(self) -> Visibility:
        """What can be referred to before this question is answered."""
        return Visibility(self.position - 1, actions=self.actions)

    @property
    def after(self) -> Visibility:
        """What can be referred to once this question is answered."""
        return Visibility(self.position, actions=self.actions)

    @property
    def fields(self) -> tuple[WrittenQuestion, ...]:
        """The fields of a records question, as questions at the same position."""
        if self.repeats:
            return ()
        return tuple(
            WrittenQuestion((*self.path, "fields", number), table, field, self.position, self.actions)
            for number, (table, field) in enumerate(
                zip(self.table.get("fields", ()), self.question.spec.fields, strict=True)
            )
        )


@frozen
class Part:
    """A part with outcomes: the playbook itself, or a check-in. `visible` is what its outcomes may refer to."""

    path: Path
    table: Table
    record: Playbook | CheckinRule
    visible: Visibility

    def rules(self) -> Iterator[tuple[Path, Table, Rule]]:
        """The findings, drafts and actions, each with its path and its table in the file."""
        parts: tuple[tuple[str, tuple[Rule, ...]], ...] = (
            ("finding", self.record.findings),
            ("draft", self.record.drafts),
            ("action", self.record.actions),
        )
        for key, rules in parts:
            for number, rule in enumerate(rules):
                yield (*self.path, key, number), self.table[key][number], rule


@frozen
class LintContext:
    """A validated playbook: `tables` as in the file, `plain` and `playbook` with all defaults filled in.

    At the paths in `broken`, bad values have been replaced by placeholders.
    """

    tables: Table
    plain: PlainTable
    playbook: Playbook
    order: Order
    types: PlaybookTypes
    broken: frozenset[Path]
    questions: tuple[WrittenQuestion, ...]
    """All questions in the order they are asked; those of check-ins come last."""
    parts: tuple[Part, ...]
    """The playbook, then its check-ins."""

    def is_broken(self, *path: str | int) -> bool:
        """Is there a placeholder at `path`, so that nothing may be reported about it?"""
        return any(path[:end] in self.broken for end in range(1, len(path) + 1))

    def written(self, path: Path) -> Any:
        """The value at `path` in the file."""
        found: Any = self.tables
        for part in path:
            found = found[part] if isinstance(part, int) else found.get(part, "")
        return found

    def visible_in_action(self, path: Path, visible: Visibility) -> Visibility:
        """What the texts and due dates of the action at `path` may refer to: with `each`, also the fields of a form."""
        each = self.written((*path, "each"))
        question = self.types.question(each) if isinstance(each, str) else None
        return replace(visible, fields=self.types.fields_of(question)) if question else visible

    def is_unsure(self, name: str) -> bool:
        """Does `name` exist, but with a type that is unknown because of an earlier problem?"""
        return self.types.has(name) and self.types.type_of(name) is None and not self.is_note(name)

    def is_note(self, name: str) -> bool:
        question = self.types.question(name)
        return question is not None and not question.spec.has_answer

    def explain_later(self, name: str, visible: Visibility) -> str:
        """Why `name` has no value yet at this point; empty if it has one."""
        if self.order.latest(name) <= visible.until:
            return ""
        question = self.order.latest_question(name)
        is_in_checkin = visible.actions is None and self.order.position(question) > self.order.last_of_stages
        when = "only asked in a check-in" if is_in_checkin else "not answered yet at this point"
        if question == name:
            return f"{quote(name)} is {when}."
        return f"{quote(name)} depends on {quote(question)}, which is {when}."

    def unknown_name(self, name: str, path: Path, **target: Any) -> Diagnostic:
        """Create the diagnostic for a name that the playbook doesn't define."""
        hint = suggest(name, self.types.names())
        return Diagnostic(path, "unknown-id", f"There is no question or compute {quote(name)}.", hint, **target)

    def rules(self) -> Iterator[tuple[Path, Table, Rule]]:
        """Every finding, draft and action; those of check-ins come last."""
        for part in self.parts:
            yield from part.rules()


def describe_types(fits: Callable[[type[Spec]], bool]) -> str:
    """Name the question types whose specs match: "choices, list or rank question"."""
    specs = ((name, find_spec_class(name)) for name in list_question_types())
    names = [name for name, spec in specs if spec and fits(spec)]
    return f"{' or '.join(filter(None, (', '.join(names[:-1]), names[-1])))} question"


def create_context(validated: Validated) -> LintContext:
    """Build the context of a validated file."""
    tables, plain, broken = validated.tables, validated.plain, validated.broken
    playbook = read_playbook(plain, id="", sha256="")
    order = Order(playbook)
    questions = tuple(_list_questions(tables, playbook))
    types = PlaybookTypes(playbook, order=order, unknown=frozenset(_find_unsure(questions, broken, playbook)))
    parts = tuple(_list_parts(tables, playbook, order))
    return LintContext(tables, plain, playbook, order, types, broken, questions, parts)


def _list_questions(tables: Table, playbook: Playbook) -> Iterator[WrittenQuestion]:
    actions = _list_actions(playbook)
    written = (
        (("stage", number, "question", inner), table, None)
        for number, stage in enumerate(tables.get("stage", ()))
        for inner, table in enumerate(stage.get("question", ()))
    )
    later = (
        (("checkin", number, "question", inner), table, actions[number])
        for number, checkin in enumerate(tables.get("checkin", ()))
        for inner, table in enumerate(checkin.get("question", ()))
    )
    numbered = enumerate(zip((*written, *later), list_questions(playbook), strict=True))
    for position, ((path, table, known_actions), question) in numbered:
        yield WrittenQuestion(path, table, question, position, known_actions)


def _list_parts(tables: Table, playbook: Playbook, order: Order) -> Iterator[Part]:
    actions = _list_actions(playbook)
    position = order.last_of_stages
    yield Part((), tables, playbook, Visibility(position))
    for number, checkin in enumerate(playbook.checkins):
        position += len(checkin.questions)
        visible = Visibility(position, actions=actions[number])
        yield Part(("checkin", number), tables["checkin"][number], checkin, visible)


def _list_actions(playbook: Playbook) -> list[tuple[str, ...]]:
    """For each check-in, the ids of the actions given before it."""
    known = [action.id for action in playbook.actions]
    before = []
    for checkin in playbook.checkins:
        before.append(tuple(known))
        known += [action.id for action in checkin.actions]
    return before


_KEYS_OF_TYPE = frozenset({"type", "choices", "items", "rows", "columns", "fields", "spread", "again"})
"""The keys of a question that determine the type of its answer."""


def _find_unsure(questions: tuple[WrittenQuestion, ...], broken: frozenset[Path], playbook: Playbook) -> Iterator[str]:
    """The names whose types are unknown, because a key that determines them was invalid."""
    by_path = {each.path: each.question.id for each in questions}
    for path in broken:
        if path[:4] in by_path and (
            len(path) == 4 or (path[4] in _KEYS_OF_TYPE and path[-1] not in {"label", "hint", "ask"})
        ):
            yield by_path[path[:4]]
        match path:
            case ("compute", int(number), "value" | "tally" | "bands", *_):
                yield playbook.computes[number].id
            case ("decision", int(number), "weights" | "scores"):
                yield from list_defined_names(playbook.decisions[number])
