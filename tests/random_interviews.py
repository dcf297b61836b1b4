"""Random interviews of a playbook: answers invented from each question's type and current choices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random

from careerkit.core.due_dates import add_offset, parse_relative_date
from careerkit.core.errors import Refused
from careerkit.core.facts import Facts
from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.core.interview_steps import Ask, Finish, ShowFinding
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.choice import ChoiceSpec, ChoicesSpec, ListSpec, YesNoSpec
from careerkit.core.questions.grid import GridSpec
from careerkit.core.questions.number import DateSpec, NumberSpec, ScaleSpec
from careerkit.core.questions.question import Options, Question, validate_answer
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.questions.text import NoteSpec, TextSpec
from careerkit.core.questions.weights import RankSpec, WeightsSpec
from careerkit.core.values import MISSING, Value
from playbook_cases import list_cases, load_bundled
from scenario import NOW

DRAWS = 50  # of a decision: the figures have tests of their own, here only the branches count
TODAY = NOW.date()
ALONE = {"none", "nothing", "no", "neither"}
OWN_SHARE = 0.12
"""How often an option is typed where that is possible."""
INVENTED_TEXT = "Qx"
"""Every text that is made up is this and a number, so that two drafts can be compared without their names."""


@lru_cache(maxsize=16)
def load_with_few_draws(playbook_id: str) -> Playbook:
    """The bundled playbook, with few draws for its decisions."""
    playbook = load_bundled(playbook_id)
    return replace(playbook, decisions=tuple(replace(each, draws=DRAWS) for each in playbook.decisions))


@lru_cache(maxsize=16)
def load_case_answers(playbook_id: str) -> tuple[Mapping[str, object], ...]:
    return tuple(case.answers for case in list_cases() if case.playbook_id == playbook_id)


class RandomPerson:
    """One made-up person: leans one way in all answers, so that the far ends of sums and shares come up.

    Every third begins with the answers of a written case and changes some, so that what needs many fitting answers
    comes up too.
    """

    def __init__(self, playbook: Playbook, random: Random) -> None:
        self.random = random
        self._named = 0
        self._lean = random.choice([None, None, 0.0, 0.15, 0.5, 0.85, 1.0])
        self._wavers = random.random() < 0.8
        self._yes = random.choice([0.5, 0.5, 0.1, 0.9, 0.0, 1.0])
        self._many = random.choice([0.2, 0.5, 0.5, 0.9])
        self._leaves_out = random.choice([0.0, 0.3, 0.3, 0.9])
        cases = load_case_answers(playbook.id)
        self._begun = random.choice(cases) if cases and random.random() < 0.35 else {}
        self._changes = random.choice([0.05, 0.15, 0.4])

    def should_skip(self, question: Question) -> bool:
        if question.required or (question.id in self._begun and self.random.random() > self._changes):
            return False
        return bool(self._begun and self.random.random() > self._changes) or self.random.random() < self._leaves_out

    def answer(self, question: Question, facts: Facts) -> object:
        if question.id in self._begun and self.random.random() > self._changes:
            return self._begun[question.id]
        return self.invent_answer(question, facts)

    def invent_answer(self, question: Question, facts: Facts) -> object:
        match question.spec:
            case TextSpec():
                return self._invent_text()
            case YesNoSpec():
                return self.random.random() < self._yes
            case ScaleSpec(min=low, max=high):
                return self._pick_integer(low, high)
            case NumberSpec(min=low, max=high):
                return self._pick_number(low, high)
            case DateSpec(min=low, max=high):
                return self._pick_date(low, high)
            case ChoiceSpec(options=options, own=own):
                if own and self.random.random() < OWN_SHARE:
                    return self._invent_text()
                return self.random.choice(facts.choices_for(options)).id
            case ChoicesSpec(options=options, min=fewest, max=most, own=own):
                picked = self._pick_choices([each.id for each in facts.choices_for(options)], fewest, most)
                has_room = most is None or len(picked) < most
                types = len(picked) < fewest or self._takes_own(picked)
                return [*picked, self._invent_text()] if own and has_room and types else picked
            case ListSpec(min=fewest, max=most):
                return [self._invent_text() for _ in range(self._pick_count(fewest, most))]
            case RankSpec(options=options):
                ids = [each.id for each in facts.choices_for(options)]
                return self.random.sample(ids, len(ids))
            case WeightsSpec(options=options):
                return self._split_points([each.id for each in facts.choices_for(options)])
            case GridSpec() as form:
                return self._fill_grid(form, facts)
            case RecordsSpec() as form:
                return self._fill_records(form, facts)
        raise AssertionError(question)

    def _takes_own(self, picked: list[str]) -> bool:
        return not set(picked) & ALONE and self.random.random() < OWN_SHARE

    def _invent_text(self) -> str:
        self._named += 1
        return f"{INVENTED_TEXT}{self._named}x"

    def _pick_count(self, fewest: int, most: int) -> int:
        many = self.random.randint(fewest, max(fewest, min(most, 4)))
        return fewest if self.random.random() > self._many + 0.3 else many

    def _pick_integer(self, low: int, high: int) -> int:
        if self._lean is None or (self._wavers and self.random.random() < 0.2):
            return self.random.randint(low, high)
        middle = low + self._lean * (high - low)
        if not self._wavers:
            return round(middle)
        return max(low, min(high, round(self.random.gauss(middle, (high - low) / 8))))

    def _pick_number(self, low: Decimal | None, high: Decimal | None) -> Decimal:
        first, last = int(low or 0), int(high if high is not None else 40)
        kind = self.random.random()
        if kind < 0.35:
            return Decimal(self._pick_integer(first, last))
        if kind < 0.8:
            return Decimal(self.random.randint(first, min(last, first + self.random.choice([0, 2, 5, 12]))))
        return Decimal(self.random.randint(first * 2, last * 2)) / 2

    def _pick_date(self, low: str, high: str) -> date:
        first, last = _resolve_date(low), _resolve_date(high)
        if first is None and last is None:
            first = TODAY - timedelta(60)
        first = first if first is not None else last - timedelta(200)
        last = last if last is not None else first + timedelta(200)
        span = (last - first).days
        near = self.random.choice([0, 1, 3, 7, 14, 30, 60, span])
        away = min(span, self.random.randint(0, near))
        return first + timedelta(away) if self.random.random() < 0.5 else last - timedelta(away)

    def _pick_choices(self, ids: list[str], fewest: int, most: int | None) -> list[str]:
        alone = [each for each in ids if each in ALONE]
        if alone and self.random.random() < 0.72:
            return alone[:1]
        several = [each for each in ids if each not in alone] if self.random.random() < 0.95 else ids
        top = min(len(several), most if most is not None else len(several))
        count = self.random.randint(min(fewest, top), top) if self.random.random() < self._many else min(fewest, top)
        return self.random.sample(several, count)

    def _split_points(self, ids: list[str]) -> dict[str, int]:
        cuts = sorted(self.random.randint(0, 100) for _ in ids[1:])
        points = [after - before for before, after in zip([0, *cuts], [*cuts, 100], strict=True)]
        return dict(zip(ids, points, strict=True))

    def _fill_grid(self, form: GridSpec, facts: Facts) -> dict[str, dict[str, object]]:
        low, high = int(form.min or 0), int(form.max if form.max is not None else 10)
        high = low + round((high - low) * self.random.choice([0.02, 0.2, 1, 1]))
        rows, columns = facts.choices_for(form.rows), facts.choices_for(form.columns)
        liked = self.random.choice(rows).id if rows else ""
        grid: dict[str, dict[str, object]] = {}
        for row in rows:
            cells = [self._fill_cell(low, high, liked=row.id == liked, spread=form.spread) for _ in columns]
            grid[row.id] = {column.id: cell for column, cell in zip(columns, cells, strict=True)}
        return grid

    def _fill_cell(self, low: int, high: int, *, liked: bool, spread: bool) -> object:
        numbers = sorted(self.random.randint((low + high + 1) // 2 if liked else low, high) for _ in range(3))
        if spread and self.random.random() < 0.7:
            return numbers
        return numbers[1]

    def _fill_records(self, form: RecordsSpec, facts: Facts) -> list[dict[str, object]]:
        if form.items:
            ids = [each.id for each in facts.choices_for(Options(source=form.items))]
            return [{"item": each, **self._fill_form(form, facts)} for each in ids]
        return [self._fill_form(form, facts) for _ in range(self._pick_count(form.min, form.max))]

    def _fill_form(self, form: RecordsSpec, facts: Facts) -> dict[str, object]:
        asked = [field for field in form.fields if field.required or self.random.random() < 0.7]
        return {field.id: self.invent_answer(field, facts) for field in asked}


def _resolve_date(written: str) -> date | None:
    due = parse_relative_date(written)
    if due:
        return add_offset(TODAY, due)
    return date.fromisoformat(written) if written else None


def invent_all_answers(playbook: Playbook, random: Random) -> dict[str, Value]:
    """The answers of one person who answers each question once, in order.

    One Facts for the whole way: what a question rests on was answered before it, so nothing that was worked out on the
    way is out of date later. Interview works everything out anew for each step, which takes ten times as long; `wander`
    goes that way.
    """
    person = RandomPerson(playbook, random)
    answers: dict[str, Value] = {}
    facts = Facts(playbook, answers, today=TODAY)
    for question in playbook.questions:
        if isinstance(question.spec, NoteSpec) or not facts.is_visible(question) or person.should_skip(question):
            continue
        for attempt in range(60):
            try:
                raw = person.invent_answer(question, facts) if attempt else person.answer(question, facts)
                answers[question.id] = validate_answer(
                    question,
                    raw,
                    choices_of=facts.choices_for,
                    today=TODAY,
                    shows_field=facts.field_filter(question),
                )
            except Refused:
                continue
            if facts.check_holds(question):
                break
            del answers[question.id]
            facts = Facts(playbook, answers, today=TODAY)
        else:
            raise AssertionError(f"no answer could be made up that {question.id} takes")
    return answers


def wander(playbook: Playbook, random: Random, *, turns: int = 90) -> Interview:
    """An interview that was finished after going back and forth, putting off, jumping from the review and changing.

    For so many `turns` it wanders; then it goes on to the end.
    """
    person = RandomPerson(playbook, random)
    interview = Interview(playbook, today=TODAY)
    for turn in range(turns * 6):
        step = interview.step()
        match step:
            case Ask():
                assert 0 <= step.progress.answered <= step.progress.total, (step.question.id, step.progress)
                assert 1 <= step.progress.number <= step.progress.of, (step.question.id, step.progress)
                interview = _take_turn(interview, step, person, wanders=turn < turns)
            case Finish() if turn < turns:
                interview = interview.go_to(random.choice(interview.questions()).id)
            case Finish():
                return interview
            case _:
                if isinstance(step, ShowFinding):
                    assert MISSING not in step.finding.title + step.finding.text, step.finding
                interview = interview.mark_shown(step.key)
    raise AssertionError(f"no end in sight at {interview.step()}")


MOVE_WEIGHTS = {"answer": 60, "back": 12, "forward": 12, "skip": 10, "jump": 6}
EXPECTED_REFUSALS = {"first-question", "not-answered", "needed", "check-failed"}
"""Refusals that a person meets on such a way; any other, or an exception, is a failure."""


def _take_turn(interview: Interview, ask: Ask, person: RandomPerson, *, wanders: bool) -> Interview:
    random = person.random
    move = random.choices(list(MOVE_WEIGHTS), list(MOVE_WEIGHTS.values()))[0] if wanders else "answer"
    if not is_answerable(ask):
        move = "forward" if interview.cursor else "skip"
    elif not wanders and ask.kept is not None and not ask.reopened_because and interview.cursor:
        move = "forward"
    elif not wanders and not ask.question.required and random.random() < 0.5:
        move = "skip"
    try:
        match move:
            case "back":
                return interview.back()
            case "forward":
                return interview.forward()
            case "skip":
                return interview.skip()
            case "jump":
                return interview.go_to(random.choice(interview.questions()).id)
            case _:
                return _answer(interview, ask, person)
    except Refused as refused:
        if not {each.code for each in refused.problems} <= EXPECTED_REFUSALS:
            raise
        return interview


def is_answerable(ask: Ask) -> bool:
    """False while there is nothing to choose from, because the question that gives the choices was put off."""
    match ask.question.spec:
        case ChoiceSpec() | WeightsSpec() | RankSpec():
            return bool(ask.choices)
        case ChoicesSpec(min=fewest, own=own, own_max=own_max):
            return len(ask.choices) + own_max * own >= fewest
        case GridSpec():
            return bool(ask.choices and ask.columns)
    return True


def _answer(interview: Interview, ask: Ask, person: RandomPerson) -> Interview:
    for attempt in range(60):
        facts = interview.facts()
        raw = person.invent_answer(ask.question, facts) if attempt else person.answer(ask.question, facts)
        try:
            return interview.answer(ask.question.id, raw)
        except Refused:
            continue
    raise AssertionError(f"no answer could be made up that {ask.question.id} takes")


def replay_answers(playbook: Playbook, answers: Mapping[str, Value]) -> tuple[Interview, list[Ask]]:
    """The interview in which each question is answered once, in order, and what was asked on the way."""
    interview, asked = Interview(playbook, today=TODAY), []
    while not isinstance(step := interview.step(), Finish):
        match step:
            case Ask(question=question) if question.id in answers:
                interview = interview.answer(question.id, answers[question.id])
                asked.append(step)
            case Ask():
                interview = interview.skip()
                asked.append(step)
            case _:
                interview = interview.mark_shown(step.key)
    return interview, asked
