"""Records: form by form, field by field."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from careerkit.coaching.screen import Back, Skip
from careerkit.core.days import date_text
from careerkit.core.problem import Problem, Refused
from careerkit.terminal.menu import Menu
from careerkit.terminal.partial import is_blank, is_filled
from careerkit.terminal.pieces import PartHead, Prompt, Remark, Why
from careerkit.terminal.posed import Posed, pose_field
from careerkit.terminal.simple import Manner, ask_simple
from careerkit.terminal.talk import Left, Talk
from careerkit.terminal.typed import read_yesno
from careerkit.terminal.walk import walk

if TYPE_CHECKING:
    from careerkit.core.playbook.model import Choice, Question, RecordsForm
    from careerkit.core.value import Value

FilledForm = dict[str, object]


class Forms:
    """Asks for records. `forms` are those filled in, and are kept up to date, so that leaving loses nothing."""

    def __init__(self, talk: Talk, posed: Posed, forms: list[FilledForm]) -> None:
        self._talk = talk
        self._posed = posed
        self._forms = forms
        self._form = cast("RecordsForm", posed.question.form)
        self._fields = self._form.fields
        self._why = talk.why
        self._whole = True

    def ask(self) -> object:
        """All forms; None where they are left out."""
        try:
            if self._form.items:
                return self._one_for_each(self._posed.choices)
            if self._forms and self._unfilled() is None:
                self._menu(add=True).run(self._talk, whole=True)
            elif not self._grow():
                return [] if self._form.min == 0 else None
            return self._forms
        finally:
            self._talk.why = self._why

    # ------------------------------------------------------------ as many forms as the person has

    def _grow(self) -> bool:
        """Ask for forms until there are no more. Is there any?"""
        optional = self._form.min == 0 or not self._posed.question.required
        if not self._forms and optional and not self._yes("Add one?"):
            return False
        while True:
            if self._unfilled() is None:
                if self._forms and not self._wants_another():
                    return True
                self._forms.append({})
            self._fill_one(cast("int", self._unfilled()))

    def _unfilled(self) -> int | None:
        """The first form that is not filled in."""
        return next((place for place, form in enumerate(self._forms) if not is_filled(form, self._fields)), None)

    def _wants_another(self) -> bool:
        while self._form.min <= len(self._forms) < self._form.max:
            try:
                return self._yes("Another?")
            except Left as left:
                if not isinstance(left.reply, Back):
                    raise
                self._reopen(len(self._forms) - 1)
        return len(self._forms) < self._form.min

    def _fill_one(self, place: int) -> None:
        """Fill the form that is begun or new; back from its first field leads into the one before."""
        form = self._forms[place]
        try:
            self._fill(form, self._title(place), settled={each.id for each in self._fields if each.id in form})
        except Left as left:
            if is_blank(form):
                del self._forms[place]
            if not isinstance(left.reply, Back) or place == 0:
                raise
            self._reopen(place - 1)

    def _reopen(self, place: int) -> None:
        """Ask the last field of a form again."""
        self._fill(self._forms[place], self._title(place), settled={each.id for each in self._fields[:-1]})

    def _fill(self, form: FilledForm, title: str, *, settled: set[str]) -> None:
        self._talk.show(PartHead(title, opens=True))
        places = {place for place, field in enumerate(self._fields) if field.id in settled}
        walk(len(self._fields), settled=places, ask=lambda place: self._ask_field(self._fields[place], form))

    def _yes(self, question: str) -> bool:
        self._talk.show(PartHead(question))
        prompt = Prompt("y or n", "takes n", self._whole)
        self._whole = False
        return self._talk.fitting(prompt, lambda line: bool(line.strip()) and read_yesno(line))

    def _title(self, place: int) -> str:
        return f"Number {place + 1}"

    # ------------------------------------------------------------ one form for each item

    def _one_for_each(self, items: tuple[Choice, ...]) -> object:
        by_item = {str(form["item"]): form for form in self._forms}
        self._forms[:] = [by_item.get(item.id) or {"item": item.id} for item in items]
        places = [(form, field) for form in self._forms for field in self._fields]
        settled = {place for place, (form, field) in enumerate(places) if field.id in form}
        if places and len(settled) == len(places):
            self._menu(add=False).run(self._talk, whole=True)
        else:
            walk(len(places), settled=settled, ask=lambda place: self._ask_of_item(place, places))
        return self._forms

    def _ask_of_item(self, place: int, places: list[tuple[FilledForm, Question]]) -> int:
        form, field = places[place]
        if place % len(self._fields) == 0 or self._whole:
            self._talk.show(PartHead(self._posed.choices[place // len(self._fields)].label, opens=True))
        return self._ask_field(field, form)

    # ------------------------------------------------------------ fields and forms

    def _ask_field(self, field: Question, form: FilledForm) -> int:
        self._talk.show(PartHead(field.ask, field.hint))
        self._talk.why = Why(field.why, field.source) if field.why else self._why
        kept = cast("Value | None", form.get(field.id))
        offered = {} if kept else self._posed.suggestions
        posed = pose_field(field, kept=kept, today=self._posed.today, suggestions=offered)
        manner: Manner = "whole" if self._whole else "part"
        self._whole = False
        try:
            form[field.id] = value = ask_simple(self._talk, posed, [], manner=manner, checked=True)
        except Left as left:
            if not isinstance(left.reply, Skip) or field.required:
                raise
            form[field.id] = value = None
        if isinstance(value, date):
            self._talk.show(Remark(date_text(value) + "."))
        return 1

    def _menu(self, *, add: bool) -> Menu:
        if not add:
            return Menu(self._lines, self._change, keep=lambda: None)
        return Menu(self._lines, self._change, self._check_number, self._add_one, self._forms.__delitem__)

    def _lines(self) -> list[str]:
        return [self._posed.record_words(form) for form in self._forms]

    def _change(self, place: int) -> None:
        title = self._posed.choices[place].label if self._form.items else self._title(place)
        self._fill(self._forms[place], title, settled=set())

    def _add_one(self) -> None:
        if len(self._forms) >= self._form.max:
            raise Refused(Problem("too-many", f"At most {self._form.max} fit.", "Remove one first."))
        form: FilledForm = {}
        self._forms.append(form)
        try:
            self._fill(form, self._title(len(self._forms) - 1), settled=set())
        except Left:
            if not is_filled(form, self._fields):
                self._forms.remove(form)
            raise

    def _check_number(self) -> None:
        if len(self._forms) < self._form.min:
            there = "is" if len(self._forms) == 1 else "are"
            message = f"At least {self._form.min} are needed: there {there} {len(self._forms)}."
            raise Refused(Problem("too-few", message, "Type + to add one, or :skip to put the question off."))
