"""Whether what follows from the answers can follow: computes, decisions, findings, drafts, actions, check-ins."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from careerkit.core.due import parse_due
from careerkit.core.expression import parse
from careerkit.core.expression.kinds import DateKind, NumberKind
from careerkit.core.playbook import document as doc
from careerkit.core.playbook.fault import Fault, did_you_mean, shown
from careerkit.core.playbook.model import GridForm, Options, RankForm, WeightsForm
from careerkit.core.playbook.names import is_playbook_name
from careerkit.core.playbook.plain import condition
from careerkit.core.playbook.scanner import Path
from careerkit.core.playbook.sites import View
from careerkit.core.playbook.subject import LATER_HINT, Subject, rule_paths
from careerkit.core.problem import Refused

MOST_DRAWS = 100_000


def outcome_faults(subject: Subject) -> Iterator[Fault]:
    document = subject.document
    for number, compute in enumerate(document.compute):
        yield from _compute_faults(subject, ("compute", number), compute)
    for number, rule in enumerate(document.decision):
        yield from _decision_faults(subject, ("decision", number), rule)
    position = subject.order.last_of_stages
    yield from _rule_faults(subject, (), document, View(position))
    yield from _quick_faults(subject)
    for number, checkin in enumerate(document.checkin):
        path: Path = ("checkin", number)
        yield from _due_faults(subject, (*path, "after"), checkin.after, View(position, actions=()))
        position += len(checkin.question)
        yield from _rule_faults(subject, path, checkin, View(position, actions=()))


def _compute_faults(subject: Subject, path: Path, compute: doc.ComputeDocument) -> Iterator[Fault]:
    if compute.value and compute.tally:
        yield Fault(
            (*path, "tally"), "conflicting-keys", "Either `value` or `tally`, not both.", "Take one out.", spot="key"
        )
    elif not (compute.value or compute.tally or subject.is_broken(*path, "value") or subject.is_broken(*path, "tally")):
        message = f"The compute {shown(compute.id)} computes nothing."
        yield Fault(path, "missing-key", message, "Add a `value` or a `tally`.")
    if compute.value and not compute.tally:
        for key in sorted(compute.model_fields_set & {"start", "min", "max"}):
            yield Fault((*path, key), "conflicting-keys", f"`{key}` belongs to a tally.", "Take it out.", spot="key")
    elif compute.min >= compute.max:
        key = "max" if "max" in compute.model_fields_set else "min"
        yield Fault((*path, key), "bad-limit", "`max` is not more than `min`.", "Make `max` larger than `min`.")
    yield from _band_faults(subject, path, compute)


def _band_faults(subject: Subject, path: Path, compute: doc.ComputeDocument) -> Iterator[Fault]:
    kind = subject.kinds.kind_of(compute.id)
    if compute.bands and kind is not None and not isinstance(kind, NumberKind):
        yield Fault((*path, "bands"), "unfit-bands", "Only numbers have bands.", "Take them out.", spot="key")
    for number, band in enumerate(compute.bands):
        place = (*path, "bands", number)
        if number == 0 and band.from_ is not None:
            message = "The first band has no `from`: it holds all that is below the second."
            yield Fault((*place, "from"), "band-order", message, "Take `from` out.")
        elif number > 0 and band.from_ is None and not subject.is_broken(*place):
            yield Fault(place, "band-order", "Where does this band begin?", "Only the first band goes without `from`.")
    for number, (low, high) in enumerate(pairwise(compute.bands), 1):
        if low.from_ is not None and high.from_ is not None and low.from_ >= high.from_:
            message = f"This band begins at {high.from_:f}, the one before it at {low.from_:f}."
            yield Fault((*path, "bands", number, "from"), "band-order", message, "Bands go from low to high.")


def _decision_faults(subject: Subject, path: Path, rule: doc.DecisionDocument) -> Iterator[Fault]:
    if not 1 <= rule.draws <= MOST_DRAWS:
        message = f"`draws` should be from 1 to {MOST_DRAWS}."
        yield Fault((*path, "draws"), "bad-limit", message, "10000 is enough.")
    weights, scores = subject.kinds.question(rule.weights), subject.kinds.question(rule.scores)
    yield from _part_faults(
        subject, (*path, "weights"), rule.weights, (WeightsForm, RankForm), "a weights or rank question"
    )
    yield from _part_faults(subject, (*path, "scores"), rule.scores, (GridForm,), "a grid")
    if subject.is_unsure(rule.weights) or subject.is_unsure(rule.scores) or weights is None or scores is None:
        return
    if not isinstance(weights.form, WeightsForm | RankForm) or not isinstance(scores.form, GridForm):
        return
    if _origin(subject, weights.form.options) != _origin(subject, scores.form.columns):
        message = f"The columns of {shown(rule.scores)} are not what {shown(rule.weights)} weighs."
        yield Fault(
            (*path, "scores"), "unfit-source", message, "Take both from the same question, or give both the same ids."
        )


def _part_faults(subject: Subject, path: Path, name: str, wanted: tuple[type, ...], words: str) -> Iterator[Fault]:
    question = subject.kinds.question(name)
    if question is None:
        known = (each.id for each in subject.playbook.questions)
        yield Fault(path, "unknown-id", f"There is no question {shown(name)}.", did_you_mean(name, known))
    elif not isinstance(question.form, wanted) and not subject.is_unsure(name):
        yield Fault(path, "unfit-source", f"{shown(name)} is not {words}.", f"Name {words}.")


def _origin(subject: Subject, options: Options) -> object:
    """What options come from in the end: a question's id, or the set of ids that are written out."""
    seen: set[str] = set()
    while options.source and options.source not in seen:
        seen.add(options.source)
        question = subject.kinds.question(options.source)
        if question is None or not isinstance(question.form, RankForm):
            return options.source
        options = question.form.options  # a rank holds all of what it ranks
    return frozenset(choice.id for choice in options.choices)


