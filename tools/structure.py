"""Measure the structure of the code, and fail when a figure misses its limit. `make measure` runs it.

All figures are about `src/`. A line of code is neither blank nor only a comment; docstrings count.

modules: Python files, including `__init__.py`.
modules under 50 lines of code: without `__init__.py`.
most files in one folder: Python files directly in it, without its subfolders.
import lines, % of code: lines of all `import` and `from` statements, as a share of the lines of code.
imports inside functions: `import` and `from` statements in the body of a function or method.
modules in an import cycle: modules that import each other, directly or through others. Imports inside functions and imports
    for type checking count too.
class names with two meanings: names of public classes and type aliases that more than one module defines at its top level.
functions named by a verb, %: top-level functions whose first word is a verb or opens a question (is, has, can, ...), as a
    share of all top-level functions. A leading underscore is ignored.
function length, 90th percentile: lines from `def` to the end of the body, including methods and nested functions.
modules that name "grid": modules in which the name of this question type occurs, in code or in text. It stands for all
    question types: each should live in one module per layer.
small modules with one importer: modules under 60 lines of code that only one other module imports. They belong in that
    module, unless KEPT_APART gives a reason.
modules entered, Enter to file: modules that one answer passes through from key press to file. `careerkit crisis start` runs
    in a pseudo-terminal, and its first question is answered. The figure counts the modules of which a function is called or
    returns between the Enter key and the return of `Journal.save`, when the answer is durable. Modules that are only
    imported meanwhile don't count, nor do callers to which control doesn't return.
modules entered, Enter to question: the same, until the next question is on the screen. This includes all that happens after
    saving: choosing the next question and drawing it. It has no limit.

Before the code was restructured, the last two figures were 51 and 73, so compare a figure of 73 with the second one only.
"""

from __future__ import annotations

import argparse
import ast
import fcntl
import importlib
import json
import math
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from types import FrameType

SMALL_MODULE = 50
MERGE_BELOW = 60
PERCENTILE = 0.9
KEPT_APART: Mapping[str, str] = {}
"""Small modules with one importer that stay modules of their own: a pattern for the name, and the reason."""

UNTIL_SAVED, UNTIL_NEXT_QUESTION = "modules entered, Enter to file", "modules entered, Enter to question"
LIMITS: Mapping[str, float] = {
    "modules": 215,
    "modules under 50 lines of code": 30,
    "most files in one folder": 20,
    "import lines, % of code": 10.5,
    "imports inside functions": 150,
    "modules in an import cycle": 0,
    "class names with two meanings": 0,
    "functions named by a verb, %": 75,
    "function length, 90th percentile": 20,
    'modules that name "grid"': 6,
    "small modules with one importer": 0,
    UNTIL_SAVED: 45,
    UNTIL_NEXT_QUESTION: math.inf,
}
"""The largest value each figure may have, or the smallest for those in AT_LEAST."""
AT_LEAST = frozenset({"functions named by a verb, %"})

