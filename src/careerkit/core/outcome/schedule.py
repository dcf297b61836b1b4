"""When actions are due: not in quiet hours, not at the weekend if they need people at work, not after the deadline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from careerkit.core.due_dates import RelativeDate, add_elapsed, due_sort_key, localize, resolve_relative_date, set_hour
from careerkit.core.facts import Facts
from careerkit.core.outcome.model import DueTime

DAY_BEGINS, DAY_ENDS = time(8), time(21)
"""Times before and after these are quiet hours. Both moments themselves are not."""

END_OF_WORK = Decimal(17)
"""The hour that stands in for an unknown hour of the deadline, in a due date such as `deadline - 2h`."""

_LAST_MINUTE = time(23, 59)
_SATURDAY = 5


class Schedule:
    """Finds due dates for an outcome that is given at one moment, by the deadline and the urgency of the answers.

    A deadline that has passed limits nothing. If only its hour has passed, the limit is the end of the day.
    """

    def __init__(self, facts: Facts, given: datetime) -> None:
        self._facts = facts
        self._given = _localize_there(given, facts.zone)
        self._is_urgent = bool(facts.playbook.urgent) and facts.holds(facts.playbook.urgent)
        self._deadline = self.get_date(facts.playbook.deadline)
        hour = facts.value(facts.playbook.deadline_hour)
        self._hour = hour if isinstance(hour, Decimal) else None
        self._limit = self._find_limit()

    def resolve(self, due: RelativeDate, get_date: Callable[[str], date | None]) -> DueTime | None:
        """The date or time that `due` means, not before the outcome is given. None if the date it counts from is null."""
        if due.unit not in ("h", "min"):
            return resolve_relative_date(due, given=self._given, get_date=get_date)
        elapsed = timedelta(hours=due.amount) if due.unit == "h" else timedelta(minutes=due.amount)
        if not due.question:
            return max(add_elapsed(self._given, elapsed), self._given)
        day = get_date(due.question)
        if day is None:
            return None
        try:
            moment = set_hour(day, END_OF_WORK if self._hour is None else self._hour, self._given.tzinfo)
            return max(add_elapsed(moment, elapsed), self._given)
        except OverflowError:
            return day

    def find_event(self, due: RelativeDate) -> datetime | None:
        """The moment of the deadline, if `due` means the deadline itself and its hour is known and still to come.

        It was set by someone else, so neither quiet hours nor the weekend move it.
        """
        is_event = due.question == self._facts.playbook.deadline and not due.amount
        if not is_event or self._hour is None or self._limit is None or self._limit.time() == _LAST_MINUTE:
            return None
        return self._limit

    def place(self, due: DueTime, *, office: bool = False, after_deadline: bool = False) -> DueTime:
        """The nearest moment that is allowed: later if possible, otherwise before the deadline.

        If no time before the deadline is allowed, the result is a day without a time.
        """
        limit = None if after_deadline else self._limit
        if isinstance(due, datetime):
            return self._place_time(due, limit, office=office)
        return self._place_day(due, limit, office=office)

    def get_date(self, question: str) -> date | None:
        value = self._facts.value(question)
        return value if isinstance(value, date) else None

    def _find_limit(self) -> datetime | None:
        day = self._deadline
        if day is None or day < self._given.date() or day >= date.max - timedelta(days=400):
            return None
        end = datetime.combine(day, _LAST_MINUTE, self._given.tzinfo)
        exact = end if self._hour is None else min(set_hour(day, self._hour, self._given.tzinfo), end)
        return exact if exact >= self._given else max(end, self._given)

    def _place_day(self, day: date, limit: datetime | None, *, office: bool) -> DueTime:
        later = _skip_weekend(day) if office else day
        if limit is None or later < limit.date():
            return later
        if limit.time() != _LAST_MINUTE:  # by that hour of the day
            earlier = self._move_earlier(limit, office=office)
            if earlier is not None:
                return earlier
            return self._place_day(day, limit, office=False) if office else min(day, limit.date())
        if later == limit.date():
            return later
        last = _step_back_to_workday(limit.date()) if office else limit.date()
        return last if last >= self._given.date() else min(day, limit.date())

    def _place_time(self, moment: datetime, limit: datetime | None, *, office: bool) -> DueTime:
        later = self._move_later(max(moment, self._given), office=office)
        if limit is None or later <= limit:
            return later
        earlier = self._move_earlier(limit, office=office)
        if earlier is not None:
            return earlier
        if office:  # nobody is at work before the deadline
            return self._place_time(moment, limit, office=False)
        return min(moment.date(), limit.date())

    def _move_later(self, moment: datetime, *, office: bool) -> datetime:
        """The first allowed moment from `moment` on."""
        if not self._is_urgent and moment.time() > DAY_ENDS:
            moment = datetime.combine(moment.date() + timedelta(days=1), DAY_BEGINS, moment.tzinfo)
        elif not self._is_urgent and moment.time() < DAY_BEGINS:
            moment = datetime.combine(moment.date(), DAY_BEGINS, moment.tzinfo)
        if office and moment.weekday() >= _SATURDAY:
            moment = datetime.combine(_skip_weekend(moment.date()), DAY_BEGINS, moment.tzinfo)
        return moment

    def _move_earlier(self, moment: datetime, *, office: bool) -> datetime | None:
        """The last allowed moment up to `moment`; None if that is before the outcome is given."""
        if not self._is_urgent and moment.time() < DAY_BEGINS:
            moment = datetime.combine(moment.date() - timedelta(days=1), DAY_ENDS, moment.tzinfo)
        elif not self._is_urgent and moment.time() > DAY_ENDS:
            moment = datetime.combine(moment.date(), DAY_ENDS, moment.tzinfo)
        if office and moment.weekday() >= _SATURDAY:
            moment = datetime.combine(_step_back_to_workday(moment.date()), DAY_ENDS, moment.tzinfo)
        return moment if moment >= self._given else None


def choose_earlier(first: DueTime | None, second: DueTime | None) -> DueTime | None:
    """The earlier of two due dates; a missing one counts as later than any."""
    return min(first, second, key=due_sort_key)


def _skip_weekend(day: date) -> date:
    """`day`, or the Monday after it if it is at the weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= _SATURDAY else day


def _step_back_to_workday(day: date) -> date:
    """`day`, or the Friday before it if it is at the weekend."""
    return day - timedelta(days=max(0, day.weekday() - _SATURDAY + 1))


def _localize_there(moment: datetime, zone: str) -> datetime:
    """The moment in the time zone in which the entry was started. Unchanged if the clocks there had another offset, because
    the person has travelled since: days count where the outcome was given.
    """
    there = localize(moment, zone)
    return there if there.utcoffset() == moment.utcoffset() else moment
