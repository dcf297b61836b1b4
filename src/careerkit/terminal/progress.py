"""How far a long piece of work has come, on one line that goes when it is done. Nothing where no terminal shows it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TextIO


@contextlib.contextmanager
def progress(title: str, total: int | None, *, to: TextIO, plain: bool, color: bool) -> Iterator[Callable[[], None]]:
    """Give the function that says that one more of `total` is done; None where nobody knows how many there are."""
    if plain or not to.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn())
    with Progress(*columns, console=Console(file=to, no_color=not color), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)
