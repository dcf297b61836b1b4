"""Choice questions: one of several, several of them, or yes and no. A long list can be filtered."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from careerkit.coaching.ports import Skip, Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.questions.choice import MAX_OWN_LENGTH, ChoicesSpec, OptionsSpec, YesNoSpec
from careerkit.core.questions.question import Choice
from careerkit.core.text import abbreviate, to_ascii_width
from careerkit.terminal.dialog import QuestionUI, list_numbered_choices
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.keys.line_input import EditBuffer
from careerkit.terminal.keys.widget import MAX_DIGIT_CHOICES, AtomicWidget, Block, Canvas, Row, move_cursor
from careerkit.terminal.parse_line import filter_choices, is_none_answer, parse_choice, parse_choices
from careerkit.terminal.questions.prepared_question import PreparedQuestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerkit.core.questions.question import Question
    from careerkit.core.values import Value
    from careerkit.terminal import view_models
    from careerkit.terminal.keys.widget import Widget

YES_OR_NO = (Choice("yes", "Yes"), Choice("no", "No"))
YES_WORDS = ("yes", "true", "1")
NO_WORDS = ("no", "false", "2")
NOT_CHOSEN = -1
"""The cursor's position before anything is chosen."""
FILTER_HINT_THRESHOLD = 6
"""A list of more choices than this has a key hint for the filter."""
LINE_FILTER_THRESHOLD = 9
"""A list of more choices than this has a hint for the filter in line mode."""
OWN_ROW = "Something else: type it"
OWN_WORDS = "your own words"
NO_CHOICES = "There is nothing to choose from yet"
"""Shown where the choices come from a question that hasn't been answered."""


