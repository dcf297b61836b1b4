"""What the shell offers when a person presses Tab. Nobody is ever asked for a passphrase, nor told of an error, by that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from careerkit.core.journal.only import EVERYTHING, Only
from careerkit.core.problem import Locked, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from careerkit.core.journal.listed import Listed
    from careerkit.storage.journal_folder import DiskJournal

Offered = list[tuple[str, str]]
"""Words, each with what the shell may show beside it."""

MOST = 200
"""Entries that a shell is told of, the newest; nobody reads through more."""


def complete_entry(context: typer.Context, incomplete: str) -> Offered:
    """The random parts of entries, newest first, with what they are."""
    return _entries(context, incomplete, EVERYTHING)


def complete_open_entry(context: typer.Context, incomplete: str) -> Offered:
    """Of those that can be gone on with."""
    return _entries(context, incomplete, Only(state="open"))


def complete_finished_entry(context: typer.Context, incomplete: str) -> Offered:
    """Of those that can be corrected."""
    return _entries(context, incomplete, Only(state="finished"))


def complete_removed_entry(context: typer.Context, incomplete: str) -> Offered:
    """Of those that can be brought back."""
    return _entries(context, incomplete, Only(removed=True))


def complete_playbook(incomplete: str) -> Offered:
    """The ids of playbooks, with their titles."""
    from careerkit.cli import wiring

    return _fitting(incomplete, ((each.id, each.title) for each in wiring.library().listing()))


def complete_number(context: typer.Context, incomplete: str) -> Offered:
    """The scales, numbers and computed values of the playbook that stands before, with what they are called."""
    from careerkit.cli import wiring
    from careerkit.core.playbook.model import NumberForm, ScaleForm

    try:
        playbook = wiring.library().find(context.params.get("playbook") or "")
    except Refused:
        return []
    asked = [(each.id, each.ask) for each in playbook.questions if isinstance(each.form, NumberForm | ScaleForm)]
    return _fitting(incomplete, (*asked, *((each.id, each.label) for each in playbook.computes)))


def complete_draft(context: typer.Context, incomplete: str) -> Offered:
    """The ids of the drafts of the entry that stands before, with their titles."""
    try:
        journal = _journal(context)
        if journal.is_encrypted:
            return []
        outcome = journal.read(journal.find(context.params.get("entry") or "last")).entry.outcome
    except (Refused, Locked):
        return []
    return _fitting(incomplete, ((each.id, each.title) for each in outcome.drafts) if outcome else ())


def complete_tag(context: typer.Context, incomplete: str) -> list[str]:
    """The tags that entries have."""
    return _tags(_listed(context, EVERYTHING), incomplete)


def complete_tag_of_entry(context: typer.Context, incomplete: str) -> list[str]:
    """The tags that the entry has that stands before."""
    try:
        journal = _journal(context)
        wanted = "" if journal.is_encrypted else journal.find(context.params.get("entry") or "")
    except (Refused, Locked):
        return []
    return _tags((each for each in _listed(context, EVERYTHING) if each.id == wanted), incomplete)


def _entries(context: typer.Context, incomplete: str, only: Only) -> Offered:
    from careerkit.cli import wiring
    from careerkit.core.journal.listed import handle_of
    from careerkit.terminal.listing_view import began

    try:
        journal = _journal(context)
        if journal.is_encrypted:
            return _fitting(incomplete, ((handle_of(each), "") for each in reversed(journal.ids())))
    except Refused:
        return []
    entries, now = _listed(context, only, newest=None if incomplete else MOST), wiring.clock().now()
    return _fitting(incomplete, ((each.handle, f"{each.title}, {began(each.started, now)}") for each in entries))


def _listed(context: typer.Context, only: Only, *, newest: int | None = None) -> tuple[Listed, ...]:
    try:
        journal = _journal(context)
        return () if journal.is_encrypted else journal.listing(newest=newest, only=only).entries
    except (Refused, Locked):
        return ()


def _tags(entries: Iterable[Listed], incomplete: str) -> list[str]:
    from careerkit.terminal.safe import safe

    return sorted({safe(tag) for each in entries for tag in each.tags if tag.startswith(incomplete.lower())})


def _journal(context: typer.Context) -> DiskJournal:
    from careerkit.cli import wiring
    from careerkit.cli.request import request_of

    request = request_of(context)
    request.plain = True  # no bar over the line that is being typed, where the index has much to take in
    return wiring.journal(request)


def _fitting(incomplete: str, words: Iterable[tuple[str, str]]) -> Offered:
    """Those that begin so. Typer takes what stands beside them for Rich's markup, and the shell writes the rest as it is."""
    from rich.markup import escape

    from careerkit.terminal.safe import safe

    return [(word, escape(safe(beside))) for word, beside in words if word.startswith(incomplete)]
