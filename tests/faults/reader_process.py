"""A server of careerkit processes whose reads can be broken: it has imported everything, and forks one process per command.

It takes a line of JSON for each, `{"arguments": [...], "env": {...}, "out": path, "err": path, "folder": path}`, prints the
process's number, and, when the process has ended, its exit code. The process waits for SIGUSR1 before it begins, so that
strace can be attached to it and sees nothing but the command itself. `["home"]` loads the home screen.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import pkgutil
import signal
import sys
import traceback

import careerkit


def main() -> None:
    for module in pkgutil.walk_packages(careerkit.__path__, "careerkit."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    importlib.import_module("sqlite3.dbapi2")
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    warm_up(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        call = json.loads(line)
        pid = os.fork()
        if pid == 0:
            serve(call)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def warm_up(calls: list[dict]) -> None:
    """Let every command run once, so that what it loads only when it is needed is loaded."""
    for call in calls:
        streams = sys.stdin, sys.stdout, sys.stderr
        run(call)
        sys.stdin, sys.stdout, sys.stderr = streams
    print("ready", flush=True)


def serve(call: dict) -> None:
    code = 99
    try:
        code = run(call, wait=True)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def run(call: dict, *, wait: bool = False) -> int:
    from careerkit.cli.container import build_clock, get_key_provider, open_journal, open_library
    from careerkit.cli.options import GlobalOptions
    from careerkit.cli.process import run_careerkit
    from careerkit.coaching.ports import load_home

    os.environ.clear()
    os.environ.update(call["env"])
    os.chdir(call["folder"])
    open_library.cache_clear()
    open_library().listing()  # the playbooks are read already: their library has its own tests
    get_key_provider.cache_clear()
    sys.stdin = io.TextIOWrapper(io.BytesIO(b""))
    sys.stdout, sys.stderr = open(call["out"], "w"), open(call["err"], "w")
    if wait:
        os.write(1, f"{os.getpid()}\n".encode())  # only now: strace must see nothing of the above
        signal.sigwait([signal.SIGUSR1])
    if call["arguments"] != ["home"]:
        code = run_careerkit(call["arguments"])
    else:
        try:
            home = load_home(open_journal(GlobalOptions()), open_library(), build_clock())
            print([each.id for each in home.unfinished], [each.entry_id for each in home.due])
            print(*home.problems, sep="\n", file=sys.stderr)
            code = 0
        except Exception as error:  # as the command reports it
            print(error, *getattr(error, "problems", ()), file=sys.stderr)
            code = 1 if hasattr(error, "problems") else 99
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    main()
