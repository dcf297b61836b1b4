"""What all tests share: the tools of the system that some of them need."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings

from careerkit_process import Home
from long_run import IS_LONG_RUN, choose_count

settings.register_profile(
    "careerkit",
    max_examples=choose_count(40, long=400),
    deadline=None,  # how busy the machine is must not fail a test
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=not IS_LONG_RUN,  # nor which examples are drawn: they are always the same, and new ones with CAREERKIT_LONG=1
    database=None,
    print_blob=True,
)
settings.load_profile("careerkit")

UNMEASURED = (
    "test_random_interviews.py",
    "test_honesty.py",
    "test_random_sessions.py",
    "test_random_mutations.py",
    "test_walk_bundled.py",
    "test_check_speed.py",
    "test_reasoning_about_playbooks.py",
    "test_costs.py",
    "test_other_programs.py",
    "test_renderers.py",
    "test_drafts.py",
    "test_poor_answers.py",
    "test_json_schema.py",
    "test_interruptions.py",
    "test_fault_sweep.py",
)
"""Tests whose coverage isn't measured: they run whole playbooks hundreds of times, which takes four times as long if it is, or
measure time themselves.
"""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Measure no coverage with random runs of whole playbooks."""
    paused = []
    if item.path.name in UNMEASURED:
        while current := Coverage.current():  # pytest-cov begins two of them in a worker, and its own mark stops one
            current.stop()
            paused.append(current)
    try:
        return (yield)
    finally:
        for each in reversed(paused):
            each.start()


# What those who run the tests have set for themselves is nothing to the tests.
for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "EDITOR", "VISUAL", "PAGER", "LESS", "LESSOPEN"):
    os.environ.pop(name, None)

# Started in the background, a shell has its children ignore these signals, and what tests start would do so too.
for number, usual in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGQUIT, signal.SIG_DFL),
    (signal.SIGHUP, signal.SIG_DFL),
):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, usual)


@pytest.fixture
def need_tool() -> Callable[[str], str]:
    """Give the path of a program, or skip the test and name what is missing. CAREERKIT_ALL_TOOLS=1 fails it instead."""
    return lambda name: shutil.which(name) or _skip_or_fail(f"{name} is not installed")


@pytest.fixture
def do_without() -> Callable[[str], str]:
    """Skip the test and name what is missing, as `need_tool` does, for what is no program."""
    return _skip_or_fail


@pytest.fixture
def home(tmp_path) -> Home:
    """A home folder of the test's own, and careerkit in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    return Home(folder)


@pytest.fixture
def mount(need_tool, do_without):
    """Mount as `mount` does with these arguments, the last being the place; gives what takes it away, at the test's end at the latest."""
    with contextlib.ExitStack() as still_there:

        def mount(*arguments: object) -> Callable[[], None]:
            command = [need_tool("mount"), *map(str, arguments)]
            if subprocess.run(command, capture_output=True).returncode:
                do_without("nothing can be mounted here")
            mounted = contextlib.ExitStack()
            if not any("remount" in word for word in command):
                mounted.callback(subprocess.run, ["umount", command[-1]], check=True)
            still_there.callback(mounted.close)
            return mounted.close

        yield mount


@pytest.fixture
def small_disk(tmp_path, mount):
    """A file system of 64 KB."""
    place = tmp_path / "small"
    place.mkdir()
    mount("-t", "tmpfs", "-o", "size=64k", "none", place)
    return place


def _skip_or_fail(what: str) -> str:
    if os.environ.get("CAREERKIT_ALL_TOOLS") == "1":
        pytest.fail(what)
    pytest.skip(what)
