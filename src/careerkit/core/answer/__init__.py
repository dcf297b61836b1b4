"""Which answers fit a question, and what becomes of them when what they rest on changes."""

from careerkit.core.answer.accept import accept
from careerkit.core.answer.present import is_complete, keep_lost, present

__all__ = ["accept", "is_complete", "keep_lost", "present"]
