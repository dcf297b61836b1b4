"""Complete values in the shell at Tab, and pass completions to bash, zsh and fish as text that is never run.

Each function gets the shared options, the values given so far by parameter, and the beginning of the word.

Typer's shell scripts stay as they are, so that those installed earlier are safe too. bash inserts a completion as it is
printed, so it is quoted here. zsh evaluates what is printed: commands that hand it literal words, which zsh quotes when it
inserts them. fish quotes by itself, except a ~ at the beginning, and takes one word from each line; words that it would
change aren't offered to it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from typer._completion_classes import BashComplete, FishComplete, ZshComplete  # the only place where Typer has them
from typer._completion_shared import Shells  # likewise

from careerkit.cli.container import COMPLETION_VARIABLE, build_clock, open_journal, open_library
from careerkit.core.errors import JournalLocked, Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.entry_list import NO_FILTER, EntryFilter, build_history, fold_tag, get_handle
from careerkit.core.journal.plan import build_plan
from careerkit.core.questions.number import NumberSpec, ScaleSpec
from careerkit.core.text import compile_control_char_pattern
from careerkit.storage.platform import find_folders
from careerkit.terminal.list_view import format_started
from careerkit.terminal.sanitize import sanitize_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from careerkit.cli.options import GlobalOptions
    from careerkit.core.journal.entry_list import EntrySummary
    from careerkit.storage.journal import DiskJournal

    Completions = list[tuple[str, str]]
    """Words, each with a description that the shell may show next to it."""
    Given = Mapping[str, Any]

MAX_ENTRIES = 200
"""Newest entries offered before anything is typed. A longer list is of no use."""

PLAIN_IN_BASH = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,+@%")
"""ASCII characters that never mean anything to bash, nor end a word that is completed."""


def complete_entry(options: GlobalOptions, _: Given, incomplete: str) -> Completions:
    """Offer the handles of entries, newest first."""
    return _complete_entries(options, incomplete, NO_FILTER)


def complete_open_entry(options: GlobalOptions, _: Given, incomplete: str) -> Completions:
    """Offer entries that can be resumed."""
    return _complete_entries(options, incomplete, EntryFilter(state="open"))


def complete_finished_entry(options: GlobalOptions, _: Given, incomplete: str) -> Completions:
    """Offer entries that can be corrected."""
    return _complete_entries(options, incomplete, EntryFilter(state="finished"))


def complete_removed_entry(options: GlobalOptions, _: Given, incomplete: str) -> Completions:
    """Offer entries that can be restored."""
    return _complete_entries(options, incomplete, EntryFilter(removed=True))


def complete_playbook(_: GlobalOptions, __: Given, incomplete: str) -> Completions:
    """Offer the ids of playbooks, with their titles."""
    return _filter(incomplete, ((each.id, each.title) for each in open_library().listing()))


def complete_playbook_or_file(_: GlobalOptions, __: Given, incomplete: str) -> Completions:
    """Offer playbook files and folders that begin like the word, and the ids of playbooks."""
    parent, start = os.path.split(incomplete)
    try:
        entries = sorted(os.scandir(parent or os.curdir), key=lambda each: each.name)
    except OSError:
        entries = []
    paths = [
        (f"{incomplete[: len(incomplete) - len(start)]}{each.name}{os.sep * each.is_dir()}", "")
        for each in entries
        if each.name.startswith(start) and not each.name.startswith(".")
        if each.is_dir() or (each.name.endswith(".toml") and not each.name.endswith(".stories.toml"))
    ]
    return [*paths, *_filter(incomplete, ((each.id, each.title) for each in open_library().listing()))]


def complete_installed(_: GlobalOptions, __: Given, incomplete: str) -> Completions:
    """Offer the ids of installed playbooks, with where they came from."""
    from careerkit.storage.installs import InstallRegistry  # no other completion needs it

    try:
        installed = InstallRegistry(find_folders().playbooks).list_installed()
    except Refused:
        return []
    return _filter(incomplete, ((each.id, each.origin) for each in installed.values()))


def complete_question(_: GlobalOptions, given: Given, incomplete: str) -> Completions:
    """Offer the questions of the given playbook."""
    try:
        playbook = open_library().open(given.get("playbook") or "").playbook
    except Refused:
        return []
    return _filter(incomplete, ((each.id, each.ask) for each in playbook.questions))


def complete_number(_: GlobalOptions, given: Given, incomplete: str) -> Completions:
    """Offer the scales, numbers and computed values of the given playbook."""
    try:
        playbook = open_library().load(given.get("playbook") or "")
    except Refused:
        return []
    asked = [(each.id, each.ask) for each in playbook.questions if isinstance(each.spec, NumberSpec | ScaleSpec)]
    return _filter(incomplete, (*asked, *((each.id, each.label) for each in playbook.computes)))


def complete_draft(options: GlobalOptions, given: Given, incomplete: str) -> Completions:
    """Offer the ids of the given entry's drafts, with their titles."""
    try:
        journal = _open_journal(options)
        if journal.is_encrypted:
            return []
        outcome = journal.read(journal.resolve_id(given.get("entry") or "last")).entry.outcome
    except (Refused, JournalLocked):
        return []
    return _filter(incomplete, ((each.id, each.title) for each in outcome.drafts) if outcome else ())


