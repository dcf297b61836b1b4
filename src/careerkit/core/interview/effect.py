"""What a changed answer did to the rest of the interview, so that it can be said at once."""

from __future__ import annotations

from careerkit.core.facts import Facts
from careerkit.core.frozen import frozen
from careerkit.core.playbook.model import NoteForm


@frozen
class Effect:
    """Ids of questions: `hidden` were answered and don't show any more, `back` show again with their kept answer,
    `reopened` were answered and have to be answered again, `asked` are asked now and were not part of the branch.
    """

    hidden: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


def effect_of(before: Facts, after: Facts) -> Effect:
    """The difference between two states of one interview."""
    questions = [each for each in after.playbook.questions if not isinstance(each.form, NoteForm)]
    kept = [each for each in questions if before.kept(each.id) is not None]
    fresh = [each for each in questions if after.shows(each) and not before.shows(each)]
    return Effect(
        hidden=tuple(each.id for each in kept if before.shows(each) and not after.shows(each)),
        back=tuple(each.id for each in fresh if after.is_answered(each)),
        reopened=tuple(
            each.id
            for each in kept
            if before.shows(each) and after.shows(each) and before.is_answered(each) and not after.is_answered(each)
        ),
        asked=tuple(each.id for each in fresh if not after.is_answered(each)),
    )
