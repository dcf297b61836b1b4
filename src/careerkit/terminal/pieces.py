"""What can be put on the screen: each piece says what it is, and leaves to the look how it appears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.core.frozen import frozen

if TYPE_CHECKING:
    from careerkit.core.journal.people import PeopleMap
    from careerkit.core.playbook.model import Level

# ---------------------------------------------------------------- the conversation


@frozen
class Opening:
    title: str
    minutes: int | None
    note: str


@frozen
class StageHead:
    title: str
    intro: str


@frozen
class Note:
    heading: str
    text: str


@frozen
class QuestionHead:
    """`number` 0: it is no question of the interview. `again`: it has just been asked and its answer did not fit, so that a word will do."""

    stage: str
    number: int
    of: int
    ask: str
    hint: str = ""
    complaint: str = ""
    again: bool = False


@frozen
class PartHead:
    """A part of a question: a form, a row of a grid, one field."""

    text: str
    hint: str = ""
    opens: bool = False
    """Does a group of parts begin here?"""


@frozen
class Option:
    """`number` is what a person types for it; None where it can't be chosen."""

    number: int | None
    label: str
    hint: str = ""
    marked: bool = False


@frozen
class Options:
    options: tuple[Option, ...]


@frozen
class Prompt:
    """What stands before a person types: what fits, and what Enter alone does ("" where it does nothing).

    `whole`: the prompt of a question, which names the commands; not that of a part or of a repetition. `goes_on`: one
    more line of the same text.
    """

    expects: str = ""
    enter: str = ""
    whole: bool = False
    goes_on: bool = False


@frozen
class Answered:
    """`echo`: does `shown` say more than what has just been typed?"""

    ask: str
    shown: str
    echo: bool = True


@frozen
class PutOff:
    """`for_good`: it need not be answered, and is not asked again."""

    ask: str
    for_good: bool = False

    @property
    def words(self) -> str:
        return "left out" if self.for_good else "put off"


@frozen
class Trouble:
    """What does not fit, and what does."""

    message: str
    hint: str = ""


@frozen
class Remark:
    text: str


@frozen
class Why:
    text: str = ""
    sources: tuple[str, ...] = ()


@frozen
class Help:
    """Each command with what it does."""

    rows: tuple[tuple[str, str], ...]


# ---------------------------------------------------------------- the outcome


@frozen
class Heading:
    text: str


@frozen
class Verdict:
    level: Level
    title: str


@frozen
class Body:
    """Prose: empty lines part paragraphs, lines that begin with `- ` are items."""

    text: str


@frozen
class Points:
    heading: str
    lines: tuple[str, ...]


@frozen
class Grounds:
    """The questions that a finding rests on, each with its answer."""

    pairs: tuple[tuple[str, str], ...]


@frozen
class Answers:
    """Questions with their answers, each shown whole."""

    pairs: tuple[tuple[str, str], ...]


@frozen
class Aside:
    """A quiet line: a source, a next playbook."""

    text: str


@frozen
class Figure:
    """A computed value. `band` says which, `origin` whose threshold that is; `number` as in Option."""

    label: str
    shown: str
    arithmetic: str = ""
    band: str = ""
    origin: str = ""
    number: int = 0


@frozen
class Bars:
    """Rows of (label, value as text, filled part from 0 to 100), below a heading if there is one."""

    rows: tuple[tuple[str, str, int], ...]
    heading: str = ""


@frozen
class People:
    """A map of people. Who reads it aloud needs only `picture.people`."""

    picture: PeopleMap


@frozen
class Step:
    """One row of a plan. `state` is empty while it is open."""

    when: str
    do: str
    cue: str = ""
    evidence: str = ""
    state: str = ""


@frozen
class Plan:
    steps: tuple[Step, ...]


@frozen
class DraftText:
    """Words to copy: nothing stands before a line of `text`."""

    title: str
    to: str
    text: str


Piece = (
    Opening | StageHead | Note | QuestionHead | PartHead | Options | Prompt | Answered | PutOff | Trouble | Remark | Why
    | Help | Heading | Verdict | Body | Points | Grounds | Answers | Aside | Figure | Bars | People | Plan | DraftText
)  # fmt: skip
