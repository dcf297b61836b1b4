"""`careerkit` alone at a terminal: what waits, and what there is to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.cli import screens, wiring

if TYPE_CHECKING:
    from careerkit.cli.asked import Request


def at_home(request: Request) -> int:
    """Show the first screen, and do what the person chooses; gives the exit code."""
    with screens.curtain(request):
        screens.greet(request, "careerkit", None, "")

        from careerkit.coaching.home import (  # behind the first line on the screen
            Begin,
            GoOn,
            SeePlan,
            look_around,
            look_away,
        )
        from careerkit.coaching.screen import EndOfInput

        screen = screens.screen(request)
        if wiring.opens(request):
            home = look_around(wiring.journal(request), wiring.library(), wiring.clock())
        else:
            home = look_away(wiring.library(), wiring.clock())
        if home.problems:
            screen.complain(home.problems)
        try:
            wanted = screen.home(home)
        except EndOfInput:
            return 0
        match wanted:
            case GoOn(entry_id=entry_id):
                from careerkit.cli.conversation import go_on

                return go_on(request, entry_id)
            case SeePlan(entry_id=entry_id):
                return _show_plan(request, entry_id)
            case Begin(playbook_id=playbook_id):
                from careerkit.cli.going_through import go_through

                return go_through(request, playbook_id, answers=None, quick=False, anew=False)
        return 0


def _show_plan(request: Request, entry_id: str) -> int:
    from careerkit.cli.plan import read_plan

    entry, corrected = read_plan(request, entry_id)
    screens.show_plan(request, entry, corrected)
    screens.linger(request)
    return 0
