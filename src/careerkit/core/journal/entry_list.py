"""Entries as lists show them: the summary of an entry, filters, and tags.

It doesn't import the models of entries and playbooks, so that listing starts fast.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.journal.events import fold_tag
from careerkit.core.text import abbreviate, compile_control_char_pattern, is_blank, quote_fragment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from careerkit.core.journal.events import History
    from careerkit.core.journal.plan import FirstPlan
    from careerkit.core.journal.query import TextMatch
    from careerkit.core.outcome.model import Outcome


MAX_TAG_LENGTH = 40
JOINERS = "\u200c\u200d"


@frozen
class EntrySummary:
    """An entry as lists show it. `disputed`: machines have recorded conflicting changes."""

    id: str
    playbook: str
    title: str
    started: datetime
    finished: datetime | None
    answered: int
    asked: int
    actions_open: int
    actions_done: int
    tags: tuple[str, ...] = ()
    disputed: bool = False

    @property
    def state(self) -> Literal["open", "finished"]:
        return "finished" if self.finished else "open"

    @property
    def handle(self) -> str:
        return get_handle(self.id)


@frozen
class EntryList:
    """Entries, newest first. `not_shown` counts those beyond the limit, which were not read.

    `problems`: files that could not be read or were changed by another program. `matches`: in a search, the matching
    text of each entry.
    """

    entries: tuple[EntrySummary, ...]
    problems: tuple[Problem, ...] = ()
    not_shown: int = 0
    matches: tuple[TextMatch, ...] = ()


@frozen
class EntryFilter:
    """Conditions that an entry must all meet; "" and None are no condition.

    `playbook` is a full id or a group. `since` and `until` are inclusive, by the local date at the start of the entry.
    `removed` selects removed entries instead of the others.
    """

    playbook: str = ""
    tag: str = ""
    state: Literal["", "open", "finished"] = ""
    since: date | None = None
    until: date | None = None
    removed: bool = False

    def is_visible(self, history: History) -> bool:
        """May an entry with this history be shown? The other conditions are checked by `matches`."""
        return not history.is_erased and history.removed == self.removed

    def matches(self, summary: EntrySummary) -> bool:
        """Does the entry meet all conditions except `removed`, which depends on its history alone?"""
        day = summary.started.date()
        return (
            self.playbook in ("", summary.playbook, summary.playbook.partition("/")[0])
            and (not self.tag or fold_tag(self.tag) in map(fold_tag, summary.tags))
            and self.state in ("", summary.state)
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
        )


NO_FILTER = EntryFilter()


def get_handle(entry_id: str) -> str:
    """The random part of an entry's id, which people type."""
    return entry_id.partition("-")[2]


def add_history(summary: EntrySummary, history: History | None, first: Outcome | FirstPlan | None) -> EntrySummary:
    """The entry as lists show it, with its tags, whether it is disputed, and its actions as they stand now.

    `first` is the plan in the entry's file. Without one, the numbers of actions stay as the summary has them.
    """
    if history is None or not (history.tags or history.disputed or history.plan):
        return summary
    opened, done = summary.actions_open, summary.actions_done
    if history.plan and first:
        from careerkit.core.journal.plan import build_plan  # most entries have no changes of their plan

        states = [each.state for each in build_plan(first, history, today=date.min).actions]
        opened, done = states.count("open"), states.count("done")
    return replace(
        summary,
        tags=history.tags,
        disputed=bool(history.disputed),
        actions_open=opened,
        actions_done=done,
    )


def parse_tag(text: str) -> str:
    """Normalise a tag: lower case, dashes for spaces, no leading `#`. Raises Refused if it can't be a tag.

    It is shown as it is written here; `fold_tag` says which tags are the same.
    """
    import unicodedata  # lists parse no tags

    plain = unicodedata.normalize("NFC", text.lower()).strip().lstrip("#＃")
    tag = "-".join(plain.split())
    if is_blank(tag) or not fold_tag(tag):
        raise Refused(Problem("bad-tag", "A tag can't be empty.", "Examples: boss, difficult-client."))
    if len(tag) > MAX_TAG_LENGTH:
        short = abbreviate(tag)
        raise Refused(
            Problem("bad-tag", f"{short} is too long for a tag.", f"At most {MAX_TAG_LENGTH} characters.", short)
        )
    if "," in tag or tag.startswith("-") or not _is_visible(tag):
        raise Refused(
            Problem("bad-tag", f"{quote_fragment(text)} can't be a tag.", "Use letters, digits and dashes.", tag)
        )
    return tag


def parse_tags(texts: Iterable[str]) -> tuple[str, ...]:
    """Normalise tags and drop duplicates. Raises Refused with every problem."""
    tags: dict[str, str] = {}
    problems: list[Problem] = []
    for each in texts:
        try:
            tag = parse_tag(each)
            tags.setdefault(fold_tag(tag), tag)
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return tuple(tags.values())


def _is_visible(tag: str) -> bool:
    """Is every character visible? Joiners, as in Persian words and emoji, are allowed."""
    if tag.isprintable():
        return True
    return not compile_control_char_pattern().search(tag) and all(sign.isprintable() or sign in JOINERS for sign in tag)
