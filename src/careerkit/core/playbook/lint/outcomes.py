"""Lint: computes, decisions and findings are complete and consistent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import pairwise

from careerkit.core.errors import Path, Refused
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.types import NumberType
from careerkit.core.playbook.diagnostics import Diagnostic, quote, suggest
from careerkit.core.playbook.lint.context import LATER_HINT, LintContext, Part, Rule, Visibility, describe_types
from careerkit.core.playbook.lint.occurrences import ANYWHERE
from careerkit.core.playbook.model import Compute, DecisionRule, FindingRule
from careerkit.core.questions.question import Options
from careerkit.core.text import is_playbook_name

MAX_DRAWS = 100_000
FindPlaybook = Callable[[str], Callable[[], Collection[str] | None] | None]
"""Finds a playbook by its id: None if there is none, else a function that lists its questions, or None if it can't be read."""


def check_outcomes(context: LintContext) -> Iterator[Diagnostic]:
    """Report computes, decisions and findings that are incomplete or contradictory."""
    playbook = context.playbook
    for number, compute in enumerate(playbook.computes):
        yield from _check_compute(context, ("compute", number), compute)
    for number, rule in enumerate(playbook.decisions):
        yield from _check_decision(context, ("decision", number), rule)
    for part in context.parts:
        yield from _check_rules(context, part)
    yield from _check_quick(context)


def check_links(context: LintContext, find_playbook: FindPlaybook) -> Iterator[Diagnostic]:
    """Report follow-ups that don't exist, and answers carried to questions that they don't have."""
    for path, _, rule in context.rules():
        if not isinstance(rule, FindingRule) or not rule.next:
            continue
        found = find_playbook(rule.next)
        if found is None:
            message = f"There is no playbook {quote(rule.next)}."
            hint = "Correct the id. If it is to be installed later, allow this rule with that reason."
            yield Diagnostic((*path, "next"), "missing-playbook", message, hint, severity="warning")
            continue
        known = found() if rule.with_ else None
        for theirs in rule.with_:
            if known is not None and theirs not in known:
                message = f"{quote(rule.next)} has no question {quote(theirs)}, so this answer is not carried over."
                yield Diagnostic(
                    (*path, "with", theirs), "missing-carry", message, suggest(theirs, known), "key", severity="warning"
                )


def _check_compute(context: LintContext, path: Path, compute: Compute) -> Iterator[Diagnostic]:
    table = context.tables["compute"][path[1]]
    given = [key for key in ("value", "tally", "text") if table.get(key) or context.is_broken(*path, key)]
    if len(given) > 1:
        message = "A compute has only one of `value`, `tally` and `text`."
        yield Diagnostic((*path, given[1]), "conflicting-keys", message, "Remove the others.", target="key")
    elif not given:
        message = f"The compute {quote(compute.id)} has neither `value` nor `tally` nor `text`."
        yield Diagnostic(path, "missing-key", message, "Add one of them.")
    for number, name in enumerate(compute.needs):
        yield from _check_name(context, (*path, "needs", number), name, Visibility(ANYWHERE))
    if (compute.value or compute.text.lines) and not compute.tally:
        for key in ("max", "min", "start"):
            if key in table:
                message = f"`{key}` only applies to a tally."
                yield Diagnostic((*path, key), "conflicting-keys", message, "Remove it.", target="key")
    elif compute.min >= compute.max:
        key = "max" if "max" in table else "min"
        yield Diagnostic((*path, key), "bad-limit", "`max` is not greater than `min`.", "Raise `max` or lower `min`.")
    yield from _check_bands(context, path, compute)


