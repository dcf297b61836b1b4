"""What every Screen does: the key screen, the line screen and the fake screen of the coaching tests all pass this."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from fakes import Draft, FakeScreen
from line_conversation import INTERRUPT, make_line_screen
from offline_key_screen import make_key_screen
from test_result_view import FULL, make_entry

import careerkit.core.interview
import careerkit.terminal.questions.prepared_question
import careerkit.terminal.questions.registry
from careerkit.coaching.ports import (
    Back,
    EndOfInput,
    Forward,
    GoTo,
    Home,
    OpenReview,
    Reason,
    Review,
    ReviewLine,
    Skip,
    StartPlaybook,
    Submit,
)
from careerkit.coaching.session import start_session
from careerkit.core.errors import Problem, Refused
from careerkit.core.interview_steps import Ask, EnterStage, QuestionProgress, ShowNote
from careerkit.core.outcome.model import Finding
from careerkit.core.questions.choice import ChoiceSpec, ChoicesSpec, ListSpec, YesNoSpec
from careerkit.core.questions.number import DateSpec, NumberSpec, ScaleSpec
from careerkit.core.questions.question import Choice, Options, Question
from careerkit.core.questions.text import TextSpec
from careerkit.core.questions.weights import RankSpec, WeightsSpec
from careerkit.storage.memory_journal import MemoryJournal
from careerkit.terminal.keys.key_codes import Key
from careerkit.terminal.keys.question_state import Viewport
from careerkit.terminal.result_view import DISCLAIMER
from careerkit.terminal.sanitize import Symbols
from key_input import ScriptedPresses, press_answer
from line_input import type_answer
from playbook_cases import FixedClock
from scenario import HEADER, NOW, parse_playbook

ANIMALS = (Choice("ant", "Ant"), Choice("bee", "Bee"), Choice("cow", "Cow"))
MOVES = {"back": Back(), "forward": Forward(), "skip": Skip(), "review": OpenReview()}
"""Each way to leave a question without an answer, with the reply that stands for it."""


class FakeDriver:
    """The fake screen, answered with a script."""

    def answer(self, ask, raw):
        return [raw]

    def move(self, name):
        return [MOVES[name]]

    def part(self, text):
        return [Draft((text,))]

    def interrupt(self):
        return [KeyboardInterrupt()]

    def screen(self, script=(), **settings):
        self._screen = FakeScreen(*script, **settings)
        return self._screen

    def confirming(self, answer, *, default):
        return self.screen(confirms=default if answer is None else answer)

    def reviewing(self, number):
        return self.screen(reviews=(GoTo(REVIEW.lines[number - 1].question_id) if number else None,))

    def at_home(self, number):
        return self.screen(wants=StartPlaybook(HOME.playbooks[number - 1].id) if number else None)

    def reading(self, move):
        return self.screen(notes=(MOVES[move] if move else None,))

    def shows_problem(self, problem):
        return f"complaint {problem.code}" in self._screen.shown

    def shows(self, text):
        return any(text in each for each in self._screen.shown)


class LineDriver:
    """The line screen, answered with typed lines."""

    def answer(self, ask, raw):
        if isinstance(raw, str) and not isinstance(ask.question.spec, (TextSpec, ChoiceSpec)):
            return [raw]
        return type_answer(ask.question, raw, ask.choices, ask.columns)

    def move(self, name):
        return [f":{name}"]

    def part(self, text):
        return [text]

    def interrupt(self):
        return [INTERRUPT]

    def screen(self, script=()):
        screen, _, self._paper, self._results = make_line_screen(script)
        return screen

    def confirming(self, answer, *, default):
        return self.screen(["" if answer is None else "y" if answer else "n"])

    def reviewing(self, number):
        return self.screen([str(number or "")])

    at_home = reviewing

    def reading(self, move):
        return self.screen([f":{move}" if move else ""])

    def shows_problem(self, problem):
        return problem.message in self._paper.text

    def shows(self, text):
        return text in self._paper.text + self._results.text


class EndingPresses(ScriptedPresses):
    """Presses at a terminal that is gone after the last one."""

    def press_all(self, runner):
        while self.presses:
            self.seen.append(runner.state)
            end = runner.press(self.presses.pop(0))
            if end is not None:
                return end
        raise EndOfInput


class KeyDriver:
    """The key screen, answered with key presses. What it shows includes the picture of each question."""

    def answer(self, ask, raw):
        typed = isinstance(raw, str) and not isinstance(ask.question.spec, (TextSpec, ChoiceSpec))
        keys = [raw, Key.ENTER] if typed else press_answer(ask.question, raw, ask.choices, ask.columns)
        return [Key.DELETE_LEFT, *keys] if isinstance(ask.question.spec, (NumberSpec, TextSpec)) else keys

    def move(self, name):
        return [{"back": Key.BACK, "forward": Key.FORWARD, "skip": Key.SKIP, "review": Key.REVIEW}[name]]

    def part(self, text):
        return [text, Key.ENTER]

    def interrupt(self):
        return [Key.STOP]

    def screen(self, script=()):
        self._presses = EndingPresses(script)
        self._out, self._results = StringIO(), StringIO()
        return make_key_screen(self._presses, out=self._out, results=self._results)

    def confirming(self, answer, *, default):
        return self.screen([Key.ENTER] if answer is None else ["y" if answer else "n", Key.ENTER])

    def reviewing(self, number):
        return self.screen([Key.HOME, *[Key.DOWN] * (number - 1), Key.ENTER] if number else [Key.ESCAPE])

    at_home = reviewing

    def reading(self, move):
        return self.screen(self.move(move) if move else [Key.ENTER])

    def shows_problem(self, problem):
        return any(problem.code in [each.code for each in state.problems] for state in self._presses.seen)

    def shows(self, text):
        viewport = Viewport(80, 40, Symbols())
        pictures = ("\n".join(_text(row) for row in state.render(viewport).rows) for state in self._presses.seen)
        return text in "\n".join([self._out.getvalue(), self._results.getvalue(), *pictures])


def _text(row):
    return "".join(text for _, text in row)


@pytest.fixture(params=[FakeDriver, LineDriver, KeyDriver])
def driver(request):
    return request.param()


def asked(form, choices=(), question_id="q", **settings):
    question_type = type(form).__name__.removesuffix("Spec").lower()
    question = Question(question_id, question_type, form, "Well?", **settings)
    return Ask(question, "Stage", "Well?", "", QuestionProgress(1, 3, 0, 3), choices=choices, today=NOW.date())


def reply_to(screen, ask, **settings):
    return screen.ask(ask, why="A reason.", sources=("A source.",), **settings)


OPTIONS = Options(ANIMALS)
ANSWERS = [
    (TextSpec(), (), "It broke", "It broke"),
    (TextSpec(long=True), (), "one\ntwo", "one\ntwo"),
    (YesNoSpec(), (), False, False),
    (ScaleSpec(), (), 4, Decimal(4)),
    (NumberSpec(), (), Decimal("2.5"), Decimal("2.5")),
    (DateSpec(), (), date(2026, 12, 1), date(2026, 12, 1)),
    (ChoiceSpec(OPTIONS), ANIMALS, "bee", "bee"),
    (ChoicesSpec(OPTIONS), ANIMALS, ["cow", "ant"], ("ant", "cow")),
    (ListSpec(), (), ["one", "two"], ("one", "two")),
    (RankSpec(OPTIONS), ANIMALS, ["cow", "ant", "bee"], ("cow", "ant", "bee")),
    (WeightsSpec(OPTIONS), ANIMALS, {"ant": 100}, {"ant": Decimal(100), "bee": Decimal(0), "cow": Decimal(0)}),
]


@pytest.mark.parametrize(("form", "choices", "raw", "value"), ANSWERS, ids=lambda each: type(each).__name__)
def test_an_answer_is_returned_as_a_valid_value(driver, form, choices, raw, value):
    ask = asked(form, choices)

    assert reply_to(driver.screen(driver.answer(ask, raw)), ask) == Submit(value)


WRONG = [
    (NumberSpec(min=Decimal(5)), "3", Decimal(7), "too-small"),
    (NumberSpec(), "abc", Decimal(7), "not-a-number"),
    (TextSpec(max=3), "four", "two", "too-long"),
    (DateSpec(min="+1d"), date(2026, 11, 22), date(2026, 11, 23), "too-early"),
]


@pytest.mark.parametrize(("form", "wrong", "right", "code"), WRONG)
def test_what_does_not_fit_is_refused_on_the_screen_and_asked_again(driver, form, wrong, right, code):
    ask = asked(form)
    with pytest.raises(Refused) as refused:
        careerkit.terminal.questions.registry.prepare(ask, today=NOW.date()).validate(wrong)
    keys = isinstance(driver, KeyDriver) and isinstance(form, DateSpec)
    script = [*driver.answer(ask, wrong), *([Key.DELETE_LEFT] if keys else []), *driver.answer(ask, right)]
    screen = driver.screen(script)

    assert reply_to(screen, ask) == Submit(right)
    assert code == "not-a-number" or driver.shows_problem(refused.value.problems[0])


@pytest.mark.parametrize(("move", "reply"), MOVES.items())
def test_a_question_can_be_left_without_an_answer(driver, move, reply):
    assert reply_to(driver.screen(driver.move(move)), asked(TextSpec())) == reply


def test_a_draft_is_kept_when_the_question_is_left(driver):
    kept = []

    screen = driver.screen([*driver.part("one"), *driver.move("review")])
    assert reply_to(screen, asked(ListSpec()), keep=kept.append) == OpenReview()

    assert kept[-1] == ("one",)


def test_a_draft_is_kept_before_ctrl_c_or_the_end_of_input_is_raised(driver):
    for ending, error in ((driver.interrupt(), KeyboardInterrupt), ([], EndOfInput)):
        kept = []
        with pytest.raises(error):
            reply_to(driver.screen([*driver.part("one"), *ending]), asked(ListSpec()), keep=kept.append)
        assert kept[-1] == ("one",)


def test_a_refused_draft_stops_nobody_from_answering(driver):
    def refuse(parts):
        raise Refused(Problem("not-saved", "The disk is full.", "Make room."))

    ask = asked(ListSpec())
    if not isinstance(driver, FakeDriver):
        assert reply_to(driver.screen(driver.answer(ask, ["one", "two"])), ask, keep=refuse) == Submit(("one", "two"))


def test_questions_are_asked_one_after_the_other(driver):
    first, second = asked(TextSpec(), question_id="first"), asked(YesNoSpec(), question_id="second")
    screen = driver.screen([*driver.answer(first, "x"), *driver.answer(second, True)])

    assert reply_to(screen, first) == Submit("x")
    screen.answered(first, "x")
    assert reply_to(screen, second) == Submit(True)
    screen.answered(second, "yes")


@pytest.mark.parametrize("default", [True, False])
@pytest.mark.parametrize("answer", [True, False, None])
def test_a_confirmation_returns_the_answer_or_the_default(driver, answer, default):
    screen = driver.confirming(answer, default=default)

    assert screen.confirm("Continue?", default=default) is (default if answer is None else answer)
    assert driver.shows("Continue?")


def test_a_result_is_shown_and_the_end_of_input_ends_its_reading(driver):
    driver.screen().show_outcome(make_entry(**FULL), {})

    assert driver.shows("Stop it first") or driver.shows("conclude")
    assert driver.shows(DISCLAIMER) or driver.shows("conclude")
    assert not driver.shows("Dear all,")


def test_ctrl_c_ends_the_reading_of_a_result_without_an_exception(driver):
    driver.screen(driver.interrupt()).show_outcome(make_entry(**FULL), {})

    assert driver.shows("Stop it first") or driver.shows("conclude")


def test_a_letter_opens_a_part_of_the_result(driver):
    letter = {KeyDriver: ["e", "d", Key.ENTER], LineDriver: ["d", ""]}.get(type(driver), [])
    driver.screen(letter).show_outcome(make_entry(**FULL), {})

    assert driver.shows("Dear all,") or isinstance(driver, FakeDriver)


@pytest.mark.parametrize("answer", [True, False])
def test_a_card_is_shown_and_the_question_after_it_opens_its_parts(driver, answer):
    key = "y" if answer else "n"
    script = {KeyDriver: ["e", "d", key], LineDriver: ["drafts", key]}.get(type(driver), [])
    screen = driver.screen(script) if not isinstance(driver, FakeDriver) else driver.screen(confirms=answer)
    screen.show_card(make_entry(**FULL), {}, waits=False)

    assert screen.confirm("Continue with the rest now?", default=True) is answer
    assert driver.shows("Dear all,") or isinstance(driver, FakeDriver)


def test_a_card_after_which_nothing_is_asked_waits_until_it_is_read(driver):
    script = {KeyDriver: ["e", "d", Key.ENTER], LineDriver: ["d", ""]}.get(type(driver), [])
    driver.screen(script).show_card(make_entry(**FULL), {}, waits=True)

    assert driver.shows("Dear all,") or isinstance(driver, FakeDriver)


REVIEW = Review((ReviewLine("First", "what", "What?", "It broke"), ReviewLine("Then", "harm", "How bad?", "")), ())


@pytest.mark.parametrize(("number", "reply"), [(1, GoTo("what")), (2, GoTo("harm")), (0, None)])
def test_the_review_leads_to_a_question_or_is_closed(driver, number, reply):
    assert driver.reviewing(number).review(REVIEW) == reply


class Listed:
    minutes, origin, shadows, situations = 5, "bundled", False, ()

    def __init__(self, name):
        self.id, self.title, self.summary = f"test/{name}", name.title(), f"The {name} one"


HOME = Home(NOW, (), (), (Listed("first"), Listed("second")))


@pytest.mark.parametrize(("number", "reply"), [(2, StartPlaybook("test/second")), (0, None)])
def test_the_home_screen_returns_what_is_chosen(driver, number, reply):
    assert driver.at_home(number).home(HOME) == reply
    assert driver.shows("First")


@pytest.mark.parametrize(("move", "reply"), [(None, None), ("back", Back()), ("review", OpenReview())])
def test_a_note_is_shown_until_the_person_continues_or_goes_elsewhere(driver, move, reply):
    assert driver.reading(move).show_note(ShowNote("note:n", "A heading", "Words.")) == reply
    assert driver.shows("A heading")


def test_whatever_is_only_shown_shows_its_text(driver):
    screen = driver.screen()
    screen.open(
        parse_playbook('[[stage]]\nid = "s"\ntitle = "S"\n[[stage.question]]\nid = "q"\ntype = "yesno"\nask = "Q?"\n'),
        note="Resumed.",
    )
    screen.show_stage(EnterStage("stage:s", "The stage", "Its introduction."))
    screen.show_recent((Reason("Earlier?", "An earlier answer"),))
    screen.show_info("In passing.")

    missing = [text for text in ("Resumed.", "The stage", "earlier answer", "In passing.") if not driver.shows(text)]
    assert missing == []


def test_a_problem_outside_of_a_question_is_shown(driver):
    problem = Problem("unreadable", "It can't be read.", "Look at it.")
    driver.screen().show_errors([problem])

    assert driver.shows(problem.message) or driver.shows_problem(problem)


def test_a_short_finding_does_not_wait(driver):
    finding = Finding("stop", title="First this", level="stop", text="Words.")

    assert driver.screen().show_finding(finding) is None
    assert driver.shows("First this") or driver.shows("stop")


def recording(validate_answer, validated):
    def validate_and_record(question, *args, **options):
        validated.append(question.id)
        return validate_answer(question, *args, **options)

    return validate_and_record


ONE = '[[stage]]\nid = "s"\ntitle = "S"\n[[stage.question]]\nid = "what"\ntype = "text"\nask = "What?"\n'


def test_an_answer_is_validated_once_between_the_screen_and_the_journal(driver, monkeypatch):
    validated = []
    for module in (careerkit.terminal.questions.prepared_question, careerkit.core.interview):
        monkeypatch.setattr(module, "validate_answer", recording(module.validate_answer, validated))
    ask = asked(TextSpec())
    end = [Key.ENTER] if isinstance(driver, KeyDriver) else [""] if isinstance(driver, LineDriver) else []
    screen, journal = driver.screen([*driver.answer(ask, "It broke"), *end]), MemoryJournal()
    session = start_session(
        parse_playbook(ONE), (HEADER + ONE).encode(), lane="full", screen=screen, journal=journal, clock=FixedClock()
    )

    assert session.run() == "finished"
    assert journal.read(session.entry.id).entry.answers[0].value == "It broke"
    assert validated == ["what"]
