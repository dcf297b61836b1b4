"""Compile the conditions of a playbook to formulas over the value classes of its questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import cast

from careerkit.core.expressions import ast
from careerkit.core.expressions.evaluate import evaluate
from careerkit.core.expressions.parser import parse
from careerkit.core.facts import list_changing_options
from careerkit.core.playbook.model import HOURS_LEFT, Compute, Playbook, Wording
from careerkit.core.playbook.walk.domains import MAX_ENTRIES_TRIED, Recipe, is_calculation, walk_nodes
from careerkit.core.playbook.walk.formulas import (
    ALWAYS,
    DONE_PREFIX,
    HOUR,
    NEVER,
    AssumedFacts,
    FormulaFactory,
    Moment,
    ReachFormula,
    Relation,
    VariableTable,
    expand_names,
    limit_draws,
)
from careerkit.core.questions.question import Line, Options, Question

MAX_CASES = 64
"""The most cases that a value with conditions in it is split into."""
MAX_CACHED_FACTS = 20_000
"""The most combinations of answers whose results are kept: conditions over the same questions share them."""

_NEVER_NULL = frozenset({"answered", "known", "any", "all", "count", "done", "today", "sum"})
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_Cases = list[tuple[ReachFormula, ast.Node]]


class Compiler:
    """Compiles the conditions of a playbook, or of one of its check-ins with `playbook` derived for that.

    `moment` is when the interview, or the check-in, begins. Formulas of compilers with the same factory and table can be
    combined.
    """

    def __init__(self, playbook: Playbook, moment: Moment, table: VariableTable, factory: FormulaFactory) -> None:
        self.table = table
        self.factory = factory
        self._playbook = limit_draws(playbook)
        self._moment = moment
        self._facts = AssumedFacts(self._playbook, {}, today=moment.today)
        self.index = self._facts.index
        self._compiled: dict[str, ReachFormula] = {}
        self._visible: dict[str, ReachFormula] = {}
        self._facts_of: dict[tuple[tuple[int, int], ...], AssumedFacts] = {}
        self._roots: dict[ast.Node, tuple[int, ...]] = {}

    # ------------------------------------------------------------ conditions

    def compile(self, condition: str) -> ReachFormula:
        """The formula of a condition; an empty one always holds."""
        if not condition:
            return ALWAYS
        if condition not in self._compiled:
            self._compiled[condition] = self.compile_node(parse(condition))
        return self._compiled[condition]

    def compile_node(self, node: ast.Node) -> ReachFormula:
        factory = self.factory
        match node:
            case ast.Literal(value=bool(value)):
                return ALWAYS if value else NEVER
            case ast.Binary(operator="and" | "or" as sign, left=left, right=right):
                join = factory.join_all if sign == "and" else factory.join_any
                return join((self.compile_node(left), self.compile_node(right)))
            case ast.Unary(operator="not", operand=operand):
                return factory.negate(self.compile_node(operand))
            case ast.Conditional(then=then, condition=condition, else_=else_):
                holds = self.compile_node(condition)
                return self._choose(holds, self.compile_node(then), self.compile_node(else_))
            case ast.Name(id=name) if (compute := self._get_compute(name)) and compute.value:
                return factory.join_all((*self._compile_needs(compute), self.compile(compute.value)))
            case ast.Call(function="answered" | "known", arguments=(ast.Name(id=name),)) if self._get_compute(name):
                return self.compile_value_exists(self.index.computes[name])
            case ast.Binary(operator=sign, left=left, right=right) if sign in ast.COMPARISON_OPERATORS:
                return self._compare(sign, left, right)
            case ast.Binary(operator="in" | "not in" as sign, left=left, right=right):
                cases = self._split(left)
                return factory.join_any(
                    factory.join_all((holds, self._compile_atom(ast.Binary(sign, part, right))))
                    for holds, part in cases
                )
        return self._compile_atom(node)

    def compile_wording(self, wording: Wording) -> ReachFormula:
        """Is any line of the wording used?"""
        return self.compile_lines(wording.lines)

    def compile_lines(self, lines: Iterable[Line]) -> ReachFormula:
        """Does any line with a text hold?"""
        return self.factory.join_any(self.compile(line.when) for line in lines if line.text.strip())

    def compile_for_form(self, question: str, *conditions: tuple[str, bool]) -> ReachFormula:
        """Is there a form of a records question in which each of these conditions holds or, with False, doesn't?"""
        node: ast.Node = ast.Literal(value=True)
        for condition, wanted in conditions:
            part = parse(condition) if condition else ast.Literal(value=True)
            node = ast.Binary("and", node, part if wanted else ast.Unary("not", part))
        return self._compile_atom(ast.Call("any", (ast.Name(question), node)))

    # ------------------------------------------------------------ questions

    def compile_visible(self, question: Question) -> ReachFormula:
        """Is the question asked, if its stage is part of the interview?"""
        if question.id not in self._visible:
            stage = self.index.stage_of.get(question.id)
            needed = (question, *(field for field in question.spec.fields if field.required and not field.when))
            self._visible[question.id] = self.factory.join_all((
                self.compile(stage.when if stage else ""),
                self.compile(question.when),
                *(self._compile_choosable(options) for each in needed for options in list_changing_options(each)),
            ))  # fmt: skip
        return self._visible[question.id]

    def compile_answered(self, name: str) -> ReachFormula:
        """Does the question have an answer?"""
        variable = self.table.variables[self.table.number_of[name]]
        return self.factory.make_literal(self.table.number_of[name], yes=variable.answered_mask, no=1)

    def compile_constraint(self, question: Question, *, may_put_off: bool = False) -> ReachFormula:
        """What must hold for any answer to the question, or for none: whether it is asked, its check and its choices.

        `may_put_off`: also a required question may still be without an answer.
        """
        factory, answered = self.factory, self.compile_answered(question.id)
        visible = self.compile_visible(question)
        given = [answered, visible, *self._compile_offered(question)]
        if question.check:
            node = parse(question.check)
            missing = [factory.negate(self._compile_present(name)) for name in self._facts.get_names(question.check)]
            given.append(factory.join_any((self.compile_node(node), *missing)))
        left_out = [factory.negate(answered)]
        if question.required and not may_put_off:
            left_out.append(factory.negate(visible))
        return factory.join_any((factory.join_all(given), factory.join_all(left_out)))

    def compile_offered(self, question: Question, choice_id: str) -> ReachFormula:
        """Is the choice offered?"""
        spec = question.spec
        if spec.options is None:
            return ALWAYS
        for choice in spec.options.choices:
            if choice.id == choice_id:
                return self.compile(choice.when)
        source = self.index.questions.get(spec.options.source)
        if source is None or spec.is_own_text(choice_id):
            return ALWAYS
        return self._compile_mask(source.id, lambda value: choice_id in value if isinstance(value, tuple) else False)

    def _compile_offered(self, question: Question) -> list[ReachFormula]:
        """For each choice that isn't always offered: it is offered, or not chosen."""
        number = self.table.number_of[question.id]
        domain = self.table.variables[number].domain
        formulas = []
        for choice_id in sorted(frozenset().union(*domain.needed)):
            offered = self.compile_offered(question, choice_id)
            if offered is not ALWAYS:
                chosen = sum(1 << place for place, needed in enumerate(domain.needed) if choice_id in needed)
                others = self._make_literal(number, chosen)
                formulas.append(self.factory.join_any((offered, self.factory.negate(others))))
        return formulas

    def _compile_choosable(self, options: Options) -> ReachFormula:
        """Is there anything to choose from?"""
        if options.source:
            return self._compile_mask(options.source, lambda value: isinstance(value, tuple) and bool(value))
        return self.factory.join_any(self.compile(choice.when) for choice in options.choices)

    # ------------------------------------------------------------ computes

    def compile_value_exists(self, compute: Compute) -> ReachFormula:
        """Does the compute have a value?"""
        if compute.tally:
            names = {name for line in compute.tally for name in self._facts.get_names(line.when)}
            exists = self.factory.join_any(
                self.compile_answered(root) for root in sorted(self._facts.depends_on(*names))
            )
        elif compute.text.lines:
            exists = self.compile_wording(compute.text)
        else:
            exists = self._compile_exists(parse(compute.value))
        return self.factory.join_all((*self._compile_needs(compute), exists))

    def compile_band(self, compute: Compute, band_id: str) -> ReachFormula:
        """Is this the band that the number of the compute falls into?"""
        exists, name = self.compile_value_exists(compute), ast.Name(compute.id)
        bands = [band for band in compute.bands if not band.unknown]
        for band, higher in zip(bands, [*bands[1:], None], strict=True):
            if band.id == band_id:
                reached = (
                    [exists] if band.from_ is None else [exists, self._compare(">=", name, ast.Literal(band.from_))]
                )
                if higher is not None and higher.from_ is not None:
                    reached.append(self.factory.negate(self._compare(">=", name, ast.Literal(higher.from_))))
                return self.factory.join_all(reached)
        return self.factory.negate(exists)

    def compile_needs(self, compute: Compute) -> ReachFormula:
        """Is everything known that the compute needs?"""
        return self.factory.join_all(self._compile_needs(compute))

    def _compile_needs(self, compute: Compute) -> list[ReachFormula]:
        return [self.compile_node(ast.Call("known", (ast.Name(name),))) for name in compute.needs]

    def _compile_present(self, name: str) -> ReachFormula:
        """Does the name have a value?"""
        return self._compile_exists(ast.Name(name))

    def _compile_exists(self, node: ast.Node) -> ReachFormula:
        """Is the value of an expression not null?"""
        match node:
            case ast.Literal() | ast.Unary(operator="not"):
                return ALWAYS
            case ast.Name(id=name) if name in self.table.number_of:
                return self.compile_answered(name)
            case ast.Name(id=name) if (compute := self._get_compute(name)) is not None:
                return self.compile_value_exists(compute)
            case ast.Conditional(then=then, condition=condition, else_=else_):
                exists, otherwise = self._compile_exists(then), self._compile_exists(else_)
                return self._choose(self.compile_node(condition), exists, otherwise)
            case ast.Binary(operator="+" | "-" | "*", left=left, right=right):
                return self.factory.join_all((self._compile_exists(left), self._compile_exists(right)))
            case ast.Binary(operator=sign) if sign != "/":
                return ALWAYS
            case ast.Call(function=function) if function in _NEVER_NULL:
                return ALWAYS
            case ast.Call(function="highest", arguments=arguments):
                return self.factory.join_any(map(self._compile_exists, arguments))
        return self._compile_atom(ast.Call("answered", (node,)))

    def _choose(self, condition: ReachFormula, then: ReachFormula, otherwise: ReachFormula) -> ReachFormula:
        factory = self.factory
        return factory.join_any((
            factory.join_all((condition, then)),
            factory.join_all((factory.negate(condition), otherwise)),
        ))  # fmt: skip

    # ------------------------------------------------------------ comparisons

    def _compare(self, sign: str, left: ast.Node, right: ast.Node) -> ReachFormula:
        whole = ast.Binary(sign, left, right)
        if len(self._find_roots(whole)) <= 1:
            return self._compile_atom(whole)
        lefts, rights = self._split(left), self._split(right)
        return self.factory.join_any(
            self.factory.join_all((when, also, self._compare_parts(sign, first, second)))
            for when, first in lefts
            for also, second in rights
        )

    def _compare_parts(self, sign: str, left: ast.Node, right: ast.Node) -> ReachFormula:
        if isinstance(left, ast.Literal) and isinstance(right, ast.Name) and sign in _MIRRORED:
            return self._compare_parts(_MIRRORED[sign], right, left)
        compute = self._get_compute(left.id) if isinstance(left, ast.Name) else None
        if compute and compute.tally and isinstance(right, ast.Literal) and isinstance(right.value, Decimal):
            return self._compare_tally(compute, sign, right.value)
        return self._compile_atom(ast.Binary(sign, left, right))

    def _compare_tally(self, compute: Compute, sign: str, number: Decimal) -> ReachFormula:
        factory = self.factory
        match sign:
            case ">=" | ">":
                holds = self._reach(compute, number, is_strict=sign == ">")
            case "<" | "<=":
                holds = factory.negate(self._reach(compute, number, is_strict=sign == "<="))
            case _:
                above = self._reach(compute, number, is_strict=True)
                holds = factory.join_all((self._reach(compute, number, is_strict=False), factory.negate(above)))
                holds = factory.negate(holds) if sign == "!=" else holds
        return factory.join_all((self.compile_value_exists(compute), holds))

    def _reach(self, compute: Compute, number: Decimal, *, is_strict: bool) -> ReachFormula:
        """Do the points, kept within their limits, reach or exceed the number?"""
        if compute.min > number or (compute.min == number and not is_strict):
            return ALWAYS
        if compute.max < number or (compute.max == number and is_strict):
            return NEVER
        terms = [(self.compile(line.when), line.points) for line in compute.tally]
        return self.factory.make_threshold(terms, number - compute.start, is_strict=is_strict)

    def _split(self, node: ast.Node) -> _Cases:
        """The values that an expression can have, each with the condition on which it has it; null is left out."""
        if len(self._find_roots(node)) > 1:
            cases = self._split_once(node)
            if 0 < len(cases) <= MAX_CASES:
                return cases
        return [(ALWAYS, node)]

    def _split_once(self, node: ast.Node) -> _Cases:
        factory = self.factory
        match node:
            case ast.Conditional(then=then, condition=condition, else_=else_):
                holds = self.compile_node(condition)
                branches = ((holds, then), (factory.negate(holds), else_))
                return [
                    (factory.join_all((branch, when)), part)
                    for branch, value in branches
                    for when, part in self._split(value)
                ]
            case ast.Name(id=name) if (compute := self._get_compute(name)) and compute.value:
                needs = self._compile_needs(compute)
                return [(factory.join_all((*needs, when)), part) for when, part in self._split(parse(compute.value))]
            case ast.Call(function="band", arguments=(ast.Name(id=name),)):
                compute = self.index.computes[name]
                return [(self.compile_band(compute, band.id), ast.Literal(band.id)) for band in compute.bands]
            case ast.Binary(operator="+" | "-" | "*" | "/" as sign, left=left, right=right):
                return self._combine(sign, self._split(left), self._split(right))
        return []

    def _combine(self, sign: str, lefts: _Cases, rights: _Cases) -> _Cases:
        """The cases of a calculation; those with the same result are one."""
        if len(lefts) * len(rights) > MAX_CASES:
            return []
        combined: dict[ast.Node, list[ReachFormula]] = {}
        for when, left in lefts:
            for also, right in rights:
                node: ast.Node = ast.Binary(sign, left, right)
                if isinstance(left, ast.Literal) and isinstance(right, ast.Literal):
                    value = evaluate(node, self._facts)
                    if not isinstance(value, Decimal):
                        continue
                    node = ast.Literal(value)
                combined.setdefault(node, []).append(self.factory.join_all((when, also)))
        return [(self.factory.join_any(conditions), node) for node, conditions in combined.items()]

    # ------------------------------------------------------------ atoms

    def _compile_atom(self, node: ast.Node) -> ReachFormula:
        """An expression that isn't taken apart: its truth for each class of one question, or for classes of several."""
        roots = self._find_roots(node)
        if not roots:
            return ALWAYS if self._evaluate(node, {}) else NEVER
        match node:
            case ast.Call(function="answered" | "known" as function, arguments=(ast.Name(id=name),)):
                if name in self.table.number_of and (function == "answered" or not self._facts.unknown_ids(name)):
                    return self.compile_answered(name)
        names = tuple(sorted({self.table.number_of[each] for root in roots for each in self.table.list_names(root)}))
        if len(names) == 1:
            (number,) = names
            count = len(self.table.variables[number].domain.classes)
            yes = sum(1 << place for place in range(count) if self._evaluate(node, {number: place}))
            return self._make_literal(number, yes, None if self._is_settled(node, number) else (self._moment, node))
        return self.factory.make_relation((self._moment, node), lambda: self._make_relation(node, names))

    def _make_relation(self, node: ast.Node, numbers: tuple[int, ...]) -> Relation:
        def evaluate_classes(classes: tuple[int, ...]) -> bool:
            return self._evaluate(node, dict(zip(numbers, classes, strict=True)))

        return Relation(
            numbers,
            evaluate_classes,
            tuple(self.table.variables[each].unknown_mask for each in numbers),
            {},
            self.factory.work,
        )

    def _make_literal(self, number: int, yes: int, atom: object = None) -> ReachFormula:
        """The answer is one of the classes in `yes`. With an `atom`, other answers than those may be like any of them."""
        variable = self.table.variables[number]
        no = variable.full_mask & ~yes
        if atom is None:
            return self.factory.make_literal(number, yes=variable.add_unknown(yes), no=variable.add_unknown(no))
        return self.factory.make_literal(
            number, yes=yes | variable.unknown_mask, no=no | variable.unknown_mask, atom=atom
        )

    def _is_settled(self, node: ast.Node, number: int) -> bool:
        """Is the truth of an atom the same for all answers of a class?"""
        match self.table.variables[number].domain.precision:
            case "exact" | "alone":
                return True
            case "compared":
                names = {each for name in self._find_names(node) for each in expand_names(name, self._facts)}
                values = [self.index.computes[name].value for name in names if name in self.index.computes]
                nodes = [node, *(parse(value) for value in values if value)]
                return not any(is_calculation(part) for each in nodes for part in walk_nodes(each))
            case "counted":
                return _is_count(node)
        return False

    def _find_names(self, node: ast.Node) -> frozenset[str]:
        return ast.find_free_names(node, self._facts.get_field_names)

    def _compile_mask(self, name: str, fits: Callable[[object], bool]) -> ReachFormula:
        """Does the answer to a question fit? Any answer over items that aren't known does."""
        number = self.table.number_of[name]
        classes = self.table.variables[number].domain.classes
        yes = sum(1 << place for place, value in enumerate(classes) if isinstance(value, Recipe) or fits(value))
        return self._make_literal(number, yes)

    def _evaluate(self, node: ast.Node, classes: dict[int, int]) -> bool:
        key = tuple(classes.items())
        if key not in self._facts_of:
            if len(self._facts_of) > MAX_CACHED_FACTS:
                self._facts_of.clear()
            self._facts_of[key] = self._build_facts(classes)
        return evaluate(node, self._facts_of[key]) is True

    def _build_facts(self, classes: dict[int, int]) -> AssumedFacts:
        answers = self.table.build_answers(classes)
        done = frozenset(name.removeprefix(DONE_PREFIX) for name in answers if name.startswith(DONE_PREFIX))
        given = {name: value for name, value in answers.items() if name in self.table.questions}
        moment = self._moment.move_to(cast("Decimal | None", answers.get(HOUR)))
        return AssumedFacts(
            self._playbook, given, today=moment.today, started=moment.started, zone=moment.zone, done=done
        )

    def _find_roots(self, node: ast.Node) -> tuple[int, ...]:
        """The variables that an expression depends on, directly or through computes."""
        if node not in self._roots:
            facts = self._facts
            found = set(facts.depends_on(*ast.find_free_names(node, facts.get_field_names)))
            for name in tuple(found):
                for field in self.index.questions[name].spec.fields:
                    inner = facts.get_names(field.when) - facts.get_field_names(name)
                    found |= facts.depends_on(*inner)
            found |= {DONE_PREFIX + action for action in ast.find_actions(node)}
            if HOUR in self.table.number_of and self._depends_on_hour(node):
                found.add(HOUR)
            self._roots[node] = tuple(sorted(self.table.number_of[name] for name in found))
        return self._roots[node]

    def _depends_on_hour(self, node: ast.Node) -> bool:
        return any(HOURS_LEFT in expand_names(name, self._facts) for name in self._find_names(node))

    def _get_compute(self, name: str) -> Compute | None:
        return self.index.computes.get(name)


def _is_count(node: ast.Node) -> bool:
    """Is it a comparison of the number of entries with a small number?"""
    match node:
        case ast.Binary(
            left=ast.Call(function="count", arguments=(ast.Name(),)), right=ast.Literal(value=Decimal() as number)
        ):
            return number < MAX_ENTRIES_TRIED
    return False
