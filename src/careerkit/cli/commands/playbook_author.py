"""Commands for authors: `careerkit playbook new`, `schema`, `test`, `walk`, `graph` and `sheet`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerkit.cli.container import build_clock, open_library
from careerkit.cli.display import show_view, view_output
from careerkit.cli.output import (
    check_target,
    list_output,
    print_info,
    print_problems,
    show_progress,
    write,
    write_file,
    write_json,
)
from careerkit.coaching.authoring.coverage import CoveredKind, measure_coverage
from careerkit.coaching.authoring.outline import build_flow, build_outline
from careerkit.coaching.authoring.skeleton import build_skeleton, build_skeleton_stories
from careerkit.coaching.authoring.stories import Story, find_story_lines, read_stories, write_expectation
from careerkit.coaching.authoring.story_run import PartRun, StoryRun, describe_outcome, run_story
from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.frozen import frozen
from careerkit.core.playbook.diagnostics import scan
from careerkit.core.playbook.json_schema import SCHEMA_NAME, build_json_schema
from careerkit.core.playbook.syntax_errors import describe_syntax_error
from careerkit.core.playbook.walk.formulas import Moment
from careerkit.core.playbook.walk.walker import Walker
from careerkit.core.records import to_plain
from careerkit.core.text import is_blank, is_playbook_name, quote_fragment
from careerkit.core.toml_reader import parse_toml
from careerkit.export.playbook_documents import (
    build_answers,
    render_html,
    render_markdown,
    render_mermaid,
    render_svg,
    serialise_run,
    serialise_walk,
)
from careerkit.storage import atomic_write
from careerkit.storage.entry_files import dumps
from careerkit.storage.platform import read_file
from careerkit.storage.playbook_library import STORIES_SUFFIX, find_loose_playbooks, find_story_files
from careerkit.terminal.authoring_view import (
    format_mismatch,
    render_walk,
    summarize_runs,
    write_lines,
    write_story_runs,
    write_tree,
)
from careerkit.terminal.outcome_view import build_outcome_view
from careerkit.terminal.plain_renderer import PlainRenderer

if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions
    from careerkit.core.outcome.model import Outcome
    from careerkit.core.playbook.model import Playbook
    from careerkit.core.playbook.walk.report import ExampleRun

DEFAULT_FILE = "my-playbook.toml"

STORIES_HINT = "Write the stories of NAME.toml next to it, in NAME.stories.toml. docs/playbooks.md has an example."
MAX_STORY_BYTES = 1 << 20


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


@frozen
class TestedPlaybook:
    """A playbook with its story files, and what came of the stories."""

    path: str
    playbook: Playbook
    files: tuple[str, ...]
    runs: tuple[StoryRun, ...]

    @property
    def coverage(self) -> tuple[CoveredKind, ...]:
        return measure_coverage(self.playbook, (part for run in self.runs for part in run.parts))


def test(options: GlobalOptions, *, playbook: str, record: bool, update: bool) -> int:
    """Run the stories of one playbook, or of all in a folder. Returns 1 if one of them fails."""
    paths = _find_playbooks(playbook)
    tested: list[TestedPlaybook] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found = _run_all(path)
            if (record or update) and _rewrite(options, found, record=record, update=update):
                found = _run_all(path)
        except Refused as refused:
            problems += refused.problems
        else:
            tested.append(found)
    if options.json:
        write_json({"playbooks": [_serialise(each) for each in tested]})
    else:
        for each in tested:
            write_story_runs(each.path, each.runs, each.coverage, **list_output())
    print_problems(problems, as_json=options.json)
    runs = [run for each in tested for run in each.runs]
    if runs and not options.json:
        write_lines([summarize_runs(runs)], **list_output())
    return 1 if problems or not all(run.is_passed for run in runs) else 0


def walk(options: GlobalOptions, *, playbook: str, reach: str) -> int:
    """Explore every branch of a playbook, or find answers that lead to one part of it.

    The exit code is 1 if a part is proved unreachable, a condition always holds, or a run can end without a finding or
    an action.
    """
    found = open_library().open(playbook).playbook
    now, zone = build_clock().now(), build_clock().zone()
    moment = Moment(now.date(), now, zone)
    walker = Walker(found, moment, count_lines=lambda outcome: _count_lines(outcome, found))
    if reach:
        return _show_run(options, walker, found, reach)
    with show_progress(options, "Walking", walker.count_steps) as advance:
        report = walker.walk(advance)
    if options.json:
        write_json(serialise_walk(report))
    else:
        output = view_output(options)
        command = f"careerkit playbook walk {playbook}"
        text = render_walk(report, found, command=command, renderer=output["renderer"], encoding=output["encoding"])
        show_view(options, text, encoding=output["encoding"])
    return 1 if report.has_defects else 0


def graph(options: GlobalOptions, *, playbook: str, format: str, output: str | None, force: bool) -> None:  # noqa: A002 - the option's name
    """Show the flow of a playbook as a tree, or print it as Mermaid or SVG."""
    flow = build_flow(open_library().open(playbook).playbook)
    if options.json:
        write_json(to_plain(flow))
    elif format in ("", "tree") and output is None:
        write_tree(flow, **list_output())
    else:
        text = StringIO()
        match format:
            case "mermaid":
                text.write(render_mermaid(flow))
            case "svg":
                text.write(render_svg(flow))
            case _:
                write_tree(flow, to=text, columns=100, encoding="utf-8")
        _write_result(text.getvalue(), output, force=force, subject="The graph")


def sheet(options: GlobalOptions, *, playbook: str, format: str, output: str | None, force: bool) -> None:  # noqa: A002 - the option's name
    """Print a playbook as one document: every screen, condition and outcome."""
    outline = build_outline(open_library().open(playbook).playbook)
    if options.json:
        write_json(to_plain({"blocks": outline}))
        return
    text = render_html(outline) if format == "html" else render_markdown(outline)
    _write_result(text, output, force=force, subject="The sheet")


def _dump_schema() -> str:
    return json.dumps(build_json_schema(), indent=2) + "\n"


# ------------------------------------------------------------ finding and reading


def _find_playbooks(reference: str) -> tuple[str, ...]:
    """The playbook files that have stories. Raises Refused if there are none."""
    reference = reference or os.curdir
    if os.path.isdir(reference):  # noqa: PTH112 - see PACKAGE in cli/container.py
        found = map(os.path.normpath, find_loose_playbooks(reference))
        paths = tuple(each for each in found if find_story_files(each))
        if not paths:
            message = "No playbook in this folder has stories."
            raise Refused(Problem("no-story", message, STORIES_HINT, reference))
        return paths
    stem = reference.removesuffix(".toml")
    if stem != reference:
        return (f"{stem.removesuffix(STORIES_SUFFIX)}.toml",)
    return (open_library().find_path(reference),)


def _run_all(path: str) -> TestedPlaybook:
    """Run all stories of a playbook. Raises Refused if it, or one of the files, can't be used, or if there are none."""
    playbook = open_library().open(path).playbook
    files = find_story_files(path)
    if not files:
        hint = f"Write them in {path.removesuffix('.toml')}{STORIES_SUFFIX}.toml. docs/playbooks.md has an example."
        raise Refused(Problem("no-story", "This playbook has no stories.", hint, path))
    stories = [story for file in files for story in _read_stories(file)]
    return TestedPlaybook(path, playbook, files, tuple(run_story(playbook, story) for story in stories))


