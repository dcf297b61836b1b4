"""A check-in: what became of the plan, the check-in's questions, and what follows from the answers.

Every answer is an event beside the entry's file, saved before the next question appears. An interrupted check-in
continues where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from careerkit.coaching.entry_changes import EntryChanges, LeftQuestionError, ask_standalone
from careerkit.coaching.plan_changes import MAX_LENGTH, PlanChanges, ask_about_action, ask_comment, ask_day
from careerkit.coaching.ports import Back, Screen, Skip, Stop, Submit
from careerkit.core.due_dates import format_date
from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.interview import Interview, find_checkin_rule, start_checkin
from careerkit.core.interview_steps import Ask, EnterStage, Finish, ShowCard, ShowFinding, ShowNote
from careerkit.core.journal.plan import Plan, PlannedAction, PlannedCheckin, build_plan, list_checkin_answers
from careerkit.core.journal.snapshot import apply_corrections, build_answer
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.outcome.model import Outcome
from careerkit.core.questions.choice import ChoiceSpec
from careerkit.core.questions.question import Choice, Question
from careerkit.core.questions.text import TextSpec
from careerkit.core.rendering import TextRenderer
from careerkit.core.text import abbreviate
from careerkit.core.values import Value, format_citations

if TYPE_CHECKING:
    from careerkit.core.journal.entry import Entry
    from careerkit.core.journal.entry_list import Event, EventKind, History
    from careerkit.core.outcome.model import Prediction
    from careerkit.core.playbook.model import Playbook

MAX_QUOTED_LENGTH = 160
CHANGE = Choice("change", "Change something")
CHANGE_ASK = "What will you do differently?"
SURPRISE = Question("_surprise", "text", TextSpec(max=MAX_LENGTH), "What surprised you?", required=False)
VERDICT = Question(
    "_verdict",
    "choice",
    ChoiceSpec(choices=(Choice("keep", "Keep it up"), CHANGE, Choice("stop", "Stop"))),
    "And from here: keep, change or stop?",
    required=False,
)
"""The two questions that end every check-in. No question of a playbook can have these ids."""

LATE_PREDICTION = Question(
    "_late",
    "choice",
    ChoiceSpec(choices=(Choice("yes", "Yes"), Choice("no", "No"), Choice("unclear", "It can't be judged"))),
    "",
    "The check-in that was to ask this is over.",
    required=False,
)
"""How a prediction is resolved without its check-in."""


def list_late_predictions(outcome: Outcome | None, plan: Plan, history: History) -> tuple[Prediction, ...]:
    """The predictions that no check-in will resolve any more: it was missed, or ended without an answer."""
    over = {each.id for each in plan.checkins if each.state in ("missed", "answered")}
    return tuple(
        each
        for each in (outcome.predictions if outcome else ())
        if each.checkin in over and ("prediction", each.id) not in history.plan
    )


def ask_late_predictions(screen: Screen, entry: Entry, changes: EntryChanges, *, today: date) -> list[Event]:
    """Ask about predictions that no check-in will resolve any more, and record the answers.

    A question that is left out is asked again another time. Raises LeftQuestionError if the person stops, and Refused if an
    answer can't be saved.
    """
    events: list[Event] = []
    plan = build_plan(entry.outcome, changes.history, today=today)
    for each in list_late_predictions(entry.outcome, plan, changes.history):
        question = replace(LATE_PREDICTION, id=f"_{each.id}", ask=each.what)
        labels = {choice.id: choice.label for choice in _list_choices(question)}

        def accept(value: str, each: Prediction = each, labels: Mapping[str, str] = labels) -> str:
            events.append(
                changes.change_plan("prediction", each.id, value, type_="choice", shown=labels[value], asked=each.what)
            )
            return labels[value]

        if ask_standalone(screen, question, title="Your prediction", accept=accept):
            screen.show_info(_describe_forecast(entry, each))
    return events


class CheckinSession:
    """One check-in of an entry. `playbook` is the version that the entry was made with, None if it can't be read.

    Every method may raise Refused if something can't be saved.
    """

    def __init__(
        self,
        entry: Entry,
        playbook: Playbook | None,
        changes: EntryChanges,
        checkin: PlannedCheckin,
        *,
        now: datetime,
    ) -> None:
        self.events: list[Event] = []
        self.plan = PlanChanges(changes, entry.outcome, today=now.date())
        self._entry = entry
        self._playbook = playbook
        self._changes = changes
        self._checkin = checkin
        self._now = now

    def run(self, screen: Screen) -> bool:
        """Run the check-in until its end. Returns False if the person stops; what was answered is saved."""
        try:
            self._open(screen)
            self.events += ask_late_predictions(screen, self._entry, self._changes, today=self._now.date())
            for action in self._list_due_actions():
                _, event = ask_about_action(screen, self.plan, action, title="Your plan")
                self._keep(event)
            outcome = self._ask_questions(screen)
            if outcome is None:
                return False
            self._show_result(screen, outcome)
            for question in self._list_closing_questions():
                self._ask_closing(screen, question)
        except LeftQuestionError:
            return False
        self._record("checkin", self._checkin.id, True, type_="yesno")  # noqa: FBT003 - the value of the event
        return True

    # ------------------------------------------------------------ what was, and what became of the plan

    def _open(self, screen: Screen) -> None:
        day = format_date(self._entry.started.date())
        words = next((each.shown for each in self._entry.answers if each.type == "text" and not each.hidden), "")
        opening = f"{self._checkin.title}: {self._entry.playbook.title}, {day}."
        if words:
            opening += f' You wrote: "{abbreviate(words, MAX_QUOTED_LENGTH, whole_words=True)}"'
        screen.show_info(opening)
        if self._playbook is None:
            screen.show_info("The copy of its playbook can't be read, so the questions of this check-in are left out.")

    def _list_due_actions(self) -> Sequence[PlannedAction]:
        """The open actions that are due by now."""
        today = self._now.date()
        return [
            each
            for each in self.plan.plan.open_actions
            if each.due and (each.due.date() if isinstance(each.due, datetime) else each.due) <= today
        ]

    # ------------------------------------------------------------ the questions of the check-in

    def _ask_questions(self, screen: Screen) -> Outcome | None:
        """Ask what isn't answered yet; returns what follows from the answers, or None if the person stops."""
        interview = self._start_interview()
        if interview is None:
            return Outcome(given=self._now)
        while True:
            step = interview.step()
            match step:
                case Finish():
                    found = evaluate_outcome(interview.facts(), given=self._now)
                    return replace(found, computed=(), decisions=(), checkins=(), predictions=())
                case EnterStage() | ShowCard():
                    interview = interview.mark_shown(step.key)
                case ShowNote():
                    if isinstance(screen.show_note(step), Stop):
                        return None
                    interview = interview.mark_shown(step.key)
                case ShowFinding():
                    if isinstance(screen.show_finding(step.finding), Stop):
                        return None
                    interview = interview.mark_shown(step.key)
                case Ask():
                    following = self._ask(screen, interview, step)
                    if following is None:
                        return None
                    interview = following

    def _start_interview(self) -> Interview | None:
        """The check-in as an interview, with the answers given so far; None if the playbook has no questions for it."""
        rule = find_checkin_rule(self._playbook, self._checkin.id) if self._playbook else None
        if rule is None or self._playbook is None:
            return None
        first = apply_corrections(self._entry, self._changes.history, self._playbook)
        types = {each.id: each.type for each in rule.questions}
        given = list_checkin_answers(self._changes.history, self._checkin.id)
        answers = {
            name: each.value for name, each in given.items() if each.value is not None and types.get(name) == each.type
        }
        done = frozenset(each.id for each in self.plan.plan.actions if each.state == "done")
        return start_checkin(first, rule, answers, done=done, today=self._now.date())

    def _ask(self, screen: Screen, interview: Interview, ask: Ask) -> Interview | None:
        """Ask one question and save its answer; returns the interview after it, or None if the person stops."""
        facts, question = interview.facts(), ask.question
        sources = format_citations(question.source, {each.id: each.cite for each in interview.playbook.sources})
        why = TextRenderer(facts).render(question.why)
        while True:
            reply = screen.ask(ask, why=why, sources=sources)
            try:
                match reply:
                    case Submit(value=value):
                        after = interview.set_answer(question.id, cast("Value", value))
                        screen.answered(ask, self._save_answer(screen, after, question))
                        return after
                    case Skip():
                        return interview.skip()
                    case Back():
                        return interview.back()
                    case Stop():
                        return None
            except Refused as refused:
                screen.show_errors(refused.problems)

    def _save_answer(self, screen: Screen, after: Interview, question: Question) -> str:
        """Record an answer, and what it says about a prediction; returns it in words.

        The prediction comes first: if only that is saved, the question is asked again.
        """
        facts = after.facts()
        answer = build_answer(facts, TextRenderer(facts), question.id, after.answers[question.id])
        about = f"{self._checkin.id}/{question.id}"
        predictions = self._entry.outcome.predictions if self._entry.outcome else ()
        resolved = [each for each in predictions if each.resolved_by == question.id and isinstance(answer.value, bool)]
        for each in resolved:
            self._record("prediction", each.id, "yes" if answer.value else "no", type_="choice", asked=each.what)
        self._record("checkin_answer", about, answer.value, type_=answer.type, shown=answer.shown, asked=answer.asked)
        for each in resolved:
            screen.show_info(_describe_forecast(self._entry, each))
        before = next((each.shown for each in self._entry.answers if each.question == question.again), "")
        if before:
            screen.show_info(f"At the start: {before}. Now: {answer.shown}.")
        return answer.shown

    # ------------------------------------------------------------ the end

    def _show_result(self, screen: Screen, outcome: Outcome) -> None:
        """Show what follows from the answers, and add its actions to the plan."""
        known = {each.id for each in self.plan.plan.actions}
        for action in outcome.actions:
            if action.id not in known:
                texts = {
                    "do": action.do,
                    "cue": action.cue,
                    "due": action.due.isoformat() if action.due else "",
                    "evidence": action.evidence,
                }
                row = MappingProxyType({key: text for key, text in texts.items() if text})
                self._record("added", action.id, (row,), type_="records")
        if outcome.findings or outcome.drafts or outcome.actions:
            asked = len(self._list_closing_questions())
            following = f"{'Two last questions follow' if asked > 1 else 'One last question follows'}." if asked else ""
            screen.show_card(replace(self._entry, outcome=outcome), {}, waits=True, following=following)

    def _list_closing_questions(self) -> list[Question]:
        """Those of the last two questions that aren't answered yet."""
        given = list_checkin_answers(self._changes.history, self._checkin.id)
        return [each for each in (SURPRISE, VERDICT) if each.id not in given]

    def _ask_closing(self, screen: Screen, question: Question) -> None:
        labels = {each.id: each.label for each in _list_choices(question)}
        given: list[str] = []

        def accept(value: str) -> str:
            shown = labels.get(value, value.strip())
            about = f"{self._checkin.id}/{question.id}"
            self._record("checkin_answer", about, value, type_=question.type, shown=shown, asked=question.ask)
            given.append(value)
            return abbreviate(shown)

        ask_standalone(screen, question, title=self._checkin.title, accept=accept)
        if question is VERDICT and CHANGE.id in given:
            self._ask_for_change(screen)

    def _ask_for_change(self, screen: Screen) -> None:
        """Ask what the person will do differently, and add it to the plan unless they leave it out."""
        title, today = self._checkin.title, self._now.date()
        what = ask_comment(
            screen, CHANGE_ASK, title=title, hint="One thing. It goes into your plan; Enter leaves it out."
        )
        if not what:
            return
        day = ask_day(screen, "By when?", today=today, title=title, is_optional=True)
        try:
            event, action_id = self.plan.add(what, due=day)
        except Refused as refused:
            screen.show_errors(refused.problems)
            return
        self._keep(event)
        screen.show_info(f"Added to your plan as action {self.plan.find(action_id).number}.")

    def _record(
        self, kind: EventKind, about: str, value: Value, *, type_: str, shown: str = "", asked: str = ""
    ) -> None:
        shown = "" if shown == value else shown
        self._keep(self._changes.change_plan(kind, about, value, type_=type_, shown=shown, asked=asked))

    def _keep(self, event: Event | None) -> None:
        if event:
            self.events.append(event)


def _describe_forecast(entry: Entry, prediction: Prediction) -> str:
    return f"On {format_date(entry.started.date())} you gave it {prediction.forecast:f} %."


def _list_choices(question: Question) -> Iterator[Choice]:
    if isinstance(question.spec, ChoiceSpec):
        yield from question.spec.options.choices