@frozen
class Select(AtomicWidget):
    """A list to choose from. `at` is the cursor's position among the choices shown, `ticked` are the ids ticked.

    Where the person may type an option of their own, a row for it comes last; `own_line` is what is being typed there.
    Where a single choice has no answer yet, the cursor is NOT_CHOSEN until a key moves it, so that an accidental Enter
    answers nothing. While `filtering`, letters go into `filter`. `digits` were typed just before, `missing` is a number
    that was typed and isn't in the list.
    """

    prepared: PreparedQuestion
    options: tuple[Choice, ...]
    at: int = 0
    ticked: frozenset[str] = frozenset()
    filter: EditBuffer = EditBuffer()
    filtering: bool = False
    digits: str = ""
    missing: str = ""
    own_line: EditBuffer | None = None

    @property
    def has_ticks(self) -> bool:
        return isinstance(self.prepared.question.spec, ChoicesSpec)

    @property
    def takes_text(self) -> bool:
        return self.filtering or self.own_line is not None

    @property
    def key_hints(self) -> tuple[str, ...]:
        if self.own_line is not None:
            return ("Enter add" if self.has_ticks else "Enter choose"), "Esc back to the list"
        if self.filtering:
            return ("Enter back to the list" if self.has_ticks else "Enter choose"), "Esc show all"
        yes_no = ("y or n",) if self._is_yes_no else ()
        number = ("number, then Space",) if len(self.options) > MAX_DIGIT_CHOICES else ("Space tick",)
        keys = (*number, "Enter continue") if self.has_ticks else (*yes_no, "Enter choose")
        return (*keys, "/ filter") if len(self.options) > FILTER_HINT_THRESHOLD else keys

    @property
    def shown(self) -> tuple[int, ...]:
        """The positions of the choices that pass the filter."""
        if not self.filter.text:
            return tuple(range(len(self.options)))
        return tuple(filter_choices(self.filter.text, self.options))

    def press(self, press: Press) -> Select | Submit | Skip | None:
        if self.own_line is not None:
            return self._press_in_own_line(self.own_line, press)
        if self._is_at_own and (press is Key.ENTER or (press == " " and self.has_ticks)):
            return self._open_own_line()
        if isinstance(press, str) and press.isdecimal() and not self.filtering:
            return self._press_number(press)
        if self.digits or self.missing:
            return replace(self, digits="", missing="").press(press)
        if press is Key.ENTER and self.filtering and self.has_ticks:
            return replace(self, filtering=False)
        if press in (Key.ENTER, Key.SUBMIT):
            return self._submit()
        if press is Key.ESCAPE and (self.filtering or self.filter.text):
            return self._clear_filter()
        moved = move_cursor(press, self.at, len(self.shown) + self._has_own_row, letters=not self.filtering)
        if moved is not None:
            return replace(self, at=moved)
        if self.filtering:
            buffer = self.filter.press(press)
            return None if buffer is None else replace(self, filter=buffer, at=0)
        return self._press_letter(press) if isinstance(press, str) else None

    def input_line(self) -> str:
        return self.own_line.text if self.own_line is not None else ""

    def with_input_line(self, text: str) -> Select:
        return self if self.own_line is None else replace(self, own_line=self.own_line.insert(text))

    def draft(self) -> Value | None:
        """The ticks. A single choice is made or not."""
        ticked = self._ticked_in_order
        return ticked if self.has_ticks and ticked and ticked != self.prepared.kept else None

    def view(self, canvas: Canvas) -> Block:
        rows: list[Row] = []
        cursor = (0, 0)
        if self.filtering or self.filter.text:
            field = canvas.input(self.filter.text, self.filter.cursor, first=(("bold cyan", "/ "),))
            rows += field.rows
            cursor = field.cursor
            if not self.shown:
                rows += canvas.prose("No choice matches. Press Esc to show all.", "dim")
        rows += [] if self.options else canvas.prose(f"{NO_CHOICES}.", "dim", first=(("", "  "),))
        for place, number in enumerate(self.shown):
            here = place == self.at
            if here and not self.filtering:
                cursor = len(rows), 0
            rows += self._option_rows(number, canvas, here=here)
        if self._has_own_row:
            cursor = (len(rows), 0) if self._is_at_own else cursor
            rows += self._own_rows(canvas)
            if self.own_line is not None:
                field = canvas.input(self.own_line.text, self.own_line.cursor, first=(("bold cyan", "  > "),))
                cursor = len(rows) + field.cursor[0], field.cursor[1]
                rows += field.rows
        if self.missing:
            cursor = len(rows), 0
            rows += canvas.prose(f"There is no {self.missing} here.", first=(("bold red", "! "),))
        return Block(tuple(rows), cursor)

    def _option_rows(self, number: int, canvas: Canvas, *, here: bool) -> list[Row]:
        choice = self.options[number]
        width = len(str(len(self.options)))
        box = ("", ("[x] " if choice.id in self.ticked else "[ ] ") if self.has_ticks else "")
        first = (canvas.pointer(here=here), ("cyan", f"{number + 1:>{width}}  "), box)
        rows = canvas.prose(choice.label, "bold" if here else "", first=first)
        lead = " " * sum(len(part) for _, part in first)
        return rows + (canvas.prose(choice.hint, "dim", first=(("", lead),)) if choice.hint else [])

    def _own_rows(self, canvas: Canvas) -> list[Row]:
        number = len(self.options) + 1
        width = len(str(len(self.options)))
        first = (canvas.pointer(here=self._is_at_own), ("cyan", f"{number:>{width}}  "), ("", "    " * self.has_ticks))
        rows = canvas.prose(OWN_ROW, "bold" if self._is_at_own else "", first=first)
        lead = " " * sum(len(part) for _, part in first)
        hint = getattr(self.prepared.question.spec, "own_hint", "")
        return rows + (canvas.prose(hint, "dim", first=(("", lead),)) if hint else [])

    @property
    def _has_own_row(self) -> bool:
        return takes_own(self.prepared) and not self.filter.text and not self.filtering

    @property
    def _is_at_own(self) -> bool:
        return self._has_own_row and self.at == len(self.shown)

    def _open_own_line(self) -> Select:
        return replace(self, at=len(self.shown), own_line=EditBuffer(max_length=MAX_OWN_LENGTH), digits="", missing="")

    def _press_in_own_line(self, line: EditBuffer, press: Press) -> Select | Submit | None:
        if press is Key.ESCAPE:
            return replace(self, own_line=None)
        if press in (Key.ENTER, Key.SUBMIT) and not line.text.strip():
            raise Refused(Problem("empty", "Type it first, or press Esc."))
        if press not in (Key.ENTER, Key.SUBMIT):
            after = line.press(press)
            return None if after is None else replace(self, own_line=after)
        spec = cast("OptionsSpec", self.prepared.question.spec)
        option = spec.read_option(line.text, self.prepared.choices)
        if not isinstance(spec, ChoicesSpec):
            return Submit(self.prepared.validate(option))
        ticked = self.ticked | {option}
        count = sum(1 for each in ticked if spec.is_own_text(each))
        if count > spec.own_max:
            message = f"At most {spec.own_max} of your own fit."
            raise Refused(Problem("too-many", message, "Press Esc, and remove the tick of another one first."))
        places = [place for place, each in enumerate(self.options) if each.id == option]
        options = self.options if places else (*self.options, Choice(option, option))
        at = places[0] if places else len(self.options)  # Enter goes on from there
        return replace(self, options=options, ticked=ticked, own_line=None, at=at)

    @property
    def _is_yes_no(self) -> bool:
        return isinstance(self.prepared.question.spec, YesNoSpec)

    @property
    def _ticked_in_order(self) -> tuple[str, ...]:
        return tuple(each.id for each in self.options if each.id in self.ticked)

    def _press_letter(self, typed: str) -> Select | None:
        if typed == "/":
            return replace(self, filtering=True)
        if typed == " " and self.has_ticks and self.shown:
            return self._toggle(self.at)
        if self._is_yes_no and typed.lower() in ("y", "n"):
            return replace(self, at="yn".index(typed.lower()))
        return None

    def _press_number(self, typed: str) -> Select:
        """A digit chooses, and a second one right after it makes a two-digit number. In a long list to tick, they only move."""
        for digits in (self.digits + typed, typed):
            if self._has_own_row and int(digits) == len(self.options) + 1:
                return self._open_own_line()
            if int(digits) - 1 in self.shown:
                place = self.shown.index(int(digits) - 1)
                if self.has_ticks and len(self.options) <= MAX_DIGIT_CHOICES:
                    return replace(self._toggle(place), digits=digits, missing="")
                return replace(self, at=place, digits=digits, missing="")
        return replace(self, at=self.at if self.has_ticks else NOT_CHOSEN, digits="", missing=typed)

    def _toggle(self, place: int) -> Select:
        return replace(self, at=place, ticked=self.ticked ^ {self.options[self.shown[place]].id})

    def _clear_filter(self) -> Select:
        here = self.shown[self.at] if self.shown and self.at != NOT_CHOSEN else self.at
        return replace(self, filtering=False, filter=EditBuffer(), at=here)

    def _submit(self) -> Submit | Skip:
        form = self.prepared.question.spec
        if isinstance(form, ChoicesSpec):
            return self._submit_ticks(form)
        if self.options and not self.shown:
            raise Refused(Problem("nothing-found", "Nothing matches the filter.", "Press Esc to show all."))
        if self.at == NOT_CHOSEN or self._is_at_own:
            return self._submit_nothing()
        chosen = self.options[self.shown[self.at]].id
        return Submit(chosen == "yes") if self._is_yes_no else Submit(self.prepared.validate(chosen))

    def _submit_ticks(self, form: ChoicesSpec) -> Submit | Skip:
        if not self.ticked and form.min:
            if not self.prepared.question.required:
                return Skip()
            raise Refused(Problem("too-few", "Nothing is ticked.", "Press Space to tick the choice at the arrow."))
        return Submit(self.prepared.validate(list(self._ticked_in_order)))

    def _submit_nothing(self) -> Skip:
        if not self.prepared.question.required:
            return Skip()
        hint = "Press y or n." if self._is_yes_no else "Press a number, or use the arrow keys."
        raise Refused(Problem("empty", "Nothing is chosen yet.", hint))


