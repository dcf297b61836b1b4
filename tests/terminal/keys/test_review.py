"""The review, the reasons, and what a person does between questions."""

from io import StringIO

from key_screens import screen_on

from careerkit.coaching.screen import Back, ChooseBand, GoTo, Review, ReviewFigure, ReviewLine, Stop
from careerkit.coaching.starting import start
from careerkit.core.frozen import replace
from careerkit.core.playbook.model import Band
from careerkit.storage.memory import MemoryJournal
from careerkit.terminal.keys.frame import Sheet
from careerkit.terminal.keys.key import Key
from careerkit.terminal.stand_ins import Symbols
from cases_of_playbooks import StillClock, bundled, source_of
from pressing import Fingers

BANDS = (Band("note", "a note"), Band("meeting", "a meeting"))
REVIEW = Review(
    (ReviewLine("First", "what", "What?", "It broke"), ReviewLine("Then", "harm", "How bad?", "")),
    (ReviewFigure("severity", "Severity", "9", "2 * 4 + 1", "a meeting", False, BANDS),),
)


def picture(fingers):
    rows = fingers.seen[-1].picture(Sheet(80, 40, Symbols())).rows
    return "\n".join("".join(text for _, text in row).rstrip() for row in rows)


def reviewed(*presses):
    fingers = Fingers(presses)
    return screen_on(fingers).review(REVIEW), fingers


def test_an_answer_is_opened_from_the_review():
    assert reviewed(Key.DOWN, Key.ENTER)[0] == GoTo("harm")


def test_the_review_shows_stages_answers_and_figures_and_closes():
    reply, fingers = reviewed(Key.ESCAPE)

    assert reply is None
    shown = picture(fingers)
    assert [shown.index(part) for part in ("First", "What?", "It broke", "Then", "not answered yet", "Figures")]
    assert "9, a meeting" in shown


def test_one_line_an_answer_and_at_the_cursor_all_of_it():
    _, fingers = reviewed(Key.UP, Key.ESCAPE)

    shown = picture(fingers)
    assert "What?" in next(row for row in shown.split("\n") if "It broke" in row)
    assert "❯ Severity" in shown
    assert "9, a meeting (our rule of thumb) = 2 * 4 + 1" in shown


def test_another_band_is_chosen_and_taken_back():
    assert reviewed(Key.UP, Key.ENTER, Key.UP, Key.ENTER)[0] == ChooseBand("severity", "note")
    assert reviewed(Key.UP, Key.ENTER, Key.DOWN, Key.ENTER)[0] == ChooseBand("severity", None)
    assert reviewed(Key.UP, Key.ENTER, Key.ESCAPE, Key.ESCAPE)[0] is None


AT_END = replace(REVIEW, at_end=True, news=("New in the result: Take advice.",))


def looked_over(*presses):
    fingers = Fingers(presses)
    return screen_on(fingers).review(AT_END), fingers


def test_before_the_end_enter_goes_to_it_and_the_news_stand_beside_that():
    reply, fingers = looked_over(Key.ENTER)

    assert reply is None
    shown = picture(fingers)
    assert shown.index("It broke") < shown.index("New in the result: Take advice.") < shown.index("❯ Go to the end")


def test_before_the_end_an_answer_is_opened_a_band_chosen_or_the_passage_stopped():
    assert looked_over(Key.UP, Key.UP, Key.ENTER)[0] == GoTo("harm")
    assert looked_over(Key.UP, Key.ENTER, Key.UP, Key.ENTER)[0] == ChooseBand("severity", "note")
    assert looked_over(Key.DOWN, Key.ENTER)[0] == Stop()
    assert looked_over(Key.BACK)[0] == Back()


def test_before_the_end_escape_does_not_end_it():
    reply, fingers = looked_over(Key.HOME, Key.ESCAPE, Key.REVIEW, "q", Key.DOWN, Key.ENTER)

    assert reply == Stop()
    assert "❯ Stop here" in picture(fingers)


def conversation(*presses):
    fingers, out = Fingers(presses), StringIO()
    screen = screen_on(fingers, out=out)
    journal = MemoryJournal()
    passage = start(
        bundled("crisis/start"),
        source_of("crisis/start"),
        lane="full",
        screen=screen,
        journal=journal,
        clock=StillClock(),
    )
    try:
        passage.conduct()
    except KeyboardInterrupt:
        pass
    return passage, fingers, out.getvalue()


def test_why_shows_the_reason_and_its_sources_and_the_next_key_closes_it():
    _, fingers, _ = conversation("?")
    assert "a well-meant word can put somebody in danger" in picture(fingers).replace("\n  │ ", " ")

    _, fingers, _ = conversation("?", Key.DOWN)
    assert "well-meant" not in picture(fingers)


def test_back_and_forward_keep_what_was_begun_on_both_sides():
    passage, fingers, _ = conversation(
        Key.END, " ", Key.ENTER, "half a", Key.BACK, "1", Key.FORWARD, " sentence", Key.BACK, "1", Key.ENTER, Key.ENTER
    )

    assert passage.interview.answers["what"] == "half a sentence"
    assert passage.interview.answers["gate"] == ("none",)


def test_a_refusal_stands_with_the_question_and_what_was_chosen():
    _, fingers, _ = conversation("1", "7", Key.ENTER)

    assert "! 'None of these' can't stand beside another one." in picture(fingers)
    assert "1  [x]" in picture(fingers)


def test_put_off_leaves_its_line():
    _, _, shown = conversation(Key.END, " ", Key.ENTER, Key.PUT_OFF, Key.STOP)

    assert "○ What happened, in one sentence?" in shown
