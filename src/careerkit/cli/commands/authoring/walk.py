"""`careerkit playbook walk`: what can be reached in a playbook, by what answers, and how long runs are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.cli.container import build_clock, open_library
from careerkit.cli.display import show_view, view_output
from careerkit.cli.output import show_progress, write, write_json
from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.playbook.walk.variables import Moment
from careerkit.core.playbook.walk.walker import Walker
from careerkit.core.text import quote_fragment
from careerkit.export.walk_report import build_answers, serialise_run, serialise_walk
from careerkit.storage.toml_writer import dumps
from careerkit.terminal.outcome_view import build_outcome_view
from careerkit.terminal.plain_renderer import PlainRenderer
from careerkit.terminal.walk_view import render_walk

if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions
    from careerkit.core.outcome.model import Outcome
    from careerkit.core.playbook.model import Playbook
    from careerkit.core.playbook.walk.runs import ExampleRun


def walk(options: GlobalOptions, *, playbook: str, reach: str) -> int:
    """Explore every branch of a playbook, or find answers that lead to one part of it.

    The exit code is 1 if a part is proved unreachable, a condition always holds, or a run can end without a finding or
    an action.
    """
    found = open_library().open(playbook).playbook
    now, zone = build_clock().now(), build_clock().zone()
    moment = Moment(now.date(), now, zone)
    walker = Walker(found, moment, count_lines=lambda outcome: _count_lines(outcome, found))
    if reach:
        return _show_run(options, walker, found, reach)
    with show_progress(options, "Walking", walker.count_steps) as advance:
        report = walker.walk(advance)
    if options.json:
        write_json(serialise_walk(report))
    else:
        output = view_output(options)
        command = f"careerkit playbook walk {playbook}"
        text = render_walk(report, found, command=command, renderer=output["renderer"], encoding=output["encoding"])
        show_view(options, text, encoding=output["encoding"])
    return 1 if report.has_defects else 0


def _show_run(options: GlobalOptions, walker: Walker, playbook: Playbook, place: str) -> int:
    """Print the answers of a run that reaches a place, as an answers file."""
    if place not in walker.list_places():
        near = find_closest(place, walker.list_places())
        hint = f"Did you mean {near}?" if near else "`careerkit playbook walk --json` lists the places of all parts."
        raise Refused(Problem("unknown-place", f"There is no part {quote_fragment(place)}.", hint, playbook.id))
    run, reason = walker.find_run(place)
    if run is None:
        raise Refused(Problem("not-reached", f"No run leads to {place}.", reason, playbook.id))
    if options.json:
        write_json(serialise_run(1, run))
    else:
        write(_format_answers(run, playbook, place))
    return 0


def _format_answers(run: ExampleRun, playbook: Playbook, place: str) -> str:
    lines = [f"# {playbook.id}: {place}"]
    if run.lane == "quick":
        lines.append("# In the quick lane: run it with --quick.")
    if run.hour is not None:
        lines.append(f"# Started at hour {run.hour} of the day.")
    text = "\n".join(lines) + "\n" + dumps(build_answers(run.answers))
    if run.checkin:
        done = f" Done by then: {', '.join(run.done)}." if run.done else ""
        later = dumps(build_answers(run.checkin_answers))
        text += f"\n# Then, in the check-in {run.checkin}:{done}\n" + "".join(
            f"# {line}\n" for line in later.splitlines()
        )
    return text


def _count_lines(outcome: Outcome, playbook: Playbook) -> int:
    """The lines of the result in full, as plain text."""
    renderer = PlainRenderer()
    text = "".join(map(renderer.render, build_outcome_view(outcome, {}, playbook=playbook)))
    return sum(bool(line.strip()) for line in text.splitlines())
