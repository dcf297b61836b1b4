"""The review, the reasons, and what a person does between questions."""

from io import StringIO

from offline_key_screen import make_key_screen

from careerkit.coaching.ports import Back, ChooseBand, GoTo, Review, ReviewFigure, ReviewLine, Stop
from careerkit.coaching.session import start_session
from careerkit.core.frozen import replace
from careerkit.core.playbook.model import Band
from careerkit.storage.memory_journal import MemoryJournal
from careerkit.terminal.keys.key_codes import Key
from careerkit.terminal.keys.question_state import Viewport
from careerkit.terminal.sanitize import Symbols
from key_input import ScriptedPresses
from playbook_cases import FixedClock, load_bundled, read_source

BANDS = (Band("note", "a note"), Band("meeting", "a meeting"))
REVIEW = Review(
    (ReviewLine("First", "what", "What?", "It broke"), ReviewLine("Then", "harm", "How bad?", "")),
    (ReviewFigure("severity", "Severity", "9", "2 * 4 + 1", "a meeting", False, BANDS),),
)


def picture(scripted):
    rows = scripted.seen[-1].render(Viewport(80, 40, Symbols())).rows
    return "\n".join("".join(text for _, text in row).rstrip() for row in rows)


def reviewed(*presses):
    scripted = ScriptedPresses(presses)
    return make_key_screen(scripted).review(REVIEW), scripted


def test_an_answer_is_opened_from_the_review():
    assert reviewed(Key.DOWN, Key.ENTER)[0] == GoTo("harm")


def test_the_review_shows_stages_answers_and_figures_and_closes():
    reply, scripted = reviewed(Key.ESCAPE)

    assert reply is None
    shown = picture(scripted)
    assert [shown.index(part) for part in ("First", "What?", "It broke", "Then", "not answered yet", "Figures")]
    assert "9, a meeting" in shown


def test_one_line_an_answer_and_at_the_cursor_all_of_it():
    _, scripted = reviewed(Key.UP, Key.ESCAPE)

    shown = picture(scripted)
    assert "What?" in next(row for row in shown.split("\n") if "It broke" in row)
    assert "❯ Severity" in shown
    assert "9, a meeting (our rule of thumb) = 2 * 4 + 1" in shown


def test_another_band_is_chosen_and_taken_back():
    assert reviewed(Key.UP, Key.ENTER, Key.UP, Key.ENTER)[0] == ChooseBand("severity", "note")
    assert reviewed(Key.UP, Key.ENTER, Key.DOWN, Key.ENTER)[0] == ChooseBand("severity", None)
    assert reviewed(Key.UP, Key.ENTER, Key.ESCAPE, Key.ESCAPE)[0] is None


AT_END = replace(REVIEW, at_end=True, news=("New in the result: Take advice.",))


def looked_over(*presses):
    scripted = ScriptedPresses(presses)
    return make_key_screen(scripted).review(AT_END), scripted


def test_before_the_end_enter_goes_to_it_and_the_news_stand_beside_that():
    reply, scripted = looked_over(Key.ENTER)

    assert reply is None
    shown = picture(scripted)
    assert shown.index("It broke") < shown.index("New in the result: Take advice.") < shown.index("❯ Finish")


def test_before_the_end_an_answer_is_opened_a_band_chosen_or_the_passage_stopped():
    assert looked_over(Key.UP, Key.UP, Key.ENTER)[0] == GoTo("harm")
    assert looked_over(Key.UP, Key.ENTER, Key.UP, Key.ENTER)[0] == ChooseBand("severity", "note")
    assert looked_over(Key.DOWN, Key.ENTER)[0] == Stop()
    assert looked_over(Key.BACK)[0] == Back()


def test_before_the_end_escape_does_not_end_it():
    reply, scripted = looked_over(Key.HOME, Key.ESCAPE, Key.REVIEW, "q", Key.DOWN, Key.ENTER)

    assert reply == Stop()
    assert "❯ Save and stop" in picture(scripted)


def conversation(*presses):
    scripted, out = ScriptedPresses(presses), StringIO()
    screen = make_key_screen(scripted, out=out)
    journal = MemoryJournal()
    passage = start_session(
        load_bundled("crisis/start"),
        read_source("crisis/start"),
        lane="full",
        screen=screen,
        journal=journal,
        clock=FixedClock(),
    )
    try:
        passage.run()
    except KeyboardInterrupt:
        pass
    return passage, scripted, out.getvalue()


def test_why_shows_the_reason_and_its_sources_and_the_next_key_closes_it():
    _, scripted, _ = conversation("?")
    assert "growing harm can't wait for good words" in picture(scripted).replace("\n  │ ", " ")

    _, scripted, _ = conversation("?", Key.DOWN)
    assert "good words" not in picture(scripted)


def test_back_and_forward_keep_what_was_begun_on_both_sides():
    passage, scripted, _ = conversation(
        *(Key.END, " ", Key.ENTER, "1", Key.ENTER, "half a", Key.BACK, Key.BACK, "1", Key.FORWARD, Key.FORWARD),
        *(" sentence", Key.BACK, Key.BACK, "1", Key.ENTER, Key.ENTER, Key.ENTER),
    )

    assert passage.interview.answers["what"] == "half a sentence"
    assert passage.interview.answers["gate"] == ("none",)


def test_a_refusal_stands_with_the_question_and_what_was_chosen():
    _, scripted, _ = conversation("1", "9", Key.ENTER)

    assert "! 'None of these' doesn't go with another tick." in picture(scripted)
    assert "1  [x]" in picture(scripted)


def test_put_off_leaves_its_line():
    _, _, shown = conversation(Key.END, " ", Key.ENTER, "1", Key.ENTER, Key.SKIP, Key.STOP)

    assert "○ What happened, in one sentence?" in shown
