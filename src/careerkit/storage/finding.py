"""Which entry a person means by the beginning of an id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from careerkit.core.problem import Problem, Refused

LAST = "last"
SHOWN = 5


def choose(
    beginning: str,
    ids: Iterable[str],
    newest_of: Callable[[Sequence[str]], str],
    removed: Callable[[], frozenset[str]],
) -> str:
    """The id that `beginning` means: that of the id or of its random part, or "last".

    `newest_of` tells the newest of those that began in the same minute. Only "last" passes over what was `removed`, so
    that it can be brought back. Refused when none or several fit.
    """
    known = sorted(ids)
    wanted = beginning.strip().lower()
    if wanted == LAST:
        return _last(known, newest_of, removed())
    fitting = [entry_id for entry_id in known if wanted and _fits(entry_id.lower(), wanted)]
    match fitting:
        case [only]:
            return only
        case []:
            raise Refused(unknown(beginning))
    exact = [entry_id for entry_id in fitting if wanted in (entry_id.lower(), _handle(entry_id))]
    if len(exact) == 1:
        return exact[0]
    raise Refused(_ambiguous(beginning, fitting))


def unknown(beginning: str) -> Problem:
    return Problem(
        "unknown-entry",
        "There is no such entry." if beginning else "No entry was named.",
        "`careerkit journal list` shows them all.",
        beginning,
    )


def _last(known: Sequence[str], newest_of: Callable[[Sequence[str]], str], removed: frozenset[str]) -> str:
    there = [entry_id for entry_id in known if entry_id not in removed]
    if not there:
        raise Refused(unknown(LAST))
    same_minute = [entry_id for entry_id in there if _minute(entry_id) == _minute(there[-1])]
    return newest_of(same_minute) if len(same_minute) > 1 else there[-1]


def _ambiguous(beginning: str, fitting: list[str]) -> Problem:
    some = ", ".join(_handle(entry_id) for entry_id in fitting[-SHOWN:])
    more = ", …" if len(fitting) > SHOWN else ""
    message = f"{len(fitting)} entries begin so: {some}{more}."
    return Problem("ambiguous-entry", message, "Give one letter more.", beginning)


def _fits(entry_id: str, wanted: str) -> bool:
    return entry_id.startswith(wanted) or _handle(entry_id).startswith(wanted)


def _handle(entry_id: str) -> str:
    return entry_id.partition("-")[2]


def _minute(entry_id: str) -> str:
    return entry_id.partition("-")[0]