QUESTIONS = "is are was were has have had can could may must should will would does do did needs wants fits allows accepts contains matches holds starts ends exists"
VERBS = """
abort accept acknowledge activate add adjust advance alert align allow answer append apply archive arrange ask assemble assert assign attach
await balance begin bind blink break browse build bundle bury cache calculate call cancel capture carry cast catch center change check
choose chop clamp classify clean clear click clip clone close collapse collect colour combine commit compact compare compile complete
compose compress compute conclude configure confirm connect consume contain continue convert copy correct count create crop cut debug decide
declare decode decrease decrypt dedupe define delete deliver demand demote derive describe deserialise deserialize detach detect determine
diff disable discard discover dismiss dispatch display divide download draw drop dump duplicate echo edit elide embed emit empty enable
encode encrypt end enforce enlarge ensure enter enumerate erase escape establish estimate evaluate examine exclude execute exit expand
expect explain export expose extend extract fail fetch fill filter finalise finalize find finish fit fix flatten flip flush focus fold
follow forbid force forget format forward freeze fsync gather generate get give go grant group grow guard guess handle hash hide highlight
hold identify ignore import improve include increase indent index infer inform inherit initialise initialize inject insert inspect install
interpret interrupt intersect introduce invalidate invert invoke issue iterate join judge jump keep kill label launch lay lead leave lex
lift limit link list listen load locate lock log look loop lower make manage map mark mask match measure merge migrate mock modify monitor
mount move multiply name narrow navigate negate nest normalise normalize note notify observe obtain offer omit open order overwrite pack pad
paginate paint parse pass paste patch pause peek permit persist pick pin place plan play plot point poll pop populate post predict prefer
prefill prepare prepend preserve press prevent preview print process produce promote prompt propagate propose protect provide prune publish
pull purge push put qualify query queue quit quote raise read rebuild recalculate receive recheck recognise recognize recompute record
recover redact redirect redraw reduce refer refill refine refresh refuse register reindex reject relax release reload relocate remember
remove rename render reorder repair repeat replace replay reply report represent request require reset resize resolve respond restart
restore restrict resume retain retrieve retry return reuse reveal reverse revert review revise revoke rewind rewrite roll rotate round route
run sample sanitise sanitize save say scan schedule scope score scroll seal search see seed select send separate serialise serialize serve
set settle shade shape share shift shorten show shrink shuffle shut signal simplify simulate skip sleep slice slide snap solve sort spawn
specify spell split spread squeeze stack stage stamp start state stay step stop store stream stretch strip style subclass submit subscribe
substitute subtract suggest sum summarise summarize supply support suppress suspend swap switch sync synchronise synchronize tabulate tag
take tally teach tell terminate test throw tick tidy tie toggle tokenise tokenize touch trace track train transfer transform translate
traverse treat trigger trim truncate trust tune turn type unbind undo unescape unify uninstall unite unlink unlock unpack unquote unregister
unwrap update upgrade upload use validate verify visit vote wait wake walk warn watch weigh widen wipe withdraw wrap write yield
"""
"""Words that are mostly nouns in a name, such as number, total, rank, scale, view and result, are left out on purpose."""
FIRST_WORDS = frozenset((*QUESTIONS.split(), *VERBS.split(), "to", "try"))

COMMAND = ("crisis", "start")
KEYS = "\x1b[F "
"""End and Space: they tick the last choice of the first question. Enter then answers it."""
QUIET_S = 1.0
"""Seconds without output after which a screen counts as complete."""
TIMEOUT_S = 60.0
CONTROL = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-B]|\x1b[=>78cDEHM]")
ENTRY_FILE = re.compile(r"\d{8}T\d{4}Z-\w+\.toml$")
CURSOR_QUERY, CURSOR_REPORT = b"\x1b[6n", b"\x1b[1;1R"


class MeasureError(Exception):
    """A figure could not be measured."""


@dataclass(frozen=True)
class Figure:
    """One row of the table. `details` are the names behind the figure: where to look when it misses its limit."""

    name: str
    value: float
    details: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        limit = LIMITS[self.name]
        return self.value >= limit if self.name in AT_LEAST else self.value <= limit


@dataclass(frozen=True)
class _Script:
    """The texts to wait for while the first question is answered."""

    first_question: str
    last_choice: str
    second_question: str


