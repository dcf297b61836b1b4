"""Lint: every question, choice, compute and source is used, and no two labels or titles are the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

from careerkit.core.due_dates import parse_due
from careerkit.core.errors import Path
from careerkit.core.expressions.ast import Binary, Call, ListLiteral, Literal, Name, Node, get_children
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.reasoner import Reasoner
from careerkit.core.frozen import frozen
from careerkit.core.playbook.diagnostics import Diagnostic, quote
from careerkit.core.playbook.lint.context import LintContext, WrittenQuestion
from careerkit.core.playbook.lint.occurrences import ExpressionOccurrence, Occurrence, TextOccurrence
from careerkit.core.playbook.model import ActionRule, FindingRule
from careerkit.core.template import find_inserted_names


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
        yield from _check_question(written, uses)
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


def _check_question(written: WrittenQuestion, uses: Uses) -> Iterator[Diagnostic]:
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