def _check_bands(context: LintContext, path: Path, compute: Compute) -> Iterator[Diagnostic]:
    kind = context.types.type_of(compute.id)
    if compute.bands and kind is not None and not isinstance(kind, NumberType):
        message = "Only a compute that is a number can have bands."
        yield Diagnostic((*path, "bands"), "unfit-bands", message, "Remove the bands.", target="key")
    known = [(number, band) for number, band in enumerate(compute.bands) if not band.unknown]
    for number, band in enumerate(compute.bands):
        if band.unknown and band.from_ is not None:
            message = "The band for a value that isn't known can't have `from`."
            yield Diagnostic((*path, "bands", number, "from"), "band-order", message, "Remove `from`.")
    for position, (number, band) in enumerate(known):
        place = (*path, "bands", number)
        if position == 0 and band.from_ is not None:
            message = "The first band can't have `from`: it covers everything below the second band."
            yield Diagnostic((*place, "from"), "band-order", message, "Remove `from`.")
        elif position > 0 and band.from_ is None and not context.is_broken(*place):
            yield Diagnostic(place, "band-order", "This band has no `from`.", "Only the first band can leave it out.")
    for (_, low), (number, high) in pairwise(known):
        if low.from_ is not None and high.from_ is not None and low.from_ >= high.from_:
            message = f"This band starts at {high.from_:f}, the one before it at {low.from_:f}."
            yield Diagnostic(
                (*path, "bands", number, "from"), "band-order", message, "List the bands from low to high."
            )


def _check_decision(context: LintContext, path: Path, rule: DecisionRule) -> Iterator[Diagnostic]:
    if not 1 <= rule.draws <= MAX_DRAWS:
        message = f"`draws` must be between 1 and {MAX_DRAWS}."
        yield Diagnostic((*path, "draws"), "bad-limit", message, "10000, the default, is usually enough.")
    weights, scores = context.types.question(rule.weights), context.types.question(rule.scores)
    yield from _check_part(context, (*path, "weights"), rule.weights)
    yield from _check_part(context, (*path, "scores"), rule.scores)
    yield from _check_ruled_out(context, (*path, "ruled_out"), rule)
    if context.is_unsure(rule.weights) or context.is_unsure(rule.scores) or weights is None or scores is None:
        return
    if weights.spec.decision_part != "weights" or scores.spec.decision_part != "scores":
        return
    weighed, (_, columns) = weights.spec.options, scores.spec.all_options
    if weighed and _find_origin(context, weighed) != _find_origin(context, columns):
        message = f"The columns of {quote(rule.scores)} are not the items that {quote(rule.weights)} weighs."
        hint = "Take both from the same question, or give both the same ids."
        yield Diagnostic((*path, "scores"), "unfit-source", message, hint)


def _check_part(context: LintContext, path: Path, name: str) -> Iterator[Diagnostic]:
    """Check that `weights` or `scores` of a decision names a question of a suitable type."""
    question = context.types.question(name)
    if question is None:
        known = (each.id for each in context.playbook.questions)
        yield Diagnostic(path, "unknown-id", f"There is no question {quote(name)}.", suggest(name, known))
    elif question.spec.decision_part != path[-1] and not context.is_unsure(name):
        fitting = describe_types(lambda spec: spec.decision_part == path[-1])
        yield Diagnostic(path, "unfit-source", f"{quote(name)} is not a {fitting}.", f"Use a {fitting}.")


def _check_ruled_out(context: LintContext, path: Path, rule: DecisionRule) -> Iterator[Diagnostic]:
    """Check that `ruled_out` names a choices question over the options."""
    name, scores = rule.ruled_out, context.types.question(rule.scores)
    question = context.types.question(name)
    if not name:
        return
    if question is None:
        known = (each.id for each in context.playbook.questions)
        yield Diagnostic(path, "unknown-id", f"There is no question {quote(name)}.", suggest(name, known))
    elif context.is_unsure(name) or context.is_unsure(rule.scores) or scores is None:
        return
    elif question.type != "choices":
        message = f"{quote(name)} is not a choices question."
        yield Diagnostic(path, "unfit-source", message, "Use a choices question over the options.")
    elif scores.spec.all_options and question.spec.options != scores.spec.all_options[0]:
        message = f"{quote(name)} doesn't choose from the rows of {quote(rule.scores)}."
        yield Diagnostic(path, "unfit-source", message, "Give both the same `items` and `rows`, or the same choices.")


def _find_origin(context: LintContext, options: Options) -> object:
    """Trace options to their origin: the id of a question, or the set of ids that are written out."""
    seen: set[str] = set()
    while options.source and options.source not in seen:
        seen.add(options.source)
        question = context.types.question(options.source)
        if question is None or not question.spec.options:
            return options.source
        if not (question.spec.gives_items and question.spec.needs_all_items):
            return options.source  # its answer may contain only some of its own options
        options = question.spec.options
    return frozenset(choice.id for choice in options.choices)


