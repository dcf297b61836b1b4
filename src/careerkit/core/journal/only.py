"""Which entries a list is to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from careerkit.core.frozen import frozen

if TYPE_CHECKING:
    from datetime import date

    from careerkit.core.journal.history import History
    from careerkit.core.journal.listed import Listed


@frozen
class Only:
    """Only the entries that fit everything that is given.

    `playbook` is a whole id or a group of playbooks. `since` and `until` are days of the person who began the entry;
    both count in. `removed`: those that were removed, in place of those that were not.
    """

    playbook: str = ""
    tag: str = ""
    state: Literal["", "open", "finished"] = ""
    since: date | None = None
    until: date | None = None
    removed: bool = False

    def is_wanted(self, happened: History) -> bool:
        """Whether an entry with that history may be shown at all; `admits` then tells whether it fits."""
        return not happened.gone and happened.removed == self.removed

    def admits(self, listed: Listed) -> bool:
        """Whether the entry fits. Whether it was removed is known before it is looked at, and not asked here."""
        day = listed.started.date()
        return (
            self.playbook in ("", listed.playbook, listed.playbook.partition("/")[0])
            and (not self.tag or self.tag in listed.tags)
            and self.state in ("", listed.state)
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
        )


EVERYTHING = Only()
