"""Choose the front end that fits the terminal: the screen of a session, the renderer of views, the private screen."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext

from careerkit.cli.container import build_clock, load_settings, open_journal, prefers_ascii
from careerkit.storage.platform import find_folders
from careerkit.terminal import banner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO, TypedDict

    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.screen import Screen
    from careerkit.terminal.external_programs import EditorPolicy
    from careerkit.terminal.view_models import Renderer

    class ViewOutput(TypedDict):
        """Standard output, as the views of entries take it."""

        renderer: Renderer
        to: TextIO
        encoding: str


def is_interactive(options: GlobalOptions) -> bool:
    """Is someone at the keyboard, who can be asked what a script wouldn't expect?"""
    return sys.stdin.isatty() and not options.json


def is_at_terminal(options: GlobalOptions) -> bool:
    """Is someone at a terminal that shows everything that is written?"""
    return is_interactive(options) and sys.stdout.isatty() and sys.stderr.isatty()


def is_full_terminal(options: GlobalOptions) -> bool:
    """Can the rich look be shown?"""
    streams = (sys.stdin, sys.stderr if options.json else sys.stdout, sys.stderr)
    is_full = banner.is_full_terminal(streams, plain=options.plain, environment=os.environ)
    return is_full and not is_plain(options)


def is_plain(options: GlobalOptions) -> bool:
    """Is plain text wanted: with --plain, with ACCESSIBLE set to anything but 0 or false, or by the setting `plain`?"""
    if options.plain or os.environ.get("ACCESSIBLE", "").lower() not in ("", "0", "false"):
        return True
    # Most people have no settings, and the code that reads them takes a while to import.
    return os.path.exists(find_folders().settings) and load_settings().plain  # noqa: PTH110 - see PACKAGE in cli/container.py


def print_banner(options: GlobalOptions, title: str, minutes: int | None, note: str) -> bool:
    """Write the opening at once if the terminal can show the rich look. Was it written?"""
    if is_full_terminal(options):
        banner.write_banner(title, minutes, note, to=sys.stderr, color=options.color, use_ascii=prefers_ascii())
        return True
    return False


def private_screen(options: GlobalOptions) -> AbstractContextManager[None]:
    """With --private, a separate screen that is cleared at the end; without it, or without a terminal, nothing."""
    return alternate_screen(options) if options.private else nullcontext()


def alternate_screen(options: GlobalOptions) -> AbstractContextManager[None]:
    """A separate screen for what must not stay in the scrollback, if the terminal has one."""
    if not is_full_terminal(options):
        return nullcontext()
    from careerkit.terminal.erasable_output import enter_alternate_screen  # not before a session shows its first line

    return enter_alternate_screen(sys.stderr)


def wait_for_enter(options: GlobalOptions) -> None:
    """Let the person read the private screen before it is cleared."""
    if options.private and is_full_terminal(options):
        from careerkit.terminal.erasable_output import wait_before_clearing  # likewise

        wait_before_clearing(to=sys.stderr, stdin=sys.stdin)


def open_screen(options: GlobalOptions, *, saves: bool = True) -> Screen:
    """The front end that fits the options and the terminal. With --json only the document goes to standard output.

    Without `saves`, for a preview, nothing says that answers are saved.
    """
    from careerkit.terminal.choose_screen import choose_screen  # likewise

    return choose_screen(
        plain=is_plain(options),
        color=options.color,
        stdin=sys.stdin,
        stdout=sys.stderr if options.json else sys.stdout,
        stderr=sys.stderr,
        columns=None,
        encoding=sys.stderr.encoding or "ascii",
        today=lambda: build_clock().now().date(),
        environment=os.environ,
        get_editor_policy=lambda: _choose_editor_policy(options),
        use_ascii=prefers_ascii(),
        saves=saves,
    )


def view_output(options: GlobalOptions) -> ViewOutput:
    """Standard output, as the views of entries take it."""
    from careerkit.terminal.choose_screen import choose_renderer  # likewise

    encoding = sys.stdout.encoding or "ascii"
    renderer, _ = choose_renderer(
        plain=is_plain(options),
        color=options.color,
        streams=(sys.stdout,),
        columns=None,
        encoding=encoding,
        environment=os.environ,
        use_ascii=prefers_ascii(),
    )
    return {"renderer": renderer, "to": sys.stdout, "encoding": encoding}


def show_view(options: GlobalOptions, text: str, *, encoding: str, paged: bool = True) -> None:
    """Write a rendered view to standard output or, at a terminal, into a pager if it is longer than the screen."""
    if not (paged and is_full_terminal(options)):
        sys.stdout.write(text)
        return
    from careerkit.terminal import choose_screen, external_programs  # likewise

    height = choose_screen.make_size_provider(sys.stdout)()[1]
    if not external_programs.show_in_pager(text, environment=os.environ, height=height, encoding=encoding):
        sys.stdout.write(text)


def _choose_editor_policy(options: GlobalOptions) -> EditorPolicy:
    from careerkit.terminal.external_programs import EditorPolicy  # likewise

    if not open_journal(options).is_encrypted:
        return EditorPolicy.ANYWHERE
    return EditorPolicy.IN_MEMORY if load_settings().editor_when_encrypted else EditorPolicy.OFF