def _read_stories(file: str) -> tuple[Story, ...]:
    text = _read_text(file)
    try:
        tables = parse_toml(text)
    except ValueError as error:
        raise Refused(describe_syntax_error(text, file, error)) from None
    return read_stories(
        tables, file=file, lines=find_story_lines(text), find_place=lambda path: scan(text, file).key(path)
    )


def _read_text(file: str) -> str:
    data = read_file(file) or b""
    if len(data) > MAX_STORY_BYTES:
        raise Refused(Problem("too-large", "This file is larger than 1 MiB.", "Split it.", file))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        message = f"Byte {error.start + 1} is not UTF-8."
        raise Refused(Problem("not-utf8", message, "Save the file as UTF-8.", file)) from None


# ------------------------------------------------------------ rewriting


def _rewrite(options: GlobalOptions, tested: TestedPlaybook, *, record: bool, update: bool) -> bool:
    """Write what came out into the story files: where nothing is expected, or where it differs. Was anything written?"""
    is_changed = False
    for file in tested.files:
        before = text = _read_text(file)
        shown: list[str] = []
        for run in tested.runs:
            if run.story.where.file == file:
                for position, part in enumerate(run.parts):
                    changes = _list_changes(part, record=record, update=update)
                    if changes:
                        place = run.story.where
                        text = write_expectation(
                            text,
                            story=run.story.number,
                            checkin=position - 1,
                            changes=changes,
                            file=file,
                            line=place.line,
                        )
                        shown += _format_changes(run.story.name, part)
        if text != before:
            _check_rewritten(before, text, file)
            atomic_write.replace_file(os.path.abspath(file), text.encode(), subject="The story file")  # noqa: PTH100 - as above
            is_changed = True
            if not options.json:
                write_lines([f"Written to {file}:", *shown, ""], to=sys.stderr, columns=80, encoding="utf-8")
    if not is_changed and not options.json:
        print_info("Nothing to write.")
    return is_changed