def _rule_faults(
    subject: Subject, parent: Path, part: doc.PlaybookDocument | doc.CheckinDocument, view: View
) -> Iterator[Fault]:
    for number, finding in enumerate(part.finding):
        yield from _finding_faults(subject, (*parent, "finding", number), finding, view)
    for number, action in enumerate(part.action):
        if action.due:
            yield from _due_faults(subject, (*parent, "action", number, "due"), action.due, view)


def _finding_faults(subject: Subject, path: Path, finding: doc.FindingDocument, view: View) -> Iterator[Fault]:
    if (
        not finding.text
        and not finding.tally
        and not subject.is_broken(*path, "text")
        and not subject.is_broken(*path, "tally")
    ):
        message = f"The finding {shown(finding.id)} says nothing."
        yield Fault(path, "missing-key", message, "Add a `text` or a `tally`.")
    if finding.tally:
        yield from _shown_faults(subject, (*path, "tally"), finding.tally, view, or_scale=False)
    for number, name in enumerate(finding.profile):
        yield from _shown_faults(subject, (*path, "profile", number), name, view, or_scale=True)
    group, _, name = finding.next.partition("/")
    if finding.next and not (is_playbook_name(group) and is_playbook_name(name)):
        yield Fault(
            (*path, "next"),
            "bad-next",
            f"{shown(finding.next)} names no playbook.",
            "Write group/name, as path/choose.",
        )
    if finding.with_ and not finding.next and not subject.is_broken(*path, "next"):
        message = "There is no `next` to carry answers to."
        yield Fault((*path, "with"), "unused-key", message, "Add `next`, or take `with` out.", spot="key")
    for theirs, ours in finding.with_.items():
        yield from _name_faults(subject, (*path, "with", theirs), ours, view)


def _shown_faults(subject: Subject, path: Path, name: str, view: View, *, or_scale: bool) -> Iterator[Fault]:
    compute, question = subject.kinds.compute(name), subject.kinds.question(name)
    is_fit = (compute is not None and bool(compute.tally)) or (
        or_scale and question is not None and question.type == "scale"
    )
    if is_fit or not subject.kinds.has(name) or subject.is_unsure(name):
        yield from _name_faults(subject, path, name, view)
    else:
        words = "a scale or a tally" if or_scale else "a compute with a tally"
        yield Fault(path, "unfit-tally", f"{shown(name)} is not {words}.", f"Name {words}.")


def _name_faults(subject: Subject, path: Path, name: str, view: View) -> Iterator[Fault]:
    if not subject.kinds.has(name):
        yield subject.unknown(name, path)
    elif subject.is_note(name):
        yield Fault(path, "no-answer", f"{shown(name)} is a note, which has no answer.", "Name a question.")
    elif later := subject.later(name, view):
        yield Fault(path, "forward-reference", later, LATER_HINT)


def _due_faults(subject: Subject, path: Path, text: str, view: View) -> Iterator[Fault]:
    due = parse_due(text)
    if due is None:
        message = f"{shown(text)} says no day."
        yield Fault(
            path, "bad-due", message, "Write +4h, +2d, +1wd, +1w, +1m, a date question, or one as in `deadline - 2d`."
        )
    elif due.question:
        kind = subject.kinds.kind_of(due.question)
        if kind is None or isinstance(kind, DateKind):
            yield from _name_faults(subject, path, due.question, view)
        else:
            message = f"{shown(due.question)} is not a date."
            yield Fault(path, "bad-due", message, "Name a date question.")


def _quick_faults(subject: Subject) -> Iterator[Fault]:
    document = subject.document
    last = -1
    asked = 0
    for stage in document.stage:
        asked += len(stage.question)
        last = asked - 1 if stage.quick else last
    for path, rule in rule_paths(document):
        place = (*path, "quick")
        if rule.quick and path[0] == "checkin":
            yield Fault(place, "misplaced-quick", "A check-in has no quick lane.", "Take it out.", spot="key")
        elif rule.quick and last < 0:
            message = "No stage is quick, so this is never shown early."
            hint = "Add quick = true to a stage, or take it out here."
            yield Fault(place, "no-quick-stage", message, hint, spot="key", severity="warning")
        elif rule.quick and _rests_only_on_later(subject, rule, last):
            message = "This rests only on what is asked after the quick lane, so it is never shown there."
            hint = "Ask in a quick stage what it rests on."
            yield Fault((*path, "when"), "late-quick", message, hint, severity="warning")


def _rests_only_on_later(subject: Subject, rule: doc.OutcomeDocument, last: int) -> bool:
    try:
        names = subject.order.names_in(parse(condition(rule.when)))
    except Refused:
        return False
    rested = frozenset().union(*map(subject.order.rests_on, names))
    return bool(rested) and all(subject.order.position(question) > last for question in rested)