def _check_rules(context: LintContext, part: Part) -> Iterator[Diagnostic]:
    for path, _, rule in part.rules():
        if isinstance(rule, FindingRule):
            yield from _check_finding(context, path, rule, part.visible)


def _check_finding(context: LintContext, path: Path, finding: FindingRule, visible: Visibility) -> Iterator[Diagnostic]:
    if (
        not finding.text
        and not finding.tally
        and not context.is_broken(*path, "text")
        and not context.is_broken(*path, "tally")
    ):
        message = f"The finding {quote(finding.id)} has neither `text` nor `tally`."
        yield Diagnostic(path, "missing-key", message, "Add one of them.")
    if finding.tally:
        yield from _check_shown(context, (*path, "tally"), finding.tally, visible, or_scale=False)
    for number, name in enumerate(finding.profile):
        yield from _check_shown(context, (*path, "profile", number), name, visible, or_scale=True)
    group, _, name = finding.next.partition("/")
    if finding.next and not (is_playbook_name(group) and is_playbook_name(name)):
        yield Diagnostic(
            (*path, "next"),
            "bad-next",
            f"{quote(finding.next)} is not a playbook id.",
            "Write it as group/name, such as path/choose.",
        )
    if finding.with_ and not finding.next and not context.is_broken(*path, "next"):
        message = "`with` has no effect without `next`."
        yield Diagnostic((*path, "with"), "unused-key", message, "Add `next`, or remove `with`.", target="key")
    for theirs, ours in finding.with_.items():
        yield from _check_name(context, (*path, "with", theirs), ours, visible)


def _check_shown(
    context: LintContext, path: Path, name: str, visible: Visibility, *, or_scale: bool
) -> Iterator[Diagnostic]:
    compute, question = context.types.compute(name), context.types.question(name)
    is_fit = (compute is not None and bool(compute.tally)) or (
        or_scale and question is not None and question.type == "scale"
    )
    if is_fit or not context.types.has(name) or context.is_unsure(name):
        yield from _check_name(context, path, name, visible)
    else:
        wanted = "a scale or a compute with a tally" if or_scale else "a compute with a tally"
        yield Diagnostic(path, "unfit-tally", f"{quote(name)} is not {wanted}.", f"Use {wanted}.")


def _check_name(context: LintContext, path: Path, name: str, visible: Visibility) -> Iterator[Diagnostic]:
    if not context.types.has(name):
        yield context.unknown_name(name, path)
    elif context.is_note(name):
        yield Diagnostic(path, "no-answer", f"{quote(name)} is a note, which has no answer.", "Use another question.")
    elif later := context.explain_later(name, visible):
        yield Diagnostic(path, "forward-reference", later, LATER_HINT)


def _check_quick(context: LintContext) -> Iterator[Diagnostic]:
    last = -1
    asked = 0
    for stage in context.playbook.stages:
        asked += len(stage.questions)
        last = asked - 1 if stage.quick else last
    for path, _, rule in context.rules():
        place = (*path, "quick")
        if rule.quick and path[0] == "checkin":
            message = "A check-in has no quick lane."
            yield Diagnostic(place, "misplaced-quick", message, "Remove `quick`.", target="key")
        elif rule.quick and last < 0:
            message = "`quick` has no effect: no stage is quick."
            hint = "Add quick = true to a stage, or remove it here."
            yield Diagnostic(place, "no-quick-stage", message, hint, target="key", severity="warning")
        elif rule.quick and _depends_only_on_later(context, rule, last):
            message = "This depends only on questions after the quick lane, so it is never shown there."
            hint = "Ask the questions it depends on in a quick stage."
            yield Diagnostic((*path, "when"), "late-quick", message, hint, severity="warning")


def _depends_only_on_later(context: LintContext, rule: Rule, last: int) -> bool:
    try:
        names = context.order.names_in(parse(rule.when))
    except Refused:
        return False
    questions = frozenset().union(*map(context.order.depends_on, names))
    return bool(questions) and all(context.order.position(question) > last for question in questions)