def _list_changes(part: PartRun, *, record: bool, update: bool) -> dict[str, Any]:
    """The values of `expect` to write for one part, by key."""
    if part.outcome is None:
        return {}
    if part.expect is None:
        return describe_outcome(part) if record else {}
    expect, changes = dict(part.expect), dict[str, Any]()
    for each in part.mismatches if update else ():
        key, _, name = each.key.partition(".")
        if not name:
            changes[key] = each.written
            continue
        value = dict(changes.get(key, expect[key]))
        if each.written is None:
            value.pop(name, None)
        else:
            value[name] = each.written
        changes[key] = value
    return changes


def _format_changes(name: str, part: PartRun) -> Iterator[str]:
    what = f"{name}, check-in {part.checkin.id}" if part.checkin else name
    yield f"  {what}: {'recorded' if part.expect is None else 'updated'}"
    for each in part.mismatches:
        yield from (f"    {line}" for line in format_mismatch(each))


def _check_rewritten(before: str, after: str, file: str) -> None:
    """Raises Refused unless the two texts differ only in what is expected: nothing else of the file may be lost."""
    problem = Problem("not-rewritten", "This file can't be rewritten safely.", "Change it by hand.", file)
    try:
        was, now = _drop_expectations(parse_toml(before)), _drop_expectations(parse_toml(after))
    except ValueError:
        raise Refused(problem) from None
    if was != now:
        raise Refused(problem)


def _drop_expectations(tables: Any) -> Any:
    if isinstance(tables, dict):
        return {key: _drop_expectations(each) for key, each in tables.items() if key != "expect"}
    return [_drop_expectations(each) for each in tables] if isinstance(tables, list) else tables


# ------------------------------------------------------------ as JSON


def _serialise(tested: TestedPlaybook) -> dict[str, Any]:
    return {
        "playbook": tested.path,
        "passed": sum(run.is_passed for run in tested.runs),
        "failed": sum(not run.is_passed for run in tested.runs),
        "stories": [_serialise_run(run) for run in tested.runs],
        "coverage": {
            each.name.replace(" ", "_"): {
                "total": each.total,
                "covered": each.covered,
                "missing": [item.id for item in each.missing],
            }
            for each in tested.coverage
        },
    }


def _serialise_run(run: StoryRun) -> dict[str, Any]:
    return {
        "name": run.story.name,
        "file": run.story.where.file,
        "line": run.story.where.line,
        "passed": run.is_passed,
        "mismatches": [
            {
                "checkin": part.checkin.id if part.checkin else None,
                "key": each.key,
                "expected": each.expected,
                "actual": each.actual,
            }
            for part in run.parts
            for each in part.mismatches
        ],
        "problems": _serialise_problems([each for part in run.parts for each in part.problems]),
    }


def _serialise_problems(problems: Sequence[Problem]) -> list[dict[str, str]]:
    return [
        {"code": each.code, "where": str(each.where), "message": each.message, "hint": each.hint} for each in problems
    ]


def _show_run(options: GlobalOptions, walker: Walker, playbook: Playbook, place: str) -> int:
    """Print the answers of a run that reaches a place, as an answers file."""
    if place not in walker.list_places():
        near = find_closest(place, walker.list_places())
        hint = f"Did you mean {near}?" if near else "`careerkit playbook walk --json` lists the places of all parts."
        raise Refused(Problem("unknown-place", f"There is no part {quote_fragment(place)}.", hint, playbook.id))
    run, reason = walker.find_run(place)
    if run is None:
        raise Refused(Problem("not-reached", f"No run leads to {place}.", reason, playbook.id))
    if options.json:
        write_json(serialise_run(1, run))
    else:
        write(_format_answers(run, playbook, place))
    return 0


def _format_answers(run: ExampleRun, playbook: Playbook, place: str) -> str:
    lines = [f"# {playbook.id}: {place}"]
    if run.lane == "quick":
        lines.append("# In the quick lane: run it with --quick.")
    if run.hour is not None:
        lines.append(f"# Started at hour {run.hour} of the day.")
    text = "\n".join(lines) + "\n" + dumps(build_answers(run.answers))
    if run.checkin:
        done = f" Done by then: {', '.join(run.done)}." if run.done else ""
        later = dumps(build_answers(run.checkin_answers))
        text += f"\n# Then, in the check-in {run.checkin}:{done}\n" + "".join(
            f"# {line}\n" for line in later.splitlines()
        )
    return text


def _count_lines(outcome: Outcome, playbook: Playbook) -> int:
    """The lines of the result in full, as plain text."""
    renderer = PlainRenderer()
    text = "".join(map(renderer.render, build_outcome_view(outcome, {}, playbook=playbook)))
    return sum(bool(line.strip()) for line in text.splitlines())


def _write_result(text: str, output: str | None, *, force: bool, subject: str) -> None:
    if output is None:
        write(text)
    else:
        write_file(output, text, force=force, subject=subject)