def complete_action(options: GlobalOptions, _: Given, incomplete: str) -> Completions:
    """Offer the numbers of the open actions in the newest plan, with what they say."""
    try:
        journal = _open_journal(options)
        if journal.is_encrypted:
            return []
        newest = next((each for each in journal.listing().entries if each.actions_open > 0), None)
        if newest is None:
            return []
        outcome, history = journal.read(newest.id).entry.outcome, build_history(journal.events(newest.id).events)
    except (Refused, JournalLocked):
        return []
    plan = build_plan(outcome, history, today=build_clock().now().date())
    return _filter(incomplete, ((str(each.number), each.do) for each in plan.open_actions))


def complete_tag(options: GlobalOptions, _: Given, incomplete: str) -> list[str]:
    """Offer the tags of all entries."""
    return _filter_tags(_list_entries(options, NO_FILTER), incomplete)


def complete_tag_of_entry(options: GlobalOptions, given: Given, incomplete: str) -> list[str]:
    """Offer the tags of the given entry."""
    try:
        journal = _open_journal(options)
        wanted = "" if journal.is_encrypted else journal.resolve_id(given.get("entry") or "")
    except (Refused, JournalLocked):
        return []
    return _filter_tags((each for each in _list_entries(options, NO_FILTER) if each.id == wanted), incomplete)


def print_completions(command: Any, name: str) -> int | None:
    """Print the completions that the shell asks for; returns the exit code, or None for another request or shell."""
    shell = os.environ.get(COMPLETION_VARIABLE, "").removeprefix("complete_")
    try:
        complete = _SHELLS[Shells(shell)]
    except (KeyError, ValueError):
        return None
    with _hide_errors():
        text = complete(command, {}, name, COMPLETION_VARIABLE).complete()
        sys.stdout.write(f"{text}\n")
    return 0


def quote_for_bash(word: str, *, opening: str = "") -> str:
    """`word` as bash reads it back. `opening` is the quotation mark that the person has typed before it, if any."""
    if _has_control_characters(word):
        return _quote_escapes(word)
    match opening:
        case "'":
            return word.replace("'", r"'\''")
        case '"':
            return "".join(r'"\!"' if char == "!" else f"\\{char}" if char in '"$`\\' else char for char in word)
    return "".join(char if char in PLAIN_IN_BASH or not char.isascii() else f"\\{char}" for char in word) or "''"


def quote_for_zsh(word: str) -> str:
    """`word` as zsh reads it back after it was split at white space and joined with single spaces."""
    return _quote_escapes(word)


