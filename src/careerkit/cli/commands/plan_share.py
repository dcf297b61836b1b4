"""The copy of a plan for others: what it contains is shown question by question before it is written."""

from __future__ import annotations

import sys

from careerkit.cli.container import load_playbook, open_journal
from careerkit.cli.display import is_interactive
from careerkit.cli.output import print_info, wrap_for
from careerkit.cli.prompts import ask_line, read_text
from careerkit.coaching.redaction import redact
from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.frozen import replace
from careerkit.core.text import abbreviate
from careerkit.export.plan_document import PlanDocument, PlannedEntry
from careerkit.terminal.sanitize import sanitize, sanitize_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.redaction import Redaction
    from careerkit.core.playbook.model import Playbook

MAX_SHOWN = 60
"""Characters of an answer in the preview."""


def prepare_for_others(
    options: GlobalOptions,
    planned: PlannedEntry,
    *,
    audience: str,
    with_questions: str,
    names_file: str | None,
    will_be_written: bool,
    is_confirmed: bool,
) -> PlanDocument:
    """The plan for others. At a terminal, shows what a file would contain, asks for other names, and asks before it is written.

    `with_questions` names private questions whose answers are included, separated by commas. `names_file` has more names to
    replace, one on each line. Raises Refused if there is no such question or file, or if the person says no.
    """
    playbook, _ = load_playbook(open_journal(options), planned.entry)
    named = tuple(each.strip() for each in with_questions.split(",") if each.strip())
    _check_questions(playbook, named)
    more = [] if names_file is None else read_text(names_file).split("\n")

    def redact_with(names: Sequence[str]) -> Redaction:
        return redact(planned.entry, playbook, plan=planned.plan, with_questions=named, more_names=names)

    redaction = redact_with(more)
    is_watched = sys.stderr.isatty() and not options.json
    must_ask = will_be_written and not is_confirmed and is_watched and is_interactive(options)
    if is_watched:
        _print_preview(redaction, audience)
    _print_words_to_check(redaction, options)
    if must_ask and redaction.check:
        typed = [
            each.strip() for each in ask_line("Names to replace too, with commas between (Enter for none): ").split(",")
        ]
        if any(typed):
            redaction = redact_with([*more, *typed])
            _print_legend(redaction)
            _print_words_to_check(redaction, options)
    if must_ask and ask_line("Write it? [y/N] ").strip().casefold() not in ("y", "yes"):
        raise Refused(Problem("not-confirmed", "Nothing was written.", ""))
    if not options.json and not redaction.plan.actions and planned.plan.actions:
        print_info("Every action of this plan is private, so the copy has none.")
    shared = replace(planned, entry=redaction.entry, plan=redaction.plan, playbook=playbook, checkins=())
    return PlanDocument((shared,), for_others=True)


def _check_questions(playbook: Playbook, named: Sequence[str]) -> None:
    known = [each.id for each in playbook.questions]
    problems = []
    for each in named:
        if each not in known:
            near = find_closest(each, known)
            hint = f'Did you mean "{near}"?' if near else "`careerkit playbook show` lists the questions."
            problems.append(Problem("unknown-question", f'No question "{each}".', hint, "--with"))
    if problems:
        raise Refused(problems)


def _print_preview(redaction: Redaction, audience: str) -> None:
    """What is included and left out, and which names are replaced. On standard error."""
    if audience == "witness":
        print_info("The page has your open actions, and nothing else of your answers.")
    else:
        print_info("Others can see, or infer, these answers:")
        for each in redaction.included:
            _print_line(f"  {each.asked} {abbreviate(' '.join(each.shown.split()), MAX_SHOWN)}")
    if redaction.left_out:
        print_info("Left out, because they are private (--with ID includes one), with what depends on them:")
        for each in redaction.left_out:
            _print_line(f"  {each.question}: {each.asked}")
    _print_legend(redaction)


def _print_legend(redaction: Redaction) -> None:
    if redaction.legend:
        print_info("Names that are replaced. This list is not in the copy:")
        for placeholder, name in redaction.legend:
            _print_line(f"  {placeholder}: {name}")


def _print_words_to_check(redaction: Redaction, options: GlobalOptions) -> None:
    """The words in the copy that may be names that careerkit can't know."""
    if redaction.check and not options.json:
        print_info(f"Still in the copy, and perhaps names: {', '.join(redaction.check)}")
        if not sys.stderr.isatty():
            print_info("To replace some of them, give a file with one name on each line: --names FILE")


def _print_line(text: str) -> None:
    sys.stderr.write(
        wrap_for(sanitize(sanitize_line(text), encoding=sys.stderr.encoding or "ascii"), stream=sys.stderr)
    )