class ChoiceUI(QuestionUI):
    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        del before
        value = _get_initial_value(prepared)
        options = _add_own(prepared, (value,) if isinstance(value, str) else ())
        return Select(prepared, options, at=_find(value, options))

    def describe_input(self, question: Question, choices: int) -> str:
        if not choices:
            return NO_CHOICES
        numbers = "1" if choices == 1 else f"A number from 1 to {choices}"
        return f"{numbers}, {_describe_own(question)}or the first letters{_describe_filter(choices)}"

    def list_options(self, prepared: PreparedQuestion) -> tuple[view_models.OptionList, ...]:
        chosen = prepared.kept if isinstance(prepared.kept, tuple) else (prepared.kept,)
        return list_numbered_choices(prepared, range(len(prepared.choices)), frozenset(cast("tuple[str, ...]", chosen)))

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        try:
            return parse_choice(line, prepared.choices)
        except Refused as refused:
            if takes_own(prepared) and _may_be_own(line, refused):
                return line
            raise


class ChoicesUI(ChoiceUI):
    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        del before
        ticked = cast("tuple[str, ...]", _get_initial_value(prepared) or ())
        return Select(prepared, _add_own(prepared, ticked), ticked=frozenset(ticked))

    def describe_input(self, question: Question, choices: int) -> str:
        if not choices:
            return NO_CHOICES
        example = "1 3" if choices > 2 else "1 2"
        limits = _describe_limits(cast("ChoicesSpec", question.spec), choices)
        own = f"; {OWN_WORDS}, after a semicolon" if _has_own(question) else ""
        return f"Numbers, such as {example}{own}{limits}{_describe_filter(choices)}"

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        form = cast("ChoicesSpec", prepared.question.spec)
        is_none = form.min == 0 and is_none_answer(line, prepared.choices)
        if is_none or not form.own:
            return [] if is_none else parse_choices(line, prepared.choices)
        return list(dict.fromkeys(each for part in line.split(";") for each in _parse_with_own(part, prepared)))


