"""What a walk tries to reach: every question, choice, text and outcome of a playbook, with what must hold for it."""

from __future__ import annotations

from careerkit.core.due_dates import parse_due
from careerkit.core.frozen import Literal, frozen
from careerkit.core.playbook.model import (
    ActionRule,
    CheckinRule,
    Compute,
    DraftRule,
    DueRule,
    FindingRule,
    HeadlineRule,
    Playbook,
    Wording,
)
from careerkit.core.playbook.walk.compiler import Compiler
from careerkit.core.playbook.walk.formulas import ALWAYS, FormulaFactory, ReachFormula
from careerkit.core.questions.question import Line, Question

TargetKind = Literal[
    "stage", "question", "answer", "choice", "field", "headline", "finding", "draft", "action", "check-in", "line", "due date",
    "tally line", "band",
]  # fmt: skip


@frozen
class Requirement:
    """Something that must hold: the condition as written, in what it is, and its formula.

    `is_elsewhere`: the condition isn't about the answers as a whole, but about one form, or the moment of the interview
    before a check-in.
    """

    what: str
    condition: str
    formula: ReachFormula
    is_elsewhere: bool = False


@frozen
class Appearance:
    """Where the interview itself must show a target.

    `part` is the finding, draft, action or headline that an outcome must have, as (kind, id), or ("", ""). `question` is the
    question that must be asked, or "". `in_quick_lane`: the card of the quick lane shows it too.
    """

    in_quick_lane: bool = False
    part: tuple[str, str] = ("", "")
    question: str = ""


ANYWHERE = Appearance()
NOTHING_EARLIER = "no earlier alternative is used"


@frozen
class WalkTarget:
    """Something to reach. `place` names it, such as `finding.which.text.2`, and `text` is what it says.

    It is reached when all `requirements` hold; the last one is its own condition. `checkin` is the check-in that it
    belongs to, or "".
    """

    kind: TargetKind
    place: str
    text: str
    requirements: tuple[Requirement, ...]
    checkin: str = ""
    appearance: Appearance = ANYWHERE


@frozen
class PlacedCondition:
    """A `when` that should be false for some answers, or there would be no reason to write it.

    `is_about_form`: it is about one form of a records question; the formula says that it holds in all of them.
    """

    place: str
    condition: str
    formula: ReachFormula
    checkin: str = ""
    is_about_form: bool = False


