"""What the answers amount to at present: which questions show, what each name is worth, what rests on what."""

from careerkit.core.facts.facts import Facts

__all__ = ["Facts"]