class YesNoUI(QuestionUI):
    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        del before
        value = _get_initial_value(prepared)
        return Select(prepared, YES_OR_NO, at=NOT_CHOSEN if value is None else int(value is False))

    def describe_input(self, question: Question, choices: int) -> str:
        del question, choices
        return "y or n"

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        del prepared
        return parse_yes_no(line)


QUESTION_UIS = {"choice": ChoiceUI(), "choices": ChoicesUI(), "yesno": YesNoUI()}


def parse_yes_no(line: str) -> bool:
    """Whether `line` means yes: yes, no, or the beginning of one. Raises Refused for anything else."""
    word = to_ascii_width(line).strip().casefold()
    for words, meaning in ((YES_WORDS, True), (NO_WORDS, False)):
        if word and any(each.startswith(word) for each in words):
            return meaning
    raise Refused(Problem("not-yes-or-no", f"{abbreviate(line) or 'This'} is neither yes nor no.", "Type y or n."))


def takes_own(prepared: PreparedQuestion) -> bool:
    """May the person type an option of their own?"""
    return _has_own(prepared.question)


def _has_own(question: Question) -> bool:
    return isinstance(question.spec, OptionsSpec) and question.spec.own


def _add_own(prepared: PreparedQuestion, chosen: tuple[str, ...]) -> tuple[Choice, ...]:
    """The choices, and those that the person typed before."""
    own = (Choice(each, each) for each in chosen if prepared.question.spec.is_own_text(each))
    return (*prepared.choices, *own)


def _parse_with_own(part: str, prepared: PreparedQuestion) -> list[str]:
    if not part.strip():
        return []
    try:
        return parse_choices(part, prepared.choices)
    except Refused as refused:
        if _may_be_own(part, refused):
            return [part.strip()]
        raise


def _may_be_own(line: str, refused: Refused) -> bool:
    """Is what matches no choice an option of the person's own? A number alone, or a word that matches several, isn't."""
    is_unknown = all(problem.code == "unknown-choice" for problem in refused.problems)
    return is_unknown and any(char.isalpha() for char in line)


def _describe_own(question: Question) -> str:
    return f"{OWN_WORDS}, " if _has_own(question) else ""


def _get_initial_value(prepared: PreparedQuestion) -> Value | None:
    return prepared.current if prepared.current is not None else prepared.default


def _find(chosen: object, options: Sequence[Choice]) -> int:
    return next((place for place, each in enumerate(options) if each.id == chosen), NOT_CHOSEN)


def _describe_limits(form: ChoicesSpec, choices: int) -> str:
    most = form.max if form.max is not None and form.max < choices else None
    if form.min == 0:
        return (f", at most {most}" if most else "") + "; - for none"
    if most is not None and most == form.min:
        return f", exactly {most}"
    least = f", at least {form.min}" if form.min > 1 else ""
    return least + (f", at most {most}" if most is not None else "")


def _describe_filter(choices: int) -> str:
    return "; /word to filter the list" if choices > LINE_FILTER_THRESHOLD else ""