class TargetList:
    """The targets of a playbook, and of its check-ins with a compiler for each, in the order of the file."""

    def __init__(self, playbook: Playbook, main: Compiler, checkins: dict[str, Compiler]) -> None:
        self._factory: FormulaFactory = main.factory
        self.targets: list[WalkTarget] = []
        self.conditions: list[PlacedCondition] = []
        self._compiler = main
        self._context: tuple[Requirement, ...] = ()
        self._checkin = ""
        self._prefix = ""
        self._add_stages(playbook)
        for compute in playbook.computes:
            self._add_compute(compute)
        self._add_headlines(playbook.headlines)
        self._add_outcomes(playbook)
        for name, condition in (("urgent", playbook.urgent), ("small", playbook.small)):
            self._add("line", name, condition, ((f"`{name}`", condition),))
            self._note_condition(name, condition)
        for rule in playbook.checkins:
            self._add_checkin(rule, main, checkins[rule.id])

    def _add_checkin(self, rule: CheckinRule, main: Compiler, compiler: Compiler) -> None:
        place = f"checkin.{rule.id}"
        self._add("check-in", place, rule.title, (("the check-in", rule.when),))
        self._note_condition(place, rule.when)
        self._add_due(place, "after", rule.after, (("the check-in", rule.when),))
        self._context = (
            Requirement(f"the check-in `{rule.id}`", rule.when, main.compile(rule.when), is_elsewhere=True),
        )
        self._checkin, self._prefix, self._compiler = rule.id, f"{place}.", compiler
        for question in rule.questions:
            self._add_question(question, ())
        self._add_outcomes(rule)
        self._context, self._checkin, self._prefix, self._compiler = (), "", "", main

    # ------------------------------------------------------------ questions

    def _add_stages(self, playbook: Playbook) -> None:
        for stage in playbook.stages:
            requirement = ((f"the stage `{stage.id}`", stage.when),)
            any_visible = self._factory.join_any(map(self._compiler.compile_visible, stage.questions))
            self._add("stage", f"stage.{stage.id}", stage.title, requirement, extra=any_visible)
            self._note_condition(f"stage.{stage.id}", stage.when)
            for question in stage.questions:
                self._add_question(question, requirement)

    def _add_question(self, question: Question, stage: tuple[tuple[str, str], ...]) -> None:
        place = f"question.{question.id}"
        own = (*stage, (f"the question `{question.id}`", question.when))
        visible = self._compiler.compile_visible(question)
        asked = Appearance(question=question.id if question.spec.has_answer else "")
        self._add("question", place, question.ask, own, extra=visible, shown_in=asked)
        self._note_condition(place, question.when)
        if not question.spec.has_answer:
            self._add_lines(f"{place}.text", question.spec.text, own, extra=visible)
            return
        answered = self._compiler.compile_answered(question.id)
        self._add("answer", f"{place}.answer", question.ask, own, extra=answered, shown_in=asked)
        for key, choices in question.spec.choice_lists():
            for choice in choices:
                if choice.when:
                    label = f"{place}.{key}.{choice.id}"
                    self._add(
                        "choice",
                        label,
                        choice.label,
                        (*own, ("the choice", choice.when)),
                        extra=visible,
                        shown_in=asked,
                    )
                    self._note_condition(label, choice.when)
        for field in question.spec.fields:
            if field.when:
                self._add_form_condition(question, f"{place}.fields.{field.id}", field.ask, field.when, kind="field")

    def _add_form_condition(
        self, question: Question, place: str, text: str, condition: str, *, kind: TargetKind
    ) -> None:
        visible = self._compiler.compile_visible(question)
        holds, fails = (self._compiler.compile_for_form(question.id, (condition, wanted)) for wanted in (True, False))
        requirement = Requirement("a form", condition, holds, is_elsewhere=True)
        self._append(
            kind, place, text, (Requirement(f"the question `{question.id}`", question.when, visible), requirement)
        )
        self.conditions.append(
            PlacedCondition(
                self._prefix + place, condition, self._factory.negate(fails), self._checkin, is_about_form=True
            )
        )

    # ------------------------------------------------------------ outcomes

    def _add_outcomes(self, part: Playbook | CheckinRule) -> None:
        for finding in part.findings:
            self._add_finding(finding)
        for draft in part.drafts:
            self._add_draft(draft)
        for action in part.actions:
            self._add_action(action)

    def _add_headlines(self, headlines: tuple[HeadlineRule, ...]) -> None:
        earlier: list[ReachFormula] = []
        for number, headline in enumerate(headlines, 1):
            place, own = f"headline.{number}", (("the headline", headline.when),)
            before = self._factory.negate(self._factory.join_any(earlier))
            used = self._compiler.compile_wording(headline.text)
            shown_in = Appearance(in_quick_lane=True, part=("headline", str(number)))
            self._add("headline", place, headline.text.usual, own, extra=used, before=before, shown_in=shown_in)
            self._note_condition(place, headline.when)
            self._add_wording(f"{place}.text", headline.text, own, extra=before, shown_in=shown_in)
            earlier.append(self._factory.join_all((self._compiler.compile(headline.when), used)))

    def _add_finding(self, rule: FindingRule) -> None:
        place, own = f"finding.{rule.id}", ((f"the finding `{rule.id}`", rule.when),)
        shown = self._shown_finding(rule)
        shown_in = Appearance(in_quick_lane=rule.quick, part=("finding", rule.id))
        self._add("finding", place, rule.title.usual, own, extra=shown, shown_in=shown_in)
        self._note_condition(place, rule.when)
        self._add_wording(f"{place}.title", rule.title, own, extra=shown, shown_in=shown_in)
        self._add_lines(f"{place}.text", rule.text, own, extra=shown, shown_in=shown_in)

    def _shown_finding(self, rule: FindingRule) -> ReachFormula:
        compute = self._compiler.index.computes.get(rule.tally)
        tally = [self._compiler.compile_value_exists(compute)] if compute else []
        text = self._factory.join_any((self._compiler.compile_lines(rule.text), *tally))
        return self._factory.join_all((self._compiler.compile_wording(rule.title), text))

    def _add_draft(self, rule: DraftRule) -> None:
        place, own = f"draft.{rule.id}", ((f"the draft `{rule.id}`", rule.when),)
        shown = self._compiler.compile_lines(rule.text)
        shown_in = Appearance(in_quick_lane=rule.quick, part=("draft", rule.id))
        self._add("draft", place, rule.title.usual, own, extra=shown, shown_in=shown_in)
        self._note_condition(place, rule.when)
        for key, wording in (("title", rule.title), ("to", rule.to)):
            self._add_wording(f"{place}.{key}", wording, own, extra=shown, shown_in=shown_in)
        self._add_lines(f"{place}.text", rule.text, own, extra=shown, shown_in=shown_in)

    def _add_action(self, rule: ActionRule) -> None:
        place, own = f"action.{rule.id}", ((f"the action `{rule.id}`", rule.when),)
        shown_in = Appearance(in_quick_lane=rule.quick, part=("action", rule.id))
        if rule.each:
            self._add_actions_for_forms(rule, place, shown_in=shown_in)
            self._note_condition(place, rule.when)
            return
        shown = self._compiler.compile_wording(rule.do)
        self._add("action", place, rule.do.usual, own, extra=shown, shown_in=shown_in)
        self._note_condition(place, rule.when)
        for key, wording in (("do", rule.do), ("cue", rule.cue), ("evidence", rule.evidence), ("owner", rule.owner)):
            self._add_wording(f"{place}.{key}", wording, own, extra=shown, shown_in=shown_in)
        self._add_due(place, "due", rule.due, own, extra=shown, shown_in=shown_in)

    def _add_actions_for_forms(self, rule: ActionRule, place: str, *, shown_in: Appearance) -> None:
        """An action that is made for each form: its texts may depend on the fields."""
        records = self._compiler.index.questions[rule.each]
        answered = self._compiler.compile_answered(records.id)
        when = Requirement(f"the action `{rule.id}`", rule.when, self._compiler.compile(rule.when))
        has_forms = Requirement(f"the question `{records.id}`", records.when, answered)
        for key, wording in (("do", rule.do), ("cue", rule.cue), ("evidence", rule.evidence), ("owner", rule.owner)):
            earlier: list[tuple[str, bool]] = [(rule.each_when, True)]
            for number, line in enumerate(wording.lines, 1):
                formula = self._compiler.compile_for_form(records.id, *earlier, (line.when, True))
                one = Requirement("a form", line.when or rule.each_when, formula, is_elsewhere=True)
                is_first = (key, number) == ("do", 1)
                kind: TargetKind = "action" if is_first else "line"
                name = place if is_first else f"{place}.{key}.{number}"
                self._append(kind, name, line.text, (when, has_forms, one), shown_in=shown_in)
                self._note_form_condition(records, f"{place}.{key}.{number}", line.when)
                earlier.append((line.when, False))
        self._note_form_condition(records, f"{place}.each_when", rule.each_when)
        for number, option in enumerate(rule.due.options, 1):
            formula = self._compiler.compile_for_form(records.id, (rule.each_when, True), (option.when, True))
            one = Requirement("a form", option.when, formula, is_elsewhere=True)
            self._append("due date", f"{place}.due.{number}", option.at, (when, has_forms, one), shown_in=shown_in)

    def _note_form_condition(self, records: Question, place: str, condition: str) -> None:
        if condition:
            fails = self._compiler.compile_for_form(records.id, (condition, False))
            holds = self._factory.negate(fails)
            self.conditions.append(
                PlacedCondition(self._prefix + place, condition, holds, self._checkin, is_about_form=True)
            )

    def _add_due(
        self,
        place: str,
        key: str,
        rule: DueRule,
        own: Own,
        *,
        extra: ReachFormula = ALWAYS,
        shown_in: Appearance = ANYWHERE,
    ) -> None:
        """The alternatives of a due date: the first that holds, and that gives a date."""
        earlier: list[ReachFormula] = []
        for number, option in enumerate(rule.options, 1):
            has_date = self._compile_date(option.at)
            holds = self._compiler.compile(option.when)
            before = self._factory.negate(self._factory.join_any(earlier))
            used = self._factory.join_all((extra, has_date))
            name = f"{place}.{key}.{number}"
            self._add(
                "due date",
                name,
                option.at,
                (*own, ("the date", option.when)),
                extra=used,
                before=before,
                shown_in=shown_in,
            )
            self._note_condition(name, option.when)
            earlier.append(self._factory.join_all((holds, has_date)))

    def _compile_date(self, written: str) -> ReachFormula:
        due = parse_due(written)
        name = due.question if due else ""
        return self._compiler.compile_answered(name) if name in self._compiler.table.number_of else ALWAYS

    # ------------------------------------------------------------ computes and texts

    def _add_compute(self, compute: Compute) -> None:
        place, exists = f"compute.{compute.id}", self._compiler.compile_value_exists(compute)
        for line in compute.tally:
            own = ((f"the tally `{compute.id}`", line.when),)
            self._add("tally line", f"{place}.tally.{line.id}", line.text or line.id, own, extra=exists)
            self._note_condition(f"{place}.tally.{line.id}", line.when)
        for band in compute.bands:
            formula = self._compiler.compile_band(compute, band.id)
            self._add("band", f"{place}.bands.{band.id}", band.label or band.id, (), extra=formula)
        needs = self._compiler.compile_needs(compute)
        self._add_wording(f"{place}.text", compute.text, (), extra=needs)

    def _add_wording(
        self, place: str, wording: Wording, own: Own, *, extra: ReachFormula = ALWAYS, shown_in: Appearance = ANYWHERE
    ) -> None:
        """The lines of a text of which the first that holds is used. A single line without a condition is no target."""
        if len(wording.lines) == 1 and not wording.lines[0].when:
            return
        earlier: list[ReachFormula] = []
        for number, line in enumerate(wording.lines, 1):
            before = self._factory.negate(self._factory.join_any(earlier))
            name, conditions = f"{place}.{number}", (*own, ("the line", line.when))
            self._add("line", name, line.text, conditions, extra=extra, before=before, shown_in=shown_in)
            self._note_condition(name, line.when)
            earlier.append(self._compiler.compile(line.when))

    def _add_lines(
        self,
        place: str,
        lines: tuple[Line, ...],
        own: Own,
        *,
        extra: ReachFormula = ALWAYS,
        shown_in: Appearance = ANYWHERE,
    ) -> None:
        for number, line in enumerate(lines, 1):
            if line.text.strip():
                name = f"{place}.{number}"
                self._add("line", name, line.text, (*own, ("the line", line.when)), extra=extra, shown_in=shown_in)
            self._note_condition(f"{place}.{number}", line.when)

    # ------------------------------------------------------------ adding

    def _add(
        self,
        kind: TargetKind,
        place: str,
        text: str,
        own: Own,
        *,
        extra: ReachFormula = ALWAYS,
        before: ReachFormula = ALWAYS,
        shown_in: Appearance = ANYWHERE,
    ) -> None:
        written = [
            Requirement(what, condition, self._compiler.compile(condition)) for what, condition in own if condition
        ]
        implied = [Requirement("", "", extra), Requirement(NOTHING_EARLIER, "", before)]
        self._append(kind, place, text, (*implied, *written), shown_in=shown_in)

    def _append(
        self,
        kind: TargetKind,
        place: str,
        text: str,
        requirements: tuple[Requirement, ...],
        *,
        shown_in: Appearance = ANYWHERE,
    ) -> None:
        needed = tuple(each for each in (*self._context, *requirements) if each.formula is not ALWAYS)
        self.targets.append(WalkTarget(kind, self._prefix + place, text, needed, self._checkin, shown_in))

    def _note_condition(self, place: str, condition: str) -> None:
        if condition:
            formula = self._compiler.compile(condition)
            self.conditions.append(PlacedCondition(self._prefix + place, condition, formula, self._checkin))


Own = tuple[tuple[str, str], ...]
"""What has a condition, in words, and the condition."""
