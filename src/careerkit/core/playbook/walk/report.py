"""The report of a walk."""

from __future__ import annotations

from careerkit.core.frozen import Literal, frozen
from careerkit.core.playbook.walk.runs import ExampleRun
from careerkit.core.playbook.walk.targets import TargetKind

ReachVerdict = Literal["reached", "unreachable", "undecided"]
EndPart = Literal["finding", "action"]
Certainty = Literal["proved", "tried", "sampled"]
END_PARTS: tuple[EndPart, ...] = ("finding", "action")


@frozen
class Reach:
    """Whether a part of the playbook can be reached.

    If it is, `run` is the number of an example run, from 1. If it is proved that it isn't, `reason` says why. If
    neither is known, `reason` says what was tried.
    """

    kind: TargetKind
    place: str
    text: str
    verdict: ReachVerdict
    run: int = 0
    reason: str = ""


@frozen
class ConstantCondition:
    """A `when` that holds for all answers, so nothing depends on it. `is_proved`: or else no answers were found."""

    place: str
    condition: str
    is_proved: bool


@frozen
class EndCheck:
    """Whether every run ends with something of a kind: a finding or an action, after all questions.

    `run` is an example of a run that ends without; 0 if none was found. `certainty` says how sure that is: "proved" for all
    answers, "tried" for all combinations of the value classes, "sampled" for those of the sampled runs and a search.
    """

    what: EndPart
    run: int = 0
    certainty: Certainty = "sampled"

    @property
    def is_proved(self) -> bool:
        return self.certainty == "proved"


@frozen
class WalkReport:
    """What a walk found out. Runs have numbers from 1; `longest`, `shortest` and `typical` are such numbers.

    `typical` is the middle one, by the number of questions, of `sampled` runs: random ones, and those that reach what is rare. `tried_values` names the questions of
    which only some answers could be tried, so that what was not found because of them may still exist.
    """

    playbook: str
    reaches: tuple[Reach, ...]
    constant_conditions: tuple[ConstantCondition, ...]
    ends: tuple[EndCheck, ...]
    runs: tuple[ExampleRun, ...]
    longest: int
    shortest: int
    typical: int
    sampled: int
    partly_tried: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Is everything reachable, and does every run end with a finding and an action, both proved?"""
        return (
            not self.constant_conditions
            and all(each.verdict == "reached" for each in self.reaches)
            and all(each.is_proved for each in self.ends)
        )

    @property
    def has_defects(self) -> bool:
        """Is it certain that something is wrong?"""
        is_constant = any(each.is_proved for each in self.constant_conditions)
        return is_constant or bool(self.list_unreached("unreachable")) or any(each.run for each in self.ends)

    def list_unreached(self, verdict: ReachVerdict) -> tuple[Reach, ...]:
        return tuple(each for each in self.reaches if each.verdict == verdict)
