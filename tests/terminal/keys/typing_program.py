"""Asks one question after another with keys, and writes each answer to a file as a line of JSON, until Ctrl-C.

The arguments are the file and the types of the questions, each of which is asked once; the last one is asked for ever.
"""

import json
import signal
import sys
from datetime import date
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent.parent)]

from careerkit.coaching.ports import EndOfInput, Submit  # noqa: E402 - found through the line above
from careerkit.core.questions.choice import ChoiceSpec, ListSpec, YesNoSpec  # noqa: E402
from careerkit.core.questions.number import DateSpec, NumberSpec  # noqa: E402
from careerkit.core.questions.question import Choice, Options, Question  # noqa: E402
from careerkit.core.questions.records import RecordsSpec  # noqa: E402
from careerkit.core.questions.text import TextSpec  # noqa: E402
from careerkit.terminal.editor import Editor  # noqa: E402
from careerkit.terminal.keys.question_state import Header, QuestionState, Viewport  # noqa: E402
from careerkit.terminal.keys.runner import PromptRunner  # noqa: E402
from careerkit.terminal.plain_renderer import make_size_provider  # noqa: E402
from careerkit.terminal.questions.prepared_question import PreparedQuestion  # noqa: E402
from careerkit.terminal.questions.registry import create_widget, list_choices  # noqa: E402
from careerkit.terminal.sanitize import Symbols  # noqa: E402

OPTIONS = Options((Choice("one", "One"), Choice("two", "Two"), Choice("three", "Three")))
SPECS = {
    "text": TextSpec(),
    "long": TextSpec(long=True, max=100_000),
    "list": ListSpec(),
    "number": NumberSpec(),
    "date": DateSpec(),
    "yesno": YesNoSpec(),
    "choice": ChoiceSpec(OPTIONS),
    "records": RecordsSpec((Question("who", "text", TextSpec(), "Who?"),)),
}


def ask_all(answers: Path, kinds: list[str]) -> None:
    size = make_size_provider(sys.stderr)
    viewport = lambda: Viewport(*size(), Symbols())  # noqa: E731 - as short as it can be
    runner = PromptRunner(sys.stdin, sys.stderr, viewport=viewport, color=False, editor=Editor({}))
    number = 0

    def save(draft):
        answers.with_name("draft").write_text(json.dumps(draft, default=str), encoding="utf-8")

    while True:
        kind = kinds[min(number, len(kinds) - 1)]
        number += 1
        question = Question("q", kind if kind != "long" else "text", SPECS[kind], f"Question {number}?")
        prepared = PreparedQuestion(question, list_choices(question), today=date(2026, 11, 22))
        end = runner.ask(
            QuestionState(Header("", f"Question {number}?"), create_widget(prepared)), draft_id="q", save=save
        )
        if isinstance(end, Submit):
            with answers.open("a", encoding="utf-8") as file:
                file.write(json.dumps(end.value, default=str) + "\n")


if __name__ == "__main__":
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    ended = "interrupted"
    try:
        ask_all(Path(sys.argv[1]), sys.argv[2:])
    except KeyboardInterrupt:
        pass
    except EndOfInput:
        ended = "end of input"
    print(f"ended: {ended}")
