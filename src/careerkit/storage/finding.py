"""Which entry a person means by the beginning of an id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from careerkit.core.journal.listed import handle_of
from careerkit.core.problem import Problem, Refused

LAST = "last"
SHOWN = 5


def choose(
    beginning: str,
    named: Callable[[str], Iterable[str]],
    newest_first: Callable[[], Iterable[str]],
    newest_of: Callable[[Sequence[str]], str],
) -> str:
    """The id that `beginning` means: that of the id or of its random part, or "last".

    `named` gives at least the ids that begin so, in order; `newest_first` all but those of removed entries, which only
    "last" passes over, so that they can be brought back. `newest_of` tells the newest of those that began in the same
    minute. Refused when none or several fit.
    """
    wanted = beginning.strip().lower()
    if wanted == LAST:
        return _last(newest_first(), newest_of)
    fitting = [entry_id for entry_id in named(wanted) if wanted and _fits(entry_id.lower(), wanted)]
    match fitting:
        case [only]:
            return only
        case []:
            raise Refused(unknown(beginning))
    exact = [entry_id for entry_id in fitting if wanted in (entry_id.lower(), handle_of(entry_id))]
    if len(exact) == 1:
        return exact[0]
    raise Refused(_ambiguous(beginning, fitting))


def unknown(beginning: str) -> Problem:
    from careerkit.core.quoted import quoted  # a list does without

    return Problem(
        "unknown-entry",
        "There is no such entry." if beginning else "No entry was named.",
        "`careerkit journal list` shows them all.",
        quoted(beginning),
    )


def _last(newest_first: Iterable[str], newest_of: Callable[[Sequence[str]], str]) -> str:
    for _, same_minute in groupby(newest_first, key=_minute):
        there = list(same_minute)
        return newest_of(there) if len(there) > 1 else there[0]
    raise Refused(unknown(LAST))


def _ambiguous(beginning: str, fitting: list[str]) -> Problem:
    some = ", ".join(handle_of(entry_id) for entry_id in fitting[-SHOWN:])
    more = ", …" if len(fitting) > SHOWN else ""
    message = f"{len(fitting)} entries begin so: {some}{more}."
    return Problem("ambiguous-entry", message, "Give one letter more.", beginning)


def _fits(entry_id: str, wanted: str) -> bool:
    return entry_id.startswith(wanted) or handle_of(entry_id).startswith(wanted)


def _minute(entry_id: str) -> str:
    return entry_id.partition("-")[0]