@dataclass(frozen=True)
class Module:
    """A Python file. `name` is the one it is imported by."""

    name: str
    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @cached_property
    def code_lines(self) -> int:
        lines = (line.strip() for line in self.text.splitlines())
        return sum(bool(line) and not line.startswith("#") for line in lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures. Returns 1 if one of them misses its limit, otherwise 0."""
    parser = argparse.ArgumentParser(description="Measure the structure of the code against limits.")
    parser.add_argument("--no-trace", action="store_true", help="leave out the modules that one answer passes through")
    parser.add_argument(
        "--details", action="store_true", help="list the names behind every figure, not only where a limit is missed"
    )
    parser.add_argument("--record", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    root = Path.cwd()
    if options.record:
        return record_answer(root, Path(options.record))
    modules = read_modules(root / "src")
    if not modules:
        parser.error("there are no Python files in ./src. Run this in the root of the project.")
    figures = measure(modules)
    if not options.no_trace:
        try:
            figures += trace_answer(root)
        except MeasureError as error:
            parser.exit(1, f"The answer could not be traced: {error}\n")
    sys.stdout.write(format_table(figures, details=options.details))
    return 0 if all(figure.is_met for figure in figures) else 1


def read_modules(source: Path) -> list[Module]:
    """All Python files below the folder `source`, sorted by name."""
    modules = []
    for path in source.rglob("*.py"):
        parts = path.relative_to(source).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules.append(Module(name, path, path.read_text(encoding="utf-8")))
    return sorted(modules, key=lambda module: module.name)


def measure(modules: Sequence[Module]) -> list[Figure]:
    """All figures that need no running program. `modules` must not be empty."""
    imports = find_all_imports(modules)
    code_lines = sum(module.code_lines for module in modules)
    inside = [f"{module.name}:{node.lineno}" for module in modules for node in _find_function_imports(module)]
    small = [module.name for module in modules if module.code_lines < SMALL_MODULE and not module.is_package]
    folders = Counter(str(module.path.parent) for module in modules)
    fullest, files = folders.most_common(1)[0]
    cycles = find_cycles(imports)
    lengths = sorted(_count_lines(node) for module in modules for node in ast.walk(module.tree) if _is_function(node))
    functions = [(module.name, node.name) for module in modules for node in module.tree.body if _is_function(node)]
    other = [f"{module}.{name}" for module, name in functions if not is_named_by_verb(name)]
    grid = [module.name for module in modules if "grid" in module.text.lower()]
    shared = find_shared_class_names(modules)
    single = find_single_importers(modules, imports)
    return [
        Figure("modules", len(modules)),
        Figure("modules under 50 lines of code", len(small), tuple(small)),
        Figure("most files in one folder", files, (fullest,)),
        Figure("import lines, % of code", 100 * sum(map(_count_import_lines, modules)) / code_lines),
        Figure("imports inside functions", len(inside), tuple(inside)),
        Figure("modules in an import cycle", sum(map(len, cycles)), tuple(" <-> ".join(cycle) for cycle in cycles)),
        Figure("class names with two meanings", len(shared), tuple(shared)),
        Figure("functions named by a verb, %", 100 * (1 - len(other) / max(1, len(functions))), tuple(other)),
        Figure("function length, 90th percentile", lengths[int(len(lengths) * PERCENTILE)] if lengths else 0),
        Figure('modules that name "grid"', len(grid), tuple(grid)),
        Figure("small modules with one importer", len(single), tuple(single)),
    ]


def find_all_imports(modules: Sequence[Module]) -> dict[str, set[str]]:
    """For each module, which of `modules` it imports, wherever the statement is."""
    known = frozenset(module.name for module in modules)
    return {module.name: _find_imports(module, known) for module in modules}


def _find_imports(module: Module, known: frozenset[str]) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found.update(_resolve(alias.name, known) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _resolve_base(module, node)
            found.update(_resolve(f"{base}.{alias.name}", known) for alias in node.names)
    return found - {"", module.name}


def find_cycles(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """The groups of modules that all reach each other through imports, each sorted by name."""
    reachable = {name: _reach(name, imports) for name in imports}
    groups = {
        tuple(sorted(other for other in reachable[name] if name in reachable[other]))
        for name in imports
        if name in reachable[name]
    }
    return [list(group) for group in sorted(groups)]


def find_shared_class_names(modules: Iterable[Module]) -> list[str]:
    """`Name: module, module` for each public class or type alias that several modules define."""
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for module in modules:
        for name in sorted({*_find_class_names(module.tree)}):
            homes[name].append(module.name)
    return [f"{name}: {', '.join(where)}" for name, where in sorted(homes.items()) if len(where) > 1]


def find_single_importers(modules: Iterable[Module], imports: Mapping[str, set[str]]) -> list[str]:
    """`module <- importer` for each small module with one importer and no reason in KEPT_APART."""
    importers: defaultdict[str, list[str]] = defaultdict(list)
    for name, targets in imports.items():
        for target in targets:
            importers[target].append(name)
    return [
        f"{module.name} <- {importers[module.name][0]}"
        for module in modules
        if module.code_lines < MERGE_BELOW
        and not module.is_package
        and len(importers[module.name]) == 1
        and not any(fnmatchcase(module.name, pattern) for pattern in KEPT_APART)
    ]


def is_named_by_verb(name: str) -> bool:
    """Whether the name of a function begins with a verb or asks a question."""
    return name.lstrip("_").split("_")[0] in FIRST_WORDS


def format_table(figures: Iterable[Figure], *, details: bool = False) -> str:
    """A row per figure with its limit. The names behind it follow if it misses the limit, or always with `details`."""
    rows = []
    for figure in figures:
        limit = LIMITS[figure.name]
        promised = f"{'>=' if figure.name in AT_LEAST else '<='} {limit:g}" if math.isfinite(limit) else ""
        state = ("ok" if figure.is_met else "MISSED") if promised else ""
        rows.append(f"{figure.name:<36} {figure.value:>8.4g}   {promised:<8} {state}".rstrip() + "\n")
        if figure.details and (details or not figure.is_met):
            rows += [f"    {detail}\n" for detail in figure.details]
    return "".join(rows)


def trace_answer(root: Path) -> list[Figure]:
    """The figures UNTIL_SAVED and UNTIL_NEXT_QUESTION. Raises MeasureError if the question can't be answered."""
    script = _read_script(root)
    with tempfile.TemporaryDirectory() as home:
        record = Path(home) / "modules.json"
        process, terminal = _start_at_terminal(root, Path(home), record)
        try:
            screen = _Screen(terminal)
            screen.wait_for(script.first_question)
            screen.type(KEYS)
            screen.wait_for(f"x {script.last_choice}")
            screen.settle()
            process.send_signal(signal.SIGUSR2)
            screen.wait_until(record.with_suffix(".started").exists, what="the recorder")
            screen.type("\r")
            screen.wait_for(script.second_question)
            screen.settle()
            process.send_signal(signal.SIGUSR2)
            screen.wait_until(record.exists, what="the record of the answer")
            until_next_question, until_saved = json.loads(record.read_text(encoding="utf-8"))
        finally:
            process.kill()
            process.wait()
            os.close(terminal)
    if not until_saved:
        raise MeasureError("The next question was shown, but no entry was saved.")
    named = {UNTIL_SAVED: until_saved, UNTIL_NEXT_QUESTION: until_next_question}
    return [Figure(name, len(modules), tuple(modules)) for name, modules in named.items()]


def record_answer(root: Path, record: Path) -> int:
    """Run careerkit in this process, and write the modules entered between two SIGUSR2 to the file `record`."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that it is the controlling terminal
    recorder = _Recorder(record)
    signal.signal(signal.SIGUSR2, lambda *_: recorder.toggle())
    sys.addaudithook(recorder.watch_saving)
    sys.argv = ["careerkit", *COMMAND]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["scripts"]["careerkit"].partition(":")
    return int(getattr(importlib.import_module(module), function)() or 0)


class _Recorder:
    """Collects the modules of functions that are called or return, and which of them came before an entry was saved."""

    def __init__(self, record: Path) -> None:
        self._record = record
        self._entered: set[str] = set()
        self._until_saved: list[str] = []
        self._is_recording = False
        self._saving: FrameType | None = None

    def toggle(self) -> None:
        """Start recording, or stop and write the record."""
        self._is_recording = not self._is_recording
        if self._is_recording:
            self._record.with_suffix(".started").touch()
            sys.setprofile(self._profile)
            return
        sys.setprofile(None)
        part = self._record.with_suffix(".part")
        part.write_text(json.dumps([sorted(self._entered), self._until_saved]), encoding="utf-8")
        part.rename(self._record)

    def watch_saving(self, event: str, arguments: tuple[object, ...]) -> None:
        """Audit hook. When an entry's file gets its final name, the outermost caller in storage is `Journal.save`."""
        if event not in ("os.rename", "os.link") or not self._is_recording or self._saving is not None:
            return
        target = arguments[1]
        if not isinstance(target, (str, bytes)) or not ENTRY_FILE.search(os.fsdecode(target)):
            return
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the documented way to reach the callers
        while frame is not None:
            if _find_module(frame).startswith("careerkit.storage."):
                self._saving = frame
            frame = frame.f_back

    def _profile(self, frame: FrameType, event: str, _: object) -> None:
        if event not in ("call", "return"):
            return
        name = _find_module(frame)
        if name.partition(".")[0] == "careerkit" and frame.f_code.co_name != "<module>":
            self._entered.add(name)
        if event == "return" and frame is self._saving and not self._until_saved:
            self._until_saved = sorted(self._entered)


class _Screen:
    """The output of a program in a pseudo-terminal, read while it runs."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._seen = b""

    def type(self, keys: str) -> None:
        """Type `keys`. From now on, `wait_for` only sees later output."""
        self._seen = b""
        os.write(self._terminal, keys.encode())

    def wait_for(self, words: str) -> None:
        """Read until `words` are on the screen, ignoring the line breaks, frames and colours between them."""
        wanted = _keep_words(words.encode())
        self.wait_until(lambda: wanted in _keep_words(CONTROL.sub(b" ", self._seen)), what=words)

    def settle(self) -> None:
        """Read until nothing has been written for QUIET_S."""
        size, since = len(self._seen), time.monotonic()
        while time.monotonic() - since < QUIET_S and self._read():
            if len(self._seen) != size:
                size, since = len(self._seen), time.monotonic()

    def wait_until(self, holds: Callable[[], bool], *, what: str) -> None:
        """Read until `holds()`. Raises MeasureError after TIMEOUT_S, or if the program ends first."""
        end = time.monotonic() + TIMEOUT_S
        while not holds():
            if time.monotonic() > end or not self._read():
                if holds():
                    return
                shown = CONTROL.sub(b"", self._seen).decode(errors="replace").strip()
                raise MeasureError(f"waited in vain for {what!r}. The last output was:\n{shown[-1500:]}")

    def _read(self) -> bool:
        """Read the available output, or wait a moment. Returns whether the program is still running."""
        if not select.select([self._terminal], [], [], 0.05)[0]:
            return True
        try:
            part = os.read(self._terminal, 1 << 16)
        except OSError:  # Linux reports the end of the program this way
            return False
        self._seen += part
        if CURSOR_QUERY in part:
            os.write(self._terminal, CURSOR_REPORT)
        return bool(part)


def _start_at_terminal(root: Path, home: Path, record: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Run this script with --record in a terminal of 80 columns and 24 lines. Returns the process and the other end."""
    left_out = ("PYTHON", "XDG_", "CAREERKIT_", "COLUMNS", "LINES", "NO_COLOR")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    environment |= {"HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    command = [sys.executable, __file__, "--record", str(record)]
    process = subprocess.Popen(
        command, cwd=root, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    return process, ours


def _read_script(root: Path) -> _Script:
    text = (root / "playbooks" / f"{'/'.join(COMMAND)}.toml").read_text(encoding="utf-8")
    questions = [question for stage in tomllib.loads(text)["stage"] for question in stage["question"]]
    first, second = (_cut(question["ask"]) for question in questions[:2])
    return _Script(first, questions[0]["choices"][-1]["label"], second)


def _cut(text: str) -> str:
    """The first words of `text`: short enough not to be wrapped."""
    return text[:30].rpartition(" ")[0]


def _keep_words(text: bytes) -> bytes:
    return re.sub(rb"[\W_]+", b" ", text).strip()


def _find_module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _reach(name: str, imports: Mapping[str, set[str]]) -> set[str]:
    """All modules that `name` imports, directly or through others. Includes itself only if it is in a cycle."""
    reached: set[str] = set()
    waiting = list(imports[name])
    while waiting:
        each = waiting.pop()
        if each not in reached:
            reached.add(each)
            waiting += imports.get(each, set())
    return reached


def _resolve(name: str, known: frozenset[str]) -> str:
    """The module that an imported name comes from: its longest prefix in `known`, or "" for other packages."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def _resolve_base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    parts = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _find_function_imports(module: Module) -> list[ast.stmt]:
    """All import statements in functions, each once even where functions are nested."""
    found = {
        inner.lineno: inner
        for node in ast.walk(module.tree)
        if _is_function(node)
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    }
    return [found[line] for line in sorted(found)]


def _count_import_lines(module: Module) -> int:
    nodes = (node for node in ast.walk(module.tree) if isinstance(node, (ast.Import, ast.ImportFrom)))
    return sum(map(_count_lines, nodes))


def _find_class_names(tree: ast.Module) -> Iterator[str]:
    """Public classes, and CapWords names that a value is assigned to (type aliases, but not type variables)."""
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name) if not name.startswith("_"):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_cap_words(name) and not _is_type_var(
                value
            ):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias")) if _is_cap_words(name):
                yield name


def _is_cap_words(name: str) -> bool:
    return name[:1].isupper() and any(char.islower() for char in name)


def _is_type_var(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in ("TypeVar", "ParamSpec")
    )


def _is_function(node: ast.AST) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef]:
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))


def _count_lines(node: ast.AST) -> int:
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", None)
    return (last or first) - first + 1


if __name__ == "__main__":
    sys.exit(main())
