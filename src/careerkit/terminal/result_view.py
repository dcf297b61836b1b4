"""The result of an interview on two screens, and the parts of it that are opened on request.

The first view has at most MAX_ROWS rows at 80 columns, whatever the texts are: headline, plan, findings, first draft,
then a line for each part that can be opened. What doesn't fit is in one of these parts, and the line where it was cut says
in which. The first view is the same for every renderer.
"""

from __future__ import annotations

from careerkit.core.due_dates import format_date
from careerkit.core.frozen import Literal, frozen, replace
from careerkit.core.outcome.model import find_citations, is_figure
from careerkit.core.text import format_count
from careerkit.terminal import view_models
from careerkit.terminal.sanitize import (
    TEXT_WIDTH,
    RowBudget,
    count_cells,
    count_rows,
    cut_text,
    cut_with_rest,
    sanitize_record,
)
from careerkit.terminal.view_models import (
    NO_HISTORY,
    PlanHistory,
    build_plan_view,
    format_due,
    format_short_due,
    get_state_label,
    name_owner,
    number_actions,
    sort_by_due,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from careerkit.coaching.ports import Reason
    from careerkit.core.journal.entry import Entry
    from careerkit.core.journal.people import PeopleMap
    from careerkit.core.outcome.model import Action, Finding, Outcome
    from careerkit.core.playbook.model import Playbook
    from careerkit.core.values import Level
    from careerkit.terminal.tty import TextWriter
    from careerkit.terminal.view_models import Renderer, ViewModel

PartKey = Literal["a", "f", "d", "w", "n", "p", "s", "c"]
PART_NAMES: dict[PartKey, str] = {
    "a": "actions",
    "f": "findings",
    "d": "drafts",
    "w": "why",
    "n": "numbers",
    "p": "pictures",
    "s": "sources",
    "c": "check-ins",
}
"""The key that opens each part, and the word that does the same where words are typed."""

Opening = Literal["keys", "commands", "nothing"]
"""How the first view says that its parts are opened: with keys, with commands, or not at all because all of them follow or
were shown before."""

DISCLAIMER = "Rules of thumb are our own; the judgment is yours."
MAX_ROWS: Mapping[Opening, tuple[int, int]] = {"keys": (39, 17), "commands": (42, 18), "nothing": (42, 18)}
"""Rows of the first view, and of that of a small matter: with what is around it, 45 and 20."""
MAX_FINDINGS, MAX_SMALL_FINDINGS = 3, 1
MAX_STEPS = 5
MAX_STEP_ROWS, MAX_HEADLINE_ROWS, MAX_TITLE_ROWS = 3, 3, 2
USUAL_DRAFT_ROWS, USUAL_TEXT_ROWS = 10, 4
"""What the first draft and a finding's text get before anything else gets more."""
MIN_DRAFT_ROWS, MIN_TEXT_ROWS = 3, 2
FRAME_ROWS, DRAFT_FRAME_ROWS, CHECKIN_FRAME_ROWS = 3, 3, 2
"""The disclaimer and the empty lines before the headline and the disclaimer; the empty lines around a draft's text; the
empty line and the title above the answers of a check-in."""
MAX_CHECKIN_ROWS = 6
MENU_ROWS: Mapping[Opening, int] = {"keys": 3, "commands": 4}
"""What the list of parts takes at most."""
COUNTED_PARTS = "fdsc"
"""The parts of which the list says how many there are."""
SYMBOL_WIDTH = 2
MAX_IDS_SHOWN = 3
"""Drafts named in a command."""


@frozen
class ResultPart:
    """A part that can be opened. `label` says what it holds, such as `4 more findings`."""

    key: PartKey
    label: str

    @property
    def name(self) -> str:
        return PART_NAMES[self.key]


@frozen
class _Shares:
    """The rows that each piece of the first view gets; the texts get at most as many as they need."""

    headline: int
    steps: tuple[int, ...]
    findings: tuple[int, ...]
    draft: int
    checkin: int = 0


class ResultView:
    """The first view of an entry's outcome, and its parts.

    `reasons` are those of each finding, by its id. Without a `playbook` the options of decisions and the sources show
    their ids, and there are no maps of people. `now` is when the result is shown; by default, when it was given.
    `is_card`: it is the card of the quick lane, which has no numbers. `opening`: how the parts are opened. `complete_command` returns the command line for the words of a command.
    `history` has what became of the plan.
    """

    def __init__(
        self,
        entry: Entry,
        reasons: Mapping[str, Sequence[Reason]],
        *,
        playbook: Playbook | None,
        now: datetime | None = None,
        is_card: bool = False,
        opening: Opening = "keys",
        complete_command: Callable[[str], str] = "careerkit {}".format,
        history: PlanHistory = NO_HISTORY,
    ) -> None:
        assert entry.outcome is not None, "without an outcome there is no result"
        self._entry = entry
        self._outcome: Outcome = entry.outcome
        self._reasons = reasons
        self._playbook = playbook
        self._is_card = is_card
        self._opening = opening
        self._complete_command = complete_command
        self._given = entry.finished or entry.outcome.given
        self._now = now or self._given
        self._history = history
        self._checkin = max(history.checkins, key=lambda each: each.at, default=None)
        self._actions = sort_by_due([each for each in self._outcome.actions if self._is_shown(each)])
        self._steps = tuple(self._build_step(*each) for each in number_actions(self._actions))
        self._due_width = max((count_cells(each.due) for each in self._steps), default=0)
        self._people = _build_people_maps(entry, playbook)
        self._headline, self._level = self._find_headline()
        self._fixed_parts = tuple(self._list_fixed_parts())
        self._shares = self._share_rows(menu=self._count_most_menu_rows())
        self.parts = (*self._list_cut_parts(), *self._fixed_parts)
        if opening == "commands":
            self._use_rows_left_by_menu()

    # ------------------------------------------------------------ the first view

    def build(self) -> Iterator[ViewModel]:
        """The first view, as view models."""
        opening = self._opening
        if self._headline:
            yield view_models.Headline(
                self._level, cut_text(self._headline, self._shares.headline, self._headline_width)
            )
        if self._shares.steps:
            yield view_models.Gap()
            yield view_models.PlanList(tuple(self._cut_step(*each) for each in self._list_shown_steps()))
            hidden = len(self._steps) - len(self._shares.steps)
            if hidden:
                yield self._build_marker(format_count(hidden, "more action"), "a", opening)
        yield from self._build_checkin()
        for finding, rows in zip(self._outcome.findings, self._shares.findings, strict=False):
            yield from self._build_finding(finding, rows, opening)
        draft = list(self._build_draft(self._shares.draft, opening)) if self._shares.draft else []
        yield from draft
        if len(draft) != 1:  # a draft ends with an empty line
            yield view_models.Gap()
        yield view_models.SecondaryText(DISCLAIMER)
        yield from self._build_menu(opening)

    def _build_checkin(self) -> Iterator[ViewModel]:
        """The newest answers of a check-in, a row each."""
        rows = self._shares.checkin
        if rows > CHECKIN_FRAME_ROWS and self._checkin:
            checkin = self._checkin
            due, title = format_due(checkin.at.date(), self._now.date()), f"Check-in: {checkin.title}"
            width = TEXT_WIDTH - 6 - len(due)
            shown = tuple(cut_text(each, 1, width) for each in checkin.lines[: rows - CHECKIN_FRAME_ROWS])
            yield view_models.Gap()
            yield view_models.PlanList((view_models.PlanStep(due, cut_text(title, 1, width), notes=shown),))
            hidden = len(checkin.lines) - len(shown)
            if hidden:
                yield self._build_marker(format_count(hidden, "more answer"), "c", self._opening)

    def _build_menu(self, opening: Opening) -> Iterator[ViewModel]:
        if not self.parts or opening == "nothing":
            return
        if opening == "keys":
            yield view_models.PartList(tuple(self._list_menu()), is_short=True)
            return
        names = [each.name for each in self.parts if each.key != "d"]
        if names:
            words = f"{', '.join(names)}: {self._format_command('a')}"
            yield view_models.SecondaryText(f"{words[0].upper()}{words[1:]}")
        drafts = next((each for each in self.parts if each.key == "d"), None)
        if drafts:
            ids = self._list_hidden_drafts()[1 : MAX_IDS_SHOWN + 1]
            others = f" (or {', '.join(ids)})" if ids else ""
            yield view_models.SecondaryText(f"{drafts.label}: {self._format_command('d')}{others}")

    def _list_menu(self) -> Iterator[tuple[str, str]]:
        """The key of each part and what it holds; only the name for a small matter, and where the name says it all."""
        for each in self.parts:
            yield each.key, each.label if each.key in COUNTED_PARTS and not self._outcome.small else each.name

    def _build_finding(self, finding: Finding, rows: int, opening: Opening) -> Iterator[ViewModel]:
        if not self._is_headline(finding):
            yield view_models.FindingTitle(finding.level, cut_text(finding.title, MAX_TITLE_ROWS))
        elif finding.text:
            yield view_models.Gap()
        yield from self._build_cut_text(finding.text, rows, "f", opening)

    def _build_draft(self, rows: int, opening: Opening) -> Iterator[ViewModel]:
        draft = self._outcome.drafts[0]
        shown, hidden = cut_with_rest(draft.text, rows)
        yield view_models.DraftText(cut_text(draft.title, 1), cut_text(draft.to, 1), shown)
        if hidden:
            yield self._build_marker(format_count(hidden, "more line"), "d", opening)

    def _build_cut_text(self, text: str, rows: int, key: PartKey, opening: Opening) -> Iterator[ViewModel]:
        shown, hidden = cut_with_rest(text, rows)
        if shown:
            yield view_models.Paragraphs(shown)
        if hidden:
            yield self._build_marker(format_count(hidden, "more line"), key, opening)

    def _build_marker(self, what: str, key: PartKey, opening: Opening) -> ViewModel:
        where = {"keys": key, "commands": self._format_command(key), "nothing": "above"}[opening]
        return view_models.SecondaryText(f"{what}: {where}")

    def _format_command(self, key: PartKey) -> str:
        """The command that shows a part."""
        option = f"--draft {self._list_hidden_drafts()[0]}" if key == "d" else "--all"
        return self._complete_command(f"plan show {self._entry.handle} {option}")

    # ------------------------------------------------------------ the plan

    def _build_step(self, action: Action, number: int) -> view_models.PlanStep:
        due = format_short_due(action.due, now=self._now, given=self._given)
        notes = self._history.changes.get(action.id, ())
        return view_models.PlanStep(due, name_owner(action), state=get_state_label(action), number=number, notes=notes)

    def _is_shown(self, action: Action) -> bool:
        """A dropped action is only shown if that isn't certain, because two machines disagree."""
        return action.state != "dropped" or len(self._history.changes.get(action.id, ())) > 1

    def _count_step_rows(self, step: view_models.PlanStep) -> int:
        text = f"{step.action} ({step.state})" if step.state else step.action
        return count_rows(text, self._step_width) + len(step.notes)

    @property
    def _step_width(self) -> int:
        return max(TEXT_WIDTH - 6 - self._due_width, TEXT_WIDTH // 3)

    def _list_shown_steps(self) -> Iterator[tuple[view_models.PlanStep, int]]:
        return zip(self._steps, self._shares.steps, strict=False)

    def _cut_step(self, step: view_models.PlanStep, rows: int) -> view_models.PlanStep:
        notes = tuple(cut_text(each, 1, self._step_width) for each in step.notes[: rows - 1])
        if self._count_step_rows(step) <= rows:
            return replace(step, notes=notes)
        state_width = len(step.state) + 3 if step.state else 0
        action = cut_text(step.action, max(1, rows - len(notes)), self._step_width - state_width)
        return replace(step, action=action, notes=notes)

    # ------------------------------------------------------------ sharing the rows

    def _find_headline(self) -> tuple[str, Level]:
        """The headline, or the title of the first finding if the playbook has none."""
        if self._outcome.headline:
            return self._outcome.headline, self._outcome.headline_level
        if self._outcome.findings:
            first = self._outcome.findings[0]
            return first.title, first.level
        return self._entry.playbook.title, "info"

    @property
    def _headline_width(self) -> int:
        label = view_models.HEADLINE_LABELS[self._level]
        return TEXT_WIDTH - (len(label) + SYMBOL_WIDTH if label else 0)

    def _is_headline(self, finding: Finding) -> bool:
        return not self._outcome.headline and finding is self._outcome.findings[0]

    def _use_rows_left_by_menu(self) -> None:
        """Share the rows again if the menu is shorter than it could have been. Which parts it lists depends on what is cut."""
        for menu in range(self._count_most_menu_rows()):
            self._shares = self._share_rows(menu=menu)
            self.parts = (*self._list_cut_parts(), *self._fixed_parts)
            lines = [each for each in self._build_menu(self._opening) if isinstance(each, view_models.SecondaryText)]
            if sum(count_rows(each.text) for each in lines) <= menu:
                return
        self._shares = self._share_rows(menu=self._count_most_menu_rows())
        self.parts = (*self._list_cut_parts(), *self._fixed_parts)

    def _share_rows(self, *, menu: int) -> _Shares:
        """Give every piece the least that it needs, then the usual amount in order of importance, then what is left.

        `menu`: the rows kept for the list of parts.
        """
        outcome = self._outcome
        budget = RowBudget(MAX_ROWS[self._opening][outcome.small])
        budget.take(FRAME_ROWS + menu)
        headline = budget.take(min(count_rows(self._headline, self._headline_width), MAX_HEADLINE_ROWS))
        needed = [self._count_step_rows(each) for each in self._steps]
        first = min(MAX_STEPS, len(needed))
        most = [MAX_STEP_ROWS + len(each.notes) for each in self._steps]
        steps = [budget.take(1 + len(each.notes)) for each in self._steps[:first]]
        budget.take(bool(steps) + (len(needed) > first))
        lines = min(MAX_CHECKIN_ROWS, len(self._checkin.lines)) if self._checkin else 0
        checkin = budget.take(lines + CHECKIN_FRAME_ROWS if lines else 0)
        budget.take(bool(self._checkin and len(self._checkin.lines) > lines))
        draft, draft_rows = self._reserve_draft(budget)
        for place in range(first):
            steps[place] += budget.take(min(needed[place], most[place]) - steps[place])
        if draft and draft_rows <= USUAL_DRAFT_ROWS and draft_rows - draft <= budget.left + 1:
            budget.left += 1  # the empty line below a whole draft is the one before the disclaimer
        draft += budget.take(min(draft_rows, USUAL_DRAFT_ROWS) - draft) if draft else 0
        texts = self._reserve_findings(budget)
        draft += budget.take(draft_rows - draft) if draft else 0
        for place, finding in enumerate(outcome.findings[: len(texts)]):
            texts[place] += budget.take(count_rows(finding.text) - texts[place])
        for rows, limit in zip(needed[first:], most[first:], strict=True):
            if not budget.take(min(rows, limit), at_least=min(rows, limit)):
                break
            steps.append(min(rows, limit))
        return _Shares(headline, tuple(each for each in steps if each), tuple(texts), draft, checkin)

    def _reserve_draft(self, budget: RowBudget) -> tuple[int, int]:
        """The rows that the first draft is sure to get, and those that it needs; 0 and 0 without a draft."""
        if not self._outcome.drafts:
            return 0, 0
        draft = self._outcome.drafts[0]
        needed = max(1, count_rows(draft.text))
        frame = DRAFT_FRAME_ROWS + min(3, count_rows(f"Draft: {cut_text(draft.title, 1)} (to {cut_text(draft.to, 1)})"))
        least = min(needed, MIN_DRAFT_ROWS)
        if not budget.take(frame + least, at_least=frame + least):
            return 0, 0
        return least, needed

    def _reserve_findings(self, budget: RowBudget) -> list[int]:
        """The rows for the texts of the findings that are shown."""
        texts: list[int] = []
        for finding in self._outcome.findings[: MAX_SMALL_FINDINGS if self._outcome.small else MAX_FINDINGS]:
            level = view_models.LEVEL_LABELS[finding.level]
            title = min(count_rows(f"{level}: {finding.title}"), MAX_TITLE_ROWS)
            frame = 1 + (0 if self._is_headline(finding) else title)
            needed = count_rows(finding.text)
            least = frame + min(needed, MIN_TEXT_ROWS)
            granted = budget.take(frame + min(needed, USUAL_TEXT_ROWS), at_least=least)
            if granted < least:
                break
            texts.append(granted - frame)
        return texts

    def _count_most_menu_rows(self) -> int:
        """The most rows that the parts can take."""
        outcome = self._outcome
        if self._opening == "nothing":
            return 0
        if outcome.small and self._opening == "keys":
            return 1 if len(outcome.drafts) <= 1 else 2
        return MENU_ROWS[self._opening]

    # ------------------------------------------------------------ the parts

    def _list_cut_parts(self) -> Iterator[ResultPart]:
        """The parts with what doesn't fit into the first view."""
        outcome = self._outcome
        if self._has_plan_details():
            yield ResultPart("a", "the plan with what reminds you, and how you know it's done")
        more = len(outcome.findings) - len(self._shares.findings)
        if more or self._list_hidden_findings() or self._is_headline_cut:
            yield ResultPart("f", format_count(more, "more finding") if more else "the findings in full")
        more = len(outcome.drafts) - (1 if self._shares.draft else 0)
        if more or self._list_hidden_drafts():
            yield ResultPart("d", format_count(more, "more draft") if more else "the draft in full")

    def _list_fixed_parts(self) -> Iterator[ResultPart]:
        """The parts that are never in the first view."""
        outcome = self._outcome
        if any(each.because or each.supports or each.opposes for each in outcome.findings):
            yield ResultPart("w", "why: your answers behind each finding")
        if not self._is_card and (outcome.decisions or any(is_figure(each) for each in outcome.computed)):
            yield ResultPart("n", "the numbers, and how they were calculated")
        if self._people or any(each.profile for each in outcome.findings):
            yield ResultPart("p", "people and pictures")
        sources = {each.partition(".")[0] for each in find_citations(outcome)}
        if sources:
            yield ResultPart("s", format_count(len(sources), "source"))
        if outcome.checkins:
            yield ResultPart("c", self._describe_checkins())

    def open(self, key: PartKey) -> Iterator[ViewModel]:
        """The part that `key` opens, as view models."""
        from careerkit.terminal import outcome_view  # most results are shown without opening a part

        outcome, today = self._outcome, self._now.date()
        match key:
            case "a":
                yield from build_plan_view(outcome.actions, (), today=today, history=self._history)
            case "c":
                yield from build_plan_view((), outcome.checkins, today=today, history=self._history)
            case "f":
                if self._is_headline_cut:
                    yield view_models.Headline(self._level, self._headline)
                for finding in self._list_hidden_findings():
                    yield from outcome_view.build_finding_view(replace(finding, supports=(), opposes=(), profile=()))
            case "d":
                yield from (
                    outcome_view.build_draft(each) for each in outcome.drafts if each.id in self._list_hidden_drafts()
                )
            case "w":
                for finding in outcome.findings:
                    yield from outcome_view.build_reasons_view(finding, self._reasons.get(finding.id, ()))
            case "n":
                yield from outcome_view.build_numbers_view(outcome, playbook=self._playbook)
            case "p":
                yield from outcome_view.build_pictures_view(outcome, self._people)
            case "s":
                yield from outcome_view.build_sources_view(outcome_view.list_sources(outcome, self._playbook))

    def _has_plan_details(self) -> bool:
        is_cut = len(self._shares.steps) < len(self._steps) or any(
            self._count_step_rows(step) > rows for step, rows in self._list_shown_steps()
        )
        return is_cut or any(each.cue or each.evidence for each in self._outcome.actions)

    @property
    def _is_headline_cut(self) -> bool:
        return count_rows(self._headline, self._headline_width) > self._shares.headline

    def _list_hidden_findings(self) -> list[Finding]:
        """The findings that the first view doesn't show in full."""
        shown = self._shares.findings
        return [
            finding
            for place, finding in enumerate(self._outcome.findings)
            if place >= len(shown)
            or count_rows(finding.text) > shown[place]
            or count_rows(finding.title) > MAX_TITLE_ROWS
        ]

    def _list_hidden_drafts(self) -> list[str]:
        """The ids of the drafts that the first view doesn't show in full."""
        drafts = self._outcome.drafts
        needed = (
            [count_rows(drafts[0].text) - self._shares.draft + 1, count_rows(drafts[0].title), count_rows(drafts[0].to)]
            if drafts
            else []
        )
        is_first_shown = bool(self._shares.draft) and max(needed, default=0) <= 1
        return [each.id for each in drafts[1 if is_first_shown else 0 :]]

    def _describe_checkins(self) -> str:
        dates = [each.due for each in self._outcome.checkins if each.due]
        count = format_count(len(self._outcome.checkins), "check-in")
        if not dates:
            return count
        first = format_due(min(dates, key=_get_day), self._now.date())
        return f"{count}, on {first}" if len(self._outcome.checkins) == 1 else f"{count}, the first on {first}"


def write_pieces(pieces: Iterable[ViewModel], *, renderer: Renderer, to: TextWriter, encoding: str) -> None:
    to.write("".join(renderer.render(sanitize_record(each, encoding=encoding)) for each in pieces))


def format_entry_line(entry: Entry) -> str:
    """The entry's handle and date, and how to continue it if it is unfinished."""
    day = format_date(entry.started.date())
    return f"{entry.handle}, {day}" + ("" if entry.finished else f", unfinished: careerkit resume {entry.handle}")


def _build_people_maps(entry: Entry, playbook: Playbook | None) -> tuple[PeopleMap, ...]:
    if playbook is None:
        return ()
    from careerkit.core.journal.people import build_people_maps  # without a playbook there are no maps

    return build_people_maps(entry, playbook)


def _get_day(due: date) -> str:
    return due.isoformat()[:10]
