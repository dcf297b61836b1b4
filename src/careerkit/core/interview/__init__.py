"""One passage through a playbook: answers + playbook -> the next thing to say or ask; back, change, skip."""

from careerkit.core.interview.effect import Effect, effect_of
from careerkit.core.interview.interview import Interview, Lane
from careerkit.core.interview.steps import Ask, Before, Card, Finish, Introduce, Progress, Read, Step, Tell

__all__ = [
    "Ask",
    "Before",
    "Card",
    "Effect",
    "Finish",
    "Interview",
    "Introduce",
    "Lane",
    "Progress",
    "Read",
    "Step",
    "Tell",
    "effect_of",
]
