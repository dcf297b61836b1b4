"""The registry of export formats: a format is one module with its name, file extensions, escaping and losses.

To add a format, write a module in this package that ends with `FORMAT = ExportFormat(...)`, and name it in MODULES.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from careerkit.core.frozen import frozen
from careerkit.export.plan_document import Export, ExportOptions, PlanDocument, PlanItem, Tick

MODULES: Mapping[str, str] = {
    "markdown": "markdown",
    "obsidian": "obsidian",
    "html": "html.page",
    "ics": "icalendar_file",
    "vdir": "vdir",
    "todotxt": "todotxt",
    "taskwarrior": "taskwarrior",
    "csv": "csv_table",
    "json": "json_plan",
}
"""The module below this package of each format. The command table has the same names; a test compares them."""
EXTENSIONS: Mapping[str, str] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".ics": "ics",
    ".txt": "todotxt",
    ".csv": "csv",
    ".json": "json",
}
"""The format that a file is written in if only its name is given."""


@frozen
class ExportFormat:
    """A format.

    - `extensions`: the ends of file names that fit it, the usual one first; none for a folder.
    - `render` writes a document in the format.
    - `identify` returns what the format calls an item, the same in each export; `read` finds the items in a text that it
      wrote or that another program changed since, as often as they are there, and raises Refused if that isn't the format.
      A format with many files is read file by file. Both are None if ticks can't be read back.
    - `find_open` finds what `identify` returns for the items that are neither done nor cancelled in existing files, by name.
    - `is_for_one`: it shows a single entry, not the open actions of all.
    - `shows_trends`: it shows `PlannedEntry.trends`, for which the earlier entries of the playbook are read.
    - `profiles`: the variants that `ExportOptions.profile` may name. `item_types`: what `ExportOptions.item_type` may be.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    render: Callable[[PlanDocument, ExportOptions], Export]
    identify: Callable[[PlanItem], str] | None = None
    read: Callable[[str], tuple[Tick, ...]] | None = None
    find_open: Callable[[Mapping[str, str]], Collection[str]] | None = None
    is_for_one: bool = False
    shows_trends: bool = False
    profiles: tuple[str, ...] = ()
    item_types: tuple[str, ...] = ()


def load_format(name: str) -> ExportFormat:
    """The format with that name, one of MODULES."""
    module = __import__(f"{__package__}.{MODULES[name]}", fromlist=("FORMAT",))
    found: ExportFormat = module.FORMAT
    return found
