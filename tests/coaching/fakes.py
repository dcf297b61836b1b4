"""A screen that replies from a script, and a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from careerkit.coaching.screen import EndOfInput, Given, Review
from careerkit.core.interview import Ask
from scenario import NOW


class FakeClock:
    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def zone(self) -> str:
        return "UTC"

    def wait(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


class FakeScreen:
    """Replies in the order of the script: an answer by itself, a Reply, or a function of the Ask. Then input ends."""

    def __init__(self, *script: object, confirms: bool = True, reviews: tuple = ()) -> None:
        self._script = list(script)
        self._confirms = confirms
        self._reviews = list(reviews)
        self.shown: list[str] = []
        self.asked: list[Ask] = []
        self.suggested: list[dict[str, tuple[str, ...]]] = []
        self.whys: list[tuple[str, tuple[str, ...]]] = []
        self.concluded = None
        self.card_given = None
        self.last_review = None
        self.looked_over: list[Review] = []

    def open(self, playbook, *, note):
        self.shown.append(f"open {playbook.title} {note}".strip())

    def recall(self, said):
        self.shown += [f"recalled {each.ask}: {each.shown}" for each in said]

    def introduce(self, stage):
        self.shown.append(f"stage {stage.title}")

    def read(self, note):
        self.shown.append(f"note {note.heading}")

    def tell(self, finding):
        self.shown.append(f"finding {finding.id}")

    def ask(self, ask, *, why, sources, suggestions=None, keep=None):
        self.asked.append(ask)
        self.suggested.append(dict(suggestions or {}))
        self.whys.append((why, tuple(sources)))
        self.shown.append(f"ask {ask.question.id}")
        if not self._script:
            raise EndOfInput
        reply = self._script.pop(0)
        if isinstance(reply, Callable) and not isinstance(reply, type):
            reply = reply(ask)
        if isinstance(reply, BaseException):
            raise reply
        return reply if type(reply).__module__ == "careerkit.coaching.screen" else Given(reply)

    def answered(self, ask, shown):
        self.shown.append(f"answered {ask.question.id}: {shown}")

    def complain(self, problems):
        self.shown += [f"complaint {problem.code}" for problem in problems]

    def say(self, text):
        self.shown.append(f"say {text}")

    def review(self, review):
        self.last_review = review
        self.looked_over += [review] if review.at_end else []
        return self._reviews.pop(0) if self._reviews else None

    def card(self, outcome, because):
        self.card_given = (outcome, because)
        self.shown.append("card")

    def confirm(self, question, *, default):
        self.shown.append(f"confirm {question}")
        return self._confirms

    def conclude(self, entry, because):
        self.concluded = (entry, because)
        self.shown.append("conclude")