def _complete_entries(options: GlobalOptions, incomplete: str, only: EntryFilter) -> Completions:
    try:
        journal = _open_journal(options)
        if journal.is_encrypted:
            return _filter(incomplete, ((get_handle(each), "") for each in reversed(journal.ids())))
    except Refused:
        return []
    entries, now = _list_entries(options, only, newest=None if incomplete else MAX_ENTRIES), build_clock().now()
    return _filter(
        incomplete, ((each.handle, f"{each.title}, {format_started(each.started, now)}") for each in entries)
    )


def _list_entries(options: GlobalOptions, only: EntryFilter, *, newest: int | None = None) -> tuple[EntrySummary, ...]:
    try:
        journal = _open_journal(options)
        return () if journal.is_encrypted else journal.listing(limit=newest, entry_filter=only).entries
    except (Refused, JournalLocked):
        return ()


def _filter_tags(entries: Iterable[EntrySummary], incomplete: str) -> list[str]:
    start = fold_tag(incomplete)
    return sorted(
        {tag for each in entries for tag in each.tags if tag.startswith(incomplete) or fold_tag(tag).startswith(start)}
    )


def _open_journal(options: GlobalOptions) -> DiskJournal:
    return open_journal(replace(options, plain=True))  # no progress bar over the command line


def _filter(incomplete: str, words: Iterable[tuple[str, str]]) -> Completions:
    """Words that start with `incomplete`. The shell's format quotes them and makes descriptions safe."""
    return [(word, description) for word, description in words if word.startswith(incomplete)]


class _Bash(BashComplete):
    def format_completion(self, item: Any) -> str:
        words = os.environ["COMP_WORDS"].split("\n")
        place = int(os.environ["COMP_CWORD"])
        typed = words[place] if place < len(words) else ""
        return quote_for_bash(item.value, opening=typed[:1] if typed[:1] in ("'", '"') else "")


class _Zsh(ZshComplete):
    def complete(self) -> str:
        items = self.get_completions(*self.get_completion_args())
        if not items:
            return "_files"
        words = " ".join(quote_for_zsh(item.value) for item in items)
        rows = " ".join(quote_for_zsh(_describe(item)) for item in items)
        layout = "-l " if any(item.help for item in items) else ""
        return (
            f"local -a _words _rows; _words=({words}); _rows=({rows}); compadd {layout}-V careerkit -d _rows -a _words"
        )


class _Fish(FishComplete):
    def get_completions(self, args: list[str], incomplete: str) -> list[Any]:
        found = super().get_completions(args, incomplete)
        return [each for each in found if not _has_control_characters(each.value) and not each.value.startswith("~")]

    def format_completion(self, item: Any) -> str:
        return f"{item.value}\t{' '.join(_sanitize_description(item).split())}" if item.help else f"{item.value}"


_SHELLS: dict[Shells, Callable[..., Any]] = {Shells.bash: _Bash, Shells.zsh: _Zsh, Shells.fish: _Fish}


def _hide_errors() -> Any:
    return suppress(BrokenPipeError)


def _describe(item: Any) -> str:
    word = sanitize_line(item.value)
    return f"{word}  -- {_sanitize_description(item)}" if item.help else word


def _sanitize_description(item: Any) -> str:
    return sanitize_line(item.help or "")


def _has_control_characters(word: str) -> bool:
    return compile_control_char_pattern().search(word) is not None or "\n" in word


def _quote_escapes(word: str) -> str:
    """`word` as `$'...'`, with escapes for what shells and terminals would act on."""
    unsafe = compile_control_char_pattern()
    quoted = []
    for place, char in enumerate(word):
        is_single_space = char == " " and word[place - 1 : place].strip() and word[place + 1 : place + 2].strip()
        if char in "'\\":
            quoted.append(f"\\{char}")
        elif is_single_space or not (char.isspace() or unsafe.match(char)):
            quoted.append(char)
        else:
            code = ord(char)
            quoted.append(f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")
    return f"$'{''.join(quoted)}'"
