"""Lint: ids are valid and unique, every cited source is declared, and everything with an id or a name is used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from careerkit.core.due_dates import parse_due
from careerkit.core.errors import Path
from careerkit.core.expressions.ast import RESERVED_WORDS, Binary, Call, ListLiteral, Literal, Name, Node, get_children
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.reasoner import Reasoner
from careerkit.core.frozen import frozen
from careerkit.core.playbook.diagnostics import Diagnostic, quote, suggest
from careerkit.core.playbook.lint.context import LintContext, WrittenQuestion
from careerkit.core.playbook.lint.occurrences import ExpressionOccurrence, Occurrence, TextOccurrence
from careerkit.core.playbook.model import ActionRule, FindingRule, list_defined_names
from careerkit.core.questions.question import ITEM
from careerkit.core.text import MAX_ID_LENGTH, describe_lookalike, find_inserted_names, is_id, is_source_id

MAX_QUESTIONS = 500


@frozen
class Named:
    """An id with the path of its table and, as a word for messages, what kind of thing it names."""

    id: str
    path: Path
    kind: str


def check_ids(context: LintContext) -> Iterator[Diagnostic]:
    """Report ids that are invalid, reserved or duplicate, and sources that are not declared."""
    playbook = context.playbook
    questions = [Named(each.question.id, each.path, "question") for each in context.questions]
    if len(questions) > MAX_QUESTIONS:
        message = f"This playbook has {len(questions)} questions; the limit is {MAX_QUESTIONS}."
        hint = "Split it into two playbooks, and link them with `next`."
        yield Diagnostic(questions[MAX_QUESTIONS].path, "too-many-questions", message, hint)
    answers = [*questions, *_name_all(playbook.computes, (), "compute")]
    decisions = list(_name_all(playbook.decisions, (), "decision"))
    defined = [
        Named(name, each.path, "decision result")
        for each, rule in zip(decisions, playbook.decisions, strict=True)
        for name in list_defined_names(rule)
    ]
    for each in answers:
        yield from _check_id(each, is_reserved=each.id in RESERVED_WORDS)
    for each in decisions:
        yield from _check_id(each, is_reserved=False)
    taken = {each.id: each.kind for each in reversed((*answers, *defined))}
    yield from _check_unique((*answers, *defined))
    yield from _check_unique(decisions)
    for written in context.questions:
        yield from _check_question(written, taken)
    yield from _check_other_namespaces(context)
    yield from _check_sources(context)


class Uses:
    """What a playbook uses each name for.

    `names` are all names that are used. `whole` are those whose answer is used as it is, so that each choice counts, and
    `choices` has the choices that are named for each of the others.
    """

    def __init__(self, context: LintContext, occurrences: Iterable[Occurrence]) -> None:
        self.names: set[str] = set()
        self.whole: set[str] = set()
        self.choices: defaultdict[str, set[str]] = defaultdict(set)
        for each in occurrences:
            self._add(each)
        self._add_keys(context)

    def _add(self, occurrence: Occurrence) -> None:
        if isinstance(occurrence, TextOccurrence):
            self._add_whole(find_inserted_names(occurrence.text))
        elif isinstance(occurrence, ExpressionOccurrence):
            own = occurrence.path[-1] == "check"
            before = set(self.names)
            self._add_node(parse(occurrence.source))
            if own:
                self.names = before
        else:
            self.names.add(occurrence.name)
            self.choices[occurrence.name] |= {*occurrence.keys}
            if "else" in occurrence.keys:
                self.whole.add(occurrence.name)

    def _add_whole(self, names: Iterable[str]) -> None:
        for name in names:
            self.names.add(name)
            self.whole.add(name)

    def _add_node(self, node: Node) -> None:
        match node:
            case Name(id=name):
                self._add_whole([name])
            case Call(function="answered" | "known" | "band", arguments=(Name(id=name),)):
                self.names.add(name)
            case (
                Binary(left=Name(id=name), right=Literal(value=str(text)))
                | Binary(left=Literal(value=str(text)), right=Name(id=name))
            ):
                self._add_choice(name, [text], node.operator)
            case Binary(left=Name(id=name), right=ListLiteral(items=items)):
                self._add_choice(name, [str(each.value) for each in items if isinstance(each, Literal)], node.operator)
            case _:
                for child in get_children(node):
                    self._add_node(child)

    def _add_choice(self, name: str, ids: Iterable[str], operator: str) -> None:
        self.names.add(name)
        self.choices[name] |= {*ids}
        if operator in ("!=", "not in"):
            self.whole.add(name)

    def _add_keys(self, context: LintContext) -> None:
        """The keys of the playbook that name an answer."""
        playbook = context.playbook
        self._add_whole(filter(None, (playbook.deadline, playbook.deadline_hour, playbook.reach)))
        for written in context.questions:
            for each in (written, *written.fields):
                question = each.question
                self._add_whole(options.source for options in question.spec.all_options if options.source)
                if question.predicts or question.again:
                    self._add_whole([question.id])
                self._add_whole(filter(None, (question.predicts, question.again)))
        for compute in playbook.computes:
            self.names.update(compute.needs)
        self._add_whole(chain.from_iterable(rule.questions for rule in playbook.decisions))
        for _, _, rule in context.rules():
            if isinstance(rule, FindingRule):
                self._add_whole((*filter(None, [rule.tally]), *rule.profile, *rule.with_.values()))
        self._add_plan(context)

    def _add_plan(self, context: LintContext) -> None:
        for _, table, rule in context.rules():
            self._add_whole(filter(None, [table.get("each", "")]))
            for option in rule.due.options if isinstance(rule, ActionRule) else ():
                self._add_due(option.at)
        for checkin in context.playbook.checkins:
            for option in checkin.after.options:
                self._add_due(option.at)
            self._add_due(checkin.until)

    def _add_due(self, written: str) -> None:
        due = parse_due(written) if written else None
        if due and due.question:
            self._add_whole([due.question])


def check_unused(context: LintContext, occurrences: Iterable[Occurrence]) -> Iterator[Diagnostic]:
    """Report questions, choices, computes and sources that nothing uses."""
    uses = Uses(context, occurrences)
    for written in context.questions:
        yield from _check_use(written, uses)
    for number, compute in enumerate(context.playbook.computes):
        if compute.id not in uses.names and not compute.label:
            message = f"Nothing uses the compute {quote(compute.id)}, and it isn't shown: it has no label."
            yield _warn(("compute", number, "id"), "unused-compute", message, "Use it, give it a label, or remove it.")
    cited = {source.partition(".")[0] for source in _list_cited(context)} | set(_list_cited(context))
    for number, source in enumerate(context.playbook.sources):
        if source.id not in cited:
            message = f"Nothing cites the source {quote(source.id)}."
            yield _warn(("source", number, "id"), "unused-source", message, "Cite it with `source`, or remove it.")


def check_duplicates(context: LintContext, reasoner: Reasoner) -> Iterator[Diagnostic]:
    """Report labels of one question, and titles of the same kind that may be shown together, that read the same."""
    playbook = context.playbook
    for written in context.questions:
        for each in (written, *written.fields):
            if not each.repeats:
                for key, choices in each.question.spec.choice_lists():
                    labels = [
                        _Label((*each.path, key, number, "label"), choice.label, (choice.when,))
                        for number, choice in enumerate(choices)
                    ]
                    yield from _check_same(reasoner, labels, "choice", "duplicate-label")
    for number, compute in enumerate(playbook.computes):
        bands = [
            _Label(("compute", number, "bands", inner, "label"), band.label or band.id)
            for inner, band in enumerate(compute.bands)
        ]
        yield from _check_same(reasoner, bands, "band", "duplicate-label")
    for kind, titles in _list_titles(context):
        yield from _check_same(reasoner, titles, kind, "duplicate-title")


def _check_question(written: WrittenQuestion, taken: dict[str, str]) -> Iterator[Diagnostic]:
    if written.repeats:
        return
    for key, choices in written.question.spec.choice_lists():
        yield from _check_namespace(_name_all(choices, written.path, "choice", key=key))
    fields = [Named(each.question.id, each.path, "field") for each in written.fields]
    implied = [Named(ITEM, (*written.path, "items"), "field")] if fields and "items" in written.table else []
    for each in fields:
        yield from _check_id(each, is_reserved=False)
        if each.id in RESERVED_WORDS:
            message = f"{quote(each.id)} is a reserved word in expressions, so no expression can use this field."
            hint = "Give it another id if an expression needs it."
            yield Diagnostic((*each.path, "id"), "reserved-id", message, hint, severity="warning")
    yield from _check_unique([*implied, *fields])
    for each in (*implied, *fields):
        if each.id in taken:
            message = _describe_duplicate(each.id, taken[each.id])
            path = each.path if each in implied else (*each.path, "id")
            yield Diagnostic(
                path,
                "duplicate-id",
                message,
                "Rename one of them. Only fields of different records questions may share an id.",
            )
    for field in written.fields:
        yield from _check_question(field, taken)


def _check_other_namespaces(context: LintContext) -> Iterator[Diagnostic]:
    playbook = context.playbook
    sources = list(_name_all(playbook.sources, (), "source"))
    for each in sources:
        if not is_source_id(each.id) or len(each.id) > MAX_ID_LENGTH:
            message = f"{quote(each.id)} is not a valid source id."
            hint = "Use letters, digits, - and _, starting with a letter."
            yield Diagnostic((*each.path, "id"), "bad-id", message, hint)
    yield from _check_unique(sources)
    yield from _check_namespace(_name_all(playbook.stages, (), "stage"))
    for number, compute in enumerate(playbook.computes):
        yield from _check_namespace(_name_all(compute.bands, ("compute", number), "band", key="bands"))
        yield from _check_namespace(_name_all(compute.tally, ("compute", number), "line", key="tally"))
    rules = [Named(rule.id, path, str(path[-2])) for path, _, rule in context.rules()]
    for kind in ("finding", "draft", "action"):
        yield from _check_namespace(each for each in rules if each.kind == kind)
    yield from _check_namespace(_name_all(playbook.checkins, (), "check-in", key="checkin"))


def _name_all(records: Iterable[Any], parent: Path, kind: str, *, key: str = "") -> Iterator[Named]:
    for number, record in enumerate(records):
        yield Named(record.id, (*parent, key or kind, number), kind)


def _check_namespace(named: Iterable[Named]) -> Iterator[Diagnostic]:
    """Check ids that only have to be unique among themselves."""
    found = list(named)
    for each in found:
        yield from _check_id(each, is_reserved=False)
    yield from _check_unique(found)


def _check_id(named: Named, *, is_reserved: bool) -> Iterator[Diagnostic]:
    path = (*named.path, "id")
    if not is_id(named.id):
        hint = describe_lookalike(named.id) or "Use lowercase letters, digits and _, starting with a letter."
        yield Diagnostic(path, "bad-id", f"{quote(named.id)} is not a valid id.", hint)
    elif len(named.id) > MAX_ID_LENGTH:
        message = f"This id has {len(named.id)} characters; the limit is {MAX_ID_LENGTH}."
        yield Diagnostic(path, "bad-id", message, "Shorten it.")
    elif is_reserved:
        yield Diagnostic(
            path, "reserved-id", f"{quote(named.id)} is a reserved word in expressions.", "Choose another id."
        )


def _check_unique(named: Iterable[Named]) -> Iterator[Diagnostic]:
    first: dict[str, str] = {}
    for each in named:
        if each.id not in first:
            first[each.id] = each.kind
        elif first[each.id] != "decision result" or each.kind != "decision result":
            message = _describe_duplicate(each.id, first[each.id])
            yield Diagnostic((*each.path, "id"), "duplicate-id", message, "Rename one of them.")


def _describe_duplicate(name: str, kind: str) -> str:
    article = "an" if kind[0] in "aeiou" else "a"
    return f"{quote(name)} is already the id of {article} {kind}."


def _check_sources(context: LintContext) -> Iterator[Diagnostic]:
    declared = {source.id for source in context.playbook.sources}
    for path, table in _list_citing(context):
        for number, source in enumerate(table.get("source", ())):
            if source not in declared and source.partition(".")[0] not in declared:
                hint = suggest(source.partition(".")[0], declared, otherwise="Add a [[source]] with this id.")
                message = f"There is no source {quote(source)}."
                yield Diagnostic((*path, "source", number), "unknown-source", message, hint)


def _list_citing(context: LintContext) -> Iterator[tuple[Path, Any]]:
    """Every table that may cite sources, with its path."""
    for written in context.questions:
        for each in (written, *written.fields):
            yield each.path, each.table
    for number, compute in enumerate(context.tables.get("compute", ())):
        yield ("compute", number), compute
    for path, table, _ in context.rules():
        yield path, table


@frozen
class _Label:
    path: Path
    text: str
    conditions: tuple[str, ...] = ()


def _list_titles(context: LintContext) -> Iterator[tuple[str, list[_Label]]]:
    playbook = context.playbook
    yield (
        "stage",
        [
            _Label(("stage", number, "title"), stage.title, (stage.when,))
            for number, stage in enumerate(playbook.stages)
        ],
    )
    asked = [each for each in context.questions if "ask" in each.table and each.question.spec.has_answer]
    holders = {stage.id: stage.when for stage in playbook.stages}
    stage_of = {question.id: holders[stage.id] for stage in playbook.stages for question in stage.questions}
    yield (
        "question",
        [
            _Label(
                (*each.path, "ask"), str(each.table["ask"]), (stage_of.get(each.question.id, ""), each.question.when)
            )
            for each in asked
        ],
    )
    for kind, key in (("finding", "title"), ("draft", "title"), ("action", "do")):
        rules = [(path, table[key], rule.when) for path, table, rule in context.rules() if path[-2] == kind]
        yield kind, [_Label((*path, key), text, (when,)) for path, text, when in rules if isinstance(text, str)]
    yield (
        "check-in",
        [
            _Label(("checkin", number, "title"), each.title, (each.when,))
            for number, each in enumerate(playbook.checkins)
        ],
    )


def _check_use(written: WrittenQuestion, uses: Uses) -> Iterator[Diagnostic]:
    question = written.question
    if written.repeats or not question.spec.has_answer:
        return
    is_record = written.path[0] == "checkin" and question.spec.is_own_words  # kept to be read again
    if question.id not in uses.names and not is_record:
        message = f"Nothing uses the answer to {quote(question.id)}."
        hint = "Use it in a condition, a text or a compute, or don't ask."
        yield _warn((*written.path, "id"), "unused-question", message, hint)
        return
    if question.id in uses.names and question.id not in uses.whole and question.type in ("choice", "choices"):
        yield from _check_choices(written, uses)


def _check_choices(written: WrittenQuestion, uses: Uses) -> Iterator[Diagnostic]:
    """Report choices that nothing tells apart from each other. A single one that nothing names is "anything else"."""
    named = uses.choices[written.question.id]
    for key, choices in written.question.spec.choice_lists():
        nameless = [(number, each) for number, each in enumerate(choices) if each.id not in named and not each.unknown]
        for number, choice in nameless if named and len(nameless) > 1 else ():
            message = f"Nothing uses the choice {quote(choice.id)}."
            hint = "Use it in a condition, or leave it out."
            yield _warn((*written.path, key, number, "id"), "unused-choice", message, hint)


def _check_same(reasoner: Reasoner, labels: Iterable[_Label], kind: str, code: str) -> Iterator[Diagnostic]:
    seen: defaultdict[str, list[_Label]] = defaultdict(list)
    for label in labels:
        plain = " ".join(label.text.split()).casefold()
        if not plain or (plain[0] == "{" and plain[-1] == "}"):
            continue
        if any(_may_show_together(reasoner, each, label) for each in seen[plain]):
            message = f"Another {kind} reads the same: {quote(label.text)}."
            yield _warn(label.path, code, message, "Say what is different, or remove one of them.")
        seen[plain].append(label)


def _may_show_together(reasoner: Reasoner, first: _Label, second: _Label) -> bool:
    conditions = [parse(each) for each in (*first.conditions, *second.conditions) if each]
    return reasoner.is_possible(*map(reasoner.holds, conditions))


def _list_cited(context: LintContext) -> Iterator[str]:
    for written in context.questions:
        for each in (written, *written.fields):
            yield from each.question.source
    for compute in context.playbook.computes:
        yield from compute.source
    for _, _, rule in context.rules():
        yield from rule.source


def _warn(path: Path, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(path, code, message, hint, severity="warning")
