"""`careerkit playbook new` and `careerkit playbook schema`: begin a playbook, with help from the editor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from careerkit.cli.output import check_target, print_info, write_file, write_json
from careerkit.coaching.authoring.skeleton import build_skeleton, build_skeleton_stories
from careerkit.core.errors import Problem, Refused
from careerkit.core.playbook.json_schema import SCHEMA_NAME, build_json_schema
from careerkit.core.text import is_blank, is_playbook_name
from careerkit.storage.playbook_library import STORIES_SUFFIX

if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions

DEFAULT_FILE = "my-playbook.toml"


def new(options: GlobalOptions, *, file: str | None, force: bool) -> None:
    """Write a commented playbook that runs, its stories, and the schema for the editor.

    Existing files are kept, except with `force`, which overwrites the playbook and its stories.
    """
    path = Path(file or DEFAULT_FILE)
    name = path.name.removesuffix(".toml")
    if name == path.name or is_blank(name) or not is_playbook_name(name):
        message = "A playbook's file needs a name of lowercase letters, digits and dashes that ends in .toml."
        raise Refused(Problem("bad-name", message, f"For example: {DEFAULT_FILE}", str(path)))
    stories, schema = path.with_name(f"{name}{STORIES_SUFFIX}.toml"), path.with_name(SCHEMA_NAME)
    for each in (path, stories):
        check_target(str(each), force=force)
    write_file(str(path), build_skeleton(name), force=force, subject="The playbook")
    write_file(str(stories), build_skeleton_stories(name), force=force, subject="The file with stories")
    if not schema.exists():
        write_file(str(schema), _dump_schema(), force=False, subject="The schema")
    if options.json:
        write_json({"playbook": str(path), "stories": str(stories), "schema": str(schema)})
    else:
        print_info(f"Try it out: careerkit playbook preview {path}")


def schema(_: GlobalOptions, *, output: str | None, force: bool) -> None:
    """Write the JSON Schema of playbooks to standard output, or to a file."""
    if output is None:
        write_json(build_json_schema())
    else:
        write_file(output, _dump_schema(), force=force, subject="The schema")


def _dump_schema() -> str:
    return json.dumps(build_json_schema(), indent=2) + "\n"
