"""View models: everything that can be shown, as frozen values, and the protocol of the renderers that turn it into text."""

from __future__ import annotations

from careerkit.core.frozen import Protocol, frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.core.journal.people import PeopleMap
    from careerkit.core.values import Level


# ---------------------------------------------------------------- the conversation


@frozen
class Banner:
    title: str
    minutes: int | None
    note: str


@frozen
class StageHeader:
    title: str
    intro: str


@frozen
class Note:
    heading: str
    text: str


@frozen
class QuestionHeader:
    """`number` is 0 outside an interview. `is_repeat`: the answer was just refused, so the question needn't be shown in full."""

    stage: str
    number: int
    total: int
    ask: str
    hint: str = ""
    error: str = ""
    is_repeat: bool = False


@frozen
class PartHeader:
    """A part of a question: a form, a row of a table, one field. `starts_group`: a group of parts begins here."""

    text: str
    hint: str = ""
    starts_group: bool = False


@frozen
class Option:
    """`number` is what a person types to choose it; None where it can't be chosen."""

    number: int | None
    label: str
    hint: str = ""
    is_selected: bool = False


@frozen
class OptionList:
    options: tuple[Option, ...]


@frozen
class Prompt:
    """What may be typed, and what Enter alone does ("" where it does nothing).

    `is_continuation`: the prompt for another line of the same text.
    """

    expected: str = ""
    on_enter: str = ""
    lists_commands: bool = False
    is_continuation: bool = False


@frozen
class SavedAnswer:
    """A question and its saved answer. `repeats_input`: a plain renderer repeats the answer, because it says more than what was typed."""

    ask: str
    shown: str
    repeats_input: bool = True


@frozen
class Skipped:
    """A question without an answer. `is_permanent`: it is optional and isn't asked again."""

    ask: str
    is_permanent: bool = False

    @property
    def label(self) -> str:
        return "left blank" if self.is_permanent else "skipped"


@frozen
class ErrorMessage:
    """What is wrong, and how to fix it."""

    message: str
    hint: str = ""


@frozen
class InfoMessage:
    text: str


@frozen
class Rationale:
    text: str = ""
    sources: tuple[str, ...] = ()


@frozen
class CommandHelp:
    """The commands, each with what it does."""

    rows: tuple[tuple[str, str], ...]


# ---------------------------------------------------------------- the outcome


@frozen
class Heading:
    text: str


@frozen
class Headline:
    """What opens a result: one or two lines on what this is and how serious."""

    level: Level
    text: str


@frozen
class Gap:
    """An empty line between two pieces of a result."""


@frozen
class FindingTitle:
    level: Level
    title: str


@frozen
class Paragraphs:
    """Prose. Empty lines separate paragraphs, and lines that begin with `- ` are list items."""

    text: str


@frozen
class BulletList:
    heading: str
    items: tuple[str, ...]


@frozen
class ReasonList:
    """The questions that a finding is based on, each with its answer."""

    pairs: tuple[tuple[str, str], ...]


@frozen
class AnswerList:
    """Questions with their answers in full."""

    pairs: tuple[tuple[str, str], ...]


@frozen
class SecondaryText:
    """A line in the background, such as the command for the next playbook."""

    text: str


@frozen
class Figure:
    """A computed value and its band. `threshold_source` says who set the band's threshold; `number` is as in Option, 0 for none."""

    label: str
    shown: str
    arithmetic: str = ""
    band: str = ""
    threshold_source: str = ""
    number: int = 0


@frozen
class BarChart:
    """Rows of (label, value as text, percent filled), below a heading if there is one."""

    rows: tuple[tuple[str, str, int], ...]
    heading: str = ""


@frozen
class PeopleDiagram:
    """A map of people. A plain renderer lists `people_map.people` instead of drawing it."""

    people_map: PeopleMap


@frozen
class PlanStep:
    """One row of a plan, or of what happened. `state` is "" while it is open. `number` is what commands call it, 0 for none.

    `notes` are lines below it: why it was moved, what shows that it is done, both sides where two machines disagree.
    """

    due: str
    action: str
    cue: str = ""
    evidence: str = ""
    state: str = ""
    number: int = 0
    notes: tuple[str, ...] = ()


@frozen
class PlanList:
    steps: tuple[PlanStep, ...]


@frozen
class DraftText:
    """Text to copy, so its lines are never indented."""

    title: str
    recipient: str
    text: str


@frozen
class PartList:
    """The parts of a result that can be opened: the key of each, and what it holds. `is_short`: all of them on one line."""

    rows: tuple[tuple[str, str], ...]
    is_short: bool = False


ViewModel = (
    Banner | StageHeader | Note | QuestionHeader | PartHeader | OptionList | Prompt | SavedAnswer | Skipped | ErrorMessage | InfoMessage | Rationale
    | CommandHelp | Heading | Headline | Gap | PartList | FindingTitle | Paragraphs | BulletList | ReasonList | AnswerList | SecondaryText | Figure | BarChart | PeopleDiagram | PlanList | DraftText
)  # fmt: skip


LEVEL_LABELS: dict[Level, str] = {"stop": "Stop", "care": "Take care", "good": "Good", "info": "Note"}
"""The word for a finding's level. Renderers always show it, even with a symbol."""
HEADLINE_LABELS: dict[Level, str] = {"stop": "Stop: ", "care": "Take care: ", "good": "", "info": ""}
"""What a headline of each level begins with."""


class Renderer(Protocol):
    def render(self, view_model: ViewModel) -> str:
        """`view_model` as text, in whole lines; only a Prompt may leave its last line open.

        The texts in `view_model` must already be sanitized. What a renderer adds fits the encoding it was created for.
        """
